//! apt's term.log: what dpkg printed during one transaction, as one record (see [`crate::join`]).

use memchr::memmem;

use super::apt_history::date;
use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event, Field,
    envelope::Line,
    field,
    scan::{first_word, reject, set_some, split},
};

/// apt's term.log, joined, from its file or forwarded under the tag `apt-term`.
pub struct AptTerm;

/// Most messages about failures that become fields.
const MAX_ERRORS: usize = 64;

impl Format for AptTerm {
    fn name(&self) -> &'static str {
        "apt_term"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Debian"
    }
    fn about(&self) -> &'static str {
        "apt's term.log, one transaction per record; the package that failed and the last words before it (dpkg(1))"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["apt"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["apt-term"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/apt/term.log", "/unattended-upgrades-dpkg.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["Log started: "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"Log started: ")
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if line.message.is_empty() {
            return Err(reject("apt_term_empty"));
        }
        let failed = read(line.message, event);
        let ended = memmem::find(line.message, b"Log ended: ").is_some();
        let outcome = if failed {
            "failure"
        } else if ended {
            "success"
        } else {
            "unknown"
        };
        event.classify("package", "info", if failed { "apt_term_error" } else { "apt_term" }, outcome);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Reads line by line. For each package that failed, `error.message` gets what the package's script said last and what
/// dpkg said then. Returns whether anything failed.
fn read<'r>(message: &'r [u8], event: &mut Event<'r>) -> bool {
    let (mut said, mut reason_follows, mut errors) = (&b""[..], false, 0);
    for text in message.split(|b| *b == b'\n') {
        // progress overwrites itself: only what stands after the last carriage return was left on the screen
        let text = text.trim_ascii_end();
        let text = text.rsplit(|b| *b == b'\r').next().unwrap_or(text);
        if let Some(start) = text.strip_prefix(b"Log started: ") {
            stamp(start, field::EVENT_START, event);
        } else if let Some(end) = text.strip_prefix(b"Log ended: ") {
            stamp(end, field::EVENT_END, event);
        } else if errors >= MAX_ERRORS {
            continue;
        } else if let Some(failed) = text.strip_prefix(b"dpkg: error processing ") {
            let name = failed.strip_prefix(b"package ").or(failed.strip_prefix(b"archive ")).unwrap_or(failed);
            let name = first_word(name).0;
            event.set(field::PACKAGE_NAME, split(name, b":").map_or(name, |(name, _)| name));
            set_some(event, field::ERROR_MESSAGE, said);
            (reason_follows, errors) = (true, errors + 1);
        } else if reason_follows && text.starts_with(b" ") {
            event.set(field::ERROR_MESSAGE, text.trim_ascii_start());
            reason_follows = false;
        } else if text.starts_with(b"E: ") || text.starts_with(b"dpkg: error: ") {
            event.set(field::ERROR_MESSAGE, text);
            errors += 1;
        } else if !text.is_empty() {
            reason_follows = false;
            said = if is_step(text) { b"" } else { text };
        }
    }
    errors > 0
}

fn stamp(text: &[u8], field: Field, event: &mut Event<'_>) {
    if let Some(stamp) = date(text) {
        event.set_stamp(field, stamp);
        if field == field::EVENT_START {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
    }
}

/// What dpkg itself prints for each step; anything else is a package's own words.
fn is_step(text: &[u8]) -> bool {
    let steps: [&[u8]; 9] = [
        b"Setting up ",
        b"Unpacking ",
        b"Preparing to unpack ",
        b"Processing triggers for ",
        b"(Reading database",
        b"Selecting previously unselected ",
        b"Removing ",
        b"Purging configuration files for ",
        b"Errors were encountered while processing:",
    ];
    steps.iter().any(|step| text.starts_with(step))
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Log started: 2026-11-22  01:55:49\nPreparing to unpack .../tool_1.0-2.deb ...\nUnpacking tool (1.0-2) over (1.0-1) ...\nSetting up tool (1.0-2) ...\ncannot migrate: the database is in use\ndpkg: error processing package tool (--configure):\n installed tool package post-installation script subprocess returned error exit status 1\nErrors were encountered while processing:\n tool\nLog ended: 2026-11-22  01:55:50",
        expect: &[
            ("package.name", "tool"),
            ("error.message", "cannot migrate: the database is in use"),
            (
                "error.message",
                "installed tool package post-installation script subprocess returned error exit status 1",
            ),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "apt_term_error"),
            ("event.outcome", "failure"),
            ("event.start", "2026-11-22T01:55:49Z"),
            ("event.end", "2026-11-22T01:55:50Z"),
        ],
    },
    Example {
        raw: "Log started: 2026-11-22  01:53:01\nSetting up libssl3:amd64 (3.0.22-1~deb12u2) ...\nLog ended: 2026-11-22  01:53:04",
        expect: &[
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "apt_term"),
            ("event.outcome", "success"),
            ("event.start", "2026-11-22T01:53:01Z"),
            ("event.end", "2026-11-22T01:53:04Z"),
        ],
    },
    Example { raw: "\n", expect: &[] },
];
