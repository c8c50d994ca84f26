//! Log Event Extended Format, 1.0 and 2.0.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::{Line, bsd_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, ip, reject, set_source, split},
    table::{SECOND, Table, To, USER, set_totals, verdict},
    time,
};

/// LEEF: what QRadar's partners write.
pub struct Leef;

const OWN: &str = "leef.";
/// Most attributes read of a record; the rest stays in the raw record.
const MAX_ATTRIBUTES: usize = 512;

/// The predefined attributes (LEEF guide), and the keys of vendors that write under them.
const KEYS: &[(&str, To)] = &[
    ("devTime", To::With(set_time)),
    ("devTimeFormat", To::Nothing),
    ("cat", To::Own),
    ("sev", To::Number(field::EVENT_SEVERITY)),
    ("proto", To::Transport),
    ("src", To::Source),
    ("dst", To::Destination),
    ("srcPort", To::Number(field::SOURCE_PORT)),
    ("dstPort", To::Number(field::DESTINATION_PORT)),
    ("srcPostNAT", To::Ip(field::SOURCE_NAT_IP)),
    ("dstPostNAT", To::Ip(field::DESTINATION_NAT_IP)),
    ("srcPostNATPort", To::Number(field::SOURCE_NAT_PORT)),
    ("srcPostNATPORT", To::Number(field::SOURCE_NAT_PORT)),
    ("dstPostNATPort", To::Number(field::DESTINATION_NAT_PORT)),
    ("dstPostNATPORT", To::Number(field::DESTINATION_NAT_PORT)),
    ("srcMAC", To::Text(field::SOURCE_MAC)),
    ("dstMAC", To::Text(field::DESTINATION_MAC)),
    ("srcBytes", To::Number(field::SOURCE_BYTES)),
    ("dstBytes", To::Number(field::DESTINATION_BYTES)),
    ("totalBytes", To::Number(field::NETWORK_BYTES)),
    ("srcPackets", To::Number(field::SOURCE_PACKETS)),
    ("dstPackets", To::Number(field::DESTINATION_PACKETS)),
    ("totalPackets", To::Number(field::NETWORK_PACKETS)),
    ("usrName", USER),
    ("accountName", To::Else(field::USER_NAME)),
    ("domain", To::Else(field::USER_DOMAIN)),
    ("identHostName", To::Text(field::SOURCE_DOMAIN)),
    ("policy", To::Text(field::RULE_RULESET)),
    ("url", To::Url),
    ("action", To::Text(field::EVENT_ACTION)),
    ("reason", To::Text(field::EVENT_REASON)),
    ("msg", To::Text(field::MESSAGE)),
    ("userAgent", To::Text(field::USER_AGENT)),
];

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS));

/// WatchGuard Firebox.
static WATCHGUARD: LazyLock<Table> = LazyLock::new(|| {
    let own: &[(&str, To)] = &[
        ("serial", To::Text(field::OBSERVER_SERIAL_NUMBER)),
        ("host_name", To::Text(field::OBSERVER_NAME)),
        ("sys_name", To::Text(field::OBSERVER_NAME)),
        ("disp", To::Text(field::EVENT_ACTION)),
        ("action", To::Own),
        ("in_if", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
        ("out_if", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
        ("src_user", USER),
        ("sent_bytes", To::Number(field::SOURCE_BYTES)),
        ("rcvd_bytes", To::Number(field::DESTINATION_BYTES)),
        ("duration", To::Duration(SECOND)),
        ("proxy_act", To::Text(field::RULE_CATEGORY)),
        ("rule_name", To::Text(field::RULE_NAME)),
        ("op", To::Text(field::HTTP_METHOD)),
        ("dstname", To::All(&[To::Text(field::DESTINATION_DOMAIN), To::Text(field::URL_DOMAIN)])),
        ("arg", To::With(crate::web::set_path)),
        ("app_name", To::Text(field::NETWORK_APPLICATION)),
        ("msg", To::All(&[To::Text(field::MESSAGE), To::Text(field::EVENT_REASON)])),
    ];
    Table::new("watchguard.", &[own, KEYS].concat())
});

impl Format for Leef {
    fn name(&self) -> &'static str {
        "leef"
    }
    fn category(&self) -> &'static str {
        "security"
    }
    fn product(&self) -> &'static str {
        "Log Event Extended Format (many vendors)"
    }
    fn about(&self) -> &'static str {
        "LEEF:1.0 and LEEF:2.0 records (IBM QRadar Log Event Extended Format)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "leef", services: &["leef"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["LEEF:", "1.0|", "2.0|"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"LEEF:") || message.iter().take(256).filter(|b| **b == b'|').count() >= 5
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message.strip_prefix(b"LEEF:").unwrap_or(line.message);
        let mut parts = text.splitn(6, |b| *b == b'|');
        let [version, vendor, product, device_version, id] = [(); 5].map(|()| parts.next().unwrap_or_default());
        let mut rest = parts.next().ok_or(reject("leef_short_header"))?;
        if !matches!(version.trim_ascii(), b"1.0" | b"2.0") {
            return Err(reject("leef_no_version"));
        }
        let mut mark: &[u8] = b"\t";
        if version.trim_ascii() == b"2.0"
            && let Some((written, attributes)) = split(rest, b"|").filter(|(written, _)| written.len() <= 4)
        {
            mark = delimiter(written);
            rest = attributes;
        }
        for (field, part) in [
            (field::OBSERVER_VENDOR, vendor),
            (field::OBSERVER_PRODUCT, product),
            (field::OBSERVER_VERSION, device_version),
            (field::EVENT_CODE, id),
        ] {
            crate::scan::set_some(event, field, part);
        }
        let is_watchguard = vendor == b"WatchGuard";
        let table = if is_watchguard { &*WATCHGUARD } else { &*TABLE };
        read(rest, mark, table, event);
        set_totals(event);
        event.keep_last(field::MESSAGE);
        if is_watchguard {
            event.set_static(field::OBSERVER_TYPE, "firewall");
            set_tunnel_user(event);
        }
        if event.get(field::EVENT_CATEGORY).is_none() {
            classify(event);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The delimiter of a 2.0 record: a character, or its code in hexadecimal (`x09`, `0x5E`).
fn delimiter(written: &[u8]) -> &[u8] {
    const BYTES: [u8; 256] = {
        let mut bytes = [0; 256];
        let mut at = 0;
        while at < 256 {
            bytes[at] = at as u8;
            at += 1;
        }
        bytes
    };
    let code = written.strip_prefix(b"0").unwrap_or(written);
    let code = code.strip_prefix(b"x").and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
    match code {
        Some(code) => std::slice::from_ref(&BYTES[usize::from(code)]),
        None if written.len() == 1 => written,
        None => b"\t",
    }
}

/// `key=value` between delimiters; rsyslog may have written a tab as `#011`.
fn read(text: &[u8], mark: &[u8], table: &Table, event: &mut Event<'_>) {
    let mark = if memmem::find(text, mark).is_none() { b"#011" } else { mark };
    let mut rest = Some(text);
    for _ in 0..MAX_ATTRIBUTES {
        let Some(text) = rest else { return };
        let (attribute, after) = split(text, mark).map_or((text, None), |(attribute, after)| (attribute, Some(after)));
        if let Some((key, value)) = split(attribute, b"=") {
            table.set(event, key.trim_ascii(), value.trim_ascii());
        }
        rest = after;
    }
}

/// `Nov 22 2026 09:14:07 +0100`, or any other time.
fn set_time(event: &mut Event<'_>, value: &[u8]) {
    let zoned = bsd_stamp(value).map(|(rest, mut stamp)| {
        if let [sign @ (b'+' | b'-'), digits @ ..] = rest.trim_ascii()
            && let (4, Some(number)) = (digits.len(), integer(digits))
        {
            let seconds = (number / 100 * 3_600 + number % 100 * 60) as i32;
            stamp.offset = Some(if *sign == b'-' { -seconds } else { seconds });
        }
        stamp
    });
    if let Some(stamp) = zoned.or_else(|| time::read(value)) {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
}

/// `Authentication of SSLVPN user [ann@example.com@radius] from 203.0.113.5 was accepted`, `SSL VPN user … logged in`.
fn set_tunnel_user(event: &mut Event<'_>) {
    let Some(text) = event.bytes(field::MESSAGE).map(|text| text.into_owned()) else { return };
    let Some((_, rest)) = split(&text, b"user [").or_else(|| split(&text, b"SSL VPN user ")) else { return };
    let Some((account, rest)) = split(rest, b" from ") else { return };
    let account = account.strip_suffix(b"]").unwrap_or(account);
    // the last part is the server that was asked
    let account = crate::scan::rsplit(account, b"@").map_or(account, |(account, _)| account);
    let (name, domain) = crate::table::split_account(account);
    event.set(field::USER_NAME, name);
    crate::scan::set_some(event, field::USER_DOMAIN, domain.unwrap_or_default());
    let address = crate::scan::first_word(rest).0;
    if ip(address).is_some() {
        set_source(event, address);
    }
    let says = |word: &[u8]| memmem::find(rest, word).is_some();
    let kind = if says(b"logged out") { "end" } else { "start" };
    event.classify("authentication", kind, "", if says(b"rejected") { "failure" } else { "success" });
}

fn classify(event: &mut Event<'_>) {
    let said = |name: &[u8]| {
        crate::pairs::own_field(OWN, name).and_then(|field| event.bytes(field)).is_some_and(|text| &*text == b"true")
    };
    if said(b"isLoginEvent") {
        return event.classify("authentication", "start", "", "");
    }
    if said(b"isLogoutEvent") {
        return event.classify("authentication", "end", "", "");
    }
    if event.get(field::SOURCE_IP).is_some() && event.get(field::DESTINATION_IP).is_some() {
        event.logsource.category = "firewall";
        event.classify("network", "connection", "", "");
        let verdict = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
        if !verdict.is_empty() {
            event.set_static(field::EVENT_TYPE, verdict);
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "LEEF:1.0|WatchGuard|XTM|12.10|30000151|serial=80DA00000001\tpolicy=web out-00\tdisp=Allow\tin_if=LAN\tout_if=WAN\tsrc=192.0.2.17\tsrcPort=51515\tsrcPostNAT=203.0.113.9\tsrcPostNATPORT=40001\tdst=198.51.100.80\tdstPort=443\tproto=tcp\tduration=38\tsent_bytes=69\trcvd_bytes=185",
        expect: &[
            ("observer.vendor", "WatchGuard"),
            ("observer.product", "XTM"),
            ("observer.version", "12.10"),
            ("event.code", "30000151"),
            ("observer.serial_number", "80DA00000001"),
            ("rule.ruleset", "web out-00"),
            ("event.action", "Allow"),
            ("observer.ingress.interface.name", "LAN"),
            ("observer.egress.interface.name", "WAN"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.nat.ip", "203.0.113.9"),
            ("source.nat.port", "40001"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("network.transport", "tcp"),
            ("event.duration", "38000000000"),
            ("source.bytes", "69"),
            ("destination.bytes", "185"),
            ("network.bytes", "254"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: "LEEF:1.0|WatchGuard|XTM|12.10|30000148|sys_name=fw1\tdevTimeFormat=MMM dd yyyy HH:mm:ss Z\tdevTime=Nov 22 2026 09:14:09 +0100\tpolicy=Unhandled\tdisp=Deny\tin_if=WAN\tout_if=Firebox\tsrc=203.0.113.66\tsrcPort=40001\tdst=192.0.2.20\tdstPort=22\tproto=tcp\tmsg=tcp syn checking failed",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:09Z"),
            ("observer.vendor", "WatchGuard"),
            ("observer.product", "XTM"),
            ("observer.version", "12.10"),
            ("event.code", "30000148"),
            ("observer.name", "fw1"),
            ("rule.ruleset", "Unhandled"),
            ("event.action", "Deny"),
            ("observer.ingress.interface.name", "WAN"),
            ("observer.egress.interface.name", "Firebox"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "40001"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("event.reason", "tcp syn checking failed"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "1.0|WatchGuard|XTM|12.10|11000005|host_name=fw1#011serial=80DA00000001#011msg=Authentication of SSLVPN user [ann@example.com@radius] from 203.0.113.66 was rejected, Recv timeout",
        expect: &[
            ("observer.vendor", "WatchGuard"),
            ("observer.product", "XTM"),
            ("observer.version", "12.10"),
            ("event.code", "11000005"),
            ("observer.name", "fw1"),
            ("observer.serial_number", "80DA00000001"),
            (
                "event.reason",
                "Authentication of SSLVPN user [ann@example.com@radius] from 203.0.113.66 was rejected, Recv timeout",
            ),
            ("observer.type", "firewall"),
            ("user.name", "ann"),
            ("user.domain", "example.com"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "LEEF:2.0|Example Corp|Gate|7.2|login-failed|^|devTime=1795338847000^src=203.0.113.66^usrName=b.jones^isLoginEvent=true^sev=5",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("observer.vendor", "Example Corp"),
            ("observer.product", "Gate"),
            ("observer.version", "7.2"),
            ("event.code", "login-failed"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
            ("leef.isLoginEvent", "true"),
            ("event.severity", "5"),
            ("event.category", "authentication"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: "LEEF:2.0|Example Corp|Gate|7.2|block|x7C|src=203.0.113.66|dst=192.0.2.20|action=blocked|url=http://www.example/a?b=c",
        expect: &[
            ("observer.vendor", "Example Corp"),
            ("observer.product", "Gate"),
            ("observer.version", "7.2"),
            ("event.code", "block"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("event.action", "blocked"),
            ("url.original", "http://www.example/a?b=c"),
            ("url.scheme", "http"),
            ("url.domain", "www.example"),
            ("url.path", "/a"),
            ("url.query", "b=c"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example { raw: "LEEF:1.0|Example Corp|Gate", expect: &[] },
];
