//! The inventory: which assets there are, under which names they speak, and what is expected of them.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    Problem,
    calendar::Windows,
    duration::Duration,
    inputs::{Row, error, table, time_or_date, warning},
};

const COLUMNS: &[&str] = &[
    "asset",
    "aliases",
    "platform",
    "version",
    "risk",
    "exposure",
    "data",
    "ring",
    "group",
    "group_rule",
    "window",
    "timezone",
    "owner",
    "heartbeat",
    "logs",
    "probes",
    "tags",
    "retired",
];

/// How much an asset matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Risk {
    #[default]
    Unknown,
    Low,
    Medium,
    High,
}

/// One row of the inventory.
#[derive(Clone, Debug, Default)]
pub struct Asset {
    /// Its name, in alerts and cases.
    pub id: String,
    /// Other names and addresses.
    pub aliases: Vec<String>,
    /// `debian:12`; empty: unknown.
    pub platform: String,
    /// Version of its firmware, build or system, as far as somebody wrote it down.
    pub version: Option<String>,
    /// How much it matters.
    pub risk: Risk,
    /// Reachable from the internet.
    pub internet: bool,
    /// 0 tests first; `None` is outside of the rings.
    pub ring: Option<u32>,
    /// Its group, where it has one.
    pub group: Option<String>,
    /// `all`, a number, `rolling`.
    pub group_rule: Option<String>,
    /// When it may be worked on; none: no window is kept.
    pub windows: Windows,
    /// The zone of its stamps and its window.
    pub zone: Option<TimeZone>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Longest time without any record.
    pub heartbeat: Option<Duration>,
    /// Formats that must come, each with its limit where one was given.
    pub logs: BTreeMap<String, Option<Duration>>,
    /// Probes that must pass.
    pub probes: Vec<String>,
    /// `monitoring`, `scanner`, `lab`, …
    pub tags: Vec<String>,
    /// First moment of the day on which it left.
    pub retired: Option<Timestamp>,
    /// Columns that are not ours.
    pub others: BTreeMap<String, String>,
}

impl Asset {
    /// Whether it has left the house by this time.
    pub fn gone(&self, at: Timestamp) -> bool {
        self.retired.is_some_and(|retired| retired <= at)
    }
}

/// All assets, found by any of their names.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    assets: BTreeMap<String, Asset>,
    names: HashMap<String, String>,
}

impl Assets {
    /// Reads `inventory.csv`.
    pub fn read(file: &Path, text: &str) -> (Assets, Vec<Problem>) {
        let (rows, mut problems) = table(file, text, &["asset"]);
        let mut assets = Assets::default();
        for row in &rows {
            let (asset, wrong) = match asset(row) {
                Ok(read) => read,
                Err(what) => {
                    problems.push(error(file, row.line, what, "the row is left out; mend it and save again"));
                    continue;
                }
            };
            problems.extend(wrong.into_iter().map(|what| warning(file, row.line, what, "the cell counts as empty")));
            if let Err(what) = assets.add(asset, &mut |what| {
                problems.push(warning(file, row.line, what, "give each name to one asset only"));
            }) {
                problems.push(error(file, row.line, what, "the row is left out; each asset has one row"));
            }
        }
        (assets, problems)
    }

    fn add(&mut self, asset: Asset, doubt: &mut dyn FnMut(String)) -> Result<(), String> {
        let id = asset.id.to_lowercase();
        if self.assets.values().any(|a| a.id.eq_ignore_ascii_case(&id)) {
            return Err(format!("asset `{}` stands twice", asset.id));
        }
        if let Some(other) = self.names.insert(id.clone(), asset.id.clone()) {
            doubt(format!("`{}` is an alias of `{other}` already", asset.id));
        }
        for alias in &asset.aliases {
            let name = alias.to_lowercase();
            match self.names.get(&name) {
                Some(other) if *other != asset.id => doubt(format!("`{alias}` already means `{other}`")),
                _ => {
                    self.names.insert(name, asset.id.clone());
                }
            }
        }
        self.assets.insert(asset.id.clone(), asset);
        Ok(())
    }

    /// The asset of this name: its id, an alias, an address, or a host name whose first label is one of them.
    pub fn resolve(&self, name: &str) -> Option<&Asset> {
        let id = match self.names.get(name) {
            Some(id) => id,
            None => {
                let name = name.trim_end_matches('.').to_lowercase();
                self.names.get(&name).or_else(|| {
                    let (short, _) = name.split_once('.').filter(|_| name.parse::<std::net::IpAddr>().is_err())?;
                    self.names.get(short)
                })?
            }
        };
        self.assets.get(id)
    }

    /// The asset of the first of these names that is one's.
    pub fn resolve_any<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<&Asset> {
        names.into_iter().find_map(|name| self.resolve(name))
    }

    /// The asset with exactly this id.
    pub fn get(&self, id: &str) -> Option<&Asset> {
        self.assets.get(id)
    }

    /// All assets by id.
    pub fn iter(&self) -> impl Iterator<Item = &Asset> {
        self.assets.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.assets.len()
    }

    /// No inventory is known.
    pub fn is_empty(&self) -> bool {
        self.assets.is_empty()
    }

    /// The name that alerts use for a host: the asset's, else the host's own.
    pub fn name<'a>(&'a self, host: &'a str) -> &'a str {
        self.resolve(host).map_or(host, |a| &a.id)
    }

    /// The zone of a host's stamps.
    pub fn zone(&self, host: &str) -> Option<TimeZone> {
        self.resolve(host)?.zone.clone()
    }
}

impl roundsman_ingest::parse::Zones for Assets {
    fn zone(&self, host: &str) -> Option<TimeZone> {
        Assets::zone(self, host)
    }
}

/// One row, and what of it could not be read.
fn asset(row: &Row) -> Result<(Asset, Vec<String>), String> {
    let id = row.get("asset").ok_or("no `asset`")?.to_owned();
    if id.contains('/') || id.starts_with("group:") {
        return Err(format!("`{id}` is no asset's name: it must hold no `/` and not begin with `group:`"));
    }
    let mut wrong = Vec::new();
    let risk = match row.get("risk").map(str::to_lowercase).as_deref() {
        Some("high") => Risk::High,
        Some("medium") => Risk::Medium,
        Some("low") => Risk::Low,
        None => Risk::Unknown,
        Some(other) => {
            wrong.push(format!("risk: `{other}` is none of high, medium, low"));
            Risk::Unknown
        }
    };
    let exposure = row.get("exposure").map(str::to_lowercase);
    if let Some(other) = exposure.as_deref().filter(|e| !["internet", "internal"].contains(e)) {
        wrong.push(format!("exposure: `{other}` is neither internet nor internal"));
    }
    let zone = row.get("timezone").and_then(|name| {
        TimeZone::get(name).map_err(|_| wrong.push(format!("timezone: `{name}` is no zone such as Europe/Berlin"))).ok()
    });
    let retired = row.get("retired").and_then(|d| time_or_date(d, false).map_err(|e| wrong.push(e)).ok());
    let logs = logs(row, &mut wrong);
    Ok((
        Asset {
            aliases: row.list("aliases"),
            platform: row.get("platform").unwrap_or("").to_lowercase(),
            version: row.get("version").map(str::to_owned),
            risk,
            internet: exposure.as_deref() == Some("internet"),
            ring: cell(row, "ring", &mut wrong),
            group: row.get("group").map(str::to_owned),
            group_rule: row.get("group_rule").map(str::to_owned),
            windows: cell(row, "window", &mut wrong).unwrap_or_default(),
            zone,
            owner: row.get("owner").map(str::to_owned),
            heartbeat: cell(row, "heartbeat", &mut wrong),
            logs,
            probes: row.list("probes"),
            tags: row.list("tags"),
            retired,
            others: row.others(COLUMNS),
            id,
        },
        wrong,
    ))
}

fn cell<T: std::str::FromStr>(row: &Row, column: &str, wrong: &mut Vec<String>) -> Option<T>
where
    T::Err: std::fmt::Display,
{
    row.read(column).unwrap_or_else(|e| {
        wrong.push(e);
        None
    })
}

/// `syslog dpkg=3d`: formats, each with its limit where wanted.
fn logs(row: &Row, wrong: &mut Vec<String>) -> BTreeMap<String, Option<Duration>> {
    let mut logs = BTreeMap::new();
    for entry in row.list("logs") {
        let (format, limit) = match entry.split_once('=') {
            Some((format, limit)) => match limit.parse() {
                Ok(limit) => (format, Some(limit)),
                Err(e) => {
                    wrong.push(format!("logs: {e}"));
                    (format, None)
                }
            },
            None => (entry.as_str(), None),
        };
        logs.insert(format.to_owned(), limit);
    }
    logs
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVENTORY: &str = "asset,aliases,platform,risk,exposure,ring,window,timezone,heartbeat,logs,probes,room\n\
        shop1,shop1.example.net 192.0.2.10,debian:12,high,internet,1,Sun 01:00-05:00,Europe/Berlin,2h,syslog dpkg=3d,shop-login,B12\n\
        shop2,192.0.2.10,debian:12,urgent,,,,Mars/Base,,,,\n\
        shop1,,,,,,,,,,,\n\
        a/b,,,,,,,,,,,\n";

    #[test]
    fn an_asset_is_found_by_any_of_its_names() {
        let (assets, _) = Assets::read(Path::new("inventory.csv"), INVENTORY);
        for name in ["shop1", "SHOP1", "shop1.example.net", "shop1.other.example", "192.0.2.10"] {
            assert_eq!(assets.resolve(name).map(|a| a.id.as_str()), Some("shop1"), "{name}");
        }
        assert!(assets.resolve("192.0.2.99").is_none());
        assert!(assets.resolve("shop").is_none());
        let shop = assets.get("shop1").unwrap();
        assert_eq!(shop.logs["dpkg"], Some(Duration::days(3)));
        assert_eq!(shop.logs["syslog"], None);
        assert_eq!(shop.others["room"], "B12");
        assert!(assets.zone("shop1").is_some());
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_hides_nothing_else() {
        let (assets, problems) = Assets::read(Path::new("inventory.csv"), INVENTORY);
        assert_eq!(assets.len(), 2);
        let lines: Vec<_> = problems.iter().map(|p| (p.line, p.fatal)).collect();
        assert_eq!(lines, [(3, false), (3, false), (3, false), (4, true), (5, true)]);
        assert!(problems[2].what.contains("already means `shop1`"));
    }
}
