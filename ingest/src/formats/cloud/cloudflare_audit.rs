//! Cloudflare's audit log.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Outcome, Peer},
        },
    },
};

/// Records of the account's audit log.
pub static CLOUDFLARE_AUDIT: JsonFormat = JsonFormat {
    name: "cloudflare_audit",
    category: "cloud",
    product: "Cloudflare audit log",
    about: "records of Cloudflare's audit log API (developers.cloudflare.com/api, audit logs)",
    logsource: LogSource { category: "", product: "cloudflare", services: &["audit"] },
    keys: &[
        &["action", "actor", "when", "interface"],
        &["action.type", "actor.id", "when"],
        &["ActorIP", "ActionType", "When"],
    ],
    own: "cloudflare.audit.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("when", Is("@timestamp")),
    ("When", Is("@timestamp")),
    ("action.type", Is("event.action")),
    ("ActionType", Is("event.action")),
    ("id", Is("event.id")),
    ("ID", Is("event.id")),
    ("actor.id", Is("user.id")),
    ("ActorID", Is("user.id")),
    ("actor.email", Account("user")),
    ("ActorEmail", Account("user")),
    ("actor.ip", Peer("source")),
    ("ActorIP", Peer("source")),
    ("interface", Is("event.provider")),
    ("Interface", Is("event.provider")),
    ("action.result", Outcome),
    ("ActionResult", Outcome),
];

fn settle(event: &mut Event<'_>) {
    let action = event.text(field::EVENT_ACTION).map(|action| action.to_ascii_lowercase()).unwrap_or_default();
    if action == "login" || action == "logout" {
        return event.classify("authentication", if action == "login" { "start" } else { "end" }, "", "");
    }
    let kind = if action.contains("add") || action.contains("create") {
        "creation"
    } else if action.contains("delete") || action.contains("remove") || action.contains("rotate") {
        "deletion"
    } else {
        "change"
    };
    event.classify("configuration", kind, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"action":{"info":"","result":true,"type":"add"},"actor":{"email":"ann@example.com","id":"u-1","ip":"192.0.2.7","type":"user"},"id":"a-1","interface":"UI","metadata":{"zone_name":"example.com"},"newValue":"x","oldValue":"","owner":{"id":"u-1"},"resource":{"id":"r-1","type":"DNS_record"},"when":"2026-11-22T09:14:07.25Z"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("cloudflare.audit.actor.type", "user"),
            ("cloudflare.audit.metadata.zone_name", "example.com"),
            ("cloudflare.audit.newValue", "x"),
            ("cloudflare.audit.owner.id", "u-1"),
            ("cloudflare.audit.resource.id", "r-1"),
            ("cloudflare.audit.resource.type", "DNS_record"),
            ("event.action", "add"),
            ("event.category", "configuration"),
            ("event.id", "a-1"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "UI"),
            ("event.type", "creation"),
            ("source.address", "192.0.2.7"),
            ("source.ip", "192.0.2.7"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("user.id", "u-1"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"action":{"result":true,"type":"add"},"actor":{"id":"u-1"},"interface":"UI","when":"2026-11-"#,
        expect: &[],
    },
];
