//! Sekoia.io's own activity log.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Url},
        },
    },
};

/// Activities of the platform.
pub static SEKOIA_ACTIVITY: JsonFormat = JsonFormat {
    name: "sekoia_activity",
    category: "cloud",
    product: "Sekoia.io",
    about: "activity records of the Sekoia.io platform (docs.sekoia.io, activity logs)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[&["visit", "action", "identity"], &["visit.ip", "action.name"]],
    own: "sekoia.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("observer.name", Is("observer.name")),
    ("action.name", Is("event.action")),
    ("action.url", Url),
    ("action.path", Is("url.path")),
    ("action.method", Is("http.request.method")),
    ("visit.ip", Is("client.ip")),
    ("visit.user_agent", Is("user_agent.original")),
    ("visit.referrer", Is("http.request.referrer")),
    ("identity.user_uuid", Is("user.id")),
    ("identity.profile_name", Is("user.full_name")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("web", "access", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:07.25Z","observer":{"name":"sekoia.webapi"},"visit":{"ip":"192.0.2.7","user_agent":"curl/8.14.1"},"action":{"name":"rule-update","path":"/v1/rules/1","url":"https://api.example.io/v1/rules/1","method":"PUT"},"identity":{"user_uuid":"u-1","profile_name":"A. Lee"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("client.ip", "192.0.2.7"),
            ("event.action", "rule-update"),
            ("event.category", "web"),
            ("event.kind", "event"),
            ("event.type", "access"),
            ("http.request.method", "PUT"),
            ("observer.name", "sekoia.webapi"),
            ("url.domain", "api.example.io"),
            ("url.original", "https://api.example.io/v1/rules/1"),
            ("url.path", "/v1/rules/1"),
            ("url.scheme", "https"),
            ("user.full_name", "A. Lee"),
            ("user.id", "u-1"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:07.25Z","visit":{"ip":"192.0.2.7"},"action":{"name":"rule-up"#,
        expect: &[],
    },
];
