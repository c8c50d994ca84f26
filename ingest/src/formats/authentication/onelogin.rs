//! OneLogin's events.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// Events of the OneLogin API and webhooks.
pub static ONELOGIN: JsonFormat = JsonFormat {
    name: "onelogin",
    category: "authentication",
    product: "OneLogin",
    about: "events of the OneLogin API (developers.onelogin.com/api-docs/1/events/event-resource)",
    logsource: LogSource { category: "", product: "onelogin", services: &["onelogin.events"] },
    keys: &[&["event_type_id", "account_id"], &["event_type_id", "user_name"], &["event_type_id", "actor_user_id"]],
    own: "onelogin.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("event_timestamp", Is("@timestamp")),
    ("created_at", Is("@timestamp")),
    ("time", Is("@timestamp")),
    ("event_type_id", Is("event.code")),
    ("uuid", Is("event.id")),
    ("id", Is("event.id")),
    ("user_id", Is("user.id")),
    ("user_name", Is("user.name")),
    ("actor_user_id", Is("source.user.id")),
    ("actor_user_name", Is("source.user.name")),
    ("ipaddr", Peer("source")),
    ("app_name", Is("service.name")),
    ("error_description", Is("event.reason")),
    ("notes", Is("message")),
];

/// Event types by number (developers.onelogin.com, event types).
const CLASSES: &[Class] = &[
    Class("5", "authentication", "start", "success"),
    Class("6", "authentication", "start", "failure"),
    Class("7", "authentication", "end", "success"),
    Class("8", "authentication", "start", "success"),
    Class("9", "authentication", "start", "failure"),
    Class("11", "iam", "user change", "success"),
    Class("13", "iam", "user creation", "success"),
    Class("16", "iam", "user change", ""),
    Class("17", "iam", "user deletion", ""),
    Class("19", "iam", "user change", ""),
    Class("72", "iam", "admin change", ""),
];

fn settle(event: &mut Event<'_>) {
    if let Some(code) = event.bytes(field::EVENT_CODE).map(|code| code.into_owned()) {
        classify(event, &code, CLASSES);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"account_id":1,"actor_system":"","actor_user_id":7,"actor_user_name":"B. Jones","event_timestamp":"2026-11-22 09:14:07 UTC","event_type_id":6,"ipaddr":"203.0.113.66","user_id":7,"user_name":"B. Jones","uuid":"e-1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "authentication"),
            ("event.code", "6"),
            ("event.id", "e-1"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("onelogin.account_id", "1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.user.id", "7"),
            ("source.user.name", "B. Jones"),
            ("user.id", "7"),
            ("user.name", "B. Jones"),
        ],
    },
    Example { raw: r#"{"account_id":1,"event_type_id":6,"ipaddr":"203.0.113.66","user_na"#, expect: &[] },
];
