//! duplicity and duply.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// duplicity: see the module.
pub static DUPLICITY: Daemon = Daemon {
    name: "duplicity",
    category: "backup",
    product: "duplicity, duply",
    about: "messages and the statistics at the end of a backup (duplicity(1), duplicity/stats.py, duplicity/log.py)",
    logsource: LogSource { category: "backup", product: "duplicity", services: &["duplicity"] },
    programs: &["duplicity", "duply"],
    paths: &["/duplicity.log"],
    structure: Structure::Begins(&[
        "Local and Remote metadata are synchronized",
        "Last full backup date: ",
        "--------------[ Backup Statistics ]",
    ]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

/// `Errors` counts the files that could not be read; none is said of a backup that did not end.
const SAYS: &[Says] = &[
    says("Errors 0", ["", "end", "backup", "success"]),
    says("Errors {#}", ["", "end", "backup", "unknown"]),
    says("Local and Remote metadata are synchronized, {*}", ["", "info", "", ""]),
    says("Last full backup date: {*}", ["", "info", "", ""]),
    says("Last full backup {*}", ["", "info", "", ""]),
    says("No signatures found, switching to full backup.", ["", "start", "backup_started", ""]),
    says("--------------[ Backup Statistics ]--------------", TOLD),
    says("Error accessing possibly locked file {file.path}", ["", "error", "", ""]),
    says("Another duplicity instance is already running {*}", ["", "error", "backup", "failure"]),
    says("BackendException: {error.message}", ["", "error", "backup", "failure"]),
    says("GPGError: {error.message}", ["", "error", "backup", "failure"]),
    says("Giving up after {*} attempts. {error.message}", ["", "error", "backup", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 02:28:22 web1 duplicity[4711]: Errors 0",
        expect: &[("event.action", "backup"), ("event.outcome", "success"), ("event.type", "end")],
    },
    Example {
        raw: "Nov 22 02:28:22 web1 duplicity[4711]: Errors 3",
        expect: &[("event.action", "backup"), ("event.outcome", "unknown"), ("event.type", "end")],
    },
    Example { raw: "Last full backup date: Sun Nov 15 02:28:22 2026", expect: &[("event.type", "info")] },
    Example {
        raw: "Nov 22 02:28:23 web1 duplicity[4711]: BackendException: ssh connection to backup.example.com:22 failed",
        expect: &[
            ("error.message", "ssh connection to backup.example.com:22 failed"),
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
        ],
    },
    Example { raw: "Last full backup", expect: &[] },
];
