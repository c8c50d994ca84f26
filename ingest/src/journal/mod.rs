//! The journal: every record that was received, on disk, in order, before anything looks at it.
//!
//! # Promises
//! * [`Appender::append_synced`] resolves after the records' bytes, and the directory entry of a segment that was begun
//!   for them, are synced. What it acknowledged survives `kill -9` and loss of power.
//! * [`Appender::append`] promises nothing for the last [`Options::sync_interval`] before a loss of power; a mere crash
//!   of the process loses only what was still in the queue.
//! * Records read back exactly, in the order in which they were written, each with its origin and receive time.
//! * A [`Reader`] of a running journal sees only what is durable: nothing is acted on that a crash could take back.
//! * A write or sync that failed is never tried again: after a failed sync the kernel may have dropped the pages and
//!   would report success. The writer stops for good, every later append fails, [`Journal::failed`] resolves.
//! * A torn tail is cut on [`Journal::open`]; what fails its checksum in the middle is passed over. Both are copied to
//!   `quarantine/` first and reported. No other byte is ever changed in place.
//! * A source that can be read again (a file, the systemd journal) writes how far it came behind the lines that it read
//!   ([`Batch::close`]): a crash keeps both or neither, so no line is lost or doubled. [`Positions`] finds it again.
//! * One process per data folder: a lock on `<data>/lock`, which holds its process id.
//! * Each record is counted once, when its fate is known (see [`metrics`](crate::metrics)).
//!
//! # Limits
//! A record holds at most [`MAX_PAYLOAD_BYTES`], a segment defines at most 65,536 origins, the queue holds
//! [`Options::queue_bytes`]. When it is full, `append` waits, which pushes back on TCP, and `try_append` hands the
//! batch back. Segments are deleted from the oldest on, whole, by age and total size; what the pipeline has not read
//! ([`Journal::retain`]) goes only when the size limit forces it, and is then counted and reported.
//!
//! # On disk
//! ```text
//! <data>/lock                              locked; the process id
//! <data>/journal/0000000004000000.log      a segment, named by the position of its first byte (hexadecimal)
//! <data>/quarantine/0000000004001f38.bad   bytes that were no record, named by their position
//! ```
//! A position is a byte offset into all segments laid end to end: `position - base` is the offset in the file. Each
//! start begins a new segment at the end of the last one. All numbers are little-endian.
//! ```text
//! segment   magic+version 8 "rndsmjn\x01" · base 8 · created ns 8 · salt 4 · crc32 4 · records…
//! record    crc32 4 · length 4 · marker 2 "JR" · kind 1 · flags 1 · origin 4 · received ns 8 · payload · zeros to 8
//! ```
//! The checksum begins with the segment's salt and covers all after itself but the zeros. The salt is random and the
//! same in all segments of a journal: bytes that a sender shapes like a record do not pass for one when the reader looks
//! for the next sound record after damage. Kind 0 is a line, 1 a tick, 2 a feed, 3 a decision, 4 the position of a
//! source ([`Step`]); 255 defines the origin of that number (JSON) for the rest of the segment, before its first use.
//! Flag 1: cut at the line limit. Flag 2: counts only together with the position that follows; at the end of the journal
//! such lines without one are cut like a torn tail.
//!
//! # Neighbours
//! A [`source`](crate::source) fills a [`Batch`] and appends it. The writer is one thread. The pipeline
//! follows with a [`Reader`]. [`offline`] reads a folder that may belong to another process.

mod batch;
mod error;
mod layout;
pub mod offline;
mod open;
mod positions;
mod reader;
mod retention;
mod several;
mod storage;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::Ordering,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

pub use batch::{BATCH_BYTES, Batch, Interned, MAX_ORIGINS, OriginRef};
pub use error::Error;
pub use layout::MAX_PAYLOAD_BYTES;
pub use open::{JOURNAL_DIR, Opened, QUARANTINE_DIR};
pub use positions::{Positions, Step};
pub use reader::{Chunk, Damage, Reader};
pub use several::NotSynced;

use crate::{
    metrics::{Dropped, Metrics, Rejected},
    record::Origin,
};
use batch::Origins;
use storage::{Disk, Storage};
use writer::{Job, Message, Shared, Writer};

/// A position in the journal: a byte offset into all of its segments.
pub type Position = u64;

/// What a batch takes of the queue at least, so that many small batches are bounded too.
const MIN_ROOM: usize = 4 << 10;
/// Segments are no larger than this part of the journal, so that deleting one leaves most of it…
const SEGMENTS_AT_LEAST: u64 = 8;
/// …as long as they have this size.
const SMALLEST_SHARE_BYTES: u64 = 1 << 20;

/// What is read at a time while the positions of sources are looked for.
const POSITIONS_BYTES: usize = 4 << 20;

/// Gives the time that records are received at. It is the system's everywhere but in a demonstration.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How the journal writes and what it keeps.
#[derive(Clone)]
pub struct Options {
    /// The time of receipt. Default: the system's.
    pub clock: Clock,
    /// Size at which a segment is closed and the next one begun. Default 64 MiB, and an eighth of `max_bytes` at most.
    pub segment_bytes: u64,
    /// How long records are kept at least, as long as `max_bytes` allows. Default 30 days.
    pub retain: Duration,
    /// Size of all segments together. Default 20 GiB.
    pub max_bytes: u64,
    /// Longest time between a write and its sync. Default 50 ms.
    pub sync_interval: Duration,
    /// Most bytes between two syncs. Default 32 MiB.
    pub sync_bytes: usize,
    /// What sources may have in flight before `append` waits. Default 16 MiB.
    pub queue_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            clock: Arc::new(Timestamp::now),
            segment_bytes: 64 << 20,
            retain: Duration::from_secs(30 * 86_400),
            max_bytes: 20 << 30,
            sync_interval: Duration::from_millis(50),
            sync_bytes: 32 << 20,
            queue_bytes: 16 << 20,
        }
    }
}

/// An open journal: the lock on its folder and its writer. The last thing of a process to be stopped.
pub struct Journal {
    appender: Appender,
    writer: Mutex<Option<thread::JoinHandle<()>>>,
    quarantine: PathBuf,
    _lock: File,
}

impl Journal {
    /// Opens the journal in this data folder, making both where they do not exist: takes the lock, cuts a torn tail,
    /// begins a segment, starts the writer.
    ///
    /// # Errors
    /// The folder is in use, is not writable, is full, or its segments are of a later version.
    pub fn open(data: &Path, options: Options, metrics: Metrics) -> Result<(Journal, Opened), Error> {
        Journal::open_on(Box::new(Disk), data, options, metrics)
    }

    fn open_on(
        storage: Box<dyn Storage>,
        data: &Path,
        mut options: Options,
        metrics: Metrics,
    ) -> Result<(Journal, Opened), Error> {
        let share = (options.max_bytes / SEGMENTS_AT_LEAST).max(SMALLEST_SHARE_BYTES);
        options.segment_bytes = options.segment_bytes.min(share);
        let lock = open::lock(data)?;
        let (opened, salt) = open::recover(data)?;
        metrics.journal_damaged_bytes().inc_by(opened.damage.iter().map(|d| d.bytes).sum());
        let shared = Arc::new(Shared {
            dir: data.join(JOURNAL_DIR),
            clock: Arc::clone(&options.clock),
            salt,
            metrics,
            spares: Default::default(),
            durable: watch::Sender::new(0),
            failure: watch::Sender::new(None),
            needed: Default::default(),
        });
        let room = Arc::new(Semaphore::new(options.queue_bytes));
        let (queue, jobs) = sync_channel(options.queue_bytes / MIN_ROOM + 1);
        let queue_bytes = options.queue_bytes;
        let writer = Writer::begin(Arc::clone(&shared), options, storage, opened.end)?;
        let close = Arc::clone(&room);
        let thread = thread::Builder::new()
            .name("journal".into())
            .spawn(move || writer.run(jobs, move || close.close()))
            .map_err(Error::io(data, "start the journal's writer for"))?;
        let appender = Appender { shared, queue, room, queue_bytes, origins: Arc::new(Mutex::new(Origins::new())) };
        let quarantine = data.join(QUARANTINE_DIR);
        Ok((Journal { appender, writer: Mutex::new(Some(thread)), quarantine, _lock: lock }, opened))
    }

    /// A handle to append with; cheap to clone.
    pub fn appender(&self) -> Appender {
        self.appender.clone()
    }

    /// The position up to which everything is synced. Changes after each sync; closes never.
    pub fn durable(&self) -> watch::Receiver<Position> {
        self.appender.shared.durable.subscribe()
    }

    /// Reads from `position` on, up to what is durable, and quarantines what is damaged.
    ///
    /// # Errors
    /// The folder cannot be read, or the journal ends before `position`.
    pub fn reader(&self, position: Position) -> Result<Reader, Error> {
        Reader::live(&self.appender.shared, self.quarantine.clone(), position)
    }

    /// How far sources have been read: what was stored with `position`, and what the journal says from there on.
    ///
    /// # Errors
    /// As [`Journal::reader`].
    pub fn positions(&self, stored: &[(String, Vec<u8>)], position: Position) -> Result<Positions, Error> {
        let (mut positions, mut reader) = (Positions::restore(stored), self.reader(position)?);
        while let Some(chunk) = reader.next_chunk(POSITIONS_BYTES)? {
            positions.absorb(&chunk, 0..chunk.len());
            reader.reuse(chunk);
        }
        Ok(positions)
    }

    /// Reads what was journalled last: at most so many bytes from before this start.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn recent(&self, bytes: u64) -> Result<Reader, Error> {
        self.reader(offline::tail(&self.appender.shared.dir, bytes)?)
    }

    /// The pipeline has stored that it needs nothing before this position any more.
    pub fn retain(&self, before: Position) {
        self.appender.shared.needed.fetch_max(before, Ordering::Relaxed);
    }

    /// Resolves when the writer has failed; the process should end. Never resolves while the journal works.
    pub async fn failed(&self) -> Error {
        let mut failure = self.appender.shared.failure.subscribe();
        match failure.wait_for(Option::is_some).await.map(|error| error.clone()) {
            Ok(Some(error)) => error,
            _ => Error::Closed,
        }
    }

    /// Why the writer has stopped, where it has failed.
    pub fn failure(&self) -> Option<Error> {
        self.appender.shared.failure.borrow().clone()
    }

    /// Writes and syncs what was appended before, then closes: later appends fail.
    ///
    /// # Errors
    /// The writer had failed, or failed now.
    pub async fn stop(&self) -> Result<(), Error> {
        let Some(writer) = self.writer.lock().ok().and_then(|mut writer| writer.take()) else {
            return self.failure().map_or(Ok(()), Err);
        };
        let queue = self.appender.queue.clone();
        let ended = tokio::task::spawn_blocking(move || {
            // The writer may have failed and gone; then nobody takes the message, and joining is all there is to do.
            let _ = queue.send(Message::Stop);
            writer.join()
        });
        match ended.await {
            Ok(Ok(())) => self.failure().map_or(Ok(()), Err),
            _ => Err(Error::Failed(Box::new(Error::Closed))),
        }
    }
}

/// A journal that is dropped without [`Journal::stop`] still writes and syncs what it took.
impl Drop for Journal {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.get_mut().ok().and_then(Option::take) {
            let _ = self.appender.queue.send(Message::Stop);
            let _ = writer.join();
        }
    }
}

/// Takes batches for the writer.
#[derive(Clone)]
pub struct Appender {
    shared: Arc<Shared>,
    queue: SyncSender<Message>,
    room: Arc<Semaphore>,
    queue_bytes: usize,
    origins: Arc<Mutex<Origins>>,
}

/// A batch that was not taken.
pub enum NotTaken {
    /// The queue is full; here is the batch back.
    Full(Batch),
    /// The journal has failed or is closed; the batch was counted as dropped.
    Stopped(Error),
}

impl Appender {
    /// An empty batch of this journal, with the buffer of one that was written.
    pub fn batch(&self) -> Batch {
        Batch::new(&self.shared.spares, self.shared.salt)
    }

    /// The number of an origin. Looked up once per connection or peer, not per record.
    pub fn origin(&self, origin: &Origin) -> OriginRef {
        self.origins.lock().expect("no code panics while it holds this lock").intern(origin, &self.shared.metrics)
    }

    /// The time of receipt of what arrives now.
    pub fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    /// The metrics that this journal counts in.
    pub fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Why the writer has stopped, where it has failed.
    pub fn failure(&self) -> Option<Error> {
        self.shared.failure.borrow().clone()
    }

    /// Hands a batch to the writer; waits while the queue is full.
    ///
    /// # Errors
    /// The journal has failed or is closed; the batch was counted as dropped.
    pub async fn append(&self, batch: Batch) -> Result<(), Error> {
        match Arc::clone(&self.room).acquire_many_owned(self.room_for(&batch)).await {
            Ok(room) => self.send(batch, room, None),
            Err(_) => Err(self.stopped(batch)),
        }
    }

    /// Hands a batch to the writer if the queue has room now.
    ///
    /// # Errors
    /// [`NotTaken`] says whether waiting would help.
    pub fn try_append(&self, batch: Batch) -> Result<(), NotTaken> {
        match Arc::clone(&self.room).try_acquire_many_owned(self.room_for(&batch)) {
            Ok(room) => self.send(batch, room, None).map_err(NotTaken::Stopped),
            Err(tokio::sync::TryAcquireError::NoPermits) => Err(NotTaken::Full(batch)),
            Err(tokio::sync::TryAcquireError::Closed) => Err(NotTaken::Stopped(self.stopped(batch))),
        }
    }

    /// Hands a batch to the writer; waits for room no longer than `patience`.
    ///
    /// # Errors
    /// [`NotTaken`] says whether waiting longer would help.
    pub async fn append_within(&self, batch: Batch, patience: Duration) -> Result<(), NotTaken> {
        let batch = match self.try_append(batch) {
            Err(NotTaken::Full(batch)) => batch,
            other => return other,
        };
        let room = Arc::clone(&self.room).acquire_many_owned(self.room_for(&batch));
        match tokio::time::timeout(patience, room).await {
            Ok(Ok(room)) => self.send(batch, room, None).map_err(NotTaken::Stopped),
            Ok(Err(_)) => Err(NotTaken::Stopped(self.stopped(batch))),
            Err(_) => Err(NotTaken::Full(batch)),
        }
    }

    /// Hands a batch to the writer and waits until it is synced; gives the position after it. Batches that wait at the
    /// same time share one sync.
    ///
    /// # Errors
    /// The batch is not durable and must not be acknowledged; it was counted as rejected.
    pub async fn append_synced(&self, batch: Batch) -> Result<Position, Error> {
        self.submit(batch).await?.synced().await
    }

    /// The first half of [`Appender::append_synced`]: hands a batch to the writer, so that the next one can be filled
    /// while this one is on its way; waits while the queue is full.
    ///
    /// # Errors
    /// The batch will not be durable; it was counted as rejected.
    pub async fn submit(&self, batch: Batch) -> Result<Pending, Error> {
        let (done, synced) = oneshot::channel();
        match Arc::clone(&self.room).acquire_many_owned(self.room_for(&batch)).await {
            Ok(room) => self.send(batch, room, Some(done))?,
            Err(_) => {
                let error = self.why();
                batch.reject_all(Rejected::JournalUnavailable);
                return Err(error);
            }
        }
        Ok(Pending { synced, shared: Arc::clone(&self.shared) })
    }

    /// Takes all of the queue's room, as a writer that hangs would.
    #[cfg(test)]
    pub(crate) async fn hold_room(&self) -> OwnedSemaphorePermit {
        let all = Arc::clone(&self.room).acquire_many_owned(self.queue_bytes as u32).await;
        all.expect("the journal is open")
    }

    fn room_for(&self, batch: &Batch) -> u32 {
        batch.size().max(MIN_ROOM).min(self.queue_bytes) as u32
    }

    /// Never blocks: the queue has a place for every piece of room.
    fn send(
        &self,
        batch: Batch,
        room: OwnedSemaphorePermit,
        synced: Option<oneshot::Sender<Result<Position, Error>>>,
    ) -> Result<(), Error> {
        let Err(refused) = self.queue.send(Message::Append(Job { batch, room, synced })) else {
            return Ok(());
        };
        let error = self.why();
        if let Message::Append(job) = refused.0 {
            writer::refuse(job.batch, job.synced, error.clone());
        }
        Err(error)
    }

    fn stopped(&self, batch: Batch) -> Error {
        batch.drop_all(Dropped::JournalUnavailable);
        self.why()
    }

    fn why(&self) -> Error {
        why(&self.shared)
    }
}

/// A batch on its way to disk.
pub struct Pending {
    synced: oneshot::Receiver<Result<Position, Error>>,
    shared: Arc<Shared>,
}

impl Pending {
    /// Resolves when the batch is synced; gives the position after it.
    ///
    /// # Errors
    /// The batch is not durable and must not be acknowledged; it was counted as rejected.
    pub async fn synced(self) -> Result<Position, Error> {
        self.synced.await.unwrap_or_else(|_| Err(why(&self.shared)))
    }
}

/// Why the writer takes nothing.
fn why(shared: &Shared) -> Error {
    shared.failure.borrow().clone().unwrap_or(Error::Closed)
}
