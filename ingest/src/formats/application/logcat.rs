//! Android's logcat.

use crate::{
    Event,
    envelope::Line,
    envelope::{Stamp, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, split},
};

/// Android: the layouts threadtime and time.
pub struct Logcat;

impl Format for Logcat {
    fn name(&self) -> &'static str {
        "logcat"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Android"
    }
    fn about(&self) -> &'static str {
        "logcat lines in the layouts threadtime and time (developer.android.com: Logcat command-line tool)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "android", services: &["logcat"] }
    }
    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        matches!(message.get(2), Some(b'-')) && read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (header, thread) = read(line.message).ok_or(reject("logcat_header"))?;
        if let Some(thread) = thread {
            event.set_int(field::PROCESS_THREAD_ID, thread);
        }
        event.classify("", if matches!(header.level, b"E" | b"F" | b"A") { "error" } else { "info" }, "", "");
        header.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `11-22 09:14:07.250  1702  3697 W ActivityManager: message` or `11-22 09:14:07.250 W/ActivityManager( 1702): message`,
/// and the thread's id.
fn read(text: &[u8]) -> Option<(layout::Header<'_>, Option<i64>)> {
    let (stamp, rest) = stamp(text)?;
    let rest = rest.strip_prefix(b" ")?.trim_ascii_start();
    let header = layout::Header { stamp: Some(stamp), ..layout::Header::default() };
    if rest.get(1) == Some(&b'/') {
        let level = &rest[..1];
        let (tag, rest) = split(&rest[2..], b"(")?;
        let (pid, message) = split(rest, b"): ")?;
        let pid = Some(integer(pid.trim_ascii())?);
        let header = layout::Header { level, logger: tag.trim_ascii(), pid, message, ..header };
        return is_priority(level).then_some((header, None));
    }
    let (pid, rest) = first_word(rest);
    let (thread, rest) = first_word(rest.trim_ascii_start());
    let (level, rest) = first_word(rest.trim_ascii_start());
    let (tag, message) = split(rest, b":")?;
    let (pid, thread) = (Some(integer(pid)?), Some(integer(thread)?));
    let message = message.strip_prefix(b" ").unwrap_or(message);
    let header = layout::Header { level, logger: tag.trim_ascii(), pid, message, ..header };
    is_priority(level).then_some((header, thread))
}

/// <https://developer.android.com/tools/logcat#filteringOutput>
fn is_priority(level: &[u8]) -> bool {
    matches!(level, b"V" | b"D" | b"I" | b"W" | b"E" | b"F" | b"A" | b"S")
}

/// `11-22 09:14:07.250`: it has no year, and is read in a leap year.
fn stamp(text: &[u8]) -> Option<(Stamp, &[u8])> {
    let (stamp, rest) = text.split_at_checked(18)?;
    let whole = [b"2000-", stamp].concat();
    let (left, stamp, _) = iso_stamp(&whole)?;
    left.is_empty().then_some((Stamp { has_year: false, ..stamp }, rest))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "11-22 09:14:07.250  1702  3697 W ActivityManager: getTasks: caller 10111 does not hold the right",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("log.level", "W"),
            ("log.logger", "ActivityManager"),
            ("message", "getTasks: caller 10111 does not hold the right"),
            ("process.pid", "1702"),
            ("process.thread.id", "3697"),
        ],
    },
    Example {
        raw: "11-22 09:14:07.250 E/AndroidRuntime( 1702): FATAL EXCEPTION: main",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "error"),
            ("log.level", "E"),
            ("log.logger", "AndroidRuntime"),
            ("message", "FATAL EXCEPTION: main"),
            ("process.pid", "1702"),
        ],
    },
    Example { raw: "11-22 09:14:07.250  1702  x W ActivityManager: getTasks", expect: &[] },
];
