//! Horde groupware.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Horde: see the module.
pub static HORDE: Daemon = Daemon {
    name: "horde",
    category: "web",
    product: "Horde",
    about: "syslog messages of Horde (imp/lib/Auth/imp.php)",
    logsource: LogSource { category: "application", product: "horde", services: &["horde"] },
    programs: &["HORDE", "horde"],
    paths: &[],
    structure: Structure::Holds(&["] FAILED LOGIN for ", "] Login success for "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("[{log.level:word}] [{horde.application:word}] {message}", TOLD),
    says("HORDE [{log.level:word}] [{horde.application:word}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("FAILED LOGIN for {user.name} [{source.ip}] to {*}", LOGIN_FAILED),
    says("FAILED LOGIN for {user.name} [{source.ip}]({*}) to {*}", LOGIN_FAILED),
    says("Login success for {user.name} [{source.ip}] to {*}", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<35>Nov 22 09:14:07 web1 HORDE: [error] [imp] FAILED LOGIN for anna@example.com [203.0.113.66] to {mx.example.com:993 [imap/ssl]}",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("horde.application", "imp"),
            ("log.level", "error"),
            ("message", "FAILED LOGIN for anna@example.com [203.0.113.66] to {mx.example.com:993 [imap/ssl]}"),
            ("process.name", "HORDE"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 HORDE [error] [imp] FAILED LOGIN for anna@example.com [203.0.113.66] to {mx.example.com:993 [imap/ssl]} [pid 742 on line 139 of /srv/horde/imp/lib/Auth/imp.php]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("horde.application", "imp"),
            ("host.name", "HORDE"),
            ("log.level", "error"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example { raw: "<35>Nov 22 09:14:07 web1 HORDE: ", expect: &[] },
];
