//! Patch scenarios: what the lines of `tests/patch/*.jsonl` make of the cases of `tests/patch/house/`.
//!
//! The same files run through the binary: `roundsman replay --config tests/patch/house/roundsman.toml --input jsonl
//! --print alerts,cases tests/patch/happy_path.jsonl`.
#![allow(clippy::disallowed_methods)] // a test reads its fixtures

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use roundsman_ingest::{Event, Kind, Origin, Record, Transport, join::Joiner, parse::Parser, record::Feed};
use roundsman_rules::{
    Alert, PatchCase,
    case::{CheckResult, Class, State},
    patch::{Cases, Findings, Lens},
    stage::{Output, on_grid},
};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/patch")
}

fn lines(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A run of the rule stage's patch half over recorded lines, driven as `stage` prescribes.
struct Run {
    cases: Cases,
    joiner: Joiner,
    out: Output,
    clock: Timestamp,
    /// Alerts in their newest form.
    alerts: BTreeMap<String, Alert>,
    /// Each state as it was entered.
    states: Vec<(String, State)>,
    restarts: bool,
    /// What a store would hold.
    rows: BTreeMap<String, Vec<u8>>,
}

impl Run {
    fn new() -> Self {
        let mut run = Run {
            cases: Cases::new(),
            joiner: Joiner::default(),
            out: Output::default(),
            clock: Timestamp::MIN,
            alerts: BTreeMap::new(),
            states: Vec::new(),
            restarts: false,
            rows: BTreeMap::new(),
        };
        let house = folder().join("house");
        let begin = "2026-11-19T00:00:00Z".parse().unwrap();
        for (input, path) in [("inventory", "inventory.csv"), ("kev", "kev.json")] {
            run.feed(begin, input, path, &house.join(path));
        }
        for input in ["advisories", "scans"] {
            let mut files: Vec<_> = fs::read_dir(house.join(input)).unwrap().map(|f| f.unwrap().path()).collect();
            files.sort();
            for file in files {
                let path = format!("{input}/{}", file.file_name().unwrap().to_str().unwrap());
                run.feed(begin, input, &path, &file);
            }
        }
        run
    }

    fn of(name: &str) -> Self {
        let mut run = Run::new();
        run.all(&lines(name));
        run
    }

    fn all(&mut self, lines: &[Value]) {
        for line in lines {
            self.one(line);
            if self.restarts {
                self.restart();
            }
        }
        let mut joined = Vec::new();
        self.joiner.flush_all(&mut |r| joined.push((r.received, r.origin.clone(), r.raw.to_vec())));
        for (received, origin, raw) in joined {
            self.record(received, &origin, &raw);
        }
    }

    fn feed(&mut self, at: Timestamp, input: &str, path: &str, file: &Path) {
        let text = fs::read_to_string(file).unwrap();
        let feed = Feed { input: input.into(), path: path.into(), text };
        assert_eq!(self.cases.feed(at, &feed, &mut self.out), []);
        self.collect();
    }

    fn one(&mut self, line: &Value) {
        let time = |key: &str| line[key].as_str().map(|t| t.parse::<Timestamp>().unwrap());
        if let Some(tick) = time("tick") {
            return self.until(tick);
        }
        let received = time("received").unwrap().max(self.clock);
        self.until(received);
        if let Some(path) = line["feed"].as_str() {
            return self.feed(received, path.split('/').next().unwrap(), path, &folder().join(path));
        }
        if line["record"].is_object() {
            self.cases.decide(received, &line["record"], &mut self.out).unwrap();
            return self.collect();
        }
        let transport: Transport = serde_json::from_value(line["transport"].clone()).unwrap();
        let mut origin = Origin::new(transport, "replay");
        origin.host = line["host"].as_str().map(Into::into);
        origin.path = line["source"].as_str().map(Into::into);
        let raw = line["raw"].as_str().unwrap().as_bytes();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw };
        if !Joiner::wants(&record) {
            return self.record(received, &origin, raw);
        }
        let mut joined = Vec::new();
        self.joiner.push(&record, &mut |r| joined.push((r.origin.clone(), r.raw.to_vec())));
        for (origin, raw) in joined {
            self.record(received, &origin, &raw);
        }
    }

    fn record(&mut self, received: Timestamp, origin: &Origin, raw: &[u8]) {
        let record = Record { received, origin, kind: Kind::Line, truncated: false, raw };
        let event = Parser::default().parse(&record, Event::new(&record));
        let mut findings = Findings::default();
        Lens.look(&event, &mut findings);
        self.cases.absorb(findings, received, &mut self.out);
        self.collect();
    }

    /// Fires the timers up to a time, on grid minutes.
    fn until(&mut self, to: Timestamp) {
        while let Some(due) = self.cases.next_due().map(on_grid).filter(|due| *due <= to) {
            self.cases.tick(due, &mut self.out);
            self.collect();
        }
        self.clock = self.clock.max(to);
    }

    fn collect(&mut self) {
        for alert in std::mem::take(&mut self.out.alerts) {
            self.alerts.insert(alert.id.clone(), alert);
        }
        for case in std::mem::take(&mut self.out.cases) {
            if self.states.iter().rev().find(|(id, _)| *id == case.id).is_none_or(|(_, s)| *s != case.state) {
                self.states.push((case.id.clone(), case.state));
            }
        }
    }

    /// Another process takes over from what the first has written.
    fn restart(&mut self) {
        for (key, value) in self.cases.checkpoint() {
            match value {
                Some(value) => drop(self.rows.insert(key, value)),
                None => drop(self.rows.remove(&key)),
            }
        }
        let mut next = Cases::new();
        next.restore(self.rows.clone());
        assert_eq!(next.next_due(), self.cases.next_due(), "after {}", self.clock);
        self.cases = next;
    }

    fn case(&self, id: &str) -> PatchCase {
        self.cases.case(id).unwrap_or_else(|| panic!("no case {id}"))
    }

    fn open_alerts(&self, id: &str) -> Vec<String> {
        let open = |a: &&Alert| a.cleared.is_none() && a.case.as_deref() == Some(id);
        let mut open: Vec<String> =
            self.alerts.values().filter(open).map(|a| format!("{} {}", a.rule.id, a.severity.as_str())).collect();
        open.sort();
        open
    }

    fn ever_raised(&self, id: &str) -> Vec<String> {
        let of = self.alerts.values().filter(|a| a.case.as_deref() == Some(id));
        let mut rules: Vec<String> = of.map(|a| a.rule.id.clone()).collect();
        rules.sort();
        rules
    }

    fn history(&self, id: &str) -> Vec<&'static str> {
        self.case(id).history.iter().map(|t| t.state.as_str()).collect()
    }

    fn calls(&self, id: &str, rule: &str) -> bool {
        self.open_alerts(id).iter().any(|a| a.starts_with(rule))
    }
}

const GNUTLS: &str = "shop1/DSA-7001";
const KERNEL: &str = "shop1/DSA-7002";

#[test]
fn a_library_is_verified_by_starts_probe_quiet_logs_and_a_scan() {
    let run = Run::of("happy_path");
    let case = run.case(GNUTLS);
    assert_eq!(
        run.history(GNUTLS),
        ["open", "deploying", "installed", "pending_activation", "verifying", "verified", "closed"]
    );
    assert_eq!(run.ever_raised(GNUTLS), [""; 0]);
    let checks = &case.checks;
    for check in [&checks.health, &checks.function, &checks.logs, &checks.closure] {
        assert_eq!(check.result, CheckResult::Pass, "{}", check.why);
        assert!(!check.evidence.is_empty(), "{}", check.why);
    }
    let verified = case.history.iter().find(|t| t.state == State::Verified).unwrap();
    assert_eq!(verified.at.to_string(), "2026-11-23T06:00:00Z");
    assert_eq!(case.installed.unwrap().to_string(), "2026-11-22T01:53:03Z");
    assert_eq!(case.activated.unwrap().to_string(), "2026-11-22T02:01:01Z");
    assert_eq!(case.due.deploy.unwrap().to_string(), "2026-12-03T10:00:00Z");
    let by_evidence: Vec<_> = case.history.iter().filter(|t| !matches!(t.state, State::Open | State::Closed)).collect();
    assert!(by_evidence.len() == 5 && by_evidence.iter().all(|t| !t.evidence.is_empty()));
}

#[test]
fn a_half_configured_package_is_told_with_its_own_words() {
    let run = Run::of("half_configured");
    let case = run.case("till1/HOUSE-3");
    assert_eq!(run.history(&case.id), ["open", "deploying", "install_failed"]);
    assert_eq!(run.open_alerts(&case.id), ["PV02 high"]);
    let alert = run.alerts.values().find(|a| a.rule.id == "PV02").unwrap();
    assert!(alert.why.contains("accounts table is in use by pid 411"), "{}", alert.why);
    assert!(alert.evidence.iter().any(|e| e.raw.contains("dpkg: error processing package ledger")));
    assert_eq!(run.ever_raised(&case.id), ["PV02"]);
}

#[test]
fn a_dry_run_is_nothing() {
    let run = Run::of("dry_run");
    assert_eq!(run.history(GNUTLS), ["open"]);
    assert_eq!(run.ever_raised(GNUTLS), [""; 0]);
}

#[test]
fn a_silent_hold_is_told_unless_an_exception_covers_it() {
    let run = Run::of("silent_hold");
    assert_eq!(run.case(GNUTLS).state, State::Open);
    assert_eq!(run.open_alerts(GNUTLS), ["PV24 critical"]);
    let run = Run::of("hold_with_exception");
    assert_eq!(run.case(GNUTLS).state, State::Excepted);
    assert_eq!(run.case(GNUTLS).exception.as_deref(), Some("EX-1"));
    assert_eq!(run.ever_raised(GNUTLS), [""; 0]);
}

#[test]
fn an_upgrade_to_an_older_version_is_a_rollback() {
    let run = Run::of("rollback");
    let case = run.case(GNUTLS);
    assert_eq!(case.state, State::RolledBack);
    assert_eq!(run.open_alerts(GNUTLS), ["PV11 critical"]);
    assert_eq!(case.due.deploy.unwrap().to_string(), "2026-12-03T10:00:00Z");
    assert_eq!((case.due.activate, case.due.verify, case.reopened), (None, None, 1));
    assert_eq!(case.observed.as_deref(), Some("3.7.9-2+deb12u4"));
}

#[test]
fn automation_that_undoes_a_rollback_is_told_unless_a_record_allows_it() {
    let run = Run::of("rollback_undone");
    assert_eq!(run.case(GNUTLS).state, State::PendingActivation);
    assert!(run.open_alerts(GNUTLS).contains(&"PV12 critical".to_owned()));
    assert!(!run.calls(GNUTLS, "PV11"));
    let run = Run::of("rollback_undone_allowed");
    assert!(!run.ever_raised(GNUTLS).contains(&"PV12".to_owned()));
}

#[test]
fn an_old_process_keeps_the_case_pending_whatever_the_scanner_says() {
    let run = Run::of("old_process");
    assert_eq!(run.history(GNUTLS), ["open", "deploying", "installed", "pending_activation"]);
    assert_eq!(run.open_alerts(GNUTLS), ["PV03 high"]);
    let alert = run.alerts.values().find(|a| a.rule.id == "PV03").unwrap();
    assert_eq!(alert.first.to_string(), "2026-11-23T01:53:03Z");
    assert_eq!(alert.raised.to_string(), "2026-11-23T01:54:00Z");
}

#[test]
fn a_reload_is_not_a_restart() {
    assert_eq!(Run::of("reload").case(GNUTLS).state, State::PendingActivation);
}

#[test]
fn a_kernel_without_a_reboot_becomes_overdue() {
    let run = Run::of("no_reboot");
    assert_eq!(run.case(KERNEL).state, State::PendingActivation);
    assert!(run.open_alerts(KERNEL).contains(&"PV03 critical".to_owned()));
    assert!(run.case(KERNEL).kev && run.case(KERNEL).class == Class::Critical);
}

#[test]
fn booting_the_wrong_kernel_activates_nothing() {
    let run = Run::of("wrong_kernel");
    assert_eq!(run.case(KERNEL).state, State::PendingActivation);
    assert!(run.open_alerts(KERNEL).contains(&"PV04 critical".to_owned()));
    assert_eq!(run.case(KERNEL).running.as_deref(), Some("6.1.150-1"));
}

#[test]
fn the_package_version_decides_not_the_kernels_name() {
    let all = lines("same_name");
    let mut run = Run::new();
    let right = all.iter().position(|l| l["raw"].as_str().is_some_and(|r| r.contains("Debian 6.1.170-3"))).unwrap();
    run.all(&all[..right]);
    assert_eq!(run.case(KERNEL).state, State::PendingActivation);
    assert!(run.open_alerts(KERNEL).contains(&"PV04 critical".to_owned()));
    run.all(&all[right..]);
    assert_eq!(run.case(KERNEL).state, State::Verifying);
    assert!(!run.calls(KERNEL, "PV04"));
}

#[test]
fn an_applications_text_boots_no_kernel() {
    assert_eq!(Run::of("application_text").case(KERNEL).state, State::PendingActivation);
}

#[test]
fn a_boot_line_of_low_trust_overrides_none_of_higher_trust() {
    let run = Run::of("spoofed_boot");
    assert_eq!(run.case(KERNEL).state, State::PendingActivation);
    assert!(run.open_alerts(KERNEL).contains(&"PV22 critical".to_owned()));
}

#[test]
fn silence_after_a_reboot_fails_until_the_host_is_back() {
    let all = lines("silent_reboot");
    let mut run = Run::new();
    let tick = all.iter().position(|l| !l["tick"].is_null()).unwrap();
    run.all(&all[..=tick]);
    assert_eq!(run.case(KERNEL).state, State::VerifyFailed);
    assert!(run.open_alerts(KERNEL).contains(&"PV05 critical".to_owned()));
    run.all(&all[tick + 1..]);
    assert_eq!(run.case(KERNEL).state, State::Verifying);
    assert!(!run.calls(KERNEL, "PV05"));
}

#[test]
fn a_listed_unit_that_does_not_start_fails_the_verification() {
    let run = Run::of("broken_service");
    assert_eq!(run.case(GNUTLS).state, State::VerifyFailed);
    assert_eq!(run.open_alerts(GNUTLS), ["PV06 critical"]);
}

#[test]
fn two_failed_probes_fail_the_function_and_not_the_health() {
    let run = Run::of("broken_function");
    let case = run.case(GNUTLS);
    assert_eq!(case.state, State::VerifyFailed);
    assert_eq!((case.checks.health.result, case.checks.function.result), (CheckResult::Pass, CheckResult::Fail));
    assert_eq!(run.open_alerts(GNUTLS), ["PV07 critical"]);
}

#[test]
fn production_before_the_ring_and_outside_the_window_is_told() {
    let run = Run::of("outside_window");
    assert_eq!(run.case(GNUTLS).state, State::PendingActivation);
    assert_eq!(run.open_alerts(GNUTLS), ["PV13 high", "PV14 medium"]);
}

#[test]
fn a_patched_host_outside_the_inventory_is_told_by_its_name() {
    let run = Run::of("stranger");
    let alert = run.alerts.values().find(|a| a.case.is_none()).unwrap();
    assert_eq!((alert.rule.id.as_str(), alert.severity.as_str()), ("PV20", "low"));
    assert_eq!((alert.key["host.name"].as_str(), alert.hosts.len(), &alert.case), ("srv99", 0, &None));
}

#[test]
fn a_verification_that_lacks_its_scan_fails_at_its_deadline() {
    let run = Run::of("no_scan");
    assert_eq!(run.case(GNUTLS).state, State::VerifyFailed);
    assert_eq!(run.open_alerts(GNUTLS), ["PV18 critical"]);
    let alert = run.alerts.values().find(|a| a.rule.id == "PV18" && a.hosts == ["shop1"]).unwrap();
    assert!(alert.why.contains("closure"), "{}", alert.why);
}

#[test]
fn an_error_that_names_no_package_is_that_of_what_was_under_way() {
    let run = Run::of("bare_error");
    assert_eq!(run.case("till1/HOUSE-3").state, State::InstallFailed);
    assert_eq!(run.open_alerts("till1/HOUSE-3"), ["PV02 high"]);
}

#[test]
fn a_transaction_without_an_end_is_stuck_after_two_hours() {
    let run = Run::of("stuck");
    let case = run.case("till1/HOUSE-3");
    assert_eq!(case.state, State::InstallFailed);
    assert_eq!(case.history.last().unwrap().at.to_string(), "2026-11-22T03:55:49Z");
    assert_eq!(run.open_alerts(&case.id), ["PV02 high"]);
}

#[test]
fn a_scan_after_activation_that_still_finds_it_fails_the_closure() {
    let run = Run::of("still_found");
    assert_eq!(run.case(GNUTLS).state, State::VerifyFailed);
    assert_eq!(run.case(GNUTLS).checks.closure.result, CheckResult::Fail);
    assert_eq!(run.open_alerts(GNUTLS), ["PV09 critical"]);
}

#[test]
fn a_scan_from_before_activation_is_stale() {
    let run = Run::of("stale_scan");
    assert_eq!(run.case(GNUTLS).state, State::Verifying);
    assert_eq!(run.case(GNUTLS).checks.closure.result, CheckResult::Stale);
    assert_eq!(run.ever_raised(GNUTLS), [""; 0]);
}

#[test]
fn a_finding_that_names_a_fixed_version_is_a_conflict() {
    let run = Run::of("conflict");
    assert_eq!(run.case(GNUTLS).checks.closure.result, CheckResult::Conflict);
    assert_eq!(run.case(GNUTLS).state, State::Verifying);
    assert_eq!(run.open_alerts(GNUTLS), ["PV22 high"]);
}

#[test]
fn an_exception_that_expires_leaves_an_old_breach_behind() {
    let run = Run::of("exception_expires");
    let case = run.case("till1/HOUSE-3");
    assert_eq!(run.history(&case.id), ["open", "excepted", "open"]);
    assert_eq!(run.open_alerts(&case.id), ["PV15 high", "PV16 high"]);
    assert!(case.overdue && case.exception.is_none());
}

#[test]
fn an_old_kernel_after_the_case_was_closed_reopens_it() {
    let run = Run::of("snapshot");
    let history = run.history(KERNEL);
    assert!(history.ends_with(&["verified", "closed", "reopened"]), "{history:?}");
    assert!(run.calls(KERNEL, "PV11 critical"));
    assert_eq!(run.case(KERNEL).reopened, 1);
}

#[test]
fn an_update_log_that_is_silent_on_a_talking_asset_is_told() {
    let run = Run::of("silent_log");
    let alert = run.alerts.values().find(|a| a.rule.id == "PV19").unwrap();
    assert_eq!((alert.severity.as_str(), alert.hosts.as_slice()), ("high", ["shop1".to_owned()].as_slice()));
    assert_eq!((alert.key["host.name"].as_str(), &alert.case), ("shop1", &None));
    assert_eq!(alert.first.to_string(), "2026-11-24T02:00:00Z");
    assert_eq!(alert.cleared.unwrap().to_string(), "2026-11-24T09:01:00Z");
}

#[test]
fn a_kind_of_error_never_seen_before_fails_the_log_review_until_it_is_a_known_issue() {
    let all = lines("new_errors");
    let record = all.iter().position(|l| l["record"].is_object()).unwrap();
    let mut run = Run::new();
    run.all(&all[..record]);
    assert_eq!(run.case(GNUTLS).state, State::VerifyFailed);
    assert_eq!(run.open_alerts(GNUTLS), ["PV08 high"]);
    let alert = run.alerts.values().find(|a| a.rule.id == "PV08").unwrap();
    assert!(alert.why.contains("unsupported protocol") && alert.evidence.len() == 1, "{}", alert.why);
    run.all(&all[record..]);
    assert_eq!(run.case(GNUTLS).state, State::Verifying);
    assert!(!run.calls(GNUTLS, "PV08"));
}

/// Ordinary days of shop1: jobs, probes, starts, and a scan every morning. Where `restarts`, each begins anew.
fn ordinary_days(run: &mut Run, days: i64, restarts: bool) {
    let report = fs::read_to_string(folder().join("scans/shop1--after.json")).unwrap();
    let start = run.clock + SignedDuration::from_mins(1);
    for minutes in (0..days * 24 * 60).step_by(15) {
        let at = start + SignedDuration::from_mins(minutes);
        let mut line = |host: &str, text: &str| {
            let raw = format!("<30>{} {host} {text}", at.strftime("%b %d %H:%M:%S"));
            run.one(&json!({"received": at.to_string(), "host": host, "transport": "tls", "raw": raw}));
        };
        line("mon1", "roundsman-probe: probe=shop-login asset=shop1 result=ok latency_ms=91");
        if minutes % 60 == 0 {
            line("shop1", "CRON[77]: (root) CMD (run-parts --report /etc/cron.hourly)");
        }
        if minutes % (24 * 60) == 0 {
            line("shop1", "systemd[1]: Started nginx.service - Web front of the shop.");
            line("shop1", "systemd[1]: Started exim4.service - Exim mail transport agent.");
            let text = report.replace("2026-11-23T05:58:00", &at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
            assert_ne!(text, report);
            let feed = Feed { input: "scans".into(), path: "scans/shop1--after.json".into(), text };
            run.cases.feed(at, &feed, &mut run.out);
            run.collect();
            if restarts {
                run.restart();
            }
        }
    }
}

/// A record that has nothing to do with any case, and makes all be looked at anew.
fn look_again(run: &mut Run) {
    let record = json!({"kind": "known_issue", "advisory": "HOUSE-3", "pattern": "no such line"});
    run.one(&json!({"received": run.clock.to_string(), "record": record}));
}

#[test]
fn a_case_verified_weeks_ago_stays_verified_when_old_activity_is_forgotten() {
    for restarts in [false, true] {
        let mut run = Run::of("happy_path");
        let before = run.case(GNUTLS).clone();
        assert_eq!(before.state, State::Closed);
        ordinary_days(&mut run, 80, restarts);
        look_again(&mut run);
        assert_eq!(run.case(GNUTLS), before, "restarts: {restarts}");
        assert_eq!(run.ever_raised(GNUTLS), [""; 0]);
        assert!(!run.states.iter().any(|(id, state)| id == GNUTLS && *state == State::VerifyFailed));
    }
}

#[test]
fn a_unit_that_is_started_every_day_does_not_move_an_old_activation() {
    let mut all = lines("happy_path");
    let start =
        all.iter().position(|l| l["raw"].as_str().is_some_and(|r| r.contains("shop1 systemd[1]: Started nginx")));
    let earlier = json!({"received": "2026-11-21T09:00:00Z", "host": "shop1", "transport": "tls",
        "raw": "<30>Nov 21 09:00:00 shop1 systemd[1]: Started nginx.service - Web front of the shop."});
    let at = all.iter().position(|l| l["received"].as_str() > earlier["received"].as_str()).unwrap();
    assert!(at < start.unwrap());
    all.insert(at, earlier);
    let mut run = Run::new();
    run.all(&all);
    let before = run.case(GNUTLS).clone();
    ordinary_days(&mut run, 80, false);
    look_again(&mut run);
    assert_eq!(run.case(GNUTLS), before);
}

#[test]
fn forgetting_activity_is_not_silence() {
    let all = lines("no_scan");
    for restarts in [false, true] {
        let mut run = Run::new();
        run.all(&all);
        let before = run.case(GNUTLS).clone();
        assert_eq!((before.checks.health.result, before.checks.logs.result), (CheckResult::Pass, CheckResult::Pass));
        let last = run.clock;
        for hour in 1..24 * 40 {
            let at = last + SignedDuration::from_hours(hour);
            let raw = format!("<78>{} shop1 CRON[7]: (root) CMD (true)", at.strftime("%b %d %H:%M:%S"));
            run.one(&json!({"received": at.to_string(), "host": "shop1", "transport": "tls", "raw": raw}));
            if restarts && hour % 24 == 0 {
                run.restart();
            }
        }
        look_again(&mut run);
        let after = run.case(GNUTLS);
        assert_eq!((&after.checks, &after.history), (&before.checks, &before.history), "restarts: {restarts}");
        assert_eq!(run.open_alerts(GNUTLS), ["PV18 critical"]);
    }
}

#[test]
fn silence_after_activation_stays_silence_when_the_host_has_talked_for_weeks() {
    let mut run = Run::new();
    let all = lines("no_scan");
    let activated = all.iter().rposition(|l| l["raw"].as_str().is_some_and(|raw| raw.contains("Started"))).unwrap();
    run.all(&all[..=activated]);
    let active = run.case(GNUTLS).activated.unwrap();
    run.until(active + SignedDuration::from_hours(24 * 3));
    assert_eq!(run.case(GNUTLS).checks.health.result, CheckResult::Fail);
    let silent: Vec<_> = run.case(GNUTLS).history.iter().map(|t| (t.at, t.state)).collect();
    ordinary_days(&mut run, 40, true);
    look_again(&mut run);
    let after: Vec<_> = run.case(GNUTLS).history.iter().map(|t| (t.at, t.state)).collect();
    assert_eq!(after[..silent.len()], silent);
    assert_eq!(run.case(GNUTLS).checks.logs.result, CheckResult::Stale, "{}", run.case(GNUTLS).checks.logs.why);
}

#[test]
fn an_alert_that_counts_on_after_the_soak_still_fails_the_log_review() {
    let mut run = Run::of("no_scan");
    let active = run.case(GNUTLS).activated.unwrap();
    assert_eq!(run.case(GNUTLS).checks.logs.result, CheckResult::Pass);
    let mut alert = run.alerts.values().find(|a| a.rule.id == "PV18").unwrap().clone();
    alert.rule.id = "ssh-brute-force".to_owned();
    for (first, last, result) in [(25, 30, CheckResult::Pass), (1, 2, CheckResult::Fail), (1, 30, CheckResult::Fail)] {
        (alert.first, alert.last) =
            (active + SignedDuration::from_hours(first), active + SignedDuration::from_hours(last));
        run.cases.alert(&alert, run.clock, &mut run.out);
        assert_eq!(run.case(GNUTLS).checks.logs.result, result, "from {first} h to {last} h after activation");
    }
}

/// What must not depend on how the lines arrived.
fn outcome(run: &Run) -> Vec<(String, Value, Vec<String>)> {
    let of = |case: &PatchCase| {
        let mut value = serde_json::to_value(case).unwrap();
        value["alerts"] = Value::Null;
        (case.id.clone(), value, run.open_alerts(&case.id))
    };
    run.cases.cases().map(|case| of(&case)).collect()
}

const ALL: &[&str] = &[
    "happy_path",
    "half_configured",
    "dry_run",
    "silent_hold",
    "hold_with_exception",
    "rollback",
    "rollback_undone",
    "rollback_undone_allowed",
    "old_process",
    "reload",
    "no_reboot",
    "wrong_kernel",
    "same_name",
    "application_text",
    "spoofed_boot",
    "silent_reboot",
    "broken_service",
    "broken_function",
    "outside_window",
    "stranger",
    "no_scan",
    "bare_error",
    "stuck",
    "still_found",
    "stale_scan",
    "conflict",
    "exception_expires",
    "snapshot",
    "silent_log",
    "new_errors",
];

#[test]
fn lines_that_come_twice_change_nothing() {
    for name in ALL {
        let (once, all) = (Run::of(name), lines(name));
        let mut again = Run::of(name);
        let last = all.last().and_then(|l| l["tick"].as_str().or(l["received"].as_str())).unwrap().to_owned();
        let late = |line: &Value| {
            let mut line = line.clone();
            line["received"] = last.clone().into();
            line
        };
        let late: Vec<Value> = all.iter().filter(|l| !l["raw"].is_null()).map(late).collect();
        again.states.clear();
        again.all(&late);
        assert_eq!(again.states, [], "{name}: records that came before change no state");
        assert_eq!(once.alerts.keys().collect::<Vec<_>>(), again.alerts.keys().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_restart_between_any_two_lines_changes_nothing() {
    for name in ALL {
        let once = Run::of(name);
        let mut restarted = Run::new();
        restarted.restarts = true;
        restarted.all(&lines(name));
        assert_eq!(outcome(&once), outcome(&restarted), "{name}");
        assert_eq!(once.alerts, restarted.alerts, "{name}");
        assert_eq!(once.states, restarted.states, "{name}");
    }
}

#[test]
fn lines_that_come_up_to_six_hours_late_and_shuffled_end_the_same() {
    for name in ["happy_path", "rollback", "wrong_kernel", "broken_function"] {
        let all = lines(name);
        let mut once = Run::of(name);
        for seed in 1..4u64 {
            let mut late: Vec<(Timestamp, Value)> =
                all.iter().enumerate().map(|(i, l)| shifted(l, i as u64, seed)).collect();
            late.sort_by_key(|(at, _)| *at);
            let mut run = Run::new();
            run.all(&late.into_iter().map(|(_, l)| l).collect::<Vec<_>>());
            let end = once.clock.max(run.clock);
            run.until(end);
            once.until(end);
            for ((id, a, alerts), (_, b, shuffled)) in outcome(&once).into_iter().zip(outcome(&run)) {
                assert_eq!((&a["state"], alerts), (&b["state"], shuffled), "{name}: {id}, seed {seed}");
            }
        }
    }
}

/// A line that arrives up to six hours late; joined records and ticks stay where they are.
fn shifted(line: &Value, number: u64, seed: u64) -> (Timestamp, Value) {
    let mut line = line.clone();
    let at: Timestamp = line["received"].as_str().or(line["tick"].as_str()).unwrap().parse().unwrap();
    let single = !line["raw"].is_null() && !line["source"].as_str().is_some_and(|s| s.contains("/apt/"));
    if !single {
        return (at, line);
    }
    let noise = (number + 1).wrapping_mul(6_364_136_223_846_793_005).wrapping_mul(seed * 2 + 1) >> 33;
    let later = at + jiff::SignedDuration::from_secs((noise % 21_600) as i64);
    line["received"] = later.to_string().into();
    (later, line)
}
