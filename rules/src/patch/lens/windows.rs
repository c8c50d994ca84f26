//! Windows: what Windows Update and servicing say of a KB, and which build has booted.
//!
//! An update's number stands only in its title; most updates are Defender's definitions and apps of the Store, which are
//! no patches. The build that runs stands in the boot event's own values: its text, and event 6009, leave the revision out.

use super::*;
use crate::patch::fact::{Unit, UpdateStep};

/// Windows events in every shape, and what Windows Update and servicing write besides.
pub const READERS: &[Reader] = &[
    Reader {
        formats: &["windows_evtx", "windows_flat", "winlogbeat", "windows_snare", "windows_xml", "wazuh_eventchannel"],
        read: event_log,
    },
    Reader { formats: &["windows_update"], read: update_text },
    Reader { formats: &["windows_cbs"], read: servicing_log },
];

/// Updates that come every day and are no patches: Defender's definitions.
const DEFINITIONS: &[&str] = &["KB2267602", "KB915597"];

fn event_log(event: &Event, notes: &mut Notes) {
    let Some(id) = event.int(field::WINLOG_EVENT_ID) else { return };
    if !matches!(id, 1..=12 | 16..=26 | 41..=49 | 517..=561 | 1001 | 1074 | 6005 | 6009 | 7000..=7036) {
        return;
    }
    match event.text(field::WINLOG_PROVIDER_NAME).as_deref() {
        Some("Microsoft-Windows-WindowsUpdateClient") => update(id, event, notes),
        Some("Microsoft-Windows-Servicing") => servicing(id, event, notes),
        Some("Microsoft-Windows-Kernel-General") if id == 12 => notes.add(Fact::Boot { version: build(event) }),
        Some("Microsoft-Windows-Kernel-Power") if id == 41 => notes.add(Fact::Crash),
        Some("Microsoft-Windows-WER-SystemErrorReporting") if id == 1001 => notes.add(Fact::Crash),
        Some("EventLog" | "Microsoft-Windows-Eventlog") if id == 6005 => notes.add(Fact::StartupFinished),
        Some("EventLog" | "Microsoft-Windows-Eventlog") if id == 6009 => notes.add(Fact::Boot { version: None }),
        Some("User32" | "USER32") if id == 1074 && value(event, "param5").as_deref() == Some("restart") => {
            notes.add(Fact::Rebooting);
        }
        Some("Service Control Manager") => service(id, event, notes),
        Some("Microsoft-Windows-Backup" | "Backup") => super::backups::tool(event, notes),
        _ => {}
    }
}

/// One of the event's own values.
fn value(event: &Event, name: &str) -> Option<String> {
    named(event, &format!("winlog.event_data.{name}"))
}

/// `17134.165`: the build and its revision.
fn build(event: &Event) -> Option<String> {
    Some(format!("{}.{}", value(event, "BuildVersion")?, value(event, "QfeVersion")?))
}

fn note_update(step: UpdateStep, event: &Event, notes: &mut Notes) {
    let Some(name) = text(event, field::PACKAGE_NAME) else { return };
    if name.starts_with("KB") && !DEFINITIONS.contains(&name.as_str()) {
        let code = value(event, "errorCode").or_else(|| text(event, field::ERROR_CODE));
        notes.add(Fact::Update { name, step, code: code.filter(|_| step == UpdateStep::Failed) });
    }
}

/// The client's events. Event 19 comes after the restart where one is needed.
fn update(id: i64, event: &Event, notes: &mut Notes) {
    let step = match id {
        17 | 18 | 44 => UpdateStep::Ready,
        19 => UpdateStep::Installed,
        20 => UpdateStep::Failed,
        21 | 22 => UpdateStep::NeedsRestart,
        23 => UpdateStep::Removed,
        43 => UpdateStep::Started,
        16 | 25 => return notes.ran("windows_update", Run::Failed),
        26 => return notes.ran("windows_update", Run::Ran),
        _ => return,
    };
    note_update(step, event, notes);
}

/// The setup channel: what servicing makes of a package.
fn servicing(id: i64, event: &Event, notes: &mut Notes) {
    let state = |name: &str| named(event, &format!("winlog.user_data.{name}PackageStateTextized"));
    let said = text(event, field::MESSAGE).unwrap_or_default();
    let target = state("Intended").or_else(|| {
        let (_, rest) = said.split_once("Target state is ").or_else(|| said.split_once("changed to the "))?;
        Some(rest.split([' ', '.']).next()?.to_owned())
    });
    let was_there =
        state("Initial").is_some_and(|s| s == "Installed") || said.contains("Current state is Installed. Target state");
    let target = target.as_deref().unwrap_or("Installed");
    let step = match (id, target) {
        // While a restart is pending, the same installation is begun again and again; nothing changes by that.
        (1, "Installed") if !was_there => UpdateStep::Started,
        (2, "Installed") => UpdateStep::Installed,
        (2, "Absent") => UpdateStep::Removed,
        (3, "Installed") => UpdateStep::Failed,
        (4, "Installed") => UpdateStep::NeedsRestart,
        _ => return,
    };
    note_update(step, event, notes);
}

/// A service that failed, or runs.
fn service(id: i64, event: &Event, notes: &mut Notes) {
    let Some(name) = value(event, "param1") else { return };
    let unit = Unit { name, description: String::new() };
    match id {
        7000 | 7009 | 7023 | 7024 | 7031 | 7034 => notes.add(Fact::Failed { unit }),
        7036 if value(event, "param2").as_deref() == Some("running") => notes.add(Fact::Started { unit }),
        _ => {}
    }
}

/// The client's events as nothing but their text.
fn update_text(event: &Event, notes: &mut Notes) {
    let step = match action(event).as_str() {
        "update-download-started" | "update-install-ready" => UpdateStep::Ready,
        "update-install-started" => UpdateStep::Started,
        "update-installed" => UpdateStep::Installed,
        "update-install-failed" => UpdateStep::Failed,
        "update-reboot-pending" => UpdateStep::NeedsRestart,
        "update-failed" => return notes.ran("windows_update", Run::Failed),
        _ => return,
    };
    note_update(step, event, notes);
}

/// CBS.log: an error proves a failure; success of one step proves nothing.
fn servicing_log(event: &Event, notes: &mut Notes) {
    let failed = text(event, field::ERROR_CODE).is_some_and(|code| code.starts_with("0x8"));
    if failed && message(event).contains("Exec: Processing complete") {
        note_update(UpdateStep::Failed, event, notes);
    }
}
