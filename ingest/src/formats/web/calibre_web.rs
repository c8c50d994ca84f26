//! Calibre-Web.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Calibre-Web: see the module.
pub static CALIBRE_WEB: Daemon = Daemon {
    name: "calibre_web",
    category: "web",
    product: "Calibre-Web",
    about: "calibre-web.log (github.com/janeczku/calibre-web)",
    logsource: LogSource { category: "application", product: "calibre_web", services: &["calibre_web"] },
    programs: &[],
    paths: &[],
    structure: Structure::Begins(&["["]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("[{@timestamp}]  {log.level:word}  {_} {message}", TOLD)];

const SAYS: &[Says] = &[
    says(r#"Login failed for user "{user.name}" IP-address: {source.ip}"#, LOGIN_FAILED),
    says(r#"Login failed for user "{user.name}" IP-adress: {source.ip}"#, LOGIN_FAILED),
    says(r#"You are now logged in as: "{user.name}""#, LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[2026-11-22 09:14:07,562]  WARN {cps.web:1475} Login failed for user "anna" IP-address: 203.0.113.66"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.562Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARN"),
            ("message", r#"Login failed for user "anna" IP-address: 203.0.113.66"#),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "[2026-11-22 09:14:07,562]  WARN", expect: &[] },
];
