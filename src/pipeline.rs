//! The driver: records in journal order through parser, matcher and stage. `run`, `replay` and `demo` share it, so the
//! same input gives the same alerts whichever of them reads it.
//!
//! Parsing and matching hold no state and are spread over threads; the findings come back in order and the stage
//! absorbs them in one place. Timers fire on whole minutes of receive time (see [`roundsman_rules::stage`]), and a
//! batch never crosses one, so nothing depends on how records were batched.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Arc, LazyLock},
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

/// Records that a lane reads at a time: few enough that the threads end a stride together, enough to be worth waking one.
const PER_LANE: usize = 512;
/// Lanes of a stride. What they read lies in memory until the stage has looked at it.
const LANES: usize = 40;

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
    /// The events, one JSON object a line, lane by lane in order; empty unless wanted.
    pub events: &'a [Vec<u8>],
    /// What the matcher found and counted.
    pub findings: &'a Findings,
    /// Records of unknown format, by reason.
    pub unknown: &'a BTreeMap<&'static str, u64>,
    /// Records by format.
    pub formats: &'a BTreeMap<&'static str, u64>,
}

/// The buffers of a part of a stride, kept from stride to stride.
struct Lane {
    event: Option<Event<'static>>,
    scratch: Scratch,
    findings: Findings,
    json: Vec<u8>,
    unknown: BTreeMap<&'static str, u64>,
    formats: Vec<(&'static str, u64)>,
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
    lanes: Vec<Lane>,
    /// The threads that lanes run on; without any they run in the caller's.
    threads: Option<ThreadPool>,
    /// What was read and the stage has not seen.
    found: Option<Found>,
    /// Empty buffers for printed events.
    spare: Vec<Vec<u8>>,
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
        };
        let threads = cores.min(threads);
        let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|n| format!("lane-{n}"));
        Driver {
            reading,
            matcher,
            stage,
            joiner: Joiner::default(),
            lanes: (0..LANES).map(lane).collect(),
            threads: (threads > 1).then(|| pool.build().expect("the system has threads")),
            found: None,
            spare: Vec::new(),
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
            self.settle(observer);
        }
        taken.unwrap_or(records.len())
    }

    fn take(&mut self, records: &[Record<'_>], observer: &mut impl Observer) {
        let minute = |record: &Record<'_>| record.received.as_second().div_euclid(GRID);
        for batch in records.chunk_by(|a, b| a.kind == Kind::Line && b.kind == Kind::Line && minute(a) == minute(b)) {
            self.advance(batch[0].received, observer);
            match batch[0].kind {
                Kind::Line => self.lines(batch, observer),
                kind => self.event_of_ours(kind, &batch[0], observer),
            }
        }
    }

    /// Lets time pass up to `to`: every timer on the way fires at its own minute.
    pub fn advance(&mut self, to: Timestamp, observer: &mut impl Observer) {
        // what was found may be due at the next whole minute
        if to >= on_grid(self.now) {
            self.settle(observer);
        }
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
        self.settle(observer);
        let mut output = Output::default();
        self.stage.tick(self.now, &mut output);
        observer.output(self.now, output);
    }

    /// The input ends: records that still waited for another line are taken as they are.
    pub fn finish(&mut self, observer: &mut impl Observer) {
        let mut late = Vec::new();
        self.joiner.flush_all(&mut |record| late.push(Kept::of(record)));
        self.read_kept(&late, observer);
        self.settle(observer);
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
        self.settle(observer);
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

    /// Stamps without a zone are read in the zone that the inventory gives their host.
    fn learn_zones(&mut self) {
        if let Reading::Log(parser) = &mut self.reading {
            parser.zones = Some(self.stage.zones());
        }
    }

    /// Files that are known from the start, before any record.
    pub fn feeds(&mut self, feeds: &[Feed], at: Timestamp, observer: &mut impl Observer) {
        self.settle(observer);
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

    /// Reads records in strides. While the lanes read one, the stage absorbs what they found in the one before, if need
    /// be from an earlier call.
    fn read(&mut self, records: &[Record<'_>], observer: &mut impl Observer) {
        for stride in records.chunks(PER_LANE * LANES) {
            let used = stride.len().div_ceil(PER_LANE);
            let (reading, matcher, shape) = (&self.reading, &self.matcher, observer.wants_events());
            let starts = (self.index..).step_by(PER_LANE);
            let parts = stride.chunks(PER_LANE).zip(starts).zip(&mut self.lanes);
            let absorb = self.found.take().map(|found| (found, &mut self.stage));
            let absorb = || absorb.map(|(found, stage)| hand_on(found, stage, observer)).unwrap_or_default();
            let read = |((part, start), lane): ((&[Record<'_>], u64), &mut Lane)| {
                lane.read(part, start, reading, matcher, shape);
            };
            self.spare.extend(match &self.threads {
                Some(threads) if used > 1 => threads.in_place_scope(|scope| {
                    parts.for_each(|part| scope.spawn(move |_| read(part)));
                    absorb()
                }),
                _ => {
                    parts.for_each(read);
                    absorb()
                }
            });
            self.index += stride.len() as u64;
            self.now = self.now.max(stride[stride.len() - 1].received);
            self.found = Some(Found::collect(&mut self.lanes[..used], &mut self.spare, self.now));
        }
    }

    /// The stage absorbs what was read and hands its output on. Whoever looks at the stage calls it before.
    pub fn settle(&mut self, observer: &mut impl Observer) {
        if let Some(found) = self.found.take() {
            self.spare.extend(hand_on(found, &mut self.stage, observer));
        }
    }
}

/// What the lanes found in one stride.
struct Found {
    now: Timestamp,
    findings: Findings,
    events: Vec<Vec<u8>>,
    unknown: BTreeMap<&'static str, u64>,
    formats: BTreeMap<&'static str, u64>,
}

impl Found {
    /// Takes the lanes' findings in order and leaves them spare buffers.
    fn collect(lanes: &mut [Lane], spare: &mut Vec<Vec<u8>>, now: Timestamp) -> Found {
        let mut found = Found {
            now,
            findings: Findings::default(),
            events: Vec::with_capacity(lanes.len()),
            unknown: BTreeMap::new(),
            formats: BTreeMap::new(),
        };
        for lane in lanes {
            found.findings.append(&mut lane.findings);
            lane.unknown.iter().for_each(|(reason, n)| *found.unknown.entry(*reason).or_insert(0) += n);
            lane.formats.iter().for_each(|(format, n)| *found.formats.entry(*format).or_insert(0) += n);
            lane.unknown.clear();
            lane.formats.clear();
            found.events.push(std::mem::replace(&mut lane.json, spare.pop().unwrap_or_default()));
        }
        found
    }
}

/// Tells the observer and the stage; gives the buffers back, empty.
fn hand_on(found: Found, stage: &mut Stage, observer: &mut impl Observer) -> Vec<Vec<u8>> {
    let Found { now, findings, mut events, unknown, formats } = found;
    observer.batch(Batch { now, events: &events, findings: &findings, unknown: &unknown, formats: &formats });
    events.iter_mut().for_each(Vec::clear);
    let mut output = Output::default();
    stage.absorb(findings, now, &mut output);
    observer.output(now, output);
    events
}

impl Lane {
    fn read(&mut self, records: &[Record<'_>], start: u64, reading: &Reading, matcher: &Matcher, shape: Option<Shape>) {
        let mut event = self.event.take().expect("a lane keeps its event");
        for (index, record) in (start..).zip(records) {
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
