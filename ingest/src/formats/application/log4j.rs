//! Log4j, Logback, java.util.logging, Python, Serilog and NLog: lines with a time and a level.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout::{self, trailing_logger},
    scan::reject,
    signin,
};

/// Any line that begins with a time, a level, a thread and a logger in one of the usual layouts.
pub struct Log4j;

impl Format for Log4j {
    fn name(&self) -> &'static str {
        "log4j"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Log4j, Logback, Python logging, Serilog, NLog"
    }
    fn about(&self) -> &'static str {
        "a time, a level, a thread or process and a logger before the message (Log4j PatternLayout; Logback layouts; Python logging.Formatter; Serilog output templates)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "log4j", services: &[] }
    }
    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        matches!(message.first(), Some(b'0'..=b'9' | b'[')) && layout::read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut header = layout::read(line.message).ok_or(reject("log4j_header"))?;
        if let Some((message, logger)) = trailing_logger(header.message).filter(|_| header.logger.is_empty()) {
            (header.message, header.logger) = (message, logger);
        }
        header.describe(event);
        if !signin::describe(header.message, event) && header.is_error() {
            event.classify("", "error", "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,250 INFO [main] com.example.shop.Cart: basket 17 opened",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("log.level", "INFO"),
            ("log.logger", "com.example.shop.Cart"),
            ("message", "basket 17 opened"),
            ("process.thread.name", "main"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.250 [http-nio-8080-exec-3] ERROR c.e.shop.Payment - no answer from bank",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "error"),
            ("log.level", "ERROR"),
            ("log.logger", "c.e.shop.Payment"),
            ("message", "no answer from bank"),
            ("process.thread.name", "http-nio-8080-exec-3"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250+01:00  WARN 4711 --- [           main] c.e.shop.Application : slow start",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("log.level", "WARN"),
            ("log.logger", "c.e.shop.Application"),
            ("message", "slow start"),
            ("process.pid", "4711"),
            ("process.thread.name", "main"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07,250 - shop.auth - WARNING - Login failed for user b.jones from 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("log.logger", "shop.auth"),
            ("message", "Login failed for user b.jones from 203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:07 +0000] [4711] [INFO] Booting worker with pid: 4711",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "INFO"),
            ("message", "Booting worker with pid: 4711"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "26/11/22 09:14:07 INFO executor.Executor: Finished task 4.0 in stage 2.0",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "INFO"),
            ("log.logger", "executor.Executor"),
            ("message", "Finished task 4.0 in stage 2.0"),
        ],
    },
    Example {
        raw: "261122 091407 19 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_38865049064139660 terminating",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "INFO"),
            ("log.logger", "dfs.DataNode$PacketResponder"),
            ("message", "PacketResponder 1 for block blk_38865049064139660 terminating"),
            ("process.pid", "19"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07,250 [myid:1] - INFO  [QuorumPeer[myid=1](plain=/0.0.0.0:2181)(secure=disabled):Leader@85] - synced",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("log.level", "INFO"),
            ("log.logger", "Leader"),
            ("message", "synced"),
            ("process.thread.name", "QuorumPeer[myid=1](plain=/0.0.0.0:2181)(secure=disabled)"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07 WARNING (MainThread) [homeassistant.components.http.ban] Login attempt or request with invalid authentication from client.example.net (203.0.113.66). (curl/8.14.1)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("log.logger", "homeassistant.components.http.ban"),
            (
                "message",
                "Login attempt or request with invalid authentication from client.example.net (203.0.113.66). (curl/8.14.1)",
            ),
            ("process.thread.name", "MainThread"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.2|Warn|Auth|Auth-Failure ip 203.0.113.66 username 'b.jones'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.2Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "Warn"),
            ("log.logger", "Auth"),
            ("message", "Auth-Failure ip 203.0.113.66 username 'b.jones'"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "22-Nov-2026 09:14:07.250 SEVERE [main] org.example.Server.start cannot bind",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "error"),
            ("log.level", "SEVERE"),
            ("message", "org.example.Server.start cannot bind"),
            ("process.thread.name", "main"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07 nothing to see here", expect: &[] },
    Example { raw: "[2026-11-22 09:14:07,250 INFO", expect: &[] },
];
