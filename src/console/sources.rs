//! Who sends: the store's counts by sender, and which of them have gone silent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roundsman_rules::silence;
use roundsman_sinks::{
    Store, StoreError,
    store::{AlertFilter, MAX_PAGE},
};
use serde::Serialize;

/// A sender and one of its sources.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Source {
    /// The sender.
    pub host: String,
    /// The file, program or listener; absent for a host that is waited for and has sent nothing.
    pub source: Option<String>,
    /// When the last record came.
    pub last_seen: Option<Timestamp>,
    /// An alert says that it has been silent for too long.
    pub silent: bool,
    /// Lines that the store still counts.
    pub lines: u64,
    /// Those that no format understood.
    pub unknown: u64,
    /// Lines per format, the most frequent first.
    pub formats: Vec<(String, u64)>,
}

/// All senders: the silent ones first, then those that have been quiet longest.
pub(super) async fn sources(store: &Store) -> Result<Vec<Source>, StoreError> {
    let mut by_source: BTreeMap<(String, String), Source> = BTreeMap::new();
    for row in store.sources().await? {
        let entry = by_source.entry((row.host.clone(), row.source.clone())).or_insert_with(|| Source {
            host: row.host,
            source: Some(row.source),
            last_seen: None,
            silent: false,
            lines: 0,
            unknown: 0,
            formats: Vec::new(),
        });
        entry.last_seen = entry.last_seen.max(Some(row.last));
        entry.lines += row.lines;
        entry.unknown += row.unknown;
        entry.formats.push((row.format, row.lines));
    }
    let mut sources: Vec<Source> = by_source.into_values().collect();
    for host in silent_hosts(store).await? {
        let mut known = false;
        for source in sources.iter_mut().filter(|s| s.host == host) {
            (source.silent, known) = (true, true);
        }
        if !known {
            let (lines, unknown, formats) = (0, 0, Vec::new());
            sources.push(Source { host, source: None, last_seen: None, silent: true, lines, unknown, formats });
        }
    }
    for source in &mut sources {
        source.formats.sort_by(|(a, x), (b, y)| (y, a).cmp(&(x, b)));
    }
    sources.sort_by(|a, b| (!a.silent, a.last_seen, &a.host).cmp(&(!b.silent, b.last_seen, &b.host)));
    Ok(sources)
}

/// Hosts whose silence is an alert that has not cleared.
async fn silent_hosts(store: &Store) -> Result<Vec<String>, StoreError> {
    let filter =
        AlertFilter { rule: Some(silence::RULE.into()), open: Some(true), limit: MAX_PAGE, ..Default::default() };
    let alerts = store.alerts(&filter).await?.alerts;
    Ok(alerts.into_iter().filter_map(|mut alert| alert.key.remove("host.name")).collect())
}
