//! Check Point Harmony Email & Collaboration.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is, Peer},
        },
    },
};

/// Check Point Harmony Email & Collaboration: see the module.
pub static HARMONY_EMAIL: JsonFormat = JsonFormat {
    name: "harmony_email",
    category: "mail",
    product: "Check Point Harmony Email & Collaboration",
    about: "security events (sc1.checkpoint.com, Harmony Email & Collaboration API and SIEM integration)",
    logsource: LogSource { category: "", product: "checkpoint", services: &["harmony_email"] },
    keys: &[&["event.security_event", "event.entity"], &["security_event", "entity"]],
    own: "checkpoint.harmony_email.",
    always: &[("observer.vendor", "Check Point"), ("event.kind", "alert")],
    table: Table::inside(&["event."], TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("security_event.time", Is("@timestamp")),
    ("security_event.security_event_action.action_type", Is("event.action")),
    ("security_event.entity_payload.description_text", Is("event.reason")),
    ("security_event.entity_payload.severity", Is("event.severity")),
    ("security_event.entity_payload.policy_rule_id", Is("rule.id")),
    ("entity.entity_info.entity_reporter", Is("observer.name")),
    ("entity.entity_payload.from_email", All(&["email.from.address", "source.user.email"])),
    ("entity.entity_payload.from_name", Is("source.user.full_name")),
    ("entity.entity_payload.from_domain", Is("source.domain")),
    ("entity.entity_payload.sender_client_ip", Peer("source")),
    ("entity.entity_payload.to_user.email", Is("email.to.address")),
    ("entity.entity_payload.to", Is("email.to.address")),
    ("entity.entity_payload.subject", Is("email.subject")),
    ("entity.entity_payload.internet_message_id", Is("email.message_id")),
    ("entity.entity_payload.network_message_id", Is("email.local_id")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("email", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"event":{"security_event":{"time":"2026-11-22T09:14:07Z","security_event_action":{"action_type":"quarantine"},"entity_payload":{"severity":4,"description_text":"Phishing","policy_rule_id":"r1"}},"entity":{"entity_payload":{"from_email":"x@example.net","from_domain":"example.net","sender_client_ip":"203.0.113.66","to":["anna@example.com"],"subject":"Invoice","internet_message_id":"<1@example.net>"}}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("email.from.address", "x@example.net"),
            ("email.message_id", "<1@example.net>"),
            ("email.subject", "Invoice"),
            ("email.to.address", "anna@example.com"),
            ("event.action", "quarantine"),
            ("event.category", "email"),
            ("event.kind", "alert"),
            ("event.reason", "Phishing"),
            ("event.severity", "4"),
            ("event.type", "info"),
            ("observer.vendor", "Check Point"),
            ("rule.id", "r1"),
            ("source.address", "203.0.113.66"),
            ("source.domain", "example.net"),
            ("source.ip", "203.0.113.66"),
            ("source.user.email", "x@example.net"),
        ],
    },
    Example { raw: r#"{"event":{"security_event":{"time":"2026"#, expect: &[] },
];
