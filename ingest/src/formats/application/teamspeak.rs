//! TeamSpeak 3 server.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGIN_FAILED, Messages, Says, TOLD, says};

/// TeamSpeak server: see the module.
pub static TEAMSPEAK: Daemon = Daemon {
    name: "teamspeak",
    category: "application",
    product: "TeamSpeak server",
    about: "ts3server logs: time, level, part, server, message, between bars (support.teamspeak.com, server logs)",
    logsource: LogSource { category: "application", product: "teamspeak", services: &["teamspeak"] },
    programs: &["ts3server"],
    paths: &[],
    structure: Structure::Holds(&["|Query  ", "|VirtualServerBase|", "|VirtualServer |", "|ServerMain  "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp}|{log.level:word}  |{log.logger:word}  |{*}|{message}", TOLD),
    says("{@timestamp}|{log.level:word}  |{log.logger:word}|{*}|{message}", TOLD),
];

const SAYS: &[Says] = &[
    says(
        r#"query from {#} {source.ip}:{source.port} attempted to login with account "{user.name}" and failed!"#,
        LOGIN_FAILED,
    ),
    says(
        r#"query from {#} [{source.ip}]:{source.port} attempted to login with account "{user.name}" and failed!"#,
        LOGIN_FAILED,
    ),
    says("query client connected {*} from {source.ip}:{source.port}", CONNECTED),
    says("client connected '{user.name}'(id:{#}) from {source.ip}:{source.port}", CONNECTED),
    says("client connected '{user.name}'(id:{#}) using a myTeamSpeak ID from {source.ip}:{source.port}", CONNECTED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026-11-22 09:14:07.009756|INFO    |Query         |   |query from 11 203.0.113.66:48426 attempted to login with account "anna" and failed!"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.009756Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("log.logger", "Query"),
            ("message", r#"query from 11 203.0.113.66:48426 attempted to login with account "anna" and failed!"#),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "48426"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"2026-11-22 09:14:08.009756|INFO    |Query         |   |query from 12 [2001:db8::17]:48426 attempted to login with account "anna" and failed!"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.009756Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("log.logger", "Query"),
            ("message", r#"query from 12 [2001:db8::17]:48426 attempted to login with account "anna" and failed!"#),
            ("source.address", "2001:db8::17"),
            ("source.ip", "2001:db8::17"),
            ("source.port", "48426"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09.009756|INFO    |VirtualServerBase|1  |client connected 'anna'(id:2) from 192.0.2.17:5001",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.009756Z"),
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("log.level", "INFO"),
            ("log.logger", "VirtualServerBase"),
            ("message", "client connected 'anna'(id:2) from 192.0.2.17:5001"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "5001"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07.009756|INFO    |Query         |", expect: &[] },
];
