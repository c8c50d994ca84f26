//! A sender that counts its answers, over real sockets, up to what the journal then holds.

use std::time::Duration;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

use super::*;
use crate::{
    Transport,
    journal::Options,
    metrics::Rejected,
    source::{
        stream::Carrier,
        testing::{SOON, Seen, Set},
        tls::testing::{Authority, connect},
    },
};

/// Silence that is long for an answer over loopback.
const SILENCE: Duration = Duration::from_millis(200);

/// A sender; its answers are read when it asks for them.
struct Sender<S> {
    stream: BufReader<S>,
    number: u32,
}

impl<S: Carrier> Sender<S> {
    /// A sender without a session.
    fn new(stream: S) -> Self {
        Sender { stream: BufReader::new(stream), number: 0 }
    }

    async fn open(stream: S) -> Self {
        let mut sender = Sender::new(stream);
        sender.say("open", "relp_version=0\nrelp_software=test\ncommands=syslog").await;
        let offers = sender.answer().await.unwrap();
        assert!(offers.starts_with("1 rsp ") && offers.contains(" 200 OK\nrelp_version=0\n"), "{offers}");
        assert!(offers.ends_with("\ncommands=syslog"), "{offers}");
        sender
    }

    async fn say(&mut self, command: &str, data: &str) {
        self.number += 1;
        let blank = if data.is_empty() { "" } else { " " };
        let frame = format!("{} {command} {}{blank}{data}\n", self.number, data.len());
        self.stream.write_all(frame.as_bytes()).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    async fn send(&mut self, records: &[&str]) {
        for record in records {
            self.say("syslog", record).await;
        }
    }

    /// The next answer as it stands on the wire, without the line end behind it; none at the end.
    async fn answer(&mut self) -> Option<String> {
        let mut head = Vec::new();
        for _ in 0..3 {
            if *head.last().unwrap_or(&b' ') == b'\n' {
                break;
            }
            let byte = self.stream.read_until(b' ', &mut head).await.ok()?;
            if byte == 0 {
                return None;
            }
        }
        let text = String::from_utf8(head).unwrap();
        if text.ends_with(" 0\n") {
            return Some(text.trim_end().to_owned());
        }
        let length: usize = text.split(' ').nth(2).unwrap().parse().unwrap();
        let mut data = vec![0; length + 1];
        self.stream.read_exact(&mut data).await.unwrap();
        assert_eq!(data.pop(), Some(b'\n'));
        Some(text + std::str::from_utf8(&data).unwrap())
    }

    /// All records up to this number are acknowledged, in order.
    async fn acknowledged(&mut self, numbers: std::ops::RangeInclusive<u32>) {
        for number in numbers {
            let answer = timeout(SOON, self.answer()).await.expect("an answer in time");
            assert_eq!(answer, Some(format!("{number} rsp 6 200 OK")));
        }
    }
}

fn set(change: impl FnOnce(&mut RelpConfig)) -> Set {
    let mut config = RelpConfig::new("127.0.0.1:0".parse().unwrap());
    change(&mut config);
    Set::of(|journal| spawn(&config, journal), Options::default())
}

async fn open(set: &Set) -> Sender<TcpStream> {
    Sender::open(set.connect().await).await
}

fn texts(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|seen| &*seen.text).collect()
}

/// How many records were known again.
fn duplicates(set: &Set) -> u64 {
    set.counts().rejected[Rejected::Duplicate as usize]
}

#[tokio::test]
async fn a_record_is_acknowledged_when_it_is_on_disk_and_not_before() {
    let set = set(|_| ());
    let mut sender = open(&set).await;
    let appender = set.journal.appender();
    let held = appender.hold_room().await;
    sender.send(&["<13>one", "<13>two"]).await;
    assert!(timeout(SILENCE, sender.answer()).await.is_err(), "the journal has taken nothing yet");
    drop(held);
    sender.acknowledged(2..=3).await;
    assert_eq!(texts(&set.durable()), ["<13>one", "<13>two"], "a reader sees only what is synced");
    sender.say("close", "").await;
    assert_eq!(sender.answer().await.unwrap(), "4 rsp 0");
    assert_eq!(sender.answer().await, None, "the connection ends");
    let (counts, seen) = set.finish(Transport::Relp).await;
    assert_eq!((counts.received(), counts.journalled, seen.len()), (2, 2, 2));
}

#[tokio::test]
async fn many_windows_over_many_sessions_arrive_once_and_are_answered_in_order() {
    let set = set(|_| ());
    let mut senders = Vec::new();
    for n in 0..4 {
        let mut sender = open(&set).await;
        senders.push(tokio::spawn(async move {
            for window in 0..20 {
                let records: Vec<_> = (0..128).map(|record| format!("<13>{n} {window}\n{record}")).collect();
                sender.send(&records.iter().map(String::as_str).collect::<Vec<_>>()).await;
                sender.acknowledged(2 + window * 128..=1 + (window + 1) * 128).await;
            }
        }));
    }
    for sender in senders {
        sender.await.unwrap();
    }
    let (counts, mut seen) = set.finish(Transport::Relp).await;
    seen.sort();
    seen.dedup();
    assert_eq!((counts.received(), seen.len()), (4 * 20 * 128, 4 * 20 * 128));
}

#[tokio::test]
async fn a_sender_that_reconnects_without_its_answers_loses_and_doubles_nothing() {
    let set = set(|_| ());
    let mut first = open(&set).await;
    first.send(&["<13>a", "<13>b", "<13>c"]).await;
    set.until("all three", |counts| counts.journalled == 3).await;
    first.stream.write_all(b"5 syslog 5 <13").await.unwrap();
    drop(first);
    let mut again = open(&set).await;
    again.send(&["<13>b", "<13>c", "<13>d", "<13>b"]).await;
    again.acknowledged(2..=5).await;
    assert_eq!(duplicates(&set), 2);
    let (counts, seen) = set.finish(Transport::Relp).await;
    assert_eq!(texts(&seen), ["<13>a", "<13>b", "<13>c", "<13>d", "<13>b"]);
    assert_eq!(counts.received(), 7);
}

#[tokio::test]
async fn a_sender_that_missed_its_answers_because_we_were_cut_off_doubles_nothing() {
    let set = set(|_| ());
    let listen = set.handle.address().unwrap();
    let mut sender = open(&set).await;
    sender.send(&["<13>a", "<13>b", "<13>c"]).await;
    set.until("all three", |counts| counts.journalled == 3).await;
    drop(sender);
    let set = set.again(|journal| spawn(&RelpConfig::new(listen), journal)).await;
    let mut sender = open(&set).await;
    sender.send(&["<13>b", "<13>c", "<13>d"]).await;
    sender.acknowledged(2..=4).await;
    assert_eq!(duplicates(&set), 2);
    assert_eq!(texts(&set.finish(Transport::Relp).await.1), ["<13>a", "<13>b", "<13>c", "<13>d"]);
}

#[tokio::test]
async fn a_session_that_was_closed_leaves_no_doubt_about_equal_records() {
    let set = set(|_| ());
    for _ in 0..2 {
        let mut sender = open(&set).await;
        sender.send(&["<13>heartbeat"]).await;
        sender.acknowledged(2..=2).await;
        sender.say("close", "").await;
        while sender.answer().await.is_some() {}
    }
    assert_eq!((set.counts().journalled, duplicates(&set)), (2, 0));
}

#[tokio::test]
async fn what_has_arrived_before_the_stop_is_acknowledged_and_the_sender_is_told() {
    let set = set(|_| ());
    let mut sender = open(&set).await;
    sender.send(&["<13>one", "<13>two"]).await;
    let (_, seen) = set.finish(Transport::Relp).await;
    sender.acknowledged(2..=3).await;
    assert_eq!(seen.len(), 2);
    assert_eq!(sender.answer().await.unwrap(), "0 serverclose 0");
    assert_eq!(sender.answer().await, None);
}

#[tokio::test]
async fn a_journal_that_stopped_acknowledges_nothing() {
    let set = set(|_| ());
    let mut sender = open(&set).await;
    set.journal.stop().await.unwrap();
    sender.send(&["<13>late"]).await;
    assert_eq!(timeout(SOON, sender.answer()).await.expect("the connection ends"), None);
    set.until("the refusal", |counts| counts.rejected[Rejected::JournalUnavailable as usize] == 1).await;
}

#[tokio::test]
async fn a_long_record_is_cut_marked_and_acknowledged() {
    let set = set(|config| config.max_line = Size(100));
    let mut sender = open(&set).await;
    sender.send(&[&"x".repeat(1 << 20), "<13>next"]).await;
    sender.acknowledged(2..=3).await;
    let (counts, seen) = set.finish(Transport::Relp).await;
    assert_eq!((counts.truncated, seen[0].truncated, seen[0].text.len()), (1, true, 100));
    assert_eq!(seen[1].text, "<13>next");
}

#[tokio::test]
async fn bytes_that_are_no_frame_end_the_session_after_what_came_before_them() {
    let set = set(|_| ());
    let mut sender = open(&set).await;
    sender.send(&["<13>good"]).await;
    sender.stream.write_all(b"3 syslog -1 <13>bad\n4 syslog 3 <1>\n").await.unwrap();
    sender.acknowledged(2..=2).await;
    assert_eq!(sender.answer().await, None);
    let (counts, seen) = set.finish(Transport::Relp).await;
    assert_eq!((counts.rejected[Rejected::Invalid as usize], texts(&seen)), (1, vec!["<13>good"]));
}

#[tokio::test]
async fn a_session_must_be_opened_by_a_sender_of_syslog() {
    let set = set(|_| ());
    let mut other = Sender::new(set.connect().await);
    other.say("open", "relp_version=0\ncommands=eventlog").await;
    assert_eq!(other.answer().await.unwrap(), "1 rsp 28 500 this server takes syslog");
    other.say("starttls", "").await;
    assert_eq!(other.answer().await.unwrap(), "2 rsp 19 500 unknown command");
    other.send(&["<13>x"]).await;
    assert_eq!(other.answer().await, None);
    assert_eq!(set.counts().rejected[Rejected::Invalid as usize], 1);
}

#[tokio::test]
async fn a_sender_that_reads_no_answers_keeps_nobody_else_from_theirs() {
    let set = set(|_| ());
    let mut deaf = open(&set).await;
    let record = "y".repeat(8);
    let flood = async {
        loop {
            deaf.say("syslog", &record).await;
        }
    };
    let mut other = open(&set).await;
    timeout(SOON, async {
        tokio::select! {
            () = flood => {}
            () = async {
                for n in 0..20 {
                    other.send(&["<13>x"]).await;
                    other.acknowledged(2 + n..=2 + n).await;
                }
            } => {}
        }
    })
    .await
    .expect("the other sender is answered");
}

#[tokio::test]
async fn relp_is_spoken_over_tls_as_well() {
    let authority = Authority::new("Test CA");
    let set = set(|config| config.tls = Some(authority.issue("relp.example.net", &["localhost"]).server()));
    let stream = connect(set.handle.address().unwrap(), &authority, None).await.unwrap();
    let mut sender = Sender::open(stream).await;
    sender.send(&["<13>one"]).await;
    sender.acknowledged(2..=2).await;
    let (_, seen) = set.finish(Transport::Relp).await;
    assert_eq!(texts(&seen), ["<13>one"]);
}
