//! tcpdump's lines.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{first_word, integer, ip, reject, set_destination, set_number, set_source, split},
    web,
};

/// `09:14:07.250000 IP 192.0.2.17.51515 > 203.0.113.80.22: Flags [S], …`
pub struct Tcpdump;

impl Format for Tcpdump {
    fn name(&self) -> &'static str {
        "tcpdump"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "tcpdump"
    }
    fn about(&self) -> &'static str {
        "packets of IPv4 and IPv6 as tcpdump -n prints them (tcpdump(1), OUTPUT FORMAT)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "tcpdump", services: &[] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["tcpdump"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" IP ", " IP6 ", "IP "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        packet(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (from, to, text) = packet(line.message).ok_or(reject("tcpdump_no_packet"))?;
        set_source(event, from.0);
        set_destination(event, to.0);
        for (field, port) in [(field::SOURCE_PORT, from.1), (field::DESTINATION_PORT, to.1)] {
            if integer(port).is_some() {
                set_number(event, field, port);
            }
        }
        event.set_static(field::NETWORK_TYPE, if from.0.contains(&b':') { "ipv6" } else { "ipv4" });
        let transport = match first_word(text).0 {
            b"Flags" => Some("tcp"),
            b"UDP," => Some("udp"),
            b"ICMP" => Some("icmp"),
            b"ICMP6," => Some("ipv6-icmp"),
            _ => None,
        };
        transport.into_iter().for_each(|name| web::set_protocol_name(event, name));
        if let Some((flags, _)) = text.strip_prefix(b"Flags [").and_then(|rest| split(rest, b"]")) {
            set_own(event, "tcpdump.", b"tcp_flags", flags);
        }
        event.classify("network", "connection", "", "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

type End<'r> = (&'r [u8], &'r [u8]);

/// The ends of a packet and what follows.
fn packet(message: &[u8]) -> Option<(End<'_>, End<'_>, &[u8])> {
    let start = [&b"IP "[..], b"IP6 "].into_iter().find_map(|mark| {
        let at = memchr::memmem::find(&message[..message.len().min(64)], mark)?;
        (at == 0 || message[at - 1] == b' ').then_some(at + mark.len())
    })?;
    let (ends, text) = split(&message[start..], b": ")?;
    let (from, to) = split(ends, b" > ")?;
    Some((end(from)?, end(to)?, text))
}

/// An address with its port behind a point, as a number or a service's name.
fn end(text: &[u8]) -> Option<End<'_>> {
    if ip(text).is_some() {
        return Some((text, b""));
    }
    let at = memchr::memrchr(b'.', text)?;
    let (host, port) = (&text[..at], &text[at + 1..]);
    ip(host).map(|_| (host, port))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "09:14:07.250000 IP 203.0.113.66.51515 > 192.0.2.20.22: Flags [S], seq 1, win 64240, length 0",
        expect: &[
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("destination.ip", "192.0.2.20"),
            ("destination.address", "192.0.2.20"),
            ("destination.port", "22"),
            ("network.type", "ipv4"),
            ("network.transport", "tcp"),
            ("network.iana_number", "6"),
            ("tcpdump.tcp_flags", "S"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example { raw: "the IP of desk7 > the other: x", expect: &[] },
];
