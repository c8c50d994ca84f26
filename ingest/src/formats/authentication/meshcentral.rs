//! MeshCentral.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, says};

/// MeshCentral: see the module.
pub static MESHCENTRAL: Daemon = Daemon {
    name: "meshcentral",
    category: "authentication",
    product: "MeshCentral",
    about: "sign-ins that MeshCentral sends to syslog (meshcentral.com, authlog)",
    logsource: LogSource { category: "application", product: "meshcentral", services: &["meshcentral"] },
    programs: &["meshcentral", "https"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("Failed password for {user.name} from {source.ip} port {source.port}", LOGIN_FAILED),
    says("Failed 2FA for {user.name} from {source.ip} port {source.port}", LOGIN_FAILED),
    says("Accepted password for {user.name} from {source.ip} port {source.port}", LOGGED_IN),
    says("Disconnected from user {user.name} {source.ip} port {source.port}", LOGGED_OUT),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mesh1 https[742]: Failed password for anna from 203.0.113.66 port 57951",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "mesh1"),
            ("process.name", "https"),
            ("process.pid", "742"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "57951"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 mesh1 https[742]: Accepted password for anna from 192.0.2.10 port 2228",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("host.name", "mesh1"),
            ("process.name", "https"),
            ("process.pid", "742"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("source.port", "2228"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:08 mesh1 https[742]: ", expect: &[] },
];
