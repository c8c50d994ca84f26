//! Envoy's access log as JSON, in the keys that its documentation and gateways built on it use.

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
};

/// Envoy's access log as JSON.
pub static ENVOY_JSON: JsonFormat = JsonFormat {
    name: "envoy_json",
    category: "web",
    product: "Envoy, Istio, Envoy Gateway",
    about: "access log with json_format: start_time, method, path, response_code, addresses (envoyproxy.io, access logging; gateway.envoyproxy.io, proxy access logs)",
    logsource: LogSource { category: "webserver", product: "envoy", services: &["envoy", "istio"] },
    keys: &[
        &["start_time", "method", "response_code", "downstream_remote_address"],
        &["start_time", "method", "response_code", "x-envoy-origin-path"],
    ],
    own: "envoy.",
    always: &[],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("start_time", Is("@timestamp")),
    ("method", Is("http.request.method")),
    ("x-envoy-origin-path", Url),
    ("path", Url),
    ("response_code", Is("http.response.status_code")),
    ("downstream_remote_address", Peer("source")),
    ("downstream_local_address", Peer("destination")),
    (":authority", Is("url.domain")),
    ("authority", Is("url.domain")),
    ("user-agent", Is("user_agent.original")),
    ("user_agent", Is("user_agent.original")),
    ("x-request-id", Is("http.request.id")),
    ("request_id", Is("http.request.id")),
    ("bytes_received", Is("http.request.bytes")),
    ("bytes_sent", Is("http.response.bytes")),
];

fn settle(event: &mut Event<'_>) {
    let failed = event.int(field::HTTP_STATUS).is_some_and(|status| status >= 400);
    event.classify("web", "access", "", if failed { "failure" } else { "success" });
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"start_time":"2026-11-22T09:14:07.100Z","method":"GET","x-envoy-origin-path":"/a?b=1","response_code":404,"response_flags":"NR","bytes_received":0,"bytes_sent":12,"duration":2,"user-agent":"curl/8.14.1","x-request-id":"d1",":authority":"shop.example.com","downstream_remote_address":"203.0.113.66:40000"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.1Z"),
            ("envoy.duration", "2"),
            ("envoy.response_flags", "NR"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.type", "access"),
            ("http.request.bytes", "0"),
            ("http.request.id", "d1"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "12"),
            ("http.response.status_code", "404"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "40000"),
            ("url.domain", "shop.example.com"),
            ("url.original", "/a?b=1"),
            ("url.path", "/a"),
            ("url.query", "b=1"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"start_time":"2026-11-22T09:14:07.100Z","method":"GET","response_code":,"downstream_remote_address":"203.0.113.66:40000"}"#,
        expect: &[],
    },
];
