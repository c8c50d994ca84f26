//! phpMyAdmin.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, says};

/// phpMyAdmin: see the module.
pub static PHPMYADMIN: Daemon = Daemon {
    name: "phpmyadmin",
    category: "web",
    product: "phpMyAdmin",
    about: "syslog messages of phpMyAdmin (`$cfg['AuthLog']`)",
    logsource: LogSource { category: "application", product: "phpmyadmin", services: &["phpmyadmin"] },
    programs: &["phpMyAdmin"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("user denied: {user.name} (mysql-denied) from {source.ip}", LOGIN_FAILED),
    says("user denied: {user.name} ({event.reason}) from {source.ip}", LOGIN_FAILED),
    says("user authenticated: {user.name} from {source.ip}", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 phpMyAdmin[4711]: user denied: root (mysql-denied) from 203.0.113.66",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 web1 phpMyAdmin[4711]: ", expect: &[] },
];
