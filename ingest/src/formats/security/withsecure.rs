//! WithSecure Elements' security events.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, All, Is, Url},
        },
    },
};

/// Security events of the Elements API.
pub static WITHSECURE: JsonFormat = JsonFormat {
    name: "withsecure",
    category: "security",
    product: "WithSecure Elements",
    about: "security events of the WithSecure Elements API (connect.withsecure.com/api-reference/elements)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["severity", "serverTimestamp", "engine", "action"],
        &["serverTimestamp", "persistenceTimestamp", "engine"],
        &["engine", "organization", "persistenceTimestamp"],
    ],
    own: "withsecure.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("clientTimestamp", Is("@timestamp")),
    ("serverTimestamp", Is("@timestamp")),
    ("persistenceTimestamp", Is("@timestamp")),
    ("action", Is("event.action")),
    ("id", Is("event.id")),
    ("severity", Is("log.level")),
    ("device.name", All(&["host.name", "host.hostname"])),
    ("target.name", All(&["host.name", "host.hostname"])),
    ("details.hostIpAddress", Is("host.ip")),
    ("details.localAddress", Is("host.ip")),
    ("details.userName", Account("user")),
    ("userName", Account("user")),
    ("details.reason", Is("event.reason")),
    ("message", Is("event.reason")),
    ("details.process", Is("process.name")),
    ("details.targetPath", Is("process.executable")),
    ("details.sha1", Is("file.hash.sha1")),
    ("details.targetSha1", Is("file.hash.sha1")),
    ("details.path", Is("file.path")),
    ("details.filePath", Is("file.path")),
    ("details.ruleEvent", Is("rule.name")),
    ("details.ruleName", Is("rule.name")),
    ("details.url", Url),
    ("details.sendingServerIP", Is("source.ip")),
    ("details.remoteAddress", Is("destination.ip")),
    ("details.infectionName", Is("rule.name")),
];

fn settle(_event: &mut Event<'_>) {}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"severity":"warning","serverTimestamp":"2026-11-22T09:14:07.25Z","engine":"fileScanning","action":"blocked","details":{"path":"C:\\Temp\\x.exe","sha1":"00bb","userName":"EXAMPLE\\ann","infectionName":"X"},"id":"e-1","persistenceTimestamp":"2026-11-22T09:14:08Z","device":{"name":"pc1","id":"d-1"},"organization":{"name":"Example"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "blocked"),
            ("event.id", "e-1"),
            ("event.kind", "event"),
            ("file.hash.sha1", "00bb"),
            ("file.path", r#"C:\Temp\x.exe"#),
            ("host.hostname", "pc1"),
            ("host.name", "pc1"),
            ("log.level", "warning"),
            ("rule.name", "X"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "ann"),
            ("withsecure.device.id", "d-1"),
            ("withsecure.engine", "fileScanning"),
            ("withsecure.organization.name", "Example"),
            ("withsecure.persistenceTimestamp", "2026-11-22T09:14:08Z"),
        ],
    },
    Example {
        raw: r#"{"severity":"warning","serverTimestamp":"2026-11-22T09:14:07.25Z","engine":"fileScanning","action":"blo"#,
        expect: &[],
    },
];
