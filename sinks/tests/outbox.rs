//! The outbox and its channels, against a receiver that fails, hangs and refuses.
#![allow(missing_docs)]

mod common;
#[path = "common/server.rs"]
mod server;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use common::{alert, at, routes, store};
use prometheus::Registry;
use roundsman_rules::{Alert, Severity};
use roundsman_sinks::{
    Commit, Outbox, Routes, Store,
    channels::{Channel, ChannelKind, Surroundings, alertmanager, file, webhook},
    digest::{self, Meeting, Period},
    outbox::Metrics,
};
use serde_json::Value;
use server::{Answer, Server};

fn webhook(url: &str, secret: Option<&str>) -> ChannelKind {
    ChannelKind::Webhook(webhook::Config { url: format!("{url}/hook"), secret: secret.map(str::to_owned) })
}

fn around() -> Surroundings {
    Surroundings { console: Some("http://soc.example.net:9514/".to_owned()), ..Surroundings::default() }
}

struct Running {
    outbox: Outbox,
    registry: Registry,
}

fn start(store: &Store, channels: &[(&str, ChannelKind)]) -> Running {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry).expect("a new registry");
    let open = |(name, kind): &(&str, ChannelKind)| {
        let channel: Arc<dyn Channel> = kind.open(name, &around()).expect("the channel opens");
        ((*name).to_owned(), channel)
    };
    let channels: BTreeMap<_, _> = channels.iter().map(open).collect();
    Running { outbox: Outbox::start(store, channels, &metrics), registry }
}

impl Running {
    fn counted(&self, channel: &str, outcome: &str) -> u64 {
        let families = self.registry.gather();
        let family = families.iter().find(|f| f.name() == "roundsman_notifications_total").expect("it is registered");
        let metric = family.get_metric().iter().find(|m| {
            let label = |name: &str| m.get_label().iter().find(|l| l.name() == name).map(|l| l.value().to_owned());
            label("channel").as_deref() == Some(channel) && label("outcome").as_deref() == Some(outcome)
        });
        metric.map_or(0, |m| m.get_counter().get_value() as u64)
    }
}

async fn commit(store: &Store, to: &Routes, alerts: &[Alert]) {
    let commit = Commit { at: at("2026-03-04T12:00:00Z"), alerts: alerts.to_vec(), ..Commit::default() };
    store.commit(&commit, to).await.expect("it commits");
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    for _ in 0..1_000 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

#[tokio::test]
async fn a_webhook_gets_the_alert_signed() {
    let server = Server::start([]).await;
    let (store, _dir) = store().await;
    let running = start(&store, &[("soc", webhook(&server.url, Some("geheim")))]);
    let a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    commit(&store, &routes(Severity::High, &["soc"]), std::slice::from_ref(&a)).await;
    running.outbox.wake();
    let request = server.wait_for(1).await.remove(0);
    assert_eq!(request.line, "POST /hook HTTP/1.1");
    assert_eq!(serde_json::from_str::<Alert>(&request.body).unwrap(), a);
    assert_eq!(request.headers["x-roundsman-change"], "raised");
    let timestamp = request.headers["x-roundsman-timestamp"].parse().unwrap();
    let signature = &request.headers["x-roundsman-signature"];
    assert!(webhook::verify("geheim", timestamp, request.body.as_bytes(), signature));
    until("it is counted", async || running.counted("soc", "delivered") == 1).await;
    running.outbox.stop().await;
}

#[tokio::test]
async fn what_fails_is_tried_again_with_the_same_key_and_in_order() {
    let server = Server::start([Answer::Status(500, "busy"), Answer::HangUp, Answer::Status(429, "slow down")]).await;
    let (store, _dir) = store().await;
    let running = start(&store, &[("soc", webhook(&server.url, None))]);
    let alerts = ["one", "two"].map(|rule| alert(rule, Severity::High, "2026-03-04T09:00:00Z"));
    commit(&store, &routes(Severity::High, &["soc"]), &alerts).await;
    running.outbox.wake();
    let requests = server.wait_for(5).await;
    let keys: Vec<&str> = requests.iter().map(|r| r.headers["idempotency-key"].as_str()).collect();
    assert!(keys[..4].iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_ne!(keys[4], keys[0]);
    assert!(requests[4].body.contains("\"two\""));
    until("both are delivered", async || store.queue_counts().await.unwrap()[0].delivered == 2).await;
    assert_eq!((running.counted("soc", "retried"), running.counted("soc", "failed")), (3, 0));
    running.outbox.stop().await;
}

#[tokio::test]
async fn what_is_refused_is_marked_and_does_not_hold_up_the_next() {
    let server = Server::start([Answer::Status(400, "no such\r\nteam"), Answer::Status(302, "")]).await;
    let (store, _dir) = store().await;
    let running = start(&store, &[("soc", webhook(&server.url, None))]);
    let alerts = ["one", "two", "three"].map(|rule| alert(rule, Severity::High, "2026-03-04T09:00:00Z"));
    commit(&store, &routes(Severity::High, &["soc"]), &alerts).await;
    running.outbox.wake();
    until("the last is delivered", async || store.queue_counts().await.unwrap()[0].delivered == 1).await;
    let counts = store.queue_counts().await.unwrap().remove(0);
    assert_eq!((counts.due, counts.failed), (0, 2));
    assert!(
        counts.error.contains("400 Bad Request: no such  team") || counts.error.contains("302"),
        "{}",
        counts.error
    );
    assert_eq!(server.seen().len(), 3, "a redirect is not followed");
    assert_eq!(running.counted("soc", "failed"), 2);
    running.outbox.stop().await;
}

#[tokio::test]
async fn a_dead_channel_delays_no_other() {
    let (hanging, good) = (Server::start([Answer::Hang]).await, Server::start([]).await);
    let (store, _dir) = store().await;
    let channels = [
        ("dead", webhook("http://127.0.0.1:1", None)),
        ("good", webhook(&good.url, None)),
        ("hanging", webhook(&hanging.url, None)),
    ];
    let running = start(&store, &channels);
    let alerts: Vec<Alert> = (0..20).map(|n| alert(&format!("r{n}"), Severity::High, "2026-03-04T09:00:00Z")).collect();
    let started = std::time::Instant::now();
    commit(&store, &routes(Severity::High, &["dead", "good", "hanging"]), &alerts).await;
    running.outbox.wake();
    good.wait_for(20).await;
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(running.counted("dead", "delivered"), 0);
}

#[tokio::test]
async fn what_was_committed_before_a_kill_is_delivered_after_the_restart() {
    let server = Server::start([]).await;
    let (store, dir) = store().await;
    let a = alert("guess", Severity::Critical, "2026-03-04T09:00:00Z");
    commit(&store, &routes(Severity::High, &["soc"]), &[a]).await;
    // No close, no outbox: the process is gone.
    drop(store);
    let store = Store::open("sqlite:test.db", dir.path()).await.unwrap();
    let running = start(&store, &[("soc", webhook(&server.url, None))]);
    server.wait_for(1).await;
    running.outbox.stop().await;
}

#[tokio::test]
async fn a_stop_during_a_delivery_leaves_the_message_queued() {
    let server = Server::start([Answer::Hang]).await;
    let (store, _dir) = store().await;
    let running = start(&store, &[("soc", webhook(&server.url, None))]);
    commit(&store, &routes(Severity::High, &["soc"]), &[alert("guess", Severity::High, "2026-03-04T09:00:00Z")]).await;
    running.outbox.wake();
    let first = server.wait_for(1).await.remove(0);
    running.outbox.stop().await;
    assert_eq!(store.queue_counts().await.unwrap()[0].due, 1);
    let again = start(&store, &[("soc", webhook(&server.url, None))]);
    let second = server.wait_for(2).await.remove(1);
    assert_eq!(first.headers["idempotency-key"], second.headers["idempotency-key"]);
    again.outbox.stop().await;
}

#[tokio::test]
async fn alertmanager_is_told_of_the_start_and_of_the_end() {
    let server = Server::start([]).await;
    let (store, _dir) = store().await;
    let config = alertmanager::Config { url: format!("{}/am/", server.url), token: Some("t0ken".to_owned()) };
    let running = start(&store, &[("soc", ChannelKind::Alertmanager(config))]);
    let to_soc = routes(Severity::High, &["soc"]);
    let mut a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    commit(&store, &to_soc, std::slice::from_ref(&a)).await;
    a.cleared = Some(at("2026-03-04T11:00:00Z"));
    commit(&store, &to_soc, std::slice::from_ref(&a)).await;
    running.outbox.wake();
    let requests = server.wait_for(2).await;
    assert_eq!(requests[0].line, "POST /am/api/v2/alerts HTTP/1.1");
    assert_eq!(requests[0].headers["authorization"], "Bearer t0ken");
    let posts: Vec<Value> = requests.iter().map(|r| serde_json::from_str(&r.body).unwrap()).collect();
    let (raised, cleared) = (&posts[0][0], &posts[1][0]);
    let labels = serde_json::json!({
        "alertname": "Rule guess", "host": "mail1", "rule": "guess", "severity": "high", "source_ip": "198.51.100.23"
    });
    assert_eq!(raised["labels"], labels);
    assert_eq!(raised["labels"], cleared["labels"], "Alertmanager knows an alert by its labels");
    assert_eq!(raised["startsAt"], "2026-03-04T09:00:00Z");
    assert!(raised["endsAt"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap() > jiff::Timestamp::now());
    assert_eq!(cleared["endsAt"], "2026-03-04T11:00:00Z");
    assert_eq!(raised["generatorURL"], format!("http://soc.example.net:9514/alerts/{}", a.id));
    assert_eq!(raised["annotations"]["next"], a.next);
    running.outbox.stop().await;
}

#[tokio::test]
async fn a_new_severity_ends_the_alert_under_the_old_one() {
    let server = Server::start([]).await;
    let (store, _dir) = store().await;
    let config = alertmanager::Config { url: server.url.clone(), token: None };
    let running = start(&store, &[("soc", ChannelKind::Alertmanager(config))]);
    let to_soc = routes(Severity::High, &["soc"]);
    let mut a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    commit(&store, &to_soc, std::slice::from_ref(&a)).await;
    a.severity = Severity::Critical;
    commit(&store, &to_soc, &[a]).await;
    running.outbox.wake();
    let posts: Value = serde_json::from_str(&server.wait_for(2).await[1].body).unwrap();
    let now = jiff::Timestamp::now();
    for post in posts.as_array().unwrap() {
        let over = post["endsAt"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap() <= now;
        assert_eq!(over, post["labels"]["severity"] != "critical", "{post}");
    }
    running.outbox.stop().await;
}

#[tokio::test]
async fn a_refresh_tells_only_what_still_burns() {
    let server = Server::start([]).await;
    let config = alertmanager::Config { url: server.url.clone(), token: None };
    let channel = ChannelKind::Alertmanager(config).open("soc", &around()).unwrap();
    let burning =
        [alert("a", Severity::High, "2026-03-04T09:00:00Z"), alert("b", Severity::High, "2026-03-04T09:00:00Z")];
    assert!(channel.refresh_every().unwrap() < Duration::from_secs(300));
    channel.refresh(&burning).await.unwrap();
    let posts: Value = serde_json::from_str(&server.seen()[0].body).unwrap();
    assert_eq!(posts.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_digest_goes_to_its_channels_once() {
    let server = Server::start([Answer::Status(503, "")]).await;
    let (store, dir) = store().await;
    let path = dir.path().join("out.ndjson");
    let channels = [("meeting", webhook(&server.url, None)), ("file", ChannelKind::File(file::Config::new(&path)))];
    let running = start(&store, &channels);
    let digest = digest::build(&Meeting::new(Period::parse("2026-W11", &jiff::tz::TimeZone::UTC).unwrap()));
    let names = ["meeting", "file"].map(str::to_owned);
    let now = jiff::Timestamp::now();
    store.publish_digest(&digest, now, &names).await.unwrap();
    store.publish_digest(&digest, now, &names).await.unwrap();
    running.outbox.wake();
    let requests = server.wait_for(2).await;
    assert_eq!(requests[1].headers["x-roundsman-change"], "digest");
    assert_eq!(requests[1].body, digest.to_json());
    until("the file has it", async || {
        std::fs::read_to_string(&path).is_ok_and(|text| text == format!("{}\n", digest.to_json()))
    })
    .await;
    until("both are delivered", async || {
        store.queue_counts().await.unwrap().iter().all(|q| q.delivered == 1 && q.due == 0)
    })
    .await;
    assert_eq!(store.digest("2026-W11").await.unwrap(), Some(digest.to_json()));
    assert_eq!(store.digests().await.unwrap(), ["2026-W11"]);
    running.outbox.stop().await;
}

#[test]
fn settings_that_cannot_work_are_refused_with_a_reason() {
    let say = |kind: ChannelKind| kind.open("soc", &around()).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(say(webhook("ftp://x", None)).contains("channel `soc`: url `ftp://x/hook` is no HTTP address"));
    assert!(say(webhook("nonsense", None)).contains("is no URL"));
    assert!(say(webhook("http://x", Some(""))).contains("secret is empty"));
    assert!(say(ChannelKind::File(file::Config::new("/tmp"))).contains("is a folder"));
}
