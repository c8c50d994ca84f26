//! Emby Server.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Emby Server: see the module.
pub static EMBY: Daemon = Daemon {
    name: "emby",
    category: "web",
    product: "Emby",
    about: "embyserver.txt: sign-ins that failed or went well (emby.media)",
    logsource: LogSource { category: "application", product: "emby", services: &["emby"] },
    programs: &["emby", "EmbyServer"],
    paths: &["/embyserver.txt"],
    structure: Structure::Holds(&[
        "Server: AUTH-ERROR: ",
        " Info HttpServer: ",
        " Warn HttpServer: ",
        " Info App: ",
        " Info Server: ",
        " Warn Server: ",
        " Error Server: ",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp} {log.level:word} {log.logger:word}: {message}", TOLD)];

const SAYS: &[Says] = &[
    says("AUTH-ERROR: {source.ip} - {event.reason}", LOGIN_FAILED),
    says("Authentication success for user {user.name}{*}", LOGGED_IN),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.092 Warn Server: AUTH-ERROR: 203.0.113.66 - Invalid username or password entered.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.092Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Invalid username or password entered."),
            ("event.type", "start"),
            ("log.level", "Warn"),
            ("log.logger", "Server"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08.100 Info HttpServer: HTTP Response 200 to 192.0.2.10. Time: 12ms.",
        expect: &[("@timestamp", "2026-11-22T09:14:08.1Z"), ("log.level", "Info"), ("log.logger", "HttpServer")],
    },
    Example { raw: "2026-11-22 Warn Server: ", expect: &[] },
];
