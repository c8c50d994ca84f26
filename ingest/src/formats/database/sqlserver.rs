//! SQL Server's error log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, set_source, split},
};

/// SQL Server: `time  source  message`.
pub struct Sqlserver;

impl Format for Sqlserver {
    fn name(&self) -> &'static str {
        "sqlserver"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "Microsoft SQL Server"
    }
    fn about(&self) -> &'static str {
        "ERRORLOG lines: time, process, message; logins that failed with their client (Microsoft: View the SQL Server error log)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "mssql", services: &["errorlog"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/ERRORLOG", "/errorlog"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" Server      ", " spid", " Logon       ", " Backup      "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).ok_or(reject("sqlserver_header"))?;
        header.describe(event);
        let message = header.message;
        if let Some((client, _)) = split(message, b"[CLIENT: ").and_then(|(_, rest)| split(rest, b"]"))
            && client != b"<local machine>"
        {
            set_source(event, client);
        }
        if let Some((_, rest)) = split(message, b"Login failed for user '") {
            split(rest, b"'. ")
                .or(split(rest, b"'"))
                .into_iter()
                .for_each(|(user, _)| event.set(field::USER_NAME, user));
            event.classify("authentication", "start", "", "failure");
        } else if let Some((_, rest)) = split(message, b"Login succeeded for user '") {
            split(rest, b"'. ")
                .or(split(rest, b"'"))
                .into_iter()
                .for_each(|(user, _)| event.set(field::USER_NAME, user));
            event.classify("authentication", "start", "", "success");
        } else {
            number(message, event);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `2026-11-22 09:14:07.25 spid9s      message`
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = layout::stamp(text)?;
    let (thread, message) = first_word(rest.strip_prefix(b" ")?);
    let process = thread.strip_prefix(b"spid").is_some_and(|number| number.first().is_some_and(u8::is_ascii_digit));
    let known = process || matches!(thread, b"Server" | b"Logon" | b"Backup" | b"Loginmgr");
    let aligned = process || message.starts_with(b" ");
    let message = message.trim_ascii_start();
    (known && aligned).then(|| layout::Header { stamp: Some(stamp), thread, message, ..layout::Header::default() })
}

/// `Error: 18456, Severity: 14, State: 8.`
fn number<'r>(message: &'r [u8], event: &mut Event<'r>) {
    let found = message.strip_prefix(b"Error: ").and_then(|rest| split(rest, b", Severity: "));
    let Some((code, rest)) = found.filter(|(code, _)| integer(code).is_some()) else {
        return event.classify("database", "info", "", "");
    };
    event.set(field::ERROR_CODE, code);
    split(rest, b",")
        .and_then(|(severity, _)| integer(severity))
        .into_iter()
        .for_each(|severity| event.set_int(field::EVENT_SEVERITY, severity));
    event.classify("database", "error", "", "failure");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.25 Logon       Login failed for user 'sa'. Reason: Password did not match that for the login provided. [CLIENT: 203.0.113.66]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            (
                "message",
                "Login failed for user 'sa'. Reason: Password did not match that for the login provided. [CLIENT: 203.0.113.66]",
            ),
            ("process.thread.name", "Logon"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "sa"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.25 Logon       Error: 18456, Severity: 14, State: 8.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("error.code", "18456"),
            ("event.category", "database"),
            ("event.outcome", "failure"),
            ("event.severity", "14"),
            ("event.type", "error"),
            ("message", "Error: 18456, Severity: 14, State: 8."),
            ("process.thread.name", "Logon"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.25 spid26s     Server is listening on [ 127.0.0.1 <ipv4> 1431].",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("message", "Server is listening on [ 127.0.0.1 <ipv4> 1431]."),
            ("process.thread.name", "spid26s"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.25 Server      UTC adjustment: 1:00",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("message", "UTC adjustment: 1:00"),
            ("process.thread.name", "Server"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.25 Backup      BACKUP failed to complete the command BACKUP DATABASE shop. Check the backup application log for detailed messages.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            (
                "message",
                "BACKUP failed to complete the command BACKUP DATABASE shop. Check the backup application log for detailed messages.",
            ),
            ("process.thread.name", "Backup"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07.25 Somebody  else", expect: &[] },
];
