//! Delinea Platform.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, All, Is, Peer},
        },
    },
};

/// Delinea Platform: see the module.
pub static DELINEA_PRA: JsonFormat = JsonFormat {
    name: "delinea_pra",
    category: "authentication",
    product: "Delinea Platform",
    about: "audit events and engine logs of the Delinea Platform (docs.delinea.com)",
    logsource: LogSource { category: "", product: "delinea", services: &["platform"] },
    keys: &[
        &["engine_id", "level", "msg"],
        &["Event type", "Initiated by", "Action"],
        &["eventType.name", "actor.name", "displayMessage"],
    ],
    own: "delinea.",
    always: &[("observer.vendor", "Delinea")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("time", Is("@timestamp")),
    ("Date", Is("@timestamp")),
    ("eventDateTime", Is("@timestamp")),
    ("level", Is("log.level")),
    ("Level", Is("log.level")),
    ("eventType.level", Is("log.level")),
    ("msg", Is("event.reason")),
    ("Action", Is("event.reason")),
    ("displayMessage", Is("event.reason")),
    ("who", All(&["source.user.name", "user.name"])),
    ("Initiated by", All(&["source.user.name", "user.name"])),
    ("Event type", Is("event.action")),
    ("eventType.name", Is("event.action")),
    ("eventType.id", Is("event.code")),
    ("error", Is("error.message")),
    ("service.type", Is("event.provider")),
    ("service.identifier", Is("observer.serial_number")),
    ("service.version", Is("observer.version")),
    ("source.host.network.ipAddress", Peer("source")),
    ("source.host.network.port", Is("source.port")),
    ("source.host.network.domain", Is("source.domain")),
    ("source.name", Is("host.name")),
    ("source.host.client.userAgent", Is("user_agent.original")),
    ("Target", Peer("destination")),
    ("target.host.network.port", Is("destination.port")),
    ("actor.name", Account("user")),
    ("actor.displayName", Is("user.full_name")),
    ("actor.email", Is("user.email")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"level":"info","time":"2026-11-22T09:14:07Z","msg":"session started","who":"anna","engine_id":"e-1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("delinea.engine_id", "e-1"),
            ("event.reason", "session started"),
            ("event.type", "info"),
            ("log.level", "info"),
            ("observer.vendor", "Delinea"),
            ("source.user.name", "anna"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"{"eventType":{"id":"10007","name":"SECRET - VIEW","level":"Information"},"displayMessage":"Secret viewed","actor":{"name":"anna@example.com","displayName":"Anna Weber"},"source":{"name":"desk7","host":{"network":{"ipAddress":"192.0.2.17"}}},"eventDateTime":"2026-11-22T09:14:08Z"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "SECRET - VIEW"),
            ("event.code", "10007"),
            ("event.reason", "Secret viewed"),
            ("event.type", "info"),
            ("host.name", "desk7"),
            ("log.level", "Information"),
            ("observer.vendor", "Delinea"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.domain", "example.com"),
            ("user.email", "anna@example.com"),
            ("user.full_name", "Anna Weber"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: r#"{"level":"info","msg":"x","engine_id":"#, expect: &[] },
];
