//! What a correlation remembers of one key: its matches of late, in the order of event time.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    condition::Condition,
    correlation::{Correlation, Kind, Threshold},
    figure::joined,
};
use crate::Evidence;

/// How much later than its successors a record may arrive and still take its place in a window: 10 minutes.
pub const ALLOWED_LATENESS: SignedDuration = SignedDuration::from_secs(600);

/// A window holds this many matches, and [`PER_COUNT`] for each that the correlation counts.
const MIN_CAPACITY: usize = 64;

/// Room in a window for each match that the correlation counts, so that late ones find their place.
const PER_COUNT: usize = 4;

/// A window of numbers holds this many: beyond it, numbers to be added up are joined, and others are left out.
const MAX_NUMBERS: usize = 1_024;

/// Most matches of a window that keep their raw record.
const MAX_QUOTED: usize = 64;

/// A match as correlations and alerts remember it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sighting {
    /// Event time.
    pub at: Timestamp,
    /// What is counted: a hash of the counted value, or the place of the rule in the correlation.
    pub tag: u64,
    pub evidence: Arc<Evidence>,
    /// The event's number: the same event can come by itself and through another correlation.
    pub record: u64,
    /// The assets that it is about.
    pub hosts: Vec<String>,
    /// Values of the fields that the rule's sentence names.
    pub seen: Vec<Option<String>>,
}

/// The matches of one key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Window {
    entries: VecDeque<Sighting>,
    /// Matches that found no room and are only counted.
    dropped: u64,
    /// When the last match arrived.
    pub touched: Timestamp,
    /// Its turn, for eviction.
    pub turn: u64,
    /// When it closes, where its correlation waits for that.
    pub closing: Option<Timestamp>,
}

/// The matches that met a correlation, as places in the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Met {
    pub start: usize,
    pub end: usize,
}

impl Window {
    /// Puts a match in its place; matches of the same time keep the order of arrival. Returns the place.
    pub fn insert(&mut self, sighting: Sighting, correlation: &Correlation) -> usize {
        let newest = self.entries.back().map_or(sighting.at, |e| e.at.max(sighting.at));
        let mut place = self.entries.partition_point(|e| e.at <= sighting.at);
        self.entries.insert(place, sighting);
        let oldest = newest.saturating_sub(correlation.span() + ALLOWED_LATENESS).unwrap_or(Timestamp::MIN);
        while place > 0 && !correlation.waits() && self.entries.front().is_some_and(|e| e.at < oldest) {
            self.entries.pop_front();
            place -= 1;
        }
        if self.entries.len() > correlation.capacity() {
            let victim = self.victim(correlation);
            if let Some(gone) = self.entries.remove(victim) {
                self.entries[0].tag = joined(&correlation.kind, self.entries[0].tag, gone.tag);
            }
            self.dropped += 1;
            place -= usize::from(victim < place);
        }
        self.thin_quotes();
        place.min(self.entries.len() - 1)
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
            Arc::make_mut(&mut self.entries[middle].evidence).raw = String::new();
        }
    }

    pub fn entries(&self) -> &VecDeque<Sighting> {
        &self.entries
    }

    /// The earliest matches that meet the correlation, among windows that end at `from` or later and hold it.
    pub fn met(&self, correlation: &Correlation, from: usize) -> Option<Met> {
        let span = correlation.span();
        let until = self.entries.get(from)?.at.saturating_add(span).ok()?;
        (from..self.entries.len()).take_while(|&end| self.entries[end].at <= until).find_map(|end| {
            let oldest = self.entries[end].at.saturating_sub(span).ok()?;
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
    pub fn closes(&self, correlation: &Correlation) -> Option<Timestamp> {
        self.entries.front()?.at.saturating_add(correlation.span() + ALLOWED_LATENESS).ok()
    }

    /// Closes the oldest match's window: the matches in it, and whether they meet the correlation.
    pub fn close(&mut self, correlation: &Correlation) -> (Vec<Sighting>, bool) {
        let Some(first) = self.entries.front() else { return (Vec::new(), false) };
        let until = first.at.saturating_add(correlation.span()).unwrap_or(Timestamp::MAX);
        let end = self.entries.partition_point(|e| e.at <= until);
        let closed: Vec<Sighting> = self.entries.drain(..end).collect();
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
    pub fn span(&self) -> SignedDuration {
        SignedDuration::from_secs(self.timespan)
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
