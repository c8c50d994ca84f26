//! Which senders send lines that no format understands, and what these look like: from the end of the journal, read with
//! the formats of this program, so that an update shows at once what it changed.

use std::{cmp::Reverse, collections::HashMap, path::Path};

use jiff::Timestamp;
use roundsman_ingest::{
    Event, Kind, Record,
    join::Joiner,
    journal::{Reader, offline},
    parse::Parser,
    shape::shape,
};

use crate::commands::parse::no_event;

/// How far before the newest segment of the journal is read.
pub const BEFORE: u64 = 64 << 20;
/// Bytes that are read at once.
const READ_BYTES: usize = 4 << 20;
/// Most shapes of one sender that are counted; lines of further shapes count as unknown only.
const MAX_SHAPES: usize = 1_000;
/// Most senders whose shapes are kept.
const MAX_SENDERS: usize = 10_000;

/// What the end of the journal holds.
#[derive(Debug, Default)]
pub struct Sample {
    /// Receive time of its first line.
    pub since: Option<Timestamp>,
    senders: HashMap<String, Sender>,
}

/// What one host sent.
#[derive(Debug, Default)]
pub struct Sender {
    /// Records of it.
    pub lines: u64,
    /// Of these, records that no format understood.
    pub unknown: u64,
    shapes: HashMap<String, u64>,
}

impl Sender {
    /// Its commonest shapes and how many lines have each.
    pub fn commonest(&self, most: usize) -> Vec<(&str, u64)> {
        let mut shapes: Vec<_> = self.shapes.iter().map(|(shape, lines)| (shape.as_str(), *lines)).collect();
        shapes.sort_unstable_by_key(|(shape, lines)| (Reverse(*lines), *shape));
        shapes.truncate(most);
        shapes
    }
}

impl Sample {
    /// Reads the end of the journal of a data folder; `None` where there is no journal yet.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn read(data: &Path) -> anyhow::Result<Option<Sample>> {
        let Ok(dir) = offline::journal_dir(data) else { return Ok(None) };
        let mut reader = Reader::open(&dir, offline::tail(&dir, BEFORE)?)?;
        let (mut sample, mut joiner) = (Sample::default(), Joiner::default());
        let mut buffers = Some(no_event());
        while let Some(chunk) = reader.next_chunk(READ_BYTES)? {
            for (_, record) in chunk.records().filter(|(_, record)| record.kind == Kind::Line) {
                match Joiner::wants(&record) {
                    true => joiner.push(&record, &mut |joined| sample.count(joined, &mut buffers)),
                    false => sample.count(&record, &mut buffers),
                }
            }
            reader.reuse(chunk);
        }
        joiner.flush_all(&mut |joined| sample.count(joined, &mut buffers));
        Ok(Some(sample))
    }

    /// The senders of unknown lines, most of them first.
    pub fn senders(&self) -> Vec<(&str, &Sender)> {
        let mut senders: Vec<_> = self.senders.iter().map(|(host, sender)| (host.as_str(), sender)).collect();
        senders.retain(|(_, sender)| sender.unknown > 0);
        senders.sort_unstable_by_key(|(host, sender)| (Reverse(sender.unknown), *host));
        senders
    }

    fn count(&mut self, record: &Record<'_>, buffers: &mut Option<Event<'static>>) {
        self.since = self.since.or(Some(record.received));
        let event = Parser::default().parse(record, buffers.take().unwrap_or_else(no_event));
        let host = event.host().unwrap_or_default();
        if self.senders.len() < MAX_SENDERS && !self.senders.contains_key(&*host) {
            self.senders.insert(host.to_string(), Sender::default());
        }
        if let Some(sender) = self.senders.get_mut(&*host) {
            sender.lines += 1;
            if event.format.is_none() {
                sender.unknown += 1;
                sender.add(&event);
            }
        }
        *buffers = Some(event.recycle(&crate::commands::parse::no_record()));
    }
}

impl Sender {
    fn add(&mut self, event: &Event<'_>) {
        use roundsman_ingest::field;
        let program = event.text(field::PROCESS_NAME).unwrap_or_default();
        let message = event.text(field::MESSAGE).unwrap_or_default();
        let mut text = shape(message.as_bytes());
        if !program.is_empty() {
            text = format!("{program}: {text}");
        }
        if let Some(lines) = self.shapes.get_mut(&text) {
            *lines += 1;
        } else if self.shapes.len() < MAX_SHAPES {
            self.shapes.insert(text, 1);
        }
    }
}
