//! Proofpoint Targeted Attack Protection: messages and clicks of its SIEM interface.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is, Peer, Url},
        },
    },
};

/// Messages and clicks that were blocked or let through.
pub static PROOFPOINT_TAP: JsonFormat = JsonFormat {
    name: "proofpoint_tap",
    category: "mail",
    product: "Proofpoint TAP",
    about: "events of Proofpoint TAP's SIEM API (help.proofpoint.com, Threat Insight Dashboard, SIEM API)",
    logsource: LogSource { category: "", product: "proofpoint", services: &["tap"] },
    keys: &[&["GUID", "senderIP", "messageID"]],
    own: "proofpoint.",
    always: &[("event.kind", "event"), ("observer.vendor", "Proofpoint")],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("messageTime", All(&["@timestamp", "email.delivery_timestamp"])),
    ("clickTime", Is("@timestamp")),
    ("sender", All(&["email.from.address", "email.sender.address"])),
    ("recipient", Is("email.to.address")),
    ("ccAddresses", Is("email.cc.address")),
    ("senderIP", Peer("source")),
    ("clickIP", Peer("destination")),
    ("messageID", Is("email.message_id")),
    ("GUID", Is("email.local_id")),
    ("subject", Is("email.subject")),
    ("xmailer", Is("email.x_mailer")),
    ("url", Url),
    ("userAgent", Is("user_agent.original")),
    ("status", Is("event.action")),
    ("quarantineRule", Is("rule.name")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("email", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"GUID":"g-1","messageID":"1@example.net","messageTime":"2026-11-22T09:14:07.000Z","sender":"spam@example.net","recipient":["anna@example.com"],"senderIP":"203.0.113.66","subject":"prize","spamScore":100,"threatsInfoMap":[{"classification":"MALWARE","threat":"x"}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("email.delivery_timestamp", "2026-11-22T09:14:07Z"),
            ("email.from.address", "spam@example.net"),
            ("email.local_id", "g-1"),
            ("email.message_id", "1@example.net"),
            ("email.sender.address", "spam@example.net"),
            ("email.subject", "prize"),
            ("email.to.address", "anna@example.com"),
            ("event.category", "email"),
            ("event.kind", "event"),
            ("event.type", "info"),
            ("observer.vendor", "Proofpoint"),
            ("proofpoint.spamScore", "100"),
            ("proofpoint.threatsInfoMap.classification", "MALWARE"),
            ("proofpoint.threatsInfoMap.threat", "x"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: r#"{"GUID":"g-1","messageID":"1@example.net","senderIP":"#, expect: &[] },
];
