//! MongoDB's structured log, from version 4.4 on.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// MongoDB's structured log, from version 4.4 on.
pub static MONGODB_JSON: JsonFormat = JsonFormat {
    name: "mongodb_json",
    category: "database",
    product: "MongoDB",
    about: "log lines as relaxed extended JSON: t, s, c, id, ctx, msg, attr (MongoDB: Log Messages)",
    logsource: LogSource { category: "database", product: "mongodb", services: &["mongodb"] },
    keys: &[&["t.$date", "s", "c", "ctx", "msg"]],
    own: "mongodb.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("t.$date", Is("@timestamp")),
    ("s", Is("log.level")),
    ("c", Is("log.logger")),
    ("id", Is("event.code")),
    ("ctx", Is("process.thread.name")),
    ("msg", Is("message")),
    ("attr.remote", Peer("source")),
    ("attr.client", Peer("source")),
    ("attr.user", Is("user.name")),
    ("attr.principalName", Is("user.name")),
    ("attr.error", Is("error.message")),
    ("attr.error.errmsg", Is("error.message")),
    ("attr.durationMillis", Is("mongodb.duration_millis")),
    ("attr.ns", Is("mongodb.namespace")),
];

fn settle(event: &mut Event<'_>) {
    if let Some(millis) = event.int(crate::Field::intern("mongodb.duration_millis").unwrap_or(field::EVENT_DURATION)) {
        event.set_int(field::EVENT_DURATION, millis.saturating_mul(1_000_000));
    }
    match said(event, "message").as_deref() {
        Some(b"Authentication failed" | b"Failed to authenticate" | b"Checking authorization failed") => {
            event.classify("authentication", "start", "", "failure");
        }
        Some(b"Authentication succeeded" | b"Successfully authenticated") => {
            event.classify("authentication", "start", "", "success");
        }
        Some(b"Connection accepted") => event.classify("database", "connection", "", ""),
        _ => {
            let failed = matches!(said(event, "log.level").as_deref(), Some(b"E" | b"F"));
            event.classify("database", if failed { "error" } else { "info" }, "", "");
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"t":{"$date":"2026-11-22T09:14:07.250+00:00"},"s":"I","c":"NETWORK","id":22943,"ctx":"listener","msg":"Connection accepted","attr":{"remote":"203.0.113.66:51515","connectionId":4,"connectionCount":1}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.code", "22943"),
            ("event.type", "connection"),
            ("log.level", "I"),
            ("log.logger", "NETWORK"),
            ("message", "Connection accepted"),
            ("mongodb.attr.connectionCount", "1"),
            ("mongodb.attr.connectionId", "4"),
            ("process.thread.name", "listener"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
        ],
    },
    Example {
        raw: r#"{"t":{"$date":"2026-11-22T09:14:07.250+00:00"},"s":"I","c":"ACCESS","id":20249,"ctx":"conn4","msg":"Authentication failed","attr":{"mechanism":"SCRAM-SHA-256","principalName":"admin","authenticationDatabase":"admin","client":"203.0.113.66:51515","result":"UserNotFound: Could not find user"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.code", "20249"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "I"),
            ("log.logger", "ACCESS"),
            ("message", "Authentication failed"),
            ("mongodb.attr.authenticationDatabase", "admin"),
            ("mongodb.attr.mechanism", "SCRAM-SHA-256"),
            ("mongodb.attr.result", "UserNotFound: Could not find user"),
            ("process.thread.name", "conn4"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: r#"{"t":{"$date":"2026-11-22T09:14:07.250+00:00"},"s":"I","c":"COMMAND","id":51803,"ctx":"conn4","msg":"Slow query","attr":{"type":"command","ns":"shop.orders","durationMillis":2340}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.code", "51803"),
            ("event.duration", "2340000000"),
            ("event.type", "info"),
            ("log.level", "I"),
            ("log.logger", "COMMAND"),
            ("message", "Slow query"),
            ("mongodb.attr.type", "command"),
            ("mongodb.duration_millis", "2340"),
            ("mongodb.namespace", "shop.orders"),
            ("process.thread.name", "conn4"),
        ],
    },
    Example {
        raw: r#"{"t":{"$date":"2026-11-22T09:14:07.250+00:00"},"s":"I","c":"NETWORK","ctx":"listener","msg":"Conn"#,
        expect: &[],
    },
];
