//! Alerts of Microsoft Defender for Endpoint.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is},
        },
    },
};

/// Alerts of Defender for Endpoint's API.
pub static DEFENDER_ENDPOINT_ALERT: JsonFormat = JsonFormat {
    name: "defender_endpoint_alert",
    category: "security",
    product: "Microsoft Defender for Endpoint",
    about: "alert objects of Microsoft Defender for Endpoint's API (learn.microsoft.com/defender-endpoint/api/alerts)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[&["alertCreationTime", "machineId", "title"], &["aadTenantId", "alertCreationTime"]],
    own: "microsoft.defender.endpoint.",
    always: &[
        ("event.kind", "alert"),
        ("observer.vendor", "Microsoft"),
        ("observer.product", "Defender for Endpoint"),
        ("event.provider", "defender_endpoint"),
    ],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("lastUpdateTime", Is("@timestamp")),
    ("alertCreationTime", Is("@timestamp")),
    ("firstEventTime", Is("event.start")),
    ("lastEventTime", Is("event.end")),
    ("category", Is("event.action")),
    ("title", Is("message")),
    ("description", Is("rule.description")),
    ("id", Is("event.id")),
    ("detectionSource", Is("observer.name")),
    ("computerDnsName", All(&["host.name", "host.hostname"])),
    ("relatedUser.userName", Is("user.name")),
    ("relatedUser.domainName", Is("user.domain")),
    ("evidence.fileName", Is("file.name")),
    ("evidence.filePath", Is("file.path")),
    ("evidence.sha1", Is("file.hash.sha1")),
    ("evidence.sha256", Is("file.hash.sha256")),
    ("evidence.processId", Is("process.pid")),
    ("evidence.processCommandLine", Is("process.command_line")),
    ("evidence.processCreationTime", Is("process.start")),
    ("evidence.parentProcessId", Is("process.parent.pid")),
    ("evidence.parentProcessCreationTime", Is("process.parent.start")),
    ("evidence.ipAddress", Is("source.ip")),
    ("threatName", Is("rule.name")),
    ("severity", Is("log.level")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("host", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"id":"da637","incidentId":1,"assignedTo":null,"severity":"Medium","status":"New","detectionSource":"WindowsDefenderAv","category":"Malware","title":"Suspicious process","description":"A process behaved badly.","alertCreationTime":"2026-11-22T09:14:07.25Z","firstEventTime":"2026-11-22T09:10:00Z","lastEventTime":"2026-11-22T09:11:00Z","machineId":"m1","computerDnsName":"pc1.example.com","relatedUser":{"userName":"ann","domainName":"EXAMPLE"},"evidence":[{"entityType":"File","sha1":"00bb","sha256":"00aa","fileName":"x.exe","filePath":"C:\\Temp"}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "Malware"),
            ("event.category", "host"),
            ("event.end", "2026-11-22T09:11:00Z"),
            ("event.id", "da637"),
            ("event.kind", "alert"),
            ("event.provider", "defender_endpoint"),
            ("event.start", "2026-11-22T09:10:00Z"),
            ("event.type", "info"),
            ("file.hash.sha1", "00bb"),
            ("file.hash.sha256", "00aa"),
            ("file.name", "x.exe"),
            ("file.path", r#"C:\Temp"#),
            ("host.hostname", "pc1.example.com"),
            ("host.name", "pc1.example.com"),
            ("log.level", "Medium"),
            ("message", "Suspicious process"),
            ("microsoft.defender.endpoint.evidence.entityType", "File"),
            ("microsoft.defender.endpoint.incidentId", "1"),
            ("microsoft.defender.endpoint.machineId", "m1"),
            ("microsoft.defender.endpoint.status", "New"),
            ("observer.name", "WindowsDefenderAv"),
            ("observer.product", "Defender for Endpoint"),
            ("observer.vendor", "Microsoft"),
            ("rule.description", "A process behaved badly."),
            ("user.domain", "EXAMPLE"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"id":"da637","alertCreationTime":"2026-11-22T09:14:07.25Z","machineId":"m1","title"#,
        expect: &[],
    },
];
