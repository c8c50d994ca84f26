//! Barracuda CloudGen Firewall.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer, Url},
        },
    },
};

/// Barracuda CloudGen Firewall: see the module.
pub static BARRACUDA_CLOUDGEN: JsonFormat = JsonFormat {
    name: "barracuda_cloudgen",
    category: "firewall",
    product: "Barracuda CloudGen Firewall",
    about: r#"activity, threat and web logs as JSON, as Firewall Insights and Filebeat get them (campus.barracuda.com, "How to Configure Filebeat Stream Logging")"#,
    logsource: LogSource { category: "firewall", product: "barracuda", services: &["cloudgen"] },
    keys: &[
        &["fw_rule", "src_ip", "dst_ip"],
        &["threat_severity", "src_ip", "dst_ip"],
        &["traffic_type", "source_ip", "destination_ip"],
    ],
    own: "barracuda.cloudgen.",
    always: &[("observer.vendor", "Barracuda"), ("observer.product", "CloudGen Firewall")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("action", Is("event.action")),
    ("operation", Is("event.action")),
    ("src_ip", Peer("source")),
    ("source_ip", Peer("source")),
    ("src_port", Is("source.port")),
    ("source_port", Is("source.port")),
    ("src_mac", Is("source.mac")),
    ("src_iface", Is("observer.ingress.interface.name")),
    ("src_ip_nat", Is("source.nat.ip")),
    ("dst_ip", Peer("destination")),
    ("destination_ip", Peer("destination")),
    ("dst_port", Is("destination.port")),
    ("destination_port", Is("destination.port")),
    ("port", Is("destination.port")),
    ("dst_mac", Is("destination.mac")),
    ("dst_iface", Is("observer.egress.interface.name")),
    ("dst_ip_nat", Is("destination.nat.ip")),
    ("ip_proto", Is("network.iana_number")),
    ("trans_proto", Is("network.transport")),
    ("fwd_bytes", Is("source.bytes")),
    ("rev_bytes", Is("destination.bytes")),
    ("fwd_packets", Is("source.packets")),
    ("rev_packets", Is("destination.packets")),
    ("user", Is("user.name")),
    ("fw_rule", Is("rule.name")),
    ("description", Is("rule.description")),
    ("threat_severity", Is("event.severity")),
    ("severity", Is("log.level")),
    ("component", Is("observer.type")),
    ("method", Is("http.request.method")),
    ("content_type", Is("http.response.mime_type")),
    ("status_code", Is("http.response.status_code")),
    ("user_agent", Is("user_agent.original")),
    ("size", Is("http.response.body.bytes")),
    ("name", Url),
    ("domain", Is("url.domain")),
];

fn settle(event: &mut Event<'_>) {
    let action = said(event, "event.action").unwrap_or_default();
    let kind = match crate::table::verdict(&action) {
        "" => "connection",
        verdict => verdict,
    };
    event.classify("network", kind, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"version":1,"timestamp":1795338847,"action":"End","duration":8436,"src_iface":"eth0","src_ip":"192.0.2.17","src_port":40532,"src_mac":"00:00:5e:00:53:01","dst_iface":"eth1","dst_ip":"198.51.100.80","dst_port":443,"fw_rule":"LAN-2-INTERNET","app_rule":"<App>:ALL-APPS","src_ip_nat":"203.0.113.9","dst_ip_nat":"198.51.100.80","ip_proto":6,"fwd_packets":3,"rev_packets":4,"fwd_bytes":240,"rev_bytes":3100,"user":"anna"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("barracuda.cloudgen.app_rule", "<App>:ALL-APPS"),
            ("barracuda.cloudgen.duration", "8436"),
            ("barracuda.cloudgen.version", "1"),
            ("destination.address", "198.51.100.80"),
            ("destination.bytes", "3100"),
            ("destination.ip", "198.51.100.80"),
            ("destination.nat.ip", "198.51.100.80"),
            ("destination.packets", "4"),
            ("destination.port", "443"),
            ("event.action", "End"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("network.iana_number", "6"),
            ("observer.egress.interface.name", "eth1"),
            ("observer.ingress.interface.name", "eth0"),
            ("observer.product", "CloudGen Firewall"),
            ("observer.vendor", "Barracuda"),
            ("rule.name", "LAN-2-INTERNET"),
            ("source.address", "192.0.2.17"),
            ("source.bytes", "240"),
            ("source.ip", "192.0.2.17"),
            ("source.mac", "00:00:5e:00:53:01"),
            ("source.nat.ip", "203.0.113.9"),
            ("source.packets", "3"),
            ("source.port", "40532"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"{"app_target":"eicar.exe","component":"firewall","description":"Eicar-Test-Signature","dst_ip":"192.0.2.6","operation":"Block","port":"443","severity":"Warning","src_ip":"203.0.113.66","threat_severity":"3","timestamp":"2026-11-22T09:14:08+00:00","trans_proto":"TCP","type":"virus"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("barracuda.cloudgen.app_target", "eicar.exe"),
            ("barracuda.cloudgen.type", "virus"),
            ("destination.address", "192.0.2.6"),
            ("destination.ip", "192.0.2.6"),
            ("destination.port", "443"),
            ("event.action", "Block"),
            ("event.category", "network"),
            ("event.severity", "3"),
            ("event.type", "denied"),
            ("log.level", "Warning"),
            ("network.transport", "tcp"),
            ("observer.product", "CloudGen Firewall"),
            ("observer.type", "firewall"),
            ("observer.vendor", "Barracuda"),
            ("rule.description", "Eicar-Test-Signature"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: r#"{"fw_rule":"A","src_ip":"192.0.2.17","dst_ip":"#, expect: &[] },
];
