//! The page for the meeting, on a week of a small organisation.
#![allow(missing_docs)]

mod common;

use std::{collections::BTreeMap, path::Path};

use common::{alert, at, case, routes};
use jiff::{civil::date, tz::TimeZone};
use proptest::prelude::*;
use roundsman_rules::{
    alert::{Alert, Severity},
    case::{CheckResult, Class, State},
    silence,
};
use roundsman_sinks::{
    Commit, Routes,
    digest::{self, AssetNote, Colour, Meeting, Period, Row, Section},
    store::{Count, Decision},
};
use serde_json::{Value, json};

fn vienna() -> TimeZone {
    TimeZone::get("Europe/Vienna").expect("the zone is known")
}

fn decision(time: &str, record: Value) -> Decision {
    Decision { at: at(time), record }
}

fn silent(host: &str, raised: &str) -> Alert {
    let mut a = alert("silence", Severity::Medium, raised);
    a.rule.id = silence::RULE.to_owned();
    a.key = BTreeMap::from([("host.name".to_owned(), host.to_owned())]);
    a.hosts = vec![host.to_owned()];
    a.title = format!("{host} went silent");
    a.why = "no record for 26 h, usually one every 40 min".to_owned();
    a
}

fn counts() -> Vec<Count> {
    let mut counts = Vec::new();
    for day in 1..=15 {
        for (host, source, lines, unknown) in
            [("mail1", "sshd", 1_200, 0), ("db1", "postgresql", 9_000, 40), ("print1", "udp", 300, 290)]
        {
            let (host, source, format) = (host.to_owned(), source.to_owned(), source.to_owned());
            let last = at(&format!("2026-03-{day:02}T22:30:00Z"));
            counts.push(Count { day: date(2026, 3, day), host, source, format, lines, unknown, last });
        }
    }
    counts
}

/// Week 11 of 2026: an exploited flaw, a failed verification, a rollback, a guess, a silent host.
fn week() -> Meeting {
    let mut meeting = Meeting::new(Period::parse("2026-W11", &vienna()).expect("a week"));
    meeting.routes = routes(Severity::High, &["soc"]);
    for (asset, owner) in [("mail1", Some("Post")), ("db1", Some("DBA")), ("edge1", Some("Net")), ("kiosk1", None)] {
        meeting.assets.insert(asset.to_owned(), AssetNote { owner: owner.map(str::to_owned), ..AssetNote::default() });
    }
    let mut exploited = case("edge1/ADV-31", Class::Critical, "2026-03-12T08:00:00Z", &[]);
    exploited.kev = true;
    exploited.due.deploy = Some(at("2026-03-17T08:00:00Z"));
    let good = |id: &str| {
        let path = [
            ("2026-03-10T01:10:00Z", State::Installed),
            ("2026-03-10T01:11:00Z", State::Verifying),
            ("2026-03-11T06:00:00Z", State::Verified),
        ];
        case(id, Class::Important, "2026-03-03T08:00:00Z", &path)
    };
    let mut failed = case(
        "db1/ADV-30",
        Class::Important,
        "2026-03-03T08:00:00Z",
        &[("2026-03-10T01:10:00Z", State::Installed), ("2026-03-10T02:10:00Z", State::VerifyFailed)],
    );
    failed.checks.health.result = CheckResult::Fail;
    failed.checks.health.why = "postgresql@15-main.service failed twice".to_owned();
    failed.due.verify = Some(at("2026-03-17T01:10:00Z"));
    let back = case(
        "kiosk1/ADV-30",
        Class::Important,
        "2026-03-03T08:00:00Z",
        &[("2026-03-09T12:00:00Z", State::Installed), ("2026-03-10T12:00:00Z", State::RolledBack)],
    );
    meeting.cases = vec![exploited, good("mail1/ADV-30"), good("mail1/ADV-29"), failed, back];

    let mut guess = alert("guessing", Severity::High, "2026-03-11T02:00:00Z");
    guess.title = "Guessing from inside".to_owned();
    let mut closed = alert("sudo", Severity::High, "2026-03-12T02:00:00Z");
    closed.hosts = vec!["db1".to_owned()];
    let mut scan = alert("web-scan", Severity::Medium, "2026-03-12T04:00:00Z");
    scan.cleared = Some(at("2026-03-12T05:10:00Z"));
    let before = alert("web-scan", Severity::Medium, "2026-03-04T04:00:00Z");
    let word = json!({"kind": "alert", "id": closed.id, "to": "closed", "reason": "false_positive", "by": "ada"});
    meeting.decisions = vec![
        decision("2026-03-12T08:00:00Z", word),
        decision("2026-03-13T08:00:00Z", json!({"kind": "resource", "text": "patch evening", "hours": "6.5"})),
        decision(
            "2026-03-13T08:01:00Z",
            json!({"kind": "action", "text": "label the switches", "owner": "Net", "due": "2026-03-20T00:00:00Z"}),
        ),
        decision(
            "2026-03-13T08:02:00Z",
            json!({"kind": "exception", "id": "EX-4", "asset": "kiosk1", "advisory": "ADV-30", "expires": "2026-03-14T23:00:00Z"}),
        ),
    ];
    meeting.alerts = vec![guess, closed, scan, before, silent("switch3", "2026-03-14T10:00:00Z")];
    meeting.counts = counts();
    let job = Row::new("backup_failed", "nightly-db1", "2 of 7 runs failed");
    meeting.rows = vec![(Section::Backups, Row { severity: Some(Severity::Medium), ..job })];
    meeting
}

fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, text).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} differs; look at it, then run again with UPDATE_GOLDEN=1:\n{text}");
}

#[test]
fn the_week_is_written_as_before() {
    let digest = digest::build(&week());
    golden("week.txt", &digest::text::render(&digest, &vienna(), false));
    golden("week.md", &digest::markdown::render(&digest, &vienna()));
    golden("week.csv", &digest::csv::render(&digest));
    golden("week.html", &digest::html::render(&digest, &vienna()));
    golden("week.json", &serde_json::to_string_pretty(&digest).expect("it serialises"));
}

#[test]
fn no_line_of_the_text_is_wider_than_the_page() {
    let text = digest::text::render(&digest::build(&week()), &vienna(), false);
    for line in text.lines() {
        assert!(line.chars().count() <= digest::text::WIDTH, "{line}");
    }
}

#[test]
fn an_empty_week_is_a_digest_and_no_good_news() {
    let meeting = Meeting::new(Period::parse("2026-W11", &TimeZone::UTC).expect("a week"));
    let digest = digest::build(&meeting);
    assert_eq!(digest.headline.colour, Colour::Amber);
    assert_eq!(digest.evidence.complete_percent, None);
    assert!(digest.numbers.iter().all(|n| n.this.is_none() && n.trend.len() == 8), "{:?}", digest.numbers);
    golden("empty.txt", &digest::text::render(&digest, &TimeZone::UTC, false));
}

#[test]
fn a_quiet_week_with_every_sender_heard_is_green() {
    let mut meeting = Meeting::new(Period::parse("2026-W11", &vienna()).expect("a week"));
    meeting.counts = counts();
    let digest = digest::build(&meeting);
    assert_eq!(digest.headline.colour, Colour::Green, "{}", digest.headline.text);
    assert_eq!(digest.evidence.complete_percent, Some(100.0));
}

#[test]
fn a_sender_that_said_nothing_all_week_is_silent_without_any_alert() {
    let mut meeting = Meeting::new(Period::parse("2026-W11", &vienna()).expect("a week"));
    meeting.counts = counts();
    meeting.counts.retain(|count| count.host != "db1" || count.day < date(2026, 3, 8));
    let digest = digest::build(&meeting);
    let silent: Vec<&str> = digest.evidence.silent.iter().map(|row| row.subject.as_str()).collect();
    assert_eq!((silent, digest.headline.colour), (vec!["db1"], Colour::Amber));
    assert_eq!(digest.evidence.complete_percent, Some(66.6));
    let number = digest.numbers.iter().find(|n| n.name == "sources_silent").expect("it is there");
    assert_eq!((number.this, number.last), (Some(1.0), Some(0.0)));
    meeting.counts.retain(|count| count.day < date(2026, 3, 8));
    assert_eq!(digest::build(&meeting).evidence.complete_percent, Some(0.0));
}

#[test]
fn colours_follow_what_is_open_and_not_what_was() {
    let colour = |change: &dyn Fn(&mut Meeting)| {
        let mut meeting = Meeting::new(Period::parse("2026-W11", &vienna()).expect("a week"));
        meeting.counts = counts();
        change(&mut meeting);
        digest::build(&meeting).headline.colour
    };
    let critical = || alert("wiped", Severity::Critical, "2026-03-11T02:00:00Z");
    assert_eq!(colour(&|m| m.alerts.push(critical())), Colour::Red);
    let cleared = |m: &mut Meeting| {
        m.alerts.push(Alert { cleared: Some(at("2026-03-11T03:00:00Z")), ..critical() });
    };
    assert_eq!(colour(&cleared), Colour::Green);
    let later = |m: &mut Meeting| m.alerts.push(alert("wiped", Severity::Critical, "2026-03-16T02:00:00Z"));
    assert_eq!(colour(&later), Colour::Green, "the next week's alert is not this week's");
    assert_eq!(colour(&|m| m.alerts.push(silent("mail1", "2026-03-11T02:00:00Z"))), Colour::Amber);
    let exploited = |due: &str| {
        let mut c = case("edge1/ADV-31", Class::Critical, "2026-03-02T08:00:00Z", &[]);
        (c.kev, c.due.deploy) = (true, Some(at(due)));
        c
    };
    assert_eq!(colour(&|m| m.cases.push(exploited("2026-03-20T00:00:00Z"))), Colour::Amber);
    assert_eq!(colour(&|m| m.cases.push(exploited("2026-03-05T00:00:00Z"))), Colour::Red);
}

#[test]
fn medium_alerts_are_parked_unless_a_route_took_them() {
    let mut meeting = week();
    let parked: Vec<String> = digest::build(&meeting).parked.into_iter().filter_map(|row| row.alert).collect();
    let medium: Vec<String> = [2, 4].iter().map(|i| meeting.alerts[*i].id.clone()).collect();
    assert_eq!(parked, medium, "cleared ones too, last week's not");
    meeting.routes = routes(Severity::Medium, &["soc"]);
    assert_eq!(digest::build(&meeting).parked, []);
    meeting.routes = Routes::default();
    assert_eq!(digest::build(&meeting).parked.len(), 2);
}

#[test]
fn a_page_made_later_says_the_same() {
    let now = week();
    let mut later = week();
    later.cases[0].history.push(roundsman_rules::case::Transition {
        at: at("2026-03-18T00:00:00Z"),
        state: State::Installed,
        why: "next week".to_owned(),
        evidence: vec![],
    });
    later.cases[0].state = State::Installed;
    later.alerts[0].cleared = Some(at("2026-03-18T00:00:00Z"));
    let (mut a, mut b) = (digest::build(&now), digest::build(&later));
    a.cases.clear();
    b.cases.clear();
    assert_eq!(a, b);
}

#[tokio::test]
async fn the_store_gives_the_same_page_as_plain_data() {
    let (store, _dir) = common::store().await;
    let week = week();
    let commit = Commit {
        at: at("2026-03-16T00:00:00Z"),
        alerts: week.alerts.clone(),
        cases: week.cases.clone(),
        counts: week.counts.clone(),
        decisions: week.decisions.clone(),
        ..Commit::default()
    };
    store.commit(&commit, &week.routes).await.expect("it commits");
    let mut read = Meeting::read(&store, week.period.clone()).await.expect("it reads");
    (read.routes, read.assets, read.rows) = (week.routes.clone(), week.assets.clone(), week.rows.clone());
    assert_eq!(digest::build(&read).to_json(), digest::build(&week).to_json());
}

proptest! {
    #[test]
    fn the_order_of_the_input_does_not_show(order in Just(()).prop_perturb(|(), mut rng| (rng.random::<u64>(), rng.random::<u64>()))) {
        let sorted = week();
        let mut shuffled = week();
        let by = |seed: u64, n: usize| { let mut i: Vec<usize> = (0..n).collect(); i.sort_by_key(|k| (*k as u64 + 1).wrapping_mul(seed | 1)); i };
        shuffled.alerts = by(order.0, sorted.alerts.len()).into_iter().map(|i| sorted.alerts[i].clone()).collect();
        shuffled.cases = by(order.1, sorted.cases.len()).into_iter().map(|i| sorted.cases[i].clone()).collect();
        shuffled.counts = by(order.0 ^ order.1, sorted.counts.len()).into_iter().map(|i| sorted.counts[i].clone()).collect();
        let (a, b) = (digest::build(&sorted), digest::build(&shuffled));
        prop_assert_eq!(a.to_json(), b.to_json());
        prop_assert_eq!(digest::html::render(&a, &vienna()), digest::html::render(&b, &vienna()));
    }
}

/// A week with more of everything than the page shows.
fn busy() -> Meeting {
    let mut meeting = week();
    for n in 0..12 {
        let mut failed = case(
            &format!("app{n}/ADV-{}", 40 + n),
            Class::Important,
            "2026-02-20T08:00:00Z",
            &[("2026-03-10T01:10:00Z", State::Installed), ("2026-03-10T02:10:00Z", State::VerifyFailed)],
        );
        failed.checks.closure.result = CheckResult::Fail;
        failed.checks.closure.why =
            "the scanner of 12 Mar still lists CVE-2026-40404 for libexample 2.4.1-3".to_owned();
        failed.due.verify = Some(at("2026-03-18T01:10:00Z"));
        meeting.cases.push(failed);
        let path = [("2026-03-11T01:10:00Z", State::Installed), ("2026-03-12T06:00:00Z", State::Verified)];
        meeting.cases.push(case(&format!("app{n}/ADV-{}", 60 + n), Class::Minor, "2026-03-03T08:00:00Z", &path));
        let mut a = alert(&format!("scan{n}"), Severity::Medium, &format!("2026-03-12T{n:02}:00:00Z"));
        a.title = format!("Web scanner from 198.51.100.{n}");
        a.why = "312 requests for 41 paths that do not exist within 10 minutes, all refused".to_owned();
        meeting.alerts.push(a);
        meeting.alerts.push(silent(&format!("switch{n}"), "2026-03-14T10:00:00Z"));
        for section in [Section::Access, Section::Backups, Section::Process, Section::Actions, Section::Compliance] {
            let row = Row::new(
                "reminder",
                format!("subject {n}"),
                "a sentence of some length with its figures: 12 of 31, goal 30",
            );
            meeting.rows.push((section, row));
        }
    }
    meeting
}

#[test]
fn a_busy_week_shows_seven_of_each_and_counts_the_rest() {
    let digest = digest::build(&busy());
    assert!(digest.discuss.len() > 7 && digest.parked.len() > 7, "the record is not cut");
    let html = digest::html::render(&digest, &vienna());
    if let Some(path) = std::env::var_os("BUSY_HTML") {
        std::fs::write(path, &html).expect("the file can be written");
    }
    let text = digest::text::render(&digest, &vienna(), false);
    assert!(text.contains(&format!("+{} more", digest.discuss.len() - 7)), "{text}");
    assert!(html.contains(&format!("+{} more", digest.parked.len() - digest.evidence.silent.len() - 7)));
}

#[test]
fn what_comes_next_holds_recurring_windows_patch_days_and_blackouts() {
    let mut meeting = Meeting::new(Period::parse("2026-W11", &vienna()).expect("a week"));
    let note = || AssetNote { windows: "Sun 01:00-05:00".parse().expect("a window"), ..AssetNote::default() };
    for asset in ["mail1", "mail2"] {
        meeting.assets.insert(asset.to_owned(), note());
        meeting.cases.push(case(&format!("{asset}/ADV-31"), Class::Important, "2026-03-12T08:00:00Z", &[]));
    }
    let policy =
        "[calendar]\npatch_day = \"3rd Tue\"\nblackout = [{ from = 2026-04-03, to = 2026-04-06, why = \"Easter\" }]\n";
    let (policy, problems) = roundsman_rules::inputs::Policy::read("policy.toml".as_ref(), policy);
    assert!(problems.is_empty());
    meeting.calendar = policy.expect("a policy").calendar;
    let next = digest::build(&meeting).next;
    let said: Vec<_> = next.iter().map(|row| (row.what.as_str(), row.subject.as_str(), row.text.as_str())).collect();
    assert!(said.contains(&("window", "patch day", "patch day 17 Mar (3rd Tue)")), "{said:?}");
    assert!(said.contains(&("window", "mail1, mail2", "22 Mar 01:00-05:00: 2 assets, 1 advisory")), "{said:?}");
    assert!(said.contains(&("blackout", "all assets", "nothing is deployed from 3 Apr to 6 Apr: Easter")), "{said:?}");
}
