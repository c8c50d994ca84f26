//! Juniper NetScreen (ScreenOS): traffic and system messages.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{first_word, ip, reject, set_source, split},
    table::{SECOND, Table, To, USER, set_totals, verdict},
};

/// ScreenOS.
pub struct NetScreen;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new("netscreen.", KEYS));

const KEYS: &[(&str, To)] = &[
    ("start_time", To::Time(field::EVENT_START)),
    ("duration", To::Duration(SECOND)),
    ("policy_id", To::Text(field::RULE_ID)),
    ("proto", To::Transport),
    ("action", To::Text(field::EVENT_ACTION)),
    ("sent", To::Number(field::SOURCE_BYTES)),
    ("rcvd", To::Number(field::DESTINATION_BYTES)),
    ("src", To::Source),
    ("dst", To::Destination),
    ("src_port", To::Number(field::SOURCE_PORT)),
    ("dst_port", To::Number(field::DESTINATION_PORT)),
    ("session_id", To::Own),
    ("reason", To::Text(field::EVENT_REASON)),
    // two words each, read on their own
    ("zone", To::Nothing),
    ("ip", To::Nothing),
    ("port", To::Nothing),
    ("service", To::Nothing),
];

impl Format for NetScreen {
    fn name(&self) -> &'static str {
        "netscreen"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Juniper NetScreen (ScreenOS)"
    }
    fn about(&self) -> &'static str {
        "Traffic and system messages (ScreenOS Message Log Reference Guide)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "juniper", services: &["netscreen"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["NetScreen device_id="])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (_, rest) = split(line.message, b"NetScreen device_id=").ok_or(reject("netscreen_no_device"))?;
        for (field, word) in [
            (field::OBSERVER_VENDOR, "Juniper"),
            (field::OBSERVER_PRODUCT, "NetScreen"),
            (field::OBSERVER_TYPE, "firewall"),
        ] {
            event.set_static(field, word);
        }
        let (device, rest) = first_word(rest);
        event.set(field::OBSERVER_SERIAL_NUMBER, device);
        let (tag, text) = split(rest, b": ").ok_or(reject("netscreen_no_text"))?;
        let tag = split(tag, b"]").map_or(tag, |(_, tag)| tag);
        // `system-notification-00257(traffic)`
        let name = split(tag, b"(").map_or(tag, |(name, _)| name);
        let (level, number) = crate::scan::rsplit(name, b"-").ok_or(reject("netscreen_no_number"))?;
        event.set(field::EVENT_CODE, number);
        event.set(field::LOG_LEVEL, level.strip_prefix(b"system-").unwrap_or(level));
        if memmem::find(tag, b"(traffic)").is_some() {
            read_traffic(text, event);
        } else {
            read_text(text, event);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn read_traffic<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let [action] = TABLE.read_pairs(event, Pairs::new(text), ["action"]);
    let until = |mark: &[u8], end: &[u8]| split(split(text, mark)?.1, end).map(|(found, _)| found);
    let word = |mark: &[u8]| split(text, mark).map(|(_, rest)| first_word(rest).0);
    for (to, value) in [
        (To::Text(field::OBSERVER_INGRESS_ZONE), word(b"src zone=")),
        (To::Text(field::OBSERVER_EGRESS_ZONE), word(b"dst zone=")),
        (To::Text(field::NETWORK_PROTOCOL), until(b"service=", b" proto=")),
        (To::Ip(field::SOURCE_NAT_IP), word(b"src-xlated ip=")),
        (To::Ip(field::DESTINATION_NAT_IP), word(b"dst-xlated ip=")),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            to.put(event, value);
        }
    }
    set_totals(event);
    event.classify("network", "connection", "", "");
    let verdict = verdict(action);
    if !verdict.is_empty() {
        event.set_static(field::EVENT_TYPE, verdict);
    }
}

/// `… by ann via web from host 192.0.2.5 to …`, `Login attempt … by admin ann from 203.0.113.66 has failed`
fn read_text<'r>(text: &'r [u8], event: &mut Event<'r>) {
    event.replace(field::MESSAGE, text);
    let word = |mark: &[u8]| split(text, mark).map(|(_, rest)| first_word(rest).0);
    let user = [&b"by admin "[..], b"for admin ", b"by "].iter().find_map(|mark| word(mark));
    if let Some(user) = user {
        USER.put(event, user.strip_suffix(b".").unwrap_or(user));
    }
    let address = word(b"from host ").or_else(|| word(b"from "));
    let address = address.map(|address| crate::web::split_port(address).0);
    if let Some((address, _)) = address.and_then(ip) {
        set_source(event, address);
    }
    let says = |phrase: &[u8]| memmem::find(text, phrase).is_some();
    match () {
        () if says(b"ogin attempt") || says(b"has failed") => event.classify("authentication", "start", "", "failure"),
        () if says(b"logged in") || says(b"logged on") => event.classify("authentication", "start", "", "success"),
        () if says(b"logged out") || says(b"timed out") => event.classify("session", "end", "", ""),
        () if says(b"modified") || says(b"added") || says(b"deleted") || says(b"configuration") => {
            event.classify("configuration", "change", "", "");
        }
        () => event.classify("host", "info", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 09:14:07 gw1 ssg5: NetScreen device_id=0275112227993284  [Root]system-notification-00257(traffic): start_time="2026-11-22 09:13:07" duration=60 policy_id=244 service=https proto=6 src zone=Trust dst zone=Untrust action=Permit sent=4711 rcvd=81230 src=192.0.2.17 dst=198.51.100.80 src_port=51515 dst_port=443 src-xlated ip=203.0.113.9 port=40001 dst-xlated ip=198.51.100.80 port=443 session_id=5447 reason=Close - TCP FIN"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("observer.vendor", "Juniper"),
            ("observer.product", "NetScreen"),
            ("observer.type", "firewall"),
            ("observer.serial_number", "0275112227993284"),
            ("event.code", "00257"),
            ("log.level", "notification"),
            ("event.duration", "60000000000"),
            ("rule.id", "244"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("event.action", "Permit"),
            ("source.bytes", "4711"),
            ("destination.bytes", "81230"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("source.port", "51515"),
            ("destination.port", "443"),
            ("netscreen.session_id", "5447"),
            ("event.reason", "Close"),
            ("observer.ingress.zone", "Trust"),
            ("observer.egress.zone", "Untrust"),
            ("network.protocol", "https"),
            ("source.nat.ip", "203.0.113.9"),
            ("destination.nat.ip", "198.51.100.80"),
            ("network.bytes", "85941"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("event.start", "2026-11-22T09:13:07Z"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:09 gw1 ssg5: NetScreen device_id=0275112227993284  [Root]system-notification-00257(traffic): start_time="2026-11-22 09:14:09" duration=0 policy_id=320001 service=tcp/port:22 proto=6 src zone=Untrust dst zone=self action=Deny sent=0 rcvd=60 src=203.0.113.66 dst=192.0.2.1 src_port=40001 dst_port=22"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("observer.vendor", "Juniper"),
            ("observer.product", "NetScreen"),
            ("observer.type", "firewall"),
            ("observer.serial_number", "0275112227993284"),
            ("event.code", "00257"),
            ("log.level", "notification"),
            ("event.duration", "0"),
            ("rule.id", "320001"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("event.action", "Deny"),
            ("source.bytes", "0"),
            ("destination.bytes", "60"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("source.port", "40001"),
            ("destination.port", "22"),
            ("observer.ingress.zone", "Untrust"),
            ("observer.egress.zone", "self"),
            ("network.protocol", "tcp/port:22"),
            ("network.bytes", "60"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.start", "2026-11-22T09:14:09Z"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:15:00 gw1 ssg5: NetScreen device_id=0275112227993284  [Root]system-warning-00518: Admin user "root" login attempt for SSH management (port 22) from 203.0.113.66:40001 has failed. (2026-11-22 09:15:00)"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("observer.vendor", "Juniper"),
            ("observer.product", "NetScreen"),
            ("observer.type", "firewall"),
            ("observer.serial_number", "0275112227993284"),
            ("event.code", "00518"),
            ("log.level", "warning"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 09:16:00 gw1 ssg5: NetScreen device_id=0275112227993284  [Root]system-notification-00018: Policy (5, Trust->Untrust) was modified by ann via web from host 192.0.2.5 to 192.0.2.1:443. (2026-11-22 09:16:00)",
        expect: &[
            ("@timestamp", "2026-11-22T09:16:00Z"),
            ("observer.vendor", "Juniper"),
            ("observer.product", "NetScreen"),
            ("observer.type", "firewall"),
            ("observer.serial_number", "0275112227993284"),
            ("event.code", "00018"),
            ("log.level", "notification"),
            ("user.name", "ann"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("event.category", "configuration"),
            ("event.type", "change"),
        ],
    },
    Example { raw: "Nov 22 09:16:00 gw1 ssg5: NetScreen device_id=0275112227993284", expect: &[] },
];
