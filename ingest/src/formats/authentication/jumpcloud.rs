//! JumpCloud's directory insights.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify_action},
        table::{
            Row, Table,
            To::{Is, Outcome, Peer},
        },
    },
};

/// Events of Directory Insights.
pub static JUMPCLOUD: JsonFormat = JsonFormat {
    name: "jumpcloud",
    category: "authentication",
    product: "JumpCloud",
    about: "events of JumpCloud Directory Insights (docs.jumpcloud.com/api/insights/directory)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["event_type", "initiated_by", "service"],
        &["event_type", "client_ip", "organization"],
        &["event_type", "initiated_by", "client_ip"],
        &["event_type", "timestamp", "organization", "service"],
    ],
    own: "jumpcloud.",
    always: &[("event.kind", "event"), ("observer.vendor", "Jumpcloud")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("event_type", Is("event.action")),
    ("id", Is("event.id")),
    ("client_ip", Peer("source")),
    ("initiated_by.id", Is("source.user.id")),
    ("initiated_by.email", Is("source.user.email")),
    ("initiated_by.username", Is("source.user.name")),
    ("username", Is("user.name")),
    ("resource.id", Is("user.target.id")),
    ("resource.username", Is("user.target.name")),
    ("application.name", Is("service.name")),
    ("application.display_label", Is("service.name")),
    ("useragent.os", Is("user_agent.original")),
    ("user_agent", Is("user_agent.original")),
    ("success", Outcome),
    ("error_message", Is("event.reason")),
    ("system.hostname", Is("host.name")),
];

const CLASSES: &[Class] = &[
    Class("sso_auth", "authentication", "start", ""),
    Class("user_login_attempt", "authentication", "start", ""),
    Class("admin_login_attempt", "authentication", "start", ""),
    Class("radius_auth_attempt", "authentication", "start", ""),
    Class("ldap_bind", "authentication", "start", ""),
    Class("login_attempt", "authentication", "start", ""),
    Class("user_create", "iam", "user creation", ""),
    Class("user_delete", "iam", "user deletion", ""),
    Class("user_*", "iam", "user change", ""),
    Class("admin_*", "iam", "user change", ""),
    Class("group_*", "iam", "group change", ""),
    Class("association_change", "iam", "change", ""),
    Class("policy_*", "configuration", "change", ""),
];

fn settle(event: &mut Event<'_>) {
    classify_action(event, CLASSES);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"event_type":"user_login_attempt","timestamp":"2026-11-22T09:14:07.25Z","id":"e-1","client_ip":"203.0.113.66","service":"directory","organization":"o-1","initiated_by":{"id":"u-1","type":"user","username":"b.jones","email":"b.jones@example.com"},"success":false,"error_message":"wrong password"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "user_login_attempt"),
            ("event.category", "authentication"),
            ("event.id", "e-1"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.reason", "wrong password"),
            ("event.type", "start"),
            ("jumpcloud.initiated_by.type", "user"),
            ("jumpcloud.organization", "o-1"),
            ("jumpcloud.service", "directory"),
            ("observer.vendor", "Jumpcloud"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.user.email", "b.jones@example.com"),
            ("source.user.id", "u-1"),
            ("source.user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"event_type":"user_login_attempt","timestamp":"2026-11-22T09:14:07.25Z","initiated_by":{"id":"u"#,
        expect: &[],
    },
];
