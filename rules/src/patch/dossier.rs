//! What is known of one asset: its evidence in lanes, each bounded, so that no flood of one kind displaces another.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    activity::Activity,
    course::steps::quote_of,
    fact::{Fact, Item, Observation, Operation, Quote},
};
use crate::{
    Severity,
    inputs::{Scan, Target, advisory::fits},
};

/// Most facts kept per package.
pub const MAX_PER_PACKAGE: usize = 256;
/// Most facts kept per unit, probe or other lane.
pub const MAX_PER_LANE: usize = 64;
/// Most lanes kept per asset; facts of further ones are not kept.
pub const MAX_LANES: usize = 20_000;
/// Most reports kept per asset: the oldest shows where it began, the newest where it stands.
pub const MAX_SCANS: usize = 8;
/// Most alerts of other rules remembered per asset.
pub const MAX_ALERTS: usize = 64;

/// An alert of another rule, as the log review counts it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtherAlert {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How much it matters.
    pub severity: Severity,
    /// Event time of its first record.
    pub first: Timestamp,
    /// Event time of its newest record.
    pub last: Timestamp,
    /// A person said that it was none.
    pub dismissed: bool,
    /// One of its records.
    #[serde(default)]
    pub sample: Option<Arc<Quote>>,
}

/// One asset's evidence.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// Facts by what they are about: `package/libssl3`, `unit/nginx.service`, `boot`, …
    pub lanes: BTreeMap<String, Vec<Item>>,
    /// Reports of scanners, by the time of the scan.
    pub scans: Vec<Scan>,
    /// How much it says.
    pub activity: Activity,
    /// What other rules raised about it.
    pub alerts: VecDeque<OtherAlert>,
    /// Ids of evidence that a case's history cites.
    pub cited: BTreeSet<String>,
    /// Lanes that changed since the last checkpoint.
    pub changed: BTreeSet<String>,
}

impl Dossier {
    /// Keeps what an observation says; `false` where it was known already.
    pub fn keep(&mut self, observation: &Observation, seq: u64) -> Vec<String> {
        let mut lanes = Vec::new();
        for (lane, fact) in lanes_of(&observation.fact) {
            let item = Item { at: observation.at, seq, quote: observation.quote.clone(), fact };
            if self.file(&lane, item) {
                lanes.push(lane);
            }
        }
        lanes
    }

    /// Keeps an observation under one name; `false` where it was known already.
    pub fn keep_under(&mut self, lane: &str, observation: &Observation, seq: u64) -> bool {
        let Observation { at, quote, fact, .. } = observation.clone();
        self.file(lane, Item { at, seq, quote, fact })
    }

    fn file(&mut self, lane: &str, item: Item) -> bool {
        if !self.lanes.contains_key(lane) && self.lanes.len() >= MAX_LANES {
            return false;
        }
        let items = self.lanes.entry(lane.to_owned()).or_default();
        if items.iter().any(|i| i.quote.id == item.quote.id && i.fact == item.fact) {
            return false;
        }
        let at = items.partition_point(|i| (i.at, i.fact.rank(), i.seq) <= (item.at, item.fact.rank(), item.seq));
        if at.checked_sub(1).is_some_and(|before| says_nothing_new(&items[before], &item)) {
            return false;
        }
        items.insert(at, item);
        thin_lists(items, at);
        let most = if lane.starts_with("package/") { MAX_PER_PACKAGE } else { MAX_PER_LANE };
        if items.len() > most {
            items.remove(least_telling(items, &self.cited));
        }
        self.changed.insert(lane.to_owned());
        true
    }

    /// Keeps a scanner's report; the same file again replaces it.
    pub fn keep_scan(&mut self, scan: Scan) -> bool {
        if self.scans.contains(&scan) {
            return false;
        }
        self.scans.retain(|s| s.file != scan.file || s.at != scan.at);
        let at = self.scans.partition_point(|s| s.at <= scan.at);
        self.scans.insert(at, scan);
        if self.scans.len() > MAX_SCANS {
            let cited = |scan: &Scan| self.cited.contains(&quote_of(scan).id);
            let last = self.scans.len() - 1;
            let victim = (1..last).find(|i| !cited(&self.scans[*i])).unwrap_or(1);
            self.scans.remove(victim);
        }
        self.changed.insert("scans".to_owned());
        true
    }

    /// Remembers an alert of another rule in its newest form.
    pub fn keep_alert(&mut self, alert: OtherAlert) {
        if let Some(known) = self.alerts.iter_mut().find(|a| a.id == alert.id) {
            *known = alert;
        } else {
            if self.alerts.len() == MAX_ALERTS {
                self.alerts.pop_front();
            }
            self.alerts.push_back(alert);
        }
        self.changed.insert("alerts".to_owned());
    }

    /// The facts of a lane.
    pub fn lane(&self, lane: &str) -> &[Item] {
        self.lanes.get(lane).map_or(&[], Vec::as_slice)
    }

    /// The facts of the packages that a target is about.
    pub fn packages<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a [Item]> + 'a {
        target.packages.iter().flat_map(move |pattern| {
            let head = format!("package/{}", pattern.split('*').next().unwrap_or_default());
            let lanes = self.lanes.range(head.clone()..).take_while(move |(lane, _)| lane.starts_with(&head));
            lanes.filter(|(lane, _)| fits(pattern, &lane["package/".len()..])).map(|(_, items)| items.as_slice())
        })
    }

    /// The facts of all lanes under a prefix, with the rest of the lane's name.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a [Item])> + 'a {
        self.lanes
            .range(prefix.to_owned()..)
            .take_while(move |(lane, _)| lane.starts_with(prefix))
            .map(move |(lane, items)| (&lane[prefix.len()..], items.as_slice()))
    }
}

/// Which of a lane's items goes first: the oldest that says the same as those before and after it, else the oldest. What
/// a case cites stays.
fn least_telling(items: &[Item], cited: &BTreeSet<String>) -> usize {
    let free = |i: &usize| !cited.contains(&items[*i].quote.id);
    let repeats = |i: &usize| items[*i - 1].fact == items[*i].fact && items[*i].fact == items[*i + 1].fact;
    let repeated = (1..items.len().saturating_sub(1)).find(|i| free(i) && repeats(i));
    repeated.or_else(|| (0..items.len()).find(free)).unwrap_or(0)
}

/// Devices that name their version in every line say something new only when it changes, or an hour later.
fn says_nothing_new(before: &Item, item: &Item) -> bool {
    const HOUR: i64 = 3_600;
    let same_hour = before.at.as_second().div_euclid(HOUR) == item.at.as_second().div_euclid(HOUR);
    let states = matches!(item.fact, Fact::Runs { .. });
    states && same_hour && before.fact == item.fact && before.quote.trust >= item.quote.trust
}

/// Of three lists in a row that say the same, the middle one says nothing.
fn thin_lists(items: &mut Vec<Item>, at: usize) {
    let lists = |item: &Item| matches!(item.fact, Fact::Listed { .. } | Fact::Runs { .. });
    let same = |a: &Item, b: &Item| lists(a) && a.fact == b.fact && a.quote.trust <= b.quote.trust;
    for middle in [at.saturating_sub(1), at, at + 1] {
        if middle > 0 && middle + 1 < items.len() {
            let (before, this, after) = (&items[middle - 1], &items[middle], &items[middle + 1]);
            if same(before, this) && same(this, after) {
                items.remove(middle);
                return;
            }
        }
    }
}

/// Under which lanes a fact is filed. A transaction is filed under each of its packages, with that one's part.
fn lanes_of(fact: &Fact) -> Vec<(String, Fact)> {
    let package = |name: &str| vec![(format!("package/{name}"), fact.clone())];
    let unit = |name: &str, description: &str| {
        let name = if name.is_empty() { description } else { name };
        vec![(format!("unit/{name}"), fact.clone())]
    };
    match fact {
        Fact::Begins(operation) => package(&operation.package),
        Fact::Status { package: name, .. }
        | Fact::Broken { package: name, .. }
        | Fact::ScriptFailed { package: name, .. }
        | Fact::Listed { package: name, .. } => package(name),
        Fact::Transaction { operations, end, error, command } => {
            let mut by_package: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
            for operation in operations {
                by_package.entry(&operation.package).or_default().push(operation.clone());
            }
            if operations.is_empty() && error.is_some() {
                return vec![("transaction".into(), fact.clone())];
            }
            let part = |operations| Fact::Transaction {
                operations,
                end: *end,
                error: error.clone(),
                command: command.clone(),
            };
            by_package.into_iter().map(|(name, ops)| (format!("package/{name}"), part(ops))).collect()
        }
        Fact::UpdaterStarts | Fact::UpdaterPretends | Fact::Held { .. } => vec![("updater".into(), fact.clone())],
        Fact::Boot { .. } | Fact::Rebooting | Fact::StartupFinished | Fact::Livepatched { .. } => {
            vec![("boot".into(), fact.clone())]
        }
        Fact::Crash => vec![("crash".into(), fact.clone())],
        Fact::Started { unit: u } | Fact::Failed { unit: u } | Fact::Looping { unit: u, .. } => {
            unit(&u.name, &u.description)
        }
        Fact::NeedsReport | Fact::NeedsKnown | Fact::NeedsRestart { .. } => vec![("needrestart".into(), fact.clone())],
        Fact::Patch { name, .. } => vec![(format!("update/{name}"), fact.clone())],
        Fact::Update { name, .. } => vec![(format!("update/{name}"), fact.clone())],
        Fact::Firmware { .. } => vec![("boot".into(), fact.clone())],
        Fact::Runs { product, .. } => vec![(format!("runs/{product}"), fact.clone())],
        Fact::Pod { pod, .. } | Fact::PodFails { pod } => vec![(format!("pod/{pod}"), fact.clone())],
        Fact::Updater { name, .. } => vec![(format!("runner/{name}"), fact.clone())],
        Fact::Backup { .. } => vec![("backup".into(), fact.clone())],
        Fact::Machine { .. } => vec![("machine".into(), fact.clone())],
        Fact::Probe { name, .. } => vec![(format!("probe/{name}"), fact.clone())],
    }
}
