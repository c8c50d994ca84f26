//! Ganglia.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// Ganglia: see the module.
pub static GANGLIA: Daemon = Daemon {
    name: "ganglia",
    category: "system",
    product: "Ganglia",
    about: "messages of gmetad and gmond (github.com/ganglia/monitor-core)",
    logsource: LogSource { category: "application", product: "ganglia", services: &["ganglia"] },
    programs: &["gmetad", "gmond"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "data_thread() got not answer from any [{ganglia.cluster}] datasource",
        ["network", "error", "no_answer", "failure"],
    ),
    says(
        "data_thread() got no answer from any [{ganglia.cluster}] datasource",
        ["network", "error", "no_answer", "failure"],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 hpc1 gmetad[1682]: data_thread() got no answer from any [nodes] datasource",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "no_answer"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("ganglia.cluster", "nodes"),
            ("host.name", "hpc1"),
            ("process.name", "gmetad"),
            ("process.pid", "1682"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 hpc1 gmetad[1682]: ", expect: &[] },
];
