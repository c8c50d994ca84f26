//! Box's enterprise events.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify_action},
        table::{
            Row, Table,
            To::{Account, All, Is},
        },
    },
};

/// Events of the Box events API.
pub static BOX_EVENTS: JsonFormat = JsonFormat {
    name: "box_events",
    category: "cloud",
    product: "Box",
    about: "enterprise events of the Box API (developer.box.com/reference/resources/event)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["event_type", "created_by", "event_id"],
        &["event_type", "created_at", "source"],
        &["event_type", "created_by", "ip_address"],
        &["event_type", "type=event"],
    ],
    own: "box.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("created_at", Is("@timestamp")),
    ("recorded_at", Is("@timestamp")),
    ("event_type", Is("event.action")),
    ("event_id", Is("event.id")),
    ("created_by.id", Is("user.id")),
    ("created_by.name", Is("user.full_name")),
    ("created_by.login", Account("user")),
    ("ip_address", Is("client.ip")),
    ("source.name", Is("file.name")),
    ("source.item_name", Is("file.name")),
    ("source.type", Is("file.type")),
    ("source.size", Is("file.size")),
    ("source.file_version.sha1", Is("file.hash.sha1")),
    ("source.sha1", Is("file.hash.sha1")),
    ("source.created_at", All(&["file.created", "file.ctime"])),
    ("source.content_created_at", All(&["file.created", "file.ctime"])),
    ("source.modified_at", Is("file.mtime")),
    ("source.content_modified_at", Is("file.mtime")),
    ("additional_details.shield_alert.rule_id", Is("rule.id")),
    ("additional_details.shield_alert.rule_name", Is("rule.name")),
    ("additional_details.shield_alert.rule_category", Is("rule.category")),
    ("additional_details.shield_alert.risk_score", Is("event.risk_score")),
    ("additional_details.shield_alert.user.id", Is("user.effective.id")),
    ("additional_details.shield_alert.user.name", Is("user.effective.name")),
    ("additional_details.shield_alert.user.email", Is("user.effective.email")),
];

const CLASSES: &[Class] = &[
    Class("LOGIN", "authentication", "start", "success"),
    Class("FAILED_LOGIN", "authentication", "start", "failure"),
    Class("ADMIN_LOGIN", "authentication", "start", "success"),
    Class("SHIELD_ALERT", "threat file", "indicator access", ""),
    Class("DOWNLOAD", "file", "access", ""),
    Class("PREVIEW", "file", "access", ""),
    Class("ITEM_DOWNLOAD", "file", "access", ""),
    Class("ITEM_PREVIEW", "file", "access", ""),
    Class("UPLOAD", "file", "creation", ""),
    Class("ITEM_UPLOAD", "file", "creation", ""),
    Class("ITEM_CREATE", "file", "creation", ""),
    Class("DELETE", "file", "deletion", ""),
    Class("ITEM_TRASH", "file", "deletion", ""),
    Class("NEW_USER", "iam", "user creation", ""),
    Class("DELETE_USER", "iam", "user deletion", ""),
    Class("EDIT_USER", "iam", "user change", ""),
    Class("GROUP_*", "iam", "group change", ""),
];

fn settle(event: &mut Event<'_>) {
    classify_action(event, CLASSES);
    let alert = event.get(field::RULE_NAME).is_some();
    event.set_static(field::EVENT_KIND, if alert { "alert" } else { "event" });
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"source":{"type":"file","id":"f-1","name":"list.xlsx","size":77,"sha1":"00bb"},"created_by":{"type":"user","id":"u-1","name":"Ann Lee","login":"ann@example.com"},"created_at":"2026-11-22T01:14:07-08:00","event_id":"e-1","event_type":"DOWNLOAD","ip_address":"192.0.2.7","type":"event"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("box.created_by.type", "user"),
            ("box.source.id", "f-1"),
            ("box.type", "event"),
            ("client.ip", "192.0.2.7"),
            ("event.action", "DOWNLOAD"),
            ("event.category", "file"),
            ("event.id", "e-1"),
            ("event.kind", "event"),
            ("event.type", "access"),
            ("file.hash.sha1", "00bb"),
            ("file.name", "list.xlsx"),
            ("file.size", "77"),
            ("file.type", "file"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("user.full_name", "Ann Lee"),
            ("user.id", "u-1"),
            ("user.name", "ann"),
        ],
    },
    Example {
        raw: r#"{"created_by":{"type":"user"},"event_id":"e-1","event_type":"DOWNLOAD","type":"ev"#,
        expect: &[],
    },
];
