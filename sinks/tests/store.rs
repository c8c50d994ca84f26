//! The store, on real files.
#![allow(missing_docs)]

mod common;

use common::{alert, at, case, routes, store};
use jiff::civil::date;
use roundsman_rules::{
    alert::{Alert, Severity, Status},
    case::{Class, State},
};
use roundsman_sinks::{
    Change, Commit, Routes, Store, StoreError,
    store::{AlertFilter, CaseFilter, Count, Decision, Role, Session, User},
};
use serde_json::json;

fn with(alerts: &[Alert]) -> Commit {
    Commit { at: at("2026-03-04T10:00:00Z"), alerts: alerts.to_vec(), ..Commit::default() }
}

fn word_of(id: &str, time: &str, to: &str, more: &[(&str, &str)]) -> Commit {
    let mut record = json!({"kind": "alert", "id": id, "to": to, "by": "ada"});
    for (name, value) in more {
        record[*name] = json!(value);
    }
    Commit { at: at(time), decisions: vec![Decision { at: at(time), record }], ..Commit::default() }
}

#[tokio::test]
async fn a_commit_is_found_again_after_a_restart() {
    let (store, dir) = store().await;
    let commit = Commit {
        position: Some("seg-3:4096".to_owned()),
        state: vec![("a".to_owned(), Some(vec![0, 159, 255])), ("b".to_owned(), Some(vec![1]))],
        alerts: vec![alert("guess", Severity::High, "2026-03-04T09:00:00Z")],
        cases: vec![case("mail1/ADV-1", Class::Important, "2026-03-01T00:00:00Z", &[])],
        ..with(&[])
    };
    store.commit(&commit, &Routes::default()).await.unwrap();
    let gone = Commit { position: Some("seg-3:8192".to_owned()), state: vec![("b".to_owned(), None)], ..with(&[]) };
    store.commit(&gone, &Routes::default()).await.unwrap();
    store.close().await;

    let store = Store::open("sqlite:test.db", dir.path()).await.unwrap();
    let resume = store.resume().await.unwrap();
    assert_eq!(resume.position.as_deref(), Some("seg-3:8192"));
    assert_eq!(resume.at, Some(commit.at));
    assert_eq!(resume.state, [("a".to_owned(), vec![0, 159, 255])]);
    assert_eq!(store.alert(&commit.alerts[0].id).await.unwrap().as_ref(), Some(&commit.alerts[0]));
    assert_eq!(store.case("mail1/ADV-1").await.unwrap().as_ref(), Some(&commit.cases[0]));
}

#[tokio::test]
async fn an_alert_that_only_counts_on_is_told_to_nobody() {
    let (store, _dir) = store().await;
    let to_soc = routes(Severity::High, &["soc"]);
    let mut a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    let first = store.commit(&with(&[a.clone()]), &to_soc).await.unwrap();
    assert_eq!((first.changes[0].0, first.queued), (Change::Raised, 1));
    a.count = 500;
    let second = store.commit(&with(&[a.clone()]), &to_soc).await.unwrap();
    assert_eq!((second.changes.len(), second.queued), (0, 0));
    assert_eq!(store.alert(&a.id).await.unwrap().unwrap().count, 500);
}

#[tokio::test]
async fn who_heard_of_an_alert_hears_that_it_fell_and_cleared() {
    let (store, _dir) = store().await;
    let to_soc = routes(Severity::High, &["soc"]);
    let mut a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    let raised = a.clone();
    a.severity = Severity::Medium;
    let fallen = a.clone();
    a.cleared = Some(at("2026-03-04T09:30:00Z"));
    let done = store.commit(&with(&[raised, fallen, a.clone()]), &to_soc).await.unwrap();
    let what: Vec<Change> = done.changes.iter().map(|(change, _)| *change).collect();
    assert_eq!(what, [Change::Raised, Change::Severity, Change::Cleared]);
    assert_eq!(done.queued, 3);
    let words: Vec<String> = store.history(&a.id).await.unwrap().into_iter().map(|h| h.what).collect();
    assert_eq!(words, ["raised", "severity", "cleared"]);
}

#[tokio::test]
async fn the_same_commit_twice_notifies_once() {
    let (store, _dir) = store().await;
    let to_both = routes(Severity::High, &["soc", "pager"]);
    let commit = with(&[alert("guess", Severity::Critical, "2026-03-04T09:00:00Z")]);
    store.commit(&commit, &to_both).await.unwrap();
    store.commit(&commit, &to_both).await.unwrap();
    let due: Vec<u64> = store.queue_counts().await.unwrap().iter().map(|q| q.due).collect();
    assert_eq!(due, [1, 1]);
}

#[tokio::test]
async fn the_pipeline_never_overwrites_what_a_person_decided() {
    let (store, _dir) = store().await;
    let mut a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    store.commit(&with(&[a.clone()]), &Routes::default()).await.unwrap();
    let closed = word_of(&a.id, "2026-03-04T10:05:00Z", "closed", &[("reason", "benign"), ("note", "our own test")]);
    store.commit(&closed, &Routes::default()).await.unwrap();
    a.count = 99;
    store.commit(&with(&[a.clone()]), &Routes::default()).await.unwrap();
    let now = store.alert(&a.id).await.unwrap().unwrap();
    assert_eq!((now.status, now.count), (Status::Closed, 99));
    let last = store.history(&a.id).await.unwrap().pop().unwrap();
    assert_eq!((last.by.as_str(), last.what.as_str(), last.note.as_str()), ("ada", "closed: benign", "our own test"));
}

#[tokio::test]
async fn an_alert_that_comes_back_is_new_again() {
    let (store, _dir) = store().await;
    let mut a = alert("PV03", Severity::High, "2026-03-04T09:00:00Z");
    a.cleared = Some(at("2026-03-04T09:10:00Z"));
    store.commit(&with(&[a.clone()]), &Routes::default()).await.unwrap();
    store.commit(&word_of(&a.id, "2026-03-04T09:20:00Z", "closed", &[]), &Routes::default()).await.unwrap();
    a.cleared = None;
    let back = store.commit(&with(&[a.clone()]), &Routes::default()).await.unwrap();
    assert_eq!(back.changes[0].0, Change::Raised);
    assert_eq!(store.alert(&a.id).await.unwrap().unwrap().status, Status::New);
}

#[tokio::test]
async fn a_status_that_was_set_until_a_date_ends_with_it() {
    let (store, _dir) = store().await;
    let a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    store.commit(&with(std::slice::from_ref(&a)), &Routes::default()).await.unwrap();
    let until = word_of(&a.id, "2026-03-04T10:05:00Z", "acknowledged", &[("expires", "2026-03-05T00:00:00Z")]);
    store.commit(&until, &Routes::default()).await.unwrap();
    assert_eq!(store.alert(&a.id).await.unwrap().unwrap().status, Status::Acknowledged);
    let later = Commit { at: at("2026-03-05T00:00:00Z"), ..Commit::default() };
    store.commit(&later, &Routes::default()).await.unwrap();
    assert_eq!(store.alert(&a.id).await.unwrap().unwrap().status, Status::New);
}

#[tokio::test]
async fn a_decision_about_an_alert_that_nobody_knows_is_kept_and_changes_nothing() {
    let (store, _dir) = store().await;
    store
        .commit(&word_of("feedfeedfeedfeed", "2026-03-04T10:05:00Z", "closed", &[]), &Routes::default())
        .await
        .unwrap();
    assert_eq!(store.history("feedfeedfeedfeed").await.unwrap(), []);
    let kept = store.decisions(at("2026-03-04T00:00:00Z"), at("2026-03-05T00:00:00Z"), "alert").await.unwrap();
    assert_eq!(kept[0].text("id"), "feedfeedfeedfeed");
}

#[tokio::test]
async fn filters_narrow_and_pages_follow_each_other_without_gaps() {
    let (store, _dir) = store().await;
    let mut alerts = Vec::new();
    for minute in 0..7 {
        let mut a = alert(&format!("rule{minute}"), Severity::ALL[minute % 5], &format!("2026-03-04T09:0{minute}:00Z"));
        a.hosts = vec![format!("host{}", minute % 2)];
        alerts.push(a);
    }
    alerts[3].why = "100% of_it \\ all, \"Ärger\"".to_owned();
    store.commit(&with(&alerts), &Routes::default()).await.unwrap();
    let ids = async |filter: AlertFilter| -> Vec<String> {
        store.alerts(&filter).await.unwrap().alerts.into_iter().map(|a| a.rule.id).collect()
    };
    let all = AlertFilter::default();
    assert_eq!(ids(AlertFilter { severity: Some(Severity::High), ..all.clone() }).await, ["rule4", "rule3"]);
    assert_eq!(ids(AlertFilter { host: Some("host1".to_owned()), ..all.clone() }).await, ["rule5", "rule3", "rule1"]);
    assert_eq!(ids(AlertFilter { text: Some("100% OF_it \\".to_owned()), ..all.clone() }).await, ["rule3"]);
    assert_eq!(ids(AlertFilter { text: Some("ALL, \"Ärger\"".to_owned()), ..all.clone() }).await, ["rule3"]);
    assert_eq!(ids(AlertFilter { text: Some("0%a".to_owned()), ..all.clone() }).await, Vec::<String>::new());
    assert_eq!(ids(AlertFilter { since: Some(at("2026-03-04T09:05:00Z")), ..all.clone() }).await, ["rule6", "rule5"]);
    assert_eq!(ids(AlertFilter { open: Some(false), ..all.clone() }).await, Vec::<String>::new());

    let mut seen = Vec::new();
    let mut filter = AlertFilter { limit: 3, ..all };
    loop {
        let page = store.alerts(&filter).await.unwrap();
        assert_eq!(page.total, 7);
        seen.extend(page.alerts.into_iter().map(|a| a.rule.id));
        filter.cursor = page.next;
        if filter.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["rule6", "rule5", "rule4", "rule3", "rule2", "rule1", "rule0"]);
}

#[tokio::test]
async fn cases_come_with_the_earliest_due_first() {
    let (store, _dir) = store().await;
    let mut soon = case("mail1/ADV-1", Class::Critical, "2026-03-01T00:00:00Z", &[]);
    soon.due.deploy = Some(at("2026-03-03T00:00:00Z"));
    soon.overdue = true;
    let mut later = case("mail1/ADV-2", Class::Minor, "2026-03-01T00:00:00Z", &[]);
    later.due.deploy = Some(at("2026-03-30T00:00:00Z"));
    let none = case("db1/ADV-2", Class::Minor, "2026-03-01T00:00:00Z", &[("2026-03-02T00:00:00Z", State::Verified)]);
    let commit = Commit { cases: vec![none, later, soon], ..with(&[]) };
    store.commit(&commit, &Routes::default()).await.unwrap();
    let ids = async |filter: CaseFilter| -> Vec<String> {
        store.cases(&filter).await.unwrap().into_iter().map(|c| c.id).collect()
    };
    assert_eq!(ids(CaseFilter::default()).await, ["mail1/ADV-1", "mail1/ADV-2", "db1/ADV-2"]);
    assert_eq!(ids(CaseFilter { overdue: Some(true), ..CaseFilter::default() }).await, ["mail1/ADV-1"]);
    assert_eq!(ids(CaseFilter { state: vec!["verified".to_owned()], ..CaseFilter::default() }).await, ["db1/ADV-2"]);
}

#[tokio::test]
async fn counts_add_up_over_commits() {
    let (store, _dir) = store().await;
    let count = |lines, unknown, last| Count {
        day: date(2026, 3, 4),
        host: "mail1".to_owned(),
        source: "sshd".to_owned(),
        format: "sshd".to_owned(),
        lines,
        unknown,
        last: at(last),
    };
    let first = vec![count(10, 1, "2026-03-04T09:00:00Z"), count(5, 0, "2026-03-04T08:00:00Z")];
    store.commit(&Commit { counts: first, ..with(&[]) }, &Routes::default()).await.unwrap();
    store
        .commit(&Commit { counts: vec![count(1, 1, "2026-03-04T07:00:00Z")], ..with(&[]) }, &Routes::default())
        .await
        .unwrap();
    let rows = store.counts(date(2026, 3, 4), date(2026, 3, 5)).await.unwrap();
    assert_eq!(rows, [count(16, 2, "2026-03-04T09:00:00Z")]);
    assert_eq!(store.sources().await.unwrap()[0].lines, 16);
}

#[tokio::test]
async fn two_hundred_alerts_commit_within_the_second_even_unoptimised() {
    let (store, _dir) = store().await;
    let to_both = routes(Severity::High, &["soc", "pager"]);
    let alerts: Vec<Alert> =
        (0..200).map(|n| alert(&format!("r{n}"), Severity::High, "2026-03-04T09:00:00Z")).collect();
    let started = std::time::Instant::now();
    let done = store.commit(&with(&alerts), &to_both).await.unwrap();
    eprintln!("200 alerts, 400 messages: {:?}", started.elapsed());
    assert_eq!(done.queued, 400);
    assert!(started.elapsed().as_millis() < 1_000);
}

#[tokio::test]
async fn a_reader_sees_the_running_instances_commits_and_cannot_write() {
    let (store, dir) = store().await;
    let a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    let reader = Store::open_read_only("sqlite:test.db", dir.path()).await.unwrap();
    store.commit(&with(std::slice::from_ref(&a)), &Routes::default()).await.unwrap();
    assert!(reader.alert(&a.id).await.unwrap().is_some());
    assert!(matches!(reader.commit(&with(&[]), &Routes::default()).await, Err(StoreError::ReadOnly(_))));
}

#[tokio::test]
async fn a_store_can_be_read_while_nobody_runs() {
    let (store, dir) = store().await;
    let a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    store.commit(&with(std::slice::from_ref(&a)), &Routes::default()).await.unwrap();
    store.close().await;
    let reader = Store::open_read_only("sqlite:test.db", dir.path()).await.unwrap();
    assert_eq!(reader.alerts(&AlertFilter::default()).await.unwrap().total, 1);
}

#[tokio::test]
async fn what_cannot_be_opened_says_where_and_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let say = async |url: &str| Store::open(url, dir.path()).await.expect_err(url).to_string();
    assert!(say("postgres://db/roundsman").await.contains("write `sqlite:"));
    std::fs::write(
        dir.path().join("text.db"),
        "this is a text file, and long enough to have a header to look at: no, not that one\n".repeat(20),
    )
    .unwrap();
    let text = say("sqlite:text.db").await;
    assert!(text.contains("text.db: damaged or no SQLite database"), "{text}");
    std::fs::write(dir.path().join("file"), "").unwrap();
    assert!(say("sqlite:file/x.db").await.contains("cannot be opened"));
    let missing = Store::open_read_only("sqlite:none.db", dir.path()).await.expect_err("none").to_string();
    assert!(missing.contains("no store here yet"), "{missing}");
    assert!(!dir.path().join("none.db").exists());
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_left_alone() {
    let (store, dir) = store().await;
    store.close().await;
    raise_schema(dir.path()).await;
    let error = Store::open("sqlite:test.db", dir.path()).await.expect_err("newer").to_string();
    assert!(error.contains("schema 99"), "{error}");
    assert!(Store::open_read_only("sqlite:test.db", dir.path()).await.is_err());
}

async fn raise_schema(dir: &std::path::Path) {
    use sqlx::Connection;
    let mut db = sqlx::SqliteConnection::connect(&format!("sqlite:{}", dir.join("test.db").display())).await.unwrap();
    sqlx::query("UPDATE meta SET value = '99' WHERE name = 'schema'").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_a_store() {
    use std::os::unix::fs::PermissionsExt;
    let (store, _dir) = store().await;
    assert_eq!(std::fs::metadata(store.path()).unwrap().permissions().mode() & 0o077, 0);
}

#[tokio::test]
async fn a_one_time_link_opens_once_and_a_new_password_ends_sessions() {
    let (store, _dir) = store().await;
    let now = at("2026-03-04T10:00:00Z");
    let later = at("2026-03-04T11:00:00Z");
    store.save_link("abc", Role::Admin, later).await.unwrap();
    assert_eq!(store.link("abc", now).await.unwrap(), Some(Role::Admin));
    assert_eq!(store.use_link("abc", later).await.unwrap(), None);
    assert_eq!(store.use_link("abc", now).await.unwrap(), Some(Role::Admin));
    assert_eq!(store.use_link("abc", now).await.unwrap(), None);

    let mut user = User { name: "ada".to_owned(), role: Role::Admin, password: "$argon2id$a".to_owned(), created: now };
    store.save_user(&user).await.unwrap();
    let session = Session { hash: "s".to_owned(), user: "ada".to_owned(), role: Role::Admin, expires: later };
    store.save_session(&session).await.unwrap();
    assert_eq!(store.session("s", now).await.unwrap(), Some(session.clone()));
    assert_eq!(store.session("s", later).await.unwrap(), None);
    user.password = "$argon2id$b".to_owned();
    store.save_user(&user).await.unwrap();
    assert_eq!(store.session("s", now).await.unwrap(), None);
    store.remove_user("ada").await.unwrap();
    assert!(store.save_session(&session).await.is_err());
}
