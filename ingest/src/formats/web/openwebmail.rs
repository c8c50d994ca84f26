//! Open WebMail.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Open WebMail: see the module.
pub static OPENWEBMAIL: Daemon = Daemon {
    name: "openwebmail",
    category: "web",
    product: "Open WebMail",
    about: "openwebmail.log (openwebmail.org)",
    logsource: LogSource { category: "application", product: "openwebmail", services: &["openwebmail"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[" - login error - ", " - userinfo error - "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp} - [{process.pid}] ({source.ip}) {user.name} - {message}", TOLD)];

const SAYS: &[Says] = &[
    says("login error - {event.reason}", LOGIN_FAILED),
    says("userinfo error - {event.reason}", LOGIN_FAILED),
    says("login - {*}", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Sun Nov 22 09:14:07 2026 - [4711] (203.0.113.66) anna - login error - auth_unix.pl, ret -4, Password incorrect",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "auth_unix.pl, ret -4, Password incorrect"),
            ("event.type", "start"),
            ("message", "login error - auth_unix.pl, ret -4, Password incorrect"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Sun Nov 22 09:14:07 2026 - [4711] (203.0.1", expect: &[] },
];
