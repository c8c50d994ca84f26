//! Microsoft's DHCP server: the audit log.

use jiff::civil::DateTime;

use crate::{
    Event,
    envelope::{Line, Stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, ip, reject, set_some},
    table::Cells,
};

/// `DhcpSrvLog-*.log` and `DhcpV6SrvLog-*.log`: `10,11/22/26,09:14:07,Assign,192.0.2.17,desk7.example.com,00005E005317,`.
pub struct MicrosoftDhcp;

impl Format for MicrosoftDhcp {
    fn name(&self) -> &'static str {
        "microsoft_dhcp"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Microsoft DHCP Server"
    }
    fn about(&self) -> &'static str {
        "the audit log of Windows DHCP Server (learn.microsoft.com, Analyze DHCP Server Log Files)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "dhcp", product: "windows", services: &["dhcp"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["0", "1", "2", "3", "5", "6"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        head(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (code, stamp) = head(line.message).ok_or(reject("microsoft_dhcp_no_head"))?;
        let number = integer(code).unwrap_or_default();
        event.set(field::EVENT_CODE, code);
        event.set_stamp(field::TIMESTAMP, stamp);
        let cells: Vec<&[u8]> = Cells::new(line.message).take(20).map(|cell| cell.text).collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        event.replace(field::MESSAGE, cell(3));
        if ip(cell(4)).is_some() {
            event.set(field::HOST_IP, cell(4));
            event.set(field::CLIENT_IP, cell(4));
            event.set(field::CLIENT_ADDRESS, cell(4));
        }
        if event.get(field::HOST_NAME).is_none() {
            set_some(event, field::HOST_NAME, cell(5));
        }
        // version 6 has an error code and the identifier's length before it
        if number < 11_000 && cell(6).len() == 12 && cell(6).iter().all(u8::is_ascii_hexdigit) {
            event.set(field::CLIENT_MAC, cell(6));
        }
        classify(number, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `10,11/22/26,09:14:07,`
fn head(message: &[u8]) -> Option<(&[u8], Stamp)> {
    let mut cells = Cells::new(message);
    let code = cells.next()?.text;
    let date = cells.next()?.text;
    let clock = cells.next()?.text;
    cells.next()?;
    if !(2..=5).contains(&code.len()) || !matches!(date, [_, _, b'/', _, _, b'/', ..]) || clock.len() != 8 {
        return None;
    }
    let part = |text: &[u8], from: usize| integer(text.get(from..from + 2)?);
    integer(code)?;
    let year = integer(date.get(6..)?)?;
    let year = if year < 100 { 2_000 + year } else { year };
    let civil = DateTime::new(
        i16::try_from(year).ok()?,
        part(date, 0)? as i8,
        part(date, 3)? as i8,
        part(clock, 0)? as i8,
        part(clock, 3)? as i8,
        part(clock, 6)? as i8,
        0,
    );
    Some((code, Stamp { civil: civil.ok()?, has_year: true, offset: None }))
}

/// The event identifiers of the log's own header.
fn classify(code: i64, event: &mut Event<'_>) {
    let class: [&'static str; 4] = match code {
        0 => ["process", "start", "log-start", "success"],
        1 => ["process", "end", "log-end", "success"],
        2 => ["process", "info", "log-pause", "success"],
        10 => ["network", "connection", "dhcp-new", "success"],
        11 => ["network", "connection", "dhcp-renew", "success"],
        12 => ["network", "connection", "dhcp-release", "success"],
        13 => ["network", "connection", "ip-address-in-use", "failure"],
        14 => ["network", "connection", "address-pool-exhausted", "failure"],
        15 | 16 => ["network", "denied", "dhcp-deny", "failure"],
        17 | 18 => ["network", "info", "dhcp-expire", "success"],
        20..=22 => ["network", "connection", "bootp", ""],
        23 => ["network", "deletion", "bootp-deleted", "success"],
        24 | 25 => ["network", "info", "ip-address-cleanup", "success"],
        30 | 32 => ["network", "connection", "dhcp-dns-update", "success"],
        31 | 33 | 35 => ["network", "connection", "dhcp-dns-update", "failure"],
        34 => ["network", "connection", "dhcp-dns-update", "failure"],
        36 => ["network", "denied", "packet-dropped", "failure"],
        50..=64 => ["network", "info", "rogue-server-detection", ""],
        11_000 => ["network", "protocol", "dhcpv6-solicit", "success"],
        11_001 => ["network", "protocol", "dhcpv6-advertise", "success"],
        11_002 => ["network", "protocol", "dhcpv6-request", "success"],
        11_003 => ["network", "protocol", "dhcpv6-confirm", "success"],
        11_004 => ["network", "protocol", "dhcpv6-renew", "success"],
        11_005 => ["network", "protocol", "dhcpv6-rebind", "success"],
        11_006 => ["network", "protocol", "dhcpv6-decline", ""],
        11_007 => ["network", "protocol", "dhcpv6-release", "success"],
        11_008 => ["network", "protocol", "dhcpv6-information-request", "success"],
        11_010 => ["process", "start", "log-start", "success"],
        11_011 => ["process", "end", "log-stop", "success"],
        _ => ["network", "info", "", ""],
    };
    let [category, kind, action, outcome] = class;
    event.classify(category, kind, action, outcome);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "10,11/22/26,09:14:07,Assign,192.0.2.17,desk7.example.com,00005E005317,,17739,0,,,",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.code", "10"),
            ("message", "Assign"),
            ("host.ip", "192.0.2.17"),
            ("client.ip", "192.0.2.17"),
            ("client.address", "192.0.2.17"),
            ("client.mac", "00005E005317"),
            ("host.name", "desk7.example.com"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "dhcp-new"),
            ("event.outcome", "success"),
        ],
    },
    Example { raw: "10,11/22,09:14:07,Assign", expect: &[] },
];
