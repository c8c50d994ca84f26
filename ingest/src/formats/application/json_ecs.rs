//! JSON application logs in Elastic Common Schema.

use memchr::memmem;

use crate::{
    Event, Field,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::read_object,
    synonyms::settle_time,
};

/// JSON with ECS names: ecs-logging libraries, Elastic Agent, Beats.
pub struct JsonEcs;

/// How far into a record its ECS names are looked for.
const HEAD: usize = 4_096;

impl Format for JsonEcs {
    fn name(&self) -> &'static str {
        "json_ecs"
    }

    fn category(&self) -> &'static str {
        "application"
    }

    fn product(&self) -> &'static str {
        "ECS logging"
    }

    fn about(&self) -> &'static str {
        "one JSON object with ECS names, nested or dotted (Elastic Common Schema, ecs-logging specification)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "ecs", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&["\"ecs.version\"", "\"ecs\":", "\"@timestamp\""])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(HEAD)];
        let has = |name: &str| memmem::find(head, name.as_bytes()).is_some();
        message.starts_with(b"{")
            && (has("\"ecs.version\"")
                || has("\"ecs\":")
                || has("\"@timestamp\"") && (has("\"event\":{") || has("\"log.level\"")))
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read_object(line.message, "", event, Field::known)?;
        settle_time("ecs.", event);
        for one in [field::MESSAGE, field::HOST_NAME, field::PROCESS_NAME, field::PROCESS_PID] {
            event.keep_last(one);
        }
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"@timestamp":"2026-11-22T09:14:07.250Z","log.level":"warn","message":"login refused","ecs.version":"9.1.0","event":{"category":["authentication"],"outcome":"failure","action":"login"},"user":{"name":"b.jones"},"source":{"ip":"203.0.113.66","port":51515},"service.name":"portal"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("message", "login refused"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("user.name", "b.jones"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("service.name", "portal"),
            ("log.level", "warn"),
            ("ecs.version", "9.1.0"),
            ("event.action", "login"),
        ],
    },
    Example { raw: r#"{"@timestamp":"2026-11-22T09:14:07.250Z","log.level":"warn","ecs.version":"9.1"#, expect: &[] },
];
