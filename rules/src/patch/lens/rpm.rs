//! Red Hat and its kin: dnf.rpm.log, dnf.log, yum.log.
//!
//! The same words mean opposite things in two logs of one program. dnf.rpm.log names what comes with `Upgrade:` and
//! `Downgrade:`, and what has gone with `Upgraded:` and `Downgraded:`; dnf.log, like yum.log, names what has come.
//! `Complete!` and the exit code know nothing of a scriptlet that failed.

use super::*;

/// dnf's and yum's records.
pub const READERS: &[Reader] = &[Reader { formats: &["rpm"], read: rpm }];

/// How dnf says that it has reached its repositories. `Complete!` says no more than that.
const FRESH: &[&str] = &["Metadata cache created", "Metadata cache refreshed", "Complete!"];
/// The level of dnf.rpm.log, which speaks of each package as it comes and goes.
const STEPS: &str = "SUBDEBUG";
/// The level of dnf.log's summary, which repeats what was to be done.
const SUMMARY: &str = "DEBUG";

fn rpm(event: &Event, notes: &mut Notes) {
    let level = text(event, field::LOG_LEVEL).unwrap_or_default();
    let action = action(event);
    if action == "metadata_failed" {
        return notes.ran("dnf", Run::Failed);
    }
    let Some(operation) = operation(event) else {
        let said = message(event);
        if FRESH.iter().any(|words| said.starts_with(words)) {
            notes.ran("dnf", Run::Ran);
        }
        return;
    };
    match (action.as_str(), level.as_str()) {
        ("upgrade" | "downgrade" | "reinstall", _) => notes.add(Fact::Begins(operation)),
        // What has gone is named; that what was begun has come follows.
        ("upgraded" | "downgraded" | "reinstalled", STEPS) => notes.add(Fact::Status {
            package: operation.package,
            arch: operation.arch,
            version: None,
            state: PackageState::Installed,
        }),
        ("upgraded" | "downgraded" | "reinstalled" | "installed", SUMMARY) => notes.add(summary(operation, notes.at)),
        ("upgraded" | "downgraded" | "reinstalled" | "installed" | "updated", _) => notes.done(operation),
        ("erased" | "removed" | "obsoleted", _) => {
            notes.removed(operation.package, operation.arch, operation.new.or(operation.old));
        }
        ("scriptlet_failed", _) => {
            let words = text(event, field::ERROR_MESSAGE).unwrap_or_default();
            notes.add(Fact::ScriptFailed { package: operation.package, words });
        }
        _ => {}
    }
}

/// A line of the summary: true of what nothing else has said.
fn summary(operation: Operation, at: Timestamp) -> Fact {
    Fact::Transaction { operations: vec![operation], end: Some(at), error: None, command: None }
}
