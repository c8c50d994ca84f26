//! Infoblox NIOS: the audit log, which its httpd and console write.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Class, Messages, Says, says};

/// NIOS's audit log: `2026-11-22 09:14:07.250Z [admin]: Login_Denied - - to=AdminConnector ip=192.0.2.17 …`.
pub static INFOBLOX_AUDIT: Daemon = Daemon {
    name: "infoblox_audit",
    category: "network",
    product: "Infoblox NIOS (audit)",
    about: "audit.log of NIOS (docs.infoblox.com, Using the Audit Log)",
    logsource: LogSource { category: "", product: "infoblox", services: &["audit"] },
    programs: &["serial_console", "-serial_console"],
    paths: &["/audit.log.nios"],
    structure: Structure::Holds(&[
        "]: Login_Allowed - ",
        "]: Login_Denied - ",
        "]: First_Login - ",
        "]: Logout - - ",
        "]: Called - ",
        "]: Created ",
        "]: Modified ",
        "]: Deleted ",
    ]),
    frames: LazyLock::new(|| {
        Messages::new(&[
            says("{@timestamp}Z [{user.name}]: {message}", ["", "", "", ""]),
            says("{@timestamp} [{user.name}]: {message}", ["", "", "", ""]),
        ])
    }),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const CHANGED: Class = ["configuration", "change", "", ""];

const SAYS: &[Says] = &[
    says("Login_Allowed - - {*} ip={source.ip} auth={*}", ["authentication", "start", "login_allowed", "success"]),
    says("Login_Allowed - - {*}", ["authentication", "start", "login_allowed", "success"]),
    says("Login_Denied - - {*} ip={source.ip} {*}", ["authentication", "start", "login_denied", "failure"]),
    says("Login_Denied - - {*}", ["authentication", "start", "login_denied", "failure"]),
    says("First_Login - - {*} ip={source.ip} auth={*}", ["authentication", "start", "first_login", "success"]),
    says("Logout - - ip={source.ip} {*}", ["session", "end", "logout", ""]),
    says("Logout - - {*}", ["session", "end", "logout", ""]),
    says("Created {*}", ["configuration", "creation", "created", "success"]),
    says("Modified {*}", ["configuration", "change", "modified", "success"]),
    says("Deleted {*}", ["configuration", "deletion", "deleted", "success"]),
    says("Called - {*}", ["configuration", "info", "called", ""]),
    says("Password_Reset {*}", ["iam", "change", "password_reset", ""]),
    says("rotated {*}", CHANGED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<29>Nov 22 09:14:07 192.0.2.53 httpd: 2026-11-22 09:14:07.250Z [admin]: Login_Denied - - to=AdminConnector ip=203.0.113.66 info=Local apparently_via=GUI",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("message", "Login_Denied - - to=AdminConnector ip=203.0.113.66 info=Local apparently_via=GUI"),
            ("user.name", "admin"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login_denied"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "2026-11-22 [admin Login_Denied", expect: &[] },
];
