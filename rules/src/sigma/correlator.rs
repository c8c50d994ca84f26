//! Correlations over surviving matches, and the alerts of all rules.
//!
//! All that is remembered between two records is bounded in bytes ([`Limits`]). While there is room every key has a
//! window. When it gets short, new keys pass the [doorkeeper](super::doorkeeper) first, and windows that are farthest
//! from what their correlation asks for make room; both are counted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use roundsman_ingest::Event;
use serde::{Deserialize, Serialize};

use super::{
    correlation::Correlation,
    doorkeeper::{Doorkeeper, Mark},
    exception::{ExceptionUse, Exceptions},
    hash::Hash,
    instant::{Nanos, length, nanos, timestamp},
    ledger::{Counted, Ended, Ledger, Manner, Open, Speaker},
    limits::Limits,
    quote::{Quote, event_bytes},
    reading::Reading,
    rule::{Rule, RuleKind},
    set::RuleSet,
    skew::Skews,
    table::Table,
    watched::Watched,
    window::{Sighting, Window},
    wording::Wording,
};
use crate::{
    Alert, Status,
    stage::{StateRows, Survivor},
};

/// How often windows are looked through for those that nothing can add to.
const SWEEP: SignedDuration = SignedDuration::from_mins(10);

/// Most windows that are dropped at a time because their time is over; the others follow a minute later. It bounds the
/// pause.
const MAX_SWEPT: usize = 2_000;

/// With this many matches a key passes the doorkeeper, unless its correlation can be met by fewer.
const ADMITTED_AT: u64 = 3;

/// Most windows that make room for one match.
const MAX_GIVEN_UP: usize = 8;

/// Gives an asset's name in the inventory for a host's own name.
pub type HostNames = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The state of all rules: what correlations have counted, and which alerts are open.
///
/// Called by the stage, in journal order; time is the records' receive time and never goes backwards. Each alert is
/// given out when it is raised and when it clears, and, if it has counted on, at the next tick.
pub struct Correlator {
    rules: Arc<RuleSet>,
    names: HostNames,
    limits: Limits,
    /// Which rules raise alerts.
    raises: Vec<bool>,
    manners: Vec<Manner>,
    /// Where the hashes of each rule's keys begin.
    seeds: Vec<Hash>,
    tables: Vec<Table>,
    /// What the windows of all tables take.
    bytes: usize,
    door: Option<Doorkeeper>,
    ledger: Ledger,
    skews: Skews,
    exceptions: Exceptions,
    watched: Watched,
    clock: Clock,
    /// Rows that are in the store and mean nothing any more.
    stale: Vec<String>,
}

/// What a correlation keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrelationSize {
    /// The rule's id.
    pub rule: String,
    /// Keys remembered.
    pub keys: usize,
    /// What their windows take in memory.
    pub bytes: usize,
    /// Keys that had to make room since the start.
    pub evicted: u64,
}

/// What the state of all rules takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StateSize {
    /// Bytes of windows.
    pub windows: usize,
    /// Bytes of open alerts.
    pub alerts: usize,
    /// Bytes of the doorkeeper's table; zero while memory is not short.
    pub door: usize,
    /// Most bytes that all of it may take.
    pub limit: u64,
    /// Windows that had to make room since the start.
    pub evicted: u64,
    /// Matches that the doorkeeper had to forget while they could still have counted.
    pub forgotten: u64,
}

impl StateSize {
    /// All of it, in bytes.
    pub fn total(&self) -> usize {
        self.windows + self.alerts + self.door
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Clock {
    swept: Timestamp,
    /// How many records have been absorbed.
    record: u64,
    /// The receive time of the last call.
    now: Timestamp,
}

/// A surviving event, as all rules that it matches see it.
struct Sight<'s> {
    event: &'s Arc<Event<'static>>,
    /// Event time, by a clock set right.
    at: Nanos,
    now: Nanos,
    record: u64,
    /// What each that remembers it takes on of its bytes.
    bytes: u32,
}

impl Sight<'_> {
    fn sighting(&self, leaf: u32, tag: u64) -> Sighting {
        let Sight { at, record, bytes, .. } = *self;
        Sighting { at, tag, record, leaf, bytes, quote: Quote::Event(self.event.clone()) }
    }
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
        let manner = |rule: u32| {
            let why = Wording::read(sentence(rules.rule(rule)));
            let correlation = by_rule.get(&rule);
            let reading = match correlation {
                Some(correlation) => Some(Reading::of_correlation(&rules, correlation, &why)),
                None if raises[rule as usize] => Some(Reading::of_detection(&rules, rule, &why)),
                None => None,
            };
            Manner { why, timespan: correlation.map_or(0, |c| c.timespan), reading }
        };
        let manners = (0..count).map(manner).collect();
        let seeds = rules.rules().iter().map(|rule| Hash::of(&rule.id)).collect();
        let tables = rules.correlations.iter().map(|_| Table::default()).collect();
        let exceptions = Exceptions::of(&rules);
        Correlator {
            limits: *rules.limits(),
            rules,
            names,
            raises,
            manners,
            seeds,
            tables,
            bytes: 0,
            door: None,
            ledger: Ledger::default(),
            skews: Skews::default(),
            exceptions,
            watched: Watched::default(),
            clock: Clock::default(),
            stale: Vec::new(),
        }
    }

    /// Uses these rules from now on; what was counted and raised for rules that stay goes on. Alerts of rules that are
    /// gone clear at the next tick.
    pub fn reload(&mut self, rules: Arc<RuleSet>) {
        let mut next = Correlator::new(rules.clone(), self.names.clone());
        let by_id: BTreeMap<&str, u32> = rules.rules().iter().map(|rule| &*rule.id).zip(0..).collect();
        let old = self.rules.clone();
        let number = |rule: u32| by_id.get(&*old.rules().get(rule as usize)?.id).copied();
        for (table, correlation) in std::mem::take(&mut self.tables).into_iter().zip(&old.correlations) {
            let heir = number(correlation.rule).and_then(|rule| rules.correlations.iter().position(|c| c.rule == rule));
            match heir.filter(|at| same_windows(&old, correlation, &rules, &rules.correlations[*at])) {
                Some(at) => {
                    next.tables[at] = table;
                    next.tables[at].renumber(&|leaf| number(leaf).unwrap_or(u32::MAX));
                }
                None => {
                    let id = &old.rule(correlation.rule).id;
                    next.stale.extend(table.stored().map(|hash| row_key(WINDOW, id, hash)));
                }
            }
        }
        next.bytes = next.tables.iter().map(Table::bytes).sum();
        let ledger = std::mem::take(&mut self.ledger);
        let (ledger, gone) = ledger.renumbered(&number, |rule| next.speaker(rule));
        next.ledger = ledger;
        next.stale.extend(gone.into_iter().map(|(rule, hash)| row_key(ALERT, &old.rule(rule).id, hash)));
        next.stale.append(&mut self.stale);
        self.exceptions.uses().for_each(|(id, used)| _ = next.exceptions.restore(id, used));
        (next.door, next.skews, next.clock) = (self.door.take(), std::mem::take(&mut self.skews), self.clock);
        next.watched = self.watched.under(&rules);
        *self = next;
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// A person gave an alert another status. A closed alert counts no further: what comes later is a new one.
    pub fn set_status(&mut self, id: &str, status: Status, out: &mut Vec<Alert>) {
        let (mut ledger, this) = (std::mem::take(&mut self.ledger), &*self);
        ledger.set_status(id, status, |rule| this.speaker(rule), out);
        self.ledger = ledger;
    }

    /// From now on hosts are named so: the inventory has changed.
    pub fn set_names(&mut self, names: HostNames) {
        self.names = names;
    }

    /// From now on these hosts are watched: what counts matches asks for so many percent of them there.
    pub fn set_watched(&mut self, hosts: Arc<BTreeSet<String>>, percent: u32) {
        self.watched = Watched::new(hosts, percent, &self.rules);
    }

    /// How a correlation is judged for the host of this event.
    fn judged<'c>(&'c self, at: usize, correlation: &'c Correlation, event: &Event<'_>) -> &'c Correlation {
        if self.watched.is_empty() {
            return correlation;
        }
        let host = event.host().map(|host| (self.names)(&host));
        host.and_then(|host| self.watched.eager(at, &host)).unwrap_or(correlation)
    }

    fn speaker(&self, number: u32) -> Speaker<'_> {
        let manner = &self.manners[number as usize];
        Speaker { number, rule: self.rules.rule(number), manner, names: &*self.names, limits: &self.limits }
    }

    fn lateness(&self) -> Nanos {
        length(self.limits.lateness)
    }

    /// Takes up one surviving event. `now` is its receive time.
    pub fn absorb(&mut self, survivor: &Survivor, now: Timestamp, out: &mut Vec<Alert>) {
        self.clock.now = now;
        if self.tables.iter().all(Table::is_empty) {
            self.clock.swept = now;
        }
        self.clock.record += 1;
        let rules = self.rules.clone();
        let (event, now) = (&survivor.event, nanos(now));
        let host = event.host();
        let at = self.skews.place(host.as_deref().unwrap_or_default(), nanos(event.at()), now, self.lateness());
        let sharers: usize = survivor.matches.iter().map(|rule| rules.feeds[*rule as usize].len()).sum();
        let bytes = u32::try_from(event_bytes(event) / sharers.max(1)).unwrap_or(u32::MAX);
        let sight = Sight { event, at, now, record: self.clock.record, bytes };
        for &rule in &survivor.matches {
            if self.exceptions.except(rule, rule, event, now) {
                continue;
            }
            if self.raises[rule as usize] {
                self.sight(rule, &sight, out);
            }
            self.feed(&rules, rule, rule, &sight, out);
        }
    }

    /// A match of a rule that raises alerts of its own.
    fn sight(&mut self, rule: u32, sight: &Sight, out: &mut Vec<Alert>) {
        let (mut ledger, this) = (std::mem::take(&mut self.ledger), &*self);
        let (speaker, seed) = (this.speaker(rule), this.seeds[rule as usize]);
        if let Some(reading) = &speaker.manner.reading {
            let hash = reading.group(rule, sight.event, seed).unwrap_or(seed.finish());
            let (key, sighting) = ((rule, hash), sight.sighting(rule, 0));
            if ledger.count(&key, &sighting, false, &speaker, sight.now, out) == Counted::No {
                let name = || reading.key(&reading.values(rule, sight.event));
                ledger.raise(key, name, &speaker, std::iter::once(&sighting), sight.now, out);
            }
        }
        self.ledger = ledger;
    }

    /// Gives a match to the correlations that wait for it; what they find is given on. `leaf` is the detection rule that
    /// saw the event.
    fn feed(&mut self, rules: &RuleSet, rule: u32, leaf: u32, sight: &Sight, out: &mut Vec<Alert>) {
        for &at in &rules.feeds[rule as usize] {
            let correlation = &rules.correlations[at as usize];
            let Some(reading) = &self.manners[correlation.rule as usize].reading else { continue };
            let Some(place) = correlation.rules.iter().position(|fed| *fed == rule) else { continue };
            if self.exceptions.except(correlation.rule, leaf, sight.event, sight.now) {
                continue;
            }
            let seed = self.seeds[correlation.rule as usize];
            let Some(hash) = reading.group(leaf, sight.event, seed) else { continue };
            let Some(tag) = reading.tag(leaf, sight.event, place as u64) else { continue };
            if self.correlate(rules, at as usize, hash, sight.sighting(leaf, tag), sight, out) {
                self.feed(rules, correlation.rule, leaf, sight, out);
            }
        }
    }

    /// Counts a match in its window; whether the correlation is met now.
    fn correlate(
        &mut self,
        rules: &RuleSet,
        at: usize,
        hash: u64,
        sighting: Sighting,
        sight: &Sight,
        out: &mut Vec<Alert>,
    ) -> bool {
        let correlation = &rules.correlations[at];
        let key = (correlation.rule, hash);
        let raises = self.raises[correlation.rule as usize];
        let mut ledger = std::mem::take(&mut self.ledger);
        // what waits is counted when its window closes
        let counted = match raises && !correlation.waits() {
            true => ledger.count(&key, &sighting, true, &self.speaker(key.0), sight.now, out),
            false => Counted::Beyond,
        };
        self.ledger = ledger;
        let Some(place) = self.window(correlation, at, hash, &sighting, sight) else { return false };
        let lateness = self.lateness();
        let table = &mut self.tables[at];
        let before = table.bytes();
        let window = table.window_mut(place);
        let from = window.insert(sighting, correlation, lateness);
        window.touched = sight.now;
        let judged = self.judged(at, correlation, sight.event);
        let met = if correlation.waits() { None } else { self.tables[at].window(place).met(judged, from) };
        let table = &mut self.tables[at];
        table.settle(place, correlation, lateness);
        self.bytes = self.bytes + self.tables[at].bytes() - before;
        if let Some(met) = met {
            let (mut ledger, this) = (std::mem::take(&mut self.ledger), &*self);
            let (speaker, window) = (this.speaker(key.0), this.tables[at].window(place));
            let entries = window.entries().range(met.start..);
            match counted {
                Counted::No => {
                    let name = || speaker.manner.reading.as_ref().map(|r| r.key(&window.values)).unwrap_or_default();
                    ledger.raise(key, name, &speaker, entries, sight.now, out);
                }
                // records that came late may show that it began earlier
                Counted::Yes => {
                    let first = ledger.first(&key).unwrap_or(Nanos::MIN);
                    ledger.recount(&key, entries.take_while(|e| e.at < first), &speaker, sight.now);
                }
                Counted::Beyond => {}
            }
            self.ledger = ledger;
        }
        self.make_room(rules);
        met.is_some()
    }

    /// The window of this key. A new key gets one at once while there is room; else the doorkeeper marks the match, and
    /// opens once there are enough.
    fn window(
        &mut self,
        correlation: &Correlation,
        at: usize,
        hash: u64,
        sighting: &Sighting,
        sight: &Sight,
    ) -> Option<u32> {
        if let Some(place) = self.tables[at].find(hash) {
            return Some(place);
        }
        let lateness = self.lateness();
        let oldest = sight.now.saturating_sub(correlation.span().saturating_add(lateness));
        if self.bytes + self.ledger.bytes() > self.limits.crowded_bytes() {
            let door = self.door.get_or_insert_with(|| Doorkeeper::new(self.limits.door_bytes()));
            if door.count(hash, oldest) as u64 + 1 < correlation.needed().min(ADMITTED_AT) {
                door.mark(hash, Mark { at: sighting.at, tag: sighting.tag }, oldest);
                return None;
            }
        }
        let marks = self.door.as_mut().map(|door| door.take(hash, oldest)).unwrap_or_default();
        let reading = self.manners[correlation.rule as usize].reading.as_ref()?;
        let values = reading.values(sighting.leaf, sight.event);
        let table = &mut self.tables[at];
        let before = table.bytes();
        let place = table.open(hash, values);
        for Mark { at, tag } in marks {
            let marked = Sighting { at, tag, record: 0, leaf: u32::MAX, bytes: 0, quote: Quote::Nothing };
            table.window_mut(place).insert(marked, correlation, lateness);
        }
        self.bytes = self.bytes + table.bytes() - before;
        Some(place)
    }

    /// Gives up windows while there are too many: those of the correlation that takes most, the least near to what it
    /// asks for first. What they counted goes to the doorkeeper.
    fn make_room(&mut self, rules: &RuleSet) {
        for _ in 0..MAX_GIVEN_UP {
            if self.bytes + self.ledger.bytes() <= self.limits.full_bytes() {
                return;
            }
            let Some(at) = (0..self.tables.len()).max_by_key(|at| self.tables[*at].bytes()) else { return };
            let table = &mut self.tables[at];
            let Some(victim) = table.victim() else { return };
            let hash = table.hash(victim);
            let door = self.door.get_or_insert_with(|| Doorkeeper::new(self.limits.door_bytes()));
            let span = rules.correlations[at].span().saturating_add(length(self.limits.lateness));
            let oldest = nanos(self.clock.now).saturating_sub(span);
            for entry in table.window(victim).entries().iter().filter(|entry| entry.at >= oldest) {
                door.mark(hash, Mark { at: entry.at, tag: entry.tag }, oldest);
            }
            let before = table.bytes();
            table.remove(victim);
            table.evicted += 1;
            self.bytes = self.bytes + table.bytes() - before;
        }
    }

    /// Time passes.
    pub fn tick(&mut self, now: Timestamp, out: &mut Vec<Alert>) {
        self.clock.now = now;
        let rules = self.rules.clone();
        for (at, correlation) in rules.correlations.iter().enumerate() {
            while let Some(place) = self.tables[at].due(nanos(now)) {
                self.close(at, correlation, place, nanos(now), out);
            }
        }
        self.sweep(&rules, now);
        let (mut ledger, this) = (std::mem::take(&mut self.ledger), &*self);
        let ended = ledger.tick(|rule| this.speaker(rule), nanos(now), out);
        for ended in ended {
            this.begin_again(&mut ledger, ended, nanos(now), out);
        }
        self.ledger = ledger;
    }

    /// Drops windows to which no record that is still allowed can add, and the doorkeeper when all are young again.
    fn sweep(&mut self, rules: &RuleSet, now: Timestamp) {
        if now.duration_since(self.clock.swept) < SWEEP {
            return;
        }
        let (mut left, mut longest) = (MAX_SWEPT, 0);
        for (table, correlation) in self.tables.iter_mut().zip(&rules.correlations).filter(|(_, c)| !c.waits()) {
            let horizon = correlation.span().saturating_add(length(self.limits.lateness));
            longest = longest.max(horizon);
            left -= table.expire(nanos(now).saturating_sub(horizon), left);
        }
        self.bytes = self.tables.iter().map(Table::bytes).sum();
        let idle = |door: &mut Doorkeeper| door.used.saturating_add(longest) < nanos(now);
        self.door.take_if(idle);
        let again = if left == 0 { SignedDuration::from_mins(1) - SWEEP } else { SignedDuration::ZERO };
        self.clock.swept = now.saturating_add(again).unwrap_or(now);
    }

    /// An alert is over, and matches beyond its quiet time begin the next.
    fn begin_again(&self, ledger: &mut Ledger, ended: Ended, now: Nanos, out: &mut Vec<Alert>) {
        let Ended { key, name, beyond, more } = ended;
        let speaker = self.speaker(key.0);
        let Some(at) = self.rules.correlations.iter().position(|c| c.rule == key.0) else {
            ledger.raise(key, || name, &speaker, beyond.iter(), now, out);
            return ledger.add_more(&key, more);
        };
        let (correlation, Some(place)) = (&self.rules.correlations[at], self.tables[at].find(key.1)) else { return };
        let window = self.tables[at].window(place);
        let Some(first) = beyond.first() else { return };
        let from = window.entries().partition_point(|e| e.at < first.at);
        let met = (from..window.entries().len()).find_map(|from| window.met(correlation, from));
        if let Some(met) = met.filter(|_| !correlation.waits()) {
            ledger.raise(key, || name, &speaker, window.entries().range(met.start..), now, out);
        }
    }

    fn close(&mut self, at: usize, correlation: &Correlation, place: u32, now: Nanos, out: &mut Vec<Alert>) {
        let (lateness, before) = (self.lateness(), self.tables[at].bytes());
        let hash = self.tables[at].hash(place);
        let window = self.tables[at].window_mut(place);
        let values = window.values.clone();
        let (matches, met) = window.close(correlation);
        self.tables[at].settle(place, correlation, lateness);
        self.bytes = self.bytes + self.tables[at].bytes() - before;
        if !met || !self.raises[correlation.rule as usize] {
            return;
        }
        let (mut ledger, this) = (std::mem::take(&mut self.ledger), &*self);
        let (key, speaker) = ((correlation.rule, hash), this.speaker(correlation.rule));
        let mut counted = Counted::No;
        for sighting in &matches {
            counted = ledger.count(&key, sighting, false, &speaker, now, out);
        }
        if counted == Counted::No {
            let name = || speaker.manner.reading.as_ref().map(|r| r.key(&values)).unwrap_or_default();
            ledger.raise(key, name, &speaker, matches.iter(), now, out);
        }
        self.ledger = ledger;
    }

    /// Gives out all alerts that have counted on since they were last given out: the end of a replay.
    pub fn flush(&mut self, out: &mut Vec<Alert>) {
        let (mut ledger, this) = (std::mem::take(&mut self.ledger), &*self);
        ledger.flush(|rule| this.speaker(rule), out);
        self.ledger = ledger;
    }

    /// When something is due, as far as is known; never too late.
    pub fn next_due(&self) -> Option<Timestamp> {
        let closing = self.tables.iter().filter_map(Table::closes).min();
        let own = closing.into_iter().chain(self.ledger.next_due()).min();
        let own = own.map(|at| timestamp(at).max(self.clock.now));
        let windows = self.tables.iter().any(|table| !table.is_empty());
        let sweep = windows.then(|| self.clock.swept.saturating_add(SWEEP).unwrap_or(Timestamp::MAX));
        own.into_iter().chain(sweep).min()
    }

    /// What each correlation keeps.
    pub fn sizes(&self) -> Vec<CorrelationSize> {
        let sizes = self.rules.correlations.iter().zip(&self.tables).map(|(correlation, table)| CorrelationSize {
            rule: self.rules.rule(correlation.rule).id.clone(),
            keys: table.len(),
            bytes: table.bytes(),
            evicted: table.evicted,
        });
        sizes.collect()
    }

    /// How often each exception has suppressed a match, by id.
    pub fn exceptions(&self) -> impl Iterator<Item = (&str, ExceptionUse)> {
        self.exceptions.uses()
    }

    /// What all of it takes.
    pub fn size(&self) -> StateSize {
        StateSize {
            windows: self.bytes,
            alerts: self.ledger.bytes(),
            door: self.door.as_ref().map_or(0, Doorkeeper::bytes),
            limit: self.limits.state_bytes,
            evicted: self.tables.iter().map(|table| table.evicted).sum(),
            forgotten: self.door.as_ref().map_or(0, |door| door.forgotten),
        }
    }

    /// The rows that have changed since the last checkpoint. What only the doorkeeper remembers is not among them.
    pub fn checkpoint(&mut self) -> StateRows {
        let mut rows: StateRows = std::mem::take(&mut self.stale).into_iter().map(|key| (key, None)).collect();
        let (mut tables, mut ledger) = (std::mem::take(&mut self.tables), std::mem::take(&mut self.ledger));
        let this = &*self;
        for (table, correlation) in tables.iter_mut().zip(&this.rules.correlations) {
            let speaker = this.speaker(correlation.rule);
            table.take_changed(|hash, window| {
                let row = window.map(|window| {
                    if let Some(reading) = &speaker.manner.reading {
                        window.entries_mut().for_each(|e| _ = e.quote.note(e.leaf, reading, speaker.names));
                    }
                    json(window)
                });
                rows.push((row_key(WINDOW, &speaker.rule.id, hash), row.flatten()));
            });
        }
        ledger.checkpoint(
            |rule| this.speaker(rule),
            |key, open| rows.push((row_key(ALERT, &this.rules.rule(key.0).id, key.1), open.and_then(json))),
        );
        rows.extend(
            ledger.turns().take_changed().map(|(hash, turn)| (row_key(TURN, "", hash), turn.as_ref().and_then(json))),
        );
        (self.tables, self.ledger) = (tables, ledger);
        for host in std::mem::take(&mut self.skews.changed) {
            rows.push((format!("{SKEW}{host}"), self.skews.get(&host).and_then(json)));
        }
        let used = self.exceptions.take_changed();
        rows.extend(used.map(|(id, used)| (format!("{EXCEPTION}{id}"), json(&used))));
        if !rows.is_empty() {
            rows.push((SIZE.into(), json(&self.size())));
            rows.push((CLOCK.into(), json(&self.clock)));
        }
        rows
    }

    /// Takes up what checkpoints have stored. Rows of rules that are gone are dropped from the store at the next one.
    pub fn restore(&mut self, rows: impl IntoIterator<Item = (String, Vec<u8>)>) {
        let mut windows: Vec<Vec<(u64, Window)>> = self.tables.iter().map(|_| Vec::new()).collect();
        let mut turns = Vec::new();
        for (row, value) in rows {
            let kind = row.split_at_checked(WINDOW.len()).map_or("", |(kind, _)| kind);
            let known = match kind {
                WINDOW => self.restored_window(&row, &value).map(|(at, hash, window)| windows[at].push((hash, window))),
                TURN => split_row(&row)
                    .and_then(|(_, hash)| Some((hash, serde_json::from_slice(&value).ok()?)))
                    .map(|turn| turns.push(turn)),
                _ => self.restore_row(&row, &value),
            };
            if known.is_none() {
                self.stale.push(row);
            }
        }
        self.ledger.turns().restore(turns);
        let (rules, lateness) = (self.rules.clone(), self.lateness());
        for ((table, windows), correlation) in self.tables.iter_mut().zip(windows).zip(&rules.correlations) {
            table.restore(windows, correlation, lateness);
        }
        self.bytes = self.tables.iter().map(Table::bytes).sum();
    }

    fn restored_window(&self, row: &str, value: &[u8]) -> Option<(usize, u64, Window)> {
        let (id, hash) = split_row(row)?;
        let rule = self.rules.find(id)?;
        let at = self.rules.correlations.iter().position(|c| c.rule == rule)?;
        let window: Window = serde_json::from_slice(value).ok()?;
        (window.values.len() == self.rules.correlations[at].group_by.len()).then_some((at, hash, window))
    }

    fn restore_row(&mut self, row: &str, value: &[u8]) -> Option<()> {
        if row == CLOCK {
            self.clock = serde_json::from_slice(value).ok()?;
        } else if row == SIZE {
            // for those who look into the store
        } else if let Some(id) = row.strip_prefix(EXCEPTION) {
            self.exceptions.restore(id, serde_json::from_slice(value).ok()?)?;
        } else if let Some(host) = row.strip_prefix(SKEW) {
            self.skews.restore(host, serde_json::from_slice(value).ok()?);
        } else if row.starts_with(ALERT) {
            let (id, hash) = split_row(row)?;
            let open: Open = serde_json::from_slice(value).ok()?;
            let mut ledger = std::mem::take(&mut self.ledger);
            let rule = self.rules.find(id);
            ledger.restore(hash, open, rule.map(|rule| self.speaker(rule)).as_ref());
            self.ledger = ledger;
            rule?;
        } else {
            return None;
        }
        Some(())
    }
}

const WINDOW: &str = "window\n";
const ALERT: &str = "alerts\n";
const TURN: &str = "alturn\n";
const SKEW: &str = "skew\n";
const EXCEPTION: &str = "exception\n";
const SIZE: &str = "size";
const CLOCK: &str = "clock";

fn row_key(kind: &str, rule: &str, hash: u64) -> String {
    format!("{kind}{rule}\n{hash:016x}")
}

/// Rule id and hash of a row.
fn split_row(row: &str) -> Option<(&str, u64)> {
    let (_, rest) = row.split_once('\n')?;
    let (id, hash) = rest.rsplit_once('\n')?;
    Some((id, u64::from_str_radix(hash, 16).ok()?))
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}

/// Whether what one correlation has counted means the same to the other.
fn same_windows(old: &RuleSet, one: &Correlation, new: &RuleSet, other: &Correlation) -> bool {
    let fed = |rules: &RuleSet, correlation: &Correlation| -> Vec<String> {
        correlation.rules.iter().map(|rule| rules.rule(*rule).id.clone()).collect()
    };
    one.group_by == other.group_by && one.kind == other.kind && fed(old, one) == fed(new, other)
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
