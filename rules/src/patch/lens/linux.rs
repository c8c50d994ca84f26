//! What a Linux host says of its own running: the kernel, the service manager, needrestart.

use super::*;
use crate::patch::fact::Unit;

/// The kernel's, systemd's and needrestart's records.
pub const READERS: &[Reader] = &[
    Reader { formats: &["kernel"], read: kernel },
    Reader { formats: &["systemd"], read: systemd },
    Reader { formats: &["systemd_logind"], read: logind },
    Reader { formats: &["needrestart"], read: needrestart },
];

/// Only the kernel's own lines count: an application can write "Linux version" too.
fn kernel(event: &Event, notes: &mut Notes) {
    let program = text(event, field::PROCESS_NAME).is_none_or(|p| p == "kernel");
    if !program || event.int(field::SYSLOG_FACILITY_CODE).is_some_and(|f| f != 0) {
        return;
    }
    match action(event).as_str() {
        "boot" => notes.add(Fact::Boot { version: text(event, field::PACKAGE_VERSION) }),
        "kernel_panic" | "kernel_oops" | "kernel_lockup" | "oom_kill" | "hardware_error" => notes.add(Fact::Crash),
        "livepatch_complete" => {
            if let Some(name) = text(event, field::PACKAGE_NAME) {
                notes.add(Fact::Livepatched { name });
            }
        }
        _ => {}
    }
}

/// The system's service manager: its process is the first.
const INIT: i64 = 1;

/// The service manager's own lines: what it started, what failed. A reload is no start, and a user's own manager starts
/// no service of the system.
fn systemd(event: &Event, notes: &mut Notes) {
    if event.int(field::PROCESS_PID).is_some_and(|pid| pid != INIT) {
        return;
    }
    let action = action(event);
    if action == "startup_finished" {
        return notes.add(Fact::StartupFinished);
    }
    let unit = Unit {
        name: text(event, field::SERVICE_NAME).unwrap_or_default(),
        description: text(event, field::SYSTEMD_DESCRIPTION).unwrap_or_default(),
    };
    // Sessions have a new name each; they are no services.
    if unit == Unit::default() || unit.name.ends_with(".scope") || unit.description.starts_with("Session ") {
        return;
    }
    match action.as_str() {
        "unit_started" => notes.add(Fact::Started { unit }),
        "unit_failed" | "unit_start_failed" | "unit_start_limited" | "unit_oom_killed" => {
            notes.add(Fact::Failed { unit })
        }
        "unit_restart_scheduled" => {
            let restarts = event.int(field::SYSTEMD_RESTARTS).unwrap_or(0).clamp(0, i64::from(u32::MAX)) as u32;
            notes.add(Fact::Looping { unit, restarts });
        }
        _ => {}
    }
}

/// The system goes down to come back.
fn logind(event: &Event, notes: &mut Notes) {
    if action(event) == "system_rebooting" {
        notes.add(Fact::Rebooting);
    }
}

/// needrestart's batch lines, one or several to a record.
fn needrestart(event: &Event, notes: &mut Notes) {
    if text(event, field::NEEDRESTART_VERSION).is_some() {
        notes.add(Fact::NeedsReport);
    }
    if event.int(field::NEEDRESTART_KERNEL_STATUS).is_some_and(|status| status >= 1) {
        notes.add(Fact::NeedsKnown);
    }
    for unit in values(event, field::SERVICE_NAME) {
        notes.add(Fact::NeedsRestart { unit });
    }
}
