//! Lacework FortiCNAPP.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{Row, Table, To::Is},
    },
};

/// Lacework FortiCNAPP: see the module.
pub static LACEWORK: JsonFormat = JsonFormat {
    name: "lacework",
    category: "cloud",
    product: "Lacework FortiCNAPP",
    about: "alerts (docs.lacework.net, Alerts API)",
    logsource: LogSource { category: "", product: "lacework", services: &["alerts"] },
    keys: &[&["alertId", "alertName", "alertType"]],
    own: "lacework.",
    always: &[("observer.vendor", "Lacework"), ("event.kind", "alert")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("startTime", Is("@timestamp")),
    ("alertId", Is("event.id")),
    ("alertType", Is("event.code")),
    ("alertName", Is("event.reason")),
    ("severity", Is("log.level")),
    ("endTime", Is("event.end")),
    ("alertInfo.description", Is("message")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("intrusion_detection", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"alertId":4711,"alertName":"New external server","alertType":"NewExternalServerDns","startTime":"2026-11-22T09:00:00Z","endTime":"2026-11-22T10:00:00Z","severity":"High","alertInfo":{"description":"A host talks to a new server"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:00:00Z"),
            ("event.category", "intrusion_detection"),
            ("event.code", "NewExternalServerDns"),
            ("event.end", "2026-11-22T10:00:00Z"),
            ("event.id", "4711"),
            ("event.kind", "alert"),
            ("event.reason", "New external server"),
            ("event.type", "info"),
            ("log.level", "High"),
            ("observer.vendor", "Lacework"),
        ],
    },
    Example { raw: r#"{"alertId":4711,"alertName":"x","alertType":"#, expect: &[] },
];
