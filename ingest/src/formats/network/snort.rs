//! Alerts of Snort and Suricata as text: fast, full, syslog and CSV.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{ip, reject, set_destination, set_number, set_source},
    table::{Cells, Table, To, set_lower},
    template::stamp,
    web,
};

/// Snort's text alerts, which Suricata's fast.log follows.
pub struct Snort;

const OWN: &str = "snort.";

impl Format for Snort {
    fn name(&self) -> &'static str {
        "snort"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Snort, Suricata (fast.log)"
    }
    fn about(&self) -> &'static str {
        "alert_fast, alert_full, alert_syslog and alert_csv of Snort 2 and 3 (docs.snort.org, alert logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "snort", services: &["snort"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["snort"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["[**] [", "] {", " ,1,", ",1,", "[Classification: "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let (_, text) = timed(message);
        is_alert(text) || csv(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_TYPE, "ids");
        if let Some(cells) = csv(line.message) {
            return read_csv(&cells, event);
        }
        let (time, text) = timed(line.message);
        if let Some(time) = time {
            event.set_stamp(field::TIMESTAMP, time);
        }
        // a full alert stands on several lines
        let flat = flat(text);
        read_alert(&flat, event).ok_or(reject("snort_no_alert"))
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `11/22-09:14:07.250000 `, `11/22/26-…`: a month and a day, with the year behind them or before.
fn timed(message: &[u8]) -> (Option<crate::envelope::Stamp>, &[u8]) {
    match day_stamp(message) {
        Some((stamp, rest)) => (Some(stamp), rest.trim_ascii_start()),
        None => (None, message),
    }
}

fn day_stamp(text: &[u8]) -> Option<(crate::envelope::Stamp, &[u8])> {
    let dash = text.iter().take(12).position(|b| *b == b'-')?;
    let mut parts = text[..dash].split(|b| *b == b'/');
    let number = |part: Option<&[u8]>| part.and_then(crate::scan::integer);
    let (first, second, third) = (number(parts.next())?, number(parts.next())?, number(parts.next()));
    // with a year Suricata writes month/day/year and Snort year/month/day: only one of them is a date, else the first
    let (month, day, year) = match third {
        None => (first, second, None),
        Some(third) if first > 12 => (second, third, Some(first)),
        Some(third) => (first, second, Some(third)),
    };
    let year = year.map(|year| if year < 100 { 2_000 + year } else { year });
    let clock = &text[dash + 1..];
    let iso = format!("{:04}-{month:02}-{day:02}T{}", year.unwrap_or(2_000), String::from_utf8_lossy(clock.get(..15)?));
    let (stamp, len) = stamp(iso.as_bytes())?;
    let rest = clock.get(len.checked_sub(11)?..)?;
    Some((crate::envelope::Stamp { has_year: year.is_some(), ..stamp }, rest))
}

/// The lines of an alert as one, single blanks between the words.
fn flat(text: &[u8]) -> Vec<u8> {
    let mut flat = Vec::with_capacity(text.len());
    for word in text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        if !flat.is_empty() {
            flat.push(b' ');
        }
        flat.extend_from_slice(word);
    }
    flat
}

/// `[**] [1:2013504:5] `, or without the marks before a classification or a priority.
fn is_alert(text: &[u8]) -> bool {
    let marked = text.strip_prefix(b"[**] ");
    let Some((ids, rest)) = marked.unwrap_or(text).strip_prefix(b"[").and_then(|rest| crate::scan::split(rest, b"] "))
    else {
        return false;
    };
    let numbers = ids.split(|b| *b == b':').filter(|id| crate::scan::integer(id).is_some()).count() == 3;
    numbers && (marked.is_some() || memchr::memmem::find(rest, b"[Priority: ").is_some())
}

const ALERT: [&str; 4] = ["intrusion_detection", "info", "", ""];

/// `[**] [1:2013504:5] text [**] [Classification: text] [Priority: 2] {TCP} 192.0.2.1:1 -> 192.0.2.2:2`, where the
/// classification, the priority, the marks and the braces may be absent.
fn read_alert(text: &[u8], event: &mut Event<'_>) -> Option<()> {
    let rest = text.strip_prefix(b"[**] ").unwrap_or(text).strip_prefix(b"[")?;
    let (ids, rest) = crate::scan::split(rest, b"] ")?;
    let mut ids = ids.split(|b| *b == b':');
    let (generator, id, version) = (ids.next()?, ids.next()?, ids.next()?);
    for number in [generator, id, version] {
        crate::scan::integer(number)?;
    }
    let marks = [&b" [**]"[..], b" [Classification: ", b" [Priority: "];
    let end = marks.iter().filter_map(|mark| memchr::memmem::find(rest, mark)).min()?;
    let (name, mut rest) = rest.split_at(end);
    rest = rest.strip_prefix(b" [**]").unwrap_or(rest).trim_ascii_start();
    let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
    event.set(field::RULE_ID, id);
    event.set(field::RULE_VERSION, version);
    event.set(field::RULE_NAME, name);
    event.set(field::RULE_DESCRIPTION, name);
    crate::pairs::set_own(event, OWN, b"gid", generator);
    while let Some(inner) = rest.strip_prefix(b"[") {
        let (inner, after) = crate::scan::split(inner, b"]")?;
        if let Some(class) = inner.strip_prefix(b"Classification: ") {
            event.set(field::RULE_CATEGORY, class);
        } else if let Some(priority) = inner.strip_prefix(b"Priority: ") {
            set_number(event, field::EVENT_SEVERITY, priority);
        }
        rest = after.strip_prefix(b":").unwrap_or(after).trim_ascii_start();
    }
    if let Some((protocol, after)) = rest.strip_prefix(b"{").and_then(|rest| crate::scan::split(rest, b"} ")) {
        protocol_of(event, protocol);
        rest = after;
    }
    // a full alert has the time before the ends and more behind them
    if let Some((time, after)) = day_stamp(rest) {
        event.set_stamp(field::TIMESTAMP, time);
        rest = after.trim_ascii_start();
    }
    ends(rest, event);
    event.set_static(field::EVENT_KIND, "alert");
    let [category, kind, action, outcome] = ALERT;
    event.classify(category, kind, action, outcome);
    Some(())
}

fn ends(text: &[u8], event: &mut Event<'_>) {
    let Some((from, to)) = crate::scan::split(text, b" -> ") else { return };
    let (to, more) = crate::scan::first_word(to);
    for (end, set, port) in [
        (from, set_source as fn(&mut Event<'_>, &[u8]), field::SOURCE_PORT),
        (to, set_destination, field::DESTINATION_PORT),
    ] {
        // IPv6 addresses are written in full, a port behind their eighth group
        let colons = end.iter().filter(|b| **b == b':').count();
        let has_port = colons == 1 || colons == 8;
        let (host, number) = if has_port { web::split_port(end) } else { (end, None) };
        if ip(host).is_some() {
            set(event, host);
            number.into_iter().for_each(|number| set_number(event, port, number));
        }
    }
    if event.get(field::NETWORK_TRANSPORT).is_none() {
        let word = crate::scan::first_word(more).0;
        if matches!(word, b"TCP" | b"UDP" | b"ICMP") {
            protocol_of(event, word);
        }
    }
}

fn protocol_of(event: &mut Event<'_>, name: &[u8]) {
    match name {
        b"TCP" => web::set_protocol_name(event, "tcp"),
        b"UDP" => web::set_protocol_name(event, "udp"),
        b"ICMP" => web::set_protocol_name(event, "icmp"),
        _ => set_lower(event, field::NETWORK_TRANSPORT, name),
    }
}

/// Snort 2's default columns (`alert_csv: default`).
const COLUMNS: [&str; 27] = [
    "timestamp",
    "sig_generator",
    "sig_id",
    "sig_rev",
    "msg",
    "proto",
    "src",
    "srcport",
    "dst",
    "dstport",
    "ethsrc",
    "ethdst",
    "ethlen",
    "tcpflags",
    "tcpseq",
    "tcpack",
    "tcplen",
    "tcpwindow",
    "ttl",
    "tos",
    "id",
    "dgmlen",
    "iplen",
    "icmptype",
    "icmpcode",
    "icmpid",
    "icmpseq",
];
/// pfSense's columns, which end otherwise.
const SHORT_COLUMNS: [&str; 15] = [
    "timestamp",
    "sig_generator",
    "sig_id",
    "sig_rev",
    "msg",
    "proto",
    "src",
    "srcport",
    "dst",
    "dstport",
    "id",
    "classification",
    "priority",
    "type",
    "action",
];

fn csv(message: &[u8]) -> Option<Vec<&[u8]>> {
    let message = message.trim_ascii();
    let (_, rest) = day_stamp(message)?;
    rest.trim_ascii_start().strip_prefix(b",")?;
    let cells: Vec<&[u8]> = Cells::new(message).take(40).map(|cell| cell.text.trim_ascii()).collect();
    let numbers = cells.get(1..4)?.iter().all(|cell| crate::scan::integer(cell).is_some());
    (numbers && cells.len() >= SHORT_COLUMNS.len() && ip(cells[6]).is_some()).then_some(cells)
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        OWN,
        &[
            ("timestamp", To::Nothing),
            ("sig_id", To::Text(field::RULE_ID)),
            ("sig_rev", To::Text(field::RULE_VERSION)),
            ("msg", To::All(&[To::Text(field::RULE_NAME), To::Text(field::RULE_DESCRIPTION)])),
            ("proto", To::With(protocol_of)),
            ("src", To::Source),
            ("srcport", To::Number(field::SOURCE_PORT)),
            ("dst", To::Destination),
            ("dstport", To::Number(field::DESTINATION_PORT)),
            ("ethsrc", To::Text(field::SOURCE_MAC)),
            ("ethdst", To::Text(field::DESTINATION_MAC)),
            ("classification", To::Text(field::RULE_CATEGORY)),
            ("priority", To::Number(field::EVENT_SEVERITY)),
            ("action", To::Lower(field::EVENT_ACTION)),
        ],
    )
});

fn read_csv(cells: &[&[u8]], event: &mut Event<'_>) -> Result<(), Reject> {
    if let Some((time, _)) = day_stamp(cells[0]) {
        event.set_stamp(field::TIMESTAMP, time);
    }
    let columns: &[&str] = if cells.len() == SHORT_COLUMNS.len() { &SHORT_COLUMNS } else { &COLUMNS };
    for (column, cell) in columns.iter().zip(cells) {
        TABLE.set(event, column.as_bytes(), cell);
    }
    event.set_static(field::EVENT_KIND, "alert");
    let [category, kind, action, outcome] = ALERT;
    event.classify(category, kind, action, outcome);
    Ok(())
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "11/22-09:14:07.250000  [**] [1:9000001:3] EXAMPLE odd request [**] [Classification: Attempted Information Leak] [Priority: 2] {TCP} 203.0.113.66:51515 -> 192.0.2.20:80",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("rule.id", "9000001"),
            ("rule.version", "3"),
            ("rule.name", "EXAMPLE odd request"),
            ("rule.description", "EXAMPLE odd request"),
            ("rule.category", "Attempted Information Leak"),
            ("snort.gid", "1"),
            ("event.severity", "2"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("network.transport", "tcp"),
            ("network.iana_number", "6"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("destination.ip", "192.0.2.20"),
            ("destination.address", "192.0.2.20"),
            ("destination.port", "80"),
            ("observer.type", "ids"),
        ],
    },
    Example {
        raw: "[**] [1:9000002:0] EXAMPLE ping [**]\n[Priority: 3] \n11/22-09:14:07.250000 203.0.113.66 -> 192.0.2.20\nICMP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:84",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("rule.id", "9000002"),
            ("rule.version", "0"),
            ("rule.name", "EXAMPLE ping"),
            ("rule.description", "EXAMPLE ping"),
            ("snort.gid", "1"),
            ("event.severity", "3"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("network.transport", "icmp"),
            ("network.iana_number", "1"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("destination.ip", "192.0.2.20"),
            ("destination.address", "192.0.2.20"),
            ("observer.type", "ids"),
        ],
    },
    Example { raw: "[**] [one:two:three] EXAMPLE [**] [Priority: 3] nothing", expect: &[] },
];
