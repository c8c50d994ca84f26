//! Evidence is bounded, cases last: what has been settled stays so, however much is forgotten since.

use jiff::{SignedDuration, Timestamp};
use roundsman_ingest::record::Feed;
use roundsman_rules::case::CheckResult;
use serde_json::{Value, json};

use crate::run::{Run, Scenario, folder};

const GNUTLS: &str = "shop1/DSA-7001";

fn scenario(name: &str) -> Scenario {
    Scenario::read(folder().join(name))
}

fn line(run: &mut Run, at: Timestamp, host: &str, text: &str) {
    let raw = format!("<30>{} {host} {text}", at.strftime("%b %d %H:%M:%S"));
    run.one(&json!({"received": at.to_string(), "host": host, "transport": "tls", "raw": raw}));
}

/// Ordinary days of shop1: jobs, probes, starts, and a scan every morning. Where `restarts`, each begins anew.
fn ordinary_days(run: &mut Run, days: i64, restarts: bool) {
    let report = std::fs::read_to_string(folder().join("S01_happy_path/scans/shop1--after.json")).unwrap();
    let start = run.clock + SignedDuration::from_mins(1);
    for minutes in (0..days * 24 * 60).step_by(15) {
        let at = start + SignedDuration::from_mins(minutes);
        line(run, at, "mon1", "roundsman-probe: probe=shop-login asset=shop1 result=ok latency_ms=91");
        if minutes % 60 == 0 {
            line(run, at, "shop1", "CRON[77]: (root) CMD (run-parts --report /etc/cron.hourly)");
        }
        if minutes % (24 * 60) == 0 {
            line(run, at, "shop1", "systemd[1]: Started nginx.service - Web front of the shop.");
            line(run, at, "shop1", "systemd[1]: Started exim4.service - Exim mail transport agent.");
            let text = report.replace("2026-11-23T05:58:00", &at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
            assert_ne!(text, report);
            run.feed(at, &Feed { input: "scans".into(), path: "scans/shop1--after.json".into(), text });
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
    let happy = scenario("S01_happy_path");
    for restarts in [false, true] {
        let mut run = Run::through(&happy, &happy.lines);
        let before = run.cases[GNUTLS].clone();
        ordinary_days(&mut run, 80, restarts);
        look_again(&mut run);
        assert_eq!(run.case(GNUTLS), before, "restarts: {restarts}");
        assert_eq!(run.raised(GNUTLS), [""; 0]);
    }
}

#[test]
fn a_unit_that_is_started_every_day_does_not_move_an_old_activation() {
    let happy = scenario("S01_happy_path");
    let mut all = happy.lines.clone();
    let earlier = json!({"received": "2026-11-21T09:00:00Z", "host": "shop1", "transport": "tls",
        "raw": "<30>Nov 21 09:00:00 shop1 systemd[1]: Started nginx.service - Web front of the shop."});
    let at = all.iter().position(|l: &Value| l["received"].as_str() > earlier["received"].as_str()).unwrap();
    all.insert(at, earlier);
    let mut run = Run::through(&happy, &all);
    let before = run.cases[GNUTLS].clone();
    ordinary_days(&mut run, 80, false);
    look_again(&mut run);
    assert_eq!(run.case(GNUTLS), before);
}

#[test]
fn forgetting_activity_is_not_silence() {
    let unscanned = scenario("S30j_no_scan");
    for restarts in [false, true] {
        let mut run = Run::through(&unscanned, &unscanned.lines);
        let before = run.cases[GNUTLS].clone();
        assert_eq!((before.checks.health.result, before.checks.logs.result), (CheckResult::Pass, CheckResult::Pass));
        let last = run.clock;
        for hour in 1..24 * 40 {
            line(&mut run, last + SignedDuration::from_hours(hour), "shop1", "CRON[7]: (root) CMD (true)");
            if restarts && hour % 24 == 0 {
                run.restart();
            }
        }
        look_again(&mut run);
        let after = run.case(GNUTLS);
        assert_eq!((&after.checks, &after.history), (&before.checks, &before.history), "restarts: {restarts}");
        assert_eq!(run.open(GNUTLS), ["PV18 critical"]);
    }
}

#[test]
fn silence_after_activation_stays_silence_when_the_host_has_talked_for_weeks() {
    let unscanned = scenario("S30j_no_scan");
    let starts = |l: &Value| l["raw"].as_str().is_some_and(|raw| raw.contains("Started"));
    let activated = unscanned.lines.iter().rposition(starts).unwrap();
    let mut run = Run::new(&unscanned);
    unscanned.lines[..=activated].iter().for_each(|line| run.one(line));
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
