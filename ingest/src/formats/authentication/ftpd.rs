//! The FTP servers that call themselves ftpd: BSD, netkit, WU-FTPD.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, says};

/// BSD and GNU ftpd: see the module.
pub static FTPD: Daemon = Daemon {
    name: "ftpd",
    category: "authentication",
    product: "BSD and GNU ftpd",
    about: "syslog messages of ftpd (NetBSD libexec/ftpd/ftpd.c, WU-FTPD src/ftpd.c)",
    logsource: LogSource { category: "", product: "linux", services: &["ftpd"] },
    programs: &["ftpd", "in.ftpd", "wu-ftpd", "tnftpd", "lukemftpd"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("connection from {source.ip} ({*}) at {*}", CONNECTED),
    says("connection from {source.ip} () at {*}", CONNECTED),
    says("connection from {_} [{source.ip}]", CONNECTED),
    says("connection from {source}", CONNECTED),
    says("FTP LOGIN FROM {_} [{source.ip}], {user.name}", LOGGED_IN),
    says("FTP LOGIN FROM {source} as {user.name}", LOGGED_IN),
    says("FTP LOGIN FROM {source}, {user.name}", LOGGED_IN),
    says("ANONYMOUS FTP LOGIN FROM {source.ip},{*}", LOGGED_IN),
    says("ANONYMOUS FTP LOGIN FROM {_} [{source.ip}], {*}", LOGGED_IN),
    says("ANONYMOUS FTP LOGIN FROM {source},{*}", LOGGED_IN),
    says("FTP LOGIN FAILED FROM {_} [{source.ip}], {user.name}", LOGIN_FAILED),
    says("FTP LOGIN FAILED FROM {source}, {user.name}", LOGIN_FAILED),
    says("failed login from {_} [{source.ip}]", LOGIN_FAILED),
    says("FAILED LOGIN FROM {source}, {user.name}", LOGIN_FAILED),
    says("FTP LOGIN REFUSED ({event.reason}) FROM {_} [{source.ip}], {user.name}", LOGIN_FAILED),
    says("User {user.name} timed out after {#} seconds at {*}", ["session", "end", "timeout", ""]),
    says("User {user.name:word} logged in", LOGGED_IN),
    says("User {user.name:word} logged out", LOGGED_OUT),
    says("FTP session closed", ["session", "end", "session_closed", ""]),
    says("lost connection to {_} [{source.ip}]", ["session", "end", "connection_lost", ""]),
    says("lost connection to {source}", ["session", "end", "connection_lost", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 ftp1 ftpd[4711]: connection from 203.0.113.66 (client.example.net) at Sun Nov 22 09:14:07 2026",
        expect: &[
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 ftp1 ftpd[4711]: FTP LOGIN FAILED FROM client.example.net [203.0.113.66], root",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 ftp1 ftpd[4711]: ANONYMOUS FTP LOGIN FROM 192.0.2.17, guest@example.com",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
        ],
    },
    Example { raw: "Nov 22 09:14:10 ftp1 ftpd[4711]: ", expect: &[] },
];
