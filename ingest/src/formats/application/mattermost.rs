//! Mattermost's audit log.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is, Outcome, Peer},
        },
    },
};

/// Mattermost's audit log.
pub static MATTERMOST: JsonFormat = JsonFormat {
    name: "mattermost",
    category: "application",
    product: "Mattermost",
    about: "audit log records of the server (Mattermost: Audit logging, JSON audit log schema)",
    logsource: LogSource { category: "application", product: "mattermost", services: &["audit"] },
    keys: &[
        &["timestamp", "event", "status", "api_path", "session_id"],
        &["event_name", "actor.user_id", "meta.api_path"],
    ],
    own: "mattermost.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("event", Is("event.action")),
    ("event_name", Is("event.action")),
    ("status", Outcome),
    ("user_id", Is("user.id")),
    ("actor.user_id", Is("user.id")),
    ("session_id", Is("mattermost.session_id")),
    ("ip_address", Peer("source")),
    ("actor.ip_address", Peer("source")),
    ("client", Is("user_agent.original")),
    ("actor.client", Is("user_agent.original")),
    ("api_path", All(&["url.original", "url.path"])),
    ("meta.api_path", All(&["url.original", "url.path"])),
    ("user.id", Is("user.target.id")),
    ("user.name", Is("user.target.name")),
    ("user.roles", Is("user.target.roles")),
    ("team.id", Is("group.id")),
    ("team.name", Is("group.name")),
    ("error.description", Is("error.message")),
    ("error.status_code", Is("http.response.status_code")),
];

fn settle(event: &mut Event<'_>) {
    match said(event, "event.action").as_deref() {
        Some(b"login") => event.classify("authentication", "start", "", ""),
        Some(b"logout" | b"Logout") => event.classify("authentication", "end", "", ""),
        Some(action) if action.ends_with(b"User") => event.classify("iam", "user", "", ""),
        _ => {}
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":"2026-11-22 09:14:07.250 Z","event":"login","status":"fail","user_id":"","session_id":"","ip_address":"203.0.113.66","api_path":"/api/v4/users/login","cluster_id":"","client":"Mozilla/5.0","login_id":"b.jones"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("mattermost.login_id", "b.jones"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/v4/users/login"),
            ("url.path", "/api/v4/users/login"),
            ("user_agent.original", "Mozilla/5.0"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22 09:14:07.250 Z","event":"updateUserRoles","status":"success","user_id":"ag99yu4i1if63jrui63tsmq57y","session_id":"pjh4n69j3p883k7hhzippskcba","ip_address":"203.0.113.66","api_path":"/api/v4/users/x/roles","cluster_id":"","client":"curl/8.14.1","user":{"id":"x","name":"c.smith","roles":"system_admin"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "updateUserRoles"),
            ("event.outcome", "success"),
            ("mattermost.session_id", "pjh4n69j3p883k7hhzippskcba"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/v4/users/x/roles"),
            ("url.path", "/api/v4/users/x/roles"),
            ("user.id", "ag99yu4i1if63jrui63tsmq57y"),
            ("user.target.id", "x"),
            ("user.target.name", "c.smith"),
            ("user.target.roles", "system_admin"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22 09:14:07.250 Z","event":"login","status":"fail","session_id":"","api_path":"#,
        expect: &[],
    },
];
