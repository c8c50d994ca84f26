//! The RAS log of IBM Blue Gene/L.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// IBM Blue Gene: see the module.
pub static BLUEGENE: Daemon = Daemon {
    name: "bluegene",
    category: "system",
    product: "IBM Blue Gene",
    about: "RAS events of Blue Gene/L: alert, epoch, date, node, time, node, RAS, facility, level, text (usenix.org/cfdr-data)",
    logsource: LogSource { category: "", product: "bluegene", services: &["ras"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[" RAS ", " NULL DISCOVERY ", " NULL HARDWARE "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says(
        "{_} {@timestamp} {_} {host.name:word} {_} {_} {bluegene.kind:word} {log.logger:word} {log.level:word} {message}",
        TOLD,
    ),
    says("{_} {@timestamp} {_} {host.name:word} {_} {_} {bluegene.kind:word} {log.logger:word} {log.level:word}", TOLD),
];

const SAYS: &[Says] = &[says("instruction cache parity error corrected", ["host", "info", "corrected_error", ""])];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "- 1795338847 2026.11.22 R02-M1-N0-C:J12-U11 2026-11-22-09.14.07.675872 R02-M1-N0-C:J12-U11 RAS KERNEL INFO instruction cache parity error corrected",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("bluegene.kind", "RAS"),
            ("event.action", "corrected_error"),
            ("event.category", "host"),
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("log.logger", "KERNEL"),
            ("message", "instruction cache parity error corrected"),
        ],
    },
    Example {
        raw: "KERNDTLB 1795338848 2026.11.22 R02-M1-N0-C:J12-U11 2026-11-22-09.14.08.363779 R02-M1-N0-C:J12-U11 RAS KERNEL FATAL data TLB error interrupt",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("bluegene.kind", "RAS"),
            ("log.level", "FATAL"),
            ("log.logger", "KERNEL"),
            ("message", "data TLB error interrupt"),
        ],
    },
    Example { raw: "- 1795338847 2026.11.22 R02 RAS KERNEL", expect: &[] },
];
