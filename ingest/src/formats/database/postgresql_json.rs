//! PostgreSQL's server log as JSON, from version 15 on.

use crate::{
    Event, field,
    formats::{Example, LogSource, database::postgresql},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// PostgreSQL's `log_destination = jsonlog`.
pub static POSTGRESQL_JSON: JsonFormat = JsonFormat {
    name: "postgresql_json",
    category: "database",
    product: "PostgreSQL",
    about: "log_destination = jsonlog: one object per message (PostgreSQL: Error Reporting and Logging, Using JSON-Format Log Output)",
    logsource: LogSource { category: "database", product: "postgresql", services: &["postgresql"] },
    keys: &[
        &["timestamp", "pid", "session_id", "error_severity"],
        &["timestamp", "pid", "error_severity", "backend_type"],
    ],
    own: "postgresql.log.",
    always: &[],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("pid", Is("process.pid")),
    ("user", Is("user.name")),
    ("dbname", Is("postgresql.log.database")),
    ("remote_host", Peer("source")),
    ("remote_port", Is("source.port")),
    ("error_severity", Is("log.level")),
    ("state_code", Is("postgresql.log.sql_state_code")),
    ("message", Is("message")),
    ("statement", Is("postgresql.log.query")),
];

fn settle(event: &mut Event<'_>) {
    // its zone has a name
    if let Some(text) = said(event, "postgresql.log.timestamp")
        && let Some((_, stamp)) = postgresql::stamp(&text)
    {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
    let local = said(event, "source.address").as_deref() == Some(b"[local]");
    if local {
        [field::SOURCE_ADDRESS, field::SOURCE_DOMAIN].into_iter().for_each(|field| event.remove(field));
    }
    let level = said(event, "log.level").unwrap_or_default();
    let message = said(event, "message").unwrap_or_default();
    postgresql::classify(&level, &message, event);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":"2026-11-22 09:14:07.250 CET","user":"root","dbname":"shop","pid":4711,"remote_host":"203.0.113.66","remote_port":51515,"session_id":"6922d18f.1267","line_num":2,"ps":"authentication","error_severity":"FATAL","state_code":"28P01","message":"password authentication failed for user \"root\"","backend_type":"client backend","query_id":0}"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("error.message", r#"password authentication failed for user "root""#),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "FATAL"),
            ("message", r#"password authentication failed for user "root""#),
            ("postgresql.log.backend_type", "client backend"),
            ("postgresql.log.database", "shop"),
            ("postgresql.log.line_num", "2"),
            ("postgresql.log.ps", "authentication"),
            ("postgresql.log.query_id", "0"),
            ("postgresql.log.session_id", "6922d18f.1267"),
            ("postgresql.log.sql_state_code", "28P01"),
            ("postgresql.log.timestamp", "2026-11-22 09:14:07.250 CET"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22 09:14:08.001 UTC","user":"app","dbname":"shop","pid":4712,"remote_host":"[local]","session_id":"6922d190.1268","error_severity":"LOG","message":"AUDIT: SESSION,1,1,DDL,DROP TABLE,TABLE,public.orders,drop table orders;,<not logged>","backend_type":"client backend"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.001Z"),
            ("event.action", "DROP TABLE"),
            ("event.category", "database"),
            ("event.type", "deletion"),
            ("log.level", "LOG"),
            ("postgresql.audit.class", "DDL"),
            ("postgresql.audit.object_name", "public.orders"),
            ("postgresql.audit.object_type", "TABLE"),
            ("postgresql.audit.statement_id", "1"),
            ("postgresql.audit.substatement_id", "1"),
            ("postgresql.audit.type", "SESSION"),
            ("postgresql.log.backend_type", "client backend"),
            ("postgresql.log.database", "shop"),
            ("postgresql.log.query", "drop table orders;"),
            ("postgresql.log.session_id", "6922d190.1268"),
            ("postgresql.log.timestamp", "2026-11-22 09:14:08.001 UTC"),
            ("process.pid", "4712"),
            ("user.name", "app"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22 09:14:09.001 UTC","pid":4713,"session_id":"6922d191.1269","error_severity":"LOG","message":"#,
        expect: &[],
    },
];
