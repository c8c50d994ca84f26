//! Google Cloud's audit logs.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is, Named, Peer},
        },
    },
};

/// Cloud Audit Logs as log entries.
pub static GCP_AUDIT: JsonFormat = JsonFormat {
    name: "gcp_audit",
    category: "cloud",
    product: "Google Cloud Audit Logs",
    about: "log entries of Cloud Audit Logs (cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog)",
    logsource: LogSource { category: "", product: "gcp", services: &["gcp.audit"] },
    keys: &[
        &["protoPayload", "logName"],
        &["protoPayload.methodName"],
        &["protoPayload", "insertId"],
        &["protoPayload.serviceName"],
        &["protoPayload", "resource"],
        &["protoPayload.@type"],
    ],
    own: "gcp.audit.",
    always: &[("event.kind", "event"), ("cloud.provider", "gcp")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("insertId", Is("event.id")),
    ("severity", Is("log.level")),
    ("protoPayload.methodName", Is("event.action")),
    ("protoPayload.serviceName", All(&["service.name", "event.provider"])),
    ("protoPayload.requestMetadata.callerIp", Peer("source")),
    ("protoPayload.requestMetadata.callerSuppliedUserAgent", Is("user_agent.original")),
    ("protoPayload.authenticationInfo.principalEmail", All(&["user.email", "user.name"])),
    ("protoPayload.status.message", Is("error.message")),
    ("protoPayload.status.code", Is("error.code")),
    ("protoPayload.metadata.event.parameter", Named("name")),
    ("resource.labels.project_id", Is("cloud.project.id")),
    ("resource.labels.zone", Is("cloud.availability_zone")),
];

fn settle(event: &mut Event<'_>) {
    let outcome = match event.int(field::ERROR_CODE) {
        None | Some(0) => "success",
        Some(_) => "failure",
    };
    let action = event.text(field::EVENT_ACTION).map(|action| action.to_ascii_lowercase()).unwrap_or_default();
    let verb = action.rsplit('.').next().unwrap_or_default();
    let starts = |words: &[&str]| words.iter().any(|word| verb.starts_with(word));
    let kind = if starts(&["create", "insert", "add"]) {
        "creation"
    } else if starts(&["delete", "remove", "destroy"]) {
        "deletion"
    } else if starts(&["get", "list", "aggregatedlist", "search", "read"]) {
        "access"
    } else {
        "change"
    };
    if action.contains("login") {
        return event.classify("authentication", "start", "", outcome);
    }
    let category = if action.contains("iam") || action.contains("setiampolicy") { "iam" } else { "configuration" };
    event.classify(category, kind, "", outcome);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","status":{"code":7,"message":"denied"},"authenticationInfo":{"principalEmail":"ann@example.com"},"requestMetadata":{"callerIp":"203.0.113.66","callerSuppliedUserAgent":"gcloud/500.0"},"serviceName":"compute.googleapis.com","methodName":"v1.compute.instances.delete","resourceName":"projects/p1/zones/z1/instances/i1"},"insertId":"i-1","resource":{"type":"gce_instance","labels":{"project_id":"p1","zone":"z1"}},"timestamp":"2026-11-22T09:14:07.25Z","severity":"ERROR","logName":"projects/p1/logs/cloudaudit.googleapis.com%2Factivity"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("cloud.availability_zone", "z1"),
            ("cloud.project.id", "p1"),
            ("cloud.provider", "gcp"),
            ("error.code", "7"),
            ("error.message", "denied"),
            ("event.action", "v1.compute.instances.delete"),
            ("event.category", "configuration"),
            ("event.id", "i-1"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.provider", "compute.googleapis.com"),
            ("event.type", "deletion"),
            ("gcp.audit.logName", "projects/p1/logs/cloudaudit.googleapis.com%2Factivity"),
            ("gcp.audit.protoPayload.@type", "type.googleapis.com/google.cloud.audit.AuditLog"),
            ("gcp.audit.protoPayload.resourceName", "projects/p1/zones/z1/instances/i1"),
            ("gcp.audit.resource.type", "gce_instance"),
            ("log.level", "ERROR"),
            ("service.name", "compute.googleapis.com"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.email", "ann@example.com"),
            ("user.name", "ann@example.com"),
            ("user_agent.original", "gcloud/500.0"),
        ],
    },
    Example {
        raw: r#"{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"compu"#,
        expect: &[],
    },
];
