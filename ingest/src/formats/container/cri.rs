//! Lines of containers, as containerd and CRI-O write them.

use crate::{
    Event, Value,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    parse::Parser,
    record::{Kind, Record},
    scan::{reject, split},
};

/// CRI: `time stream tag text`; the text is read as if it had come by itself.
pub struct Cri;

impl Format for Cri {
    fn name(&self) -> &'static str {
        "cri"
    }
    fn category(&self) -> &'static str {
        "container"
    }
    fn product(&self) -> &'static str {
        "containerd, CRI-O"
    }
    fn about(&self) -> &'static str {
        "container log lines: timestamp, stdout or stderr, F or P, text (Kubernetes: CRI logging format)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "containerd", services: &["cri"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" stdout F ", " stderr F ", " stdout P ", " stderr P "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (stamp, stream, text) = read(line.message).ok_or(reject("cri_header"))?;
        let (received, origin) = (event.received, event.origin.clone());
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: text };
        // a line inside a line inside a line is nobody's: one is read
        let mut inner = Event::new(&record);
        if read(text).is_none() {
            inner = Parser::default().parse(&record, inner);
        }
        event.set_stamp(field::TIMESTAMP, stamp);
        event.set(field::CONTAINER_STREAM, stream);
        event.remove(field::MESSAGE);
        for (field, value) in inner.fields() {
            match inner.value_bytes(*value) {
                Some(bytes) if matches!(value, Value::Raw(..) | Value::Text(..)) => event.set(*field, &bytes),
                _ => event.push(*field, *value),
            }
        }
        if inner.format.is_some() {
            event.logsource = inner.logsource;
        }
        if event.get(field::MESSAGE).is_none() {
            event.set(field::MESSAGE, text);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `2026-11-22T09:14:07.250000000+01:00 stdout F text`
fn read(text: &[u8]) -> Option<(crate::envelope::Stamp, &[u8], &[u8])> {
    let (rest, stamp) = layout::stamp(text).filter(|(_, stamp)| stamp.offset.is_some())?;
    let (stream, rest) = split(rest.strip_prefix(b" ")?, b" ")?;
    let text = rest.strip_prefix(b"F ").or(rest.strip_prefix(b"P "))?;
    matches!(stream, b"stdout" | b"stderr").then_some((stamp, stream, text))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026-11-22T09:14:07.250000000+01:00 stdout F 203.0.113.66 - - [22/Nov/2026:09:14:07 +0100] "GET / HTTP/1.1" 200 5 "-" "curl/8.14.1""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("cri.stream", "stdout"),
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
    Example {
        raw: "2026-11-22T09:14:07.250000000Z stderr F something happened",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("cri.stream", "stderr"),
            ("message", "something happened"),
        ],
    },
    Example { raw: "2026-11-22T09:14:07.250000000Z stdwhat F something happened", expect: &[] },
];
