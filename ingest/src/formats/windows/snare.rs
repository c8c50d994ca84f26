//! Windows events as Snare's agents write them: columns between tabs.

use crate::{
    Event, Value,
    envelope::Line,
    field::*,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{reject, split},
    time,
    winlog::{self, rendered},
};

/// `MSWinEventLog⇥1⇥Security⇥…`
pub struct Snare;

impl Format for Snare {
    fn name(&self) -> &'static str {
        "windows_snare"
    }

    fn category(&self) -> &'static str {
        "windows"
    }

    fn product(&self) -> &'static str {
        "Windows event log (Snare)"
    }

    fn about(&self) -> &'static str {
        "a Windows event in Snare's MSWinEventLog columns, between tabs or rsyslog's #011 (Snare Enterprise Agent for Windows guide, appendix A)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &[] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["MSWinEventLog"]
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&["MSWinEventLog\t", "MSWinEventLog#011", "MSWinEventLog ", "MSWinEventLog,"])
    }

    fn recognises(&self, message: &[u8]) -> bool {
        find(message).is_some()
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        // where the tag was taken for the program, the columns begin right away
        let message = find(line.message).unwrap_or(line.message);
        let columns: Vec<&[u8]> = columns(message);
        let [_criticality, channel, record, at, id, source, user, kind, outcome, computer, category, data, text @ ..] =
            &columns[..]
        else {
            return Err(reject("snare_few_columns"));
        };
        let id = crate::scan::integer(id).ok_or(reject("snare_no_event_id"))?;
        event.push(WINLOG_EVENT_ID, Value::Int(id));
        for (field, value) in [
            (WINLOG_CHANNEL, channel),
            (WINLOG_RECORD_ID, record),
            (WINLOG_PROVIDER_NAME, source),
            (WINLOG_OUTCOME, outcome),
            (WINLOG_COMPUTER_NAME, computer),
            (WINLOG_TASK, category),
            (WINLOG_USER_TYPE, kind),
        ] {
            crate::scan::set_some(event, field, value);
        }
        if *user != b"N/A" && !user.is_empty() {
            let (name, domain) = crate::table::split_account(user);
            event.set(WINLOG_USER_NAME, name);
            domain.into_iter().for_each(|domain| event.set(WINLOG_USER_DOMAIN, domain));
        }
        if let Some(stamp) = asctime(at) {
            event.set_stamp(TIMESTAMP, stamp);
        }
        let text = text.first().filter(|text| !text.is_empty()).unwrap_or(data);
        crate::scan::set_some(event, MESSAGE, text);
        rendered::read(text, event);
        winlog::forget_header(line, event);
        winlog::settle(event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The columns behind Snare's mark.
fn find(message: &[u8]) -> Option<&[u8]> {
    let (before, behind) = split(message, b"MSWinEventLog")?;
    let at_start = before.iter().filter(|byte| matches!(byte, b'\t' | b' ' | b',')).count() <= 2;
    (at_start && behind.first().is_some_and(|byte| matches!(byte, b'\t' | b' ' | b'#' | b','))).then(|| &behind[1..])
}

/// Most columns that are told apart; the last takes the rest.
const COLUMNS: usize = 14;

/// Columns between tabs; rsyslog writes a tab as `#011`. The first may have kept either's rest.
fn columns(text: &[u8]) -> Vec<&[u8]> {
    let text = text.strip_prefix(b"011").unwrap_or(text);
    if text.contains(&b'\t') {
        return text.splitn(COLUMNS, |byte| *byte == b'\t').collect();
    }
    let mark: &[u8] = if memchr::memmem::find(text, b"#011").is_some() { b"#011" } else { b"," };
    let mut columns = Vec::with_capacity(COLUMNS);
    let mut rest = text;
    while columns.len() + 1 < COLUMNS
        && let Some((column, behind)) = split(rest, mark)
    {
        columns.push(column);
        rest = behind;
    }
    columns.push(rest);
    columns
}

/// `Fri Mar 19 15:33:30 2010`
fn asctime(text: &[u8]) -> Option<crate::envelope::Stamp> {
    let (_, text) = split(text, b" ")?;
    let year = text.get(text.len().checked_sub(4)?..)?;
    let year = crate::scan::integer(year).and_then(|year| i16::try_from(year).ok())?;
    let stamp = time::read(&text[..text.len() - 4])?;
    let civil = stamp.civil.with().year(year).build().ok()?;
    Some(crate::envelope::Stamp { civil, has_year: true, offset: None })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<14>Nov 22 09:14:07 pc1 MSWinEventLog\t1\tSecurity\t4711\tSun Nov 22 09:14:07 2026\t4625\tMicrosoft-Windows-Security-Auditing\tEXAMPLE\\b.jones\tN/A\tFailure Audit\tpc1.example.com\tLogon\t\tAn account failed to log on.    Subject:   Security ID:  S-1-0-0   Account Name:  -   Account Domain:  -   Logon ID:  0x0    Logon Type:   3    Account For Which Logon Failed:   Security ID:  S-1-0-0   Account Name:  b.jones   Account Domain:  EXAMPLE    Failure Information:   Failure Reason:  Unknown user name or bad password.   Status:   0xc000006d    Network Information:   Workstation Name: KIOSK7   Source Network Address: 203.0.113.66   Source Port:  51515\t1234",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "logon-failed"),
            ("event.category", "authentication"),
            ("event.code", "4625"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "start"),
            ("host.hostname", "pc1"),
            ("host.name", "pc1.example.com"),
            (
                "message",
                "An account failed to log on.    Subject:   Security ID:  S-1-0-0   Account Name:  -   Account Domain:  -   Logon ID:  0x0    Logon Type:   3    Account For Which Logon Failed:   Security ID:  S-1-0-0   Account Name:  b.jones   Account Domain:  EXAMPLE    Failure Information:   Failure Reason:  Unknown user name or bad password.   Status:   0xc000006d    Network Information:   Workstation Name: KIOSK7   Source Network Address: 203.0.113.66   Source Port:  51515",
            ),
            ("source.domain", "KIOSK7"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.domain", "EXAMPLE"),
            ("user.id", "S-1-0-0"),
            ("user.name", "b.jones"),
            ("user.target.domain", "EXAMPLE"),
            ("user.target.id", "S-1-0-0"),
            ("user.target.name", "b.jones"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "pc1.example.com"),
            ("winlog.event_data.FailureReason", "Unknown user name or bad password."),
            ("winlog.event_data.IpAddress", "203.0.113.66"),
            ("winlog.event_data.IpPort", "51515"),
            ("winlog.event_data.LogonType", "3"),
            ("winlog.event_data.Status", "0xc000006d"),
            ("winlog.event_data.SubjectDomainName", "-"),
            ("winlog.event_data.SubjectLogonId", "0x0"),
            ("winlog.event_data.SubjectUserName", "-"),
            ("winlog.event_data.SubjectUserSid", "S-1-0-0"),
            ("winlog.event_data.TargetDomainName", "EXAMPLE"),
            ("winlog.event_data.TargetUserName", "b.jones"),
            ("winlog.event_data.TargetUserSid", "S-1-0-0"),
            ("winlog.event_data.WorkstationName", "KIOSK7"),
            ("winlog.event_id", "4625"),
            ("winlog.outcome", "Failure Audit"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.record_id", "4711"),
            ("winlog.task", "Logon"),
            ("winlog.user.domain", "EXAMPLE"),
            ("winlog.user.name", "b.jones"),
            ("winlog.user.type", "N/A"),
        ],
    },
    Example { raw: r#"MSWinEventLog\t1\tSecurity\t4711"#, expect: &[] },
];
