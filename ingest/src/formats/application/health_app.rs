//! Huawei Health's log on Android phones.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{integer, reject, split},
};

/// Health: `time|component|process|message`.
pub struct HealthApp;

impl Format for HealthApp {
    fn name(&self) -> &'static str {
        "health_app"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Huawei Health"
    }
    fn about(&self) -> &'static str {
        "log lines of the Health app: date-time:milliseconds|component|pid|content (Loghub, HealthApp; emui log files)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "android", services: &["health"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["|Step_", "|HiH_"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read(line.message).ok_or(reject("health_app_header"))?.describe(event);
        event.classify("", "info", "", "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `20261122-9:14:7:250|Step_LSC|30002312|message`
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = layout::stamp(text).filter(|_| text.get(8) == Some(&b'-'))?;
    let (logger, rest) = split(rest.strip_prefix(b"|")?, b"|")?;
    let (pid, message) = split(rest, b"|")?;
    let pid = Some(integer(pid)?);
    let named = !logger.is_empty() && !logger.contains(&b' ');
    named.then(|| layout::Header { stamp: Some(stamp), logger, pid, message, ..layout::Header::default() })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "20261122-9:14:7:250|Step_LSC|30002312|onStandStepChanged 3579",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("log.logger", "Step_LSC"),
            ("message", "onStandStepChanged 3579"),
            ("process.pid", "30002312"),
        ],
    },
    Example { raw: "20261122-9:14:7:250|Step_LSC|health|onStandStepChanged 3579", expect: &[] },
];
