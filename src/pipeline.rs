//! The driver: records in journal order through parser, matcher and stage. `run`, `replay` and `demo` share it, so the
//! same input gives the same alerts whichever of them reads it.
//!
//! Parsing and matching hold no state and are spread over threads, a few hundred records at a time; the findings come back
//! in order and the stage absorbs them in one place. Timers fire on whole minutes of receive time (see [`roundsman_rules::stage`]), and a
//! batch never crosses one, so nothing depends on how records were batched.

use std::{
    collections::{BTreeMap, VecDeque},
    iter,
    num::NonZero,
    sync::{Arc, LazyLock, mpsc},
    thread,
};

use jiff::Timestamp;
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use roundsman_ingest::{
    Event, Kind, Origin, Record, Transport,
    formats::LogSource,
    join::Joiner,
    parse::Parser,
    print::{Shape, write_json},
    record::Feed,
};
use roundsman_rules::sigma::RuleSet;
use roundsman_rules::stage::{Findings, GRID, Matcher, Output, Scratch, Stage, on_grid};

/// Records that a lane reads at a time: enough to be worth waking a thread for, few enough that what it prints is still in
/// the processor's cache when it is handed on.
const PER_LANE: usize = 512;
/// Lanes for each thread: one that it reads, and others so that it never waits for the stage.
const LANES_PER_THREAD: usize = 4;

/// How a record becomes an event.
#[derive(Clone)]
pub enum Reading {
    /// A log record.
    Log(Parser),
    /// An event that something else parsed, as one JSON object; its log source as given or by its shape.
    Events(Option<LogSource>),
}

/// What the driver hands on, in order. Implemented by whoever drives: `run` stores, `replay` prints.
pub trait Observer {
    /// Whether [`Observer::batch`] wants the events as JSON.
    fn wants_events(&self) -> Option<Shape> {
        None
    }
    /// A batch was read: its events as NDJSON where wanted, and what was counted.
    fn batch(&mut self, batch: Batch<'_>) {
        let _ = batch;
    }
    /// The stage gave something back at this time of the pipeline.
    fn output(&mut self, now: Timestamp, output: Output);
}

/// One batch as it was read.
pub struct Batch<'a> {
    /// Receive time of the last record.
    pub now: Timestamp,
    /// The events, one JSON object a line; empty unless wanted.
    pub events: &'a [u8],
    /// What the matcher found and counted.
    pub findings: &'a Findings,
    /// Records of unknown format, by reason.
    pub unknown: &'a BTreeMap<&'static str, u64>,
    /// Records by format.
    pub formats: &'a [(&'static str, u64)],
}

/// The buffers of one part of the records and what was read there; kept for other parts.
struct Lane {
    event: Option<Event<'static>>,
    scratch: Scratch,
    findings: Findings,
    json: Vec<u8>,
    unknown: BTreeMap<&'static str, u64>,
    formats: Vec<(&'static str, u64)>,
    /// Receive time of the last record.
    last: Timestamp,
}

static NOWHERE: LazyLock<Origin> = LazyLock::new(|| Origin::new(Transport::File, ""));

/// An empty record: what buffers are kept in between two batches.
pub fn nothing() -> Record<'static> {
    Record { received: Timestamp::UNIX_EPOCH, origin: &NOWHERE, kind: Kind::Line, truncated: false, raw: b"" }
}

/// Takes records through the pipeline.
pub struct Driver {
    reading: Reading,
    matcher: Matcher,
    stage: Stage,
    joiner: Joiner,
    /// Those that nothing is read in.
    lanes: Vec<Lane>,
    /// The threads that lanes run on; without any they run in the caller's.
    threads: Option<ThreadPool>,
    now: Timestamp,
    index: u64,
}

impl Driver {
    /// A driver that spreads over as many threads as the machine has cores, at most `threads`.
    ///
    /// # Panics
    /// The system has no threads left.
    pub fn new(reading: Reading, matcher: Matcher, stage: Stage, threads: usize) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let lane = |_| Lane {
            event: Some(Event::new(&nothing())),
            scratch: Scratch::default(),
            findings: Findings::default(),
            json: Vec::new(),
            unknown: BTreeMap::new(),
            formats: Vec::new(),
            last: Timestamp::MIN,
        };
        let threads = cores.min(threads);
        let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|n| format!("lane-{n}"));
        Driver {
            reading,
            matcher,
            stage,
            joiner: Joiner::default(),
            lanes: (0..threads * LANES_PER_THREAD).map(lane).collect(),
            threads: (threads > 1).then(|| pool.build().expect("the system has threads")),
            now: Timestamp::MIN,
            index: 0,
        }
    }

    /// The stage, for questions.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The stage, for checkpoints and reloads.
    pub fn stage_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }

    /// Uses these rules from now on, keeping the state of those that stay.
    pub fn reload(&mut self, rules: Arc<RuleSet>) {
        self.matcher = Matcher::new(rules.clone(), false);
        self.matcher.learn(self.stage.patterns());
        self.stage.reload(rules);
    }

    /// The joiner, for checkpoints.
    pub fn joiner_mut(&mut self) -> &mut Joiner {
        &mut self.joiner
    }

    /// How far the pipeline's time has come.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Continues where a checkpoint ended.
    pub fn resume(&mut self, now: Timestamp, index: u64) {
        (self.now, self.index) = (now, index);
    }

    /// Number of log records read so far.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Takes records in order (lines, ticks, feeds, decisions) up to the first that was received at `stop` or later.
    /// Gives how many were taken; where that is fewer than all, the pipeline's time has come to `stop`.
    pub fn records(&mut self, records: &[Record<'_>], stop: Option<Timestamp>, observer: &mut impl Observer) -> usize {
        let taken = stop.and_then(|stop| records.iter().position(|record| record.received >= stop));
        self.take(&records[..taken.unwrap_or(records.len())], observer);
        if let (Some(_), Some(stop)) = (taken, stop) {
            self.advance(stop, observer);
        }
        taken.unwrap_or(records.len())
    }

    fn take(&mut self, records: &[Record<'_>], observer: &mut impl Observer) {
        let minute = |record: &Record<'_>| record.received.as_second().div_euclid(GRID);
        for batch in records.chunk_by(|a, b| a.kind == Kind::Line && b.kind == Kind::Line && minute(a) == minute(b)) {
            let (at, kind) = (batch[0].received, batch[0].kind);
            self.stage.wake(at);
            if kind == Kind::Tick {
                self.stage.beat(at);
            }
            self.advance(at, observer);
            match kind {
                Kind::Line => self.lines(batch, observer),
                kind => self.event_of_ours(kind, &batch[0], observer),
            }
        }
    }

    /// Lets time pass up to `to`: every timer on the way fires at its own minute.
    pub fn advance(&mut self, to: Timestamp, observer: &mut impl Observer) {
        while let Some(at) = self.next_due().map(|due| due.max(on_grid(self.now))).filter(|at| *at <= to) {
            self.now = self.now.max(at);
            self.fire(observer);
        }
        self.now = self.now.max(to);
    }

    fn next_due(&self) -> Option<Timestamp> {
        [self.stage.next_due(), self.joiner.next_due().map(on_grid)].into_iter().flatten().min()
    }

    /// Time has come to `at`, which need not be a whole minute.
    pub fn tick(&mut self, at: Timestamp, observer: &mut impl Observer) {
        self.advance(at, observer);
        self.fire(observer);
    }

    /// What is due by now happens.
    fn fire(&mut self, observer: &mut impl Observer) {
        let mut late = Vec::new();
        self.joiner.flush_due(self.now, &mut |record| late.push(Kept::of(record)));
        self.read_kept(&late, observer);
        let mut output = Output::default();
        self.stage.tick(self.now, &mut output);
        observer.output(self.now, output);
    }

    /// The input ends: records that still waited for another line are taken as they are.
    pub fn finish(&mut self, observer: &mut impl Observer) {
        let mut late = Vec::new();
        self.joiner.flush_all(&mut |record| late.push(Kept::of(record)));
        self.read_kept(&late, observer);
        let mut output = Output::default();
        self.stage.finish(&mut output);
        observer.output(self.now, output);
    }

    fn read_kept(&mut self, kept: &[Kept], observer: &mut impl Observer) {
        if !kept.is_empty() {
            let records: Vec<Record<'_>> = kept.iter().map(Kept::record).collect();
            self.read(&records, observer);
        }
    }

    fn event_of_ours(&mut self, kind: Kind, record: &Record<'_>, observer: &mut impl Observer) {
        let mut output = Output::default();
        let now = self.now;
        match kind {
            Kind::Tick | Kind::Line => return self.fire(observer),
            // It is for the source that wrote it.
            Kind::Position => return,
            Kind::Feed => match serde_json::from_slice(record.raw) {
                Ok(feed) => self.stage.feed(now, &feed, &mut output),
                Err(error) => tracing::error!(%error, "a journalled feed cannot be read"),
            },
            Kind::Decision => match serde_json::from_slice(record.raw) {
                Ok(decision) => self.stage.decide(now, &decision, &mut output),
                Err(error) => tracing::error!(%error, "a journalled decision cannot be read"),
            },
        }
        if kind == Kind::Feed {
            self.learn_zones();
        }
        observer.output(now, output);
    }

    /// Stamps without a zone are read in the zone that the inventory gives their host; applications' own words are those of
    /// the policy.
    fn learn_zones(&mut self) {
        self.matcher.learn(self.stage.patterns());
        if let Reading::Log(parser) = &mut self.reading {
            parser.zones = Some(self.stage.zones());
        }
    }

    /// Files that are known from the start, before any record.
    pub fn feeds(&mut self, feeds: &[Feed], at: Timestamp, observer: &mut impl Observer) {
        self.now = self.now.max(at);
        let mut output = Output::default();
        feeds.iter().for_each(|feed| self.stage.feed(at, feed, &mut output));
        self.learn_zones();
        observer.output(at, output);
    }

    fn lines(&mut self, records: &[Record<'_>], observer: &mut impl Observer) {
        let wants = |part: &[Record<'_>]| part.iter().any(Joiner::wants);
        let wanted = match &self.threads {
            Some(threads) if records.len() > PER_LANE => threads.install(|| records.par_chunks(PER_LANE).any(wants)),
            _ => wants(records),
        };
        if !wanted {
            return self.read(records, observer);
        }
        let mut kept = Vec::with_capacity(records.len());
        for record in records {
            match Joiner::wants(record) {
                true => self.joiner.push(record, &mut |joined| kept.push(Kept::of(joined))),
                false => kept.push(Kept::of(record)),
            }
        }
        self.read_kept(&kept, observer);
    }

    /// Reads records part by part: lanes read some while the stage absorbs, in order, what was found in those before.
    fn read(&mut self, records: &[Record<'_>], observer: &mut impl Observer) {
        let (reading, matcher, shape) = (&self.reading, &self.matcher, observer.wants_events());
        let (lanes, stage, now) = (&mut self.lanes, &mut self.stage, &mut self.now);
        let parts = records.chunks(PER_LANE).zip((self.index..).step_by(PER_LANE));
        self.index += records.len() as u64;
        let mut hand_on = |lane: &mut Lane| {
            *now = lane.last.max(*now);
            lane.hand_on(*now, stage, observer);
        };
        let Some(threads) = self.threads.as_ref().filter(|_| records.len() > PER_LANE) else {
            let lane = lanes.last_mut().expect("there are lanes");
            return parts.for_each(|(part, start)| {
                lane.read(part, start, reading, matcher, shape);
                hand_on(lane);
            });
        };
        threads.in_place_scope(|scope| {
            let mut reading_now = VecDeque::<mpsc::Receiver<Lane>>::new();
            // nothing comes where a lane panicked; the scope passes that on
            let mut first = |reading_now: &mut VecDeque<mpsc::Receiver<Lane>>| {
                let mut lane = reading_now.pop_front()?.recv().ok()?;
                hand_on(&mut lane);
                Some(lane)
            };
            for (part, start) in parts {
                let Some(mut lane) = lanes.pop().or_else(|| first(&mut reading_now)) else { return };
                let (done, read) = mpsc::sync_channel(1);
                reading_now.push_back(read);
                scope.spawn(move |_| {
                    lane.read(part, start, reading, matcher, shape);
                    let _ = done.send(lane);
                });
            }
            lanes.extend(iter::from_fn(|| first(&mut reading_now)));
        });
    }
}

impl Lane {
    fn read(&mut self, records: &[Record<'_>], start: u64, reading: &Reading, matcher: &Matcher, shape: Option<Shape>) {
        let mut event = self.event.take().expect("a lane keeps its event");
        for (index, record) in (start..).zip(records) {
            self.last = record.received;
            let read = match reading {
                Reading::Log(parser) => parser.parse(record, event),
                Reading::Events(logsource) => crate::events::read(record, *logsource, event),
            };
            self.count(&read);
            matcher.look(index, &read, &mut self.scratch, &mut self.findings);
            if let Some(shape) = shape {
                write_json(&read, shape, &mut self.json);
                self.json.push(b'\n');
            }
            event = read.recycle(&nothing());
        }
        self.event = Some(event);
    }

    /// Tells the observer and the stage what was read; nothing of it stays.
    fn hand_on(&mut self, now: Timestamp, stage: &mut Stage, observer: &mut impl Observer) {
        let Lane { findings, json, unknown, formats, .. } = self;
        observer.batch(Batch { now, events: json, findings, unknown, formats });
        let mut output = Output::default();
        stage.absorb(std::mem::take(findings), now, &mut output);
        observer.output(now, output);
        json.clear();
        unknown.clear();
        formats.clear();
    }

    fn count(&mut self, event: &Event<'_>) {
        let name = event.format_name();
        match self.formats.iter_mut().find(|(format, _)| std::ptr::eq(*format, name)) {
            Some((_, count)) => *count += 1,
            None => self.formats.push((name, 1)),
        }
        if event.format.is_none() {
            *self.unknown.entry(event.reason.unwrap_or("unrecognised")).or_insert(0) += 1;
        }
    }
}

/// A record that owns its bytes: only where lines are joined.
struct Kept {
    received: Timestamp,
    origin: Origin,
    truncated: bool,
    raw: Vec<u8>,
}

impl Kept {
    fn of(record: &Record<'_>) -> Kept {
        Kept {
            received: record.received,
            origin: record.origin.clone(),
            truncated: record.truncated,
            raw: record.raw.to_vec(),
        }
    }

    fn record(&self) -> Record<'_> {
        Record {
            received: self.received,
            origin: &self.origin,
            kind: Kind::Line,
            truncated: self.truncated,
            raw: &self.raw,
        }
    }
}
