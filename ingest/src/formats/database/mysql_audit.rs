//! MariaDB's audit plugin.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    pairs::set_own,
    scan::{integer, reject, set_some, set_source, split},
};

/// MariaDB server_audit: comma-separated records in a file or in syslog.
pub struct MysqlAudit;

impl Format for MysqlAudit {
    fn name(&self) -> &'static str {
        "mysql_audit"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "MariaDB Audit Plugin"
    }
    fn about(&self) -> &'static str {
        "timestamp,serverhost,username,host,connectionid,queryid,operation,database,object,retcode (MariaDB: Audit Plugin, Log Format)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "mariadb", services: &["audit"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["mysql-server_auditing", "mariadb-server_auditing"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/server_audit.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[",CONNECT,", ",FAILED_CONNECT,", ",DISCONNECT,", ",QUERY,", ",READ,", ",WRITE,"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let Record { stamp, head: [server, user, host, connection, query, operation, database], object } =
            read(line.message).ok_or(reject("mysql_audit_record"))?;
        stamp.into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp));
        set_some(event, field::HOST_NAME, server);
        set_some(event, field::USER_NAME, user);
        set_source(event, host);
        event.set(field::EVENT_ACTION, operation);
        for (name, value) in [("connection_id", connection), ("query_id", query), ("database", database)] {
            if !value.is_empty() {
                set_own(event, "mysql.audit.", name.as_bytes(), value);
            }
        }
        let (object, code) = crate::scan::rsplit(object, b",").unwrap_or((b"", object));
        let object = object.strip_prefix(b"'").and_then(|object| object.strip_suffix(b"'")).unwrap_or(object);
        set_some(event, field::MYSQL_QUERY, object);
        let failed = code != b"0";
        if failed {
            event.set(field::ERROR_CODE, code);
        }
        let outcome = if failed { "failure" } else { "success" };
        match operation {
            b"CONNECT" | b"FAILED_CONNECT" => event.classify("authentication", "start", "", outcome),
            b"DISCONNECT" => event.classify("session", "end", "", ""),
            _ => event.classify("database", "access", "", outcome),
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Record<'r> {
    stamp: Option<crate::envelope::Stamp>,
    head: [&'r [u8]; 7],
    /// The object, a comma and the return code.
    object: &'r [u8],
}

/// `20261122 09:14:07,db1,root,192.0.2.7,32,394,QUERY,shop,'SELECT …',0`; syslog has `db1 ` or nothing for the time.
fn read(text: &[u8]) -> Option<Record<'_>> {
    let (stamp, rest) = match layout::stamp(text) {
        Some((rest, stamp)) => (Some(stamp), rest.strip_prefix(b",")?),
        None => (None, text),
    };
    let mut rest = match (stamp, split(rest, b" ")) {
        // the instance's own name before the server's host
        (None, Some((name, after))) if !name.contains(&b',') => after,
        _ => rest,
    };
    let mut head: [&[u8]; 7] = [b""; 7];
    for cell in &mut head {
        let (value, after) = split(rest, b",")?;
        (*cell, rest) = (value, after);
    }
    let operation = head[5];
    let known = !operation.is_empty() && operation.iter().all(|b| b.is_ascii_uppercase() || *b == b'_');
    (known && integer(head[3]).is_some() && integer(head[4]).is_some()).then_some(Record { stamp, head, object: rest })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "20261122 09:14:07,db1.example.com,root,203.0.113.66,32,0,FAILED_CONNECT,,,1045",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("error.code", "1045"),
            ("event.action", "FAILED_CONNECT"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "db1.example.com"),
            ("mysql.audit.connection_id", "32"),
            ("mysql.audit.query_id", "0"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "20261122 09:14:07,db1.example.com,shop,app1,32,394,QUERY,shop,'SELECT a, b FROM orders',0",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "QUERY"),
            ("event.category", "database"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("host.name", "db1.example.com"),
            ("mysql.audit.connection_id", "32"),
            ("mysql.audit.database", "shop"),
            ("mysql.audit.query_id", "394"),
            ("mysql.query", "SELECT a, b FROM orders"),
            ("source.address", "app1"),
            ("source.domain", "app1"),
            ("user.name", "shop"),
        ],
    },
    Example {
        raw: "<190>Nov 22 09:14:07 mysql-server_auditing: db1 eff8a68bcd7f,root,203.0.113.66,13,0,CONNECT,,,0",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "CONNECT"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("host.name", "eff8a68bcd7f"),
            ("message", "db1 eff8a68bcd7f,root,203.0.113.66,13,0,CONNECT,,,0"),
            ("mysql.audit.connection_id", "13"),
            ("mysql.audit.query_id", "0"),
            ("process.name", "mysql-server_auditing"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example { raw: "20261122 09:14:07,db1.example.com,root,203.0.113.66,x,0,QUERY,,,0", expect: &[] },
];
