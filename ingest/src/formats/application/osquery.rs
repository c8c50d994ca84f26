//! Results of osquery's scheduled queries.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is},
        },
    },
};

/// Results of osquery's scheduled queries.
pub static OSQUERY: JsonFormat = JsonFormat {
    name: "osquery",
    category: "application",
    product: "osquery",
    about: "results and snapshots of scheduled queries in event and snapshot format (osquery: Logging)",
    logsource: LogSource { category: "application", product: "osquery", services: &["osquery"] },
    keys: &[&["hostIdentifier", "calendarTime", "name"], &["hostIdentifier", "unixTime", "name"]],
    own: "osquery.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("unixTime", Is("@timestamp")),
    ("name", Is("rule.name")),
    ("hostIdentifier", All(&["host.name", "host.hostname"])),
    ("action", Is("event.action")),
    ("decorations.username", Is("user.name")),
    ("decorations.host_uuid", Is("host.id")),
    ("columns.path", Is("file.path")),
    ("columns.filename", Is("file.name")),
    ("columns.size", Is("file.size")),
    ("columns.type", Is("file.type")),
    ("columns.directory", Is("file.directory")),
    ("columns.inode", Is("file.inode")),
    ("columns.uid", Is("file.uid")),
    ("columns.gid", Is("file.gid")),
    ("columns.mode", Is("file.mode")),
    ("columns.process", Is("process.name")),
    ("columns.source_url", Is("url.full")),
];

/// Columns of a file count as one only beside its path.
const OF_A_FILE: [&str; 5] = ["file.type", "file.uid", "file.gid", "file.mode", "file.inode"];

fn settle(event: &mut Event<'_>) {
    if said(event, "file.path").is_none() {
        for name in OF_A_FILE {
            crate::Field::intern(name).into_iter().for_each(|field| event.remove(field));
        }
    }
    event.set_static(field::EVENT_TYPE, "info");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"name":"pack_incident-response_listening_ports","hostIdentifier":"web1.example.com","calendarTime":"Sun Nov 22 09:14:07 2026 UTC","unixTime":1795338847,"epoch":0,"counter":0,"numerics":false,"decorations":{"host_uuid":"72e1287b-d1bc-4fc6-b9d8-64f4352776a9","username":"b.jones"},"columns":{"address":"0.0.0.0","pid":"4711","port":"8080"},"action":"added"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "added"),
            ("event.type", "info"),
            ("host.hostname", "web1.example.com"),
            ("host.id", "72e1287b-d1bc-4fc6-b9d8-64f4352776a9"),
            ("host.name", "web1.example.com"),
            ("osquery.calendarTime", "Sun Nov 22 09:14:07 2026 UTC"),
            ("osquery.columns.address", "0.0.0.0"),
            ("osquery.columns.pid", "4711"),
            ("osquery.columns.port", "8080"),
            ("osquery.counter", "0"),
            ("osquery.epoch", "0"),
            ("osquery.numerics", "false"),
            ("rule.name", "pack_incident-response_listening_ports"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"name":"file_events","hostIdentifier":"web1.example.com","calendarTime":"Sun Nov 22 09:14:07 2026 UTC","unixTime":"1795338847","epoch":"0","counter":"7","columns":{"path":"/etc/passwd","directory":"/etc","size":"1842","type":"regular","uid":"0","gid":"0","mode":"0644","inode":"131"},"action":"added"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "added"),
            ("event.type", "info"),
            ("file.directory", "/etc"),
            ("file.gid", "0"),
            ("file.inode", "131"),
            ("file.mode", "0644"),
            ("file.path", "/etc/passwd"),
            ("file.size", "1842"),
            ("file.type", "regular"),
            ("file.uid", "0"),
            ("host.hostname", "web1.example.com"),
            ("host.name", "web1.example.com"),
            ("osquery.calendarTime", "Sun Nov 22 09:14:07 2026 UTC"),
            ("osquery.counter", "7"),
            ("osquery.epoch", "0"),
            ("rule.name", "file_events"),
        ],
    },
    Example {
        raw: r#"{"name":"file_events","hostIdentifier":"web1.example.com","calendarTime":"Sun Nov 22"#,
        expect: &[],
    },
];
