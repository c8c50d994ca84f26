//! DHCP clients.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// DHCP clients: see the module.
pub static DHCLIENT: Daemon = Daemon {
    name: "dhclient",
    category: "network",
    product: "ISC dhclient, WIDE dhcp6c, dhcpcd",
    about: "messages of DHCP's clients: leases asked for, got and lost (RFC 2131; dhclient.c of isc-dhcp, dhcp6c of wide-dhcpv6)",
    logsource: LogSource { category: "", product: "linux", services: &["dhclient"] },
    programs: &["dhclient", "dhcp6c", "dhcpcd"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "DHCPDISCOVER on {observer.ingress.interface.name:word} to {destination.ip} port {destination.port}{*}{network.protocol=dhcp}",
        ["network", "connection", "dhcpdiscover", ""],
    ),
    says(
        "DHCPREQUEST on {observer.ingress.interface.name:word} to {destination.ip} port {destination.port}{*}{network.protocol=dhcp}",
        ["network", "connection", "dhcprequest", ""],
    ),
    says(
        "DHCPREQUEST for {client.ip:ip} on {observer.ingress.interface.name:word} to {destination.ip} port {destination.port}{*}{network.protocol=dhcp}",
        ["network", "connection", "dhcprequest", ""],
    ),
    says(
        "DHCPOFFER of {client.ip:ip} from {server.ip:ip}{*}{network.protocol=dhcp}",
        ["network", "connection", "dhcpoffer", ""],
    ),
    says(
        "DHCPACK of {client.ip:ip} from {server.ip:ip}{*}{network.protocol=dhcp}",
        ["network", "connection", "dhcpack", ""],
    ),
    says("DHCPACK from {server.ip:ip}{*}{network.protocol=dhcp}", ["network", "connection", "dhcpack", ""]),
    says("DHCPNAK from {server.ip:ip}{*}{network.protocol=dhcp}", ["network", "denied", "dhcpnak", "failure"]),
    says(
        "bound to {client.ip:ip} -- renewal in {#} seconds.{network.protocol=dhcp}",
        ["network", "info", "bound", "success"],
    ),
    says("No DHCPOFFERS received.{network.protocol=dhcp}", ["network", "error", "no_offers", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 fw1 dhclient[742]: DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval 8",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("destination.address", "255.255.255.255"),
            ("destination.ip", "255.255.255.255"),
            ("destination.port", "67"),
            ("event.action", "dhcpdiscover"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("host.name", "fw1"),
            ("network.protocol", "dhcp"),
            ("observer.ingress.interface.name", "eth0"),
            ("process.name", "dhclient"),
            ("process.pid", "742"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 fw1 dhclient[742]: DHCPACK of 192.0.2.17 from 192.0.2.1 (xid=0x1a2b3c4d)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("client.ip", "192.0.2.17"),
            ("event.action", "dhcpack"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("host.name", "fw1"),
            ("network.protocol", "dhcp"),
            ("process.name", "dhclient"),
            ("process.pid", "742"),
            ("server.ip", "192.0.2.1"),
        ],
    },
    Example {
        raw: "<13>Nov 22 09:14:09 dhclient[742]: RENEW",
        expect: &[("@timestamp", "2026-11-22T09:14:09Z"), ("process.name", "dhclient"), ("process.pid", "742")],
    },
    Example { raw: "Nov 22 09:14:09 fw1 dhclient[742]: ", expect: &[] },
];
