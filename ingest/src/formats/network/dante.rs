//! Dante.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// Dante: see the module.
pub static DANTE: Daemon = Daemon {
    name: "dante",
    category: "network",
    product: "Dante, a SOCKS server",
    about: "syslog messages of Dante's server (inet.no/dante, log.c): blocks, passes, sign-ins",
    logsource: LogSource { category: "firewall", product: "dante", services: &["dante"] },
    programs: &["danted", "sockd"],
    paths: &["/sockd.log"],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        r#"{log.level:word}: block({rule.id:number}): {dante.operation:word} ]: {source.ip}.{source.port} {destination.ip}.{destination.port}: error after reading {#} byte{*} in {#} second{*}: {event.reason} for user "{user.name}""#,
        LOGIN_FAILED,
    ),
    says(
        "{log.level:word}: block({rule.id:number}): {dante.operation:word} ]: {source.ip}.{source.port} {destination.ip}.{destination.port}: {event.reason}",
        ["network", "denied", "block", "failure"],
    ),
    says(
        "{log.level:word}: block({rule.id:number}): {dante.operation:word} [: {source.ip}.{source.port} {destination.ip}.{destination.port}: {event.reason}",
        ["network", "denied", "block", "failure"],
    ),
    says(
        "{log.level:word}: block({rule.id:number}): {dante.operation:word} [: {source.ip}.{source.port} {destination.ip}.{destination.port}",
        ["network", "denied", "block", "failure"],
    ),
    says(
        "{log.level:word}: pass({rule.id:number}): {dante.operation:word} [: {source.ip}.{source.port} {destination.ip}.{destination.port}{*}",
        ["network", "connection start", "pass", ""],
    ),
    says(
        "{log.level:word}: pass({rule.id:number}): {dante.operation:word} ]: {*} -> {source.ip}.{source.port} {destination.ip}.{destination.port} -> {*}: {event.reason}. {*}",
        ["network", "connection end", "pass", ""],
    ),
    says("{log.level:word}: {rest}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 09:14:07 proxy1 danted[742]: info: block(1): tcp/accept ]: 203.0.113.66.57178 192.0.2.10.1080: error after reading 18 bytes in 0 seconds: system password authentication failed for user "anna""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("dante.operation", "tcp/accept"),
            ("destination.address", "192.0.2.10"),
            ("destination.ip", "192.0.2.10"),
            ("destination.port", "1080"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "system password authentication failed"),
            ("event.type", "start"),
            ("host.name", "proxy1"),
            ("log.level", "info"),
            ("process.name", "danted"),
            ("process.pid", "742"),
            ("rule.id", "1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "57178"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 proxy1 danted[742]: info: block(2): tcp/connect [: 192.0.2.20.40100 198.51.100.7.25: blocked by rule",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("dante.operation", "tcp/connect"),
            ("destination.address", "198.51.100.7"),
            ("destination.ip", "198.51.100.7"),
            ("destination.port", "25"),
            ("event.action", "block"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.reason", "blocked by rule"),
            ("event.type", "denied"),
            ("host.name", "proxy1"),
            ("log.level", "info"),
            ("process.name", "danted"),
            ("process.pid", "742"),
            ("rule.id", "2"),
            ("source.address", "192.0.2.20"),
            ("source.ip", "192.0.2.20"),
            ("source.port", "40100"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 proxy1 danted[742]: info: pass(1): tcp/accept [: 192.0.2.20.40101 192.0.2.10.1080",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("dante.operation", "tcp/accept"),
            ("destination.address", "192.0.2.10"),
            ("destination.ip", "192.0.2.10"),
            ("destination.port", "1080"),
            ("event.action", "pass"),
            ("event.category", "network"),
            ("event.type", "connection start"),
            ("host.name", "proxy1"),
            ("log.level", "info"),
            ("process.name", "danted"),
            ("process.pid", "742"),
            ("rule.id", "1"),
            ("source.address", "192.0.2.20"),
            ("source.ip", "192.0.2.20"),
            ("source.port", "40101"),
        ],
    },
    Example { raw: "Nov 22 09:14:09 proxy1 danted[742]: ", expect: &[] },
];
