//! open-appsec (Check Point's open web application firewall).

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
    table::verdict,
};

/// open-appsec's events.
pub static OPENAPPSEC: JsonFormat = JsonFormat {
    name: "openappsec",
    category: "firewall",
    product: "open-appsec",
    about: "events of open-appsec agents (docs.openappsec.io, Event Log Schema)",
    logsource: LogSource { category: "webserver", product: "openappsec", services: &["openappsec"] },
    keys: &[&["eventTime", "eventName", "eventSeverity", "eventData"], &["eventSource.agentId", "eventData"]],
    own: "openappsec.",
    always: &[("observer.product", "open-appsec"), ("observer.type", "waf")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("eventTime", Is("@timestamp")),
    ("eventName", Is("message")),
    ("eventSeverity", Is("log.level")),
    ("eventData.sourceIP", Peer("source")),
    ("eventData.sourcePort", Is("source.port")),
    ("eventData.httpHostName", Is("url.domain")),
    ("eventData.httpMethod", Is("http.request.method")),
    ("eventData.httpUriPath", Is("url.path")),
    ("eventData.httpUriQuery", Is("url.query")),
    ("eventData.httpResponseCode", Is("http.response.status_code")),
    ("eventData.ruleId", Is("rule.id")),
    ("eventData.ruleName", Is("rule.name")),
    ("eventData.securityAction", Is("event.action")),
    ("eventData.waapIncidentType", Is("rule.category")),
];

fn settle(event: &mut Event<'_>) {
    let verdict = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
    event.set_static(field::EVENT_KIND, "alert");
    event.classify("web", verdict, "", "");
    event.set_static(field::EVENT_CATEGORY, "intrusion_detection");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"eventTime":"2026-11-22T09:14:07.702","eventName":"Web Request","eventSeverity":"High","eventSource":{"agentId":"a1"},"eventData":{"sourceIP":"203.0.113.66","sourcePort":40001,"httpHostName":"www.example","httpMethod":"GET","httpUriPath":"/admin","ruleId":"Any","securityAction":"Prevent","waapIncidentType":"SQL Injection"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.702Z"),
            ("openappsec.eventSource.agentId", "a1"),
            ("log.level", "High"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "40001"),
            ("url.domain", "www.example"),
            ("http.request.method", "GET"),
            ("url.path", "/admin"),
            ("rule.id", "Any"),
            ("event.action", "Prevent"),
            ("rule.category", "SQL Injection"),
            ("observer.product", "open-appsec"),
            ("observer.type", "waf"),
            ("event.kind", "alert"),
            ("event.category", "web"),
            ("event.type", "denied"),
            ("event.category", "intrusion_detection"),
        ],
    },
    Example {
        raw: r#"{"eventTime":"2026-11-22T09:14:07.702","eventName":"Web Request","eventSeverity":"High","eventData":"#,
        expect: &[],
    },
];
