//! An event's rendered text, where nothing else was kept: `Subject: … Account Name: ann …`.
//!
//! Sections and labels are those of the English messages of Security events. The text is cut at tabs, line ends and
//! runs of blanks, for some senders join the lines.

use crate::{Event, scan, winlog::event_data};

/// What a section's account is called among an event's values.
const SECTIONS: &[(&[u8], &str)] = &[
    (b"Subject", "Subject"),
    (b"New Logon", "Target"),
    (b"Account For Which Logon Failed", "Target"),
    (b"Account Whose Credentials Were Used", "Target"),
    (b"Account That Was Locked Out", "Target"),
    (b"Account Information", "Target"),
    (b"Target Account", "Target"),
    (b"New Account", "Target"),
    (b"Target Subject", "Target"),
    (b"Deleted Group", "Target"),
    (b"New Group", "Target"),
    (b"Group", "Target"),
    (b"Member", "Member"),
];

/// Labels of an account, and the ends of the names of its values.
const OF_ACCOUNTS: &[(&[u8], &str)] = &[
    (b"Security ID", "UserSid"),
    (b"Account Name", "UserName"),
    (b"Group Name", "UserName"),
    (b"Account Domain", "DomainName"),
    (b"Group Domain", "DomainName"),
    (b"Supplied Realm Name", "DomainName"),
    (b"Logon ID", "LogonId"),
];

/// Labels that mean the same wherever they stand.
const ALONE: &[(&[u8], &str)] = &[
    (b"Logon Type", "LogonType"),
    (b"Source Network Address", "IpAddress"),
    (b"Client Address", "IpAddress"),
    (b"Source Port", "IpPort"),
    (b"Client Port", "IpPort"),
    (b"Workstation Name", "WorkstationName"),
    (b"Source Workstation", "Workstation"),
    (b"Logon Account", "TargetUserName"),
    (b"Process Name", "ProcessName"),
    (b"Caller Process Name", "ProcessName"),
    (b"New Process Name", "NewProcessName"),
    (b"New Process ID", "NewProcessId"),
    (b"Creator Process Name", "ParentProcessName"),
    (b"Process Command Line", "CommandLine"),
    (b"Service Name", "ServiceName"),
    (b"Task Name", "TaskName"),
    (b"Status", "Status"),
    (b"Sub Status", "SubStatus"),
    (b"Failure Reason", "FailureReason"),
    (b"Failure Code", "Status"),
    (b"Result Code", "Status"),
    (b"Object Name", "ObjectName"),
    (b"Object Type", "ObjectType"),
    (b"User Name", "TargetUserName"),
    (b"Domain", "TargetDomainName"),
    (b"Logon Process", "LogonProcessName"),
    (b"Authentication Package", "AuthenticationPackageName"),
];

/// Sets the event's own values that a text names.
pub fn read(text: &[u8], event: &mut Event<'_>) {
    let mut section = "Subject";
    let mut label: Option<&[u8]> = None;
    for part in parts(text) {
        if let Some(name) = part.strip_suffix(b":") {
            match SECTIONS.iter().find(|(title, _)| *title == name) {
                Some((_, account)) => section = account,
                None => label = Some(name),
            }
        } else if let Some((name, value)) = scan::split(part, b": ") {
            put(section, name, value.trim_ascii(), event);
            label = None;
        } else if let Some(name) = label.take() {
            put(section, name, part, event);
        }
    }
}

/// The pieces of a text between tabs, line ends and runs of two blanks.
fn parts(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let ends = |at: usize| match rest[at] {
            b'\t' | b'\r' | b'\n' => true,
            b' ' => rest.get(at + 1) == Some(&b' '),
            _ => false,
        };
        let end = (0..rest.len()).find(|at| ends(*at)).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        rest = behind;
        Some(part.trim_ascii_end())
    })
}

fn put(section: &str, label: &[u8], value: &[u8], event: &mut Event<'_>) {
    if value.is_empty() {
        return;
    }
    let known = |table: &'static [(&[u8], &str)]| table.iter().find(|(name, _)| *name == label).map(|(_, name)| *name);
    let field = match known(OF_ACCOUNTS) {
        Some(end) => event_data(&format!("{section}{end}")),
        None => known(ALONE).and_then(event_data),
    };
    if let Some(field) = field.filter(|field| event.get(*field).is_none()) {
        event.set(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_tabs_lines_and_runs_of_blanks() {
        let found: Vec<_> = parts(b"Subject:\r\n\tAccount Name:\t\tann b  Logon Type: 3   ").collect();
        assert_eq!(found, [&b"Subject:"[..], b"Account Name:", b"ann b", b"Logon Type: 3"]);
    }
}
