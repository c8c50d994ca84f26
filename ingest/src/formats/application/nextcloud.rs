//! Nextcloud and ownCloud: nextcloud.log.

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
    scan::{set_some, split},
    signin,
};

/// Nextcloud's log.
pub static NEXTCLOUD: JsonFormat = JsonFormat {
    name: "nextcloud",
    category: "application",
    product: "Nextcloud, ownCloud",
    about: "nextcloud.log, an object per line (docs.nextcloud.com, administration manual, Logging)",
    logsource: LogSource { category: "application", product: "nextcloud", services: &["nextcloud", "owncloud"] },
    keys: &[&["reqId", "remoteAddr", "app", "message"]],
    own: "nextcloud.",
    always: &[],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("time", Is("@timestamp")),
    ("remoteAddr", Peer("source")),
    ("user", Is("user.name")),
    ("method", Is("http.request.method")),
    ("url", Url),
    ("message", Is("message")),
    ("userAgent", Is("user_agent.original")),
    ("reqId", Is("http.request.id")),
    ("exception.Message", Is("error.message")),
    ("exception.Exception", Is("error.type")),
];

fn settle(event: &mut Event<'_>) {
    if said(event, "user.name").is_some_and(|user| matches!(&*user, b"--" | b"-" | b"false")) {
        event.remove(field::USER_NAME);
    }
    let message = said(event, "message").unwrap_or_default();
    if let Some(rest) = message.strip_prefix(b"Login failed: ") {
        let user = split(rest, b" (Remote IP: ").map_or(rest, |(user, _)| user);
        set_some(event, field::USER_NAME, user.strip_prefix(b"'").and_then(|u| u.strip_suffix(b"'")).unwrap_or(user));
        event.classify("authentication", "start", "login", "failure");
    } else if message.starts_with(b"Bruteforce attempt from ") {
        event.classify("authentication", "start", "bruteforce_detected", "failure");
    } else if message.starts_with(b"Trusted domain error.") {
        event.classify("web", "denied", "untrusted_domain", "failure");
    } else {
        signin::describe(&message, event);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"reqId":"U1r","level":2,"time":"2026-11-22T09:14:07+00:00","remoteAddr":"203.0.113.66","user":"--","app":"core","method":"POST","url":"/login","message":"Login failed: anna (Remote IP: 203.0.113.66)","userAgent":"curl/8.14.1","version":"31.0.0.10"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.id", "U1r"),
            ("http.request.method", "POST"),
            ("message", "Login failed: anna (Remote IP: 203.0.113.66)"),
            ("nextcloud.app", "core"),
            ("nextcloud.level", "2"),
            ("nextcloud.version", "31.0.0.10"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/login"),
            ("url.path", "/login"),
            ("user.name", "anna"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"reqId":"U1s","level":1,"time":"2026-11-22T09:14:08+00:00","remoteAddr":"203.0.113.66","user":"--","app":"core","method":"POST","url":"/login","message":"Bruteforce attempt from \"203.0.113.66\" detected for action \"login\".","userAgent":"curl/8.14.1","version":"31.0.0.10"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "bruteforce_detected"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.id", "U1s"),
            ("http.request.method", "POST"),
            ("message", r#"Bruteforce attempt from "203.0.113.66" detected for action "login"."#),
            ("nextcloud.app", "core"),
            ("nextcloud.level", "1"),
            ("nextcloud.version", "31.0.0.10"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/login"),
            ("url.path", "/login"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"reqId":"U1t","level":1,"time":"2026-11-22T09:14:09+00:00","remoteAddr":"203.0.113.66","user":"anna","app":"core","method":"GET","url":"/","message":"Trusted domain error. \"203.0.113.66\" tried to access using \"192.0.2.5\" as host.","userAgent":"curl/8.14.1","version":"31.0.0.10"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "untrusted_domain"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            ("http.request.id", "U1t"),
            ("http.request.method", "GET"),
            ("message", r#"Trusted domain error. "203.0.113.66" tried to access using "192.0.2.5" as host."#),
            ("nextcloud.app", "core"),
            ("nextcloud.level", "1"),
            ("nextcloud.version", "31.0.0.10"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/"),
            ("url.path", "/"),
            ("user.name", "anna"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: r#"{"reqId":"U1r","remoteAddr":"203.0.113.66","app":"core","message":}"#, expect: &[] },
];
