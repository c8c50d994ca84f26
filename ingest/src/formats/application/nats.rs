//! NATS server's log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, ip, reject, set_number, split},
    signin,
    web::split_port,
};

/// NATS: `[pid] time [LVL] message`.
pub struct Nats;

impl Format for Nats {
    fn name(&self) -> &'static str {
        "nats"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "NATS"
    }
    fn about(&self) -> &'static str {
        "server log lines with the client of connection messages (NATS: Logging; server/log.go)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "nats", services: &["nats"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["[INF] ", "[TRC] ", "[DBG] ", "[WRN] ", "[ERR] ", "[FTL] "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (header, level) = read(line.message).ok_or(reject("nats_header"))?;
        header.describe(event);
        event.set_static(field::LOG_LEVEL, level);
        client(header.message, event);
        if header.message.ends_with(b"authentication error") {
            event.classify("authentication", "start", "", "failure");
        } else if !signin::describe(header.message, event) {
            event.classify("", if matches!(level, "error" | "fatal") { "error" } else { "info" }, "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[4711] 2026/11/22 09:14:07.250000 [INF] message`, and the level's name in full.
fn read(text: &[u8]) -> Option<(layout::Header<'_>, &'static str)> {
    let (pid, rest) = split(text.strip_prefix(b"[")?, b"] ")?;
    let (rest, stamp) = layout::stamp(rest)?;
    let (level, message) = split(rest.strip_prefix(b" [")?, b"] ")?;
    let name = match level {
        b"INF" => "info",
        b"TRC" => "trace",
        b"DBG" => "debug",
        b"WRN" => "warn",
        b"ERR" => "error",
        b"FTL" => "fatal",
        _ => return None,
    };
    let pid = Some(integer(pid)?);
    Some((layout::Header { stamp: Some(stamp), pid, message, ..layout::Header::default() }, name))
}

/// `192.0.2.7:51515 - cid:3 - <<- [PUB orders 1583]`: what a client sent (`<<-`) or was sent (`->>`).
fn client<'r>(message: &'r [u8], event: &mut Event<'r>) {
    let (peer, rest) = first_word(message);
    let (host, port) = split_port(peer);
    let Some((host, _)) = ip(host).filter(|_| rest.starts_with(b"- ")) else { return };
    event.set(field::CLIENT_IP, host);
    port.into_iter().for_each(|port| set_number(event, field::CLIENT_PORT, port));
    if split(rest, b" - ->> ").is_some() {
        event.set_static(field::NETWORK_DIRECTION, "outbound");
    } else if split(rest, b" - <<- ").is_some() {
        event.set_static(field::NETWORK_DIRECTION, "inbound");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[4711] 2026/11/22 09:14:07.250000 [INF] Starting nats-server version 2.12.1",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("log.level", "info"),
            ("message", "Starting nats-server version 2.12.1"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "[4711] 2026/11/22 09:14:07.250000 [TRC] 203.0.113.66:51515 - cid:3 - <<- [PUB orders.new 1583]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("client.ip", "203.0.113.66"),
            ("client.port", "51515"),
            ("event.type", "info"),
            ("log.level", "trace"),
            ("message", "203.0.113.66:51515 - cid:3 - <<- [PUB orders.new 1583]"),
            ("network.direction", "inbound"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "[4711] 2026/11/22 09:14:07.250000 [TRC] 203.0.113.66:51515 - cid:3 - ->> [MSG orders.new 1 1583]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("client.ip", "203.0.113.66"),
            ("client.port", "51515"),
            ("event.type", "info"),
            ("log.level", "trace"),
            ("message", "203.0.113.66:51515 - cid:3 - ->> [MSG orders.new 1 1583]"),
            ("network.direction", "outbound"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "[4711] 2026/11/22 09:14:07.250000 [ERR] 203.0.113.66:51515 - cid:9 - authentication error",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("client.ip", "203.0.113.66"),
            ("client.port", "51515"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "error"),
            ("message", "203.0.113.66:51515 - cid:9 - authentication error"),
            ("process.pid", "4711"),
        ],
    },
    Example { raw: "[4711] 2026/11/22 09:14:07.250000 [???] Starting", expect: &[] },
];
