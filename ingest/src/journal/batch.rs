//! Batches: records encoded by the source that received them, and the origins that they name.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use jiff::Timestamp;

use super::{
    Error, MAX_PAYLOAD_BYTES,
    layout::{self, RecordHeader, Tag},
    positions::Step,
};
use crate::{
    metrics::{self, Dropped, Metrics, Rejected},
    record::{Kind, Origin},
};

/// A batch of this size should be appended; sources keep filling below it.
pub const BATCH_BYTES: usize = 512 << 10;
/// Most origins that are known by number at a time. One that was forgotten gets a new number.
pub const MAX_ORIGINS: usize = 65_536;
/// A batch that names so many origins should be appended too: finding one of them takes a walk.
const BATCH_ORIGINS: usize = 256;
/// Empty buffers that are kept for the next batches.
const SPARE_BUFFERS: usize = 16;
/// A buffer that has grown beyond this is not kept.
const MAX_SPARE_BYTES: usize = 4 * BATCH_BYTES;

/// An origin with its number in this journal and the counters of its source.
#[derive(Debug)]
pub struct Interned {
    pub(super) id: u32,
    pub(super) counters: Arc<metrics::Source>,
    /// The origin itself.
    pub origin: Origin,
}

/// Shared handle of an origin: held by a connection, cloned per record for nothing but a pointer.
pub type OriginRef = Arc<Interned>;

/// Numbers origins. The oldest are forgotten first; a number is never given twice.
pub(super) struct Origins {
    known: HashMap<Origin, OriginRef>,
    age: VecDeque<OriginRef>,
    next: u32,
}

impl Origins {
    pub fn new() -> Self {
        Origins { known: HashMap::new(), age: VecDeque::new(), next: 1 }
    }

    pub fn intern(&mut self, origin: &Origin, metrics: &Metrics) -> OriginRef {
        if let Some(known) = self.known.get(origin) {
            return Arc::clone(known);
        }
        if self.age.len() == MAX_ORIGINS
            && let Some(oldest) = self.age.pop_front()
        {
            self.known.remove(&oldest.origin);
        }
        let counters = metrics.source(&origin.source);
        let new = Arc::new(Interned { id: self.next, counters, origin: origin.clone() });
        // After four billion senders numbers begin anew; segments define their own, so this harms none but the current.
        self.next = self.next.wrapping_add(1).max(1);
        self.known.insert(origin.clone(), Arc::clone(&new));
        self.age.push_back(Arc::clone(&new));
        new
    }
}

/// Buffers on their way back from the writer to the sources.
#[derive(Default)]
pub(super) struct Spares(Mutex<Vec<Vec<u8>>>);

impl Spares {
    fn take(&self) -> Vec<u8> {
        self.0.lock().ok().and_then(|mut spares| spares.pop()).unwrap_or_default()
    }

    pub fn give(&self, mut buffer: Vec<u8>) {
        if buffer.capacity() <= MAX_SPARE_BYTES
            && let Ok(mut spares) = self.0.lock()
            && spares.len() < SPARE_BUFFERS
        {
            buffer.clear();
            spares.push(buffer);
        }
    }
}

/// How many records of one origin a batch holds.
pub(super) struct Share {
    pub origin: OriginRef,
    pub lines: u64,
    pub truncated: u64,
    pub last: Timestamp,
}

/// Records in the form in which the file holds them.
///
/// Made by [`Appender::batch`](super::Appender::batch), filled by [`push`](Batch::push), handed to an `append`. Each
/// record of kind [`Kind::Line`] is counted under its source when the batch's fate is known, exactly once: by the writer
/// when it is written, by [`Batch::drop_all`] where the source gives up, and when it is dropped without either.
pub struct Batch {
    pub(super) bytes: Vec<u8>,
    pub(super) shares: Vec<Share>,
    salt: u32,
    records: usize,
    /// Lines that wait for their position.
    parts: u64,
}

impl Batch {
    pub(super) fn new(spares: &Spares, salt: u32) -> Self {
        Batch { bytes: spares.take(), shares: Vec::new(), salt, records: 0, parts: 0 }
    }

    /// Adds one record.
    ///
    /// # Errors
    /// [`Error::TooLong`] for a payload above [`MAX_PAYLOAD_BYTES`]; the batch is as it was.
    pub fn push(
        &mut self,
        origin: &OriginRef,
        received: Timestamp,
        kind: Kind,
        truncated: bool,
        raw: &[u8],
    ) -> Result<(), Error> {
        self.add(origin, received, Tag::Record(kind), (truncated, false), raw)
    }

    /// Adds a line of a source that can be read again. It counts only together with the position that
    /// [`Batch::close`] puts behind it: a crash keeps both or neither.
    ///
    /// # Errors
    /// As [`Batch::push`].
    pub fn push_part(
        &mut self,
        origin: &OriginRef,
        received: Timestamp,
        truncated: bool,
        raw: &[u8],
    ) -> Result<(), Error> {
        self.add(origin, received, Tag::Record(Kind::Line), (truncated, true), raw)?;
        self.parts += 1;
        Ok(())
    }

    /// Ends the parts since the last one with the position that they lead to. A batch is appended closed.
    ///
    /// # Errors
    /// As [`Batch::push`].
    pub fn close(&mut self, origin: &OriginRef, received: Timestamp, step: Step) -> Result<(), Error> {
        let step = Step { records: self.parts, ..step };
        let payload = serde_json::to_vec(&step).expect("a step is strings and numbers");
        self.push(origin, received, Kind::Position, false, &payload)?;
        self.parts = 0;
        Ok(())
    }

    fn add(
        &mut self,
        origin: &OriginRef,
        received: Timestamp,
        tag: Tag,
        (truncated, part): (bool, bool),
        raw: &[u8],
    ) -> Result<(), Error> {
        if raw.len() > MAX_PAYLOAD_BYTES {
            return Err(Error::TooLong { bytes: raw.len() });
        }
        let header =
            RecordHeader { tag, truncated, part, origin: origin.id, received: received.as_nanosecond() as i64 };
        layout::encode(&mut self.bytes, self.salt, header, raw);
        self.records += 1;
        let share = self.share(origin, received);
        share.lines += u64::from(tag == Tag::Record(Kind::Line));
        share.truncated += u64::from(truncated);
        share.last = share.last.max(received);
        Ok(())
    }

    /// The share of this origin; a batch has few, and mostly the last one again.
    fn share(&mut self, origin: &OriginRef, received: Timestamp) -> &mut Share {
        let same = |share: &Share| Arc::ptr_eq(&share.origin, origin);
        let at = match self.shares.last() {
            Some(last) if same(last) => self.shares.len() - 1,
            _ => self.shares.iter().position(same).unwrap_or_else(|| {
                self.shares.push(Share { origin: Arc::clone(origin), lines: 0, truncated: 0, last: received });
                self.shares.len() - 1
            }),
        };
        &mut self.shares[at]
    }

    /// Records in it.
    pub fn len(&self) -> usize {
        self.records
    }

    /// It holds nothing.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// Bytes that it will take in the file.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// It has reached [`BATCH_BYTES`], or names many origins, and should be appended.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= BATCH_BYTES || self.shares.len() >= BATCH_ORIGINS
    }

    /// Gives up its records and counts them as lost.
    pub fn drop_all(mut self, why: Dropped) {
        self.count_dropped(why);
    }

    /// Gives up its records and counts them as refused.
    pub(super) fn reject_all(mut self, why: Rejected) {
        self.shares.drain(..).for_each(|share| share.origin.counters.rejected(why, share.lines));
    }

    /// Counts its records as journalled and gives its buffer back.
    pub(super) fn journalled(mut self) -> Vec<u8> {
        for Share { origin, lines, truncated, last } in self.shares.drain(..) {
            if lines > 0 {
                origin.counters.journalled(lines);
                origin.counters.truncated(truncated);
                origin.counters.seen(last);
            }
        }
        std::mem::take(&mut self.bytes)
    }

    fn count_dropped(&mut self, why: Dropped) {
        self.shares.drain(..).for_each(|share| share.origin.counters.dropped(why, share.lines));
    }
}

/// A batch that vanishes on the way, with a task that is cancelled or a queue that is closed, is counted too.
impl Drop for Batch {
    fn drop(&mut self) {
        self.count_dropped(Dropped::JournalUnavailable);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transport;

    fn origin(peer: usize) -> Origin {
        Origin { peer: Some(format!("peer-{peer}").into()), ..Origin::new(Transport::Udp, "udp://[::1]:514") }
    }

    #[test]
    fn an_origin_keeps_its_number_until_it_is_forgotten() {
        let (mut origins, metrics) = (Origins::new(), Metrics::new());
        let first = origins.intern(&origin(0), &metrics);
        assert!(Arc::ptr_eq(&first, &origins.intern(&origin(0), &metrics)));
        for peer in 1..=MAX_ORIGINS {
            origins.intern(&origin(peer), &metrics);
        }
        let again = origins.intern(&origin(0), &metrics);
        assert_ne!(first.id, again.id);
        assert_eq!(origins.known.len(), MAX_ORIGINS);
        assert_eq!(origins.age.len(), MAX_ORIGINS);
    }

    #[test]
    fn only_lines_are_counted_and_each_under_its_own_source() {
        let (mut origins, metrics) = (Origins::new(), Metrics::new());
        let (udp, own) = (origin(1), Origin::new(Transport::File, "clock"));
        let (udp, own) = (origins.intern(&udp, &metrics), origins.intern(&own, &metrics));
        let mut batch = Batch::new(&Spares::default(), 1);
        for (origin, kind) in [(&udp, Kind::Line), (&own, Kind::Tick), (&udp, Kind::Line)] {
            batch.push(origin, Timestamp::UNIX_EPOCH, kind, false, b"x").unwrap();
        }
        assert_eq!((batch.len(), batch.shares.len()), (3, 2));
        batch.journalled();
        assert_eq!(metrics.source("udp://[::1]:514").counts().journalled, 2);
        assert_eq!(metrics.source("clock").counts().received(), 0);
    }

    #[test]
    fn a_record_that_no_segment_can_hold_is_refused_and_leaves_the_batch_as_it_was() {
        let metrics = Metrics::new();
        let origin = Origins::new().intern(&origin(1), &metrics);
        let mut batch = Batch::new(&Spares::default(), 1);
        let huge = vec![0; MAX_PAYLOAD_BYTES + 1];
        assert!(batch.push(&origin, Timestamp::UNIX_EPOCH, Kind::Feed, false, &huge).is_err());
        assert!(batch.is_empty() && batch.size() == 0);
    }
}
