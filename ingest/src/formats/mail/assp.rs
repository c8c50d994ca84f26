//! ASSP, the Anti-Spam SMTP Proxy.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// ASSP: see the module.
pub static ASSP: Daemon = Daemon {
    name: "assp",
    category: "mail",
    product: "ASSP",
    about: "maillog.txt of ASSP (sourceforge.net/projects/assp)",
    logsource: LogSource { category: "application", product: "assp", services: &["assp"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[
        "[SMTP Error]",
        "AUTH errors",
        " relay attempt blocked",
        " SSL negotiation with client failed",
        " max sender authentication errors",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{_}-{#}-{#} {#}:{#}:{#} m1-{_} [{_}] [{_}] [{_}] [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} m1-{_} [{_}] [{_}] [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} m1-{_} [{_}] [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} m1-{_} [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} m1-{_} {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} [{_}] [{_}] [{_}] [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} [{_}] [{_}] [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} [{_}] [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} [{_}] {rest}", TOLD),
    says("{_}-{#}-{#} {#}:{#}:{#} {rest}", TOLD),
];

const SAYS: &[Says] = &[
    says("{source.ip} [SMTP Error] 535 {event.reason}", LOGIN_FAILED),
    says("{source.ip} max sender authentication errors ({#}) exceeded {event.reason}", LOGIN_FAILED),
    says("Blocking {source.ip} - too much AUTH errors ({#});", ["authentication", "denied", "blocked", "failure"]),
    says(
        "{source.ip} SSL negotiation with client failed: {event.reason}",
        ["network", "error", "tls_error", "failure"],
    ),
    says(
        "{source.ip} <{email.from.address}> to: {email.to.address:word} relay attempt blocked for {event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says("{source.ip} relay attempt blocked for{event.reason}", ["email", "denied", "reject", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov-22-26 09:14:07 [Worker_1] [TLS-out] 203.0.113.66 [SMTP Error] 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "5.7.8 Error: authentication failed: UGFzc3dvcmQ6"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "Nov-22-26 09:14:07", expect: &[] },
];
