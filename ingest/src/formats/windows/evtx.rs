//! Windows events as JSON made from their XML: `evtx_dump`, xmltodict, Splunk's and Fluentd's converters.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    winlog::{self, tree},
};

/// `{"Event":{"System":{…},"EventData":{…}}}`, attributes in one notation or another.
pub struct Evtx;

impl Format for Evtx {
    fn name(&self) -> &'static str {
        "windows_evtx"
    }

    fn category(&self) -> &'static str {
        "windows"
    }

    fn product(&self) -> &'static str {
        "Windows event log (evtx as JSON)"
    }

    fn about(&self) -> &'static str {
        "a Windows event as JSON with the elements of its XML (github.com/omerbenamram/evtx; Windows Event Schema)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Keys(&[
            &["Event.System"],
            &["System.Provider", "System.EventID"],
            &["System.EventID", "System.Channel"],
            &["System.EventID", "System.Computer"],
        ])
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        tree::read_json(line.message, event)?;
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
        raw: r##"{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon","Guid":"5770385F-C22A-43E0-BF4C-06F5698FFBD9"}},"EventID":1,"Version":5,"Level":4,"Task":1,"Opcode":0,"Keywords":"0x8000000000000000","TimeCreated":{"#attributes":{"SystemTime":"2026-11-22T09:14:07.250000Z"}},"EventRecordID":12,"Correlation":null,"Execution":{"#attributes":{"ProcessID":3544,"ThreadID":4264}},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"pc1.example.com","Security":{"#attributes":{"UserID":"S-1-5-18"}}},"EventData":{"RuleName":"-","UtcTime":"2026-11-22 09:14:07.240","ProcessGuid":"11111111-2222-3333-4444-555555555555","ProcessId":4711,"Image":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami /all","CurrentDirectory":"C:\\Temp\\","User":"EXAMPLE\\b.jones","IntegrityLevel":"High","Hashes":"MD5=0123456789ABCDEF0123456789ABCDEF,IMPHASH=FEDCBA9876543210FEDCBA9876543210","ParentProcessId":4000,"ParentImage":"C:\\Windows\\System32\\cmd.exe","ParentCommandLine":"\"C:\\Windows\\System32\\cmd.exe\" /k"}}}"##,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "process-created"),
            ("event.category", "process"),
            ("event.code", "1"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-Sysmon"),
            ("event.type", "start"),
            ("host.hostname", "pc1"),
            ("host.name", "pc1.example.com"),
            ("log.level", "information"),
            ("process.args", "whoami"),
            ("process.args", "/all"),
            ("process.args_count", "2"),
            ("process.command_line", "whoami /all"),
            ("process.entity_id", "11111111-2222-3333-4444-555555555555"),
            ("process.executable", r#"C:\Windows\System32\whoami.exe"#),
            ("process.hash.md5", "0123456789abcdef0123456789abcdef"),
            ("process.name", "whoami.exe"),
            ("process.parent.args", r#""C:\Windows\System32\cmd.exe""#),
            ("process.parent.args", "/k"),
            ("process.parent.args_count", "2"),
            ("process.parent.command_line", r#""C:\Windows\System32\cmd.exe" /k"#),
            ("process.parent.executable", r#"C:\Windows\System32\cmd.exe"#),
            ("process.parent.name", "cmd.exe"),
            ("process.parent.pid", "4000"),
            ("process.pe.imphash", "fedcba9876543210fedcba9876543210"),
            ("process.pid", "4711"),
            ("process.thread.id", "4264"),
            ("process.working_directory", r#"C:\Temp\"#),
            ("user.domain", "EXAMPLE"),
            ("user.name", "b.jones"),
            ("winlog.channel", "Microsoft-Windows-Sysmon/Operational"),
            ("winlog.computer_name", "pc1.example.com"),
            ("winlog.event_data.CommandLine", "whoami /all"),
            ("winlog.event_data.CurrentDirectory", r#"C:\Temp\"#),
            (
                "winlog.event_data.Hashes",
                "MD5=0123456789ABCDEF0123456789ABCDEF,IMPHASH=FEDCBA9876543210FEDCBA9876543210",
            ),
            ("winlog.event_data.Image", r#"C:\Windows\System32\whoami.exe"#),
            ("winlog.event_data.IntegrityLevel", "High"),
            ("winlog.event_data.ParentCommandLine", r#""C:\Windows\System32\cmd.exe" /k"#),
            ("winlog.event_data.ParentImage", r#"C:\Windows\System32\cmd.exe"#),
            ("winlog.event_data.ParentProcessId", "4000"),
            ("winlog.event_data.ProcessGuid", "11111111-2222-3333-4444-555555555555"),
            ("winlog.event_data.ProcessId", "4711"),
            ("winlog.event_data.RuleName", "-"),
            ("winlog.event_data.User", r#"EXAMPLE\b.jones"#),
            ("winlog.event_data.UtcTime", "2026-11-22 09:14:07.240"),
            ("winlog.event_id", "1"),
            ("winlog.keywords", "0x8000000000000000"),
            ("winlog.level", "4"),
            ("winlog.opcode", "0"),
            ("winlog.process.pid", "3544"),
            ("winlog.process.thread.id", "4264"),
            ("winlog.provider_guid", "5770385F-C22A-43E0-BF4C-06F5698FFBD9"),
            ("winlog.provider_name", "Microsoft-Windows-Sysmon"),
            ("winlog.record_id", "12"),
            ("winlog.task", "1"),
            ("winlog.time_created", "2026-11-22T09:14:07.250000Z"),
            ("winlog.user.identifier", "S-1-5-18"),
            ("winlog.version", "5"),
        ],
    },
    Example {
        raw: r##"{"Event":{"@xmlns":"http://schemas.microsoft.com/win/2004/08/events/event","System":{"Provider":{"@Name":"Microsoft-Windows-Security-Auditing"},"EventID":{"#text":"4728","@Qualifiers":""},"Level":"0","Keywords":"0x8020000000000000","TimeCreated":{"@SystemTime":"2026-11-22T09:14:07.25Z"},"Channel":"Security","Computer":"dc1"},"EventData":{"Data":[{"@Name":"MemberName","#text":"CN=Ann Lee,OU=Staff,DC=example,DC=com"},{"@Name":"TargetUserName","#text":"Domain Admins"},{"@Name":"SubjectUserName","#text":"admin"},{"@Name":"SubjectDomainName","#text":"EXAMPLE"},{"@Name":"PrivilegeList"}]}}}"##,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "added-member-to-group"),
            ("event.category", "iam"),
            ("event.code", "4728"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "group"),
            ("event.type", "change"),
            ("group.name", "Domain Admins"),
            ("host.hostname", "dc1"),
            ("host.name", "dc1"),
            ("log.level", "information"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "admin"),
            ("user.target.domain", "example"),
            ("user.target.group.name", "Domain Admins"),
            ("user.target.name", "Ann Lee"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "dc1"),
            ("winlog.event_data.MemberName", "CN=Ann Lee,OU=Staff,DC=example,DC=com"),
            ("winlog.event_data.SubjectDomainName", "EXAMPLE"),
            ("winlog.event_data.SubjectUserName", "admin"),
            ("winlog.event_data.TargetUserName", "Domain Admins"),
            ("winlog.event_id", "4728"),
            ("winlog.keywords", "0x8020000000000000"),
            ("winlog.level", "0"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.time_created", "2026-11-22T09:14:07.25Z"),
        ],
    },
    Example {
        raw: r#"{"Event":{"System":{"Provider":{"Name":"Microsoft-Windows-TerminalServices-LocalSessionManager"},"EventID":21,"Level":4,"TimeCreated":{"SystemTime":"2026-11-22T09:14:07Z"},"Channel":"Microsoft-Windows-TerminalServices-LocalSessionManager/Operational","Computer":"srv1"},"UserData":{"EventXML":{"User":"EXAMPLE\\b.jones","SessionID":2,"Address":"203.0.113.66"}}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.code", "21"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-TerminalServices-LocalSessionManager"),
            ("host.hostname", "srv1"),
            ("host.name", "srv1"),
            ("log.level", "information"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "b.jones"),
            ("winlog.channel", "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"),
            ("winlog.computer_name", "srv1"),
            ("winlog.event_id", "21"),
            ("winlog.level", "4"),
            ("winlog.provider_name", "Microsoft-Windows-TerminalServices-LocalSessionManager"),
            ("winlog.time_created", "2026-11-22T09:14:07Z"),
            ("winlog.user_data.Address", "203.0.113.66"),
            ("winlog.user_data.SessionID", "2"),
            ("winlog.user_data.User", r#"EXAMPLE\b.jones"#),
        ],
    },
    Example {
        raw: r#"{"Event":{"System":{"Provider":{"Name":"Microsoft-Windows-TerminalServices-LocalSessionManager"}"#,
        expect: &[],
    },
];
