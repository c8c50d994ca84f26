//! Webmin and Usermin.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, says};

/// Webmin and Usermin: see the module.
pub static WEBMIN: Daemon = Daemon {
    name: "webmin",
    category: "authentication",
    product: "Webmin and Usermin",
    about: "syslog messages of miniserv.pl (webmin.com)",
    logsource: LogSource { category: "application", product: "webmin", services: &["webmin"] },
    programs: &["webmin", "usermin"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("Invalid login as {user.name} from {source.ip}", LOGIN_FAILED),
    says("Non-existent login as {user.name} from {source.ip}", LOGIN_FAILED),
    says("Successful login as {user.name} from {source.ip}", LOGGED_IN),
    says("Logout by {user.name} from {source.ip}", LOGGED_OUT),
    says("Timeout of session for {user.name}", LOGGED_OUT),
    says(
        "Security alert: Host {source.ip} blocked after {#} failed logins for user {user.name}",
        ["authentication", "denied", "blocked", "failure"],
    ),
    says(
        "Security alert: User {user.name} locked after {#} failed logins",
        ["authentication", "denied", "locked", "failure"],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 webmin[4711]: Invalid login as root from 203.0.113.66",
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
    Example {
        raw: "Nov 22 09:14:08 web1 webmin[4711]: Successful login as anna from 192.0.2.17",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 web1 webmin[4711]: ", expect: &[] },
];
