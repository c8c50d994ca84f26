//! Event log of a cluster with Tru64 nodes.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// HPC cluster events: see the module.
pub static HPC_EVENTS: Daemon = Daemon {
    name: "hpc_events",
    category: "system",
    product: "HPC cluster events",
    about: "cluster event lines: id, node, component, state, epoch, flag, text (usenix.org/cfdr-data, HPC4)",
    logsource: LogSource { category: "", product: "hpc", services: &["cluster"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[
        " unix.hw ",
        " state_change.",
        " switch_module ",
        " boot_cmd ",
        " partition status ",
        " node status ",
        " gige temperature ",
        " node temperature ",
        " clusterfilesystem ",
        " action start ",
        " action error ",
        " domain ",
        " psu ",
        " risBoot ",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{event.id:number} {host.name:word} {hpc.component:word} {hpc.event:word} {@timestamp} {#} {message}", TOLD),
    says(
        "{event.id:number} {host.name:word} {hpc.component:word} {hpc.event:word} {*} {@timestamp} {#} {message}",
        TOLD,
    ),
];

const SAYS: &[Says] = &[
    says(
        "Component State Change: Component {*} is in the {hpc.state:word} state ({*})",
        ["host", "change", "state_change", ""],
    ),
    says("Link {event.reason}", ["network", "info", "link", ""]),
    says("{hpc.measure:word}={hpc.value:word}", ["host", "info", "measure", ""]),
    says("ClusterFileSystem: {event.reason}", ["host", "change", "filesystem", ""]),
    says("ServerFileSystem: {event.reason}", ["host", "change", "filesystem", ""]),
    says("Temperature ({*}) exceeds {*}", ["host", "info", "temperature", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "134681 node-246 unix.hw state_change.unavailable 1795338847 1 Component State Change: Component SCSI-WWID:01000010 is in the unavailable state (HWID=1973)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "state_change"),
            ("event.category", "host"),
            ("event.id", "134681"),
            ("event.type", "change"),
            ("hpc.component", "unix.hw"),
            ("hpc.event", "state_change.unavailable"),
            ("hpc.state", "unavailable"),
            ("message", "Component State Change: Component SCSI-WWID:01000010 is in the unavailable state (HWID=1973)"),
        ],
    },
    Example {
        raw: "121756 node-233 node temperature 1795338848 1 ambient=28",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "measure"),
            ("event.category", "host"),
            ("event.id", "121756"),
            ("event.type", "info"),
            ("hpc.component", "node"),
            ("hpc.event", "temperature"),
            ("hpc.measure", "ambient"),
            ("hpc.value", "28"),
            ("message", "ambient=28"),
        ],
    },
    Example { raw: "node-233 node temperature 1 ambient=28", expect: &[] },
];
