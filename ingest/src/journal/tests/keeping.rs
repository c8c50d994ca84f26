//! Retention, and the commands that read a folder from outside.

use serde_json::{Value, json};

use super::*;
use crate::journal::{offline, retention};

/// A running journal of many small segments with lines `0…`.
async fn many(data: &Data, options: Options) -> Journal {
    let (journal, _) = data.open(options);
    let appender = journal.appender();
    for n in 0..40 {
        appender.append_synced(batch(&appender, "a", &[&format!("{n:0100}")])).await.unwrap();
    }
    journal
}

#[tokio::test]
async fn size_alone_never_takes_what_still_fits() {
    let data = Data::new();
    let journal = many(&data, small(500)).await;
    assert_eq!(read_all(&mut journal.reader(0).unwrap()).0.len(), 40);
}

#[tokio::test]
async fn the_size_limit_takes_the_oldest_segments_and_counts_what_nobody_had_read() {
    let data = Data::new();
    let journal = many(&data, Options { max_bytes: 3_000, ..small(500) }).await;
    let (texts, _) = read_all(&mut journal.reader(0).unwrap());
    assert_eq!(texts.last().unwrap(), &format!("{:0100}", 39));
    assert!(texts.len() < 20, "{}", texts.len());
    let metrics = journal.appender().metrics().clone();
    let gone = Reader::open(&data.journal_dir(), 0).unwrap().position() - layout::SEGMENT_HEADER as u64;
    assert_eq!(metrics.journal_unread_deleted_bytes().get(), gone);
    let size: u64 = data.segments().iter().map(|path| std::fs::metadata(path).unwrap().len()).sum();
    assert_eq!(metrics.journal_bytes().get() as u64, size);
    assert!(size <= 3_000);
}

#[tokio::test]
async fn a_reader_whose_segment_was_deleted_goes_on_with_the_oldest_and_says_what_it_missed() {
    let data = Data::new();
    let (journal, _) = data.open(Options { max_bytes: 2_000, ..small(500) });
    let appender = journal.appender();
    let stored = appender.append_synced(batch(&appender, "a", &["first"])).await.unwrap();
    for n in 0..40 {
        appender.append_synced(batch(&appender, "a", &[&format!("{n:0100}")])).await.unwrap();
    }
    let mut reader = journal.reader(stored).unwrap();
    let chunk = reader.next_chunk(1_000).unwrap().unwrap();
    assert_eq!((chunk.damage()[0].position, chunk.damage()[0].what), (stored, "deleted before it was read"));
    assert_eq!(chunk.record(0).1.origin.peer.as_deref(), Some("a"));
}

#[tokio::test]
async fn age_takes_only_what_the_pipeline_has_stored() {
    let data = Data::new();
    let options = small(500);
    let journal = many(&data, options.clone()).await;
    let end = *journal.durable().borrow();
    journal.stop().await.unwrap();
    let segments = data.segments().len();
    let last = retention::list(&data.journal_dir()).unwrap().last().unwrap().base;
    let later = Timestamp::now() + jiff::SignedDuration::from_hours(24 * 31);
    let retain = |needed, now| retention::retain(&data.journal_dir(), &options, last, needed, now).unwrap();
    retain(0, later);
    assert_eq!(data.segments().len(), segments, "nothing had been read");
    retain(end, Timestamp::now());
    assert_eq!(data.segments().len(), segments, "nothing was old");
    retain(last - 1, later);
    assert_eq!(data.segments().len(), 2, "the segment of the position and the current one stay");
    assert_eq!(retain(end, later).unread_bytes, 0);
    assert_eq!(data.segments().len(), 1, "the current one always stays");
}

#[tokio::test]
async fn a_running_journal_lets_go_of_what_is_old_when_it_begins_a_segment() {
    let data = Data::new();
    let days = Arc::new(std::sync::atomic::AtomicI64::new(0));
    let today = Arc::clone(&days);
    let clock: Clock = Arc::new(move || at(today.load(Ordering::SeqCst) * 86_400));
    let journal = many(&data, Options { clock, ..small(500) }).await;
    let (appender, before) = (journal.appender(), data.segments().len());
    days.store(29, Ordering::SeqCst);
    journal.retain(*journal.durable().borrow());
    for _ in 0..10 {
        appender.append_synced(batch(&appender, "a", &[&"y".repeat(100)])).await.unwrap();
    }
    assert!(data.segments().len() > before, "29 of 30 days");
    days.store(31, Ordering::SeqCst);
    for _ in 0..10 {
        appender.append_synced(batch(&appender, "a", &[&"z".repeat(100)])).await.unwrap();
    }
    let (texts, damage) = read_all(&mut journal.reader(0).unwrap());
    let left = |first: char| texts.iter().filter(|text| text.starts_with(first)).count();
    assert!(left('0') <= 3, "only those of the segment that lasted until day 29: {}", left('0'));
    assert_eq!((left('y'), left('z'), damage.len()), (10, 10, 0));
    assert_eq!(appender.metrics().journal_unread_deleted_bytes().get(), 0);
}

#[tokio::test]
async fn verify_cat_and_export_work_on_either_folder_beside_a_running_instance() {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    let appender = journal.appender();
    let own = appender.origin(&Origin::new(Transport::File, "roundsman"));
    let sender = Origin {
        host: Some("web1".into()),
        path: Some("/var/log/dpkg.log".into()),
        ..Origin::new(Transport::Tls, SOURCE)
    };
    let (sender, mut batch) = (appender.origin(&sender), appender.batch());
    let feed = json!({"input": "scans", "path": "scans/web1--trivy.json", "text": "{}"}).to_string();
    for (second, origin, kind, raw) in [
        (0, &sender, Kind::Line, "a line"),
        (1, &own, Kind::Tick, ""),
        (2, &own, Kind::Feed, &*feed),
        (3, &own, Kind::Decision, r#"{"kind":"watch","advisory":"DSA-9001","on":true}"#),
        (4, &sender, Kind::Line, "out of range"),
    ] {
        batch.push(origin, at(second), kind, false, raw.as_bytes()).unwrap();
    }
    appender.append_synced(batch).await.unwrap();
    for dir in [data.path(), &data.journal_dir()] {
        let report = offline::verify(dir).unwrap();
        assert_eq!((report.records, report.segments, report.times), (5, 1, Some((at(0), at(4)))));
        assert!(report.is_sound());
        let mut out = Vec::new();
        offline::export(dir, offline::Range { from: None, to: Some(at(4)) }, &mut out).unwrap();
        let lines: Vec<Value> = out.split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice(l).ok()).collect();
        let time = |second| at(second).to_string();
        assert_eq!(
            lines,
            [
                json!({"received": time(0), "host": "web1", "transport": "tls", "source": "/var/log/dpkg.log", "raw": "a line"}),
                json!({"tick": time(1)}),
                json!({"received": time(2), "feed": "scans/web1--trivy.json", "as": "scans", "text": "{}"}),
                json!({"received": time(3), "record": {"kind": "watch", "advisory": "DSA-9001", "on": true}}),
            ]
        );
    }
}

#[test]
fn a_folder_without_a_journal_is_said_to_be_none() {
    let data = Data::new();
    for dir in [data.path().to_owned(), data.path().join("missing")] {
        let said = offline::verify(&dir).unwrap_err().to_string();
        assert!(said.contains("no journal here; give the data folder"), "{said}");
    }
}
