//! Which rule matches which event, held against independent evaluators.
//!
//! The small table beside this file is the project's own: events, and the rules that pySigma's and rsigma's reading of the
//! specification say match them. The whole comparison reads a folder of rules and events from outside:
//!
//! ```text
//! ROUNDSMAN_ORACLE_RULES=…/sigma/rules ROUNDSMAN_ORACLE_EVENTS=events.ndjson ROUNDSMAN_ORACLE_HITS=hits.tsv \
//!     cargo test --release -p roundsman-rules --test oracle -- --ignored --nocapture
//! ```
//!
//! `hits.tsv` has an event's number, counted from 0, and a rule's id on each line. The same can be had from the program:
//! `roundsman replay --rules … --input events --logsource any --print matches events.ndjson`.

use std::{collections::BTreeSet, env, fs, path::Path};

use roundsman_ingest::{
    Event, Field, Record,
    json::read_object,
    record::{Kind, Origin, Transport},
};
use roundsman_rules::sigma::{RuleFile, RuleSet, Scratch};

/// Differences that are shown.
const MAX_SHOWN: usize = 20;

#[expect(clippy::disallowed_methods, reason = "a test reads what it is told to")]
fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn rule_files(path: &Path, out: &mut Vec<RuleFile>) {
    if path.is_dir() {
        let mut inside: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        inside.iter().for_each(|path| rule_files(path, out));
    } else if path.extension().is_some_and(|end| end == "yml") {
        out.push(RuleFile { path: path.into(), text: text_of(path) });
    }
}

/// Every rule of the set that matches each event, whatever its log source.
fn hits(rules: &RuleSet, events: &str) -> BTreeSet<(usize, String)> {
    let origin = Origin::new(Transport::File, "oracle");
    let (mut scratch, mut matched, mut all) = (Scratch::default(), Vec::new(), BTreeSet::new());
    for (number, line) in events.lines().enumerate() {
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: line.as_bytes() };
        let mut event = Event::new(&record);
        read_object(line.as_bytes(), "", &mut event, |_| None::<Field>).unwrap();
        matched.clear();
        rules.matches(&event, true, &mut scratch, &mut matched);
        all.extend(matched.iter().map(|rule| (number, rules.rule(*rule).id.clone())));
    }
    all
}

fn hits_of(text: &str) -> BTreeSet<(usize, String)> {
    let pair = |line: &str| {
        let (number, id) = line.split_once('\t').expect(line);
        (number.parse().expect(line), id.trim().to_owned())
    };
    text.lines().filter(|line| !line.is_empty()).map(pair).collect()
}

fn compare(rules: &RuleSet, events: &str, expected: &BTreeSet<(usize, String)>) {
    let ours = hits(rules, events);
    let differences: Vec<String> = ours
        .symmetric_difference(expected)
        .map(|(number, id)| {
            let whose = if expected.contains(&(*number, id.clone())) { "only theirs" } else { "only ours" };
            let event = events.lines().nth(*number).unwrap_or_default();
            format!("{whose}: event {number}, rule {id}\n  {event}")
        })
        .collect();
    let shown = differences.iter().take(MAX_SHOWN).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} differences\n{shown}", differences.len());
}

#[test]
fn our_own_events_match_as_the_evaluators_say() {
    let text = include_str!("oracle/rules.yml").to_owned();
    let (rules, problems) = RuleSet::load(&[RuleFile { path: "rules.yml".into(), text }], &Default::default());
    assert!(problems.is_empty(), "{problems:?}");
    let expected = hits_of(include_str!("oracle/hits.tsv"));
    let matched: BTreeSet<&String> = expected.iter().map(|(_, id)| id).collect();
    assert_eq!(matched.len(), rules.rules().len(), "each rule has an event that matches it");
    compare(&rules, include_str!("oracle/events.ndjson"), &expected);
}

#[test]
#[ignore = "reads rules, events and hits from outside: see the head of this file"]
fn all_events_match_as_the_evaluators_say() {
    let path = |name: &str| env::var(name).unwrap_or_else(|_| panic!("set {name}; the head of this file says to what"));
    let mut files = Vec::new();
    rule_files(Path::new(&path("ROUNDSMAN_ORACLE_RULES")), &mut files);
    let (rules, problems) = RuleSet::load(&files, &Default::default());
    let broken: Vec<String> = problems.iter().filter(|problem| problem.fatal).map(ToString::to_string).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let read = |name: &str| text_of(Path::new(&path(name)));
    let (events, expected) = (read("ROUNDSMAN_ORACLE_EVENTS"), hits_of(&read("ROUNDSMAN_ORACLE_HITS")));
    compare(&rules, &events, &expected);
    println!(
        "{} rules, {} events, {} hits: no difference",
        rules.rules().len(),
        events.lines().count(),
        expected.len()
    );
}
