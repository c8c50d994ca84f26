//! Nagios NRPE.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, Messages, Says, TOLD, says};

/// Nagios NRPE: see the module.
pub static NRPE: Daemon = Daemon {
    name: "nrpe",
    category: "web",
    product: "Nagios NRPE",
    about: "syslog messages of nrpe (github.com/NagiosEnterprises/nrpe)",
    logsource: LogSource { category: "application", product: "nrpe", services: &["nrpe"] },
    programs: &["nrpe"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("Host {source.ip} is not allowed to talk to us!", ["network", "denied", "connection", "failure"]),
    says("Connection from {source.ip} port {source.port}", CONNECTED),
    says("Host address is in allowed_hosts", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 nrpe[4711]: Host 203.0.113.66 is not allowed to talk to us!",
        expect: &[
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 web1 nrpe[4711]: ", expect: &[] },
];
