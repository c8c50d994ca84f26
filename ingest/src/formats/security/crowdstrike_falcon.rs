//! CrowdStrike Falcon's event stream.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Account, All, Is, Outcome},
        },
    },
};

/// Events of the streaming API.
pub static CROWDSTRIKE_FALCON: JsonFormat = JsonFormat {
    name: "crowdstrike_falcon",
    category: "security",
    product: "CrowdStrike Falcon",
    about: "events of the CrowdStrike Falcon streaming API (Event Streams API dictionary)",
    logsource: LogSource { category: "", product: "crowdstrike", services: &["falcon"] },
    keys: &[
        &["metadata.eventType", "event"],
        &["metadata.customerIDString", "event"],
        &["event.DetectId"],
        &["event.OperationName", "event.UserId"],
        &["metadata.eventType", "metadata.offset"],
    ],
    own: "crowdstrike.",
    always: &[("observer.vendor", "CrowdStrike"), ("observer.product", "Falcon")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("event.UTCTimestamp", Is("@timestamp")),
    ("event.timestamp", Is("@timestamp")),
    ("event.StartTimestamp", Is("@timestamp")),
    ("metadata.eventCreationTime", Is("@timestamp")),
    ("event.OperationName", Is("event.action")),
    ("event.UserId", Account("user")),
    ("event.UserName", Account("user")),
    ("event.UserName", Account("user")),
    ("event.SourceAccountName", Is("user.name")),
    ("event.SourceAccountDomain", Is("user.domain")),
    ("event.MachineDomain", Is("user.domain")),
    ("event.SourceAccountObjectSid", Is("user.id")),
    ("event.UserIp", Is("source.ip")),
    ("event.SourceIp", Is("source.ip")),
    ("event.LocalAddress", Is("source.ip")),
    ("event.RemoteAddress", Is("destination.ip")),
    ("event.RemotePort", Is("destination.port")),
    ("event.LocalPort", Is("source.port")),
    ("event.ServiceName", All(&["message", "service.name"])),
    ("event.DetectDescription", Is("message")),
    ("event.IncidentDescription", Is("message")),
    ("event.DetectName", Is("rule.name")),
    ("event.Name", Is("rule.name")),
    ("event.DetectId", Is("event.id")),
    ("event.CompositeId", Is("event.id")),
    ("event.Severity", Is("event.severity")),
    ("event.SeverityName", Is("log.level")),
    ("event.ComputerName", Is("host.name")),
    ("event.Hostname", Is("host.name")),
    ("event.HostnameField", Is("host.name")),
    ("event.HostName", Is("host.name")),
    ("event.LocalIP", Is("host.ip")),
    ("event.FileName", All(&["process.name", "file.name"])),
    ("event.FilePath", All(&["file.directory", "process.working_directory"])),
    ("event.CommandLine", Is("process.command_line")),
    ("event.ProcessId", Is("process.pid")),
    ("event.ProcessStartTime", Is("process.start")),
    ("event.ProcessEndTime", Is("process.end")),
    ("event.ParentProcessId", Is("process.parent.pid")),
    ("event.ParentCommandLine", Is("process.parent.command_line")),
    ("event.ParentImageFileName", Is("process.parent.executable")),
    ("event.ParentImageFilePath", Is("process.parent.executable")),
    ("event.SHA256String", Is("file.hash.sha256")),
    ("event.SHA1String", Is("file.hash.sha1")),
    ("event.MD5String", Is("file.hash.md5")),
    ("event.Success", Outcome),
    ("event.FalconHostLink", Is("url.full")),
    ("event.SessionId", Is("session.id")),
];

fn settle(event: &mut Event<'_>) {
    let kind = said(event, "crowdstrike.metadata.eventType").unwrap_or_default();
    let alert = kind.starts_with(b"Detection")
        || kind.starts_with(b"Epp")
        || kind.starts_with(b"Incident")
        || kind.starts_with(b"Idp")
        || kind.starts_with(b"Identity");
    event.set_static(field::EVENT_KIND, if alert { "alert" } else { "event" });
    if alert {
        event.classify("malware", "info", "", "");
    } else if kind.starts_with(b"AuthActivityAudit") {
        event.classify("authentication", "change", "", "");
    } else if kind.starts_with(b"UserActivityAudit") {
        event.classify("iam", "change", "", "");
    } else if kind.starts_with(b"Firewall") {
        event.classify("network", "connection", "", "");
    }
    crate::paths::settle(event);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"metadata":{"customerIDString":"c1","offset":70689,"eventType":"AuthActivityAuditEvent","eventCreationTime":1795338847250,"version":"1.0"},"event":{"UserId":"b.jones@example.com","UserIp":"203.0.113.66","OperationName":"twoFactorAuthenticate","ServiceName":"CrowdStrike Authentication","Success":false,"UTCTimestamp":1795338847,"AuditKeyValues":[{"Key":"target_name","ValueString":"b.jones@example.com"}]}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("crowdstrike.event.AuditKeyValues.Key", "target_name"),
            ("crowdstrike.event.AuditKeyValues.ValueString", "b.jones@example.com"),
            ("crowdstrike.metadata.customerIDString", "c1"),
            ("crowdstrike.metadata.eventCreationTime", "1795338847250"),
            ("crowdstrike.metadata.eventType", "AuthActivityAuditEvent"),
            ("crowdstrike.metadata.offset", "70689"),
            ("crowdstrike.metadata.version", "1.0"),
            ("event.action", "twoFactorAuthenticate"),
            ("event.category", "authentication"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.type", "change"),
            ("message", "CrowdStrike Authentication"),
            ("observer.product", "Falcon"),
            ("observer.vendor", "CrowdStrike"),
            ("service.name", "CrowdStrike Authentication"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "example.com"),
            ("user.email", "b.jones@example.com"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"metadata":{"customerIDString":"c1","offset":2,"eventType":"DetectionSummaryEvent","eventCreationTime":1795338847250},"event":{"ProcessStartTime":1795338840,"ProcessId":4711,"ComputerName":"PC1","UserName":"ann","DetectName":"Known malware","DetectDescription":"A file was bad.","Severity":4,"SeverityName":"High","FileName":"x.exe","FilePath":"\\Device\\Temp","CommandLine":"x.exe -q","SHA256String":"00aa","DetectId":"ldt:1"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("crowdstrike.metadata.customerIDString", "c1"),
            ("crowdstrike.metadata.eventType", "DetectionSummaryEvent"),
            ("crowdstrike.metadata.offset", "2"),
            ("event.category", "malware"),
            ("event.id", "ldt:1"),
            ("event.kind", "alert"),
            ("event.severity", "4"),
            ("event.type", "info"),
            ("file.directory", r#"\Device\Temp"#),
            ("file.hash.sha256", "00aa"),
            ("file.name", "x.exe"),
            ("host.name", "PC1"),
            ("log.level", "High"),
            ("message", "A file was bad."),
            ("observer.product", "Falcon"),
            ("observer.vendor", "CrowdStrike"),
            ("process.args", "x.exe"),
            ("process.args", "-q"),
            ("process.args_count", "2"),
            ("process.command_line", "x.exe -q"),
            ("process.name", "x.exe"),
            ("process.pid", "4711"),
            ("process.start", "2026-11-22T09:14:00Z"),
            ("process.working_directory", r#"\Device\Temp"#),
            ("rule.name", "Known malware"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"metadata":{"customerIDString":"c1","eventType":"AuthActivityAuditEvent"},"event":{"UserId""#,
        expect: &[],
    },
];
