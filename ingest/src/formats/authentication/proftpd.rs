//! ProFTPD: what its core, mod_auth and mod_sftp write to syslog or `SystemLog`.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// ProFTPD: see the module.
pub static PROFTPD: Daemon = Daemon {
    name: "proftpd",
    category: "authentication",
    product: "ProFTPD",
    about: "ProFTPD syslog and SystemLog messages (src/log.c, modules/mod_auth.c); the address in brackets is the one that it accepted",
    logsource: LogSource { category: "", product: "linux", services: &["proftpd"] },
    programs: &["proftpd"],
    paths: &["/proftpd/proftpd.log", "/proftpd.log"],
    structure: Structure::Holds(&[
        " proftpd[",
        "]) - FTP session ",
        "]) - SSH2 session ",
        "]) - USER ",
        "]) - ANON ",
        "]) - SECURITY VIOLATION",
        "]) - Preparing to chroot to directory ",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} {_} proftpd[{process.pid}] {_} ({_}[{source.ip}]): {message}", TOLD),
    says("{@timestamp} {_} proftpd[{process.pid}] {_} ({_}[{_}]): {message}", TOLD),
    says("{@timestamp} {_} proftpd[{process.pid}] {_}: {message}", TOLD),
    says("{_} ({_}[{source.ip}]) - {message}", TOLD),
    says("{_} ({_}[{source.ip}]): {message}", TOLD),
    says("{_} ({_}[{_}]): {message}", TOLD),
    says("{_} ({_}[{_}]) - {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("USER {user.name} (Login failed): {event.reason}", LOGIN_FAILED),
    says("ANON {user.name} (Login failed): {event.reason}", LOGIN_FAILED),
    says("USER {user.name}: no such user found from {_} [{_}] to {*}", LOGIN_FAILED),
    says("USER {user.name}: no such user found", LOGIN_FAILED),
    says("USER {user.name}: Login successful.", LOGGED_IN),
    says("USER {user.name}: Login successful", LOGGED_IN),
    says("ANON {user.name}: Login successful.", LOGGED_IN),
    says("SECURITY VIOLATION: {user.name} login attempted.", LOGIN_FAILED),
    says("SECURITY VIOLATION: {user.name} login attempted", LOGIN_FAILED),
    says("SECURITY VIOLATION: Root login attempted", LOGIN_FAILED),
    says("Maximum login attempts ({#}) exceeded{*}", ["authentication", "info", "max_attempts", "failure"]),
    says("FTP session opened.", ["session", "start", "session_opened", ""]),
    says("FTP session closed.", ["session", "end", "session_closed", ""]),
    says("SSH2 session opened.", ["session", "start", "session_opened", ""]),
    says("SSH2 session closed.", ["session", "end", "session_closed", ""]),
    says("Connection refused ({event.reason}).", ["network", "denied", "connection_refused", "failure"]),
    says("Refused {event.reason}", ["network", "denied", "connection_refused", "failure"]),
    says("FTP login timed out, disconnected", ["session", "end", "login_timeout", ""]),
    says("{*}, disconnected", ["session", "end", "timeout", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 ftp1 proftpd[4711]: ftp1.example.com (client.example.net[203.0.113.66]) - USER root (Login failed): Incorrect password.",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Incorrect password."),
            ("event.type", "start"),
            ("message", "USER root (Login failed): Incorrect password."),
            ("process.name", "proftpd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 ftp1 proftpd[4711] ftp1.example.com (203.0.113.66[203.0.113.66]): USER x (y[198.51.100.1]) - USER z: no such user found from 203.0.113.66 [203.0.113.66] to 192.0.2.1:21",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("process.name", "proftpd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "x (y[198.51.100.1]) - USER z"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08,805 ftp1 proftpd[4712] ftp1.example.com (192.0.2.17[192.0.2.17]): USER anna: Login successful.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.805Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.pid", "4712"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 ftp1 proftpd[4711]: ftp1.example.com (203.0.113.66[203.0.113.66]) - Maximum login attempts (3) exceeded, connection refused",
        expect: &[
            ("event.action", "max_attempts"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "info"),
            ("message", "Maximum login attempts (3) exceeded, connection refused"),
            ("process.name", "proftpd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "ftp1.example.com (::ffff:203.0.113.66[::ffff:203.0.113.66]) - SECURITY VIOLATION: root login attempted.",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "::ffff:203.0.113.66"),
            ("source.ip", "::ffff:203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example { raw: "Nov 22 09:14:09 ftp1 proftpd[4711]: ", expect: &[] },
];
