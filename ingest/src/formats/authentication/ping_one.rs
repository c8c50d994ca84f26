//! PingOne's audit activities.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Outcome, Url},
        },
    },
};

/// Activities of the PingOne platform.
pub static PING_ONE: JsonFormat = JsonFormat {
    name: "ping_one",
    category: "authentication",
    product: "PingOne",
    about: "activities of PingOne's audit API (apidocs.pingidentity.com/pingone/platform, audit activities)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[&["recordedAt", "action", "resources", "result"], &["recordedAt", "actors", "action"]],
    own: "ping_one.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("recordedAt", Is("@timestamp")),
    ("action.type", Is("event.action")),
    ("id", Is("event.id")),
    ("correlationId", Is("transaction.id")),
    ("actors.user.id", Is("user.id")),
    ("actors.user.name", Is("user.name")),
    ("actors.client.id", Is("client.user.id")),
    ("actors.client.name", Is("client.user.name")),
    ("resources.href", Url),
    ("actors.user.href", Url),
    ("result.status", Outcome),
    ("result.description", Is("event.reason")),
    ("source.ipAddress", Is("source.ip")),
    ("source.userAgent", Is("user_agent.original")),
];

/// Ends of action types.
const KINDS: &[(&[u8], &str)] = &[
    (b".CREATED", "creation"),
    (b".DELETED", "deletion"),
    (b".UPDATED", "change"),
    (b".GRANTED", "access"),
    (b".REVOKED", "change"),
];

fn settle(event: &mut Event<'_>) {
    let Some(action) = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned()) else { return };
    let word = String::from_utf8_lossy(&action).to_ascii_lowercase();
    event.replace(field::EVENT_ACTION, word.as_bytes());
    if word.starts_with("authentication.") || word.starts_with("password.check") || word.starts_with("session.") {
        return event.classify("authentication", "start", "", "");
    }
    let kind = KINDS.iter().find(|(end, _)| action.ends_with(end)).map_or("info", |(_, kind)| kind);
    event.classify("iam", kind, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"id":"a-1","recordedAt":"2026-11-22T09:14:07.250Z","createdAt":"2026-11-22T09:14:07.300Z","correlationId":"c-1","actors":{"client":{"id":"app-1","name":"Console"},"user":{"id":"u-1","name":"ann"}},"action":{"type":"USER.DELETED","description":"User Deleted"},"resources":[{"type":"USER","id":"u-2","name":"bob","href":"https://api.pingone.example/v1/environments/e1/users/u-2"}],"result":{"status":"SUCCESS","description":"Deleted User u-2"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("client.user.id", "app-1"),
            ("client.user.name", "Console"),
            ("event.action", "user.deleted"),
            ("event.category", "iam"),
            ("event.id", "a-1"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.reason", "Deleted User u-2"),
            ("event.type", "deletion"),
            ("ping_one.action.description", "User Deleted"),
            ("ping_one.createdAt", "2026-11-22T09:14:07.300Z"),
            ("ping_one.resources.id", "u-2"),
            ("ping_one.resources.name", "bob"),
            ("ping_one.resources.type", "USER"),
            ("transaction.id", "c-1"),
            ("url.domain", "api.pingone.example"),
            ("url.original", "https://api.pingone.example/v1/environments/e1/users/u-2"),
            ("url.path", "/v1/environments/e1/users/u-2"),
            ("url.scheme", "https"),
            ("user.id", "u-1"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"id":"a-1","recordedAt":"2026-11-22T09:14:07.250Z","action":{"type":"USER.DELETED"},"resources":[],"result":{"#,
        expect: &[],
    },
];
