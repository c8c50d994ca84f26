//! Apache HTTP Server access lines.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    web::{self, Access},
};

/// Apache HTTP Server: who asked for what, and what was answered.
pub struct ApacheAccess;

impl Format for ApacheAccess {
    fn name(&self) -> &'static str {
        "apache_access"
    }

    fn category(&self) -> &'static str {
        "web"
    }

    fn product(&self) -> &'static str {
        "Apache HTTP Server"
    }

    fn about(&self) -> &'static str {
        "access logs in common, combined or vhost_combined format (mod_log_config)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "apache", services: &["apache"] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["apache2", "httpd", "apache", "apache-access", "apache_access"]
    }

    fn paths(&self) -> &'static [&'static str] {
        &[
            "/apache2/access.log",
            "/apache2/other_vhosts_access.log",
            "/apache2/ssl_access.log",
            "/httpd/access_log",
            "/httpd/ssl_access_log",
            "/httpd-access.log",
        ]
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
        raw: r#"203.0.113.66 - - [22/Nov/2026:09:14:07 +0100] "GET /shop/item.php?id=7%20OR%201=1 HTTP/1.1" 200 5120 "https://www.example/shop" "Mozilla/5.0 (X11; Linux x86_64) \"odd\"""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("http.request.method", "GET"),
            ("http.version", "1.1"),
            ("url.original", "/shop/item.php?id=7%20OR%201=1"),
            ("url.path", "/shop/item.php"),
            ("url.query", "id=7%20OR%201=1"),
            ("url.extension", "php"),
            ("http.response.status_code", "200"),
            ("http.response.body.bytes", "5120"),
            ("http.request.referrer", "https://www.example/shop"),
            ("user_agent.original", r#"Mozilla/5.0 (X11; Linux x86_64) \"odd\""#),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: r#"www.example:443 2001:db8::17 - a.miller [22/Nov/2026:08:14:07 +0000] "POST /admin HTTP/2.0" 401 - "-" "-""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("url.domain", "www.example"),
            ("destination.domain", "www.example"),
            ("server.port", "443"),
            ("source.ip", "2001:db8::17"),
            ("user.name", "a.miller"),
            ("http.response.status_code", "401"),
            ("event.outcome", "failure"),
            ("source.address", "2001:db8::17"),
            ("http.request.method", "POST"),
            ("http.version", "2.0"),
            ("url.original", "/admin"),
            ("url.path", "/admin"),
            ("event.category", "web"),
            ("event.type", "access"),
        ],
    },
    Example {
        raw: r#"<174>Nov 22 09:14:08 web1 apache2: 192.0.2.5 - - [22/Nov/2026:09:14:08 -0500] "\x16\x03\x01" 400 226"#,
        expect: &[
            ("@timestamp", "2026-11-22T14:14:08Z"),
            ("host.name", "web1"),
            ("url.original", r#"\x16\x03\x01"#),
            ("http.response.status_code", "400"),
            ("event.outcome", "failure"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("http.response.body.bytes", "226"),
            ("event.category", "web"),
            ("event.type", "access"),
        ],
    },
    Example {
        raw: r#"client.example - - [22/Nov/2026:09:14:09 +0100] "-" 408 0 "-" "-""#,
        expect: &[
            ("source.domain", "client.example"),
            ("http.response.status_code", "408"),
            ("source.address", "client.example"),
            ("http.response.body.bytes", "0"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: r#"192.0.2.5 - - [22/Nov/2026:09:14:08 -0500] "GET / HTTP/1.1"#, expect: &[] },
];
