//! All cases: which there are, when each must be looked at again, and what has been told about them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use roundsman_ingest::record::Feed;
use serde::{Deserialize, Serialize};

use self::{
    alerts::Plain,
    derive::case_id,
    held::{Held, Key, More, Name, Settled},
    index::Index,
};
use super::{
    Findings, Observation,
    activity::{Activity, Template},
    course::{Band, Course, Decision, Subject, Tells, Verification, is_open},
    deadline::{self, Kev},
    dossier::{Dossier, OtherAlert},
    fact::{Fact, Quote},
    patterns::{Patterns, Rate},
    table::{Condition, Pv},
    window::Frame,
};
use crate::{
    Alert, Assets, Evidence, PatchCase, Problem, RuleRef, Severity, Status,
    alert::{MAX_EVIDENCE, alert_id},
    assets::{Asset, Risk},
    case::{Class, State},
    inputs::{
        Advisory, Exception, KnownIssue, Policy, Target,
        backups::Job,
        exploited::{Exploited, Ssvc},
    },
    stage::{GRID, Output, StateRows},
};

mod alerts;
mod backups;
mod decide;
mod derive;
mod feeds;
mod groups;
pub(super) mod held;
pub(super) mod index;
mod runners;
mod scans;
mod shelf;
mod state;
mod strangers;
mod updates;

/// A person's record, by the time when it became known.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Decided {
    at: Timestamp,
    record: serde_json::Value,
}

/// What of a host has been counted, but not yet settled: activity counts from the next whole minute, so that results
/// do not depend on how records were batched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Incoming {
    minutes: BTreeMap<i64, (u64, u64, String)>,
    templates: BTreeMap<String, Template>,
    logs: BTreeMap<String, Timestamp>,
    #[serde(default)]
    rates: BTreeMap<String, BTreeMap<i64, Rate>>,
}

/// The patch cases of an organisation.
#[derive(Default)]
pub struct Cases {
    assets: Assets,
    policy: Policy,
    advisories: HashMap<Name, Advisory>,
    /// What people wrote themselves, where feeds may say more.
    shelf: shelf::Shelf,
    index: Index,
    /// By the file or record that they stand in.
    exceptions: BTreeMap<String, Vec<Exception>>,
    known_issues: BTreeMap<String, Vec<KnownIssue>>,
    /// The same by asset, `group:NAME` or `*`.
    exceptions_of: HashMap<String, Vec<Exception>>,
    /// The same by advisory.
    known_issues_of: HashMap<String, Vec<KnownIssue>>,
    exploited: BTreeMap<String, (Exploited, Timestamp)>,
    epss: BTreeMap<String, f64>,
    ssvc: BTreeMap<String, Ssvc>,
    jobs: Vec<Job>,
    /// Runs of backup jobs, whoever reported them, by job.
    backups: Dossier,
    feeds: BTreeMap<String, feeds::Known>,
    decisions: Vec<Decided>,
    /// Numbers of decisions by the case or advisory that they name.
    decided_about: HashMap<String, Vec<usize>>,
    dossiers: HashMap<Name, Dossier>,
    /// Of an asset about which nothing is known.
    unknown: Dossier,
    held: BTreeMap<Name, BTreeMap<Name, Held>>,
    counts: BTreeMap<(State, Class), i64>,
    timers: BTreeSet<(Timestamp, Key)>,
    publications: BTreeSet<(Timestamp, Name)>,
    /// Assets behind ring 0 that have an advisory's fix on disk.
    rolled: HashMap<Name, BTreeSet<Name>>,
    /// How many cases of each asset want the zero-day watch.
    watching: BTreeMap<Name, u32>,
    /// Nobody has asked since that changed.
    watch_moved: bool,
    /// Groups and advisories whose members have moved.
    groups_due: BTreeSet<Key>,
    /// Groups' cases by id.
    groups: BTreeMap<String, groups::Group>,
    /// Alerts in their newest form, by case or by name.
    alerts: BTreeMap<String, Vec<Alert>>,
    incoming: BTreeMap<String, Incoming>,
    awake: BTreeSet<String>,
    logs_due: BTreeMap<String, Timestamp>,
    runners_due: BTreeMap<String, Timestamp>,
    plan: scans::Plan,
    /// The dates of feeds.
    feed_dates: BTreeMap<String, Timestamp>,
    /// Of each scanner's newest report: when it scanned, and of when its database was.
    databases: BTreeMap<String, (Timestamp, Timestamp)>,
    clock: Timestamp,
    started: bool,
    seq: u64,
    dirty: BTreeSet<String>,
}

impl Cases {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Cases { clock: Timestamp::MIN, ..Cases::default() }
    }

    /// The inventory.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The organisation's policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The words by which applications tell how they do.
    pub fn patterns(&self) -> Patterns {
        Patterns::read(&self.policy, &self.assets)
    }

    /// Exceptions of the organisation's file and of people's records.
    pub fn exceptions(&self) -> Vec<Exception> {
        self.exceptions.values().flatten().cloned().collect()
    }

    /// A case as it stands now.
    pub fn case(&self, id: &str) -> Option<PatchCase> {
        if let Some(group) = self.groups.get(id) {
            return Some(group.case.clone());
        }
        let (asset, advisory) = id.split_once('/')?;
        let mut case = self.walk(&(asset.into(), advisory.into()))?.case;
        case.alerts = self.alert_ids(id);
        Some(case)
    }

    /// All cases of assets as they stand now, derived one by one.
    pub fn cases(&self) -> impl Iterator<Item = PatchCase> + '_ {
        let keys = self.held.iter().flat_map(|(asset, held)| held.keys().map(move |id| (asset.clone(), id.clone())));
        keys.filter_map(|key| self.case(&case_id(&key)))
    }

    /// How many cases stand in each state.
    pub fn counts(&self) -> impl Iterator<Item = (State, Class, u64)> + '_ {
        self.counts.iter().filter(|(_, n)| **n > 0).map(|((state, class), n)| (*state, *class, n.unsigned_abs()))
    }

    /// Takes in what the lens has seen in records received at `now`, or before in the same minute.
    pub fn absorb(&mut self, findings: Findings, now: Timestamp, out: &mut Output) {
        self.started = true;
        self.roll(now);
        for (host, heard) in findings.hosts {
            let Some(asset) = self.assets.resolve(&host).map(|a| a.id.clone()) else { continue };
            let incoming = self.incoming.entry(asset.clone()).or_default();
            for (minute, (records, errors, sample)) in heard.minutes {
                let counts = incoming.minutes.entry(minute).or_insert((0, 0, sample));
                (counts.0, counts.1) = (counts.0 + records, counts.1 + errors);
            }
            let complains = !heard.templates.is_empty();
            for (template, seen) in heard.templates {
                match incoming.templates.get_mut(&template) {
                    Some(known) => known.merge(seen),
                    None => drop(incoming.templates.insert(template, seen)),
                }
            }
            for (probe, hours) in heard.rates {
                let rates = incoming.rates.entry(probe).or_default();
                hours.into_iter().for_each(|(hour, rate)| rates.entry(hour).or_default().add(rate));
            }
            let speaks = !heard.logs.is_empty();
            incoming.logs.extend(heard.logs.into_iter().map(|(log, at)| (log.to_owned(), at)));
            if (speaks && self.is_told(&format!("log/{asset}"))) || self.listens(&asset, complains) {
                self.awake.insert(asset);
            }
        }
        for observation in findings.observations {
            let received = observation.quote.received.max(self.clock);
            self.clock = received;
            self.observe(&observation, out);
        }
        self.clock = self.clock.max(now);
        self.settle(out);
    }

    /// Whether a case of this asset may change by activity alone.
    fn listens(&self, asset: &str, complains: bool) -> bool {
        self.held_of(asset).any(|(_, held)| {
            held.listens || (complains && matches!(held.state, State::Verifying | State::VerifyFailed))
        })
    }

    fn held_of<'s>(&'s self, asset: &str) -> impl Iterator<Item = (&'s Name, &'s Held)> + use<'s> {
        self.held.get(asset).into_iter().flatten()
    }

    fn keys_of(&self, asset: &str) -> Vec<Key> {
        let name: Name = asset.into();
        self.held_of(asset).map(|(id, _)| (name.clone(), id.clone())).collect()
    }

    fn dossier(&mut self, asset: &str) -> &mut Dossier {
        if !self.dossiers.contains_key(asset) {
            self.dossiers.insert(asset.into(), Dossier::default());
        }
        self.dossiers.get_mut(asset).expect("it was put there")
    }

    /// Activity of minutes that are over counts.
    fn roll(&mut self, now: Timestamp) {
        if floor(now) <= floor(self.clock) {
            return;
        }
        for (asset, incoming) in std::mem::take(&mut self.incoming) {
            let logs = !incoming.logs.is_empty();
            settle(&mut self.dossier(&asset).activity, incoming);
            self.forget(&asset);
            if logs || !self.logs_due.contains_key(&asset) {
                self.watch_logs(&asset);
            }
            self.dirty.insert(format!("activity/{asset}"));
            self.dirty.insert(format!("incoming/{asset}"));
        }
        self.clock = self.clock.max(now);
    }

    /// Drops activity that nobody needs any more; what the asset's cases have asked of it stays.
    fn forget(&mut self, asset: &str) {
        let frame = Frame::of(&self.policy.verify);
        if self.dossiers.get(asset).is_some_and(|dossier| dossier.activity.overflows(frame)) {
            let more = self.held_of(asset).filter_map(|(_, held)| held.more.as_ref());
            let asked = more.flat_map(|more| more.asked.iter().copied()).collect();
            self.dossier(asset).activity.forget(&asked, frame);
        }
    }

    fn observe(&mut self, observation: &Observation, out: &mut Output) {
        if let Fact::Backup { job, .. } = &observation.fact {
            return self.backup(job.as_deref(), observation, out);
        }
        let Some(asset) = self.assets.resolve(&observation.about).map(|a| a.id.clone()) else {
            return self.stranger(observation, out);
        };
        self.seq += 1;
        let seq = self.seq;
        let lanes = self.dossier(&asset).keep(observation, seq);
        if lanes.is_empty() {
            return;
        }
        self.dirty.extend(lanes.iter().map(|lane| format!("lane/{asset}/{lane}")));
        for key in self.touched(&asset, &lanes, &observation.fact) {
            self.derive(&key, out);
        }
        if matches!(observation.fact, Fact::Updater { .. }) {
            self.review_runners(&asset, out);
        }
    }

    /// The cases of an asset that a fact may move, and those that it may open.
    fn touched(&self, asset: &str, lanes: &[String], fact: &Fact) -> BTreeSet<Key> {
        let name: Name = asset.into();
        let platform = self.assets.get(asset).map_or("", |a| a.platform.as_str());
        let concerned = |id: &&Name| self.advisories.get(*id).is_some_and(|a| a.target(platform).is_some());
        let key = |id: &Name| (name.clone(), id.clone());
        let mut touched = BTreeSet::new();
        match fact {
            Fact::Boot { .. } | Fact::Firmware { .. } | Fact::Pod { .. } => {
                touched.extend(self.index.systems(platform).map(key));
            }
            Fact::Runs { product, .. } => {
                touched.extend(self.index.systems(platform).map(key));
                touched.extend(self.index.named(product).filter(concerned).map(key));
            }
            Fact::Patch { name, .. } | Fact::Update { name, .. } => {
                touched.extend(self.index.named(name).filter(concerned).map(key));
            }
            _ => {
                for package in lanes.iter().filter_map(|lane| lane.strip_prefix("package/")) {
                    touched.extend(self.index.packages(package).filter(concerned).map(key));
                }
            }
        }
        if !lanes.iter().any(|lane| lane.starts_with("package/")) {
            let moved = self.held_of(asset).filter(|(_, held)| matters(fact, held.state));
            touched.extend(moved.map(|(id, _)| key(id)));
        }
        touched
    }

    /// Another rule's alert: the log review counts those about an asset.
    pub fn alert(&mut self, alert: &Alert, now: Timestamp, out: &mut Output) {
        // That a host is silent says nothing about what it logged; the review sees the missing flow itself.
        let other = alert.rule.id.starts_with("PV") || alert.rule.id == crate::silence::RULE;
        if other || alert.severity < Severity::Low {
            return;
        }
        self.clock = self.clock.max(now);
        for host in &alert.hosts {
            let Some(asset) = self.assets.resolve(host).map(|a| a.id.clone()) else { continue };
            // On a watched asset even little things count.
            if alert.severity < Severity::Medium && !self.is_watched(&asset) {
                continue;
            }
            let dismissed = self.dismissed(&alert.id);
            self.dossier(&asset).keep_alert(OtherAlert {
                id: alert.id.clone(),
                title: alert.title.clone(),
                severity: alert.severity,
                first: alert.first,
                last: alert.last,
                dismissed,
                sample: alert.evidence.first().map(|e| Arc::new(Quote::quoted(e))),
            });
            self.dirty.insert(format!("others/{asset}"));
            self.derive_held(&asset, out);
        }
        self.settle(out);
    }

    /// A person has closed the alert as none.
    fn dismissed(&self, alert: &str) -> bool {
        let about = |d: &&Decided| d.record["kind"] == "alert" && d.record["id"] == alert;
        self.decisions.iter().rev().find(about).is_some_and(|d| decide::dismisses(&d.record))
    }

    fn derive_held(&mut self, asset: &str, out: &mut Output) {
        for key in self.keys_of(asset) {
            self.derive(&key, out);
        }
    }

    /// Deadlines pass. Fires everything that is due at or before `now`.
    pub fn tick(&mut self, now: Timestamp, out: &mut Output) {
        self.started = true;
        self.roll(now);
        self.clock = self.clock.max(now);
        for asset in std::mem::take(&mut self.awake) {
            self.derive_held(&asset, out);
        }
        self.review_logs(out);
        self.review_due_runners(out);
        self.review_scans(out);
        self.review_feeds(out);
        while let Some((at, advisory)) = self.publications.first().cloned().filter(|(at, _)| *at <= floor(self.clock)) {
            self.publications.remove(&(at, advisory.clone()));
            self.derive_advisory(&advisory, out);
        }
        while let Some((at, key)) = self.timers.first().cloned().filter(|(at, _)| *at <= floor(self.clock)) {
            self.timers.remove(&(at, key.clone()));
            match key.0.strip_prefix("group:") {
                Some(group) => drop(self.groups_due.insert((group.into(), key.1))),
                None => self.derive(&key, out),
            }
        }
        self.settle(out);
    }

    /// What follows from cases that have moved: their groups' cases.
    fn settle(&mut self, out: &mut Output) {
        while let Some((group, advisory)) = self.groups_due.pop_first() {
            self.derive_group(&group, &advisory, out);
        }
    }

    /// When [`tick`](Self::tick) is wanted next; due on the grid minute at or after it.
    pub fn next_due(&self) -> Option<Timestamp> {
        let timer = self.timers.first().map(|(at, _)| *at);
        let published = self.publications.first().map(|(at, _)| *at);
        let minute = (!self.awake.is_empty())
            .then(|| Timestamp::from_second(floor(self.clock).as_second() + GRID).unwrap_or(Timestamp::MAX));
        let logs = self.logs_due.values().min().copied();
        let runners = self.runners_due.values().min().copied();
        [timer, published, minute, logs, runners, self.plans_due()].into_iter().flatten().min()
    }
}

/// Whether a fact that is about the whole asset can move a case that stands there. What a unit did before its patch
/// was installed is kept, but moves nothing yet.
fn matters(fact: &Fact, state: State) -> bool {
    match fact {
        Fact::Begins(_) | Fact::Status { .. } | Fact::Listed { .. } | Fact::Broken { .. } => false,
        Fact::ScriptFailed { .. } | Fact::Patch { .. } | Fact::Update { .. } | Fact::Updater { .. } => false,
        Fact::Held { .. } | Fact::UpdaterStarts | Fact::UpdaterPretends | Fact::Transaction { .. } => is_open(state),
        _ => matches!(state, State::Installed | State::PendingActivation | State::Verifying | State::VerifyFailed),
    }
}

/// The last whole minute.
fn floor(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(GRID) * GRID).unwrap_or(at)
}

fn settle(activity: &mut Activity, incoming: Incoming) {
    for (minute, (records, errors, sample)) in incoming.minutes {
        if let Ok(at) = Timestamp::from_second(minute * 60) {
            activity.note(at, records, errors, &sample);
        }
    }
    for (template, seen) in incoming.templates {
        activity.complain(template, seen);
    }
    for (probe, hours) in incoming.rates {
        let rates = activity.rates.entry(probe).or_default();
        hours.into_iter().for_each(|(hour, rate)| rates.entry(hour).or_default().add(rate));
    }
    for (log, at) in incoming.logs {
        activity.logs.entry(log).or_default().note(at);
    }
}
