//! What a walk comes to: the case as it is shown, and what others ask of it.

use super::*;

impl Course<'_> {
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
        let mut more = BTreeMap::new();
        if let Some(reason) = self.decided("rollback_reason").last() {
            more.insert("rollback_reason".to_owned(), reason.text("reason").into());
        }
        if self.blamed {
            more.insert("known_issue_wanted".to_owned(), self.s.known_issues.is_empty().into());
        }
        if let Some(watch) = self.watch_told() {
            more.insert("watch_record".to_owned(), watch);
        }
        Some(PatchCase {
            kind: "case".to_owned(),
            id: id.to_owned(),
            asset: Some(self.s.asset.id.clone()),
            advisory: self.s.advisory.id.clone(),
            state,
            class: self.s.class,
            kev: self.s.kev.is_some(),
            watch: self.is_watched(),
            opened: self.opened,
            due: Due { deploy: Some(self.due_deploy()), activate: self.due_activate(), verify: self.due_verify() },
            installed: self.installed.as_ref().map(|m| m.at),
            activated: self.activated.as_ref().map(|m| m.at),
            observed: self.disk.observed().or_else(|| self.running_version()),
            running: self.running_version(),
            trust: if self.trust() >= 2 { "high" } else { "low" }.to_owned(),
            overdue: self.calls(15),
            reopened: self.reopened,
            exception: self.exception.clone(),
            checks: self.checks.clone(),
            triage: self.triage_told(),
            history: self.history.clone(),
            alerts: Vec::new(),
            members: None,
            more,
        })
    }

    /// The version in use: what the kernel says of itself; for the rest what is on disk, once it has been restarted.
    fn running_version(&self) -> Option<String> {
        if self.tells_itself() {
            return self.running.as_ref().map(|(version, _)| version.clone());
        }
        self.activated.as_ref().and_then(|_| self.disk.observed())
    }
}
