//! Cisco Umbrella: the CSV logs that it writes to S3.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{integer, ip, reject},
    table::{Cells, Table, To, set_transport},
};

/// Umbrella: DNS, proxy, IP, cloud firewall, intrusion and data loss logs, told by their columns.
pub struct CiscoUmbrella;

const OWN: &str = "cisco.umbrella.";
/// Most columns of a record.
const MAX_COLUMNS: usize = 64;

impl Format for CiscoUmbrella {
    fn name(&self) -> &'static str {
        "cisco_umbrella"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Cisco Umbrella"
    }
    fn about(&self) -> &'static str {
        "Umbrella's CSV logs (docs.umbrella.com, Log Formats and Versioning)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "dns", product: "cisco", services: &["umbrella"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["\"20", " \"20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        stamped(message) && kind(&cells(message)).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if !stamped(line.message) {
            return Err(reject("umbrella_no_time"));
        }
        let cells = cells(line.message);
        let kind = kind(&cells).ok_or(reject("umbrella_unknown_columns"))?;
        if let Some((_, stamp, _)) = iso_stamp(cells[0]) {
            // its times are UTC
            event.set_stamp(field::TIMESTAMP, crate::envelope::Stamp { offset: Some(0), ..stamp });
        }
        event.set_static(field::OBSERVER_VENDOR, "Cisco");
        event.set_static(field::OBSERVER_PRODUCT, "Umbrella");
        event.set_static(field::OBSERVER_TYPE, kind.observer);
        for (column, value) in kind.columns.iter().zip(&cells).skip(1) {
            if !value.trim_ascii().is_empty() {
                TABLE.set(event, column.as_bytes(), value);
            }
        }
        identity(kind, &cells, event);
        let [category, event_type, ..] = kind.class;
        event.classify(category, event_type, "", "");
        verdict(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `"2026-11-22 09:14:07",`
fn stamped(message: &[u8]) -> bool {
    let Some(rest) = message.trim_ascii_start().strip_prefix(b"\"") else { return false };
    iso_stamp(rest).is_some_and(|(rest, _, _)| rest.starts_with(b"\","))
}

/// The cells, with or without a blank behind the comma.
fn cells(message: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::with_capacity(32);
    let mut rest = message;
    while found.len() < MAX_COLUMNS {
        let mut cells = Cells::new(rest.trim_ascii_start());
        let Some(cell) = cells.next() else { break };
        found.push(cell.text);
        rest = cells.rest();
        if rest.is_empty() {
            break;
        }
    }
    found
}

/// One of the logs.
struct Kind {
    columns: &'static [&'static str],
    observer: &'static str,
    class: [&'static str; 2],
}

const DNS: Kind = Kind {
    columns: &[
        "timestamp",
        "identity",
        "identities",
        "internal_ip",
        "external_ip",
        "action",
        "query_type",
        "response_code",
        "domain",
        "categories",
        "identity_type",
        "identity_types",
        "blocked_categories",
        "rule_id",
        "destination_countries",
        "organization_id",
    ],
    observer: "dns",
    class: ["network", "connection"],
};
const PROXY: Kind = Kind {
    columns: &[
        "timestamp",
        "identity",
        "internal_ip",
        "external_ip",
        "destination_ip",
        "content_type",
        "verdict",
        "url",
        "referer",
        "user_agent",
        "status_code",
        "request_size",
        "response_size",
        "response_body_size",
        "sha256",
        "categories",
        "av_detections",
        "puas",
        "amp_disposition",
        "amp_malware_name",
        "amp_score",
        "identity_type",
        "blocked_categories",
        "identities",
        "identity_types",
        "request_method",
        "dlp_status",
        "certificate_errors",
        "file_name",
        "ruleset_id",
        "rule_id",
        "destination_list_ids",
        "isolate_action",
        "file_action",
        "warn_status",
    ],
    observer: "proxy",
    class: ["web", "access"],
};
const IP: Kind = Kind {
    columns: &[
        "timestamp",
        "identity",
        "source_ip",
        "source_port",
        "destination_ip",
        "destination_port",
        "categories",
        "identity_type",
    ],
    observer: "firewall",
    class: ["network", "connection"],
};
const FIREWALL: Kind = Kind {
    columns: &[
        "timestamp",
        "origin_ids",
        "identity",
        "identity_type",
        "direction",
        "protocol",
        "packet_size",
        "source_ip",
        "source_port",
        "destination_ip",
        "destination_port",
        "data_center",
        "rule_id",
        "verdict",
        "fqdns",
        "destination_list_ids",
    ],
    observer: "firewall",
    class: ["network", "connection"],
};
const INTRUSION: Kind = Kind {
    columns: &[
        "timestamp",
        "identities",
        "identity_types",
        "generator_id",
        "signature_id",
        "signature_message",
        "signature_list_id",
        "severity",
        "classification",
        "cves",
        "protocol",
        "session_id",
        "source_ip",
        "source_port",
        "destination_ip",
        "destination_port",
        "action",
    ],
    observer: "ids",
    class: ["intrusion_detection", "info"],
};
const DATA_LOSS: Kind = Kind {
    columns: &[
        "timestamp",
        "provider",
        "event_id",
        "severity",
        "identity",
        "owner",
        "file_name",
        "application",
        "url",
        "action",
        "rule",
        "classification",
        "data_identifier",
        "content_type",
        "file_size",
        "sha256",
        "file_label",
    ],
    observer: "dlp",
    class: ["file", "info"],
};

/// Which log these columns are of.
fn kind(cells: &[&[u8]]) -> Option<&'static Kind> {
    let at = |place: usize| cells.get(place).copied().unwrap_or_default();
    let is_address = |place| ip(at(place)).is_some();
    let is_port = |place| at(place).is_empty() || integer(at(place)).is_some();
    if matches!(at(5), b"Allowed" | b"Blocked" | b"Proxied" | b"ALLOWED" | b"BLOCKED") && cells.len() >= 9 {
        return Some(&DNS);
    }
    if matches!(at(4), b"INBOUND" | b"OUTBOUND" | b"FROM TUNNEL" | b"TO INTERNET") && cells.len() >= 14 {
        return Some(&FIREWALL);
    }
    if integer(at(3)).is_some() && integer(at(4)).is_some() && cells.len() == 17 && is_address(12) {
        return Some(&INTRUSION);
    }
    if matches!(at(1), b"Real Time" | b"SaaS API" | b"Email") && cells.len() >= 16 {
        return Some(&DATA_LOSS);
    }
    if matches!(at(6), b"ALLOWED" | b"BLOCKED" | b"WARN" | b"ISOLATED") && cells.len() >= 16 {
        return Some(&PROXY);
    }
    let ends = is_address(2) && is_port(3) && is_address(4) && is_port(5);
    (ends && (6..=8).contains(&cells.len())).then_some(&IP)
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        OWN,
        &[
            ("internal_ip", To::Source),
            ("external_ip", To::Ip(field::SOURCE_NAT_IP)),
            ("source_ip", To::Source),
            ("source_port", To::Number(field::SOURCE_PORT)),
            ("destination_ip", To::Destination),
            ("destination_port", To::Number(field::DESTINATION_PORT)),
            ("direction", To::Lower(field::NETWORK_DIRECTION)),
            ("protocol", To::With(set_transport)),
            ("packet_size", To::Number(field::SOURCE_BYTES)),
            ("action", To::Text(field::EVENT_ACTION)),
            ("verdict", To::Text(field::EVENT_ACTION)),
            ("query_type", To::With(query_type)),
            ("response_code", To::Text(field::DNS_RESPONSE_CODE)),
            ("domain", To::With(domain)),
            ("content_type", To::Text(field::HTTP_RESPONSE_MIME_TYPE)),
            ("url", To::Url),
            ("referer", To::Text(field::HTTP_REFERRER)),
            ("user_agent", To::Text(field::USER_AGENT)),
            ("status_code", To::Number(field::HTTP_STATUS)),
            ("request_size", To::Number(field::HTTP_REQUEST_BYTES)),
            ("response_size", To::Number(field::HTTP_RESPONSE_BYTES)),
            ("response_body_size", To::Number(field::HTTP_BODY_BYTES)),
            ("sha256", To::Text(field::FILE_HASH_SHA256)),
            ("request_method", To::Text(field::HTTP_METHOD)),
            ("file_name", To::Text(field::FILE_NAME)),
            ("file_size", To::Number(field::FILE_SIZE)),
            ("rule_id", To::Text(field::RULE_ID)),
            ("rule", To::Text(field::RULE_NAME)),
            ("signature_id", To::Text(field::RULE_ID)),
            ("signature_message", To::Text(field::RULE_NAME)),
            ("application", To::Lower(field::NETWORK_APPLICATION)),
            ("provider", To::Text(field::EVENT_PROVIDER)),
            ("identity", To::Own),
        ],
    )
});

/// `1 (A)`
fn query_type(event: &mut Event<'_>, text: &[u8]) {
    let name = text.split(|b| *b == b'(').nth(1).and_then(|name| name.strip_suffix(b")"));
    event.set(field::DNS_QUESTION_TYPE, name.unwrap_or(text));
}

fn domain(event: &mut Event<'_>, text: &[u8]) {
    event.set(field::DNS_QUESTION_NAME, text.strip_suffix(b".").unwrap_or(text));
    event.set_static(field::DNS_TYPE, "query");
}

/// Who it was stands first; what kind of identity that is, in a column of its own.
fn identity(kind: &Kind, cells: &[&[u8]], event: &mut Event<'_>) {
    let column = |name| kind.columns.iter().position(|column| *column == name).and_then(|at| cells.get(at).copied());
    let Some(who) = column("identity").filter(|who| !who.is_empty()) else { return };
    match column("identity_type").unwrap_or_default().trim_ascii() {
        b"AD Users" | b"AD User" | b"Users" | b"User" | b"Chromebook Users" => {
            event.set(field::USER_NAME, who);
        }
        b"Roaming Computers"
        | b"Roaming Computer"
        | b"Anyconnect Roaming Client"
        | b"AD Computers"
        | b"Mobile Devices" => {
            event.set(field::HOST_NAME, who);
            event.set(field::HOST_HOSTNAME, who);
        }
        b"Networks"
        | b"Network"
        | b"Sites"
        | b"Site"
        | b"Internal Networks"
        | b"CDFW Tunnel Device"
        | b"Network Tunnels" => {
            event.set(field::NETWORK_NAME, who);
        }
        _ => set_own(event, OWN, b"most_granular_identity", who),
    }
}

fn verdict(event: &mut Event<'_>) {
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.to_ascii_lowercase()).unwrap_or_default();
    if action.starts_with(b"allow") {
        event.set_static(field::EVENT_TYPE, "allowed");
    } else if action.starts_with(b"block") || action.starts_with(b"deny") {
        event.set_static(field::EVENT_TYPE, "denied");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#""2026-11-22 09:14:07","b.jones","b.jones,Office","192.0.2.17","198.51.100.9","Blocked","1 (A)","NOERROR","bad.example.","Malware,Office","AD Users","AD Users,Sites","Malware""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("user.name", "b.jones"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.nat.ip", "198.51.100.9"),
            ("event.action", "Blocked"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("dns.question.name", "bad.example"),
            ("dns.question.type", "A"),
            ("dns.response_code", "NOERROR"),
            ("dns.type", "query"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Umbrella"),
            ("observer.type", "dns"),
            ("cisco.umbrella.identity", "b.jones"),
            ("cisco.umbrella.identities", "b.jones,Office"),
            ("cisco.umbrella.categories", "Malware,Office"),
            ("cisco.umbrella.identity_type", "AD Users"),
            ("cisco.umbrella.identity_types", "AD Users,Sites"),
            ("cisco.umbrella.blocked_categories", "Malware"),
        ],
    },
    Example {
        raw: r#""2026-11-22 09:14:07","desk7","192.0.2.17","51515","203.0.113.80","445","Command and Control""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "445"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Umbrella"),
            ("observer.type", "firewall"),
            ("cisco.umbrella.identity", "desk7"),
            ("cisco.umbrella.most_granular_identity", "desk7"),
            ("cisco.umbrella.categories", "Command and Control"),
        ],
    },
    Example { raw: r#""2026-11-22 09:14:07","one","two","three""#, expect: &[] },
];
