//! Windows events as Winlogbeat and Elastic Agent ship them, old and new.

use crate::{
    Event, Field, Value,
    envelope::Line,
    field::*,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::{Sink, read_into},
    synonyms::settle_time,
    winlog::{self, event_data},
};

/// `winlog` beside ECS fields; before version 7, names at the top.
pub struct Winlogbeat;

impl Format for Winlogbeat {
    fn name(&self) -> &'static str {
        "winlogbeat"
    }

    fn category(&self) -> &'static str {
        "windows"
    }

    fn product(&self) -> &'static str {
        "Windows event log (Winlogbeat)"
    }

    fn about(&self) -> &'static str {
        "a Windows event as JSON of Winlogbeat or Elastic Agent (elastic.co/docs/reference/beats/winlogbeat, exported fields)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Keys(&[
            &["winlog.event_id"],
            &["winlog.channel"],
            &["winlog.provider_name"],
            &["winlog.event_id", "winlog.channel", "winlog.provider_name", "@timestamp", "event", "host", "log"],
            &["event_id", "log_name", "computer_name"],
            &["event_id", "source_name", "computer_name"],
        ])
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read_into(line.message, "", event, &mut Names)?;
        winlog::forget_header(line, event);
        settle_time("winlog.", event);
        winlog::settle(event);
        winlog::settle_sysmon_time(event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Names of version 6 and before.
const OLD_NAMES: &[(&str, Field)] = &[
    ("event_id", WINLOG_EVENT_ID),
    ("log_name", WINLOG_CHANNEL),
    ("source_name", WINLOG_PROVIDER_NAME),
    ("provider_guid", WINLOG_PROVIDER_GUID),
    ("computer_name", WINLOG_COMPUTER_NAME),
    ("record_number", WINLOG_RECORD_ID),
    ("process_id", WINLOG_PROCESS_PID),
    ("thread_id", WINLOG_THREAD_ID),
    ("keywords", WINLOG_KEYWORDS),
    ("task", WINLOG_TASK),
    ("opcode", WINLOG_OPCODE),
    ("level", LOG_LEVEL),
    ("user.identifier", WINLOG_USER_ID),
    ("user.type", WINLOG_USER_TYPE),
    ("host", WINLOG_COMPUTER_NAME),
];

struct Names;

impl Sink for Names {
    fn value(&mut self, event: &mut Event<'_>, name: &str, value: Value) {
        if name == "event.original" || value == Value::Null {
            return;
        }
        let old = OLD_NAMES.iter().find(|(old, _)| *old == name).map(|(_, field)| *field);
        let field = match name.strip_prefix("event_data.") {
            Some(own) => event_data(own),
            None => old.or_else(|| Field::intern(name)),
        };
        field.into_iter().for_each(|field| event.push(field, value));
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"@timestamp":"2026-11-22T09:14:08.001Z","host":{"name":"pc1.example.com"},"log":{"level":"information"},"event":{"code":"4625","provider":"Microsoft-Windows-Security-Auditing","kind":"event"},"winlog":{"channel":"Security","event_id":"4625","provider_name":"Microsoft-Windows-Security-Auditing","computer_name":"pc1.example.com","record_id":4711,"time_created":"2026-11-22T09:14:07.250Z","keywords":["Audit Failure"],"process":{"pid":700,"thread":{"id":812}},"event_data":{"SubjectUserName":"-","TargetUserName":"b.jones","TargetDomainName":"EXAMPLE","TargetUserSid":"S-1-0-0","LogonType":"3","IpAddress":"203.0.113.66","IpPort":"51515","WorkstationName":"KIOSK7","ProcessName":"-","ProcessId":"0x0"}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "logon-failed"),
            ("event.category", "authentication"),
            ("event.code", "4625"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "start"),
            ("host.hostname", "pc1"),
            ("host.name", "pc1.example.com"),
            ("log.level", "information"),
            ("process.pid", "0"),
            ("process.thread.id", "812"),
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
            ("winlog.event_data.IpAddress", "203.0.113.66"),
            ("winlog.event_data.IpPort", "51515"),
            ("winlog.event_data.LogonType", "3"),
            ("winlog.event_data.ProcessId", "0x0"),
            ("winlog.event_data.ProcessName", "-"),
            ("winlog.event_data.SubjectUserName", "-"),
            ("winlog.event_data.TargetDomainName", "EXAMPLE"),
            ("winlog.event_data.TargetUserName", "b.jones"),
            ("winlog.event_data.TargetUserSid", "S-1-0-0"),
            ("winlog.event_data.WorkstationName", "KIOSK7"),
            ("winlog.event_id", "4625"),
            ("winlog.keywords", "Audit Failure"),
            ("winlog.process.pid", "700"),
            ("winlog.process.thread.id", "812"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.record_id", "4711"),
            ("winlog.time_created", "2026-11-22T09:14:07.250Z"),
        ],
    },
    Example {
        raw: r#"{"@timestamp":"2026-11-22T09:14:08.001Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":22,"provider_name":"Microsoft-Windows-Sysmon","computer_name":"pc1","level":"information","user":{"identifier":"S-1-5-18"},"event_data":{"UtcTime":"2026-11-22 09:14:07.250","ProcessGuid":"{11111111-2222-3333-4444-555555555555}","ProcessId":"4711","QueryName":"www.example.com","QueryStatus":"0","QueryResults":"type:  5 cdn.example.net;::ffff:192.0.2.80;2001:db8::80;","Image":"C:\\Program Files\\Browser\\browser.exe"}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("dns.question.name", "www.example.com"),
            ("dns.resolved_ip", "192.0.2.80"),
            ("dns.resolved_ip", "2001:db8::80"),
            ("event.action", "dns-query"),
            ("event.category", "network"),
            ("event.code", "22"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-Sysmon"),
            ("event.type", "connection"),
            ("event.type", "protocol"),
            ("event.type", "info"),
            ("host.hostname", "pc1"),
            ("host.name", "pc1"),
            ("log.level", "information"),
            ("network.protocol", "dns"),
            ("process.entity_id", "{11111111-2222-3333-4444-555555555555}"),
            ("process.executable", r#"C:\Program Files\Browser\browser.exe"#),
            ("process.name", "browser.exe"),
            ("process.pid", "4711"),
            ("user.id", "S-1-5-18"),
            ("winlog.channel", "Microsoft-Windows-Sysmon/Operational"),
            ("winlog.computer_name", "pc1"),
            ("winlog.event_data.Image", r#"C:\Program Files\Browser\browser.exe"#),
            ("winlog.event_data.ProcessGuid", "{11111111-2222-3333-4444-555555555555}"),
            ("winlog.event_data.ProcessId", "4711"),
            ("winlog.event_data.QueryName", "www.example.com"),
            ("winlog.event_data.QueryResults", "type:  5 cdn.example.net;::ffff:192.0.2.80;2001:db8::80;"),
            ("winlog.event_data.QueryStatus", "0"),
            ("winlog.event_data.UtcTime", "2026-11-22 09:14:07.250"),
            ("winlog.event_id", "22"),
            ("winlog.level", "information"),
            ("winlog.provider_name", "Microsoft-Windows-Sysmon"),
            ("winlog.user.identifier", "S-1-5-18"),
        ],
    },
    Example {
        raw: r#"{"@timestamp":"2026-11-22T09:14:07.250Z","event_id":7036,"log_name":"System","source_name":"Service Control Manager","computer_name":"srv1","level":"Information","record_number":"99","event_data":{"param1":"Print Spooler","param2":"stopped"},"message":"The Print Spooler service entered the stopped state.","type":"wineventlog"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "service-state-changed"),
            ("event.category", "process"),
            ("event.code", "7036"),
            ("event.kind", "event"),
            ("event.provider", "Service Control Manager"),
            ("event.type", "change"),
            ("host.hostname", "srv1"),
            ("host.name", "srv1"),
            ("log.level", "Information"),
            ("message", "The Print Spooler service entered the stopped state."),
            ("service.name", "Print Spooler"),
            ("service.state", "stopped"),
            ("type", "wineventlog"),
            ("winlog.channel", "System"),
            ("winlog.computer_name", "srv1"),
            ("winlog.event_data.param1", "Print Spooler"),
            ("winlog.event_data.param2", "stopped"),
            ("winlog.event_id", "7036"),
            ("winlog.provider_name", "Service Control Manager"),
            ("winlog.record_id", "99"),
        ],
    },
    Example {
        raw: r#"{"@timestamp":"2026-11-22T09:14:08.001Z","winlog":{"channel":"Security","event_id":"4625","provider_"#,
        expect: &[],
    },
];
