//! Windows events as XML.

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    winlog::{self, xml},
};

/// `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">…`
pub struct Xml;

/// What every event says of itself.
const NAMESPACE: &str = "schemas.microsoft.com/win/2004/08/events/event";

impl Format for Xml {
    fn name(&self) -> &'static str {
        "windows_xml"
    }

    fn category(&self) -> &'static str {
        "windows"
    }

    fn product(&self) -> &'static str {
        "Windows event log (XML)"
    }

    fn about(&self) -> &'static str {
        "a Windows event as XML, as wevtutil, WEC forwarders and syslog agents write it (Windows Event Schema)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&[NAMESPACE, "<Event><System><Provider"])
    }

    fn recognises(&self, message: &[u8]) -> bool {
        let message = message.trim_ascii_start();
        message.starts_with(b"<Event") || message.starts_with(b"<?xml") && memmem::find(message, b"<Event").is_some()
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        xml::read(line.message, event)?;
        winlog::forget_header(line, event);
        winlog::settle(event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-PowerShell" Guid="{a0c1853b-5c40-4b15-8766-3cf1c58f985a}"/><EventID>4104</EventID><Version>1</Version><Level>3</Level><TimeCreated SystemTime="2026-11-22T09:14:07.2500000Z"/><EventRecordID>5</EventRecordID><Execution ProcessID="4711" ThreadID="12"/><Channel>Microsoft-Windows-PowerShell/Operational</Channel><Computer>pc1</Computer><Security UserID="S-1-5-21-1-2-3-1001"/></System><EventData><Data Name="ScriptBlockText">Get-Item &quot;a&amp;b&quot; | Out-File x</Data><Data Name="Path">C:\Temp\run.ps1</Data></EventData></Event>"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "script-block-executed"),
            ("event.category", "process"),
            ("event.code", "4104"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-PowerShell"),
            ("event.type", "info"),
            ("file.directory", r#"C:\Temp"#),
            ("file.extension", "ps1"),
            ("file.name", "run.ps1"),
            ("file.path", r#"C:\Temp\run.ps1"#),
            ("host.hostname", "pc1"),
            ("host.name", "pc1"),
            ("log.level", "warning"),
            ("process.pid", "4711"),
            ("process.thread.id", "12"),
            ("user.id", "S-1-5-21-1-2-3-1001"),
            ("winlog.channel", "Microsoft-Windows-PowerShell/Operational"),
            ("winlog.computer_name", "pc1"),
            ("winlog.event_data.Path", r#"C:\Temp\run.ps1"#),
            ("winlog.event_data.ScriptBlockText", r#"Get-Item "a&b" | Out-File x"#),
            ("winlog.event_id", "4104"),
            ("winlog.level", "3"),
            ("winlog.process.pid", "4711"),
            ("winlog.process.thread.id", "12"),
            ("winlog.provider_guid", "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}"),
            ("winlog.provider_name", "Microsoft-Windows-PowerShell"),
            ("winlog.record_id", "5"),
            ("winlog.time_created", "2026-11-22T09:14:07.2500000Z"),
            ("winlog.user.identifier", "S-1-5-21-1-2-3-1001"),
            ("winlog.version", "1"),
        ],
    },
    Example {
        raw: "<14>Nov 22 09:14:07 relay agent[99]: <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Eventlog'/><EventID Qualifiers=''>1102</EventID><Level>4</Level><Keywords>0x4020000000000000</Keywords><TimeCreated SystemTime='2026-11-22T09:14:07Z'/><Channel>Security</Channel><Computer>dc1</Computer></System><UserData><LogFileCleared xmlns='http://manifests.microsoft.com/win/2004/08/windows/eventlog'><SubjectUserSid>S-1-5-21-1-2-3-500</SubjectUserSid><SubjectUserName>admin</SubjectUserName><SubjectDomainName>EXAMPLE</SubjectDomainName></LogFileCleared></UserData></Event>",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "audit-log-cleared"),
            ("event.category", "iam"),
            ("event.code", "1102"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-Eventlog"),
            ("event.type", "admin"),
            ("event.type", "change"),
            ("host.hostname", "dc1"),
            ("host.name", "dc1"),
            ("log.level", "information"),
            ("user.domain", "EXAMPLE"),
            ("user.id", "S-1-5-21-1-2-3-500"),
            ("user.name", "admin"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "dc1"),
            ("winlog.event_id", "1102"),
            ("winlog.keywords", "0x4020000000000000"),
            ("winlog.level", "4"),
            ("winlog.provider_name", "Microsoft-Windows-Eventlog"),
            ("winlog.time_created", "2026-11-22T09:14:07Z"),
            ("winlog.user_data.SubjectDomainName", "EXAMPLE"),
            ("winlog.user_data.SubjectUserName", "admin"),
            ("winlog.user_data.SubjectUserSid", "S-1-5-21-1-2-3-500"),
        ],
    },
    Example {
        raw: r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-PowerShell""#,
        expect: &[],
    },
    Example {
        raw: "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Backup'/><EventID>4</EventID><Level>4</Level><TimeCreated SystemTime='2026-11-22T02:28:22Z'/><Channel>Microsoft-Windows-Backup</Channel><Computer>srv1</Computer></System></Event>",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:22Z"),
            ("event.action", "backup"),
            ("event.code", "4"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-Backup"),
            ("event.type", "end"),
            ("host.hostname", "srv1"),
            ("host.name", "srv1"),
            ("log.level", "information"),
            ("winlog.channel", "Microsoft-Windows-Backup"),
            ("winlog.computer_name", "srv1"),
            ("winlog.event_id", "4"),
            ("winlog.level", "4"),
            ("winlog.provider_name", "Microsoft-Windows-Backup"),
            ("winlog.time_created", "2026-11-22T02:28:22Z"),
        ],
    },
    Example {
        raw: "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='MSSQLSERVER'/><EventID>33205</EventID><Level>0</Level><Keywords>0x90000000000000</Keywords><TimeCreated SystemTime='2026-11-22T09:14:07.300Z'/><Channel>Application</Channel><Computer>db1</Computer></System><EventData><Data>audit_schema_version:1\nevent_time:2026-11-22 09:14:07.2500000\naction_id:LGIF\nsucceeded:false\nclient_ip:203.0.113.66\nserver_principal_name:sa\ndatabase_name:master\nstatement:Login failed for user 'sa'.\n</Data></EventData></Event>",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "login-failed"),
            ("event.category", "authentication"),
            ("event.code", "33205"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.provider", "MSSQLSERVER"),
            ("event.type", "start"),
            ("host.hostname", "db1"),
            ("host.name", "db1"),
            ("log.level", "information"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("sqlserver.audit.action_id", "LGIF"),
            ("sqlserver.audit.audit_schema_version", "1"),
            ("sqlserver.audit.database_name", "master"),
            ("sqlserver.audit.statement", "Login failed for user 'sa'."),
            ("sqlserver.audit.succeeded", "false"),
            ("user.name", "sa"),
            ("winlog.channel", "Application"),
            ("winlog.computer_name", "db1"),
            (
                "winlog.event_data.Data",
                "audit_schema_version:1\nevent_time:2026-11-22 09:14:07.2500000\naction_id:LGIF\nsucceeded:false\nclient_ip:203.0.113.66\nserver_principal_name:sa\ndatabase_name:master\nstatement:Login failed for user 'sa'.",
            ),
            ("winlog.event_id", "33205"),
            ("winlog.keywords", "0x90000000000000"),
            ("winlog.level", "0"),
            ("winlog.provider_name", "MSSQLSERVER"),
            ("winlog.time_created", "2026-11-22T09:14:07.300Z"),
        ],
    },
];
