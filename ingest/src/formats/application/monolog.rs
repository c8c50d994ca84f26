//! Monolog's lines: Laravel, Symfony and other PHP applications.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{reject, split},
    signin,
};

/// Monolog: `[time] channel.LEVEL: message {context} [extra]`.
pub struct Monolog;

impl Format for Monolog {
    fn name(&self) -> &'static str {
        "monolog"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Laravel, Symfony and others with Monolog"
    }
    fn about(&self) -> &'static str {
        "[%datetime%] %channel%.%level_name%: %message% %context% %extra% (Seldaek/monolog, LineFormatter)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "php", services: &["monolog"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["[20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).ok_or(reject("monolog_header"))?;
        header.describe(event);
        if !signin::describe(header.message, event) {
            event.classify("", if header.is_error() { "error" } else { "info" }, "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[2026-11-22 09:14:07] production.ERROR: message`
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = layout::stamp(text.strip_prefix(b"[")?)?;
    let (name, message) = split(rest.strip_prefix(b"] ")?, b": ")?;
    let at = name.iter().rposition(|b| *b == b'.')?;
    let (logger, level) = (&name[..at], &name[at + 1..]);
    let named =
        !logger.is_empty() && logger.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    let capitals = level.iter().all(u8::is_ascii_uppercase);
    let header = layout::Header { stamp: Some(stamp), level, logger, message, ..layout::Header::default() };
    (named && capitals && layout::is_level(level)).then_some(header)
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[2026-11-22 09:14:07] local.WARNING: AUDIT: Login failed. Attempt for user "b@example.com" failed. (203.0.113.66 -> POST:https://money.example.com/login)"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("log.logger", "local"),
            (
                "message",
                r#"AUDIT: Login failed. Attempt for user "b@example.com" failed. (203.0.113.66 -> POST:https://money.example.com/login)"#,
            ),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b@example.com"),
        ],
    },
    Example {
        raw: r#"[2026-11-22T09:14:07.250000+01:00] request.INFO: Matched route "home". {"route":"home"} []"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("log.logger", "request"),
            ("message", r#"Matched route "home". {"route":"home"} []"#),
        ],
    },
    Example {
        raw: r#"[2026-11-22 09:14:07] production.ERROR: no disk {"exception":"[object] (ErrorException(code: 0))"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.type", "error"),
            ("log.level", "ERROR"),
            ("log.logger", "production"),
            ("message", r#"no disk {"exception":"[object] (ErrorException(code: 0))"}"#),
        ],
    },
    Example { raw: "[2026-11-22 09:14:07] production: no disk", expect: &[] },
];
