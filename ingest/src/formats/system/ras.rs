//! Event logs of IBM's Blue Gene and of Linux clusters that were collected with it.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, split},
    time,
};

/// Blue Gene: `category epoch date node time node RAS facility level message`; clusters: the syslog line behind the node.
pub struct Ras;

impl Format for Ras {
    fn name(&self) -> &'static str {
        "ras"
    }
    fn category(&self) -> &'static str {
        "system"
    }
    fn product(&self) -> &'static str {
        "IBM Blue Gene, Linux clusters"
    }
    fn about(&self) -> &'static str {
        "RAS event log lines and collected syslog with their alert category (Oliner and Stearley: What Supercomputers Say; USENIX CFDR)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "", services: &["ras"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" RAS ", " NULL DISCOVERY "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let Read { category, stamp, node, facility, level, message } =
            read(line.message).ok_or(reject("ras_header"))?;
        event.set_stamp(field::TIMESTAMP, stamp);
        event.replace(field::HOST_NAME, node);
        if category != b"-" {
            event.set(field::EVENT_CODE, category);
        }
        let header = layout::Header { level, logger: facility, message, ..layout::Header::default() };
        event.classify("", if header.is_error() || level == b"FAILURE" { "error" } else { "info" }, "", "");
        header.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Read<'r> {
    category: &'r [u8],
    stamp: crate::envelope::Stamp,
    node: &'r [u8],
    facility: &'r [u8],
    level: &'r [u8],
    message: &'r [u8],
}

/// `- 1117838570 2005.06.03 R02-M1 2005-06-03-15.42.50.675872 R02-M1 RAS KERNEL INFO message`
fn read(text: &[u8]) -> Option<Read<'_>> {
    let (category, rest) = first_word(text);
    let (epoch, rest) = first_word(rest);
    let (date, rest) = first_word(rest);
    integer(epoch).filter(|_| epoch.len() == 10 && date.len() == 10 && date.get(4) == Some(&b'.'))?;
    let stamp = time::read(epoch)?;
    let (node, rest) = first_word(rest);
    let (_, rest) = first_word(rest);
    let (_, rest) = first_word(rest);
    let (facility, rest) = split(rest.strip_prefix(b"RAS ").or(rest.strip_prefix(b"NULL "))?, b" ")?;
    let (level, message) = first_word(rest);
    let known = layout::is_level(level) || matches!(level, b"FAILURE");
    known.then_some(Read { category, stamp, node, facility, level, message })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "- 1795338847 2026.11.22 R02-M1-N0-C:J12-U11 2026-11-22-09.14.07.250000 R02-M1-N0-C:J12-U11 RAS KERNEL INFO instruction cache parity error corrected",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.type", "info"),
            ("host.name", "R02-M1-N0-C:J12-U11"),
            ("log.level", "INFO"),
            ("log.logger", "KERNEL"),
            ("message", "instruction cache parity error corrected"),
        ],
    },
    Example {
        raw: "KERNDTLB 1795338847 2026.11.22 R30-M0-N9-C:J16-U01 2026-11-22-09.14.07.250000 R30-M0-N9-C:J16-U01 RAS KERNEL FATAL data TLB error interrupt",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.code", "KERNDTLB"),
            ("event.type", "error"),
            ("host.name", "R30-M0-N9-C:J16-U01"),
            ("log.level", "FATAL"),
            ("log.logger", "KERNEL"),
            ("message", "data TLB error interrupt"),
        ],
    },
    Example { raw: "- 1795338847 2026.11.22 R02-M1 x y RAS KERNEL gossip", expect: &[] },
];
