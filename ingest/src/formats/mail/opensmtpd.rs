//! OpenSMTPD.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// OpenSMTPD: see the module.
pub static OPENSMTPD: Daemon = Daemon {
    name: "opensmtpd",
    category: "mail",
    product: "OpenSMTPD",
    about: "messages of OpenSMTPD (opensmtpd.org, smtpd/smtp_session.c, mta.c)",
    logsource: LogSource { category: "application", product: "opensmtpd", services: &["opensmtpd"] },
    programs: &["smtpd"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("smtp-in: {message}", TOLD), says("{opensmtpd.session:word} {message}", TOLD)];

const SAYS: &[Says] = &[
    says("smtp connected address={source.ip} host={source.domain:word}", CONNECTED),
    says("smtp disconnected {*}", ["network", "end", "disconnect", ""]),
    says("smtp authentication user={user.name:word} address={source.ip} host={_} result=permfail", LOGIN_FAILED),
    says("smtp authentication user={user.name:word} address={source.ip} host={_} result=ok", LOGGED_IN),
    says("smtp authentication user={user.name:word} result=permfail", LOGIN_FAILED),
    says("smtp authentication user={user.name:word} result=ok", LOGGED_IN),
    says(
        "smtp message msgid={email.local_id:word} size={#} nrcpt={#} proto={_}{network.protocol=smtp}",
        ["email", "info", "received", "success"],
    ),
    says(
        "Accepted message {email.local_id:word} on session {opensmtpd.session:word}: from=<{sender}>, to=<{recipient}>, {*}{network.protocol=smtp}",
        ["email", "info", "received", "success"],
    ),
    says("New session {opensmtpd.session:word} from host {source.domain:word} [{source.ip}]", CONNECTED),
    says("Closing session {opensmtpd.session:word}{*}", ["network", "end", "disconnect", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 smtpd[704]: 4296f490a1b2c3d4 smtp connected address=203.0.113.66 host=mail.example.net",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("host.name", "mx1"),
            ("opensmtpd.session", "4296f490a1b2c3d4"),
            ("process.name", "smtpd"),
            ("process.pid", "704"),
            ("source.address", "203.0.113.66"),
            ("source.domain", "mail.example.net"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 mx1 smtpd[704]: 4296f490a1b2c3d4 smtp authentication user=anna result=permfail",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "mx1"),
            ("opensmtpd.session", "4296f490a1b2c3d4"),
            ("process.name", "smtpd"),
            ("process.pid", "704"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 mx1 smtpd[704]: smtp-in: Accepted message 4296f490 on session 08d856b172f69c5c: from=<x@example.net>, to=<anna@example.com>, size=120, ndest=1, proto=ESMTP",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("destination.address", "example.com"),
            ("destination.domain", "example.com"),
            ("email.from.address", "x@example.net"),
            ("email.local_id", "4296f490"),
            ("email.to.address", "anna@example.com"),
            ("event.action", "received"),
            ("event.category", "email"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("host.name", "mx1"),
            ("network.protocol", "smtp"),
            ("opensmtpd.session", "08d856b172f69c5c"),
            ("process.name", "smtpd"),
            ("process.pid", "704"),
            ("source.address", "example.net"),
            ("source.domain", "example.net"),
        ],
    },
    Example { raw: "Nov 22 09:14:09 mx1 smtpd[704]: ", expect: &[] },
];
