//! Cisco IOS, IOS-XE, IOS-XR and NX-OS: routers, switches, access points.
//!
//! A message is `%FACILITY-SEVERITY-MNEMONIC: text`. Before it stand, as configured, a sequence number, the host, the
//! time with `*` or `.` for a clock that is not set or not synchronised, and its zone.

mod says;

use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memmem};

use crate::{
    Event,
    envelope::{Line, Stamp, bsd_stamp, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{first_word, integer, ip, reject, set_destination, set_number, set_some, set_source, split},
    table::set_transport,
    template::Messages,
};

/// IOS and its relatives: see the module.
pub struct CiscoIos;

const OWN: &str = "cisco.ios.";

impl Format for CiscoIos {
    fn name(&self) -> &'static str {
        "cisco_ios"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Cisco IOS, IOS-XE, IOS-XR, NX-OS"
    }
    fn about(&self) -> &'static str {
        "%FACILITY-SEVERITY-MNEMONIC messages of Cisco's routers and switches (Cisco IOS System Message Guide, NX-OS \
         System Messages Reference)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "cisco", services: &["aaa"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["-0-", "-1-", "-2-", "-3-", "-4-", "-5-", "-6-", "-7-"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        head(message).is_some_and(|head| memchr(b'"', head.before).is_none() && memchr(b'{', head.before).is_none())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let head = head(line.message).ok_or(reject("ios_no_mnemonic"))?;
        let before = Before::read(line, &head);
        before.set(event);
        event.clock_unset = is_unset(&event.raw);
        set_number(event, field::EVENT_SEVERITY, head.severity);
        if let Some(name) = integer(head.severity).and_then(|level| LEVELS.get(level as usize)) {
            event.set_static(field::LOG_LEVEL, name);
        }
        event.set(field::EVENT_CODE, head.mnemonic);
        event.set(field::EVENT_PROVIDER, head.facility);
        event.set_static(field::OBSERVER_VENDOR, "Cisco");
        event.set_static(field::OBSERVER_PRODUCT, if before.year_first { "NX-OS" } else { "IOS" });
        event.replace(field::MESSAGE, head.text);
        if before.process.is_some() {
            event.set(field::EVENT_ACTION, head.mnemonic);
            station(head.text, event);
        }
        if !access_list(head.text, event) && MESSAGES.read(head.text, event).is_none() {
            event.classify("network", "info", "", "");
        }
        for address in [field::SOURCE_MAC, field::DESTINATION_MAC, field::CLIENT_MAC] {
            colons(address, event);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        says::EXAMPLES
    }
}

static MESSAGES: LazyLock<Messages> = LazyLock::new(|| Messages::new(says::SAYS));

/// Severities 0 to 7 in Cisco's words.
const LEVELS: [&str; 8] =
    ["emergency", "alert", "critical", "error", "warning", "notification", "informational", "debug"];

/// Most bytes before the mark.
const MAX_BEFORE: usize = 256;
/// Longest facility and mnemonic together.
const MAX_LABEL: usize = 96;

struct Head<'r> {
    before: &'r [u8],
    facility: &'r [u8],
    severity: &'r [u8],
    mnemonic: &'r [u8],
    text: &'r [u8],
}

/// The first `%FACILITY-5-MNEMONIC` that stands at the start or behind a blank or colon.
fn head(message: &[u8]) -> Option<Head<'_>> {
    let near = &message[..message.len().min(MAX_BEFORE)];
    memchr_iter(b'%', near)
        .filter(|at| *at == 0 || matches!(near[at - 1], b' ' | b':' | b'$' | b'\t'))
        .find_map(|at| label(message, at))
}

fn label(message: &[u8], at: usize) -> Option<Head<'_>> {
    let rest = &message[at + 1..];
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let end = rest.iter().take(MAX_LABEL).position(|b| !is_part(b)).unwrap_or(rest.len().min(MAX_LABEL));
    let label = &rest[..end];
    let digit = memchr_iter(b'-', label)
        .find(|dash| matches!(label.get(dash + 1..dash + 3), Some([b'0'..=b'7', b'-'])) && label.len() > dash + 3)?;
    if digit == 0 || !label[0].is_ascii_uppercase() && label[0] != b'_' {
        return None;
    }
    let text = &rest[end..];
    let text = text.strip_prefix(b":").unwrap_or(text).trim_ascii();
    Some(Head {
        before: &message[..at],
        facility: &label[..digit],
        severity: &label[digit + 1..digit + 2],
        mnemonic: &label[digit + 3..],
        text,
    })
}

/// What stands before the mark, where the envelope has not read it.
#[derive(Default)]
struct Before<'r> {
    sequence: Option<&'r [u8]>,
    host: Option<&'r [u8]>,
    stamp: Option<Stamp>,
    uptime: Option<&'r [u8]>,
    process: Option<&'r [u8]>,
    year_first: bool,
    had_stamp: bool,
}

impl<'r> Before<'r> {
    fn read(line: &Line<'r>, head: &Head<'r>) -> Before<'r> {
        let mut before = Before { had_stamp: line.stamp.is_some(), ..Before::default() };
        // the envelope takes the first word before a colon for a program
        if let Some(word) = line.program.filter(|_| line.pid.is_none()) {
            before.word(word);
        }
        let mut rest = head.before;
        for _ in 0..6 {
            rest = rest.trim_ascii_start();
            rest = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii_start();
            if rest.is_empty() {
                break;
            }
            if let Some((stamp, after)) = before.time(rest) {
                before.stamp = Some(stamp);
                rest = after;
                continue;
            }
            let end = memmem::find(rest, b": ").or_else(|| rest.strip_suffix(b":").map(<[u8]>::len));
            let end = end.unwrap_or_else(|| memchr(b' ', rest).unwrap_or(rest.len()));
            before.word(rest[..end].trim_ascii());
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        before
    }

    /// `*Nov 22 09:14:07.123 CET`, `2026 Nov 22 09:14:07.123 UTC`; the zone is kept where it is known.
    fn time(&mut self, text: &'r [u8]) -> Option<(Stamp, &'r [u8])> {
        let text = text.strip_prefix(b"*").or(text.strip_prefix(b".")).unwrap_or(text);
        if let Some((rest, stamp, _)) = iso_stamp(text) {
            return Some((stamp, rest));
        }
        let (rest, mut stamp) = match integer(text.get(..4)?).filter(|_| text.get(4) == Some(&b' ')) {
            Some(year) => {
                self.year_first = true;
                let (rest, stamp) = bsd_stamp(text[5..].trim_ascii_start())?;
                let civil = stamp.civil.with().year(i16::try_from(year).ok()?).build().ok()?;
                (rest, Stamp { civil, has_year: true, ..stamp })
            }
            None => bsd_stamp(text)?,
        };
        let rest = match zone(rest) {
            Some((offset, after)) => {
                stamp.offset = stamp.offset.or(offset);
                after
            }
            None => rest,
        };
        Some((stamp, rest))
    }

    fn word(&mut self, word: &'r [u8]) {
        // a wireless controller names the task behind a star
        if let Some(task) = word.strip_prefix(b"*") {
            self.process = Some(task);
            return;
        }
        let is_number = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
        if is_number {
            self.sequence = Some(word);
        } else if is_uptime(word) {
            self.uptime = Some(word);
        } else if let Some((name, pid)) = word.strip_suffix(b"]").and_then(|word| split(word, b"[")) {
            // IOS-XR names the process
            if integer(pid).is_some() {
                self.process = Some(name);
            }
        } else if !word.is_empty() && memchr(b' ', word).is_none() && self.host.is_none() {
            self.host = Some(word);
        }
    }

    fn set(&self, event: &mut Event<'r>) {
        // the device's own time has a year or a fraction where the relay's has none
        if let Some(stamp) = self.stamp.filter(|stamp| !self.had_stamp || stamp.has_year) {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        if let Some(number) = self.sequence.and_then(integer) {
            event.set_int(field::EVENT_SEQUENCE, number);
        }
        if let Some(uptime) = self.uptime {
            set_own(event, OWN, b"uptime", uptime);
        }
        let tag = event.bytes(field::PROCESS_NAME).map(std::borrow::Cow::into_owned);
        if tag.as_deref().is_some_and(|tag| Some(tag) == self.host || Some(tag) == self.sequence) {
            event.remove(field::PROCESS_NAME);
        }
        if let Some(process) = self.process {
            event.replace(field::PROCESS_NAME, process);
        }
        if let Some(host) = self.host {
            let named = event.get(field::HOST_NAME).is_some();
            event.set(if named { field::OBSERVER_NAME } else { field::HOST_NAME }, host);
        }
        let host = event.get(field::HOST_NAME);
        if let Some(host) = host.filter(|host| event.value_bytes(*host).is_some_and(|text| ip(&text).is_some())) {
            event.push(field::OBSERVER_IP, host);
        }
    }
}

/// `*Mar  1 00:00:21.107: %`: a star before the time says that the clock is not authoritative (IOS, "service timestamps").
fn is_unset(raw: &[u8]) -> bool {
    let before = &raw[..memchr(b'%', raw).unwrap_or(0).min(MAX_BEFORE)];
    memchr_iter(b'*', before).any(|at| bsd_stamp(&before[at + 1..]).is_some())
}

/// A zone's name behind a time, with its offset where it is known.
fn zone(text: &[u8]) -> Option<(Option<i32>, &[u8])> {
    let name = text.strip_prefix(b" ")?;
    let end = name.iter().position(|b| !b.is_ascii_uppercase())?;
    let known = (2..=8).contains(&end) && matches!(name[end], b':' | b' ');
    known.then(|| (crate::envelope::zone_offset(&name[..end]), &name[end..]))
}

/// `2y10w`, `1d04h`, `00:01:09`: how long the device is up.
fn is_uptime(word: &[u8]) -> bool {
    let units = word.iter().filter(|b| matches!(b, b'y' | b'w' | b'd' | b'h' | b':')).count();
    units > 0
        && word.first().is_some_and(u8::is_ascii_digit)
        && word.iter().all(|b| b.is_ascii_digit() || matches!(b, b'y' | b'w' | b'd' | b'h' | b':'))
        && ip(word).is_none()
}

/// The station that a controller speaks of: `client 00:00:5e:00:53:17`, `mobile …`, `Entry deleted A=fe80::1 …`.
fn station(text: &[u8], event: &mut Event<'_>) {
    for mark in [&b"client "[..], b"mobile ", b"MAC address ", b"Address) ["] {
        let Some((_, rest)) = split(text, mark) else { continue };
        let word = rest.get(..17).unwrap_or_default();
        if word.iter().filter(|b| **b == b':').count() == 5 {
            event.set(field::CLIENT_MAC, word);
            break;
        }
    }
    if let Some((_, rest)) = split(text, b" A=").or(split(text, b"(Source IP Address) "))
        && let Some(address) = rest.split(|b| matches!(b, b' ' | b'/')).next().filter(|address| ip(address).is_some())
    {
        event.set(field::CLIENT_IP, address);
    }
    if let Some((user, _)) = split(text, b"Username entry (").and_then(|(_, rest)| split(rest, b")")) {
        set_some(event, field::USER_NAME, user);
    }
}

/// `list 102 denied tcp 192.0.2.1(3067) (Gi0/1 0000.5e00.5301) -> 198.51.100.4(139), 1 packet`
fn access_list(text: &[u8], event: &mut Event<'_>) -> bool {
    let Some(rest) = text.strip_prefix(b"list ").or(text.strip_prefix(b"access-list ")) else { return false };
    let (name, rest) = first_word(rest);
    let (verdict, rest) = first_word(rest);
    let denied = verdict == b"denied";
    if !denied && verdict != b"permitted" {
        return false;
    }
    let (first, behind) = first_word(rest);
    // access lists of the standard kind name no protocol
    let (protocol, rest) = if ip(end(first).0).is_some() { (&b""[..], rest) } else { (first, behind) };
    let Some((from, to)) = split(rest, b"->") else {
        set_source(event, end(first_word(rest).0).0);
        return finish_access_list(name, denied, rest, event);
    };
    let (source, via) = first_word(from.trim_ascii());
    let (address, port) = end(source);
    set_source(event, address);
    set_number(event, field::SOURCE_PORT, port);
    if let Some((interface, mac)) = via.strip_prefix(b"(").and_then(|via| via.strip_suffix(b")")).map(first_word) {
        set_some(event, field::OBSERVER_INGRESS_INTERFACE_NAME, interface);
        set_some(event, field::SOURCE_MAC, mac);
    }
    let to = to.trim_ascii_start();
    let (target, _) = first_word(to);
    let (address, port) = end(target.strip_suffix(b",").unwrap_or(target));
    set_destination(event, address);
    set_number(event, field::DESTINATION_PORT, port);
    if !protocol.is_empty() {
        set_transport(event, protocol);
    }
    finish_access_list(name, denied, to, event)
}

fn finish_access_list(name: &[u8], denied: bool, text: &[u8], event: &mut Event<'_>) -> bool {
    event.set(field::RULE_NAME, name);
    let (kind, action) = if denied { ("denied", "deny") } else { ("allowed", "allow") };
    event.classify("network", "connection", action, "");
    event.set_static(field::EVENT_TYPE, kind);
    if let Some(packets) = memmem::rfind(text, b" packet").map(|at| &text[..at]) {
        let count = packets.rsplit(|b| *b == b' ').next().unwrap_or_default();
        set_number(event, field::SOURCE_PACKETS, count);
        set_number(event, field::NETWORK_PACKETS, count);
    }
    true
}

/// `192.0.2.1(3067)`
fn end(text: &[u8]) -> (&[u8], &[u8]) {
    match split(text, b"(") {
        Some((address, port)) => (address, port.strip_suffix(b")").unwrap_or(port)),
        None => (text, b""),
    }
}

/// Cisco writes `0000.5e00.5301`; ECS wants the octets apart. What is no hardware address goes.
fn colons(field: crate::Field, event: &mut Event<'_>) {
    let Some(text) = event.bytes(field).map(std::borrow::Cow::into_owned) else { return };
    event.remove(field);
    let digits: Vec<u8> = text.iter().copied().filter(|b| b.is_ascii_hexdigit()).collect();
    if digits.len() == 12 && text.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':' | b'-')) {
        let octets: Vec<String> =
            digits.chunks(2).map(|pair| String::from_utf8_lossy(pair).to_ascii_uppercase()).collect();
        event.set_text(field, &octets.join("-"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_needs_a_facility_a_digit_and_a_mnemonic() {
        assert!(head(b"%SYS-5-CONFIG_I: x").is_some());
        assert!(head(b"%PIM-SW1-6-INVALID_RP_JOIN: x").is_some_and(|head| head.facility == b"PIM-SW1"));
        for no in [&b"%SYS-9-CONFIG_I: x"[..], b"%-5-X: y", b"100%SYS-5-X: y", b"%sys-5-x: y", b"%SYS-5-"] {
            assert!(head(no).is_none(), "{}", String::from_utf8_lossy(no));
        }
    }

    #[test]
    fn a_star_before_the_time_says_that_the_clock_is_not_set() {
        assert!(is_unset(b"<189>12: sw1: *Mar  1 00:00:21.107: %SYS-5-RESTART: System restarted --"));
        assert!(!is_unset(b"<189>12: sw1: Mar  1 00:00:21.107: %SYS-5-RESTART: System restarted --"));
        assert!(!is_unset(b"<189>12: sw1: .Mar  1 00:00:21.107: %SYS-5-X: *Mar  1 00:00:21.107"));
    }

    #[test]
    fn an_uptime_is_no_host() {
        for text in ["2y10w", "1d04h", "00:01:09"] {
            assert!(is_uptime(text.as_bytes()), "{text}");
        }
        for text in ["sw1", "10.0.0.1", "d4"] {
            assert!(!is_uptime(text.as_bytes()), "{text}");
        }
    }
}
