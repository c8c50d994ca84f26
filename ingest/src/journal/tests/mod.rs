//! The journal from its own outside: what was appended reads back, whatever happened in between.

mod damage;
mod disk;
mod keeping;
mod killed;
mod positions;

use std::path::PathBuf;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{Kind, Transport};

const SOURCE: &str = "tcp://127.0.0.1:5514";

/// A data folder that vanishes with the test.
struct Data(TempDir);

impl Data {
    fn new() -> Self {
        Data(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn journal_dir(&self) -> PathBuf {
        self.path().join(JOURNAL_DIR)
    }

    fn open(&self, options: Options) -> (Journal, Opened) {
        Journal::open(self.path(), options, Metrics::new()).unwrap()
    }

    /// Paths of the segments, in order.
    fn segments(&self) -> Vec<PathBuf> {
        let mut all: Vec<_> = std::fs::read_dir(self.journal_dir()).unwrap().map(|e| e.unwrap().path()).collect();
        all.sort();
        all
    }

    /// A copy of the folder as it is now: what a machine that loses power at this moment would find.
    fn snapshot(&self) -> Data {
        let copy = Data::new();
        std::fs::create_dir(copy.journal_dir()).unwrap();
        for path in self.segments() {
            std::fs::copy(&path, copy.journal_dir().join(path.file_name().unwrap())).unwrap();
        }
        copy
    }

    /// All records that can be read, as text, and the damage between them.
    fn read(&self) -> (Vec<String>, Vec<Damage>) {
        read_all(&mut Reader::open(&self.journal_dir(), 0).unwrap())
    }
}

/// Small segments, so that a few records rotate.
fn small(segment_bytes: u64) -> Options {
    Options { segment_bytes, ..Options::default() }
}

fn origin(peer: &str) -> Origin {
    Origin { peer: Some(peer.into()), ..Origin::new(Transport::Tcp, SOURCE) }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

/// A batch of lines from one peer, received one second after the other.
fn batch(appender: &Appender, peer: &str, lines: &[&str]) -> Batch {
    let (origin, mut batch) = (appender.origin(&origin(peer)), appender.batch());
    for (second, line) in lines.iter().enumerate() {
        batch.push(&origin, at(second as i64), Kind::Line, false, line.as_bytes()).unwrap();
    }
    batch
}

fn read_all(reader: &mut Reader) -> (Vec<String>, Vec<Damage>) {
    let (mut texts, mut damage) = (Vec::new(), Vec::new());
    while let Some(chunk) = reader.next_chunk(1_000).unwrap() {
        texts.extend(chunk.records().map(|(_, record)| String::from_utf8_lossy(record.raw).into_owned()));
        damage.extend_from_slice(chunk.damage());
    }
    (texts, damage)
}

#[tokio::test]
async fn what_was_appended_reads_back_exactly_with_how_it_arrived() {
    let data = Data::new();
    let (journal, opened) = data.open(Options::default());
    assert_eq!(opened, Opened::default());
    let appender = journal.appender();
    let sender = Origin {
        peer: Some("2001:db8::7".into()),
        path: Some("/var/log/dpkg.log".into()),
        host: Some("web1".into()),
        ..Origin::new(Transport::Relp, "relp://[::]:2514")
    };
    let (sender, mut batch) = (appender.origin(&sender), appender.batch());
    let lines: [(&[u8], Kind, bool); 4] = [
        (b"two\nlines\0and \xff", Kind::Line, false),
        (b"", Kind::Tick, false),
        (b"cut", Kind::Line, true),
        (br#"{"kind":"watch"}"#, Kind::Decision, false),
    ];
    for (raw, kind, truncated) in lines {
        batch.push(&sender, at(7), kind, truncated, raw).unwrap();
    }
    let end = appender.append_synced(batch).await.unwrap();
    assert_eq!(*journal.durable().borrow(), end);
    let mut reader = journal.reader(0).unwrap();
    let chunk = reader.next_chunk(1 << 20).unwrap().unwrap();
    assert_eq!(chunk.end(), end);
    for ((_, record), (raw, kind, truncated)) in chunk.records().zip(lines) {
        assert_eq!((record.raw, record.kind, record.truncated, record.received), (raw, kind, truncated, at(7)));
        assert_eq!(*record.origin, sender.origin);
    }
    assert_eq!(chunk.len(), 4);
    assert!(reader.next_chunk(1 << 20).unwrap().is_none());
    journal.stop().await.unwrap();
}

#[tokio::test]
async fn a_reader_goes_on_where_it_stopped_and_knows_the_origins_before_it() {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    let appender = journal.appender();
    let half = appender.append_synced(batch(&appender, "a", &["1", "2"])).await.unwrap();
    appender.append_synced(batch(&appender, "a", &["3", "4"])).await.unwrap();
    let mut reader = journal.reader(half).unwrap();
    let chunk = reader.next_chunk(1 << 20).unwrap().unwrap();
    let seen: Vec<_> = chunk.records().map(|(_, r)| (r.raw.to_vec(), r.origin.peer.clone())).collect();
    assert_eq!(seen, [(b"3".to_vec(), Some("a".into())), (b"4".to_vec(), Some("a".into()))]);
    for (position, record) in chunk.records() {
        let again = journal.reader(position).unwrap().next_chunk(1).unwrap().unwrap();
        assert_eq!(again.record(0).1.raw, record.raw, "a record's position is where it can be read again");
    }
}

#[tokio::test]
async fn a_live_reader_sees_nothing_that_is_not_durable() {
    let data = Data::new();
    let patient = Options { sync_interval: Duration::from_secs(3_600), ..Options::default() };
    let (journal, _) = data.open(patient);
    let appender = journal.appender();
    let mut reader = journal.reader(0).unwrap();
    appender.append(batch(&appender, "a", &["only written"])).await.unwrap();
    let source = appender.metrics().source(SOURCE);
    while source.counts().journalled == 0 {
        tokio::task::yield_now().await;
    }
    assert!(read_all(&mut reader).0.is_empty());
    appender.append_synced(batch(&appender, "a", &["synced"])).await.unwrap();
    assert_eq!(read_all(&mut reader).0, ["only written", "synced"]);
}

#[tokio::test]
async fn an_unacknowledged_record_is_durable_within_the_interval() {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    let mut durable = journal.durable();
    let begin = *durable.borrow_and_update();
    let appender = journal.appender();
    let begun = std::time::Instant::now();
    appender.append(batch(&appender, "a", &["x"])).await.unwrap();
    durable.wait_for(|end| *end > begin).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn readers_follow_across_segments() {
    let data = Data::new();
    let (journal, _) = data.open(small(400));
    let appender = journal.appender();
    let mut reader = journal.reader(0).unwrap();
    let lines: Vec<String> = (0..50).map(|n| format!("line number {n}")).collect();
    let mut seen = Vec::new();
    for line in &lines {
        appender.append_synced(batch(&appender, "a", &[line])).await.unwrap();
        seen.extend(read_all(&mut reader).0);
    }
    assert_eq!(seen, lines);
    assert!(data.segments().len() > 5);
    journal.stop().await.unwrap();
    assert_eq!(data.read(), (lines, vec![]), "from outside and from the start it is the same");
}

#[tokio::test]
async fn a_journal_goes_on_after_a_restart() {
    let data = Data::new();
    for (start, line) in ["first", "second", "third"].into_iter().enumerate() {
        let (journal, opened) = data.open(Options::default());
        assert_eq!((opened.segments, opened.torn_bytes), (start, 0));
        let appender = journal.appender();
        appender.append(batch(&appender, "a", &[line])).await.unwrap();
        journal.stop().await.unwrap();
    }
    assert_eq!(data.read(), (vec!["first".into(), "second".into(), "third".into()], vec![]));
}

#[tokio::test]
async fn starts_that_receive_nothing_leave_no_segments_behind() {
    let data = Data::new();
    for _ in 0..5 {
        data.open(Options::default()).0.stop().await.unwrap();
    }
    assert_eq!(data.segments().len(), 1);
}

#[tokio::test]
async fn a_stopped_journal_refuses_and_counts_what_comes_later() {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    let appender = journal.appender();
    journal.stop().await.unwrap();
    journal.stop().await.unwrap();
    assert!(matches!(appender.append(batch(&appender, "a", &["1"])).await, Err(Error::Closed)));
    assert!(appender.append_synced(batch(&appender, "a", &["2", "3"])).await.is_err());
    assert!(matches!(appender.try_append(batch(&appender, "a", &["4"])), Err(NotTaken::Stopped(_))));
    drop(batch(&appender, "a", &["5"]));
    let counts = appender.metrics().source(SOURCE).counts();
    assert_eq!((counts.received(), counts.rejected[Rejected::JournalUnavailable as usize]), (5, 2));
}

#[tokio::test]
async fn a_second_instance_is_refused_and_told_by_whom() {
    let data = Data::new();
    let (first, _) = data.open(Options::default());
    let said = Journal::open(data.path(), Options::default(), Metrics::new()).err().unwrap().to_string();
    assert!(said.contains(&format!("in use by another roundsman (process {})", std::process::id())), "{said}");
    drop(first);
    data.open(Options::default());
}

#[test]
fn a_file_where_the_data_folder_should_be_is_named() {
    let data = Data::new();
    let file = data.path().join("file");
    std::fs::write(&file, "").unwrap();
    let said = Journal::open(&file, Options::default(), Metrics::new()).err().unwrap().to_string();
    assert!(said.starts_with(&format!("{}: cannot make the folder", file.display())), "{said}");
    assert!(said.ends_with("; set `data.dir` to a folder"), "{said}");
}

#[tokio::test]
async fn a_position_behind_the_end_is_refused() {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    let said = journal.reader(1 << 40).err().unwrap().to_string();
    assert!(said.contains("it was replaced or emptied"), "{said}");
}

#[tokio::test]
async fn a_full_queue_hands_the_batch_back_and_lets_append_wait() {
    let data = Data::new();
    let (journal, _) = data.open(Options { queue_bytes: 2 * MIN_ROOM, ..Options::default() });
    let appender = journal.appender();
    let held = Arc::clone(&appender.room).acquire_many_owned(2 * MIN_ROOM as u32).await.unwrap();
    let Err(NotTaken::Full(back)) = appender.try_append(batch(&appender, "a", &["later"])) else {
        panic!("there was no room");
    };
    let waits = tokio::spawn({
        let appender = appender.clone();
        async move { appender.append(back).await }
    });
    tokio::task::yield_now().await;
    assert!(!waits.is_finished());
    drop(held);
    waits.await.unwrap().unwrap();
    journal.stop().await.unwrap();
    assert_eq!(data.read().0, ["later"]);
}
