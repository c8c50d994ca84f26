//! What a key never had: a value, or a kind of message.
//!
//! A key is settled when it was seen on several days and nothing new has appeared for the learning time: only then is
//! something new worth a word. Whoever does new things every day is never settled, and never speaks. New values wait until
//! no earlier record can come any more, and are judged in the order of their times.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    finding::{Figures, Finding},
    shelf::{Kept, Shelf},
    sighting::{SEPARATOR, Sighting, hour_of},
    spec::{Kind, Spec},
    template,
};
use crate::{Evidence, alert::value_hash, sigma::ALLOWED_LATENESS};

/// A key with more values than this is too varied to be told anything about.
pub(super) const MAX_VALUES: usize = 128;
/// Kinds of message that are remembered in words, for what is alike.
const MAX_TEMPLATES: usize = 64;
/// After so many days without it, a value makes room.
const FORGET_DAYS: i64 = 60;
/// After so many days a varied key begins anew.
const VARIED_DAYS: i64 = 30;
/// Most new values of a rule that wait to be judged; more are counted as evicted.
pub(super) const MAX_PENDING: usize = 10_000;
/// Begins the keys under which values themselves are known.
const VALUE: char = '\u{1e}';
const DAY: i64 = 86_400;

/// What is known of a key. Times are seconds of event time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    pub first: i64,
    /// When the last new value appeared.
    pub newest: i64,
    /// The last day with a record, and which of the 64 days up to it had one.
    day: i64,
    days: u64,
    /// Hashes of values and the last day of each, sorted.
    values: Vec<(u64, u32)>,
    /// Since when it has had too many.
    varied: Option<i64>,
    templates: Vec<Box<str>>,
}

/// A new value that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pending {
    at: Timestamp,
    last: Timestamp,
    count: u64,
    value: Box<str>,
    evidence: Evidence,
}

/// What one rule remembers.
#[derive(Debug)]
pub(super) struct Novelty {
    pub shelf: Shelf<Known>,
    pub pending: BTreeMap<(Box<str>, u64), Pending>,
    order: BTreeSet<(Timestamp, Box<str>, u64)>,
    /// Waiting values whose row has changed since the last checkpoint.
    pub moved: BTreeSet<(Box<str>, u64)>,
}

impl Kept for Known {
    fn bytes(&self) -> usize {
        let texts = self.templates.iter().map(|text| text.len() + size_of::<Box<str>>()).sum::<usize>();
        size_of::<Known>() + self.values.capacity() * size_of::<(u64, u32)>() + texts
    }

    fn is_established(&self) -> bool {
        self.days.count_ones() > 1
    }
}

impl Known {
    fn new(at: i64) -> Known {
        let day = at.div_euclid(DAY);
        Known { first: at, newest: at, day, days: 1, values: Vec::new(), varied: None, templates: Vec::new() }
    }

    /// Notes a record's day; whether that is news.
    fn note(&mut self, at: i64) -> bool {
        let before = (self.first, self.day, self.days);
        let day = at.div_euclid(DAY);
        self.first = self.first.min(at);
        if day > self.day {
            self.days =
                u32::try_from(day - self.day).ok().and_then(|ahead| self.days.checked_shl(ahead)).unwrap_or(0) | 1;
            self.day = day;
        } else if self.day - day < 64 {
            self.days |= 1 << (self.day - day);
        }
        before != (self.first, self.day, self.days)
    }

    /// On how many days before this time it was seen, of the last 64.
    fn days_before(&self, at: i64) -> u32 {
        let skipped = (self.day - at.div_euclid(DAY) + 1).max(0);
        u32::try_from(skipped).ok().and_then(|skipped| self.days.checked_shr(skipped)).unwrap_or(0).count_ones()
    }

    /// Whether a value is known; it is, as of this day.
    fn knows(&mut self, hash: u64, day: i64) -> Option<bool> {
        let at = self.values.binary_search_by_key(&hash, |(known, _)| *known).ok()?;
        let (last, day) = (&mut self.values[at].1, u32::try_from(day).unwrap_or(0));
        let news = day > *last;
        *last = day.max(*last);
        Some(news)
    }

    fn learn(&mut self, spec: &Spec, hash: u64, value: &str, at: i64) {
        if !self.is_variant(spec, value) {
            self.newest = self.newest.max(at);
            if spec.kind == Kind::NewTemplate && self.templates.len() < MAX_TEMPLATES {
                self.templates.push(value.into());
            }
        }
        let day = at.div_euclid(DAY);
        if self.values.len() >= MAX_VALUES {
            self.values.retain(|(_, last)| i64::from(*last) + FORGET_DAYS > day);
        }
        if self.values.len() >= MAX_VALUES {
            self.varied = Some(day);
            (self.values, self.templates) = (Vec::new(), Vec::new());
        } else if let Err(place) = self.values.binary_search_by_key(&hash, |(known, _)| *known) {
            self.values.insert(place, (hash, u32::try_from(day).unwrap_or(0)));
        }
    }

    /// It is of a kind of message that is known in other words.
    fn is_variant(&self, spec: &Spec, value: &str) -> bool {
        spec.kind == Kind::NewTemplate && self.templates.iter().any(|known| template::is_alike(known, value))
    }

    fn is_settled(&self, spec: &Spec, at: i64) -> bool {
        let learn = spec.learn.as_seconds();
        at - self.newest >= learn && at - self.first >= learn && self.days_before(at) >= spec.days
    }

    /// How many values are known; `None` where they are too many.
    pub fn known(&self) -> Option<usize> {
        if self.varied.is_some() { None } else { Some(self.values.len()) }
    }
}

impl Novelty {
    pub fn new(bytes: usize) -> Novelty {
        Novelty { shelf: Shelf::new(bytes), pending: BTreeMap::new(), order: BTreeSet::new(), moved: BTreeSet::new() }
    }

    /// Takes up records of a key with one value.
    pub fn count(&mut self, spec: &Spec, seen: &Sighting<'_>, minute: i64) {
        let (at, hash) = (seen.at.as_second(), value_hash([seen.value].into_iter()));
        if spec.known_values {
            self.note_value(&value_key(seen.value), at, minute);
        }
        let value = String::from_utf8_lossy(seen.value);
        let margin = spec.learn.as_seconds() - ALLOWED_LATENESS.as_secs();
        let seen_before = self.shelf.touch(
            &seen.key,
            minute,
            || Known::new(at),
            |known| {
                let news = known.note(at);
                if known.varied.is_some_and(|since| at.div_euclid(DAY) - since > VARIED_DAYS) {
                    *known = Known::new(at);
                }
                if known.varied.is_some() {
                    return Some(news);
                }
                if let Some(newer) = known.knows(hash, at.div_euclid(DAY)) {
                    return Some(news || newer);
                }
                // too young for a word, whatever comes
                if at - known.first < margin {
                    known.learn(spec, hash, &value, at);
                    return Some(true);
                }
                None
            },
        );
        match seen_before {
            Some(Some(true)) => drop(self.shelf.changed.insert((&*seen.key).into())),
            Some(None) => self.wait(seen, hash, &value),
            _ => {}
        }
    }

    /// A value is known from its first record on, whoever has it.
    fn note_value(&mut self, key: &str, at: i64, minute: i64) {
        let news = self.shelf.touch(
            key,
            minute,
            || Known::new(at),
            |known| {
                let fresh = known.first == at && known.days == 1;
                known.note(at) || fresh
            },
        );
        if news == Some(true) {
            self.shelf.changed.insert(key.into());
        }
    }

    fn wait(&mut self, seen: &Sighting<'_>, hash: u64, value: &str) {
        let key: (Box<str>, u64) = ((&*seen.key).into(), hash);
        let is_full = self.pending.len() >= MAX_PENDING;
        match self.pending.get_mut(&key) {
            Some(pending) => {
                if (seen.at, seen.raw) < (pending.at, pending.evidence.raw.as_bytes()) {
                    self.order.remove(&(pending.at, key.0.clone(), hash));
                    (pending.at, pending.evidence) = (seen.at, seen.evidence());
                    self.order.insert((seen.at, key.0.clone(), hash));
                }
                pending.count += seen.count;
                pending.last = pending.last.max(seen.last);
            }
            None if is_full => {
                self.shelf.evicted += 1;
                return;
            }
            None => {
                let (at, last, count) = (seen.at, seen.last, seen.count);
                self.order.insert((at, key.0.clone(), hash));
                let pending = Pending { at, last, count, value: value.into(), evidence: seen.evidence() };
                self.pending.insert(key.clone(), pending);
            }
        }
        self.moved.insert(key);
    }

    /// When the next new value is judged.
    pub fn next_due(&self) -> Option<Timestamp> {
        let (at, ..) = self.order.first()?;
        Some(ripe(*at))
    }

    /// Judges the new values before which no record can come any more. `is_open` says whether an alert of a key counts on.
    pub fn tick(&mut self, spec: &Spec, now: Timestamp, is_open: impl Fn(&str) -> bool, out: &mut Vec<Finding>) {
        let mut alerting: HashSet<Box<str>> = HashSet::new();
        while self.next_due().is_some_and(|due| due <= now)
            && let Some((_, key, hash)) = self.order.pop_first()
        {
            let place = (key.clone(), hash);
            let Some(pending) = self.pending.remove(&place) else { continue };
            self.moved.insert(place);
            let counts_on = alerting.contains(&key) || is_open(&key);
            if let Some(finding) = self.judge(spec, &key, hash, pending, counts_on) {
                alerting.insert(key);
                out.push(finding);
            }
        }
        self.shelf.trim();
    }

    fn judge(&mut self, spec: &Spec, key: &str, hash: u64, new: Pending, counts_on: bool) -> Option<Finding> {
        let at = new.at.as_second();
        let value_is_known = !spec.known_values || {
            let value = self.shelf.get(&value_key(new.value.as_bytes()));
            value.is_some_and(|known| at - known.first >= spec.learn.as_seconds())
        };
        let known = self.shelf.get(key)?;
        let unusual = (counts_on || known.is_settled(spec, at))
            && known.varied.is_none()
            && value_is_known
            && !known.is_variant(spec, &new.value);
        let usual = unusual.then(|| usual_words(spec, known, at));
        self.shelf.change(key, None, |known| known.learn(spec, hash, &new.value, at));
        self.shelf.changed.insert(key.into());
        let value = new.value.replace(char::from(SEPARATOR), " ");
        let figures = Figures { count: new.count as f64, usual: usual?, values: vec![value] };
        Some(Finding {
            key: key.into(),
            hour: hour_of(new.at),
            count: new.count,
            first: new.at,
            last: new.last,
            evidence: Some(new.evidence),
            strong: false,
            figures,
        })
    }

    /// Takes up a waiting value from a checkpoint.
    pub fn restore_pending(&mut self, key: &str, hash: u64, pending: Pending) {
        self.order.insert((pending.at, key.into(), hash));
        self.pending.insert((key.into(), hash), pending);
    }
}

/// When no record before this time can come any more.
fn ripe(at: Timestamp) -> Timestamp {
    at.saturating_add(ALLOWED_LATENESS).unwrap_or(Timestamp::MAX)
}

fn value_key(value: &[u8]) -> String {
    format!("{VALUE}{}", String::from_utf8_lossy(value))
}

/// Whether a key of the shelf is that of a value.
pub(super) fn is_value(key: &str) -> bool {
    key.starts_with(VALUE)
}

fn usual_words(spec: &Spec, known: &Known, at: i64) -> String {
    let days = |seconds: i64| match seconds / DAY {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    let what = match spec.kind {
        Kind::NewTemplate => ("kind of message", "kinds of message"),
        _ => ("value", "values"),
    };
    let others = match known.values.len() {
        0 => format!("no {}", what.0),
        1 => format!("1 {}", what.0),
        n => format!("{n} {}", what.1),
    };
    format!("{others} in the {} before, none of them new for {}", days(at - known.first), days(at - known.newest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_in_any_order() {
        let mut known = Known::new(100 * DAY);
        for day in [103, 101, 103, 104, 99] {
            known.note(day * DAY + 7);
        }
        assert_eq!((known.days.count_ones(), known.first), (5, 99 * DAY + 7));
        assert_eq!((known.days_before(104 * DAY), known.days_before(101 * DAY)), (4, 2));
        known.note(400 * DAY);
        assert_eq!(known.days_before(401 * DAY), 1);
    }

    #[test]
    fn too_many_values_are_no_baseline() {
        let spec = Spec::new(Kind::FirstSeen);
        let mut known = Known::new(0);
        (0..MAX_VALUES as u64 + 1).for_each(|n| known.learn(&spec, n, "", DAY));
        assert_eq!(known.known(), None);
        assert!(known.values.is_empty());
    }
}
