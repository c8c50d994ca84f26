//! Reading a journal, running or not, from a position on.

use std::{
    collections::HashMap,
    fs::File,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::sync::watch;

use super::{
    Error, Position,
    layout::{self, ALIGN, Found, RecordHeader, SEGMENT_HEADER, Tag},
    open, retention,
    writer::Shared,
};
use crate::{
    metrics::Metrics,
    record::{Kind, Origin, Record, Transport},
};

/// What is read at a time while a reader looks for the origins before its position.
const PRIME_BYTES: u64 = 4 << 20;

/// A stretch of the journal that holds no records that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where it begins.
    pub position: Position,
    /// How long it is.
    pub bytes: u64,
    /// What is wrong with its first record, or how it was lost.
    pub what: &'static str,
}

/// Follows a journal. Reading never waits: at the end, [`Reader::next_chunk`] gives `None`, and who drives the reader
/// waits for [`Journal::durable`](super::Journal::durable) to change.
pub struct Reader {
    dir: PathBuf,
    position: Position,
    segment: Option<Segment>,
    origins: HashMap<u32, Known>,
    unknown: Arc<Origin>,
    chunks: u64,
    pending: Vec<Damage>,
    live: Option<Live>,
    /// The memory of a chunk that was given back.
    spare: Vec<u8>,
}

/// What a reader of a running journal has beside the files.
struct Live {
    durable: watch::Receiver<Position>,
    quarantine: PathBuf,
    metrics: Metrics,
}

struct Segment {
    file: File,
    path: PathBuf,
    base: Position,
    salt: u32,
}

/// An origin of the current segment, and its place in the chunk where it was last used.
struct Known {
    origin: Arc<Origin>,
    chunk: u64,
    slot: u32,
}

/// Some records in a row, owning their bytes: can be handed to another thread.
#[derive(Debug, Default)]
pub struct Chunk {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    origins: Vec<Arc<Origin>>,
    start: Position,
    end: Position,
    damage: Vec<Damage>,
    /// It holds a part or a position.
    steps: bool,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    received: i64,
    payload: u32,
    length: u32,
    origin: u32,
    kind: Kind,
    truncated: bool,
    part: bool,
}

/// A time from nanoseconds since 1970.
fn time_of(nanos: i64) -> Timestamp {
    const SECOND: i64 = 1_000_000_000;
    Timestamp::new(nanos.div_euclid(SECOND), nanos.rem_euclid(SECOND) as i32).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Chunk {
    /// The records, each with the position at which it begins.
    pub fn records(&self) -> impl ExactSizeIterator<Item = (Position, Record<'_>)> + Clone {
        (0..self.entries.len()).map(|index| self.record(index))
    }

    /// The record at this index.
    ///
    /// # Panics
    /// Where `index` is not below [`Chunk::len`].
    pub fn record(&self, index: usize) -> (Position, Record<'_>) {
        let entry = self.entries[index];
        let payload = entry.payload as usize;
        let record = Record {
            received: time_of(entry.received),
            origin: &self.origins[entry.origin as usize],
            kind: entry.kind,
            truncated: entry.truncated,
            raw: &self.bytes[payload..payload + entry.length as usize],
        };
        (self.start + (payload - layout::RECORD_HEADER) as u64, record)
    }

    /// How many records it holds; there can be none where it only reports damage.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// It holds no record.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The position after its last byte: what to store when all of its records have been dealt with.
    pub fn end(&self) -> Position {
        self.end
    }

    /// Where parts begin that no position has closed by its end; `before` is what the chunk before gave.
    pub(super) fn unclosed(&self, before: Option<Position>) -> Option<Position> {
        self.entries.iter().enumerate().fold(before, |open, (index, entry)| match (entry.part, open) {
            (false, _) => None,
            (true, None) => Some(self.record(index).0),
            (true, open) => open,
        })
    }

    /// Whether it says anything about the positions of sources.
    pub(super) fn has_steps(&self) -> bool {
        self.steps
    }

    /// Whether the record at this index counts only together with the position that follows.
    pub(super) fn is_part(&self, index: usize) -> bool {
        self.entries[index].part
    }

    /// What was passed over before its first record.
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }
}

impl Reader {
    /// Reads the segments in this folder from `position` on (0: from the oldest), up to what can be read. The folder
    /// may belong to a running instance; nothing in it is changed.
    ///
    /// # Errors
    /// The folder cannot be read, holds no sound segment, or ends before `position`.
    pub fn open(dir: &Path, position: Position) -> Result<Reader, Error> {
        Reader::start(dir, position, None)
    }

    pub(super) fn live(shared: &Shared, quarantine: PathBuf, position: Position) -> Result<Reader, Error> {
        let (durable, metrics) = (shared.durable.subscribe(), shared.metrics.clone());
        Reader::start(&shared.dir, position, Some(Live { durable, quarantine, metrics }))
    }

    fn start(dir: &Path, position: Position, live: Option<Live>) -> Result<Reader, Error> {
        let mut reader = Reader {
            dir: dir.to_owned(),
            position,
            segment: None,
            origins: HashMap::new(),
            unknown: Arc::new(Origin::new(Transport::Udp, "unknown")),
            chunks: 0,
            pending: Vec::new(),
            live,
            spare: Vec::new(),
        };
        let all = retention::list(dir)?;
        if let Some(last) = all.last() {
            let end = reader.live.as_ref().map_or(last.base + last.bytes, |live| *live.durable.borrow());
            if position > end {
                return Err(Error::Ahead { path: dir.display().to_string(), position, end });
            }
            let at = all.iter().rev().find(|segment| segment.base <= position).unwrap_or(&all[0]);
            reader.enter(at.base)?;
            reader.prime(position)?;
        }
        Ok(reader)
    }

    /// Where the next chunk begins.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Reads on: about `max_bytes`, at least one record. `None` at the end of what can be read now.
    ///
    /// # Errors
    /// The system cannot read a segment. Damage is no error: it is passed over and reported by the chunk.
    pub fn next_chunk(&mut self, max_bytes: usize) -> Result<Option<Chunk>, Error> {
        loop {
            let Some(end) = self.readable_end()? else { return Ok(None) };
            if self.position < end {
                return self.read(max_bytes as u64, end, self.live.is_some());
            }
            if !self.advance()? {
                return Ok(None);
            }
        }
    }

    /// Takes a chunk's memory back for the next one.
    pub fn reuse(&mut self, chunk: Chunk) {
        self.spare = chunk.bytes;
    }

    /// End of what can be read of the current segment; `None` where there is no segment yet.
    fn readable_end(&self) -> Result<Option<Position>, Error> {
        let Some(segment) = &self.segment else { return Ok(None) };
        let meta = segment.file.metadata().map_err(Error::io(&segment.path, "look at the segment"))?;
        let end = segment.base + meta.len();
        Ok(Some(self.live.as_ref().map_or(end, |live| end.min(*live.durable.borrow()))))
    }

    /// Goes on to the next segment, where there is one.
    fn advance(&mut self) -> Result<bool, Error> {
        if let Some(live) = &self.live
            && *live.durable.borrow() <= self.position
        {
            return Ok(false);
        }
        let Some(base) = self.segment.as_ref().map(|segment| segment.base) else { return Ok(false) };
        let Some(next) = self.next_segment(base)? else { return Ok(false) };
        // The file may have grown before the next one was begun.
        if self.readable_end()?.is_some_and(|end| end > self.position) {
            return Ok(true);
        }
        match self.enter(next) {
            // The size limit deleted it just now: look again.
            Err(error) if error.is_gone() => Ok(true),
            entered => entered.map(|()| true),
        }
    }

    /// Where the segment after the one at `base` begins: here, unless what followed was deleted.
    fn next_segment(&self, base: Position) -> Result<Option<Position>, Error> {
        if layout::segment_path(&self.dir, self.position).exists() {
            return Ok(Some(self.position));
        }
        Ok(retention::list(&self.dir)?.iter().map(|segment| segment.base).find(|other| *other > base))
    }

    /// Opens the segment at `base` and goes to its first record.
    fn enter(&mut self, base: Position) -> Result<(), Error> {
        let path = layout::segment_path(&self.dir, base);
        let file = File::open(&path).map_err(Error::io(&path, "open the segment"))?;
        if base > self.position && self.position > 0 {
            self.pending.push(Damage {
                position: self.position,
                bytes: base - self.position,
                what: "deleted before it was read",
            });
        }
        let salt = match retention::header_of(&self.dir, base)? {
            Some(header) => header.salt,
            None => {
                let salt = salt_of(&self.dir)?;
                let bytes = SEGMENT_HEADER as u64;
                self.pending.push(Damage { position: base, bytes, what: "no segment header" });
                salt
            }
        };
        self.origins.clear();
        self.position = base + SEGMENT_HEADER as u64;
        self.segment = Some(Segment { file, path, base, salt });
        Ok(())
    }

    /// Reads up to `position` for the origins that are defined before it.
    fn prime(&mut self, position: Position) -> Result<(), Error> {
        let position = position.next_multiple_of(ALIGN as u64);
        // Damage on the way was reported when it was passed over for the first time.
        let live = self.live.take();
        while self.position < position && self.read(PRIME_BYTES, position, true)?.is_some() {}
        self.live = live;
        Ok(())
    }

    /// Reads records between the position and `end`. What is no record is damage where a record must end at `end`;
    /// else, at the very end of the journal, it is a torn tail, or being written by another process: `None`.
    fn read(&mut self, max_bytes: u64, end: Position, strict: bool) -> Result<Option<Chunk>, Error> {
        let Some(segment) = &self.segment else { return Ok(None) };
        let salt = segment.salt;
        let bytes = segment.read_records(self.position, end, max_bytes, std::mem::take(&mut self.spare))?;
        let mut chunk = Chunk { bytes, start: self.position, ..Chunk::default() };
        let mut at = self.index(&mut chunk, salt);
        if at == 0 {
            let Some(skipped) = self.pass_over(&chunk.bytes, end, strict)? else { return Ok(None) };
            (at, chunk.bytes) = (skipped, Vec::new());
        }
        self.position += at as u64;
        chunk.end = self.position;
        chunk.damage = std::mem::take(&mut self.pending);
        Ok(Some(chunk))
    }

    /// Lists the records at the beginning of a chunk; gives the offset after the last sound one.
    fn index(&mut self, chunk: &mut Chunk, salt: u32) -> usize {
        self.chunks += 1;
        let (mut at, mut last) = (0, None);
        let bytes = std::mem::take(&mut chunk.bytes);
        while let Found::Record(header, payload, size) = layout::decode(&bytes[at..], salt) {
            match header.tag {
                Tag::Origin => {
                    last = None;
                    self.define(&header, payload);
                }
                Tag::Record(kind) => {
                    let origin = match last {
                        Some((id, slot)) if id == header.origin => slot,
                        _ => self.slot(header.origin, chunk),
                    };
                    last = Some((header.origin, origin));
                    chunk.entries.push(Entry {
                        received: header.received,
                        payload: (at + layout::RECORD_HEADER) as u32,
                        length: payload.len() as u32,
                        origin,
                        kind,
                        truncated: header.truncated,
                        part: header.part,
                    });
                    chunk.steps |= header.part || kind == Kind::Position;
                }
            }
            at += size;
        }
        chunk.bytes = bytes;
        at
    }

    fn define(&mut self, header: &RecordHeader, payload: &[u8]) {
        match serde_json::from_slice(payload) {
            Ok(origin) => {
                self.origins.insert(header.origin, Known { origin: Arc::new(origin), chunk: 0, slot: 0 });
            }
            Err(error) => tracing::error!(%error, number = header.origin, "the journal defines no readable origin"),
        }
    }

    /// The place of this origin among the chunk's. One whose definition was lost has the least trusted transport.
    fn slot(&mut self, id: u32, chunk: &mut Chunk) -> u32 {
        let unknown = &self.unknown;
        let known = self.origins.entry(id).or_insert_with(|| Known { origin: Arc::clone(unknown), chunk: 0, slot: 0 });
        if known.chunk != self.chunks {
            (known.chunk, known.slot) = (self.chunks, chunk.origins.len() as u32);
            chunk.origins.push(Arc::clone(&known.origin));
        }
        known.slot
    }

    /// Finds the next sound record after damage at the position; gives how far it is, `None` for a tail.
    fn pass_over(&mut self, head: &[u8], end: Position, strict: bool) -> Result<Option<usize>, Error> {
        let Some(segment) = &self.segment else { return Ok(None) };
        let bytes = segment.read(self.position, end - self.position, Vec::new())?;
        let skipped = match layout::resync(&bytes, segment.salt) {
            Some(skipped) => skipped,
            None if strict => bytes.len(),
            None if !self.another_follows(segment)? => return Ok(None),
            // Another process finished this record and began a segment while we looked: look again.
            None if segment.read(self.position, bytes.len() as u64 + 1, Vec::new())? != bytes => return Ok(Some(0)),
            None => bytes.len(),
        };
        let what = match layout::decode(head, segment.salt) {
            Found::Nothing(what) => what,
            _ => "incomplete record",
        };
        let damage = Damage { position: self.position, bytes: skipped as u64, what };
        if let Some(live) = &self.live {
            live.quarantine(segment, &damage);
        }
        self.pending.push(damage);
        Ok(Some(skipped))
    }

    fn another_follows(&self, segment: &Segment) -> Result<bool, Error> {
        Ok(retention::list(&self.dir)?.iter().any(|other| other.base > segment.base))
    }
}

impl Live {
    /// Counts and reports damage and copies it away. Reading goes on even where the copy cannot be made: the bytes stay
    /// in the segment.
    fn quarantine(&self, segment: &Segment, damage: &Damage) {
        let &Damage { position, bytes, what } = damage;
        self.metrics.journal_damaged_bytes().inc_by(bytes);
        tracing::error!(
            segment = %segment.path.display(), position, bytes, what,
            "the journal is damaged; the bytes are kept in quarantine"
        );
        if let Err(error) = open::keep(&self.quarantine, &segment.file, segment.base, position, bytes) {
            tracing::error!(%error, "no copy in quarantine");
        }
    }
}

impl Segment {
    /// About `max_bytes` from this position on, at least one record if there is one before `end`.
    fn read_records(
        &self,
        position: Position,
        end: Position,
        max_bytes: u64,
        buffer: Vec<u8>,
    ) -> Result<Vec<u8>, Error> {
        let left = end - position;
        let mut bytes = self.read(position, left.min(max_bytes), buffer)?;
        // The first look may show a part of a header, the second a part of its record.
        while let Found::Part(size) = layout::decode(&bytes, self.salt)
            && size as u64 <= left
            && size > bytes.len()
        {
            let read = self.read(position, size as u64, Vec::new())?;
            if read.len() <= bytes.len() {
                break;
            }
            bytes = read;
        }
        Ok(bytes)
    }

    /// Bytes from this position on; fewer where the file ends.
    fn read(&self, position: Position, bytes: u64, mut buffer: Vec<u8>) -> Result<Vec<u8>, Error> {
        buffer.resize(bytes as usize, 0);
        let (mut done, offset) = (0, position - self.base);
        while done < buffer.len() {
            match self.file.read_at(&mut buffer[done..], offset + done as u64) {
                Ok(0) => break,
                Ok(n) => done += n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io(&self.path, "read the segment")(error)),
            }
        }
        buffer.truncate(done);
        Ok(buffer)
    }
}

/// The salt of a journal: the same in all of its segments, so that any sound header tells it.
pub(super) fn salt_of(dir: &Path) -> Result<u32, Error> {
    for segment in retention::list(dir)? {
        if let Some(header) = retention::header_of(dir, segment.base)? {
            return Ok(header.salt);
        }
    }
    Err(Error::NoHeader { path: dir.display().to_string() })
}
