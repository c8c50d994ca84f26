//! MongoDB's log before version 4.4.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, reject, set_number, set_source, split},
    signin,
    web::split_port,
};

/// MongoDB: `time severity COMPONENT [context] message`.
pub struct Mongodb;

impl Format for Mongodb {
    fn name(&self) -> &'static str {
        "mongodb"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "MongoDB"
    }
    fn about(&self) -> &'static str {
        "plain log lines of releases 2.6 to 4.2 (MongoDB 4.2: Log Messages)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "mongodb", services: &["mongodb"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["mongod", "mongos"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/mongod.log", "/mongodb/mongod.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).ok_or(reject("mongodb_header"))?;
        header.describe(event);
        describe(&header, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `2026-11-22T09:14:07.250+0100 I NETWORK  [conn4] message`; before 3.0 without severity and component.
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = layout::stamp(text).filter(|(_, stamp)| stamp.offset.is_some())?;
    let rest = rest.strip_prefix(b" ")?;
    let (level, rest) = match first_word(rest) {
        (level @ (b"F" | b"E" | b"W" | b"I" | b"D" | b"D1" | b"D2" | b"D3" | b"D4" | b"D5"), rest) => (level, rest),
        _ => (&b""[..], rest),
    };
    let (logger, rest) = if level.is_empty() { (&b""[..], rest) } else { first_word(rest.trim_ascii_start()) };
    let component = logger == b"-" || logger.iter().all(|b| b.is_ascii_uppercase() || *b == b'_');
    let (thread, message) = split(rest.trim_ascii_start().strip_prefix(b"[")?, b"]")?;
    let known = !level.is_empty() || thread.starts_with(b"conn") || thread.ends_with(b"listen");
    let message = message.trim_ascii_start();
    (component && known).then_some(layout::Header { stamp: Some(stamp), level, thread, logger, pid: None, message })
}

/// Connections and sign-ins.
fn describe<'r>(header: &layout::Header<'r>, event: &mut Event<'r>) {
    let message = header.message;
    if let Some(rest) = message.strip_prefix(b"connection accepted from ").or(message.strip_prefix(b"end connection "))
    {
        let (host, port) = split_port(first_word(rest).0);
        set_source(event, host);
        port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
        let ended = message.starts_with(b"end");
        event.classify("database", if ended { "end" } else { "connection" }, "", "");
    } else if let Some((user, rest)) = message
        .strip_prefix(b"SASL SCRAM-SHA-1 authentication failed for ")
        .or(message.strip_prefix(b"SASL SCRAM-SHA-256 authentication failed for "))
        .and_then(|rest| split(rest, b" on "))
    {
        event.set(field::USER_NAME, user);
        if let Some((_, peer)) = split(rest, b" from client ") {
            set_source(event, split_port(first_word(peer).0).0);
        }
        event.classify("authentication", "start", "", "failure");
    } else if let Some(rest) = message.strip_prefix(b"Successfully authenticated as principal ") {
        event.set(field::USER_NAME, first_word(rest).0);
        event.classify("authentication", "start", "", "success");
    } else if !signin::describe(message, event) {
        let failed = matches!(header.level, b"E" | b"F");
        event.classify("database", if failed { "error" } else { "info" }, "", "");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22T09:14:07.250+0100 I NETWORK  [listener] connection accepted from 203.0.113.66:51515 #4 (1 connection now open)",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "connection"),
            ("log.level", "I"),
            ("log.logger", "NETWORK"),
            ("message", "connection accepted from 203.0.113.66:51515 #4 (1 connection now open)"),
            ("process.thread.name", "listener"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250+0100 I ACCESS   [conn4] SASL SCRAM-SHA-1 authentication failed for admin on admin from client 203.0.113.66:51515 ; UserNotFound: Could not find user",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "I"),
            ("log.logger", "ACCESS"),
            (
                "message",
                "SASL SCRAM-SHA-1 authentication failed for admin on admin from client 203.0.113.66:51515 ; UserNotFound: Could not find user",
            ),
            ("process.thread.name", "conn4"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250+0100 I CONTROL  [initandlisten] build environment:",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "I"),
            ("log.logger", "CONTROL"),
            ("message", "build environment:"),
            ("process.thread.name", "initandlisten"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250+0100 [conn56] end connection 203.0.113.66:53276 (0 connections now open)",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "end"),
            ("message", "end connection 203.0.113.66:53276 (0 connections now open)"),
            ("process.thread.name", "conn56"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "53276"),
        ],
    },
    Example { raw: "2026-11-22T09:14:07.250+0100 I NETWORK no context", expect: &[] },
];
