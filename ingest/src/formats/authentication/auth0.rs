//! Auth0's tenant logs.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify, said, set_default},
        table::{Row, Table, To::Is},
    },
};

/// Log events of a tenant, alone or as a log stream sends them.
pub static AUTH0: JsonFormat = JsonFormat {
    name: "auth0",
    category: "authentication",
    product: "Auth0",
    about: "tenant log events of Auth0, alone or in a log stream's envelope (auth0.com/docs/deploy-monitor/logs/log-event-type-codes)",
    logsource: LogSource { category: "", product: "auth0", services: &["auth0"] },
    keys: &[
        &["json.log_id"],
        &["json.data"],
        &["log_id", "data"],
        &["log_id", "type", "date"],
        &["data.log_id", "data.type"],
        &["_id", "log_id", "date", "type"],
        &["data.client_id", "data.type", "data.date"],
    ],
    own: "auth0.",
    always: &[("event.kind", "event")],
    table: Table::inside(&["json.data.", "json.", "data."], TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("date", Is("@timestamp")),
    ("log_id", Is("event.id")),
    ("ip", Is("source.ip")),
    ("client_ip", Is("source.ip")),
    ("user_agent", Is("user_agent.original")),
    ("details.request.userAgent", Is("user_agent.original")),
    ("user_id", Is("user.id")),
    ("details.prompts.user_id", Is("user.id")),
    ("user_name", Is("user.name")),
    ("details.prompts.user_name", Is("user.name")),
    ("details.body.email", Is("user.email")),
    ("hostname", Is("url.domain")),
    ("description", Is("message")),
    ("details.error.message", Is("error.message")),
    ("client_name", Is("service.name")),
];

/// Type codes of events.
const CLASSES: &[Class] = &[
    Class("s", "authentication", "start", "success"),
    Class("slo", "authentication session", "end", "success"),
    Class("f", "authentication", "start", "failure"),
    Class("fp", "authentication", "start", "failure"),
    Class("fu", "authentication", "start", "failure"),
    Class("fc", "authentication", "start", "failure"),
    Class("fco", "authentication", "start", "failure"),
    Class("fsa", "authentication", "start", "failure"),
    Class("ssa", "authentication", "start", "success"),
    Class("flo", "authentication", "end", "failure"),
    Class("seacft", "authentication", "info", "success"),
    Class("feacft", "authentication", "info", "failure"),
    Class("seccft", "authentication", "info", "success"),
    Class("feccft", "authentication", "info", "failure"),
    Class("serft", "authentication", "info", "success"),
    Class("ferrt", "authentication", "info", "failure"),
    Class("sepft", "authentication", "start", "success"),
    Class("fepft", "authentication", "start", "failure"),
    Class("limit_wc", "authentication", "info", "failure"),
    Class("limit_mu", "authentication", "info", "failure"),
    Class("limit_sul", "authentication", "info", "failure"),
    Class("pwd_leak", "authentication", "info", "failure"),
    Class("gd_auth_succeed", "authentication", "info", "success"),
    Class("gd_auth_failed", "authentication", "info", "failure"),
    Class("gd_*", "authentication", "info", ""),
    Class("ss", "iam", "user creation", "success"),
    Class("fs", "iam", "user creation", "failure"),
    Class("scp", "iam", "user change", "success"),
    Class("fcp", "iam", "user change", "failure"),
    Class("scu", "iam", "user change", "success"),
    Class("sce", "iam", "user change", "success"),
    Class("sv", "iam", "user change", "success"),
    Class("fv", "iam", "user change", "failure"),
    Class("du", "iam", "user deletion", "success"),
    Class("sdu", "iam", "user deletion", "success"),
    Class("fdu", "iam", "user deletion", "failure"),
    Class("sapi", "iam web", "access change", "success"),
    Class("fapi", "iam web", "access change", "failure"),
    Class("mgmt_api_read", "iam web", "access", "success"),
];

/// What the codes are called.
const ACTIONS: &[(&str, &str)] = &[
    ("s", "successful-login"),
    ("f", "failed-login"),
    ("fp", "incorrect-password"),
    ("fu", "invalid-username-or-email"),
    ("slo", "user-logout-successful"),
    ("flo", "user-logout-failed"),
    ("ss", "success-signup"),
    ("fs", "failed-signup"),
    ("sapi", "success-mgmt-api-op"),
    ("fapi", "failed-mgmt-api-op"),
    ("seacft", "success-exchange-auth-code-for-access-token"),
    ("feacft", "failed-exchange-auth-code-for-access-token"),
    ("seccft", "success-exchange-client-credentials-for-access-token"),
    ("ssa", "success-silent-auth"),
    ("fsa", "failed-silent-auth"),
    ("limit_wc", "blocked-account"),
    ("limit_mu", "blocked-ip-address"),
    ("pwd_leak", "breached-password"),
    ("scp", "success-change-password"),
    ("fcp", "failed-change-password"),
    ("sdu", "successful-user-deletion"),
    ("du", "deleted-user"),
];

fn settle(event: &mut Event<'_>) {
    let Some(code) = said(event, "auth0.json.data.type")
        .or_else(|| said(event, "auth0.data.type"))
        .or_else(|| said(event, "auth0.type"))
    else {
        return;
    };
    classify(event, &code, CLASSES);
    match ACTIONS.iter().find(|(known, _)| known.as_bytes() == code) {
        Some((_, action)) => event.set_static(field::EVENT_ACTION, action),
        None => event.set(field::EVENT_ACTION, &code),
    }
    let level =
        if event.bytes(field::EVENT_OUTCOME).is_some_and(|outcome| &*outcome == b"failure") { "error" } else { "info" };
    set_default(event, &[(field::LOG_LEVEL, level), (field::EVENT_TYPE, "info")]);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"log_id":"900","data":{"date":"2026-11-22T09:14:07.250Z","type":"fp","description":"Wrong email or password.","connection":"db","client_id":"c1","client_name":"Portal","ip":"203.0.113.66","user_agent":"curl/8.14.1","user_id":"auth0|77","user_name":"b.jones@example.com","log_id":"900"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("auth0.data.client_id", "c1"),
            ("auth0.data.connection", "db"),
            ("auth0.data.type", "fp"),
            ("event.action", "incorrect-password"),
            ("event.category", "authentication"),
            ("event.id", "900"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "error"),
            ("message", "Wrong email or password."),
            ("service.name", "Portal"),
            ("source.ip", "203.0.113.66"),
            ("user.id", "auth0|77"),
            ("user.name", "b.jones@example.com"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"_id":"900","log_id":"900","date":"2026-11-22T09:15:00Z","type":"sapi","description":"Update a client","client_id":"c1","ip":"192.0.2.7","user_id":"auth0|1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("auth0._id", "900"),
            ("auth0.client_id", "c1"),
            ("auth0.type", "sapi"),
            ("event.action", "success-mgmt-api-op"),
            ("event.category", "iam"),
            ("event.category", "web"),
            ("event.id", "900"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("event.type", "change"),
            ("log.level", "info"),
            ("message", "Update a client"),
            ("source.ip", "192.0.2.7"),
            ("user.id", "auth0|1"),
        ],
    },
    Example { raw: r#"{"log_id":"900","data":{"date":"2026-11-22T09:14:07.250Z","type":"fp","#, expect: &[] },
];
