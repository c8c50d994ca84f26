//! Redis's and Valkey's server log.

use crate::{
    Event,
    envelope::Line,
    envelope::{Stamp, bsd_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{integer, reject, set_number, set_source, split},
    time,
    web::split_port,
};

/// Redis: `pid:role time level message`, the layout before 3.0, and the slots' monitor lines.
pub struct Redis;

impl Format for Redis {
    fn name(&self) -> &'static str {
        "redis"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "Redis, Valkey"
    }
    fn about(&self) -> &'static str {
        "server log lines of all releases and of MONITOR (redis/redis, src/server.c serverLogRaw, src/replication.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "redis", services: &["redis"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["redis", "redis-server", "redis-sentinel", "valkey-server"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/redis-server.log", "/redis.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some() || monitor(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if let Some((header, level)) = read(line.message) {
            header.describe(event);
            event.set_static(field::LOG_LEVEL, level);
            event.classify("database", "info", "", "");
            return Ok(());
        }
        let (stamp, peer, command) = monitor(line.message).ok_or(reject("redis_header"))?;
        event.set_stamp(field::TIMESTAMP, stamp);
        let (host, port) = split_port(peer);
        set_source(event, host);
        port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
        event.replace(field::MESSAGE, command);
        event.classify("database", "access", "", "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `4711:M 22 Nov 2026 09:14:07.250 * message`, `[4711] 22 Nov 09:14:07 - message` or `22 Nov 09:14:07 . message`.
fn read(text: &[u8]) -> Option<(layout::Header<'_>, &'static str)> {
    let (pid, rest) = match text.strip_prefix(b"[") {
        Some(rest) => split(rest, b"] ").and_then(|(pid, rest)| Some((Some(integer(pid)?), rest)))?,
        None => match split(text, b":").filter(|(pid, _)| pid.len() < 9) {
            Some((pid, [b'M' | b'S' | b'C' | b'X', b' ', rest @ ..])) => (Some(integer(pid)?), rest),
            _ => (None, text),
        },
    };
    let (rest, stamp) = stamp(rest)?;
    let [b' ', mark, b' ', message @ ..] = rest else { return None };
    // redis.h: LL_DEBUG, LL_VERBOSE, LL_NOTICE, LL_WARNING
    let level = match mark {
        b'.' => "debug",
        b'-' => "verbose",
        b'*' => "notice",
        b'#' => "warning",
        _ => return None,
    };
    Some((layout::Header { stamp: Some(stamp), pid, message, ..layout::Header::default() }, level))
}

/// `22 Nov 2026 09:14:07.250`, or without the year and the fraction.
fn stamp(text: &[u8]) -> Option<(&[u8], Stamp)> {
    let (day, rest) = split(text.get(..text.len().min(32))?, b" ")?;
    integer(day).filter(|_| day.len() <= 2)?;
    let (month, _) = split(rest, b" ")?;
    if let Some(found) = layout::stamp(text) {
        return Some(found);
    }
    let clock = text.get(day.len() + month.len() + 2..)?;
    let end = clock.iter().take(12).take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')).count();
    let whole = [month, b" ", day, b" ", &clock[..end]].concat();
    let (left, stamp) = bsd_stamp(&whole)?;
    left.is_empty().then_some((&clock[end..], stamp))
}

/// `1795338847.250000 [0 192.0.2.7:51515] "get" "x"`
fn monitor(text: &[u8]) -> Option<(Stamp, &[u8], &[u8])> {
    let (clock, rest) = split(text, b" [")?;
    let (slot, rest) = split(rest, b" ")?;
    let (peer, command) = split(rest, b"] \"")?;
    integer(slot)?;
    let stamp = time::read(clock).filter(|_| clock.len() > 14 && clock.contains(&b'.'))?;
    (peer.len() < 64).then(|| (stamp, peer, &text[text.len() - command.len() - 1..]))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "4711:M 22 Nov 2026 09:14:07.250 * DB loaded from append only file: 0.000 seconds",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "notice"),
            ("message", "DB loaded from append only file: 0.000 seconds"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "[4711] 22 Nov 09:14:07 # Open data file dump.rdb: No such file or directory",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "warning"),
            ("message", "Open data file dump.rdb: No such file or directory"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "22 Nov 09:14:07 - 0 clients connected (0 slaves), 1179968 bytes in use",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "verbose"),
            ("message", "0 clients connected (0 slaves), 1179968 bytes in use"),
        ],
    },
    Example {
        raw: r#"1795338847.250000 [0 203.0.113.66:51515] "config" "get" "dir""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "access"),
            ("message", r#""config" "get" "dir""#),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
        ],
    },
    Example { raw: "4711:M 22 Nov 2026 nothing", expect: &[] },
];
