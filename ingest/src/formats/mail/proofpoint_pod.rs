//! Proofpoint on Demand.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Peer, Url},
        },
    },
};

/// Proofpoint on Demand: see the module.
pub static PROOFPOINT_POD: JsonFormat = JsonFormat {
    name: "proofpoint_pod",
    category: "mail",
    product: "Proofpoint on Demand",
    about: r#"message and mail transfer logs of the PoD Log API (proofpointcommunities.com, "Proofpoint on Demand Log API")"#,
    logsource: LogSource { category: "", product: "proofpoint", services: &["pod"] },
    keys: &[
        &["guid", "filter", "connection"],
        &["guid", "metadata", "filter"],
        &["sm", "pps", "ts"],
        &["guid", "msgParts"],
        &["sm", "data", "tls"],
    ],
    own: "proofpoint_pod.",
    always: &[("observer.vendor", "Proofpoint"), ("observer.product", "Proofpoint on Demand")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("ts", Is("@timestamp")),
    ("guid", Is("email.local_id")),
    ("sm.qid", Is("email.local_id")),
    ("disposition", Is("event.action")),
    ("filter.disposition", Is("event.action")),
    ("connection.host", Is("source.domain")),
    ("connection.ip", Peer("source")),
    ("connection.tls.inbound.cipher", Is("tls.cipher")),
    ("envelope.from", Is("email.from.address")),
    ("msg.parsedAddresses.from", Is("email.from.address")),
    ("envelope.rcpts", Is("email.to.address")),
    ("msg.parsedAddresses.to", Is("email.to.address")),
    ("sm.to", Is("email.to.address")),
    ("sm.from", Is("email.from.address")),
    ("msg.normalizedHeader.subject", Is("email.subject")),
    ("msg.header.subject", Is("email.subject")),
    ("msg.normalizedHeader.message-id", Is("email.message_id")),
    ("msg.parsedAddresses.reply-to", Is("email.reply_to.address")),
    ("sm.mailer", Is("email.x_mailer")),
    ("sm.dsn", Is("error.code")),
    ("sm.stat", Is("event.reason")),
    ("url", Url),
];

fn settle(event: &mut Event<'_>) {
    event.classify("email", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"guid":"rkuzwIede_tYDQ","ts":"2026-11-22T09:14:07.071953-0700","connection":{"ip":"203.0.113.66","host":"mail.example.net","helo":"mail.example.net"},"envelope":{"from":"x@example.net","rcpts":["anna@example.com"]},"filter":{"disposition":"discard","qid":"2AM9E7000303"},"msg":{"normalizedHeader":{"subject":["Invoice"],"message-id":["<1@example.net>"]}},"metadata":{"origin":{"data":{"agent":"m1.example.com"}}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T16:14:07.071953Z"),
            ("email.from.address", "x@example.net"),
            ("email.local_id", "rkuzwIede_tYDQ"),
            ("email.message_id", "<1@example.net>"),
            ("email.subject", "Invoice"),
            ("email.to.address", "anna@example.com"),
            ("event.action", "discard"),
            ("event.category", "email"),
            ("event.type", "info"),
            ("observer.product", "Proofpoint on Demand"),
            ("observer.vendor", "Proofpoint"),
            ("proofpoint_pod.connection.helo", "mail.example.net"),
            ("proofpoint_pod.filter.qid", "2AM9E7000303"),
            ("proofpoint_pod.metadata.origin.data.agent", "m1.example.com"),
            ("source.address", "203.0.113.66"),
            ("source.domain", "mail.example.net"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"{"data":"2026-11-22T09:14:08-07:00 m1 sendmail[22003]: 2AM9: to=anna","tls":{"version":"NONE"},"sm":{"to":["anna@example.com"],"dsn":"2.0.0","qid":"2AM9E7000304","stat":"Sent"},"pps":{"agent":"m1.example.com"},"ts":"2026-11-22T09:14:08.935763-0700"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T16:14:08.935763Z"),
            ("email.local_id", "2AM9E7000304"),
            ("email.to.address", "anna@example.com"),
            ("error.code", "2.0.0"),
            ("event.category", "email"),
            ("event.reason", "Sent"),
            ("event.type", "info"),
            ("observer.product", "Proofpoint on Demand"),
            ("observer.vendor", "Proofpoint"),
            ("proofpoint_pod.data", "2026-11-22T09:14:08-07:00 m1 sendmail[22003]: 2AM9: to=anna"),
            ("proofpoint_pod.pps.agent", "m1.example.com"),
            ("proofpoint_pod.tls.version", "NONE"),
        ],
    },
    Example { raw: r#"{"guid":"x","filter":{},"connection":"#, expect: &[] },
];
