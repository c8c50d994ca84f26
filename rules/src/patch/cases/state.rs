//! What survives a restart, as rows: evidence, files, decisions, and each case as it was last told.

use super::*;
use crate::{inputs::Scan, patch::fact::Item};

/// All rows of this part begin so.
const PREFIX: &str = "patch/";

/// Exceptions and known issues by the name of their record.
type Recorded = (BTreeMap<String, Vec<Exception>>, BTreeMap<String, Vec<KnownIssue>>);

/// Counters that are no evidence.
#[derive(Serialize, Deserialize)]
struct Clock {
    clock: Timestamp,
    started: bool,
    seq: u64,
    awake: BTreeSet<String>,
    logs_due: BTreeMap<String, Timestamp>,
    #[serde(default)]
    runners_due: BTreeMap<String, Timestamp>,
    #[serde(default)]
    feed_dates: BTreeMap<String, Timestamp>,
    #[serde(default)]
    databases: BTreeMap<String, (Timestamp, Timestamp)>,
}

impl Cases {
    /// The rows that changed since the last checkpoint.
    pub fn checkpoint(&mut self) -> StateRows {
        let mut rows = StateRows::new();
        for asset in self.incoming.keys() {
            self.dirty.insert(format!("incoming/{asset}"));
        }
        for name in std::mem::take(&mut self.dirty) {
            let (kind, rest) = name.split_once('/').unwrap_or((&name, ""));
            let value = self.row(kind, rest);
            rows.push((format!("{PREFIX}{name}"), value));
        }
        let clock = Clock {
            clock: self.clock,
            started: self.started,
            seq: self.seq,
            awake: self.awake.clone(),
            logs_due: self.logs_due.clone(),
            runners_due: self.runners_due.clone(),
            feed_dates: self.feed_dates.clone(),
            databases: self.databases.clone(),
        };
        rows.push((format!("{PREFIX}clock"), json(&clock)));
        rows
    }

    fn row(&self, kind: &str, rest: &str) -> Option<Vec<u8>> {
        match kind {
            "feed" => json(self.feeds.get(rest)?),
            "plan" => json(&self.plan),
            "kev" => json(&self.exploited),
            "decisions" => json(&(&self.decisions, &self.recorded())),
            "case" => {
                let (asset, advisory) = rest.split_once('/')?;
                json(self.held.get(asset)?.get(advisory)?)
            }
            "backup" => json(&self.backups.lane(rest)),
            "group" => json(self.groups.get(rest)?),
            "lane" => {
                let (asset, lane) = rest.split_once('/')?;
                json(&self.dossiers.get(asset)?.lane(lane))
            }
            "scans" => json(&self.dossiers.get(rest)?.scans),
            "others" => json(&self.dossiers.get(rest)?.alerts),
            "activity" => json(&self.dossiers.get(rest)?.activity),
            "incoming" => json(self.incoming.get(rest)?),
            "alerts" => json(self.alerts.get(rest)?),
            _ => None,
        }
    }

    /// Exceptions and known issues that came as records.
    fn recorded(&self) -> Recorded {
        let mut recorded = (self.exceptions.clone(), self.known_issues.clone());
        recorded.0.retain(|name, _| name.starts_with("record "));
        recorded.1.retain(|name, _| name.starts_with("record "));
        recorded
    }

    /// Takes up where [`checkpoint`](Self::checkpoint) left off. Rows that cannot be read are left out.
    pub fn restore(&mut self, rows: impl IntoIterator<Item = (String, Vec<u8>)>) {
        let mut feeds = Vec::new();
        for (key, value) in rows {
            let Some(name) = key.strip_prefix(PREFIX) else { continue };
            let (kind, rest) = name.split_once('/').unwrap_or((name, ""));
            if kind == "feed" {
                feeds.extend(serde_json::from_slice::<feeds::Known>(&value).map(|known| (rest.to_owned(), known)));
            } else {
                self.restore_row(kind, rest, &value);
            }
        }
        // The inventory comes first: the rest is read with its names.
        feeds.sort_by_key(|(name, known)| (known.feed.input != "inventory", known.at, name.clone()));
        let scans: Vec<Scan> = self.dossiers.values().flat_map(|dossier| dossier.scans.iter().cloned()).collect();
        for scan in &scans {
            self.learn_names(scan);
        }
        let exploited = self.exploited.clone();
        for (name, known) in feeds {
            if known.feed.input != "scans" {
                self.read(known.at, &known.feed);
            }
            self.feeds.insert(name, known);
        }
        for (cve, (_, seen)) in exploited {
            if let Some(entry) = self.exploited.get_mut(&cve) {
                entry.1 = seen;
            }
        }
        self.sort_exceptions();
        self.sort_known_issues();
        self.sort_decisions();
        for (asset, held) in std::mem::take(&mut self.held) {
            for (advisory, held) in held {
                let key = (asset.clone(), advisory);
                self.timers.extend(held.due.map(|due| (due, key.clone())));
                self.put_held(&key, held);
            }
            self.cite(&asset);
        }
        for (id, group) in &self.groups {
            if let (Some(due), Some((group, advisory))) = (group.due, id.split_once('/')) {
                self.timers.insert((due, (group.into(), advisory.into())));
            }
        }
        self.dirty.clear();
    }

    fn restore_row(&mut self, kind: &str, rest: &str, value: &[u8]) {
        match kind {
            "clock" => {
                if let Some(state) = read::<Clock>(value) {
                    (self.clock, self.started) = (state.clock, state.started);
                    (self.seq, self.awake, self.logs_due) = (state.seq, state.awake, state.logs_due);
                    (self.runners_due, self.feed_dates) = (state.runners_due, state.feed_dates);
                    self.databases = state.databases;
                }
            }
            "plan" => self.plan = read(value).unwrap_or_default(),
            "kev" => self.exploited = read(value).unwrap_or_default(),
            "decisions" => {
                if let Some((decisions, (exceptions, issues))) = read::<(Vec<Decided>, Recorded)>(value) {
                    self.decisions = decisions;
                    self.exceptions.extend(exceptions);
                    self.known_issues.extend(issues);
                }
            }
            "backup" => drop(self.backups.lanes.insert(rest.to_owned(), read(value).unwrap_or_default())),
            "group" => {
                self.groups.extend(read(value).map(|group| (rest.to_owned(), group)));
            }
            "lane" => {
                if let (Some((asset, lane)), Some(items)) = (rest.split_once('/'), read::<Vec<Item>>(value)) {
                    self.dossier(asset).lanes.insert(lane.to_owned(), items);
                }
            }
            "case" => {
                if let (Some((asset, advisory)), Some(held)) = (rest.split_once('/'), read::<Held>(value)) {
                    self.held.entry(asset.into()).or_default().insert(advisory.into(), held);
                }
            }
            "scans" => self.dossier(rest).scans = read::<Vec<Scan>>(value).unwrap_or_default(),
            "others" => self.dossier(rest).alerts = read(value).unwrap_or_default(),
            "activity" => self.dossier(rest).activity = read(value).unwrap_or_default(),
            "incoming" => {
                self.incoming.extend(read(value).map(|incoming| (rest.to_owned(), incoming)));
            }
            "alerts" => {
                self.alerts.extend(read(value).map(|alerts| (rest.to_owned(), alerts)));
            }
            _ => {}
        }
    }
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}

fn read<T: serde::de::DeserializeOwned>(value: &[u8]) -> Option<T> {
    serde_json::from_slice(value).ok()
}
