//! cron: commands it ran, and crontabs that were changed.

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, reject, set_number, set_some, split},
};

/// Vixie cron, cronie, anacron and busybox crond.
pub struct Cron;

/// The word between the brackets, its action and ECS type.
const VERBS: [(&[u8], &str, &str); 18] = [
    (b"CMD", "cron_command", "start"),
    (b"CMDOUT", "cron_output", "info"),
    (b"CMDEND", "cron_command_ended", "end"),
    (b"END", "cron_command_ended", "end"),
    (b"MAIL", "cron_mail", "info"),
    (b"RELOAD", "crontab_reloaded", "change"),
    (b"REPLACE", "crontab_replaced", "change"),
    (b"DELETE", "crontab_deleted", "deletion"),
    (b"LIST", "crontab_listed", "access"),
    (b"BEGIN EDIT", "crontab_edit_began", "info"),
    (b"END EDIT", "crontab_edit_ended", "info"),
    (b"AUTH", "crontab_denied", "denied"),
    (b"STARTUP", "cron_started", "start"),
    (b"INFO", "cron_message", "info"),
    (b"FAILED", "cron_failed", "error"),
    (b"ERROR", "cron_failed", "error"),
    (b"error", "cron_failed", "error"),
    (b"DEATH", "cron_failed", "error"),
];

impl Format for Cron {
    fn name(&self) -> &'static str {
        "cron"
    }
    fn category(&self) -> &'static str {
        "system"
    }
    fn product(&self) -> &'static str {
        "cron"
    }
    fn about(&self) -> &'static str {
        "Commands and crontabs: `(user) VERB (text)` (cronie and Vixie cron misc.c log_it; anacron; busybox crond)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["cron"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["CRON", "cron", "CROND", "crond", "crontab", "anacron", "cronie"]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        if text.starts_with(b"(") {
            bracketed(text, event)
        } else if let Some(rest) = text.strip_prefix(b"USER ") {
            busybox(rest, event)
        } else if !text.is_empty() {
            event.set(field::EVENT_REASON, text);
            event.classify("process", "info", "cron_message", "");
            Some(())
        } else {
            None
        }
        .ok_or(reject("cron_message"))
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `(user) VERB (text)`; the text keeps its own brackets.
fn bracketed<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (user, rest) = split(&text[1..], b") ")?;
    let (verb, inner) = split(rest, b" (").unwrap_or((rest, b""));
    let inner = inner.strip_suffix(b")").unwrap_or(inner);
    let (_, action, kind) = VERBS.iter().find(|(word, ..)| *word == verb).unwrap_or(&(b"", "cron_message", "info"));
    // cron speaks of itself in place of a user
    if !matches!(user, b"CRON" | b"*system*" | b"CRONTAB") {
        event.set(field::USER_NAME, user);
    }
    match *action {
        "cron_command" => event.set(field::PROCESS_COMMAND_LINE, inner.trim_ascii_start()),
        "crontab_replaced" | "crontab_deleted" | "crontab_listed" => set_some(event, field::USER_TARGET_NAME, inner),
        _ => set_some(event, field::EVENT_REASON, inner),
    }
    let outcome = if matches!(*kind, "denied" | "error") { "failure" } else { "" };
    event.classify("process", kind, action, outcome);
    Some(())
}

/// `USER root pid 812 cmd run-parts /etc/periodic/daily`
fn busybox<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (user, rest) = first_word(text);
    let (pid, command) = split(rest.trim_ascii_start().strip_prefix(b"pid")?, b" cmd ")?;
    event.set(field::USER_NAME, user);
    set_number(event, field::PROCESS_CHILD_PID, pid.trim_ascii());
    event.set(field::PROCESS_COMMAND_LINE, command);
    event.classify("process", "start", "cron_command", "");
    Some(())
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:17:01 web1 CRON[4714]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)",
        expect: &[
            ("user.name", "root"),
            ("process.command_line", "cd / && run-parts --report /etc/cron.hourly"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("event.action", "cron_command"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:02 db1 CROND[4715]: (backup) CMD (/usr/local/bin/backup (nightly))",
        expect: &[
            ("user.name", "backup"),
            ("process.command_line", "/usr/local/bin/backup (nightly)"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("event.action", "cron_command"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:03 web1 crontab[4716]: (ada) REPLACE (ada)",
        expect: &[
            ("user.name", "ada"),
            ("user.target.name", "ada"),
            ("event.category", "process"),
            ("event.type", "change"),
            ("event.action", "crontab_replaced"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:04 web1 crontab[4717]: (ada) BEGIN EDIT (ada)",
        expect: &[
            ("user.name", "ada"),
            ("event.reason", "ada"),
            ("event.category", "process"),
            ("event.type", "info"),
            ("event.action", "crontab_edit_began"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:05 web1 cron[600]: (*system*) RELOAD (/etc/crontab)",
        expect: &[
            ("event.reason", "/etc/crontab"),
            ("event.category", "process"),
            ("event.type", "change"),
            ("event.action", "crontab_reloaded"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:06 web1 crontab[4718]: (mallory) AUTH (crontab command not allowed)",
        expect: &[
            ("user.name", "mallory"),
            ("event.reason", "crontab command not allowed"),
            ("event.category", "process"),
            ("event.type", "denied"),
            ("event.action", "crontab_denied"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:07 web1 CRON[4719]: (CRON) error (grandchild #4720 failed with exit status 1)",
        expect: &[
            ("event.reason", "grandchild #4720 failed with exit status 1"),
            ("event.category", "process"),
            ("event.type", "error"),
            ("event.action", "cron_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:08 alp1 crond[200]: USER root pid 812 cmd run-parts /etc/periodic/15min",
        expect: &[
            ("user.name", "root"),
            ("process.child.pid", "812"),
            ("process.command_line", "run-parts /etc/periodic/15min"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("event.action", "cron_command"),
        ],
    },
    Example {
        raw: "Nov 22 03:17:09 web1 anacron[300]: Job `cron.daily' terminated",
        expect: &[
            ("event.reason", "Job `cron.daily' terminated"),
            ("event.category", "process"),
            ("event.type", "info"),
            ("event.action", "cron_message"),
        ],
    },
    Example { raw: "Nov 22 03:17:10 web1 cron[600]: (", expect: &[] },
];
