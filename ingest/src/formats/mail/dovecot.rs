//! Dovecot: sign-ins and sessions of its IMAP, POP3, submission and Sieve services.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Dovecot: see the module.
pub static DOVECOT: Daemon = Daemon {
    name: "dovecot",
    category: "mail",
    product: "Dovecot",
    about: "syslog and log file messages of Dovecot (doc.dovecot.org, login-common, auth/db-*.c)",
    logsource: LogSource { category: "", product: "linux", services: &["dovecot", "mail"] },
    programs: &[
        "dovecot",
        "imap-login",
        "pop3-login",
        "auth-worker",
        "dovecot-auth",
        "submission-login",
        "managesieve-login",
    ],
    paths: &[],
    structure: Structure::Holds(&[
        ", rip=",
        " rip=",
        ": unknown user",
        "assword mismatch",
        "pam_authenticate() failed",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp} {rest}", TOLD), says("@{_} {rest}", TOLD)];

const SAYS: &[Says] = &[
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (auth failed, {*}): user=<{user.name}>, {*}rip={source.ip}, lip={destination.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (auth failed, {*}): {*}rip={source.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (tried to use {*} auth): user=<{user.name}>, {*}rip={source.ip}, lip={destination.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (tried to use {*} auth): {*}rip={source.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (auth service reported temporary failure): user=<{user.name}>, {*}rip={source.ip}, lip={destination.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (auth service reported temporary failure): {*}rip={source.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (no auth attempts{*}): user=<{user.name}>, {*}rip={source.ip}, lip={destination.ip}{*}",
        ["session", "end", "disconnected", ""],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason} (no auth attempts{*}): {*}rip={source.ip}{*}",
        ["session", "end", "disconnected", ""],
    ),
    says(
        "{dovecot.service:word}: {?Info: }Login: user=<{user.name}>, {*}rip={source.ip}, lip={destination.ip}{*}",
        LOGGED_IN,
    ),
    says("{dovecot.service:word}: {?Info: }Login: {*}rip={source.ip}{*}", LOGGED_IN),
    says(
        "{dovecot.service:word}: {?Info: }Aborted login: user=<{user.name}>, {*}rip={source.ip}, lip={destination.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }Aborted login: {*}rip={source.ip}{*}",
        ["authentication", "end", "login", "failure"],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason}: user=<{user.name}>, {*}rip={source.ip}, lip={destination.ip}{*}",
        ["session", "end", "disconnected", ""],
    ),
    says(
        "{dovecot.service:word}: {?Info: }{event.reason}: {*}rip={source.ip}{*}",
        ["session", "end", "disconnected", ""],
    ),
    says("{*}: {_}({user.name},{source.ip}{*}: unknown user{*}", LOGIN_FAILED),
    says("{*}: {_}({user.name},{source.ip}{*}: {*}Password mismatch{*}", LOGIN_FAILED),
    says("{*}: {_}({user.name},{source.ip}{*}: {*}password mismatch{*}", LOGIN_FAILED),
    says("{*}: {_}({user.name},{source.ip}{*}: pam_authenticate() failed: {event.reason}", LOGIN_FAILED),
    says("{*}: {_}({user.name},{source.ip}{*}: {*}nvalid credentials{*}", LOGIN_FAILED),
    says("{*}: {_}({user.name},{source.ip}{*}: {*}unknown user{*}", LOGIN_FAILED),
    says("{*}: {_}({user.name},{source.ip}{*}: Authentication failure{*}", LOGIN_FAILED),
    says("{_}({user.name:word},{source.ip}{*}: unknown user{*}", LOGIN_FAILED),
    says("{_}({user.name:word},{source.ip}{*}: {*}Password mismatch{*}", LOGIN_FAILED),
    says("{_}({user.name:word},{source.ip}{*}: {*}password mismatch{*}", LOGIN_FAILED),
    says("{_}({user.name:word},{source.ip}{*}: pam_authenticate() failed: {event.reason}", LOGIN_FAILED),
    says("{_}({user.name:word},{source.ip}{*}: {*}nvalid credentials{*}", LOGIN_FAILED),
    says("{_}({user.name:word},{source.ip}{*}: {*}unknown user{*}", LOGIN_FAILED),
    says("{_}({user.name:word},{source.ip}{*}: Authentication failure{*}", LOGIN_FAILED),
    says(
        "{dovecot.service:word}({user.name:word}): Disconnected: {event.reason}",
        ["session", "end", "disconnected", ""],
    ),
    says(
        "{dovecot.service:word}({user.name:word})<{*}>: Disconnected: {event.reason}",
        ["session", "end", "disconnected", ""],
    ),
    says(
        "{dovecot.service:word}({user.name:word})<{*}>: Info: Disconnected: {event.reason}",
        ["session", "end", "disconnected", ""],
    ),
    says(
        "{dovecot.service:word}({user.name:word}): Info: Disconnected: {event.reason}",
        ["session", "end", "disconnected", ""],
    ),
    says("{dovecot.service:word}({user.name:word})<{*}>: Logged out {*}", LOGGED_OUT),
    says("{dovecot.service:word}({user.name:word}): Logged out {*}", LOGGED_OUT),
    says("master: Dovecot v{service.version:word} {*} starting up{*}", ["process", "start", "start", ""]),
    says("master: Warning: Killed with signal {*}", ["process", "end", "stop", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 6 secs): user=<anna@example.com>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.1, TLS, session=<azdaDADSqqsvf-za>",
        expect: &[
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("dovecot.service", "imap-login"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Disconnected"),
            ("event.type", "end"),
            ("process.name", "dovecot"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 mx1 dovecot: pop3-login: Login: user=<anna@example.com>, method=PLAIN, rip=192.0.2.17, lip=192.0.2.1, mpid=18, TLS, session=<PeYcgjjOGOisEQAB>",
        expect: &[
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("dovecot.service", "pop3-login"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.name", "dovecot"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 mx1 dovecot: auth-worker(24544): pam(anna,203.0.113.66): unknown user",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("process.name", "dovecot"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:10 mx1 dovecot: imap-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=203.0.113.66, lip=192.0.2.1, TLS handshaking, session=<x>",
        expect: &[
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("dovecot.service", "imap-login"),
            ("event.action", "disconnected"),
            ("event.category", "session"),
            ("event.reason", "Disconnected"),
            ("event.type", "end"),
            ("process.name", "dovecot"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 dovecot: ", expect: &[] },
];
