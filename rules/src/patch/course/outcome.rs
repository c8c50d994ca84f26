//! What a walk comes to: the case as it is shown, and what others ask of it.

use serde_json::{Value, json};

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
        more.extend(self.told_of_advisory());
        let results = self.test_results();
        if !results.is_empty() {
            more.insert("test_results".to_owned(), results.into());
        }
        let records = self.records();
        if !records.is_empty() {
            more.insert("records".to_owned(), records.into());
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

    /// What people wrote about the advisory: known issues, a workaround, what it depends on.
    fn told_of_advisory(&self) -> BTreeMap<String, Value> {
        let advisory = self.s.advisory;
        let patterns = self.s.known_issues.iter().map(|issue| &issue.pattern);
        let issues: Vec<&String> = advisory.known_issues.iter().chain(patterns).collect();
        let mut told = BTreeMap::new();
        if !issues.is_empty() {
            told.insert("known_issues".to_owned(), json!(issues));
        }
        if let Some(text) = &advisory.workaround {
            told.insert("workaround".to_owned(), json!(text));
        }
        if !advisory.supersedes.is_empty() {
            told.insert("supersedes".to_owned(), json!(advisory.supersedes));
        }
        told
    }

    /// What tests said of the patch, by criterion, the newest last.
    fn test_results(&self) -> Vec<Value> {
        let result = |d: &Decision<'_>| {
            let of = |key: &str| d.record.get(key).cloned().unwrap_or(Value::Null);
            json!({ "at": d.at, "ring": of("ring"), "criterion": of("criterion"), "result": of("result"), "note": of("note") })
        };
        self.decided("test_result").map(result).collect()
    }

    /// The records that history and checks cite, as far as they are known, by their own order in the case.
    fn records(&self) -> Vec<Value> {
        let ids = self.history.iter().flat_map(|t| &t.evidence);
        let ids = ids.chain(self.checks.four().into_iter().flat_map(|check| &check.evidence));
        let mut seen = BTreeSet::new();
        let fresh = ids.filter(|id| seen.insert(id.as_str()));
        let known = fresh.filter_map(|id| self.record(id)).take(MAX_RECORDS);
        known.map(|quote| record(&quote)).collect()
    }

    fn record(&self, id: &str) -> Option<Arc<Quote>> {
        let dossier = self.s.dossier;
        let probes = || dossier.under("probe/").flat_map(|(_, items)| items).map(|item| &item.quote);
        let templates = || dossier.activity.templates.values().map(|template| &template.sample);
        let scans = || dossier.scans.iter().map(steps::quote_of).find(|quote| quote.id == id);
        let kept = self.cited.get(id).or_else(|| probes().chain(templates()).find(|quote| quote.id == id));
        kept.cloned().or_else(scans)
    }

    /// The version in use: what the kernel says of itself; for the rest what is on disk, once it has been restarted.
    fn running_version(&self) -> Option<String> {
        if self.tells_itself() {
            return self.running.as_ref().map(|(version, _)| version.clone());
        }
        self.activated.as_ref().and_then(|_| self.disk.observed())
    }
}

/// Most records that a case quotes, and the longest part of each.
const MAX_RECORDS: usize = 64;
const MAX_RECORD: usize = 512;

/// A record as the case shows it.
fn record(quote: &Quote) -> Value {
    let end = quote.raw.floor_char_boundary(quote.raw.len().min(MAX_RECORD));
    json!({ "id": quote.id, "received": quote.received, "host": quote.host, "trust": quote.trust, "raw": quote.raw[..end] })
}
