//! Retarus Email Security.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// Retarus Email Security: see the module.
pub static RETARUS: JsonFormat = JsonFormat {
    name: "retarus",
    category: "mail",
    product: "Retarus Email Security",
    about: "events of the Email Live Search and forensic SIEM integration (retarus.com)",
    logsource: LogSource { category: "", product: "retarus", services: &["email_security"] },
    keys: &[&["rmxId", "recipient", "metaData"], &["rmxId", "mimeId"]],
    own: "retarus.",
    always: &[("observer.vendor", "Retarus"), ("observer.product", "Email Security")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("ts", Is("@timestamp")),
    ("recipient", Is("email.to.address")),
    ("sender", Is("email.from.address")),
    ("metaData.header.from", Is("email.from.address")),
    ("metaData.header.subject", Is("email.subject")),
    ("sourceIp", Peer("source")),
    ("host", Is("observer.hostname")),
    ("version", Is("observer.version")),
    ("mimeId", Is("email.message_id")),
    ("rmxId", Is("email.local_id")),
    ("status", Is("event.action")),
    ("direction", Is("email.direction")),
    ("metaData.transportEncryption.cipherSuite", Is("tls.cipher")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("email", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"customer":"45000EX","metaData":{"header":{"subject":"Invoice","from":"x@example.net"},"transportEncryption":{"established":true}},"host":"events.example.com","ts":"2026-11-22 09:14:07 +0100","version":"1.0","sourceIp":"203.0.113.66","sender":"bounce@example.net","type":"MTA","subtype":"INCOMING","direction":"INBOUND","recipient":"anna@example.com","mimeId":"<1@example.net>","status":"ACCEPTED","class":"EVENT","rmxId":"20261122-091407-1@mailin27"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("email.direction", "INBOUND"),
            ("email.from.address", "bounce@example.net"),
            ("email.local_id", "20261122-091407-1@mailin27"),
            ("email.message_id", "<1@example.net>"),
            ("email.subject", "Invoice"),
            ("email.to.address", "anna@example.com"),
            ("event.action", "ACCEPTED"),
            ("event.category", "email"),
            ("event.type", "info"),
            ("observer.hostname", "events.example.com"),
            ("observer.product", "Email Security"),
            ("observer.vendor", "Retarus"),
            ("observer.version", "1.0"),
            ("retarus.class", "EVENT"),
            ("retarus.customer", "45000EX"),
            ("retarus.metaData.header.from", "x@example.net"),
            ("retarus.metaData.transportEncryption.established", "true"),
            ("retarus.subtype", "INCOMING"),
            ("retarus.type", "MTA"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: r#"{"rmxId":"20261122","mimeId":"#, expect: &[] },
];
