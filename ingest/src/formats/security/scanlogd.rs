//! scanlogd and PortSentry: who scans ports.

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, ip, reject, set_destination, set_number, set_source, split},
};

/// Port scan detectors.
pub struct Scanlogd;

const OWN: &str = "portscan.";

impl Format for Scanlogd {
    fn name(&self) -> &'static str {
        "scanlogd"
    }
    fn category(&self) -> &'static str {
        "security"
    }
    fn product(&self) -> &'static str {
        "scanlogd, PortSentry"
    }
    fn about(&self) -> &'static str {
        "Port scans that scanlogd (openwall.com/scanlogd) and PortSentry (its syslog and history file) saw"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "linux", services: &["scanlogd", "portsentry"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["scanlogd", "portsentry"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["attackalert: ", " TCP Blocked", " UDP Blocked"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"attackalert: ") || memmem::find(message, b" Host: ").is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let read = scan(line.message, event).or_else(|| alert(line.message, event));
        read.or_else(|| history(line.message, event)).ok_or(reject("scanlogd_no_scan"))?;
        event.set_static(field::EVENT_KIND, "alert");
        event.classify("intrusion_detection", "info", "", "");
        event.set_static(field::EVENT_CATEGORY, "network");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `203.0.113.66 to 192.0.2.1 ports 80, 81, …, fSrpauxy, TOS 00, TTL 239 @17:34:00`; a source port may follow a colon.
fn scan<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (source, rest) = split(text, b" to ")?;
    let (target, rest) = split(rest, b" ports ")?;
    let (source, port) = crate::web::split_port(source);
    ip(source)?;
    set_source(event, source);
    port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
    set_destination(event, target);
    let ports = split(rest, b", ...").map_or(rest, |(ports, _)| ports);
    crate::pairs::set_own(event, OWN, b"ports", ports);
    Some(())
}

/// `attackalert: Connect from host: name/203.0.113.66 to TCP port: 1`
fn alert<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let rest = split(text.strip_prefix(b"attackalert: ")?, b"ost: ")?.1;
    let (host, rest) = first_word(rest);
    peer(host, event)?;
    let (protocol, port) = split(rest.strip_prefix(b"to ")?, b" port: ")?;
    crate::table::set_transport(event, protocol);
    set_number(event, field::DESTINATION_PORT, first_word(port).0);
    Some(())
}

/// `1795338847 - 11/22/2026 09:14:07 Host: name/203.0.113.66 Port: 1 TCP Blocked`
fn history<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (head, rest) = split(text, b" Host: ")?;
    let stamp = crate::time::read(first_word(head).0)?;
    let (host, rest) = first_word(rest);
    peer(host, event)?;
    event.set_stamp(field::TIMESTAMP, stamp);
    let (port, rest) = first_word(rest.strip_prefix(b"Port: ")?);
    set_number(event, field::DESTINATION_PORT, port);
    crate::table::set_transport(event, first_word(rest).0);
    Some(())
}

/// `name/address`
fn peer<'r>(host: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (name, address) = split(host, b"/")?;
    ip(address)?;
    set_source(event, address);
    if name != address {
        event.set(field::SOURCE_DOMAIN, name);
    }
    Some(())
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 scanlogd: 203.0.113.66 to 192.0.2.1 ports 80, 81, 83, 88, 99, 443, 1080, 3128, ..., f????uxy, TOS 00, TTL 49 @09:14:07",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("portscan.ports", "80, 81, 83, 88, 99, 443, 1080, 3128"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("event.category", "network"),
        ],
    },
    Example {
        raw: "Nov 22 09:15:00 web1 portsentry[77]: attackalert: Connect from host: scan.example/203.0.113.66 to TCP port: 23",
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.domain", "scan.example"),
            ("network.transport", "tcp"),
            ("destination.port", "23"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("event.category", "network"),
        ],
    },
    Example {
        raw: "1795338847 - 11/22/2026 09:14:07 Host: 203.0.113.66/203.0.113.66 Port: 1 TCP Blocked",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.port", "1"),
            ("network.transport", "tcp"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("event.category", "network"),
        ],
    },
    Example { raw: "Nov 22 09:15:00 web1 portsentry[77]: adminalert: Going into listen mode", expect: &[] },
];
