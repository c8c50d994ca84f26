//! The open alerts: one per rule and key, which counts on until it has been quiet for long enough.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    reading::Key,
    rule::Rule,
    window::Sighting,
    wording::{Figures, MAX_LISTED, Wording},
};
use crate::{
    Alert, Evidence, RuleRef, Severity, Status,
    alert::{MAX_EVIDENCE, alert_id},
};

/// How long an alert stays open without another match, unless its rule's timespan is longer.
pub const MIN_QUIET: SignedDuration = SignedDuration::from_hours(1);

/// Most open alerts of one rule. The one that has been quiet longest is cleared before its time to make room.
pub const MAX_OPEN_PER_RULE: usize = 10_000;

/// Most different values that an alert counts; beyond, the figure stands still.
const MAX_DISTINCT: usize = 10_000;

/// Most assets that one alert names.
const MAX_HOSTS: usize = 50;

/// Rule and key.
pub(super) type AlertKey = (u32, Key);

/// An alert that counts on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    pub alert: Alert,
    /// When the last match arrived.
    touched: Timestamp,
    /// It has counted on since it was last given out.
    dirty: bool,
    /// The number of the event counted last; events are numbered from 1.
    record: u64,
    /// The tags counted so far.
    tags: BTreeSet<u64>,
    /// The values of the fields that the sentence names.
    seen: Vec<Vec<String>>,
}

/// How a rule's alerts read.
#[derive(Debug)]
pub(super) struct Manner {
    pub why: Wording,
    pub timespan: i64,
}

/// All open alerts.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<AlertKey, Open>,
    per_rule: BTreeMap<u32, usize>,
    /// When each could be over; an entry may be early, never late.
    due: BinaryHeap<Reverse<(Timestamp, AlertKey)>>,
    /// Keys of alerts to be given out at the next tick.
    dirty: BTreeSet<AlertKey>,
    /// When the first of them began to wait.
    dirty_since: Option<Timestamp>,
    /// Keys whose row has changed since the last checkpoint.
    pub changed: BTreeSet<AlertKey>,
}

impl Manner {
    fn quiet(&self) -> SignedDuration {
        MIN_QUIET.max(SignedDuration::from_secs(self.timespan))
    }
}

impl Ledger {
    /// The open alert of this rule and key.
    pub fn get(&self, key: &AlertKey) -> Option<&Open> {
        self.open.get(key)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &AlertKey> {
        self.open.keys()
    }

    /// Takes up an alert from a checkpoint.
    pub fn restore(&mut self, key: AlertKey, open: Open, manner: &Manner) {
        self.schedule(&key, open.touched, manner);
        if open.dirty {
            self.dirty_since = Some(self.dirty_since.map_or(open.touched, |since| since.min(open.touched)));
            self.dirty.insert(key.clone());
        }
        *self.per_rule.entry(key.0).or_default() += 1;
        self.open.insert(key, open);
    }

    fn schedule(&mut self, key: &AlertKey, touched: Timestamp, manner: &Manner) {
        let due = touched.saturating_add(manner.quiet()).unwrap_or(Timestamp::MAX);
        self.due.push(Reverse((due, key.clone())));
    }

    /// Counts a match on an open alert. `false` if none is open, or the open one is long over in event time: then it is
    /// cleared. With `in_windows`, a match before the alert's first is left to [`Ledger::recount`], which knows whether it
    /// belongs to it.
    pub fn count(
        &mut self,
        key: &AlertKey,
        sighting: &Sighting,
        in_windows: bool,
        manner: &Manner,
        now: Timestamp,
        out: &mut Vec<Alert>,
    ) -> bool {
        let Some(open) = self.open.get_mut(key) else { return false };
        if sighting.at.duration_since(open.alert.last) > manner.quiet() {
            self.clear(key, manner, now, out);
            return false;
        }
        if !in_windows || sighting.at >= open.alert.first {
            open.add(sighting);
        }
        open.touched = open.touched.max(now);
        open.dirty = true;
        if self.dirty.is_empty() {
            self.dirty_since = Some(now);
        }
        self.dirty.insert(key.clone());
        self.changed.insert(key.clone());
        true
    }

    /// An earlier match turned out to be the first: records that arrived late are counted, too.
    pub fn recount<'s>(&mut self, key: &AlertKey, earlier: impl Iterator<Item = &'s Sighting>) {
        if let Some(open) = self.open.get_mut(key) {
            earlier.for_each(|sighting| open.add(sighting));
            self.changed.insert(key.clone());
        }
    }

    /// Raises an alert over these matches, the first of which gives it its id.
    pub fn raise<'s>(
        &mut self,
        key: AlertKey,
        rule: &Rule,
        manner: &Manner,
        matches: impl Iterator<Item = &'s Sighting>,
        now: Timestamp,
        out: &mut Vec<Alert>,
    ) {
        let mut matches = matches.peekable();
        let Some(first) = matches.peek() else { return };
        let mut open = Open::new(rule, &key.1, first, now);
        matches.for_each(|sighting| open.add(sighting));
        out.push(open.worded(manner));
        if *self.per_rule.entry(key.0).or_default() >= MAX_OPEN_PER_RULE {
            self.make_room(key.0, manner, now, out);
        }
        *self.per_rule.entry(key.0).or_default() += 1;
        self.schedule(&key, now, manner);
        self.changed.insert(key.clone());
        self.open.insert(key, open);
    }

    fn make_room(&mut self, rule: u32, manner: &Manner, now: Timestamp, out: &mut Vec<Alert>) {
        let of_rule = self.open.range((rule, Key::new())..).take_while(|((r, _), _)| *r == rule);
        if let Some(key) = of_rule.min_by_key(|(_, open)| open.touched).map(|(key, _)| key.clone()) {
            self.clear(&key, manner, now, out);
        }
    }

    fn clear(&mut self, key: &AlertKey, manner: &Manner, now: Timestamp, out: &mut Vec<Alert>) {
        if let Some(mut open) = self.open.remove(key) {
            open.alert.cleared = Some(now);
            out.push(open.worded(manner));
            self.dirty.remove(key);
            self.changed.insert(key.clone());
            if let Some(count) = self.per_rule.get_mut(&key.0) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Clears what has been quiet for long enough, and gives out what has counted on.
    pub fn tick<'m>(&mut self, manner: impl Fn(u32) -> &'m Manner, now: Timestamp, out: &mut Vec<Alert>) {
        while let Some(Reverse((due, _))) = self.due.peek()
            && *due <= now
            && let Some(Reverse((_, key))) = self.due.pop()
        {
            let own = manner(key.0);
            match self.open.get(&key).map(|open| open.touched.saturating_add(own.quiet()).unwrap_or(Timestamp::MAX)) {
                Some(over) if over <= now => self.clear(&key, own, now, out),
                Some(over) => self.due.push(Reverse((over, key))),
                None => {}
            }
        }
        self.flush(manner, out);
    }

    /// Gives out what has counted on.
    pub fn flush<'m>(&mut self, manner: impl Fn(u32) -> &'m Manner, out: &mut Vec<Alert>) {
        for key in std::mem::take(&mut self.dirty) {
            if let Some(open) = self.open.get_mut(&key) {
                open.dirty = false;
                out.push(open.worded(manner(key.0)));
                self.changed.insert(key);
            }
        }
    }

    /// Since when something waits to be given out.
    pub fn dirty_since(&self) -> Option<Timestamp> {
        if self.dirty.is_empty() { None } else { self.dirty_since }
    }

    /// A person gave an alert another status.
    pub fn set_status<'m>(
        &mut self,
        id: &str,
        status: Status,
        manner: impl Fn(u32) -> &'m Manner,
        out: &mut Vec<Alert>,
    ) {
        let Some(key) = self.open.iter().find(|(_, open)| open.alert.id == id).map(|(key, _)| key.clone()) else {
            return;
        };
        let Some(open) = self.open.get_mut(&key) else { return };
        open.alert.status = status;
        out.push(open.worded(manner(key.0)));
        if status == Status::Closed {
            self.open.remove(&key);
            self.dirty.remove(&key);
            if let Some(count) = self.per_rule.get_mut(&key.0) {
                *count = count.saturating_sub(1);
            }
        }
        self.changed.insert(key);
    }

    /// When the next alert could be over.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.peek().map(|Reverse((due, _))| *due)
    }
}

impl Open {
    fn new(rule: &Rule, key: &Key, first: &Sighting, now: Timestamp) -> Open {
        let values: Vec<&str> = key.values().map(String::as_str).collect();
        let title =
            if values.is_empty() { rule.title.clone() } else { format!("{} ({})", rule.title, values.join(", ")) };
        let alert = Alert {
            kind: "alert".into(),
            id: alert_id(&rule.id, key, &first.evidence.id),
            rule: RuleRef { id: rule.id.clone(), name: rule.title.clone(), tags: rule.tags.clone() },
            severity: rule.level.unwrap_or(Severity::Informational),
            status: Status::New,
            title,
            key: key.clone(),
            hosts: Vec::new(),
            count: 0,
            first: first.at,
            last: first.at,
            raised: now,
            cleared: None,
            case: None,
            evidence: Vec::new(),
            why: String::new(),
            next: rule.roundsman.next.clone(),
        };
        Open {
            alert,
            touched: now,
            dirty: false,
            record: 0,
            tags: BTreeSet::new(),
            seen: vec![Vec::new(); first.seen.len()],
        }
    }

    fn add(&mut self, sighting: &Sighting) {
        let alert = &mut self.alert;
        // a record that reaches the rule both by itself and through another correlation is one
        if self.record != sighting.record {
            self.record = sighting.record;
            alert.count += 1;
            quote(&mut alert.evidence, &sighting.evidence);
        }
        alert.first = alert.first.min(sighting.at);
        alert.last = alert.last.max(sighting.at);
        for host in &sighting.hosts {
            if alert.hosts.len() < MAX_HOSTS && !alert.hosts.contains(host) {
                alert.hosts.push(host.clone());
            }
        }
        if self.tags.len() < MAX_DISTINCT {
            self.tags.insert(sighting.tag);
        }
        for (seen, value) in self.seen.iter_mut().zip(&sighting.seen) {
            if let Some(value) = value
                && seen.len() <= MAX_LISTED
                && !seen.contains(value)
            {
                seen.push(value.clone());
            }
        }
    }

    /// The alert with its sentence as of now.
    fn worded(&self, manner: &Manner) -> Alert {
        let why = manner.why.fill(&Figures {
            count: self.alert.count,
            distinct: self.tags.len() as u64,
            timespan: manner.timespan,
            first: self.alert.first,
            last: self.alert.last,
            hosts: &self.alert.hosts,
            key: &self.alert.key,
            seen: &self.seen,
        });
        Alert { why, ..self.alert.clone() }
    }
}

/// Keeps the first half as they came and the latest as the second.
fn quote(evidence: &mut Vec<Evidence>, more: &Evidence) {
    // long windows do not keep every record's text
    if more.raw.is_empty() {
        return;
    }
    if evidence.len() == MAX_EVIDENCE {
        evidence.remove(MAX_EVIDENCE / 2);
    }
    evidence.push(more.clone());
}
