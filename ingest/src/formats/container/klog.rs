//! klog: Kubernetes' components.

use crate::{
    Event,
    envelope::Line,
    envelope::{Stamp, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, set_number, split},
};

/// klog: `I1122 09:14:07.250000    4711 file.go:12] message`.
pub struct Klog;

impl Format for Klog {
    fn name(&self) -> &'static str {
        "klog"
    }
    fn category(&self) -> &'static str {
        "container"
    }
    fn product(&self) -> &'static str {
        "Kubernetes components"
    }
    fn about(&self) -> &'static str {
        "glog and klog lines: level, month and day, time, thread, file:line] message (kubernetes/klog, logging conventions)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "kubernetes", services: &["kubelet"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["kubelet", "kube-apiserver", "kube-scheduler", "kube-controller-manager", "kube-proxy", "etcd"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["I0", "I1", "W0", "W1", "E0", "E1", "F0", "F1"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (header, level, place) = read(line.message).ok_or(reject("klog_header"))?;
        header.describe(event);
        event.set_static(field::LOG_LEVEL, level);
        if let Some((file, number)) = split(place, b":") {
            event.set(field::LOG_ORIGIN_FILE_NAME, file);
            set_number(event, field::LOG_ORIGIN_FILE_LINE, number);
        }
        event.classify("", if matches!(level, "error" | "fatal") { "error" } else { "info" }, "", "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The header, the level's name and the place in the source.
fn read(text: &[u8]) -> Option<(layout::Header<'_>, &'static str, &[u8])> {
    let level = match text.first()? {
        b'I' => "info",
        b'W' => "warning",
        b'E' => "error",
        b'F' => "fatal",
        _ => return None,
    };
    // no year: read in a leap year, so that 29 February is a date
    let [month, day] = [text.get(1..3)?, text.get(3..5)?];
    let (clock, rest) = first_word(text.get(6..).filter(|_| text.get(5) == Some(&b' '))?);
    let whole = [b"2000-", month, b"-", day, b" ", clock].concat();
    let (left, stamp, _) = iso_stamp(&whole)?;
    let (thread, rest) = first_word(rest.trim_ascii_start());
    let (place, message) = split(rest, b"]")?;
    let known = left.is_empty() && integer(thread).is_some() && place.contains(&b':') && place.len() < 128;
    let stamp = Some(Stamp { has_year: false, ..stamp });
    known.then(|| {
        (layout::Header { stamp, message: message.trim_ascii_start(), ..layout::Header::default() }, level, place)
    })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"I1122 09:14:07.250000    4711 kubelet.go:2042] "SyncLoop ADD" source="api" pods=["shop/web-0"]"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("log.level", "info"),
            ("log.origin.file.line", "2042"),
            ("log.origin.file.name", "kubelet.go"),
            ("message", r#""SyncLoop ADD" source="api" pods=["shop/web-0"]"#),
        ],
    },
    Example {
        raw: "E1122 09:14:07.250000       1 reflector.go:138] Failed to watch *v1.Pod: connection refused",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "error"),
            ("log.level", "error"),
            ("log.origin.file.line", "138"),
            ("log.origin.file.name", "reflector.go"),
            ("message", "Failed to watch *v1.Pod: connection refused"),
        ],
    },
    Example { raw: "I1122 09:14:07.250000 none kubelet.go", expect: &[] },
];
