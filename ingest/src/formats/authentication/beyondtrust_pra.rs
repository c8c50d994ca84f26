//! BeyondTrust Privileged Remote Access.

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

/// BeyondTrust Privileged Remote Access: see the module.
pub static BEYONDTRUST_PRA: JsonFormat = JsonFormat {
    name: "beyondtrust_pra",
    category: "authentication",
    product: "BeyondTrust Privileged Remote Access",
    about: "sessions' events (beyondtrust.com/docs/privileged-remote-access, Session API)",
    logsource: LogSource { category: "", product: "beyondtrust", services: &["pra"] },
    keys: &[&["event_type", "session_id", "jump_group"]],
    own: "beyondtrust.pra.",
    always: &[("observer.vendor", "BeyondTrust")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("event_type", Is("event.code")),
    ("jump_group.name", Is("group.name")),
    ("performed_by.name", Is("user.name")),
    ("data.filename", Is("file.name")),
    ("data.filesize", Is("file.size")),
    ("data.exeName", Is("process.executable")),
    ("data.text", Is("process.command_line")),
    ("data.windowName", Is("process.title")),
    ("data.private_ip", Peer("source")),
    ("data.hostname", Is("host.name")),
    ("body", Is("event.reason")),
    ("data.action_name", Is("event.action")),
];

fn settle(event: &mut Event<'_>) {
    let kind = match said(event, "event.code").unwrap_or_default().as_slice() {
        b"Session Start" => "start",
        b"Session End" => "end",
        _ => "info",
    };
    event.classify("session", kind, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":"1795338847","event_type":"Session Start","session_id":"a1b2","jump_group":{"type":"shared","name":"servers"},"performed_by":{"type":"representative","name":"anna"},"destination":{"name":"web1"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("beyondtrust.pra.destination.name", "web1"),
            ("beyondtrust.pra.jump_group.type", "shared"),
            ("beyondtrust.pra.performed_by.type", "representative"),
            ("beyondtrust.pra.session_id", "a1b2"),
            ("event.category", "session"),
            ("event.code", "Session Start"),
            ("event.type", "start"),
            ("group.name", "servers"),
            ("observer.vendor", "BeyondTrust"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: r#"{"event_type":"Session Start","session_id":"a1b2","jump_group":"#, expect: &[] },
];
