//! Check Point Harmony Mobile.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{Row, Table, To::Is},
    },
};

/// Check Point Harmony Mobile: see the module.
pub static HARMONY_MOBILE: JsonFormat = JsonFormat {
    name: "harmony_mobile",
    category: "security",
    product: "Check Point Harmony Mobile",
    about: "alerts (sc1.checkpoint.com, Harmony Mobile Dashboard, SIEM)",
    logsource: LogSource { category: "", product: "checkpoint", services: &["harmony_mobile"] },
    keys: &[&["attack_vector", "threat_factors", "device_id"]],
    own: "checkpoint.harmony_mobile.",
    always: &[("observer.vendor", "Check Point"), ("event.kind", "alert")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("event_timestamp", Is("@timestamp")),
    ("details", Is("event.reason")),
    ("severity", Is("log.level")),
    ("event", Is("event.action")),
    ("device_id", Is("device.id")),
    ("device_model", Is("device.model.name")),
    ("name", Is("host.name")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("threat", "indicator", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"attack_vector":"NetworkSecurity","details":"Domain:bad[.]example","device_id":"2","device_rooted":false,"event":"Info","event_timestamp":"11/22/2026 09:14:07","id":22,"name":"phone7","severity":"Critical","threat_factors":"Phishing","device_model":"Pixel 9"}"#,
        expect: &[
            ("checkpoint.harmony_mobile.attack_vector", "NetworkSecurity"),
            ("checkpoint.harmony_mobile.device_rooted", "false"),
            ("checkpoint.harmony_mobile.event_timestamp", "11/22/2026 09:14:07"),
            ("checkpoint.harmony_mobile.id", "22"),
            ("checkpoint.harmony_mobile.threat_factors", "Phishing"),
            ("device.id", "2"),
            ("device.model.name", "Pixel 9"),
            ("event.action", "Info"),
            ("event.category", "threat"),
            ("event.kind", "alert"),
            ("event.reason", "Domain:bad[.]example"),
            ("event.type", "indicator"),
            ("host.name", "phone7"),
            ("log.level", "Critical"),
            ("observer.vendor", "Check Point"),
        ],
    },
    Example { raw: r#"{"attack_vector":"x","threat_factors":"y","device_id":"#, expect: &[] },
];
