//! SonicWall's key=value syslog: SonicOS firewalls and the SMA gateways.

use std::sync::LazyLock;

use crate::{
    Event, Field,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{integer, ip, reject, set_destination, set_number, set_some, set_source, split},
    table::{MILLISECOND, SECOND, Table, To, USER, set_lower, set_totals, verdict},
};

mod examples;

/// SonicWall SonicOS and SMA.
pub struct SonicWall;

/// How far into a message its first keys are looked for.
const HEAD: usize = 160;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new("sonicwall.firewall.", KEYS).without(&["NA", "N/A", "-", "0.0.0.0", "00:00:00:00:00:00"])
});

const KEYS: &[(&str, To)] = &[
    ("id", To::Else(field::OBSERVER_NAME)),
    ("sn", To::Text(field::OBSERVER_SERIAL_NUMBER)),
    ("time", To::Nothing),
    ("vp_time", To::Nothing),
    ("fw", To::Ip(field::OBSERVER_IP)),
    ("pri", To::Number(field::EVENT_SEVERITY)),
    ("m", To::Text(field::EVENT_CODE)),
    ("msg", To::Text(field::MESSAGE)),
    ("n", To::Own),
    ("src", To::With(set_from)),
    ("dst", To::With(set_to)),
    ("srcV6", To::Source),
    ("dstV6", To::Destination),
    ("srcMac", To::Text(field::SOURCE_MAC)),
    ("dstMac", To::Text(field::DESTINATION_MAC)),
    ("smac", To::Text(field::SOURCE_MAC)),
    ("dmac", To::Text(field::DESTINATION_MAC)),
    ("srcZone", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("dstZone", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("natSrc", To::With(|event, value| set_nat(event, [field::SOURCE_NAT_IP, field::SOURCE_NAT_PORT], value))),
    (
        "natDst",
        To::With(|event, value| set_nat(event, [field::DESTINATION_NAT_IP, field::DESTINATION_NAT_PORT], value)),
    ),
    ("natSrcV6", To::Ip(field::SOURCE_NAT_IP)),
    ("natDstV6", To::Ip(field::DESTINATION_NAT_IP)),
    ("proto", To::With(set_protocol)),
    ("sent", To::Number(field::SOURCE_BYTES)),
    ("rcvd", To::Number(field::DESTINATION_BYTES)),
    ("out", To::Number(field::SOURCE_BYTES)),
    ("in", To::Number(field::DESTINATION_BYTES)),
    ("spkt", To::Number(field::SOURCE_PACKETS)),
    ("rpkt", To::Number(field::DESTINATION_PACKETS)),
    ("cdur", To::Duration(MILLISECOND)),
    ("dur", To::Duration(SECOND)),
    ("usr", USER),
    ("user", To::Nothing),
    ("susr", USER),
    ("rule", To::Text(field::RULE_ID)),
    ("appName", To::With(|event, value| event.set(field::NETWORK_APPLICATION, unquoted(value)))),
    ("dstname", To::Text(field::URL_DOMAIN)),
    ("arg", To::With(crate::web::set_path)),
    ("op", To::With(set_method)),
    ("result", To::Number(field::HTTP_STATUS)),
    ("referer", To::Text(field::HTTP_REFERRER)),
    ("agent", To::Text(field::USER_AGENT)),
    ("Category", To::Text(field::RULE_CATEGORY)),
    ("ipscat", To::Text(field::RULE_CATEGORY)),
    ("spycat", To::Text(field::RULE_CATEGORY)),
    ("sid", To::Own),
    ("filename", To::Text(field::FILE_NAME)),
    ("fileid", To::Own),
];

impl Format for SonicWall {
    fn name(&self) -> &'static str {
        "sonicwall"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "SonicWall"
    }
    fn about(&self) -> &'static str {
        "SonicOS and SMA events in the default key=value syslog (SonicOS Log Events Reference Guide)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "sonicwall", services: &["sonicwall"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" sn="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        begin(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = begin(line.message).ok_or(reject("sonicwall_no_id"))?;
        let is_sma = text.starts_with(b"id=sslvpn");
        event.set_static(field::OBSERVER_VENDOR, "SonicWall");
        event.set_static(field::OBSERVER_PRODUCT, if is_sma { "SMA" } else { "Firewalls" });
        event.set_static(field::OBSERVER_TYPE, "firewall");
        let wanted = ["time", "vp_time", "m", "msg", "fw_action", "gcat", "user", "usr"];
        let [time, utc, code, msg, action, group, user, usr] = TABLE.read_pairs(event, Pairs::loose(text), wanted);
        if code.is_empty() && msg.is_empty() {
            return Err(reject("sonicwall_no_event"));
        }
        if usr.is_empty() && !user.is_empty() {
            USER.put(event, user);
        }
        set_time(if utc.is_empty() { time } else { utc }, event);
        set_totals(event);
        event.keep_last(field::MESSAGE);
        classify(code, msg, action, group, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// The record from its `id=` on; some senders write their address before it.
fn begin(message: &[u8]) -> Option<&[u8]> {
    let head = &message[..message.len().min(HEAD)];
    let at = memchr::memmem::find(head, b"id=")?;
    let own = at == 0 || ip(message[..at].trim_ascii()).is_some();
    let has = |key: &[u8]| memchr::memmem::find(message, key).is_some();
    (own && has(b" sn=") && has(b" fw=")).then(|| &message[at..])
}

/// `2026-11-22 09:14:07`, with ` UTC` behind it or in the device's own zone.
fn set_time(text: &[u8], event: &mut Event<'_>) {
    let Some((rest, mut stamp, _)) = crate::envelope::iso_stamp(text) else { return };
    if rest.trim_ascii() == b"UTC" {
        stamp.offset = Some(0);
    }
    event.set_stamp(field::TIMESTAMP, stamp);
}

fn set_from(event: &mut Event<'_>, value: &[u8]) {
    let [address, port, interface, name] = parts(value);
    set_some_address(event, address, set_source);
    set_number(event, field::SOURCE_PORT, port);
    set_some(event, field::OBSERVER_INGRESS_INTERFACE_NAME, interface);
    set_some(event, field::SOURCE_DOMAIN, name);
}

fn set_to(event: &mut Event<'_>, value: &[u8]) {
    let [address, port, interface, name] = parts(value);
    set_some_address(event, address, set_destination);
    set_number(event, field::DESTINATION_PORT, port);
    set_some(event, field::OBSERVER_EGRESS_INTERFACE_NAME, interface);
    set_some(event, field::DESTINATION_DOMAIN, name);
}

fn set_some_address(event: &mut Event<'_>, address: &[u8], set: fn(&mut Event<'_>, &[u8])) {
    if !address.is_empty() {
        set(event, address);
    }
}

/// `address:port:interface:name`, each but the first possibly missing.
fn parts(value: &[u8]) -> [&[u8]; 4] {
    if ip(value).is_some() {
        return [value, b"", b"", b""];
    }
    let mut parts = value.splitn(4, |b| *b == b':');
    [(); 4].map(|()| parts.next().unwrap_or_default())
}

fn set_nat(event: &mut Event<'_>, [address, port]: [Field; 2], value: &[u8]) {
    let [text, number, ..] = parts(value);
    if let Some((bare, _)) = ip(text) {
        event.set(address, bare);
        set_number(event, port, number);
    }
}

/// `tcp/https`, `udp/8800`, `icmp`.
fn set_protocol(event: &mut Event<'_>, value: &[u8]) {
    let (transport, service) = split(value, b"/").unwrap_or((value, b""));
    set_lower(event, field::NETWORK_TRANSPORT, transport);
    if !service.is_empty() && integer(service).is_none() {
        set_lower(event, field::NETWORK_PROTOCOL, service);
    }
}

/// The number of an HTTP method (Log Events Reference Guide, `op`).
fn set_method(event: &mut Event<'_>, value: &[u8]) {
    let method = match value {
        b"1" => "GET",
        b"2" => "POST",
        b"3" => "HEAD",
        _ => return,
    };
    event.set_static(field::HTTP_METHOD, method);
}

fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"'").and_then(|value| value.strip_suffix(b"'")).unwrap_or(value)
}

/// Message numbers of sign-ins: they are stable over the versions.
const SIGNED_IN: [&[u8]; 7] = [b"29", b"31", b"199", b"235", b"237", b"1080", b"1195"];
const REFUSED: [&[u8]; 12] =
    [b"30", b"32", b"33", b"35", b"200", b"236", b"238", b"329", b"486", b"557", b"745", b"1153"];
const SIGNED_OUT: [&[u8]; 6] = [b"24", b"34", b"263", b"264", b"265", b"1081"];

fn classify(code: &[u8], msg: &[u8], action: &[u8], group: &[u8], event: &mut Event<'_>) {
    let says = |phrases: &[&[u8]]| phrases.iter().any(|phrase| memchr::memmem::find(msg, phrase).is_some());
    if !matches!(action, b"" | b"NA") {
        event.set(field::EVENT_ACTION, action);
    }
    let refused = says(&[b"login denied", b"login failed", b"Login failed", b"bad credentials", b"Login denied"]);
    if refused || REFUSED.contains(&code) && says(&[b"ogin", b"uthentication", b"password"]) {
        return event.classify("authentication", "start", "", "failure");
    }
    if says(&[b"login allowed", b"login successful", b"logged in"]) || SIGNED_IN.contains(&code) && says(&[b"ogin"]) {
        return event.classify("authentication", "start", "", "success");
    }
    if says(&[b"logged out", b"logout"]) || SIGNED_OUT.contains(&code) && says(&[b"log"]) {
        return event.classify("session", "end", "", "");
    }
    // group 3 is security services
    let alert =
        group == b"3" && says(&[b"Alert", b"Attack", b"attack"]) || says(&[b"Prevention Alert", b"Detection Alert"]);
    let said = match verdict(action) {
        "" if says(&[b"dropped", b"denied", b"blocked", b"rejected"]) => "denied",
        "" if says(&[b"Connection Opened", b"allowed"]) => "allowed",
        known => known,
    };
    if alert {
        event.set_static(field::EVENT_KIND, "alert");
        event.classify("intrusion_detection", said, "", "");
        return event.set_static(field::EVENT_CATEGORY, "network");
    }
    if event.get(field::SOURCE_IP).is_none() && event.get(field::DESTINATION_IP).is_none() {
        return event.classify("host", "info", "", "");
    }
    event.classify("network", "connection", "", if said == "denied" { "failure" } else { "" });
    let kind = match msg {
        b"Connection Opened" => "start",
        b"Connection Closed" => "end",
        _ => said,
    };
    if !kind.is_empty() {
        event.set_static(field::EVENT_TYPE, kind);
    }
}
