//! Audit logs of Atlassian products: Confluence, Jira, Bitbucket.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is, Named, Peer},
        },
    },
};

/// Audit records of Data Center, Server and Cloud.
pub static ATLASSIAN_AUDIT: JsonFormat = JsonFormat {
    name: "atlassian_audit",
    category: "cloud",
    product: "Atlassian Confluence, Jira, Bitbucket",
    about: "audit records of Atlassian Data Center files and of the Cloud REST APIs (confluence.atlassian.com/doc/audit-log, developer.atlassian.com)",
    logsource: LogSource { category: "", product: "bitbucket", services: &["audit"] },
    keys: &[
        &["auditType", "author", "affectedObjects"],
        &["type.actionI18nKey", "author"],
        &["summary", "remoteAddress", "authorKey"],
        &["summary", "remoteAddress", "created", "category"],
        &["author", "remoteAddress", "creationDate", "summary"],
        &["type.actionI18nKey", "timestamp"],
    ],
    own: "atlassian.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("timestamp.epochSecond", Is("@timestamp")),
    ("creationDate", Is("@timestamp")),
    ("created", Is("@timestamp")),
    ("auditType.actionI18nKey", Is("event.action")),
    ("type.actionI18nKey", Is("event.action")),
    ("auditType.action", Is("event.action")),
    ("summary", Is("event.action")),
    ("author.id", Is("user.id")),
    ("author.accountId", Is("user.id")),
    ("authorAccountId", Is("user.id")),
    ("author.displayName", Is("user.full_name")),
    ("author.username", Is("user.name")),
    ("source", Peer("source")),
    ("remoteAddress", Peer("source")),
    ("affectedObjects", Named("type")),
    ("affectedObjects.USER.id", Is("user.target.id")),
    ("affectedObjects.USER.name", Is("user.target.name")),
    ("affectedObjects.User.id", Is("user.target.id")),
    ("affectedObjects.User.name", Is("user.target.name")),
    ("affectedObjects.GROUP.id", All(&["group.id", "user.target.group.id"])),
    ("affectedObjects.GROUP.name", All(&["group.name", "user.target.group.name"])),
    ("affectedObjects.Group.id", All(&["group.id", "user.target.group.id"])),
    ("affectedObjects.Group.name", All(&["group.name", "user.target.group.name"])),
    ("associatedItems", Named("typeName")),
    ("associatedItems.USER.id", Is("user.target.id")),
    ("associatedItems.USER.name", Is("user.target.name")),
];

/// Words of actions by which they change something.
const KINDS: &[(&[u8], &str)] = &[
    (b"deleted", "deletion"),
    (b"removed", "deletion"),
    (b"created", "creation"),
    (b"added", "creation"),
    (b"granted", "change"),
    (b"changed", "change"),
    (b"updated", "change"),
    (b"renamed", "change"),
    (b"revoked", "change"),
];

fn settle(event: &mut Event<'_>) {
    set_author(event);
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.to_ascii_lowercase()).unwrap_or_default();
    let says = |word: &[u8]| memchr::memmem::find(&action, word).is_some();
    if says(b"login") && says(b"fail") {
        event.classify("authentication", "start", "", "failure");
        return;
    }
    let category = if says(b"login") {
        "authentication"
    } else if says(b"user") || says(b"group") || says(b"permission") {
        "iam"
    } else {
        "configuration"
    };
    let kind = KINDS.iter().find(|(word, _)| says(word)).map_or("info", |(_, kind)| kind);
    event.classify(category, kind, "", "");
}

/// An author is known by name, and by the account in the address of the profile where the name is that of a person.
fn set_author(event: &mut Event<'_>) {
    let Some(name) = said(event, "atlassian.author.name") else { return };
    let uri = said(event, "atlassian.author.uri").unwrap_or_default();
    let account = [&b"?username="[..], b"?name=", b"/users/"].iter().find_map(|mark| crate::scan::rsplit(&uri, mark));
    match account.map(|(_, account)| account).filter(|account| !account.is_empty() && !account.contains(&b'&')) {
        Some(account) => {
            event.set(field::USER_NAME, account);
            if account != name {
                event.set(field::USER_FULL_NAME, &name);
            }
        }
        None => event.set(field::USER_NAME, &name),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:07.250Z","author":{"name":"Ann Lee","type":"user","id":"2c96","uri":"https://wiki.example.com/admin/users/viewuser.action?username=ann"},"type":{"categoryI18nKey":"atlassian.audit.event.category.users","category":"Users and groups","actionI18nKey":"audit.logging.summary.user.created","action":"User created"},"affectedObjects":[{"name":"bob","type":"USER","id":"77"}],"changedValues":[],"source":"192.0.2.7","system":"https://wiki.example.com","method":"Browser","extraAttributes":[]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("atlassian.author.name", "Ann Lee"),
            ("atlassian.author.type", "user"),
            ("atlassian.author.uri", "https://wiki.example.com/admin/users/viewuser.action?username=ann"),
            ("atlassian.method", "Browser"),
            ("atlassian.system", "https://wiki.example.com"),
            ("atlassian.type.action", "User created"),
            ("atlassian.type.category", "Users and groups"),
            ("atlassian.type.categoryI18nKey", "atlassian.audit.event.category.users"),
            ("event.action", "audit.logging.summary.user.created"),
            ("event.category", "iam"),
            ("event.kind", "event"),
            ("event.type", "creation"),
            ("source.address", "192.0.2.7"),
            ("source.ip", "192.0.2.7"),
            ("user.full_name", "Ann Lee"),
            ("user.id", "2c96"),
            ("user.name", "ann"),
            ("user.target.id", "77"),
            ("user.target.name", "bob"),
        ],
    },
    Example {
        raw: r#"{"id":12,"summary":"User added to group","remoteAddress":"203.0.113.66","authorKey":"admin","authorAccountId":"5b10","created":"2026-11-22T09:14:07.250+0000","category":"group management","eventSource":"","objectItem":{"name":"staff","typeName":"GROUP"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("atlassian.authorKey", "admin"),
            ("atlassian.category", "group management"),
            ("atlassian.id", "12"),
            ("atlassian.objectItem.name", "staff"),
            ("atlassian.objectItem.typeName", "GROUP"),
            ("event.action", "User added to group"),
            ("event.category", "iam"),
            ("event.kind", "event"),
            ("event.type", "creation"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.id", "5b10"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:07.250Z","author":{"name":"Ann Lee"},"type":{"actionI18nKey":"x""#,
        expect: &[],
    },
];
