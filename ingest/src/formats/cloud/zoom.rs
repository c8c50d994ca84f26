//! Zoom's webhooks and operation logs.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Url},
        },
    },
};

/// Events as webhooks carry them, and operation logs.
pub static ZOOM: JsonFormat = JsonFormat {
    name: "zoom",
    category: "cloud",
    product: "Zoom",
    about: "webhook events and operation log entries of Zoom (developers.zoom.us/docs/api/webhooks)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["event", "payload"],
        &["zoom.event"],
        &["event", "payload.account_id"],
        &["zoom.payload"],
        &["operator", "category_type", "operation_detail"],
        &["action", "operation_detail", "operator"],
    ],
    own: "zoom.",
    always: &[("event.kind", "event"), ("observer.vendor", "Zoom"), ("observer.product", "Webhook")],
    table: Table::inside(&["zoom."], TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("event_ts", Is("@timestamp")),
    ("payload.time_stamp", Is("@timestamp")),
    ("time", Is("@timestamp")),
    ("event", Is("event.action")),
    ("payload.operator_id", Is("user.id")),
    ("payload.object.host_id", Is("user.id")),
    ("payload.operator", Is("user.email")),
    ("operator", Is("user.email")),
    ("payload.object.registrant.email", Is("user.email")),
    ("payload.object.participant.user_name", Is("user.full_name")),
    ("payload.object.participant.id", Is("user.id")),
    ("payload.object.id", Is("user.target.id")),
    ("payload.object.email", Is("user.target.email")),
    ("payload.object.owner_email", Is("user.target.email")),
    ("payload.object.share_url", Url),
    ("payload.object.download_url", Url),
    ("payload.object.registrant.join_url", Url),
    ("payload.object.caller.user_id", Is("source.user.id")),
    ("payload.object.callee.user_id", Is("destination.user.id")),
    ("payload.object.callee_user_id", Is("destination.user.id")),
    ("payload.object.ringing_start_time", Is("event.start")),
    ("payload.object.answer_start_time", Is("event.start")),
    ("payload.object.call_end_time", Is("event.end")),
    ("payload.object.recording_file.recording_start", Is("event.start")),
    ("payload.object.recording_file.recording_end", Is("event.end")),
];

/// Ends of event names.
const KINDS: &[(&[u8], &str)] = &[
    (b"created", "creation"),
    (b"deleted", "deletion"),
    (b"updated", "change"),
    (b"started", "start"),
    (b"ended", "end"),
    (b"signed_in", "start"),
    (b"signed_out", "end"),
];

fn settle(event: &mut Event<'_>) {
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned()).unwrap_or_default();
    let kind = KINDS.iter().find(|(end, _)| action.ends_with(end)).map_or("info", |(_, kind)| kind);
    if action.ends_with(b"signed_in") || action.ends_with(b"signed_out") {
        event.classify("authentication", kind, "", "success");
    } else if action.starts_with(b"user.") || action.starts_with(b"account.") {
        event.classify("iam", kind, "", "");
    } else {
        event.classify("", kind, "", "");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"event":"user.created","event_ts":1795338847250,"payload":{"account_id":"a1","operator":"admin@example.com","operator_id":"u-1","object":{"id":"u-2","first_name":"Ann","email":"ann@example.com","type":1}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "user.created"),
            ("event.category", "iam"),
            ("event.kind", "event"),
            ("event.type", "creation"),
            ("observer.product", "Webhook"),
            ("observer.vendor", "Zoom"),
            ("user.email", "admin@example.com"),
            ("user.id", "u-1"),
            ("user.target.email", "ann@example.com"),
            ("user.target.id", "u-2"),
            ("zoom.payload.account_id", "a1"),
            ("zoom.payload.object.first_name", "Ann"),
            ("zoom.payload.object.type", "1"),
        ],
    },
    Example {
        raw: r#"{"event":"meeting.participant_joined","payload":{"account_id":"a1","object":{"host_id":"u-1","topic":"Weekly","participant":{"user_name":"Ann Lee","id":"u-2"}}}}"#,
        expect: &[
            ("event.action", "meeting.participant_joined"),
            ("event.kind", "event"),
            ("event.type", "info"),
            ("observer.product", "Webhook"),
            ("observer.vendor", "Zoom"),
            ("user.full_name", "Ann Lee"),
            ("user.id", "u-1"),
            ("zoom.payload.account_id", "a1"),
            ("zoom.payload.object.participant.id", "u-2"),
            ("zoom.payload.object.topic", "Weekly"),
        ],
    },
    Example { raw: r#"{"event":"user.created","payload":{"account_id":"a1","operator":"#, expect: &[] },
];
