//! The whole line from outside: what is sent is on disk, counted, judged and told, and survives what happens to servers.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    net::TcpStream,
    thread,
    time::Duration,
};

use support::{Instance, Webhook, ask, eventually};

/// Lines of a day on one host, and among them somebody who guesses passwords.
fn day_with_guessing(lines: usize) -> String {
    let mut text = String::new();
    for n in 0..lines {
        let (hour, minute, second) = (8 + n / 3600 % 12, n / 60 % 60, n % 60);
        let stamp = format!("Nov 20 {hour:02}:{minute:02}:{second:02}");
        text += &match n {
            500..540 => format!(
                "<38>{stamp} gate1 sshd[{}]: Failed password for invalid user oracle from 203.0.113.80 port {} ssh2\n",
                9000 + n,
                20_000 + n
            ),
            _ if n % 3 == 0 => format!("<78>{stamp} gate1 CRON[{n}]: (root) CMD (/usr/local/bin/rotate-{})\n", n % 7),
            _ => format!("<30>{stamp} gate1 systemd[1]: Started session-{n}.scope - Session {n} of User anna.\n"),
        };
    }
    text
}

fn alerts_of(folder: &std::path::Path, file: &str) -> BTreeSet<String> {
    let out = ask(folder, &["replay", "--input", "jsonl", "--print", "alerts", "--output", "ndjson", file]);
    ids(out.lines().map(|line| serde_json::from_str(line).unwrap()))
}

fn ids(alerts: impl Iterator<Item = serde_json::Value>) -> BTreeSet<String> {
    alerts.map(|alert| alert["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn everything_sent_is_journalled_counted_and_the_guessing_is_one_alert_at_the_webhook() {
    let folder = tempfile::tempdir().unwrap();
    let hook = Webhook::start();
    let instance = Instance::start(folder.path(), &hook.config("medium"));
    instance.send(day_with_guessing(10_000).as_bytes());
    instance.wait_for_events(10_000);
    let count = |name: &str| instance.metric(&format!("roundsman_records_{name}_total"));
    assert_eq!(count("received"), 10_000.0);
    assert_eq!(count("journalled") + count("rejected") + count("dropped"), 10_000.0);
    let raised = eventually("the alert at the webhook", || {
        let found: Vec<_> = hook.bodies().into_iter().filter(|b| b.to_string().contains("203.0.113.80")).collect();
        (!found.is_empty()).then_some(found)
    });
    thread::sleep(Duration::from_millis(500));
    let told = ids(hook.bodies().into_iter().filter(|body| body["kind"] == "alert"));
    assert_eq!(told.len(), 1, "one alert: {raised:?}");
    instance.stop();
    let journal = ask(folder.path(), &["journal", "cat", "data"]);
    assert_eq!(journal.lines().count(), 10_000);
    ask(folder.path(), &["journal", "verify", "data"]);
}

#[test]
fn the_same_input_in_run_and_in_replay_gives_the_same_alert_ids() {
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::start(folder.path(), "");
    instance.send(day_with_guessing(3_000).as_bytes());
    instance.wait_for_events(3_000);
    let listed = eventually("the alert in the store", || {
        let out = instance.ask(&["alerts", "list", "--status", "all", "--json"]);
        let found = ids(out.lines().map(|line| serde_json::from_str(line).unwrap()));
        (!found.is_empty()).then_some(found)
    });
    instance.stop();
    let exported = ask(folder.path(), &["journal", "export", "data"]);
    fs::write(folder.path().join("exported.jsonl"), exported).unwrap();
    assert_eq!(alerts_of(folder.path(), "exported.jsonl"), listed);
}

#[test]
fn a_kill_under_load_loses_nothing_that_was_journalled_and_doubles_no_alert() {
    let folder = tempfile::tempdir().unwrap();
    let hook = Webhook::start();
    let mut instance = Instance::start(folder.path(), &hook.config("medium"));
    let (syslog, http) = (instance.syslog, instance.http);
    let lines = day_with_guessing(20_000);
    let mut journalled = 0;
    for round in 0..4 {
        let text = lines.clone();
        let sender = thread::spawn(move || {
            // the connection breaks when the receiver is killed
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", syslog)) {
                let _ = text.as_bytes().chunks(8192).try_for_each(|part| stream.write_all(part));
            }
        });
        let goal = journalled as f64 + 2_000.0 + 1_500.0 * f64::from(round);
        eventually("records on disk", || {
            (instance.metric("roundsman_events_total") + journalled as f64 >= goal).then_some(())
        });
        let durable = instance.metric("roundsman_events_total") as u64;
        instance.kill();
        sender.join().unwrap();
        let kept = ask(folder.path(), &["journal", "cat", "data"]).lines().count() as u64;
        assert!(kept >= journalled + durable, "{kept} kept of {journalled} + {durable}");
        journalled = kept;
        instance = Instance::again(folder.path(), syslog, http);
    }
    let bodies = eventually("the alert at the webhook", || {
        let bodies: Vec<_> = hook.bodies().into_iter().filter(|body| body["kind"] == "alert").collect();
        (!bodies.is_empty()).then_some(bodies)
    });
    instance.stop();
    let exported = ask(folder.path(), &["journal", "export", "data"]);
    fs::write(folder.path().join("exported.jsonl"), exported).unwrap();
    let replayed = alerts_of(folder.path(), "exported.jsonl");
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for body in bodies {
        told.entry(body["id"].as_str().unwrap().into()).or_default().insert(body["first"].to_string());
    }
    assert!(told.keys().all(|id| replayed.contains(id)), "{told:?} of {replayed:?}");
    assert!(told.values().all(|firsts| firsts.len() == 1), "one alert per id: {told:?}");
    let stored = ask(folder.path(), &["alerts", "list", "--status", "all", "--json"]);
    let stored = ids(stored.lines().map(|line| serde_json::from_str(line).unwrap()));
    assert_eq!(stored, replayed);
}
