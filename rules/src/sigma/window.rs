//! What a correlation remembers of one key: its matches of late, in the order of event time.

use std::collections::{HashSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::{
    condition::Condition,
    correlation::{Correlation, Kind, Threshold},
    figure::joined,
    instant::{Nanos, SECOND},
    quote::Quote,
};

/// A window holds this many matches, and [`PER_COUNT`] for each that the correlation counts.
const MIN_CAPACITY: usize = 64;

/// Room in a window for each match that the correlation counts, so that late ones find their place.
const PER_COUNT: usize = 4;

/// A window of numbers holds this many: beyond it, numbers to be added up are joined, and others are left out.
const MAX_NUMBERS: usize = 1_024;

/// So many of the oldest matches are looked at first for one that is not missed.
const NEAR_FRONT: usize = 8;

/// Most matches of a window that keep their raw record.
const MAX_QUOTED: usize = 64;

/// A match as correlations and alerts remember it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sighting {
    /// Event time.
    pub at: Nanos,
    /// What is counted: a hash of the counted value, or the place of the rule in the correlation.
    pub tag: u64,
    /// The event's number: the same event can come by itself and through another correlation. Zero: it is not known.
    pub record: u64,
    /// The detection rule that saw the event.
    #[serde(skip, default = "no_rule")]
    pub leaf: u32,
    /// What the quoted event takes in memory, shared among those that remember it.
    pub bytes: u32,
    pub quote: Quote,
}

fn no_rule() -> u32 {
    u32::MAX
}

/// A group's values in the order in which the correlation names its fields.
pub(super) type Values = Box<[Option<Box<str>>]>;

/// The matches of one key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Window {
    pub values: Values,
    entries: VecDeque<Sighting>,
    /// Matches that found no room and are only counted.
    dropped: u64,
    /// When the last match arrived.
    pub touched: Nanos,
    /// When it closes, where its correlation waits for that.
    pub closing: Option<Nanos>,
    /// What the quoted events take in memory.
    quoted: usize,
}

/// The matches that met a correlation, as places in the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Met {
    pub start: usize,
    pub end: usize,
}

impl Window {
    /// An empty one.
    pub fn of(values: Values) -> Window {
        Window { values, ..Window::default() }
    }

    /// What it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let values: usize = self.values.iter().map(|v| v.as_ref().map_or(0, |v| v.len()) + 32).sum();
        self.entries.capacity() * size_of::<Sighting>() + self.quoted + values
    }

    /// Puts a match in its place; matches of the same time keep the order of arrival. Returns the place.
    pub fn insert(&mut self, sighting: Sighting, correlation: &Correlation, lateness: Nanos) -> usize {
        let newest = self.entries.back().map_or(sighting.at, |e| e.at.max(sighting.at));
        let mut place = match self.entries.back() {
            Some(back) if back.at > sighting.at => self.entries.partition_point(|e| e.at <= sighting.at),
            _ => self.entries.len(),
        };
        self.quoted += sighting.bytes as usize;
        self.entries.insert(place, sighting);
        let oldest = newest.saturating_sub(correlation.span().saturating_add(lateness));
        while place > 0 && !correlation.waits() && self.entries.front().is_some_and(|e| e.at < oldest) {
            self.forget(0);
            place -= 1;
        }
        if self.entries.len() > correlation.capacity() {
            let victim = self.victim(correlation);
            if let Some(gone) = self.forget(victim) {
                self.entries[0].tag = joined(&correlation.kind, self.entries[0].tag, gone.tag);
            }
            self.dropped += 1;
            place -= usize::from(victim < place);
        }
        self.thin_quotes();
        place.min(self.entries.len() - 1)
    }

    fn forget(&mut self, place: usize) -> Option<Sighting> {
        let gone = self.entries.remove(place)?;
        self.quoted = self.quoted.saturating_sub(gone.bytes as usize);
        Some(gone)
    }

    /// The match that is missed least: one whose value or rule occurs again later, so that a flood of one value pushes
    /// no other out.
    fn victim(&self, correlation: &Correlation) -> usize {
        match correlation.kind {
            Kind::EventCount => return 0,
            // the oldest number stays: its time decides when the window closes
            Kind::Value(..) => return 1,
            _ => {}
        }
        // in a flood of one value, one of the oldest has it
        let occurs_later = |at: &usize| self.entries.range(at + 1..).any(|later| later.tag == self.entries[*at].tag);
        if let Some(victim) = (0..self.entries.len().min(NEAR_FRONT)).find(occurs_later) {
            return victim;
        }
        let mut later = HashSet::new();
        let mut victim = 0;
        for (at, entry) in self.entries.iter().enumerate().rev() {
            if !later.insert(entry.tag) {
                victim = at;
            }
        }
        victim
    }

    /// Long windows keep the raw records of their ends only.
    fn thin_quotes(&mut self) {
        if self.entries.len() > MAX_QUOTED {
            let middle = self.entries.len() - MAX_QUOTED / 2;
            let entry = &mut self.entries[middle];
            self.quoted = self.quoted.saturating_sub(entry.bytes as usize);
            (entry.bytes, entry.quote) = (0, Quote::Nothing);
        }
    }

    pub fn entries(&self) -> &VecDeque<Sighting> {
        &self.entries
    }

    /// Its matches, to have their quotes worked out.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = &mut Sighting> {
        self.entries.iter_mut()
    }

    /// The earliest matches that meet the correlation, among windows that end at `from` or later and hold it.
    pub fn met(&self, correlation: &Correlation, from: usize) -> Option<Met> {
        let span = correlation.span();
        if (self.entries.len() as u64) < correlation.needed() {
            return None;
        }
        let until = self.entries.get(from)?.at.saturating_add(span);
        (from..self.entries.len()).take_while(|&end| self.entries[end].at <= until).find_map(|end| {
            let oldest = self.entries[end].at.saturating_sub(span);
            let start = self.entries.partition_point(|e| e.at < oldest);
            let start = start + self.holds(correlation, start, end)?;
            Some(Met { start, end })
        })
    }

    /// Whether these matches meet the correlation; where the first that counts stands after `start`.
    fn holds(&self, correlation: &Correlation, start: usize, end: usize) -> Option<usize> {
        let tags = || self.entries.range(start..=end).map(|e| e.tag);
        let met = match (&correlation.kind, &correlation.threshold) {
            (Kind::TemporalOrdered, Threshold::Count(_)) => return in_order(tags(), correlation.rules.len()),
            (Kind::TemporalOrdered, Threshold::Rules(condition)) => {
                return correlation.in_listed_order(condition, &tags().collect::<Vec<_>>());
            }
            (Kind::EventCount, Threshold::Count(_)) => correlation.within((end - start + 1) as f64),
            (_, Threshold::Count(_)) => correlation.within(correlation.figure(tags())),
            (_, Threshold::Rules(condition)) => {
                let present: HashSet<u64> = tags().collect();
                correlation.meets(condition, &|place| present.contains(&(place as u64)))
            }
        };
        met.then_some(0)
    }

    /// For correlations that can be judged only when their time is over: when the oldest match's window closes.
    pub fn closes(&self, correlation: &Correlation, lateness: Nanos) -> Option<Nanos> {
        Some(self.entries.front()?.at.saturating_add(correlation.span()).saturating_add(lateness))
    }

    /// Closes the oldest match's window: the matches in it, and whether they meet the correlation.
    pub fn close(&mut self, correlation: &Correlation) -> (Vec<Sighting>, bool) {
        let Some(first) = self.entries.front() else { return (Vec::new(), false) };
        let until = first.at.saturating_add(correlation.span());
        let end = self.entries.partition_point(|e| e.at <= until);
        let closed: Vec<Sighting> = self.entries.drain(..end).collect();
        self.quoted = self.quoted.saturating_sub(closed.iter().map(|e| e.bytes as usize).sum());
        let dropped = std::mem::take(&mut self.dropped);
        let tags = || closed.iter().map(|e| e.tag);
        let met = match (&correlation.threshold, &correlation.kind) {
            (Threshold::Count(_), Kind::EventCount) => correlation.within((closed.len() as u64 + dropped) as f64),
            (Threshold::Count(_), _) => correlation.within(correlation.figure(tags())),
            (Threshold::Rules(condition), Kind::TemporalOrdered) => {
                correlation.in_listed_order(condition, &tags().collect::<Vec<_>>()).is_some()
            }
            (Threshold::Rules(condition), _) => {
                correlation.meets(condition, &|place| tags().any(|t| t == place as u64))
            }
        };
        (closed, met)
    }
}

/// Where rule 0 stands, if rules 0, 1, … follow one another.
fn in_order(tags: impl Iterator<Item = u64>, rules: usize) -> Option<usize> {
    let (mut next, mut first) = (0, None);
    for (at, tag) in tags.enumerate() {
        if tag == next {
            first.get_or_insert(at);
            next += 1;
        }
        if next == rules as u64 {
            return first;
        }
    }
    None
}

impl Correlation {
    /// Its window.
    pub fn span(&self) -> Nanos {
        self.timespan.saturating_mul(SECOND)
    }

    /// With fewer matches it cannot be met.
    pub fn needed(&self) -> u64 {
        match (&self.threshold, &self.kind) {
            (Threshold::Count(_), Kind::EventCount | Kind::ValueCount(_) | Kind::Temporal) if !self.waits() => {
                self.counted().max(1)
            }
            _ => 1,
        }
    }

    fn capacity(&self) -> usize {
        if let Kind::Value(..) = self.kind {
            return MAX_NUMBERS;
        }
        usize::try_from(self.counted()).unwrap_or(usize::MAX).saturating_mul(PER_COUNT).saturating_add(MIN_CAPACITY)
    }

    /// An upper bound can be judged only when the window is over; a lower one as soon as it is reached.
    pub fn waits(&self) -> bool {
        match &self.threshold {
            Threshold::Count(_) => !self.grows(),
            Threshold::Rules(condition) => has_not(condition),
        }
    }

    fn meets(&self, condition: &Condition, present: &dyn Fn(usize) -> bool) -> bool {
        match condition {
            Condition::And(all) => all.iter().all(|c| self.meets(c, present)),
            Condition::Or(any) => any.iter().any(|c| self.meets(c, present)),
            Condition::Not(inner) => !self.meets(inner, present),
            Condition::Name(name) => self.names.iter().position(|n| n == name).is_some_and(present),
            Condition::Of { all: true, .. } => (0..self.names.len()).all(present),
            Condition::Of { .. } => (0..self.names.len()).any(present),
        }
    }
}

fn has_not(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(has_not),
        Condition::Not(_) => true,
        Condition::Name(_) | Condition::Of { .. } => false,
    }
}
