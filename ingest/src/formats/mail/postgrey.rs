//! Postgrey, the greylisting policy server of Postfix.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// Postgrey: see the module.
pub static POSTGREY: Daemon = Daemon {
    name: "postgrey",
    category: "mail",
    product: "Postgrey",
    about: "syslog messages of postgrey (postgrey.schweikert.ch)",
    logsource: LogSource { category: "", product: "linux", services: &["postgrey"] },
    programs: &["postgrey"],
    paths: &[],
    structure: Structure::Holds(&["action=pass, reason=", "action=greylist, reason=", "whitelisted: "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{email.local_id:id}: {rest}", TOLD)];

const SAYS: &[Says] = &[
    says(
        "action=pass, reason={event.reason}, delay={#}, client_name=unknown, client_address={source.ip}{*}, sender={sender}, recipient={recipient}",
        ["email", "allowed", "pass", "success"],
    ),
    says(
        "action=pass, reason={event.reason}, delay={#}, client_name={source.domain:word}, client_address={source.ip}{*}, sender={sender}, recipient={recipient}",
        ["email", "allowed", "pass", "success"],
    ),
    says(
        "action=pass, reason={event.reason}, client_name=unknown, client_address={source.ip}{*}, sender={sender}, recipient={recipient}",
        ["email", "allowed", "pass", "success"],
    ),
    says(
        "action=pass, reason={event.reason}, client_name={source.domain:word}, client_address={source.ip}{*}, sender={sender}, recipient={recipient}",
        ["email", "allowed", "pass", "success"],
    ),
    says(
        "action=greylist, reason={event.reason}, client_name=unknown, client_address={source.ip}{*}, sender={sender}, recipient={recipient}",
        ["email", "denied", "greylist", "success"],
    ),
    says(
        "action=greylist, reason={event.reason}, client_name={source.domain:word}, client_address={source.ip}{*}, sender={sender}, recipient={recipient}",
        ["email", "denied", "greylist", "success"],
    ),
    says(
        "action={event.action}, reason={event.reason}, client_name=unknown, client_address={source.ip}{*}, recipient={email.to.address}",
        ["email", "info", "", ""],
    ),
    says(
        "action={event.action}, reason={event.reason}, client_name={source.domain:word}, client_address={source.ip}{*}, recipient={email.to.address}",
        ["email", "info", "", ""],
    ),
    says("whitelisted: {_}[{source.ip}/{#}]", ["email", "allowed", "whitelisted", ""]),
    says("whitelisted: {_}[{source.ip}]", ["email", "allowed", "whitelisted", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 postgrey[900]: action=greylist, reason=new, client_name=client.example.net, client_address=203.0.113.66, sender=spam@example.net, recipient=bob@example.org",
        expect: &[
            ("source.domain", "client.example.net"),
            ("destination.address", "example.org"),
            ("destination.domain", "example.org"),
            ("email.from.address", "spam@example.net"),
            ("email.to.address", "bob@example.org"),
            ("event.action", "greylist"),
            ("event.category", "email"),
            ("event.outcome", "success"),
            ("event.reason", "new"),
            ("event.type", "denied"),
            ("process.name", "postgrey"),
            ("process.pid", "900"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 mx1 postgrey[900]: action=pass, reason=client whitelist, client_name=unknown, client_address=203.0.113.66/32, sender=a@example.net, recipient=bob@example.org",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("destination.address", "example.org"),
            ("destination.domain", "example.org"),
            ("email.from.address", "a@example.net"),
            ("email.to.address", "bob@example.org"),
            ("event.action", "pass"),
            ("event.category", "email"),
            ("event.outcome", "success"),
            ("event.reason", "client whitelist"),
            ("event.type", "allowed"),
            ("host.name", "mx1"),
            ("process.name", "postgrey"),
            ("process.pid", "900"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 postgrey[473]: ", expect: &[] },
];
