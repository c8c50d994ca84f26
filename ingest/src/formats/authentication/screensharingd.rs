//! macOS Screen Sharing (VNC).

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, says};

/// macOS Screen Sharing: see the module.
pub static SCREENSHARINGD: Daemon = Daemon {
    name: "screensharingd",
    category: "authentication",
    product: "macOS Screen Sharing",
    about: "system.log messages of screensharingd",
    logsource: LogSource { category: "", product: "macos", services: &["screensharingd"] },
    programs: &["screensharingd"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("Authentication: FAILED :: User Name: {user.name} :: Viewer Address: {source.ip} :: Type: {*}", LOGIN_FAILED),
    says("Authentication: SUCCEEDED :: User Name: {user.name} :: Viewer Address: {source.ip} :: Type: {*}", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 2026 09:14:07 mac1 screensharingd[4711]: Authentication: FAILED :: User Name: anna :: Viewer Address: 203.0.113.66 :: Type: DH",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 2026 09:14:07 mac1 screensharingd[4711]: ", expect: &[] },
];
