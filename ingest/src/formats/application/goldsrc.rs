//! Game servers of Valve.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, says};

/// Game servers of Valve: see the module.
pub static GOLDSRC: Daemon = Daemon {
    name: "goldsrc",
    category: "application",
    product: "GoldSrc and Source game servers",
    about: "logs of Half-Life's game servers (developer.valvesoftware.com, HL Log Standard): remote console, players",
    logsource: LogSource { category: "application", product: "goldsrc", services: &["goldsrc"] },
    programs: &["hlds", "srcds"],
    paths: &[],
    structure: Structure::Begins(&["L 0", "L 1"]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(r#"L {_} - {_}: Bad Rcon: "{*}" from "{source.ip}:{source.port}""#, LOGIN_FAILED),
    says(r#"L {_} - {_}: rcon from "{source.ip}:{source.port}": Bad Password"#, LOGIN_FAILED),
    says(r#"L {_} - {_}: Rcon: "{*}" from "{source.ip}:{source.port}""#, LOGGED_IN),
    says(r#"L {_} - {_}: rcon from "{source.ip}:{source.port}": command "{event.action}""#, LOGGED_IN),
    says(
        r#"L {_} - {_}: "{user.name}<{#}><{user.id}><{*}>" connected, address "{source.ip}:{source.port}""#,
        ["session", "start", "connect", ""],
    ),
    says(r#"L {_} - {_}: "{user.name}<{#}><{user.id}><{*}>" disconnected{*}"#, ["session", "end", "disconnect", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"L 11/22/2026 - 09:14:07: Bad Rcon: "rcon 260639614 "x" status" from "203.0.113.66:53772""#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "53772"),
        ],
    },
    Example {
        raw: r#"L 11/22/2026 - 09:14:08: rcon from "203.0.113.66:53773": Bad Password"#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "53773"),
        ],
    },
    Example {
        raw: r#"L 11/22/2026 - 09:14:09: "anna<2><STEAM_0:1:4711><>" connected, address "192.0.2.10:27005""#,
        expect: &[
            ("event.action", "connect"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("source.port", "27005"),
            ("user.id", "STEAM_0:1:4711"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "L 11/22/2026 - 09:14:09", expect: &[] },
];
