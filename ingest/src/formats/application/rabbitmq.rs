//! RabbitMQ's node log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout::{self, quoted_after},
    scan::{reject, set_destination, set_number, set_source, split},
    web::split_port,
};

/// RabbitMQ: `time [level] <process> message`, and the reports of releases before 3.7.
pub struct Rabbitmq;

impl Format for Rabbitmq {
    fn name(&self) -> &'static str {
        "rabbitmq"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "RabbitMQ"
    }
    fn about(&self) -> &'static str {
        "node log lines, new and of the old error_logger; who was let in or refused (RabbitMQ: Logging; deps/rabbit/src/rabbit_reader.erl)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "rabbitmq", services: &["rabbitmq"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["] <0.", " REPORT==== "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some() || report(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).or_else(|| report(line.message)).ok_or(reject("rabbitmq_header"))?;
        header.describe(event);
        set_peers(header.message, event);
        if !access(header.message, event) {
            event.classify("", if header.is_error() { "error" } else { "info" }, "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `2026-11-22 09:14:07.250000+00:00 [info] <0.229.0> message`
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let header = layout::time_and_level(text)?;
    let (process, message) = split(header.message.strip_prefix(b"<")?, b">")?;
    let whole = process.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    whole.then(|| layout::Header { message: message.trim_ascii_start(), ..header })
}

/// `=INFO REPORT==== 22-Nov-2026::09:14:07 ===`, its text on the lines that follow.
fn report(text: &[u8]) -> Option<layout::Header<'_>> {
    let (level, rest) = split(text.strip_prefix(b"=")?, b" REPORT==== ")?;
    let (date, rest) = split(rest, b"::")?;
    let (clock, message) = split(rest, b" ===")?;
    let whole = [date, b" ", clock].concat();
    let (_, stamp) = layout::stamp(&whole)?;
    let message = message.trim_ascii();
    layout::is_level(level).then(|| layout::Header { stamp: Some(stamp), level, message, ..layout::Header::default() })
}

/// `connection <0.1.0> (192.0.2.7:51515 -> 192.0.2.1:5672): …`
fn set_peers<'r>(message: &'r [u8], event: &mut Event<'r>) {
    let begins = [&b"connection "[..], b"accepting ", b"clos", b"Error on AMQP"];
    let Some((from, rest)) = split(message, b"(").and_then(|(_, rest)| split(rest, b" -> ")) else { return };
    let Some((to, _)) = split(rest, b")").filter(|_| begins.iter().any(|word| message.starts_with(word))) else {
        return;
    };
    let ((host, port), (server, server_port)) = (split_port(from), split_port(to));
    set_source(event, host);
    set_destination(event, server);
    port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
    server_port.into_iter().for_each(|port| set_number(event, field::DESTINATION_PORT, port));
}

/// `PLAIN login refused: user 'x' - invalid credentials`, `HTTP access denied: user 'x' - …`, and who was let in.
fn access<'r>(message: &'r [u8], event: &mut Event<'r>) -> bool {
    let refusals = [&b" login refused: "[..], b"HTTP access denied: ", b" - invalid credentials"];
    let failed = refusals.iter().any(|mark| split(message, mark).is_some());
    let granted = split(message, b"' authenticated and granted access to vhost").is_some();
    if failed || granted {
        quoted_after(message, b"user ").into_iter().for_each(|user| event.set(field::USER_NAME, user));
        event.classify("authentication", "start", "", if failed { "failure" } else { "success" });
    }
    failed || granted
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.250000+00:00 [info] <0.229.0> Running boot step recovery defined by app rabbit",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("log.level", "info"),
            ("message", "Running boot step recovery defined by app rabbit"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.250 [info] <0.1398.0> connection <0.1398.0> (203.0.113.66:51515 -> 192.0.2.1:5672): user 'shop' authenticated and granted access to vhost '/'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("destination.port", "5672"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "info"),
            (
                "message",
                "connection <0.1398.0> (203.0.113.66:51515 -> 192.0.2.1:5672): user 'shop' authenticated and granted access to vhost '/'",
            ),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.name", "shop"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.250000+00:00 [error] <0.1400.0> PLAIN login refused: user 'guest' - invalid credentials",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "error"),
            ("message", "PLAIN login refused: user 'guest' - invalid credentials"),
            ("user.name", "guest"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.250000+00:00 [warning] <0.1401.0> HTTP access denied: user 'guest' - invalid credentials",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "warning"),
            ("message", "HTTP access denied: user 'guest' - invalid credentials"),
            ("user.name", "guest"),
        ],
    },
    Example {
        raw: "=INFO REPORT==== 22-Nov-2026::09:14:07 ===\nClosing all connections in vhost '/' on node 'rabbit@mq1'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("message", "Closing all connections in vhost '/' on node 'rabbit@mq1'"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07.250 [info] <0.x> message", expect: &[] },
];
