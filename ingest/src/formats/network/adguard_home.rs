//! AdGuard Home: sign-ins to its pages.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// AdGuard Home: see the module.
pub static ADGUARD_HOME: Daemon = Daemon {
    name: "adguard_home",
    category: "network",
    product: "AdGuard Home",
    about: "log lines of AdGuard Home about its web interface (AdGuardHome internal/home/authhttp.go)",
    logsource: LogSource { category: "application", product: "adguard", services: &["adguard"] },
    programs: &["adguardhome"],
    paths: &["/AdGuardHome.log", "/adguardhome.log"],
    structure: Structure::Holds(&[" /control/login: ", "auth: failed to login user "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} [{log.level:word}] {message}", TOLD),
    says("{@timestamp} {#}#{#} [{log.level:word}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("{http.request.method:word} {_} /control/login: from ip {source.ip}: {event.reason}", LOGIN_FAILED),
    says("{http.request.method:word} {source.ip} /control/login: {event.reason}", LOGIN_FAILED),
    says(r#"auth: failed to login user "{user.name}" from ip {source.ip}{*}"#, LOGIN_FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026/11/22 09:14:07.233208 [error] POST 203.0.113.66 /control/login: invalid username or password",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.233208Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "invalid username or password"),
            ("event.type", "start"),
            ("http.request.method", "POST"),
            ("log.level", "error"),
            ("message", "POST 203.0.113.66 /control/login: invalid username or password"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026/11/22 09:14:08.233208 [error] POST dns.example.com /control/login: from ip 203.0.113.66: invalid username or password",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.233208Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "invalid username or password"),
            ("event.type", "start"),
            ("http.request.method", "POST"),
            ("log.level", "error"),
            ("message", "POST dns.example.com /control/login: from ip 203.0.113.66: invalid username or password"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"2026/11/22 09:14:09.233208 9#31 [info] auth: failed to login user "anna" from ip 203.0.113.66"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.233208Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "info"),
            ("message", r#"auth: failed to login user "anna" from ip 203.0.113.66"#),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "[error] POST x /control/login: from ip", expect: &[] },
];
