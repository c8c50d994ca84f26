//! sshesame, an SSH honeypot: whatever comes is let in and written down.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// sshesame: see the module.
pub static SSHESAME: Daemon = Daemon {
    name: "sshesame",
    category: "authentication",
    product: "sshesame",
    about: "log lines of the sshesame honeypot (github.com/jaksi/sshesame)",
    logsource: LogSource { category: "", product: "sshesame", services: &["sshd", "honeypot"] },
    programs: &["sshesame"],
    paths: &[],
    structure: Structure::Begins(&["2"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} [{source.ip}:{source.port}] {message}", TOLD),
    says("{@timestamp} [[{source.ip}]:{source.port}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says(r#"authentication for user "{user.name}" with password "{*}" accepted"#, LOGGED_IN),
    says(r#"authentication for user "{user.name}" with password "{*}" rejected"#, LOGIN_FAILED),
    says(r#"authentication for user "{user.name}" with public key "{*}" accepted"#, LOGGED_IN),
    says(r#"authentication for user "{user.name}" with public key "{*}" rejected"#, LOGIN_FAILED),
    says(r#"authentication for user "{user.name}" without credentials accepted"#, LOGGED_IN),
    says(r#"authentication for user "{user.name}" without credentials rejected"#, LOGIN_FAILED),
    says(r#"authentication for user "{user.name}" with keyboard interactive answers {*} accepted"#, LOGGED_IN),
    says(r#"authentication for user "{user.name}" with keyboard interactive answers {*} rejected"#, LOGIN_FAILED),
    says(r#"connection with client version "{sshesame.client_version}" established"#, CONNECTED),
    says("connection closed", ["network", "end", "connection_closed", ""]),
    says(r#"[channel {#}] command "{process.command_line}" requested"#, ["process", "start", "command", ""]),
    says(r#"[channel {#}] input: "{sshesame.input}""#, ["session", "info", "input", ""]),
    says(
        "[channel {#}] direct TCP/IP forwarding from {_} to {destination.ip}:{destination.port} requested",
        ["network", "connection", "forwarding", ""],
    ),
    says(
        "[channel {#}] direct TCP/IP forwarding from {_} to [{destination.ip}]:{destination.port} requested",
        ["network", "connection", "forwarding", ""],
    ),
    says(
        "[channel {#}] direct TCP/IP forwarding from {_} to {destination}:{destination.port} requested",
        ["network", "connection", "forwarding", ""],
    ),
    says("[channel {#}] session requested", ["session", "start", "session", ""]),
    says("[channel {#}] closed", ["session", "end", "channel_closed", ""]),
    says("[channel {#}] {*} requested", ["session", "info", "request", ""]),
    says("[channel {#}] {*} request", ["session", "info", "request", ""]),
    says("TCP/IP forwarding on {*} requested", ["network", "connection", "forwarding", ""]),
    says("TCP/IP forwarding on {*} canceled", ["network", "end", "forwarding", ""]),
    says("rejection of further session channels requested", ["session", "info", "request", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026/11/22 09:14:07 [203.0.113.66:55934] authentication for user "root" with password "a b" accepted"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("message", r#"authentication for user "root" with password "a b" accepted"#),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "55934"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"2026/11/22 09:14:07 [[2001:db8::66]:55934] authentication for user "root" without credentials rejected"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", r#"authentication for user "root" without credentials rejected"#),
            ("source.address", "2001:db8::66"),
            ("source.ip", "2001:db8::66"),
            ("source.port", "55934"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"2026/11/22 09:14:08 [203.0.113.66:55934] [channel 0] command "uname -a" requested"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "command"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("message", r#"[channel 0] command "uname -a" requested"#),
            ("process.command_line", "uname -a"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "55934"),
        ],
    },
    Example {
        raw: "2026/11/22 09:14:09 [203.0.113.66:55934] [channel 106] direct TCP/IP forwarding from 127.0.0.1:22 to 198.51.100.42:80 requested",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("destination.address", "198.51.100.42"),
            ("destination.ip", "198.51.100.42"),
            ("destination.port", "80"),
            ("event.action", "forwarding"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("message", "[channel 106] direct TCP/IP forwarding from 127.0.0.1:22 to 198.51.100.42:80 requested"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "55934"),
        ],
    },
    Example { raw: "2026/11/22 09:14:07 [203.0.113.66:55934] something else", expect: &[] },
];
