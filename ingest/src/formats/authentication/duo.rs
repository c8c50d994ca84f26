//! Duo Security: sign-ins and what administrators do.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify},
        table::{
            Row, Table,
            To::{Account, All, Is, Outcome, Peer},
        },
    },
};

/// The Admin API's authentication, administrator, telephony and offline logs.
pub static DUO: JsonFormat = JsonFormat {
    name: "cisco_duo",
    category: "authentication",
    product: "Cisco Duo",
    about: "logs of Duo's Admin API (duo.com/docs/adminapi, Logs)",
    logsource: LogSource { category: "", product: "cisco", services: &["duo"] },
    keys: &[
        &["access_device", "auth_device", "result", "factor"],
        &["event_type=authentication", "result", "txid"],
        &["action", "isotimestamp", "object", "timestamp"],
        &["isotimestamp", "context", "credits", "phone"],
    ],
    own: "duo.",
    always: &[("observer.vendor", "Cisco"), ("observer.product", "Duo")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("isotimestamp", Is("@timestamp")),
    ("timestamp", Is("@timestamp")),
    ("ts", Is("@timestamp")),
    ("action", Is("event.action")),
    ("event_type", Is("event.action")),
    ("txid", Is("transaction.id")),
    ("result", Outcome),
    ("reason", Is("event.reason")),
    ("access_device.ip", Peer("source")),
    ("access_device.hostname", Is("source.domain")),
    ("access_device.port", Is("source.port")),
    ("ip", Peer("source")),
    ("user.name", Account("user")),
    ("user.key", All(&["user.id", "source.user.id"])),
    ("user.groups", Is("source.user.group.name")),
    ("username", Account("user")),
    ("email", Is("user.email")),
    ("object", Is("user.target.name")),
    ("application.name", Is("service.name")),
    ("integration", Is("service.name")),
    ("host", Is("host.name")),
    ("description", Is("event.reason")),
];

const CLASSES: &[Class] = &[
    Class("authentication", "authentication", "start", ""),
    Class("enrollment", "iam", "user change", ""),
    Class("admin_login*", "authentication", "start admin", ""),
    Class("admin_*", "iam", "admin change", ""),
    Class("user_create", "iam", "user creation", ""),
    Class("user_delete*", "iam", "user deletion", ""),
    Class("user_*", "iam", "user change", ""),
    Class("group_*", "iam", "group change", ""),
    Class("*", "configuration", "change", ""),
];

fn settle(event: &mut Event<'_>) {
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned());
    let signs_in = action.is_none() && event.get(field::EVENT_OUTCOME).is_some();
    classify(event, if signs_in { b"authentication" } else { action.as_deref().unwrap_or_default() }, CLASSES);
    if event.bytes(field::EVENT_OUTCOME).is_none()
        && crate::json::format::said(event, "duo.result").as_deref() == Some(b"fraud")
    {
        event.set_static(field::EVENT_OUTCOME, "failure");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"access_device":{"ip":"203.0.113.66","browser":"Firefox"},"application":{"name":"VPN"},"auth_device":{"name":"phone"},"event_type":"authentication","factor":"duo_push","isotimestamp":"2026-11-22T09:14:07+00:00","reason":"user_marked_fraud","result":"fraud","timestamp":1795338847,"txid":"t-1","user":{"key":"U1","name":"b.jones","groups":["staff"]}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "authentication"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
            ("event.reason", "user_marked_fraud"),
            ("transaction.id", "t-1"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("user.name", "b.jones"),
            ("user.id", "U1"),
            ("source.user.id", "U1"),
            ("source.user.group.name", "staff"),
            ("service.name", "VPN"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Duo"),
            ("duo.result", "fraud"),
            ("duo.factor", "duo_push"),
            ("duo.timestamp", "1795338847"),
            ("duo.auth_device.name", "phone"),
            ("duo.access_device.browser", "Firefox"),
        ],
    },
    Example {
        raw: r#"{"access_device":{"ip":"203.0.113.66"},"auth_device":{},"factor":"duo_push","resu"#,
        expect: &[],
    },
];
