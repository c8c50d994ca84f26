//! Okta's system log.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify},
        table::{
            Row, Table,
            To::{Is, Named, Outcome, Peer, Url},
        },
    },
};

/// Events of the System Log API.
pub static OKTA: JsonFormat = JsonFormat {
    name: "okta",
    category: "authentication",
    product: "Okta",
    about: "events of Okta's System Log API (developer.okta.com/docs/api, LogEvent)",
    logsource: LogSource { category: "", product: "okta", services: &["okta"] },
    keys: &[&["actor", "eventType", "published"], &["actor.alternateId", "eventType", "displayMessage"]],
    own: "okta.",
    always: &[("observer.vendor", "Okta"), ("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("published", Is("@timestamp")),
    ("displayMessage", Is("message")),
    ("eventType", Is("event.action")),
    ("uuid", Is("event.id")),
    ("severity", Is("log.level")),
    ("outcome.result", Outcome),
    ("outcome.reason", Is("event.reason")),
    ("client.ipAddress", Peer("source")),
    ("request.ipChain.ip", Peer("source")),
    ("securityContext.domain", Is("source.domain")),
    ("client.userAgent.rawUserAgent", Is("user_agent.original")),
    ("actor.id", Is("user.id")),
    ("actor.alternateId", Is("user.name")),
    ("actor.displayName", Is("user.full_name")),
    ("target", Named("type")),
    ("target.User.id", Is("user.target.id")),
    ("target.User.alternateId", Is("user.target.name")),
    ("target.User.displayName", Is("user.target.full_name")),
    ("target.UserGroup.id", Is("user.target.group.id")),
    ("target.UserGroup.displayName", Is("user.target.group.name")),
    ("target.PolicyRule.displayName", Is("rule.name")),
    ("debugContext.debugData.url", Url),
];

/// Event types by what they do (developer.okta.com/docs/reference/api/event-types).
const CLASSES: &[Class] = &[
    Class("user.session.start", "authentication session", "start user", ""),
    Class("user.session.end", "authentication session", "end user", "success"),
    Class("user.session.*", "session", "change", ""),
    Class("user.authentication.auth*", "authentication", "start", ""),
    Class("user.authentication.*", "authentication", "start", ""),
    Class("user.mfa.attempt_bypass", "authentication", "info", ""),
    Class("user.account.lock", "iam", "user change", ""),
    Class("user.account.*", "iam", "user change", ""),
    Class("user.lifecycle.create", "iam", "user creation", ""),
    Class("user.lifecycle.delete*", "iam", "user deletion", ""),
    Class("user.lifecycle.*", "iam", "user change", ""),
    Class("user.mfa.*", "iam", "user change", ""),
    Class("group.user_membership.*", "iam", "group change", ""),
    Class("group.lifecycle.create", "iam", "group creation", ""),
    Class("group.lifecycle.delete", "iam", "group deletion", ""),
    Class("group.*", "iam", "group change", ""),
    Class("application.user_membership.*", "iam", "user change", ""),
    Class("application.lifecycle.*", "configuration", "change", ""),
    Class("policy.evaluate_sign_on", "authentication", "info", ""),
    Class("policy.*", "configuration", "change", ""),
    Class("zone.*", "configuration", "change", ""),
    Class("system.api_token.*", "iam", "change", ""),
    Class("security.threat.detected", "threat", "indicator", ""),
    Class("app.oauth2.*", "authentication", "info", ""),
    Class("app.*", "iam", "info", ""),
];

fn settle(event: &mut Event<'_>) {
    if let Some(action) = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned()) {
        classify(event, &action, CLASSES);
    }
    // an account is a mail address in most organisations, but need not be
    for (name, email) in [(field::USER_NAME, "user.email"), (field::USER_TARGET_NAME, "user.target.email")] {
        if let (Some(value), Some(email)) = (event.get(name), crate::Field::intern(email))
            && event.value_bytes(value).is_some_and(|name| name.contains(&b'@'))
        {
            event.push(email, value);
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"actor":{"id":"00u1","type":"User","alternateId":"b.jones@example.com","displayName":"B. Jones"},"client":{"userAgent":{"rawUserAgent":"curl/8.14.1","os":"Linux"},"zone":"null","ipAddress":"203.0.113.66"},"displayMessage":"User login to Okta","eventType":"user.session.start","outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"},"published":"2026-11-22T09:14:07.250Z","severity":"WARN","debugContext":{"debugData":{"url":"/api/v1/authn?"}},"uuid":"7a1c0000-0000-11f0-8000-000000000001","request":{"ipChain":[{"ip":"203.0.113.66"}]},"target":null}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("message", "User login to Okta"),
            ("event.action", "user.session.start"),
            ("event.id", "7a1c0000-0000-11f0-8000-000000000001"),
            ("log.level", "WARN"),
            ("event.outcome", "failure"),
            ("event.reason", "INVALID_CREDENTIALS"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("okta.request.ipChain.ip", "203.0.113.66"),
            ("user_agent.original", "curl/8.14.1"),
            ("okta.client.userAgent.os", "Linux"),
            ("okta.client.zone", "null"),
            ("okta.actor.type", "User"),
            ("user.id", "00u1"),
            ("user.name", "b.jones@example.com"),
            ("user.email", "b.jones@example.com"),
            ("user.full_name", "B. Jones"),
            ("url.original", "/api/v1/authn?"),
            ("url.path", "/api/v1/authn"),
            ("event.category", "authentication"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("event.type", "user"),
            ("event.kind", "event"),
            ("observer.vendor", "Okta"),
        ],
    },
    Example {
        raw: r#"{"actor":{"id":"00u2","alternateId":"admin@example.com","displayName":"Admin"},"eventType":"group.user_membership.add","published":"2026-11-22T09:20:00Z","outcome":{"result":"SUCCESS"},"target":[{"type":"User","id":"00u1","alternateId":"b.jones@example.com","displayName":"B. Jones"},{"id":"00g1","displayName":"Operators","type":"UserGroup"}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:20:00Z"),
            ("event.action", "group.user_membership.add"),
            ("event.outcome", "success"),
            ("user.id", "00u2"),
            ("user.name", "admin@example.com"),
            ("user.email", "admin@example.com"),
            ("user.full_name", "Admin"),
            ("user.target.id", "00u1"),
            ("user.target.name", "b.jones@example.com"),
            ("user.target.email", "b.jones@example.com"),
            ("user.target.full_name", "B. Jones"),
            ("user.target.group.id", "00g1"),
            ("user.target.group.name", "Operators"),
            ("event.category", "iam"),
            ("event.type", "group"),
            ("event.type", "change"),
            ("event.kind", "event"),
            ("observer.vendor", "Okta"),
        ],
    },
    Example {
        raw: r#"{"actor":{"id":"00u2"},"eventType":"user.session.start","published":"2026-11-22T0"#,
        expect: &[],
    },
];
