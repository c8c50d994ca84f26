//! Files and decisions that become known: what they change.

use std::path::Path;

use super::*;
use crate::inputs::{self, Scan, exploited, records, warning};

/// A file as it was last known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Known {
    pub at: Timestamp,
    pub feed: Feed,
}

/// Inputs that this part reads.
const INPUTS: &[&str] = &["inventory", "policy", "advisories", "kev", "epss", "exceptions", "known_issues", "scans"];
/// Most human decisions that are kept; the oldest go first.
const MAX_DECISIONS: usize = 100_000;

impl Cases {
    /// A file of the organisation becomes known, or replaces the one of the same path.
    pub fn feed(&mut self, at: Timestamp, feed: &Feed, out: &mut Output) -> Vec<Problem> {
        if !INPUTS.contains(&feed.input.as_str()) {
            return Vec::new();
        }
        self.roll(at);
        self.clock = self.clock.max(at);
        let name = format!("{}/{}", feed.input, feed.path);
        self.dirty.insert(format!("feed/{name}"));
        let replaced = self.feeds.insert(name, Known { at, feed: feed.clone() });
        let (problems, touched) = self.read(at, feed, replaced.as_ref());
        match touched {
            Touched::All => self.derive_all(out),
            Touched::Asset(asset) => self.derive_asset(&asset, out),
            Touched::Advisories(ids) => ids.iter().for_each(|id| self.derive_advisory(id, out)),
            Touched::None => {}
        }
        problems
    }

    /// Reads a file into the configuration; nothing is derived yet.
    pub(super) fn read(&mut self, at: Timestamp, feed: &Feed, replaced: Option<&Known>) -> (Vec<Problem>, Touched) {
        let (file, text) = (Path::new(&feed.path), feed.text.as_str());
        match feed.input.as_str() {
            "inventory" => {
                let (assets, mut problems) = Assets::read(file, text);
                for old in self.assets.iter().filter(|old| assets.get(&old.id).is_none() && !old.gone(at)) {
                    let what = format!("asset `{}` has vanished from the inventory", old.id);
                    problems.push(warning(file, 0, what, "give it a date in the column `retired` instead"));
                }
                self.assets = assets;
                self.bind_scans();
                (problems, Touched::All)
            }
            "policy" => {
                let (policy, problems) = Policy::read(file, text);
                if let Some(policy) = policy {
                    self.policy = policy;
                }
                (problems, Touched::All)
            }
            "advisories" => self.read_advisory(file, text, replaced),
            "kev" => {
                let (known, _, problems) = exploited::kev(file, text);
                let initial = !self.started;
                for (cve, entry) in known {
                    // What was there from the start was seen when CISA added it, as far as anybody can tell.
                    let first = if initial { entry.added } else { at };
                    let seen = self.exploited.get(&cve).map_or(first, |(_, seen)| *seen);
                    self.exploited.insert(cve, (entry, seen));
                }
                self.dirty.insert("kev".to_owned());
                (problems, Touched::All)
            }
            "epss" => {
                let (scores, _, problems) = exploited::epss(file, text);
                self.epss = scores;
                (problems, Touched::All)
            }
            "exceptions" => {
                let (read, problems) = records::exceptions(file, text);
                self.exceptions.insert(feed.path.clone(), read);
                (problems, Touched::All)
            }
            "known_issues" => {
                let (read, problems) = records::known_issues(file, text);
                self.known_issues.insert(feed.path.clone(), read);
                (problems, Touched::All)
            }
            _ => self.read_scan(at, feed),
        }
    }

    fn read_advisory(&mut self, file: &Path, text: &str, replaced: Option<&Known>) -> (Vec<Problem>, Touched) {
        if file.extension().is_none_or(|e| e != "toml") {
            let what = "only advisories in TOML are read so far";
            return (vec![warning(file, 0, what, "write what you need of it as TOML")], Touched::None);
        }
        let old = replaced.and_then(|known| Advisory::read(file, &known.feed.text).ok()).map(|a| a.id);
        let advisory = match Advisory::read(file, text) {
            Ok(advisory) => advisory,
            Err(problem) => return (vec![problem], Touched::None),
        };
        let mut touched = vec![advisory.id.clone()];
        touched.extend(advisory.supersedes.iter().cloned());
        if let Some(old) = old.filter(|old| *old != advisory.id) {
            self.advisories.remove(&old);
            touched.push(old);
        }
        if advisory.published > floor(self.clock) {
            self.publications.insert((advisory.published, advisory.id.clone()));
        }
        self.advisories.insert(advisory.id.clone(), advisory);
        (Vec::new(), Touched::Advisories(touched))
    }

    fn read_scan(&mut self, at: Timestamp, feed: &Feed) -> (Vec<Problem>, Touched) {
        let (scan, mut problems) = match Scan::read(&feed.path, &feed.text, at) {
            Ok(read) => read,
            Err(problem) => return (vec![problem], Touched::None),
        };
        let Some(asset) = self.assets.resolve(&scan.asset).map(|a| a.id.clone()) else {
            let what = format!("the report is about `{}`, which is in no inventory", scan.asset);
            let help = "name the file ASSET--anything.json, or give the asset this alias";
            problems.push(warning(Path::new(&feed.path), 0, what, help));
            return (problems, Touched::None);
        };
        if self.dossiers.entry(asset.clone()).or_default().keep_scan(scan) {
            self.dirty.insert(format!("scans/{asset}"));
        }
        (problems, Touched::Asset(asset))
    }

    /// Reports that came before the inventory find their assets.
    fn bind_scans(&mut self) {
        let scans: Vec<Known> = self.feeds.values().filter(|known| known.feed.input == "scans").cloned().collect();
        for known in scans {
            self.read_scan(known.at, &known.feed);
        }
    }

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
            }
            "known_issue" => {
                let text = |key: &str| record[key].as_str().unwrap_or("").to_owned();
                let (advisory, pattern) = (text("advisory"), text("pattern"));
                if advisory.is_empty() || pattern.is_empty() {
                    return Err("a known_issue has an `advisory` and a `pattern`".to_owned());
                }
                let issue = KnownIssue { advisory, pattern, workaround: text("workaround"), owner: text("owner") };
                self.known_issues.entry(name).or_default().push(issue);
            }
            "rollback_reason" | "workaround" | "override" | "waive" | "schedule" | "triage" | "decision" => {
                let case = record["case"].as_str().ok_or_else(|| format!("a {kind} names its `case`"))?;
                let key = case.split_once('/').map(|(asset, advisory)| (asset.to_owned(), advisory.to_owned()));
                if !key.is_some_and(|key| self.held.contains_key(&key)) {
                    return Err(format!("no case `{case}` (write asset/advisory)"));
                }
            }
            "watch" if record["advisory"].as_str().is_none_or(|a| !self.advisories.contains_key(a)) => {
                return Err("a watch names a known `advisory`".to_owned());
            }
            "alert" => self.dismiss(record),
            "watch" => {}
            _ => return Ok(()),
        }
        if self.decisions.len() == MAX_DECISIONS {
            self.decisions.remove(0);
        }
        self.decisions.push(Decided { at, record: record.clone() });
        self.dirty.insert("decisions".to_owned());
        self.derive_all(out);
        Ok(())
    }

    /// An alert that a person closed as none, or opened again, counts accordingly in the log review.
    fn dismiss(&mut self, record: &serde_json::Value) {
        let dismissed = record["to"] == "closed"
            && ["benign", "false_positive", "duplicate"].iter().any(|reason| record["reason"] == *reason);
        for (asset, dossier) in &mut self.dossiers {
            for alert in dossier.alerts.iter_mut().filter(|a| record["id"] == a.id.as_str()) {
                alert.dismissed = dismissed;
                self.dirty.insert(format!("others/{asset}"));
            }
        }
    }

    /// Derives every case anew, and those that there may be now.
    pub(super) fn derive_all(&mut self, out: &mut Output) {
        let assets: BTreeSet<String> =
            self.dossiers.keys().cloned().chain(self.held.keys().map(|k| k.0.clone())).collect();
        for asset in assets {
            self.derive_asset(&asset, out);
        }
        self.known_by_now(out);
    }

    /// Hosts that are in the inventory by now are no strangers any more.
    fn known_by_now(&mut self, out: &mut Output) {
        for (name, alerts) in &mut self.alerts {
            let host = name.strip_prefix("host/");
            if host.is_some_and(|host| self.assets.resolve(host).is_some()) {
                for alert in alerts.iter_mut().filter(|a| a.cleared.is_none()) {
                    alert.cleared = Some(self.clock);
                    out.alerts.push(alert.clone());
                    self.dirty.insert(format!("alerts/{name}"));
                }
            }
        }
    }

    fn derive_asset(&mut self, asset: &str, out: &mut Output) {
        let mut keys: BTreeSet<Key> = self.held_of(asset).map(|(key, _)| key.clone()).collect();
        keys.extend(self.advisories.keys().map(|id| (asset.to_owned(), id.clone())).filter(|key| self.concerns(key)));
        for key in keys {
            self.derive(key, out);
        }
    }

    pub(super) fn derive_advisory(&mut self, id: &str, out: &mut Output) {
        let held = self.held.keys().filter(|(_, advisory)| advisory == id).map(|(asset, _)| asset.clone());
        let assets: BTreeSet<String> = held.chain(self.dossiers.keys().cloned()).collect();
        for asset in assets {
            let key = (asset, id.to_owned());
            if self.held.contains_key(&key) || self.concerns(&key) {
                self.derive(key, out);
            }
        }
    }

    /// Whether an asset has said anything about what an advisory is about.
    fn concerns(&self, (asset, advisory): &Key) -> bool {
        let (Some(asset), Some(advisory)) = (self.assets.get(asset), self.advisories.get(advisory)) else {
            return false;
        };
        let (Some(target), Some(dossier)) = (advisory.target(&asset.platform), self.dossiers.get(&asset.id)) else {
            return false;
        };
        asset.version.is_some()
            || !dossier.lane("boot").is_empty()
            || dossier.packages(target).next().is_some()
            || dossier.scans.iter().any(|s| s.packages.keys().any(|p| target.pattern(p).is_some()))
    }
}

/// Whom a file concerns.
pub(super) enum Touched {
    All,
    Asset(String),
    Advisories(Vec<String>),
    None,
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
