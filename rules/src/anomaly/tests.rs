//! Baselines from outside: records in, alerts out, as the driver does it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use roundsman_ingest::{
    Event, Record,
    parse::Parser,
    record::{Kind as RecordKind, Origin, Transport},
};

use crate::{
    Alert, Severity,
    sigma::{Options, RuleFile, RuleSet},
    stage::{Findings, GRID, Matcher, Output, Scratch, Stage},
};

/// A Monday.
const START: &str = "2026-10-05T00:00:00Z";

const RATE: &str = "
title: More failed logins than usual
type: anomaly
logsource: {product: linux, service: sshd}
detection:
  selection: {event.outcome: failure}
  condition: selection
anomaly: {kind: rate, by: [host.name], at_least: 20}
level: low
roundsman: {why: '{count} failed logins on {host.name} in an hour; {usual}.'}
";

const FIRST: &str = "
title: First login on a host
type: anomaly
logsource: {product: linux, service: sshd}
detection:
  selection: {event.outcome: success}
  condition: selection
anomaly: {kind: first_seen, by: [user.name], value: [host.name], known_values: true, raise_at: 3}
level: low
roundsman: {why: '{user.name} logged on to {values} for the first time: {usual}.'}
";

const FAN: &str = "
title: Logins from more addresses than usual
type: anomaly
logsource: {product: linux, service: sshd}
detection:
  selection: {event.outcome: failure}
  condition: selection
anomaly: {kind: fan_out, by: [host.name], value: [source.ip], at_least: 20}
level: low
";

const VOLUME: &str = "
title: A source sends far more or far less than usual
type: anomaly
anomaly: {kind: volume, at_least: 500}
level: low
";

const TEMPLATE: &str = "
title: A message never seen
type: anomaly
detection:
  selection: {process.name: '*'}
  condition: selection
anomaly: {kind: new_template}
level: informational
";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    at(START) + SignedDuration::from_secs(seconds)
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A record: receive time and text.
type Line = (Timestamp, String);

/// A line that arrives when it was written.
fn line(second: i64, rest: &str) -> Line {
    (after(second), format!("{} {rest}", after(second)))
}

fn failed(second: i64, host: &str, from: &str) -> Line {
    line(second, &format!("{host} sshd[7]: Failed password for root from {from} port 40022 ssh2"))
}

fn login(second: i64, user: &str, host: &str) -> Line {
    line(second, &format!("{host} sshd[7]: Accepted password for {user} from 192.0.2.7 port 40022 ssh2"))
}

/// So many failed logins in an hour.
fn burst(hour_begins: i64, host: &str, count: i64) -> impl Iterator<Item = Line> {
    (0..count).map(move |n| failed(hour_begins + n * 3_000 / count.max(1), host, "203.0.113.7"))
}

struct Run {
    rules: Arc<RuleSet>,
    matcher: Matcher,
    stage: Stage,
    parser: Parser,
    scratch: Scratch,
    findings: Findings,
    pending: usize,
    batch: usize,
    now: Timestamp,
    out: Vec<Alert>,
    rows: BTreeMap<String, Vec<u8>>,
}

impl Run {
    fn with(text: &str, batch: usize, options: &Options) -> Run {
        let file = RuleFile { path: "anomaly.yml".into(), text: text.into() };
        let (rules, problems) = RuleSet::load(&[file], options);
        assert!(problems.is_empty(), "{problems:?}");
        let rules = Arc::new(rules);
        Run {
            matcher: Matcher::new(rules.clone(), false),
            stage: Stage::new(rules.clone()),
            rules,
            parser: Parser::default(),
            scratch: Scratch::default(),
            findings: Findings::default(),
            pending: 0,
            batch,
            now: Timestamp::MIN,
            out: Vec::new(),
            rows: BTreeMap::new(),
        }
    }

    fn of(text: &str) -> Run {
        Run::with(text, 500, &Options::default())
    }

    fn feed(&mut self, lines: impl IntoIterator<Item = Line>) -> &mut Self {
        let origin = Origin::new(Transport::Tcp, "test");
        for (received, raw) in lines {
            let minute = |at: Timestamp| at.as_second().div_euclid(GRID);
            if self.pending >= self.batch || minute(received) != minute(self.now) {
                self.settle();
            }
            self.advance(received);
            let record =
                Record { received, origin: &origin, kind: RecordKind::Line, truncated: false, raw: raw.as_bytes() };
            let event = self.parser.parse(&record, Event::new(&record));
            assert!(event.time.is_some(), "{raw}");
            self.matcher.look(0, &event, &mut self.scratch, &mut self.findings);
            self.pending += 1;
        }
        self
    }

    fn settle(&mut self) {
        let mut out = Output::default();
        self.stage.absorb(std::mem::take(&mut self.findings), self.now, &mut out);
        self.pending = 0;
        self.out.extend(out.alerts);
    }

    /// Timers fire up to this time, as the driver does it.
    fn advance(&mut self, to: Timestamp) {
        while let Some(due) = self.stage.next_due().filter(|due| *due <= to) {
            self.settle();
            let mut out = Output::default();
            self.now = self.now.max(due);
            self.stage.tick(self.now, &mut out);
            self.out.extend(out.alerts);
        }
        self.now = self.now.max(to);
    }

    fn until(&mut self, second: i64) -> &mut Self {
        self.settle();
        self.advance(after(second));
        self
    }

    fn restart(&mut self) {
        self.settle();
        for (key, row) in self.stage.checkpoint() {
            match row {
                Some(row) => drop(self.rows.insert(key, row)),
                None => drop(self.rows.remove(&key)),
            }
        }
        self.stage = Stage::new(self.rules.clone());
        let rows: Vec<_> = self.rows.iter().map(|(key, row)| (key.clone(), row.clone())).collect();
        self.stage.restore(&rows);
    }

    /// Alerts of the anomalies in their last form.
    fn alerts(&self) -> Vec<Alert> {
        let own: Vec<&str> = self.rules.rules().iter().map(|rule| rule.id.as_str()).collect();
        let mut last: BTreeMap<&str, &Alert> = BTreeMap::new();
        for alert in self.out.iter().filter(|alert| own.contains(&alert.rule.id.as_str())) {
            last.insert(&alert.id, alert);
        }
        last.into_values().cloned().collect()
    }
}

/// Four weeks with 9 to 31 failed logins each hour on one host.
fn four_weeks(host: &str) -> Vec<Line> {
    (0..28 * 24).flat_map(|hour| burst(hour * HOUR, host, 9 + hour % 23)).collect()
}

#[test]
fn a_burst_says_what_is_usual_at_this_hour() {
    let mut run = Run::of(RATE);
    run.feed(four_weeks("web1")).feed(burst(28 * DAY + 9 * HOUR, "web1", 412)).until(28 * DAY + 12 * HOUR);
    let alerts = run.alerts();
    assert_eq!(alerts.len(), 1);
    let alert = &alerts[0];
    let told = "412 failed logins on web1 in an hour; the same hour of the last 4 weeks: ";
    assert!(alert.why.starts_with(told) && alert.why.ends_with(" to 31."), "{}", alert.why);
    assert_eq!((alert.severity, alert.count, alert.hosts.as_slice()), (Severity::Low, 412, &["web1".to_owned()][..]));
    assert_eq!(alert.raised, after(28 * DAY + 10 * HOUR + 600));
    assert_eq!(alert.first, after(28 * DAY + 9 * HOUR));
    assert!(alert.evidence[0].raw.contains("Failed password"));
    assert!(alert.cleared.is_some(), "an hour as usual ends it");
}

#[test]
fn the_second_day_is_held_against_the_first() {
    let mut run = Run::of(RATE);
    run.feed((0..30).flat_map(|hour| burst(hour * HOUR, "web1", 5 + hour % 3)));
    run.feed(burst(30 * HOUR, "web1", 300)).until(32 * HOUR);
    let alerts = run.alerts();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].why, "300 failed logins on web1 in an hour; in the day before no hour had more than 7.");
}

#[test]
fn a_new_host_raises_nothing() {
    let mut run = Run::of(&[RATE, FAN, FIRST, VOLUME, TEMPLATE].join("---"));
    run.feed(four_weeks("web1")).feed(burst(28 * DAY, "web2", 3_000));
    run.feed((0..40).map(|n| login(28 * DAY + HOUR + n, "anna", "web2"))).until(29 * DAY);
    assert_eq!(run.alerts(), []);
}

#[test]
fn a_replay_of_old_logs_raises_nothing_and_teaches_nothing() {
    let mut run = Run::of(&[RATE, FAN, FIRST, VOLUME, TEMPLATE].join("---"));
    run.feed(four_weeks("web1"));
    let now = after(28 * DAY + 9 * HOUR);
    let old = (0..5_000).map(|n| (now, failed(10 * DAY + n, "web1", &format!("198.51.100.{}", n % 250)).1));
    run.feed(old).until(28 * DAY + 12 * HOUR);
    assert_eq!(run.alerts(), []);
    run.feed(burst(28 * DAY + 13 * HOUR, "web1", 412)).until(28 * DAY + 16 * HOUR);
    let told: Vec<String> = run.alerts().into_iter().map(|alert| alert.why).collect();
    let is_same = |why: &String| why.contains("the last 4 weeks: 9 to 3") || why.contains("the last 4 weeks: 10 to 3");
    assert!(told.iter().any(is_same), "the baseline is what it was: {told:?}");
}

#[test]
fn a_clock_that_is_put_back_raises_nothing() {
    // a job at 02:00 local time with 400 failures; the clock goes back in the fourth week
    let mut run = Run::of(RATE);
    let day = |day: i64| if day < 21 { day * DAY } else { day * DAY + HOUR };
    run.feed((0..28).flat_map(|d| {
        burst(day(d), "nas1", 400).chain((1..24).flat_map(move |h| burst(day(d) + h * HOUR, "nas1", 4)))
    }));
    run.until(29 * DAY);
    assert_eq!(run.alerts(), []);
}

/// A source with office hours: busy on working days, nearly quiet at night and on weekends.
fn office(days: std::ops::Range<i64>, is_holiday: impl Fn(i64) -> bool) -> Vec<Line> {
    let hours = days.flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let figure = |day: i64, hour: i64| match (day % 7 < 5 && !is_holiday(day), (8..18).contains(&hour)) {
        (true, true) => 300,
        _ => 12,
    };
    hours
        .flat_map(|(day, hour)| burst(day * DAY + hour * HOUR, "web1", figure(day, hour)).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_holiday_raises_nothing_and_neither_does_the_day_after() {
    let mut run = Run::of(&[RATE, VOLUME].join("---"));
    run.feed(office(0..16, |day| matches!(day, 9 | 14))).until(16 * DAY);
    assert_eq!(run.alerts(), []);
}

#[test]
fn a_source_that_floods_or_dries_up_is_told_and_a_common_loss_is_not() {
    let hosts = ["a1", "a2", "a3"];
    let steady = |hours: std::ops::Range<i64>, hosts: &'static [&'static str]| {
        hours.flat_map(|h| hosts.iter().flat_map(move |host| burst(h * HOUR, host, 120))).collect::<Vec<_>>()
    };
    const ALL: &[&str] = &["a1", "a2", "a3"];
    let mut run = Run::of(VOLUME);
    run.feed(steady(0..8 * 24, ALL));
    run.feed(burst(8 * DAY, "a2", 2_000).chain(steady(8 * 24..8 * 24 + 1, &["a1", "a3"])));
    run.feed(steady(8 * 24 + 1..8 * 24 + 6, &["a1", "a2"])).until(8 * DAY + 7 * HOUR);
    let told: Vec<String> = run.alerts().iter().map(|a| format!("{} {}", a.key["host.name"], a.why)).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|t| t.starts_with("a2 2,000 records of a2, test in an hour")), "{told:?}");
    assert!(told.iter().any(|t| t.starts_with("a3 0 records of a3, test in an hour")), "{told:?}");
    // all at once: it was not they
    let mut run = Run::of(VOLUME);
    run.feed(steady(0..8 * 24, ALL)).until(8 * DAY + 20 * HOUR);
    run.feed(steady(8 * 24 + 20..8 * 24 + 24, ALL)).until(9 * DAY + HOUR);
    assert_eq!(run.alerts(), [], "{hosts:?}");
}

/// People who log in on their two hosts every working day.
fn habits(days: i64) -> Vec<Line> {
    let mut lines = Vec::new();
    for day in 0..days {
        for (n, (user, host)) in [("anna", "web1"), ("anna", "web2"), ("ben", "db1"), ("ben", "db2")].iter().enumerate()
        {
            lines.push(login(day * DAY + 9 * HOUR + 60 * n as i64, user, host));
        }
    }
    lines
}

#[test]
fn a_first_login_on_a_known_host_is_told_once() {
    let mut run = Run::of(FIRST);
    run.feed(habits(21)).feed([login(21 * DAY, "anna", "db1"), login(21 * DAY + 60, "anna", "db1")]);
    run.feed([login(21 * DAY + HOUR, "anna", "db2"), login(21 * DAY + 2 * HOUR, "anna", "db2")]).until(23 * DAY);
    let alerts = run.alerts();
    assert_eq!(alerts.len(), 1);
    let alert = &alerts[0];
    assert_eq!(alert.key, BTreeMap::from([("user.name".into(), "anna".into())]));
    assert_eq!((alert.hosts.clone(), alert.severity), (vec!["db1".to_owned(), "db2".to_owned()], Severity::Low));
    assert!(alert.why.starts_with("anna logged on to db1, db2 for the first time: 3 values in the 20 days before"));
    assert!(alert.cleared.is_some());
}

#[test]
fn several_first_logins_are_a_step_more_urgent() {
    let mut run = Run::of(FIRST);
    let others = (0..21).flat_map(|day| [login(day * DAY + 9 * HOUR + 600, "eve", "app1")]);
    let mut lines: Vec<Line> = habits(21).into_iter().chain(others).collect();
    lines.sort();
    run.feed(lines).feed(["db1", "db2", "app1"].iter().zip(0..).map(|(host, n)| login(21 * DAY + n, "anna", host)));
    run.until(22 * DAY);
    assert_eq!(run.alerts().iter().map(|a| a.severity).collect::<Vec<_>>(), [Severity::Medium]);
}

#[test]
fn who_does_something_new_every_day_is_no_finding() {
    let mut run = Run::of(FIRST);
    let hosts: Vec<String> = (0..30).map(|n| format!("h{n}")).collect();
    let mut lines = Vec::new();
    for day in 0..30 {
        for (n, host) in hosts.iter().enumerate() {
            lines.push(login(day * DAY + 60 * n as i64, "robot", host));
        }
        lines.push(login(day * DAY + HOUR, "carl", &hosts[day as usize]));
    }
    run.feed(lines).until(31 * DAY);
    assert_eq!(run.alerts(), []);
}

#[test]
fn more_addresses_than_usual_are_a_fan_out() {
    let mut run = Run::of(FAN);
    let usual =
        (0..9 * 24).flat_map(|h| (0..4).map(move |n| failed(h * HOUR + n * 60, "gate", &format!("192.0.2.{n}"))));
    let many = (0..150).map(|n| failed(9 * DAY + n, "gate", &format!("198.51.100.{n}")));
    run.feed(usual).feed(many).until(9 * DAY + 3 * HOUR);
    let alerts = run.alerts();
    assert_eq!(alerts.len(), 1);
    let count: f64 = alerts[0].why.split(' ').next().unwrap().parse().unwrap();
    assert!((140.0..160.0).contains(&count), "{}", alerts[0].why);
}

fn orders(second: i64, message: &str) -> Line {
    line(second, &format!("app1 orders[702]: {message}"))
}

#[test]
fn a_message_that_a_program_never_wrote_is_told() {
    let mut run = Run::of(TEMPLATE);
    let usual = (0..20 * 24).flat_map(|h| {
        [
            orders(h * HOUR, &format!("order {h} shipped to warehouse {}", h % 7)),
            orders(h * HOUR + 5, "cache refreshed for all shops"),
        ]
    });
    let odd = [
        orders(20 * DAY, "cache refreshed for some shops"),
        orders(20 * DAY + 1, "segfault at 0 ip 00007f error 4 in liborders.so"),
        orders(20 * DAY + 2, "segfault at 8 ip 00008f error 4 in liborders.so"),
    ];
    run.feed(usual).feed(odd).until(22 * DAY);
    let alerts = run.alerts();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].count, 2);
    assert!(alerts[0].why.contains("`segfault at * ip * error * in liborders.so`"), "{}", alerts[0].why);
}

/// Everything at once: weeks of habits, then something new of each kind.
fn story() -> Vec<Line> {
    let mut lines = habits(10);
    lines.extend((0..10 * 24).flat_map(|hour| burst(hour * HOUR + 1, "web1", 3 + hour % 4)));
    lines.extend((0..60).map(|n| failed(9 * DAY + 11 * HOUR + n * 20, "web1", &format!("198.51.100.{n}"))));
    lines.push(login(9 * DAY + 12 * HOUR, "anna", "db1"));
    lines.push(login(9 * DAY + 12 * HOUR + 5, "anna", "db2"));
    lines.push(orders(9 * DAY + 12 * HOUR + 9, "power supply 1 lost"));
    lines.sort();
    lines
}

const STORY: [&str; 5] = [RATE, FAN, FIRST, VOLUME, TEMPLATE];

fn play(lines: &[Line], batch: usize) -> Vec<Alert> {
    let mut run = Run::with(&STORY.join("---"), batch, &Options::default());
    run.feed(lines.iter().cloned()).until(11 * DAY);
    assert!(run.alerts().len() >= 3, "{:?}", run.alerts());
    run.alerts()
}

#[test]
fn batches_change_nothing() {
    let lines = story();
    let whole = play(&lines, 500);
    for batch in [1, 7, 64] {
        assert_eq!(play(&lines, batch), whole, "{batch}");
    }
}

#[test]
fn a_restart_changes_nothing() {
    let lines = story();
    let whole = play(&lines, 500);
    let last_hours = lines.iter().position(|(at, _)| *at >= after(9 * DAY + 10 * HOUR)).unwrap();
    // after every event of the last day, and now and then before
    for every in [1, 13] {
        let mut run = Run::with(&STORY.join("---"), 500, &Options::default());
        for (n, line) in lines.iter().enumerate() {
            run.feed([line.clone()]);
            if n % 401 == 0 || n > last_hours && n % every == 0 {
                run.restart();
            }
        }
        run.until(10 * DAY + HOUR);
        run.restart();
        run.until(11 * DAY);
        assert_eq!(run.alerts(), whole);
    }
}

#[test]
fn a_reload_keeps_the_baselines_of_rules_that_stay() {
    let lines = story();
    let whole = play(&lines, 500);
    let mut run = Run::with(&STORY.join("---"), 500, &Options::default());
    let (before, behind) = lines.split_at(lines.len() - 40);
    run.feed(before.iter().cloned()).settle();
    let rules = run.rules.clone();
    run.stage.reload(rules);
    run.feed(behind.iter().cloned()).until(11 * DAY);
    assert_eq!(run.alerts(), whole);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn the_order_of_arrival_within_the_lateness_changes_nothing(seed in prop::collection::vec(0i64..590, 97)) {
        let lines = story();
        // receive times are those of the delayed arrival; the stamps in the lines stay
        let mut late: Vec<Line> = lines
            .iter()
            .enumerate()
            .map(|(n, (at, raw))| (*at + SignedDuration::from_secs(seed[n % seed.len()]), raw.clone()))
            .collect();
        late.sort_by_key(|(at, _)| *at);
        let known = |alerts: Vec<Alert>| -> Vec<_> {
            alerts.into_iter().map(|a| (a.id, a.severity, a.count, a.first, a.last, a.raised, a.cleared, a.why)).collect()
        };
        prop_assert_eq!(known(play(&late, 500)), known(play(&lines, 500)));
    }
}

#[test]
fn a_flood_of_keys_stays_within_its_bytes_and_hides_nobody() {
    let rule = RATE.replace("by: [host.name]", "by: [source.ip]").replace("on {host.name}", "from {source.ip}");
    let options = Options { baseline_bytes: Some(256 << 10), ..Options::default() };
    let mut run = Run::with(&rule, 500, &options);
    let from = |hour: i64, count: i64| (0..count).map(move |n| failed(hour * HOUR + n * 9, "web1", "192.0.2.1"));
    run.feed((0..9 * 24).flat_map(|hour| from(hour, 3)));
    let flood = |hour: i64| {
        (0..20_000)
            .map(move |n| failed(hour * HOUR + n / 6, "web1", &format!("10.{}.{}.{}", hour % 200, n / 200, n % 200)))
    };
    let mut lines: Vec<Line> = flood(9 * 24).chain(from(9 * 24, 200)).collect();
    lines.sort();
    run.feed(lines).until(9 * DAY + 3 * HOUR);
    let size = run.stage.baseline_sizes().remove(0);
    assert!(size.bytes <= 256 << 10 && size.evicted > 15_000, "{size:?}");
    let alerts = run.alerts();
    assert_eq!(alerts.iter().map(|a| a.key["source.ip"].as_str()).collect::<Vec<_>>(), ["192.0.2.1"]);
}

#[test]
fn a_block_that_makes_no_sense_is_refused_with_its_line() {
    for (text, what) in [
        (RATE.replace("kind: rate", "kind: rates"), "unknown kind `rates`"),
        (RATE.replace("at_least: 20", "at_least: -1"), "`at_least: -1` is no number above 0"),
        (RATE.replace("at_least: 20", "value: [source.ip]"), "`rate` has no `value`"),
        (RATE.replace("at_least: 20", "atleast: 20"), "unknown key `atleast`"),
        (FIRST.replace("value: [host.name], ", ""), "`first_seen` needs a `value`"),
        (VOLUME.replace("at_least: 500", "by: [host.name]"), "`volume` is about every source"),
        (VOLUME.replace("anomaly: {", "anomalies: {"), "the rule has no `anomaly`"),
    ] {
        let (_, problems) = RuleSet::load(&[RuleFile { path: "a.yml".into(), text }], &Options::default());
        assert_eq!(problems.len(), 1, "{what}");
        assert!(problems[0].what.contains(what) && problems[0].fatal && problems[0].line > 0, "{:?}", problems[0]);
    }
}
