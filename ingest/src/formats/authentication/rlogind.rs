//! The r-services and telnet: networks of before SSH.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGIN_FAILED, Messages, Says, says};

/// r-services and telnetd: see the module.
pub static RLOGIND: Daemon = Daemon {
    name: "rlogind",
    category: "authentication",
    product: "r-services and telnetd",
    about: "syslog messages of rlogind, rshd, klogind and telnetd (netkit-rsh, MIT krb5-appl)",
    logsource: LogSource { category: "", product: "linux", services: &["rlogin", "auth"] },
    programs: &[
        "rlogind",
        "in.rlogind",
        "rshd",
        "in.rshd",
        "klogind",
        "kshd",
        "telnetd",
        "in.telnetd",
        "rexecd",
        "in.rexecd",
    ],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("Authentication failed from {source.ip} ({*}): {event.reason}", LOGIN_FAILED),
    says("Authentication failed from {source}: {event.reason}", LOGIN_FAILED),
    says("Kerberos authentication failed", LOGIN_FAILED),
    says("Connection from {source} on illegal port", ["network", "denied", "connection", "failure"]),
    says("connect from {source}", CONNECTED),
    says("connection from {source}", CONNECTED),
    says(
        "{user.name:word}@{source} as {user.effective.name:word}: permission denied ({*}). cmd={process.command_line}",
        LOGIN_FAILED,
    ),
    says(
        "{user.name:word}@{source} as {user.effective.name:word}: cmd='{process.command_line}'",
        ["process", "start", "rsh_command", "success"],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:09 web1 klogind[4712]: Authentication failed from 203.0.113.66 (203.0.113.66): Software caused connection abort",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Software caused connection abort"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:10 web1 rshd[4713]: anna@client.example.net as root: cmd='uptime'",
        expect: &[
            ("event.action", "rsh_command"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.command_line", "uptime"),
            ("source.address", "client.example.net"),
            ("source.domain", "client.example.net"),
            ("user.effective.name", "root"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:10 web1 rlogind[4711]: ", expect: &[] },
];
