//! VMware Carbon Black EDR's events.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify_action},
        table::{
            Row, Table,
            To::{Account, Is},
        },
    },
};

/// Events of the server's event forwarder.
pub static CARBONBLACK_EDR: JsonFormat = JsonFormat {
    name: "carbonblack_edr",
    category: "security",
    product: "VMware Carbon Black EDR",
    about: "JSON of the Carbon Black EDR event forwarder (github.com/carbonblack/cb-event-forwarder)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["json.cb_server"],
        &["json.type", "json.server_name"],
        &["cb_server", "type", "timestamp"],
        &["cb_server", "type", "event_type"],
        &["json.cb_version", "json.type"],
    ],
    own: "carbonblack.",
    always: &[
        ("event.kind", "event"),
        ("observer.vendor", "VMWare"),
        ("observer.product", "Carbon Black EDR"),
        ("observer.type", "edr"),
    ],
    table: Table::inside(&["json."], TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("event_timestamp", Is("@timestamp")),
    ("@timestamp", Is("@timestamp")),
    ("type", Is("event.action")),
    ("cb_server", Is("observer.name")),
    ("server_name", Is("observer.name")),
    ("cb_version", Is("observer.version")),
    ("hostname", Is("host.name")),
    ("docs.hostname", Is("host.name")),
    ("computer_name", Is("host.name")),
    ("username", Account("user")),
    ("protocol", Is("network.iana_number")),
    ("local_ip", Is("source.ip")),
    ("local_port", Is("source.port")),
    ("remote_ip", Is("destination.ip")),
    ("remote_port", Is("destination.port")),
    ("domain", Is("destination.domain")),
    ("size", Is("file.size")),
    ("docs.orig_mod_len", Is("file.size")),
    ("docs.observed_filename", Is("file.path")),
    ("file_path", Is("file.path")),
    ("path", Is("file.path")),
    ("md5", Is("file.hash.md5")),
    ("sha256", Is("file.hash.sha256")),
    ("pid", Is("process.pid")),
    ("docs.process_pid", Is("process.pid")),
    ("process_guid", Is("process.entity_id")),
    ("docs.unique_id", Is("process.entity_id")),
    ("command_line", Is("process.command_line")),
    ("docs.cmdline", Is("process.command_line")),
    ("docs.path", Is("process.executable")),
    ("process_path", Is("process.executable")),
    ("docs.process_name", Is("process.name")),
    ("process_name", Is("process.name")),
    ("docs.process_md5", Is("process.hash.md5")),
    ("process_md5", Is("process.hash.md5")),
    ("docs.start", Is("process.start")),
    ("parent_pid", Is("process.parent.pid")),
    ("docs.parent_pid", Is("process.parent.pid")),
    ("docs.parent_name", Is("process.parent.name")),
    ("docs.parent_md5", Is("process.parent.hash.md5")),
    ("docs.parent_unique_id", Is("process.parent.entity_id")),
    ("watchlist_name", Is("rule.name")),
    ("feed_name", Is("rule.name")),
];

const CLASSES: &[Class] = &[
    Class("ingress.event.procstart", "process", "start", ""),
    Class("ingress.event.procend", "process", "end", ""),
    Class("ingress.event.netconn", "network", "connection", ""),
    Class("ingress.event.filemod", "file", "change", ""),
    Class("ingress.event.regmod", "registry", "change", ""),
    Class("ingress.event.moduleload", "driver", "start", ""),
    Class("ingress.event.*", "host", "info", ""),
    Class("alert.*", "malware", "info", ""),
    Class("watchlist.*", "malware", "info", ""),
    Class("feed.*", "malware", "info", ""),
    Class("binaryinfo.*", "file", "info", ""),
];

fn settle(event: &mut Event<'_>) {
    classify_action(event, CLASSES);
    if let Some(number) = event.bytes(field::NETWORK_IANA_NUMBER).map(|number| number.into_owned()) {
        event.remove(field::NETWORK_IANA_NUMBER);
        crate::web::set_protocol_number(event, &number);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"cb_server":"cbserver","computer_name":"pc1","event_type":"netconn","type":"ingress.event.netconn","timestamp":1795338847,"protocol":6,"local_ip":"192.0.2.7","local_port":51515,"remote_ip":"203.0.113.66","remote_port":443,"process_guid":"p-1","pid":4711,"md5":"00bb"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("carbonblack.event_type", "netconn"),
            ("destination.ip", "203.0.113.66"),
            ("destination.port", "443"),
            ("event.action", "ingress.event.netconn"),
            ("event.category", "network"),
            ("event.kind", "event"),
            ("event.type", "connection"),
            ("file.hash.md5", "00bb"),
            ("host.name", "pc1"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("observer.name", "cbserver"),
            ("observer.product", "Carbon Black EDR"),
            ("observer.type", "edr"),
            ("observer.vendor", "VMWare"),
            ("process.entity_id", "p-1"),
            ("process.pid", "4711"),
            ("source.ip", "192.0.2.7"),
            ("source.port", "51515"),
        ],
    },
    Example { raw: r#"{"cb_server":"cbserver","type":"ingress.event.netconn","timestamp":17953"#, expect: &[] },
];
