//! The audit log of MySQL Enterprise and its kin, as JSON.

use crate::{
    Event, Field, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{Row, Table, To::Is},
    },
};

/// The audit log of MySQL Enterprise and its kin, as JSON.
pub static MYSQL_AUDIT_JSON: JsonFormat = JsonFormat {
    name: "mysql_audit_json",
    category: "database",
    product: "MySQL Enterprise Audit, Percona Audit Log Filter",
    about: "JSON audit log records: classes connection, general, table_access, audit (MySQL: Audit Log File Formats)",
    logsource: LogSource { category: "database", product: "mysql", services: &["audit"] },
    keys: &[
        &["class", "event", "account.user"],
        &["class", "event", "connection_id"],
        &["class", "event", "login.user"],
        &["class=audit", "event", "startup_data"],
    ],
    own: "mysqlenterprise.audit.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("connection_id", Is("mysqlenterprise.audit.connection_id")),
    ("account.user", Is("server.user.name")),
    ("account.host", Is("client.domain")),
    ("login.user", Is("client.user.name")),
    ("login.ip", Is("client.ip")),
    ("general_data.query", Is("mysqlenterprise.audit.query")),
    ("connection_data.connection_attributes._pid", Is("process.pid")),
];

fn settle(event: &mut Event<'_>) {
    let word = |name: &str| said(event, &format!("mysqlenterprise.audit.{name}")).unwrap_or_default();
    let (class, kind) = (word("class"), word("event"));
    let status =
        [word("general_data.status"), word("connection_data.status")].into_iter().find(|status| !status.is_empty());
    let action = [b"mysql-", kind.as_slice()].concat();
    if !kind.is_empty() {
        event.set(field::EVENT_ACTION, &action);
    }
    let outcome = match status.as_deref() {
        Some(b"0") => "success",
        Some(_) => "failure",
        None => "",
    };
    // sign-ins are of an account; the rest is about data
    if class == b"connection" && kind == b"connect" {
        let user = said(event, "server.user.name").or_else(|| said(event, "client.user.name"));
        if let (Some(user), Some(field)) = (user, Field::intern("user.name")) {
            event.set(field, &user);
        }
        event.classify("authentication", "start", "", outcome);
    } else {
        event.classify("database", "access", "", outcome);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{ "timestamp": "2026-11-22 09:14:07", "id": 0, "class": "connection", "event": "connect", "connection_id": 15, "account": { "user": "root", "host": "localhost" }, "login": { "user": "root", "os": "", "ip": "203.0.113.66", "proxy": "" }, "connection_data": { "connection_type": "tcp/ip", "status": 1045, "db": "shop" } }"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("client.domain", "localhost"),
            ("client.ip", "203.0.113.66"),
            ("client.user.name", "root"),
            ("event.action", "mysql-connect"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("mysqlenterprise.audit.class", "connection"),
            ("mysqlenterprise.audit.connection_data.connection_type", "tcp/ip"),
            ("mysqlenterprise.audit.connection_data.db", "shop"),
            ("mysqlenterprise.audit.connection_data.status", "1045"),
            ("mysqlenterprise.audit.connection_id", "15"),
            ("mysqlenterprise.audit.event", "connect"),
            ("mysqlenterprise.audit.id", "0"),
            ("server.user.name", "root"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"{ "timestamp": "2026-11-22 09:14:07", "id": 1, "class": "general", "event": "status", "connection_id": 15, "account": { "user": "root", "host": "localhost" }, "login": { "user": "root", "os": "", "ip": "", "proxy": "" }, "general_data": { "command": "Query", "sql_command": "grant", "query": "GRANT ALL ON *.* TO 'x'", "status": 0 } },"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("client.domain", "localhost"),
            ("client.user.name", "root"),
            ("event.action", "mysql-status"),
            ("event.category", "database"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("mysqlenterprise.audit.class", "general"),
            ("mysqlenterprise.audit.connection_id", "15"),
            ("mysqlenterprise.audit.event", "status"),
            ("mysqlenterprise.audit.general_data.command", "Query"),
            ("mysqlenterprise.audit.general_data.sql_command", "grant"),
            ("mysqlenterprise.audit.general_data.status", "0"),
            ("mysqlenterprise.audit.id", "1"),
            ("mysqlenterprise.audit.query", "GRANT ALL ON *.* TO 'x'"),
            ("server.user.name", "root"),
        ],
    },
    Example {
        raw: r#"{ "timestamp": "2026-11-22 09:14:07", "class": "general", "event": "status", "connection_id": 15,"#,
        expect: &[],
    },
];
