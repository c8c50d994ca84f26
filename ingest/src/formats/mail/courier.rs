//! Courier: IMAP, POP3 and SMTP.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, says};

/// Courier: see the module.
pub static COURIER: Daemon = Daemon {
    name: "courier",
    category: "mail",
    product: "Courier",
    about: "syslog messages of Courier (courier-mta.org, courierauthlib)",
    logsource: LogSource { category: "", product: "linux", services: &["courier"] },
    programs: &[
        "courierpop3login",
        "imapd-ssl",
        "pop3d-ssl",
        "pop3d",
        "courieresmtpd",
        "courieresmtpd-ssl",
        "courier-imapd",
        "courier-pop3d",
        "imapd",
        "imaplogin",
        "pop3login",
        "esmtpd",
    ],
    paths: &[],
    structure: Structure::Begins(&["LOGIN FAILED, "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("LOGIN FAILED, user={user.name}, ip=[{source.ip}], port=[{source.port}]", LOGIN_FAILED),
    says("LOGIN FAILED, user={user.name}, ip=[{source.ip}]", LOGIN_FAILED),
    says("LOGIN FAILED, method={_}, ip=[{source.ip}], port=[{source.port}]", LOGIN_FAILED),
    says("LOGIN FAILED, method={_}, ip=[{source.ip}]", LOGIN_FAILED),
    says("LOGIN FAILED, ip=[{source.ip}]", LOGIN_FAILED),
    says("LOGIN, user={user.name}, ip=[{source.ip}], port=[{source.port}]{*}", LOGGED_IN),
    says("LOGIN, user={user.name}, ip=[{source.ip}]{*}", LOGGED_IN),
    says("LOGOUT, user={user.name}, ip=[{source.ip}]{*}", LOGGED_OUT),
    says("Connection, ip=[{source.ip}]", CONNECTED),
    says("DISCONNECTED, {*}ip=[{source.ip}]{*}", ["network", "end", "disconnect", ""]),
    says(r#"error,relay={source.ip},msg="535 {event.reason}",cmd: {*}"#, LOGIN_FAILED),
    says(r#"error,relay={source.ip},msg="{event.reason}",cmd: {*}"#, ["email", "denied", "reject", "failure"]),
    says(
        "error,relay={source.ip},{*}from=<{sender}>,to=<{recipient}>: {event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says("error,relay={source.ip},{*}: {event.reason}", ["email", "denied", "reject", "failure"]),
    says("started,ip=[{source.ip}]", CONNECTED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 imapd: LOGIN FAILED, user=anna@example.com, ip=[::ffff:203.0.113.66]",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "::ffff:203.0.113.66"),
            ("source.ip", "::ffff:203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 mx1 courieresmtpd: error,relay=::ffff:203.0.113.66,from=<a@example.net>,to=<bob@example.org>: 550 User unknown.",
        expect: &[
            ("destination.address", "example.org"),
            ("destination.domain", "example.org"),
            ("email.from.address", "a@example.net"),
            ("email.to.address", "bob@example.org"),
            ("event.action", "reject"),
            ("event.category", "email"),
            ("event.outcome", "failure"),
            ("event.reason", "550 User unknown."),
            ("event.type", "denied"),
            ("source.address", "::ffff:203.0.113.66"),
            ("source.ip", "::ffff:203.0.113.66"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 courieresmtpd: ", expect: &[] },
];
