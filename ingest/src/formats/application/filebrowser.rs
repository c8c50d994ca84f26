//! File Browser.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, says};

/// File Browser: see the module.
pub static FILEBROWSER: Daemon = Daemon {
    name: "filebrowser",
    category: "application",
    product: "File Browser",
    about: "log lines of File Browser (filebrowser.org, http/data.go): requests that failed, and its own start and end",
    logsource: LogSource { category: "application", product: "filebrowser", services: &["filebrowser"] },
    programs: &["filebrowser"],
    paths: &["/filebrowser.log"],
    structure: Structure::Holds(&[": 401 ", ": 403 ", ": 404 ", ": 409 ", ": 500 "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("{@timestamp} /api/login: 403 {source.ip} {*}", LOGIN_FAILED),
    says(
        "{@timestamp} /api/login: {http.response.status_code} {source.ip} {event.reason}",
        ["web", "access", "access", "failure"],
    ),
    says(
        "{@timestamp} {url.path:word}: {http.response.status_code} {source.ip} <nil>",
        ["web", "access", "access", "failure"],
    ),
    says(
        "{@timestamp} {url.path:word}: {http.response.status_code} {source.ip} {event.reason}",
        ["web", "access", "access", "failure"],
    ),
    says("{@timestamp} Listening on {server.address:word}", ["process", "start", "start", ""]),
    says("{@timestamp} Caught signal {event.reason}: shutting down.", ["process", "end", "stop", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026/11/22 09:14:07 /api/login: 403 203.0.113.66 <nil>",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026/11/22 09:14:08 /api/resources/a: 404 203.0.113.66 stat /srv/a: no such file or directory",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "access"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.reason", "stat /srv/a: no such file or directory"),
            ("event.type", "access"),
            ("http.response.status_code", "404"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.path", "/api/resources/a"),
        ],
    },
    Example {
        raw: "2026/11/22 09:14:09 Listening on [::]:80",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "start"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("server.address", "[::]:80"),
        ],
    },
    Example { raw: "2026/11/22 09:14:09 GET: 404 203.0", expect: &[] },
];
