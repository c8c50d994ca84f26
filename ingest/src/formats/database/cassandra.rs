//! Apache Cassandra's system and debug logs.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{reject, set_number, set_some, split},
};

/// Cassandra: `LEVEL  [thread] time File.java:line - message`.
pub struct Cassandra;

impl Format for Cassandra {
    fn name(&self) -> &'static str {
        "cassandra"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "Apache Cassandra"
    }
    fn about(&self) -> &'static str {
        "system.log and debug.log: %-5level [%thread] %date{ISO8601} %F:%L - %msg (Apache Cassandra, conf/logback.xml)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "cassandra", services: &["cassandra"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/cassandra/system.log", "/cassandra/debug.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["INFO  [", "WARN  [", "ERROR [", "DEBUG [", "TRACE ["])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (header, place, trace) = read(line.message).ok_or(reject("cassandra_header"))?;
        if let Some((file, number)) = split(place, b":") {
            event.set(field::LOG_ORIGIN_FILE_NAME, file);
            set_number(event, field::LOG_ORIGIN_FILE_LINE, number);
        }
        set_some(event, field::ERROR_STACK_TRACE, trace);
        event.classify("database", if header.is_error() { "error" } else { "info" }, "", "");
        header.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The header, the place in the source (`Message.java:826`) and the stack trace that may follow.
fn read(message: &[u8]) -> Option<(layout::Header<'_>, &[u8], &[u8])> {
    let (first, trace) = split(message, b"\n").unwrap_or((message, b""));
    let (level, rest) = split(first, b" [")?;
    let (thread, rest) = split(rest, b"] ")?;
    let (rest, stamp) = layout::stamp(rest)?;
    let (place, text) = split(rest.trim_ascii_start(), b" - ")?;
    let level = level.trim_ascii_end();
    (split(place, b".java:").is_some() && layout::is_level(level)).then(|| {
        let header = layout::Header { stamp: Some(stamp), level, thread, message: text, ..layout::Header::default() };
        (header, place, trace)
    })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "INFO  [main] 2026-11-22 09:14:07,250 YamlConfigurationLoader.java:92 - Configuration location: file:/etc/cassandra/cassandra.yaml",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("log.origin.file.line", "92"),
            ("log.origin.file.name", "YamlConfigurationLoader.java"),
            ("message", "Configuration location: file:/etc/cassandra/cassandra.yaml"),
            ("process.thread.name", "main"),
        ],
    },
    Example {
        raw: "WARN  [Native-Transport-Requests-1] 2026-11-22 09:14:07,250 Message.java:826 - Unexpected exception during request\njava.io.IOException: Connection reset by peer",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("error.stack_trace", "java.io.IOException: Connection reset by peer"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "WARN"),
            ("log.origin.file.line", "826"),
            ("log.origin.file.name", "Message.java"),
            ("message", "Unexpected exception during request"),
            ("process.thread.name", "Native-Transport-Requests-1"),
        ],
    },
    Example { raw: "INFO  [main] yesterday YamlConfigurationLoader.java:92 - Configuration", expect: &[] },
];
