//! Murmur.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Murmur: see the module.
pub static MURMUR: Daemon = Daemon {
    name: "murmur",
    category: "application",
    product: "Murmur, the server of Mumble",
    about: "log lines of Murmur (mumble.info, src/murmur/Messages.cpp)",
    logsource: LogSource { category: "application", product: "murmur", services: &["murmur"] },
    programs: &["murmurd", "mumble-server"],
    paths: &["/mumble-server.log", "/murmur.log"],
    structure: Structure::Holds(&["<W>1", "<W>2", "<C>2", "<F>2", "<D>2"]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "<{log.level:word}>{@timestamp} {#} => <{murmur.session:number}:{user.name}({*})> Rejected connection from {source.ip}:{source.port}: {event.reason}",
        LOGIN_FAILED,
    ),
    says("<{log.level:word}>{@timestamp} {#} => <{murmur.session:number}:{user.name}({*})> Authenticated", LOGGED_IN),
    says(
        "<{log.level:word}>{@timestamp} {#} => <{murmur.session:number}:({*})> New connection: {source.ip}:{source.port}",
        CONNECTED,
    ),
    says(
        "<{log.level:word}>{@timestamp} {#} => <{murmur.session:number}:{user.name}({*})> Connection closed: {event.reason}",
        ["session", "end", "disconnect", ""],
    ),
    says("<{log.level:word}>{@timestamp} {#} => {rest}", TOLD),
    says("<{log.level:word}>{@timestamp} {rest}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<W>2026-11-22 09:14:07.818 1 => <4:anna(-1)> Rejected connection from 203.0.113.66:29530: Wrong certificate or password for existing user",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.818Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Wrong certificate or password for existing user"),
            ("event.type", "start"),
            ("log.level", "W"),
            ("murmur.session", "4"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "29530"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "<W>2026-11-22 09:14:08.001 1 => <5:(-1)> New connection: 192.0.2.10:40210",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.001Z"),
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("log.level", "W"),
            ("murmur.session", "5"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("source.port", "40210"),
        ],
    },
    Example {
        raw: "<W>2026-11-22 09:14:09.100 1 => <5:bert(7)> Authenticated",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.1Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "W"),
            ("murmur.session", "5"),
            ("user.name", "bert"),
        ],
    },
    Example {
        raw: "<W>2026-11-22 09:14:07.818 1 => <4:a(1)> Rejected connection from 192.0.2.1:1: x(-1)> Rejected connection from 203.0.113.66:29530: Invalid server password",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.818Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "x(-1)> Rejected connection from 203.0.113.66:29530: Invalid server password"),
            ("event.type", "start"),
            ("log.level", "W"),
            ("murmur.session", "4"),
            ("user.name", "a"),
        ],
    },
    Example { raw: "<W>now", expect: &[] },
];
