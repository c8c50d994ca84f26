//! Nginx Proxy Manager: its own access format.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// Nginx Proxy Manager: see the module.
pub static NGINX_PROXY_MANAGER: Daemon = Daemon {
    name: "nginx_proxy_manager",
    category: "web",
    product: "Nginx Proxy Manager",
    about: "proxy-host-*_access.log and fallback_access.log (nginxproxymanager.com, log-proxy.conf)",
    logsource: LogSource { category: "webserver", product: "nginx", services: &["nginx"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[" [Client "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        r#"[{@timestamp}] {_} {_} {http.response.status_code} - {http.request.method:word} {url.scheme:word} {url.domain:word} "{url}" [Client {source.ip}] [Length {*}] [Gzip {*}] {?[Sent-to }{*}] "{user_agent.original}" "{http.request.referrer}""#,
        ["web", "access", "", ""],
    ),
    says(
        r#"[{@timestamp}] {http.response.status_code} - {http.request.method:word} {url.scheme:word} {url.domain:word} "{url}" [Client {source.ip}] [Length {*}] [Gzip {*}] "{user_agent.original}" "{http.request.referrer}""#,
        ["web", "access", "", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[22/Nov/2026:09:14:07 +0100] - 404 404 - GET http www.example "/x?a=1" [Client 203.0.113.66] [Length 192] [Gzip 3.10] [Sent-to openresty] "curl/8.14.1" "-""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("http.request.method", "GET"),
            ("http.request.referrer", "-"),
            ("http.response.status_code", "404"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.domain", "www.example"),
            ("url.original", "/x?a=1"),
            ("url.path", "/x"),
            ("url.query", "a=1"),
            ("url.scheme", "http"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"[22/Nov/2026:09:14:07 +0100] - 404 404 - GET http www.example "/x?a=1" [Client 203"#,
        expect: &[],
    },
];
