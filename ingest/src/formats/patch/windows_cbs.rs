//! Windows servicing logs: CBS.log and dism.log.

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, reject, split},
    winlog,
};

/// `2026-11-22 09:14:07, Info                  CBS    Exec: …`
pub struct WindowsCbs;

impl Format for WindowsCbs {
    fn name(&self) -> &'static str {
        "windows_cbs"
    }

    fn category(&self) -> &'static str {
        "patch"
    }

    fn product(&self) -> &'static str {
        "Windows component-based servicing"
    }

    fn about(&self) -> &'static str {
        "lines of CBS.log and dism.log: time, level, component, message (learn.microsoft.com/windows-hardware/manufacture/desktop/deployment-troubleshooting-and-log-files)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &["cbs"] }
    }

    fn paths(&self) -> &'static [&'static str] {
        &["/CBS.log", "\\CBS.log", "/dism.log", "\\dism.log"]
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&[", Info         ", ", Warning         ", ", Error         ", ", Perf         "])
    }

    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (stamp, level, rest) = read(line.message).ok_or(reject("cbs_no_columns"))?;
        event.set_stamp(field::TIMESTAMP, stamp);
        event.set(field::LOG_LEVEL, level);
        let (component, message) = first_word(rest);
        let (component, message) = match component {
            // continued lines of an error have no component
            b"" => (component, rest),
            _ => (component, message.trim_ascii_start()),
        };
        if !component.is_empty() {
            event.set(field::LOG_LOGGER, component);
        }
        event.remove(field::MESSAGE);
        event.set(field::MESSAGE, message);
        settle(event, message);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Most bytes before the level: a date and a time.
const STAMP: usize = 19;

fn read(message: &[u8]) -> Option<(crate::envelope::Stamp, &[u8], &[u8])> {
    let rest = message.get(STAMP..)?.strip_prefix(b", ")?;
    let (_, stamp, _) = iso_stamp(&message[..STAMP])?;
    let (level, rest) = split(rest, b"  ")?;
    let known = matches!(level, b"Info" | b"Warning" | b"Error" | b"Perf" | b"Fatal");
    known.then(|| (stamp, level, rest.trim_ascii_start()))
}

/// What an entry says of a package: its update, its new state, the error.
fn settle(event: &mut Event<'_>, message: &[u8]) {
    if let Some(update) = winlog::update_number(message) {
        event.set(field::PACKAGE_NAME, update);
    }
    if let Some((_, rest)) = split(message, b"HRESULT = ") {
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
        event.set(field::ERROR_CODE, &rest[..end]);
    }
    if split(message, b"Reboot mark").is_some() || message.starts_with(b"Exec: Processing complete") {
        event.classify("package", "info", "", "");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07, Info                  CBS    Exec: Processing complete.  Session: 31100000_1, Package: Package_for_KB5099001~31bf3856ad364e35~amd64~~10.0.1.1 [HRESULT = 0x00000000 - S_OK]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("error.code", "0x00000000"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("log.level", "Info"),
            ("log.logger", "CBS"),
            ("package.name", "KB5099001"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08, Error                 CSI    00000012 (F) Component store corruption found",
        expect: &[("@timestamp", "2026-11-22T09:14:08Z"), ("log.level", "Error"), ("log.logger", "CSI")],
    },
    Example { raw: "2026-11-22 09:14:07, Info of an application", expect: &[] },
];
