//! DNS resolvers that write short lines: Unbound, NSD, dnsmasq and Pi-hole.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// Unbound and NSD: see the module.
pub static UNBOUND: Daemon = Daemon {
    name: "unbound",
    category: "network",
    product: "Unbound, NSD",
    about: "messages of unbound and nsd (unbound.conf(5), log-queries, log-replies; nsd.conf(5))",
    logsource: LogSource { category: "dns", product: "", services: &["unbound"] },
    programs: &["unbound", "nsd"],
    paths: &["/unbound.log", "/nsd.log"],
    structure: Structure::Begins(&["["]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("[{@timestamp}] {process.name:word}[{process.pid}:{*}] {log.level}: {message}", TOLD),
    says("[{@timestamp}] {process.name:word}[{process.pid}]: {log.level}: {message}", TOLD),
    says("[{process.pid}:{*}] {log.level}: {message}", TOLD),
];

const QUERY: [&str; 4] = ["network", "protocol", "query", ""];
const ANSWER: [&str; 4] = ["network", "protocol", "answer", ""];
const REFUSED: [&str; 4] = ["network", "denied", "zone-transfer", "failure"];

const SAYS: &[Says] = &[
    says(
        "{source.ip} {dns.question.name}. {dns.question.type:word} {dns.question.class:word} {dns.response_code:word} {*}",
        ANSWER,
    ),
    says("{source.ip} {dns.question.name}. {dns.question.type:word} {dns.question.class:word}", QUERY),
    says("query: {source.ip} {dns.question.name}. {dns.question.type:word} {dns.question.class:word}", QUERY),
    says("failed to {*}", ["", "error", "", "failure"]),
    says(
        "{source.ip} {dns.question.name:word} {dns.question.type:word} {dns.question.class:word} {dns.response_code:word} {*}",
        ANSWER,
    ),
    says("{source.ip} {dns.question.name:word} {dns.question.type:word} {dns.question.class:word}", QUERY),
    says("query: {source.ip} {dns.question.name:word} {dns.question.type:word} {dns.question.class:word}", QUERY),
    says(
        "reply: {source.ip} {dns.question.name:word} {dns.question.type:word} {dns.question.class:word} {dns.response_code:word} {*}",
        ANSWER,
    ),
    says(
        "{dns.question.name:word} {rule.name:word} {source.ip}@{source.port} {_} {dns.question.type:word} {dns.question.class:word}",
        ["network", "info", "local-zone", ""],
    ),
    says("axfr for zone {dns.question.name:word} from client {source.ip} refused, {event.reason}", REFUSED),
    says("axfr for {dns.question.name:word} from {source.ip} refused, {event.reason}", REFUSED),
    says(
        "ratelimit {*} type {_} target {*} query {source.ip} {dns.question.type:word}",
        ["network", "denied", "rate-limit", "failure"],
    ),
    says(
        "ratelimit block {*} type {_} target {_} query {source.ip} TYPE{_}",
        ["network", "denied", "rate-limit", "failure"],
    ),
    says("internal error: {error.message}", TOLD),
    says(
        "validation failure <{dns.question.name:word} {dns.question.type:word} {dns.question.class:word}>: {event.reason}",
        ["network", "protocol", "validate", "failure"],
    ),
    says("start of service ({*}).", ["process", "start", "", ""]),
    says("service stopped ({*}).", ["process", "end", "", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[1795338847] unbound[4711:0] info: 192.0.2.17 www.example.com. A IN NOERROR 0.012 0 60",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("process.name", "unbound"),
            ("process.pid", "4711"),
            ("log.level", "info"),
            ("message", "192.0.2.17 www.example.com. A IN NOERROR 0.012 0 60"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("dns.question.name", "www.example.com"),
            ("dns.question.type", "A"),
            ("dns.question.class", "IN"),
            ("dns.response_code", "NOERROR"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("event.action", "answer"),
        ],
    },
    Example { raw: "4711 fancy: nothing", expect: &[] },
];
