//! Navidrome: requests in its log.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, says};

/// Navidrome: see the module.
pub static NAVIDROME: Daemon = Daemon {
    name: "navidrome",
    category: "web",
    product: "Navidrome",
    about: "requests as key=value pairs (navidrome.org/docs/usage/security; server/middlewares.go)",
    logsource: LogSource { category: "application", product: "navidrome", services: &["navidrome"] },
    programs: &["navidrome"],
    paths: &["/navidrome.log"],
    structure: Structure::Holds(&[" msg=\"HTTP: "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const ACCESS: [&str; 4] = ["web", "access", "", ""];

const SAYS: &[Says] = &[
    says(
        r#"time="{@timestamp}" level={log.level:word} msg="HTTP: POST {*}/auth/login" elapsedTime="{*}" httpStatus=401 remoteAddr={source.ip} requestId={http.request.id:word} responseSize={http.response.body.bytes} userAgent="{user_agent.original}""#,
        LOGIN_FAILED,
    ),
    says(
        r#"time="{@timestamp}" level={log.level:word} msg="HTTP: {http.request.method:word} {url}" elapsedTime={*} httpStatus={http.response.status_code} remoteAddr="[{source.ip}]:{source.port}" requestId={http.request.id:word} responseSize={http.response.body.bytes} userAgent={*}"#,
        ACCESS,
    ),
    says(
        r#"time="{@timestamp}" level={log.level:word} msg="HTTP: {http.request.method:word} {url}" elapsedTime={*} httpStatus={http.response.status_code} remoteAddr={source.ip} requestId={http.request.id:word} responseSize={http.response.body.bytes} userAgent="{user_agent.original}""#,
        ACCESS,
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"time="2026-11-22T09:14:07Z" level=warning msg="HTTP: POST https://music.example.com/auth/login" elapsedTime="792.5µs" httpStatus=401 remoteAddr=203.0.113.66 requestId=music/YzK-001467 responseSize=40 userAgent="curl/8.14.1""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.id", "music/YzK-001467"),
            ("http.response.body.bytes", "40"),
            ("log.level", "warning"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"time="2026-11-22T09:14:08Z" level=info msg="HTTP: GET https://music.example.com/app/" elapsedTime=1.5ms httpStatus=200 remoteAddr=192.0.2.17 requestId=music/YzK-001468 responseSize=4011 userAgent="curl/8.14.1""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("http.request.id", "music/YzK-001468"),
            ("http.request.method", "GET"),
            ("http.response.body.bytes", "4011"),
            ("http.response.status_code", "200"),
            ("log.level", "info"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("url.domain", "music.example.com"),
            ("url.original", "https://music.example.com/app/"),
            ("url.path", "/app/"),
            ("url.scheme", "https"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: r#"time="2026-11-22T09:14:08Z" level=info msg="HTTP: GET"#, expect: &[] },
];
