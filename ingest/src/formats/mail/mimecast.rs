//! Mimecast: its events as JSON, those of the older log calls and those of the newer streams.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Peer, Url},
        },
    },
};

/// Events of Mimecast's mail gateway and its administration.
pub static MIMECAST: JsonFormat = JsonFormat {
    name: "mimecast",
    category: "mail",
    product: "Mimecast",
    about: "events of Mimecast as JSON: SIEM streams, audit, DLP and targeted threat protection (integrations.mimecast.com)",
    logsource: LogSource { category: "", product: "mimecast", services: &["mimecast"] },
    keys: &[
        &["processingId", "aggregateId"],
        &["auditType", "eventInfo", "eventTime"],
        &["senderAddress", "recipientAddress", "route"],
        &["senderAddress", "recipientAddress", "definition"],
        &["senderAddress", "recipientAddress", "taggedMalicious"],
        &["userEmailAddress", "ttpDefinition"],
        &["acc", "datetime", "aCode"],
    ],
    own: "mimecast.",
    always: &[("event.kind", "event")],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("eventTime", Is("@timestamp")),
    ("datetime", Is("@timestamp")),
    ("action", Is("event.action")),
    ("subtype", Is("event.action")),
    ("Act", Is("event.action")),
    ("senderEnvelope", Is("email.from.address")),
    ("senderAddress", Is("email.from.address")),
    ("Sender", Is("email.from.address")),
    ("recipients", Is("email.to.address")),
    ("recipientAddress", Is("email.to.address")),
    ("userEmailAddress", Is("email.to.address")),
    ("Rcpt", Is("email.to.address")),
    ("subject", Is("email.subject")),
    ("Subject", Is("email.subject")),
    ("messageId", Is("email.message_id")),
    ("MsgId", Is("email.message_id")),
    ("aCode", Is("email.local_id")),
    ("route", Is("email.direction")),
    ("direction", Is("email.direction")),
    ("Dir", Is("email.direction")),
    ("senderIp", Peer("source")),
    ("senderIpAddress", Peer("source")),
    ("sendingIp", Peer("source")),
    ("IP", Peer("source")),
    ("destinationIp", Peer("destination")),
    ("senderDomain", Is("source.user.domain")),
    ("user", Account("user")),
    ("policy", Is("rule.name")),
    ("definition", Is("rule.name")),
    ("ttpDefinition", Is("rule.name")),
    ("url", Url),
    ("fileName", Is("file.name")),
    ("Cphr", Is("tls.cipher")),
    ("tlsCipher", Is("tls.cipher")),
    ("TlsVer", Is("tls.version")),
    ("tlsVersion", Is("tls.version")),
    ("rejectionInfo", Is("event.reason")),
    ("RejInfo", Is("event.reason")),
    ("Hld", Is("event.reason")),
    ("eventInfo", Is("message")),
];

fn settle(event: &mut Event<'_>) {
    let mail = event.get(field::EMAIL_FROM).is_some();
    event.classify(if mail { "email" } else { "configuration" }, "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"processingId":"p-1","aggregateId":"a-1","type":"receipt","subtype":"Rej","timestamp":1795338847250,"senderEnvelope":"spam@example.net","recipients":"anna@example.com","subject":"prize","senderIp":"203.0.113.66","direction":"Inbound","messageId":"<1@example.net>","rejectionInfo":"blocked sender"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("email.direction", "Inbound"),
            ("email.from.address", "spam@example.net"),
            ("email.message_id", "<1@example.net>"),
            ("email.subject", "prize"),
            ("email.to.address", "anna@example.com"),
            ("event.action", "Rej"),
            ("event.category", "email"),
            ("event.kind", "event"),
            ("event.reason", "blocked sender"),
            ("event.type", "info"),
            ("mimecast.aggregateId", "a-1"),
            ("mimecast.processingId", "p-1"),
            ("mimecast.type", "receipt"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"{"auditType":"User Logged On","eventInfo":"Successful login, from 192.0.2.17","eventTime":"2026-11-22T09:14:07+0000","user":"anna@example.com","id":"e-1","category":"authentication_logs"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "configuration"),
            ("event.kind", "event"),
            ("event.type", "info"),
            ("message", "Successful login, from 192.0.2.17"),
            ("mimecast.auditType", "User Logged On"),
            ("mimecast.category", "authentication_logs"),
            ("mimecast.id", "e-1"),
            ("user.domain", "example.com"),
            ("user.email", "anna@example.com"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: r#"{"processingId":"p-1","aggregateId":"#, expect: &[] },
];
