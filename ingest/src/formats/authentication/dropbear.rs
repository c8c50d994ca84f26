//! Dropbear, the small SSH server of routers and initial ramdisks. Its addresses stand at the end, behind the names that clients choose.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Dropbear SSH: see the module.
pub static DROPBEAR: Daemon = Daemon {
    name: "dropbear",
    category: "authentication",
    product: "Dropbear SSH",
    about: "Dropbear server messages (svr-auth.c, svr-authpasswd.c, svr-authpubkey.c, svr-session.c)",
    logsource: LogSource { category: "", product: "linux", services: &["dropbear"] },
    programs: &["dropbear"],
    paths: &[],
    structure: Structure::Begins(&[
        "Bad ",
        "Login attempt ",
        "Exit before auth",
        "Password auth succeeded",
        "Pubkey auth succeeded",
        "PAM password auth",
        "Child connection from ",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("[{#}] {@timestamp} {message}", TOLD)];

const SAYS: &[Says] = &[
    says("Bad password attempt for '{user.name}' from {source.ip}:{source.port}", LOGIN_FAILED),
    says("bad password attempt for '{user.name}' from {source.ip}:{source.port}", LOGIN_FAILED),
    says("Bad PAM password attempt for '{user.name}' from {source.ip}:{source.port}", LOGIN_FAILED),
    says("Login attempt for nonexistent user '{user.name}' from {source.ip}:{source.port}", LOGIN_FAILED),
    says("Login attempt for nonexistent user from {source.ip}:{source.port}", LOGIN_FAILED),
    says("login attempt for nonexistent user from {source.ip}:{source.port}", LOGIN_FAILED),
    says("Login attempt for nonexistent user {*} from {source.ip}:{source.port}", LOGIN_FAILED),
    says("Login attempt with wrong user {user.name} from {source.ip}:{source.port}", LOGIN_FAILED),
    says("Password auth succeeded for '{user.name}' from {source.ip}:{source.port}", LOGGED_IN),
    says("password auth succeeded for '{user.name}' from {source.ip}:{source.port}", LOGGED_IN),
    says("PAM password auth succeeded for '{user.name}' from {source.ip}:{source.port}", LOGGED_IN),
    says("Pubkey auth succeeded for '{user.name}' with {*} from {source.ip}:{source.port}", LOGGED_IN),
    says("Auth succeeded with blank password for '{user.name}' from {source.ip}:{source.port}", LOGGED_IN),
    says("Child connection from {source.ip}:{source.port}", CONNECTED),
    says(
        "Exit before auth from <{source.ip}:{source.port}>: (user '{user.name}', {#} fails): {event.reason}",
        ["authentication", "end", "exit_before_auth", "failure"],
    ),
    says(
        "Exit before auth from <{source.ip}:{source.port}>: {event.reason}",
        ["authentication", "end", "exit_before_auth", "failure"],
    ),
    says(
        "Exit before auth (user '{user.name}', {#} fails): Max auth tries reached - user '{*}' from {source.ip}:{source.port}",
        ["authentication", "end", "exit_before_auth", "failure"],
    ),
    says(
        "exit before auth (user '{user.name}', {#} fails): Max auth tries reached - user '{*}' from {source.ip}:{source.port}",
        ["authentication", "end", "exit_before_auth", "failure"],
    ),
    says(
        "Exit before auth (user '{user.name}', {#} fails): {event.reason}",
        ["authentication", "end", "exit_before_auth", "failure"],
    ),
    says("Exit before auth: {event.reason}", ["authentication", "end", "exit_before_auth", "failure"]),
    says("Exit ({user.name}) from <{source.ip}:{source.port}>: {event.reason}", LOGGED_OUT),
    says("Exit ({user.name}): {event.reason}", LOGGED_OUT),
    says("exit after auth ({user.name}): {event.reason}", LOGGED_OUT),
    says("User '{user.name}' has blank password, rejected", LOGIN_FAILED),
    says("User '{user.name}' has invalid shell, rejected", LOGIN_FAILED),
    says("User account '{user.name}' is locked", LOGIN_FAILED),
    says("root login rejected", LOGIN_FAILED),
    says("Early exit: {event.reason}", ["process", "end", "exit", ""]),
    says("Terminated by signal", ["process", "end", "exit", ""]),
    says("Running in background", ["process", "start", "start", ""]),
    says("Not backgrounding", ["process", "start", "start", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 router1 dropbear[4711]: Bad password attempt for 'root' from 203.0.113.66:60588",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("process.name", "dropbear"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "60588"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 router1 dropbear[4711]: Bad password attempt for 'x' from 198.51.100.1:1' from 203.0.113.66:60588",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("process.name", "dropbear"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "60588"),
            ("user.name", "x' from 198.51.100.1:1"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 router1 dropbear[4711]: [4711] Nov 22 09:14:08 Exit before auth from <203.0.113.66:52289>: (user 'root', 10 fails): Max auth tries reached - user 'root'",
        expect: &[
            ("event.action", "exit_before_auth"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Max auth tries reached - user 'root'"),
            ("event.type", "end"),
            (
                "message",
                "Exit before auth from <203.0.113.66:52289>: (user 'root', 10 fails): Max auth tries reached - user 'root'",
            ),
            ("process.name", "dropbear"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "52289"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 router1 dropbear[4712]: Pubkey auth succeeded for 'anna' with sha1!! 5f:2c from 192.0.2.17:51515",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.name", "dropbear"),
            ("process.pid", "4712"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Login attempt for nonexistent user from 203.0.113.66:4328",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "4328"),
        ],
    },
    Example { raw: "Nov 22 09:14:10 router1 dropbear[4711]: ", expect: &[] },
];
