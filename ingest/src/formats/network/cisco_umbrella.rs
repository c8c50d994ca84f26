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
        Structure::Begins(&["\"", " \"20", "20"])
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
        let time = if std::ptr::eq(kind, &AUDIT) { cells[1] } else { cells[0] };
        if let Some((_, stamp, _)) = iso_stamp(time) {
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

/// `"2026-11-22 09:14:07",`; the firewall's log once had no quotes, and the audit log begins with a number.
fn stamped(message: &[u8]) -> bool {
    let timed = |text: &[u8], end: &[u8]| iso_stamp(text).is_some_and(|(rest, _, _)| rest.starts_with(end));
    let Some(rest) = message.trim_ascii_start().strip_prefix(b"\"") else { return timed(message, b",[") };
    let digits = rest.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
    timed(rest, b"\",") || rest[digits..].strip_prefix(b"\",\"").is_some_and(|rest| digits > 0 && timed(rest, b"\","))
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

const AUDIT: Kind = Kind {
    columns: &["id", "timestamp", "email", "user", "type", "audit_action", "source_ip", "before", "after"],
    observer: "dns",
    class: ["configuration", "change"],
};

/// Which log these columns are of.
fn kind(cells: &[&[u8]]) -> Option<&'static Kind> {
    let at = |place: usize| cells.get(place).copied().unwrap_or_default();
    let is_address = |place| ip(at(place)).is_some();
    let is_port = |place| at(place).is_empty() || integer(at(place)).is_some();
    if integer(at(0)).is_some() && iso_stamp(at(1)).is_some() && (8..=9).contains(&cells.len()) {
        return Some(&AUDIT);
    }
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
            ("timestamp", To::Nothing),
            ("email", To::Text(field::USER_EMAIL)),
            ("user", To::Text(field::USER_FULL_NAME)),
            ("audit_action", To::Text(field::EVENT_ACTION)),
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
    .without(&["null"])
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

/// A name alone, or `Jones, Bob (b.jones@example.com)`.
fn set_user(event: &mut Event<'_>, who: &[u8]) {
    let named = who.strip_suffix(b")").and_then(|who| crate::scan::rsplit(who, b" ("));
    match named.and_then(|(name, mail)| Some((name, mail, crate::scan::rsplit(mail, b"@")?))) {
        Some((full_name, mail, (name, domain))) => {
            event.set(field::USER_FULL_NAME, full_name);
            event.set(field::USER_EMAIL, mail);
            event.set(field::USER_NAME, name);
            event.set(field::USER_DOMAIN, domain);
        }
        None => event.set(field::USER_NAME, who),
    }
}

/// Who it was stands first; what kind of identity that is, in a column of its own.
fn identity(kind: &Kind, cells: &[&[u8]], event: &mut Event<'_>) {
    let column = |name| kind.columns.iter().position(|column| *column == name).and_then(|at| cells.get(at).copied());
    let Some(who) = column("identity").filter(|who| !who.is_empty()) else { return };
    match column("identity_type").unwrap_or_default().trim_ascii() {
        b"AD Users" | b"AD User" | b"Users" | b"User" | b"Chromebook Users" => {
            set_user(event, who);
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
    Example {
        raw: r#""1234567891","2026-11-22 09:14:07","anna@example.com","Anna Weber","roamingdevices","delete","192.0.2.10","label: desk7","""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("cisco.umbrella.before", "label: desk7"),
            ("cisco.umbrella.type", "roamingdevices"),
            ("event.action", "delete"),
            ("event.category", "configuration"),
            ("event.type", "change"),
            ("observer.product", "Umbrella"),
            ("observer.type", "dns"),
            ("observer.vendor", "Cisco"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.email", "anna@example.com"),
            ("user.full_name", "Anna Weber"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08,[211039844],Branch 7,CDFW Tunnel Device,OUTBOUND,6,84,192.0.2.17,51515,198.51.100.80,443,fra1.edc,12,BLOCK",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("cisco.umbrella.data_center", "fra1.edc"),
            ("cisco.umbrella.identity", "Branch 7"),
            ("cisco.umbrella.identity_type", "CDFW Tunnel Device"),
            ("cisco.umbrella.origin_ids", "[211039844]"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("event.action", "BLOCK"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("network.direction", "outbound"),
            ("network.iana_number", "6"),
            ("network.name", "Branch 7"),
            ("network.transport", "tcp"),
            ("observer.product", "Umbrella"),
            ("observer.type", "firewall"),
            ("observer.vendor", "Cisco"),
            ("rule.id", "12"),
            ("source.address", "192.0.2.17"),
            ("source.bytes", "84"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
        ],
    },
    Example {
        raw: r#""2026-11-22 09:14:09","Weber, Anna (a.weber@example.com)","Weber, Anna (a.weber@example.com),desk7","192.0.2.17","203.0.113.9","Allowed","1 (A)","NOERROR","www.example.com.","Chat","AD Users","AD Users,Roaming Computers","""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("cisco.umbrella.categories", "Chat"),
            ("cisco.umbrella.identities", "Weber, Anna (a.weber@example.com),desk7"),
            ("cisco.umbrella.identity", "Weber, Anna (a.weber@example.com)"),
            ("cisco.umbrella.identity_type", "AD Users"),
            ("cisco.umbrella.identity_types", "AD Users,Roaming Computers"),
            ("dns.question.name", "www.example.com"),
            ("dns.question.type", "A"),
            ("dns.response_code", "NOERROR"),
            ("dns.type", "query"),
            ("event.action", "Allowed"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("observer.product", "Umbrella"),
            ("observer.type", "dns"),
            ("observer.vendor", "Cisco"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.nat.ip", "203.0.113.9"),
            ("user.domain", "example.com"),
            ("user.email", "a.weber@example.com"),
            ("user.full_name", "Weber, Anna"),
            ("user.name", "a.weber"),
        ],
    },
    Example { raw: r#""2026-11-22 09:14:07","one","two","three""#, expect: &[] },
];
