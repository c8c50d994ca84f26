//! NestJS applications' console lines.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, split},
    signin,
};

/// NestJS: `[Nest] pid  - time     LEVEL [Context] message`.
pub struct Nestjs;

impl Format for Nestjs {
    fn name(&self) -> &'static str {
        "nestjs"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "NestJS (immich and others)"
    }
    fn about(&self) -> &'static str {
        "console logger lines (nestjs/nest, console-logger.service.ts)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "nodejs", services: &["nestjs"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["[Nest] "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).ok_or(reject("nestjs_header"))?;
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

/// `[Nest] 7  - 11/22/2026, 9:14:07 AM     LOG [AuthService] message`. The date is in the locale's order: with AM or PM
/// the month comes first, else only a sure one is read.
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (pid, rest) = first_word(text.strip_prefix(b"[Nest] ")?);
    let (clock, rest) = split(rest, b"[")?;
    let clock = clock.trim_ascii_start().strip_prefix(b"- ")?.trim_ascii();
    let at = clock.iter().rposition(|b| *b == b' ')?;
    let (time, level) = (&clock[..at], &clock[at + 1..]);
    let (logger, message) = split(rest, b"] ")?;
    let pid = Some(integer(pid)?);
    let time = time.trim_ascii();
    let stamp = layout::american(time)
        .or_else(|| layout::slashed(time))
        .or_else(|| layout::stamp(time))
        .map(|(_, stamp)| stamp);
    let known = layout::is_level(level) || level == b"LOG";
    known.then_some(layout::Header { stamp, level, thread: b"", logger, pid, message })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[Nest] 7  - 11/02/2026, 7:32:47 PM    WARN [AuthService] Failed login attempt for user b@example.com from ip address 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-02T19:32:47Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARN"),
            ("log.logger", "AuthService"),
            ("message", "Failed login attempt for user b@example.com from ip address 203.0.113.66"),
            ("process.pid", "7"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b@example.com"),
        ],
    },
    Example {
        raw: "[Nest] 17  - 11/22/2026, 9:14:07 AM     LOG [Api:Bootstrap] Server is listening on http://[::1]:2283",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.type", "info"),
            ("log.level", "LOG"),
            ("log.logger", "Api:Bootstrap"),
            ("message", "Server is listening on http://[::1]:2283"),
            ("process.pid", "17"),
        ],
    },
    Example { raw: "[Nest] x - 11/22/2026, 9:14:07 AM     LOG", expect: &[] },
];
