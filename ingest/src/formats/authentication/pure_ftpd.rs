//! Pure-FTPd: messages behind the account and the address of the session.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Pure-FTPd: see the module.
pub static PURE_FTPD: Daemon = Daemon {
    name: "pure_ftpd",
    category: "authentication",
    product: "Pure-FTPd",
    about: "Pure-FTPd syslog messages (src/messages_en.h, logfile() in src/ftpd.c)",
    logsource: LogSource { category: "", product: "linux", services: &["pure_ftpd"] },
    programs: &["pure-ftpd", "pure-ftpd-mysql", "pure-ftpd-ldap", "pure-ftpd-postgresql"],
    paths: &[],
    structure: Structure::Begins(&["("]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("(?@{source.ip}) [{log.level:word}] {message}", TOLD),
    says("({user.name:word}@{source.ip}) [{log.level:word}] {message}", TOLD),
    says("(?@{source}) [{log.level:word}] {message}", TOLD),
    says("({user.name:word}@{source}) [{log.level:word}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("Authentication failed for user [{user.name}]", LOGIN_FAILED),
    says("Unable to find the '{user.name}' account", LOGIN_FAILED),
    says("{user.name} is now logged in", LOGGED_IN),
    says("Anonymous user logged in{*}", LOGGED_IN),
    says("New connection from {_}", CONNECTED),
    says("Logout.", LOGGED_OUT),
    says("Too many authentication failures", ["authentication", "info", "max_attempts", "failure"]),
    says("Timeout - try typing a little faster next time", ["session", "end", "timeout", ""]),
    says("{file.path} uploaded  ({file.size:number} bytes, {*})", ["file", "creation", "upload", "success"]),
    says("{file.path} downloaded  ({file.size:number} bytes, {*})", ["file", "access", "download", "success"]),
    says("Deleted {file.path}", ["file", "deletion", "delete", "success"]),
    says("File successfully renamed or moved: {*}", ["file", "change", "rename", "success"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 ftp1 pure-ftpd: (?@203.0.113.66) [WARNING] Authentication failed for user [root]",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("message", "Authentication failed for user [root]"),
            ("process.name", "pure-ftpd"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 ftp1 pure-ftpd: (?@192.0.2.17) [INFO] anna@example.com is now logged in",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("message", "anna@example.com is now logged in"),
            ("process.name", "pure-ftpd"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 ftp1 pure-ftpd: (anna@example.com@192.0.2.17) [NOTICE] /srv/ftp/a.tar uploaded  (1200 bytes, 31.20KB/sec)",
        expect: &[
            ("event.action", "upload"),
            ("event.category", "file"),
            ("event.outcome", "success"),
            ("event.type", "creation"),
            ("file.path", "/srv/ftp/a.tar"),
            ("file.size", "1200"),
            ("log.level", "NOTICE"),
            ("message", "/srv/ftp/a.tar uploaded  (1200 bytes, 31.20KB/sec)"),
            ("process.name", "pure-ftpd"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:10 ftp1 pure-ftpd: (?@client.example.net) [INFO] New connection from client.example.net",
        expect: &[
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("log.level", "INFO"),
            ("message", "New connection from client.example.net"),
            ("process.name", "pure-ftpd"),
            ("source.address", "client.example.net"),
            ("source.domain", "client.example.net"),
        ],
    },
    Example {
        raw: "(?@203.0.113.66) [WARNING] Authentication failed for user [root]",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example { raw: "Nov 22 09:14:10 ftp1 pure-ftpd: ", expect: &[] },
];
