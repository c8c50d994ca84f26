//! What hangs on the network: arpwatch, snmpd, and the like.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, Messages, Says, TOLD, says};

/// arpwatch and arpalert.
pub static ARPWATCH: Daemon = Daemon {
    name: "arpwatch",
    category: "network",
    product: "arpwatch",
    about: "messages of arpwatch about pairings of hardware and IP addresses (arpwatch(8), REPORT MESSAGES)",
    logsource: LogSource { category: "", product: "linux", services: &["arpwatch"] },
    programs: &["arpwatch"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "new station {source.ip} {source.mac:word} {observer.ingress.interface.name:word}",
        ["network", "creation", "new-station", ""],
    ),
    says("new station {source.ip} {source.mac:word}", ["network", "creation", "new-station", ""]),
    says("new activity {source.ip} {source.mac:word}{*}", ["network", "info", "new-activity", ""]),
    says(
        "changed ethernet address {source.ip} {source.mac:word} ({arpwatch.previous_mac:word}){*}",
        ["network", "change", "changed-address", ""],
    ),
    says(
        "flip flop {source.ip} {source.mac:word} ({arpwatch.previous_mac:word}){*}",
        ["network", "change", "flip-flop", ""],
    ),
    says(
        "reused old ethernet address {source.ip} {source.mac:word} ({arpwatch.previous_mac:word}){*}",
        ["network", "change", "reused-address", ""],
    ),
    says(
        "ethernet mismatch {source.ip} {source.mac:word} ({arpwatch.previous_mac:word}){*}",
        ["network", "info", "mismatch", ""],
    ),
    says("ethernet broadcast {source.ip} {source.mac:word}{*}", ["network", "info", "broadcast", ""]),
    says("bogon {source.ip} {source.mac:word}{*}", ["network", "info", "bogon", ""]),
    says("listening on {observer.ingress.interface.name}", TOLD),
];

/// Net-SNMP's agent.
pub static SNMPD: Daemon = Daemon {
    name: "snmpd",
    category: "network",
    product: "Net-SNMP",
    about: "messages of snmpd and snmptrapd (snmpd(8), -LS; agent/snmp_agent.c)",
    logsource: LogSource { category: "", product: "linux", services: &["snmpd"] },
    programs: &["snmpd", "snmptrapd"],
    paths: &["/snmpd.log"],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SNMP)),
    examples: SNMP_EXAMPLES,
};

const SNMP: &[Says] = &[
    says("Connection from UDP: [{source.ip}]:{source.port}->[{destination.ip}]:{destination.port}", CONNECTED),
    says("Connection from UDP: [{source.ip}]:{source.port}", CONNECTED),
    says("Connection from UDP: [{source.ip}]:{source.port} REFUSED", ["network", "denied", "connection", "failure"]),
    says("Connection from {source.ip}", CONNECTED),
    says("Received SNMP packet(s) from UDP: [{source.ip}]:{source.port}{*}", CONNECTED),
    says("Authentication failed for {user.name:word}", ["authentication", "start", "login", "failure"]),
    says("authentication failure from {source.ip}{*}", ["authentication", "start", "login", "failure"]),
    says("NET-SNMP version {service.version:word}{*}", ["process", "start", "", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 gw1 arpwatch: flip flop 192.0.2.17 00:00:5e:00:53:17 (00:00:5e:00:53:18) eth0",
        expect: &[
            ("process.name", "arpwatch"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.mac", "00:00:5e:00:53:17"),
            ("arpwatch.previous_mac", "00:00:5e:00:53:18"),
            ("event.category", "network"),
            ("event.type", "change"),
            ("event.action", "flip-flop"),
        ],
    },
    Example { raw: "flip flop without a tag", expect: &[] },
];

static SNMP_EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 gw1 snmpd[4711]: Connection from UDP: [203.0.113.66]:51515->[192.0.2.1]:161",
        expect: &[
            ("process.name", "snmpd"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("destination.ip", "192.0.2.1"),
            ("destination.address", "192.0.2.1"),
            ("destination.port", "161"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "connection"),
        ],
    },
    Example { raw: "Connection from nowhere", expect: &[] },
];
