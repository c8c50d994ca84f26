//! ClamAV.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// ClamAV: see the module.
pub static CLAMAV: Daemon = Daemon {
    name: "clamav",
    category: "security",
    product: "ClamAV",
    about: "messages of clamd, freshclam and clamav-milter (docs.clamav.net)",
    logsource: LogSource { category: "antivirus", product: "clamav", services: &["clamav"] },
    programs: &["clamd", "freshclam", "clamav-milter", "clamonacc"],
    paths: &["/clamav/clamav.log", "/clamav/freshclam.log"],
    structure: Structure::None,
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp} -> {message}", TOLD)];

const SAYS: &[Says] = &[
    says("{file.path}: {rule.name:word} FOUND", ["malware", "info", "found", ""]),
    says("{file.path}: {rule.name:word}({_}) FOUND", ["malware", "info", "found", ""]),
    says("{file.path}: OK", ["malware", "info", "scanned", "success"]),
    says("SelfCheck: {event.reason}", TOLD),
    says("Database updated {*}", ["configuration", "change", "database_updated", "success"]),
    says("ERROR: {error.message}", ["process", "error", "", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 clamd[742]: /var/spool/amavis/p002: Eicar-Test-Signature FOUND",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "found"),
            ("event.category", "malware"),
            ("event.type", "info"),
            ("file.path", "/var/spool/amavis/p002"),
            ("host.name", "mx1"),
            ("process.name", "clamd"),
            ("process.pid", "742"),
            ("rule.name", "Eicar-Test-Signature"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 mx1 clamd[742]: SelfCheck: Database status OK.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.reason", "Database status OK."),
            ("host.name", "mx1"),
            ("process.name", "clamd"),
            ("process.pid", "742"),
        ],
    },
    Example { raw: "Nov 22 09:14:08 mx1 clamd[742]: ", expect: &[] },
];
