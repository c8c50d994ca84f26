//! Ivanti (Pulse) Connect Secure: its standard syslog format and WELF.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{first_word, ip, reject, set_some, set_source, split},
    table::{Table, To, USER},
};

/// Ivanti Connect Secure, formerly Pulse Connect Secure.
pub struct PulseSecure;

const OWN: &str = "pulse_secure.";

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS));

const KEYS: &[(&str, To)] = &[
    ("id", To::Nothing),
    ("time", To::Nothing),
    ("pri", To::Number(field::EVENT_SEVERITY)),
    ("fw", To::Ip(field::OBSERVER_IP)),
    ("vpn", To::Text(field::OBSERVER_NAME)),
    ("user", USER),
    ("src", To::Source),
    ("dst", To::Destination),
    ("dstname", To::Text(field::DESTINATION_DOMAIN)),
    ("sent", To::Number(field::SOURCE_BYTES)),
    ("rcvd", To::Number(field::DESTINATION_BYTES)),
    ("agent", To::Text(field::USER_AGENT)),
    ("result", To::Number(field::HTTP_STATUS)),
    ("op", To::Text(field::HTTP_METHOD)),
    ("arg", To::Url),
    ("msg", To::Nothing),
];

impl Format for PulseSecure {
    fn name(&self) -> &'static str {
        "pulse_secure"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Ivanti Connect Secure"
    }
    fn about(&self) -> &'static str {
        "User, administrator and event logs of Ivanti (Pulse) Connect Secure, standard and WELF (Administration Guide, Logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "pulse", services: &["pulsesecure"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        // one version writes the colon into RFC 5424's APP-NAME
        &["PulseSecure", "PulseSecure:"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["PulseSecure: - - - ", " realm=\"", "roles=\""])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        standard(message).is_some() || is_welf(message)
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_VENDOR, "Pulse Secure");
        event.set_static(field::OBSERVER_PRODUCT, "Pulse Secure Connect");
        event.set_static(field::OBSERVER_TYPE, "vpn");
        let text = if let Some(record) = standard(line.message) {
            read_standard(record, line, event).ok_or(reject("pulse_no_user"))?
        } else if is_welf(line.message) {
            let [time, text] = TABLE.read_pairs(event, Pairs::loose(line.message), ["time", "msg"]);
            To::Time(field::TIMESTAMP).put(event, time);
            match split(text, b": ").filter(|(code, _)| is_code(code)) {
                Some((code, text)) => {
                    event.set(field::EVENT_CODE, code);
                    text
                }
                None => text,
            }
        } else {
            return Err(reject("pulse_no_record"));
        };
        event.replace(field::MESSAGE, text);
        if let Some(reason) = split(text, b"Reason: ") {
            event.set(field::EVENT_REASON, reason.1);
        }
        classify(text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `AUT24804`
fn is_code(text: &[u8]) -> bool {
    text.len() == 8 && text[..3].iter().all(u8::is_ascii_uppercase) && text[3..].iter().all(u8::is_ascii_digit)
}

fn is_welf(message: &[u8]) -> bool {
    let has = |key: &[u8]| memmem::find(message, key).is_some();
    message.starts_with(b"id=") && has(b" vpn=") && has(b" roles=") && has(b" msg=\"")
}

/// `2026-11-22 09:14:07 - node - [address] …`, perhaps behind a header that a relay left in the message.
fn standard(message: &[u8]) -> Option<&[u8]> {
    let text = split(message, b"PulseSecure: - - - ").map_or(message, |(_, text)| text);
    let text = text.strip_prefix(b"- - - ").unwrap_or(text);
    let (rest, ..) = iso_stamp(text)?;
    rest.starts_with(b" - ").then_some(text)
}

/// Node, address, `user(realm)[roles]`, text.
fn read_standard<'r>(record: &'r [u8], line: &Line<'r>, event: &mut Event<'r>) -> Option<&'r [u8]> {
    let (rest, mut stamp, _) = iso_stamp(record)?;
    let before = &line.message[..line.message.len() - record.len()];
    let header = first_word(before.strip_prefix(b"1 ").unwrap_or(before));
    let relayed = iso_stamp(header.0).map(|(_, stamp, _)| stamp);
    // the header's zone is this clock's as well
    stamp.offset = relayed.or(line.stamp).and_then(|stamp| stamp.offset);
    event.set_stamp(field::TIMESTAMP, stamp);
    let observer = first_word(header.1).0;
    let observer = if ip(observer).is_some() { Some(observer) } else { line.host.filter(|host| ip(host).is_some()) };
    set_some(event, field::OBSERVER_IP, observer.unwrap_or_default());
    let (node, rest) = split(rest.strip_prefix(b" - ")?, b" - [")?;
    event.set(field::OBSERVER_NAME, node);
    let (address, rest) = split(rest, b"] ")?;
    set_source(event, address);
    let (who, text) = split(rest, b" - ")?;
    let (user, realm) = split(who, b"(")?;
    if !user.is_empty() {
        USER.put(event, user);
    }
    let (realm, roles) = split(realm, b")[")?;
    for (key, value) in [(&b"realm"[..], realm), (b"roles", roles.strip_suffix(b"]").unwrap_or(roles))] {
        if !value.is_empty() {
            crate::pairs::set_own(event, OWN, key, value);
        }
    }
    if let Some((url, _)) = split(text, b"(URL=").and_then(|(_, url)| split(url, b")")) {
        crate::web::set_url(event, url);
    }
    Some(text)
}

fn classify(text: &[u8], event: &mut Event<'_>) {
    let has = |words: &[&[u8]]| words.iter().any(|word| memmem::find(text, word).is_some());
    if has(&[b"Login failed", b"authentication failed", b"denied access", b"account is locked"]) {
        return event.classify("authentication", "start", "", "failure");
    }
    if has(&[b"Login succeeded", b"authentication successful", b"Login successful"]) {
        return event.classify("authentication", "start", "", "success");
    }
    if has(&[b"Logout", b"Session ended", b"session timed out"]) {
        return event.classify("session", "end", "", "");
    }
    if has(&[b"Session started", b"Session resumed"]) {
        return event.classify("session", "start", "", "");
    }
    if has(&[b"WebRequest"]) {
        return event.classify("web", "access", "", "");
    }
    event.classify("network", if has(&[b"Connection from"]) { "connection" } else { "info" }, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<134>1 2026-11-22T09:14:07+01:00 192.0.2.1 PulseSecure: - - - 2026-11-22 09:14:07 - vpn1 - [203.0.113.66] b.jones(Users)[] - Login failed. Reason: Wrong Password",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("observer.vendor", "Pulse Secure"),
            ("observer.product", "Pulse Secure Connect"),
            ("observer.type", "vpn"),
            ("observer.ip", "192.0.2.1"),
            ("observer.name", "vpn1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
            ("pulse_secure.realm", "Users"),
            ("event.reason", "Wrong Password"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:30 vpn1 1 2026-11-22T09:14:30+01:00 192.0.2.1 PulseSecure: - - - 2026-11-22 09:14:30 - vpn1 - [203.0.113.5] ann(Users)[Staff] - Primary authentication successful for ann/Users from 203.0.113.5",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:30Z"),
            ("observer.vendor", "Pulse Secure"),
            ("observer.product", "Pulse Secure Connect"),
            ("observer.type", "vpn"),
            ("observer.ip", "192.0.2.1"),
            ("observer.name", "vpn1"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("user.name", "ann"),
            ("pulse_secure.realm", "Users"),
            ("pulse_secure.roles", "Staff"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "<134>1 2026-11-22T09:15:00+01:00 192.0.2.1 PulseSecure: - - - 2026-11-22 09:15:00 - vpn1 - [203.0.113.5] ann(Users)[Staff] - VPN Tunneling: Session started for user with IPv4 address 192.0.2.131, hostname laptop7",
        expect: &[
            ("@timestamp", "2026-11-22T08:15:00Z"),
            ("observer.vendor", "Pulse Secure"),
            ("observer.product", "Pulse Secure Connect"),
            ("observer.type", "vpn"),
            ("observer.ip", "192.0.2.1"),
            ("observer.name", "vpn1"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("user.name", "ann"),
            ("pulse_secure.realm", "Users"),
            ("pulse_secure.roles", "Staff"),
            ("event.category", "session"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: "<134>1 2026-11-22T09:15:10+01:00 192.0.2.1 PulseSecure: - - - 2026-11-22 09:15:10 - vpn1 - [203.0.113.66] System()[] - Connection from IP 203.0.113.66 not authenticated yet (URL=/dana-na/auth/welcome.cgi?p=forced-off)",
        expect: &[
            ("@timestamp", "2026-11-22T08:15:10Z"),
            ("observer.vendor", "Pulse Secure"),
            ("observer.product", "Pulse Secure Connect"),
            ("observer.type", "vpn"),
            ("observer.ip", "192.0.2.1"),
            ("observer.name", "vpn1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "System"),
            ("url.original", "/dana-na/auth/welcome.cgi?p=forced-off"),
            ("url.path", "/dana-na/auth/welcome.cgi"),
            ("url.query", "p=forced-off"),
            ("url.extension", "cgi"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: "<134>1 2026-11-22T09:16:00+01:00 192.0.2.1 PulseSecure: - - - 2026-11-22 09:16:00 - vpn1 - [203.0.113.5] ann(Users)[Staff] - Logout from 203.0.113.5 (session:00000000)",
        expect: &[
            ("@timestamp", "2026-11-22T08:16:00Z"),
            ("observer.vendor", "Pulse Secure"),
            ("observer.product", "Pulse Secure Connect"),
            ("observer.type", "vpn"),
            ("observer.ip", "192.0.2.1"),
            ("observer.name", "vpn1"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("user.name", "ann"),
            ("pulse_secure.realm", "Users"),
            ("pulse_secure.roles", "Staff"),
            ("event.category", "session"),
            ("event.type", "end"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:17:00" pri=6 fw=192.0.2.1 vpn=vpn1 ivs=Default Network user=example\\ann realm="Users" roles="Staff" proto=auth src=203.0.113.5 dst= dstname= type=vpn op= arg="" result= sent= rcvd= agent="" duration= msg="AUT24326: Primary authentication successful for ann/Users from 203.0.113.5""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:17:00Z"),
            ("observer.vendor", "Pulse Secure"),
            ("observer.product", "Pulse Secure Connect"),
            ("observer.type", "vpn"),
            ("event.severity", "6"),
            ("observer.ip", "192.0.2.1"),
            ("observer.name", "vpn1"),
            ("pulse_secure.ivs", "Default Network"),
            ("user.name", "ann"),
            ("user.domain", "example"),
            ("pulse_secure.realm", "Users"),
            ("pulse_secure.roles", "Staff"),
            ("pulse_secure.proto", "auth"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("pulse_secure.type", "vpn"),
            ("event.code", "AUT24326"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "<134>1 2026-11-22T09:17:00+01:00 192.0.2.1 PulseSecure: - - - 2026-11-22 09:17:00 - vpn1 - nobody",
        expect: &[],
    },
];
