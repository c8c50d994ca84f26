//! Correlations over surviving matches, and the alerts of all rules.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    correlation::Correlation,
    ledger::{Ledger, Manner, Open},
    reading::{Key, Reading, Seen},
    rule::{Rule, RuleKind},
    set::RuleSet,
    window::{ALLOWED_LATENESS, Sighting, Window},
    wording::Wording,
};
use crate::{
    Alert, Evidence, Status,
    stage::{StateRows, Survivor},
};

/// Most keys that one correlation remembers; the one that has been quiet longest makes room, and is counted.
pub const MAX_KEYS: usize = 10_000;

/// How often windows are looked through for those that nothing can add to.
const SWEEP: SignedDuration = SignedDuration::from_mins(10);

/// Gives an asset's name in the inventory for a host's own name.
pub type HostNames = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The state of all rules: what correlations have counted, and which alerts are open.
///
/// Called by the stage, in journal order; time is the records' receive time and never goes backwards. Each alert is
/// given out when it is raised and when it clears, and, if it has counted on, at the next tick.
pub struct Correlator {
    rules: Arc<RuleSet>,
    names: HostNames,
    /// Which rules raise alerts.
    raises: Vec<bool>,
    readings: Vec<Option<Reading>>,
    manners: Vec<Manner>,
    keys: Vec<Keys>,
    ledger: Ledger,
    clock: Clock,
    /// Rows that are in the store and mean nothing any more.
    stale: Vec<String>,
}

/// How full a correlation is.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationSize {
    /// The rule's id.
    pub rule: String,
    /// Keys remembered.
    pub keys: usize,
    /// Keys that had to make room since the start.
    pub evicted: u64,
}

/// The windows of one correlation.
#[derive(Default)]
struct Keys {
    windows: BTreeMap<Key, Window>,
    /// By the turn in which they were last touched.
    turns: BTreeMap<u64, Key>,
    /// When windows close, for correlations that wait for it.
    closing: BTreeSet<(Timestamp, Key)>,
    changed: BTreeSet<Key>,
    evicted: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Clock {
    swept: Timestamp,
    turn: u64,
    /// How many records have been absorbed.
    record: u64,
    /// The receive time of the last call.
    now: Timestamp,
}

impl fmt::Debug for Correlator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Correlator({:?})", self.rules)
    }
}

impl Correlator {
    /// No state yet.
    pub fn new(rules: Arc<RuleSet>, names: HostNames) -> Correlator {
        let raises = rules.rules().iter().map(|rule| rule.alerts).collect();
        Correlator::raising(rules, names, raises)
    }

    /// For a look at one rule: it raises alerts even where a correlation has taken it over.
    pub fn watching(rules: Arc<RuleSet>, names: HostNames, rule: u32) -> Correlator {
        let raises = (0..rules.rules().len() as u32).map(|number| number == rule).collect();
        Correlator::raising(rules, names, raises)
    }

    fn raising(rules: Arc<RuleSet>, names: HostNames, raises: Vec<bool>) -> Correlator {
        let count = rules.rules().len() as u32;
        let by_rule: BTreeMap<u32, &Correlation> = rules.correlations.iter().map(|c| (c.rule, c)).collect();
        let manners: Vec<Manner> = (0..count)
            .map(|rule| Manner {
                why: Wording::read(sentence(rules.rule(rule))),
                timespan: by_rule.get(&rule).map_or(0, |c| c.timespan),
            })
            .collect();
        let readings = (0..count).map(|rule| match by_rule.get(&rule) {
            Some(correlation) => Some(Reading::of_correlation(&rules, correlation, &manners[rule as usize].why)),
            None if raises[rule as usize] => Some(Reading::of_detection(&rules, rule, &manners[rule as usize].why)),
            None => None,
        });
        let readings = readings.collect();
        let keys = rules.correlations.iter().map(|_| Keys::default()).collect();
        Correlator {
            rules,
            names,
            raises,
            readings,
            manners,
            keys,
            ledger: Ledger::default(),
            clock: Clock::default(),
            stale: Vec::new(),
        }
    }

    /// Uses these rules from now on; what was counted and raised for rules that stay goes on.
    pub fn reload(&mut self, rules: Arc<RuleSet>) {
        for keys in &mut self.keys {
            keys.changed.extend(keys.windows.keys().cloned());
        }
        let open: Vec<_> = self.ledger.keys().cloned().collect();
        self.ledger.changed.extend(open);
        let (kept, gone): (StateRows, StateRows) = self.checkpoint().into_iter().partition(|(_, row)| row.is_some());
        let mut next = Correlator::new(rules, self.names.clone());
        next.restore(kept.into_iter().filter_map(|(key, row)| Some((key, row?))));
        next.stale.extend(gone.into_iter().map(|(key, _)| key));
        for keys in &mut next.keys {
            keys.changed.extend(keys.windows.keys().cloned());
        }
        let open: Vec<_> = next.ledger.keys().cloned().collect();
        next.ledger.changed.extend(open);
        *self = next;
    }

    /// A person gave an alert another status. A closed alert counts no further: what comes later is a new one.
    pub fn set_status(&mut self, id: &str, status: Status, out: &mut Vec<Alert>) {
        self.ledger.set_status(id, status, |rule| &self.manners[rule as usize], out);
    }

    /// From now on hosts are named so: the inventory has changed.
    pub fn set_names(&mut self, names: HostNames) {
        self.names = names;
    }

    /// Takes up one surviving event. `now` is its receive time.
    pub fn absorb(&mut self, survivor: &Survivor, now: Timestamp, out: &mut Vec<Alert>) {
        self.clock.now = now;
        if self.keys.iter().all(|keys| keys.windows.is_empty()) {
            self.clock.swept = now;
        }
        let (rules, names) = (self.rules.clone(), self.names.clone());
        self.clock.record += 1;
        let (evidence, record) = (Arc::new(Evidence::of(&survivor.event)), self.clock.record);
        let seen = Seen { event: &survivor.event, evidence: &evidence, record, name_of: &*names };
        for &rule in &survivor.matches {
            if self.raises[rule as usize] {
                self.sight(&rules, rule, &seen, now, out);
            }
            self.feed(&rules, rule, rule, &seen, now, out);
        }
    }

    /// A match of a rule that raises alerts of its own.
    fn sight(&mut self, rules: &RuleSet, rule: u32, seen: &Seen, now: Timestamp, out: &mut Vec<Alert>) {
        let Some(reading) = &self.readings[rule as usize] else { return };
        let Some((key, sighting)) = reading.read(rule, seen, 0) else { return };
        let key = (rule, key);
        let manner = &self.manners[rule as usize];
        if !self.ledger.count(&key, &sighting, false, manner, now, out) {
            self.ledger.raise(key, rules.rule(rule), manner, std::iter::once(&sighting), now, out);
        }
    }

    /// Gives a match to the correlations that wait for it; what they find is given on. `leaf` is the detection rule that
    /// saw the event.
    fn feed(&mut self, rules: &RuleSet, rule: u32, leaf: u32, seen: &Seen, now: Timestamp, out: &mut Vec<Alert>) {
        for &at in &rules.feeds[rule as usize] {
            let correlation = &rules.correlations[at as usize];
            let Some(reading) = &self.readings[correlation.rule as usize] else { continue };
            let Some(place) = correlation.rules.iter().position(|fed| *fed == rule) else { continue };
            let Some((key, sighting)) = reading.read(leaf, seen, place as u64) else {
                continue;
            };
            if key.is_empty() && reading.has_group() {
                continue;
            }
            if self.correlate(rules, at as usize, key, sighting, now, out) {
                self.feed(rules, correlation.rule, leaf, seen, now, out);
            }
        }
    }

    /// Counts a match in its window; whether the correlation is met now.
    fn correlate(
        &mut self,
        rules: &RuleSet,
        at: usize,
        key: Key,
        sighting: Sighting,
        now: Timestamp,
        out: &mut Vec<Alert>,
    ) -> bool {
        let correlation = &rules.correlations[at];
        let (rule, raises) = (rules.rule(correlation.rule), self.raises[correlation.rule as usize]);
        let manner = &self.manners[correlation.rule as usize];
        let window = self.keys[at].touch(&key, &mut self.clock);
        let alert_key = (correlation.rule, key);
        let counted = raises && self.ledger.count(&alert_key, &sighting, true, manner, now, out);
        let place = window.insert(sighting, correlation);
        if correlation.waits() {
            self.keys[at].reschedule(&alert_key.1, correlation);
            return false;
        }
        let met = window.met(correlation, place);
        if let Some(met) = met
            && raises
        {
            if counted {
                // records that came late may show that it began earlier
                let first = self.ledger.get(&alert_key).map_or(Timestamp::MIN, |open| open.alert.first);
                let earlier = window.entries().range(met.start..).take_while(|e| e.at < first);
                self.ledger.recount(&alert_key, earlier);
            } else {
                self.ledger.raise(alert_key, rule, manner, window.entries().range(met.start..), now, out);
            }
        }
        met.is_some()
    }

    /// Time passes.
    pub fn tick(&mut self, now: Timestamp, out: &mut Vec<Alert>) {
        self.clock.now = now;
        let rules = self.rules.clone();
        for (at, correlation) in rules.correlations.iter().enumerate() {
            while let Some((due, key)) = self.keys[at].closing.first().cloned()
                && due <= now
            {
                self.keys[at].closing.remove(&(due, key.clone()));
                self.close(&rules, at, correlation, key, now, out);
            }
        }
        if now.duration_since(self.clock.swept) >= SWEEP {
            for (keys, correlation) in self.keys.iter_mut().zip(&rules.correlations) {
                keys.sweep(correlation, now);
            }
            self.clock.swept = now;
        }
        self.ledger.tick(|rule| &self.manners[rule as usize], now, out);
    }

    fn close(
        &mut self,
        rules: &RuleSet,
        at: usize,
        correlation: &Correlation,
        key: Key,
        now: Timestamp,
        out: &mut Vec<Alert>,
    ) {
        let Some(window) = self.keys[at].windows.get_mut(&key) else { return };
        let (matches, met) = window.close(correlation);
        self.keys[at].reschedule(&key, correlation);
        self.keys[at].changed.insert(key.clone());
        let rule = rules.rule(correlation.rule);
        if met && self.raises[correlation.rule as usize] {
            let manner = &self.manners[correlation.rule as usize];
            let key = (correlation.rule, key);
            let mut counted = false;
            for sighting in &matches {
                counted = self.ledger.count(&key, sighting, false, manner, now, out);
            }
            if !counted {
                self.ledger.raise(key, rule, manner, matches.iter(), now, out);
            }
        }
    }

    /// Gives out all alerts that have counted on since they were last given out: the end of a replay.
    pub fn flush(&mut self, out: &mut Vec<Alert>) {
        self.ledger.flush(|rule| &self.manners[rule as usize], out);
    }

    /// When something is due, as far as is known; never too late.
    pub fn next_due(&self) -> Option<Timestamp> {
        let closing = self.keys.iter().filter_map(|keys| keys.closing.first()).map(|(due, _)| *due);
        // at the first grid minute after it began to wait
        let instant = SignedDuration::from_nanos(1);
        let flush = self.ledger.dirty_since().map(|at| at.saturating_add(instant).unwrap_or(Timestamp::MAX));
        let windows = self.keys.iter().any(|keys| !keys.windows.is_empty());
        let sweep = windows.then(|| self.clock.swept.saturating_add(SWEEP).unwrap_or(Timestamp::MAX));
        closing.chain(flush).chain(sweep).chain(self.ledger.next_due()).min()
    }

    /// How full each correlation is.
    pub fn sizes(&self) -> Vec<CorrelationSize> {
        let sizes = self.rules.correlations.iter().zip(&self.keys).map(|(correlation, keys)| CorrelationSize {
            rule: self.rules.rule(correlation.rule).id.clone(),
            keys: keys.windows.len(),
            evicted: keys.evicted,
        });
        sizes.collect()
    }

    /// The rows that have changed since the last checkpoint.
    pub fn checkpoint(&mut self) -> StateRows {
        let mut rows: StateRows = std::mem::take(&mut self.stale).into_iter().map(|key| (key, None)).collect();
        for (keys, correlation) in self.keys.iter_mut().zip(&self.rules.correlations) {
            let id = &self.rules.rule(correlation.rule).id;
            for key in std::mem::take(&mut keys.changed) {
                rows.push((row_key(WINDOW, id, &key), keys.windows.get(&key).and_then(json)));
            }
        }
        for key in std::mem::take(&mut self.ledger.changed) {
            let id = &self.rules.rule(key.0).id;
            rows.push((row_key(ALERT, id, &key.1), self.ledger.get(&key).and_then(json)));
        }
        if !rows.is_empty() {
            rows.push((CLOCK.into(), json(&self.clock)));
        }
        rows
    }

    /// Takes up what checkpoints have stored. Rows of rules that are gone are dropped from the store at the next one.
    pub fn restore(&mut self, rows: impl IntoIterator<Item = (String, Vec<u8>)>) {
        for (row, value) in rows {
            if self.restore_row(&row, &value).is_none() {
                self.stale.push(row);
            }
        }
    }

    fn restore_row(&mut self, row: &str, value: &[u8]) -> Option<()> {
        if row == CLOCK {
            self.clock = serde_json::from_slice(value).ok()?;
            return Some(());
        }
        let (kind, rest) = row.split_at_checked(WINDOW.len())?;
        let (id, key) = rest.split_once('\n')?;
        let key: Key = serde_json::from_str(key).ok()?;
        let rule = self.rules.find(id)?;
        if kind == ALERT {
            let open: Open = serde_json::from_slice(value).ok()?;
            self.ledger.restore((rule, key), open, &self.manners[rule as usize]);
            return Some(());
        }
        let at = self.rules.correlations.iter().position(|c| c.rule == rule)?;
        let window: Window = serde_json::from_slice(value).ok()?;
        self.keys[at].turns.insert(window.turn, key.clone());
        self.keys[at].windows.insert(key.clone(), window);
        self.keys[at].reschedule(&key, &self.rules.correlations[at]);
        Some(())
    }
}

const WINDOW: &str = "window\n";
const ALERT: &str = "alerts\n";
const CLOCK: &str = "clock";

fn row_key(kind: &str, rule: &str, key: &Key) -> String {
    format!("{kind}{rule}\n{}", serde_json::to_string(key).unwrap_or_default())
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}

/// A rule's own sentence, or one that says as much as can be said without it.
fn sentence(rule: &Rule) -> &str {
    match (rule.roundsman.why.as_str(), rule.kind) {
        ("", RuleKind::Detection) => "{count} matching records on {hosts} within {duration}.",
        ("", RuleKind::Correlation) => {
            "{count} matching records on {hosts} within {duration}; the rule looks at {timespan}."
        }
        (why, _) => why,
    }
}

impl Keys {
    /// The window of this key, made if it is new, and marked as the youngest.
    fn touch(&mut self, key: &Key, clock: &mut Clock) -> &mut Window {
        if !self.windows.contains_key(key)
            && self.windows.len() >= MAX_KEYS
            && let Some((_, oldest)) = self.turns.pop_first()
        {
            self.remove(&oldest);
            self.evicted += 1;
        }
        clock.turn += 1;
        self.changed.insert(key.clone());
        let window = self.windows.entry(key.clone()).or_default();
        self.turns.remove(&window.turn);
        self.turns.insert(clock.turn, key.clone());
        window.turn = clock.turn;
        window.touched = clock.now;
        window
    }

    fn remove(&mut self, key: &Key) {
        if let Some(window) = self.windows.remove(key) {
            self.turns.remove(&window.turn);
            self.changed.insert(key.clone());
            if let Some(closing) = window.closing {
                self.closing.remove(&(closing, key.clone()));
            }
        }
    }

    /// Keeps `closing` in step with the window.
    fn reschedule(&mut self, key: &Key, correlation: &Correlation) {
        if !correlation.waits() {
            return;
        }
        let Some(window) = self.windows.get_mut(key) else { return };
        let closes = window.closes(correlation);
        if let Some(before) = std::mem::replace(&mut window.closing, closes) {
            self.closing.remove(&(before, key.clone()));
        }
        match closes {
            Some(closes) => {
                self.closing.insert((closes, key.clone()));
            }
            None => self.remove(key),
        }
    }

    /// Drops windows to which no record that is still allowed can add.
    fn sweep(&mut self, correlation: &Correlation, now: Timestamp) {
        if correlation.waits() {
            return;
        }
        let horizon = correlation.span() + ALLOWED_LATENESS;
        let over = |window: &Window| now.duration_since(window.touched) > horizon;
        let gone: Vec<Key> =
            self.windows.iter().filter(|(_, window)| over(window)).map(|(key, _)| key.clone()).collect();
        gone.iter().for_each(|key| self.remove(key));
    }
}
