//! Apache Kafka's broker, controller and state change logs.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout::{self, closing_bracket, trailing_logger},
    pairs::set_own,
    scan::{reject, set_some, split},
};

/// Kafka: `[time] LEVEL [component] message (logger)`.
pub struct Kafka;

impl Format for Kafka {
    fn name(&self) -> &'static str {
        "kafka"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Apache Kafka"
    }
    fn about(&self) -> &'static str {
        "broker, controller and state change log lines: [%d] %p %m (%c) (Apache Kafka, config/log4j.properties)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "kafka", services: &["kafka"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/kafka/server.log", "/kafka/controller.log", "/kafka/state-change.log", "/kafka/log-cleaner.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["[20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let first = split(message, b"\n").map_or(message, |(first, _)| first);
        trailing_logger(first.trim_ascii_end()).is_some() && layout::time_and_level(first).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        // a stack trace may follow
        let (first, trace) = split(line.message, b"\n").unwrap_or((line.message, b""));
        let mut header = layout::time_and_level(first.trim_ascii_end()).ok_or(reject("kafka_header"))?;
        if let Some((message, logger)) = trailing_logger(header.message) {
            (header.message, header.logger) = (message, logger);
        }
        if header.message.starts_with(b"[")
            && let Some(end) = closing_bracket(header.message)
        {
            set_own(event, "kafka.log.", b"component", &header.message[1..end]);
            let rest = &header.message[end + 1..];
            header.message = rest.strip_prefix(b":").or(rest.strip_prefix(b",")).unwrap_or(rest).trim_ascii_start();
        }
        set_some(event, field::ERROR_STACK_TRACE, trace);
        event.classify("", if header.is_error() { "error" } else { "info" }, "", "");
        header.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22 09:14:07,250] INFO [GroupCoordinator 1]: Stabilized group shop generation 3 (kafka.coordinator.group.GroupCoordinator)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("kafka.log.component", "GroupCoordinator 1"),
            ("log.level", "INFO"),
            ("log.logger", "kafka.coordinator.group.GroupCoordinator"),
            ("message", "Stabilized group shop generation 3"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:07,250] TRACE [Controller id=1 epoch=2] Received response for a request sent to broker kafka1.example.com:9092 (id: 1 rack: null) (state.change.logger)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("kafka.log.component", "Controller id=1 epoch=2"),
            ("log.level", "TRACE"),
            ("log.logger", "state.change.logger"),
            ("message", "Received response for a request sent to broker kafka1.example.com:9092 (id: 1 rack: null)"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:07,250] ERROR Error while reading checkpoint file (kafka.server.LogDirFailureChannel)\njava.io.IOException: No space left on device\n\tat java.io.File.create(Native Method)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            (
                "error.stack_trace",
                "java.io.IOException: No space left on device\n\tat java.io.File.create(Native Method)",
            ),
            ("event.type", "error"),
            ("log.level", "ERROR"),
            ("log.logger", "kafka.server.LogDirFailureChannel"),
            ("message", "Error while reading checkpoint file"),
        ],
    },
    Example { raw: "[2026-11-22 09:14:07,250] INFO", expect: &[] },
];
