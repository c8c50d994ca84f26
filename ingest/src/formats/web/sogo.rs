//! SOGo groupware.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// SOGo: see the module.
pub static SOGO: Daemon = Daemon {
    name: "sogo",
    category: "web",
    product: "SOGo",
    about: "sogo.log (sogo.nu)",
    logsource: LogSource { category: "application", product: "sogo", services: &["sogo"] },
    programs: &["sogod", "sogo"],
    paths: &[],
    structure: Structure::Holds(&["SOGoRootPage "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{_} {_} {_} sogod [{process.pid}]: {message}", TOLD),
    says("sogod [{process.pid}]: {message}", TOLD),
    says("[{process.pid}]: {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("SOGoRootPage Login from '{source.ip}, {_}' for user '{user.name}' might not have worked{*}", LOGIN_FAILED),
    says("SOGoRootPage Login from '{source.ip}' for user '{user.name}' might not have worked{*}", LOGIN_FAILED),
    says("SOGoRootPage successful login from '{source.ip}' for user '{user.name}'{*}", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 sogod [26818]: SOGoRootPage Login from '203.0.113.66' for user 'anna' might not have worked - password policy: 65535  grace: -1  expire: -1  bound: 0",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("process.pid", "26818"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "sogod [26818]: SOGoRoot", expect: &[] },
];
