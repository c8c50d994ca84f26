//! Thinkst Canary's incidents.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is, Url},
        },
    },
};

/// Thinkst Canary's incidents.
pub static CANARY: JsonFormat = JsonFormat {
    name: "thinkst_canary",
    category: "security",
    product: "Thinkst Canary",
    about: "incidents of Canaries and Canarytokens, as webhooks and syslog carry them (Thinkst Canary: Canary Console API, Incidents)",
    logsource: LogSource { category: "application", product: "canary", services: &["canary", "honeypot"] },
    keys: &[
        &["incident_id", "logtype"],
        &["flock_id", "logtype", "src_host"],
        &["incident_id", "description", "src_host"],
        &["canarytoken", "src_host", "description"],
        &["incident_id", "event_type", "summary"],
    ],
    own: "canary.",
    always: &[("observer.vendor", "Thinkst Canary"), ("observer.product", "Thinkst Canary")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("created", Is("event.start")),
    ("logtype", Is("event.code")),
    ("description", Is("event.reason")),
    ("summary", Is("event.reason")),
    ("src_host", All(&["source.ip"])),
    ("src_host_reverse", All(&["source.domain", "source.address"])),
    ("src_port", Is("source.port")),
    ("dst_host", Is("destination.ip")),
    ("dst_port", Is("destination.port")),
    ("HOSTNAME", Is("destination.domain")),
    ("HOST", Is("destination.domain")),
    ("hostname", Is("destination.domain")),
    ("USERNAME", Is("user.name")),
    ("USER", Is("user.name")),
    ("user", Is("user.name")),
    ("USERAGENT", Is("user_agent.original")),
    ("HEADERS.User-Agent", Is("user_agent.original")),
    ("headers.User-Agent", Is("user_agent.original")),
    ("METHOD", Is("http.request.method")),
    ("RESPONSE", Is("http.response.status_code")),
    ("PATH", Is("url.path")),
    ("URL", Url),
    ("cmd", Is("event.action")),
    ("AUDITACTION", Is("event.action")),
    ("APPNAME", Is("process.name")),
    ("FILENAME", Is("file.name")),
    ("SIZE", Is("file.size")),
];

/// Whoever touches a canary has no business there.
fn settle(event: &mut Event<'_>) {
    event.set_static(field::EVENT_KIND, "alert");
    event.classify("intrusion_detection", "denied", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"incident_id":"incident:ssh:0001:203.0.113.66:1795338847","event_type":"event","acknowledged":"False","created":"1795338840","description":"SSH Login Attempt","dst_host":"192.0.2.10","dst_port":"22","USERNAME":"root","timestamp":1795338847,"flock_id":"flock:default","logtype":"4002","name":"canary1","src_host":"203.0.113.66","src_host_reverse":"scan.example.net","src_port":"51515"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("canary.acknowledged", "False"),
            ("canary.event_type", "event"),
            ("canary.flock_id", "flock:default"),
            ("canary.incident_id", "incident:ssh:0001:203.0.113.66:1795338847"),
            ("canary.name", "canary1"),
            ("destination.ip", "192.0.2.10"),
            ("destination.port", "22"),
            ("event.category", "intrusion_detection"),
            ("event.code", "4002"),
            ("event.kind", "alert"),
            ("event.reason", "SSH Login Attempt"),
            ("event.start", "2026-11-22T09:14:00Z"),
            ("event.type", "denied"),
            ("observer.product", "Thinkst Canary"),
            ("observer.vendor", "Thinkst Canary"),
            ("source.address", "scan.example.net"),
            ("source.domain", "scan.example.net"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"{"incident_id":"incident:httplogin:0001:203.0.113.66:1795338847","created":"1795338840","description":"HTTP Login Attempt","dst_host":"192.0.2.10","dst_port":"80","USERAGENT":"curl/8.14.1","METHOD":"POST","PATH":"/index.html","timestamp":1795338847,"logtype":"3001","src_host":"203.0.113.66","src_host_reverse":"","src_port":"51515"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("canary.incident_id", "incident:httplogin:0001:203.0.113.66:1795338847"),
            ("destination.ip", "192.0.2.10"),
            ("destination.port", "80"),
            ("event.category", "intrusion_detection"),
            ("event.code", "3001"),
            ("event.kind", "alert"),
            ("event.reason", "HTTP Login Attempt"),
            ("event.start", "2026-11-22T09:14:00Z"),
            ("event.type", "denied"),
            ("http.request.method", "POST"),
            ("observer.product", "Thinkst Canary"),
            ("observer.vendor", "Thinkst Canary"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("url.path", "/index.html"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: r#"{"incident_id":"incident:ssh:0001","logtype":"4002","src_host":"203.0"#, expect: &[] },
];
