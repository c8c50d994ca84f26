//! cPanel and WHM: sign-ins to its daemons.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, says};

/// cPanel: see the module.
pub static CPANEL: Daemon = Daemon {
    name: "cpanel",
    category: "web",
    product: "cPanel",
    about: "login_log and session_log of cPanel (docs.cpanel.net)",
    logsource: LogSource { category: "application", product: "cpanel", services: &["cpanel"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[
        "] info [cpaneld] ",
        "] info [webmaild] ",
        "] info [whostmgrd] ",
        "] info [cpsrvd] ",
        "] info [cpdavd] ",
    ]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        r#"[{@timestamp}] {log.level:word} [{service.name:word}] {source.ip} - {user.name} "{http.request.method:word} {url} HTTP/{http.version:word}" FAILED LOGIN {_}: {event.reason}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"[{@timestamp}] {log.level:word} [{service.name:word}] {source.ip} - {user.name} "{http.request.method:word} {url} HTTP/{http.version:word}" DEFERRED LOGIN {_}: {event.reason}"#,
        LOGIN_FAILED,
    ),
    says(
        "[{@timestamp}] {log.level:word} [{service.name:word}] {source.ip} NEW {user.name}:{*} address={_}",
        LOGGED_IN,
    ),
    says("[{@timestamp}] {log.level:word} [{service.name:word}] {source.ip} NEW {user.name}:{*}", LOGGED_IN),
    says("[{@timestamp}] {log.level:word} [{service.name:word}] {source.ip} PURGE {user.name}:{*}", LOGGED_OUT),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[2026-11-22 09:14:07 +0000] info [cpaneld] 203.0.113.66 - anna "POST /login/?login_only=1 HTTP/1.1" FAILED LOGIN cpaneld: user password incorrect"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "user password incorrect"),
            ("event.type", "start"),
            ("http.request.method", "POST"),
            ("http.version", "1.1"),
            ("log.level", "info"),
            ("service.name", "cpaneld"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/login/?login_only=1"),
            ("url.path", "/login/"),
            ("url.query", "login_only=1"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "[2026-11-22 09:14:07 +0000] info [cpaneld] 203.0", expect: &[] },
];
