//! TheHive.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, says};

/// TheHive: see the module.
pub static THEHIVE: Daemon = Daemon {
    name: "thehive",
    category: "security",
    product: "TheHive and Cortex",
    about: "application.log of TheHive and Cortex (docs.strangebee.com, AccessLogFilter)",
    logsource: LogSource { category: "application", product: "thehive", services: &["thehive"] },
    programs: &[],
    paths: &["/thehive/application.log", "/cortex/application.log"],
    structure: Structure::Holds(&[".AccessLogFilter "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "[{log.level:word}] {log.logger:word} [{*}] {source.ip} {http.request.method:word} /api/v1/login took {#}ms and returned 401 {http.response.bytes} bytes",
        LOGIN_FAILED,
    ),
    says(
        "[{log.level:word}] {log.logger:word} [{*}] {source.ip} {http.request.method:word} /api/login took {#}ms and returned 401 {http.response.bytes} bytes",
        LOGIN_FAILED,
    ),
    says(
        "[{log.level:word}] {log.logger:word} [{*}] {source.ip} {http.request.method:word} {url} took {#}ms and returned {http.response.status_code} {http.response.bytes} bytes",
        ["web", "access", "access", ""],
    ),
    says(
        "{@timestamp} [{log.level:word}] {log.logger:word} [{*}] {source.ip} {http.request.method:word} {url} took {#}ms and returned {http.response.status_code} {http.response.bytes} bytes",
        ["web", "access", "access", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[info] o.t.s.AccessLogFilter [1e60d1e5e2a1741f|2989d0704d3c364c] 203.0.113.66 POST /api/v1/login took 8ms and returned 401 65 bytes",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.method", "POST"),
            ("http.response.bytes", "65"),
            ("log.level", "info"),
            ("log.logger", "o.t.s.AccessLogFilter"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "[info] o.t.s.AccessLogFilter [1e60d1e5e2a1741f|2989d0704d3c364d] 192.0.2.10 GET /api/case took 20ms and returned 200 1865 bytes",
        expect: &[
            ("event.action", "access"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "1865"),
            ("http.response.status_code", "200"),
            ("log.level", "info"),
            ("log.logger", "o.t.s.AccessLogFilter"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("url.original", "/api/case"),
            ("url.path", "/api/case"),
        ],
    },
    Example { raw: "[info] o.t.s.AccessLogFilter [1e60]", expect: &[] },
];
