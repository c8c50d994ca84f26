//! Seagate Lyve Cloud.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is, Peer},
        },
    },
};

/// Seagate Lyve Cloud: see the module.
pub static LYVE_CLOUD: JsonFormat = JsonFormat {
    name: "lyve_cloud",
    category: "cloud",
    product: "Seagate Lyve Cloud",
    about: "S3 API audit log (help.lyvecloud.seagate.com)",
    logsource: LogSource { category: "", product: "seagate", services: &["lyve_cloud"] },
    keys: &[&["auditEntry", "serviceAccountName"]],
    own: "lyve.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("auditEntry.time", Is("@timestamp")),
    ("auditEntry.api.name", Is("event.action")),
    ("auditEntry.api.statusCode", Is("http.response.status_code")),
    ("auditEntry.responseHeader.Content-Length", Is("http.response.body.bytes")),
    ("auditEntry.responseHeader.Content-Type", Is("http.response.mime_type")),
    ("auditEntry.userAgent", Is("user_agent.original")),
    ("auditEntry.remoteHost", Peer("source")),
    ("auditEntry.remotehost", Peer("source")),
    ("serviceAccountName", Is("user.name")),
    ("serviceAccountCreatorId", All(&["user.id", "user.email"])),
    ("auditEntry.api.object", Is("file.path")),
];

fn settle(event: &mut Event<'_>) {
    let failed = event.int(field::HTTP_STATUS).is_some_and(|status| status >= 400);
    event.classify("file", "access", "", if failed { "failure" } else { "success" });
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"serviceAccountCreatorId":"anna@example.com","serviceAccountName":"backup","auditEntry":{"time":"2026-11-22T09:14:07.25Z","api":{"name":"GetObject","bucket":"b1","object":"a/b.txt","status":"Forbidden","statusCode":403},"remotehost":"203.0.113.66","userAgent":"aws-cli/2.1","responseHeader":{"Content-Length":"243","Content-Type":"application/xml"}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "GetObject"),
            ("event.category", "file"),
            ("event.outcome", "failure"),
            ("event.type", "access"),
            ("file.path", "a/b.txt"),
            ("http.response.body.bytes", "243"),
            ("http.response.mime_type", "application/xml"),
            ("http.response.status_code", "403"),
            ("lyve.auditEntry.api.bucket", "b1"),
            ("lyve.auditEntry.api.status", "Forbidden"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.email", "anna@example.com"),
            ("user.id", "anna@example.com"),
            ("user.name", "backup"),
            ("user_agent.original", "aws-cli/2.1"),
        ],
    },
    Example { raw: r#"{"serviceAccountName":"backup","auditEntry":"#, expect: &[] },
];
