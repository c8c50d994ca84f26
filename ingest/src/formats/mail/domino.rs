//! HCL (IBM) Domino, the SMTP task.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// HCL Domino: see the module.
pub static DOMINO: Daemon = Daemon {
    name: "domino",
    category: "mail",
    product: "HCL Domino",
    about: "console log of Domino (help.hcltechsw.com, SMTP Server task)",
    logsource: LogSource { category: "application", product: "domino", services: &["domino"] },
    programs: &[],
    paths: &[],
    structure: Structure::Begins(&["0", "1", "2", "["]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp}  {message}", TOLD),
    says("{_} {_}  {message}", TOLD),
    says("[{*}] {@timestamp}  {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("smtp: {user.name} [{source.ip}] authentication failure using internet password", LOGIN_FAILED),
    says("smtp: {user.name:last} {source.ip} authentication failure using internet password", LOGIN_FAILED),
    says("SMTP Server [{*}] Authentication failed for user {user.name} ; connecting host {source.ip}", LOGIN_FAILED),
    says("SMTP Server [{*}] Authentication failed for user {user.name} ; connecting host [{source.ip}]", LOGIN_FAILED),
    says(
        "SMTP Server [{*}] Connection from [{source.ip}] rejected for policy reasons. {event.reason}",
        ["network", "denied", "reject", "failure"],
    ),
    says("SMTP Server: Authentication failed for user {user.name} ; connecting host {source.ip}", LOGIN_FAILED),
    says("SMTP Server: {source.ip} {*}", ["network", "info", "smtp", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07   smtp: anna b [203.0.113.66] authentication failure using internet password",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", "smtp: anna b [203.0.113.66] authentication failure using internet password"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna b"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08   smtp: a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a 203.0.113.66 authentication failure using internet password",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a"),
        ],
    },
    Example { raw: "2026-11-22 09", expect: &[] },
];
