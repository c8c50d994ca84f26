//! Apache ActiveMQ's broker and audit logs.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{reject, rsplit, split},
    signin,
};

/// ActiveMQ: parts between bars.
pub struct Activemq;

impl Format for Activemq {
    fn name(&self) -> &'static str {
        "activemq"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Apache ActiveMQ"
    }
    fn about(&self) -> &'static str {
        "activemq.log (%d | %-5p | %m | %c | %t) and audit.log (%-5p | %m | %t) (Apache ActiveMQ, conf/log4j2.properties)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "activemq", services: &["activemq"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/activemq.log", "/activemq/audit.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["  | ", " | org.apache.activemq", " | main"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut header = read(line.message).ok_or(reject("activemq_header"))?;
        // the audit log: `admin called org.apache.activemq…`, `admin requested /admin/deleteDestination.action`
        if header.stamp.is_none()
            && let Some((user, _)) = split(header.message, b" called ").or(split(header.message, b" requested "))
            && !user.contains(&b' ')
        {
            event.set(field::USER_NAME, user);
            header.message = header.message[user.len()..].trim_ascii_start();
        }
        if !signin::describe(header.message, event) {
            event.classify("", if header.is_error() { "error" } else { "info" }, "", "");
        }
        header.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `time | LEVEL | message | logger | thread`, or `LEVEL | message | thread` in the audit log.
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = match layout::stamp(text) {
        Some((rest, stamp)) => (rest.strip_prefix(b" | ")?, Some(stamp)),
        None => (text, None),
    };
    let (level, rest) = split(rest, b"|")?;
    let level = level.trim_ascii();
    let (rest, thread) = rsplit(rest.split(|b| *b == b'\n').next()?, b" | ")?;
    let (message, logger) = if stamp.is_some() { rsplit(rest, b" | ")? } else { (rest, &b""[..]) };
    let message = message.trim_ascii();
    layout::is_level(level).then_some(layout::Header { stamp, level, thread, logger, message, pid: None })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,250 | INFO  | Connector stomp stopped | org.apache.activemq.broker.TransportConnector | main",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("log.logger", "org.apache.activemq.broker.TransportConnector"),
            ("message", "Connector stomp stopped"),
            ("process.thread.name", "main"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07,250 | WARN  | Failed login from 203.0.113.66 | org.apache.activemq.broker.TransportConnection.Transport | ActiveMQ Transport: tcp:///203.0.113.66:51515@61616",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARN"),
            ("log.logger", "org.apache.activemq.broker.TransportConnection.Transport"),
            ("message", "Failed login from 203.0.113.66"),
            ("process.thread.name", "ActiveMQ Transport: tcp:///203.0.113.66:51515@61616"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "INFO  | admin called org.apache.activemq.broker.jmx.QueueView.purge[] at 22-11-2026 09:14:07,250 | qtp443290224-47",
        expect: &[
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("message", "called org.apache.activemq.broker.jmx.QueueView.purge[] at 22-11-2026 09:14:07,250"),
            ("process.thread.name", "qtp443290224-47"),
            ("user.name", "admin"),
        ],
    },
    Example { raw: "INFO  | nothing called", expect: &[] },
];
