//! The evidence of one case, in the order in which it happened.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;

use super::*;
use crate::alert::evidence_id;

/// A fact of the case and its place in time.
pub struct Step<'a> {
    pub at: Timestamp,
    rank: u8,
    seq: u64,
    pub what: What<'a>,
}

/// What a step is.
pub enum What<'a> {
    /// A log line's fact.
    Fact(&'a Item),
    /// A transaction of the package manager begins.
    Starts(Arc<Transaction>),
    /// A transaction of the package manager ends, or is cut off.
    Ends(Arc<Transaction>),
    /// A boot line that more trusted evidence contradicts.
    Contested(&'a Item, &'a Item),
    /// A scanner has looked.
    Scanned(&'a Scan),
    /// A person has decided.
    Decided(usize),
    /// The inventory says so: what it runs.
    Inventory(&'a str),
    /// Another advisory covers this one.
    Superseded(&'a str),
    /// The asset leaves.
    Retired,
}

/// A transaction as far as this case's packages are concerned.
pub struct Transaction {
    pub quote: Arc<Quote>,
    pub operations: Vec<Operation>,
    pub end: Option<Timestamp>,
    pub error: Option<String>,
    pub command: Option<String>,
}

/// A transaction's end comes after all lines of its last second.
const LAST: u8 = 9;
/// Boot lines of the same boot on two ways arrive within this.
const SAME_BOOT: Duration = Duration::hours(1);

/// All steps, sorted.
pub fn of<'a>(s: &'a Subject<'a>) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut transactions: BTreeMap<&str, (Timestamp, u64, Transaction)> = BTreeMap::new();
    for items in s.dossier.packages(s.target) {
        for item in items {
            if let Fact::Transaction { operations, end, error, command } = &item.fact {
                let (_, _, whole) = transactions.entry(&item.quote.id).or_insert_with(|| {
                    let (error, command) = (error.clone(), command.clone());
                    let quote = item.quote.clone();
                    (item.at, item.seq, Transaction { quote, operations: Vec::new(), end: *end, error, command })
                });
                whole.operations.extend(operations.iter().cloned());
            } else {
                steps.push(fact(item));
            }
        }
    }
    for item in s.dossier.lane("transaction") {
        if let Fact::Transaction { end, error, .. } = &item.fact {
            let (quote, error) = (item.quote.clone(), error.clone());
            let whole = Transaction { quote, operations: Vec::new(), end: *end, error, command: None };
            transactions.insert(&item.quote.id, (item.at, item.seq, whole));
        }
    }
    for (at, seq, transaction) in transactions.into_values() {
        let end = transaction.end.unwrap_or(at).max(at);
        let transaction = Arc::new(transaction);
        steps.push(Step { at, rank: 1, seq, what: What::Starts(transaction.clone()) });
        steps.push(Step { at: end, rank: LAST, seq, what: What::Ends(transaction) });
    }
    for prefix in ["unit/", "crash", "needrestart", "updater"] {
        steps.extend(s.dossier.under(prefix).flat_map(|(_, items)| items).map(fact));
    }
    steps.extend(claims(s));
    match Tells::of(s.advisory, s.target) {
        Tells::Pods => steps.extend(s.dossier.under("pod/").flat_map(|(_, items)| items).map(fact)),
        Tells::Packages | Tells::Kernel | Tells::System => {}
    }
    let own = [&s.advisory.id, &s.target.product].into_iter().chain(&s.target.packages);
    for name in own.collect::<BTreeSet<_>>() {
        steps.extend(s.dossier.lane(&format!("update/{name}")).iter().map(fact));
    }
    steps.extend(s.dossier.scans.iter().map(|scan| Step { at: scan.at, rank: 5, seq: 0, what: What::Scanned(scan) }));
    let plain = |at, what| Step { at, rank: 0, seq: 0, what };
    steps.extend(s.decisions.iter().enumerate().map(|(i, d)| plain(d.at, What::Decided(i))));
    steps.extend(s.superseded.map(|(by, at)| plain(at, What::Superseded(by))));
    steps.extend(s.asset.retired.filter(|at| *at <= s.now).map(|at| plain(at, What::Retired)));
    steps.extend(s.asset.version.as_deref().map(|v| plain(Timestamp::MIN, What::Inventory(v))));
    steps.sort_by_key(|step| (step.at, step.rank, step.seq));
    steps
}

fn fact(item: &Item) -> Step<'_> {
    Step { at: item.at, rank: item.fact.rank(), seq: item.seq, what: What::Fact(item) }
}

/// The version that an item claims to be running.
pub fn version(item: &Item) -> Option<&str> {
    match &item.fact {
        Fact::Boot { version } => version.as_deref(),
        Fact::Runs { version, .. } => Some(version),
        _ => None,
    }
}

/// What the asset says of the version that runs, and what else its boot lane holds. A claim is contested where more
/// trusted evidence of what runs says otherwise and nothing of that trust has agreed since. Lower trust never overrides
/// higher.
fn claims<'a>(s: &'a Subject<'a>) -> Vec<Step<'a>> {
    let mut lane: Vec<&Item> = s.dossier.lane("boot").iter().collect();
    lane.extend(s.dossier.under("runs/").flat_map(|(_, items)| items));
    lane.sort_by_key(|item| (item.at, item.fact.rank(), item.seq));
    let step = |(i, item): (usize, &&'a Item)| {
        let Some(says) = version(item) else { return fact(item) };
        let better = |other: &&&Item| other.quote.trust > item.quote.trust && version(other).is_some();
        let before = lane[..i].iter().rev().find(better);
        let after = lane[i + 1..].iter().find(better).filter(|o| o.at <= SAME_BOOT.after(item.at));
        let denies = |other: &&&Item| version(other) != Some(says);
        let same_boot_agrees = after.is_some_and(|o| !denies(&o));
        match after.filter(denies).or(before.filter(denies)) {
            Some(other) if !same_boot_agrees => {
                Step { at: item.at, rank: item.fact.rank(), seq: item.seq, what: What::Contested(item, other) }
            }
            _ => fact(item),
        }
    };
    lane.iter().enumerate().map(step).collect()
}

/// Scripts of packages that failed, by time.
pub fn failed_scripts<'a>(steps: &[Step<'a>]) -> BTreeSet<(Timestamp, &'a str)> {
    let failed = |step: &Step<'a>| match step.what {
        What::Fact(Item { at, fact: Fact::ScriptFailed { package, .. }, .. }) => Some((*at, package.as_str())),
        _ => None,
    };
    steps.iter().filter_map(failed).collect()
}

/// A scanner's report as evidence.
pub fn quote_of(scan: &Scan) -> Arc<Quote> {
    let database = scan.database.map_or("no database date".to_owned(), |d| format!("database of {d}"));
    Arc::new(Quote {
        id: evidence_id(&scan.asset, &scan.file, scan.tool.as_bytes(), scan.at),
        received: scan.received,
        host: None,
        trust: 3,
        raw: format!("{} report {} of {} ({database})", scan.tool, scan.file, scan.at),
    })
}

impl<'a> Course<'a> {
    /// Lets one step move the case.
    pub(super) fn apply(&mut self, step: &Step<'a>) {
        match &step.what {
            What::Fact(item) => self.fact(item),
            What::Starts(transaction) => {
                for operation in &transaction.operations {
                    self.begins(operation, &transaction.quote);
                }
            }
            What::Ends(transaction) => self.ends(transaction),
            What::Contested(item, other) => self.contested(item, other),
            What::Scanned(scan) => self.scanned(scan),
            What::Decided(number) => self.decision(*number),
            What::Inventory(version) => {
                if self.tells == Tells::System {
                    self.disk.set(&self.s.target.product, "", version, false);
                }
            }
            What::Superseded(by) if self.state.is_some_and(is_open) => {
                self.stop(State::Superseded, format!("{by} covers it"), &[]);
            }
            What::Superseded(_) => {}
            What::Retired if self.state.is_some() => {
                self.stop(State::Retired, "the asset is retired".to_owned(), &[]);
            }
            What::Retired => {}
        }
    }

    fn fact(&mut self, item: &Item) {
        let quote = &item.quote;
        match &item.fact {
            Fact::Begins(operation) => self.begins(operation, quote),
            Fact::Status { package, arch, version, state } => {
                self.status(package, arch, version.as_deref(), *state, quote);
            }
            Fact::Broken { package, words } => self.broken(package, words, quote),
            Fact::Listed { package, arch, version } => self.listed(package, arch, version, quote),
            Fact::Transaction { .. } | Fact::Probe { .. } => {}
            Fact::UpdaterStarts => self.pretends = false,
            Fact::UpdaterPretends => self.pretends = true,
            Fact::Held { package } => self.held(package, quote),
            Fact::Boot { version } => self.boot(version.as_deref(), quote),
            Fact::Rebooting => self.goes_down(quote),
            Fact::StartupFinished => self.returned(),
            Fact::Started { unit } => self.started(unit, quote),
            Fact::Failed { unit } => self.unit_failed(unit, quote),
            Fact::Looping { unit, restarts } => self.loops(unit, *restarts, quote),
            Fact::Crash => self.crash(quote),
            Fact::NeedsReport | Fact::NeedsKnown | Fact::NeedsRestart { .. } => self.needrestart(&item.fact, quote),
            Fact::Livepatched { name } => self.livepatched(name, quote),
            Fact::ScriptFailed { package, words } => self.script_failed(package, words, quote),
            Fact::Patch { name, applied } => self.patch(name, *applied, quote),
            Fact::Update { name, step, code } => self.update(name, *step, code.as_deref(), quote),
            Fact::Firmware { old, new } => self.firmware(old.as_deref(), new, quote),
            Fact::Runs { product, version } => self.states(product, version, quote),
            Fact::Pod { pod, image, ready } => self.pod(pod, image, *ready, quote),
            Fact::PodFails { pod } => self.pod_fails(pod, quote),
            Fact::Machine { .. } | Fact::Updater { .. } | Fact::Backup { .. } => {}
        }
    }

    fn decision(&mut self, number: usize) {
        let decision = &self.s.decisions[number];
        match decision.kind {
            "workaround" if self.state == Some(State::Open) => {
                self.mitigated = self.s.kev.is_none();
                self.go(State::Mitigated, format!("workaround: {}", decision.text("text")), &[]);
            }
            "decision" => self.calm(&[12]),
            "override" => self.calm(match decision.text("what") {
                "window" => &[14],
                "soak" => &[13],
                _ => &[],
            }),
            "schedule" if matches!(self.state, Some(State::Open | State::Mitigated)) => {
                if let Ok(windows) = decision.text("window").parse::<crate::calendar::Windows>() {
                    self.scheduled_until = windows.ends();
                    self.go(State::Scheduled, format!("planned for {windows}"), &[]);
                }
            }
            _ => {}
        }
    }
}
