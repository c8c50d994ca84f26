//! Symantec Endpoint Protection: what its manager forwards, cells of `Key: value` between commas.

use std::sync::LazyLock;

use memchr::memmem;

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event, Field,
    envelope::Line,
    field,
    scan::{reject, set_destination, set_number, set_source, split},
    table::{
        Table,
        To::{Nothing, Number, Text, Time},
    },
};

/// Symantec Endpoint Protection, see the module.
pub struct SymantecEp;

/// Most cells of one record; the longest that the vendor lists has 60.
const MAX_CELLS: usize = 128;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let name = |name: &str| Field::intern(name).map_or(Nothing, Text);
    Table::new(
        "symantec.",
        &[
            ("Computer name", Text(field::HOST_NAME)),
            ("Computer", Text(field::HOST_NAME)),
            ("IP Address", Text(field::HOST_IP)),
            ("User Name", Text(field::USER_NAME)),
            ("User", Text(field::USER_NAME)),
            ("Admin", Text(field::USER_NAME)),
            ("Domain Name", Text(field::USER_DOMAIN)),
            ("Domain", Text(field::USER_DOMAIN)),
            ("Event time", Time(field::TIMESTAMP)),
            ("Event Time", Time(field::TIMESTAMP)),
            ("Begin", Time(field::EVENT_START)),
            ("Begin Time", Time(field::EVENT_START)),
            ("End", Time(field::EVENT_END)),
            ("End Time", Time(field::EVENT_END)),
            ("Application", Text(field::PROCESS_EXECUTABLE)),
            ("Downloaded by", Text(field::PROCESS_EXECUTABLE)),
            ("SHA-256", name("process.hash.sha256")),
            ("MD-5", name("process.hash.md5")),
            ("Rule", Text(field::RULE_NAME)),
            ("Intrusion ID", Text(field::RULE_ID)),
            ("Action", Text(field::EVENT_ACTION)),
            ("Actual action", Text(field::EVENT_ACTION)),
            ("File size (bytes)", Number(field::FILE_SIZE)),
            ("Intrusion URL", Text(field::URL_ORIGINAL)),
            ("Company name", name("file.pe.company")),
            ("Application version", name("file.pe.file_version")),
            ("Application name", name("file.pe.product")),
            ("Event Description", Nothing),
            ("Local Host IP", Nothing),
            ("Remote Host IP", Nothing),
            ("Local Port", Nothing),
            ("Remote Port", Nothing),
        ],
    )
});

impl Format for SymantecEp {
    fn name(&self) -> &'static str {
        "symantec_ep"
    }
    fn category(&self) -> &'static str {
        "mail"
    }
    fn product(&self) -> &'static str {
        "Symantec Endpoint Protection"
    }
    fn about(&self) -> &'static str {
        "external logging of Symantec Endpoint Protection Manager (techdocs.broadcom.com, external logging settings and log event severity)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "antivirus", product: "symantec", services: &["sep"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["SymantecServer"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            ",Event Description: ",
            ",Local Host IP: ",
            ",Local Host: ",
            ",Event time: ",
            ",Computer name: ",
            "Site: ",
            ",Occurrences: ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        cells(message).filter(|cell| memmem::find(cell, b": ").is_some()).take(3).count() == 3
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if !self.recognises(line.message) {
            return Err(reject("symantec_no_cells"));
        }
        read(line.message, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn cells(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    message.split(|b| *b == b',').take(MAX_CELLS)
}

fn read<'r>(message: &'r [u8], event: &mut Event<'r>) {
    let mut ends: [&[u8]; 4] = [b""; 4];
    let mut inbound = None;
    for (at, cell) in cells(message).enumerate() {
        match split(cell, b": ") {
            Some((b"Event Description", text)) => event.replace(field::MESSAGE, text),
            Some((key, value)) => {
                let key = if key == b"Local Host" { &b"Local Host IP"[..] } else { key };
                let place = ["Local Host IP", "Local Port", "Remote Host IP", "Remote Port"];
                if let Some(place) = place.iter().position(|name| name.as_bytes() == key) {
                    ends[place] = value;
                }
                if key == b"Computer name" || key == b"Computer" {
                    event.remove(field::HOST_NAME);
                }
                TABLE.set(event, key, value);
            }
            // the computer that it is about, before all keys
            None if at == 0 && cell.contains(&b' ') => event.replace(field::MESSAGE, cell),
            None if at == 0 && !cell.is_empty() => event.replace(field::HOST_NAME, cell),
            None if cell == b"Inbound" => inbound = Some(true),
            None if cell == b"Outbound" => inbound = Some(false),
            None => {}
        }
    }
    let [local, local_port, remote, remote_port] = ends;
    if !matches!(local, b"" | b"0.0.0.0") {
        event.set(field::HOST_IP, local);
    }
    let sides = match inbound {
        Some(true) => [(remote, remote_port), (local, local_port)],
        Some(false) => [(local, local_port), (remote, remote_port)],
        None => return,
    };
    event.set_static(field::NETWORK_DIRECTION, if inbound == Some(true) { "ingress" } else { "egress" });
    set_source(event, sides[0].0);
    set_number(event, field::SOURCE_PORT, sides[0].1);
    set_destination(event, sides[1].0);
    set_number(event, field::DESTINATION_PORT, sides[1].1);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "desk7,Event Description: ARP Cache Poison,Local Host IP: 192.0.2.17,Local Host MAC: 00005E005317,Remote Host Name: ,Remote Host IP: 203.0.113.66,Inbound,Intrusion ID: 99990,Begin: 2026-11-22 09:14:07,End Time: 2026-11-22 09:14:08,Occurrences: 1,Application: C:/x.exe,User Name: anna,Domain Name: example,Local Port: 445,Remote Port: 51515",
        expect: &[
            ("destination.address", "192.0.2.17"),
            ("destination.ip", "192.0.2.17"),
            ("destination.port", "445"),
            ("event.end", "2026-11-22T09:14:08Z"),
            ("event.start", "2026-11-22T09:14:07Z"),
            ("host.ip", "192.0.2.17"),
            ("message", "ARP Cache Poison"),
            ("network.direction", "ingress"),
            ("process.executable", "C:/x.exe"),
            ("rule.id", "99990"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("symantec.Occurrences", "1"),
            ("user.domain", "example"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "<54>Nov 22 09:14:07 sepm1 SymantecServer: desk7,Category: 0,Smc,Event Description: Received a new policy.,Event time: 2026-11-22 09:14:07,Group Name: Desks",
        expect: &[
            ("message", "Received a new policy."),
            ("process.name", "SymantecServer"),
            ("symantec.Category", "0"),
        ],
    },
    Example { raw: "<54>Nov 22 09:14:07 sepm1 SymantecServer: desk7,Category: 0", expect: &[] },
];
