//! Windows device and driver installations: sections of setupapi.dev.log.

use memchr::memmem;

use crate::{
    Event, Field,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{reject, split},
};

/// `>>>  [Device Install (Hardware initiated) - USB\VID_…]` up to `<<<  [Exit status: SUCCESS]`.
pub struct SetupApi;

impl Format for SetupApi {
    fn name(&self) -> &'static str {
        "windows_setupapi"
    }

    fn category(&self) -> &'static str {
        "patch"
    }

    fn product(&self) -> &'static str {
        "Windows SetupAPI"
    }

    fn about(&self) -> &'static str {
        "sections of setupapi.dev.log, whole or their first line (learn.microsoft.com/windows-hardware/drivers/install/format-of-a-text-log-section)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &["setupapi"] }
    }

    fn structure(&self) -> Structure {
        Structure::Begins(&[">>>  [", "<<<  ["])
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let message = line.message;
        let (_, inner) = split(message, b"[").ok_or(reject("setupapi_no_title"))?;
        let end = memmem::find(inner, b"]\n")
            .or_else(|| memmem::find(inner, b"]\r"))
            .or(inner.iter().rposition(|b| *b == b']'));
        let title = &inner[..end.ok_or(reject("setupapi_no_title"))?];
        if let Some((_, rest)) = split(message, b"Section start ") {
            let stamp = rest.get(..23).map(|text| String::from_utf8_lossy(text).replace('/', "-"));
            if let Some((_, stamp, _)) = stamp.as_ref().and_then(|text| iso_stamp(text.as_bytes())) {
                event.set_stamp(field::TIMESTAMP, stamp);
            }
        }
        let outcome = match split(message, b"[Exit status: ") {
            Some((_, status)) if status.starts_with(b"SUCCESS") => "success",
            Some(_) => "failure",
            None => "",
        };
        if message.starts_with(b">>>") {
            let (action, object) = split(title, b" - ").unwrap_or((title, b""));
            event.set(field::EVENT_ACTION, action);
            if let Some(own) = Field::intern("setupapi.object").filter(|_| !object.is_empty()) {
                event.set(own, object);
            }
        }
        event.classify("driver", "installation", "", outcome);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: ">>>  [Device Install (Hardware initiated) - USB\\VID_0951&PID_1666\\001]\n>>>  Section start 2026/11/22 09:14:07.250\n     dvi: {Build Driver List}\n<<<  Section end 2026/11/22 09:14:08.000\n<<<  [Exit status: SUCCESS]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "Device Install (Hardware initiated)"),
            ("event.category", "driver"),
            ("event.outcome", "success"),
            ("event.type", "installation"),
            ("setupapi.object", r#"USB\VID_0951&PID_1666\001"#),
        ],
    },
    Example { raw: ">>>  [Device Install", expect: &[] },
];
