//! Windows events as flat JSON: NXLog, Azure Monitor's tables, converters that put all names beside each other.

use crate::{
    Event, Field, Value,
    envelope::Line,
    field::*,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::{Sink, read_into},
    winlog::{self, event_data, xml},
};

/// `{"EventID":4624,"Channel":"Security","TargetUserName":"ann",…}`
pub struct Flat;

impl Format for Flat {
    fn name(&self) -> &'static str {
        "windows_flat"
    }

    fn category(&self) -> &'static str {
        "windows"
    }

    fn product(&self) -> &'static str {
        "Windows event log (flat JSON)"
    }

    fn about(&self) -> &'static str {
        "a Windows event as flat JSON of NXLog's im_msvistalog, Azure diagnostics or Sigma-style converters (docs.nxlog.co/refman, im_msvistalog fields)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Keys(&[
            &["EventID", "Channel"],
            &["EventID", "SourceName"],
            &["EventID", "ProviderName"],
            &["EventID", "Provider_Name"],
            &["EventID", "ProviderGuid"],
            &["EventID", "Computer"],
            &["EventID", "Hostname", "EventType"],
            &["EventID", "Image"],
            &["EventID", "CommandLine"],
            &["EventID", "SubjectUserName"],
            &["EventID", "TargetUserName"],
            &["event_id", "provider_name", "channel"],
            &["properties.EventId", "properties.ProviderName"],
            &["properties.RawXml"],
            &["time", "category", "level", "properties", "properties.EventId", "properties.Channel"],
            &["time", "category", "level", "properties", "operationName", "properties.RawXml"],
        ])
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut names = Names { raw_xml: None };
        read_into(line.message, "", event, &mut names)?;
        if let Some(xml) = names.raw_xml.and_then(|value| event.value_bytes(value)).map(|xml| xml.into_owned()) {
            // the rest says the same again, and less of it
            event.remove(WINLOG_LEVEL);
            xml::read(&xml, event)?;
            for one in [WINLOG_EVENT_ID, WINLOG_PROVIDER_NAME, WINLOG_CHANNEL, WINLOG_TIME_CREATED] {
                event.keep_last(one);
            }
        }
        winlog::forget_header(line, event);
        winlog::settle(event);
        winlog::settle_sysmon_time(event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Objects into which some put the event's own values.
const CONTAINERS: &[&str] = &["properties.", "ExtraEventData.", "EventData.", "event_data.", "Data."];

/// What the header of an event is called.
const NAMES: &[(&str, Field)] = &[
    ("EventID", WINLOG_EVENT_ID),
    ("EventId", WINLOG_EVENT_ID),
    ("event_id", WINLOG_EVENT_ID),
    ("SourceName", WINLOG_PROVIDER_NAME),
    ("ProviderName", WINLOG_PROVIDER_NAME),
    ("Provider_Name", WINLOG_PROVIDER_NAME),
    ("provider_name", WINLOG_PROVIDER_NAME),
    ("EventSourceName", WINLOG_PROVIDER_NAME),
    ("ProviderGuid", WINLOG_PROVIDER_GUID),
    ("Provider_Guid", WINLOG_PROVIDER_GUID),
    ("Channel", WINLOG_CHANNEL),
    ("channel", WINLOG_CHANNEL),
    ("EventLog", WINLOG_CHANNEL),
    ("Hostname", WINLOG_COMPUTER_NAME),
    ("Computer", WINLOG_COMPUTER_NAME),
    ("ComputerName", WINLOG_COMPUTER_NAME),
    ("computer_name", WINLOG_COMPUTER_NAME),
    ("RecordNumber", WINLOG_RECORD_ID),
    ("EventRecordID", WINLOG_RECORD_ID),
    ("RecordId", WINLOG_RECORD_ID),
    ("ProcessID", WINLOG_PROCESS_PID),
    ("ExecutionProcessID", WINLOG_PROCESS_PID),
    ("Execution_ProcessID", WINLOG_PROCESS_PID),
    ("Pid", WINLOG_PROCESS_PID),
    ("ThreadID", WINLOG_THREAD_ID),
    ("ExecutionThreadID", WINLOG_THREAD_ID),
    ("Execution_ThreadID", WINLOG_THREAD_ID),
    ("Tid", WINLOG_THREAD_ID),
    ("Keywords", WINLOG_KEYWORDS),
    ("EventType", WINLOG_OUTCOME),
    ("Severity", LOG_LEVEL),
    ("level", LOG_LEVEL),
    ("Level", WINLOG_LEVEL),
    ("Category", WINLOG_TASK),
    ("Opcode", WINLOG_OPCODE),
    ("Version", WINLOG_VERSION),
    ("ActivityID", WINLOG_ACTIVITY_ID),
    ("UserID", WINLOG_USER_ID),
    ("Security_UserID", WINLOG_USER_ID),
    ("AccountName", WINLOG_USER_NAME),
    ("Domain", WINLOG_USER_DOMAIN),
    ("AccountType", WINLOG_USER_TYPE),
    ("Message", MESSAGE),
    ("message", MESSAGE),
    ("Description", MESSAGE),
    ("EventTime", WINLOG_TIME_CREATED),
    ("TimeCreated", WINLOG_TIME_CREATED),
    ("SystemTime", WINLOG_TIME_CREATED),
    ("TimeGenerated", WINLOG_TIME_CREATED),
    ("UtcTime", WINLOG_TIME_CREATED),
    ("@timestamp", WINLOG_TIME_CREATED),
    ("time", WINLOG_TIME_CREATED),
];

struct Names {
    raw_xml: Option<Value>,
}

impl Sink for Names {
    fn value(&mut self, event: &mut Event<'_>, name: &str, value: Value) {
        if value == Value::Null {
            return;
        }
        let own = CONTAINERS.iter().find_map(|container| name.strip_prefix(container));
        let key = own.unwrap_or(name);
        if key == "RawXml" {
            self.raw_xml = Some(value);
            return;
        }
        // an event may have values of its own under the header's names: the file version's Description, a session's
        // account; the header's come once
        let known = NAMES.iter().find(|(known, _)| *known == key).map(|(_, field)| *field);
        let taken = known.is_some_and(|field| field != MESSAGE && event.get(field).is_some());
        let is_text = known == Some(MESSAGE) && key == "Description" && own.is_none();
        let field = known.filter(|_| !taken && !is_text).or_else(|| event_data(key));
        field.into_iter().for_each(|field| event.push(field, value));
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"EventTime":"2026-11-22 09:14:07","Hostname":"dc1.example.com","EventType":"AUDIT_SUCCESS","EventID":4768,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","TargetUserName":"svc-old","IpAddress":"192.0.2.17","Status":"0x0","PreAuthType":"0","TicketEncryptionType":"0x17"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "kerberos-authentication-ticket-requested"),
            ("event.category", "authentication"),
            ("event.code", "4768"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "start"),
            ("host.hostname", "dc1"),
            ("host.name", "dc1.example.com"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "svc-old"),
            ("user.target.name", "svc-old"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "dc1.example.com"),
            ("winlog.event_data.IpAddress", "192.0.2.17"),
            ("winlog.event_data.PreAuthType", "0"),
            ("winlog.event_data.Status", "0x0"),
            ("winlog.event_data.TargetUserName", "svc-old"),
            ("winlog.event_data.TicketEncryptionType", "0x17"),
            ("winlog.event_id", "4768"),
            ("winlog.outcome", "AUDIT_SUCCESS"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.time_created", "2026-11-22 09:14:07"),
        ],
    },
    Example {
        raw: r#"{"EventTime":"2026-11-22 09:14:08","Hostname":"dc1.example.com","EventID":4662,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","SubjectUserName":"anna","ObjectType":"%{19195a5b-6da0-11d0-afd3-00c04fd930c9}","AccessMask":"0x100","Properties":"%%7688 {1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "object-operation-performed"),
            ("event.category", "iam"),
            ("event.code", "4662"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "access"),
            ("host.hostname", "dc1"),
            ("host.name", "dc1.example.com"),
            ("user.name", "anna"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "dc1.example.com"),
            ("winlog.event_data.AccessMask", "0x100"),
            ("winlog.event_data.ObjectType", "%{19195a5b-6da0-11d0-afd3-00c04fd930c9}"),
            ("winlog.event_data.Properties", "%%7688 {1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}"),
            ("winlog.event_data.SubjectUserName", "anna"),
            ("winlog.event_id", "4662"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.time_created", "2026-11-22 09:14:08"),
        ],
    },
    Example {
        raw: r#"{"EventTime":"2026-11-22 09:14:09","Hostname":"srv1.example.com","EventID":7045,"SourceName":"Service Control Manager","Channel":"System","ServiceName":"Example Agent","ImagePath":"C:\\Program Files\\Example\\agent.exe","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "service-installed"),
            ("event.category", "configuration"),
            ("event.code", "7045"),
            ("event.kind", "event"),
            ("event.provider", "Service Control Manager"),
            ("event.type", "creation"),
            ("host.hostname", "srv1"),
            ("host.name", "srv1.example.com"),
            ("service.name", "Example Agent"),
            ("user.name", "LocalSystem"),
            ("winlog.channel", "System"),
            ("winlog.computer_name", "srv1.example.com"),
            ("winlog.event_data.ImagePath", r#"C:\Program Files\Example\agent.exe"#),
            ("winlog.event_data.ServiceName", "Example Agent"),
            ("winlog.event_data.ServiceType", "user mode service"),
            ("winlog.event_data.StartType", "auto start"),
            ("winlog.event_id", "7045"),
            ("winlog.provider_name", "Service Control Manager"),
            ("winlog.time_created", "2026-11-22 09:14:09"),
            ("winlog.user.name", "LocalSystem"),
        ],
    },
    Example {
        raw: r#"{"EventTime":"2026-11-22 09:14:10","Hostname":"srv1.example.com","EventID":4698,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","SubjectUserName":"anna","TaskName":"\\backup","TaskContent":"<Task><Actions><Exec><Command>backup.exe</Command></Exec></Actions></Task>"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10Z"),
            ("event.action", "scheduled-task-created"),
            ("event.category", "iam"),
            ("event.category", "configuration"),
            ("event.code", "4698"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "creation"),
            ("event.type", "admin"),
            ("host.hostname", "srv1"),
            ("host.name", "srv1.example.com"),
            ("user.name", "anna"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "srv1.example.com"),
            ("winlog.event_data.SubjectUserName", "anna"),
            (
                "winlog.event_data.TaskContent",
                "<Task><Actions><Exec><Command>backup.exe</Command></Exec></Actions></Task>",
            ),
            ("winlog.event_data.TaskName", r#"\backup"#),
            ("winlog.event_id", "4698"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.time_created", "2026-11-22 09:14:10"),
        ],
    },
    Example {
        raw: r#"{"EventTime":"2026-11-22 09:14:11","Hostname":"pc7.example.com","EventID":5007,"SourceName":"Microsoft-Windows-Windows Defender","Channel":"Microsoft-Windows-Windows Defender/Operational","Product Name":"Microsoft Defender Antivirus","Old Value":"","New Value":"HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\C:\\Temp = 0x0"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:11Z"),
            ("event.action", "configuration-changed"),
            ("event.category", "configuration"),
            ("event.code", "5007"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-Windows Defender"),
            ("event.type", "change"),
            ("host.hostname", "pc7"),
            ("host.name", "pc7.example.com"),
            ("winlog.channel", "Microsoft-Windows-Windows Defender/Operational"),
            ("winlog.computer_name", "pc7.example.com"),
            (
                "winlog.event_data.New Value",
                r#"HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions\Paths\C:\Temp = 0x0"#,
            ),
            ("winlog.event_data.Old Value", ""),
            ("winlog.event_data.Product Name", "Microsoft Defender Antivirus"),
            ("winlog.event_id", "5007"),
            ("winlog.provider_name", "Microsoft-Windows-Windows Defender"),
            ("winlog.time_created", "2026-11-22 09:14:11"),
        ],
    },
    Example {
        raw: r#"{"EventTime":"2026-11-22 09:14:07","Hostname":"srv1.example.com","Keywords":-9214364837600034816,"EventType":"AUDIT_SUCCESS","SeverityValue":2,"Severity":"INFO","EventID":4688,"SourceName":"Microsoft-Windows-Security-Auditing","ProviderGuid":"{54849625-5478-4994-A5BA-3E3B0328C30D}","ProcessID":4,"ThreadID":300,"Channel":"Security","Message":"A new process has been created.","SubjectUserSid":"S-1-5-21-1-2-3-1001","SubjectUserName":"b.jones","SubjectDomainName":"EXAMPLE","NewProcessId":"0x1267","NewProcessName":"C:\\Windows\\System32\\net.exe","CommandLine":"net user ann /add","ProcessId":"0x1000","ParentProcessName":"C:\\Windows\\System32\\cmd.exe"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "created-process"),
            ("event.category", "process"),
            ("event.code", "4688"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "start"),
            ("host.hostname", "srv1"),
            ("host.name", "srv1.example.com"),
            ("log.level", "INFO"),
            ("message", "A new process has been created."),
            ("process.args", "net"),
            ("process.args", "user"),
            ("process.args", "ann"),
            ("process.args", "/add"),
            ("process.args_count", "4"),
            ("process.command_line", "net user ann /add"),
            ("process.executable", r#"C:\Windows\System32\net.exe"#),
            ("process.name", "net.exe"),
            ("process.parent.executable", r#"C:\Windows\System32\cmd.exe"#),
            ("process.parent.name", "cmd.exe"),
            ("process.parent.pid", "4096"),
            ("process.pid", "4711"),
            ("process.thread.id", "300"),
            ("user.domain", "EXAMPLE"),
            ("user.id", "S-1-5-21-1-2-3-1001"),
            ("user.name", "b.jones"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "srv1.example.com"),
            ("winlog.event_data.CommandLine", "net user ann /add"),
            ("winlog.event_data.NewProcessId", "0x1267"),
            ("winlog.event_data.NewProcessName", r#"C:\Windows\System32\net.exe"#),
            ("winlog.event_data.ParentProcessName", r#"C:\Windows\System32\cmd.exe"#),
            ("winlog.event_data.ProcessId", "0x1000"),
            ("winlog.event_data.SeverityValue", "2"),
            ("winlog.event_data.SubjectDomainName", "EXAMPLE"),
            ("winlog.event_data.SubjectUserName", "b.jones"),
            ("winlog.event_data.SubjectUserSid", "S-1-5-21-1-2-3-1001"),
            ("winlog.event_id", "4688"),
            ("winlog.keywords", "-9214364837600034816"),
            ("winlog.outcome", "AUDIT_SUCCESS"),
            ("winlog.process.pid", "4"),
            ("winlog.process.thread.id", "300"),
            ("winlog.provider_guid", "{54849625-5478-4994-A5BA-3E3B0328C30D}"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.time_created", "2026-11-22 09:14:07"),
        ],
    },
    Example {
        raw: r#"{"EventID":11,"Channel":"Microsoft-Windows-Sysmon/Operational","Provider_Name":"Microsoft-Windows-Sysmon","Computer":"pc1","UtcTime":"2026-11-22 09:14:07.250","Image":"C:\\Windows\\explorer.exe","TargetFilename":"C:\\Users\\ann\\Downloads\\tool.exe","User":"PC1\\ann"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "file-created"),
            ("event.category", "file"),
            ("event.code", "11"),
            ("event.kind", "event"),
            ("event.provider", "Microsoft-Windows-Sysmon"),
            ("event.type", "creation"),
            ("file.directory", r#"C:\Users\ann\Downloads"#),
            ("file.extension", "exe"),
            ("file.name", "tool.exe"),
            ("file.path", r#"C:\Users\ann\Downloads\tool.exe"#),
            ("host.hostname", "pc1"),
            ("host.name", "pc1"),
            ("process.executable", r#"C:\Windows\explorer.exe"#),
            ("process.name", "explorer.exe"),
            ("user.domain", "PC1"),
            ("user.name", "ann"),
            ("winlog.channel", "Microsoft-Windows-Sysmon/Operational"),
            ("winlog.computer_name", "pc1"),
            ("winlog.event_data.Image", r#"C:\Windows\explorer.exe"#),
            ("winlog.event_data.TargetFilename", r#"C:\Users\ann\Downloads\tool.exe"#),
            ("winlog.event_data.User", r#"PC1\ann"#),
            ("winlog.event_id", "11"),
            ("winlog.provider_name", "Microsoft-Windows-Sysmon"),
            ("winlog.time_created", "2026-11-22 09:14:07.250"),
        ],
    },
    Example {
        raw: r#"{"time":"2026-11-22T09:14:07.25Z","category":"WindowsEventLogsTable","level":"Informational","properties":{"ProviderName":"Microsoft-Windows-Security-Auditing","EventId":4634,"Channel":"Security","Pid":700,"Tid":812,"Level":0,"Description":"An account was logged off.","RawXml":"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4634</EventID><Level>0</Level><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-11-22T09:14:07.250000000Z'/><Channel>Security</Channel><Computer>vm1</Computer></System><EventData><Data Name='TargetUserName'>ann</Data><Data Name='TargetDomainName'>EXAMPLE</Data></EventData></Event>"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "logged-out"),
            ("event.category", "authentication"),
            ("event.code", "4634"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Microsoft-Windows-Security-Auditing"),
            ("event.type", "end"),
            ("host.hostname", "vm1"),
            ("host.name", "vm1"),
            ("log.level", "Informational"),
            ("message", "An account was logged off."),
            ("process.pid", "700"),
            ("process.thread.id", "812"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "ann"),
            ("user.target.domain", "EXAMPLE"),
            ("user.target.name", "ann"),
            ("winlog.channel", "Security"),
            ("winlog.computer_name", "vm1"),
            ("winlog.event_data.TargetDomainName", "EXAMPLE"),
            ("winlog.event_data.TargetUserName", "ann"),
            ("winlog.event_data.category", "WindowsEventLogsTable"),
            ("winlog.event_id", "4634"),
            ("winlog.keywords", "0x8020000000000000"),
            ("winlog.level", "0"),
            ("winlog.process.pid", "700"),
            ("winlog.process.thread.id", "812"),
            ("winlog.provider_name", "Microsoft-Windows-Security-Auditing"),
            ("winlog.time_created", "2026-11-22T09:14:07.250000000Z"),
        ],
    },
    Example { raw: r#"{"EventID":4688,"Channel":"Security","SourceName":"Microsoft-Windows-Secu"#, expect: &[] },
];
