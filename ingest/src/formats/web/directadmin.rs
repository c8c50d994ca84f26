//! DirectAdmin.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// DirectAdmin: see the module.
pub static DIRECTADMIN: Daemon = Daemon {
    name: "directadmin",
    category: "web",
    product: "DirectAdmin",
    about: "login.log of DirectAdmin (directadmin.com)",
    logsource: LogSource { category: "application", product: "directadmin", services: &["directadmin"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[" failed login attempt", "' successful login to '"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{_}: {message}", TOLD)];

const SAYS: &[Says] = &[
    says("'{source.ip}' {#} failed login attempt. Account '{user.name}'", LOGIN_FAILED),
    says("'{source.ip}' {#} failed login attempts. Account '{user.name}'", LOGIN_FAILED),
    says("'{source.ip}' successful login to '{user.name}' after {*}", LOGGED_IN),
    says("'{source.ip}' successful login to '{user.name}'", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026:11:22-09:14:07: '203.0.113.66' 13 failed login attempts. Account 'admin'",
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
    Example { raw: "2026:11:22-09:14:07: '203.0.113.66' 13 fa", expect: &[] },
];
