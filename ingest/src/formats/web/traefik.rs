//! Traefik's access log as JSON. Its other form is a common access line, which Apache's format reads.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer, Url},
        },
    },
};

/// Traefik's access log.
pub static TRAEFIK: JsonFormat = JsonFormat {
    name: "traefik",
    category: "web",
    product: "Traefik Proxy",
    about: "accessLog with format json: client, router, service, status (doc.traefik.io/traefik/observability/access-logs)",
    logsource: LogSource { category: "webserver", product: "traefik", services: &["traefik"] },
    keys: &[&["ClientHost", "DownstreamStatus", "RequestMethod"], &["ClientAddr", "DownstreamStatus", "RequestPath"]],
    own: "traefik.access.",
    always: &[],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("StartUTC", Is("@timestamp")),
    ("time", Is("@timestamp")),
    ("ClientHost", Peer("source")),
    ("ClientPort", Is("source.port")),
    ("ClientUsername", Is("user.name")),
    ("RequestMethod", Is("http.request.method")),
    ("RequestPath", Url),
    ("RequestHost", Is("url.domain")),
    ("RequestContentSize", Is("http.request.body.bytes")),
    ("DownstreamStatus", Is("http.response.status_code")),
    ("DownstreamContentSize", Is("http.response.body.bytes")),
    ("Duration", Is("event.duration")),
    ("request_User-Agent", Is("user_agent.original")),
    ("request_Referer", Is("http.request.referrer")),
    ("level", Is("log.level")),
];

fn settle(event: &mut Event<'_>) {
    if said(event, "user.name").as_deref() == Some(b"-") {
        event.remove(field::USER_NAME);
    }
    let failed = event.int(field::HTTP_STATUS).is_some_and(|status| status >= 400);
    event.classify("web", "access", "", if failed { "failure" } else { "success" });
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"ClientAddr":"203.0.113.66:51515","ClientHost":"203.0.113.66","ClientPort":"51515","ClientUsername":"-","DownstreamContentSize":19,"DownstreamStatus":404,"Duration":1234567,"OriginStatus":404,"RequestContentSize":0,"RequestHost":"shop.example.com","RequestMethod":"GET","RequestPath":"/a.php?b=1","RequestProtocol":"HTTP/1.1","RouterName":"shop@docker","StartUTC":"2026-11-22T09:14:07.25Z","level":"info","msg":"","request_User-Agent":"curl/8.14.1","time":"2026-11-22T09:14:07Z"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "web"),
            ("event.duration", "1234567"),
            ("event.outcome", "failure"),
            ("event.type", "access"),
            ("http.request.body.bytes", "0"),
            ("http.request.method", "GET"),
            ("http.response.body.bytes", "19"),
            ("http.response.status_code", "404"),
            ("log.level", "info"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("traefik.access.ClientAddr", "203.0.113.66:51515"),
            ("traefik.access.OriginStatus", "404"),
            ("traefik.access.RequestProtocol", "HTTP/1.1"),
            ("traefik.access.RouterName", "shop@docker"),
            ("traefik.access.time", "2026-11-22T09:14:07Z"),
            ("url.domain", "shop.example.com"),
            ("url.extension", "php"),
            ("url.original", "/a.php?b=1"),
            ("url.path", "/a.php"),
            ("url.query", "b=1"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: r#"{"ClientHost":"203.0.113.66","DownstreamStatus":404,"RequestMethod":"#, expect: &[] },
];
