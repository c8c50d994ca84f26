//! Borg's messages.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, reject, split},
};

/// Borg: what it prints of an archive, and how it ended.
pub struct Borg;

impl Format for Borg {
    fn name(&self) -> &'static str {
        "borg"
    }
    fn category(&self) -> &'static str {
        "backup"
    }
    fn product(&self) -> &'static str {
        "BorgBackup, borgmatic"
    }
    fn about(&self) -> &'static str {
        "messages of create, check, prune and compact (Borg: General, Logging, Return codes), and borgmatic's"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "backup", product: "borg", services: &["borg"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["borg", "borgmatic"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(BEGINNINGS)
    }
    fn recognises(&self, message: &[u8]) -> bool {
        match message {
            [status, b' ', b'/', ..] => b"AMUCEdbcshfx-+?i".contains(status),
            [b'D', b'u', ..] => {
                message.ends_with(b"seconds") || message.ends_with(b"minutes") || split(message, b" seconds").is_some()
            }
            [b'R', b'e', b'p', ..] => message.len() < 400,
            _ => true,
        }
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        if text.is_empty() {
            return Err(reject("borg_empty"));
        }
        if let Some(rest) = text.strip_prefix(b"terminating with ") {
            let code = rest.rsplit(|b| *b == b' ').next().and_then(integer);
            code.into_iter().for_each(|code| event.set_int(field::PROCESS_EXIT_CODE, code));
            let outcome = match rest {
                _ if rest.starts_with(b"success") => "success",
                _ if rest.starts_with(b"warning") => "unknown",
                _ => "failure",
            };
            event.classify("", if outcome == "failure" { "error" } else { "info" }, "backup", outcome);
        } else if let [status, b' ', path @ ..] = text
            && path.starts_with(b"/")
        {
            event.set(field::FILE_PATH, path);
            // E: the file could not be read
            event.classify(
                "",
                if *status == b'E' { "error" } else { "info" },
                "",
                if *status == b'E' { "failure" } else { "" },
            );
        } else if let Some((_, name)) = split(text, b"Archive name: ") {
            event.set(field::BORG_ARCHIVE, name);
            event.classify("", "info", "", "");
        } else if FAILED.iter().any(|begin| text.starts_with(begin)) {
            event.set(field::ERROR_MESSAGE, text);
            event.classify("", "error", "", "failure");
        } else {
            event.classify("", "info", "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What messages begin with.
const BEGINNINGS: &[&str] = &[
    "Archive name: ",
    "Archive fingerprint: ",
    "Time (start): ",
    "Time (end): ",
    "Duration: ",
    "Number of files: ",
    "Original size: ",
    "Deduplicated size: ",
    "Utilization of max",
    "terminating with ",
    "Repository: /",
    "Repository: ssh://",
    "Creating archive at \"",
    "Keeping archive ",
    "Pruning archive ",
    "Would prune: ",
    "compaction freed about ",
    "This archive: ",
    "All archives: ",
    "Chunk index: ",
    "Starting repository check",
    "Starting archive consistency check",
    "Archive consistency check complete",
    "Finished full repository check",
    "Failed to create/acquire the lock ",
    "Data integrity error: ",
    "passphrase supplied in BORG_PASSPHRASE",
    "Repository ",
    "Original size      Compressed size",
    "Command line: /",
    "By default repositories initialized with this version",
    "A /",
    "M /",
    "U /",
    "C /",
    "E /",
    "d /",
    "b /",
    "c /",
    "s /",
    "h /",
    "f /",
    "x /",
    "- /",
    "+ /",
    "? /",
    "i /",
];

/// What errors begin with.
const FAILED: &[&[u8]] = &[
    b"Failed to create/acquire the lock ",
    b"Repository does not exist",
    b"Connection closed by remote host",
    b"Data integrity error: ",
    b"passphrase supplied in BORG_PASSPHRASE",
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Archive name: web1-2026-11-22T02:28:22",
        expect: &[("borg.archive", "web1-2026-11-22T02:28:22"), ("event.type", "info")],
    },
    Example { raw: "Number of files: 699", expect: &[("event.type", "info")] },
    Example { raw: "Deduplicated size: 502 B", expect: &[("event.type", "info")] },
    Example { raw: "A /etc/hosts", expect: &[("event.type", "info"), ("file.path", "/etc/hosts")] },
    Example {
        raw: "E /srv/locked",
        expect: &[("event.outcome", "failure"), ("event.type", "error"), ("file.path", "/srv/locked")],
    },
    Example {
        raw: "terminating with success status, rc 0",
        expect: &[
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("process.exit_code", "0"),
        ],
    },
    Example {
        raw: "terminating with error status, rc 2",
        expect: &[
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("process.exit_code", "2"),
        ],
    },
    Example {
        raw: "Failed to create/acquire the lock /srv/borg/lock.exclusive (timeout).",
        expect: &[
            ("error.message", "Failed to create/acquire the lock /srv/borg/lock.exclusive (timeout)."),
            ("event.outcome", "failure"),
            ("event.type", "error"),
        ],
    },
    Example {
        raw: "Nov 22 02:28:23 web1 borg[4711]: terminating with warning status, rc 1",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:23Z"),
            ("event.action", "backup"),
            ("event.outcome", "unknown"),
            ("event.type", "info"),
            ("host.name", "web1"),
            ("message", "terminating with warning status, rc 1"),
            ("process.exit_code", "1"),
            ("process.name", "borg"),
            ("process.pid", "4711"),
        ],
    },
    Example { raw: "Duration: as long as it takes", expect: &[] },
];
