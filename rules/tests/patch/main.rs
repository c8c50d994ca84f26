//! Patch scenarios: each folder `tests/patch/SNN_name/` holds an organisation (`roundsman.toml` and the files that it
//! names), what arrives (`events.jsonl`) and what must come of it (`expect.toml`). The same folders run through the
//! binary: `roundsman replay --config tests/patch/S01_happy_path/roundsman.toml --input jsonl --print alerts,cases
//! tests/patch/S01_happy_path/events.jsonl`.
//!
//! Each runs as it is, with every line twice, with lines up to six hours late and shuffled, and with another process
//! taking over after every line.
#![allow(clippy::disallowed_methods)] // a test reads its fixtures

mod expect;
mod memory;
mod run;

use std::path::PathBuf;

use expect::Expectation;
use jiff::SignedDuration;
use run::{Run, Scenario};
use serde_json::Value;

/// After this long nothing that was late makes a difference any more.
const SETTLED: SignedDuration = SignedDuration::from_hours(4 * 24);

/// All scenario folders, in order.
fn scenarios() -> Vec<Scenario> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(run::folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expect.toml").exists())
        .collect();
    folders.sort();
    let wanted = std::env::var("SCENARIO").unwrap_or_default();
    let all = folders.into_iter().filter(|f| f.to_string_lossy().contains(&wanted)).map(Scenario::read);
    let all: Vec<Scenario> = all.collect();
    assert!(!all.is_empty());
    all
}

/// Runs a check on every scenario and tells of all that fail, not only of the first.
fn each(check: impl Fn(&Scenario) -> Vec<String>) {
    let wrong: Vec<String> = scenarios()
        .iter()
        .flat_map(|s| check(s).into_iter().map(|what| format!("{}: {what}", s.name)).collect::<Vec<_>>())
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_scenario_comes_out_as_written() {
    each(|scenario| {
        let mut run = Run::new(scenario);
        let mut wrong = Vec::new();
        let mut lines = scenario.lines.iter().peekable();
        for stage in &scenario.expect.stages {
            while let Some(line) = lines.next_if(|line| run::arrival(line) <= stage.at) {
                run.one(line);
            }
            run.until(stage.at);
            wrong.extend(stage.wrong(&run).into_iter().map(|what| format!("at {}: {what}", stage.at)));
        }
        lines.for_each(|line| run.one(line));
        run.finish();
        wrong.extend(scenario.expect.end.wrong(&run));
        wrong.extend(unproven(&run));
        wrong
    });
}

/// Transitions that a record caused cite it, and what they cite was there.
fn unproven(run: &Run) -> Vec<String> {
    use roundsman_rules::case::State::*;
    let by_evidence = |state| matches!(state, Deploying | PendingActivation | Verified | RolledBack);
    let mut wrong = Vec::new();
    for case in run.cases.values().filter(|case| case.members.is_none()) {
        let bare = case.history.iter().filter(|t| by_evidence(t.state) && t.evidence.is_empty());
        wrong.extend(bare.map(|t| format!("{}: {} at {} cites no evidence", case.id, t.state.as_str(), t.at)));
    }
    wrong
}

#[test]
fn a_line_that_comes_twice_in_a_row_counts_once() {
    each(|scenario| {
        let once = Run::through(scenario, &scenario.lines);
        let times = |line: &Value| if run::is_single(line) { 2 } else { 1 };
        let twice: Vec<_> =
            scenario.lines.iter().flat_map(|line| std::iter::repeat_n(line.clone(), times(line))).collect();
        run::differences(&once, &Run::through(scenario, &twice))
    });
}

#[test]
fn all_lines_once_more_at_the_end_change_nothing() {
    each(|scenario| {
        let once = Run::through(scenario, &scenario.lines);
        let mut again = Run::through(scenario, &scenario.lines);
        let last = again.clock.to_string();
        for line in scenario.lines.iter().filter(|line| !line["raw"].is_null()) {
            let mut line = line.clone();
            line["received"] = last.clone().into();
            again.one(&line);
        }
        again.finish();
        run::differences(&once, &again)
    });
}

#[test]
fn a_restart_after_any_line_changes_nothing() {
    each(|scenario| {
        let once = Run::through(scenario, &scenario.lines);
        let mut restarted = Run::new(scenario);
        restarted.restarts = true;
        scenario.lines.iter().for_each(|line| restarted.one(line));
        restarted.finish();
        let mut wrong = run::differences(&once, &restarted);
        if once.told != restarted.told {
            wrong.push("something else was told on the way".to_owned());
        }
        wrong
    });
}

#[test]
fn lines_that_come_late_and_shuffled_end_the_same() {
    each(|scenario| {
        if let Some(_why) = &scenario.expect.in_time {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        for seed in 1..3 {
            let mut once = Run::through(scenario, &scenario.lines);
            let mut late = Run::through(scenario, &run::shuffled(&scenario.lines, seed));
            // An update log's silence (PV19) counts from when a line came, so lines that are late are what it is about.
            // Limits that are measured from when a line came are over by then, however late it was.
            let end = once.clock.max(late.clock) + SETTLED;
            once.until(end);
            late.until(end);
            wrong.extend(run::lasting(&once, &late, "PV19").into_iter().map(|what| format!("seed {seed}: {what}")));
        }
        wrong
    });
}

#[test]
fn every_scenario_says_what_it_is_about() {
    for scenario in scenarios() {
        let Expectation { about, .. } = &scenario.expect;
        assert!(about.ends_with('.') && about.len() > 20, "{}: {about}", scenario.name);
    }
}
