//! Google Workspace's alert center.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is},
        },
    },
};

/// Alerts of the Alert Center API.
pub static GOOGLE_ALERT: JsonFormat = JsonFormat {
    name: "google_alert",
    category: "cloud",
    product: "Google Workspace Alert Center",
    about: "alerts of the Google Workspace Alert Center API (developers.google.com/workspace/admin/alertcenter/reference/rest/v1beta1/alerts)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[&["alertId", "customerId", "type"], &["alertId", "source", "createTime"]],
    own: "google_workspace.alert.",
    always: &[("event.kind", "alert"), ("event.category", "threat"), ("event.type", "indicator")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("createTime", Is("@timestamp")),
    ("startTime", Is("event.start")),
    ("endTime", Is("event.end")),
    ("alertId", Is("event.id")),
    ("source", Is("event.action")),
    ("data.email", Account("user")),
    ("data.maliciousEntity.fromHeader", Is("email.from.address")),
    ("data.maliciousEntity.entity.emailAddress", Is("user.email")),
    ("data.maliciousEntity.entity.displayName", Is("user.name")),
    ("metadata.assignee", Account("user")),
    ("data.actorEmail", Is("source.user.email")),
    ("data.sourceIp", Is("source.ip")),
    ("data.messages.messageId", Is("email.message_id")),
    ("data.messages.subjectText", Is("email.subject")),
    ("data.messages.recipient", Is("email.to.address")),
    ("data.messages.attachmentsSha256Hash", Is("email.attachments.file.hash.sha256")),
    ("data.messages.date", Is("email.delivery_timestamp")),
    ("data.name", Is("rule.name")),
    ("data.description", Is("rule.description")),
    ("data.domainId.customerPrimaryDomain", Is("user.domain")),
    ("metadata.severity", Is("log.level")),
];

fn settle(_event: &mut Event<'_>) {}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"customerId":"C01","alertId":"a-1","createTime":"2026-11-22T09:14:07Z","startTime":"2026-11-22T09:10:00Z","type":"Suspicious login","source":"Google identity","data":{"@type":"type.googleapis.com/google.apps.alertcenter.type.AccountWarning","email":"b.jones@example.com","loginDetails":{"ipAddress":"203.0.113.66"}},"metadata":{"status":"NOT_STARTED","severity":"LOW"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "Google identity"),
            ("event.category", "threat"),
            ("event.id", "a-1"),
            ("event.kind", "alert"),
            ("event.start", "2026-11-22T09:10:00Z"),
            ("event.type", "indicator"),
            ("google_workspace.alert.customerId", "C01"),
            ("google_workspace.alert.data.@type", "type.googleapis.com/google.apps.alertcenter.type.AccountWarning"),
            ("google_workspace.alert.data.loginDetails.ipAddress", "203.0.113.66"),
            ("google_workspace.alert.metadata.status", "NOT_STARTED"),
            ("google_workspace.alert.type", "Suspicious login"),
            ("log.level", "LOW"),
            ("user.domain", "example.com"),
            ("user.email", "b.jones@example.com"),
            ("user.name", "b.jones"),
        ],
    },
    Example { raw: r#"{"customerId":"C01","alertId":"a-1","createTime":"2026-11-22T09:14:07Z","type"#, expect: &[] },
];
