//! Exim: its main log and its rejections. What the client calls itself stands in parentheses, where its address really is in brackets.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Exim: see the module.
pub static EXIM: Daemon = Daemon {
    name: "exim",
    category: "mail",
    product: "Exim",
    about: "main and reject logs of Exim (exim.org, specification, chapter 52)",
    logsource: LogSource { category: "", product: "linux", services: &["exim", "mail"] },
    programs: &["exim", "exim4"],
    paths: &["/exim4/mainlog", "/exim4/rejectlog", "/exim_mainlog", "/exim/mainlog", "/exim_rejectlog"],
    structure: Structure::Holds(&[
        " authenticator failed for ",
        " H=",
        "SMTP call from ",
        "SMTP connection from ",
        "SMTP protocol ",
        " <= ",
        " R=",
        "no MAIL in SMTP",
        " (host=",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} info exim[{process.pid}]: [{#}] {rest}", TOLD),
    says("{@timestamp} [{process.pid}] {email.local_id:id} {rest}", TOLD),
    says("{@timestamp} [{process.pid}] {rest}", TOLD),
    says("{@timestamp} {email.local_id:id} {rest}", TOLD),
    says("{@timestamp} {rest}", TOLD),
    says("[{process.pid}] {email.local_id:id} {rest}", TOLD),
    says("[{process.pid}] {rest}", TOLD),
    says("{email.local_id:id} {rest}", TOLD),
];

const SAYS: &[Says] = &[
    says(
        "SA: Action: {event.action} message: score={*} From <{sender}> (host={source.peer}) for {recipient}",
        ["email", "denied", "", "failure"],
    ),
    says(
        "{exim.authenticator:word} authenticator failed for H={source.peer}: {event.reason} (set_id={user.name})",
        LOGIN_FAILED,
    ),
    says(
        "{exim.authenticator:word} authenticator failed for {source.peer}: {event.reason} (set_id={user.name})",
        LOGIN_FAILED,
    ),
    says("{exim.authenticator:word} authenticator failed for {source.peer}: {event.reason}", LOGIN_FAILED),
    says(
        "{exim.authenticator:word} authenticator failed for {source.peer} I=[{destination.ip}]:{destination.port}{*}: {event.reason} (set_id={user.name})",
        LOGIN_FAILED,
    ),
    says(
        "{exim.authenticator:word} authenticator failed for {source.peer} I=[{destination.ip}]:{destination.port}{*}: {event.reason}",
        LOGIN_FAILED,
    ),
    says("{exim.authenticator:word} authenticator failed for H={source.peer}: {event.reason}", LOGIN_FAILED),
    says(
        "{exim.authenticator:word} authenticator failed for H={source.peer} I=[{destination.ip}]:{destination.port}{*}: {event.reason} (set_id={user.name})",
        LOGIN_FAILED,
    ),
    says(
        "{exim.authenticator:word} authenticator failed for H={source.peer} I=[{destination.ip}]:{destination.port}{*}: {event.reason}",
        LOGIN_FAILED,
    ),
    says(
        "SMTP protocol error in {*} H={source.peer} I=[{_} {event.reason}",
        ["authentication", "info", "protocol_error", "failure"],
    ),
    says(
        "SMTP protocol error in {*} H={source.peer} {event.reason}",
        ["authentication", "info", "protocol_error", "failure"],
    ),
    says(
        "SMTP protocol synchronization error ({*}): rejected connection from H={source.peer}{*}",
        ["network", "denied", "synchronization_error", "failure"],
    ),
    says(
        "SMTP protocol synchronization error ({*}): {*} H={source.peer}{*}",
        ["network", "info", "synchronization_error", "failure"],
    ),
    says("SMTP call from {source.peer} dropped: {event.reason}", ["network", "denied", "drop", "failure"]),
    says("SMTP call from {source.peer} {*}dropped: {event.reason}", ["network", "denied", "drop", "failure"]),
    says("SMTP connection from {source.peer} lost{*}", ["network", "end", "lost_connection", ""]),
    says("SMTP connection from {source.peer} closed by {event.reason}", ["network", "end", "closed", ""]),
    says("SMTP connection from {source.peer} {*}closed by {event.reason}", ["network", "end", "closed", ""]),
    says("SMTP connection from {source.peer} {*}", ["network", "connection", "connection", ""]),
    says("SMTP connection from {source.peer}", CONNECTED),
    says("no MAIL in SMTP connection from {source.peer}{*}", ["network", "info", "no_mail", ""]),
    says(
        "unexpected disconnection while reading SMTP command from {source.peer}{*}",
        ["network", "end", "lost_connection", ""],
    ),
    says("rejected EHLO from {source.peer}: {event.reason}", ["email", "denied", "reject", "failure"]),
    says("rejected HELO from {source.peer}: {event.reason}", ["email", "denied", "reject", "failure"]),
    says("no host name found for IP address {source.ip}{*}", ["network", "info", "no_host_name", ""]),
    says(
        "no IP address found for host {_} (during SMTP connection from {source.peer}{*}",
        ["network", "info", "no_address", ""],
    ),
    says("no IP address found for host {*}", ["network", "info", "no_address", ""]),
    says(
        "<= {email.from.address:word} H={source.peer} I=[{destination.ip}]:{destination.port} {*}",
        ["email", "info", "received", "success"],
    ),
    says(
        "<= {email.from.address:word} H={source.peer} {*} id={email.message_id:word}{*}",
        ["email", "info", "received", "success"],
    ),
    says("<= {email.from.address:word} H={source.peer} {*}", ["email", "info", "received", "success"]),
    says("<= {email.from.address:word} {*}", ["email", "info", "received", "success"]),
    says("=> {email.to.address:word} {*} H={destination.peer} {*}", ["email", "info", "delivered", "success"]),
    says("=> {*} <{email.to.address:word}> {*} H={destination.peer} {*}", ["email", "info", "delivered", "success"]),
    says("=> {email.to.address:word} {*}", ["email", "info", "delivered", "success"]),
    says("-> {email.to.address:word} {*}", ["email", "info", "delivered", "success"]),
    says("** {email.to.address:word} {*}: {event.reason}", ["email", "info", "bounced", "failure"]),
    says("== {email.to.address:word} {*}: {event.reason}", ["email", "info", "deferred", "failure"]),
    says("Completed", ["email", "info", "completed", ""]),
    says("Completed {*}", ["email", "info", "completed", ""]),
    says("F=<{sender}> H={source.peer} {*}rejected {event.reason}", ["email", "denied", "reject", "failure"]),
    says(
        "F={email.from.address:word} H={source.peer} {*}rejected {event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says("F=<{sender}> rejected {event.reason}", ["email", "denied", "reject", "failure"]),
    says(
        "SA: Action: {event.reason} From <{sender}> (host={source.peer}) for {email.to.address:word}",
        ["email", "info", "spam", ""],
    ),
    says("Start queue run: {*}", ["process", "start", "queue_run", ""]),
    says("End queue run: {*}", ["process", "end", "queue_run", ""]),
    says("exim {service.version:word} daemon started: {*}", ["process", "start", "start", ""]),
    says("H={source.peer} sender verify fail for <{sender}>{*}", ["email", "denied", "reject", "failure"]),
    says(
        "H={source.peer} rejected {exim.stage:word} <{recipient}>: {event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says(
        "H={source.peer} {*}rejected {exim.stage:word} <{recipient}>: {event.reason}",
        ["email", "denied", "reject", "failure"],
    ),
    says("H={source.peer} {*}rejected {event.reason}", ["email", "denied", "reject", "failure"]),
    says("H={source.peer} dropped by {event.reason}", ["network", "denied", "drop", "failure"]),
    says("H={source.peer} temporarily rejected {event.reason}", ["email", "denied", "reject", "failure"]),
    says("H={source.peer} AUTH command used when not advertised", ["authentication", "end", "login", "failure"]),
    says("H={source.peer} {*}AUTH command used when not advertised", ["authentication", "end", "login", "failure"]),
    says("H={source.peer} {*}authentication mechanism not supported", ["authentication", "end", "login", "failure"]),
    says("H={source.peer} {*}", ["email", "info", "", ""]),
    says("H={source.peer}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07 dovecot_login authenticator failed for (User) [203.0.113.66]:21298: 535 Incorrect authentication data (set_id=anna@example.com)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "535 Incorrect authentication data"),
            ("event.type", "start"),
            ("exim.authenticator", "dovecot_login"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "21298"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08 [4711] 1vMk3f-0000Dq-8i H=client.example.net (helo.example) [203.0.113.66]:32706 I=[192.0.2.1]:25 F=<spam@example.net> rejected RCPT <bob@example.org>: Unrouteable address",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("destination.address", "example.org"),
            ("destination.domain", "example.org"),
            ("email.local_id", "1vMk3f-0000Dq-8i"),
            ("email.to.address", "bob@example.org"),
            ("event.action", "reject"),
            ("event.category", "email"),
            ("event.outcome", "failure"),
            ("event.reason", "Unrouteable address"),
            ("event.type", "denied"),
            ("exim.stage", "RCPT"),
            ("process.pid", "4711"),
            ("source.address", "client.example.net"),
            ("source.domain", "client.example.net"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "32706"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09 1vMk3f-0000Dq-8i <= anna@example.com H=client.example.com [192.0.2.17]:39753 P=esmtpsa S=4315 id=d2b648f0@example.com",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("email.from.address", "anna@example.com"),
            ("email.local_id", "1vMk3f-0000Dq-8i"),
            ("email.message_id", "d2b648f0@example.com"),
            ("event.action", "received"),
            ("event.category", "email"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("source.address", "client.example.com"),
            ("source.domain", "client.example.com"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "39753"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:10 1vMk3f-0000Dq-8i Completed",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10Z"),
            ("email.local_id", "1vMk3f-0000Dq-8i"),
            ("event.action", "completed"),
            ("event.category", "email"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07 1VxHWD-000NuW-83 SA: Action: silently tossed message: score=35.8 required=5.0 trigger=30.0 (scanned in 6/6 secs | Message-Id: 1VxHWD-000NuW-83). From <offers@example.net> (host=NULL [203.0.113.66]) for anna@example.com",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("destination.address", "example.com"),
            ("destination.domain", "example.com"),
            ("email.from.address", "offers@example.net"),
            ("email.local_id", "1VxHWD-000NuW-83"),
            ("email.to.address", "anna@example.com"),
            ("event.action", "silently tossed"),
            ("event.category", "email"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "2026-11-22 09", expect: &[] },
];
