//! Zeek's logs as tab-separated values, with their header or without.

mod columns;
mod logs;
mod settle;

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use crate::{
    Event, Field, Value,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, reject},
    time,
};

pub use columns::{by_name, known_field};
pub use logs::{LOGS, Log};
pub use settle::settle;

use columns::{Column, Kind, MAX_COLUMNS};

/// Zeek's TSV: each log by its header, by its file's name, or by the number and kinds of its columns.
pub struct Zeek;

/// Columns that every record about a connection has: time, uid, and two ends.
const CONNECTION_COLUMNS: [(Field, Kind); 6] = [
    (field::TIMESTAMP, Kind::Time),
    (field::ZEEK_UID, Kind::Uid),
    (field::SOURCE_IP, Kind::Address),
    (field::SOURCE_PORT, Kind::Port),
    (field::DESTINATION_IP, Kind::Address),
    (field::DESTINATION_PORT, Kind::Port),
];

impl Format for Zeek {
    fn name(&self) -> &'static str {
        "zeek"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Zeek (TSV)"
    }
    fn about(&self) -> &'static str {
        "Zeek's tab-separated logs, with header or without (docs.zeek.org, Zeek Log Formats and Inspection)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "zeek", services: &[] }
    }
    fn structure(&self) -> Structure {
        // an epoch begins with 1 until 2033
        Structure::Begins(&[
            "1",
            "2",
            "#separator ",
            "#set_separator\t",
            "#empty_field\t",
            "#unset_field\t",
            "#path\t",
            "#open\t",
            "#close\t",
            "#fields\t",
            "#types\t",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"#") || stamp_end(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if line.message.starts_with(b"#") {
            return with_header(line.message, event);
        }
        stamp_end(line.message).ok_or(reject("zeek_no_time"))?;
        let values = split_columns(line.message.strip_suffix(b"\n").unwrap_or(line.message));
        let name = event.origin.path.as_deref().and_then(log_of_path);
        let layout = columns::find(&values, name.as_deref()).or_else(|| columns::find(&values, None));
        match layout {
            Some(layout) => {
                set_columns(&layout.columns, &values, event);
                settle(Some(layout.log), event);
            }
            None if values.len() >= CONNECTION_COLUMNS.len() && is_connection(&values) => {
                let known = CONNECTION_COLUMNS.map(|(field, kind)| Column { field: Some(field), kind });
                set_columns(&known, &values, event);
                settle(None, event);
            }
            None => return Err(reject("zeek_columns_of_no_log")),
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Where the time of a line ends: ten digits, a point, digits, a tab.
fn stamp_end(message: &[u8]) -> Option<usize> {
    let end = memchr(b'\t', &message[..message.len().min(20)])?;
    let whole = message.get(..10)?.iter().all(u8::is_ascii_digit);
    let fraction = message.get(10..end)?.strip_prefix(b".").is_some_and(|f| f.iter().all(u8::is_ascii_digit));
    (whole && (fraction || end == 10)).then_some(end)
}

fn is_connection(values: &[&[u8]]) -> bool {
    CONNECTION_COLUMNS.iter().zip(values).all(|((_, kind), value)| kind.fits(value) && *value != b"-")
}

fn split_columns(line: &[u8]) -> Vec<&[u8]> {
    let mut columns = Vec::with_capacity(32);
    let mut from = 0;
    for tab in memchr_iter(b'\t', line).take(MAX_COLUMNS - 1) {
        columns.push(&line[from..tab]);
        from = tab + 1;
    }
    columns.push(&line[from..]);
    columns
}

/// The log that a file of this name holds: `conn.log`, `conn.00:00:00-01:00:00.log.gz`, `conn_20261122.log`.
fn log_of_path(path: &str) -> Option<Cow<'static, str>> {
    let file = path.rsplit('/').next()?;
    let stem = file.split('.').next()?;
    by_name(stem).map(|log| Cow::Borrowed(log.name))
}

/// A header line, or a header with the line that it explains behind it.
fn with_header<'r>(message: &'r [u8], event: &mut Event<'r>) -> Result<(), Reject> {
    let (mut path, mut fields, mut types) = (&b""[..], Vec::new(), Vec::new());
    for line in message.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.strip_prefix(b"#") {
            Some(line) => match memchr(b'\t', line).map(|at| (&line[..at], &line[at + 1..])) {
                Some((b"path", name)) => path = name,
                Some((b"fields", names)) => fields = split_columns(names),
                Some((b"types", names)) => types = split_columns(names),
                Some((b"separator" | b"set_separator" | b"empty_field" | b"unset_field" | b"open" | b"close", _)) => {}
                None if line.starts_with(b"separator ") => {}
                _ => return Err(reject("zeek_unknown_header")),
            },
            None if line.is_empty() => {}
            None if fields.is_empty() => return Err(reject("zeek_no_fields")),
            None => {
                let (log, columns) = columns::from_header(path, &fields, &types);
                set_columns(&columns, &split_columns(line), event);
                settle(log, event);
                return Ok(());
            }
        }
    }
    event.set_static(field::EVENT_DATASET, "zeek.header");
    event.classify("", "info", "", "");
    Ok(())
}

fn set_columns(columns: &[Column], values: &[&[u8]], event: &mut Event<'_>) {
    for (column, value) in columns.iter().zip(values) {
        let Some(field) = column.field else { continue };
        if matches!(*value, b"-" | b"(empty)" | b"") {
            continue;
        }
        match column.kind {
            Kind::Several | Kind::Addresses => {
                value.split(|b| *b == b',').for_each(|one| set_text(field, one, event));
            }
            kind => set_value(field, kind, value, event),
        }
    }
}

fn set_value(field: Field, kind: Kind, value: &[u8], event: &mut Event<'_>) {
    match kind {
        Kind::Time if field != field::TIMESTAMP => match time::read(value) {
            Some(stamp) => event.set_stamp(field, stamp),
            None => event.set(field, value),
        },
        Kind::Count | Kind::Port => match integer(value) {
            Some(number) => event.set_int(field, number),
            None => event.set(field, value),
        },
        Kind::Interval | Kind::Double => match std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()) {
            Some(number) => event.push(field, Value::Float(number)),
            None => event.set(field, value),
        },
        Kind::Bool => event.push(field, Value::Bool(value == b"T")),
        _ => set_text(field, value, event),
    }
}

/// Text without Zeek's escapes: `\x09` for a byte, `\\` for a backslash.
fn set_text(field: Field, value: &[u8], event: &mut Event<'_>) {
    if memchr(b'\\', value).is_none() {
        return event.set(field, value);
    }
    let mut plain = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        let byte = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        match rest {
            [b'\\', b'\\', tail @ ..] => {
                plain.push(b'\\');
                rest = tail;
            }
            [b'\\', b'x', a, b, tail @ ..] if byte(&[*a, *b]).is_some() => {
                plain.extend(byte(&[*a, *b]));
                rest = tail;
            }
            _ => {
                plain.push(*first);
                rest = tail;
            }
        }
    }
    event.set(field, &plain);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "1795338847.250000\tCa1b2c3d4e5f6g7h8\t192.0.2.17\t51515\t198.51.100.53\t53\tudp\t4711\t0.012500\twww.example.com\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\tedge.example.net,203.0.113.80\t60.000000,30.000000\tF",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("zeek.uid", "Ca1b2c3d4e5f6g7h8"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("destination.ip", "198.51.100.53"),
            ("destination.address", "198.51.100.53"),
            ("destination.port", "53"),
            ("network.transport", "udp"),
            ("network.protocol", "dns"),
            ("dns.id", "4711"),
            ("event.duration", "12500000"),
            ("dns.question.name", "www.example.com"),
            ("dns.question.type", "A"),
            ("dns.question.class", "IN"),
            ("dns.response_code", "NOERROR"),
            ("dns.answers.data", "edge.example.net"),
            ("dns.answers.data", "203.0.113.80"),
            ("dns.answers.ttl", "60.000000"),
            ("dns.answers.ttl", "30.000000"),
            ("dns.resolved_ip", "203.0.113.80"),
            ("dns.header_flags", "RD"),
            ("dns.header_flags", "RA"),
            ("dns.type", "answer"),
            ("zeek.dns.qclass", "1"),
            ("zeek.dns.qclass_name", "C_INTERNET"),
            ("zeek.dns.qtype", "1"),
            ("zeek.dns.rcode", "0"),
            ("zeek.dns.AA", "false"),
            ("zeek.dns.TC", "false"),
            ("zeek.dns.RD", "true"),
            ("zeek.dns.RA", "true"),
            ("zeek.dns.Z", "0"),
            ("zeek.dns.rejected", "false"),
            ("event.dataset", "zeek.dns"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "1795338848.000001\tCa1b2c3d4e5f6g7h9\t192.0.2.17\t51516\t203.0.113.80\t445\t\\\\\\\\files1\\\\share\tIPC\t-\tPIPE",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.000001Z"),
            ("zeek.uid", "Ca1b2c3d4e5f6g7h9"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51516"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "445"),
            ("file.path", r"\\files1\share"),
            ("zeek.smb_mapping.service", "IPC"),
            ("zeek.smb_mapping.share_type", "PIPE"),
            ("network.transport", "tcp"),
            ("network.protocol", "smb"),
            ("event.dataset", "zeek.smb_mapping"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tbadge\n#open\t2026-11-22-09-00-00\n#fields\tts\tid.orig_h\tdoor\topen\ttags\n#types\ttime\taddr\tstring\tbool\tset[string]\n1795338847.250000\t192.0.2.17\tnorth \\x41\tT\ta,b",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("zeek.badge.door", "north A"),
            ("zeek.badge.open", "true"),
            ("zeek.badge.tags", "a"),
            ("zeek.badge.tags", "b"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example { raw: "#fields\tts\tuid\tid.orig_h", expect: &[("event.dataset", "zeek.header"), ("event.type", "info")] },
    Example {
        raw: "1795338848.000001\tCa1b2c3d4e5f6g7h9\t192.0.2.17\t51516\t203.0.113.80\t8080\tone\ttwo\tthree",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.000001Z"),
            ("zeek.uid", "Ca1b2c3d4e5f6g7h9"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51516"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "8080"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example { raw: "1795338848.000001\tnothing\tthat\tZeek\twrites", expect: &[] },
    Example { raw: "#fields of gold", expect: &[] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_of_a_line_is_told_by_its_columns() {
        for (log, line) in [
            (
                "conn",
                "1795338847.2\tCabc\t192.0.2.1\t5\t192.0.2.2\t6\ttcp\tssl\t1.5\t3\t4\tSF\tT\tF\t0\tShADadFf\t5\t300\t6\t400\t-",
            ),
            ("weird", "1795338847.2\tCabc\t192.0.2.1\t5\t192.0.2.2\t6\tbad_TCP_checksum\t-\tF\tzeek\tTCP"),
            ("syslog", "1795338847.2\tCabc\t192.0.2.1\t5\t192.0.2.2\t514\tudp\tLOCAL0\tINFO\thello"),
            ("known_hosts", "1795338847.2\t192.0.2.1"),
            ("ocsp", "1795338847.2\tFabc\tsha1\tAB\tCD\t01\tgood\t-\t-\t1795338847.0\t1795338999.0"),
        ] {
            let values = split_columns(line.as_bytes());
            assert_eq!(columns::find(&values, None).map(|layout| layout.log.name), Some(log), "{line}");
        }
    }

    #[test]
    fn columns_that_two_logs_could_have_are_nobodys() {
        let values = split_columns(b"1795338847.2\tCabc\t192.0.2.1\t5\t192.0.2.2\t6\t-\t-\t-\t-");
        assert!(columns::find(&values, None).is_none());
        assert_eq!(columns::find(&values, Some("dce_rpc")).map(|layout| layout.log.name), Some("dce_rpc"));
    }

    #[test]
    fn every_name_of_a_log_stands_once() {
        for log in LOGS {
            assert_eq!(LOGS.iter().filter(|other| other.name == log.name).count(), 1, "{}", log.name);
            assert_eq!(log.dataset, format!("zeek.{}", log.name));
        }
    }
}
