//! The course of one case: its states in the order in which the evidence moves it.
//!
//! A [`Course`] walks once through the evidence, sorted by its own time, with deadlines passing in between, and ends at
//! the clock. What it calls for then (state, checks, [`Condition`]s) is the case; nothing of it is kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    deadline::{self, Kev},
    disk::{Disk, Move},
    dossier::Dossier,
    fact::{Fact, Item, Operation, PackageState, Quote, Unit},
    table::{Condition, Pv},
    window::{Frame, Window},
};
use crate::{
    Asset,
    case::{Checks, Class, Due, PatchCase, State, Transition},
    duration::Duration,
    inputs::{Activation, ActivationKind, Advisory, Exception, KnownIssue, Policy, Scan, Target},
    patch::checks,
};

mod activation;
mod install;
pub mod steps;

/// Most transitions that a case shows; a case that flaps keeps its first and its newest.
pub const MAX_HISTORY: usize = 256;

/// A person's decision about a case.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// When it became known.
    pub at: Timestamp,
    /// `record.kind`
    pub kind: &'a str,
    /// The record as it was written.
    pub record: &'a serde_json::Value,
}

impl Decision<'_> {
    /// A text field of the record.
    pub fn text(&self, key: &str) -> &str {
        self.record.get(key).and_then(|v| v.as_str()).unwrap_or("")
    }
}

/// All that a case is a function of.
pub struct Subject<'a> {
    /// Where.
    pub asset: &'a Asset,
    /// What.
    pub advisory: &'a Advisory,
    /// The advisory's part for the asset's platform.
    pub target: &'a Target,
    /// The organisation's limits.
    pub policy: &'a Policy,
    /// How urgent.
    pub class: Class,
    /// That it is being exploited.
    pub kev: Option<Kev>,
    /// The asset's evidence.
    pub dossier: &'a Dossier,
    /// Exceptions for this asset and advisory.
    pub exceptions: Vec<&'a Exception>,
    /// Known issues of this advisory.
    pub known_issues: Vec<&'a KnownIssue>,
    /// What people have recorded about the case, by time.
    pub decisions: Vec<Decision<'a>>,
    /// Stretches in which an asset of ring 0 and the same platform had it running, healthy and soaked.
    pub soaked: Vec<(Timestamp, Timestamp)>,
    /// A newer advisory that covers this one.
    pub superseded: Option<(&'a str, Timestamp)>,
    /// The earliest due date of advisories that this one covers.
    pub inherited: Option<Timestamp>,
    /// Verifications that stand, by the time of their activation.
    pub settled: BTreeMap<Timestamp, &'a Verification>,
    /// The clock: the tick, or when the newest evidence came in.
    pub now: Timestamp,
}

/// A moment and the record that shows it.
#[derive(Clone, Debug)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// The record, where it was one.
    pub quote: Option<Arc<Quote>>,
}

/// A needrestart report.
#[derive(Clone, Debug)]
struct Report {
    at: Timestamp,
    quote: Arc<Quote>,
    known: bool,
    names: BTreeSet<String>,
}

/// A verification: what held, and how it came to that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// When the last of the checks was settled.
    pub at: Timestamp,
    /// What they said.
    pub checks: Checks,
    /// From the activation up to here.
    pub history: Vec<Transition>,
}

/// One walk through a case's evidence.
pub struct Course<'a> {
    pub(super) s: &'a Subject<'a>,
    pub(super) disk: Disk<'a>,
    pub(super) activation: Activation,
    pub(super) clock: Timestamp,
    pub(super) state: Option<State>,
    pub(super) opened: Timestamp,
    pub(super) history: Vec<Transition>,
    /// What the case calls for an alert about.
    pub(super) conditions: BTreeMap<Pv, Condition>,
    pub(super) moving: Option<Timestamp>,
    pub(super) installed: Option<Mark>,
    pub(super) activated: Option<Mark>,
    pub(super) verified: Option<Timestamp>,
    /// Verifications of this walk, by the time of their activation.
    verifications: BTreeMap<Timestamp, Verification>,
    /// Transitions before this one led to the activation.
    upon_activation: usize,
    pub(super) running: Option<(String, Arc<Quote>)>,
    pub(super) failing: BTreeMap<Unit, Mark>,
    pub(super) looping: Option<(Unit, u32, Mark)>,
    pub(super) crashed: Option<Mark>,
    pub(super) healthy_from: Option<Timestamp>,
    windows: BTreeMap<Timestamp, Option<Window>>,
    sound: Vec<(Timestamp, Timestamp)>,
    fixed_since: Option<Timestamp>,
    pub(super) checks: Checks,
    rebooting: Option<Mark>,
    starts: BTreeMap<Unit, Mark>,
    report: Option<Report>,
    said: Option<String>,
    bad: BTreeSet<String>,
    reopened: u32,
    mitigated: bool,
    scheduled_until: Option<Timestamp>,
    pretends: bool,
    exception: Option<String>,
}

impl<'a> Course<'a> {
    /// Walks through everything up to the clock.
    pub fn run(s: &'a Subject<'a>) -> Self {
        let mut course = Course {
            s,
            disk: Disk::new(s.target),
            activation: s.advisory.activation_of(s.target),
            clock: Timestamp::MIN,
            state: None,
            opened: s.advisory.published,
            history: Vec::new(),
            conditions: BTreeMap::new(),
            moving: None,
            installed: None,
            activated: None,
            verified: None,
            verifications: BTreeMap::new(),
            upon_activation: 0,
            running: None,
            failing: BTreeMap::new(),
            looping: None,
            crashed: None,
            healthy_from: None,
            windows: BTreeMap::new(),
            sound: Vec::new(),
            fixed_since: None,
            checks: checks::unsettled(),
            rebooting: None,
            starts: BTreeMap::new(),
            report: None,
            said: None,
            bad: BTreeSet::new(),
            reopened: 0,
            mitigated: false,
            scheduled_until: None,
            pretends: false,
            exception: None,
        };
        for step in steps::of(s) {
            course.advance(step.at.min(s.now));
            course.clock = course.clock.max(step.at);
            course.apply(&step);
            course.fixed_since = course.fixed_since.or(Some(course.clock)).filter(|_| course.disk.fixed());
            course.review();
        }
        course.advance(s.now);
        course.review();
        course
    }

    /// Lets deadlines pass up to a time, in order.
    fn advance(&mut self, to: Timestamp) {
        while let Some(due) = self.timers().into_iter().filter(|t| *t > self.clock && *t <= to).min() {
            self.clock = due;
            self.review();
        }
        self.clock = self.clock.max(to);
    }

    /// When the case may change although nothing arrives.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timers().into_iter().filter(|t| *t > self.clock).min()
    }

    fn timers(&self) -> Vec<Timestamp> {
        let policy = self.s.policy;
        let mut timers = vec![self.s.advisory.published];
        let Some(state) = self.state else { return timers };
        if is_open(state) {
            timers.push(self.due_deploy());
        }
        timers.extend(self.moving.map(|since| self.stuck_after().after(since)));
        timers.extend(self.due_activate());
        timers.extend(self.rebooting.as_ref().map(|r| deadline::boot_return(self.s.asset, policy).after(r.at)));
        timers.extend(self.report.as_ref().map(|r| activation::REPORT_COMPLETE.after(r.at)));
        timers.extend(checks::timers(self));
        timers.extend(self.verified.map(|at| self.deadlines().soak.after(at)));
        timers.extend(self.scheduled_until);
        for exception in &self.s.exceptions {
            timers.extend(exception.created);
            timers.push(exception.expires);
        }
        timers
    }

    /// What has come to pass by the clock.
    fn review(&mut self) {
        self.open();
        let Some(State::NotApplicable | State::Superseded | State::Retired) = self.state else {
            if self.state.is_some() {
                self.review_exception();
                self.review_install();
                self.review_reboot();
                self.review_activation();
                checks::review(self);
                self.review_end();
            }
            return;
        };
    }

    /// A case begins once the flaw is public and a version below the fix has been seen.
    fn open(&mut self) {
        let runs_old = self.is_kernel() && self.running.as_ref().is_some_and(|(v, _)| !self.disk.reaches(v));
        let public = self.clock >= self.s.advisory.published && !self.s.advisory.withdrawn;
        if self.state.is_some() || !public || !(self.disk.vulnerable() || runs_old) {
            return;
        }
        self.opened = self.clock;
        let why = match self.disk.observed() {
            Some(_) => format!("{}; {}", self.disk.words(), self.wanted()),
            None => format!("runs {}; {}", self.running.as_ref().map_or("", |(v, _)| v), self.wanted()),
        };
        self.go(State::Open, why, &[]);
        if self.disk.fixed() {
            self.install(&Mark { at: self.clock, quote: None });
        }
    }

    /// What would be enough, in words.
    fn wanted(&self) -> String {
        self.s.target.fixed.as_ref().map_or("no fix is published yet".to_owned(), |fixed| format!("fixed in {fixed}"))
    }

    /// Enters a state; staying in one is no transition.
    pub(super) fn go(&mut self, state: State, why: String, evidence: &[&Arc<Quote>]) {
        if self.state == Some(state) {
            return;
        }
        self.state = Some(state);
        if self.history.len() == MAX_HISTORY {
            self.history.remove(MAX_HISTORY / 2);
        }
        let evidence = evidence.iter().map(|q| q.id.clone()).collect();
        self.history.push(Transition { at: self.clock, state, why, evidence });
    }

    /// Calls for an alert: another event of a condition that holds already counts on.
    pub(super) fn call(&mut self, pv: u8, evidence: &[&Arc<Quote>], why: String) {
        let at = self.clock;
        match self.conditions.get_mut(&Pv(pv)) {
            Some(known) => known.again(at, evidence, why),
            None => {
                self.conditions.insert(Pv(pv), Condition::new(at, evidence, why));
            }
        }
    }

    /// The conditions are over.
    pub(super) fn calm(&mut self, pvs: &[u8]) {
        for pv in pvs {
            self.conditions.remove(&Pv(*pv));
        }
    }

    pub(super) fn calls(&self, pv: u8) -> bool {
        self.conditions.contains_key(&Pv(pv))
    }

    pub(super) fn deadlines(&self) -> &'a crate::inputs::policy::Deadline {
        self.s.policy.deadlines.of(self.s.class)
    }

    fn due_deploy(&self) -> Timestamp {
        let due = deadline::deploy(self.s.advisory, self.s.policy, self.s.class, self.s.kev, self.mitigated);
        self.s.inherited.map_or(due, |inherited| inherited.min(due))
    }

    fn due_activate(&self) -> Option<Timestamp> {
        self.installed.as_ref().map(|m| self.deadlines().activate.after(m.at))
    }

    /// When all four checks must be settled.
    pub(super) fn due_verify(&self) -> Option<Timestamp> {
        self.activated.as_ref().map(|m| self.deadlines().verify.after(m.at))
    }

    fn stuck_after(&self) -> Duration {
        let windows = self.s.asset.platform.starts_with("windows");
        if windows { self.s.policy.deploy.stuck_windows } else { self.s.policy.deploy.stuck }
    }

    /// Whether the running version is the kernel's, told by its boot line.
    pub(super) fn is_kernel(&self) -> bool {
        let kernel = |name: &str| name == "linux" || name.starts_with("linux-") || name.starts_with("kernel");
        self.activation.kind == ActivationKind::Reboot
            && (kernel(&self.s.target.product) || self.s.target.packages.iter().any(|p| p.starts_with("linux-image-")))
    }

    /// An exception holds off everything that is only open.
    fn review_exception(&mut self) {
        let clock = self.clock;
        let valid = |e: &&&Exception| e.created.is_none_or(|created| created <= clock) && clock < e.expires;
        let exception = self.s.exceptions.iter().filter(valid).max_by_key(|e| e.expires);
        self.exception = exception.map(|e| e.id.clone());
        match (exception, self.state) {
            (Some(e), Some(state)) if is_open(state) && !matches!(state, State::Excepted | State::Deploying) => {
                let why = format!("exception {} by {} until {}: {}", e.id, e.approver, e.expires, e.reason);
                self.calm(&[1, 2, 11, 15, 16, 24]);
                self.go(State::Excepted, why, &[]);
            }
            (None, Some(State::Excepted)) => {
                let last = self.s.exceptions.iter().filter(|e| e.expires <= clock).max_by_key(|e| e.expires);
                let id = last.map_or("", |e| e.id.as_str()).to_owned();
                let why = format!("exception {id} expired without renewal; {}", self.disk.words());
                self.go(State::Open, why.clone(), &[]);
                self.call(16, &[], why);
            }
            _ => {}
        }
    }

    /// The end: soaked, the record is written.
    fn review_end(&mut self) {
        let soaked = self.verified.is_some_and(|at| self.clock >= self.deadlines().soak.after(at));
        if self.state == Some(State::Verified) && soaked {
            self.calm(&[13, 14, 25]);
            self.go(State::Closed, format!("verified and quiet for {}", self.deadlines().soak), &[]);
        }
    }

    /// Nothing more is asked of the case.
    fn stop(&mut self, state: State, why: String, evidence: &[&Arc<Quote>]) {
        self.conditions.clear();
        self.moving = None;
        self.go(state, why, evidence);
    }

    /// All four checks are settled.
    pub(super) fn verify(&mut self, why: String, evidence: &[&Arc<Quote>]) {
        self.verified = Some(self.clock);
        self.go(State::Verified, why, evidence);
        if let Some(active) = &self.activated {
            let history = self.history[self.upon_activation.min(self.history.len())..].to_vec();
            let verification = Verification { at: self.clock, checks: self.checks.clone(), history };
            self.verifications.insert(active.at, verification);
        }
    }

    /// The verification that stands for the present activation.
    pub(super) fn standing(&self) -> Option<&'a Verification> {
        self.activated.as_ref().and_then(|active| self.s.settled.get(&active.at).copied())
    }

    /// What has been settled stays so, whatever of its evidence has been forgotten since.
    pub(super) fn stand(&mut self, verification: &Verification) {
        if self.clock < verification.at {
            return;
        }
        self.history.truncate(self.upon_activation);
        self.history.extend(verification.history.iter().cloned());
        (self.state, self.verified) = (Some(State::Verified), Some(verification.at));
        self.checks = verification.checks.clone();
        self.calm(&[5, 6, 7, 8, 9, 18, 22]);
    }

    /// The verifications that this walk has found, by the time of their activation; not those that stand already.
    pub fn into_verifications(self) -> BTreeMap<Timestamp, Verification> {
        self.verifications
    }

    /// It was there, and is gone again: from here on the case counts as open, with its old due date.
    pub(super) fn fall(&mut self, state: State, why: String, quote: &Arc<Quote>) {
        if !matches!(self.state, Some(State::RolledBack | State::Reopened)) {
            self.reopened += 1;
        }
        self.sound = self.sound_stretches();
        if let Some((_, until)) = self.sound.last_mut() {
            *until = self.clock.min(*until);
        }
        (self.installed, self.activated, self.verified, self.moving) = (None, None, None, None);
        self.rebooting = None;
        self.failing.clear();
        self.checks = checks::unsettled();
        self.calm(&[3, 4, 5, 6, 7, 8, 9, 12, 18, 22]);
        if self.state != Some(State::RolledBack) {
            self.go(state, why.clone(), &[quote]);
        }
        self.call(11, &[quote], why);
    }

    /// Seconds as a person reads them.
    fn since(&self, at: Timestamp) -> Duration {
        Duration::seconds((self.clock.as_second() - at.as_second()).max(0))
    }

    /// The decisions of a kind up to the clock, the newest last.
    fn decided(&self, kind: &str) -> impl Iterator<Item = &Decision<'a>> {
        let clock = self.clock;
        self.s.decisions.iter().filter(move |d| d.kind == kind && d.at <= clock)
    }

    /// The conditions that hold at the end.
    pub fn conditions(&self) -> &BTreeMap<Pv, Condition> {
        &self.conditions
    }

    /// Looks at what the asset's activity says about an instant.
    fn look(&mut self, at: Timestamp) {
        let (activity, frame) = (&self.s.dossier.activity, Frame::of(&self.s.policy.verify));
        self.windows.entry(at).or_insert_with(|| activity.window(at, frame));
    }

    /// It runs, again: from here it must stay healthy.
    fn healthy_since(&mut self, at: Timestamp) {
        self.look(at);
        self.healthy_from = Some(at);
    }

    /// What activity says about an instant that has been looked at; nothing where that is no longer known.
    pub(super) fn window(&self, at: Timestamp) -> Option<&Window> {
        self.windows.get(&at)?.as_ref()
    }

    /// The instants about which the case asks what activity says.
    pub fn asked(&self) -> BTreeSet<Timestamp> {
        self.windows.keys().copied().collect()
    }

    /// Whether a sign of life, and nothing else, may change the case.
    pub fn listens(&self) -> bool {
        let unheard = self.checks.health.result == crate::case::CheckResult::Pending;
        let over = self.healthy_from.is_some_and(|from| self.clock >= self.s.policy.verify.health.after(from));
        self.rebooting.is_some() || (self.activated.is_some() && self.verified.is_none() && unheard && over)
    }

    /// When it was running and healthy, for the assets that wait for this ring; without an end while it is.
    pub fn sound_stretches(&self) -> Vec<(Timestamp, Timestamp)> {
        let mut sound = self.sound.clone();
        let healthy = self.checks.health.result == crate::case::CheckResult::Pass;
        let now = match &self.activated {
            Some(mark) => Some(mark.at).filter(|_| healthy),
            None if self.state.is_none() => self.was_ready_before(),
            None => None,
        };
        sound.extend(now.map(|from| (from, Timestamp::MAX)));
        sound
    }

    /// The best of the evidence for installation and activation.
    fn trust(&self) -> u8 {
        let scan = checks::confirmed_by_scan(self);
        let marks = [&self.installed, &self.activated];
        let best = marks.into_iter().flatten().filter_map(|m| m.quote.as_ref()).map(|q| q.trust).max();
        best.unwrap_or(0).max(if scan { 3 } else { 0 })
    }

    /// The case as the interface shows it; alerts are added by who raises them.
    pub fn case(&self, id: &str) -> Option<PatchCase> {
        let state = self.state?;
        let settled = matches!(state, State::Closed | State::NotApplicable | State::Superseded | State::Retired);
        let watched_until = self.verified.map(|at| self.s.policy.watch.after_verified.after(at));
        let named = self.s.decisions.iter().rev().find(|d| d.kind == "watch").map(|d| &d.record["on"]);
        let wanted = named.map_or(self.s.kev.is_some(), |on| on.as_bool().unwrap_or(on == "true"));
        let reason = self.decided("rollback_reason").last().map(|d| d.text("reason").to_owned());
        let mut more = BTreeMap::new();
        if let Some(reason) = reason {
            more.insert("rollback_reason".to_owned(), reason.into());
        }
        Some(PatchCase {
            kind: "case".to_owned(),
            id: id.to_owned(),
            asset: Some(self.s.asset.id.clone()),
            advisory: self.s.advisory.id.clone(),
            state,
            class: self.s.class,
            kev: self.s.kev.is_some(),
            watch: wanted && !settled && watched_until.is_none_or(|until| self.clock < until),
            opened: self.opened,
            due: Due { deploy: Some(self.due_deploy()), activate: self.due_activate(), verify: self.due_verify() },
            installed: self.installed.as_ref().map(|m| m.at),
            activated: self.activated.as_ref().map(|m| m.at),
            observed: self.disk.observed(),
            running: self.running_version(),
            trust: if self.trust() >= 2 { "high" } else { "low" }.to_owned(),
            overdue: self.calls(15),
            reopened: self.reopened,
            exception: self.exception.clone(),
            checks: self.checks.clone(),
            triage: None,
            history: self.history.clone(),
            alerts: Vec::new(),
            members: None,
            more,
        })
    }

    /// The version in use: what the kernel says of itself; for the rest what is on disk, once it has been restarted.
    fn running_version(&self) -> Option<String> {
        if self.is_kernel() {
            return self.running.as_ref().map(|(version, _)| version.clone());
        }
        self.activated.as_ref().and_then(|_| self.disk.observed())
    }
}

/// States in which the patch is not on disk, so the due date counts.
pub fn is_open(state: State) -> bool {
    use State::*;
    matches!(state, Open | Mitigated | Scheduled | Deploying | InstallFailed | RolledBack | Reopened | Excepted)
}
