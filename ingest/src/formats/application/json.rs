//! JSON application logs without a schema that we know.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::read_object,
    synonyms::{self, settle},
};

/// Any JSON object: what many applications call the same things, the rest under `json.`.
pub struct Json;

const OWN: &str = "json.";

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn category(&self) -> &'static str {
        "application"
    }

    fn product(&self) -> &'static str {
        "JSON application logs"
    }

    fn about(&self) -> &'static str {
        "one JSON object (RFC 8259) with usual names for time, level, message, user and address"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "json", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let rest = message.strip_prefix(b"{").map(|rest| rest.trim_ascii_start());
        rest.is_some_and(|rest| matches!(rest.first(), Some(b'"' | b'}')))
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read_object(line.message, OWN, event, synonyms::field)?;
        settle(OWN, event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"ts":1795338847.25,"level":"WARNING","logger":"auth","message":"invalid credentials","username":"b.jones","client_ip":"203.0.113.66:51515","tenant":{"id":7},"tags":["a","b"],"ok":false,"next":null}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("log.level", "WARNING"),
            ("log.logger", "auth"),
            ("message", "invalid credentials"),
            ("user.name", "b.jones"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("json.tenant.id", "7"),
            ("json.tags", "a"),
            ("json.tags", "b"),
            ("json.ok", "false"),
            ("json.next", "null"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("source.address", "203.0.113.66"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: r#"<14>Nov 22 09:14:07 app1 portal[4711]: {"time":"yesterday","msg":"served","method":"GET","path":"/a?b=1","status_code":"200"}"#,
        expect: &[
            ("host.name", "app1"),
            ("process.name", "portal"),
            ("message", "served"),
            ("url.path", "/a"),
            ("http.response.status_code", "200"),
            ("json.timestamp", "yesterday"),
            ("http.request.method", "GET"),
            ("url.original", "/a?b=1"),
            ("url.query", "b=1"),
        ],
    },
    Example { raw: r#"{"ts":1795338847.25,"level":"WARNING","logger":}"#, expect: &[] },
];
