//! Kerio Connect.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Kerio Connect: see the module.
pub static KERIO: Daemon = Daemon {
    name: "kerio",
    category: "mail",
    product: "Kerio Connect",
    about: "security and warning logs of Kerio Connect (manuals.gfi.com)",
    logsource: LogSource { category: "application", product: "kerio", services: &["kerio"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&["IP address ", "] Failed ", "Administration login into "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("[{@timestamp}] {message}", TOLD)];

const SAYS: &[Says] = &[
    says(
        "Attempt to deliver to unknown recipient <{email.to.address}>, from <{email.from.address}>, IP address {source.ip}",
        ["email", "denied", "reject", "failure"],
    ),
    says("{network.protocol:word}: User {user.name} doesn't exist. Attempt from IP address {source.ip}.", LOGIN_FAILED),
    says(
        "{network.protocol:word}: Invalid password for user {user.name}. Attempt from IP address {source.ip}.",
        LOGIN_FAILED,
    ),
    says("Administration login into {*} from {source.ip} failed: {event.reason}", LOGIN_FAILED),
    says("Failed {network.protocol:word} login from {source.ip} with SASL method {_}", LOGIN_FAILED),
    says("Failed {network.protocol:word} login from {source.ip}{*}", LOGIN_FAILED),
    says("{network.protocol:word}: User {user.name} logged in from IP address {source.ip}{*}", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[22/Nov/2026 09:14:07] SMTP: User anna@example.com doesn't exist. Attempt from IP address 203.0.113.66.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", "SMTP: User anna@example.com doesn't exist. Attempt from IP address 203.0.113.66."),
            ("network.protocol", "SMTP"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "[22/Nov/2026 09:14:08] Failed SMTP login from 203.0.113.66 with SASL method CRAM-MD5.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", "Failed SMTP login from 203.0.113.66 with SASL method CRAM-MD5."),
            ("network.protocol", "SMTP"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "[22/Nov/2026 09:14:08", expect: &[] },
];
