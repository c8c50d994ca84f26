//! Jellyfin.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Jellyfin: see the module.
pub static JELLYFIN: Daemon = Daemon {
    name: "jellyfin",
    category: "web",
    product: "Jellyfin",
    about: "log lines of Jellyfin (jellyfin.org, SessionManager, UserManager)",
    logsource: LogSource { category: "application", product: "jellyfin", services: &["jellyfin"] },
    programs: &["jellyfin"],
    paths: &[],
    structure: Structure::Holds(&[" Authentication request for "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("[{@timestamp}] [{log.level:word}] [{#}] {log.logger:word}: {message}", TOLD),
    says("[{_}] [{log.level:word}] [{#}] {log.logger:word}: {message}", TOLD),
    says("[{_}] [{log.level:word}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("Authentication request for {user.name} has been denied (IP: {source.ip}).", LOGIN_FAILED),
    says(r#"Authentication request for "{user.name}" has been denied (IP: "{source.ip}")."#, LOGIN_FAILED),
    says("Authentication request for {user.name} has succeeded.", LOGGED_IN),
    says(r#"Authentication request for "{user.name}" has succeeded."#, LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[2026-11-22 09:14:07.123 +01:00] [INF] [42] Jellyfin.Server.Implementations.Users.UserManager: Authentication request for "anna" has been denied (IP: "203.0.113.66")."#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.123Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "INF"),
            ("log.logger", "Jellyfin.Server.Implementations.Users.UserManager"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 tv1 jellyfin[742]: [09:14:08] [INF] Authentication request for anna has been denied (IP: 203.0.113.66).",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "INF"),
            ("message", "Authentication request for anna has been denied (IP: 203.0.113.66)."),
            ("process.name", "jellyfin"),
            ("process.pid", "742"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:08 tv1 jellyfin[742]: ", expect: &[] },
];
