//! MikroTik RouterOS: firewall rules that log, and who signs in.

use memchr::memmem;

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, ip, reject, rsplit, set_destination, set_number, set_some, set_source, split},
    table::{USER, set_lower, verdict},
    web::split_port,
};

/// RouterOS.
pub struct Mikrotik;

impl Format for Mikrotik {
    fn name(&self) -> &'static str {
        "mikrotik"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "MikroTik RouterOS"
    }
    fn about(&self) -> &'static str {
        "Firewall and account records of RouterOS, with or without topics (help.mikrotik.com, Log)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "mikrotik", services: &["routeros"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" out:", "login failure for user ", " logged in from ", " logged out from "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let has = |text: &[u8]| memmem::find(message, text).is_some();
        let packet = has(b" in:") && has(b" out:") && has(b", proto ") || has(b"in:") && has(b"out:") && has(b", len ");
        let account = has(b" via ") && (has(b"login failure for user ") || has(b"user "));
        packet || account && (has(b"system,") || message.starts_with(b"login failure") || message.starts_with(b"user "))
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = without_header(line.message, event);
        for (field, word) in [
            (field::OBSERVER_VENDOR, "MikroTik"),
            (field::OBSERVER_PRODUCT, "RouterOS"),
            (field::OBSERVER_TYPE, "firewall"),
        ] {
            event.set_static(field, word);
        }
        let text = without_topics(text, event);
        if let Some(rest) = split(text, b"login failure for user ") {
            return account(rest.1, "failure", event).ok_or(reject("mikrotik_no_account"));
        }
        if let Some(rest) = text.strip_prefix(b"user ").filter(|rest| memmem::find(rest, b" logged ").is_some()) {
            return account(rest, "success", event).ok_or(reject("mikrotik_no_account"));
        }
        packet(text, event).ok_or(reject("mikrotik_no_packet"))
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Some relays write a time and an address that make no whole header.
fn without_header<'r>(message: &'r [u8], event: &mut Event<'r>) -> &'r [u8] {
    let Some((rest, stamp, _)) = iso_stamp(message) else { return message };
    event.set_stamp(field::TIMESTAMP, stamp);
    let (host, text) = first_word(rest.trim_ascii_start());
    if ip(host).is_some() {
        event.set(field::OBSERVER_IP, host);
        return text;
    }
    rest.trim_ascii_start()
}

/// `firewall,info ` or `system,error,critical `
fn without_topics<'r>(text: &'r [u8], event: &mut Event<'r>) -> &'r [u8] {
    let (topics, rest) = first_word(text);
    let listed =
        topics.contains(&b',') && topics.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b',' | b'!' | b'-'));
    if !listed {
        return text;
    }
    if let Some(level) = topics.split(|b| *b == b',').rev().find(|word| is_level(word)) {
        event.set(field::LOG_LEVEL, level);
    }
    rest
}

fn is_level(word: &[u8]) -> bool {
    matches!(word, b"info" | b"warning" | b"error" | b"critical" | b"debug")
}

/// `admin from 192.0.2.5 via winbox`, `admin logged in from 192.0.2.5 via ssh`
fn account<'r>(rest: &'r [u8], outcome: &'static str, event: &mut Event<'r>) -> Option<()> {
    let (who, via) = rsplit(rest, b" via ")?;
    let (user, address) = match rsplit(who, b" from ") {
        Some((user, address)) => (user, Some(address)),
        None => (who, None),
    };
    let (user, kind) = match (user.strip_suffix(b" logged in"), user.strip_suffix(b" logged out")) {
        (Some(user), _) => (user, "start"),
        (_, Some(user)) => (user, "end"),
        _ => (user, "start"),
    };
    USER.put(event, user);
    if let Some((address, _)) = address.and_then(ip) {
        set_source(event, address);
    }
    crate::pairs::set_own(event, "mikrotik.", b"via", via.trim_ascii_end());
    event.classify("authentication", kind, "", outcome);
    Some(())
}

/// `prefix input: in:ether1 out:(unknown 0), connection-state:new src-mac …, proto TCP (SYN), a:1->b:2, NAT …, len 40`
fn packet<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (before, rest) = split(text, b"in:")?;
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b":").unwrap_or(before);
    let (prefix, chain) = rsplit(before, b" ").unwrap_or((b"", before));
    set_some(event, field::RULE_NAME, prefix.trim_ascii());
    set_some(event, field::RULE_RULESET, chain);
    let (input, rest) = split(rest, b" out:")?;
    event.set(field::OBSERVER_INGRESS_INTERFACE_NAME, input);
    for (at, part) in rest.split(|b| *b == b',').enumerate() {
        read_part(at, part.trim_ascii(), event);
    }
    event.classify("network", "connection", "", "");
    let said = prefix.split(|b| !b.is_ascii_alphabetic()).map(verdict).find(|verdict| !verdict.is_empty());
    if let Some(verdict) = said {
        event.set_static(field::EVENT_TYPE, verdict);
    }
    event.get(field::SOURCE_IP).is_some().then_some(())
}

fn read_part<'r>(at: usize, part: &'r [u8], event: &mut Event<'r>) {
    let part = match part.strip_prefix(b"connection-state:") {
        Some(state) => {
            let (state, rest) = first_word(state);
            crate::pairs::set_own(event, "mikrotik.", b"connection_state", state);
            rest
        }
        None => part,
    };
    if at == 0 && !part.starts_with(b"(") {
        set_some(event, field::OBSERVER_EGRESS_INTERFACE_NAME, part);
    } else if let Some(mac) = part.strip_prefix(b"src-mac ") {
        event.set(field::SOURCE_MAC, mac);
    } else if let Some(protocol) = part.strip_prefix(b"proto ") {
        set_lower(event, field::NETWORK_TRANSPORT, first_word(protocol).0);
    } else if let Some(length) = part.strip_prefix(b"len ") {
        set_number(event, field::NETWORK_BYTES, length);
    } else if let (Some((source, target)), None) = (split(part, b"->"), event.get(field::SOURCE_IP)) {
        let (address, port) = split_port(source);
        set_source(event, address);
        port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
        let (address, port) = split_port(target);
        set_destination(event, address);
        port.into_iter().for_each(|port| set_number(event, field::DESTINATION_PORT, port));
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<132>Nov 22 09:14:07 rb1 firewall,info drop-tcp input: in:ether1 out:(unknown 0), connection-state:new src-mac 00:00:5e:00:53:01, proto TCP (SYN), 203.0.113.66:59388->192.0.2.20:23, len 40",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("observer.vendor", "MikroTik"),
            ("observer.product", "RouterOS"),
            ("observer.type", "firewall"),
            ("log.level", "info"),
            ("rule.name", "drop-tcp"),
            ("rule.ruleset", "input"),
            ("observer.ingress.interface.name", "ether1"),
            ("mikrotik.connection_state", "new"),
            ("source.mac", "00:00:5e:00:53:01"),
            ("network.transport", "tcp"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "59388"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "23"),
            ("network.bytes", "40"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "<132>Nov 22 09:14:08 rb1 forward: in:ether1 out:bridge, src-mac 00:00:5e:00:53:02, proto UDP, 192.0.2.17:62583->192.0.2.53:53, len 64",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("observer.vendor", "MikroTik"),
            ("observer.product", "RouterOS"),
            ("observer.type", "firewall"),
            ("observer.ingress.interface.name", "ether1"),
            ("observer.egress.interface.name", "bridge"),
            ("source.mac", "00:00:5e:00:53:02"),
            ("network.transport", "udp"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "62583"),
            ("destination.address", "192.0.2.53"),
            ("destination.ip", "192.0.2.53"),
            ("destination.port", "53"),
            ("network.bytes", "64"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: "2026-11-22T09:15:00.757188+01:00 192.0.2.1 system,error,critical login failure for user admin from 203.0.113.66 via ssh",
        expect: &[
            ("@timestamp", "2026-11-22T08:15:00.757188Z"),
            ("observer.ip", "192.0.2.1"),
            ("observer.vendor", "MikroTik"),
            ("observer.product", "RouterOS"),
            ("observer.type", "firewall"),
            ("log.level", "critical"),
            ("user.name", "admin"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("mikrotik.via", "ssh"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:16:00 rb1 system,info,account user admin logged in from 192.0.2.5 via winbox",
        expect: &[
            ("@timestamp", "2026-11-22T09:16:00Z"),
            ("observer.vendor", "MikroTik"),
            ("observer.product", "RouterOS"),
            ("observer.type", "firewall"),
            ("log.level", "info"),
            ("user.name", "admin"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("mikrotik.via", "winbox"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:17:00 rb1 system,info,account user admin logged out from 192.0.2.5 via winbox",
        expect: &[
            ("@timestamp", "2026-11-22T09:17:00Z"),
            ("observer.vendor", "MikroTik"),
            ("observer.product", "RouterOS"),
            ("observer.type", "firewall"),
            ("log.level", "info"),
            ("user.name", "admin"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("mikrotik.via", "winbox"),
            ("event.category", "authentication"),
            ("event.type", "end"),
            ("event.outcome", "success"),
        ],
    },
    Example { raw: "<132>Nov 22 09:14:08 rb1 forward: in:ether1 out:bridge, proto UDP, len 64", expect: &[] },
];
