//! Patches that got stuck on Windows, told from its event log alone: those that failed for weeks, and those that began and
//! never ended.
//!
//! The project's own sample stands in `tests/patch/windows/`. Real logs in the same shape (evtx as JSON lines) are looked
//! at where `ROUNDSMAN_WINDOWS_LOGS` names their folder.
#![allow(clippy::disallowed_methods)] // a test reads its fixtures

use std::{collections::BTreeMap, fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use roundsman_ingest::{Event, Kind, Origin, Record, Transport, parse::Parser, record::Feed};
use roundsman_rules::{
    Alert,
    case::State,
    patch::{Cases, Findings, Lens},
    stage::{Output, on_grid},
};

/// Cases, and what they told.
struct Run {
    cases: Cases,
    out: Output,
    alerts: BTreeMap<String, Alert>,
    states: Vec<(String, State)>,
    clock: Timestamp,
}

impl Run {
    fn new(begin: &str, inventory: &str, advisories: &[String]) -> Run {
        let clock = begin.parse().unwrap();
        let (cases, out) = (Cases::new(), Output::default());
        let mut run = Run { cases, out, alerts: BTreeMap::new(), states: Vec::new(), clock };
        run.feed("inventory", "inventory.csv", inventory);
        for (number, advisory) in advisories.iter().enumerate() {
            run.feed("advisories", &format!("advisories/{number}.toml"), advisory);
        }
        run
    }

    fn feed(&mut self, input: &str, path: &str, text: &str) {
        let feed = Feed { input: input.into(), path: path.into(), text: text.into() };
        assert_eq!(self.cases.feed(self.clock, &feed, &mut self.out), []);
    }

    /// One event of a log, received when it was written.
    fn line(&mut self, raw: &str) {
        let origin = Origin::new(Transport::Tls, "test");
        let record =
            |received| Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
        let first = record(self.clock);
        let time = Parser::default().parse(&first, Event::new(&first)).time.expect("an event has a time");
        self.until(time.max(self.clock));
        let record = record(self.clock);
        let event = Parser::default().parse(&record, Event::new(&record));
        let mut findings = Findings::default();
        Lens.look(&event, &mut findings);
        self.cases.absorb(findings, self.clock, &mut self.out);
        self.collect();
    }

    fn until(&mut self, to: Timestamp) {
        while let Some(due) = self.cases.next_due().map(on_grid).filter(|due| *due <= to) {
            self.cases.tick(due, &mut self.out);
            self.collect();
        }
        self.clock = to;
    }

    fn collect(&mut self) {
        for alert in std::mem::take(&mut self.out.alerts) {
            self.alerts.insert(alert.id.clone(), alert);
        }
        self.states.extend(std::mem::take(&mut self.out.cases).into_iter().map(|case| (case.id, case.state)));
    }

    /// The cases that an open PV01 is about.
    fn stuck(&self) -> Vec<&str> {
        let open = self.alerts.values().filter(|a| a.cleared.is_none() && a.rule.id == "PV01");
        let mut stuck: Vec<&str> = open.filter_map(|a| a.case.as_deref()).collect();
        stuck.sort();
        stuck
    }

    fn ever(&self, case: &str, state: State) -> bool {
        self.states.iter().any(|(id, s)| id == case && *s == state)
    }
}

fn advisory(kb: &str, platform: &str, published: &str, build: &str) -> String {
    format!(
        "id = \"{kb}\"\npublished = {published}\nclass = \"important\"\nactivation = {{ kind = \"reboot\" }}\n\
         [[target]]\nplatform = \"{platform}\"\nproduct = \"{kb}\"\nscheme = \"winbuild\"\nfixed = \"{build}\"\n"
    )
}

fn lines(file: &Path) -> Vec<String> {
    fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn patches_that_fail_or_never_end_are_found_and_none_is_invented() {
    let inventory = "asset,aliases,platform\npc1,WIN-SETUP1 DESKTOP-PC1,windows:11-24h2\n";
    let of = |kb: &str, day: &str, build: &str| advisory(kb, "windows:11-24h2", &format!("{day}T17:00:00Z"), build);
    let advisories = [
        of("KB5099000", "2026-08-06", "26100.4500"),
        of("KB5099001", "2026-08-11", "26100.4652"),
        of("KB5099002", "2026-09-08", "26100.4770"),
        of("KB5099003", "2026-10-13", "26100.4890"),
    ];
    let mut run = Run::new("2026-08-01T00:00:00Z", inventory, &advisories);
    for line in lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/patch/windows/stuck.jsonl")) {
        run.line(&line);
    }
    run.until(run.clock + SignedDuration::from_hours(48));
    assert_eq!(run.stuck(), ["pc1/KB5099001", "pc1/KB5099002", "pc1/KB5099003"]);
    let failing = run.alerts.values().find(|a| a.case.as_deref() == Some("pc1/KB5099001") && a.rule.id == "PV01");
    assert_eq!(failing.unwrap().count, 3, "one alert counts the tries");
    assert!(run.ever("pc1/KB5099000", State::Verifying), "{:?}", run.states);
    assert!(!run.ever("pc1/KB5099000", State::InstallFailed));
    assert!(run.alerts.values().all(|a| a.rule.id != "PV20"), "a computer that was renamed stays one asset");
}

#[test]
fn the_real_logs_hold_three_stuck_patches() {
    let Ok(folder) = std::env::var("ROUNDSMAN_WINDOWS_LOGS") else {
        eprintln!("skipped: ROUNDSMAN_WINDOWS_LOGS names no folder");
        return;
    };
    let inventory = "asset,aliases,platform\n\
        win1,WIN-P4SIAA0SQCO DESKTOP-2KGM189,windows:10-1703\n\
        win2,DESKTOP-1N4R894,windows:10-1803\n";
    let of = |kb: &str, platform: &str, published: &str, build: &str| {
        advisory(kb, &format!("windows:{platform}"), published, build)
    };
    // Microsoft's update history of both releases: what came while the logs were written
    let advisories = [
        of("KB4022725", "10-1703", "2017-06-13T17:00:00Z", "15063.413"),
        of("KB4025342", "10-1703", "2017-07-11T17:00:00Z", "15063.483"),
        of("KB4038788", "10-1703", "2017-09-12T17:00:00Z", "15063.608"),
        of("KB4041676", "10-1703", "2017-10-10T17:00:00Z", "15063.674"),
        of("KB4338819", "10-1803", "2018-07-10T17:00:00Z", "17134.165"),
    ];
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".update_timeline.jsonl"));
    let mut all: Vec<String> = files.iter().flat_map(|file| lines(file)).collect();
    let time = |line: &String| line.split("\"SystemTime\": \"").nth(1).map(|rest| rest[..19].to_owned());
    all.sort_by_key(time);
    let mut run = Run::new("2017-06-01T00:00:00Z", inventory, &advisories);
    all.iter().for_each(|line| run.line(line));
    run.until(run.clock + SignedDuration::from_hours(48));
    assert_eq!(run.stuck(), ["win1/KB4025342", "win1/KB4038788", "win1/KB4041676"]);
    assert!(run.ever("win2/KB4338819", State::Verifying), "{:?}", run.states);
    assert!(!run.ever("win2/KB4338819", State::InstallFailed));
}
