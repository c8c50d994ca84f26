//! Real sockets on loopback, IPv4 and IPv6, up to what the journal then holds.

use std::time::{Duration, Instant};

use tokio::{io::AsyncWriteExt, net::UdpSocket};

use super::*;
use crate::{
    journal::{self, Options},
    metrics::{Refused, Rejected},
    source::testing::{SOON, Seen, Set},
};

const BOTH: [&str; 2] = ["127.0.0.1:0", "[::1]:0"];

fn with(listen: &str, change: impl FnOnce(&mut SyslogConfig), options: Options) -> Set {
    let mut config = SyslogConfig::new(listen.parse().unwrap());
    change(&mut config);
    Set::of(|journal| spawn(&config, journal.appender()), options)
}

fn set(listen: &str, change: impl FnOnce(&mut SyslogConfig)) -> Set {
    with(listen, change, Options::default())
}

fn texts(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|seen| &*seen.text).collect()
}

#[tokio::test]
async fn tcp_lines_of_many_connections_are_all_in_the_journal_and_counted() {
    for address in BOTH {
        let set = set(&format!("tcp://{address}"), |_| ());
        let mut senders = Vec::new();
        for sender in 0..8 {
            let mut stream = set.connect().await;
            senders.push(tokio::spawn(async move {
                for n in 0..500 {
                    let message = format!("<13>sender {sender} line {n}");
                    let framed = match n % 3 {
                        0 => format!("{} {message}", message.len()),
                        1 => format!("{message}\r\n"),
                        _ => format!("{message}\n"),
                    };
                    stream.write_all(framed.as_bytes()).await.unwrap();
                }
            }));
        }
        for sender in senders {
            sender.await.unwrap();
        }
        set.until("all lines", |counts| counts.journalled == 4_000).await;
        let (counts, mut seen) = set.finish(Transport::Tcp).await;
        assert_eq!((counts.received(), counts.journalled), (4_000, 4_000));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 4_000, "each exactly once");
        let peer = if address.starts_with('[') { "::1" } else { "127.0.0.1" };
        assert!(seen.iter().all(|one| one.peer == peer && !one.truncated && one.text.starts_with("<13>")));
    }
}

#[tokio::test]
async fn a_single_line_is_journalled_while_the_connection_stays_open() {
    let set = set("tcp://127.0.0.1:0", |_| ());
    let mut stream = set.connect().await;
    let begun = Instant::now();
    stream.write_all(b"<13>one line\n").await.unwrap();
    set.until("the line", |counts| counts.journalled == 1).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(set.counts().last_seen.is_some());
    drop(stream);
    assert_eq!(set.finish(Transport::Tcp).await.1.len(), 1);
}

#[tokio::test]
async fn a_stray_rest_is_delivered_when_the_connection_closes() {
    let set = set("tcp://127.0.0.1:0", |_| ());
    set.connect().await.write_all(b"<13>whole\n<13>stray").await.unwrap();
    set.until("both", |counts| counts.journalled == 2).await;
    assert_eq!(set.finish(Transport::Tcp).await.1[1].text, "<13>stray");
}

#[tokio::test]
async fn a_long_line_is_cut_marked_and_counted_and_the_next_one_is_whole() {
    let set = set("tcp://127.0.0.1:0", |config| config.max_line = Size(100));
    let mut stream = set.connect().await;
    stream.write_all(&[b"<13>", &[b'x'; 1_000_000][..], b"\n<13>next\n"].concat()).await.unwrap();
    set.until("both", |counts| counts.journalled == 2).await;
    drop(stream);
    let (counts, seen) = set.finish(Transport::Tcp).await;
    assert_eq!(counts.truncated, 1);
    assert_eq!((seen[0].truncated, seen[0].text.len()), (true, 100));
    assert_eq!((seen[1].truncated, &*seen[1].text), (false, "<13>next"));
}

#[tokio::test]
async fn a_connection_above_the_limit_is_closed_and_counted_and_room_is_given_again() {
    let set = set("tcp://127.0.0.1:0", |config| config.max_connections = 1);
    let mut first = set.connect().await;
    first.write_all(b"<13>first\n").await.unwrap();
    set.until("the first", |counts| counts.journalled == 1).await;
    let mut second = set.connect().await;
    assert_eq!(tokio::io::AsyncReadExt::read(&mut second, &mut [0; 8]).await.unwrap_or(0), 0, "closed");
    assert_eq!(set.counts().refused[Refused::TooMany as usize], 1);
    drop(first);
    let begun = Instant::now();
    while set.counts().journalled < 2 {
        assert!(begun.elapsed() < SOON);
        let _ = set.connect().await.write_all(b"<13>third\n").await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_was_sent_before_the_stop_is_in_the_journal_after_it() {
    let set = set("tcp://127.0.0.1:0", |_| ());
    let mut stream = set.connect().await;
    stream.write_all(b"<13>a\n").await.unwrap();
    set.until("the connection", |counts| counts.journalled == 1).await;
    let many: String = (0..10_000).map(|n| format!("<13>line {n}\n")).collect();
    stream.write_all(many.as_bytes()).await.unwrap();
    let (counts, seen) = set.finish(Transport::Tcp).await;
    assert_eq!((counts.journalled, seen.len()), (10_001, 10_001));
}

#[tokio::test]
async fn a_full_journal_pushes_back_and_loses_nothing() {
    let slow = Options { queue_bytes: 64 << 10, ..Options::default() };
    let set = with("tcp://127.0.0.1:0", |_| (), slow);
    let mut stream = set.connect().await;
    let line = format!("<13>{}\n", "y".repeat(1_000));
    for _ in 0..200 {
        stream.write_all(line.repeat(100).as_bytes()).await.unwrap();
    }
    set.until("all", |counts| counts.journalled == 20_000).await;
    assert_eq!(set.counts().received(), 20_000);
}

#[tokio::test]
async fn udp_datagrams_are_one_record_each_with_their_sender() {
    for address in BOTH {
        let set = set(&format!("udp://{address}"), |config| config.max_line = Size(100));
        let sender = UdpSocket::bind(address).await.unwrap();
        let long = [b'x'; 101];
        let exact = [&[b'y'; 100][..], b"\r\n"].concat();
        for datagram in [&b"<13>one\n"[..], b"<13>two\nlines", b"", b"\n", &long, &exact] {
            sender.send_to(datagram, set.handle.address().unwrap()).await.unwrap();
        }
        set.until("all", |counts| counts.journalled == 4).await;
        let (counts, seen) = set.finish(Transport::Udp).await;
        assert_eq!((counts.received(), counts.truncated), (4, 1));
        let peer = sender.local_addr().unwrap().ip().to_string();
        let expected = [(false, "<13>one".to_owned()), (false, "<13>two\nlines".into()), (true, "x".repeat(100))];
        for (seen, (truncated, text)) in seen.iter().zip(expected) {
            assert_eq!(*seen, Seen { peer: peer.clone(), truncated, text });
        }
        assert_eq!((seen[3].truncated, seen[3].text.len()), (false, 100));
    }
}

#[tokio::test]
async fn an_ipv6_listener_takes_ipv4_under_its_own_address() {
    let set = set("udp://[::]:0", |_| ());
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    sender.send_to(b"<13>x", ("127.0.0.1", set.handle.address().unwrap().port())).await.unwrap();
    set.until("it", |counts| counts.journalled == 1).await;
    assert_eq!(set.finish(Transport::Udp).await.1[0].peer, "127.0.0.1");
}

#[tokio::test]
async fn every_datagram_that_was_sent_is_journalled_or_counted_as_dropped() {
    for address in BOTH {
        // A buffer of a few datagrams, and no receiver while they are sent: this test has one thread.
        let set = set(&format!("udp://{address}"), |config| config.receive_buffer = Size(16 << 10));
        let target = set.handle.address().unwrap();
        let sender = std::net::UdpSocket::bind(address).unwrap();
        for n in 0..2_000 {
            sender.send_to(format!("<13>datagram {n}").as_bytes(), target).unwrap();
        }
        set.until("all", |counts| counts.received() == 2_000).await;
        let (counts, seen) = set.finish(Transport::Udp).await;
        assert_eq!(counts.journalled, seen.len() as u64);
        assert!(counts.dropped[crate::metrics::Dropped::Kernel as usize] > 0);
        assert_eq!(counts.received(), 2_000);
    }
}

#[tokio::test]
async fn datagrams_that_a_full_queue_cannot_take_are_counted() {
    // Nobody ever gives room back: the journal has stopped taking, but does not say so.
    let set = with("udp://127.0.0.1:0", |_| (), Options { queue_bytes: 1, ..Options::default() });
    let appender = set.journal.appender();
    let held = appender.hold_room().await;
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for _ in 0..3 {
        sender.send_to(b"<13>x", set.handle.address().unwrap()).await.unwrap();
    }
    set.until("all", |counts| counts.received() == 3).await;
    assert_eq!(set.counts().dropped[crate::metrics::Dropped::QueueFull as usize], 3);
    drop(held);
}

#[tokio::test]
async fn a_taken_port_is_named_with_what_to_do() {
    for scheme in ["tcp", "udp"] {
        let set = set(&format!("{scheme}://127.0.0.1:0"), |_| ());
        let config = SyslogConfig::new(set.handle.label().parse().unwrap());
        let said = spawn(&config, set.journal.appender()).err().unwrap().to_string();
        assert!(said.starts_with(&format!("cannot listen on {}: ", set.handle.label())), "{said}");
        assert!(said.contains("another program has this port"), "{said}");
    }
}

#[tokio::test]
async fn a_line_limit_that_one_sender_could_fill_the_memory_with_is_refused() {
    let set = set("tcp://127.0.0.1:0", |_| ());
    let config = SyslogConfig { max_line: Size(1 << 30), ..SyslogConfig::new("tcp://127.0.0.1:0".parse().unwrap()) };
    let said = spawn(&config, set.journal.appender()).err().unwrap().to_string();
    assert!(said.ends_with("`max_line` is 1GiB, but 16MiB is the most; write a smaller size"), "{said}");
}

#[tokio::test]
async fn a_journal_that_stopped_ends_the_connections_and_counts_their_records() {
    let set = set("tcp://127.0.0.1:0", |_| ());
    let mut stream = set.connect().await;
    set.journal.stop().await.unwrap();
    let _ = stream.write_all(b"<13>late\n").await;
    set.until("the loss", |counts| counts.received() == 1).await;
    assert_eq!(set.counts().journalled, 0);
    assert_eq!(tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 8]).await.unwrap_or(0), 0, "closed");
    let begun = Instant::now();
    set.handle.stop(SOON).await;
    assert!(begun.elapsed() < SOON);
    assert!(matches!(set.journal.appender().append(set.journal.appender().batch()).await, Err(journal::Error::Closed)));
}

#[test]
fn settings_read_as_people_write_them_and_refuse_what_they_do_not_know() {
    let read = |text: &str| serde_json::from_str::<SyslogConfig>(text).map_err(|error| error.to_string());
    let config = read(r#"{"listen":"tcp://[::]:514","max_line":"8KiB"}"#).unwrap();
    assert_eq!(config.max_line, Size(8 << 10));
    assert_eq!(config.listen.to_string(), "tcp://[::]:514");
    for (text, word) in [
        (r#"{"listen":"tcp://[::]:514","port":1}"#, "unknown field `port`"),
        (r#"{"listen":"514"}"#, "does not begin with udp://, tcp://, tls:// or unix://"),
        (r#"{"listen":"udp://localhost"}"#, "does not end with an address and a port"),
        (r#"{"listen":"unix://log"}"#, "does not end with an absolute path"),
        (r#"{"listen":"unix:///run/log","mode":"rw"}"#, "`rw` is no mode"),
        (r#"{}"#, "missing field `listen`"),
    ] {
        let said = read(text).unwrap_err();
        assert!(said.contains(word), "{said}");
    }
}

#[tokio::test]
async fn a_sender_that_is_not_listed_is_refused_by_connection_and_by_datagram() {
    let elsewhere = |config: &mut SyslogConfig| config.senders.allow = vec!["192.0.2.0/24".parse().unwrap()];
    let tcp = set("tcp://127.0.0.1:0", elsewhere);
    let mut stream = tcp.connect().await;
    assert_eq!(tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 8]).await.unwrap_or(0), 0, "closed");
    tcp.until("the refusal", |counts| counts.refused[Refused::NotAllowed as usize] == 1).await;
    assert_eq!(tcp.counts().received(), 0);

    let udp = set("udp://127.0.0.1:0", elsewhere);
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    sender.send_to(b"<13>x", udp.handle.address().unwrap()).await.unwrap();
    udp.until("the datagram", |counts| counts.rejected[Rejected::NotAllowed as usize] == 1).await;
    udp.handle.change(&Senders::default(), None).unwrap();
    sender.send_to(b"<13>y", udp.handle.address().unwrap()).await.unwrap();
    udp.until("the next one", |counts| counts.journalled == 1).await;
    let (counts, seen) = udp.finish(Transport::Udp).await;
    assert_eq!((counts.received(), texts(&seen)), (2, vec!["<13>y"]));
}

#[tokio::test]
async fn datagrams_above_a_senders_rate_are_rejected_and_another_sender_is_not_touched() {
    let set = set("udp://[::]:0", |config| config.senders.max_rate = Some(Size(1_000)));
    let port = set.handle.address().unwrap().port();
    let flood = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for n in 0..100 {
        flood.send_to(format!("<13>flood {n} {}", "x".repeat(80)).as_bytes(), ("127.0.0.1", port)).await.unwrap();
    }
    let quiet = UdpSocket::bind("[::1]:0").await.unwrap();
    quiet.send_to(b"<13>quiet", ("::1", port)).await.unwrap();
    set.until("all", |counts| counts.received() == 101).await;
    let (counts, seen) = set.finish(Transport::Udp).await;
    let flooded = seen.iter().filter(|one| one.peer == "127.0.0.1").count() as u64;
    assert!((5..50).contains(&flooded), "a burst of a second, then the rate: {flooded}");
    assert_eq!(counts.rejected[Rejected::Rate as usize], 100 - flooded);
    assert!(seen.iter().any(|one| one.peer == "::1"));
}

#[tokio::test]
async fn a_flood_over_one_connection_is_slowed_down_and_loses_nothing() {
    let set = set("tcp://127.0.0.1:0", |config| config.senders.max_rate = Some(Size(256 << 10)));
    let mut stream = set.connect().await;
    let flood = format!("<13>{}\n", "x".repeat(1_019)).repeat(768);
    let begun = Instant::now();
    stream.write_all(flood.as_bytes()).await.unwrap();
    set.until("all", |counts| counts.journalled == 768).await;
    assert!(begun.elapsed() > Duration::from_millis(400), "{:?}", begun.elapsed());
    assert_eq!(set.counts().received(), 768);
}

#[tokio::test]
async fn what_a_slowed_sender_sent_before_the_stop_is_in_the_journal_after_it() {
    let set = set("tcp://127.0.0.1:0", |config| config.senders.max_rate = Some(Size(1)));
    let mut stream = set.connect().await;
    stream.write_all(b"<13>first\n").await.unwrap();
    set.until("the first", |counts| counts.journalled == 1).await;
    stream.write_all(b"<13>second\n").await.unwrap();
    assert_eq!(texts(&set.finish(Transport::Tcp).await.1), ["<13>first", "<13>second"]);
}

#[tokio::test]
async fn a_unix_socket_takes_datagrams_as_dev_log_does() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    let set = set(&format!("unix://{}", path.display()), |config| config.max_line = Size(40));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o666);
    let sender = std::os::unix::net::UnixDatagram::unbound().unwrap();
    sender.connect(&path).unwrap();
    for message in [&b"<13>Nov 22 10:00:00 app: one\n"[..], b"<13>two\nlines\0", b"\n", &[b'x'; 60], b"\xff\0\xfe"] {
        sender.send(message).unwrap();
    }
    set.until("four records", |counts| counts.journalled == 4).await;
    let (_, seen) = set.finish(Transport::Unix).await;
    assert_eq!(texts(&seen), ["<13>Nov 22 10:00:00 app: one", "<13>two\nlines", &"x".repeat(40), "\u{fffd}\0\u{fffd}"]);
    assert_eq!(seen.iter().map(|one| one.truncated).collect::<Vec<_>>(), [false, false, true, false]);
    assert!(seen.iter().all(|one| *one.peer == *crate::source::this_host()));
    assert!(!path.exists(), "the socket goes with its source");
}

#[tokio::test]
async fn a_unix_stream_ends_messages_with_nul_or_a_line_break() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    let set = set(&format!("unix-stream://{}", path.display()), |_| {});
    let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
    stream.write_all(b"<13>one\0<13>two\n<13>three").await.unwrap();
    drop(stream);
    set.until("three records", |counts| counts.journalled == 3).await;
    assert_eq!(texts(&set.finish(Transport::Unix).await.1), ["<13>one", "<13>two", "<13>three"]);
}

#[tokio::test]
async fn only_a_socket_that_nobody_listens_on_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let metrics = crate::metrics::Metrics::new();
    let (journal, _) = journal::Journal::open(&dir.path().join("data"), Options::default(), metrics).unwrap();
    let start = |name: &str| {
        let place: Place = format!("unix://{}", dir.path().join(name).display()).parse().unwrap();
        spawn(&SyslogConfig::new(place), journal.appender())
    };
    drop(std::os::unix::net::UnixDatagram::bind(dir.path().join("stale")).unwrap());
    assert!(dir.path().join("stale").exists());
    let running = start("stale").unwrap();
    let told = |result: Result<Handle, Error>| result.err().map(|error| error.to_string()).unwrap_or_default();
    let served = told(start("stale"));
    assert!(served.contains("in use") && served.contains("socket") && !served.contains("port"), "{served}");
    std::fs::write(dir.path().join("file"), "precious").unwrap();
    assert!(told(start("file")).contains("only a socket is replaced"));
    assert_eq!(std::fs::read(dir.path().join("file")).unwrap(), b"precious");
    assert!(told(start("absent/log")).contains("make its folder first"));
    running.stop(SOON).await;
}
