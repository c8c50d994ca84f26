//! Tine 2.0.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Tine 2.0: see the module.
pub static TINE20: Daemon = Daemon {
    name: "tine20",
    category: "application",
    product: "Tine 2.0",
    about: "tine20.log (tine20.org, Tinebase_Controller::login)",
    logsource: LogSource { category: "application", product: "tine20", services: &["tine20"] },
    programs: &[],
    paths: &["/tine20.log", "/tine20/tine20.log"],
    structure: Structure::Holds(&["Tinebase_Controller::login::", "Tinebase_User::"]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "{_} {_} -- {*} -- - {@timestamp} {log.level:word} ({#}): {log.logger:word} Login with username {user.name} from {source.ip} failed ({event.code})!",
        LOGIN_FAILED,
    ),
    says(
        "{_} {_} -- {*} - {@timestamp} {log.level:word} ({#}): {log.logger:word} Login with username {user.name} from {source.ip} succeeded.",
        LOGGED_IN,
    ),
    says("{_} {_} -- {*} - {@timestamp} {log.level:word} ({#}): {rest}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "8e035 ffff3 -- none -- - 2026-11-22T09:14:07+00:00 WARN (4): Tinebase_Controller::login::106 Login with username anna from 203.0.113.66 failed (-3)!",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.code", "-3"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARN"),
            ("log.logger", "Tinebase_Controller::login::106"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "8e035 Tinebase_Controller::login::106", expect: &[] },
];
