//! Commands that read a data folder beside the instance, or leave it decisions.

use std::{collections::BTreeMap, fs, path::Path};

use jiff::Timestamp;
use roundsman_ingest::{
    Kind, Origin, Transport,
    journal::{Journal, Options},
    metrics::Metrics,
};
use roundsman_rules::{Alert, Evidence, RuleRef, Severity, Status, silence};
use roundsman_sinks::{Commit, Store, store::Count};
use serde_json::Value;

use super::{folder, run, stderr, stdout};

const LINES: [&str; 3] = [
    "Nov 22 03:09:05 web1 sshd[7]: Failed password for ops from 192.0.2.4 port 5 ssh2",
    "Nov 22 03:09:07 web1 sshd[7]: Accepted password for ops from 192.0.2.4 port 5 ssh2",
    "Nov 22 03:09:08 db1 postgres: something \x1b[31mred",
];

fn alert(id: &str, severity: Severity, title: &str) -> Alert {
    let at: Timestamp = "2026-11-22T03:10:00Z".parse().unwrap();
    Alert {
        kind: "alert".into(),
        id: id.into(),
        rule: RuleRef { id: "probe".into(), name: "Probe".into(), tags: Vec::new() },
        severity,
        status: Status::New,
        title: title.into(),
        key: BTreeMap::from([("source.ip".into(), "192.0.2.4".into())]),
        hosts: vec!["web1".into()],
        count: 31,
        first: at,
        last: at,
        raised: at,
        cleared: None,
        case: None,
        evidence: vec![Evidence { id: "e1".into(), received: at, host: Some("web1".into()), raw: LINES[2].into() }],
        why: "31 failures in 5 minutes".into(),
        next: "Block it".into(),
    }
}

fn silent(host: &str) -> Alert {
    let rule = RuleRef { id: silence::RULE.into(), name: "Silence".into(), tags: Vec::new() };
    let key = BTreeMap::from([("host.name".into(), host.into())]);
    Alert { rule, key, ..alert("ffff000000000003", Severity::Low, "A source has gone silent") }
}

fn count(host: &str) -> Count {
    Count {
        day: "2026-11-22".parse().unwrap(),
        host: host.into(),
        source: "tcp://127.0.0.1:5514".into(),
        format: "sshd".into(),
        lines: 40,
        unknown: 1,
        last: Timestamp::now(),
    }
}

/// Writes lines to the journal of a data folder.
fn journal(data: &Path, lines: &[impl AsRef<str>]) {
    fs::create_dir_all(data).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (journal, _) = Journal::open(data, Options::default(), Metrics::new()).unwrap();
        let appender = journal.appender();
        let origin = appender.origin(&Origin::new(Transport::Tcp, "tcp://127.0.0.1:5514"));
        let mut batch = appender.batch();
        for line in lines {
            batch.push(&origin, Timestamp::now(), Kind::Line, false, line.as_ref().as_bytes()).unwrap();
        }
        appender.append(batch).await.unwrap();
        journal.stop().await.unwrap();
    });
}

/// A data folder with three records in its journal, and three alerts and two sources in its store.
fn instance() -> tempfile::TempDir {
    let folder = folder(&[]);
    let data = folder.path().join("roundsman-data");
    fs::create_dir(&data).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    journal(&data, &LINES);
    runtime.block_on(async {
        let store = Store::open("sqlite:roundsman.db", &data).await.unwrap();
        let commit = Commit {
            at: Timestamp::now(),
            alerts: vec![
                alert("aaaa000000000001", Severity::Medium, "Guessing"),
                alert("aaab000000000002", Severity::Critical, "A login after guessing"),
                silent("db1"),
            ],
            counts: vec![count("web1"), count("db1")],
            ..Commit::default()
        };
        store.commit(&commit, &Default::default()).await.unwrap();
        store.close().await;
    });
    folder
}

fn ok(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args, b"");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn the_queue_lists_the_most_urgent_first_and_shows_one_with_its_evidence() {
    let here = instance();
    let told = ok(here.path(), &["alerts", "list"]);
    let rows: Vec<&str> = told.lines().collect();
    assert!(rows[1].starts_with("critical") && rows[2].starts_with("medium"), "{told}");
    let told = ok(here.path(), &["alerts", "show", "aaab"]);
    for part in ["A login after guessing", "31 failures in 5 minutes", "Block it", "something \\u{1b}[31mred"] {
        assert!(told.contains(part), "no `{part}` in:\n{told}");
    }
    assert!(!told.contains('\x1b'), "a log line must not drive the terminal");
    let json: Value =
        serde_json::from_str(&ok(here.path(), &["alerts", "show", "aaaa000000000001", "--json"])).unwrap();
    assert_eq!(json["title"], "Guessing");
    assert_eq!(ok(here.path(), &["alerts", "list", "--severity", "high", "--json"]).lines().count(), 1);
}

#[test]
fn an_id_that_fits_several_alerts_or_none_is_refused() {
    let here = instance();
    for (id, told) in [("aaa", "2 alerts begin with"), ("zz", "there is no alert")] {
        let output = run(here.path(), &["alerts", "ack", id], b"");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
}

#[test]
fn decisions_are_left_for_the_running_instance_in_the_order_they_were_made() {
    let here = instance();
    ok(here.path(), &["alerts", "close", "aaab", "--reason", "false_positive", "--note", "our own scanner"]);
    ok(here.path(), &["record", "restore_test", "job=nightly", "result=ok"]);
    let folder = here.path().join("roundsman-data/decisions");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &Path| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let decisions: Vec<Value> = files.iter().map(|path| read(path)).collect();
    assert_eq!(decisions.len(), 2);
    assert_eq!((&decisions[0]["kind"], &decisions[0]["id"]), (&"alert".into(), &"aaab000000000002".into()));
    assert_eq!((&decisions[0]["to"], &decisions[0]["reason"]), (&"closed".into(), &"false_positive".into()));
    assert_eq!(decisions[1]["job"], "nightly");
    assert!(decisions[0]["by"].is_string());
}

#[test]
fn the_journal_is_verified_printed_and_exported_for_a_replay() {
    let here = instance();
    assert!(ok(here.path(), &["journal", "verify"]).starts_with("sound: 3 records"));
    let printed = ok(here.path(), &["journal", "cat", "roundsman-data"]);
    assert_eq!(printed.lines().collect::<Vec<_>>(), LINES);
    let exported = ok(here.path(), &["journal", "export"]);
    let first: Value = serde_json::from_str(exported.lines().next().unwrap()).unwrap();
    assert_eq!((&first["raw"], &first["transport"]), (&LINES[0].into(), &"tcp".into()));
    let parsed = run(here.path(), &["parse", "--input", "jsonl", "--flat"], exported.as_bytes());
    assert_eq!(stdout(&parsed).lines().count(), 3);
    assert_eq!(ok(here.path(), &["journal", "cat", "--from", "2999-01-01T00:00:00Z"]), "");
}

#[test]
fn a_damaged_journal_is_told_with_exit_code_1() {
    let here = instance();
    let folder = here.path().join("roundsman-data/journal");
    let mut segments: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    segments.sort();
    let segment = segments.into_iter().find(|path| fs::read(path).unwrap().windows(6).any(|w| w == b"Failed")).unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    let at = bytes.windows(6).position(|w| w == b"Failed").unwrap();
    bytes[at] = b'f';
    fs::write(&segment, bytes).unwrap();
    let output = run(here.path(), &["journal", "verify"], b"");
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).starts_with("damaged: 2 records") && stderr(&output).contains("position"));
}

#[test]
fn a_tap_shows_the_last_events_that_fit_its_conditions() {
    let here = instance();
    let told = ok(here.path(), &["tap", "--once", "-n", "3", "--where", "event.outcome=failure"]);
    let events: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["event"]["original"], LINES[0]);
    assert_eq!(ok(here.path(), &["tap", "--once", "-n", "2", "--where", "host.name=*1"]).lines().count(), 2);
    assert_eq!(ok(here.path(), &["tap", "--once"]), "");
}

#[test]
fn top_measures_once_for_scripts() {
    let here = instance();
    let told = ok(here.path(), &["top", "--once", "--interval", "1s"]);
    assert!(told.contains("records/s=0.0") && told.contains("open_alerts=3"), "{told}");
}

#[test]
fn sources_say_who_sends_who_went_silent_and_how_much_nobody_understands() {
    let here = instance();
    let told = ok(here.path(), &["sources", "list"]);
    let rows: Vec<&str> = told.lines().collect();
    assert!(rows[1].starts_with("db1 (silent)") && rows[2].starts_with("web1 "), "{told}");
    assert!(told.contains("2.5 %"), "{told}");
    let listed = ok(here.path(), &["sources", "list", "--json"]);
    let rows: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&rows[0]["lines"], &rows[0]["silent"], &rows[1]["silent"]), (&40.into(), &true.into(), &false.into()));
}

#[test]
fn the_digest_of_an_empty_week_is_a_digest_too() {
    let here = instance();
    let json: Value =
        serde_json::from_str(&ok(here.path(), &["digest", "--week", "2026-W40", "--format", "json"])).unwrap();
    assert_eq!((&json["kind"], &json["period"]["name"]), (&"digest".into(), &"2026-W40".into()));
    for format in ["text", "html", "md", "csv"] {
        assert!(!ok(here.path(), &["digest", "--week", "2026-W40", "--format", format]).is_empty(), "{format}");
    }
    assert_eq!(ok(here.path(), &["digest", "--week", "2026-W40"]), ok(here.path(), &["digest", "--week", "2026-W40"]));
}

#[test]
fn rules_say_how_often_they_fired() {
    let here = instance();
    let listed = ok(here.path(), &["rules", "list", "--json"]);
    let rules: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rules.iter().all(|rule| rule["fired"] == 0));
    let id = rules[0]["id"].as_str().unwrap();
    assert!(ok(here.path(), &["rules", "show", id]).contains(rules[0]["title"].as_str().unwrap()));
}

#[test]
fn check_shows_who_sends_unknown_lines_and_their_commonest_shapes() {
    let here = folder(&[]);
    let lines: Vec<String> = (1..=5)
        .map(|n| format!("<13>Nov 22 09:14:0{n} nas1 zapd: frob {n} of \"x{n}\" took {n}ms"))
        .chain((1..=2).map(|n| format!("<13>Nov 22 09:14:1{n} nas1 zapd: gave up after {n} tries")))
        .chain(["<86>Nov 22 09:14:20 nas1 sshd[7]: Accepted publickey for root from 192.0.2.7 port 22".to_owned()])
        .collect();
    journal(&here.path().join("roundsman-data"), &lines);
    let told = ok(here.path(), &["check"]);
    let told = told.split_once("Not understood").expect("a section of unknown lines").1;
    assert!(told.contains("nas1 7 of 8 lines, 87.5 %"), "{told}");
    let (first, second) =
        (told.find("5 x zapd: frob * of \"*\" took *ms"), told.find("2 x zapd: gave up after * tries"));
    assert!(first.is_some() && first < second, "{told}");
}

#[test]
fn new_rules_are_tried_on_what_the_journal_holds() {
    let here = instance();
    fs::create_dir(here.path().join("new")).unwrap();
    let rule = "title: Failed\nid: failed\nlevel: low\nlogsource: {product: linux, service: sshd}\n\
                detection: {sel: {event.outcome: failure}, condition: sel}\n";
    fs::write(here.path().join("new/failed.yml"), rule).unwrap();
    let journal = "roundsman-data/journal";
    let told = ok(here.path(), &["replay", "--print", "rules", "--output", "ndjson", "--rules", "new", journal]);
    let told: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((told.len(), &told[0]["rule"], &told[0]["matches"]), (1, &Value::from("failed"), &Value::from(1)));
    assert_eq!(told[0]["alerts"], 1);
    let later =
        ["replay", "--print", "rules,alerts", "--since", "2200-01-01T00:00:00Z", "--rules", "new", "--", journal];
    assert_eq!(ok(here.path(), &later), "");
}

#[test]
fn exceptions_are_listed_and_those_that_have_ended_are_findings() {
    let here = instance();
    let exception = |id: &str, expires: &str| {
        format!(
            "[[rules.exception]]\nid = \"{id}\"\nrules = [\"ssh_login_failed\"]\nwhere = {{ \"source.ip\" = [\"192.0.2.0/24\"] }}\n\
             owner = \"soc\"\nreason = \"our scanner\"\nexpires = \"{expires}\"\n"
        )
    };
    let config = exception("old", "2020-12-31") + &exception("new", "2199-12-31T00:00:00Z");
    fs::write(here.path().join("roundsman.toml"), config).unwrap();
    let listed = ok(here.path(), &["rules", "list"]);
    assert!(listed.contains("our scanner") && listed.contains("has ended"), "{listed}");
    let checked = ok(here.path(), &["check"]);
    assert!(
        checked.contains("the exception `old` has ended: soc asked for it") && !checked.contains("`new`"),
        "{checked}"
    );
    fs::write(here.path().join("roundsman.toml"), exception("vague", "some day")).unwrap();
    let refused = run(here.path(), &["check"], b"");
    assert!(stdout(&refused).contains("ends at `some day`, which is no date"), "{}", stdout(&refused));
}
