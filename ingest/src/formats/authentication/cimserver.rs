//! OpenPegasus.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, says};

/// OpenPegasus: see the module.
pub static CIMSERVER: Daemon = Daemon {
    name: "cimserver",
    category: "authentication",
    product: "OpenPegasus CIM server",
    about: "messages of cimserver (openpegasus.org)",
    logsource: LogSource { category: "application", product: "cimserver", services: &["cimserver"] },
    programs: &["cimserver"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("PGS17200: Authentication failed for user {user.name:word}.", LOGIN_FAILED),
    says("PGS17201: Authentication failed for user {user.name:word} from client IP address {source.ip}.", LOGIN_FAILED),
    says("Authentication failed for user={user.name:word}", LOGIN_FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 cimserver[742]: PGS17201: Authentication failed for user anna from client IP address 203.0.113.66.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "web1"),
            ("process.name", "cimserver"),
            ("process.pid", "742"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 web1 cimserver[742]: ", expect: &[] },
];
