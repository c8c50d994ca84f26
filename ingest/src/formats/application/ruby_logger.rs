//! Ruby Logger.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Ruby Logger: see the module.
pub static RUBY_LOGGER: Daemon = Daemon {
    name: "ruby_logger",
    category: "application",
    product: "Ruby's Logger: Redmine, Rails, GitLab's application.log",
    about: "lines of Ruby's standard logger (docs.ruby-lang.org, Logger::Formatter), and the sign-ins that Redmine and GitLab say in it",
    logsource: LogSource { category: "application", product: "ruby", services: &["ruby_logger", "redmine"] },
    programs: &[],
    paths: &["/redmine/production.log"],
    structure: Structure::Holds(&["D, [", "I, [", "W, [", "E, [", "F, [", "A, ["]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{_}, [{@timestamp} #{process.pid}]  {log.level:word} -- : {message}", TOLD),
    says("{_}, [{@timestamp} #{process.pid}]  {log.level:word} -- {log.logger}: {message}", TOLD),
    says("{_}, [{@timestamp}#{process.pid}]  {log.level:word} -- : {message}", TOLD),
    says("{_}, [{@timestamp}#{process.pid}]  {log.level:word} -- {log.logger}: {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("Failed login for '{user.name}' from {source.ip} at {*}", LOGIN_FAILED),
    says("Successful authentication for '{user.name}' from {source.ip} at {*}", LOGGED_IN),
    says(r#"Started {http.request.method:word} "{url.path}" for {source.ip} at {*}"#, ["web", "access", "access", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "W, [2026-11-22T09:14:07.245316 #71]  WARN -- : Failed login for 'anna' from 203.0.113.66 at 2026-11-22 09:14:07 UTC",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.245316Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARN"),
            ("process.pid", "71"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"I, [2026-11-22T09:14:08.245316 #71]  INFO -- : Started GET "/issues" for 192.0.2.10 at 2026-11-22 09:14:08 +0000"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.245316Z"),
            ("event.action", "access"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("http.request.method", "GET"),
            ("log.level", "INFO"),
            ("process.pid", "71"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("url.path", "/issues"),
        ],
    },
    Example {
        raw: "E, [2026-11-22T09:14:09.245316 #71] ERROR -- worker: the queue does not answer",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.245316Z"),
            ("log.level", "ERROR"),
            ("log.logger", "worker"),
            ("process.pid", "71"),
        ],
    },
    Example { raw: "W, [now]", expect: &[] },
];
