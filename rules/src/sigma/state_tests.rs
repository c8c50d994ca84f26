//! State under stress, from outside: order, restarts, shards, storms, floods, reloads, exceptions.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use roundsman_ingest::{
    Event, Record,
    field::{self, Field},
    formats::LogSource,
    record::{Kind, Origin, Transport},
};

use super::{Correlator, Limits, MIN_QUIET, Options, RuleException, RuleFile, RuleSet, Scratch};
use crate::{Alert, stage::Survivor};

const RULES: &str = "title: failed\nname: failed\nlogsource: {category: test}\ndetection: {sel: {act: fail}, condition: sel}\n\
---\ntitle: good\nname: good\nlogsource: {category: test}\ndetection: {sel: {act: ok}, condition: sel}\n\
---\ntitle: seen\nid: seen\nlogsource: {category: test}\ndetection: {sel: {act: odd}, condition: sel}\nlevel: low\n\
roundsman: {group_by: [source.ip]}\n\
---\ntitle: guessing\nid: guessing\nlevel: medium\ncorrelation:\n  type: event_count\n  rules: [failed]\n  group-by: [source.ip]\n  timespan: 10m\n  condition: {gte: 6}\n\
---\ntitle: spraying\nid: spraying\nlevel: high\ncorrelation:\n  type: value_count\n  rules: [failed]\n  group-by: [source.ip]\n  timespan: 10m\n  condition: {field: user.name, gte: 4}\n\
---\ntitle: entered\nid: entered\nlevel: critical\ncorrelation:\n  type: temporal_ordered\n  rules: [failed, good]\n  group-by: [source.ip]\n  timespan: 10m\n\
---\ntitle: few\nid: few\nlevel: low\ncorrelation:\n  type: event_count\n  rules: [good]\n  group-by: [source.ip]\n  timespan: 10m\n  condition: {lte: 1}\n";

fn rules(options: &Options) -> Arc<RuleSet> {
    let file = RuleFile { path: "test.yml".into(), text: RULES.into() };
    let (rules, problems) = RuleSet::load(&[file], options);
    assert!(problems.is_empty(), "{problems:?}");
    Arc::new(rules)
}

fn limited(limits: Limits) -> Arc<RuleSet> {
    rules(&Options { limits, ..Options::default() })
}

fn start() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// A record with what it does, from where, as whom, and its second.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Act {
    second: i64,
    what: &'static str,
    ip: u32,
    user: u32,
}

impl Act {
    fn event(&self) -> Event<'static> {
        let Act { second, what, ip, user } = *self;
        let at = start() + SignedDuration::from_secs(second);
        let [_, a, b, c] = ip.to_be_bytes();
        let raw = format!(
            "{second} {what} 10.{a}.{b}.{c} user{user} {}",
            "of a line as long as those of sshd are ".repeat(2)
        );
        let origin = Origin { host: Some("web1".into()), ..Origin::new(Transport::File, "test") };
        let record = Record { received: at, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
        let mut event = Event::new(&record);
        event.time = Some(at);
        event.logsource = LogSource { category: "test", product: "", services: &[] };
        event.set_text(Field::intern("act").unwrap(), what);
        event.set_text(field::SOURCE_IP, &format!("10.{a}.{b}.{c}"));
        event.set_text(field::USER_NAME, &format!("user{user}"));
        event.into_owned()
    }
}

struct Run {
    rules: Arc<RuleSet>,
    correlator: Correlator,
    scratch: Scratch,
    rows: BTreeMap<String, Vec<u8>>,
    out: Vec<Alert>,
    index: u64,
    longest: std::time::Duration,
}

impl Run {
    fn new(rules: Arc<RuleSet>) -> Run {
        let correlator = Correlator::new(rules.clone(), Arc::new(str::to_owned));
        let (scratch, rows) = (Scratch::default(), BTreeMap::new());
        Run { rules, correlator, scratch, rows, out: Vec::new(), index: 0, longest: Default::default() }
    }

    /// The record arrives at this second; ticks go before it.
    fn absorb(&mut self, act: &Act, arrives: i64) {
        let now = start() + SignedDuration::from_secs(arrives);
        self.tick_until(now);
        let mut event = act.event();
        event.received = now;
        let mut matches = Vec::new();
        self.rules.matches(&event, false, &mut self.scratch, &mut matches);
        let survivor = Survivor { index: self.index, event: Arc::new(event), matches };
        self.index += 1;
        self.timed(|run| run.correlator.absorb(&survivor, now, &mut run.out));
    }

    #[allow(clippy::disallowed_methods)] // how long it takes is what is tested
    fn timed(&mut self, work: impl FnOnce(&mut Run)) {
        let began = Instant::now();
        work(self);
        self.longest = self.longest.max(began.elapsed());
    }

    fn tick_until(&mut self, now: Timestamp) {
        while let Some(due) = self.correlator.next_due().map(crate::stage::on_grid)
            && due <= now
        {
            self.timed(|run| run.correlator.tick(due, &mut run.out));
        }
    }

    fn restart(&mut self) {
        for (key, value) in self.correlator.checkpoint() {
            match value {
                Some(value) => self.rows.insert(key, value),
                None => self.rows.remove(&key),
            };
        }
        self.correlator = Correlator::new(self.rules.clone(), Arc::new(str::to_owned));
        self.correlator.restore(self.rows.clone());
    }

    /// The last object of each alert, all of them cleared.
    fn end(mut self) -> Vec<Alert> {
        self.tick_until(start() + SignedDuration::from_hours(24 * 30));
        self.correlator.flush(&mut self.out);
        let mut last: BTreeMap<String, Alert> = BTreeMap::new();
        for alert in self.out {
            last.insert(alert.id.clone(), alert);
        }
        last.into_values().collect()
    }
}

/// What must not depend on the order of arrival.
fn essence(alerts: Vec<Alert>) -> Vec<String> {
    let of = |a: Alert| {
        let evidence: Vec<_> = a.evidence.iter().map(|e| e.id.clone()).collect();
        format!("{} {} {:?} {} {} {} {evidence:?}", a.id, a.rule.id, a.key, a.count, a.first, a.last)
    };
    let mut all: Vec<String> = alerts.into_iter().map(of).collect();
    all.sort();
    all
}

fn in_order(rules: &Arc<RuleSet>, acts: &[Act]) -> Vec<Alert> {
    let mut run = Run::new(rules.clone());
    acts.iter().for_each(|act| run.absorb(act, act.second));
    run.end()
}

/// Bursts with silences of all lengths between them, each record at a second of its own.
fn acts() -> impl Strategy<Value = Vec<Act>> {
    let gap = prop_oneof![20 => 1i64..60, 4 => 300i64..1_200, 3 => 2_900i64..3_800, 1 => 4_000i64..9_000];
    let what = prop_oneof![6 => Just("fail"), 1 => Just("ok"), 2 => Just("odd")];
    prop::collection::vec((gap, what, 0u32..3, 0u32..6), 1..60).prop_map(|parts| {
        let mut second = 0;
        let act = |(gap, what, ip, user)| {
            second += gap;
            Act { second, what, ip, user }
        };
        parts.into_iter().map(act).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn shuffled_within_the_lateness_the_alerts_and_their_ids_are_the_same(
        acts in acts(),
        delays in prop::collection::vec(0i64..600, 60),
    ) {
        let rules = rules(&Options::default());
        let expected = essence(in_order(&rules, &acts));
        let mut arriving: Vec<(i64, Act)> = acts.iter().zip(&delays).map(|(a, d)| (a.second + d, *a)).collect();
        arriving.sort_by_key(|(arrives, _)| *arrives);
        let mut run = Run::new(rules);
        arriving.iter().for_each(|(arrives, act)| run.absorb(act, *arrives));
        prop_assert_eq!(essence(run.end()), expected);
    }

    #[test]
    fn restarts_between_any_two_records_change_nothing(
        acts in acts(),
        delays in prop::collection::vec(0i64..600, 60),
    ) {
        let rules = rules(&Options::default());
        let mut arriving: Vec<(i64, Act)> = acts.iter().zip(&delays).map(|(a, d)| (a.second + d, *a)).collect();
        arriving.sort_by_key(|(arrives, _)| *arrives);
        let (mut straight, mut broken) = (Run::new(rules.clone()), Run::new(rules));
        for (arrives, act) in &arriving {
            straight.absorb(act, *arrives);
            broken.absorb(act, *arrives);
            broken.restart();
        }
        prop_assert_eq!(&straight.out, &broken.out);
        prop_assert_eq!(straight.end(), broken.end());
    }

    #[test]
    fn shards_by_key_raise_together_what_one_raises(acts in acts(), shards in 2u32..4) {
        let rules = rules(&Options::default());
        let whole = essence(in_order(&rules, &acts));
        let of = |shard| acts.iter().filter(|act| act.ip % shards == shard).copied().collect::<Vec<_>>();
        let mut parts: Vec<Alert> = (0..shards).flat_map(|shard| in_order(&rules, &of(shard))).collect();
        parts.sort_by(|a, b| a.id.cmp(&b.id));
        prop_assert_eq!(essence(parts), whole);
    }
}

#[test]
fn a_storm_is_told_in_a_summary_and_is_never_silent() {
    let rules = limited(Limits { alerts_per_rule: 5, ..Limits::default() });
    let acts: Vec<Act> = (0..40).map(|n| Act { second: i64::from(n), what: "odd", ip: n, user: 0 }).collect();
    let again = Act { second: 60, what: "odd", ip: 39, user: 0 };
    let alerts = in_order(&rules, &[acts, vec![again]].concat());
    let (summaries, own): (Vec<_>, Vec<_>) = alerts.into_iter().partition(|alert| alert.key.is_empty());
    assert_eq!((own.len(), summaries.len()), (5, 1));
    assert_eq!(
        (summaries[0].rule.id.as_str(), summaries[0].count, summaries[0].severity),
        ("seen", 36, own[0].severity)
    );
    assert!(summaries[0].why.starts_with("35 further groups met this rule while 5 of its alerts were open: 10.0.0.5,"));
    assert!(summaries[0].cleared.is_some());
}

#[test]
fn a_reload_keeps_what_was_counted_and_clears_what_is_gone() {
    let mut run = Run::new(rules(&Options::default()));
    for second in 0..5 {
        run.absorb(&Act { second, what: "fail", ip: 1, user: 0 }, second);
    }
    run.absorb(&Act { second: 5, what: "odd", ip: 1, user: 0 }, 5);
    run.restart();
    run.rules = rules(&Options { disable: vec!["seen".into()], ..Options::default() });
    run.correlator.reload(run.rules.clone());
    run.absorb(&Act { second: 90, what: "fail", ip: 1, user: 0 }, 90);
    let raised: Vec<_> = run.out.iter().map(|alert| (alert.rule.id.as_str(), alert.cleared.is_some())).collect();
    assert_eq!(raised, [("seen", false), ("seen", true), ("guessing", false)]);
    assert_eq!(run.out[2].count, 6);
    run.restart();
    assert!(!run.rows.keys().any(|key| key.starts_with("alerts\nseen")), "its row is gone from the store");
}

#[test]
fn an_exception_suppresses_until_it_ends_and_counts_how_often() {
    let exception = RuleException {
        id: "scanner".into(),
        rules: vec!["guessing".into(), "seen".into()],
        fields: [("source.ip".into(), vec!["10.0.0.0/30".into()]), ("user.name".into(), vec!["user*".into()])].into(),
        owner: "soc".into(),
        reason: "our own scanner".into(),
        expires: start() + SignedDuration::from_secs(1_000),
    };
    let rules = rules(&Options { exceptions: vec![exception], ..Options::default() });
    let mut run = Run::new(rules);
    let burst = |from: i64, ip: u32| (from..from + 6).map(move |second| Act { second, what: "fail", ip, user: 0 });
    burst(0, 1).chain(burst(10, 9)).for_each(|act| run.absorb(&act, act.second));
    run.absorb(&Act { second: 20, what: "odd", ip: 2, user: 0 }, 20);
    run.restart();
    let raised = |run: &Run| {
        run.out.iter().filter(|a| a.cleared.is_none()).map(|a| a.key["source.ip"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(raised(&run), ["10.0.0.9"], "only who is not excepted");
    assert_eq!(run.correlator.exceptions().next().unwrap().1.suppressed, 7);
    run.out.clear();
    burst(1_001, 1).for_each(|act| run.absorb(&act, act.second));
    assert_eq!(raised(&run).last().unwrap(), "10.0.0.1", "it has ended");
}

#[test]
fn a_gap_that_a_late_record_closes_makes_one_alert() {
    let rules = rules(&Options::default());
    let quiet = MIN_QUIET.as_secs() - 600;
    let odd = |second| Act { second, what: "odd", ip: 1, user: 0 };
    for (late, alerts) in [(Some(quiet / 2), 1), (None, 2)] {
        let mut run = Run::new(rules.clone());
        run.absorb(&odd(0), 0);
        run.absorb(&odd(quiet + 30), quiet + 30);
        if let Some(late) = late {
            // it may come as late as this only because nothing before it has been missed
            run.absorb(&odd(late.max(quiet - 500)), quiet + 60);
        }
        assert_eq!(run.end().len(), alerts);
    }
}

/// Many keys that are seen once or twice, and attackers among them. Gives how many of them were found, the run, and how
/// many bytes went through.
fn flood(limits: Limits, records: u32, keys: u32, attackers: u32, each: u32) -> (usize, Run, usize) {
    let mut run = Run::new(limited(limits));
    let (mut random, mut bytes, mut most) = (0x2545_f491_4f6c_dd1d_u64, 0, 0);
    let every = records / (attackers * each);
    for n in 0..records {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let ip = match n % every {
            0 => 0x00ff_0000 + (n / every) % attackers,
            _ => (random % u64::from(keys)) as u32 % 0x00ff_0000,
        };
        // all of it within ten minutes
        let act = Act { second: i64::from(n) * 590 / i64::from(records), what: "fail", ip, user: n % 2 };
        bytes += 115;
        run.absorb(&act, act.second);
        most = most.max(run.correlator.size().total());
        if n % 65_536 == 0 {
            run.out.retain(|alert| alert.key.get("source.ip").is_some_and(|ip| ip.starts_with("10.255.")));
        }
    }
    assert!(most as u64 <= limits.state_bytes, "{most} of {}", limits.state_bytes);
    let found = |attacker: u32| {
        let ip = format!("10.255.{}.{}", attacker >> 8, attacker & 255);
        run.out.iter().any(|alert| alert.rule.id == "guessing" && alert.key.get("source.ip") == Some(&ip))
    };
    let found = (0..attackers).filter(|attacker| found(*attacker)).count();
    (found, run, bytes)
}

#[test]
fn attackers_are_found_in_a_flood_of_keys_within_the_memory_allowed() {
    let limits = Limits { state_bytes: 2 << 20, ..Limits::default() };
    let (found, run, _) = flood(limits, 40_000, 30_000, 20, 12);
    let size = run.correlator.size();
    assert!(found >= 20 * 99 / 100, "{found} of 20 with {size:?}");
    assert!(size.door > 0, "memory was short: {size:?}");
    let evicted: u64 = run.correlator.sizes().iter().map(|size| size.evicted).sum();
    assert_eq!(size.evicted, evicted, "each is counted with its rule");
}

/// `cargo test --release -p roundsman-rules -- --ignored a_million --nocapture`
#[test]
#[ignore = "takes minutes without optimisation"]
fn a_million_keys_in_200_megabytes_hide_no_attacker() {
    let (found, run, bytes) = flood(Limits::default(), 1_800_000, 1_000_000, 100, 30);
    let size = run.correlator.size();
    println!("{found} of 100 found in {} MB; {size:?}; longest pause {:?}", bytes / 1_000_000, run.longest);
    assert!(bytes >= 200_000_000);
    assert!(found >= 99);
    assert!(run.longest < std::time::Duration::from_millis(5), "{:?}", run.longest);
}
