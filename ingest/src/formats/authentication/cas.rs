//! Apereo CAS: its audit trail, a line per event.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Apereo CAS: see the module.
pub static CAS: Daemon = Daemon {
    name: "cas",
    category: "authentication",
    product: "Apereo CAS",
    about: "audit records on one line: time, application, what, action, who, client, server (apereo.github.io/cas, Audits; inspektr)",
    logsource: LogSource { category: "application", product: "cas", services: &["cas"] },
    programs: &["cas"],
    paths: &["/cas_audit.log"],
    structure: Structure::Holds(&[
        "|AUTHENTICATION_",
        "|TICKET_GRANTING_TICKET_",
        "|SERVICE_TICKET_",
        "|AUTHENTICATION_EVENT_",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} {log.level:word} [{log.logger:word}] - {message}", TOLD),
    says("{@timestamp} {log.level:word} [{log.logger:word}] - <{message}>", TOLD),
];

const TICKET: [&str; 4] = ["session", "start", "ticket", ""];

const SAYS: &[Says] = &[
    says("{*}|{service.name}|{*}|AUTHENTICATION_FAILED|{user.name}|{source.ip}|{destination.ip}", LOGIN_FAILED),
    says("{*}|{service.name}|{*}|AUTHENTICATION_SUCCESS|{user.name}|{source.ip}|{destination.ip}", LOGGED_IN),
    says(
        "{*}|{service.name}|{*}|TICKET_GRANTING_TICKET_DESTROYED|{user.name}|{source.ip}|{destination.ip}",
        LOGGED_OUT,
    ),
    says("{*}|{service.name}|{*}|TICKET_GRANTING_TICKET_CREATED|{user.name}|{source.ip}|{destination.ip}", TICKET),
    says("{*}|{service.name}|{*}|{event.action:word}|{user.name}|{source.ip}|{destination.ip}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,116 INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - Sun Nov 22 09:14:07 CET 2026|CAS|Supplied credentials: [UsernamePasswordCredential(username=anna, source=null, customFields={})]|AUTHENTICATION_FAILED|anna|203.0.113.66|192.0.2.8",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.116Z"),
            ("destination.address", "192.0.2.8"),
            ("destination.ip", "192.0.2.8"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("log.logger", "org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager"),
            (
                "message",
                "Sun Nov 22 09:14:07 CET 2026|CAS|Supplied credentials: [UsernamePasswordCredential(username=anna, source=null, customFields={})]|AUTHENTICATION_FAILED|anna|203.0.113.66|192.0.2.8",
            ),
            ("service.name", "CAS"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09,116 INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - Sun Nov 22 09:14:09 CET 2026|CAS|Supplied credentials: [UsernamePasswordCredential(username=anna, source=null, customFields={})]|AUTHENTICATION_SUCCESS|anna|203.0.113.66|192.0.2.8",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.116Z"),
            ("destination.address", "192.0.2.8"),
            ("destination.ip", "192.0.2.8"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("log.logger", "org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager"),
            (
                "message",
                "Sun Nov 22 09:14:09 CET 2026|CAS|Supplied credentials: [UsernamePasswordCredential(username=anna, source=null, customFields={})]|AUTHENTICATION_SUCCESS|anna|203.0.113.66|192.0.2.8",
            ),
            ("service.name", "CAS"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:10,116 INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - Sun Nov 22 09:14:10 CET 2026|CAS|ST-12 for https://www.example.com/|SERVICE_TICKET_CREATED|anna|203.0.113.66|192.0.2.8",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10.116Z"),
            ("destination.address", "192.0.2.8"),
            ("destination.ip", "192.0.2.8"),
            ("event.action", "SERVICE_TICKET_CREATED"),
            ("log.level", "INFO"),
            ("log.logger", "org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager"),
            (
                "message",
                "Sun Nov 22 09:14:10 CET 2026|CAS|ST-12 for https://www.example.com/|SERVICE_TICKET_CREATED|anna|203.0.113.66|192.0.2.8",
            ),
            ("service.name", "CAS"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Sun Nov 22|CAS|x|AUTHENTICATION_FAILED|anna", expect: &[] },
];
