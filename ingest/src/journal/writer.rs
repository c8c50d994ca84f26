//! The writer: one thread that takes batches from a bounded queue, writes them, syncs, rotates and retains.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, oneshot, watch};

use super::{
    Clock, Error, Options,
    batch::{Batch, OriginRef, Spares},
    layout::{self, RecordHeader, SEGMENT_HEADER, SegmentHeader, Tag},
    retention,
    storage::{SegmentFile, Storage},
};
use crate::metrics::{Dropped, Metrics, Rejected};

/// Most origins that one segment defines; the next one begins a new segment. Bounds what a reader must remember.
const MAX_SEGMENT_ORIGINS: usize = 65_536;
/// What is written at most before the writer looks at its syncs again.
const GROUP_BYTES: usize = 8 << 20;
/// How often the writer looks for segments that have grown too old.
const RETENTION_EVERY: Duration = Duration::from_secs(60);

/// A batch on its way to the writer.
pub(super) struct Job {
    pub batch: Batch,
    /// Room in the queue, given back when the batch is written.
    pub room: OwnedSemaphorePermit,
    /// Who waits for the sync, with the position after the batch.
    pub synced: Option<oneshot::Sender<Result<u64, Error>>>,
}

/// What the queue carries.
pub(super) enum Message {
    Append(Job),
    Stop,
}

/// What writer, appenders and readers share.
pub(super) struct Shared {
    pub dir: PathBuf,
    pub clock: Clock,
    pub salt: u32,
    pub metrics: Metrics,
    pub spares: Spares,
    pub durable: watch::Sender<u64>,
    pub failure: watch::Sender<Option<Error>>,
    /// The pipeline's stored position: what lies before it may be deleted.
    pub needed: AtomicU64,
}

/// The segment that is being written.
struct Segment {
    file: Box<dyn SegmentFile>,
    path: PathBuf,
    base: u64,
    begun: Timestamp,
    origins: HashSet<u32>,
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    options: Options,
    storage: Box<dyn Storage>,
    segment: Segment,
    /// Position after the last byte written.
    end: u64,
    unsynced: usize,
    last_sync: Instant,
    last_look: Instant,
    waiting: Vec<(oneshot::Sender<Result<u64, Error>>, u64)>,
    definitions: Vec<u8>,
}

impl Writer {
    /// Begins a segment at `base`; nothing is acknowledged before its directory entry is synced.
    pub fn begin(shared: Arc<Shared>, options: Options, storage: Box<dyn Storage>, base: u64) -> Result<Self, Error> {
        let (segment, end) = new_segment(&shared, &options, &*storage, base)?;
        shared.durable.send_replace(end);
        let mut writer = Writer {
            shared,
            options,
            storage,
            segment,
            end,
            unsynced: 0,
            last_sync: Instant::now(),
            last_look: Instant::now(),
            waiting: Vec::new(),
            definitions: Vec::new(),
        };
        writer.retain();
        Ok(writer)
    }

    /// Works until it is stopped, fails, or nobody can append any more.
    pub fn run(mut self, queue: Receiver<Message>, close_queue: impl FnOnce()) {
        let outcome = self.work(&queue).and_then(|()| self.finish());
        close_queue();
        let error = match outcome {
            Ok(()) => Error::Closed,
            Err(error) => {
                tracing::error!(%error, "the journal has stopped");
                let failed = Error::Failed(Box::new(error));
                self.shared.failure.send_replace(Some(failed.clone()));
                failed
            }
        };
        for (waiter, _) in self.waiting.drain(..) {
            let _ = waiter.send(Err(error.clone()));
        }
        while let Ok(message) = queue.try_recv() {
            if let Message::Append(job) = message {
                refuse(job.batch, job.synced, error.clone());
            }
        }
    }

    fn work(&mut self, queue: &Receiver<Message>) -> Result<(), Error> {
        loop {
            let mut next = match queue.recv_timeout(self.patience()) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            if self.last_look.elapsed() >= RETENTION_EVERY {
                self.look_at_age()?;
            }
            let mut group = 0;
            while let Some(message) = next.take() {
                match message {
                    Message::Stop => return Ok(()),
                    Message::Append(job) => {
                        group += job.batch.bytes.len();
                        self.write(job)?;
                    }
                }
                next = if group < GROUP_BYTES { queue.try_recv().ok() } else { None };
            }
            if self.must_sync() {
                self.sync()?;
            }
        }
    }

    /// How long to wait for the next batch: until what is written must be synced.
    fn patience(&self) -> Duration {
        if self.unsynced == 0 {
            RETENTION_EVERY
        } else {
            self.options.sync_interval.saturating_sub(self.last_sync.elapsed())
        }
    }

    /// An acknowledgement waits, much is unsynced, or the last sync is long ago. After a quiet time the first batch
    /// is synced at once, under load one sync carries all that came in an interval.
    fn must_sync(&self) -> bool {
        let due = self.unsynced >= self.options.sync_bytes || self.last_sync.elapsed() >= self.options.sync_interval;
        !self.waiting.is_empty() || (self.unsynced > 0 && due)
    }

    fn write(&mut self, job: Job) -> Result<(), Error> {
        let Job { batch, room, synced } = job;
        match self.write_batch(&batch) {
            Ok(()) => {
                if let Some(waiter) = synced {
                    self.waiting.push((waiter, self.end));
                }
                self.shared.spares.give(batch.journalled());
                drop(room);
                Ok(())
            }
            Err(error) => {
                refuse(batch, synced, Error::Failed(Box::new(error.clone())));
                Err(error)
            }
        }
    }

    fn write_batch(&mut self, batch: &Batch) -> Result<(), Error> {
        if self.needs_rotation(batch) {
            self.rotate()?;
        }
        self.definitions.clear();
        for share in &batch.shares {
            if self.segment.origins.insert(share.origin.id) {
                define(&mut self.definitions, self.shared.salt, &share.origin);
            }
        }
        for bytes in [&self.definitions, &batch.bytes] {
            if !bytes.is_empty() {
                self.segment.file.append(bytes).map_err(Error::io(&self.segment.path, "write the journal"))?;
                self.end += bytes.len() as u64;
                self.unsynced += bytes.len();
            }
        }
        Ok(())
    }

    /// A batch never spans segments; one that is larger than a segment gets its own.
    fn needs_rotation(&self, batch: &Batch) -> bool {
        let length = self.end - self.segment.base;
        let full = length + batch.bytes.len() as u64 > self.options.segment_bytes;
        let many = self.segment.origins.len() + batch.shares.len() > MAX_SEGMENT_ORIGINS;
        length > SEGMENT_HEADER as u64 && (full || many)
    }

    fn rotate(&mut self) -> Result<(), Error> {
        self.sync()?;
        self.release()?;
        let (segment, end) = new_segment(&self.shared, &self.options, &*self.storage, self.end)?;
        (self.segment, self.end) = (segment, end);
        self.retain();
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Error> {
        let begun = Instant::now();
        self.segment.file.sync().map_err(Error::io(&self.segment.path, "sync the journal"))?;
        self.last_sync = Instant::now();
        self.shared.metrics.journal_sync_seconds().observe((self.last_sync - begun).as_secs_f64());
        self.shared.metrics.journal_bytes().add(self.unsynced as i64);
        self.unsynced = 0;
        self.shared.durable.send_replace(self.end);
        for (waiter, position) in self.waiting.drain(..) {
            let _ = waiter.send(Ok(position));
        }
        Ok(())
    }

    fn release(&mut self) -> Result<(), Error> {
        self.segment.file.release().map_err(Error::io(&self.segment.path, "give back reserved room of"))
    }

    /// A slow journal is rotated by time too, so that retention by age can work.
    fn look_at_age(&mut self) -> Result<(), Error> {
        self.last_look = Instant::now();
        let age = (self.shared.clock)().duration_since(self.segment.begun);
        let longest = Duration::from_secs(86_400).min(self.options.retain / 8);
        if age.unsigned_abs() >= longest && self.end - self.segment.base > SEGMENT_HEADER as u64 {
            self.rotate()?;
        } else {
            self.retain();
        }
        Ok(())
    }

    /// Deletes what is too old or too much. A failure to delete loses nothing: it is reported and tried again.
    fn retain(&mut self) {
        let needed = self.shared.needed.load(Ordering::Relaxed);
        match retention::retain(&self.shared.dir, &self.options, self.segment.base, needed, (self.shared.clock)()) {
            Ok(done) => {
                let total = done.kept_bytes + (self.end - self.segment.base);
                self.shared.metrics.journal_bytes().set(total as i64);
                self.shared.metrics.journal_unread_deleted_bytes().inc_by(done.unread_bytes);
            }
            Err(error) => tracing::error!(%error, "old journal segments could not be deleted"),
        }
    }

    fn finish(&mut self) -> Result<(), Error> {
        self.sync()?;
        self.release()
    }
}

/// Makes a segment at `base`, with its header and its directory entry on disk; also gives the position after it.
fn new_segment(shared: &Shared, options: &Options, storage: &dyn Storage, base: u64) -> Result<(Segment, u64), Error> {
    let path = layout::segment_path(&shared.dir, base);
    let begun = (shared.clock)();
    let mut file = storage.create(&path, options.segment_bytes).map_err(Error::io(&path, "make a journal segment"))?;
    let header = SegmentHeader { base, created: begun.as_nanosecond() as i64, salt: shared.salt };
    file.append(&header.encode()).map_err(Error::io(&path, "write the journal"))?;
    file.sync().map_err(Error::io(&path, "sync the journal"))?;
    storage.sync_dir(&shared.dir).map_err(Error::io(&shared.dir, "sync the folder"))?;
    Ok((Segment { file, path, base, begun, origins: HashSet::new() }, base + SEGMENT_HEADER as u64))
}

/// Appends the record that defines an origin.
fn define(to: &mut Vec<u8>, salt: u32, origin: &OriginRef) {
    let payload = serde_json::to_vec(&origin.origin).expect("an origin is strings and a word");
    let received = Timestamp::now().as_nanosecond() as i64;
    let header = RecordHeader { tag: Tag::Origin, truncated: false, part: false, origin: origin.id, received };
    layout::encode(to, salt, header, &payload);
}

/// Ends a batch that will not be written: a sender who waits is told, records of others are lost.
pub(super) fn refuse(batch: Batch, synced: Option<oneshot::Sender<Result<u64, Error>>>, error: Error) {
    match synced {
        Some(waiter) => {
            batch.reject_all(Rejected::JournalUnavailable);
            let _ = waiter.send(Err(error));
        }
        None => batch.drop_all(Dropped::JournalUnavailable),
    }
}
