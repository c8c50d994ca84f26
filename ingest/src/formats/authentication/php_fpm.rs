//! PHP-FPM: its own log, and what the web consoles of pfSense and OPNsense write from inside it.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// PHP-FPM and the consoles of pfSense and OPNsense: see the module.
pub static PHP_FPM: Daemon = Daemon {
    name: "php_fpm",
    category: "authentication",
    product: "PHP-FPM and the consoles of pfSense and OPNsense",
    about: "error_log of PHP-FPM (php.net/install.fpm.configuration), sign-ins to the pfSense and OPNsense web consoles",
    logsource: LogSource { category: "application", product: "php", services: &["php-fpm"] },
    programs: &["php-fpm", "php-fpm7.4", "php-fpm8.1", "php-fpm8.2", "php-fpm8.3", "php-fpm8.4", "audit", "opnsense"],
    paths: &["/php-fpm.log", "/php-fpm/error.log"],
    structure: Structure::Holds(&[
        "] NOTICE: fpm is ",
        "] WARNING: [pool ",
        "] NOTICE: [pool ",
        "] NOTICE: ready to handle connections",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("[{@timestamp}] {log.level:word}: {message}", TOLD)];

const SAYS: &[Says] = &[
    says(
        "{url.path:word}: webConfigurator authentication error for user '{user.name}' from: {source.ip}",
        LOGIN_FAILED,
    ),
    says("{url.path:word}: webConfigurator authentication error for '{user.name}' from {source.ip}", LOGIN_FAILED),
    says(
        "{url.path:word}: webConfigurator authentication error for user '{user.name}' from: {source.ip} {*}",
        LOGIN_FAILED,
    ),
    says("{url.path:word}: Web GUI authentication error for '{user.name}' from {source.ip}", LOGIN_FAILED),
    says("{url.path:word}: Successful login for user '{user.name}' from: {source.ip} ({*})", LOGGED_IN),
    says("{url.path:word}: Successful login for user '{user.name}' from: {source.ip}", LOGGED_IN),
    says("{url.path:word}: User logged out for user '{user.name}' from: {source.ip} ({*})", LOGGED_OUT),
    says("{url.path:word}: User logged out for user '{user.name}' from: {source.ip}", LOGGED_OUT),
    says("{url.path:word}: Session timed out for user '{user.name}' from: {source.ip} ({*})", LOGGED_OUT),
    says("{url.path:word}: Session timed out for user '{user.name}' from: {source.ip}", LOGGED_OUT),
    says("fpm is running, pid {#}", ["process", "start", "start", ""]),
    says("ready to handle connections", ["process", "info", "ready", ""]),
    says("exiting, bye-bye!", ["process", "end", "stop", ""]),
    says(
        "[pool {php_fpm.pool:word}] child {process.child.pid} exited {event.reason}",
        ["process", "end", "child_exit", ""],
    ),
    says("[pool {php_fpm.pool:word}] child {process.child.pid} started", ["process", "start", "child_start", ""]),
    says("[pool {php_fpm.pool:word}] server reached {event.reason}", ["process", "info", "limit_reached", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 fw1 php-fpm[374]: /index.php: webConfigurator authentication error for user 'root' from: 203.0.113.66",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("process.name", "php-fpm"),
            ("process.pid", "374"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.path", "/index.php"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"<35>1 2026-11-22T09:14:07+00:00 fw1.example.com audit 24409 - [meta sequenceId="4"] /index.php: Web GUI authentication error for 'root' from 203.0.113.66"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", "/index.php: Web GUI authentication error for 'root' from 203.0.113.66"),
            ("process.name", "audit"),
            ("process.pid", "24409"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.path", "/index.php"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 fw1 php-fpm[374]: /index.php: Successful login for user 'admin' from: 192.0.2.17 (Local Database)",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.name", "php-fpm"),
            ("process.pid", "374"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("url.path", "/index.php"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "[22-Nov-2026 09:14:09] WARNING: [pool www] child 4711 exited on signal 11 (SIGSEGV) after 27.1 seconds from start",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "child_exit"),
            ("event.category", "process"),
            ("event.reason", "on signal 11 (SIGSEGV) after 27.1 seconds from start"),
            ("event.type", "end"),
            ("log.level", "WARNING"),
            ("php_fpm.pool", "www"),
            ("process.child.pid", "4711"),
        ],
    },
    Example { raw: "Nov 22 09:14:09 fw1 php-fpm[374]: ", expect: &[] },
];
