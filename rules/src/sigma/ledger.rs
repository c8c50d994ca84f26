//! The open alerts: one per rule and key, which counts on until it has been quiet for long enough.
//!
//! **The order of arrival does not matter** as long as records come within the allowed lateness. An alert holds matches
//! that follow one another, in event time, within the quiet time, and it is over once no record that is still allowed
//! could prolong it. A match beyond the quiet time that comes before then is kept apart: a late one may yet close the
//! gap; else it begins the next alert. An alert's id says which of its rule, its key and its week it is, not which of
//! its records came first.
//!
//! **Storms** never silence a rule: when too many of its alerts are open, further groups are told together, in one alert
//! without a key.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    instant::{Nanos, length, timestamp},
    limits::Limits,
    quote::Quote,
    reading::{Key, Reading},
    rule::Rule,
    turns::Turns,
    window::Sighting,
    wording::{Figures, MAX_LISTED, Wording, listed},
};
use crate::{Alert, RuleRef, Severity, Status, alert::MAX_EVIDENCE};

/// How long an alert stays open without another match, unless its rule's timespan is longer. The allowed lateness is
/// part of it.
pub const MIN_QUIET: SignedDuration = SignedDuration::from_hours(1);

/// Most different values that an alert counts; beyond, the figure stands still.
const MAX_DISTINCT: usize = 10_000;

/// The same for alerts that find memory short.
const FEW_DISTINCT: usize = 256;

/// Most assets that one alert names.
const MAX_HOSTS: usize = 50;

/// Most matches beyond the quiet time that are kept apart; more are only counted.
const MAX_BEYOND: usize = 64;

/// Most alerts that are given out or cleared at a time; the others follow a minute later. It bounds the pause.
const MAX_AT_ONCE: usize = 256;

/// The hash under which a rule's summary stands.
const SUMMARY: u64 = 0;

/// About how many bytes an open alert takes beside its evidence and values.
const ALERT_BYTES: usize = 1_200;

/// Rule and the hash of its key.
pub(super) type AlertKey = (u32, u64);

/// An alert that counts on. Its evidence and its sentence are worked out when it is given out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    alert: Alert,
    /// Event times of the first and the last match, by clocks set right.
    first: Nanos,
    last: Nanos,
    /// When the last match arrived.
    touched: Nanos,
    /// It has counted on since it was last given out.
    dirty: bool,
    /// The number of the event counted last.
    record: u64,
    /// The tags counted so far.
    tags: BTreeSet<u64>,
    /// The values of the fields that the sentence names.
    seen: Vec<Vec<String>>,
    /// The assets by the names that events give them.
    hosts: Vec<String>,
    /// The earliest matches, and the latest.
    head: Vec<Sighting>,
    tail: Vec<Sighting>,
    /// Matches beyond the quiet time, and how many found no room here.
    beyond: Vec<Sighting>,
    beyond_more: u64,
    /// It stands for groups that have no alert of their own; their names, as far as they are listed.
    summary: Option<Vec<String>>,
    /// What it takes in memory, as far as the ledger knows.
    #[serde(skip)]
    weight: usize,
}

/// How a rule's alerts read.
#[derive(Debug)]
pub(super) struct Manner {
    pub why: Wording,
    /// Seconds.
    pub timespan: i64,
    pub reading: Option<Reading>,
}

/// A rule with all that its alerts need.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'s> {
    pub number: u32,
    pub rule: &'s Rule,
    pub manner: &'s Manner,
    /// An asset's name for a host's own name.
    pub names: &'s dyn Fn(&str) -> String,
    pub limits: &'s Limits,
}

/// Whether a match was counted on an open alert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Counted {
    /// None is open: it may begin one.
    No,
    /// It was.
    Yes,
    /// One is open and not over yet, and the match lies beyond its quiet time.
    Beyond,
}

/// An alert that is over while matches beyond its quiet time wait.
#[derive(Debug)]
pub(super) struct Ended {
    pub key: AlertKey,
    pub name: Key,
    pub beyond: Vec<Sighting>,
    pub more: u64,
}

/// All open alerts.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<AlertKey, Open>,
    per_rule: BTreeMap<u32, usize>,
    /// When each could be over; an entry may be early, never late.
    due: BinaryHeap<Reverse<(Nanos, AlertKey)>>,
    /// Keys of alerts to be given out at the next tick.
    dirty: BTreeSet<AlertKey>,
    /// When the first of them began to wait.
    dirty_since: Option<Nanos>,
    /// Alerts of rules that are gone, to be cleared at the next tick.
    orphans: Vec<Alert>,
    turns: Turns,
    bytes: usize,
    /// Keys whose row has changed since the last checkpoint.
    changed: BTreeSet<AlertKey>,
}

impl Speaker<'_> {
    /// How far apart, in event time, two matches of one alert may lie.
    fn quiet(&self) -> Nanos {
        let least = length(MIN_QUIET).saturating_sub(self.lateness());
        least.max(self.manner.timespan.saturating_mul(super::instant::SECOND))
    }

    fn lateness(&self) -> Nanos {
        length(self.limits.lateness)
    }
}

impl Ledger {
    /// What all open alerts take in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Event time of the open alert's first match.
    pub fn first(&self, key: &AlertKey) -> Option<Nanos> {
        self.open.get(key).map(|open| open.first)
    }

    /// How many alerts of this rule are open.
    pub fn open_of(&self, rule: u32) -> usize {
        self.per_rule.get(&rule).copied().unwrap_or(0)
    }

    /// Counts a match on an open alert. With `in_windows`, a match before the alert's first is left to
    /// [`Ledger::recount`], which knows whether it belongs to it.
    pub fn count(
        &mut self,
        key: &AlertKey,
        sighting: &Sighting,
        in_windows: bool,
        speaker: &Speaker,
        now: Nanos,
        out: &mut Vec<Alert>,
    ) -> Counted {
        let Some(open) = self.open.get_mut(key) else { return Counted::No };
        let over = open.last.saturating_add(speaker.quiet());
        // a stamp that lies ahead of the receive time tells nothing
        if sighting.at > over && now > over {
            let lateness = speaker.lateness();
            let in_time = now <= sighting.at.saturating_add(lateness);
            if !in_time || open.touched > open.last.saturating_add(lateness) {
                self.clear(key, speaker, now, out);
                return Counted::No;
            }
            open.put_beyond(sighting);
            self.changed.insert(*key);
            return Counted::Beyond;
        }
        if !in_windows || sighting.at >= open.first {
            let room = if self.bytes > speaker.limits.crowded_bytes() / 2 { FEW_DISTINCT } else { MAX_DISTINCT };
            open.add(sighting, speaker, room);
        }
        open.catch_up(speaker);
        open.touched = open.touched.max(now);
        self.wait(*key, now);
        Counted::Yes
    }

    /// Lets an alert that has counted on wait for the next tick.
    fn wait(&mut self, key: AlertKey, now: Nanos) {
        let Some(open) = self.open.get_mut(&key) else { return };
        if !std::mem::replace(&mut open.dirty, true) {
            if self.dirty.is_empty() {
                self.dirty_since = Some(now);
            }
            self.dirty.insert(key);
        }
        self.changed.insert(key);
    }

    /// An earlier match turned out to be the first: records that arrived late are counted, too.
    pub fn recount<'s>(
        &mut self,
        key: &AlertKey,
        earlier: impl Iterator<Item = &'s Sighting>,
        speaker: &Speaker,
        now: Nanos,
    ) {
        let Some(open) = self.open.get_mut(key) else { return };
        let mut any = false;
        for sighting in earlier {
            open.add(sighting, speaker, MAX_DISTINCT);
            any = true;
        }
        if any {
            self.wait(*key, now);
        }
    }

    /// Raises an alert over these matches of the group that `name` gives, unless too many of the rule are open: then
    /// the group's newest match is counted on the rule's summary.
    pub fn raise<'s>(
        &mut self,
        key: AlertKey,
        name: impl FnOnce() -> Key,
        speaker: &Speaker,
        matches: impl Iterator<Item = &'s Sighting>,
        now: Nanos,
        out: &mut Vec<Alert>,
    ) {
        let mut matches = matches.peekable();
        let Some(first) = matches.peek() else { return };
        let crowded = self.bytes > speaker.limits.crowded_bytes();
        if self.open_of(key.0) >= speaker.limits.alerts_per_rule || crowded {
            if let Some(newest) = matches.last() {
                self.summarise(key, name(), speaker, newest, now, out);
            }
            return;
        }
        let name = name();
        let id = self.turns.id(&speaker.rule.id, &name, first, now);
        let mut open = Open::new(speaker, name, first, id, now);
        matches.for_each(|sighting| open.add(sighting, speaker, MAX_DISTINCT));
        out.push(open.worded(speaker));
        self.insert(key, open, speaker);
        self.changed.insert(key);
    }

    /// Counts matches of which nothing else is known.
    pub fn add_more(&mut self, key: &AlertKey, more: u64) {
        if let Some(open) = self.open.get_mut(key) {
            open.alert.count += more;
        }
    }

    /// Counts a group on the rule's summary.
    fn summarise(
        &mut self,
        key: AlertKey,
        name: Key,
        speaker: &Speaker,
        sighting: &Sighting,
        now: Nanos,
        out: &mut Vec<Alert>,
    ) {
        let summary = (key.0, SUMMARY);
        let fresh = !self.open.contains_key(&summary);
        if fresh {
            let id = self.turns.id(&speaker.rule.id, &Key::new(), sighting, now);
            let mut open = Open::new(speaker, Key::new(), sighting, id, now);
            open.summary = Some(Vec::new());
            open.alert.title = format!("{}: more groups than are told one by one", speaker.rule.title);
            self.insert(summary, open, speaker);
        }
        let Some(open) = self.open.get_mut(&summary) else { return };
        open.add(&Sighting { tag: key.1, ..sighting.clone() }, speaker, MAX_DISTINCT);
        open.touched = open.touched.max(now);
        if let Some(listed) = &mut open.summary
            && listed.len() <= MAX_LISTED
        {
            let name = name.into_values().collect::<Vec<_>>().join(" ");
            if !listed.contains(&name) {
                listed.push(name);
            }
        }
        match fresh {
            true => {
                out.push(open.worded(speaker));
                self.changed.insert(summary);
            }
            false => self.wait(summary, now),
        }
    }

    fn insert(&mut self, key: AlertKey, mut open: Open, speaker: &Speaker) {
        if key.1 != SUMMARY {
            *self.per_rule.entry(key.0).or_default() += 1;
        }
        self.due.push(Reverse((open.over(speaker), key)));
        open.weight = open.bytes();
        self.bytes += open.weight;
        self.open.insert(key, open);
    }

    fn take(&mut self, key: &AlertKey) -> Option<Open> {
        let open = self.open.remove(key)?;
        self.bytes = self.bytes.saturating_sub(open.weight);
        self.dirty.remove(key);
        self.changed.insert(*key);
        if key.1 != SUMMARY
            && let Some(count) = self.per_rule.get_mut(&key.0)
        {
            *count = count.saturating_sub(1);
        }
        Some(open)
    }

    fn clear(&mut self, key: &AlertKey, speaker: &Speaker, now: Nanos, out: &mut Vec<Alert>) -> Option<Ended> {
        let mut open = self.take(key)?;
        open.alert.cleared = Some(timestamp(now));
        out.push(open.worded(speaker));
        let (beyond, more) = (std::mem::take(&mut open.beyond), open.beyond_more);
        let name = open.alert.key;
        (!beyond.is_empty()).then_some(Ended { key: *key, name, beyond, more })
    }

    /// Clears what has been quiet for long enough, and gives out what has counted on. Gives back alerts after which
    /// matches wait that may begin new ones.
    pub fn tick<'s>(&mut self, speaker: impl Fn(u32) -> Speaker<'s>, now: Nanos, out: &mut Vec<Alert>) -> Vec<Ended> {
        for mut orphan in std::mem::take(&mut self.orphans) {
            orphan.cleared = Some(timestamp(now));
            out.push(orphan);
        }
        let mut over = BTreeSet::new();
        while let Some(Reverse((due, _))) = self.due.peek()
            && *due <= now
            && let Some(Reverse((_, key))) = self.due.pop()
        {
            match self.open.get(&key).map(|open| open.over(&speaker(key.0))) {
                Some(at) if at <= now => drop(over.insert((at, key))),
                Some(at) => self.due.push(Reverse((at, key))),
                None => {}
            }
        }
        // by when each was over: entries may have been early by more or less, and a restart makes them anew
        let mut ended = Vec::new();
        for (at, (_, key)) in over.into_iter().enumerate() {
            match at < MAX_AT_ONCE {
                true => ended.extend(self.clear(&key, &speaker(key.0), now, out)),
                false => self.due.push(Reverse((now.saturating_add(1), key))),
            }
        }
        self.turns.forget(now);
        self.give_out(&speaker, MAX_AT_ONCE, out);
        self.dirty_since = (!self.dirty.is_empty()).then_some(now);
        ended
    }

    fn give_out<'s>(&mut self, speaker: &dyn Fn(u32) -> Speaker<'s>, most: usize, out: &mut Vec<Alert>) {
        for _ in 0..most {
            let Some(key) = self.dirty.pop_first() else { break };
            if let Some(open) = self.open.get_mut(&key) {
                open.dirty = false;
                out.push(open.worded(&speaker(key.0)));
                let weight = open.bytes();
                self.bytes = self.bytes - std::mem::replace(&mut open.weight, weight) + weight;
                self.changed.insert(key);
            }
        }
    }

    /// Gives out all that has counted on: the end of a replay.
    pub fn flush<'s>(&mut self, speaker: impl Fn(u32) -> Speaker<'s>, out: &mut Vec<Alert>) {
        self.give_out(&speaker, usize::MAX, out);
    }

    /// A person gave an alert another status. A closed alert counts no further.
    pub fn set_status<'s>(
        &mut self,
        id: &str,
        status: Status,
        speaker: impl Fn(u32) -> Speaker<'s>,
        out: &mut Vec<Alert>,
    ) {
        let Some(key) = self.open.iter().find(|(_, open)| open.alert.id == id).map(|(key, _)| *key) else { return };
        let Some(open) = self.open.get_mut(&key) else { return };
        open.alert.status = status;
        out.push(open.worded(&speaker(key.0)));
        self.changed.insert(key);
        if status == Status::Closed {
            self.take(&key);
        }
    }

    /// When something is due, never too late.
    pub fn next_due(&self) -> Option<Nanos> {
        let over = self.due.peek().map(|Reverse((due, _))| *due);
        // at the first grid minute after it began to wait
        let waits = if self.dirty.is_empty() { None } else { self.dirty_since.map(|since| since.saturating_add(1)) };
        let orphans = (!self.orphans.is_empty()).then_some(Nanos::MIN);
        over.into_iter().chain(waits).chain(orphans).min()
    }

    /// Rows of alerts that have changed since the last checkpoint, `None` for those that are gone.
    pub fn checkpoint<'s>(
        &mut self,
        speaker: impl Fn(u32) -> Speaker<'s>,
        mut give: impl FnMut(AlertKey, Option<&Open>),
    ) {
        for key in std::mem::take(&mut self.changed) {
            let open = self.open.get_mut(&key);
            give(key, open.map(|open| open.worked_out(&speaker(key.0))));
        }
    }

    /// The turns, for their own rows.
    pub fn turns(&mut self) -> &mut Turns {
        &mut self.turns
    }

    /// Takes up an alert from a checkpoint; of a rule that is gone, it is cleared at the next tick.
    pub fn restore(&mut self, key: u64, open: Open, speaker: Option<&Speaker>) {
        let Some(speaker) = speaker else { return self.orphans.push(open.alert) };
        let key = (speaker.number, key);
        if open.dirty {
            self.dirty_since = Some(self.dirty_since.map_or(open.touched, |since| since.min(open.touched)));
            self.dirty.insert(key);
        }
        self.insert(key, open, speaker);
    }

    /// Rules have other numbers from now on. Rows of rules that are gone are given back, and their alerts cleared.
    pub fn renumbered<'s>(
        self,
        number: &dyn Fn(u32) -> Option<u32>,
        speaker: impl Fn(u32) -> Speaker<'s>,
    ) -> (Ledger, Vec<AlertKey>) {
        let mut next =
            Ledger { dirty_since: self.dirty_since, orphans: self.orphans, turns: self.turns, ..Ledger::default() };
        let mut gone: Vec<AlertKey> = self.changed.iter().filter(|key| !self.open.contains_key(key)).copied().collect();
        for (key, mut open) in self.open {
            match number(key.0) {
                Some(rule) => {
                    open.renumber(&|leaf| number(leaf).unwrap_or(u32::MAX));
                    let key = (rule, key.1);
                    if open.dirty {
                        next.dirty.insert(key);
                    }
                    next.insert(key, open, &speaker(rule));
                    next.changed.insert(key);
                }
                None => {
                    gone.push(key);
                    next.orphans.push(open.alert);
                }
            }
        }
        (next, gone)
    }
}

impl Open {
    fn new(speaker: &Speaker, key: Key, first: &Sighting, id: String, now: Nanos) -> Open {
        let rule = speaker.rule;
        let values: Vec<&str> = key.values().map(String::as_str).collect();
        let title =
            if values.is_empty() { rule.title.clone() } else { format!("{} ({})", rule.title, values.join(", ")) };
        let alert = Alert {
            kind: "alert".into(),
            id,
            rule: RuleRef { id: rule.id.clone(), name: rule.title.clone(), tags: rule.tags.clone() },
            severity: rule.level.unwrap_or(Severity::Informational),
            status: Status::New,
            title,
            key,
            hosts: Vec::new(),
            count: 0,
            first: stamp(first),
            last: stamp(first),
            raised: timestamp(now),
            cleared: None,
            case: None,
            evidence: Vec::new(),
            why: String::new(),
            next: rule.roundsman.next.clone(),
        };
        let fields = speaker.manner.reading.as_ref().map_or(0, Reading::seen_fields);
        Open {
            alert,
            first: first.at,
            last: first.at,
            touched: now,
            dirty: false,
            record: 0,
            tags: BTreeSet::new(),
            seen: vec![Vec::new(); fields],
            hosts: Vec::new(),
            head: Vec::new(),
            tail: Vec::new(),
            beyond: Vec::new(),
            beyond_more: 0,
            summary: None,
            weight: 0,
        }
    }

    /// When it is over: no record that is still allowed could prolong it.
    fn over(&self, speaker: &Speaker) -> Nanos {
        let known = self.last.min(self.touched).saturating_add(speaker.lateness()).max(self.touched);
        known.saturating_add(speaker.quiet())
    }

    fn add(&mut self, sighting: &Sighting, speaker: &Speaker, room: usize) {
        // a record that reaches the rule both by itself and through another correlation is one
        if sighting.record == 0 || self.record != sighting.record {
            self.record = sighting.record;
            self.alert.count += 1;
            if !sighting.quote.is_nothing() {
                self.quote(sighting);
            }
        }
        self.first = self.first.min(sighting.at);
        self.last = self.last.max(sighting.at);
        let stamped = stamp(sighting);
        self.alert.first = self.alert.first.min(stamped);
        self.alert.last = self.alert.last.max(stamped);
        if self.tags.len() < room {
            self.tags.insert(sighting.tag);
        }
        self.note(sighting, speaker);
    }

    /// Notes assets and values that are not noted yet.
    fn note(&mut self, sighting: &Sighting, speaker: &Speaker) {
        match (&sighting.quote, &speaker.manner.reading) {
            (Quote::Event(event), Some(reading)) => {
                for host in reading.hosts(sighting.leaf, event) {
                    if self.hosts.len() < MAX_HOSTS && !self.hosts.iter().any(|known| *known == host) {
                        add_host(&mut self.alert.hosts, &(speaker.names)(&host));
                        self.hosts.push(host.into_owned());
                    }
                }
                for (seen, value) in self.seen.iter_mut().zip(reading.seen(sighting.leaf, event)) {
                    value.into_iter().for_each(|value| add_value(seen, &value));
                }
            }
            (Quote::Note(note), _) => {
                note.hosts.iter().for_each(|host| add_host(&mut self.alert.hosts, host));
                for (seen, value) in self.seen.iter_mut().zip(&note.seen) {
                    value.iter().for_each(|value| add_value(seen, value));
                }
            }
            _ => {}
        }
    }

    /// Keeps the earliest matches, and the latest.
    fn quote(&mut self, sighting: &Sighting) {
        const HALF: usize = MAX_EVIDENCE / 2;
        let place = self.head.partition_point(|e| e.at <= sighting.at);
        let mut rest = None;
        if place < HALF {
            self.head.insert(place, sighting.clone());
            rest = (self.head.len() > HALF).then(|| self.head.pop()).flatten();
        } else if self.tail.len() < HALF || self.tail.first().is_some_and(|e| e.at <= sighting.at) {
            rest = Some(sighting.clone());
        }
        if let Some(rest) = rest {
            let place = self.tail.partition_point(|e| e.at <= rest.at);
            self.tail.insert(place, rest);
            if self.tail.len() > HALF {
                self.tail.remove(0);
            }
        }
    }

    fn put_beyond(&mut self, sighting: &Sighting) {
        if self.beyond.len() < MAX_BEYOND {
            let place = self.beyond.partition_point(|e| e.at <= sighting.at);
            self.beyond.insert(place, sighting.clone());
        } else {
            self.beyond_more += 1;
        }
    }

    /// Counts matches that a late one has brought within the quiet time.
    fn catch_up(&mut self, speaker: &Speaker) {
        while let Some(next) = self.beyond.first()
            && next.at <= self.last.saturating_add(speaker.quiet())
        {
            let next = self.beyond.remove(0);
            self.add(&next, speaker, MAX_DISTINCT);
            if self.beyond.is_empty() {
                self.alert.count += std::mem::take(&mut self.beyond_more);
            }
        }
    }

    /// Its quotes worked out, so that they can be stored.
    fn worked_out(&mut self, speaker: &Speaker) -> &Open {
        if let Some(reading) = &speaker.manner.reading {
            for sighting in self.head.iter_mut().chain(&mut self.tail).chain(&mut self.beyond) {
                sighting.quote.note(sighting.leaf, reading, speaker.names);
            }
        }
        self
    }

    /// The alert with its evidence and its sentence as of now.
    fn worded(&mut self, speaker: &Speaker) -> Alert {
        self.worked_out(speaker);
        let why = match &self.summary {
            Some(groups) => format!(
                "{} further groups met this rule while {} of its alerts were open: {}.",
                self.tags.len(),
                speaker.limits.alerts_per_rule,
                listed(groups),
            ),
            None => speaker.manner.why.fill(&Figures {
                count: self.alert.count,
                distinct: self.tags.len() as u64,
                timespan: speaker.manner.timespan,
                first: self.alert.first,
                last: self.alert.last,
                hosts: &self.alert.hosts,
                key: &self.alert.key,
                seen: &self.seen,
            }),
        };
        let quoted = self.head.iter().chain(&self.tail).filter_map(|sighting| match &sighting.quote {
            Quote::Note(note) => Some(note.evidence.clone()),
            _ => None,
        });
        Alert { why, evidence: quoted.collect(), ..self.alert.clone() }
    }

    fn bytes(&self) -> usize {
        let quotes = self.head.iter().chain(&self.tail).chain(&self.beyond);
        let quotes: usize = quotes.map(|e| size_of::<Sighting>() + 160 + quote_bytes(&e.quote)).sum();
        ALERT_BYTES + quotes + self.tags.len() * 24 + self.hosts.len() * 64
    }

    fn renumber(&mut self, number: &dyn Fn(u32) -> u32) {
        let quotes = self.head.iter_mut().chain(&mut self.tail).chain(&mut self.beyond);
        quotes.for_each(|sighting| sighting.leaf = number(sighting.leaf));
    }
}

fn quote_bytes(quote: &Quote) -> usize {
    match quote {
        Quote::Event(event) => super::quote::event_bytes(event),
        Quote::Note(note) => note.evidence.raw.len() + 128,
        Quote::Nothing => 0,
    }
}

/// The time that the record itself says, where it is known.
fn stamp(sighting: &Sighting) -> Timestamp {
    match &sighting.quote {
        Quote::Event(event) => event.at(),
        Quote::Note(note) => note.at,
        Quote::Nothing => timestamp(sighting.at),
    }
}

fn add_host(hosts: &mut Vec<String>, host: &str) {
    if hosts.len() < MAX_HOSTS && !hosts.iter().any(|known| known == host) {
        hosts.push(host.to_owned());
    }
}

fn add_value(seen: &mut Vec<String>, value: &str) {
    if seen.len() <= MAX_LISTED && !seen.iter().any(|known| known == value) {
        seen.push(value.to_owned());
    }
}
