//! The baselines of all rules: taken up, judged, kept.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    finding::Finding,
    ledger::Ledger,
    levels::Levels,
    novelty::Novelty,
    sighting::{SEPARATOR, Sightings},
    spec::{Kind, Spec},
};
use crate::{
    Alert, Assets, Status,
    sigma::RuleSet,
    stage::{GRID, StateRows},
};

/// Rows of state that are ours.
pub(super) const PREFIX: &str = "anomaly/";
/// What follows in the key of a row: the kind of row, then the rule's id, a line break, the key.
const PAST: &str = "past/";
const PRESENT: &str = "now/";
const KNOWN: &str = "known/";
const PENDING: &str = "new/";
const ALERT: &str = "alert/";
const CLOCK: &str = "clock/";

/// The state of all baselines.
///
/// Called by the stage in journal order; alerts come on ticks alone. Each is given out when it is raised, when it counts
/// on, and when it clears.
pub struct Anomalies {
    rules: Arc<RuleSet>,
    watches: BTreeMap<u32, Watch>,
    ledger: Ledger,
    /// Records that came too late to count.
    late: u64,
    /// The receive time of the last call.
    now: Timestamp,
    /// Rows that are in the store and mean nothing any more.
    stale: Vec<String>,
}

/// One rule's state.
pub(super) struct Watch {
    pub spec: Arc<Spec>,
    pub memory: Memory,
    /// Its clock has changed since the last checkpoint.
    moved: bool,
}

/// What a rule remembers.
pub(super) enum Memory {
    Levels(Levels),
    Novelty(Novelty),
}

/// How full the baselines of a rule are.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineSize {
    /// The rule's id.
    pub rule: String,
    /// Keys remembered.
    pub keys: usize,
    /// Bytes taken.
    pub bytes: usize,
    /// Keys that had to make room since the start.
    pub evicted: u64,
}

/// A rule's row that belongs to no key.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Clock {
    judged: Option<i64>,
    evicted: u64,
}

impl Anomalies {
    /// No state yet.
    pub fn new(rules: Arc<RuleSet>) -> Anomalies {
        let specs: Vec<(u32, Arc<Spec>)> = rules.anomalies().filter(|(_, s)| s.kind != Kind::Silence).collect();
        let share = rules.baseline_bytes() / specs.len().max(1);
        let watch = |spec: Arc<Spec>| {
            let memory = match spec.kind {
                Kind::FirstSeen | Kind::NewTemplate => Memory::Novelty(Novelty::new(share)),
                _ => Memory::Levels(Levels::new(share)),
            };
            Watch { spec, memory, moved: false }
        };
        let watches = specs.into_iter().map(|(rule, spec)| (rule, watch(spec))).collect();
        Anomalies { rules, watches, ledger: Ledger::default(), late: 0, now: Timestamp::MIN, stale: Vec::new() }
    }

    /// Uses these rules from now on; the baselines of those that stay are kept.
    pub fn reload(&mut self, rules: Arc<RuleSet>) {
        let rows = self.all_rows();
        let mut next = Anomalies::new(rules);
        next.late = self.late;
        next.now = self.now;
        next.stale = std::mem::take(&mut self.stale);
        next.stale.extend(self.checkpoint().into_iter().filter(|(_, row)| row.is_none()).map(|(key, _)| key));
        next.restore(rows.iter().map(|(key, row)| (key.as_str(), row.as_slice())));
        // rows that changed since the last checkpoint are written once more
        next.mark_all();
        *self = next;
    }

    /// Takes up what the matcher noted. `now` is the receive time.
    pub fn absorb(&mut self, sightings: &Sightings, now: Timestamp) {
        self.now = now;
        self.late += sightings.late;
        let minute = now.as_second().div_euclid(GRID);
        for seen in sightings.iter() {
            let Some(watch) = self.watches.get_mut(&seen.rule) else { continue };
            match &mut watch.memory {
                Memory::Levels(levels) => levels.count(&watch.spec, &seen, minute),
                Memory::Novelty(novelty) => novelty.count(&watch.spec, &seen, minute),
            }
        }
    }

    /// Takes up how many records a source sent in an hour of event time.
    pub fn absorb_source(&mut self, host: &str, source: &str, hour: i64, lines: u64, now: Timestamp) {
        self.now = now;
        let minute = now.as_second().div_euclid(GRID);
        for watch in self.watches.values_mut().filter(|watch| watch.spec.kind == Kind::Volume) {
            if let Memory::Levels(levels) = &mut watch.memory {
                let key = format!("{host}{}{source}", char::from(SEPARATOR));
                watch.moved |= levels.judged.is_none();
                levels.count_source(&key, hour, lines, minute);
            }
        }
    }

    /// When something is to be judged.
    pub fn next_due(&self) -> Option<Timestamp> {
        let crowded = self.watches.values().any(Watch::is_crowded);
        let room = crowded.then(|| self.now.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MAX));
        self.watches.values().filter_map(Watch::next_due).chain(self.ledger.next_due()).chain(room).min()
    }

    /// Judges what is due by now.
    pub fn tick(&mut self, now: Timestamp, assets: &Assets, out: &mut Vec<Alert>) {
        self.now = now;
        let rules = self.rules.clone();
        for (&number, watch) in &mut self.watches {
            let rule = rules.rule(number);
            for finding in watch.tick(now, |key| self.ledger.is_open(&rule.id, key)) {
                self.ledger.tell(rule, &watch.spec, finding, assets, now, out);
            }
        }
        self.ledger.tick(now, out);
    }

    /// A person gave an alert another status.
    pub fn set_status(&mut self, id: &str, status: Status, out: &mut Vec<Alert>) {
        self.ledger.set_status(id, status, out);
    }

    /// How full the baselines of each rule are.
    pub fn sizes(&self) -> Vec<BaselineSize> {
        self.watches.iter().map(|(rule, watch)| watch.size(self.rules.rule(*rule).id.clone())).collect()
    }

    /// Records of rules with baselines that came too late to count, since the start.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// The rule set, and what each rule remembers.
    pub(super) fn watches(&self) -> impl Iterator<Item = (u32, &Watch)> {
        self.watches.iter().map(|(rule, watch)| (*rule, watch))
    }

    /// The rules.
    pub(super) fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Rows that changed since the last checkpoint.
    pub fn checkpoint(&mut self) -> StateRows {
        let mut rows: StateRows = std::mem::take(&mut self.stale).into_iter().map(|key| (key, None)).collect();
        for (number, watch) in &mut self.watches {
            watch.checkpoint(&self.rules.rule(*number).id, &mut rows);
        }
        for (rule, key) in std::mem::take(&mut self.ledger.changed) {
            rows.push((row_key(ALERT, &rule, &key), self.ledger.get(&rule, &key).and_then(json)));
        }
        rows
    }

    /// Every row, whether it changed or not.
    fn all_rows(&mut self) -> Vec<(String, Vec<u8>)> {
        self.mark_all();
        let rows = self.checkpoint();
        self.mark_all();
        rows.into_iter().filter_map(|(key, row)| Some((key, row?))).collect()
    }

    fn mark_all(&mut self) {
        self.watches.values_mut().for_each(Watch::mark_all);
        self.ledger.mark_all();
    }

    /// Takes back the rows of a checkpoint; rows of others are left alone, those of rules that are gone are dropped from the
    /// store at the next one.
    pub fn restore<'a>(&mut self, rows: impl Iterator<Item = (&'a str, &'a [u8])>) {
        for (row, value) in rows {
            if let Some(own) = row.strip_prefix(PREFIX)
                && self.restore_row(own, value).is_none()
            {
                self.stale.push(row.to_owned());
            }
        }
    }

    fn restore_row(&mut self, row: &str, value: &[u8]) -> Option<()> {
        let (kind, rest) = row.split_at(row.find('/')? + 1);
        let (id, key) = rest.split_once('\n')?;
        let rule = self.rules.find(id)?;
        let watch = self.watches.get_mut(&rule)?;
        match (kind, &mut watch.memory) {
            (ALERT, _) => self.ledger.restore(id, key, serde_json::from_slice(value).ok()?),
            (PAST, Memory::Levels(levels)) => levels.restore(key, serde_json::from_slice(value).ok()?, None),
            (PRESENT, Memory::Levels(levels)) => levels.restore(key, None, serde_json::from_slice(value).ok()?),
            (KNOWN, Memory::Novelty(novelty)) => {
                novelty.shelf.insert(key, 0, serde_json::from_slice(value).ok()?);
            }
            (PENDING, Memory::Novelty(novelty)) => {
                let (key, hash) = key.rsplit_once('\n')?;
                novelty.restore_pending(key, hash.parse().ok()?, serde_json::from_slice(value).ok()?);
            }
            (CLOCK, memory) => {
                let clock: Clock = serde_json::from_slice(value).ok()?;
                memory.set_clock(clock);
            }
            _ => return None,
        }
        Some(())
    }
}

impl Memory {
    fn set_clock(&mut self, clock: Clock) {
        match self {
            Memory::Levels(levels) => (levels.judged, levels.shelf.evicted) = (clock.judged, clock.evicted),
            Memory::Novelty(novelty) => novelty.shelf.evicted = clock.evicted,
        }
    }

    fn clock(&self) -> Clock {
        match self {
            Memory::Levels(levels) => Clock { judged: levels.judged, evicted: levels.shelf.evicted },
            Memory::Novelty(novelty) => Clock { judged: None, evicted: novelty.shelf.evicted },
        }
    }
}

impl Watch {
    fn is_crowded(&self) -> bool {
        match &self.memory {
            Memory::Levels(levels) => levels.shelf.is_crowded(),
            Memory::Novelty(novelty) => novelty.shelf.is_crowded(),
        }
    }

    fn next_due(&self) -> Option<Timestamp> {
        match &self.memory {
            Memory::Levels(levels) => levels.next_due(self.spec.kind),
            Memory::Novelty(novelty) => novelty.next_due(),
        }
    }

    fn tick(&mut self, now: Timestamp, is_open: impl Fn(&str) -> bool) -> Vec<Finding> {
        let (before, mut found) = (self.memory.clock(), Vec::new());
        match &mut self.memory {
            Memory::Levels(levels) => levels.tick(&self.spec, now, &mut found),
            Memory::Novelty(novelty) => novelty.tick(&self.spec, now, is_open, &mut found),
        }
        let after = self.memory.clock();
        self.moved |= (before.judged, before.evicted) != (after.judged, after.evicted);
        found
    }

    fn size(&self, rule: String) -> BaselineSize {
        let (keys, bytes, evicted) = match &self.memory {
            Memory::Levels(levels) => (levels.shelf.len(), levels.shelf.bytes(), levels.shelf.evicted),
            Memory::Novelty(novelty) => (novelty.shelf.len(), novelty.shelf.bytes(), novelty.shelf.evicted),
        };
        BaselineSize { rule, keys, bytes, evicted }
    }

    fn checkpoint(&mut self, id: &str, rows: &mut StateRows) {
        match &mut self.memory {
            Memory::Levels(levels) => {
                for key in std::mem::take(&mut levels.closed) {
                    rows.push((row_key(PAST, id, &key), levels.rows(&key).0.as_ref().and_then(json)));
                }
                for key in std::mem::take(&mut levels.shelf.changed) {
                    rows.push((row_key(PRESENT, id, &key), levels.rows(&key).1.as_ref().and_then(json)));
                    if levels.shelf.get(&key).is_none() {
                        rows.push((row_key(PAST, id, &key), None));
                    }
                }
            }
            Memory::Novelty(novelty) => {
                for key in std::mem::take(&mut novelty.shelf.changed) {
                    rows.push((row_key(KNOWN, id, &key), novelty.shelf.get(&key).and_then(json)));
                }
                for place in std::mem::take(&mut novelty.moved) {
                    let row = row_key(PENDING, id, &format!("{}\n{}", place.0, place.1));
                    rows.push((row, novelty.pending.get(&place).and_then(json)));
                }
            }
        }
        if std::mem::take(&mut self.moved) {
            rows.push((row_key(CLOCK, id, ""), json(&self.memory.clock())));
        }
    }

    fn mark_all(&mut self) {
        self.moved = true;
        match &mut self.memory {
            Memory::Levels(levels) => {
                let keys: Vec<Arc<str>> = levels.shelf.iter().map(|(key, _)| key.clone()).collect();
                levels.closed.extend(keys.iter().map(|key| Box::from(&**key)));
                levels.shelf.changed.extend(keys);
            }
            Memory::Novelty(novelty) => {
                let keys: Vec<Arc<str>> = novelty.shelf.iter().map(|(key, _)| key.clone()).collect();
                novelty.shelf.changed.extend(keys);
                novelty.moved.extend(novelty.pending.keys().cloned());
            }
        }
    }
}

fn row_key(kind: &str, rule: &str, key: &str) -> String {
    format!("{PREFIX}{kind}{rule}\n{key}")
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}
