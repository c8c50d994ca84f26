//! Sendmail.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Sendmail: see the module.
pub static SENDMAIL: Daemon = Daemon {
    name: "sendmail",
    category: "mail",
    product: "Sendmail",
    about: "syslog messages of sendmail (Sendmail Installation and Operation Guide, section 2.1)",
    logsource: LogSource { category: "", product: "linux", services: &["sendmail", "mail"] },
    programs: &["sendmail", "sm-mta", "sm-msp-queue", "sm-acceptingconnections"],
    paths: &[],
    structure: Structure::Holds(&[
        "ruleset=check_",
        ": possible SMTP attack",
        "during connection to MTA",
        "during connection to MSP",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{email.local_id:id}: {rest}", TOLD), says("NOQUEUE: {rest}", TOLD)];

const SAYS: &[Says] = &[
    says(
        "ruleset=check_relay, arg1={*}, arg2={_}, relay={source.peer} (may be forged), reject={event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says(
        "ruleset={sendmail.ruleset:word}, arg1=<{recipient}>, relay={source.peer} (may be forged), reject={event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says(
        "ruleset={sendmail.ruleset:word}, arg1={*}, relay={source.peer} (may be forged), reject={event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says(
        "AUTH failure ({*}): {event.reason}, user={user.name:word}, relay={source.peer} (may be forged)",
        LOGIN_FAILED,
    ),
    says("AUTH failure ({*}): {event.reason}, relay={source.peer} (may be forged)", LOGIN_FAILED),
    says(
        "from=<{sender}>, {*}msgid=<{email.message_id}>, {*}relay={source.peer} (may be forged)",
        ["email", "info", "received", "success"],
    ),
    says("from=<{sender}>, {*}relay={source.peer} (may be forged)", ["email", "info", "received", "success"]),
    says(
        "<{recipient}>... {event.reason}, relay={source.peer} (may be forged)",
        ["email", "denied", "reject", "failure"],
    ),
    says("lost input channel from {source.peer} (may be forged) to {*}", ["network", "end", "lost_connection", ""]),
    says("timeout waiting for input from {source.peer} (may be forged) during {*}", ["network", "end", "timeout", ""]),
    says("{source.peer} (may be forged) did not issue {*} during connection to {*}", ["network", "end", "no_mail", ""]),
    says(
        "rejecting commands from {source.peer} (may be forged) due to pre-greeting traffic{*}",
        ["network", "denied", "pregreet", "failure"],
    ),
    says(
        "{source.peer} (may be forged): possible SMTP attack: command={*}, count={#}",
        ["network", "info", "smtp_attack", "failure"],
    ),
    says(
        "{source.peer} (may be forged): Possible SMTP RCPT flood, throttling.",
        ["network", "denied", "rcpt_flood", "failure"],
    ),
    says("{source.peer} (may be forged): expn {*}", ["network", "denied", "expn", "failure"]),
    says("{source.peer} (may be forged): vrfy {*}", ["network", "denied", "vrfy", "failure"]),
    says("{source.peer} (may be forged): {*} [rejected]", ["network", "denied", "rejected", "failure"]),
    says("NOQUEUE: connect from {source.peer} (may be forged)", CONNECTED),
    says(
        "STARTTLS=server, relay={source.peer} (may be forged), version={tls.version:word}, {*}cipher={tls.cipher:word}, {*}",
        ["network", "info", "tls", ""],
    ),
    says("STARTTLS=server, error: {*}", ["network", "error", "tls_error", "failure"]),
    says(
        "ruleset=check_relay, arg1={*}, arg2={_}, relay={source.peer}, reject={event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says(
        "ruleset={sendmail.ruleset:word}, arg1=<{recipient}>, relay={source.peer}, reject={event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says(
        "ruleset={sendmail.ruleset:word}, arg1={*}, relay={source.peer}, reject={event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says("AUTH failure ({*}): {event.reason}, user={user.name:word}, relay={source.peer}", LOGIN_FAILED),
    says("AUTH failure ({*}): {event.reason}, relay={source.peer}", LOGIN_FAILED),
    says(
        "from=<{sender}>, {*}msgid=<{email.message_id}>, {*}relay={source.peer}",
        ["email", "info", "received", "success"],
    ),
    says("from=<{sender}>, {*}relay={source.peer}", ["email", "info", "received", "success"]),
    says("<{recipient}>... {event.reason}, relay={source.peer}", ["email", "denied", "reject", "failure"]),
    says("lost input channel from {source.peer} to {*}", ["network", "end", "lost_connection", ""]),
    says("timeout waiting for input from {source.peer} during {*}", ["network", "end", "timeout", ""]),
    says("{source.peer} did not issue {*} during connection to {*}", ["network", "end", "no_mail", ""]),
    says(
        "rejecting commands from {source.peer} due to pre-greeting traffic{*}",
        ["network", "denied", "pregreet", "failure"],
    ),
    says("{source.peer}: possible SMTP attack: command={*}, count={#}", ["network", "info", "smtp_attack", "failure"]),
    says("{source.peer}: Possible SMTP RCPT flood, throttling.", ["network", "denied", "rcpt_flood", "failure"]),
    says("{source.peer}: expn {*}", ["network", "denied", "expn", "failure"]),
    says("{source.peer}: vrfy {*}", ["network", "denied", "vrfy", "failure"]),
    says("{source.peer}: {*} [rejected]", ["network", "denied", "rejected", "failure"]),
    says("NOQUEUE: connect from {source.peer}", CONNECTED),
    says(
        "STARTTLS=server, relay={source.peer}, version={tls.version:word}, {*}cipher={tls.cipher:word}, {*}",
        ["network", "info", "tls", ""],
    ),
    says("from={sender:word}, {*}relay={*}", ["email", "info", "received", "success"]),
    says("to=<{recipient}>, {*}relay={destination.peer}, {*}stat=Sent{*}", ["email", "info", "sent", "success"]),
    says("to=<{recipient}>, {*}stat=Sent{*}", ["email", "info", "sent", "success"]),
    says("to=<{recipient}>, {*}stat=Deferred{event.reason}", ["email", "info", "deferred", "failure"]),
    says("to=<{recipient}>, {*}stat={event.reason}", ["email", "info", "failed", "failure"]),
    says("to={email.to.address:word}, {*}stat=Sent{*}", ["email", "info", "sent", "success"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 sm-mta[4711]: 5AM9E7Hs025815: ruleset=check_rcpt, arg1=<bob@example.org>, relay=client.example.net [203.0.113.66] (may be forged), reject=550 5.7.1 <bob@example.org>... Relaying denied",
        expect: &[
            ("destination.address", "example.org"),
            ("destination.domain", "example.org"),
            ("email.local_id", "5AM9E7Hs025815"),
            ("email.to.address", "bob@example.org"),
            ("event.action", "reject"),
            ("event.category", "email"),
            ("event.outcome", "failure"),
            ("event.reason", "550 5.7.1 <bob@example.org>... Relaying denied"),
            ("event.type", "denied"),
            ("process.name", "sm-mta"),
            ("process.pid", "4711"),
            ("sendmail.ruleset", "check_rcpt"),
            ("source.address", "client.example.net"),
            ("source.domain", "client.example.net"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 mx1 sendmail[4711]: 5AM9E7Hs025815: [203.0.113.66]: possible SMTP attack: command=AUTH, count=5",
        expect: &[
            ("email.local_id", "5AM9E7Hs025815"),
            ("event.action", "smtp_attack"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.type", "info"),
            ("process.name", "sendmail"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 mx1 sm-mta[4711]: 5AM9E7Hs025816: to=<bob@example.org>, delay=00:00:01, mailer=esmtp, relay=mx.example.org. [198.51.100.25], dsn=2.0.0, stat=Sent (OK)",
        expect: &[
            ("destination.address", "198.51.100.25"),
            ("destination.domain", "mx.example.org."),
            ("destination.ip", "198.51.100.25"),
            ("email.local_id", "5AM9E7Hs025816"),
            ("email.to.address", "bob@example.org"),
            ("event.action", "sent"),
            ("event.category", "email"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("process.name", "sm-mta"),
            ("process.pid", "4711"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 sm-mta[473]: ", expect: &[] },
];
