//! GitHub's audit log.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is},
        },
    },
};

/// Events of an organisation or enterprise.
pub static GITHUB_AUDIT: JsonFormat = JsonFormat {
    name: "github_audit",
    category: "cloud",
    product: "GitHub",
    about: "audit log events of a GitHub organisation or enterprise (docs.github.com, audit log events)",
    logsource: LogSource { category: "", product: "github", services: &["audit"] },
    keys: &[
        // what Wazuh's module fetched
        &["integration", "github.actor", "github.action"],
        &["integration", "github.action", "github.org"],
        &["actor", "action", "created_at"],
        &["action", "actor", "org"],
        &["@timestamp", "action", "actor", "_document_id"],
        &["actor_location", "action"],
        &["action", "org", "_document_id"],
        &["action", "actor", "created_at", "repo"],
        &["p_any_actors", "action", "repo"],
    ],
    own: "github.",
    always: &[("event.kind", "event")],
    table: Table::inside(&["github."], TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("@timestamp", Is("@timestamp")),
    ("created_at", Is("@timestamp")),
    ("action", Is("event.action")),
    ("_document_id", Is("event.id")),
    ("actor", Is("user.name")),
    ("actor_id", Is("user.id")),
    ("actor_ip", Is("source.ip")),
    ("user_agent", Is("user_agent.original")),
    ("user", Is("user.target.name")),
    ("user_id", Is("user.target.id")),
    ("data.team", All(&["group.name", "user.target.group.name"])),
    ("team", All(&["group.name", "user.target.group.name"])),
    ("external_identity_nameid", Is("user.email")),
];

/// Ends of actions (`repo.create`).
const KINDS: &[(&[&str], &str)] = &[
    (&["create", "add", "add_member", "add_user", "add_repository", "invite_member", "restore"], "creation"),
    (
        &[
            "destroy",
            "remove",
            "remove_member",
            "remove_user",
            "remove_repository",
            "delete",
            "remove_outside_collaborator",
        ],
        "deletion",
    ),
    (&["clone", "fetch", "push", "download_zip", "access"], "access"),
];

fn settle(event: &mut Event<'_>) {
    let Some(action) = event.text(field::EVENT_ACTION).map(|action| action.into_owned()) else { return };
    let (object, verb) = action.split_once('.').unwrap_or(("", &action));
    let kind = KINDS.iter().find(|(verbs, _)| verbs.contains(&verb)).map_or("change", |(_, kind)| kind);
    let category =
        if matches!(object, "org" | "team" | "user" | "business" | "role") { "iam" } else { "configuration" };
    if matches!(verb, "failed_login" | "login") {
        return event.classify("authentication", "start", "", if verb == "login" { "success" } else { "failure" });
    }
    event.classify(category, kind, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"actor":"ann","org":"example","repo":"example/app","created_at":1795338847250,"action":"repo.create","actor_location":{"country_code":"DE"},"@timestamp":1795338847250,"_document_id":"d-1","actor_ip":"192.0.2.7","user_agent":"Mozilla/5.0"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "repo.create"),
            ("event.category", "configuration"),
            ("event.id", "d-1"),
            ("event.kind", "event"),
            ("event.type", "creation"),
            ("github.actor_location.country_code", "DE"),
            ("github.created_at", "1795338847250"),
            ("github.org", "example"),
            ("github.repo", "example/app"),
            ("source.ip", "192.0.2.7"),
            ("user.name", "ann"),
            ("user_agent.original", "Mozilla/5.0"),
        ],
    },
    Example {
        raw: r#"{"actor":"admin","data":{"team":"example/ops"},"org":"example","created_at":1795338847250,"action":"team.add_member","user":"bob"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "team.add_member"),
            ("event.category", "iam"),
            ("event.kind", "event"),
            ("event.type", "creation"),
            ("github.org", "example"),
            ("group.name", "example/ops"),
            ("user.name", "admin"),
            ("user.target.group.name", "example/ops"),
            ("user.target.name", "bob"),
        ],
    },
    Example {
        raw: r#"{"integration":"github","github":{"actor":"anna","org":"example","created_at":1795338847250,"action":"team.add_member"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "team.add_member"),
            ("event.category", "iam"),
            ("event.kind", "event"),
            ("event.type", "creation"),
            ("github.github.org", "example"),
            ("github.integration", "github"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: r#"{"actor":"admin","org":"example","created_at":1795338847250,"action":"team.a"#, expect: &[] },
];
