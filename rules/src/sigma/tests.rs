//! Rules against events, from outside: what matches, what counts, and that neither order nor restarts matter.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use roundsman_ingest::{
    Event, Record,
    event::Value,
    field::{self, Field},
    formats::LogSource,
    record::{Kind, Origin, Transport},
};

use super::{ALLOWED_LATENESS, Correlator, MIN_QUIET, Options, RuleFile, RuleSet, Scratch};
use crate::{Alert, stage::Survivor};

fn load(text: &str) -> (RuleSet, Vec<String>) {
    let file = RuleFile { path: "test.yml".into(), text: text.into() };
    let (rules, problems) = RuleSet::load(&[file], &Options::default());
    (rules, problems.iter().map(ToString::to_string).collect())
}

fn good(text: &str) -> RuleSet {
    let (rules, problems) = load(text);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    rules
}

/// A rule of one selection.
fn rule_of(selection: &str) -> String {
    format!("title: t\nid: t\nlogsource: {{category: test}}\ndetection:\n  sel:\n{selection}\n  condition: sel\n")
}

fn start() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// An event with these fields, JSON values by their kind.
fn event(fields: &serde_json::Value) -> Event<'static> {
    let origin = Origin::new(Transport::File, "test");
    let record = Record { received: start(), origin: &origin, kind: Kind::Line, truncated: false, raw: b"{}" };
    let mut event = Event::new(&record).into_owned();
    event.logsource = LogSource { category: "test", product: "", services: &[] };
    for (name, value) in fields.as_object().unwrap() {
        let field = Field::intern(name).unwrap();
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for value in values {
            match value {
                serde_json::Value::String(text) => event.set_text(field, &text),
                serde_json::Value::Bool(b) => event.push(field, Value::Bool(b)),
                serde_json::Value::Number(n) if n.is_i64() => event.set_int(field, n.as_i64().unwrap()),
                serde_json::Value::Number(n) => event.push(field, Value::Float(n.as_f64().unwrap())),
                _ => event.push(field, Value::Null),
            }
        }
    }
    event
}

fn hits(rules: &RuleSet, event: &Event) -> Vec<u32> {
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    rules.matches(event, false, &mut scratch, &mut hits);
    hits
}

#[test]
fn a_category_that_is_a_meaning_looks_at_every_event_of_it_whoever_logged_it() {
    let text = "title: t\nid: t\nlogsource: {category: authentication}\ndetection:\n  sel: {event.outcome: failure}\n  condition: sel\n";
    let rules = good(text);
    let failed = |category: &str| event(&serde_json::json!({"event.category": [category], "event.outcome": "failure"}));
    assert_eq!(hits(&rules, &failed("authentication")), [0]);
    assert!(hits(&rules, &failed("web")).is_empty());
}

#[test]
fn selections_match_as_the_table_says() {
    let table = include_str!("testdata/selections.txt");
    for case in table.split("\n\n").map(str::trim).filter(|case| !case.is_empty() && !case.starts_with('#')) {
        let mut selection = String::new();
        let mut looked = 0;
        for line in case.lines() {
            let (mark, json) = (line.chars().next().unwrap_or(' '), line.get(2..).unwrap_or_default());
            if !matches!(mark, '+' | '-') || !json.starts_with('{') {
                selection.push_str(&format!("    {line}\n"));
                continue;
            }
            looked += 1;
            let rules = good(&rule_of(&selection));
            let matched = !hits(&rules, &event(&serde_json::from_str(json).expect(json))).is_empty();
            assert_eq!(matched, mark == '+', "{selection}{line}");
        }
        assert!(looked > 0, "a case without events: {case}");
    }
}

#[test]
fn broken_rules_say_what_is_wrong_and_the_others_load() {
    let table = include_str!("testdata/broken.txt");
    for case in table.split("\n====\n") {
        let (text, says) = case.rsplit_once("\n----\n").expect(case);
        let whole = format!("{}---\n{text}", rule_of("    a: b").replace("id: t", "id: good"));
        let (rules, problems) = load(&whole);
        let problems = problems.join("\n");
        for part in says.trim().lines() {
            assert!(problems.contains(part), "{text}\nshould say: {part}\nsays: {problems}");
        }
        assert!(rules.find("good").is_some(), "the good rule is gone beside {text}");
    }
}

#[test]
fn a_rule_looks_only_at_its_own_log_source() {
    let rules = good(&rule_of("    a: b"));
    let mut other = event(&serde_json::json!({"a": "b"}));
    assert_eq!(hits(&rules, &other), [0]);
    other.logsource = LogSource { category: "other", product: "linux", services: &["sshd", "auth"] };
    assert!(hits(&rules, &other).is_empty());
    let (mut scratch, mut any) = (Scratch::default(), Vec::new());
    rules.matches(&other, true, &mut scratch, &mut any);
    assert_eq!(any, [0]);
    let auth = good(&rule_of("    a: b").replace("category: test", "product: linux, service: auth"));
    assert_eq!(hits(&auth, &other), [0]);
    rules.matches(&other, true, &mut scratch, &mut any);
    auth.matches(&other, false, &mut scratch, &mut any);
    assert_eq!(any, [0, 0, 0], "a scratch may serve another rule set after a reload");
}

#[test]
fn what_the_record_itself_has_can_be_asked_for() {
    let origin = Origin { host: Some("gate1".into()), ..Origin::new(Transport::File, "test") };
    let raw = "Nov 20 gate1 kernel: GRÜSSE from the raw line".as_bytes();
    let record = Record { received: start(), origin: &origin, kind: Kind::Line, truncated: false, raw };
    let mut event = Event::new(&record);
    event.time = Some(start());
    event.logsource = LogSource { category: "test", product: "", services: &[] };
    for (selection, fits) in [
        ("    host.name: GATE1", true),
        ("    '@timestamp|startswith': '2026-11-20T10'", true),
        ("    '@timestamp|hour': 10", true),
        ("    event.original|endswith: 'raw line'", true),
        ("    roundsman.format: unknown", true),
        ("    - 'grüsse from'", true),
        ("    - 'nothing of it'", false),
        ("    '|all': ['kernel', 'raw*line']", true),
        ("    '|re': 'from the \\w+ line$'", true),
    ] {
        assert_eq!(!hits(&good(&rule_of(selection)), &event).is_empty(), fits, "{selection}");
    }
}

#[test]
fn filters_narrow_the_rules_that_they_name() {
    let filter = |rules: &str| {
        format!(
            "{}---\ntitle: f\nlogsource: {{category: test}}\nfilter:\n  rules: {rules}\n  known:\n    user: ops\n  condition: not known\n",
            rule_of("    a: b")
        )
    };
    for rules in ["any", "[t]"] {
        let rules = good(&filter(rules));
        assert!(hits(&rules, &event(&serde_json::json!({"a": "b", "user": "ops"}))).is_empty());
        assert_eq!(hits(&rules, &event(&serde_json::json!({"a": "b", "user": "eve"}))), [0]);
    }
    let (rules, problems) = load(&filter("[other]"));
    assert_eq!(hits(&rules, &event(&serde_json::json!({"a": "b", "user": "ops"}))), [0]);
    assert!(problems[0].contains("applies to no loaded rule"), "{problems:?}");
}

#[test]
fn options_disable_and_change_severity() {
    let file = RuleFile { path: "test.yml".into(), text: rule_of("    a: b") + "level: low\n" };
    let severity = [("t".to_owned(), crate::Severity::High)].into();
    let (rules, _) = RuleSet::load(std::slice::from_ref(&file), &Options { severity, ..Options::default() });
    assert_eq!(rules.rule(0).level, Some(crate::Severity::High));
    let disable = vec!["t".to_owned(), "nobody".to_owned()];
    let (rules, problems) = RuleSet::load(&[file], &Options { disable, ..Options::default() });
    assert!(rules.rules().is_empty());
    assert!(problems[0].to_string().contains("`nobody` is disabled"));
}

#[test]
fn an_explanation_names_the_condition_that_failed_first() {
    let rules = good(
        "title: t\nlogsource: {category: test}\ndetection:\n  sel:\n    a: b\n    c|contains: [x, y]\n  known:\n    user: ops\n  condition: sel and not known\n",
    );
    let says = |fields| rules.explain(&event(&fields))[0].failed.as_ref().map(ToString::to_string);
    assert_eq!(
        says(serde_json::json!({"a": "b", "c": "zz"})).unwrap(),
        "sel: c|contains is `zz`, wants `*x*` or `*y*`"
    );
    assert_eq!(says(serde_json::json!({"c": "x"})).unwrap(), "sel: a is absent, wants `b`");
    let excluded = says(serde_json::json!({"a": "b", "c": "x", "user": "ops"})).unwrap();
    assert_eq!(excluded, "known: fits the event, and the condition excludes it");
    assert_eq!(says(serde_json::json!({"a": "b", "c": "x"})), None);
}

// correlations

const BASE: &str = "title: base\nname: base\nlogsource: {category: test}\ndetection: {sel: {act: fail}, condition: sel}\n---\n\
title: good\nname: good\nlogsource: {category: test}\ndetection: {sel: {act: ok}, condition: sel}\n---\n";

fn correlation(body: &str) -> Arc<RuleSet> {
    let indented = body.replace('\n', "\n  ");
    Arc::new(good(&format!("{BASE}title: corr\nid: corr\ncorrelation:\n  {indented}\nlevel: high\n")))
}

/// A match at this many seconds after the start.
fn seen(second: i64, fields: serde_json::Value) -> Event<'static> {
    let mut event = event(&fields);
    event.time = start().checked_add(SignedDuration::from_secs(second)).ok();
    event.set_int(field::EVENT_SEQUENCE, second);
    event.raw = std::borrow::Cow::Owned(format!("{second} {fields}").into_bytes());
    event
}

struct Run {
    rules: Arc<RuleSet>,
    correlator: Correlator,
    index: u64,
    out: Vec<Alert>,
}

impl Run {
    fn new(rules: Arc<RuleSet>) -> Run {
        Run { correlator: Correlator::new(rules.clone(), Arc::new(str::to_owned)), rules, index: 0, out: Vec::new() }
    }

    /// The event arrives at this many seconds; ticks go before it.
    fn absorb(&mut self, mut event: Event<'static>, arrives: i64) {
        let now = start() + SignedDuration::from_secs(arrives);
        self.tick_until(now);
        event.received = now;
        let matches = hits(&self.rules, &event);
        self.correlator.absorb(&Survivor { index: self.index, event: Arc::new(event), matches }, now, &mut self.out);
        self.index += 1;
    }

    fn tick_until(&mut self, now: Timestamp) {
        while let Some(due) = self.correlator.next_due().map(crate::stage::on_grid)
            && due <= now
        {
            self.correlator.tick(due, &mut self.out);
        }
    }

    fn restart(&mut self, rows: &mut std::collections::BTreeMap<String, Vec<u8>>) {
        for (key, value) in self.correlator.checkpoint() {
            match value {
                Some(value) => rows.insert(key, value),
                None => rows.remove(&key),
            };
        }
        self.correlator = Correlator::new(self.rules.clone(), Arc::new(str::to_owned));
        self.correlator.restore(rows.clone());
    }

    /// The last object of each alert.
    fn end(mut self) -> Vec<Alert> {
        self.correlator.flush(&mut self.out);
        let mut last: Vec<Alert> = Vec::new();
        for alert in self.out {
            match last.iter_mut().find(|known| known.id == alert.id) {
                Some(known) => *known = alert,
                None => last.push(alert),
            }
        }
        last
    }
}

/// Feeds events at the times at which they happened.
fn alerts(rules: &Arc<RuleSet>, events: &[(i64, serde_json::Value)]) -> Vec<Alert> {
    let mut run = Run::new(rules.clone());
    events.iter().for_each(|(second, fields)| run.absorb(seen(*second, fields.clone()), *second));
    run.end()
}

fn fail(user: &str) -> serde_json::Value {
    serde_json::json!({"act": "fail", "user.name": user, "source.ip": "192.0.2.1"})
}

const COUNT: &str = "type: event_count\nrules: [base]\ngroup-by: [source.ip]\ntimespan: 60s\ncondition: {gte: 3}";

#[test]
fn a_count_is_met_exactly_at_its_window_s_edge() {
    let rules = correlation(COUNT);
    let at = |seconds: [i64; 3]| alerts(&rules, &seconds.map(|s| (s, fail("a"))));
    assert_eq!(at([0, 30, 60]).len(), 1, "a window holds both of its edges");
    assert!(at([0, 30, 61]).is_empty());
    let alert = &at([0, 10, 20])[0];
    assert_eq!((alert.count, alert.severity), (3, crate::Severity::High));
    assert_eq!(alert.key["source.ip"], "192.0.2.1");
    assert_eq!(alert.evidence.len(), 3);
    assert_eq!(alert.title, "corr (192.0.2.1)");
}

#[test]
fn keys_are_counted_apart() {
    let rules = correlation(COUNT);
    let from = |ip: &str| serde_json::json!({"act": "fail", "source.ip": ip});
    let events: Vec<_> = (0..6).map(|i| (i, from(["192.0.2.1", "192.0.2.2", "192.0.2.3"][i as usize % 3]))).collect();
    assert!(alerts(&rules, &events).is_empty());
    let nobody: Vec<_> = (0..9).map(|i| (i, serde_json::json!({"act": "fail"}))).collect();
    assert!(alerts(&rules, &nobody).is_empty(), "events without the key are no group");
}

#[test]
fn an_alert_counts_on_clears_after_quiet_and_is_raised_anew() {
    let rules = correlation(COUNT);
    let mut run = Run::new(rules);
    (0..50).for_each(|i| run.absorb(seen(i, fail("a")), i));
    let quiet = MIN_QUIET.as_secs();
    run.tick_until(start() + SignedDuration::from_secs(49 + quiet + 60));
    let cleared: Vec<&Alert> = run.out.iter().filter(|alert| alert.cleared.is_some()).collect();
    assert_eq!((cleared.len(), cleared[0].count, cleared[0].evidence.len()), (1, 50, 10));
    assert!(run.out.len() <= 4, "raised, counted on at a tick, cleared: {}", run.out.len());
    (0..3).for_each(|i| run.absorb(seen(9_000 + i, fail("a")), 9_000 + i));
    let all = run.end();
    assert_eq!(all.len(), 2);
    assert_ne!(all[0].id, all[1].id);
    assert_eq!(all[1].count, 3);
}

#[test]
fn different_values_are_counted_not_records() {
    let body =
        "type: value_count\nrules: [base]\ngroup-by: [source.ip]\ntimespan: 60s\ncondition: {field: user.name, gte: 3}";
    let rules = correlation(body);
    let same: Vec<_> = (0..500).map(|i| (i / 10, fail("root"))).collect();
    assert!(alerts(&rules, &same).is_empty());
    let mut hidden = same.clone();
    hidden.insert(1, (0, fail("a")));
    hidden.push((50, fail("b")));
    assert_eq!(alerts(&rules, &hidden).len(), 1, "a flood of one value pushes no other out");
}

#[test]
fn a_sequence_needs_its_order() {
    let ok = serde_json::json!({"act": "ok", "source.ip": "192.0.2.1"});
    let body = |kind: &str| format!("type: {kind}\nrules: [base, good]\ngroup-by: [source.ip]\ntimespan: 60s");
    for (kind, events, met) in [
        ("temporal_ordered", [(0, fail("a")), (5, ok.clone())], true),
        ("temporal_ordered", [(0, ok.clone()), (5, fail("a"))], false),
        ("temporal_ordered", [(0, fail("a")), (61, ok.clone())], false),
        ("temporal", [(0, ok.clone()), (5, fail("a"))], true),
        ("temporal", [(0, fail("a")), (5, fail("a"))], false),
    ] {
        assert_eq!(alerts(&correlation(&body(kind)), &events).len(), usize::from(met), "{kind} {events:?}");
    }
}

#[test]
fn a_correlation_may_feed_another() {
    let text = format!(
        "{BASE}title: many\nname: many\ncorrelation:\n  {}\nlevel: low\n---\ntitle: then\nid: then\ncorrelation:\n  \
         type: temporal_ordered\n  rules: [many, good]\n  group-by: [source.ip]\n  timespan: 10m\nlevel: critical\n",
        COUNT.replace('\n', "\n  ")
    );
    let rules = Arc::new(good(&text));
    let ok = serde_json::json!({"act": "ok", "source.ip": "192.0.2.1"});
    let few = [(0, fail("a")), (1, fail("a")), (2, ok.clone())];
    assert!(alerts(&rules, &few).is_empty());
    let many = [(0, fail("a")), (1, fail("a")), (2, fail("a")), (30, ok)];
    let raised = alerts(&rules, &many);
    assert_eq!(raised.len(), 1, "the inner one raises nothing of its own");
    assert_eq!(raised[0].rule.id, "then");
}

#[test]
fn a_record_that_comes_by_two_ways_counts_once() {
    let text = format!(
        "{BASE}title: many\nname: many\ncorrelation:\n  {}\n---\ntitle: both\nid: both\ncorrelation:\n  \
         type: temporal\n  rules: [base, many]\n  group-by: [source.ip]\n  timespan: 60s\nlevel: high\n",
        COUNT.replace('\n', "\n  ")
    );
    let same = || (0, fail("a"));
    let raised = alerts(&Arc::new(good(&text)), &[same(), same(), same(), same(), (1, fail("b"))]);
    assert_eq!(raised.iter().map(|alert| alert.count).collect::<Vec<_>>(), [5], "equal records are several");
}

#[test]
fn an_upper_bound_is_judged_when_the_window_is_over() {
    let rules =
        correlation("type: event_count\nrules: [base]\ngroup-by: [source.ip]\ntimespan: 60s\ncondition: {lt: 3}");
    let mut run = Run::new(rules);
    (0..2).for_each(|i| run.absorb(seen(i, fail("a")), i));
    assert!(run.out.is_empty());
    run.tick_until(start() + SignedDuration::from_secs(60 + ALLOWED_LATENESS.as_secs() + 60));
    assert_eq!(run.out.len(), 1);
    assert_eq!(run.out[0].count, 2);
    (2_000..2_005).for_each(|i| run.absorb(seen(i, fail("a")), i));
    run.tick_until(start() + SignedDuration::from_secs(4_000));
    assert_eq!(run.end().len(), 1, "five are not fewer than three");
}

#[test]
fn numbers_are_added_up_averaged_and_ranked() {
    let body = |kind: &str, condition: &str| {
        correlation(&format!(
            "type: {kind}\nrules: [base]\ngroup-by: [source.ip]\ntimespan: 60s\ncondition: {{field: size, {condition}}}"
        ))
    };
    let of = |size: i64| serde_json::json!({"act": "fail", "source.ip": "192.0.2.1", "size": size});
    let none = serde_json::json!({"act": "fail", "source.ip": "192.0.2.1", "size": "much"});
    let raised = |rules: &Arc<RuleSet>, sizes: &[i64]| {
        let mut run = Run::new(rules.clone());
        run.absorb(seen(0, none.clone()), 0);
        sizes
            .iter()
            .zip(1..)
            .for_each(|(size, place): (_, i64)| run.absorb(seen(place.min(50), of(*size)), place.min(50)));
        run.tick_until(start() + SignedDuration::from_secs(4_000));
        run.end().len()
    };
    for (kind, condition, yes, no) in [
        ("value_sum", "gte: 100", vec![60, 40], vec![60, 39]),
        ("value_sum", "lt: 10", vec![4, 5], vec![4, 6]),
        ("value_avg", "gt: 10", vec![9, 12], vec![28, 1, 1]),
        ("value_avg", "gte: 1.5", vec![1, 2], vec![1, 1]),
        ("value_median", "gte: 5", vec![1, 5, 9], vec![1, 4, 9]),
        ("value_percentile", "percentile: 90, gte: 50", vec![1, 1, 1, 50, 60], vec![1, 1, 1, 1, 1, 1, 1, 1, 1, 60]),
        ("value_sum", "neq: 3", vec![1, 1], vec![1, 2]),
    ] {
        let rules = body(kind, condition);
        assert_eq!((raised(&rules, &yes), raised(&rules, &no)), (1, 0), "{kind} {condition}");
    }
    let many = vec![1; 5_000];
    assert_eq!(
        raised(&body("value_sum", "gte: 5000"), &many),
        1,
        "more numbers than a window holds are added up all the same"
    );
}

#[test]
fn a_condition_in_words_keeps_the_listed_order() {
    let body = |condition: &str| {
        correlation(&format!(
            "type: temporal_ordered\nrules: [base, good]\ngroup-by: [source.ip]\ntimespan: 60s\ncondition: {condition}"
        ))
    };
    let ok = || serde_json::json!({"act": "ok", "source.ip": "192.0.2.1"});
    let (forth, back) = ([(0, fail("a")), (5, ok())], [(0, ok()), (5, fail("a"))]);
    assert_eq!(alerts(&body("base and good"), &forth).len(), 1);
    assert_eq!(alerts(&body("base and good"), &back).len(), 0);
    assert_eq!(alerts(&body("base or good"), &back).len(), 1);
}

#[test]
fn old_files_share_repeat_and_reset() {
    let text = "action: global\ntitle: shared\nid: s\nlogsource: {category: test}\n\
        detection: {condition: sel}\n---\ndetection: {sel: {a: one}}\n---\ndetection: {sel: {a: two}}\n---\n\
        action: repeat\ndetection: {sel: {a: three}}\n---\naction: reset\n---\n\
        title: own\nid: o\nlogsource: {category: test}\ndetection: {sel: {a: four}, condition: sel}\n";
    let rules = good(text);
    let ids: Vec<&str> = rules.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["s", "s#2", "s#3", "o"]);
    for (number, value) in ["one", "two", "three", "four"].into_iter().enumerate() {
        assert_eq!(hits(&rules, &event(&serde_json::json!({"a": value}))), [number as u32]);
    }
}

#[test]
fn placeholders_come_from_the_configuration() {
    let text = rule_of("    a|contains|expand: 'x %who% y'")
        + "---\n"
        + &rule_of("    a|re|expand: '^\\d+ %who%$'").replace("id: t", "id: re")
        + "---\n"
        + &rule_of("    a|expand: '\\%plain%who%'").replace("id: t", "id: plain");
    let options = |names: &[&str]| {
        let values = names.iter().map(|name| name.to_string()).collect();
        Options { placeholders: [("who".to_owned(), values)].into(), ..Options::default() }
    };
    let file = RuleFile { path: "test.yml".into(), text };
    let (rules, problems) = RuleSet::load(std::slice::from_ref(&file), &options(&["root", "adm*"]));
    assert!(problems.is_empty(), "{problems:?}");
    let of = |rules: &RuleSet, a: &str| hits(rules, &event(&serde_json::json!({"a": a})));
    assert_eq!(of(&rules, "the x ROOT y"), [0]);
    assert_eq!(of(&rules, "x administrator y"), [0]);
    assert_eq!(of(&rules, "12 admin"), [1]);
    assert_eq!(of(&rules, "%plainroot"), [2]);
    assert!(of(&rules, "x bob y").is_empty());
    let (rules, problems) = RuleSet::load(&[file], &Options::default());
    assert!(of(&rules, "x root y").is_empty());
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn aliases_join_rules_that_name_a_field_differently() {
    let body = "type: temporal\nrules: [base, good]\ngroup-by: [who]\ntimespan: 60s\n\
                aliases:\n  who:\n    base: user.name\n    good: actor";
    let events = [(0, fail("eve")), (3, serde_json::json!({"act": "ok", "actor": "eve"}))];
    let raised = alerts(&correlation(body), &events);
    assert_eq!(raised[0].key["who"], "eve");
    let other = [(0, fail("eve")), (3, serde_json::json!({"act": "ok", "actor": "bob"}))];
    assert!(alerts(&correlation(body), &other).is_empty());
}

/// What must not depend on the order of arrival.
fn essence(alerts: &[Alert]) -> Vec<String> {
    let mut all: Vec<String> =
        alerts.iter().map(|a| format!("{} {:?} {} {} {}", a.rule.id, a.key, a.count, a.first, a.last)).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn records_that_come_late_give_the_same_alerts(
        seconds in prop::collection::vec(0i64..400, 1..40),
        delays in prop::collection::vec(0i64..500, 40),
        kind in 0usize..3,
    ) {
        let rules = correlation(BODIES[kind]);
        let users = ["a", "b", "c", "d"];
        let mut events: Vec<(i64, i64, serde_json::Value)> = seconds.iter().zip(&delays).enumerate()
            .map(|(i, (second, delay))| (*second, second + delay, fail(users[i % users.len()])))
            .collect();
        events.sort_by_key(|(second, ..)| *second);
        // one record per second: the order of records of the same time is that of their arrival
        events.dedup_by_key(|(second, ..)| *second);
        let in_order: Vec<_> = events.iter().map(|(second, _, fields)| (*second, fields.clone())).collect();
        let expected = essence(&alerts(&rules, &in_order));
        events.sort_by_key(|(_, arrives, _)| *arrives);
        let mut run = Run::new(rules);
        events.iter().for_each(|(second, arrives, fields)| run.absorb(seen(*second, fields.clone()), *arrives));
        prop_assert_eq!(essence(&run.end()), expected);
    }

    #[test]
    fn a_restart_at_any_event_changes_nothing(
        gaps in prop::collection::vec(0i64..2_500, 1..40),
        restarts in prop::collection::vec(any::<bool>(), 40),
        kind in 0usize..BODIES.len(),
    ) {
        let rules = correlation(BODIES[kind]);
        let (mut straight, mut broken) = (Run::new(rules.clone()), Run::new(rules));
        let mut rows = Default::default();
        let mut second = 0;
        for (i, (gap, restart)) in gaps.iter().zip(&restarts).enumerate() {
            second += gap / 40 * if i % 10 == 9 { 40 } else { 1 };
            let fields = if i % 7 == 6 { serde_json::json!({"act": "ok", "source.ip": "192.0.2.1"}) } else { fail(["a", "b", "c"][i % 3]) };
            straight.absorb(seen(second, fields.clone()), second);
            broken.absorb(seen(second, fields), second);
            if *restart {
                broken.restart(&mut rows);
            }
        }
        prop_assert_eq!(straight.out.clone(), broken.out.clone());
        prop_assert_eq!(straight.end(), broken.end());
    }
}

const BODIES: [&str; 5] = [
    COUNT,
    "type: value_count\nrules: [base]\ngroup-by: [source.ip]\ntimespan: 60s\ncondition: {field: user.name, gte: 3}",
    "type: event_count\nrules: [base]\ngroup-by: [source.ip]\ntimespan: 90s\ncondition: {gt: 5}",
    "type: temporal_ordered\nrules: [base, good]\ngroup-by: [source.ip]\ntimespan: 60s",
    "type: event_count\nrules: [base]\ngroup-by: [source.ip]\ntimespan: 60s\ncondition: {lte: 2}",
];
