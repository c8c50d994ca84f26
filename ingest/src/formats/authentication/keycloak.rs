//! Keycloak: the events of users and administrators in its log.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Keycloak: see the module.
pub static KEYCLOAK: Daemon = Daemon {
    name: "keycloak",
    category: "authentication",
    product: "Keycloak",
    about: "server.log of Keycloak, logger org.keycloak.events (keycloak.org, Auditing and Events)",
    logsource: LogSource { category: "application", product: "keycloak", services: &["keycloak"] },
    programs: &["keycloak"],
    paths: &["/keycloak/keycloak.log"],
    structure: Structure::Begins(&["2", "type=LOGIN"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] =
    &[says("{@timestamp} {log.level:word}  [{log.logger:word}] ({process.thread.name}) {message}", TOLD)];

const SAYS: &[Says] = &[
    says(
        r#"type={?"}LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}, {*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={event.reason:word}{*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={?"}{user.name:word}, {*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={user.name:word}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}{*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}LOGIN{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}, {*}"#,
        LOGGED_IN,
    ),
    says(
        r#"type={?"}LOGIN{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}"#,
        LOGGED_IN,
    ),
    says(
        r#"type={?"}LOGIN{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={?"}{user.name:word}, {*}"#,
        LOGGED_IN,
    ),
    says(
        r#"type={?"}LOGIN{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={user.name:word}"#,
        LOGGED_IN,
    ),
    says(r#"type={?"}LOGIN{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}{*}"#, LOGGED_IN),
    says(
        r#"type={?"}LOGOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}, {*}"#,
        LOGGED_OUT,
    ),
    says(
        r#"type={?"}LOGOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}"#,
        LOGGED_OUT,
    ),
    says(
        r#"type={?"}LOGOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={?"}{user.name:word}, {*}"#,
        LOGGED_OUT,
    ),
    says(
        r#"type={?"}LOGOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={user.name:word}"#,
        LOGGED_OUT,
    ),
    says(r#"type={?"}LOGOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}{*}"#, LOGGED_OUT),
    says(
        r#"type={?"}CLIENT_LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}, {*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CLIENT_LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CLIENT_LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={event.reason:word}{*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CLIENT_LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={?"}{user.name:word}, {*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CLIENT_LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={user.name:word}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CLIENT_LOGIN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}{*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CODE_TO_TOKEN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}, {*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CODE_TO_TOKEN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CODE_TO_TOKEN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={event.reason:word}{*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CODE_TO_TOKEN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={?"}{user.name:word}, {*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CODE_TO_TOKEN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={user.name:word}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}CODE_TO_TOKEN_ERROR{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}{*}"#,
        LOGIN_FAILED,
    ),
    says(
        r#"type={?"}USER_DISABLED_BY_PERMANENT_LOCKOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}, {*}"#,
        ["authentication", "info", "locked", "failure"],
    ),
    says(
        r#"type={?"}USER_DISABLED_BY_PERMANENT_LOCKOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, error={?"}{event.reason:word}, {*}username={?"}{user.name:word}"#,
        ["authentication", "info", "locked", "failure"],
    ),
    says(
        r#"type={?"}USER_DISABLED_BY_PERMANENT_LOCKOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={?"}{user.name:word}, {*}"#,
        ["authentication", "info", "locked", "failure"],
    ),
    says(
        r#"type={?"}USER_DISABLED_BY_PERMANENT_LOCKOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}, {*}username={user.name:word}"#,
        ["authentication", "info", "locked", "failure"],
    ),
    says(
        r#"type={?"}USER_DISABLED_BY_PERMANENT_LOCKOUT{?"}, realmId={*}, clientId={*}, userId={*}, ipAddress={?"}{source.ip}{?"}{*}"#,
        ["authentication", "info", "locked", "failure"],
    ),
    says(r#"type={?"}{event.action:word}, realmId={*}, ipAddress={?"}{source.ip}{*}"#, ["iam", "info", "", ""]),
    says(
        "operationType={event.action:word}, realmId={*}, userId={user.id:word}, ipAddress={source.ip}{*}",
        ["iam", "admin", "", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,357 WARN  [org.keycloak.events] (executor-thread-3121) type=LOGIN_ERROR, realmId=example, clientId=portal, userId=null, ipAddress=203.0.113.66, error=user_not_found, auth_method=openid-connect, code_id=8924e83e, username=anna, authSessionParentId=8924e83e",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.357Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "user_not_found"),
            ("event.type", "start"),
            ("log.level", "WARN"),
            ("log.logger", "org.keycloak.events"),
            (
                "message",
                "type=LOGIN_ERROR, realmId=example, clientId=portal, userId=null, ipAddress=203.0.113.66, error=user_not_found, auth_method=openid-connect, code_id=8924e83e, username=anna, authSessionParentId=8924e83e",
            ),
            ("process.thread.name", "executor-thread-3121"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07,357 WARN  [org.keycloak.events] (executor-th", expect: &[] },
];
