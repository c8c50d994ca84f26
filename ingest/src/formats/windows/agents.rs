//! Windows events as lines of text: OSSEC's and Wazuh's old agents, and syslog-ng's Agent for Windows.

use memchr::memmem;

use crate::{
    Event, Value,
    envelope::Line,
    field::*,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, reject, rsplit, set_some, split},
    table::split_account,
    winlog::{self, rendered},
};

/// An event in one line, see the module.
pub struct Agents;

impl Format for Agents {
    fn name(&self) -> &'static str {
        "windows_agents"
    }

    fn category(&self) -> &'static str {
        "windows"
    }

    fn product(&self) -> &'static str {
        "Windows event log (OSSEC, syslog-ng Agent)"
    }

    fn about(&self) -> &'static str {
        "a Windows event as OSSEC's agent writes it behind `WinEvtLog` (ossec-hids, src/logcollector/read_win_el.c), and by syslog-ng's Agent for Windows (its guide, \"message format\")"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &[] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["WinEvtLog"]
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&[
            ": [Information] ",
            ": [Warning] ",
            ": [Error] ",
            ": [Success Audit] ",
            ": [Failure Audit] ",
            "WinEvtLog: ",
        ])
    }

    fn recognises(&self, message: &[u8]) -> bool {
        Parts::read(message).is_some()
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        Parts::read(line.message).ok_or(reject("windows_agent_parts"))?.describe(event);
        winlog::forget_header(line, event);
        winlog::settle(event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Parts<'r> {
    channel: &'r [u8],
    kind: &'r [u8],
    id: i64,
    source: &'r [u8],
    user: &'r [u8],
    domain: &'r [u8],
    computer: &'r [u8],
    text: &'r [u8],
}

impl<'r> Parts<'r> {
    fn read(message: &'r [u8]) -> Option<Parts<'r>> {
        ossec(message.strip_prefix(b"WinEvtLog: ").unwrap_or(message)).or_else(|| syslog_ng(message))
    }

    fn describe(&self, event: &mut Event<'r>) {
        event.push(WINLOG_EVENT_ID, Value::Int(self.id));
        for (field, value) in [
            (WINLOG_CHANNEL, self.channel),
            (WINLOG_PROVIDER_NAME, self.source),
            (WINLOG_COMPUTER_NAME, self.computer),
            (WINLOG_OUTCOME, outcome(self.kind)),
        ] {
            set_some(event, field, value);
        }
        if !matches!(self.user, b"" | b"(no user)" | b"N/A") {
            event.set(WINLOG_USER_NAME, self.user);
            if self.domain != b"no domain" {
                set_some(event, WINLOG_USER_DOMAIN, self.domain);
            }
        }
        event.replace(MESSAGE, self.text);
        rendered::read(self.text, event);
    }
}

/// Windows' own words for how an audited action ended; other levels say nothing of it.
fn outcome(kind: &[u8]) -> &'static [u8] {
    match kind {
        b"AUDIT_FAILURE" | b"Failure Audit" => b"Audit Failure",
        b"AUDIT_SUCCESS" | b"Success Audit" => b"Audit Success",
        _ => b"",
    }
}

/// `Security: AUDIT_FAILURE(4625): source: user: domain: computer: text`
fn ossec(message: &[u8]) -> Option<Parts<'_>> {
    let (channel, rest) = split(message, b": ")?;
    let (kind, rest) = split(rest, b"(")?;
    let (id, rest) = split(rest, b"): ")?;
    let (source, rest) = split(rest, b": ")?;
    let (user, rest) = split(rest, b": ")?;
    let (domain, rest) = split(rest, b": ")?;
    let (computer, text) = split(rest, b": ")?;
    let known = [&b"AUDIT_FAILURE"[..], b"AUDIT_SUCCESS", b"INFORMATION", b"WARNING", b"ERROR", b"UNKNOWN"];
    let id = integer(id).filter(|_| known.contains(&kind))?;
    Some(Parts { channel, kind, id, source, user, domain, computer, text })
}

/// Channels with a blank in their name, which nothing sets off from the source behind.
const CHANNELS: [&[u8]; 6] = [
    b"Directory Service",
    b"DNS Server",
    b"File Replication Service",
    b"DFS Replication",
    b"Key Management Service",
    b"Windows PowerShell",
];

/// `DOMAIN\user: Security source: [Success Audit] text (EventID 4624)`
fn syslog_ng(message: &[u8]) -> Option<Parts<'_>> {
    let (before, id) = rsplit(message.trim_ascii_end(), b" (EventID ").or_else(|| rsplit(message, b"(EventID "))?;
    let id = integer(id.strip_suffix(b")")?)?;
    let kinds = [&b"Information"[..], b"Warning", b"Error", b"Success Audit", b"Failure Audit"];
    let (head, rest) = split(before, b": [")?;
    let (kind, text) = split(rest, b"]")?;
    let (account, place) = split(head, b": ").or_else(|| head.strip_prefix(b": ").map(|place| (&b""[..], place)))?;
    let long = CHANNELS.iter().find(|channel| place.starts_with(channel)).map(|channel| channel.len());
    let end = long.or_else(|| memmem::find(place, b" "))?;
    let (channel, source) = (&place[..end], place[end..].trim_ascii_start());
    let (user, domain) = split_account(account);
    kinds.contains(&kind).then_some(Parts {
        channel,
        kind,
        id,
        source: source.strip_suffix(b".").unwrap_or(source),
        user,
        domain: domain.unwrap_or_default(),
        computer: b"",
        text: text.trim_ascii_start(),
    })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 agent1 WinEvtLog: Security: AUDIT_FAILURE(4625): Microsoft-Windows-Security-Auditing: (no user): no domain: DC1: An account failed to log on. Subject:  Security ID:  S-1-0-0  Account Name:  -  Account Domain:  -  Logon ID:  0x0  Logon Type:  3  Account For Which Logon Failed:  Security ID:  S-1-0-0  Account Name:  anna  Account Domain:  EXAMPLE  Network Information:  Workstation Name: DESK7  Source Network Address: 203.0.113.66  Source Port:  51515",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "logon-failed"),
            ("event.category", "authentication"),
            ("event.code", "4625"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "start"),
            ("host.hostname", "DC1"),
            ("host.name", "DC1"),
            ("source.domain", "DESK7"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.domain", "EXAMPLE"),
            ("user.id", "S-1-0-0"),
            ("user.name", "anna"),
            ("user.target.domain", "EXAMPLE"),
            ("user.target.id", "S-1-0-0"),
            ("user.target.name", "anna"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "DC1"),
            ("winlog.event_data.IpAddress", "203.0.113.66"),
            ("winlog.event_data.IpPort", "51515"),
            ("winlog.event_data.LogonType", "3"),
            ("winlog.event_data.SubjectDomainName", "-"),
            ("winlog.event_data.SubjectLogonId", "0x0"),
            ("winlog.event_data.SubjectUserName", "-"),
            ("winlog.event_data.SubjectUserSid", "S-1-0-0"),
            ("winlog.event_data.TargetDomainName", "EXAMPLE"),
            ("winlog.event_data.TargetUserName", "anna"),
            ("winlog.event_data.TargetUserSid", "S-1-0-0"),
            ("winlog.event_data.WorkstationName", "DESK7"),
            ("winlog.event_id", "4625"),
            ("winlog.outcome", "Audit Failure"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
        ],
    },
    Example {
        raw: r"NT AUTHORITY\LOCAL SERVICE: System Microsoft-Windows-Time-Service: [Information] The time service has started advertising as a time source. (EventID 139)",
        expect: &[
            ("event.code", "139"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-Time-Service"),
            ("user.domain", "NT AUTHORITY"),
            ("user.name", "LOCAL SERVICE"),
            ("winlog.channel", "System"),
            ("winlog.event_id", "139"),
            ("winlog.provider_name", "Microsoft-Windows-Time-Service"),
            ("winlog.user.domain", "NT AUTHORITY"),
            ("winlog.user.name", "LOCAL SERVICE"),
        ],
    },
    Example {
        raw: ": Directory Service NTDS General: [Warning] The directory has not been backed up. (EventID 2089)",
        expect: &[
            ("event.code", "2089"),
            ("event.kind", "event"),
            ("event.provider", "NTDS General"),
            ("winlog.channel", "Directory Service"),
            ("winlog.event_id", "2089"),
            ("winlog.provider_name", "NTDS General"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 agent1 WinEvtLog: Security: AUDIT_FAILURE(", expect: &[] },
];
