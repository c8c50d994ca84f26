//! Vaultwarden (once bitwarden_rs): its file and what it writes to syslog.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Vaultwarden: see the module.
pub static VAULTWARDEN: Daemon = Daemon {
    name: "vaultwarden",
    category: "authentication",
    product: "Vaultwarden",
    about: "log lines of Vaultwarden with timestamps (`EXTENDED_LOGGING`, src/api/identity.rs, src/api/admin.rs)",
    logsource: LogSource { category: "application", product: "vaultwarden", services: &["vaultwarden"] },
    programs: &["vaultwarden", "bitwarden_rs"],
    paths: &["/vaultwarden.log", "/vaultwarden/vaultwarden.log"],
    structure: Structure::Holds(&["][vaultwarden::", "][bitwarden_rs::"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("[{@timestamp}][{log.logger:word}][{log.level:word}] {message}", TOLD),
    says("[{log.logger:word}][{log.level:word}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("Username or password is incorrect. Try again. IP: {source.ip}. Username: {user.name}.", LOGIN_FAILED),
    says("Username or password is incorrect. Try again. IP: {source.ip}. Username: {user.name}", LOGIN_FAILED),
    says("This user has been disabled. IP: {source.ip}. Username: {user.name}.", LOGIN_FAILED),
    says("Please verify your email before trying again. IP: {source.ip}. Username: {user.name}.", LOGIN_FAILED),
    says("Invalid admin token. IP: {source.ip}", LOGIN_FAILED),
    says("Invalid TOTP code! Server time: {*} IP: {source.ip}", LOGIN_FAILED),
    says("Token is invalid! IP: {source.ip}", LOGIN_FAILED),
    says("Invalid email or token! IP: {source.ip}", LOGIN_FAILED),
    says("User {user.name} logged in successfully. IP: {source.ip}", LOGGED_IN),
    says("User {user.name} logged in successfully via API key. IP: {source.ip}", LOGGED_IN),
    says("2FA token not provided", ["authentication", "info", "second_factor", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22 09:14:07.219][vaultwarden::api::identity][ERROR] Username or password is incorrect. Try again. IP: 203.0.113.66. Username: anna@example.com.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.219Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "ERROR"),
            ("log.logger", "vaultwarden::api::identity"),
            ("message", "Username or password is incorrect. Try again. IP: 203.0.113.66. Username: anna@example.com."),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:07.219][vaultwarden::api::identity][ERROR] Username or password is incorrect. Try again. IP: 203.0.113.66. Username: a. IP: 198.51.100.1. Username: b.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.219Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "ERROR"),
            ("log.logger", "vaultwarden::api::identity"),
            (
                "message",
                "Username or password is incorrect. Try again. IP: 203.0.113.66. Username: a. IP: 198.51.100.1. Username: b.",
            ),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "a. IP: 198.51.100.1. Username: b"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:08.892][vaultwarden::api::core::two_factor::authenticator][ERROR] Invalid TOTP code! Server time: 2026-11-22 09:14:08 UTC IP: 2001:db8::17",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.892Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "ERROR"),
            ("log.logger", "vaultwarden::api::core::two_factor::authenticator"),
            ("message", "Invalid TOTP code! Server time: 2026-11-22 09:14:08 UTC IP: 2001:db8::17"),
            ("source.address", "2001:db8::17"),
            ("source.ip", "2001:db8::17"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:09.005][vaultwarden::api::identity][INFO] User anna@example.com logged in successfully. IP: 192.0.2.17",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.005Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("log.logger", "vaultwarden::api::identity"),
            ("message", "User anna@example.com logged in successfully. IP: 192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example { raw: "[2026-11-22 09:14:07.219][vaultwarden::api::identity][ERR", expect: &[] },
];
