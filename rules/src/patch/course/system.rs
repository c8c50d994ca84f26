//! Systems that tell their own version: builds, firmware, and updates that go by a name of their own.

use super::*;
use crate::patch::fact::UpdateStep;

/// The line that names the version comes this close to the one that tells of the boot.
const BANNER: Duration = Duration::minutes(5);

impl<'a> Course<'a> {
    /// Whether a product's name, as a line has it, is what this case is about.
    fn is_about(&self, product: &str) -> bool {
        let named = product.to_lowercase();
        let family = match self.s.target.scheme {
            Scheme::Fortios => Some("forti"),
            Scheme::Panos => Some("pan-os"),
            Scheme::Ios => Some("ios"),
            Scheme::Winbuild => Some("windows"),
            _ => None,
        };
        let own = std::iter::once(&self.s.target.product).chain(&self.s.target.packages);
        family.is_some_and(|family| named.contains(family)) || own.into_iter().any(|name| name.to_lowercase() == named)
    }

    /// A line states what runs, whatever it is about otherwise.
    pub(super) fn states(&mut self, product: &str, version: &str, quote: &Arc<Quote>) {
        if self.is_about(product) {
            self.runs(version, quote, false);
        }
    }

    /// The system runs in this version: it has just booted, or says so in passing.
    pub(super) fn runs(&mut self, version: &str, quote: &Arc<Quote>, boots: bool) {
        if self.running.as_ref().is_none_or(|(_, old)| old.trust <= quote.trust) {
            self.calm(&[22]);
        }
        let mark = Mark { at: self.clock, quote: Some(quote.clone()) };
        self.running = Some((version.to_owned(), quote.clone()));
        if self.tells == Tells::System {
            self.disk.set(&self.s.target.product, "", version, false);
        }
        self.open();
        let words = if boots { "booted" } else { "runs" };
        if self.disk.runs_fixed(version) {
            if self.state.is_some_and(is_open) {
                let why = format!("runs {version}, {}{}", self.wanted(), self.covered_by(version));
                self.installed = Some(mark.clone());
                self.moving = None;
                self.calm(&[1, 2, 11, 15, 16, 24]);
                self.rollout_rules(&[quote]);
                self.activate(mark, why);
            } else if self.waits() {
                self.activate(mark, format!("{words} {version}, {}", self.wanted()));
            }
            return;
        }
        let why = format!("{words} {version}, {}", self.wanted());
        if self.waits() {
            if boots {
                self.call(4, &[quote], why.clone());
                self.go(State::PendingActivation, why, &[quote]);
            }
        } else if self.activated.is_some() {
            let device = self.tells == Tells::System && self.s.target.scheme != Scheme::Winbuild;
            self.fall(if device { State::RolledBack } else { State::Reopened }, why, quote);
        }
    }

    /// A later build brought the fix although its own update never came.
    fn covered_by(&self, version: &str) -> String {
        let exact = self.s.target.fixed.as_deref().is_some_and(|fixed| self.s.target.scheme.reaches(fixed, version));
        let builds = self.s.target.scheme == Scheme::Winbuild;
        if builds && !exact && self.moving.is_none() {
            format!(", superseded by build {version}")
        } else {
            String::new()
        }
    }

    /// It booted, and nobody said into what, neither shortly before nor shortly after.
    pub(super) fn boots_unknown(&mut self, quote: &Arc<Quote>) {
        let (from, to) = (BANNER.before(self.clock), BANNER.after(self.clock));
        let lanes = self.s.dossier.under("runs/").map(|(_, items)| items).chain([self.s.dossier.lane("boot")]);
        let told = |item: &Item| from <= item.at && item.at <= to && steps::version(item).is_some();
        if self.tells == Tells::System && !lanes.into_iter().flatten().any(told) {
            self.note("booted an unknown version: no line that names it came with the boot".to_owned(), &[quote]);
        }
    }

    /// Another image lies on the device; it runs from the next boot on.
    pub(super) fn firmware(&mut self, old: Option<&str>, new: &str, quote: &Arc<Quote>) {
        if self.tells != Tells::System {
            return;
        }
        let product = &self.s.target.product;
        if let (true, Some(old)) = (self.disk.is_empty(), old) {
            self.disk.set(product, "", old, false);
            self.open();
        }
        let reached = self.disk.reaches(new);
        self.disk.set(product, "", new, false);
        self.open();
        if reached && self.state.is_some_and(is_open) {
            self.install(&Mark { at: self.clock, quote: Some(quote.clone()) });
        } else if !reached && self.installed.is_some() {
            let why = format!("the image was replaced by {new}; {}", self.wanted());
            self.fall(State::RolledBack, why, quote);
        }
    }

    /// An update that goes by a name of its own: a KB.
    pub(super) fn update(&mut self, name: &str, step: UpdateStep, code: Option<&str>, quote: &Arc<Quote>) {
        if !self.goes_by(name) || self.state.is_none() {
            return;
        }
        let open = self.state.is_some_and(is_open);
        match step {
            UpdateStep::Ready => {}
            UpdateStep::Started if open && self.state != Some(State::Deploying) => {
                self.moving = Some(self.clock);
                self.go(State::Deploying, format!("the installation of {name} has begun"), &[quote]);
            }
            UpdateStep::Started => {}
            UpdateStep::Failed if open => {
                let code = code.map(|code| format!(" with {code}")).unwrap_or_default();
                self.failed(&format!("{name} failed{code}"), quote);
            }
            UpdateStep::Failed => {}
            UpdateStep::Installed | UpdateStep::NeedsRestart if open => {
                self.install(&Mark { at: self.clock, quote: Some(quote.clone()) });
            }
            UpdateStep::Installed => self.confirm(quote),
            UpdateStep::NeedsRestart => {}
            UpdateStep::Removed if !open => {
                self.fall(State::RolledBack, format!("{name} was uninstalled"), quote);
            }
            UpdateStep::Removed => {}
        }
    }

    /// A vendor's patch is there or needed again, by the package manager's own reckoning.
    pub(super) fn patch(&mut self, name: &str, applied: bool, quote: &Arc<Quote>) {
        if !self.goes_by(name) || self.state.is_none() {
            return;
        }
        let open = self.state.is_some_and(is_open);
        if applied && open {
            self.disk.lift();
            self.install(&Mark { at: self.clock, quote: Some(quote.clone()) });
        } else if applied {
            self.confirm(quote);
        } else if !open {
            self.fall(State::RolledBack, format!("{name} is needed again"), quote);
        } else if matches!(self.state, Some(State::Reopened | State::RolledBack)) {
            self.confirm(quote);
        }
    }

    fn goes_by(&self, name: &str) -> bool {
        let target = self.s.target;
        let own = [&self.s.advisory.id, &target.product].into_iter().chain(&target.packages);
        own.into_iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}
