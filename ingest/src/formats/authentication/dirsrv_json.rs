//! 389 Directory Server, access log as JSON.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// 389 Directory Server, access log as JSON: see the module.
pub static DIRSRV_JSON: JsonFormat = JsonFormat {
    name: "dirsrv_json",
    category: "authentication",
    product: "389 Directory Server, access log as JSON",
    about: "access log in JSON of 389-ds 3.1 and later (port389.org/docs/389ds/design/logging-in-json-design.html)",
    logsource: LogSource { category: "", product: "linux", services: &["dirsrv", "ldap"] },
    keys: &[&["operation", "conn_id", "key"], &["operation", "conn_id", "utc_time"]],
    own: "dirsrv.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("local_time", Is("@timestamp")),
    ("utc_time", Is("@timestamp")),
    ("operation", Is("event.action")),
    ("client_ip", Peer("source")),
    ("server_ip", Peer("destination")),
    ("bind_dn", Is("user.name")),
    ("authzid", Is("user.name")),
    ("msg", Is("event.reason")),
    ("close_reason", Is("event.reason")),
];

fn settle(event: &mut Event<'_>) {
    let (action, code) = (said(event, "event.action").unwrap_or_default(), said(event, "dirsrv.err"));
    let failed = code.as_deref().is_some_and(|code| code != b"0");
    // tag 97 is the answer to a bind (RFC 4511 section 4.2.2), code 14 asks for the next step
    let of_bind = said(event, "dirsrv.tag").as_deref() == Some(b"97") && code.as_deref() != Some(b"14");
    match &action[..] {
        b"CONNECTION" => event.classify("network", "connection", "", ""),
        b"DISCONNECT" => event.classify("network", "end", "", ""),
        b"BIND" => event.classify("authentication", "info", "", ""),
        b"RESULT" if of_bind => {
            event.classify("authentication", "start", "", if failed { "failure" } else { "success" })
        }
        b"RESULT" => event.classify("", "info", "", if failed { "failure" } else { "success" }),
        _ => event.classify("", "access", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"local_time":"2026-11-22T09:14:07.250000000 +0000","operation":"CONNECTION","key":"1795338847-7","conn_id":7,"fd":64,"slot":64,"tls":false,"client_ip":"203.0.113.66","server_ip":"192.0.2.5"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("destination.address", "192.0.2.5"),
            ("destination.ip", "192.0.2.5"),
            ("dirsrv.conn_id", "7"),
            ("dirsrv.fd", "64"),
            ("dirsrv.key", "1795338847-7"),
            ("dirsrv.slot", "64"),
            ("dirsrv.tls", "false"),
            ("event.action", "CONNECTION"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"{"local_time":"2026-11-22T09:14:07.260000000 +0000","operation":"BIND","key":"1795338847-7","conn_id":7,"op_id":0,"bind_dn":"uid=anna,ou=people,dc=example,dc=com","version":3,"method":"SIMPLE"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.26Z"),
            ("dirsrv.conn_id", "7"),
            ("dirsrv.key", "1795338847-7"),
            ("dirsrv.method", "SIMPLE"),
            ("dirsrv.op_id", "0"),
            ("dirsrv.version", "3"),
            ("event.action", "BIND"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("user.name", "uid=anna,ou=people,dc=example,dc=com"),
        ],
    },
    Example {
        raw: r#"{"local_time":"2026-11-22T09:14:07.270000000 +0000","operation":"RESULT","key":"1795338847-7","conn_id":7,"op_id":0,"msg":"Invalid credentials","tag":97,"err":49,"nentries":0,"etime":"0.0012"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.27Z"),
            ("dirsrv.conn_id", "7"),
            ("dirsrv.err", "49"),
            ("dirsrv.etime", "0.0012"),
            ("dirsrv.key", "1795338847-7"),
            ("dirsrv.nentries", "0"),
            ("dirsrv.op_id", "0"),
            ("dirsrv.tag", "97"),
            ("event.action", "RESULT"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Invalid credentials"),
            ("event.type", "start"),
        ],
    },
    Example { raw: r#"{"operation":"BIND","key":"1","conn_id":"#, expect: &[] },
];
