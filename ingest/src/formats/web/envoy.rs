//! Envoy and Istio: access logs in their default formats.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// Envoy and Istio: see the module.
pub static ENVOY: Daemon = Daemon {
    name: "envoy",
    category: "web",
    product: "Envoy and Istio",
    about: "access logs of Envoy (envoyproxy.io, access logging) and Istio (istio.io, default access log format)",
    logsource: LogSource { category: "webserver", product: "envoy", services: &["envoy", "istio"] },
    programs: &["envoy", "istio-proxy"],
    paths: &[],
    structure: Structure::Holds(&[
        " via_upstream ",
        "\" 0 - ",
        "Z] \"GET /",
        "Z] \"POST /",
        "Z] \"- - -\" 0 ",
        "Z] \"HEAD /",
        "Z] \"PUT /",
        "Z] \"OPTIONS /",
        "Z] \"DELETE /",
    ]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        r#"[{@timestamp}] "{http.request.method:word} {url} HTTP/{http.version:word}" {http.response.status_code} {envoy.response_flags:word} {_} {_} "{*}" {http.request.bytes} {http.response.bytes} {#} {_} "{*}" "{user_agent.original}" "{http.request.id}" "{url.domain}" "{destination.ip}:{destination.port}" {_} {_} {_} {source.ip}:{source.port} {_} {_}"#,
        ["web", "access", "", ""],
    ),
    says(
        r#"[{@timestamp}] "{http.request.method:word} {url} HTTP/{http.version:word}" {http.response.status_code} {envoy.response_flags:word} {_} {_} "{*}" {http.request.bytes} {http.response.bytes} {#} {_} "{*}" "{user_agent.original}" "{http.request.id}" "{url.domain}" "{*}" {_} {_} {_} {source.ip}:{source.port} {_} {_}"#,
        ["web", "access", "", ""],
    ),
    says(
        r#"[{@timestamp}] "{http.request.method:word} {url} HTTP/{http.version:word}" {http.response.status_code} {envoy.response_flags:word} {http.request.bytes} {http.response.bytes} {#} {_} "{*}" "{user_agent.original}" "{http.request.id}" "{url.domain}" "{destination.ip}:{destination.port}""#,
        ["web", "access", "", ""],
    ),
    says(
        r#"[{@timestamp}] "{http.request.method:word} {url} HTTP/{http.version:word}" {http.response.status_code} {envoy.response_flags:word} {http.request.bytes} {http.response.bytes} {#} {_} "{*}" "{user_agent.original}" "{http.request.id}" "{url.domain}" "{*}""#,
        ["web", "access", "", ""],
    ),
    says(
        r#"[{@timestamp}] "- - -" 0 {envoy.response_flags:word} {_} {_} "{*}" {source.bytes} {destination.bytes} {#} {_} "{*}" "{*}" "{*}" "{*}" "{destination.ip}:{destination.port}" {_} {_} {_} {source.ip}:{source.port} {_} {_}"#,
        ["network", "connection", "", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[2026-11-22T09:14:07.362Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 25 25 "-" "curl/8.14.1" "adc1465d-589f-9119-bdcf-2ea373ff7d7a" "httpbin:8000" "198.51.100.7:80" outbound|8000||httpbin.default.svc.cluster.local 192.0.2.6:57130 198.51.100.119:8000 203.0.113.66:50514 - default"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.362Z"),
            ("destination.address", "198.51.100.7"),
            ("destination.ip", "198.51.100.7"),
            ("destination.port", "80"),
            ("envoy.response_flags", "-"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("http.request.bytes", "0"),
            ("http.request.id", "adc1465d-589f-9119-bdcf-2ea373ff7d7a"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "135"),
            ("http.response.status_code", "418"),
            ("http.version", "1.1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "50514"),
            ("url.domain", "httpbin:8000"),
            ("url.original", "/status/418"),
            ("url.path", "/status/418"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: r#"[2026-11-22T09:14:07.362Z] "GET /status/418 HTTP/1.1" 418 -"#, expect: &[] },
];
