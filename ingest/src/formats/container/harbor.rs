//! Harbor: what its core says of requests.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// Harbor: see the module.
pub static HARBOR: Daemon = Daemon {
    name: "harbor",
    category: "container",
    product: "Harbor",
    about: "core.log: time, level, source file, the request's client, message (goharbor.io; goharbor/harbor src/lib/log)",
    logsource: LogSource { category: "application", product: "harbor", services: &["harbor"] },
    programs: &[],
    paths: &["/harbor/core.log"],
    structure: Structure::Holds(&["][client IP=\""]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says(
        r#"{@timestamp} [{log.level:word}] [{log.logger:word}][client IP="{source.ip}" requestID="{http.request.id:word}" user agent="{user_agent.original}"]: {message}"#,
        TOLD,
    ),
    says(
        r#"{@timestamp} [{log.level:word}] [{log.logger:word}][client IP="{source.ip}, {*}" requestID="{http.request.id:word}" user agent="{user_agent.original}"]: {message}"#,
        TOLD,
    ),
];

const SAYS: &[Says] = &[
    says("failed to authenticate user:{user.name}, error:{event.reason}", LOGIN_FAILED),
    says("failed to authenticate {user.name}, error: {event.reason}", LOGIN_FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 09:14:07 reg1 core[1160]: 2026-11-22T09:14:07Z [ERROR] [/server/middleware/security/basic_auth.go:72][client IP="203.0.113.66, 192.0.2.1" requestID="d1" user agent="docker/27.3.1"]: failed to authenticate user:anna, error:Failed to authenticate user, due to error 'Invalid credentials'"#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Failed to authenticate user, due to error 'Invalid credentials'"),
            ("event.type", "start"),
            ("http.request.id", "d1"),
            ("log.level", "ERROR"),
            ("log.logger", "/server/middleware/security/basic_auth.go:72"),
            (
                "message",
                "failed to authenticate user:anna, error:Failed to authenticate user, due to error 'Invalid credentials'",
            ),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
            ("user_agent.original", "docker/27.3.1"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:08 reg1 core[1160]: 2026-11-22T09:14:08Z [DEBUG] [/server/middleware/log/log.go:31][client IP="203.0.113.66" requestID="d2" user agent="curl/8.14.1"]: attach request id d2 to the logger for the request GET /api/v2.0/projects"#,
        expect: &[
            ("http.request.id", "d2"),
            ("log.level", "DEBUG"),
            ("log.logger", "/server/middleware/log/log.go:31"),
            ("message", "attach request id d2 to the logger for the request GET /api/v2.0/projects"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: r#"2026-11-22T09:14:07Z [ERROR] [/server/a.go:72][client IP=""#, expect: &[] },
];
