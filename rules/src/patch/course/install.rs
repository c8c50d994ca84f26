//! From open to installed, and back: what package managers say.

use super::{steps::Transaction, *};
use crate::calendar::Windows;

/// Words in a command line that no person typed.
const AUTOMATION: &[&str] = &[
    "unattended-upgrade",
    "apt.systemd.daily",
    "dnf-automatic",
    "packagekit",
    "puppet",
    "ansible",
    "salt-minion",
    "chef-client",
    "landscape",
];

/// A package's scripts run this soon after its files are there.
const SCRIPTS: Duration = Duration::minutes(10);

impl<'a> Course<'a> {
    /// The package manager starts on a package.
    pub(super) fn begins(&mut self, operation: &Operation, quote: &Arc<Quote>) {
        let (old, new) = (operation.old.as_deref(), operation.new.as_deref());
        let was_gone = self.disk.is_empty();
        let known = self.disk.version_of(&operation.package);
        let moved = self.disk.begin(&operation.package, &operation.arch, old, new);
        self.open();
        if moved == Move::Fell {
            // Some logs name only the version that comes.
            let old = old.map(str::to_owned).or(known).unwrap_or_default();
            self.bad.insert(old.clone());
            let new = new.unwrap_or("nothing");
            let why = format!("{} went back from {old} to {new}; {}", operation.package, self.wanted());
            if self.state.is_some() {
                self.fall(State::RolledBack, why, quote);
            }
            return;
        }
        let Some(new) = new else { return };
        if self.state == Some(State::NotApplicable) && was_gone && !self.disk.fixed() {
            self.go(State::Open, format!("{} comes back as {new}", operation.package), &[quote]);
        }
        let backwards = old.is_some_and(|old| self.s.target.scheme.compare(new, old) == Some(std::cmp::Ordering::Less));
        let waits = self.state.is_some_and(|s| is_open(s) && s != State::Deploying);
        if waits && !backwards && !self.disk.fixed() {
            self.moving = Some(self.clock);
            let from = old.map(|old| format!(" from {old}")).unwrap_or_default();
            self.go(State::Deploying, format!("{}{from} to {new} has begun", operation.package), &[quote]);
        }
    }

    /// A package has got so far.
    pub(super) fn status(
        &mut self,
        package: &str,
        arch: &str,
        version: Option<&str>,
        state: PackageState,
        quote: &Arc<Quote>,
    ) {
        let state =
            if state == PackageState::Installed && self.script_fails(package) { PackageState::Partial } else { state };
        let moved = match (state, version) {
            (PackageState::Removed, _) => self.disk.remove(package, arch, version),
            (PackageState::Installed, None) => {
                self.disk.finish(package, arch);
                Move::None
            }
            (_, None) => return,
            (PackageState::Installed, Some(version)) => self.disk.set(package, arch, version, false),
            (PackageState::Partial, Some(version)) => {
                // The version that is being replaced is taken apart first; that begins nothing.
                let begun = self.disk.aims(package);
                self.disk.set(package, arch, version, true);
                let waits =
                    self.state.is_some_and(|s| is_open(s) && s != State::Deploying && s != State::InstallFailed);
                if waits && !begun && self.disk.reaches(version) {
                    self.moving = Some(self.clock);
                    self.go(State::Deploying, format!("{package} {version} is unpacked"), &[quote]);
                }
                return;
            }
        };
        self.open();
        if self.disk.is_empty() && self.state.is_some() {
            return self.stop(State::NotApplicable, format!("{package} was removed"), &[quote]);
        }
        if moved == Move::Fell && self.state.is_some() {
            let removed = state == PackageState::Removed;
            let to = if removed { State::RolledBack } else { State::Reopened };
            let why = format!("{}; nothing explains it; {}", self.disk.words(), self.wanted());
            return self.fall(to, why, quote);
        }
        self.arrived(quote);
    }

    /// Looks whether the disk has reached the fix, or come to rest below it.
    fn arrived(&mut self, quote: &Arc<Quote>) {
        if !self.state.is_some_and(is_open) {
            return;
        }
        if self.disk.fixed() {
            self.install(&Mark { at: self.clock, quote: Some(quote.clone()) });
        } else if self.state == Some(State::Deploying) && self.disk.at_rest() && !self.disk.mixed() {
            self.moving = None;
            self.go(State::Open, format!("installed, but still below the fix: {}", self.disk.words()), &[quote]);
        }
    }

    /// A transaction of the package manager ends.
    pub(super) fn ends(&mut self, transaction: &Transaction) {
        let quote = &transaction.quote;
        if let Some(error) = &transaction.error {
            // An error that names no package is that of whatever was under way.
            let ours = !transaction.operations.is_empty() || self.state == Some(State::Deploying);
            if ours && self.state.is_some_and(is_open) && !self.disk.fixed() {
                self.failed(error, quote);
            }
            return;
        }
        if transaction.end.is_none() {
            return;
        }
        for operation in &transaction.operations {
            self.disk.settle(&operation.package, &operation.arch, operation.new.as_deref());
        }
        self.open();
        if self.disk.is_empty() && self.state.is_some() {
            return self.stop(State::NotApplicable, "the package was removed".to_owned(), &[quote]);
        }
        self.arrived(quote);
        if self.state == Some(State::Deploying) && (self.disk.partial() || self.disk.split()) {
            self.failed("the transaction ended, but not all of it is there", quote);
        }
        self.automation(transaction);
    }

    /// What a person took back must not come back by itself.
    fn automation(&mut self, transaction: &Transaction) {
        let command = transaction.command.as_deref().unwrap_or("").to_lowercase();
        let new = |o: &Operation| o.new.clone().filter(|new| self.bad.contains(new));
        let Some(back) = transaction.operations.iter().find_map(new) else { return };
        let allowed = self.decided("decision").last().is_some_and(|d| d.text("what") == "allowed");
        if !allowed && AUTOMATION.iter().any(|word| command.contains(word)) {
            let why = format!("`{command}` brought back {back}, which was rolled back, and no record allows it");
            self.call(12, &[&transaction.quote], why);
        }
    }

    /// Whether a script of this package fails in the transaction that is at it now: the files are there, set up they are
    /// not, whatever the package manager calls it.
    fn script_fails(&self, package: &str) -> bool {
        let span = (self.clock, "")..=(SCRIPTS.after(self.clock), "\u{10ffff}");
        self.scripts.range(span).any(|(_, failed)| *failed == package)
    }

    /// A package's script failed although the package manager goes on.
    pub(super) fn script_failed(&mut self, package: &str, words: &str, quote: &Arc<Quote>) {
        if self.s.target.pattern(package).is_none() {
            return;
        }
        self.disk.broken(package);
        if self.state.is_some_and(is_open) {
            self.said = Some(words.to_owned()).filter(|w| !w.is_empty());
            self.failed(&format!("a script of {package} failed"), quote);
        }
    }

    /// The package manager's terminal shows what went wrong, in the package's own words.
    pub(super) fn broken(&mut self, package: &str, words: &str, quote: &Arc<Quote>) {
        if self.disk.fixed() || !self.state.is_some_and(is_open) {
            return;
        }
        self.disk.broken(package);
        self.said = Some(words.to_owned()).filter(|w| !w.is_empty());
        self.failed(&format!("{package} could not be processed"), quote);
    }

    /// The installation failed: in part (PV02) or with nothing changed (PV01).
    pub(super) fn failed(&mut self, error: &str, quote: &Arc<Quote>) {
        self.moving = None;
        let said = self.said.as_ref().map(|said| format!("; it said: \"{said}\"")).unwrap_or_default();
        let why = format!("{error}: {}{said}", self.words());
        self.go(State::InstallFailed, why.clone(), &[quote]);
        if self.disk.partial() || self.disk.mixed() || self.calls(2) {
            if let Some(whole) = self.conditions.remove(&Pv(1)) {
                self.conditions.insert(Pv(2), whole);
            }
            self.call(2, &[quote], why);
        } else {
            self.call(1, &[quote], why);
        }
    }

    /// A transaction that never ends is stuck; a due date that passes is a breach; a planned window passes.
    pub(super) fn review_install(&mut self) {
        if let Some(since) = self.moving.filter(|since| self.clock >= self.stuck_after().after(*since)) {
            self.moving = None;
            let why = format!("stuck: no end {} after it began: {}", self.since(since), self.words());
            self.go(State::InstallFailed, why.clone(), &[]);
            let partly = self.disk.partial() || self.disk.mixed();
            self.call(if partly { 2 } else { 1 }, &[], why);
        }
        if self.scheduled_until.is_some_and(|until| self.clock >= until) {
            self.scheduled_until = None;
            if self.state == Some(State::Scheduled) {
                self.go(State::Open, "the planned window passed without an installation".to_owned(), &[]);
            }
        }
        let due = self.due_deploy();
        let late = self.clock >= due && self.state.is_some_and(|s| is_open(s) && s != State::Excepted);
        if late && !self.calls(15) {
            let class = self.class_word();
            let why = format!("due {due} ({class}), not installed: {}; {}", self.words(), self.wanted());
            self.conditions.insert(Pv(15), Condition::new(due.max(self.opened), &[], why));
        } else if !late {
            self.calm(&[15]);
        }
    }

    /// What is there, in words; of systems that have no packages, what runs.
    fn words(&self) -> String {
        match (self.disk.is_empty(), &self.running) {
            (true, Some((running, _))) => format!("runs {running}"),
            (true, None) => "no version is known".to_owned(),
            (false, _) => self.disk.words(),
        }
    }

    fn class_word(&self) -> &'static str {
        match (self.s.kev.is_some(), self.s.class) {
            (true, _) => "exploited",
            (_, Class::Critical) => "critical",
            (_, Class::Important) => "important",
            (_, Class::Minor) => "minor",
        }
    }

    /// The fix is on disk, all of it.
    pub(super) fn install(&mut self, mark: &Mark) {
        self.moving = None;
        self.installed = Some(mark.clone());
        self.activated = None;
        let quotes: Vec<&Arc<Quote>> = mark.quote.iter().collect();
        self.go(State::Installed, self.words(), &quotes);
        self.calm(&[1, 2, 11, 15, 16, 24]);
        self.rollout_rules(&quotes);
        let runs = self.tells_itself() && self.running.as_ref().is_some_and(|(v, _)| self.disk.runs_fixed(v));
        if runs || (self.activation.kind == ActivationKind::None && !self.tells_itself()) {
            self.activate(mark.clone(), "nothing has to be restarted".to_owned());
        } else {
            let due = self.due_activate().unwrap_or(mark.at);
            self.go(State::PendingActivation, format!("{}, due {due}", self.needed()), &quotes);
        }
    }

    /// Test ring first, inside the window and outside of blackouts, after a good backup, with evidence kept.
    pub(super) fn rollout_rules(&mut self, quotes: &[&Arc<Quote>]) {
        self.ring_first(quotes);
        self.inside_window(quotes);
        self.backup_first(quotes);
        self.patched_before_preserved(quotes);
    }

    /// A person's word that a rule does not hold here.
    fn overridden(&self, what: &str) -> Option<String> {
        self.decided("override").filter(|d| d.text("what") == what).last().map(|d| d.text("why").to_owned())
    }

    fn ring_first(&mut self, quotes: &[&Arc<Quote>]) {
        let asset = self.s.asset;
        let Some(ring) = asset.ring.filter(|ring| *ring > 0 && self.s.policy.deploy.require_ring) else { return };
        let soaked = (self.s.soaked)().iter().any(|(from, until)| *from <= self.clock && self.clock < *until);
        let (platform, soak) = (&asset.platform, self.deadlines().soak);
        let what = format!("ring {ring} has it, but no asset of ring 0 on {platform} has run it healthily for {soak}");
        match self.overridden("soak") {
            _ if soaked => {}
            Some(why) => self.note(format!("{what}; overridden: {why}"), quotes),
            None => self.call(13, quotes, what),
        }
    }

    fn inside_window(&mut self, quotes: &[&Arc<Quote>]) {
        let asset = self.s.asset;
        let planned = self.decided("schedule").last().and_then(|d| d.text("window").parse::<Windows>().ok());
        let windows = planned.as_ref().unwrap_or(&asset.windows);
        let zone = asset.zone.clone().unwrap_or(jiff::tz::TimeZone::UTC);
        let outside = !windows.is_empty() && !windows.contains(self.clock, &zone);
        let blackout = self.s.policy.calendar.blackout_at(self.clock, &zone);
        let what = match blackout {
            Some(why) => format!("installed {}, in a blackout ({why})", self.clock),
            None if outside => format!("installed {}, the window is {windows}", self.clock),
            None => return,
        };
        match self.overridden("window") {
            Some(why) => self.note(format!("{what}; overridden: {why}"), quotes),
            None => self.call(14, quotes, what),
        }
    }

    /// A high-risk asset with a backup job is patched after a good backup (PV25).
    fn backup_first(&mut self, quotes: &[&Arc<Quote>]) {
        if self.s.asset.risk != crate::assets::Risk::High {
            return;
        }
        let Some(newest) = (self.s.backup)(self.clock) else { return };
        let within = self.s.policy.deploy.backup_within;
        if newest.as_ref().is_some_and(|(at, _)| within.after(*at) >= self.clock) {
            return;
        }
        let newest = newest.map_or("none was seen".to_owned(), |(at, _)| format!("the newest is of {at}"));
        self.call(
            25,
            quotes,
            format!("installed {} without a good backup in the {within} before; {newest}", self.clock),
        );
    }

    /// An unattended run leaves a package as it is, and nobody has accepted that.
    pub(super) fn held(&mut self, package: &str, quote: &Arc<Quote>) {
        let open = self.state.is_some_and(|s| is_open(s) && s != State::Excepted);
        if !self.pretends && open && self.s.target.pattern(package).is_some() {
            let why = format!("the updater holds {package} back although {}; no exception covers it", self.wanted());
            self.call(24, &[quote], why);
        }
    }

    /// A list of what is installed names a package.
    pub(super) fn listed(&mut self, package: &str, arch: &str, version: &str, quote: &Arc<Quote>) {
        if self.disk.partial() || self.state == Some(State::Deploying) {
            return;
        }
        let moved = self.disk.set(package, arch, version, false);
        self.open();
        if moved == Move::Fell && self.state.is_some() {
            let why = format!("a package list shows {package} {version}; {}", self.wanted());
            return self.fall(State::Reopened, why, quote);
        }
        self.arrived(quote);
    }

    /// A scanner's package list.
    pub(super) fn scanned(&mut self, scan: &Scan) {
        let mut listed = crate::patch::cases::index::listed(&scan.packages, self.s.target).peekable();
        if listed.peek().is_some() {
            let quote = steps::quote_of(scan);
            listed.for_each(|(package, (arch, version))| self.listed(package, arch, version, &quote));
        }
    }
}
