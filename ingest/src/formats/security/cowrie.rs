//! Cowrie, a honeypot for SSH and Telnet.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify_action},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// Cowrie's events as JSON.
pub static COWRIE: JsonFormat = JsonFormat {
    name: "cowrie",
    category: "security",
    product: "Cowrie",
    about: "events of Cowrie's JSON log (docs.cowrie.org, OUTPUT Event Code Reference)",
    logsource: LogSource { category: "application", product: "cowrie", services: &["cowrie", "honeypot"] },
    keys: &[&["eventid", "session", "src_ip"]],
    own: "cowrie.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("eventid", Is("event.action")),
    ("message", Is("message")),
    ("sensor", Is("observer.name")),
    ("src_ip", Peer("source")),
    ("src_port", Is("source.port")),
    ("dst_ip", Peer("destination")),
    ("dst_port", Is("destination.port")),
    ("protocol", Is("network.protocol")),
    ("username", Is("user.name")),
    ("input", Is("process.command_line")),
    ("url", Is("url.original")),
    ("shasum", Is("file.hash.sha256")),
    ("outfile", Is("file.path")),
    ("version", Is("user_agent.original")),
];

const CLASSES: &[Class] = &[
    Class("cowrie.login.success", "authentication", "start", "success"),
    Class("cowrie.login.failed", "authentication", "start", "failure"),
    Class("cowrie.session.connect", "network", "connection start", ""),
    Class("cowrie.session.closed", "network", "connection end", ""),
    Class("cowrie.session.file_*", "file", "creation", ""),
    Class("cowrie.session.*", "session", "info", ""),
    Class("cowrie.command.*", "process", "start", ""),
    Class("cowrie.direct-tcpip.*", "network", "connection", ""),
    Class("cowrie.client.*", "network", "info", ""),
];

fn settle(event: &mut Event<'_>) {
    classify_action(event, CLASSES);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"eventid":"cowrie.login.failed","username":"root","password":"123456","message":"login attempt [root/123456] failed","sensor":"pot1","timestamp":"2026-11-22T09:14:07.123456Z","src_ip":"203.0.113.66","session":"2a5e755afa79"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.123456Z"),
            ("cowrie.password", "123456"),
            ("cowrie.session", "2a5e755afa79"),
            ("event.action", "cowrie.login.failed"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("observer.name", "pot1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"{"session":"2a5e755afa79","protocol":"ssh","src_ip":"203.0.113.66","src_port":37416,"dst_ip":"192.0.2.5","dst_port":2222,"eventid":"cowrie.session.connect","sensor":"pot1","timestamp":"2026-11-22T09:14:06.123456Z","message":"New connection"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:06.123456Z"),
            ("cowrie.session", "2a5e755afa79"),
            ("destination.address", "192.0.2.5"),
            ("destination.ip", "192.0.2.5"),
            ("destination.port", "2222"),
            ("event.action", "cowrie.session.connect"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "start"),
            ("network.protocol", "ssh"),
            ("observer.name", "pot1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "37416"),
        ],
    },
    Example {
        raw: r#"{"eventid":"cowrie.command.input","input":"uname -a","message":"CMD: uname -a","sensor":"pot1","timestamp":"2026-11-22T09:14:09Z","src_ip":"203.0.113.66","session":"2a5e755afa79"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("cowrie.session", "2a5e755afa79"),
            ("event.action", "cowrie.command.input"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("observer.name", "pot1"),
            ("process.command_line", "uname -a"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: r#"{"eventid":"cowrie.login.failed","session":"2a5e","src_ip":"#, expect: &[] },
];
