//! Triage for prior compromise: an exploited flaw that anybody could have used is not closed by a patch alone.
//!
//! It runs beside the case, from when the entry in the catalogue was first seen: scope, keep the evidence before it is
//! patched away, decide.

use super::*;
use crate::case;

/// What the decision table says of a flaw on an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Time to deploy; `None`: with the next upgrade.
    pub deploy: Option<Duration>,
    /// Triage for prior compromise.
    pub triage: bool,
}

/// Where the triage stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Triage {
    step: Step,
    due: Option<Timestamp>,
    outcome: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Open,
    Scoped,
    Preserved,
    Decided,
}

impl Step {
    const ALL: [(Step, &'static str); 4] =
        [(Step::Open, "open"), (Step::Scoped, "scoped"), (Step::Preserved, "preserved"), (Step::Decided, "decided")];

    fn word(self) -> &'static str {
        Step::ALL.into_iter().find(|(step, _)| *step == self).map_or("open", |(_, word)| word)
    }
}

impl<'a> Course<'a> {
    /// Since when triage is owed; `None` where it is not.
    fn triage_since(&self) -> Option<Timestamp> {
        let owed = self.s.band.is_some_and(|band| band.triage);
        self.s.kev.filter(|_| owed).map(|kev| kev.seen).filter(|seen| *seen <= self.clock)
    }

    /// It is owed and not decided.
    pub(super) fn triage_runs(&self) -> bool {
        self.triage_since().is_some() && self.triage_step().0 != Step::Decided
    }

    /// The furthest step on record, and the outcome where it is decided.
    fn triage_step(&self) -> (Step, Option<String>) {
        let on_record = |word: &str| self.decided("triage").filter(|d| d.text("step") == word).last();
        let reached = Step::ALL.into_iter().rev().find(|(_, word)| on_record(word).is_some());
        let step = reached.map_or(Step::Open, |(step, _)| step);
        let outcome = on_record("decided").map(|d| d.text("outcome").to_owned()).filter(|o| !o.is_empty());
        (step, outcome)
    }

    /// Until when the next step must be taken. Once it is patched there is nothing left to preserve.
    fn triage_due(&self, since: Timestamp, step: Step) -> Option<Timestamp> {
        let policy = &self.s.policy.exploited;
        match step {
            Step::Open => Some(policy.triage_scope.after(since)),
            Step::Scoped if self.installed.is_none() => Some(policy.triage_preserve.after(since)),
            Step::Scoped | Step::Preserved => Some(policy.triage_decide.after(since)),
            Step::Decided => None,
        }
    }

    pub(super) fn triage_timers(&self) -> Vec<Timestamp> {
        let Some(kev) = self.s.kev.filter(|_| self.s.band.is_some_and(|band| band.triage)) else { return Vec::new() };
        let policy = &self.s.policy.exploited;
        let limits = [policy.triage_scope, policy.triage_preserve, policy.triage_decide];
        limits.into_iter().map(|limit| limit.after(kev.seen)).chain([kev.seen]).collect()
    }

    /// Steps that are late (PV26), and a patch that came before the evidence was kept (PV27).
    pub(super) fn review_triage(&mut self) {
        let Some(since) = self.triage_since() else { return };
        let (step, outcome) = self.triage_step();
        let due = self.triage_due(since, step);
        if let Some(due) = due.filter(|due| self.clock >= *due) {
            if !self.calls(26) {
                let next = match step {
                    Step::Open => "the list of affected assets",
                    Step::Scoped if self.installed.is_none() => "kept evidence",
                    _ => "a decision",
                };
                let why = format!("triage for prior compromise is {}; {next} was due {due}", step.word());
                self.conditions.insert(Pv(26), Condition::new(due, &[], why));
            }
        } else {
            self.calm(&[26]);
        }
        self.triage = Some(Triage { step, due, outcome });
    }

    /// Installed: what could have shown a break-in must have been kept by now.
    pub(super) fn patched_before_preserved(&mut self, quotes: &[&Arc<Quote>]) {
        let Some(since) = self.triage_since().filter(|since| *since <= self.clock) else { return };
        if !matches!(self.triage_step().0, Step::Preserved | Step::Decided) {
            let why = format!("installed, but no export of the logs since {since} was recorded before");
            self.call(27, quotes, why);
        }
    }

    /// As the case shows it.
    pub(super) fn triage_told(&self) -> Option<case::Triage> {
        let Triage { step, due, outcome } = self.triage.clone()?;
        Some(case::Triage { due, step: step.word().to_owned(), outcome })
    }
}
