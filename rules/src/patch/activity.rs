//! How much an asset says, and how much of it complains: what "its logs flow" and "unusual" are measured against.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    fact::Quote,
    patterns::Rate,
    window::{BASELINE, Frame, MAX_WINDOWS, Window},
};
use crate::alert::value_hash;

/// Most error templates kept per asset; later ones are not told apart any more.
pub const MAX_TEMPLATES: usize = 256;
/// Up to this many records of a template are told apart, so that a record that comes twice counts once.
pub const MAX_DISTINCT: usize = 256;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// What of one template of error lines has been seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Template {
    /// Event time of the earliest.
    pub first: Timestamp,
    /// How many, at least.
    pub hits: u64,
    /// Digests of their ids, and their hours.
    seen: BTreeMap<u64, i64>,
    hours: BTreeMap<i64, u64>,
    /// One of them.
    pub sample: Arc<Quote>,
}

impl Template {
    /// The first line of its kind.
    pub fn new(at: Timestamp, sample: Arc<Quote>) -> Self {
        let hour = at.as_second().div_euclid(HOUR);
        let (seen, hours) = (BTreeMap::from([(value_hash([sample.id.as_bytes()].into_iter()), hour)]), [(hour, 1)]);
        Template { first: at, hits: 1, seen, hours: hours.into(), sample }
    }

    /// The same template, seen elsewhere. Records that are known already do not count again.
    pub fn merge(&mut self, other: Template) {
        // What is too much to be told apart counts as new.
        let untold = other.hits.saturating_sub(other.seen.len() as u64);
        if let Some(hour) = other.hours.keys().next().copied().filter(|_| untold > 0) {
            *self.hours.entry(hour).or_default() += untold;
            self.hits += untold;
        }
        for (id, hour) in other.seen {
            if self.seen.insert(id, hour).is_none() {
                *self.hours.entry(hour).or_default() += 1;
                self.hits += 1;
            }
        }
        while self.seen.len() > MAX_DISTINCT {
            self.seen.pop_last();
        }
        if other.first < self.first {
            (self.first, self.sample) = (other.first, other.sample);
        }
    }
}

/// Counts of an asset by its own clock.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Activity {
    /// One bit per minute in which there was a record, 24 hours per entry.
    days: BTreeMap<i64, Vec<u64>>,
    /// Records, errors and a sample's id per hour.
    hours: BTreeMap<i64, Hour>,
    /// Error lines by template.
    pub templates: BTreeMap<String, Template>,
    /// What applications said in their own words, by probe and hour.
    #[serde(default)]
    pub rates: BTreeMap<String, BTreeMap<i64, Rate>>,
    /// Newest and longest gap per log that must come.
    pub logs: BTreeMap<String, LogSeen>,
    /// Days before this one, counted from 1970, have been dropped.
    #[serde(default)]
    horizon: Option<i64>,
    /// What was said about instants whose activity has been dropped at least in part.
    #[serde(default)]
    kept: BTreeMap<Timestamp, Window>,
}

/// An hour with more errors than the same hour of the days before lets expect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spike {
    /// When it began.
    pub hour: Timestamp,
    /// Its errors.
    pub errors: u64,
    /// So many are usual at most.
    pub limit: u64,
    /// Its errors by template.
    pub templates: BTreeMap<String, u64>,
    /// Evidence id of a record of it.
    pub sample: String,
}

/// One hour of an asset.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Hour {
    records: u64,
    errors: u64,
    /// Evidence id of the first record that came in.
    sample: String,
}

/// When a log was seen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LogSeen {
    /// Its newest record, in receive time.
    pub last: Option<Timestamp>,
    /// Its longest pause, in seconds.
    pub longest_gap: i64,
    /// Days on which it was seen, up to four.
    pub days: BTreeSet<i64>,
}

impl LogSeen {
    /// Notes a record.
    pub fn note(&mut self, at: Timestamp) {
        if let Some(last) = self.last {
            self.longest_gap = self.longest_gap.max(at.as_second() - last.as_second());
        }
        self.last = self.last.max(Some(at));
        if self.days.len() < 4 {
            self.days.insert(at.as_second().div_euclid(DAY));
        }
    }
}

impl Activity {
    /// Notes so many records, and errors among them, in the minute of this time, with the id of one of them. What comes
    /// for a day that has been dropped is too late.
    pub fn note(&mut self, at: Timestamp, records: u64, errors: u64, sample: &str) {
        let second = at.as_second();
        if self.horizon.is_some_and(|day| second < day * DAY) {
            return;
        }
        let minute = second.rem_euclid(DAY) / MINUTE;
        let bits = self.days.entry(second.div_euclid(DAY)).or_insert_with(|| vec![0; 23]);
        bits[(minute / 64) as usize] |= 1 << (minute % 64);
        let hour = self.hours.entry(second.div_euclid(HOUR)).or_default();
        hour.records += records;
        hour.errors += errors;
        if hour.sample.is_empty() {
            sample.clone_into(&mut hour.sample);
        }
    }

    /// What is said about an instant; `None` where that time has been dropped before anybody asked.
    pub fn window(&self, from: Timestamp, frame: Frame) -> Option<Window> {
        let gone = self.horizon.is_some_and(|day| from.as_second() < day * DAY);
        let fresh = || (!gone).then(|| Window::measure(self, from, frame));
        self.kept.get(&from).cloned().or_else(fresh)
    }

    /// Whether there are days to drop.
    pub fn overflows(&self, frame: Frame) -> bool {
        self.days.len() > frame.days()
    }

    /// Drops the days that are too many, the oldest first, and keeps what they say about the instants that matter.
    pub fn forget(&mut self, asked: &BTreeSet<Timestamp>, frame: Frame) {
        let surplus = self.days.len().saturating_sub(frame.days());
        let Some(horizon) = self.days.keys().nth(surplus).copied().filter(|_| surplus > 0) else { return };
        for from in asked.iter().filter(|from| BASELINE.before(**from).as_second() < horizon * DAY) {
            if let Some(window) = self.window(*from, frame) {
                self.kept.insert(*from, window);
            }
        }
        self.kept.retain(|from, _| asked.contains(from));
        while self.kept.len() > MAX_WINDOWS {
            self.kept.pop_first();
        }
        self.days = self.days.split_off(&horizon);
        self.hours = self.hours.split_off(&(horizon * 24));
        for template in self.templates.values_mut() {
            template.hours = template.hours.split_off(&(horizon * 24));
        }
        for hours in self.rates.values_mut() {
            *hours = hours.split_off(&(horizon * 24));
        }
        self.horizon = Some(horizon);
    }

    /// Notes error lines of one template.
    pub fn complain(&mut self, template: String, seen: Template) {
        if let Some(known) = self.templates.get_mut(&template) {
            known.merge(seen);
        } else if self.templates.len() < MAX_TEMPLATES {
            self.templates.insert(template, seen);
        }
    }

    /// The first minute with a record that lies wholly after `from` and not after `to`.
    pub fn alive_between(&self, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        self.minutes(from.as_second().div_euclid(MINUTE) + 1, to.as_second().div_euclid(MINUTE)).next()
    }

    /// The longest time without a record between two times, in seconds, minutes counting as seen from their start.
    pub fn longest_pause(&self, from: Timestamp, to: Timestamp) -> i64 {
        let (mut last, mut longest) = (from.as_second(), 0);
        for minute in self.minutes(from.as_second().div_euclid(MINUTE) + 1, to.as_second().div_euclid(MINUTE)) {
            longest = longest.max(minute.as_second() - last);
            last = minute.as_second();
        }
        longest.max(to.as_second() - last)
    }

    fn minutes(&self, from: i64, to: i64) -> impl Iterator<Item = Timestamp> + '_ {
        let per_day = DAY / MINUTE;
        self.days.range(from.div_euclid(per_day)..=to.div_euclid(per_day).max(from.div_euclid(per_day))).flat_map(
            move |(day, bits)| {
                (0..per_day).filter_map(move |m| {
                    let minute = day * per_day + m;
                    let set = bits[(m / 64) as usize] >> (m % 64) & 1 == 1;
                    (set && minute >= from && minute <= to).then(|| Timestamp::from_second(minute * MINUTE).ok())?
                })
            },
        )
    }

    /// Records between two times, by whole hours.
    pub fn records(&self, from: Timestamp, to: Timestamp) -> u64 {
        let (from, to) = (from.as_second().div_euclid(HOUR), to.as_second().div_euclid(HOUR));
        self.hours.range(from..=to.max(from)).map(|(_, hour)| hour.records).sum()
    }

    /// Ids of a record early and one late between two times, by whole hours.
    pub fn samples(&self, from: Timestamp, to: Timestamp) -> Vec<String> {
        let (from, to) = (from.as_second().div_euclid(HOUR), to.as_second().div_euclid(HOUR));
        let inside = || self.hours.range(from..=to.max(from)).map(|(_, hour)| &hour.sample);
        let mut ids: Vec<String> = inside().next().into_iter().chain(inside().next_back()).cloned().collect();
        ids.dedup();
        ids
    }

    /// Since when there are counts.
    pub fn since(&self) -> Option<Timestamp> {
        self.hours.first_key_value().and_then(|(hour, _)| Timestamp::from_second(hour * HOUR).ok())
    }

    /// The errors of an hour: each record once, as far as they can be told apart.
    fn errors(&self, hour: i64) -> u64 {
        let counted = self.hours.get(&hour).map_or(0, |hour| hour.errors);
        let told_apart: u64 = self.templates.values().filter_map(|template| template.hours.get(&hour)).sum();
        if told_apart > 0 && self.templates.len() < MAX_TEMPLATES { counted.min(told_apart) } else { counted }
    }

    /// The hours between two times in which more errors came than the same hour of the days before lets expect. With a
    /// baseline near zero the limit is `max(4, mean + 3·√mean)`.
    pub fn error_spikes(&self, from: Timestamp, to: Timestamp) -> Vec<Spike> {
        let (first, last) = (from.as_second().div_euclid(HOUR) + 1, to.as_second().div_euclid(HOUR));
        let since = self.hours.first_key_value().map_or(first, |(h, _)| *h);
        let spike = |(number, hour): (&i64, &Hour)| {
            let past: Vec<i64> = (1..=7).map(|d| number - d * 24).filter(|h| *h >= since && *h < first).collect();
            if past.is_empty() {
                return None;
            }
            let total: u64 = past.iter().map(|hour| self.errors(*hour)).sum();
            let mean = total as f64 / past.len() as f64;
            let limit = (mean + 3.0 * mean.sqrt()).max(4.0) as u64;
            let templates = self.templates.iter().filter_map(|(name, t)| Some((name.clone(), *t.hours.get(number)?)));
            let start = Timestamp::from_second(number * HOUR).ok()?;
            let errors = self.errors(*number);
            (errors > limit).then(|| Spike {
                hour: start,
                errors,
                limit,
                templates: templates.collect(),
                sample: hour.sample.clone(),
            })
        };
        self.hours.range(first..last.max(first)).filter_map(spike).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::Duration;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-22T{text}Z").parse().unwrap()
    }

    #[test]
    fn a_sign_of_life_is_a_record_in_a_later_minute() {
        let mut activity = Activity::default();
        activity.note(at("02:01:30"), 1, 0, "");
        assert_eq!(activity.alive_between(at("02:01:00"), at("03:00:00")), None);
        activity.note(at("02:05:10"), 3, 0, "");
        assert_eq!(activity.alive_between(at("02:01:00"), at("03:00:00")), Some(at("02:05:00")));
        assert_eq!(activity.alive_between(at("02:05:00"), at("03:00:00")), None);
        assert_eq!(activity.longest_pause(at("02:01:00"), at("02:31:00")), 26 * 60);
    }

    #[test]
    fn errors_are_measured_against_the_same_hour_of_the_days_before() {
        let mut activity = Activity::default();
        let hour = |day: i64, hour: i64| Timestamp::from_second((20_000 + day) * DAY + hour * HOUR).unwrap();
        for day in 0..3 {
            activity.note(hour(day, 5), 100, 9, "");
        }
        activity.note(hour(3, 5), 100, 18, "");
        assert_eq!(activity.error_spikes(hour(3, 1), hour(4, 1)), []);
        activity.note(hour(3, 5), 1, 1, "");
        let spikes = activity.error_spikes(hour(3, 1), hour(4, 1));
        assert_eq!(spikes.iter().map(|s| (s.hour, s.errors, s.limit)).collect::<Vec<_>>(), [(hour(3, 5), 19, 18)]);
    }

    #[test]
    fn what_has_been_asked_keeps_its_answer_and_nothing_else_is_kept() {
        let frame = Frame { health: Duration::minutes(30), soak: Duration::hours(24) };
        let hour = |hour: i64| Timestamp::from_second(20_000 * DAY + hour * HOUR).unwrap();
        let mut activity = Activity::default();
        let asked = BTreeSet::from([hour(4 * 24 + 7)]);
        let mut before = None;
        for number in 0..60 * 24 {
            activity.note(hour(number), 1, 0, &number.to_string());
            if number == 7 * 24 {
                before = activity.window(hour(4 * 24 + 7), frame);
            }
            activity.forget(&asked, frame);
        }
        let (before, after) = (before.unwrap(), activity.window(hour(4 * 24 + 7), frame).unwrap());
        assert_eq!((before.alive, before.pause, before.before), (after.alive, after.pause, after.before));
        assert_eq!((before.records, before.samples, before.since), (after.records, after.samples, after.since));
        assert!(activity.window(hour(4 * 24 + 8), frame).is_none(), "nobody asked in time");
        activity.note(hour(4 * 24 + 9), 1, 0, "much too late");
        assert_eq!((activity.days.len(), activity.hours.len()), (frame.days(), frame.days() * 24));
        activity.forget(&BTreeSet::new(), frame);
        activity.note(hour(60 * 24), 1, 0, "");
        activity.forget(&BTreeSet::new(), frame);
        assert!(activity.kept.is_empty());
    }

    #[test]
    fn a_line_that_comes_twice_counts_once_in_its_template() {
        let quote = |n: u32| {
            Arc::new(Quote { id: n.to_string(), received: at("01:00:00"), host: None, trust: 3, raw: String::new() })
        };
        let mut activity = Activity::default();
        for n in [1, 2, 2, 1, 3] {
            activity.complain("x failed".into(), Template::new(at("01:00:00"), quote(n)));
        }
        assert_eq!(activity.templates["x failed"].hits, 3);
    }
}
