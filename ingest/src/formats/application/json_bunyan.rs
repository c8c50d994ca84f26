//! JSON application logs of Bunyan and pino (Node.js).

use memchr::memmem;

use crate::{
    Event, Field, Value,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::read_object,
    synonyms::{self, settle},
};

/// Bunyan and pino: numeric levels, `pid`, `hostname`, `time`, `msg`.
pub struct JsonBunyan;

const OWN: &str = "json.";
/// How far into a record its names are looked for.
const HEAD: usize = 4_096;

impl Format for JsonBunyan {
    fn name(&self) -> &'static str {
        "json_bunyan"
    }

    fn category(&self) -> &'static str {
        "application"
    }

    fn product(&self) -> &'static str {
        "Bunyan, pino"
    }

    fn about(&self) -> &'static str {
        "one JSON object with a numeric level, pid, hostname and time (node-bunyan core fields; pino)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "nodejs", services: &["bunyan", "pino"] }
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&["\"hostname\":"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(HEAD)];
        let after =
            |name: &str| memmem::find(head, name.as_bytes()).map(|at| head[at + name.len()..].trim_ascii_start());
        message.starts_with(b"{")
            && after("\"level\":").is_some_and(|level| level.first().is_some_and(u8::is_ascii_digit))
            && after("\"time\":").is_some()
            && after("\"pid\":").is_some()
            && after("\"hostname\":").is_some()
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read_object(line.message, OWN, event, field)?;
        if let Some(Value::Int(level)) = event.get(field::LOG_LEVEL) {
            event.remove(field::LOG_LEVEL);
            event.set_static(field::LOG_LEVEL, level_name(level));
        }
        settle(OWN, event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// <https://github.com/trentm/node-bunyan#levels>
fn level_name(level: i64) -> &'static str {
    match level {
        ..=10 => "trace",
        11..=20 => "debug",
        21..=30 => "info",
        31..=40 => "warn",
        41..=50 => "error",
        _ => "fatal",
    }
}

/// Bunyan's and pino's standard serialisers, then what every application says.
fn field(name: &str) -> Option<Field> {
    Some(match name {
        "name" => field::SERVICE_NAME,
        "req.method" => field::HTTP_METHOD,
        "req.url" => field::URL_ORIGINAL,
        "req.remoteAddress" => field::SOURCE_IP,
        "req.remotePort" => field::SOURCE_PORT,
        "req.headers.user-agent" => field::USER_AGENT,
        "req.headers.referer" => field::HTTP_REFERRER,
        "res.statusCode" => field::HTTP_STATUS,
        "err.message" => field::ERROR_MESSAGE,
        "err.name" | "err.type" => field::ERROR_TYPE,
        "err.code" => field::ERROR_CODE,
        "err.stack" => field::ERROR_STACK_TRACE,
        "src.file" => field::LOG_ORIGIN_FILE_NAME,
        "src.line" => field::LOG_ORIGIN_FILE_LINE,
        "src.func" => field::LOG_ORIGIN_FUNCTION,
        _ => return synonyms::field(name),
    })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"name":"portal","hostname":"app1","pid":4711,"level":40,"msg":"Login failed","user":"b.jones","req":{"method":"POST","url":"/login?next=%2F","remoteAddress":"203.0.113.66","remotePort":51515,"headers":{"user-agent":"curl/8.14.1"}},"res":{"statusCode":401},"attempt":3,"time":"2026-11-22T09:14:07.250Z","v":0}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("service.name", "portal"),
            ("host.name", "app1"),
            ("process.pid", "4711"),
            ("log.level", "warn"),
            ("message", "Login failed"),
            ("user.name", "b.jones"),
            ("http.request.method", "POST"),
            ("url.path", "/login"),
            ("url.query", "next=%2F"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user_agent.original", "curl/8.14.1"),
            ("http.response.status_code", "401"),
            ("json.attempt", "3"),
            ("json.v", "0"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("url.original", "/login?next=%2F"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: r#"{"level":50,"time":1795338847250,"pid":4711,"hostname":"app1","err":{"type":"Error","message":"no disk","stack":"Error: no disk\n    at save"},"msg":"no disk"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("log.level", "error"),
            ("error.type", "Error"),
            ("error.message", "no disk"),
            (
                "error.stack_trace",
                "Error: no disk
    at save",
            ),
        ],
    },
    Example { raw: r#"{"level":50,"time":1795338847250,"pid":4711,"hostname":"app1","msg":"no d"#, expect: &[] },
];
