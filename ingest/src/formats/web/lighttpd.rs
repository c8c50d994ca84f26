//! lighttpd: its error log.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// lighttpd: see the module.
pub static LIGHTTPD: Daemon = Daemon {
    name: "lighttpd",
    category: "web",
    product: "lighttpd",
    about: "error.log of lighttpd (redmine.lighttpd.net, mod_auth)",
    logsource: LogSource { category: "webserver", product: "lighttpd", services: &["lighttpd"] },
    programs: &["lighttpd"],
    paths: &["/lighttpd/error.log"],
    structure: Structure::Holds(&[
        ": (http_auth.c.",
        "mod_auth.c.",
        ": (mod_fastcgi.c.",
        ": (server.c.",
        ": (log.c.",
        ": (connections.c.",
        ": (mod_openssl.c.",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp}: {?(}{log.origin.file.name:word}) {message}", TOLD),
    says("({log.origin.file.name:word}) {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("digest: auth failed for  {user.name}: {event.reason}, IP: {source.ip}", LOGIN_FAILED),
    says("digest: auth failed for {user.name}: {event.reason}, IP: {source.ip}", LOGIN_FAILED),
    says("get_password failed, IP: {source.ip}", LOGIN_FAILED),
    says("digest: auth failed: {event.reason}, IP: {source.ip}", LOGIN_FAILED),
    says("password doesn't match for {url.path:word} username: {user.name} IP: {source.ip}", LOGIN_FAILED),
    says("password doesn't match for {url.path:word} username: {user.name}, IP: {source.ip}", LOGIN_FAILED),
    says("password doesn't match for {user.name}, IP: {source.ip}", LOGIN_FAILED),
    says(
        "FastCGI-stderr: ALERT - {event.reason} (attacker '{source.ip}', file '{file.path}'{*}",
        ["web", "denied", "suhosin_alert", "failure"],
    ),
    says("server started{*}", ["process", "start", "start", ""]),
    says("server stopped by {*}", ["process", "end", "stop", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07: (mod_auth.c.525) password doesn't match for /admin username: anna, IP: 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.origin.file.name", "mod_auth.c.525"),
            ("message", "password doesn't match for /admin username: anna, IP: 203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.path", "/admin"),
            ("user.name", "anna,"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07: (mod_au", expect: &[] },
];
