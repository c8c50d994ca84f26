//! 1Password's events.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Peer},
        },
    },
};

/// Sign-in attempts, item usages and audit events of the Events API.
pub static ONEPASSWORD: JsonFormat = JsonFormat {
    name: "onepassword",
    category: "authentication",
    product: "1Password",
    about: "objects of the 1Password Events API (developer.1password.com/docs/events-api/reference)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["actor_uuid", "action", "object_type"],
        &["session_uuid", "category", "target_user"],
        &["item_uuid", "vault_uuid", "user"],
        &["uuid", "session_uuid", "type", "client"],
        &["item_uuid", "used_version"],
        &["actor_uuid", "object_uuid"],
    ],
    own: "onepassword.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("uuid", Is("event.id")),
    ("action", Is("event.action")),
    ("category", Is("event.action")),
    ("actor_uuid", Is("user.id")),
    ("actor_details.email", Account("user")),
    ("actor_details.name", Is("user.full_name")),
    ("target_user.uuid", Is("user.id")),
    ("user.uuid", Is("user.id")),
    ("target_user.email", Account("user")),
    ("user.email", Account("user")),
    ("target_user.name", Is("user.full_name")),
    ("user.name", Is("user.full_name")),
    ("object_uuid", Is("user.target.id")),
    ("session.ip", Peer("source")),
    ("client.ip_address", Peer("source")),
];

fn settle(event: &mut Event<'_>) {
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned()).unwrap_or_default();
    match &*action {
        b"success" | b"firewall_reported_success" => event.classify("authentication", "start", "", "success"),
        b"credentials_failed" | b"mfa_failed" | b"modern_version_failed" | b"firewall_failed" | b"sso_failed" => {
            event.classify("authentication", "start", "", "failure");
        }
        b"create" | b"provsn" | b"join" => event.classify("iam", "creation", "", ""),
        b"delete" | b"revoke" | b"leave" => event.classify("iam", "deletion", "", ""),
        b"" => event.classify("file", "access", "", ""),
        _ => event.classify("iam", "change", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"uuid":"e-1","session_uuid":"s-1","timestamp":"2026-11-22T09:14:07.25Z","category":"credentials_failed","type":"password_secret_bad","country":"DE","target_user":{"uuid":"u-1","name":"B. Jones","email":"b.jones@example.com"},"client":{"app_name":"1Password Browser","ip_address":"203.0.113.66"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "credentials_failed"),
            ("event.category", "authentication"),
            ("event.id", "e-1"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("onepassword.client.app_name", "1Password Browser"),
            ("onepassword.country", "DE"),
            ("onepassword.session_uuid", "s-1"),
            ("onepassword.type", "password_secret_bad"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "example.com"),
            ("user.email", "b.jones@example.com"),
            ("user.full_name", "B. Jones"),
            ("user.id", "u-1"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"uuid":"e-2","timestamp":"2026-11-22T09:15:00Z","actor_uuid":"u-2","action":"suspend","object_type":"user","object_uuid":"u-1","session":{"uuid":"s-2","ip":"192.0.2.7"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("event.action", "suspend"),
            ("event.category", "iam"),
            ("event.id", "e-2"),
            ("event.kind", "event"),
            ("event.type", "change"),
            ("onepassword.object_type", "user"),
            ("onepassword.session.uuid", "s-2"),
            ("source.address", "192.0.2.7"),
            ("source.ip", "192.0.2.7"),
            ("user.id", "u-2"),
            ("user.target.id", "u-1"),
        ],
    },
    Example {
        raw: r#"{"uuid":"e-1","session_uuid":"s-1","category":"credentials_failed","target_user":{"uu"#,
        expect: &[],
    },
];
