//! From installed to running. Installed is not active: old code runs on until it is started anew.

use super::*;

/// Lines after "rebooting" are the shutdown's own for this long.
const SHUTDOWN_TAIL: Duration = Duration::minutes(2);
/// A needrestart report has named all it has to name after this long.
pub const REPORT_COMPLETE: Duration = Duration::minutes(1);

impl<'a> Course<'a> {
    /// Installed, and not yet running as far as is known.
    pub(super) fn waits(&self) -> bool {
        match self.state {
            Some(State::PendingActivation) => true,
            Some(State::VerifyFailed) => self.activated.is_none() && self.installed.is_some(),
            _ => false,
        }
    }

    /// What it takes, in words.
    pub(super) fn needed(&self) -> String {
        match self.activation.kind {
            ActivationKind::Reboot => "needs a reboot".to_owned(),
            ActivationKind::ServiceRestart if self.activation.units.is_empty() => {
                "needs all users of it restarted".to_owned()
            }
            ActivationKind::ServiceRestart => format!("needs a start of {}", self.unstarted().join(", ")),
            ActivationKind::Firmware => "needs to boot the new firmware".to_owned(),
            ActivationKind::Rollout => "needs all instances replaced".to_owned(),
            ActivationKind::None if self.tells_itself() => "needs to boot it".to_owned(),
            ActivationKind::None => "needs nothing".to_owned(),
        }
    }

    /// The fix is in use: from here the four checks count, and only evidence from later on.
    pub(super) fn activate(&mut self, mark: Mark, why: String) {
        let quote = mark.quote.clone();
        self.activate_by(mark, why, &quote.iter().collect::<Vec<_>>());
    }

    fn activate_by(&mut self, mark: Mark, why: String, evidence: &[&Arc<Quote>]) {
        self.healthy_since(mark.at);
        self.failing.clear();
        (self.looping, self.crashed, self.rebooting) = (None, None, None);
        self.calm(&[3, 4, 5, 6]);
        self.activated = Some(mark);
        self.go(State::Verifying, why, evidence);
        self.upon_activation = self.history.len();
    }

    /// The listed units that have not started since the installation, or that needrestart names.
    fn unstarted(&self) -> Vec<&str> {
        let Some(installed) = &self.installed else { return Vec::new() };
        let named = |unit: &Unit, at: Timestamp| {
            self.report.as_ref().is_some_and(|r| r.at >= at && r.names.iter().any(|n| unit.is(n)))
        };
        let fresh = |listed: &str| {
            let mut starts = self.starts.iter().filter(|(unit, _)| unit.is(listed));
            starts.any(|(unit, mark)| mark.at > installed.at && !named(unit, mark.at))
        };
        self.activation.units.iter().map(String::as_str).filter(|listed| !fresh(listed)).collect()
    }

    fn is_listed(&self, unit: &Unit) -> bool {
        self.activation.units.iter().any(|listed| unit.is(listed))
    }

    /// A unit started. A reload is no start.
    pub(super) fn started(&mut self, unit: &Unit, quote: &Arc<Quote>) {
        let mark = Mark { at: self.clock, quote: Some(quote.clone()) };
        if self.failing.remove(unit).is_some() {
            self.healthy_since(self.clock);
        }
        self.starts.insert(unit.clone(), mark);
        self.try_units(Some(quote));
    }

    fn try_units(&mut self, quote: Option<&Arc<Quote>>) {
        if !self.waits() || self.activation.kind != ActivationKind::ServiceRestart || self.activation.units.is_empty() {
            return;
        }
        if self.unstarted().is_empty() {
            let installed = self.installed.as_ref().map_or(self.clock, |m| m.at);
            let why = format!("started since the installation: {}", self.activation.units.join(", "));
            let since = |m: &&Mark| m.at > installed;
            let starts = self.starts.iter().filter(|(u, _)| self.is_listed(u)).map(|(_, m)| m).filter(since);
            let starts: Vec<Mark> = starts.cloned().collect();
            let mark = starts.iter().max_by_key(|m| m.at).cloned();
            let now = Mark { at: self.clock, quote: quote.cloned() };
            let evidence: Vec<&Arc<Quote>> = starts.iter().filter_map(|m| m.quote.as_ref()).collect();
            self.activate_by(mark.unwrap_or(now), why, &evidence);
        } else if self.state == Some(State::VerifyFailed) && self.failing.is_empty() && self.rebooting.is_none() {
            self.calm(&[6]);
            self.go(State::PendingActivation, self.needed(), &quote.into_iter().collect::<Vec<_>>());
        }
    }

    /// A unit failed: after activation that is the health check's matter; a listed one's first start even before.
    pub(super) fn unit_failed(&mut self, unit: &Unit, quote: &Arc<Quote>) {
        let mark = Mark { at: self.clock, quote: Some(quote.clone()) };
        let watched = self.healthy_from.is_some_and(|from| self.clock <= self.s.policy.verify.health.after(from));
        let after_install = self.installed.as_ref().is_some_and(|m| self.clock > m.at);
        if self.activated.is_some() && (watched || self.is_listed(unit)) {
            self.failing.insert(unit.clone(), mark);
        } else if self.waits() && after_install && self.is_listed(unit) {
            self.failing.insert(unit.clone(), mark);
            let name = if unit.name.is_empty() { &unit.description } else { &unit.name };
            let why = format!("{name} does not start with the patch");
            self.go(State::VerifyFailed, why.clone(), &[quote]);
            self.call(6, &[quote], why);
        }
    }

    /// Without a case, because the fix was there before the flaw was public: since when it has been in use.
    pub(super) fn was_ready_before(&self) -> Option<Timestamp> {
        let fixed = self.fixed_since?;
        match self.activation.kind {
            ActivationKind::None => Some(fixed),
            _ if self.tells_itself() => self.running.as_ref().filter(|(v, _)| self.disk.runs_fixed(v)).map(|_| fixed),
            ActivationKind::ServiceRestart => {
                let start = |listed: &String| {
                    let fresh = self.starts.iter().filter(|(u, m)| u.is(listed) && m.at > fixed);
                    fresh.map(|(_, m)| m.at).max()
                };
                self.activation.units.iter().map(start).try_fold(fixed, |last, at| at.map(|at| last.max(at)))
            }
            _ => None,
        }
    }

    /// A unit is started again and again.
    pub(super) fn loops(&mut self, unit: &Unit, restarts: u32, quote: &Arc<Quote>) {
        if self.activated.is_some() && restarts >= 3 {
            self.looping = Some((unit.clone(), restarts, Mark { at: self.clock, quote: Some(quote.clone()) }));
            self.healthy_since(self.clock);
        }
    }

    /// The kernel reports a fault.
    pub(super) fn crash(&mut self, quote: &Arc<Quote>) {
        let watched = self.healthy_from.is_some_and(|from| self.clock <= self.s.policy.verify.health.after(from));
        if self.activated.is_some() && watched {
            self.crashed = Some(Mark { at: self.clock, quote: Some(quote.clone()) });
        }
    }

    /// needrestart's lines: a report begins, could tell, names a unit.
    pub(super) fn needrestart(&mut self, fact: &Fact, quote: &Arc<Quote>) {
        let at = self.clock;
        let new = || Report { at, quote: quote.clone(), known: false, names: BTreeSet::new() };
        if *fact == Fact::NeedsReport {
            self.report = Some(new());
        }
        let report = self.report.get_or_insert_with(new);
        match fact {
            Fact::NeedsKnown => report.known = true,
            Fact::NeedsRestart { unit } => {
                report.names.insert(unit.clone());
            }
            _ => {}
        }
    }

    /// A report that names nobody proves a restart where the advisory lists no units.
    fn try_report(&mut self) {
        let (Some(report), Some(installed)) = (&self.report, &self.installed) else { return };
        let complete = self.clock >= REPORT_COMPLETE.after(report.at);
        let clean = report.known && report.names.is_empty() && report.at > installed.at;
        let listed = !self.activation.units.is_empty() || self.activation.kind != ActivationKind::ServiceRestart;
        if self.waits() && complete && clean && !listed {
            let mark = Mark { at: report.at, quote: Some(report.quote.clone()) };
            self.activate(mark, "needrestart names no service that still runs old files".to_owned());
        }
    }

    /// A live patch counts where the advisory names it.
    pub(super) fn livepatched(&mut self, name: &str, quote: &Arc<Quote>) {
        if self.waits() && self.activation.livepatch.iter().any(|listed| listed == name) {
            let mark = Mark { at: self.clock, quote: Some(quote.clone()) };
            self.activate(mark, format!("live patch {name} is in"));
        }
    }

    /// The system starts, in some version.
    pub(super) fn boot(&mut self, version: Option<&str>, quote: &Arc<Quote>) {
        self.rebooting = None;
        self.calm(&[5]);
        self.failing.clear();
        self.crashed = None;
        match (self.tells_itself(), version) {
            (true, Some(version)) => self.runs(version, quote, true),
            (true, None) => self.boots_unknown(quote),
            (false, _) => {
                let restarts = matches!(self.activation.kind, ActivationKind::ServiceRestart | ActivationKind::Reboot);
                if self.waits() && restarts {
                    let mark = Mark { at: self.clock, quote: Some(quote.clone()) };
                    self.activate(mark, "the host was rebooted after the installation".to_owned());
                }
            }
        }
    }

    /// A boot line that more trusted evidence contradicts changes nothing and is said so.
    pub(super) fn contested(&mut self, item: &Item, other: &Item) {
        if self.state.is_none() || !self.tells_itself() {
            return;
        }
        let says = |i: &Item| steps::version(i).unwrap_or_default().to_owned();
        let why = format!(
            "a line of low trust says {}, one of higher trust says {}: which version runs is not proven",
            says(item),
            says(other)
        );
        self.call(22, &[&item.quote, &other.quote], why);
    }

    /// The system says that it reboots: it must come back.
    pub(super) fn goes_down(&mut self, quote: &Arc<Quote>) {
        if self.waits() || self.activated.is_some() && !matches!(self.state, Some(State::Verified | State::Closed)) {
            self.look(SHUTDOWN_TAIL.after(self.clock));
            self.rebooting = Some(Mark { at: self.clock, quote: Some(quote.clone()) });
        }
    }

    /// The system is back, in a version that is not known from this alone.
    pub(super) fn returned(&mut self) {
        if self.rebooting.take().is_some() && self.calls(5) {
            self.calm(&[5]);
            if self.waits() {
                self.go(State::PendingActivation, format!("back after the reboot; {}", self.needed()), &[]);
            }
        }
    }

    /// Silence after a reboot.
    pub(super) fn review_reboot(&mut self) {
        let Some(down) = self.rebooting.clone() else { return };
        // Activity is forgotten only because the host has said something newer: it was back, nobody knows when.
        let window = self.window(SHUTDOWN_TAIL.after(down.at));
        if window.is_none_or(|w| w.alive_by(self.clock).is_some()) {
            return self.returned_or_wait();
        }
        let allowed = deadline::boot_return(self.s.asset, self.s.policy);
        if self.clock >= allowed.after(down.at) && !self.calls(5) {
            let why = format!("rebooting since {}, nothing heard for {}", down.at, self.since(down.at));
            let quotes: Vec<&Arc<Quote>> = down.quote.iter().collect();
            self.go(State::VerifyFailed, why.clone(), &quotes);
            self.call(5, &quotes, why);
        }
    }

    /// It speaks again. Without a boot line the version is still unknown.
    fn returned_or_wait(&mut self) {
        if self.calls(5) {
            self.returned();
        } else {
            self.rebooting = None;
        }
    }

    /// A restart that does not come.
    pub(super) fn review_activation(&mut self) {
        self.try_report();
        self.try_units(None);
        let Some(due) = self.due_activate() else { return };
        if self.state == Some(State::PendingActivation) && self.clock >= due && !self.calls(3) {
            let installed = self.installed.as_ref().map_or(self.clock, |m| m.at);
            let limit = self.deadlines().activate;
            let why = format!("installed {installed}, {} within {limit}, due {due}", self.needed());
            self.conditions.insert(Pv(3), Condition::new(due, &[], why));
        }
    }
}
