//! ESET PROTECT's exported events.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Outcome},
        },
    },
};

/// Events as ESET PROTECT sends them by syslog.
pub static ESET_PROTECT: JsonFormat = JsonFormat {
    name: "eset_protect",
    category: "security",
    product: "ESET PROTECT",
    about: "JSON events of ESET PROTECT (help.eset.com/protect_admin, events exported to JSON format)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["event_type", "source_uuid", "occured"],
        &["event_type", "hostname", "severity", "occured"],
        &["event_type", "ipv4", "occured"],
    ],
    own: "eset.",
    always: &[("observer.vendor", "ESET"), ("observer.product", "ESET Protect"), ("observer.type", "sensor")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("occured", Is("@timestamp")),
    ("ipv4", Is("host.ip")),
    ("ipv6", Is("host.ip")),
    ("hostname", Is("host.name")),
    ("severity", Is("log.level")),
    ("action", Is("event.action")),
    ("action_taken", Is("event.action")),
    ("detail", Is("event.reason")),
    ("operation", Is("event.reason")),
    ("cause", Is("event.reason")),
    ("user", Is("user.name")),
    ("username", Is("user.name")),
    ("result", Outcome),
    ("target", Is("process.executable")),
    ("processname", Is("process.executable")),
    ("application", Is("process.parent.executable")),
    ("threat_name", Is("rule.name")),
    ("rule_name", Is("rule.name")),
    ("rule_id", Is("rule.id")),
    ("hash", Is("file.hash.sha1")),
    ("object_uri", Is("file.path")),
    ("source_address", Is("source.ip")),
    ("source_port", Is("source.port")),
    ("target_address", Is("destination.ip")),
    ("target_port", Is("destination.port")),
    ("protocol", Is("network.protocol")),
    ("os_name", Is("host.os.full")),
    ("group_name", Is("group.name")),
];

fn settle(event: &mut Event<'_>) {
    let kind = said(event, "eset.event_type").unwrap_or_default();
    let (nature, category, class) = match &*kind {
        b"Threat_Event" | b"FilteredWebsites_Event" => ("alert", "malware", "info"),
        b"FirewallAggregated_Event" => ("event", "network", "connection"),
        b"HipsAggregated_Event" => ("alert", "process", "info"),
        b"Audit_Event" => ("event", "iam", "info"),
        _ => ("event", "host", "info"),
    };
    event.set_static(field::EVENT_KIND, nature);
    event.classify(category, class, "", "");
    crate::paths::settle(event);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"event_type":"Threat_Event","ipv4":"192.0.2.7","hostname":"pc1","source_uuid":"s-1","occured":"22-Nov-2026 09:14:07","severity":"Warning","threat_type":"test file","threat_name":"Eicar","object_uri":"file:///C:/x.com","action_taken":"Deleted","username":"EXAMPLE\\ann","processname":"C:\\Windows\\explorer.exe","hash":"00bb"}"#,
        expect: &[
            ("eset.event_type", "Threat_Event"),
            ("eset.occured", "22-Nov-2026 09:14:07"),
            ("eset.source_uuid", "s-1"),
            ("eset.threat_type", "test file"),
            ("event.action", "Deleted"),
            ("event.category", "malware"),
            ("event.kind", "alert"),
            ("event.type", "info"),
            ("file.directory", "file:///C:"),
            ("file.extension", "com"),
            ("file.hash.sha1", "00bb"),
            ("file.name", "x.com"),
            ("file.path", "file:///C:/x.com"),
            ("host.ip", "192.0.2.7"),
            ("host.name", "pc1"),
            ("log.level", "Warning"),
            ("observer.product", "ESET Protect"),
            ("observer.type", "sensor"),
            ("observer.vendor", "ESET"),
            ("process.executable", r#"C:\Windows\explorer.exe"#),
            ("process.name", "explorer.exe"),
            ("rule.name", "Eicar"),
            ("user.name", r#"EXAMPLE\ann"#),
        ],
    },
    Example {
        raw: r#"{"event_type":"Threat_Event","ipv4":"192.0.2.7","source_uuid":"s-1","occured":"22-Nov"#,
        expect: &[],
    },
];
