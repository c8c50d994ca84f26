//! DHCP servers: ISC dhcpd, OpenBSD's, and Infoblox NIOS, which runs the former.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// dhcpd: see the module.
pub static DHCPD: Daemon = Daemon {
    name: "dhcpd",
    category: "network",
    product: "ISC DHCP, OpenBSD dhcpd, Infoblox NIOS",
    about: "messages of dhcpd and dhcpdv6 (dhcpd(8); ISC DHCP server/dhcp.c)",
    logsource: LogSource { category: "dhcp", product: "", services: &["dhcpd"] },
    programs: &["dhcpd", "dhcpdv6", "dhcrelay", "dhcpd4", "dhcpd6"],
    paths: &["/dhcpd.log"],
    structure: Structure::Begins(&[
        "DHCPDISCOVER ",
        "DHCPOFFER ",
        "DHCPREQUEST ",
        "DHCPACK ",
        "DHCPNAK ",
        "DHCPRELEASE ",
        "DHCPDECLINE ",
        "DHCPINFORM ",
        "DHCPEXPIRE ",
    ]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const LEASE: [&str; 4] = ["network", "protocol", "", ""];
const REFUSED: [&str; 4] = ["network", "protocol", "", "failure"];

const SAYS: &[Says] = &[
    says("{event.action:word} from {client.ip:ip} via {observer.ingress.interface.name:word}{*}", LEASE),
    says("{event.action:word} from {client.ip:ip}: {event.reason}", REFUSED),
    says(
        "{event.action:word} from {client.mac:word} ({client.domain}) via {observer.ingress.interface.name}: {event.reason}",
        REFUSED,
    ),
    says("{event.action:word} from {client.mac:word} via {observer.ingress.interface.name}: {event.reason}", REFUSED),
    says(
        "{event.action:word} from {client.mac:word} ({client.domain}) via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says("{event.action:word} from {client.mac:word} via {observer.ingress.interface.name:word}{*}", LEASE),
    says(
        "{event.action:word} for {client.ip:ip} ({server.ip:ip}) from {client.mac:word} ({client.domain}) via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} for {client.ip:ip} ({server.ip:ip}) from {client.mac:word} via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} for {client.ip:ip} from {client.mac:word} ({client.domain}) via {observer.ingress.interface.name}: {event.reason}",
        REFUSED,
    ),
    says(
        "{event.action:word} for {client.ip:ip} from {client.mac:word} via {observer.ingress.interface.name}: {event.reason}",
        REFUSED,
    ),
    says(
        "{event.action:word} for {client.ip:ip} from {client.mac:word} ({client.domain}) via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} for {client.ip:ip} from {client.mac:word} via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} on {client.ip:ip} to {client.mac:word} ({client.domain}) via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} on {client.ip:ip} to {client.mac:word} via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} of {client.ip:ip} from {client.mac:word} ({client.domain}) via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} of {client.ip:ip} from {client.mac:word} via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says(
        "{event.action:word} to {client.ip:ip} ({client.mac:word}) via {observer.ingress.interface.name:word}{*}",
        LEASE,
    ),
    says("{event.action:word} on {client.ip:ip} to {client.mac:word}{*}", LEASE),
    says(
        "{event.action} message from {client.ip:ip} port {client.port} from client DUID {*}, transaction ID {*}",
        LEASE,
    ),
    says("{event.action} message from {client.ip:ip} port {client.port}, transaction ID {*}", LEASE),
    says("Sending {event.action} to {client.ip:ip} port {client.port}{*}", LEASE),
    says("{event.action}: address {client.ip:ip} to client with duid {*}", LEASE),
    says(
        "Added new forward map from {client.domain:word} to {client.ip:ip}",
        ["network", "change", "dns-update", "success"],
    ),
    says("added reverse map from {*} to {client.domain:word}", ["network", "change", "dns-update", "success"]),
    says(
        "Removed forward map from {client.domain:word} to {client.ip:ip}",
        ["network", "change", "dns-update", "success"],
    ),
    says(
        "Unable to add forward map from {client.domain:word} to {client.ip:ip}: {event.reason}",
        ["network", "change", "dns-update", "failure"],
    ),
    says(
        "Possible release spoof - Not releasing address {client.ip:ip}",
        ["network", "denied", "release-spoof", "failure"],
    ),
    says("Abandoning IP address {client.ip:ip}: {event.reason}", ["network", "info", "abandon", ""]),
    says("Both dynamic and static leases present for {client.ip:ip}.{*}", TOLD),
    says("uid lease {client.ip:ip} for client {client.mac:word} is duplicate on {*}", TOLD),
    says("no free leases on subnet {*}", ["network", "error", "no-free-leases", "failure"]),
    says("r-l-e:{client.ip:ip},{event.action},{client.domain},{client.mac},{*}", LEASE),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 gw1 dhcpd[4711]: DHCPREQUEST for 192.0.2.17 from 00:00:5e:00:53:17 (desk7) via eth0",
        expect: &[
            ("process.name", "dhcpd"),
            ("event.action", "DHCPREQUEST"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("client.ip", "192.0.2.17"),
            ("client.mac", "00:00:5e:00:53:17"),
            ("client.domain", "desk7"),
            ("observer.ingress.interface.name", "eth0"),
        ],
    },
    Example {
        raw: "DHCPDISCOVER from 00:00:5e:00:53:17 via 192.0.2.1: network 192.0.2.0/24: no free leases",
        expect: &[
            ("event.action", "DHCPDISCOVER"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("event.outcome", "failure"),
            ("event.reason", "network 192.0.2.0/24: no free leases"),
            ("client.mac", "00:00:5e:00:53:17"),
            ("observer.ingress.interface.name", "192.0.2.1"),
        ],
    },
    Example { raw: "DHCPNOTHING from nobody", expect: &[] },
];
