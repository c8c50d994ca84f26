//! Figures per hour: records, sums, different values, or all that a source sends.
//!
//! An hour is judged once it is over and no record of it can come any more, so the order of records does not matter.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    finding::{Figures, Finding},
    history::{History, MEMORY, Usual},
    shelf::{Kept, Shelf},
    sighting::Sighting,
    sketch::Distinct,
    spec::{Kind, Spec},
};
use crate::{Evidence, alert::value_hash, sigma::ALLOWED_LATENESS};

/// A source fell silent if it sends less than one in so many of its usual least.
const DROP: f64 = 10.0;
/// A usual least below this is no rhythm that could drop, in records per hour.
const MIN_RHYTHM: f64 = 100.0;

/// An hour that is not over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    hour: i64,
    amount: f64,
    count: u64,
    distinct: Option<Distinct>,
    at: Timestamp,
    last: Timestamp,
    first: Option<Evidence>,
}

/// A key's figures.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub history: History,
    open: Vec<Open>,
    /// The hour before the one that is judged was a drop, too.
    dropped: bool,
}

impl Kept for Series {
    fn bytes(&self) -> usize {
        let open = self.open.iter().map(|open| {
            let first = open.first.as_ref().map_or(0, |e| e.raw.len() + e.id.len() + 64);
            size_of::<Open>() + first + open.distinct.as_ref().map_or(0, Distinct::bytes)
        });
        size_of::<Series>() + self.history.bytes() + open.sum::<usize>()
    }

    fn is_established(&self) -> bool {
        self.history.len() > 1
    }
}

/// What one rule remembers.
#[derive(Debug)]
pub(super) struct Levels {
    pub shelf: Shelf<Series>,
    /// Keys by the hours that they have open.
    waiting: BTreeMap<i64, BTreeSet<Box<str>>>,
    /// `volume`: the last hour that was judged.
    pub judged: Option<i64>,
    /// Keys whose history has changed since the last checkpoint.
    pub closed: BTreeSet<Box<str>>,
}

/// When no record of an hour can come any more.
fn closes(hour: i64) -> Timestamp {
    let end = Timestamp::from_second(hour.saturating_add(1).saturating_mul(3_600)).unwrap_or(Timestamp::MAX);
    end.saturating_add(ALLOWED_LATENESS).unwrap_or(Timestamp::MAX)
}

impl Levels {
    pub fn new(bytes: usize) -> Levels {
        Levels { shelf: Shelf::new(bytes), waiting: BTreeMap::new(), judged: None, closed: BTreeSet::new() }
    }

    /// Counts records of a key.
    pub fn count(&mut self, spec: &Spec, seen: &Sighting<'_>, minute: i64) {
        let hash = (spec.kind == Kind::FanOut).then(|| value_hash([seen.value].into_iter()));
        let added = self.shelf.touch(
            &seen.key,
            minute,
            || Series::new(seen.hour),
            |series| {
                let open = series.open(seen.hour, seen.at);
                open.amount += seen.amount;
                open.count += seen.count;
                open.last = open.last.max(seen.last);
                if let Some(hash) = hash {
                    open.distinct.get_or_insert_default().add(hash);
                }
                let first = open.first.as_ref();
                if first.is_none_or(|first| (seen.at, seen.raw) < (open.at, first.raw.as_bytes())) {
                    (open.at, open.first) = (seen.at, Some(seen.evidence()));
                }
            },
        );
        self.wait(added.is_some(), seen.hour, &seen.key);
    }

    /// Counts all records of a source.
    pub fn count_source(&mut self, key: &str, hour: i64, lines: u64, minute: i64) {
        let at = Timestamp::from_second(hour * 3_600).unwrap_or(Timestamp::MIN);
        let added = self.shelf.touch(
            key,
            minute,
            || Series::new(hour),
            |series| {
                let open = series.open(hour, at);
                open.amount += lines as f64;
                open.count += lines;
            },
        );
        self.judged = self.judged.or(Some(hour - 1));
        self.wait(added.is_some(), hour, key);
    }

    fn wait(&mut self, added: bool, hour: i64, key: &str) {
        if added {
            self.shelf.changed.insert(key.into());
            let keys = self.waiting.entry(hour).or_default();
            if !keys.contains(key) {
                keys.insert(key.into());
            }
        }
    }

    /// When the next hour is judged.
    pub fn next_due(&self, kind: Kind) -> Option<Timestamp> {
        let hour = match kind {
            Kind::Volume => self.judged.filter(|_| self.shelf.len() > 0).map(|hour| hour + 1),
            _ => self.waiting.keys().next().copied(),
        };
        hour.map(closes)
    }

    /// Judges the hours that are over.
    pub fn tick(&mut self, spec: &Spec, now: Timestamp, out: &mut Vec<Finding>) {
        while let Some(due) = self.next_due(spec.kind)
            && due <= now
        {
            let hour = due.as_second() / 3_600 - 1;
            match spec.kind {
                Kind::Volume => self.judge_sources(spec, hour, out),
                _ => self.judge(spec, hour, out),
            }
        }
        self.shelf.trim();
    }

    fn judge(&mut self, spec: &Spec, hour: i64, out: &mut Vec<Finding>) {
        for key in self.waiting.remove(&hour).unwrap_or_default() {
            let finding = self.shelf.change(&key, None, |series| series.judge(spec, &key, hour));
            out.extend(finding.flatten());
            self.close(key);
        }
    }

    /// Both rows of the key have changed.
    fn close(&mut self, key: Box<str>) {
        self.shelf.changed.insert((&*key).into());
        self.closed.insert(key);
    }

    /// Judges one hour of all sources, of those that sent nothing, too. Where most of those that have a rhythm dropped at
    /// once, it was not they: a restart, a network, a switch.
    fn judge_sources(&mut self, spec: &Spec, hour: i64, out: &mut Vec<Finding>) {
        self.judged = Some(hour);
        self.waiting.remove(&hour);
        let mut keys: Vec<Box<str>> = self.shelf.iter().map(|(key, _)| Box::from(&**key)).collect();
        keys.sort_unstable();
        let (mut with_rhythm, mut dropped, mut gone) = (0, 0, Vec::new());
        let mut drops = Vec::new();
        for key in keys {
            let Some(series) = self.shelf.get(&key) else { continue };
            if series.open.is_empty() && series.history.last().is_none_or(|last| hour - last > MEMORY) {
                gone.push(key);
                continue;
            }
            let (rhythm, drop) = series.drop_at(spec, &key, hour);
            with_rhythm += usize::from(rhythm);
            dropped += usize::from(drop.is_some());
            let was_dropped = series.dropped;
            let is_open = series.open.iter().any(|open| open.hour == hour);
            if is_open || was_dropped != drop.is_some() {
                let flood = self.shelf.change(&key, None, |series| {
                    series.dropped = drop.is_some();
                    series.judge(spec, &key, hour)
                });
                out.extend(flood.flatten());
                self.close(key);
            }
            drops.extend(drop.filter(|_| was_dropped));
        }
        if dropped * 2 <= with_rhythm {
            out.extend(drops);
        }
        for key in gone {
            self.shelf.remove(&key);
            self.close(key);
        }
    }

    /// Takes up a key from a checkpoint: its history, its open hours, when it was last touched.
    pub fn restore(&mut self, key: &str, history: Option<Past>, now: Option<Present>) {
        let minute = now.as_ref().map_or(0, |now| now.minute).max(self.shelf.minute(key));
        let mut series = self.shelf.get(key).cloned().unwrap_or_else(|| Series::new(i64::MAX));
        if let Some(Past { history, dropped }) = history {
            (series.history, series.dropped) = (history, dropped);
        }
        if let Some(present) = now {
            series.history.since = series.history.since.min(present.since);
            series.open = present.open;
        }
        for open in &series.open {
            self.waiting.entry(open.hour).or_default().insert(key.into());
        }
        self.shelf.insert(key, minute, series);
    }

    /// What a checkpoint keeps of a key.
    pub fn rows(&self, key: &str) -> (Option<Past>, Option<Present>) {
        let Some(series) = self.shelf.get(key) else { return (None, None) };
        let past = (series.history.len() > 0 || series.dropped)
            .then(|| Past { history: series.history.clone(), dropped: series.dropped });
        let (since, minute) = (series.history.since, self.shelf.minute(key));
        (past, Some(Present { since, minute, open: series.open.clone() }))
    }
}

/// The row of a key that changes once an hour.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Past {
    pub history: History,
    dropped: bool,
}

/// The row of a key that changes with its records.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Present {
    since: i64,
    minute: i64,
    open: Vec<Open>,
}

impl Series {
    fn new(hour: i64) -> Series {
        Series { history: History::since(hour), open: Vec::new(), dropped: false }
    }

    fn open(&mut self, hour: i64, at: Timestamp) -> &mut Open {
        self.history.since = self.history.since.min(hour);
        let place = match self.open.iter().position(|open| open.hour == hour) {
            Some(place) => place,
            None => {
                self.open.push(Open { hour, amount: 0.0, count: 0, distinct: None, at, last: at, first: None });
                self.open.len() - 1
            }
        };
        &mut self.open[place]
    }

    /// The figure of an hour that is not over.
    pub fn running(&self, hour: i64) -> f64 {
        self.open.iter().find(|open| open.hour == hour).map_or(0.0, Open::figure)
    }

    /// Closes an hour; what it is worth a word for.
    fn judge(&mut self, spec: &Spec, key: &str, hour: i64) -> Option<Finding> {
        let open = self.open.swap_remove(self.open.iter().position(|open| open.hour == hour)?);
        let figure = open.figure();
        let usual = (figure >= spec.at_least).then(|| self.history.usual(hour, spec.factor)).flatten();
        self.history.close(hour, figure);
        let usual = usual.filter(|usual| figure > usual.bound)?;
        let strong = spec.raise_at.is_some_and(|raise| figure > usual.bound * raise);
        let (first, last) = match spec.kind {
            Kind::Volume => hour_span(hour),
            _ => (open.at, open.last),
        };
        let figures = Figures { count: figure, usual: usual_words(&usual), values: Vec::new() };
        Some(Finding { key: key.into(), hour, count: open.count, first, last, evidence: open.first, strong, figures })
    }

    /// Whether the source has a rhythm at this hour, and whether the hour fell far below it.
    fn drop_at(&self, spec: &Spec, key: &str, hour: i64) -> (bool, Option<Finding>) {
        let usual = self.history.usual(hour, spec.factor).filter(|u| u.same_hour && u.low >= MIN_RHYTHM);
        let Some(usual) = usual else { return (false, None) };
        let figure = self.running(hour);
        if figure * DROP >= usual.low {
            return (true, None);
        }
        let (first, last) = hour_span(hour);
        let figures = Figures { count: figure, usual: usual_words(&usual), values: Vec::new() };
        let count = figure as u64;
        let finding = Finding { key: key.into(), hour, count, first, last, evidence: None, strong: false, figures };
        (true, Some(finding))
    }
}

impl Open {
    fn figure(&self) -> f64 {
        self.distinct.as_ref().map_or(self.amount, Distinct::count)
    }
}

fn hour_span(hour: i64) -> (Timestamp, Timestamp) {
    let at = |second| Timestamp::from_second(second).unwrap_or_default();
    (at(hour * 3_600), at(hour * 3_600 + 3_599))
}

/// `the same hour of the last 4 weeks: 9 to 31`
pub(super) fn usual_words(usual: &Usual) -> String {
    let (low, high) = (usual.low.round(), usual.high.round());
    match (usual.same_hour, usual.days) {
        (true, days) if days >= MEMORY / 24 => format!("the same hour of the last 4 weeks: {low} to {high}"),
        (true, days) => format!("the same hour of the last {days} days: {low} to {high}"),
        (false, 1) => format!("in the day before no hour had more than {high}"),
        (false, days) => format!("in the {days} days before no hour had more than {high}"),
    }
}
