//! nginx access lines.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    web::{self, Access},
};

/// nginx: who asked for what, and what was answered.
pub struct NginxAccess;

impl Format for NginxAccess {
    fn name(&self) -> &'static str {
        "nginx_access"
    }

    fn category(&self) -> &'static str {
        "web"
    }

    fn product(&self) -> &'static str {
        "nginx"
    }

    fn about(&self) -> &'static str {
        "access logs in the combined format, which is nginx's default (ngx_http_log_module)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "nginx", services: &["nginx"] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["nginx", "nginx-access", "nginx_access"]
    }

    fn paths(&self) -> &'static [&'static str] {
        &["/nginx/access.log", "/nginx-access.log"]
    }

    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        web::looks_like_access(message)
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        Access::read(line.message).map(|access| access.set(event))
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<190>Nov 22 09:14:07 web2 nginx: 203.0.113.66 - - [22/Nov/2026:09:14:07 +0000] "GET /../../etc/passwd HTTP/1.1" 404 153 "-" "curl/8.14.1" "198.51.100.3""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("host.name", "web2"),
            ("source.ip", "203.0.113.66"),
            ("url.path", "/../../etc/passwd"),
            ("http.response.status_code", "404"),
            ("http.response.body.bytes", "153"),
            ("user_agent.original", "curl/8.14.1"),
            ("event.outcome", "failure"),
            ("source.address", "203.0.113.66"),
            ("http.request.method", "GET"),
            ("http.version", "1.1"),
            ("url.original", "/../../etc/passwd"),
            ("event.category", "web"),
            ("event.type", "access"),
        ],
    },
    Example {
        raw: r#"<190>Nov 22 09:14:08 web2 nginx: 192.0.2.9, 198.51.100.3 - b.jones [22/Nov/2026:09:14:08 +0000] "GET http://proxy.example:8080/a#b HTTP/1.0" 302 0 "-" "Wget/1.25""#,
        expect: &[
            ("source.ip", "192.0.2.9"),
            ("user.name", "b.jones"),
            ("url.scheme", "http"),
            ("url.domain", "proxy.example"),
            ("url.port", "8080"),
            ("url.path", "/a"),
            ("event.outcome", "success"),
            ("source.address", "192.0.2.9"),
            ("http.request.method", "GET"),
            ("http.version", "1.0"),
            ("url.original", "http://proxy.example:8080/a#b"),
            ("http.response.status_code", "302"),
            ("http.response.body.bytes", "0"),
            ("user_agent.original", "Wget/1.25"),
            ("event.category", "web"),
            ("event.type", "access"),
        ],
    },
    Example { raw: r#"<190>Nov 22 09:14:08 web2 nginx: 192.0.2.9 - - [22/Nov/2026:09:14"#, expect: &[] },
];
