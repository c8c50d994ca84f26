//! HashiCorp Vault.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// HashiCorp Vault: see the module.
pub static HASHICORP_VAULT: JsonFormat = JsonFormat {
    name: "hashicorp_vault",
    category: "authentication",
    product: "HashiCorp Vault",
    about: "audit device and operational log as JSON (developer.hashicorp.com/vault/docs/audit)",
    logsource: LogSource { category: "", product: "hashicorp", services: &["vault"] },
    keys: &[&["type", "time", "request"], &["@level", "@message", "@module"]],
    own: "hashicorp_vault.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("time", Is("@timestamp")),
    ("@timestamp", Is("@timestamp")),
    ("@level", Is("log.level")),
    ("@message", Is("message")),
    ("@module", Is("log.logger")),
    ("request.operation", Is("event.action")),
    ("request.remote_address", Peer("source")),
    ("request.remote_port", Is("source.port")),
    ("request.id", Is("event.id")),
    ("auth.display_name", Is("user.name")),
    ("auth.entity_id", Is("user.id")),
    ("auth.metadata.email", Is("user.email")),
    ("error", Is("event.reason")),
];

fn settle(event: &mut Event<'_>) {
    let path = said(event, "hashicorp_vault.request.path").unwrap_or_default();
    let failed = event.get(field::EVENT_REASON).is_some();
    let signs_in = path.starts_with(b"auth/") && memchr::memmem::find(&path, b"/login").is_some();
    let response = said(event, "hashicorp_vault.type").as_deref() == Some(b"response");
    match (signs_in, response) {
        (true, true) => event.classify("authentication", "start", "", if failed { "failure" } else { "success" }),
        (true, false) => event.classify("authentication", "info", "", ""),
        _ if event.get(field::EVENT_ACTION).is_some() => {
            event.classify("iam", "access", "", if failed { "failure" } else { "" })
        }
        _ => {}
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"time":"2026-11-22T09:14:07.673898225Z","type":"response","auth":{"token_type":"default"},"request":{"id":"24ac580b","operation":"update","path":"auth/userpass/login/anna","remote_address":"203.0.113.66"},"error":"invalid username or password"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.673898225Z"),
            ("event.action", "update"),
            ("event.category", "authentication"),
            ("event.id", "24ac580b"),
            ("event.outcome", "failure"),
            ("event.reason", "invalid username or password"),
            ("event.type", "start"),
            ("hashicorp_vault.auth.token_type", "default"),
            ("hashicorp_vault.request.path", "auth/userpass/login/anna"),
            ("hashicorp_vault.type", "response"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"{"time":"2026-11-22T09:14:08.1Z","type":"request","auth":{"display_name":"token-ci","entity_id":"e1"},"request":{"id":"24ac580c","operation":"read","path":"secret/data/app","remote_address":"192.0.2.10"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.1Z"),
            ("event.action", "read"),
            ("event.category", "iam"),
            ("event.id", "24ac580c"),
            ("event.type", "access"),
            ("hashicorp_vault.request.path", "secret/data/app"),
            ("hashicorp_vault.type", "request"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.id", "e1"),
            ("user.name", "token-ci"),
        ],
    },
    Example {
        raw: r#"{"@level":"info","@message":"vault is unsealed","@module":"core","@timestamp":"2026-11-22T09:14:09.25Z"}"#,
        expect: &[("@timestamp", "2026-11-22T09:14:09.25Z"), ("log.level", "info"), ("log.logger", "core")],
    },
    Example { raw: r#"{"time":"2026-11-22T09:14:07Z","type":"request","request":"#, expect: &[] },
];
