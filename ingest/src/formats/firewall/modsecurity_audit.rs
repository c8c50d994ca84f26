//! ModSecurity's audit log as JSON, versions 2 and 3.

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
};

/// ModSecurity's audit log.
pub static MODSECURITY_AUDIT: JsonFormat = JsonFormat {
    name: "modsecurity_audit",
    category: "firewall",
    product: "ModSecurity",
    about: "the audit log with SecAuditLogFormat JSON (ModSecurity Reference Manual)",
    logsource: LogSource { category: "webserver", product: "modsecurity", services: &["modsecurity"] },
    keys: &[
        &["transaction.client_ip", "transaction.request"],
        &["transaction.transaction_id", "transaction.remote_address"],
    ],
    own: "modsecurity.",
    always: &[("observer.product", "ModSecurity"), ("observer.type", "waf")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("transaction.client_ip", Peer("source")),
    ("transaction.remote_address", Peer("source")),
    ("transaction.client_port", Is("source.port")),
    ("transaction.remote_port", Is("source.port")),
    ("transaction.host_ip", Peer("destination")),
    ("transaction.local_address", Peer("destination")),
    ("transaction.host_port", Is("destination.port")),
    ("transaction.local_port", Is("destination.port")),
    ("transaction.id", Is("event.id")),
    ("transaction.transaction_id", Is("event.id")),
    ("transaction.request.method", Is("http.request.method")),
    ("transaction.request.http_version", Is("http.version")),
    ("transaction.request.headers.Host", Is("url.domain")),
    ("transaction.request.headers.host", Is("url.domain")),
    ("transaction.request.headers.User-Agent", Is("user_agent.original")),
    ("transaction.request.headers.user-agent", Is("user_agent.original")),
    ("transaction.request.headers.Referer", Is("http.request.referrer")),
    ("transaction.response.http_code", Is("http.response.status_code")),
    ("transaction.response.headers.Content-Type", Is("http.response.mime_type")),
    ("request.headers.Host", Is("url.domain")),
    ("request.headers.User-Agent", Is("user_agent.original")),
    ("request.headers.Referer", Is("http.request.referrer")),
    ("response.status", Is("http.response.status_code")),
    ("response.headers.Content-Type", Is("http.response.mime_type")),
    ("response.headers.Content-Length", Is("http.response.bytes")),
    ("transaction.messages.message", Is("message")),
    ("transaction.messages.details.ruleId", Is("rule.id")),
];

fn settle(event: &mut Event<'_>) {
    let said = |name: &str| crate::json::format::said(event, name);
    let line = said("modsecurity.request.request_line");
    let target = said("modsecurity.transaction.request.uri");
    let time = said("modsecurity.transaction.time").and_then(|text| crate::web::clf_stamp(text.get(..26)?));
    if let Some(stamp) = time {
        event.set_stamp(field::TIMESTAMP, stamp);
    } else if let Some(text) = said("modsecurity.transaction.time_stamp")
        // `Sun Nov 22 09:14:07 2026`
        && let Some((_, stamp)) = text.get(4..).and_then(crate::envelope::bsd_stamp)
    {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
    match (line, target) {
        (Some(line), _) => crate::web::set_request(event, &line),
        (_, Some(target)) => crate::web::set_url(event, &target),
        _ => {}
    }
    let denied = event.int(field::HTTP_STATUS).is_some_and(|status| status == 403);
    event.set_static(field::EVENT_KIND, "alert");
    event.classify("web", if denied { "denied" } else { "access" }, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"transaction":{"client_ip":"203.0.113.66","time_stamp":"Sun Nov 22 09:14:07 2026","client_port":44460,"host_ip":"192.0.2.80","host_port":443,"id":"1621","request":{"method":"GET","http_version":1.1,"uri":"/?id=1%20or%201","headers":{"Host":"www.example","User-Agent":"curl/8.0"}},"response":{"http_code":403,"headers":{"Content-Type":"text/html"}},"messages":[{"message":"SQL Injection Attack","details":{"ruleId":"942100"}}]}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("modsecurity.transaction.time_stamp", "Sun Nov 22 09:14:07 2026"),
            ("modsecurity.transaction.request.uri", "/?id=1%20or%201"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "44460"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("destination.port", "443"),
            ("event.id", "1621"),
            ("http.request.method", "GET"),
            ("http.version", "1.1"),
            ("url.domain", "www.example"),
            ("user_agent.original", "curl/8.0"),
            ("http.response.status_code", "403"),
            ("http.response.mime_type", "text/html"),
            ("rule.id", "942100"),
            ("observer.product", "ModSecurity"),
            ("observer.type", "waf"),
            ("url.original", "/?id=1%20or%201"),
            ("url.path", "/"),
            ("url.query", "id=1%20or%201"),
            ("event.kind", "alert"),
            ("event.category", "web"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: r#"{"transaction":{"time":"22/Nov/2026:09:15:00 +0100","transaction_id":"Yj2W","remote_address":"203.0.113.66","remote_port":47461,"local_address":"192.0.2.80","local_port":443},"request":{"request_line":"GET /?id=3 HTTP/2.0","headers":{"Host":"www.example"}},"response":{"status":200}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:15:00Z"),
            ("modsecurity.transaction.time", "22/Nov/2026:09:15:00 +0100"),
            ("modsecurity.request.request_line", "GET /?id=3 HTTP/2.0"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "47461"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("destination.port", "443"),
            ("event.id", "Yj2W"),
            ("url.domain", "www.example"),
            ("http.response.status_code", "200"),
            ("observer.product", "ModSecurity"),
            ("observer.type", "waf"),
            ("http.request.method", "GET"),
            ("http.version", "2.0"),
            ("url.original", "/?id=3"),
            ("url.path", "/"),
            ("url.query", "id=3"),
            ("event.kind", "alert"),
            ("event.category", "web"),
            ("event.type", "access"),
        ],
    },
    Example { raw: r#"{"transaction":{"client_ip":"203.0.113.66","request":"#, expect: &[] },
];
