//! Lists of what is installed, and what a synthetic check has found: the collectors, osquery, Wazuh's inventory.

use super::*;
use crate::patch::fact::UpdateStep;

/// The collectors' and the agents' records.
pub const READERS: &[Reader] = &[
    Reader { formats: &["roundsman_packages"], read: packages },
    Reader { formats: &["roundsman_probe"], read: probe },
    Reader { formats: &["osquery"], read: osquery },
    Reader { formats: &["wazuh_syscollector"], read: syscollector },
];

/// A synthetic check; whoever reports it, it is about the asset that it names.
fn probe(event: &Event, notes: &mut Notes) {
    let (Some(name), Some(result)) = (text(event, field::PROBE_NAME), text(event, field::PROBE_RESULT)) else { return };
    let about = text(event, field::ASSET).unwrap_or_else(|| notes.about.clone());
    let own = about == notes.about;
    notes.about = about;
    notes.add(Fact::Probe { name, ok: result == "ok", own });
}

/// What is installed, package by package.
fn packages(event: &Event, notes: &mut Notes) {
    let arches = values(event, field::PACKAGE_ARCHITECTURE);
    let versions = values(event, field::PACKAGE_VERSION);
    for ((package, arch), version) in values(event, field::PACKAGE_NAME).into_iter().zip(arches).zip(versions) {
        notes.add(Fact::Listed { package, arch, version });
    }
}

/// osquery's tables of packages and hotfixes. What left a table may have left for a newer version; the newer one says so
/// itself.
fn osquery(event: &Event, notes: &mut Notes) {
    if action(event) == "removed" {
        return;
    }
    let column = |name: &str| named(event, &format!("osquery.columns.{name}"));
    if let Some(name) = column("hotfix_id").filter(|id| id.starts_with("KB")) {
        return notes.add(Fact::Update { name, step: UpdateStep::Installed, code: None });
    }
    let query = text(event, field::RULE_NAME).unwrap_or_default();
    let (Some(package), Some(version)) = (column("name"), column("version")) else { return };
    if ["deb_packages", "rpm_packages", "apk_packages", "packages"].iter().any(|table| query.contains(table)) {
        let arch = column("arch").unwrap_or_default();
        notes.add(Fact::Listed { package, arch, version: full(column("epoch"), version, column("release")) });
    }
}

/// rpm's version in one word: `2:3.4-2.el9_4`. An epoch of nought is not written.
fn full(epoch: Option<String>, version: String, release: Option<String>) -> String {
    let epoch = epoch.filter(|e| !matches!(e.as_str(), "0" | "")).map(|e| format!("{e}:")).unwrap_or_default();
    let release = release.filter(|_| !version.contains('-')).map(|r| format!("-{r}")).unwrap_or_default();
    format!("{epoch}{version}{release}")
}

/// Wazuh's inventory: packages and hotfixes as they are found, changed and lost.
fn syscollector(event: &Event, notes: &mut Notes) {
    let Some(package) = text(event, field::PACKAGE_NAME) else { return };
    let gone = text(event, field::PACKAGE_STATE).as_deref() == Some("removed");
    let arch = text(event, field::PACKAGE_ARCHITECTURE).unwrap_or_default();
    match text(event, field::PACKAGE_VERSION) {
        _ if gone => {}
        Some(version) => notes.add(Fact::Listed { package, arch, version }),
        None if package.starts_with("KB") => {
            notes.add(Fact::Update { name: package, step: UpdateStep::Installed, code: None });
        }
        None => {}
    }
}
