//! What people decide and write down (interface section 5): what of it is kept, and what it changes.

use super::*;
use crate::inputs::{self, records};

/// Most human decisions that are kept; the oldest go first.
const MAX_DECISIONS: usize = 100_000;
/// Reasons for which a closed alert counts as none.
const HARMLESS: [&str; 3] = ["benign", "false_positive", "duplicate"];

impl Cases {
    /// A person's record becomes known.
    ///
    /// # Errors
    /// What is wrong with the record, in words for whoever wrote it; nothing is kept then.
    pub fn decide(&mut self, at: Timestamp, record: &serde_json::Value, out: &mut Output) -> Result<(), String> {
        let kind = record["kind"].as_str().ok_or("a record has a `kind`")?;
        self.roll(at);
        self.clock = self.clock.max(at);
        let name = format!("record {kind} of {at}");
        match kind {
            "exception" => {
                let mut exception: Exception = exception_of(record)?;
                exception.created = exception.created.or(Some(at));
                self.exceptions.entry(name).or_default().push(exception);
                self.sort_exceptions();
            }
            "known_issue" => {
                let text = |key: &str| record[key].as_str().unwrap_or("").to_owned();
                let (advisory, pattern) = (text("advisory"), text("pattern"));
                if advisory.is_empty() || pattern.is_empty() {
                    return Err("a known_issue has an `advisory` and a `pattern`".to_owned());
                }
                let issue = KnownIssue { advisory, pattern, workaround: text("workaround"), owner: text("owner") };
                self.known_issues.entry(name).or_default().push(issue);
                self.sort_known_issues();
            }
            "rollback_reason" | "workaround" | "override" | "waive" | "schedule" | "triage" | "decision" => {
                let case = record["case"].as_str().ok_or_else(|| format!("a {kind} names its `case`"))?;
                if self.members_of(case).is_empty() {
                    return Err(format!("no case `{case}` (write asset/advisory or group:name/advisory)"));
                }
            }
            "watch" if record["advisory"].as_str().is_none_or(|a| !self.advisories.contains_key(a)) => {
                return Err("a watch names a known `advisory`".to_owned());
            }
            "test_result" => {
                let advisory = record["advisory"].as_str().ok_or("a test_result names its `advisory`")?;
                if !self.advisories.contains_key(advisory) {
                    return Err(format!("no advisory `{advisory}` is known"));
                }
            }
            "alert" => self.dismiss(record),
            "watch" => {}
            _ => return Ok(()),
        }
        if self.decisions.len() == MAX_DECISIONS {
            self.decisions.remove(0);
        }
        self.decisions.push(Decided { at, record: record.clone() });
        self.sort_decisions();
        self.dirty.insert("decisions".to_owned());
        match (record["case"].as_str(), record["advisory"].as_str()) {
            (Some(case), _) => self.derive_case(case, out),
            (_, Some(advisory)) if kind != "exception" => self.derive_advisory(advisory, out),
            _ => self.derive_all(out),
        }
        self.settle(out);
        Ok(())
    }

    /// The cases that a case's id means: a group's are its members'.
    fn members_of(&self, case: &str) -> Vec<Key> {
        let Some((about, advisory)) = case.split_once('/') else { return Vec::new() };
        let assets: Vec<Name> = match about.strip_prefix("group:") {
            Some(group) => self.index.members(group).to_vec(),
            None => vec![about.into()],
        };
        let keys = assets.into_iter().map(|asset| (asset, Name::from(advisory)));
        keys.filter(|key| self.held_at(key).is_some()).collect()
    }

    fn derive_case(&mut self, case: &str, out: &mut Output) {
        for key in self.members_of(case) {
            self.derive(&key, out);
        }
    }

    /// Sorts exceptions by whom they are for.
    pub(super) fn sort_exceptions(&mut self) {
        self.exceptions_of.clear();
        for exception in self.exceptions.values().flatten() {
            self.exceptions_of.entry(exception.asset.clone()).or_default().push(exception.clone());
        }
    }

    /// Sorts known issues by their advisory.
    pub(super) fn sort_known_issues(&mut self) {
        self.known_issues_of.clear();
        for issue in self.known_issues.values().flatten() {
            self.known_issues_of.entry(issue.advisory.clone()).or_default().push(issue.clone());
        }
    }

    /// Sorts decisions by the case or the advisory that they name.
    pub(super) fn sort_decisions(&mut self) {
        self.decided_about.clear();
        for (number, decided) in self.decisions.iter().enumerate() {
            for about in ["case", "advisory"].iter().filter_map(|key| decided.record[*key].as_str()) {
                self.decided_about.entry(about.to_owned()).or_default().push(number);
            }
        }
    }

    /// An alert that a person closed as none, or opened again, counts accordingly in the log review.
    fn dismiss(&mut self, record: &serde_json::Value) {
        let dismissed = dismisses(record);
        for (asset, dossier) in &mut self.dossiers {
            for alert in dossier.alerts.iter_mut().filter(|a| record["id"] == a.id.as_str()) {
                alert.dismissed = dismissed;
                self.dirty.insert(format!("others/{asset}"));
            }
        }
    }
}

/// Whether a person's word about an alert says that it was none.
pub(super) fn dismisses(record: &serde_json::Value) -> bool {
    record["to"] == "closed" && HARMLESS.iter().any(|reason| record["reason"] == *reason)
}

fn exception_of(record: &serde_json::Value) -> Result<Exception, String> {
    let text = |key: &str| record[key].as_str().unwrap_or("").to_owned();
    let needed =
        |key: &str| Some(text(key)).filter(|t| !t.is_empty()).ok_or_else(|| format!("an exception has `{key}`"));
    Ok(Exception {
        id: needed("id")?,
        asset: needed("asset")?,
        advisory: needed("advisory")?,
        reason: text("reason"),
        control: text("control"),
        approver: needed("approver")?,
        created: record["created"].as_str().map(|t| inputs::time_or_date(t, false)).transpose()?,
        expires: records::expiry(&needed("expires")?)?,
    })
}
