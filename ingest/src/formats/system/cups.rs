//! CUPS.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// CUPS: see the module.
pub static CUPS: Daemon = Daemon {
    name: "cups",
    category: "system",
    product: "CUPS",
    about: "messages of cupsd and its scripts (openprinting.github.io/cups)",
    logsource: LogSource { category: "application", product: "cups", services: &["cups"] },
    programs: &["cups", "cupsd"],
    paths: &["/cups/error_log"],
    structure: Structure::None,
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{log.level:word} [{@timestamp}] {message}", TOLD)];

const SAYS: &[Says] = &[
    says("cupsd startup succeeded", ["process", "start", "start", "success"]),
    says("cupsd shutdown succeeded", ["process", "end", "stop", "success"]),
    says("[Client {#}] Authentication failed{*}", ["authentication", "start", "login", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 cups: cupsd shutdown succeeded",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "stop"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "end"),
            ("host.name", "web1"),
            ("process.name", "cups"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 web1 cups: ", expect: &[] },
];
