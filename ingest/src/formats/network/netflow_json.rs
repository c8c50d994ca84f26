//! NetFlow and IPFIX records as JSON, as collectors write them.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is, Peer},
        },
    },
};

/// A flow with the names of NetFlow 9 (RFC 3954) or of IPFIX's information elements (RFC 5102).
pub static NETFLOW_JSON: JsonFormat = JsonFormat {
    name: "netflow_json",
    category: "network",
    product: "NetFlow, IPFIX (JSON)",
    about: "flow records as JSON with the names of RFC 3954 or of IANA's IPFIX information elements",
    logsource: LogSource { category: "firewall", product: "", services: &["netflow"] },
    keys: &[
        &["IPV4_SRC_ADDR", "IPV4_DST_ADDR"],
        &["IPV6_SRC_ADDR", "IPV6_DST_ADDR"],
        &["sourceIPv4Address", "destinationIPv4Address"],
        &["sourceIPv6Address", "destinationIPv6Address"],
    ],
    own: "netflow.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("IPV4_SRC_ADDR", Peer("source")),
    ("IPV6_SRC_ADDR", Peer("source")),
    ("sourceIPv4Address", Peer("source")),
    ("sourceIPv6Address", Peer("source")),
    ("L4_SRC_PORT", Is("source.port")),
    ("SRC_PORT", Is("source.port")),
    ("sourceTransportPort", Is("source.port")),
    ("IPV4_DST_ADDR", Peer("destination")),
    ("IPV6_DST_ADDR", Peer("destination")),
    ("destinationIPv4Address", Peer("destination")),
    ("destinationIPv6Address", Peer("destination")),
    ("L4_DST_PORT", Is("destination.port")),
    ("DST_PORT", Is("destination.port")),
    ("destinationTransportPort", Is("destination.port")),
    ("PROTOCOL", Is("network.transport")),
    ("PROTO", Is("network.transport")),
    ("protocolIdentifier", Is("network.transport")),
    ("IN_BYTES", All(&["source.bytes", "network.bytes"])),
    ("IN_OCTETS", All(&["source.bytes", "network.bytes"])),
    ("octetDeltaCount", All(&["source.bytes", "network.bytes"])),
    ("IN_PKTS", All(&["source.packets", "network.packets"])),
    ("IN_PACKETS", All(&["source.packets", "network.packets"])),
    ("packetDeltaCount", All(&["source.packets", "network.packets"])),
    ("IN_SRC_MAC", Is("source.mac")),
    ("sourceMacAddress", Is("source.mac")),
    ("OUT_DST_MAC", Is("destination.mac")),
    ("destinationMacAddress", Is("destination.mac")),
    ("SRC_VLAN", Is("network.vlan.id")),
    ("vlanId", Is("network.vlan.id")),
    ("flowStartMilliseconds", Is("event.start")),
    ("flowEndMilliseconds", Is("event.end")),
    ("flowStartSeconds", Is("event.start")),
    ("flowEndSeconds", Is("event.end")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("network", "connection", "", "");
    if let Some(address) = event.ip(field::SOURCE_IP) {
        event.set_static(field::NETWORK_TYPE, if address.is_ipv4() { "ipv4" } else { "ipv6" });
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"IPV4_SRC_ADDR":"192.0.2.17","IPV4_DST_ADDR":"203.0.113.80","L4_SRC_PORT":51515,"L4_DST_PORT":123,"PROTOCOL":17,"IN_BYTES":76,"IN_PKTS":1,"TCP_FLAGS":0}"#,
        expect: &[
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.bytes", "76"),
            ("source.packets", "1"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "123"),
            ("network.transport", "udp"),
            ("network.iana_number", "17"),
            ("network.type", "ipv4"),
            ("network.bytes", "76"),
            ("network.packets", "1"),
            ("netflow.TCP_FLAGS", "0"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example { raw: r#"{"IPV4_SRC_ADDR":"192.0.2.17","IPV4_DST"#, expect: &[] },
];
