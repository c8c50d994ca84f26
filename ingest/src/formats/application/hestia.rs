//! Hestia Control Panel.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, says};

/// Hestia Control Panel: see the module.
pub static HESTIA: Daemon = Daemon {
    name: "hestia",
    category: "application",
    product: "Hestia and Vesta Control Panel",
    about: "auth.log of Hestia and Vesta (hestiacp.com, web/login/index.php)",
    logsource: LogSource { category: "application", product: "hestia", services: &["hestia"] },
    programs: &[],
    paths: &["/hestia/auth.log", "/vesta/auth.log"],
    structure: Structure::Holds(&[" failed to login", " successfully logged in"]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("{@timestamp} {user.name:word} {source.ip} failed to login", LOGIN_FAILED),
    says("{@timestamp} {user.name:word} {source.ip} successfully logged in", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07 anna 203.0.113.66 failed to login",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08 anna 192.0.2.10 successfully logged in",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "2026-11-22 09:14:08 anna failed to login", expect: &[] },
];
