//! xrdp, a server for remote desktops, and its session manager.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// xrdp: see the module.
pub static XRDP: Daemon = Daemon {
    name: "xrdp",
    category: "authentication",
    product: "xrdp",
    about: "log lines of xrdp and xrdp-sesman (sesman/verify_user.c, common/log.c)",
    logsource: LogSource { category: "", product: "linux", services: &["xrdp"] },
    programs: &["xrdp", "xrdp-sesman"],
    paths: &["/xrdp-sesman.log", "/xrdp.log"],
    structure: Structure::Holds(&["] AUTHFAIL: user="]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("[{@timestamp}] [{log.level:word}  ] {message}", TOLD),
    says("[{@timestamp}] [{log.level:word}] {message}", TOLD),
    says("[{log.level:word}  ] {message}", TOLD),
    says("[{log.level:word}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("AUTHFAIL: user={user.name} ip={source.ip} time={#}", LOGIN_FAILED),
    says("Access permitted for user: {user.name}", LOGGED_IN),
    says("Username or password error for user: {user.name}", LOGIN_FAILED),
    says("++ created session (access granted): username {user.name}, ip {source.ip}:{source.port}{*}", LOGGED_IN),
    says("++ reconnected session: username {user.name}, display :{*} session_pid {#}, ip {source.ip}{*}", LOGGED_IN),
    says("++ terminated session:  username {user.name}, display :{*} session_pid {#}, ip {source.ip}{*}", LOGGED_OUT),
    says("connecting to sesman on {*}", TOLD),
    says("Socket 12: connection accepted from {source.ip}:{source.port}", CONNECTED),
    says("{*} connection accepted from AF_INET {source.ip}:{source.port}", CONNECTED),
    says("{*} connection accepted from AF_INET6 {source.ip} port {source.port}", CONNECTED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[20261122-09:14:07] [INFO ] AUTHFAIL: user=root ip=::ffff:203.0.113.66 time=1795338847",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("message", "AUTHFAIL: user=root ip=::ffff:203.0.113.66 time=1795338847"),
            ("source.address", "::ffff:203.0.113.66"),
            ("source.ip", "::ffff:203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 ts1 xrdp-sesman[4711]: [INFO ] AUTHFAIL: user=x ip=198.51.100.1 time=1 AUTHFAIL: user=y ip=203.0.113.66 time=1795338847",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("message", "AUTHFAIL: user=x ip=198.51.100.1 time=1 AUTHFAIL: user=y ip=203.0.113.66 time=1795338847"),
            ("process.name", "xrdp-sesman"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "x ip=198.51.100.1 time=1 AUTHFAIL: user=y"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 ts1 xrdp-sesman[4711]: [INFO ] Access permitted for user: anna",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("message", "Access permitted for user: anna"),
            ("process.name", "xrdp-sesman"),
            ("process.pid", "4711"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:08 ts1 xrdp-sesman[4711]: ", expect: &[] },
];
