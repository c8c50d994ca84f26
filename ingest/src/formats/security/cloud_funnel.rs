//! SentinelOne's Cloud Funnel and Deep Visibility.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is, Url},
        },
    },
};

/// Events of Cloud Funnel 2.0, their names dotted keys.
pub static CLOUD_FUNNEL: JsonFormat = JsonFormat {
    name: "cloud_funnel",
    category: "security",
    product: "SentinelOne Cloud Funnel",
    about: "telemetry of SentinelOne Singularity Cloud Funnel 2.0 (Deep Visibility schema)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["event.category", "event.type", "src.process.name"],
        &["event.category", "endpoint.name", "event.type"],
        &["event.category", "agent.uuid"],
        &["event.category", "event.type", "dataSource.name"],
        &["event.category", "src.process.user"],
        &["event.category", "site.id", "mgmt.url"],
    ],
    own: "sentinelone.",
    always: &[("observer.vendor", "SentinelOne")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("event.time", Is("@timestamp")),
    ("timestamp", Is("@timestamp")),
    ("event.type", Is("event.action")),
    ("event.id", Is("event.id")),
    ("dataSource.vendor", Is("observer.vendor")),
    ("endpoint.name", All(&["host.name", "host.hostname"])),
    ("src.process.user", Is("process.user.name")),
    ("src.process.signedStatus", Is("process.code_signature.exists")),
    ("src.process.parent.signedStatus", Is("process.parent.code_signature.exists")),
    ("src.process.pid", Is("process.pid")),
    ("src.process.name", Is("process.name")),
    ("src.process.displayName", Is("process.title")),
    ("src.process.image.path", Is("process.executable")),
    ("src.process.cmdline", Is("process.command_line")),
    ("src.process.startTime", Is("process.start")),
    ("src.process.image.md5", Is("process.hash.md5")),
    ("src.process.image.sha1", Is("process.hash.sha1")),
    ("src.process.image.sha256", Is("process.hash.sha256")),
    ("src.process.publisher", Is("process.code_signature.subject_name")),
    ("src.process.parent.pid", Is("process.parent.pid")),
    ("src.process.parent.name", Is("process.parent.name")),
    ("src.process.parent.displayName", Is("process.parent.title")),
    ("src.process.parent.image.path", Is("process.parent.executable")),
    ("src.process.parent.cmdline", Is("process.parent.command_line")),
    ("src.process.parent.startTime", Is("process.parent.start")),
    ("src.process.parent.image.md5", Is("process.parent.hash.md5")),
    ("src.process.parent.image.sha1", Is("process.parent.hash.sha1")),
    ("src.process.parent.image.sha256", Is("process.parent.hash.sha256")),
    ("src.process.parent.publisher", Is("process.parent.code_signature.subject_name")),
    ("src.process.parent.user", Is("process.parent.user.name")),
    ("src.process.rUserName", Is("process.real_user.name")),
    ("src.process.rUserUid", Is("process.real_user.id")),
    ("src.process.parent.rUserName", Is("process.parent.real_user.name")),
    ("src.process.parent.rUserUid", Is("process.parent.real_user.id")),
    ("src.ip.address", Is("source.ip")),
    ("src.endpoint.ip.address", Is("source.ip")),
    ("src.port.number", Is("source.port")),
    ("dst.ip.address", Is("destination.ip")),
    ("dst.port.number", Is("destination.port")),
    ("event.network.protocolName", Is("network.protocol")),
    ("event.network.direction", Is("network.direction")),
    ("event.dns.request", Is("dns.question.name")),
    ("tgt.file.path", Is("file.path")),
    ("tgt.file.size", Is("file.size")),
    ("tgt.file.md5", Is("file.hash.md5")),
    ("tgt.file.sha1", Is("file.hash.sha1")),
    ("tgt.file.sha256", Is("file.hash.sha256")),
    ("tgt.file.creationTime", Is("file.created")),
    ("tgt.file.modificationTime", Is("file.mtime")),
    ("tgt.file.type", Is("file.type")),
    ("registry.keyPath", Is("registry.path")),
    ("event.login.userName", Is("user.target.name")),
    ("event.login.accountDomain", Is("user.target.domain")),
    ("event.login.accountSid", Is("user.target.id")),
    ("url.address", Url),
    ("event.url.action", Is("http.request.method")),
    ("group.id", Is("group.id")),
];

/// Kinds of events by their category.
const CATEGORIES: &[(&str, &str)] = &[
    ("process", "process"),
    ("file", "file"),
    ("ip", "network"),
    ("dns", "network"),
    ("url", "web"),
    ("registry", "registry"),
    ("logins", "authentication"),
    ("module", "library"),
    ("driver", "driver"),
    ("indicators", "intrusion_detection"),
    ("threat_intelligence_indicators", "threat"),
    ("scheduled_task", "configuration"),
    ("group", "iam"),
];

fn settle(event: &mut Event<'_>) {
    let category = said(event, "sentinelone.event.category").unwrap_or_default();
    if let Some((_, name)) = CATEGORIES.iter().find(|(known, _)| known.as_bytes() == category) {
        event.classify(name, "info", "", "");
    }
    // the process's account is that of whoever acts
    if let (Some(account), Some(fields)) = (said(event, "process.user.name"), crate::ecs::Account::of("user")) {
        fields.set(event, &account, [true; 3]);
    }
    for name in ["process.code_signature.exists", "process.parent.code_signature.exists"] {
        if let (Some(status), Some(field)) = (said(event, name), crate::Field::intern(name)) {
            event.remove(field);
            event.push(field, crate::Value::Bool(status == b"signed"));
        }
    }
    crate::paths::settle(event);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"event.time":1795338847250,"event.category":"file","event.type":"File Creation","event.id":"e-1","endpoint.name":"pc1","dataSource.vendor":"SentinelOne","dataSource.name":"SentinelOne","src.process.user":"EXAMPLE\\ann","src.process.pid":4711,"src.process.name":"x.exe","src.process.image.path":"C:\\Temp\\x.exe","src.process.image.sha1":"00bb","src.process.parent.pid":4000,"src.process.parent.name":"cmd.exe","tgt.file.path":"C:\\Temp\\y.txt","site.id":"1","agent.uuid":"a1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "File Creation"),
            ("event.category", "file"),
            ("event.id", "e-1"),
            ("event.type", "info"),
            ("file.directory", r#"C:\Temp"#),
            ("file.extension", "txt"),
            ("file.name", "y.txt"),
            ("file.path", r#"C:\Temp\y.txt"#),
            ("host.hostname", "pc1"),
            ("host.name", "pc1"),
            ("observer.vendor", "SentinelOne"),
            ("observer.vendor", "SentinelOne"),
            ("process.executable", r#"C:\Temp\x.exe"#),
            ("process.hash.sha1", "00bb"),
            ("process.name", "x.exe"),
            ("process.parent.name", "cmd.exe"),
            ("process.parent.pid", "4000"),
            ("process.pid", "4711"),
            ("process.user.name", r#"EXAMPLE\ann"#),
            ("sentinelone.agent.uuid", "a1"),
            ("sentinelone.dataSource.name", "SentinelOne"),
            ("sentinelone.event.category", "file"),
            ("sentinelone.site.id", "1"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"event.time":1795338847250,"event.category":"file","event.type":"File Creation","endpoint.name":"p"#,
        expect: &[],
    },
];
