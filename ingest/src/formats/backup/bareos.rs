//! Bareos's and Bacula's job messages.

use crate::{
    Event,
    envelope::Line,
    envelope::Stamp,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, set_some, split},
};

/// Bareos, Bacula: `time daemon JobId n: message`, the report at a job's end included.
pub struct Bareos;

impl Format for Bareos {
    fn name(&self) -> &'static str {
        "bareos"
    }
    fn category(&self) -> &'static str {
        "backup"
    }
    fn product(&self) -> &'static str {
        "Bareos, Bacula"
    }
    fn about(&self) -> &'static str {
        "messages of director, storage and file daemons; the termination of jobs (Bareos: Messages Resource; Bacula: Job report)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "backup", product: "bareos", services: &["bareos"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/bareos.log", "/bacula.log", "/bacula/log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" JobId ", "JobId:", "-sd: ", "-dir: ", "-fd: "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let record = match read(line.message) {
            Some(record) => record,
            None => job_of_program(line).ok_or(reject("bareos_header"))?,
        };
        record.stamp.into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp));
        if !record.daemon.is_empty() {
            event.replace(field::HOST_NAME, record.daemon);
        }
        set_some(event, field::BAREOS_JOB_ID, record.job);
        event.replace(field::MESSAGE, record.message);
        describe(record.message, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Record<'r> {
    stamp: Option<Stamp>,
    daemon: &'r [u8],
    job: &'r [u8],
    message: &'r [u8],
}

/// `22-Nov 17:13 bareos-dir JobId 10: message`, `22-Nov-2026 16:45 home-sd: message`, `2026-11-22T09:57:37+0000 bareos-dir
/// JobId 4: message`; what elides or wraps the time may stand before.
fn read(text: &[u8]) -> Option<Record<'_>> {
    let text = text.trim_ascii_start();
    let (stamp, rest) = match stamp(text) {
        Some((rest, stamp)) => (Some(stamp), rest.trim_ascii_start()),
        None => (None, text.strip_prefix(b"[...] ").unwrap_or(text)),
    };
    let (daemon, after) = first_word(rest);
    if let Some((job, message)) = after.strip_prefix(b"JobId ").and_then(|after| split(after, b":"))
        && integer(job).is_some()
        && is_daemon(daemon)
    {
        return Some(Record { stamp, daemon, job, message: message.trim_ascii_start() });
    }
    // without a daemon, only a job's report is sure
    if let Some((job, message)) = rest.strip_prefix(b"JobId ").and_then(|after| split(after, b": "))
        && integer(job).is_some()
    {
        return Some(Record { stamp, daemon: b"", job, message });
    }
    let daemon = daemon.strip_suffix(b":").filter(|daemon| stamp.is_some() && is_daemon(daemon))?;
    Some(Record { stamp, daemon, job: b"", message: after })
}

/// syslog's tag is the daemon: `bareos-dir: bareos-dir JobId 4: …` or `… JobId 4: …`.
fn job_of_program<'r>(line: &Line<'r>) -> Option<Record<'r>> {
    line.program.map(|_| Record { stamp: None, daemon: b"", job: b"", message: line.message })
}

fn is_daemon(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// `22-Nov 17:13` without a year, `22-Nov-2026 16:45`, or ISO 8601.
fn stamp(text: &[u8]) -> Option<(&[u8], Stamp)> {
    if let Some(found) = layout::stamp(text) {
        return Some(found);
    }
    let (date, rest) = first_word(text);
    let (clock, rest) = first_word(rest);
    let short = date.len() == 6;
    let seconds: &[u8] = if clock.len() == 5 { b":00" } else { b"" };
    // 2000 is a leap year, so that 29 February is a date
    let whole = [date, if short { &b"-2000"[..] } else { b"" }, b" ", clock, seconds].concat();
    let (left, stamp) = layout::stamp(&whole)?;
    left.is_empty().then_some((rest, Stamp { has_year: !short, ..stamp }))
}

/// What the message says of the job: errors, and the `Termination:` of its report.
fn describe<'r>(message: &'r [u8], event: &mut Event<'r>) {
    let value = |name: &[u8]| {
        let (_, rest) = split(message, name)?;
        Some(rest.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii())
    };
    if let Some(job) = value(b"\n  Job:") {
        event.set(field::JOB_NAME, job);
    }
    if let Some(termination) = value(b"Termination:") {
        event.set(field::EVENT_REASON, termination);
        let outcome = match termination {
            _ if split(termination, b"with warnings").is_some() => "unknown",
            _ if termination.ends_with(b"OK") => "success",
            _ => "failure",
        };
        let action = if split(termination, b"Restore").is_some() { "restore" } else { "backup" };
        return event.classify("", if outcome == "failure" { "error" } else { "info" }, action, outcome);
    }
    if let Some(error) = message.strip_prefix(b"Fatal error: ").or(message.strip_prefix(b"Error: ")) {
        event.set(field::ERROR_MESSAGE, error);
        return event.classify("", "error", "", "failure");
    }
    event.classify("", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "22-Nov 17:13 bareos-dir JobId 10: Start Backup JobId 10, Job=web1.2026-11-22_17.13.01_03",
        expect: &[
            ("@timestamp", "2026-11-22T17:13:00Z"),
            ("bareos.job_id", "10"),
            ("event.type", "info"),
            ("host.name", "bareos-dir"),
            ("message", "Start Backup JobId 10, Job=web1.2026-11-22_17.13.01_03"),
        ],
    },
    Example {
        raw: "22-Nov-2026 16:45 home-sd: Volume test01 previously written, moving to end of data.",
        expect: &[
            ("@timestamp", "2026-11-22T16:45:00Z"),
            ("event.type", "info"),
            ("host.name", "home-sd"),
            ("message", "Volume test01 previously written, moving to end of data."),
        ],
    },
    Example {
        raw: "2026-11-22T09:57:37+0000 bareos-dir JobId 4: Bareos bareos-dir 24.0.0 (23Sep24):\n  JobId:                  4\n  Job:                    web1.2026-11-22_09.55.00_03\n  Backup Level:           Full\n  Termination:            Backup OK",
        expect: &[
            ("@timestamp", "2026-11-22T09:57:37Z"),
            ("bareos.job_id", "4"),
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.reason", "Backup OK"),
            ("event.type", "info"),
            ("host.name", "bareos-dir"),
            (
                "message",
                "Bareos bareos-dir 24.0.0 (23Sep24):\n  JobId:                  4\n  Job:                    web1.2026-11-22_09.55.00_03\n  Backup Level:           Full\n  Termination:            Backup OK",
            ),
            ("roundsman.job.name", "web1.2026-11-22_09.55.00_03"),
        ],
    },
    Example {
        raw: "22-Nov 13:28 bacula-dir JobId 11: Fatal error: bsock.c:133 Unable to connect to Client: web1-fd on web1.example.com:9102. ERR=Connection refused",
        expect: &[
            ("@timestamp", "2026-11-22T13:28:00Z"),
            ("bareos.job_id", "11"),
            (
                "error.message",
                "bsock.c:133 Unable to connect to Client: web1-fd on web1.example.com:9102. ERR=Connection refused",
            ),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("host.name", "bacula-dir"),
            (
                "message",
                "Fatal error: bsock.c:133 Unable to connect to Client: web1-fd on web1.example.com:9102. ERR=Connection refused",
            ),
        ],
    },
    Example {
        raw: "22-Nov 09:57 bareos-dir JobId 5: Bareos bareos-dir 24.0.0 (23Sep24):\n  Job:                    db1.2026-11-22_09.55.00_04\n  Termination:            *** Backup Error ***",
        expect: &[
            ("@timestamp", "2026-11-22T09:57:00Z"),
            ("bareos.job_id", "5"),
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.reason", "*** Backup Error ***"),
            ("event.type", "error"),
            ("host.name", "bareos-dir"),
            (
                "message",
                "Bareos bareos-dir 24.0.0 (23Sep24):\n  Job:                    db1.2026-11-22_09.55.00_04\n  Termination:            *** Backup Error ***",
            ),
            ("roundsman.job.name", "db1.2026-11-22_09.55.00_04"),
        ],
    },
    Example { raw: "22-Nov 17:13 JobId ten", expect: &[] },
];
