//! Lines of `docker compose logs`: the service's name and a bar before each line.

use crate::{
    Event, Value,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    parse::Parser,
    record::{Kind, Record},
    scan::reject,
};

/// Docker Compose: `service  | text`; the text is read as if it had come by itself.
pub struct Compose;

/// Longest name of a service with its blanks.
const MAX_NAME: usize = 96;

impl Format for Compose {
    fn name(&self) -> &'static str {
        "docker_compose"
    }
    fn category(&self) -> &'static str {
        "container"
    }
    fn product(&self) -> &'static str {
        "Docker Compose"
    }
    fn about(&self) -> &'static str {
        "lines of `docker compose logs`: service, bar, a line of a known format (docs.docker.com/reference/cli/docker/compose/logs)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "docker", services: &["compose"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" | "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some_and(|(_, text)| inner_format(text))
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (service, text) = read(line.message).ok_or(reject("compose_no_service"))?;
        let (received, origin) = (event.received, event.origin.clone());
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: text };
        let inner = Parser::default().parse(&record, Event::new(&record));
        if inner.format.is_none() {
            return Err(reject("compose_unknown_text"));
        }
        event.set(field::CONTAINER_NAME, service);
        event.remove(field::MESSAGE);
        for (field, value) in inner.fields() {
            match inner.value_bytes(*value) {
                Some(bytes) if matches!(value, Value::Raw(..) | Value::Text(..)) => event.set(*field, &bytes),
                _ => event.push(*field, *value),
            }
        }
        event.logsource = inner.logsource;
        if event.get(field::MESSAGE).is_none() {
            event.set(field::MESSAGE, text);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Whether the text is of a known format, and no second name with a bar.
fn inner_format(text: &[u8]) -> bool {
    let origin = crate::Origin::new(crate::Transport::File, "");
    let record =
        Record { received: Default::default(), origin: &origin, kind: Kind::Line, truncated: false, raw: text };
    read(text).is_none() && Parser::default().parse(&record, Event::new(&record)).format.is_some()
}

/// `guacamole_1     | text`
fn read(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let bar = memchr::memchr(b'|', &text[..text.len().min(MAX_NAME)])?;
    let name = text[..bar].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    let text = text[bar + 1..].strip_prefix(b" ")?;
    (is_name && name.len() < bar).then_some((name, text))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"web_1      | 203.0.113.66 - - [22/Nov/2026:09:14:07 +0100] "GET / HTTP/1.1" 200 5 "-" "curl/8.14.1""#,
        expect: &[
            ("container.name", "web_1"),
            ("event.category", "web"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("http.request.method", "GET"),
            ("http.response.body.bytes", "5"),
            ("http.response.status_code", "200"),
            ("http.version", "1.1"),
            ("message", r#"203.0.113.66 - - [22/Nov/2026:09:14:07 +0100] "GET / HTTP/1.1" 200 5 "-" "curl/8.14.1""#),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/"),
            ("url.path", "/"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: "web_1      | something happened", expect: &[] },
];
