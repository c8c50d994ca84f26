//! Caddy: its structured logs.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Peer, Url},
        },
    },
    scan::{ip, set_source, split},
};

/// Caddy's logs as JSON, those of its Coraza firewall too.
pub static CADDY: JsonFormat = JsonFormat {
    name: "caddy",
    category: "web",
    product: "Caddy",
    about: "access and error logs of Caddy 2 (caddyserver.com/docs/logging), messages of its Coraza firewall",
    logsource: LogSource { category: "webserver", product: "caddy", services: &["caddy"] },
    keys: &[
        &["logger=http.*", "ts", "level", "msg"],
        &["logger=tls*", "ts", "level", "msg"],
        &["logger=admin*", "ts", "level", "msg"],
        &["request.remote_ip", "request.uri", "ts"],
    ],
    own: "caddy.",
    always: &[],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("ts", Is("@timestamp")),
    ("level", Is("log.level")),
    ("logger", Is("log.logger")),
    ("msg", Is("message")),
    ("error", Is("error.message")),
    ("request.client_ip", Peer("source")),
    ("request.remote_ip", Peer("source")),
    ("request.remote_addr", Peer("source")),
    ("request.remote_port", Is("source.port")),
    ("request.method", Is("http.request.method")),
    ("request.host", Is("url.domain")),
    ("request.uri", Url),
    ("request.headers.User-Agent", Is("user_agent.original")),
    ("request.headers.Referer", Is("http.request.referrer")),
    ("user_id", Is("user.name")),
    ("status", Is("http.response.status_code")),
    ("size", Is("http.response.body.bytes")),
    ("bytes_read", Is("http.request.body.bytes")),
];

fn settle(event: &mut Event<'_>) {
    // the firewall writes ModSecurity's own line into the message
    let told = event.bytes(field::MESSAGE).and_then(|text| {
        let (_, rest) = split(&text, b"[client \"").filter(|(before, _)| before.is_empty())?;
        let (client, _) = split(rest, b"\"")?;
        ip(client).map(|_| client.to_vec())
    });
    if let Some(client) = told {
        set_source(event, &client);
        return event.classify("web", "denied", "waf", "");
    }
    match event.int(field::HTTP_STATUS) {
        Some(status) => event.classify("web", "access", "", if status >= 400 { "failure" } else { "success" }),
        None => event.classify("web", "info", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"level":"info","ts":1795338847.25,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"203.0.113.66","remote_port":"51515","client_ip":"203.0.113.66","proto":"HTTP/2.0","method":"GET","host":"www.example","uri":"/a.php?b=1","headers":{"User-Agent":["curl/8.14.1"]}},"bytes_read":0,"user_id":"anna","duration":0.0012,"size":12450,"status":404}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("caddy.duration", "0.0012"),
            ("caddy.request.proto", "HTTP/2.0"),
            ("caddy.request.remote_ip", "203.0.113.66"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.type", "access"),
            ("http.request.body.bytes", "0"),
            ("http.request.method", "GET"),
            ("http.response.body.bytes", "12450"),
            ("http.response.status_code", "404"),
            ("log.level", "info"),
            ("log.logger", "http.log.access.log0"),
            ("message", "handled request"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("url.domain", "www.example"),
            ("url.extension", "php"),
            ("url.original", "/a.php?b=1"),
            ("url.path", "/a.php"),
            ("url.query", "b=1"),
            ("user.name", "anna"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"level":"error","ts":1795338848,"logger":"http.handlers.waf","msg":"[client \"203.0.113.66\"] Coraza: Warning. Remote Command Execution [id \"932220\"]"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "waf"),
            ("event.category", "web"),
            ("event.type", "denied"),
            ("log.level", "error"),
            ("log.logger", "http.handlers.waf"),
            ("message", r#"[client "203.0.113.66"] Coraza: Warning. Remote Command Execution [id "932220"]"#),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: r#"{"level":"error","ts":1795338848,"logger":"http.handlers.waf","msg":"#, expect: &[] },
];
