//! The input of a digest, as it stood at any time: states and statuses are read from histories, so a page made later
//! says the same.

use std::collections::HashMap;

use jiff::Timestamp;
use roundsman_rules::{
    alert::{Alert, Status},
    case::{Class, PatchCase, State},
};

use super::meeting::Meeting;
use crate::store::Decision;

/// A half-open stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Window {
    pub fn holds(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// A person's word about an alert.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub at: Timestamp,
    pub status: Status,
    pub reason: &'a str,
}

/// A case as it stood at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct CaseAt<'a> {
    pub case: &'a PatchCase,
    pub state: State,
    /// When it came to this state.
    pub since: Timestamp,
    /// Why, in the words of the transition.
    pub why: &'a str,
    pub at: Timestamp,
}

/// The meeting's input with its indices.
pub(super) struct Book<'a> {
    pub meeting: &'a Meeting,
    /// By time.
    pub alerts: Vec<&'a Alert>,
    /// By id.
    pub all_cases: Vec<&'a PatchCase>,
    words: HashMap<&'a str, Vec<Word<'a>>>,
    since: Option<Timestamp>,
}

impl<'a> Book<'a> {
    pub fn open(meeting: &'a Meeting) -> Book<'a> {
        let mut words: HashMap<&str, Vec<Word<'_>>> = HashMap::new();
        for decision in of_kind(&meeting.decisions, "alert") {
            let status = match decision.text("to") {
                "new" => Status::New,
                "acknowledged" => Status::Acknowledged,
                "closed" => Status::Closed,
                _ => continue,
            };
            let word = Word { at: decision.at, status, reason: decision.text("reason") };
            words.entry(decision.text("id")).or_default().push(word);
        }
        let days = meeting.counts.iter().filter_map(|c| c.day.to_zoned(meeting.period.zone().clone()).ok());
        let first = days.map(|day| day.timestamp()).chain(meeting.alerts.iter().map(|a| a.raised)).min();
        let opened = meeting.cases.iter().map(|c| c.opened).min();
        let since = first.into_iter().chain(opened).min();
        let mut alerts: Vec<&Alert> = meeting.alerts.iter().collect();
        alerts.sort_by(|a, b| (a.raised, &a.id).cmp(&(b.raised, &b.id)));
        let mut all_cases: Vec<&PatchCase> = meeting.cases.iter().collect();
        all_cases.sort_by(|a, b| a.id.cmp(&b.id));
        Book { meeting, alerts, all_cases, words, since }
    }

    /// Nothing at all is known of what was before this; `None`: of anything.
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    pub fn period(&self) -> Window {
        Window { from: self.meeting.period.from(), to: self.meeting.period.to() }
    }

    /// What people said about an alert, the oldest first.
    pub fn words(&self, alert: &Alert) -> &[Word<'a>] {
        self.words.get(alert.id.as_str()).map_or(&[], Vec::as_slice)
    }

    /// Alerts that burned at this time: raised, not cleared, and not closed by a person.
    pub fn burning(&self, at: Timestamp) -> impl Iterator<Item = &'a Alert> {
        self.alerts.iter().copied().filter(move |alert| {
            let lasts = alert.raised < at && alert.cleared.is_none_or(|cleared| cleared >= at);
            lasts && self.status(alert, at) != Status::Closed
        })
    }

    fn status(&self, alert: &Alert, at: Timestamp) -> Status {
        match self.words(alert) {
            // The words are gone, or a person used another door.
            [] => alert.status,
            words => words.iter().rev().find(|w| w.at < at).map_or(Status::New, |w| w.status),
        }
    }

    /// Alerts raised in the window.
    pub fn raised(&self, window: Window) -> impl Iterator<Item = &'a Alert> {
        self.alerts.iter().copied().filter(move |a| window.holds(a.raised))
    }

    /// The assets' cases as they stood at this time; a group's case is its members' over again.
    pub fn cases(&self, at: Timestamp) -> impl Iterator<Item = CaseAt<'a>> {
        self.all_cases.iter().copied().filter(|c| c.members.is_none()).filter_map(move |c| case_at(c, at))
    }

    /// Decisions of a kind, journalled before this time.
    pub fn decided(&self, kind: &'static str, before: Timestamp) -> impl Iterator<Item = &'a Decision> {
        of_kind(&self.meeting.decisions, kind).filter(move |d| d.at < before)
    }

    pub fn owner(&self, asset: Option<&str>) -> Option<String> {
        self.meeting.assets.get(asset?)?.owner.clone()
    }
}

fn of_kind<'a>(decisions: &'a [Decision], kind: &'static str) -> impl Iterator<Item = &'a Decision> {
    decisions.iter().filter(move |d| d.text("kind") == kind)
}

/// The case as it stood just before this time, if it was there.
pub(super) fn case_at(case: &PatchCase, at: Timestamp) -> Option<CaseAt<'_>> {
    if case.opened >= at {
        return None;
    }
    let last = case.history.iter().rev().find(|t| t.at < at);
    Some(match last {
        Some(t) => CaseAt { case, state: t.state, since: t.at, why: &t.why, at },
        None => CaseAt { case, state: State::Open, since: case.opened, why: "", at },
    })
}

impl CaseAt<'_> {
    /// Verified, whether the record is already written or not.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Verified | State::Closed)
    }

    /// It asks nothing of the asset.
    pub fn is_void(&self) -> bool {
        matches!(self.state, State::NotApplicable | State::Superseded | State::Retired)
    }

    /// Somebody still has to do or to wait for something.
    pub fn is_open(&self) -> bool {
        !self.is_done() && !self.is_void() && self.state != State::Excepted
    }

    /// The fix is not on the disk.
    pub fn is_undeployed(&self) -> bool {
        use State::*;
        matches!(self.state, Open | Mitigated | Scheduled | Deploying | InstallFailed | RolledBack | Reopened)
    }

    /// Something went wrong with it.
    pub fn is_failed(&self) -> bool {
        matches!(self.state, State::InstallFailed | State::VerifyFailed | State::RolledBack | State::Reopened)
    }

    /// The deadline to deploy has passed without the fix.
    pub fn is_breach(&self) -> bool {
        self.is_undeployed() && self.case.due.deploy.is_some_and(|due| due < self.at)
    }

    /// The deadline that comes next.
    pub fn next_due(&self) -> Option<Timestamp> {
        let due = &self.case.due;
        match self.state {
            State::Installed | State::PendingActivation => due.activate,
            State::Verifying | State::VerifyFailed => due.verify,
            _ if self.is_undeployed() => due.deploy,
            _ => None,
        }
    }

    /// Its next deadline has passed.
    pub fn is_late(&self) -> bool {
        self.next_due().is_some_and(|due| due < self.at)
    }

    pub fn is_critical(&self) -> bool {
        self.case.kev || self.case.class == Class::Critical
    }

    /// The asset, else the case.
    pub fn subject(&self) -> &str {
        self.case.asset.as_deref().unwrap_or(&self.case.id)
    }
}
