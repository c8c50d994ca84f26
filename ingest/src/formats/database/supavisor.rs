//! Supavisor.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// Supavisor: see the module.
pub static SUPAVISOR: Daemon = Daemon {
    name: "supavisor",
    category: "database",
    product: "Supavisor",
    about: "console lines of Supabase's connection pooler (github.com/supabase/supavisor, ClientHandler)",
    logsource: LogSource { category: "database", product: "supavisor", services: &["supavisor"] },
    programs: &["supavisor"],
    paths: &[],
    structure: Structure::Holds(&["ClientHandler: ", "DbHandler: "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says(
        "{_} project={supavisor.project:word} user={user.name:word} {*} peer_ip={source.ip} [{log.level:word}] {message}",
        TOLD,
    ),
    says("{_} [{log.level:word}] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says(r#"ClientHandler: Exchange error: "{event.reason}" when method {*}"#, LOGIN_FAILED),
    says("ClientHandler: User not found{event.reason}", LOGIN_FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"09:14:07.568 project=shop user=anna region=local mode=transaction type=single app_name=psql peer_ip=203.0.113.66 [error] ClientHandler: Exchange error: "Wrong password" when method :auth_query"#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Wrong password"),
            ("event.type", "start"),
            ("log.level", "error"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("supavisor.project", "shop"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "09:14:07.568 ClientHandler: ", expect: &[] },
];
