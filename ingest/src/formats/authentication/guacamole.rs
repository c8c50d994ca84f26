//! Apache Guacamole, a gateway to remote desktops in the browser.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Apache Guacamole: see the module.
pub static GUACAMOLE: Daemon = Daemon {
    name: "guacamole",
    category: "authentication",
    product: "Apache Guacamole",
    about: "log lines of the Guacamole web application (AuthenticationService)",
    logsource: LogSource { category: "application", product: "guacamole", services: &["guacamole"] },
    programs: &["guacamole", "guacd"],
    paths: &[],
    structure: Structure::Holds(&["Authentication attempt from ", " successfully authenticated from "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{log.level:word}: {message}", TOLD),
    says("{_} [{process.thread.name:word}] {log.level:word}  {log.logger:word} - {message}", TOLD),
];

const SAYS: &[Says] = &[
    says(r#"Authentication attempt from {source.ip} for user "{user.name}" failed."#, LOGIN_FAILED),
    says(r#"Authentication attempt from [{source.ip}, {*}] for user "{user.name}" failed."#, LOGIN_FAILED),
    says(r#"User "{user.name}" successfully authenticated from {source.ip}."#, LOGGED_IN),
    says(r#"User "{user.name}" successfully authenticated from [{source.ip}, {*}]."#, LOGGED_IN),
    says(r#"User "{user.name}" connected to connection "{*}"."#, ["session", "start", "connected", ""]),
    says(r#"User "{user.name}" disconnected from connection "{*}"{*}"#, ["session", "end", "disconnected", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"09:14:07.907 [http-nio-8080-exec-10] WARN  o.a.g.r.auth.AuthenticationService - Authentication attempt from 203.0.113.66 for user "guacadmin" failed."#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARN"),
            ("log.logger", "o.a.g.r.auth.AuthenticationService"),
            ("message", r#"Authentication attempt from 203.0.113.66 for user "guacadmin" failed."#),
            ("process.thread.name", "http-nio-8080-exec-10"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "guacadmin"),
        ],
    },
    Example {
        raw: r#"WARNING: Authentication attempt from 203.0.113.66 for user "null" failed."#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "null"),
        ],
    },
    Example { raw: "Authentication attempt from somewhere", expect: &[] },
];
