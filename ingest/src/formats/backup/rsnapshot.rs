//! rsnapshot's log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{reject, split},
    web::clf_stamp,
};

/// rsnapshot: `[time] what it does`, and how a level ended.
pub struct Rsnapshot;

impl Format for Rsnapshot {
    fn name(&self) -> &'static str {
        "rsnapshot"
    }
    fn category(&self) -> &'static str {
        "backup"
    }
    fn product(&self) -> &'static str {
        "rsnapshot"
    }
    fn about(&self) -> &'static str {
        "log file lines; the start, the end and the errors of a level (rsnapshot(1), log_msg in rsnapshot-program.pl)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "backup", product: "rsnapshot", services: &["rsnapshot"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["rsnapshot"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/rsnapshot.log", "/rsnapshot"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["["])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some_and(|(_, text)| BEGINNINGS.iter().any(|begin| text.starts_with(begin)))
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = match read(line.message) {
            Some((stamp, text)) => {
                event.set_stamp(field::TIMESTAMP, stamp);
                text
            }
            None if line.program.is_some() => line.message,
            None => return Err(reject("rsnapshot_header")),
        };
        event.replace(field::MESSAGE, text);
        describe(text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What lines begin with: commands, paths of files, and rsnapshot's own words.
const BEGINNINGS: &[&[u8]] = &[
    b"/",
    b"./",
    b"echo ",
    b"mkdir ",
    b"rm ",
    b"mv ",
    b"cp ",
    b"cd ",
    b"touch ",
    b"require ",
    b"rsync",
    b"native_cp_al",
    b"rollback",
    b"Setting locale",
    b"sending incremental",
    b"created directory",
    b"sent ",
    b"total size",
    b"deleting ",
    b"removing ",
    b"setting priority",
    b"ERROR: ",
    b"WARNING: ",
    b"completed",
    b"started",
    b"ionice",
    b"nice ",
    b"ssh",
    b"receiving ",
    b"backup_script",
    b"unlink ",
    b"chmod ",
    b"lvcreate",
    b"lvremove",
    b"mount ",
    b"umount ",
];

/// `[2026-11-22T02:28:22] text`, or `[22/Nov/2026:02:28:22] text` before 1.4.
fn read(message: &[u8]) -> Option<(crate::envelope::Stamp, &[u8])> {
    let (time, text) = split(message.strip_prefix(b"[")?, b"] ")?;
    let stamp = match layout::stamp(time) {
        Some(([], stamp)) => stamp,
        _ => clf_stamp(&[time.get(..20)?, b" +0000"].concat())?,
    };
    Some((stamp, text))
}

/// `/usr/bin/rsnapshot daily: started`, `…: completed successfully`, `…: completed, but with some warnings`, `…: ERROR: …`
fn describe<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let of_level = text.split(|b| *b == b' ').next().is_some_and(|first| first.ends_with(b"rsnapshot"));
    let said = if of_level { split(text, b": ").map_or(text, |(_, said)| said) } else { text };
    let (action, outcome) = match said {
        b"started" => ("backup_started", ""),
        _ if said.starts_with(b"completed successfully") => ("backup", "success"),
        _ if said.starts_with(b"completed, but with") => ("backup", "unknown"),
        _ if said.starts_with(b"ERROR: ") || said.starts_with(b"completed, but with errors") => ("backup", "failure"),
        _ => return,
    };
    if outcome == "failure" {
        event.set(field::ERROR_MESSAGE, said.strip_prefix(b"ERROR: ").unwrap_or(said));
    }
    if of_level && let Some((level, _)) = split(text, b" ").and_then(|(_, rest)| split(rest, b":")) {
        event.set(field::JOB_NAME, level);
    }
    event.classify("", if outcome == "failure" { "error" } else { "info" }, action, outcome);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22T02:28:22] /usr/bin/rsnapshot daily: started",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:22Z"),
            ("event.action", "backup_started"),
            ("event.type", "info"),
            ("message", "/usr/bin/rsnapshot daily: started"),
            ("roundsman.job.name", "daily"),
        ],
    },
    Example {
        raw: "[2026-11-22T02:28:22] echo 23859 > /run/rsnapshot.pid",
        expect: &[("@timestamp", "2026-11-22T02:28:22Z"), ("message", "echo 23859 > /run/rsnapshot.pid")],
    },
    Example {
        raw: "[2026-11-22T02:28:22] /etc/ssl/certs/ca.pem",
        expect: &[("@timestamp", "2026-11-22T02:28:22Z"), ("message", "/etc/ssl/certs/ca.pem")],
    },
    Example {
        raw: "[2026-11-22T02:28:30] /usr/bin/rsnapshot daily: completed successfully",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:30Z"),
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("message", "/usr/bin/rsnapshot daily: completed successfully"),
            ("roundsman.job.name", "daily"),
        ],
    },
    Example {
        raw: "[2026-11-22T02:28:30] /usr/bin/rsnapshot daily: ERROR: /usr/bin/rsync returned 23 while processing /etc/",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:30Z"),
            ("error.message", "/usr/bin/rsync returned 23 while processing /etc/"),
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("message", "/usr/bin/rsnapshot daily: ERROR: /usr/bin/rsync returned 23 while processing /etc/"),
            ("roundsman.job.name", "daily"),
        ],
    },
    Example {
        raw: "[22/Nov/2026:02:28:30] /usr/bin/rsnapshot weekly: completed, but with some warnings",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:30Z"),
            ("event.action", "backup"),
            ("event.outcome", "unknown"),
            ("event.type", "info"),
            ("message", "/usr/bin/rsnapshot weekly: completed, but with some warnings"),
            ("roundsman.job.name", "weekly"),
        ],
    },
    Example {
        raw: "Nov 22 02:28:30 web1 rsnapshot[4711]: /usr/bin/rsnapshot daily: completed successfully",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:30Z"),
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("host.name", "web1"),
            ("message", "/usr/bin/rsnapshot daily: completed successfully"),
            ("process.name", "rsnapshot"),
            ("process.pid", "4711"),
            ("roundsman.job.name", "daily"),
        ],
    },
    Example { raw: "somebody said hello", expect: &[] },
];
