//! Audit logs of Atlassian's Confluence, Jira and Bitbucket.

use crate::{
    Event, Field,
    envelope::Stamp,
    field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is, Named, Peer},
        },
    },
    pairs::own_field,
    scan::split,
};

/// Audit logs of Atlassian's Confluence, Jira and Bitbucket.
pub static ATLASSIAN: JsonFormat = JsonFormat {
    name: "atlassian_audit",
    category: "application",
    product: "Atlassian Confluence, Jira, Bitbucket",
    about: "audit records of files, webhooks and the REST API, of Data Center, Server and Cloud (Atlassian: Audit log integrations)",
    logsource: LogSource { category: "application", product: "atlassian", services: &["audit"] },
    keys: &[
        &["auditType.actionI18nKey"],
        &["type.actionI18nKey", "author"],
        &["author", "creationDate", "summary"],
        &["summary", "remoteAddress", "created"],
        &["summary", "authorKey", "created"],
        &["summary", "eventSource", "created"],
    ],
    own: "atlassian.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("created", Is("@timestamp")),
    ("creationDate", Is("@timestamp")),
    ("auditType.actionI18nKey", Is("event.action")),
    ("type.actionI18nKey", Is("event.action")),
    ("summary", Is("event.action")),
    ("author.id", Is("user.id")),
    ("author.accountId", Is("user.id")),
    ("author.username", All(&["user.id", "user.name"])),
    ("authorAccountId", Is("user.id")),
    ("author.displayName", Is("user.full_name")),
    ("source", Peer("source")),
    ("remoteAddress", Peer("source")),
    ("node", Is("service.node.name")),
    ("affectedObjects", Named("type")),
    ("affectedObjects.USER.id", Is("user.target.id")),
    ("affectedObjects.User.id", Is("user.target.id")),
    ("affectedObjects.USER.name", Is("user.target.name")),
    ("affectedObjects.User.name", Is("user.target.name")),
    ("affectedObjects.GROUP.id", Is("group.id")),
    ("affectedObjects.Group.id", Is("group.id")),
    ("affectedObjects.GROUP.name", Is("group.name")),
    ("affectedObjects.Group.name", Is("group.name")),
];

/// What the records' actions do, by the last words of their keys.
const CLASSES: &[(&str, &str, &str)] = &[
    (".login.failed", "authentication", "start"),
    ("login.failed", "authentication", "start"),
    ("user.logged.in", "authentication", "start"),
    ("login.success", "authentication", "start"),
];

fn settle(event: &mut Event<'_>) {
    set_time(event);
    set_author(event);
    set_membership(event);
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned()).unwrap_or_default();
    let ends = |end: &str| action.ends_with(end.as_bytes());
    if let Some((_, category, kind)) = CLASSES.iter().find(|(end, ..)| ends(end)) {
        event.classify(category, kind, "", if ends("failed") { "failure" } else { "success" });
    }
}

/// `{"epochSecond":1638034578,"nano":873000000}`
fn set_time(event: &mut Event<'_>) {
    let number =
        |name: &[u8]| own_field("atlassian.timestamp.", name).and_then(|field| Some((field, event.int(field)?)));
    let (Some((second, at)), Some((nano, nanos))) = (number(b"epochSecond"), number(b"nano")) else { return };
    let Some(at) = i32::try_from(nanos).ok().and_then(|nanos| jiff::Timestamp::new(at, nanos).ok()) else { return };
    let civil = jiff::tz::TimeZone::UTC.to_datetime(at);
    event.set_stamp(field::TIMESTAMP, Stamp { civil, has_year: true, offset: Some(0) });
    event.remove(second);
    event.remove(nano);
}

/// A group beside a user is the user's.
fn set_membership(event: &mut Event<'_>) {
    if said(event, "user.target.name").is_none() {
        return;
    }
    for (from, to) in [("group.id", "user.target.group.id"), ("group.name", "user.target.group.name")] {
        if let (Some(value), Some(from), Some(to)) = (said(event, from), Field::intern(from), Field::intern(to)) {
            event.remove(from);
            event.set(to, &value);
        }
    }
}

/// The author's `name` is a login in Jira and Bitbucket and a person's name in Confluence, whose login stands in the
/// profile's address.
fn set_author(event: &mut Event<'_>) {
    let Some(own) = own_field("atlassian.author.", b"name") else { return };
    let Some(name) = event.bytes(own).map(|name| name.into_owned()) else { return };
    let uri = own_field("atlassian.author.", b"uri").and_then(|uri| event.bytes(uri)).map(|uri| uri.into_owned());
    let login =
        uri.as_deref().and_then(|uri| split(uri, b"viewuser.action?username=")).map(|(_, login)| login.to_vec());
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned()).unwrap_or_default();
    let confluence = [&b"audit.logging."[..], b"confluence."].iter().any(|start| action.starts_with(start));
    event.remove(own);
    event.set(if confluence || login.is_some() { field::USER_FULL_NAME } else { field::USER_NAME }, &name);
    login.into_iter().for_each(|login| event.set(field::USER_NAME, &login));
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:07.250Z","author":{"name":"B. Jones","type":"user","id":"2c9680837d4a3682017d4a375a280000","uri":"http://wiki.example.com/admin/users/viewuser.action?username=b.jones","avatarUri":""},"type":{"categoryI18nKey":"audit.logging.category.permissions","category":"Permissions","actionI18nKey":"audit.logging.summary.space.permission.added","action":"Space permission added"},"affectedObjects":[{"name":"Handbook","type":"Space","id":"98306"}],"changedValues":[],"source":"203.0.113.66","system":"http://wiki.example.com","method":"Browser","extraAttributes":[]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("atlassian.affectedObjects.Space.id", "98306"),
            ("atlassian.affectedObjects.Space.name", "Handbook"),
            ("atlassian.author.type", "user"),
            ("atlassian.author.uri", "http://wiki.example.com/admin/users/viewuser.action?username=b.jones"),
            ("atlassian.method", "Browser"),
            ("atlassian.system", "http://wiki.example.com"),
            ("atlassian.type.action", "Space permission added"),
            ("atlassian.type.category", "Permissions"),
            ("atlassian.type.categoryI18nKey", "audit.logging.category.permissions"),
            ("event.action", "audit.logging.summary.space.permission.added"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.full_name", "B. Jones"),
            ("user.id", "2c9680837d4a3682017d4a375a280000"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"affectedObjects":[],"auditType":{"action":"User login failed","actionI18nKey":"bitbucket.service.audit.action.user.login.failed","category":"Users and groups","level":"BASE"},"author":{"id":"2","name":"b.jones","type":"NORMAL"},"changedValues":[],"extraAttributes":[],"method":"Browser","node":"n1","source":"203.0.113.66","system":"http://git.example.com:7990","timestamp":{"epochSecond":1795338847,"nano":250000000},"version":"1.0"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("atlassian.auditType.action", "User login failed"),
            ("atlassian.auditType.category", "Users and groups"),
            ("atlassian.auditType.level", "BASE"),
            ("atlassian.author.type", "NORMAL"),
            ("atlassian.method", "Browser"),
            ("atlassian.system", "http://git.example.com:7990"),
            ("atlassian.version", "1.0"),
            ("event.action", "bitbucket.service.audit.action.user.login.failed"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("service.node.name", "n1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.id", "2"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"id":11657,"summary":"Field Configuration scheme updated","remoteAddress":"203.0.113.66","authorKey":"ug:0613fc34","authorAccountId":"5ff328f2a9d0300107c045a6","created":"2026-11-22T09:14:07.250+0000","category":"fields","eventSource":"","objectItem":{"id":"10015","name":"Scheme","typeName":"SCHEME"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("atlassian.authorKey", "ug:0613fc34"),
            ("atlassian.category", "fields"),
            ("atlassian.id", "11657"),
            ("atlassian.objectItem.id", "10015"),
            ("atlassian.objectItem.name", "Scheme"),
            ("atlassian.objectItem.typeName", "SCHEME"),
            ("event.action", "Field Configuration scheme updated"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.id", "5ff328f2a9d0300107c045a6"),
        ],
    },
    Example {
        raw: r#"{"affectedObjects":[],"auditType":{"action":"x","actionI18nKey":"jira.auditing.project.created""#,
        expect: &[],
    },
];
