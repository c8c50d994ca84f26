//! Backup scripts around tar, cpio and database dumps: what the tools say, and the line with which a script ends.

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, reject, rsplit},
};

/// `backup finished: exit code 0`, `tar: /srv/x: file changed as we read it`, `pg_dump: error: …`.
pub struct BackupScript;

/// Programs whose own messages are read.
const TOOLS: &[&str] = &["tar", "mysqldump", "mariadb-dump", "pg_dump", "pg_dumpall", "pg_basebackup"];
/// Words behind which a script writes its exit code.
const CODES: &[&[u8]] =
    &[b"exit code ", b"exit code: ", b"exit code=", b"exit status ", b"exit status: ", b"rc=", b"rc "];
/// Longest line that is taken for a script's last.
const MAX_LINE: usize = 512;

impl Format for BackupScript {
    fn name(&self) -> &'static str {
        "backup_script"
    }
    fn category(&self) -> &'static str {
        "backup"
    }
    fn product(&self) -> &'static str {
        "tar, mysqldump, pg_dump, backup scripts"
    }
    fn about(&self) -> &'static str {
        "a line that begins with backup and ends with an exit code; messages of tar (GNU tar, src/misc.c) and of dumps"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "backup", product: "linux", services: &["backup"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["tar", "mysqldump", "mariadb-dump", "pg_dump", "pg_dumpall", "pg_basebackup", "backup", "backup.sh"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["backup", "Backup", "BACKUP"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        exit_code(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message.trim_ascii_end();
        if let Some(code) = exit_code(text) {
            event.set_int(field::PROCESS_EXIT_CODE, code);
            let failed = code != 0;
            let kind = if failed { "error" } else { "info" };
            event.classify("", kind, "backup", if failed { "failure" } else { "success" });
            return Ok(());
        }
        // only a tool says more: a script's other lines may be those of any program
        let by_tool = line.program.is_some_and(|program| TOOLS.iter().any(|tool| tool.as_bytes() == program));
        if !by_tool || text.is_empty() {
            return Err(reject("backup_script_no_code"));
        }
        describe(text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The number with which a line ends, behind words that say that it is an exit code.
fn exit_code(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii_end();
    let text = text.strip_suffix(b".").or_else(|| text.strip_suffix(b")")).unwrap_or(text);
    let digits = text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let (words, code) = text.split_at(text.len() - digits);
    let announced = text.len() <= MAX_LINE && CODES.iter().any(|mark| words.ends_with(mark));
    integer(code).filter(|_| announced && (1..=3).contains(&digits))
}

/// Messages of the tools.
fn describe(text: &[u8], event: &mut Event<'_>) {
    if text.starts_with(b"Exiting with failure status") || text.starts_with(b"Error is not recoverable") {
        event.set(field::ERROR_MESSAGE, text);
        return event.classify("", "error", "backup", "failure");
    }
    // tar goes on without the file: `/srv/x: Cannot open: Permission denied`
    for mark in [&b": file changed as we read it"[..], b": Cannot ", b": File removed before we read it"] {
        if let Some((path, _)) = rsplit(text, mark) {
            event.set(field::FILE_PATH, path);
            return event.classify("", "error", "file_skipped", "");
        }
    }
    // mysqldump's and pg_dump's
    if text.starts_with(b"Got error: ") || text.starts_with(b"error: ") || memmem::find(text, b": error: ").is_some() {
        event.set(field::ERROR_MESSAGE, text);
        return event.classify("", "error", "backup", "failure");
    }
    event.classify("", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "backup finished: exit code 0",
        expect: &[
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("process.exit_code", "0"),
        ],
    },
    Example {
        raw: "Nov 22 02:28:22 web1 backup[4711]: nightly of /srv failed (exit status 2)",
        expect: &[
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("process.exit_code", "2"),
        ],
    },
    Example {
        raw: "Nov 22 02:28:22 web1 tar[4712]: /srv/shop/cache.db: file changed as we read it",
        expect: &[("event.action", "file_skipped"), ("event.type", "error"), ("file.path", "/srv/shop/cache.db")],
    },
    Example {
        raw: "Nov 22 02:28:23 web1 tar[4712]: Exiting with failure status due to previous errors",
        expect: &[
            ("error.message", "Exiting with failure status due to previous errors"),
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
        ],
    },
    Example {
        raw: "Nov 22 02:28:24 db1 pg_dump[4713]: error: connection to server at \"192.0.2.5\", port 5432 failed",
        expect: &[
            ("error.message", "error: connection to server at \"192.0.2.5\", port 5432 failed"),
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
        ],
    },
    Example { raw: "backup finished with a code that nobody wrote down", expect: &[] },
];
