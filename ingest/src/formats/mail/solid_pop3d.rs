//! Solid POP3.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Solid POP3: see the module.
pub static SOLID_POP3D: Daemon = Daemon {
    name: "solid_pop3d",
    category: "mail",
    product: "Solid POP3",
    about: "syslog messages of solid-pop3d (src/authenticate.c)",
    logsource: LogSource { category: "", product: "linux", services: &["solid_pop3d"] },
    programs: &["solid-pop3d"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("authentication failed: no such user: {user.name} - {source}", LOGIN_FAILED),
    says("authentication failed: wrong password for {user.name} - {source}", LOGIN_FAILED),
    says("APOP authentication failed for {user.name} - {source}", LOGIN_FAILED),
    says("authentication failed: can't map user name: {user.name} - {source}", LOGIN_FAILED),
    says("authentication failed for mapped user {user.name} - {source}", LOGIN_FAILED),
    says("mapped {user.name} - {source}", TOLD),
    says("user {user.name} authenticated - {source}", LOGGED_IN),
    says("connect from {source}", CONNECTED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 solid-pop3d[3822]: authentication failed: no such user: anna - 203.0.113.66",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 solid-pop3d[3822]: ", expect: &[] },
];
