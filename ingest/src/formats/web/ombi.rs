//! Ombi.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// Ombi: see the module.
pub static OMBI: Daemon = Daemon {
    name: "ombi",
    category: "web",
    product: "Ombi",
    about: "log lines of Ombi about sign-ins (docs.ombi.app; TokenController)",
    logsource: LogSource { category: "application", product: "ombi", services: &["ombi"] },
    programs: &["ombi"],
    paths: &[],
    structure: Structure::Holds(&["] Failed login attempt by IP: "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp} [{log.level:word}] {message}", TOLD)];

const SAYS: &[Says] = &[says("Failed login attempt by IP: {source.ip}", LOGIN_FAILED)];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.110 +01:00 [Warning] Failed login attempt by IP: 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.11Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "Warning"),
            ("message", "Failed login attempt by IP: 203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "[Warning] Failed login attempt by IP: 203.0.113.66", expect: &[] },
];
