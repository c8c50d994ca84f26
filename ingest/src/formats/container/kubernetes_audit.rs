//! Kubernetes' audit log.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is, Url},
        },
    },
};

/// Kubernetes' audit log.
pub static KUBERNETES_AUDIT: JsonFormat = JsonFormat {
    name: "kubernetes_audit",
    category: "container",
    product: "Kubernetes",
    about: "audit.k8s.io/v1 events of the API server (Kubernetes: Auditing)",
    logsource: LogSource { category: "application", product: "kubernetes", services: &["audit"] },
    keys: &[&["auditID", "stage", "verb"], &["kind=Event", "apiVersion=audit.k8s.io*"]],
    own: "kubernetes.audit.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("requestReceivedTimestamp", All(&["@timestamp", "event.start"])),
    ("stageTimestamp", Is("event.end")),
    ("auditID", Is("event.id")),
    ("verb", Is("event.action")),
    ("user.username", Is("user.name")),
    ("user.uid", Is("user.id")),
    ("user.groups", Is("user.roles")),
    ("impersonatedUser.username", Is("user.effective.name")),
    ("sourceIPs", Is("source.ip")),
    ("userAgent", Is("user_agent.original")),
    ("requestURI", Url),
    ("responseStatus.code", Is("http.response.status_code")),
    ("responseStatus.reason", Is("event.reason")),
    ("objectRef.resource", Is("orchestrator.resource.type")),
    ("objectRef.name", Is("orchestrator.resource.name")),
    ("objectRef.namespace", Is("orchestrator.namespace")),
    ("objectRef.apiVersion", Is("orchestrator.api_version")),
];

fn settle(event: &mut Event<'_>) {
    let status = event.int(field::HTTP_STATUS);
    let outcome = match (said(event, "kubernetes.audit.annotations.authorization.k8s.io/decision").as_deref(), status) {
        (Some(b"forbid"), _) | (_, Some(400..)) => "failure",
        (Some(b"allow"), _) | (_, Some(100..400)) => "success",
        _ => "",
    };
    // 401: the API server did not believe who asked
    if status == Some(401) {
        return event.classify("authentication", "start", "", "failure");
    }
    let kind = match said(event, "event.action").as_deref() {
        Some(b"create") => "creation",
        Some(b"delete" | b"deletecollection") => "deletion",
        Some(b"update" | b"patch") => "change",
        _ => "access",
    };
    event.classify("api", kind, "", outcome);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"57a794de-44d3-40ee-a0ad-c0eb096eef6c","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods/web-0/exec?command=sh","verb":"create","user":{"username":"b.jones","groups":["system:masters","system:authenticated"]},"sourceIPs":["203.0.113.66"],"userAgent":"kubectl/v1.34.0","objectRef":{"resource":"pods","namespace":"shop","name":"web-0","apiVersion":"v1","subresource":"exec"},"responseStatus":{"metadata":{},"code":101},"requestReceivedTimestamp":"2026-11-22T09:14:07.250000Z","stageTimestamp":"2026-11-22T09:14:07.350000Z","annotations":{"authorization.k8s.io/decision":"allow"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "create"),
            ("event.category", "api"),
            ("event.end", "2026-11-22T09:14:07.35Z"),
            ("event.id", "57a794de-44d3-40ee-a0ad-c0eb096eef6c"),
            ("event.outcome", "success"),
            ("event.start", "2026-11-22T09:14:07.25Z"),
            ("event.type", "creation"),
            ("http.response.status_code", "101"),
            ("kubernetes.audit.annotations.authorization.k8s.io/decision", "allow"),
            ("kubernetes.audit.apiVersion", "audit.k8s.io/v1"),
            ("kubernetes.audit.kind", "Event"),
            ("kubernetes.audit.level", "Request"),
            ("kubernetes.audit.objectRef.subresource", "exec"),
            ("kubernetes.audit.stage", "ResponseComplete"),
            ("orchestrator.api_version", "v1"),
            ("orchestrator.namespace", "shop"),
            ("orchestrator.resource.name", "web-0"),
            ("orchestrator.resource.type", "pods"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/v1/namespaces/shop/pods/web-0/exec?command=sh"),
            ("url.path", "/api/v1/namespaces/shop/pods/web-0/exec"),
            ("url.query", "command=sh"),
            ("user.name", "b.jones"),
            ("user.roles", "system:masters"),
            ("user.roles", "system:authenticated"),
            ("user_agent.original", "kubectl/v1.34.0"),
        ],
    },
    Example {
        raw: r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"67a794de","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"system:anonymous"},"sourceIPs":["203.0.113.66"],"userAgent":"curl/8.14.1","objectRef":{"resource":"secrets"},"responseStatus":{"code":403,"reason":"Forbidden"},"requestReceivedTimestamp":"2026-11-22T09:14:07.250000Z","annotations":{"authorization.k8s.io/decision":"forbid"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "list"),
            ("event.category", "api"),
            ("event.id", "67a794de"),
            ("event.outcome", "failure"),
            ("event.reason", "Forbidden"),
            ("event.start", "2026-11-22T09:14:07.25Z"),
            ("event.type", "access"),
            ("http.response.status_code", "403"),
            ("kubernetes.audit.annotations.authorization.k8s.io/decision", "forbid"),
            ("kubernetes.audit.apiVersion", "audit.k8s.io/v1"),
            ("kubernetes.audit.kind", "Event"),
            ("kubernetes.audit.level", "Metadata"),
            ("kubernetes.audit.stage", "ResponseComplete"),
            ("orchestrator.resource.type", "secrets"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/v1/secrets"),
            ("url.path", "/api/v1/secrets"),
            ("user.name", "system:anonymous"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"57a794de","stage":"ResponseComplete","verb":"#,
        expect: &[],
    },
];
