//! Monit and Monitorix: sign-ins to the small web servers of monitoring.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// Monit: see the module.
pub static MONIT: Daemon = Daemon {
    name: "monit",
    category: "web",
    product: "Monit",
    about: "log lines of Monit (mmonit.com) and of Monitorix's HTTP server (monitorix.org)",
    logsource: LogSource { category: "application", product: "monit", services: &["monit"] },
    programs: &["monit"],
    paths: &["/monit.log", "/monitorix-httpd"],
    structure: Structure::Holds(&[
        "accessing monit httpd",
        "HttpRequest: access denied -- client ",
        " - AUTHERR - [",
        " - NOTALLOWED - [",
        " - NOTEXIST - [",
        " - OK - [",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] =
    &[says("[{_} {@timestamp}] {log.level:word}  : {message}", TOLD), says("{@timestamp} - {message}", TOLD)];

const SAYS: &[Says] = &[
    says("Warning: Client '{source.ip}' supplied unknown user '{user.name}' accessing monit httpd", LOGIN_FAILED),
    says(
        "Warning: Client '{source.ip}' supplied wrong password for user '{user.name}' accessing monit httpd",
        LOGIN_FAILED,
    ),
    says("HttpRequest: access denied -- client [{source.ip}]: wrong password for user '{user.name}'", LOGIN_FAILED),
    says("HttpRequest: access denied -- client {source.ip}: wrong password for user '{user.name}'", LOGIN_FAILED),
    says("HttpRequest: access denied -- client {source.ip}: unknown user '{user.name}'", LOGIN_FAILED),
    says("HttpRequest: access denied -- client {source.ip}: {event.reason}", ["web", "denied", "access", "failure"]),
    says("NOTALLOWED - [{source.ip}] {event.reason}", ["web", "denied", "access", "failure"]),
    says("AUTHERR - [{source.ip}] {event.reason}", LOGIN_FAILED),
    says("NOTEXIST - [{source.ip}] {event.reason}", ["web", "access", "access", "failure"]),
    says(
        r#"OK - [{source.ip}] "{http.request.method:word} {url.path:word} - {user_agent.original}""#,
        ["web", "access", "access", "success"],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[CET Nov 22 09:14:07] error    : Warning: Client '203.0.113.66' supplied unknown user 'anna' accessing monit httpd",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "error"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Sun Nov 22 09:14:08 2026 - AUTHERR - [203.0.113.66] Authentication error: /monitorix/",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Authentication error: /monitorix/"),
            ("event.type", "start"),
            ("message", "AUTHERR - [203.0.113.66] Authentication error: /monitorix/"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "[CET Nov 22 09:14:09] error    : HttpRequest: access denied -- client [203.0.113.66]: wrong password for user 'root'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "error"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example { raw: "Sun Nov 22 09", expect: &[] },
];
