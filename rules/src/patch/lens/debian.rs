//! Debian and its kin: dpkg.log, apt's history and terminal log, unattended-upgrades, apt's own words.
//!
//! `upgrade` is the word for a downgrade too, and history.log names an upgrade that failed: only the versions tell the
//! direction, and only `status installed` or a whole transaction without an error tells success. unattended-upgrades
//! writes "All upgrades installed" after a rehearsal as well, and "No packages found" where it holds the fixes back.

use super::*;

/// dpkg's, apt's and unattended-upgrades' records.
pub const READERS: &[Reader] = &[
    Reader { formats: &["dpkg"], read: dpkg },
    Reader { formats: &["apt_history"], read: apt_history },
    Reader { formats: &["apt_term"], read: apt_term },
    Reader { formats: &["unattended_upgrades"], read: unattended },
    Reader { formats: &["apt"], read: apt },
];

/// Options that make an apt run a rehearsal.
const REHEARSALS: &[&str] =
    &["--dry-run", "--simulate", "-s", "--just-print", "--no-act", "--recon", "--download-only", "-d"];

fn dpkg(event: &Event, notes: &mut Notes) {
    let (Some(package), action) = (text(event, field::PACKAGE_NAME), action(event)) else { return };
    let arch = text(event, field::PACKAGE_ARCHITECTURE).unwrap_or_default();
    let (old, new) = (text(event, field::PACKAGE_PREVIOUS_VERSION), text(event, field::PACKAGE_VERSION));
    match action.as_str() {
        "upgrade" | "install" => notes.add(Fact::Begins(Operation { package, arch, old, new })),
        "status" => {
            let state = match text(event, field::PACKAGE_STATE).as_deref() {
                Some("installed") => PackageState::Installed,
                Some("half-configured" | "half-installed" | "unpacked") => PackageState::Partial,
                Some("not-installed" | "config-files") => PackageState::Removed,
                _ => return,
            };
            notes.add(Fact::Status { package, arch, version: new, state });
        }
        _ => {}
    }
}

/// One transaction of apt. A rehearsal is none.
fn apt_history(event: &Event, notes: &mut Notes) {
    notes.at = time(event, field::EVENT_START).unwrap_or(notes.at);
    let command = text(event, field::PROCESS_COMMAND_LINE);
    if command.as_deref().is_some_and(|c| c.split_whitespace().any(|word| REHEARSALS.contains(&word))) {
        return;
    }
    let verbs = values(event, field::APT_OPERATION);
    let names = values(event, field::PACKAGE_NAME);
    let arches = values(event, field::PACKAGE_ARCHITECTURE);
    let (new, old) = (values(event, field::PACKAGE_VERSION), values(event, field::PACKAGE_PREVIOUS_VERSION));
    let version = |of: &[String], i: usize| of.get(i).filter(|v| !v.is_empty() && *v != "<none>").cloned();
    let operations = names.into_iter().enumerate().map(|(i, package)| {
        let verb = verbs.get(i).map(|v| v.to_ascii_lowercase()).unwrap_or_default();
        let gone = matches!(verb.as_str(), "remove" | "purge");
        let (old, new) = (version(&old, i), version(&new, i));
        let (old, new) = if gone { (old.or(new), None) } else { (old, new) };
        Operation { package, arch: arches.get(i).cloned().unwrap_or_default(), old, new }
    });
    notes.add(Fact::Transaction {
        operations: operations.collect(),
        end: time(event, field::EVENT_END),
        error: text(event, field::ERROR_MESSAGE),
        command,
    });
}

/// apt's terminal log: the words that stand before dpkg gives up on a package are the package's own.
fn apt_term(event: &Event, notes: &mut Notes) {
    notes.at = time(event, field::EVENT_END).unwrap_or(notes.at);
    let raw = String::from_utf8_lossy(&event.raw);
    let mut own: Vec<&str> = Vec::new();
    for line in raw.lines() {
        let line = line.rsplit('\r').next().unwrap_or(line).trim_end();
        if let Some(rest) = line.strip_prefix("dpkg: error processing package ") {
            let package = rest.split([' ', ':']).next().unwrap_or("").to_owned();
            notes.add(Fact::Broken { package, words: own.join(" / ") });
            own.clear();
        } else if ["Setting up ", "Unpacking ", "Preparing to unpack ", "Log started:", "Processing triggers "]
            .iter()
            .any(|start| line.starts_with(start))
        {
            own.clear();
        } else if !line.is_empty() && !line.starts_with("(Reading database") {
            own.push(line);
        }
    }
}

/// unattended-upgrades says which package it holds back; "All upgrades installed" proves nothing.
fn unattended(event: &Event, notes: &mut Notes) {
    match action(event).as_str() {
        "started" => notes.add(Fact::UpdaterStarts),
        "dry_run" => notes.add(Fact::UpdaterPretends),
        "held_back" | "conffile_prompt" | "mark_failed" => {
            for package in values(event, field::PACKAGE_NAME) {
                notes.add(Fact::Held { package });
            }
        }
        "install_failed" | "lock_failed" | "fetch_failed" => notes.ran("unattended-upgrades", Run::Failed),
        "all_installed" | "nothing_to_do" => notes.ran("unattended-upgrades", Run::Ran),
        _ => {
            let message = message(event);
            let list = message.split_once("Initial blacklist: ").map_or("", |(_, list)| list);
            list.split_whitespace().for_each(|package| notes.add(Fact::Held { package: package.to_owned() }));
        }
    }
}

/// What apt says on its way: a source that it does not reach, a lock that it does not get. `apt-get update` ends with 0
/// all the same.
fn apt(event: &Event, notes: &mut Notes) {
    match action(event).as_str() {
        "fetch_failed" | "lock_failed" | "signature_failed" | "dpkg_failed" => notes.ran("apt", Run::Failed),
        "fetched" | "fetch_unchanged" => notes.ran("apt", Run::Ran),
        _ => {}
    }
}
