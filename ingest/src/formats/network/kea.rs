//! Kea, ISC's DHCP server.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// kea-dhcp4 and kea-dhcp6: see the module.
pub static KEA: Daemon = Daemon {
    name: "kea",
    category: "network",
    product: "ISC Kea",
    about: "messages of Kea with their identifiers (kea.readthedocs.io, Kea Messages Manual)",
    logsource: LogSource { category: "dhcp", product: "", services: &["kea"] },
    programs: &["kea-dhcp4", "kea-dhcp6", "kea-dhcp-ddns", "kea-ctrl-agent"],
    paths: &["/kea-dhcp4.log", "/kea-dhcp6.log", "/kea-ddns.log"],
    structure: Structure::Holds(&["[kea-dhcp"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} {log.level:word}  [{log.logger}/{process.pid}.{#}] {message}", TOLD),
    says("{@timestamp} {log.level:word}  [{log.logger}/{process.pid}] {message}", TOLD),
    says("{log.level:word}  [{log.logger}/{process.pid}.{#}] {message}", TOLD),
];

const LEASE: [&str; 4] = ["network", "protocol", "", "success"];
const FAILED: [&str; 4] = ["network", "protocol", "", "failure"];

const SAYS: &[Says] = &[
    says("{event.code:word} [hwtype={#} {client.mac}], cid=[{*}], tid={*}: lease {client.ip:ip} {*}", LEASE),
    says("{event.code:word} [hwtype={#} {client.mac}], cid=[{*}], tid={*}: failed {event.reason}", FAILED),
    says(
        "{event.code:word} [hwtype={#} {client.mac}], cid=[{*}], tid={*}: {event.reason}",
        ["network", "protocol", "", ""],
    ),
    says("{event.code:word} duid=[{*}], tid={*}: lease for address {client.ip:ip} {*}", LEASE),
    says("{event.code:word} duid=[{*}], [{*}], tid={*}: lease for address {client.ip:ip} {*}", LEASE),
    says("{event.code:word} {event.reason}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.250 INFO  [kea-dhcp4.leases/4711.140737] DHCP4_LEASE_ALLOC [hwtype=1 00:00:5e:00:53:17], cid=[no info], tid=0x1: lease 192.0.2.17 has been allocated for 4000 seconds",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("log.level", "INFO"),
            ("log.logger", "kea-dhcp4.leases"),
            ("process.pid", "4711"),
            (
                "message",
                "DHCP4_LEASE_ALLOC [hwtype=1 00:00:5e:00:53:17], cid=[no info], tid=0x1: lease 192.0.2.17 has been allocated for 4000 seconds",
            ),
            ("event.code", "DHCP4_LEASE_ALLOC"),
            ("client.mac", "00:00:5e:00:53:17"),
            ("client.ip", "192.0.2.17"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("event.outcome", "success"),
        ],
    },
    Example { raw: "INFO", expect: &[] },
];
