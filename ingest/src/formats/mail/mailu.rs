//! Mailu, its admin container.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Mailu: see the module.
pub static MAILU: Daemon = Daemon {
    name: "mailu",
    category: "mail",
    product: "Mailu",
    about: "log lines of mailu/admin (mailu.io)",
    logsource: LogSource { category: "application", product: "mailu", services: &["mailu"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[" in limiter: ", " in auth: ", " in login: "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("[{@timestamp}] {log.level:word} in {log.logger:word}: {message}", TOLD)];

const SAYS: &[Says] = &[
    says(
        "Authentication attempt from {source.ip} has been rate-limited.",
        ["authentication", "denied", "rate_limited", "failure"],
    ),
    says(
        "Authentication attempt from {source.ip} for {user.name:word} has been rate-limited.",
        ["authentication", "denied", "rate_limited", "failure"],
    ),
    says("Login attempt for: {user.name}/{*} from: {source.ip}/{_}: failed: {event.reason}", LOGIN_FAILED),
    says("Login attempt for: {user.name}/{*} from: {source.ip}/{_}: success{*}", LOGGED_IN),
    says("Login failed for {user.name} from {source.ip}.", LOGIN_FAILED),
    says("Login succeeded for {user.name} from {source.ip}.", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22 09:14:07,112] WARNING in limiter: Authentication attempt from 203.0.113.66 has been rate-limited.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.112Z"),
            ("event.action", "rate_limited"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            ("log.level", "WARNING"),
            ("log.logger", "limiter"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "[2026-11-22 09:14:07,112] WARNING in lim", expect: &[] },
];
