//! Lines of a source that can be read again, and the position that they lead to: both or neither.

use std::fs;

use serde_json::json;

use super::*;

const KEY: &str = "file/7";
const GROUPS: u64 = 4;
const LINES: u64 = 3;

/// One step of a file: its lines and their position.
fn step(appender: &Appender, number: u64) -> Batch {
    let (origin, mut batch) = (appender.origin(&Origin::new(Transport::File, "file:x")), appender.batch());
    for line in 0..LINES {
        batch.push_part(&origin, at(0), false, format!("{number}.{line}").as_bytes()).unwrap();
    }
    let state = Some(json!({ "offset": number * LINES }));
    batch.close(&origin, at(0), Step { key: KEY.into(), number, records: 0, state }).unwrap();
    batch
}

/// A journal of some steps, with lines of another source before and between.
async fn written() -> Data {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    for number in 1..=GROUPS {
        journal.appender().append(batch(&journal.appender(), "web1", &["other"])).await.unwrap();
        journal.appender().append(step(&journal.appender(), number)).await.unwrap();
    }
    journal.stop().await.unwrap();
    data
}

/// The number of the last step that counts, and the lines of all steps that can be read.
fn found(data: &Data) -> (u64, Vec<String>) {
    let (journal, opened) = data.open(Options::default());
    let positions = journal.positions(&[], opened.start).unwrap();
    let number = positions.of("file/").map(|(_, known)| known.number).max().unwrap_or(0);
    let lines = data.read().0.into_iter().filter(|line| line.contains('.') && !line.starts_with('{')).collect();
    (number, lines)
}

fn lines_up_to(number: u64) -> Vec<String> {
    (1..=number).flat_map(|number| (0..LINES).map(move |line| format!("{number}.{line}"))).collect()
}

#[tokio::test]
async fn wherever_a_crash_tears_the_journal_lines_and_their_position_stay_together() {
    let data = written().await;
    let whole = fs::read(&data.segments()[0]).unwrap();
    let mut numbers = std::collections::BTreeSet::new();
    for end in (layout::SEGMENT_HEADER..=whole.len()).step_by(3).chain([whole.len()]) {
        let torn = data.snapshot();
        fs::write(&torn.segments()[0], &whole[..end]).unwrap();
        let (number, lines) = found(&torn);
        assert_eq!(lines, lines_up_to(number), "torn at {end}");
        numbers.insert(number);
    }
    assert_eq!(numbers.len() as u64, GROUPS + 1, "{numbers:?}");
}

#[tokio::test]
async fn a_position_whose_lines_were_damaged_does_not_count_nor_does_any_after_it() {
    let data = written().await;
    let path = &data.segments()[0];
    let mut bytes = fs::read(path).unwrap();
    let line = memchr::memmem::find(&bytes, b"2.1").unwrap();
    bytes[line] ^= 1;
    fs::write(path, bytes).unwrap();
    assert_eq!(found(&data).0, 1);
}

#[tokio::test]
async fn what_was_stored_at_any_record_and_read_on_from_there_is_the_same() {
    let data = written().await;
    let mut reader = Reader::open(&data.journal_dir(), 0).unwrap();
    let chunk = reader.next_chunk(1 << 20).unwrap().unwrap();
    for cut in 0..=chunk.len() {
        let mut before = Positions::default();
        before.absorb(&chunk, 0..cut);
        let rows: Vec<_> = before.checkpoint().into_iter().filter_map(|(key, row)| Some((key, row?))).collect();
        let mut after = Positions::restore(&rows);
        after.absorb(&chunk, cut..chunk.len());
        let (_, known) = after.of("file/").next().unwrap();
        assert_eq!((known.number, &known.state), (GROUPS, &json!({ "offset": GROUPS * LINES })), "cut at {cut}");
    }
}

#[tokio::test]
async fn a_key_that_is_forgotten_is_a_row_that_goes() {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    let appender = journal.appender();
    appender.append(step(&appender, 1)).await.unwrap();
    let origin = appender.origin(&Origin::new(Transport::File, "file:x"));
    let mut last = appender.batch();
    last.close(&origin, at(0), Step { key: KEY.into(), number: 2, records: 0, state: None }).unwrap();
    appender.append_synced(last).await.unwrap();
    let mut positions = journal.positions(&[], 0).unwrap();
    assert_eq!(positions.of("file/").count(), 0);
    assert_eq!(positions.checkpoint(), [("position/file/7".into(), None)]);
}
