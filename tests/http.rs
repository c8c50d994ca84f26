//! The HTTP doors from outside: who is let in, what is taken, what is refused and how, and that success means on disk.

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use support::{Admin, Answer, Instance, ask, eventually, free_port, request};

/// An instance with doors of their own, and a sender's token.
struct Doors {
    instance: Instance,
    port: u16,
    token: String,
}

impl Doors {
    fn open(folder: &Path) -> Doors {
        let port = free_port();
        let more = format!("[[source]]\ntype = \"http\"\nlisten = \"127.0.0.1:{port}\"\nmax_body = \"1MiB\"\n");
        let instance = Instance::start(folder, &more);
        let token = Admin::first(&instance).token("sender");
        Doors { instance, port, token }
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers: Vec<_> = [("Authorization", &*bearer)].into_iter().chain(headers.iter().copied()).collect();
        request(self.port, "POST", path, &headers, body)
    }

    /// The sum of a family of records at this source, all its labels together.
    fn records(&self, family: &str) -> f64 {
        let name = format!("roundsman_records_{family}_total{{");
        let of_us = format!("source=\"http://127.0.0.1:{}\"", self.port);
        let series = self.instance.metrics();
        series.iter().filter(|(key, _)| key.starts_with(&name) && key.contains(&of_us)).map(|(_, value)| value).sum()
    }

    fn rejected(&self, reason: &str) -> f64 {
        let series = self.instance.metrics();
        let wanted = |key: &&String| key.contains(&format!(":{}\"", self.port)) && key.contains(reason);
        series.keys().filter(wanted).map(|key| series[key]).sum()
    }

    /// What the journal holds once it is stopped.
    fn journal(self) -> String {
        let folder = self.instance.folder.clone();
        self.instance.stop();
        ask(&folder, &["journal", "cat", "data"])
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

const LINE: &str = "<38>Nov 20 08:00:00 gate1 sshd[7]: Failed password for root from 203.0.113.61 port 20000 ssh2";

#[test]
fn lines_json_and_packed_bodies_are_on_disk_when_they_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let plain = doors.post("/ingest", &[], format!("{LINE}\nsecond\n").as_bytes());
    assert_eq!((plain.status, plain.json()["records"].as_u64()), (200, Some(2)), "{plain:?}");
    let replay = br#"{"raw":"third\nwith a break","host":"web1","source":"/var/log/x.log"}"#;
    let ndjson = doors.post("/ingest", &[("Content-Type", "application/x-ndjson")], replay);
    let array = doors.post("/ingest", &[("Content-Type", "application/json")], br#"[{"n":4},{"n":5}]"#);
    let zipped = doors.post("/ingest?host=web2", &[("Content-Encoding", "gzip")], &gzip(b"sixth"));
    let packed = doors.post("/ingest", &[("Content-Encoding", "zstd")], &zstd::bulk::compress(b"seventh", 3).unwrap());
    for answer in [ndjson, array, zipped, packed] {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(doors.records("journalled"), 7.0);
    let (folder, kept) = (folder.path(), doors.journal());
    let exported = ask(folder, &["journal", "export", "data"]);
    assert!(exported.contains(r#""host":"web1""#) && exported.contains(r#""host":"web2""#), "{exported}");
    assert!(
        exported.contains(r#""transport":"http""#) && exported.contains(r#""source":"/var/log/x.log""#),
        "{exported}"
    );
    for text in [LINE, "second", "third", "{\"n\":4}", "{\"n\":5}", "sixth", "seventh"] {
        assert!(kept.contains(text), "{text} in {kept}");
    }
}

#[test]
fn nobody_hands_in_records_without_a_senders_token_and_each_refusal_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let none = request(doors.port, "POST", "/ingest", &[], b"x");
    assert_eq!((none.status, none.header("content-type")), (401, Some("application/problem+json")));
    assert!(none.header("www-authenticate").is_some_and(|ways| ways.starts_with("Bearer")), "{none:?}");
    let wrong = request(doors.port, "POST", "/ingest", &[("Authorization", "Bearer guess")], b"x");
    assert_eq!(wrong.status, 401);
    assert_eq!(doors.rejected("unauthorized"), 2.0);
    assert_eq!(doors.records("received"), 2.0);
    // the console's own address has the same door
    let bearer = format!("Bearer {}", doors.token);
    let beside = request(doors.instance.http, "POST", "/ingest", &[("Authorization", &bearer)], b"x");
    assert_eq!(beside.status, 200);
    let read = request(doors.instance.http, "GET", "/api/v1/alerts", &[("Authorization", &bearer)], b"");
    assert_eq!(read.status, 403, "a sender reads nothing");
}

#[test]
fn a_viewers_token_is_not_a_senders() {
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::start(folder.path(), "");
    let admin = Admin::first(&instance);
    for (role, status) in [("viewer", 403), ("analyst", 403), ("sender", 200), ("admin", 200)] {
        let bearer = format!("Bearer {}", admin.token(role));
        let answer = request(instance.http, "POST", "/ingest", &[("Authorization", &bearer)], b"x");
        assert_eq!(answer.status, status, "{role}: {answer:?}");
    }
}

#[test]
fn a_body_that_cannot_be_used_says_why_and_nothing_of_it_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let ndjson = ("Content-Type", "application/x-ndjson");
    let bad = doors.post("/ingest", &[ndjson], b"{\"a\":1}\n{\"b\":\n{\"c\":3}\n");
    assert_eq!((bad.status, bad.json()["line"].as_u64()), (400, Some(2)), "{bad:?}");
    assert_eq!(bad.header("content-type"), Some("application/problem+json"));
    assert_eq!((doors.records("journalled"), doors.rejected("invalid")), (0.0, 2.0));
    let bomb = gzip(&vec![b'\n'; 64 << 20]);
    assert_eq!(doors.post("/ingest", &[("Content-Encoding", "gzip")], &bomb).status, 413);
    assert_eq!(doors.post("/ingest", &[], &vec![b'x'; (1 << 20) + 1]).status, 413);
    assert_eq!(doors.post("/ingest", &[("Content-Encoding", "gzip")], b"no gzip").status, 400);
    let coding = doors.post("/ingest", &[("Content-Encoding", "br")], b"x");
    assert_eq!((coding.status, coding.header("accept-encoding")), (415, Some("gzip, zstd")));
    assert_eq!(doors.post("/ingest", &[("Content-Type", "image/png")], b"x").status, 415);
    assert_eq!(request(doors.port, "GET", "/ingest", &[], b"").status, 405);
    assert_eq!((doors.records("journalled"), doors.rejected("too_large")), (0.0, 2.0));
    let fates = ["journalled", "rejected", "dropped"].map(|fate| doors.records(fate));
    assert_eq!(doors.records("received"), fates.iter().sum::<f64>());
}

#[test]
fn when_requests_hold_all_they_may_others_are_told_to_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::start(folder.path(), "");
    let token = Admin::first(&instance).token("sender");
    let length = 32 << 20;
    // five requests that end one byte short of what they announce are more than the budget: one must be refused
    let hold = |_| {
        let mut stream = TcpStream::connect(("127.0.0.1", instance.http)).unwrap();
        let head = format!(
            "POST /ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        // the one that is refused need not be read to its end
        let _ = stream.write_all(&vec![b'x'; length - 1]);
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        stream
    };
    let mut held: Vec<_> = (0..5).map(hold).collect();
    let refused = eventually("a refusal", || {
        held.iter_mut().find_map(|stream| {
            let mut answer = [0; 4096];
            let read = stream.read(&mut answer).ok().filter(|read| *read > 0)?;
            Some(String::from_utf8_lossy(&answer[..read]).to_lowercase())
        })
    });
    assert!(refused.starts_with("http/1.1 429") && refused.contains("\r\nretry-after: "), "{refused}");
    let bearer = format!("Bearer {token}");
    let post = |body: &[u8]| request(instance.http, "POST", "/ingest", &[("Authorization", &bearer)], body);
    drop(held);
    eventually("room again", || (post(b"x").status == 200).then_some(()));
}

#[test]
fn a_kill_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let Doors { instance, port, token } = Doors::open(folder.path());
    let bearer = format!("Bearer {token}");
    let answered: Vec<AtomicUsize> = (0..4).map(|_| AtomicUsize::new(0)).collect();
    thread::scope(|scope| {
        for (sender, answered) in answered.iter().enumerate() {
            let bearer = &bearer;
            scope.spawn(move || {
                for n in 0.. {
                    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return };
                    let body = format!("sender{sender}-{n};\n");
                    let text = format!(
                        "POST /ingest HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    let mut answer = String::new();
                    let sent = stream.write_all(text.as_bytes());
                    if sent.is_err() || stream.read_to_string(&mut answer).is_err() {
                        return;
                    }
                    if !answer.starts_with("HTTP/1.1 200") {
                        return;
                    }
                    answered.store(n + 1, Ordering::SeqCst);
                }
            });
        }
        eventually("some answers", || answered.iter().all(|n| n.load(Ordering::SeqCst) > 50).then_some(()));
        support::signal(instance.pid(), "KILL");
    });
    drop(instance);
    let kept = ask(folder.path(), &["journal", "cat", "data"]);
    for (sender, answered) in answered.iter().enumerate() {
        for n in 0..answered.load(Ordering::SeqCst) {
            assert!(kept.contains(&format!("sender{sender}-{n};")), "sender{sender}-{n} was answered and is lost");
        }
    }
}

#[test]
fn splunks_collector_answers_in_its_own_codes() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let splunk = format!("Splunk {}", doors.token);
    let post = |path: &str, more: &[(&str, &str)], body: &[u8]| {
        let headers: Vec<_> = [("Authorization", &*splunk)].into_iter().chain(more.iter().copied()).collect();
        let answer = request(doors.port, "POST", path, &headers, body);
        (answer.status, answer.json())
    };
    let event = format!("{{\"time\":1795161600.5,\"host\":\"gate1\",\"source\":\"sshd\",\"event\":\"{LINE}\"}}");
    let two = format!("{event}{{\"event\":{{\"n\":2}}}}");
    let (status, body) = post("/services/collector/event", &[], two.as_bytes());
    assert_eq!((status, &body["text"], &body["code"]), (200, &"Success".into(), &0.into()));
    let channel = ("X-Splunk-Request-Channel", "d2c0c7e4-0001-4000-8000-000000000001");
    let id = post("/services/collector", &[channel], event.as_bytes()).1["ackId"].as_u64().unwrap();
    let json = ("Content-Type", "application/json");
    let (_, acks) = post("/services/collector/ack", &[json], format!("{{\"acks\":[{id}]}}").as_bytes());
    assert_eq!(acks["acks"][id.to_string()], true);
    assert_eq!(post("/services/collector/raw?host=gate2", &[], b"one\ntwo\n").0, 200);
    let (status, body) = post("/services/collector/event", &[], b"{\"event\":\"a\"}{\"host\":\"x\"}");
    assert_eq!((status, &body["code"], &body["invalid-event-number"]), (400, &12.into(), &1.into()));
    assert_eq!(post("/services/collector/event", &[], b"").1["code"], 5);
    let stranger = request(doors.port, "POST", "/services/collector/event", &[], event.as_bytes());
    assert_eq!((stranger.status, stranger.json()["code"].as_u64()), (401, Some(2)));
    let health = request(doors.port, "GET", "/services/collector/health", &[], b"");
    assert_eq!((health.status, health.json()["code"].as_u64()), (200, Some(17)));
    assert_eq!(doors.records("journalled"), 5.0);
}

#[test]
fn bulk_documents_are_records_and_each_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let body = b"{\"create\":{\"_index\":\"logs\"}}\n{\"message\":\"a\" }\n{\"index\":{\"_id\":\"7\"}}\nno json\n\
                 {\"delete\":{\"_id\":\"7\"}}\n";
    let answer = doors.post("/mine/_bulk", &[("Content-Type", "application/x-ndjson")], body);
    assert_eq!((answer.status, answer.header("x-elastic-product")), (200, Some("Elasticsearch")));
    let answer = answer.json();
    assert_eq!(answer["errors"], true);
    assert_eq!(
        (&answer["items"][0]["create"]["status"], &answer["items"][0]["create"]["_index"]),
        (&201.into(), &"logs".into())
    );
    assert_eq!(
        (&answer["items"][1]["index"]["status"], &answer["items"][1]["index"]["_index"]),
        (&400.into(), &"mine".into())
    );
    assert_eq!(answer["items"][2]["delete"]["status"], 400);
    assert_eq!((doors.records("journalled"), doors.rejected("invalid")), (1.0, 2.0));
    let bad = doors.post("/_bulk", &[], b"{\"create\":{}}\n{}\nnonsense\n{}\n");
    assert_eq!((bad.status, bad.json()["error"]["type"].as_str()), (400, Some("illegal_argument_exception")));
    let basic = format!("Basic {}", base64(&format!("roundsman:{}", doors.token)));
    for path in ["/", "/_license", "/_xpack", "/_cluster/health", "/_ilm/policy/filebeat", "/_index_template/filebeat"]
    {
        let answer = request(doors.port, "GET", path, &[("Authorization", &basic)], b"");
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert_eq!(request(doors.port, "GET", path, &[], b"").status, 401, "{path}");
    }
    let kept = doors.journal();
    assert!(kept.contains("{\"message\":\"a\" }"), "{kept}");
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(text)
}
