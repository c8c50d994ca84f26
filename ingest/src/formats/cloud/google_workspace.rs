//! Google Workspace's reports: sign-ins, administration, Drive, groups and more.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify_action, said, set_default},
        table::{
            Row, Table,
            To::{Account, All, Is, Named, Peer, Url},
        },
    },
};

/// Activities of the Admin SDK Reports API.
pub static GOOGLE_WORKSPACE: JsonFormat = JsonFormat {
    name: "google_workspace",
    category: "cloud",
    product: "Google Workspace",
    about: "activities of the Admin SDK Reports API, every application (developers.google.com/workspace/admin/reports/reference/rest/v1/activities)",
    logsource: LogSource { category: "", product: "gcp", services: &["google_workspace.admin"] },
    keys: &[
        &["kind=admin#reports#activity"],
        &["id.applicationName", "actor", "events"],
        &["actor.email", "events.name", "id"],
    ],
    own: "google_workspace.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("id.time", Is("@timestamp")),
    ("id.uniqueQualifier", Is("event.id")),
    ("id.applicationName", All(&["event.provider", "network.application"])),
    ("events.name", Is("event.action")),
    ("actor.email", Account("user")),
    ("actor.profileId", Is("user.id")),
    ("ipAddress", Peer("source")),
    ("events.parameters", Named("name")),
    ("events.parameters.USER_EMAIL", Account("user.target")),
    ("events.parameters.GROUP_EMAIL", Is("user.target.group.email")),
    ("events.parameters.group_email", Is("user.target.group.email")),
    ("events.parameters.affected_email_address", Account("user.target")),
    ("events.parameters.target_user", Account("user.target")),
    ("events.parameters.user_email", Account("user.target")),
    ("events.parameters.member_id", Account("user.target")),
    ("events.parameters.target", Account("user.target")),
    ("events.parameters.doc_title", Is("file.name")),
    ("events.parameters.file_name", Is("file.name")),
    ("events.parameters.doc_id", Is("file.inode")),
    ("events.parameters.doc_type", Is("file.type")),
    ("events.parameters.owner", Is("file.owner")),
    ("events.parameters.target_domain", Is("destination.domain")),
    ("events.parameters.DOMAIN_NAME", Is("destination.domain")),
    ("events.parameters.URL", Url),
    ("events.parameters.url", Url),
    ("events.parameters.rule_name", Is("rule.name")),
    ("events.parameters.rule_id", Is("rule.id")),
    ("events.parameters.EVENT_REASON", Is("event.reason")),
    ("events.parameters.login_failure_type", Is("event.reason")),
    ("events.parameters.login_challenge_status", Is("event.reason")),
    ("events.parameters.DEVICE_MODEL", Is("host.name")),
    ("events.parameters.device_name", Is("host.name")),
    ("events.parameters.network_transport_protocol", Is("network.transport")),
];

/// Names of events by what they do; what no row knows is told by its application.
const CLASSES: &[Class] = &[
    Class("login_success", "authentication", "start", "success"),
    Class("login_failure", "authentication", "start", "failure"),
    Class("login_challenge", "authentication", "info", ""),
    Class("login_verification", "authentication", "info", ""),
    Class("logout", "authentication", "end", "success"),
    Class("suspicious_login*", "authentication", "start", ""),
    Class("gov_attack_warning", "intrusion_detection", "info", ""),
    Class("account_disabled*", "iam", "user change", ""),
    Class("2sv_*", "iam", "user change", ""),
    Class("password_edit", "iam", "user change", ""),
    Class("recovery_*", "iam", "user change", ""),
    Class("CREATE_USER", "iam", "user creation", ""),
    Class("DELETE_USER", "iam", "user deletion", ""),
    Class("CREATE_GROUP", "iam", "group creation", ""),
    Class("create_group", "iam", "group creation", ""),
    Class("DELETE_GROUP", "iam", "group deletion", ""),
    Class("delete_group", "iam", "group deletion", ""),
    Class("ADD_GROUP_MEMBER", "iam", "group change", ""),
    Class("add_user", "iam", "group change", ""),
    Class("REMOVE_GROUP_MEMBER", "iam", "group change", ""),
    Class("remove_user", "iam", "group change", ""),
    Class("ADD_*", "iam configuration", "creation", ""),
    Class("CREATE_*", "iam configuration", "creation", ""),
    Class("DELETE_*", "iam configuration", "deletion", ""),
    Class("REMOVE_*", "iam configuration", "deletion", ""),
    Class("CHANGE_*", "iam configuration", "change", ""),
    Class("UPDATE_*", "iam configuration", "change", ""),
    Class("TOGGLE_*", "iam configuration", "change", ""),
    Class("SUSPEND_USER", "iam", "user change", ""),
    Class("UNSUSPEND_USER", "iam", "user change", ""),
    Class("authorize", "iam", "info", "success"),
    Class("revoke", "iam", "info", "success"),
    Class("create", "file", "creation", ""),
    Class("upload", "file", "creation", ""),
    Class("copy", "file", "creation", ""),
    Class("edit", "file", "change", ""),
    Class("rename", "file", "change", ""),
    Class("move", "file", "change", ""),
    Class("change_*", "file iam", "change", ""),
    Class("delete", "file", "deletion", ""),
    Class("trash", "file", "deletion", ""),
    Class("view", "file", "access", ""),
    Class("download", "file", "access", ""),
    Class("preview", "file", "access", ""),
    Class("print", "file", "access", ""),
];

fn settle(event: &mut Event<'_>) {
    classify_action(event, CLASSES);
    set_default(event, &[(field::EVENT_CATEGORY, "iam"), (field::EVENT_TYPE, "info")]);
    set_group(event);
}

/// A group is known by its mail address.
fn set_group(event: &mut Event<'_>) {
    let Some(email) = said(event, "user.target.group.email") else { return };
    let Some((name, domain)) = crate::scan::rsplit(&email, b"@") else { return };
    let parts = [
        ("group.name", name),
        ("group.domain", domain),
        ("user.target.group.name", name),
        ("user.target.group.domain", domain),
    ];
    for (field, part) in parts {
        crate::Field::intern(field).into_iter().for_each(|field| event.set(field, part));
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"kind":"admin#reports#activity","id":{"time":"2026-11-22T09:14:07.250Z","uniqueQualifier":"-4711","applicationName":"login","customerId":"C01"},"actor":{"email":"b.jones@example.com","profileId":"1001"},"ipAddress":"203.0.113.66","events":[{"type":"login","name":"login_failure","parameters":[{"name":"login_type","value":"google_password"},{"name":"is_suspicious","boolValue":false},{"name":"login_failure_type","value":"login_failure_invalid_password"}]}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "login_failure"),
            ("event.category", "authentication"),
            ("event.id", "-4711"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.provider", "login"),
            ("event.reason", "login_failure_invalid_password"),
            ("event.type", "start"),
            ("google_workspace.events.parameters.is_suspicious", "false"),
            ("google_workspace.events.parameters.login_type", "google_password"),
            ("google_workspace.events.type", "login"),
            ("google_workspace.id.customerId", "C01"),
            ("google_workspace.kind", "admin#reports#activity"),
            ("network.application", "login"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "example.com"),
            ("user.email", "b.jones@example.com"),
            ("user.id", "1001"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"kind":"admin#reports#activity","id":{"time":"2026-11-22T09:15:00Z","applicationName":"admin"},"actor":{"callerType":"USER","email":"admin@example.com","profileId":"1"},"ownerDomain":"example.com","events":[{"type":"GROUP_SETTINGS","name":"ADD_GROUP_MEMBER","parameters":[{"name":"USER_EMAIL","value":"ann@example.com"},{"name":"GROUP_EMAIL","value":"staff@example.com"}]}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("event.action", "ADD_GROUP_MEMBER"),
            ("event.category", "iam"),
            ("event.kind", "event"),
            ("event.provider", "admin"),
            ("event.type", "group"),
            ("event.type", "change"),
            ("google_workspace.actor.callerType", "USER"),
            ("google_workspace.events.type", "GROUP_SETTINGS"),
            ("google_workspace.kind", "admin#reports#activity"),
            ("google_workspace.ownerDomain", "example.com"),
            ("group.domain", "example.com"),
            ("group.name", "staff"),
            ("network.application", "admin"),
            ("user.domain", "example.com"),
            ("user.email", "admin@example.com"),
            ("user.id", "1"),
            ("user.name", "admin"),
            ("user.target.domain", "example.com"),
            ("user.target.email", "ann@example.com"),
            ("user.target.group.domain", "example.com"),
            ("user.target.group.email", "staff@example.com"),
            ("user.target.group.name", "staff"),
            ("user.target.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"kind":"admin#reports#activity","id":{"time":"2026-11-22T09:16:00Z","applicationName":"drive"},"actor":{"email":"ann@example.com"},"events":[{"name":"download","type":"access","parameters":[{"name":"doc_title","value":"List"},{"name":"owner","value":"bob@example.com"},{"name":"target","multiValue":["x@example.com","y@example.com"]}]}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:16:00Z"),
            ("event.action", "download"),
            ("event.category", "file"),
            ("event.kind", "event"),
            ("event.provider", "drive"),
            ("event.type", "access"),
            ("file.name", "List"),
            ("file.owner", "bob@example.com"),
            ("google_workspace.events.type", "access"),
            ("google_workspace.kind", "admin#reports#activity"),
            ("network.application", "drive"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("user.name", "ann"),
            ("user.target.domain", "example.com"),
            ("user.target.domain", "example.com"),
            ("user.target.email", "x@example.com"),
            ("user.target.email", "y@example.com"),
            ("user.target.name", "x"),
            ("user.target.name", "y"),
        ],
    },
    Example {
        raw: r#"{"kind":"admin#reports#activity","id":{"time":"2026-11-22T09:15:00Z","applicationName":"#,
        expect: &[],
    },
];
