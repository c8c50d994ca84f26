//! Sympa.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// Sympa: see the module.
pub static SYMPA: Daemon = Daemon {
    name: "sympa",
    category: "mail",
    product: "Sympa",
    about: "syslog messages of Sympa and its web server (sympa.community)",
    logsource: LogSource { category: "application", product: "sympa", services: &["sympa"] },
    programs: &["wwsympa", "sympa", "sympa_msg", "bulk", "archived", "bounced", "task_manager"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says(
        "{log.level:word} {log.logger:word} [robot {sympa.robot:word}] [session {sympa.session:word}] [client {source.ip}] [user {user.name:word}] [list {sympa.list:word}] {message}",
        TOLD,
    ),
    says(
        "{log.level:word} {log.logger:word} [robot {sympa.robot:word}] [session {sympa.session:word}] [client {source.ip}] [user {user.name:word}] {message}",
        TOLD,
    ),
    says(
        "{log.level:word} {log.logger:word} [robot {sympa.robot:word}] [session {sympa.session:word}] [client {source.ip}] [list {sympa.list:word}] {message}",
        TOLD,
    ),
    says(
        "{log.level:word} {log.logger:word} [robot {sympa.robot:word}] [session {sympa.session:word}] [client {source.ip}] {message}",
        TOLD,
    ),
    says(
        "{log.level:word} {log.logger:word} [robot {sympa.robot:word}] [session {sympa.session:word}] [client {source.ip}] [list {sympa.list}]",
        TOLD,
    ),
    says("{log.level:word} {log.logger:word} {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("Incorrect password{*}", LOGIN_FAILED),
    says("User not found{*}", LOGIN_FAILED),
    says(r#"Unknown list "{sympa.list}""#, ["web", "info", "unknown_list", "failure"]),
    says("Unknown action {event.reason}", ["web", "info", "unknown_action", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 09:14:07 lists1 wwsympa[1278]: info main:: [robot lists.example.com] [session 21967109423478] [client 203.0.113.66] Unknown list "subscribe""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "unknown_list"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.type", "info"),
            ("host.name", "lists1"),
            ("log.level", "info"),
            ("log.logger", "main::"),
            ("process.name", "wwsympa"),
            ("process.pid", "1278"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("sympa.list", "subscribe"),
            ("sympa.robot", "lists.example.com"),
            ("sympa.session", "21967109423478"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 lists1 wwsympa[1278]: info main::do_login() [robot lists.example.com] [session 08203929330290] [client 203.0.113.66] [user anna@example.com] Incorrect password",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "lists1"),
            ("log.level", "info"),
            ("log.logger", "main::do_login()"),
            ("process.name", "wwsympa"),
            ("process.pid", "1278"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("sympa.robot", "lists.example.com"),
            ("sympa.session", "08203929330290"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example { raw: "Nov 22 09:14:08 lists1 wwsympa[1278]: ", expect: &[] },
];
