//! CyberArk Identity Security Platform.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Account, Is, Peer},
        },
    },
};

/// CyberArk Identity Security Platform: see the module.
pub static CYBERARK_AUDIT: JsonFormat = JsonFormat {
    name: "cyberark_audit",
    category: "authentication",
    product: "CyberArk Identity Security Platform",
    about: "events of the CyberArk Audit service (docs.cyberark.com, audit)",
    logsource: LogSource { category: "", product: "cyberark", services: &["audit"] },
    keys: &[&["auditCode", "applicationCode", "auditType"]],
    own: "cyberark.audit.",
    always: &[("observer.vendor", "CyberArk")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("action", Is("event.action")),
    ("auditCode", Is("event.code")),
    ("message", Is("event.reason")),
    ("component", Is("event.provider")),
    ("serviceName", Is("observer.product")),
    ("userId", Is("user.id")),
    ("username", Account("user")),
    ("source", Peer("source")),
    ("target", Peer("destination")),
    ("accountName", Is("user.target.name")),
    ("customData.user_name", Is("user.target.email")),
    ("customData.user_id", Is("user.target.id")),
];

fn settle(event: &mut Event<'_>) {
    let action = said(event, "event.action").unwrap_or_default().to_ascii_lowercase();
    let says = |word: &[u8]| memchr::memmem::find(&action, word).is_some();
    if says(b"login") || says(b"logon") || says(b"authentication") {
        let failed = says(b"fail") || says(b"denied");
        event.classify("authentication", "start", "", if failed { "failure" } else { "success" });
    } else {
        event.classify("iam", "info", "", "");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"uuid":"7a1c","tenantId":"t1","timestamp":1795338847250,"username":"anna@example.com","applicationCode":"IDP","auditCode":"IDP1003","auditType":"Info","action":"Login Failed","userId":"u-7","source":"203.0.113.66","actionType":"Login","component":"Identity","serviceName":"Identity","message":"Wrong password"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("cyberark.audit.actionType", "Login"),
            ("cyberark.audit.applicationCode", "IDP"),
            ("cyberark.audit.auditType", "Info"),
            ("cyberark.audit.tenantId", "t1"),
            ("cyberark.audit.uuid", "7a1c"),
            ("event.action", "Login Failed"),
            ("event.category", "authentication"),
            ("event.code", "IDP1003"),
            ("event.outcome", "failure"),
            ("event.provider", "Identity"),
            ("event.reason", "Wrong password"),
            ("event.type", "start"),
            ("observer.product", "Identity"),
            ("observer.vendor", "CyberArk"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "example.com"),
            ("user.email", "anna@example.com"),
            ("user.id", "u-7"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: r#"{"auditCode":"IDP1003","applicationCode":"IDP","auditType":"#, expect: &[] },
];
