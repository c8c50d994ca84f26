//! Windows Firewall's pfirewall.log: W3C columns in a fixed order.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::reject,
    table::{Cells, Table, To, set_date_time, verdict},
};

/// Windows Defender Firewall's text log.
pub struct WindowsFirewall;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new("windows.firewall.", COLUMNS).without(&["-"]));

const COLUMNS: &[(&str, To)] = &[
    ("date", To::Nothing),
    ("time", To::Nothing),
    ("action", To::Lower(field::EVENT_ACTION)),
    ("protocol", To::Transport),
    ("src-ip", To::Source),
    ("dst-ip", To::Destination),
    ("src-port", To::Number(field::SOURCE_PORT)),
    ("dst-port", To::Number(field::DESTINATION_PORT)),
    ("size", To::Number(field::NETWORK_BYTES)),
    ("tcpflags", To::Own),
    ("tcpsyn", To::Own),
    ("tcpack", To::Own),
    ("tcpwin", To::Own),
    ("icmptype", To::Own),
    ("icmpcode", To::Own),
    ("info", To::Own),
    ("path", To::Own),
    ("pid", To::Number(field::PROCESS_PID)),
];

impl Format for WindowsFirewall {
    fn name(&self) -> &'static str {
        "windows_firewall"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Windows Defender Firewall"
    }
    fn about(&self) -> &'static str {
        "pfirewall.log (learn.microsoft.com, Configure Windows Firewall logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "windows", services: &["firewall"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" DROP ", " ALLOW ", " OPEN ", " CLOSE ", " OPEN-INBOUND ", " INFO-EVENTS-LOST "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let dated = message.get(..20).is_some_and(|head| {
            head.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b' ')) && head[10] == b' '
        });
        dated && Cells::between(message, b' ').take(17).count() >= 16
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let cells = Cells::between(line.message, b' ');
        let [date, time, action, path] = TABLE.read_cells(event, cells, ["date", "time", "action", "path"]);
        if action.is_empty() || !action.iter().all(|b| b.is_ascii_uppercase() || *b == b'-') {
            return Err(reject("windows_firewall_no_action"));
        }
        set_date_time(event, field::TIMESTAMP, date, time, b"");
        event.classify("network", "connection", "", "");
        match (action, verdict(action)) {
            (b"OPEN" | b"OPEN-INBOUND", _) => event.set_static(field::EVENT_TYPE, "start"),
            (b"CLOSE", _) => event.set_static(field::EVENT_TYPE, "end"),
            (_, "") => {}
            (_, verdict) => event.set_static(field::EVENT_TYPE, verdict),
        }
        match path {
            b"RECEIVE" => event.set_static(field::NETWORK_DIRECTION, "inbound"),
            b"SEND" => event.set_static(field::NETWORK_DIRECTION, "outbound"),
            _ => {}
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07 DROP TCP 203.0.113.66 192.0.2.20 40001 3389 52 S 123456789 0 64240 - - - RECEIVE",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "drop"),
            ("network.transport", "tcp"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("source.port", "40001"),
            ("destination.port", "3389"),
            ("network.bytes", "52"),
            ("windows.firewall.tcpflags", "S"),
            ("windows.firewall.tcpsyn", "123456789"),
            ("windows.firewall.tcpack", "0"),
            ("windows.firewall.tcpwin", "64240"),
            ("windows.firewall.path", "RECEIVE"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("network.direction", "inbound"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08 ALLOW UDP 192.0.2.20 192.0.2.53 51515 53 0 - - - - - - - SEND 1234",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "allow"),
            ("network.transport", "udp"),
            ("source.address", "192.0.2.20"),
            ("source.ip", "192.0.2.20"),
            ("destination.address", "192.0.2.53"),
            ("destination.ip", "192.0.2.53"),
            ("source.port", "51515"),
            ("destination.port", "53"),
            ("network.bytes", "0"),
            ("windows.firewall.path", "SEND"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("network.direction", "outbound"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09 DROP ICMP 203.0.113.66 192.0.2.20 - - 60 - - - - 8 0 - RECEIVE",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "drop"),
            ("network.transport", "icmp"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("network.bytes", "60"),
            ("windows.firewall.icmptype", "8"),
            ("windows.firewall.icmpcode", "0"),
            ("windows.firewall.path", "RECEIVE"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("network.direction", "inbound"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09 7 DROP ICMP 203.0.113.66 192.0.2.20 - - 60 - - - - 8 0 - RECEIVE",
        expect: &[],
    },
];
