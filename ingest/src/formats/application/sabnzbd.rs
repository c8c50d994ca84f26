//! SABnzbd.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// SABnzbd: see the module.
pub static SABNZBD: Daemon = Daemon {
    name: "sabnzbd",
    category: "application",
    product: "SABnzbd",
    about: "sabnzbd.log (sabnzbd.org, sabnzbd/interface.py)",
    logsource: LogSource { category: "application", product: "sabnzbd", services: &["sabnzbd"] },
    programs: &["sabnzbd"],
    paths: &["/sabnzbd.log"],
    structure: Structure::Holds(&["::INFO::[", "::WARNING::[", "::ERROR::[", "::DEBUG::[", "::CRITICAL::["]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] =
    &[says("{@timestamp}::{log.level:word}::[{log.logger:word}:{log.origin.file.line}] {message}", TOLD)];

const SAYS: &[Says] = &[
    says("Unsuccessful login attempt from {source.ip} (X-Forwarded-For: {*}) [{user_agent.original}]", LOGIN_FAILED),
    says("Unsuccessful login attempt from {source.ip} [{user_agent.original}]", LOGIN_FAILED),
    says("Successful login from {source.ip} (X-Forwarded-For: {*}) [{user_agent.original}]", LOGGED_IN),
    says("Successful login from {source.ip} [{user_agent.original}]", LOGGED_IN),
    says(
        "Refused connection from: {source.ip} (X-Forwarded-For: {*}) [{*}]",
        ["network", "denied", "refuse", "failure"],
    ),
    says("Refused connection from: {source.ip} [{*}]", ["network", "denied", "refuse", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,797::WARNING::[interface:657] Unsuccessful login attempt from 203.0.113.66 [Mozilla/5.0 (X11; Linux x86_64)]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.797Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("log.logger", "interface"),
            ("log.origin.file.line", "657"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08,100::INFO::[SABnzbd:1102] Starting the queue",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.1Z"),
            ("log.level", "INFO"),
            ("log.logger", "SABnzbd"),
            ("log.origin.file.line", "1102"),
        ],
    },
    Example { raw: "2026-11-22 09:14:08::INFO", expect: &[] },
];
