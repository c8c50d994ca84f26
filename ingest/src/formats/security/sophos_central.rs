//! Sophos Central's events and alerts.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Account, All, Is},
        },
    },
};

/// Records of Sophos Central's SIEM integration.
pub static SOPHOS_CENTRAL: JsonFormat = JsonFormat {
    name: "sophos_central",
    category: "security",
    product: "Sophos Central",
    about: "events and alerts of Sophos Central's SIEM integration (github.com/sophos/Sophos-Central-SIEM-Integration)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["endpoint_id", "endpoint_type", "customer_id"],
        &["endpoint_id", "datastream", "rt"],
        &["customer_id", "source_info", "type", "severity"],
        &["datastream", "type", "severity"],
    ],
    own: "sophos.central.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("rt", Is("@timestamp")),
    ("when", Is("@timestamp")),
    ("created_at", Is("@timestamp")),
    ("end", Is("event.end")),
    ("type", Is("event.code")),
    ("name", Is("event.reason")),
    ("description", Is("event.reason")),
    ("id", Is("event.id")),
    ("severity", Is("log.level")),
    ("dhost", All(&["host.name", "host.hostname"])),
    ("location", All(&["host.name", "host.hostname"])),
    ("duid", Is("user.id")),
    ("suser", Account("user")),
    ("source", Account("user")),
    ("source_info.ip", Is("observer.ip")),
    ("threat", Is("rule.name")),
    ("appSha256", Is("file.hash.sha256")),
    ("group", Is("rule.category")),
    ("filePath", Is("file.path")),
    ("core_remedy_items.items.descriptor", Is("file.path")),
];

/// Groups of events, and what they are about.
const CATEGORIES: &[(&str, &str, &str)] = &[
    ("MALWARE", "malware", "info"),
    ("RUNTIME_DETECTIONS", "malware", "info"),
    ("PUA", "malware", "info"),
    ("WEB", "web", "access"),
    ("APPLICATION_CONTROL", "process", "info"),
    ("PERIPHERALS", "host", "info"),
    ("DATA_LOSS_PREVENTION", "file", "access"),
    ("UPDATING", "package", "info"),
    ("PROTECTION", "host", "info"),
    ("POLICY", "configuration", "change"),
    ("NETWORK_THREAT_PROTECTION", "network", "info"),
    ("ACCESS_PROTECTION", "authentication", "info"),
];

fn settle(event: &mut Event<'_>) {
    event.set_static(field::EVENT_KIND, "event");
    let group = said(event, "rule.category").unwrap_or_default();
    if let Some((_, category, kind)) = CATEGORIES.iter().find(|(name, _, _)| name.as_bytes() == group) {
        event.classify(category, kind, "", "");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"severity":"medium","type":"Event::Endpoint::Threat::Detected","name":"Malware detected: 'X' at 'C:\\Temp\\x.exe'","id":"e-1","source_info":{"ip":"192.0.2.7"},"customer_id":"c-1","endpoint_id":"p-1","endpoint_type":"computer","group":"MALWARE","datastream":"event","end":"2026-11-22T09:14:07.25Z","dhost":"PC1","rt":"2026-11-22T09:14:08Z","suser":"EXAMPLE\\ann","duid":"u-1","threat":"X"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.category", "malware"),
            ("event.code", "Event::Endpoint::Threat::Detected"),
            ("event.end", "2026-11-22T09:14:07.25Z"),
            ("event.id", "e-1"),
            ("event.kind", "event"),
            ("event.reason", r#"Malware detected: 'X' at 'C:\Temp\x.exe'"#),
            ("event.type", "info"),
            ("host.hostname", "PC1"),
            ("host.name", "PC1"),
            ("log.level", "medium"),
            ("observer.ip", "192.0.2.7"),
            ("rule.category", "MALWARE"),
            ("rule.name", "X"),
            ("sophos.central.customer_id", "c-1"),
            ("sophos.central.datastream", "event"),
            ("sophos.central.endpoint_id", "p-1"),
            ("sophos.central.endpoint_type", "computer"),
            ("user.domain", "EXAMPLE"),
            ("user.id", "u-1"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"severity":"medium","type":"Event::Endpoint::Threat::Detected","customer_id":"c-1","endpoint_id":"p"#,
        expect: &[],
    },
];
