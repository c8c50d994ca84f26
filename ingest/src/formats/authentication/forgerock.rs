//! ForgeRock.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Outcome, Peer, Url},
        },
    },
};

/// ForgeRock: see the module.
pub static FORGEROCK: JsonFormat = JsonFormat {
    name: "forgerock",
    category: "authentication",
    product: "ForgeRock (Ping Identity) Platform",
    about: "audit events of AM and IDM (backstage.forgerock.com, Audit log reference)",
    logsource: LogSource { category: "", product: "forgerock", services: &["forgerock"] },
    keys: &[&["payload", "timestamp", "type"], &["eventName", "transactionId", "trackingIds"]],
    own: "forgerock.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("payload.timestamp", Is("@timestamp")),
    ("payload.eventName", Is("event.action")),
    ("payload.operation", Is("event.reason")),
    ("payload.message", Is("event.reason")),
    ("payload.component", Is("service.name")),
    ("payload.userId", Is("user.id")),
    ("payload.principal", Is("user.name")),
    ("payload.runAs", Is("user.effective.id")),
    ("payload.client.ip", Peer("client")),
    ("payload.client.port", Is("client.port")),
    ("payload.server.ip", Peer("server")),
    ("payload.server.port", Is("server.port")),
    ("payload.http.request.method", Is("http.request.method")),
    ("payload.http.request.path", Url),
    ("payload.http.request.headers.user-agent", Is("user_agent.original")),
    ("payload.response.statusCode", Is("http.response.status_code")),
    ("payload.result", Outcome),
    ("payload.response.status", Outcome),
    ("payload.level", Is("log.level")),
    ("payload.thread", Is("process.name")),
    ("payload.transactionId", Is("transaction.id")),
    ("timestamp", Is("@timestamp")),
    ("eventName", Is("event.action")),
    ("operation", Is("event.reason")),
    ("message", Is("event.reason")),
    ("component", Is("service.name")),
    ("userId", Is("user.id")),
    ("principal", Is("user.name")),
    ("runAs", Is("user.effective.id")),
    ("client.ip", Peer("client")),
    ("client.port", Is("client.port")),
    ("server.ip", Peer("server")),
    ("server.port", Is("server.port")),
    ("http.request.method", Is("http.request.method")),
    ("http.request.path", Url),
    ("http.request.headers.user-agent", Is("user_agent.original")),
    ("response.statusCode", Is("http.response.status_code")),
    ("result", Outcome),
    ("response.status", Outcome),
    ("level", Is("log.level")),
    ("thread", Is("process.name")),
    ("transactionId", Is("transaction.id")),
];

fn settle(event: &mut Event<'_>) {
    let topic = said(event, "forgerock.payload.topic").or_else(|| said(event, "forgerock.topic")).unwrap_or_default();
    let action = said(event, "event.action").unwrap_or_default();
    let (category, kind) = match () {
        () if topic == b"authentication" => ("authentication", "start"),
        () if action.starts_with(b"AM-LOGIN") => ("authentication", "start"),
        () if topic == b"config" => ("configuration", "change"),
        () if topic == b"activity" => ("iam", "change"),
        () if event.get(field::HTTP_METHOD).is_some() => ("web", "access"),
        () => ("", "info"),
    };
    event.classify(category, kind, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"payload":{"_id":"45463f84-1","client":{"ip":"203.0.113.66","port":40088},"component":"Authentication","eventName":"AM-LOGIN-COMPLETED","topic":"authentication","principal":["anna"],"result":"FAILED","timestamp":"2026-11-22T09:14:07.250Z","transactionId":"t-1","userId":"id=anna,ou=user"},"timestamp":"2026-11-22T09:14:07.3Z","type":"application/json"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("client.address", "203.0.113.66"),
            ("client.ip", "203.0.113.66"),
            ("client.port", "40088"),
            ("event.action", "AM-LOGIN-COMPLETED"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("forgerock.payload._id", "45463f84-1"),
            ("forgerock.payload.topic", "authentication"),
            ("forgerock.timestamp", "2026-11-22T09:14:07.3Z"),
            ("forgerock.type", "application/json"),
            ("service.name", "Authentication"),
            ("transaction.id", "t-1"),
            ("user.id", "id=anna,ou=user"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"{"payload":{"_id":"45463f84-2","client":{"ip":"192.0.2.10","port":88},"component":"OAuth","eventName":"AM-ACCESS-OUTCOME","http":{"request":{"method":"POST","path":"https://am.example.com/am/oauth2/introspect"}},"response":{"status":"SUCCESSFUL","statusCode":"200"},"timestamp":"2026-11-22T09:14:08.250Z"},"timestamp":"2026-11-22T09:14:08.3Z","type":"application/json"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.25Z"),
            ("client.address", "192.0.2.10"),
            ("client.ip", "192.0.2.10"),
            ("client.port", "88"),
            ("event.action", "AM-ACCESS-OUTCOME"),
            ("event.category", "web"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("forgerock.payload._id", "45463f84-2"),
            ("forgerock.timestamp", "2026-11-22T09:14:08.3Z"),
            ("forgerock.type", "application/json"),
            ("http.request.method", "POST"),
            ("http.response.status_code", "200"),
            ("service.name", "OAuth"),
            ("url.domain", "am.example.com"),
            ("url.original", "https://am.example.com/am/oauth2/introspect"),
            ("url.path", "/am/oauth2/introspect"),
            ("url.scheme", "https"),
        ],
    },
    Example {
        raw: r#"{"payload":{"eventName":"AM-LOGIN-COMPLETED"},"type":"application/json","timestamp":"#,
        expect: &[],
    },
];
