//! Froxlor.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, says};

/// Froxlor: see the module.
pub static FROXLOR: Daemon = Daemon {
    name: "froxlor",
    category: "web",
    product: "Froxlor",
    about: "syslog messages of Froxlor (froxlor.org)",
    logsource: LogSource { category: "application", product: "froxlor", services: &["froxlor"] },
    programs: &["Froxlor", "froxlor"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("[Login Action {source.ip}] User '{user.name}' tried to login with wrong password.", LOGIN_FAILED),
    says("[Login Action {source.ip}] Unknown user '{user.name}' tried to login.", LOGIN_FAILED),
    says(r#"froxlor.WARNING: Unknown user tried to login. {*}"user":"{source.ip}"{*}"#, LOGIN_FAILED),
    says(r#"froxlor.WARNING: User tried to login with wrong password. {*}"user":"{source.ip}"{*}"#, LOGIN_FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 Froxlor: [Login Action 203.0.113.66] User 'admin' tried to login with wrong password.",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "admin"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 web1 Froxlor: ", expect: &[] },
];
