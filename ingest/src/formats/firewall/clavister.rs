//! Clavister cOS Core (NetWall): an id, an event and groups of pairs in brackets.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{Pair, Pairs},
    scan::reject,
    table::{Table, To, USER, verdict},
};

/// Clavister NetWall.
pub struct Clavister;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new("clavister.", KEYS));

const KEYS: &[(&str, To)] = &[
    ("id", To::Text(field::EVENT_CODE)),
    ("event", To::Text(field::EVENT_ACTION)),
    ("message", To::All(&[To::Text(field::MESSAGE), To::Text(field::EVENT_REASON)])),
    ("rule", To::Text(field::RULE_NAME)),
    ("connsrcip", To::Source),
    ("srcip", To::Source),
    ("client_ip", To::Source),
    ("ipaddr", To::Source),
    ("local_ip", To::Source),
    ("conndestip", To::Destination),
    ("destip", To::Destination),
    ("remote_ip", To::Destination),
    ("connsrcport", To::Number(field::SOURCE_PORT)),
    ("srcport", To::Number(field::SOURCE_PORT)),
    ("local_port", To::Number(field::SOURCE_PORT)),
    ("conndestport", To::Number(field::DESTINATION_PORT)),
    ("destport", To::Number(field::DESTINATION_PORT)),
    ("remote_port", To::Number(field::DESTINATION_PORT)),
    ("newconnsrcip", To::Ip(field::SOURCE_NAT_IP)),
    ("newconnsrcport", To::Number(field::SOURCE_NAT_PORT)),
    ("newconndestip", To::Ip(field::DESTINATION_NAT_IP)),
    ("newconndestport", To::Number(field::DESTINATION_NAT_PORT)),
    ("connipproto", To::Lower(field::NETWORK_TRANSPORT)),
    ("connrecvif", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("recvif", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("conndestif", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("connrecvzone", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("recvzone", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("conndestzone", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("hwsender", To::Text(field::SOURCE_MAC)),
    ("hwdest", To::Text(field::DESTINATION_MAC)),
    ("origsent", To::Number(field::SOURCE_BYTES)),
    ("termsent", To::Number(field::DESTINATION_BYTES)),
    ("username", USER),
    ("url", To::Url),
    ("domain", To::Else(field::URL_DOMAIN)),
    ("application", To::Text(field::NETWORK_APPLICATION)),
    ("error_message", To::Text(field::ERROR_MESSAGE)),
];

impl Format for Clavister {
    fn name(&self) -> &'static str {
        "clavister"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Clavister NetWall"
    }
    fn about(&self) -> &'static str {
        "Log messages of Clavister cOS Core: id, event and bracketed groups (cOS Core Log Reference Guide)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "clavister", services: &["clavister"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" event="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(160)];
        let numbered = memmem::find(head, b"id=").filter(|at| head.get(at + 3).is_some_and(u8::is_ascii_digit));
        numbered.is_some_and(|at| memmem::find(&head[at..], b" event=").is_some()) && message.contains(&b'[')
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let start = memmem::find(line.message, b"id=").ok_or(reject("clavister_no_id"))?;
        event.set_static(field::OBSERVER_VENDOR, "Clavister");
        event.set_static(field::OBSERVER_PRODUCT, "NGFW");
        event.set_static(field::OBSERVER_TYPE, "firewall");
        let pairs = Pairs::loose(&line.message[start..]).map(without_brackets);
        let [action, name, message, protocol, inner] =
            TABLE.read_pairs(event, pairs, ["action", "event", "message", "connipproto", "ipproto"]);
        if name.is_empty() {
            return Err(reject("clavister_no_event"));
        }
        // frames name a protocol as well, such as ARP, which is none of transport
        if protocol.is_empty() && matches!(inner, b"TCP" | b"UDP" | b"ICMP" | b"ESP" | b"GRE" | b"IGMP") {
            To::Lower(field::NETWORK_TRANSPORT).put(event, inner);
        }
        event.keep_last(field::MESSAGE);
        classify(name, action, message, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// A group opens before its first key and closes behind its last value.
fn without_brackets(pair: Pair<'_>) -> Pair<'_> {
    let opened = pair.key.iter().take_while(|b| matches!(b, b'[' | b']')).count();
    let key = &pair.key[opened..];
    let value = pair.value.map(|value| {
        let value = memmem::find(value, b" ]").map_or(value, |end| &value[..end]);
        if pair.quoted { value } else { memchr::memchr(b']', value).map_or(value, |end| &value[..end]) }
    });
    // what is left of `[typeOfService precedence` is its last word
    Pair { key: if key.is_empty() { b"]" } else { key }, value, quoted: pair.quoted }
}

fn classify<'r>(name: &'r [u8], action: &'r [u8], message: &'r [u8], event: &mut Event<'r>) {
    let has = |word: &[u8]| memmem::find(name, word).is_some();
    if has(b"auth") || has(b"login") || has(b"user_log") {
        let failed = has(b"fail") || has(b"bad") || has(b"denied") || memmem::find(message, b"ailed").is_some();
        let kind = if has(b"logout") { "end" } else { "start" };
        return event.classify("authentication", kind, "", if failed { "failure" } else { "success" });
    }
    if event.get(field::SOURCE_IP).is_none() && event.get(field::DESTINATION_IP).is_none() {
        return event.classify("host", "info", "", "");
    }
    event.classify("network", "connection", "", "");
    let kind = match verdict(action) {
        "" if has(b"open") => "start",
        "" if has(b"close") => "end",
        said => said,
    };
    if !kind.is_empty() {
        event.set_static(field::EVENT_TYPE, kind);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"id=600001 event=conn_open action=allow [message=Connection opened conndestzone="wan" connrecvzone="lan" ][rules rule=lan_to_wan ][conn [conn conn=Open connsrcip=192.0.2.17 conndestip=198.51.100.80 newconnsrcip=203.0.113.9 newconndestip=198.51.100.80 connipproto=TCP connsrcport=51515 conndestport=443 newconnsrcport=40001 newconndestport=443 connrecvif=lan conndestif=wan ]]"#,
        expect: &[
            ("observer.vendor", "Clavister"),
            ("observer.product", "NGFW"),
            ("observer.type", "firewall"),
            ("event.code", "600001"),
            ("event.action", "conn_open"),
            ("clavister.action", "allow"),
            ("event.reason", "Connection opened"),
            ("observer.egress.zone", "wan"),
            ("observer.ingress.zone", "lan"),
            ("rule.name", "lan_to_wan"),
            ("clavister.conn", "Open"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("source.nat.ip", "203.0.113.9"),
            ("destination.nat.ip", "198.51.100.80"),
            ("network.transport", "tcp"),
            ("source.port", "51515"),
            ("destination.port", "443"),
            ("source.nat.port", "40001"),
            ("destination.nat.port", "443"),
            ("observer.ingress.interface.name", "lan"),
            ("observer.egress.interface.name", "wan"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: r#"id=6000051 event=ruleset_drop_packet action=drop [message=Packet dropped by rule-set. Dropping recvzone="wan" ][rules rule=Default_Rule ][ethernet hwsender=00005e005301 hwdest=00005e005302 ipproto=Ip4 ][ippacket version=1 iphdrlen=20 ipproto=TCP ttl=64 srcip=203.0.113.66 destip=192.0.2.20 ][tcp srcport=40001 destport=22 ]"#,
        expect: &[
            ("observer.vendor", "Clavister"),
            ("observer.product", "NGFW"),
            ("observer.type", "firewall"),
            ("event.code", "6000051"),
            ("event.action", "ruleset_drop_packet"),
            ("clavister.action", "drop"),
            ("event.reason", "Packet dropped by rule-set. Dropping"),
            ("observer.ingress.zone", "wan"),
            ("rule.name", "Default_Rule"),
            ("source.mac", "00005e005301"),
            ("destination.mac", "00005e005302"),
            ("clavister.ipproto", "Ip4"),
            ("clavister.version", "1"),
            ("clavister.iphdrlen", "20"),
            ("clavister.ipproto", "TCP"),
            ("clavister.ttl", "64"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("source.port", "40001"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "id=3700107 event=bad_user_credentials [message=Authentication failed for user. username=b.jones srcip=203.0.113.66 ]",
        expect: &[
            ("observer.vendor", "Clavister"),
            ("observer.product", "NGFW"),
            ("observer.type", "firewall"),
            ("event.code", "3700107"),
            ("event.action", "bad_user_credentials"),
            ("event.reason", "Authentication failed for user."),
            ("user.name", "b.jones"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: "id=1800905 event=ike_sa_rekeyed [message=IKE SA rekeyed. local_port=500 local_ip=192.0.2.1 remote_ip=198.51.100.1 remote_port=500 initiator=FALSE ]",
        expect: &[
            ("observer.vendor", "Clavister"),
            ("observer.product", "NGFW"),
            ("observer.type", "firewall"),
            ("event.code", "1800905"),
            ("event.action", "ike_sa_rekeyed"),
            ("event.reason", "IKE SA rekeyed."),
            ("source.port", "500"),
            ("source.address", "192.0.2.1"),
            ("source.ip", "192.0.2.1"),
            ("destination.address", "198.51.100.1"),
            ("destination.ip", "198.51.100.1"),
            ("destination.port", "500"),
            ("clavister.initiator", "FALSE"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example { raw: "id=600001 event= [message=nothing ]", expect: &[] },
];
