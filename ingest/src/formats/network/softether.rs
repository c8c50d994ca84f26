//! SoftEther VPN Server: the security logs of its hubs.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// SoftEther VPN: see the module.
pub static SOFTETHER: Daemon = Daemon {
    name: "softether",
    category: "network",
    product: "SoftEther VPN Server",
    about: "a hub's security log: connections, authentication, sessions (SoftEther VPN Manual 3.10, Logging; strtable_en.stb)",
    logsource: LogSource { category: "vpn", product: "softether", services: &["softether"] },
    programs: &["vpnserver"],
    paths: &[],
    structure: Structure::Holds(&["onnection \"CID-"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

/// In its file a time, in syslog the hub, the time and the log.
const FRAMES: &[Says] = &[
    says("[{*}] ({@timestamp}) <SECURITY_LOG>: {message}", TOLD),
    says("{@timestamp} {*} <SECURITY_LOG>: {message}", TOLD),
    says("{@timestamp} {message}", TOLD),
];

const SAYS: &[Says] = &[
    says(r#"Connection "{softether.connection}": Successfully authenticated as user "{user.name}"."#, LOGGED_IN),
    says(
        r#"Connection "{softether.connection}": User authentication failed. The user name that has been provided was "{user.name}"."#,
        LOGIN_FAILED,
    ),
    says(
        r#"Connection "{softether.connection}": User authentication failed. The user name that has been provided was "{user.name}", from {source.ip}."#,
        LOGIN_FAILED,
    ),
    says(
        r#"The connection "{softether.connection}" (IP address: {source.ip}, Host name: {*}, Port number: {source.port}, Client name: "{*}", Version: {*}, Build: {#}) is attempting to connect to the Virtual Hub. The auth type provided is "{softether.method}" and the user name is "{user.name}"."#,
        ["network", "connection", "connection", ""],
    ),
    says(
        r#"Connection "{softether.connection}": The new session "{softether.session}" has been created. (IP address: {source.ip}, Port number: {source.port}, {*})"#,
        ["session", "start", "session", ""],
    ),
    says(
        r#"Connection "{softether.connection}" terminated by the cause "{event.reason}" (code {#})."#,
        ["network", "end", "disconnection", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026-11-22 09:14:07.250 The connection "CID-12" (IP address: 203.0.113.66, Host name: pc.example.net, Port number: 51515, Client name: "SoftEther VPN Client", Version: 4.43, Build: 9799) is attempting to connect to the Virtual Hub. The auth type provided is "Password authentication" and the user name is "anna"."#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("softether.connection", "CID-12"),
            ("softether.method", "Password authentication"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"2026-11-22 09:14:07.260 Connection "CID-12": User authentication failed. The user name that has been provided was "anna"."#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("softether.connection", "CID-12"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"<134>2026-11-22T09:14:08Z vpn1 [vpn1.example.com/VPN/office] (2026-11-22 09:14:07.270) <SECURITY_LOG>: Connection "CID-13": User authentication failed. The user name that has been provided was "eve", from 203.0.113.66."#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.27Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("softether.connection", "CID-13"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "eve"),
        ],
    },
    Example { raw: r#"The connection "CID-12" (IP address: "#, expect: &[] },
];
