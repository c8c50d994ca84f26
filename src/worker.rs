//! The pipeline's own thread in `run`: follows the journal at its own pace, hands records to the driver, and commits
//! what they led to together with the journal position, so that a crash neither loses nor doubles an alert.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use jiff::Timestamp;
use roundsman_ingest::{
    Record,
    join::Joiner,
    journal::{Chunk, Error as JournalError, Journal, Position, Positions, Reader},
    print::Shape,
};
use roundsman_rules::{
    Alert,
    sigma::RuleSet,
    stage::{Matcher, Output, Stage},
};
use roundsman_sinks::{
    Commit, Routes, Store,
    archive::Archive,
    digest::{Meeting, build},
    outbox::Outbox,
    store::Decision,
};
use tokio::{runtime::Handle, sync::watch};

use crate::{
    meetings::{self, Calendar, Tally},
    metrics::Metrics,
    pipeline::{Batch, Driver, Observer, Reading},
};

/// Bytes of journal that go through the pipeline at a time.
const CHUNK_BYTES: usize = 4 << 20;
/// Longest time between two commits while records come.
const COMMIT_EVERY: Duration = Duration::from_secs(1);
/// Longest time that an idle worker sleeps before it looks for orders.
const IDLE: Duration = Duration::from_millis(200);
/// How often gauges that take stock of the whole stage are set.
const STOCK_EVERY: Duration = Duration::from_secs(5);
/// How often a commit that failed for a passing reason is tried before the process gives up.
const COMMIT_TRIES: u32 = 8;

const DRIVER_ROW: &str = "driver";
const JOINER_ROW: &str = "joiner";

/// What can be asked of the worker while it runs.
pub enum Order {
    /// Use these rules from now on, keeping the state of those that stay.
    Rules(Arc<RuleSet>),
    /// Read what is durable, commit, end.
    Stop,
}

/// What the worker is made of.
pub struct Parts {
    /// The journal that it follows.
    pub journal: Arc<Journal>,
    /// Where results go.
    pub store: Store,
    /// Who is told at once.
    pub routes: Routes,
    /// Wakes the outbox after a commit that queued something.
    pub outbox: Arc<Outbox>,
    /// Where all events go.
    pub archives: Vec<Archive>,
    /// The pipeline's counters.
    pub metrics: Metrics,
    /// When digests are due, and for which periods.
    pub calendar: Calendar,
    /// Channels that get the digest.
    pub digest_channels: Vec<String>,
    /// The time.
    pub clock: roundsman_ingest::journal::Clock,
    /// Told up to which journal position everything is judged and stored.
    pub progress: watch::Sender<u64>,
    /// Told of every alert that is raised, changes or clears: the demo's ticker.
    pub watcher: Option<mpsc::SyncSender<Alert>>,
}

/// Follows the journal until it is told to stop.
pub struct Worker {
    parts: Parts,
    driver: Driver,
    rules: Arc<RuleSet>,
    reader: Option<Reader>,
    /// What lies before has gone through the pipeline.
    position: Position,
    /// How far sources were read before that position.
    sources: Positions,
    runtime: Handle,
    desk: Desk,
}

impl Worker {
    /// Takes up where the last commit ended.
    ///
    /// # Errors
    /// Store or journal cannot be read.
    pub fn resume(
        mut parts: Parts,
        reading: Reading,
        rules: Arc<RuleSet>,
        threads: usize,
        runtime: Handle,
    ) -> anyhow::Result<Worker> {
        let resume = runtime.block_on(parts.store.resume()).context("the store cannot say where it ended")?;
        let mut stage = Stage::new(rules.clone());
        stage.restore(&resume.state);
        let mut driver = Driver::new(reading, Matcher::new(rules.clone(), false), stage, threads);
        let row = |key: &str| resume.state.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_slice());
        if let Some((now, index)) = row(DRIVER_ROW).and_then(|value| serde_json::from_slice(value).ok()) {
            driver.resume(now, index);
        }
        if let Some(joiner) = row(JOINER_ROW).and_then(|value| serde_json::from_slice(value).ok()) {
            *driver.joiner_mut() = Joiner::restore(joiner);
        }
        let position = resume.position.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
        let reader = parts.journal.reader(position).context("the journal cannot be read")?;
        parts.metrics.rules(&rules);
        if driver.now() > Timestamp::MIN {
            parts.calendar.resume(driver.now());
        }
        let desk = Desk::new();
        let position = reader.position();
        let sources = Positions::restore(&resume.state);
        Ok(Worker { parts, driver, rules, reader: Some(reader), position, sources, runtime, desk })
    }

    /// Runs until [`Order::Stop`].
    ///
    /// # Errors
    /// Journal, archive or store fail for good.
    pub fn run(mut self, orders: &mpsc::Receiver<Order>) -> anyhow::Result<()> {
        let reader = self.reader.take().context("the worker runs once")?;
        let feeder = Feeder::start(reader, self.parts.journal.durable(), self.runtime.clone())?;
        loop {
            match orders.try_recv() {
                Ok(Order::Stop) | Err(mpsc::TryRecvError::Disconnected) => feeder.end(),
                Ok(Order::Rules(rules)) => self.reload(rules),
                Err(mpsc::TryRecvError::Empty) => {}
            }
            let next = match feeder.chunks.try_recv() {
                Err(mpsc::TryRecvError::Empty) => {
                    self.commit_if_due()?;
                    feeder.chunks.recv_timeout(IDLE)
                }
                next => next.map_err(|_| mpsc::RecvTimeoutError::Disconnected),
            };
            match next {
                Ok(chunk) => {
                    let chunk = chunk.context("the journal cannot be read")?;
                    self.chunk(&chunk)?;
                    feeder.give_back(chunk);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return self.end(),
            }
            self.commit_if_due()?;
        }
    }

    fn reload(&mut self, rules: Arc<RuleSet>) {
        self.parts.metrics.rules(&rules);
        self.driver.reload(rules.clone());
        self.rules = rules;
    }

    /// Takes one chunk through the pipeline.
    fn chunk(&mut self, chunk: &Chunk) -> anyhow::Result<()> {
        let records: Vec<Record<'_>> = chunk.records().map(|(_, record)| record).collect();
        if let (Some(first), None) = (records.first(), self.parts.calendar.next()) {
            self.parts.calendar.resume(first.received);
        }
        self.sources.absorb(chunk, 0..0);
        let mut done = 0;
        while done < records.len() {
            let stop = self.parts.calendar.next();
            let mut runner = Runner { parts: &mut self.parts, desk: &mut self.desk, rules: &self.rules, failed: None };
            let before = done;
            done += self.driver.records(&records[done..], stop, &mut runner);
            self.sources.absorb(chunk, before..done);
            if let Some(error) = runner.failed {
                return Err(error);
            }
            self.desk.dirty = true;
            if let Some(stop) = stop.filter(|_| done < records.len()) {
                self.commit(chunk.record(done).0)?;
                self.digest(stop)?;
            }
        }
        if let Some(last) = records.last() {
            self.parts.metrics.lag(last.received, (self.parts.clock)());
        }
        self.position = chunk.end();
        Ok(())
    }

    /// Writes the digest of the period that ended at `at`, from the store.
    fn digest(&mut self, at: Timestamp) -> anyhow::Result<()> {
        let period = self.parts.calendar.pass(at);
        let mut meeting = self.runtime.block_on(Meeting::read(&self.parts.store, period))?;
        meetings::complete(&mut meeting, self.driver.stage(), &self.parts.routes);
        let digest = build(&meeting);
        self.runtime.block_on(self.parts.store.publish_digest(&digest, at, &self.parts.digest_channels))?;
        self.parts.metrics.digest_written(at);
        self.parts.outbox.wake();
        tracing::info!(period = digest.period.name, colour = ?digest.headline.colour, "digest written");
        Ok(())
    }

    fn commit_if_due(&mut self) -> anyhow::Result<()> {
        if self.desk.last_stock.is_none_or(|at| at.elapsed() >= STOCK_EVERY) {
            self.desk.last_stock = Some(Instant::now());
            self.parts.metrics.stock(self.driver.stage());
        }
        let waited = self.desk.last_commit.elapsed();
        let urgent = !self.desk.commit.alerts.is_empty() && waited >= Duration::from_millis(50);
        if self.desk.dirty && (urgent || waited >= COMMIT_EVERY) {
            self.commit(self.position)?;
        }
        Ok(())
    }

    fn commit(&mut self, position: Position) -> anyhow::Result<()> {
        for archive in &mut self.parts.archives {
            archive.flush().context("the archive cannot be written")?;
        }
        let mut commit = self.desk.take();
        commit.at = self.driver.now();
        commit.position = Some(position.to_string());
        commit.state = self.driver.stage_mut().checkpoint();
        let now = (self.driver.now(), self.driver.index());
        commit.state.push((DRIVER_ROW.into(), Some(serde_json::to_vec(&now)?)));
        commit.state.push((JOINER_ROW.into(), Some(serde_json::to_vec(&self.driver.joiner_mut().snapshot())?)));
        commit.state.extend(self.sources.checkpoint());
        store(&self.runtime, &self.parts, &commit)?;
        self.parts.journal.retain(position);
        self.parts.progress.send_replace(position);
        Ok(())
    }

    fn end(mut self) -> anyhow::Result<()> {
        if self.desk.dirty {
            self.commit(self.position)?;
        }
        for archive in &mut self.parts.archives {
            archive.sync().context("the archive cannot be written")?;
        }
        Ok(())
    }
}

/// Reads ahead of the worker in a thread of its own, one chunk.
struct Feeder {
    chunks: mpsc::Receiver<Result<Chunk, JournalError>>,
    spare: mpsc::SyncSender<Chunk>,
    ending: Arc<AtomicBool>,
}

impl Feeder {
    fn start(mut reader: Reader, mut durable: watch::Receiver<Position>, runtime: Handle) -> anyhow::Result<Feeder> {
        let (out, chunks) = mpsc::sync_channel(1);
        let (spare, given_back) = mpsc::sync_channel(2);
        let ending = Arc::new(AtomicBool::new(false));
        let told = ending.clone();
        let run = move || {
            loop {
                if let Ok(chunk) = given_back.try_recv() {
                    reader.reuse(chunk);
                }
                let last = told.load(Ordering::Acquire);
                let sent = match reader.next_chunk(CHUNK_BYTES) {
                    Ok(Some(chunk)) => out.send(Ok(chunk)),
                    Ok(None) if last => return,
                    Ok(None) => {
                        let wait = async { tokio::time::timeout(IDLE, durable.changed()).await };
                        drop(runtime.block_on(wait));
                        Ok(())
                    }
                    Err(error) => {
                        let _ = out.send(Err(error));
                        return;
                    }
                };
                if sent.is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("journal-reader".into()).spawn(run)?;
        Ok(Feeder { chunks, spare, ending })
    }

    /// Reads what is there and ends; the channel closes then.
    fn end(&self) {
        self.ending.store(true, Ordering::Release);
    }

    fn give_back(&self, chunk: Chunk) {
        // one too many is simply freed
        let _ = self.spare.try_send(chunk);
    }
}

/// Commits, trying again where the store says that the reason may pass.
fn store(runtime: &Handle, parts: &Parts, commit: &Commit) -> anyhow::Result<()> {
    for attempt in 1.. {
        match runtime.block_on(parts.store.commit(commit, &parts.routes)) {
            Ok(committed) => {
                if committed.queued > 0 {
                    parts.outbox.wake();
                }
                break;
            }
            Err(error) if error.is_transient() && attempt < COMMIT_TRIES => {
                tracing::warn!(%error, attempt, "a commit failed; trying again");
                std::thread::sleep(Duration::from_millis(50 << attempt));
            }
            Err(error) => return Err(error).context("results cannot be stored"),
        }
    }
    Ok(())
}

/// What waits for the next commit.
struct Desk {
    commit: Commit,
    tally: Tally,
    known: HashSet<String>,
    dirty: bool,
    last_commit: Instant,
    last_stock: Option<Instant>,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            commit: Commit::default(),
            tally: Tally::default(),
            known: HashSet::new(),
            dirty: false,
            last_commit: Instant::now(),
            last_stock: None,
        }
    }

    fn take(&mut self) -> Commit {
        let mut commit = std::mem::take(&mut self.commit);
        commit.counts = self.tally.take();
        (self.dirty, self.last_commit) = (false, Instant::now());
        commit
    }
}

/// The observer of the driver: keeps what the stage gives back until the commit.
struct Runner<'a> {
    parts: &'a mut Parts,
    desk: &'a mut Desk,
    rules: &'a RuleSet,
    failed: Option<anyhow::Error>,
}

impl Runner<'_> {
    fn attempt(&mut self, work: impl FnOnce(&mut Self) -> anyhow::Result<()>) {
        if self.failed.is_none() {
            self.failed = work(self).err();
        }
    }
}

impl Observer for Runner<'_> {
    fn wants_events(&self) -> Option<Shape> {
        (!self.parts.archives.is_empty()).then_some(Shape::Nested)
    }

    fn batch(&mut self, batch: Batch<'_>) {
        self.parts.metrics.batch(&batch, self.rules);
        self.desk.tally.add(&batch, self.parts.calendar.zone());
        self.attempt(|runner| {
            for archive in &mut runner.parts.archives {
                archive.write(batch.now, batch.events).context("the archive cannot be written")?;
            }
            Ok(())
        });
    }

    fn output(&mut self, now: Timestamp, output: Output) {
        for alert in output.alerts {
            if alert.raised == now && alert.cleared.is_none() && self.desk.known.insert(alert.id.clone()) {
                self.parts.metrics.raised(&alert);
            }
            if let Some(watcher) = &self.parts.watcher {
                let _ = watcher.send(alert.clone());
            }
            self.desk.commit.alerts.push(alert);
        }
        if self.desk.known.len() > 100_000 {
            self.desk.known.clear();
        }
        self.desk.commit.cases.extend(output.cases);
        self.desk.commit.decisions.extend(output.decisions.into_iter().map(|record| Decision { at: now, record }));
        for problem in output.problems {
            tracing::warn!("{problem}");
        }
    }
}
