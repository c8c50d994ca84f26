//! Netskope's events and alerts.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Account, Is, Url},
        },
    },
};

/// Events and alerts of the REST API.
pub static NETSKOPE: JsonFormat = JsonFormat {
    name: "netskope",
    category: "cloud",
    product: "Netskope",
    about: "events and alerts of the Netskope REST API (docs.netskope.com, REST API v2 dataexport)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["ccl", "_id", "access_method"],
        &["type", "ur_normalized", "user"],
        &["_id", "appcategory", "app"],
        &["audit_log_event", "supporting_data"],
        &["_id", "ur_normalized"],
        &["_category_id", "_id", "type", "timestamp"],
    ],
    own: "netskope.",
    always: &[("observer.vendor", "Netskope")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("start_time", Is("event.start")),
    ("conn_starttime", Is("event.start")),
    ("end_time", Is("event.end")),
    ("conn_endtime", Is("event.end")),
    ("_id", Is("event.id")),
    ("activity", Is("event.action")),
    ("user", Account("user")),
    ("ur_normalized", Account("user")),
    ("userkey", Account("user")),
    ("audit_log_event", Is("event.reason")),
    ("bypass_reason", Is("event.reason")),
    ("policy", Is("rule.name")),
    ("policy_id", Is("rule.id")),
    ("hostname", Is("host.name")),
    ("srcip", Is("source.ip")),
    ("srcport", Is("source.port")),
    ("userip", Is("client.ip")),
    ("dstip", Is("destination.ip")),
    ("dsthost", Is("destination.domain")),
    ("dstport", Is("destination.port")),
    ("client_bytes", Is("source.bytes")),
    ("server_bytes", Is("destination.bytes")),
    ("numbytes", Is("network.bytes")),
    ("client_packets", Is("source.packets")),
    ("server_packets", Is("destination.packets")),
    ("url", Url),
    ("page", Is("url.domain")),
    ("domain", Is("url.domain")),
    ("referer", Is("http.request.referrer")),
    ("useragent", Is("user_agent.original")),
    ("md5", Is("file.hash.md5")),
    ("sha256", Is("file.hash.sha256")),
    ("file_size", Is("file.size")),
    ("file_type", Is("file.mime_type")),
    ("dlp_file", Is("file.name")),
    ("object", Is("file.name")),
    ("app", Is("network.application")),
    ("severity_level", Is("log.level")),
    ("malware_name", Is("message")),
    ("alert_name", Is("message")),
];

fn settle(event: &mut Event<'_>) {
    let alert = said(event, "netskope.alert").is_some_and(|alert| alert == b"yes")
        || said(event, "netskope.alert_type").is_some();
    event.set_static(field::EVENT_KIND, if alert { "alert" } else { "event" });
    let category = match said(event, "netskope.type").as_deref() {
        Some(b"network" | b"connection" | b"page") => "network",
        Some(b"admin_audit_logs") => "configuration",
        _ => "web",
    };
    event.classify(category, "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"_id":"n-1","timestamp":1795338847,"type":"nspolicy","access_method":"Client","app":"Box","appcategory":"Cloud Storage","activity":"Download","ccl":"high","policy":"Block","user":"ann@example.com","ur_normalized":"ann@example.com","userip":"192.0.2.7","srcip":"203.0.113.66","dstip":"198.51.100.9","url":"app.box.example/file/1","alert":"yes","md5":"00aa","file_size":77}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("client.ip", "192.0.2.7"),
            ("destination.ip", "198.51.100.9"),
            ("event.action", "Download"),
            ("event.category", "web"),
            ("event.id", "n-1"),
            ("event.kind", "alert"),
            ("event.type", "info"),
            ("file.hash.md5", "00aa"),
            ("file.size", "77"),
            ("netskope.access_method", "Client"),
            ("netskope.alert", "yes"),
            ("netskope.appcategory", "Cloud Storage"),
            ("netskope.ccl", "high"),
            ("netskope.type", "nspolicy"),
            ("netskope.ur_normalized", "ann@example.com"),
            ("network.application", "box"),
            ("observer.vendor", "Netskope"),
            ("rule.name", "Block"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "app.box.example/file/1"),
            ("url.path", "app.box.example/file/1"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"_id":"n-1","timestamp":1795338847,"type":"nspolicy","access_method":"Client","ccl":"hi"#,
        expect: &[],
    },
];
