//! Snort 3's alerts as JSON.

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

/// Snort 3's `alert_json`.
pub static SNORT_JSON: JsonFormat = JsonFormat {
    name: "snort_json",
    category: "network",
    product: "Snort 3 (JSON)",
    about: "alerts of Snort 3's alert_json (docs.snort.org, alert_json)",
    logsource: LogSource { category: "", product: "snort", services: &["snort"] },
    keys: &[&["seconds", "rule", "src_addr", "dst_addr"], &["timestamp", "rule", "src_ap", "dst_ap", "proto"]],
    own: "snort.",
    always: &[("observer.vendor", "snort"), ("observer.type", "ids"), ("event.kind", "alert")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("seconds", Is("@timestamp")),
    ("src_addr", Peer("source")),
    ("src_ap", Peer("source")),
    ("src_port", Is("source.port")),
    ("dst_addr", Peer("destination")),
    ("dst_ap", Peer("destination")),
    ("dst_port", Is("destination.port")),
    ("eth_src", Is("source.mac")),
    ("eth_dst", Is("destination.mac")),
    ("proto", Is("network.transport")),
    ("service", Is("network.protocol")),
    ("vlan", Is("network.vlan.id")),
    ("pkt_len", Is("network.bytes")),
    ("iface", Is("observer.ingress.interface.name")),
    ("sid", Is("rule.id")),
    ("rev", Is("rule.version")),
    ("class", Is("rule.category")),
    ("msg", All(&["rule.name", "rule.description", "message"])),
    ("priority", Is("event.severity")),
    ("action", Is("event.action")),
];

fn settle(event: &mut Event<'_>) {
    for (field, nothing) in [(field::NETWORK_PROTOCOL, &b"unknown"[..]), (field::NETWORK_VLAN_ID, b"0")] {
        if event.bytes(field).is_some_and(|text| *text == *nothing) {
            event.remove(field);
        }
    }
    event.classify("intrusion_detection", "info", "", "");
    let kind = match event.bytes(field::EVENT_ACTION).as_deref() {
        Some(b"allow" | b"would_allow") => "allowed",
        Some(b"drop" | b"block" | b"reject") => "denied",
        _ => return,
    };
    event.set_static(field::EVENT_TYPE, kind);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"seconds":1795338847,"action":"allow","class":"none","dst_addr":"192.0.2.20","dst_ap":"192.0.2.20:80","dst_port":80,"gid":1,"iface":"eth0","msg":"EXAMPLE odd request","pkt_len":84,"priority":2,"proto":"TCP","rev":3,"rule":"1:9000001:3","service":"http","sid":9000001,"src_addr":"203.0.113.66","src_ap":"203.0.113.66:51515","src_port":51515,"vlan":0}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("destination.ip", "192.0.2.20"),
            ("destination.address", "192.0.2.20"),
            ("destination.port", "80"),
            ("network.transport", "tcp"),
            ("network.protocol", "http"),
            ("network.bytes", "84"),
            ("rule.id", "9000001"),
            ("rule.version", "3"),
            ("rule.category", "none"),
            ("rule.name", "EXAMPLE odd request"),
            ("rule.description", "EXAMPLE odd request"),
            ("message", "EXAMPLE odd request"),
            ("event.severity", "2"),
            ("event.action", "allow"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("event.type", "allowed"),
            ("observer.vendor", "snort"),
            ("observer.type", "ids"),
            ("observer.ingress.interface.name", "eth0"),
            ("snort.gid", "1"),
            ("snort.rule", "1:9000001:3"),
            ("snort.src_ap", "203.0.113.66:51515"),
            ("snort.dst_ap", "192.0.2.20:80"),
        ],
    },
    Example { raw: r#"{"seconds":1795338847,"rule":"1:1:1","src_addr":"203.0.113.66","dst_ad"#, expect: &[] },
];
