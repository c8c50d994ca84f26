//! GitLab's requests as JSON.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Named, Peer},
        },
    },
};

/// production_json.log and api_json.log.
pub static GITLAB: JsonFormat = JsonFormat {
    name: "gitlab",
    category: "application",
    product: "GitLab",
    about: "requests in production_json.log and api_json.log (docs.gitlab.com/administration/logs)",
    logsource: LogSource { category: "application", product: "gitlab", services: &["gitlab"] },
    keys: &[
        &["method", "path", "controller", "action", "status"],
        &["method", "path", "route", "status", "correlation_id"],
        &["author_id", "entity_id", "entity_type", "ip_address"],
    ],
    own: "gitlab.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("time", Is("@timestamp")),
    ("severity", Is("log.level")),
    ("method", Is("http.request.method")),
    ("path", Is("url.path")),
    ("host", Is("url.domain")),
    ("status", Is("http.response.status_code")),
    ("remote_ip", Peer("source")),
    ("meta.remote_ip", Peer("source")),
    ("ip_address", Peer("source")),
    ("ua", Is("user_agent.original")),
    ("user_id", Is("user.id")),
    ("author_id", Is("user.id")),
    ("username", Is("user.name")),
    ("meta.user", Is("user.name")),
    ("author_name", Is("user.full_name")),
    ("params", Named("key")),
    ("params.user.value.login", Is("user.name")),
    ("params.username", Is("user.name")),
    ("controller", Is("gitlab.controller")),
    ("action", Is("event.action")),
    ("exception.message", Is("error.message")),
    ("target_details", Is("gitlab.target")),
];

/// Devise's sign-in answers nothing where the password is wrong, and 200 where the second factor is.
fn settle(event: &mut Event<'_>) {
    let action = crate::json::format::said(event, "event.action").unwrap_or_default();
    let controller = crate::json::format::said(event, "gitlab.controller").unwrap_or_default();
    let status = event.int(field::HTTP_STATUS);
    match (&controller[..], &action[..]) {
        (b"SessionsController", b"create") if status == Some(302) => {
            event.classify("authentication", "start", "", "success")
        }
        (b"SessionsController", b"create") => event.classify("authentication", "start", "", "failure"),
        (b"OmniauthCallbacksController", b"failure") => event.classify("authentication", "start", "", "failure"),
        _ if status.is_some_and(|status| status >= 400) => event.classify("web", "access", "", "failure"),
        _ if status.is_some() => event.classify("web", "access", "", "success"),
        _ => event.classify("configuration", "change", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"method":"POST","path":"/users/sign_in","format":"html","controller":"SessionsController","action":"create","status":0,"time":"2026-11-22T09:14:07.195Z","params":[{"key":"authenticity_token","value":"[FILTERED]"},{"key":"user","value":{"login":"anna","password":"[FILTERED]","remember_me":"0"}}],"correlation_id":"01K","meta.remote_ip":"203.0.113.66","remote_ip":"203.0.113.66","ua":"curl/8.14.1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.195Z"),
            ("event.action", "create"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("gitlab.controller", "SessionsController"),
            ("gitlab.correlation_id", "01K"),
            ("gitlab.format", "html"),
            ("gitlab.meta.remote_ip", "203.0.113.66"),
            ("gitlab.params.authenticity_token", "[FILTERED]"),
            ("gitlab.params.user.value.password", "[FILTERED]"),
            ("gitlab.params.user.value.remember_me", "0"),
            ("http.request.method", "POST"),
            ("http.response.status_code", "0"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.path", "/users/sign_in"),
            ("user.name", "anna"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"{"method":"GET","path":"/shop/web/-/tree/main","format":"html","controller":"Projects::TreeController","action":"show","status":200,"time":"2026-11-22T09:14:08.195Z","remote_ip":"192.0.2.10","user_id":7,"username":"bert"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.195Z"),
            ("event.action", "show"),
            ("event.category", "web"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("gitlab.controller", "Projects::TreeController"),
            ("gitlab.format", "html"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("url.path", "/shop/web/-/tree/main"),
            ("user.id", "7"),
            ("user.name", "bert"),
        ],
    },
    Example { raw: r#"{"method":"POST","path":"/","controller":"X","action":"y","status":"#, expect: &[] },
];
