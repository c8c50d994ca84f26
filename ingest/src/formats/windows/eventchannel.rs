//! Windows events as Wazuh's agent ships them.

use crate::{
    Event, Field, Value,
    envelope::Line,
    field::*,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::{Sink, read_into},
    winlog::{self, below, event_data},
};

/// `{"win":{"system":{…},"eventdata":{…}}}`
pub struct EventChannel;

impl Format for EventChannel {
    fn name(&self) -> &'static str {
        "wazuh_eventchannel"
    }

    fn category(&self) -> &'static str {
        "windows"
    }

    fn product(&self) -> &'static str {
        "Windows event log (Wazuh)"
    }

    fn about(&self) -> &'static str {
        "a Windows event as JSON of Wazuh's eventchannel decoder (documentation.wazuh.com, Windows event channel)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Keys(&[&["win.system"], &["win.eventdata"]])
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read_into(line.message, "", event, &mut Names)?;
        winlog::forget_header(line, event);
        winlog::settle(event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

const SYSTEM: &[(&str, Field)] = &[
    ("eventID", WINLOG_EVENT_ID),
    ("providerName", WINLOG_PROVIDER_NAME),
    ("providerGuid", WINLOG_PROVIDER_GUID),
    ("channel", WINLOG_CHANNEL),
    ("computer", WINLOG_COMPUTER_NAME),
    ("eventRecordID", WINLOG_RECORD_ID),
    ("processID", WINLOG_PROCESS_PID),
    ("threadID", WINLOG_THREAD_ID),
    ("systemTime", WINLOG_TIME_CREATED),
    ("level", WINLOG_LEVEL),
    ("task", WINLOG_TASK),
    ("opcode", WINLOG_OPCODE),
    ("keywords", WINLOG_KEYWORDS),
    ("version", WINLOG_VERSION),
    ("severityValue", WINLOG_OUTCOME),
    ("message", MESSAGE),
];

struct Names;

impl Sink for Names {
    fn value(&mut self, event: &mut Event<'_>, name: &str, value: Value) {
        let field = if let Some(key) = name.strip_prefix("win.system.") {
            SYSTEM.iter().find(|(known, _)| *known == key).map(|(_, field)| *field)
        } else if let Some(key) = name.strip_prefix("win.eventdata.") {
            own_name(key).and_then(|key| event_data(&key))
        } else {
            below("winlog.", name)
        };
        if let Some(field) = field.filter(|_| value != Value::Null) {
            event.push(field, value);
        }
    }
}

/// Wazuh writes the first letter of each name small.
fn own_name(key: &str) -> Option<String> {
    let mut letters = key.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"win":{"system":{"providerName":"Microsoft-Windows-WindowsUpdateClient","eventID":"19","level":"4","keywords":"0x8000000000000018","systemTime":"2026-11-22T09:14:07.2501234Z","eventRecordID":"77","processID":"904","threadID":"7128","channel":"System","computer":"srv1.example.com","severityValue":"INFORMATION","message":"Installation Successful"},"eventdata":{"updateTitle":"2026-11 Cumulative Update for Windows Server 2022 (KB5099001)","updateRevisionNumber":"1"}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.2501234Z"),
            ("event.action", "update-installed"),
            ("event.category", "package"),
            ("event.code", "19"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-WindowsUpdateClient"),
            ("event.type", "installation"),
            ("host.hostname", "srv1"),
            ("host.name", "srv1.example.com"),
            ("log.level", "information"),
            ("message", "Installation Successful"),
            ("process.pid", "904"),
            ("process.thread.id", "7128"),
            ("winlog.channel", "System"),
            ("winlog.computer_name", "srv1.example.com"),
            ("winlog.event_data.UpdateRevisionNumber", "1"),
            ("winlog.event_data.UpdateTitle", "2026-11 Cumulative Update for Windows Server 2022 (KB5099001)"),
            ("winlog.event_id", "19"),
            ("winlog.keywords", "0x8000000000000018"),
            ("winlog.level", "4"),
            ("winlog.outcome", "INFORMATION"),
            ("winlog.process.pid", "904"),
            ("winlog.process.thread.id", "7128"),
            ("winlog.provider_name", "Microsoft-Windows-WindowsUpdateClient"),
            ("winlog.record_id", "77"),
            ("winlog.time_created", "2026-11-22T09:14:07.2501234Z"),
        ],
    },
    Example {
        raw: r#"{"win":{"system":{"providerName":"Microsoft-Windows-Security-Auditing","eventID":"4624","channel":"Security","computer":"dc1","severityValue":"AUDIT_SUCCESS","systemTime":"2026-11-22T09:14:07Z"},"eventdata":{"targetUserName":"ann","targetDomainName":"EXAMPLE","ipAddress":"192.0.2.7","logonType":"10"}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "logged-in"),
            ("event.category", "authentication"),
            ("event.code", "4624"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "start"),
            ("host.hostname", "dc1"),
            ("host.name", "dc1"),
            ("source.ip", "192.0.2.7"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "ann"),
            ("user.target.domain", "EXAMPLE"),
            ("user.target.name", "ann"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "dc1"),
            ("winlog.event_data.IpAddress", "192.0.2.7"),
            ("winlog.event_data.LogonType", "10"),
            ("winlog.event_data.TargetDomainName", "EXAMPLE"),
            ("winlog.event_data.TargetUserName", "ann"),
            ("winlog.event_id", "4624"),
            ("winlog.outcome", "AUDIT_SUCCESS"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.time_created", "2026-11-22T09:14:07Z"),
        ],
    },
    Example { raw: r#"{"win":{"system":{"providerName":"Microsoft-Windows-Security-Auditing","eventID""#, expect: &[] },
];
