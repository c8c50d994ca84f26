//! Microsoft Entra audits and sign-ins as Microsoft Graph gives them.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, All, Is, Named, Outcome, Peer},
        },
    },
};

/// Objects `directoryAudit` and `signIn` of Microsoft Graph.
pub static ENTRA_GRAPH: JsonFormat = JsonFormat {
    name: "entra_graph",
    category: "authentication",
    product: "Microsoft Entra ID (Graph)",
    about: "directoryAudit and signIn objects of Microsoft Graph (learn.microsoft.com/graph/api/resources/directoryaudit, signin)",
    logsource: LogSource { category: "", product: "azure", services: &["auditlogs"] },
    keys: &[
        &["activityDisplayName", "activityDateTime", "initiatedBy"],
        &["activityDateTime", "targetResources"],
        &["createdDateTime", "userPrincipalName", "appDisplayName"],
        &["userPrincipalName", "ipAddress", "clientAppUsed"],
    ],
    own: "azure.entra.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("activityDateTime", Is("@timestamp")),
    ("createdDateTime", Is("@timestamp")),
    ("activityDisplayName", Is("event.action")),
    ("loggedByService", All(&["event.provider", "service.name"])),
    ("resourceDisplayName", Is("event.provider")),
    ("appDisplayName", Is("service.name")),
    ("result", Outcome),
    ("resultReason", Is("event.reason")),
    ("correlationId", Is("transaction.id")),
    ("id", Is("event.id")),
    ("initiatedBy.user.userPrincipalName", Account("user")),
    ("initiatedBy.user.displayName", Is("user.full_name")),
    ("initiatedBy.user.id", Is("user.id")),
    ("initiatedBy.user.ipAddress", Peer("source")),
    ("userPrincipalName", Account("user")),
    ("userDisplayName", Is("user.full_name")),
    ("userId", Is("user.id")),
    ("ipAddress", Peer("source")),
    ("targetResources", Named("type")),
    ("targetResources.User.userPrincipalName", Account("user.target")),
    ("targetResources.User.id", Is("user.target.id")),
    ("targetResources.Group.id", Is("group.id")),
    ("targetResources.Group.displayName", Is("group.name")),
    ("targetResources.Device.displayName", Is("host.name")),
    ("status.errorCode", Is("error.code")),
    ("status.failureReason", Is("error.message")),
    ("userAgent", Is("user_agent.original")),
    ("deviceDetail.browser", Is("user_agent.original")),
    ("deviceDetail.displayName", Is("host.name")),
];

fn settle(event: &mut Event<'_>) {
    if event.get(field::EVENT_ACTION).is_none() {
        let failed = event.int(field::ERROR_CODE).map(|code| if code == 0 { "success" } else { "failure" });
        event.classify("authentication", "start", "Sign-in activity", failed.unwrap_or_default());
        return;
    }
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.to_ascii_lowercase()).unwrap_or_default();
    let kind = match action.split(|byte| *byte == b' ').next().unwrap_or_default() {
        b"add" | b"create" | b"register" | b"invite" => "creation",
        b"delete" | b"remove" | b"unregister" => "deletion",
        b"update" | b"change" | b"reset" | b"set" | b"enable" | b"disable" | b"restore" => "change",
        _ => "info",
    };
    event.classify("iam", kind, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"id":"a-1","category":"UserManagement","correlationId":"c-1","result":"success","resultReason":"","activityDisplayName":"Reset user password","activityDateTime":"2026-11-22T09:14:07.25Z","loggedByService":"Core Directory","operationType":"Update","initiatedBy":{"user":{"id":"u-1","displayName":"Admin","userPrincipalName":"admin@example.com","ipAddress":"192.0.2.7"}},"targetResources":[{"id":"u-2","displayName":null,"type":"User","userPrincipalName":"ann@example.com"}],"additionalDetails":[]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("azure.entra.category", "UserManagement"),
            ("azure.entra.operationType", "Update"),
            ("event.action", "Reset user password"),
            ("event.category", "iam"),
            ("event.id", "a-1"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.provider", "Core Directory"),
            ("event.type", "change"),
            ("service.name", "Core Directory"),
            ("source.address", "192.0.2.7"),
            ("source.ip", "192.0.2.7"),
            ("transaction.id", "c-1"),
            ("user.domain", "example.com"),
            ("user.email", "admin@example.com"),
            ("user.full_name", "Admin"),
            ("user.id", "u-1"),
            ("user.name", "admin"),
            ("user.target.domain", "example.com"),
            ("user.target.email", "ann@example.com"),
            ("user.target.id", "u-2"),
            ("user.target.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"id":"s-1","createdDateTime":"2026-11-22T09:15:00Z","userDisplayName":"B. Jones","userPrincipalName":"b.jones@example.com","userId":"u-3","appDisplayName":"Portal","ipAddress":"203.0.113.66","clientAppUsed":"Browser","status":{"errorCode":50126,"failureReason":"Invalid username or password"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("azure.entra.clientAppUsed", "Browser"),
            ("error.code", "50126"),
            ("error.message", "Invalid username or password"),
            ("event.action", "Sign-in activity"),
            ("event.category", "authentication"),
            ("event.id", "s-1"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("service.name", "Portal"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "example.com"),
            ("user.email", "b.jones@example.com"),
            ("user.full_name", "B. Jones"),
            ("user.id", "u-3"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"id":"a-1","activityDisplayName":"Reset user password","activityDateTime":"2026-11-22T09:14:07.25Z","initi"#,
        expect: &[],
    },
];
