//! LastPass's event reports.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Peer, Principal},
        },
    },
};

/// Records of the reporting API.
pub static LASTPASS: JsonFormat = JsonFormat {
    name: "lastpass",
    category: "authentication",
    product: "LastPass Enterprise",
    about: "event reports of LastPass's Enterprise API (support.lastpass.com, event reporting)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[&["Username", "IP_Address", "Action"], &["Time", "Username", "Action", "Data"]],
    own: "lastpass.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("Time", Is("@timestamp")),
    ("Action", Is("event.action")),
    ("Username", Principal("user")),
    ("Data", Is("event.reason")),
    ("IP_Address", Peer("source")),
];

fn settle(event: &mut Event<'_>) {
    let action = event.text(field::EVENT_ACTION).map(|action| action.to_ascii_lowercase()).unwrap_or_default();
    let failed = action.contains("fail") || action.contains("incorrect") || action.contains("blocked");
    let outcome = if failed { "failure" } else { "success" };
    if action.contains("log in") || action.contains("login") || action.contains("logout") || action.contains("log out")
    {
        let kind = if action.contains("out") { "end" } else { "start" };
        event.classify("authentication", kind, "", outcome);
    } else {
        let kind = if action.contains("delete") || action.contains("remove") {
            "deletion"
        } else if action.contains("add") || action.contains("create") {
            "creation"
        } else {
            "change"
        };
        event.classify("iam", kind, "", outcome);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"Time":"2026-11-22 09:14:07","Username":"b.jones@example.com","IP_Address":"203.0.113.66","Action":"Failed Login Attempt","Data":""}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "Failed Login Attempt"),
            ("event.category", "authentication"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "example.com"),
            ("user.email", "b.jones@example.com"),
            ("user.id", "b.jones@example.com"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"Time":"2026-11-22 09:14:07","Username":"b.jones@example.com","IP_Address":"203.0.113.66","Action":"Fa"#,
        expect: &[],
    },
];
