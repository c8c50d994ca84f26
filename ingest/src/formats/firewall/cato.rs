//! Cato Networks: events of the SASE cloud.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Peer, Url},
        },
    },
    table::verdict,
};

/// Cato's events.
pub static CATO: JsonFormat = JsonFormat {
    name: "cato",
    category: "firewall",
    product: "Cato SASE Cloud",
    about: "events of Cato's eventsFeed API (api.catonetworks.com/documentation, EventFieldName)",
    logsource: LogSource { category: "firewall", product: "cato", services: &["cato"] },
    keys: &[
        &["account_id", "event_sub_type", "event_type"],
        &["account_id", "ISP_name", "event_count"],
        &["account_id", "dest_ip", "event_count"],
        &["account_id", "src_site", "pop_name"],
    ],
    own: "cato.",
    always: &[("observer.vendor", "Cato Networks"), ("observer.type", "firewall")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("time", Is("@timestamp")),
    ("event_time", Is("@timestamp")),
    ("time_str", Is("@timestamp")),
    ("src_ip", Peer("source")),
    ("src_isp_ip", Is("source.nat.ip")),
    ("dest_ip", Peer("destination")),
    ("src_port", Is("source.port")),
    ("dest_port", Is("destination.port")),
    ("ip_protocol", Is("network.transport")),
    ("application", Is("network.application")),
    ("traffic_direction", Is("network.direction")),
    ("domain_name", Is("url.domain")),
    ("url", Url),
    ("full_path_url", Url),
    ("http_request_method", Is("http.request.method")),
    ("user_agent", Is("user_agent.original")),
    ("action", Is("event.action")),
    ("rule_id", Is("rule.id")),
    ("rule", Is("rule.id")),
    ("rule_name", Is("rule.name")),
    ("signature_id", Is("rule.id")),
    ("vpn_user_email", Is("user.email")),
    ("user_name", Account("user")),
    ("ad_name", Account("user")),
    ("file_hash", Is("file.hash.sha256")),
    ("file_name", Is("file.name")),
    ("file_size", Is("file.size")),
    ("host_ip", Is("host.ip")),
    ("host_mac", Is("host.mac")),
    ("severity", Is("log.level")),
    ("event_message", Is("message")),
    ("os_version", Is("host.os.version")),
];

fn settle(event: &mut Event<'_>) {
    let kind = crate::json::format::said(event, "cato.event_sub_type").unwrap_or_default().to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&kind, word).is_some();
    let verdict = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
    if has(b"ips") || has(b"malware") || has(b"threat") {
        event.set_static(field::EVENT_KIND, "alert");
        event.classify(if has(b"malware") { "malware" } else { "intrusion_detection" }, "", "", "");
    }
    event.classify("network", "connection", "", "");
    if !verdict.is_empty() {
        event.set_static(field::EVENT_TYPE, verdict);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"event_time":"2026-11-22T09:14:07Z","account_id":"1","action":"Block","event_type":"Security","event_sub_type":"IPS","src_ip":"203.0.113.66","dest_ip":"192.0.2.20","dest_port":"22","ip_protocol":"TCP","rule_id":"3605","traffic_direction":"INBOUND","event_count":"1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("cato.account_id", "1"),
            ("cato.event_type", "Security"),
            ("cato.event_sub_type", "IPS"),
            ("cato.event_count", "1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("network.direction", "inbound"),
            ("event.action", "Block"),
            ("rule.id", "3605"),
            ("observer.vendor", "Cato Networks"),
            ("observer.type", "firewall"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: r#"{"event_time":"2026-11-22T09:15:00Z","account_id":"1","action":"Monitor","event_type":"Security","event_sub_type":"Internet Firewall","src_ip":"192.0.2.17","dest_ip":"198.51.100.80","dest_port":"443","domain_name":"www.example","vpn_user_email":"ann@example.com"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("cato.account_id", "1"),
            ("cato.event_type", "Security"),
            ("cato.event_sub_type", "Internet Firewall"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("url.domain", "www.example"),
            ("event.action", "Monitor"),
            ("user.email", "ann@example.com"),
            ("observer.vendor", "Cato Networks"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
        ],
    },
    Example { raw: r#"{"account_id":"1","event_sub_type":"IPS","event_type":"#, expect: &[] },
];
