//! qmail and its rblsmtpd.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// qmail: see the module.
pub static QMAIL: Daemon = Daemon {
    name: "qmail",
    category: "mail",
    product: "qmail",
    about: "log lines of qmail-smtpd and rblsmtpd (cr.yp.to, netqmail patches)",
    logsource: LogSource { category: "", product: "linux", services: &["qmail"] },
    programs: &["qmail", "rblsmtpd", "qmail-smtpd", "tcpserver"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("{#}.{#} qmail-smtpd: {#} badiprbl: ip {source.ip} rbl: {*}", ["email", "denied", "reject", "failure"]),
    says("{#}.{#} rblsmtpd: {source.ip} pid {#} {event.reason}", ["email", "denied", "reject", "failure"]),
    says("{#}.{#} {_} blocked {source.ip} {event.reason}", ["email", "denied", "reject", "failure"]),
    says("qmail-smtpd: {#} badiprbl: ip {source.ip} rbl: {*}", ["email", "denied", "reject", "failure"]),
    says("rblsmtpd: {source.ip} pid {#} {event.reason}", ["email", "denied", "reject", "failure"]),
    says("{_} blocked {source.ip} {event.reason}", ["email", "denied", "reject", "failure"]),
    says(
        "tcpserver: ok {#} {*}:{destination.ip}:{destination.port} {*}:{source.ip}:{*}:{#}",
        ["network", "connection", "connection", "success"],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 qmail: 1795338847.485077 rblsmtpd: 203.0.113.66 pid 19597 dnsbl.example.com: 451 http://www.example.com/query?ip=203.0.113.66",
        expect: &[
            ("event.action", "reject"),
            ("event.category", "email"),
            ("event.outcome", "failure"),
            ("event.reason", "dnsbl.example.com: 451 http://www.example.com/query?ip=203.0.113.66"),
            ("event.type", "denied"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 qmail: ", expect: &[] },
];
