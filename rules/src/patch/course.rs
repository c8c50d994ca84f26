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
    version::Scheme,
};

mod activation;
mod exceptions;
mod install;
mod outcome;
mod rollout;
pub mod steps;
mod system;
mod triage;
mod watch;

pub use triage::Band;

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

/// The newest good backup and the record that says so, where there was one.
pub type LastBackup = Option<(Timestamp, Arc<Quote>)>;

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
    /// Gives the stretches in which an asset of ring 0 and the same platform had it running, healthy and soaked. Asked
    /// only when something is installed.
    pub soaked: Box<dyn Fn() -> Vec<(Timestamp, Timestamp)> + 'a>,
    /// When the newest good backup was, before a time; `None` where the asset has no backup job.
    pub backup: Box<dyn Fn(Timestamp) -> Option<LastBackup> + 'a>,
    /// Another member of the asset's group still wants the zero-day watch.
    pub group_watched: bool,
    /// What is known of how it can be exploited here.
    pub band: Option<Band>,
    /// A newer advisory that covers this one.
    pub superseded: Option<(&'a str, Timestamp)>,
    /// The vendor says that its flaws do not matter here: why, and since when that is known.
    pub cleared: Option<(String, Timestamp)>,
    /// The earliest due date of advisories that this one covers.
    pub inherited: Option<Timestamp>,
    /// Verifications that stand, by the time of their activation.
    pub settled: BTreeMap<Timestamp, &'a Verification>,
    /// The clock: the tick, or when the newest evidence came in.
    pub now: Timestamp,
}

/// What shows which version of a product is there and runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Package managers; what runs follows from restarts.
    Packages,
    /// Package managers, and the kernel's own boot line.
    Kernel,
    /// The system itself: its build or firmware, at boot and in what it writes.
    System,
    /// Each instance's image.
    Pods,
}

impl Tells {
    /// For an advisory's part for one platform.
    pub fn of(advisory: &Advisory, target: &Target) -> Tells {
        let kind = advisory.activation.as_ref().map(|activation| activation.kind);
        let kernel = |name: &str| name == "linux" || name.starts_with("linux-") || name.starts_with("kernel");
        match (target.scheme, kind) {
            (Scheme::Winbuild | Scheme::Fortios | Scheme::Ios | Scheme::Panos | Scheme::Junos, _) => Tells::System,
            (_, Some(ActivationKind::Firmware)) => Tells::System,
            (Scheme::Digest, _) | (_, Some(ActivationKind::Rollout)) => Tells::Pods,
            (_, None | Some(ActivationKind::Reboot))
                if kernel(&target.product) || target.packages.iter().any(|p| p.starts_with("linux-image-")) =>
            {
                Tells::Kernel
            }
            _ => Tells::Packages,
        }
    }
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
    pub(super) tells: Tells,
    pub(super) disk: Disk<'a>,
    pub(super) activation: Activation,
    pub(super) clock: Timestamp,
    pub(super) state: Option<State>,
    pub(super) opened: Timestamp,
    pub(super) history: Vec<Transition>,
    /// The records that the history cites.
    cited: BTreeMap<String, Arc<Quote>>,
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
    /// Scripts of packages that failed, and when.
    scripts: BTreeSet<(Timestamp, &'a str)>,
    /// Each instance: when it was last told of, and how often since the others.
    pods: BTreeMap<String, rollout::Pod>,
    /// Since when some instances have the fix and some do not, or are not ready.
    rolling: Option<Mark>,
    triage: Option<triage::Triage>,
    /// It went back after a check had failed.
    blamed: bool,
}

impl<'a> Course<'a> {
    /// Walks through everything up to the clock.
    pub fn run(s: &'a Subject<'a>) -> Self {
        let mut course = Course {
            s,
            tells: Tells::of(s.advisory, s.target),
            disk: Disk::new(s.target),
            activation: s.advisory.activation_of(s.target),
            clock: Timestamp::MIN,
            state: None,
            opened: s.advisory.published,
            history: Vec::new(),
            cited: BTreeMap::new(),
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
            scripts: BTreeSet::new(),
            pods: BTreeMap::new(),
            rolling: None,
            triage: None,
            blamed: false,
        };
        let steps = steps::of(s);
        course.scripts = steps::failed_scripts(&steps);
        for step in steps {
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
        timers.extend(self.rolling.as_ref().map(|mark| policy.deploy.rolling.after(mark.at)));
        timers.extend(self.triage_timers());
        timers.extend(self.quiet_from());
        timers.extend(self.s.cleared.as_ref().map(|(_, known)| *known));
        for exception in &self.s.exceptions {
            timers.extend(exception.created);
            timers.push(exception.expires);
        }
        timers
    }

    /// What has come to pass by the clock.
    fn review(&mut self) {
        self.open();
        if let Some((why, known)) = &self.s.cleared
            && *known <= self.clock
            && self.state.is_some_and(is_open)
        {
            self.stop(State::NotApplicable, why.clone(), &[]);
        }
        let Some(State::NotApplicable | State::Superseded | State::Retired) = self.state else {
            if self.state.is_some() {
                self.review_exception();
                self.review_install();
                self.review_reboot();
                self.review_activation();
                self.review_rollout();
                checks::review(self);
                self.review_triage();
                self.review_watch();
                self.review_end();
            }
            return;
        };
    }

    /// A case begins once the flaw is public and a version below the fix has been seen.
    fn open(&mut self) {
        let runs_old = self.tells_itself() && self.running.as_ref().is_some_and(|(v, _)| !self.disk.runs_fixed(v));
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
        let evidence = self.quoted(evidence);
        self.history.push(Transition { at: self.clock, state, why, evidence });
    }

    /// The ids of records, which are kept at hand.
    fn quoted(&mut self, evidence: &[&Arc<Quote>]) -> Vec<String> {
        self.cited.extend(evidence.iter().map(|quote| (quote.id.clone(), Arc::clone(quote))));
        evidence.iter().map(|quote| quote.id.clone()).collect()
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

    /// Whether the running version is one that the system itself tells.
    pub(super) fn tells_itself(&self) -> bool {
        matches!(self.tells, Tells::Kernel | Tells::System)
    }

    /// The end: soaked, triage decided where it runs, the record is written.
    fn review_end(&mut self) {
        let soaked = self.verified.is_some_and(|at| self.clock >= self.deadlines().soak.after(at));
        if self.state == Some(State::Verified) && soaked && !self.triage_runs() {
            self.calm(&[13, 14, 25, 27]);
            self.go(State::Closed, format!("verified and quiet for {}", self.deadlines().soak), &[]);
        }
    }

    /// Something to know about that moves nothing: it stands in the history under the state that stays.
    pub(super) fn note(&mut self, why: String, evidence: &[&Arc<Quote>]) {
        let Some(state) = self.state else { return };
        if self.history.len() < MAX_HISTORY && self.history.last().is_none_or(|last| last.why != why) {
            let evidence = self.quoted(evidence);
            self.history.push(Transition { at: self.clock, state, why, evidence });
        }
    }

    /// More evidence for the newest transition.
    pub(super) fn confirm(&mut self, quote: &Arc<Quote>) {
        if let Some(last) = self.history.last_mut().filter(|last| !last.evidence.contains(&quote.id)) {
            last.evidence.push(quote.id.clone());
            self.cited.insert(quote.id.clone(), quote.clone());
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
        self.blamed |= [6, 7, 8].iter().any(|pv| self.calls(*pv));
        self.sound = self.sound_stretches();
        if let Some((_, until)) = self.sound.last_mut() {
            *until = self.clock.min(*until);
        }
        (self.installed, self.activated, self.verified, self.moving) = (None, None, None, None);
        self.rebooting = None;
        self.rolling = None;
        self.failing.clear();
        self.checks = checks::unsettled();
        self.calm(&[3, 4, 5, 6, 7, 8, 9, 12, 17, 18, 22]);
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
}

/// States in which the patch is not on disk, so the due date counts.
pub fn is_open(state: State) -> bool {
    use State::*;
    matches!(state, Open | Mitigated | Scheduled | Deploying | InstallFailed | RolledBack | Reopened | Excepted)
}
