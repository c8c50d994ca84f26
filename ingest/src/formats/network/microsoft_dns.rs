//! Microsoft's DNS server: the debug log.

use jiff::civil::DateTime;
use memchr::memmem;

use crate::{
    Event,
    envelope::{Line, Stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{first_word, integer, ip, reject, set_destination, set_source, split},
    table::set_lower,
};

/// `dns.log`: `11/22/2026 9:14:07 AM 0970 PACKET  0000… UDP Rcv 192.0.2.17  5c5a   Q [0001   D   NOERROR] A (3)www(7)example(3)com(0)`.
pub struct MicrosoftDns;

const OWN: &str = "microsoft.dns.";

impl Format for MicrosoftDns {
    fn name(&self) -> &'static str {
        "microsoft_dns"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Microsoft DNS Server"
    }
    fn about(&self) -> &'static str {
        "packets in the debug log of Windows DNS Server (learn.microsoft.com, DNS logging and diagnostics)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "dns", product: "windows", services: &["dns-server"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" PACKET  "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        packet(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (before, packet) = packet(line.message).ok_or(reject("microsoft_dns_no_packet"))?;
        // forwarders put the file's name before the time
        let time = before.iter().position(u8::is_ascii_digit).and_then(|at| american(&before[at..]));
        time.into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp));
        packet.set(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `11/22/2026 9:14:07 AM`. The log writes times as its server's language does; where no half of the day is named, it
/// cannot be told whether the month stands first.
fn american(text: &[u8]) -> Option<Stamp> {
    let (date, rest) = first_word(text);
    let (clock, rest) = first_word(rest);
    let afternoon = match first_word(rest).0 {
        b"AM" => false,
        b"PM" => true,
        _ => return None,
    };
    let mut day = date.split(|b| *b == b'/').map(integer);
    let mut time = clock.split(|b| *b == b':').map(integer);
    let (month, date, year) = (day.next()??, day.next()??, day.next()??);
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let hour = hour % 12 + if afternoon { 12 } else { 0 };
    let part = |number: i64| i8::try_from(number).ok();
    let year = i16::try_from(year).ok()?;
    let civil = DateTime::new(year, part(month)?, part(date)?, part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some(Stamp { civil, has_year: true, offset: None })
}

struct Packet<'r> {
    transport: &'r [u8],
    received: bool,
    peer: &'r [u8],
    id: &'r [u8],
    response: bool,
    flags: &'r [u8],
    kind: &'r [u8],
    name: &'r [u8],
}

fn next<'r>(text: &mut &'r [u8]) -> &'r [u8] {
    let (word, rest) = first_word(text.trim_ascii_start());
    *text = rest;
    word
}

/// What stands before the packet, and its columns.
fn packet(message: &[u8]) -> Option<(&[u8], Packet<'_>)> {
    let (before, mut rest) = split(message, b" PACKET  ")?;
    let _object = next(&mut rest);
    let transport = next(&mut rest);
    let direction = next(&mut rest);
    let peer = next(&mut rest);
    let id = next(&mut rest);
    let is_packet = matches!(transport, b"UDP" | b"TCP") && matches!(direction, b"Rcv" | b"Snd") && ip(peer).is_some();
    let (mark, rest) = split(rest, b"[").filter(|_| is_packet)?;
    let (flags, mut rest) = split(rest, b"]")?;
    let kind = next(&mut rest);
    let response = memmem::find(mark, b"R").is_some();
    let received = direction == b"Rcv";
    Some((before, Packet { transport, received, peer, id, response, flags, kind, name: rest.trim_ascii() }))
}

impl Packet<'_> {
    fn set(&self, event: &mut Event<'_>) {
        set_lower(event, field::NETWORK_TRANSPORT, self.transport);
        event.set_static(field::NETWORK_PROTOCOL, "dns");
        if self.received {
            set_source(event, self.peer);
        } else {
            set_destination(event, self.peer);
        }
        event.set(field::DNS_ID, self.id);
        event.set_static(field::DNS_TYPE, if self.response { "answer" } else { "query" });
        event.set(field::DNS_QUESTION_TYPE, self.kind);
        if let Some(name) = dotted(self.name) {
            event.set(field::DNS_QUESTION_NAME, &name);
        }
        if let Some(code) = self.flags.rsplit(|b| *b == b' ').find(|word| !word.is_empty()) {
            event.set(field::DNS_RESPONSE_CODE, code);
        }
        set_own(event, OWN, b"flags", first_word(self.flags).0);
        event.classify("network", "protocol", "", "");
    }
}

/// `(3)www(7)example(3)com(0)` is `www.example.com`.
fn dotted(text: &[u8]) -> Option<Vec<u8>> {
    let mut name = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((len, after)) = rest.strip_prefix(b"(").and_then(|rest| split(rest, b")")) {
        let len = usize::try_from(integer(len)?).ok()?;
        let label = after.get(..len)?;
        if len == 0 {
            break;
        }
        if !name.is_empty() {
            name.push(b'.');
        }
        name.extend_from_slice(label);
        rest = &after[len..];
    }
    (!name.is_empty()).then_some(name)
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "11/22/2026 9:14:07 AM 0970 PACKET  00000000046E57F0 UDP Rcv 192.0.2.17      5c5a   Q [0001   D   NOERROR] A      (3)www(7)example(3)com(0)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("network.transport", "udp"),
            ("network.protocol", "dns"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("dns.id", "5c5a"),
            ("dns.type", "query"),
            ("dns.question.type", "A"),
            ("dns.question.name", "www.example.com"),
            ("dns.response_code", "NOERROR"),
            ("microsoft.dns.flags", "0001"),
            ("event.category", "network"),
            ("event.type", "protocol"),
        ],
    },
    Example { raw: "11/22/2026 9:14:07 AM 0970 PACKET  lost", expect: &[] },
];
