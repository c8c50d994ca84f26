//! Crashes and bad disks.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::journal::offline;

const LINES: [&str; 4] = ["the first line", "the second one", "a third", "the last line of all"];

/// A closed journal of one segment with these lines.
async fn written(lines: &[&str]) -> Data {
    let data = Data::new();
    let (journal, _) = data.open(Options::default());
    let appender = journal.appender();
    appender.append(batch(&appender, "a", lines)).await.unwrap();
    journal.stop().await.unwrap();
    data
}

#[tokio::test]
async fn a_tail_torn_at_any_byte_of_the_last_record_is_cut_and_the_rest_is_kept() {
    let data = written(&LINES).await;
    let whole = fs::read(&data.segments()[0]).unwrap();
    let last = layout::record_size(LINES[3].len());
    for cut in whole.len() - last..whole.len() {
        let torn = data.snapshot();
        fs::write(&torn.segments()[0], &whole[..cut]).unwrap();
        // Padding is no part of a record's checksum, but a record without it is not whole.
        assert_eq!(torn.read(), (LINES[..3].iter().map(|l| l.to_string()).collect(), vec![]), "cut at {cut}");
        assert_eq!(offline::verify(torn.path()).unwrap().tail_bytes, (cut - (whole.len() - last)) as u64);
        let (journal, opened) = torn.open(Options::default());
        assert_eq!(opened.end, (whole.len() - last) as u64);
        assert_eq!(opened.torn_bytes, (cut - (whole.len() - last)) as u64);
        let appender = journal.appender();
        appender.append(batch(&appender, "a", &["after"])).await.unwrap();
        journal.stop().await.unwrap();
        assert_eq!(torn.read(), (vec![LINES[0].into(), LINES[1].into(), LINES[2].into(), "after".into()], vec![]));
        assert!(offline::verify(torn.path()).unwrap().is_sound());
    }
}

#[tokio::test]
async fn zeros_after_the_last_record_are_no_damage() {
    let data = written(&LINES).await;
    let segment = &data.segments()[0];
    let length = fs::metadata(segment).unwrap().len();
    fs::OpenOptions::new().write(true).open(segment).unwrap().set_len(length + 12_345).unwrap();
    assert!(offline::verify(data.path()).unwrap().is_sound());
    let (journal, opened) = data.open(Options::default());
    assert_eq!((opened.end, opened.torn_bytes, opened.damage.len()), (length, 0, 0));
    drop(journal);
    assert_eq!(data.read().0, LINES);
    assert!(!data.path().join(QUARANTINE_DIR).exists());
}

#[tokio::test]
async fn a_flipped_byte_in_the_middle_costs_one_record_which_is_kept_in_quarantine() {
    let data = written(&LINES).await;
    let whole = fs::read(&data.segments()[0]).unwrap();
    let second = whole.windows(LINES[1].len()).position(|w| w == LINES[1].as_bytes()).unwrap();
    let begin = second - layout::RECORD_HEADER;
    let size = layout::record_size(LINES[1].len());
    for offset in begin..second + LINES[1].len() {
        let bad = data.snapshot();
        let mut bytes = whole.clone();
        bytes[offset] ^= 0x40;
        fs::write(&bad.segments()[0], &bytes).unwrap();
        let (texts, damage) = bad.read();
        assert_eq!(texts, [LINES[0], LINES[2], LINES[3]], "flipped at {offset}");
        assert_eq!((damage[0].position, damage[0].bytes, damage.len()), (begin as u64, size as u64, 1));
        assert_eq!(offline::verify(bad.path()).unwrap().damage, damage);

        let (journal, opened) = bad.open(Options::default());
        assert_eq!(opened.damage, damage);
        let copy = bad.path().join(QUARANTINE_DIR).join(format!("{begin:016x}.bad"));
        assert_eq!(fs::read(&copy).unwrap(), bytes[begin..begin + size]);
        assert_eq!(read_all(&mut journal.reader(0).unwrap()), (texts, damage));
    }
}

#[tokio::test]
async fn damage_in_a_segment_that_is_not_the_last_is_quarantined_when_it_is_read() {
    let data = Data::new();
    let (journal, _) = data.open(small(300));
    let appender = journal.appender();
    for line in LINES {
        appender.append_synced(batch(&appender, "a", &[line, line])).await.unwrap();
    }
    let first = data.segments()[0].clone();
    let mut bytes = fs::read(&first).unwrap();
    let end = bytes.len();
    bytes[end - 12] ^= 1;
    fs::write(&first, &bytes).unwrap();
    let (texts, damage) = read_all(&mut journal.reader(0).unwrap());
    assert_eq!((texts.len(), damage.len()), (LINES.len() * 2 - 1, 1));
    assert_eq!(fs::read_dir(data.path().join(QUARANTINE_DIR)).unwrap().count(), 1);
    assert_eq!(appender.metrics().journal_damaged_bytes().get(), damage[0].bytes);
}

#[tokio::test]
async fn a_segment_without_a_sound_header_is_still_read_with_the_salt_of_the_others() {
    let data = Data::new();
    for line in ["one", "two"] {
        let (journal, _) = data.open(Options::default());
        let appender = journal.appender();
        appender.append(batch(&appender, "a", &[line])).await.unwrap();
        journal.stop().await.unwrap();
    }
    let first = &data.segments()[0];
    let mut bytes = fs::read(first).unwrap();
    bytes[3] = b'?';
    fs::write(first, bytes).unwrap();
    let (texts, damage) = data.read();
    assert_eq!(texts, ["one", "two"]);
    assert_eq!((damage.len(), damage[0].what), (1, "no segment header"));
}

#[tokio::test]
async fn a_segment_of_a_later_version_is_refused_not_destroyed() {
    let data = written(&LINES).await;
    let segment = &data.segments()[0];
    let mut bytes = fs::read(segment).unwrap();
    bytes[7] += 1;
    fs::write(segment, &bytes).unwrap();
    let said = Journal::open(data.path(), Options::default(), Metrics::new()).err().unwrap().to_string();
    assert!(said.contains("written in format version 2"), "{said}");
    assert_eq!(fs::read(segment).unwrap(), bytes);
}

#[tokio::test]
async fn a_record_forged_inside_another_does_not_come_alive_when_its_carrier_is_damaged() {
    let carrier = Data::new();
    let (journal, _) = carrier.open(Options::default());
    let appender = journal.appender();
    // Eight bytes into the payload, where a record may begin.
    let mut forged = vec![b'.'; 8 - layout::RECORD_HEADER % 8];
    let header = layout::RecordHeader {
        tag: layout::Tag::Record(Kind::Decision),
        truncated: false,
        part: false,
        origin: 1,
        received: 0,
    };
    layout::encode(&mut forged, 0, header, b"forged");
    let origin = appender.origin(&origin("evil"));
    let mut batch = appender.batch();
    batch.push(&origin, at(0), Kind::Line, false, &forged).unwrap();
    batch.push(&origin, at(1), Kind::Line, false, b"sound").unwrap();
    appender.append(batch).await.unwrap();
    journal.stop().await.unwrap();
    let segment = &carrier.segments()[0];
    let mut bytes = fs::read(segment).unwrap();
    let at = bytes.windows(6).position(|w| w == b"forged").unwrap();
    bytes[at - layout::RECORD_HEADER - 3] ^= 1;
    fs::write(segment, bytes).unwrap();
    let (texts, damage) = carrier.read();
    assert_eq!((texts, damage.len()), (vec!["sound".to_owned()], 1));
}

#[tokio::test]
async fn whatever_was_acknowledged_is_in_a_copy_that_is_taken_at_any_moment() {
    let data = Data::new();
    let (journal, _) = data.open(small(2_000));
    let appender = journal.appender();
    let writing = tokio::spawn({
        let appender = appender.clone();
        async move {
            for n in 0.. {
                let lines = [format!("{n} with a tail of {}", "x".repeat(n % 97))];
                if appender.append(batch(&appender, "noise", &[&lines[0]])).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_micros(100)).await;
            }
        }
    });
    for round in 0..12 {
        let line = format!("acknowledged {round}");
        appender.append_synced(batch(&appender, "a", &[&line])).await.unwrap();
        let crashed = data.snapshot();
        let (texts, damage) = crashed.read();
        assert_eq!(damage, [], "round {round}");
        let acknowledged: Vec<_> = texts.iter().filter(|text| text.starts_with("ack")).collect();
        assert_eq!(acknowledged.len(), round + 1);
        let (reopened, opened) = crashed.open(Options::default());
        assert_eq!(opened.damage, []);
        assert_eq!(read_all(&mut reopened.reader(0).unwrap()).0, texts);
    }
    writing.abort();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_batches_read_back_identical_in_any_chunks(
        batches in proptest::collection::vec(
            proptest::collection::vec((0..3usize, proptest::collection::vec(any::<u8>(), 0..300)), 0..8), 0..12),
        segment_bytes in 100..4_000u64,
        chunk_bytes in 1..2_000usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let data = Data::new();
        let mut expected = Vec::new();
        runtime.block_on(async {
            let (journal, _) = data.open(small(segment_bytes));
            let appender = journal.appender();
            for records in &batches {
                let mut batch = appender.batch();
                for (peer, raw) in records {
                    let origin = appender.origin(&origin(&peer.to_string()));
                    batch.push(&origin, at(*peer as i64), Kind::Line, peer % 2 == 0, raw).unwrap();
                    expected.push((peer.to_string(), at(*peer as i64), peer % 2 == 0, raw.clone()));
                }
                appender.append(batch).await.unwrap();
            }
            journal.stop().await.unwrap();
        });
        let mut reader = Reader::open(&data.journal_dir(), 0).unwrap();
        let mut seen = Vec::new();
        while let Some(chunk) = reader.next_chunk(chunk_bytes).unwrap() {
            prop_assert_eq!(chunk.damage(), &[]);
            seen.extend(chunk.records().map(|(_, r)| {
                (r.origin.peer.as_deref().unwrap().to_owned(), r.received, r.truncated, r.raw.to_vec())
            }));
        }
        prop_assert_eq!(seen, expected);
    }

    #[test]
    fn any_damage_is_survived_and_every_byte_is_accounted_for(
        position in 32..400usize, noise in proptest::collection::vec(any::<u8>(), 1..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let data = runtime.block_on(written(&LINES));
        let segment = &data.segments()[0];
        let mut bytes = fs::read(segment).unwrap();
        let end = bytes.len();
        let from = position.min(end - 1);
        let to = (from + noise.len()).min(end);
        bytes[from..to].copy_from_slice(&noise[..to - from]);
        fs::write(segment, &bytes).unwrap();
        let mut reader = Reader::open(&data.journal_dir(), 0).unwrap();
        let (texts, _) = read_all(&mut reader);
        prop_assert!(texts.iter().all(|text| LINES.contains(&text.as_str())));
        let (journal, opened) = data.open(Options::default());
        prop_assert_eq!(opened.end, reader.position());
        prop_assert_eq!(read_all(&mut journal.reader(0).unwrap()).0, texts);
    }
}
