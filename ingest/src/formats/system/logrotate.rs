//! logrotate.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// logrotate: see the module.
pub static LOGROTATE: Daemon = Daemon {
    name: "logrotate",
    category: "system",
    product: "logrotate",
    about: "messages of logrotate and its cron job (github.com/logrotate/logrotate)",
    logsource: LogSource { category: "", product: "linux", services: &["logrotate"] },
    programs: &["logrotate"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("ALERT exited abnormally with [{process.exit_code:number}]", ["process", "end", "exited", "failure"]),
    says("error: {event.reason}", ["file", "error", "", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 logrotate: ALERT exited abnormally with [1]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "exited"),
            ("event.category", "process"),
            ("event.outcome", "failure"),
            ("event.type", "end"),
            ("host.name", "web1"),
            ("process.exit_code", "1"),
            ("process.name", "logrotate"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:08 web1 logrotate[742]: error: skipping "/var/log/a.log" because parent directory has insecure permissions"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.category", "file"),
            ("event.outcome", "failure"),
            ("event.reason", r#"skipping "/var/log/a.log" because parent directory has insecure permissions"#),
            ("event.type", "error"),
            ("host.name", "web1"),
            ("process.name", "logrotate"),
            ("process.pid", "742"),
        ],
    },
    Example { raw: "Nov 22 09:14:08 web1 logrotate: ", expect: &[] },
];
