//! sudo's log lines.

use nom::Parser;

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, set_some, split, until},
};

/// sudo: `NAME : [reason ; ]TTY=… ; PWD=… ; USER=… ; COMMAND=…`.
pub struct Sudo;

/// Most `KEY=value` pairs before the command; sudo writes at most eight.
const MAX_PAIRS: usize = 16;

impl Format for Sudo {
    fn name(&self) -> &'static str {
        "sudo"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "sudo"
    }
    fn about(&self) -> &'static str {
        "sudo's messages (sudoers(5), LOG FORMAT)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["sudo", "auth"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["sudo", "sudoedit"]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let message = line.message;
        let Ok((rest, user)) = until(" : ").parse(message) else {
            return notice(message, event);
        };
        event.set(field::USER_NAME, user.trim_ascii());
        if let Some(command) = rest.strip_prefix(b"(command continued) ") {
            event.set(field::PROCESS_COMMAND_LINE, command);
            event.classify("process", "info", "sudo_command_continued", "");
            return Ok(());
        }
        let reason = pairs(rest, event);
        match reason {
            None => event.classify("process", "start", "sudo_command", "success"),
            Some(reason) => refused(reason, event),
        }
        let told = reason.is_some() || event.get(field::PROCESS_COMMAND_LINE).is_some();
        if told { Ok(()) } else { Err(Reject { reason: "sudo_pairs", offset: message.len() - rest.len() }) }
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Reads `KEY=value ; …`; the command is the last and takes all that is left. Returns the text that is no pair: why
/// sudo refused.
fn pairs<'r>(mut rest: &'r [u8], event: &mut Event<'r>) -> Option<&'r [u8]> {
    let mut reason = None;
    for _ in 0..MAX_PAIRS {
        if let Some(command) = rest.strip_prefix(b"COMMAND=") {
            event.set(field::PROCESS_COMMAND_LINE, command);
            set_some(event, field::PROCESS_EXECUTABLE, first_word(command).0);
            break;
        }
        let (pair, next) = split(rest, b" ; ").unwrap_or((rest, b""));
        match split(pair, b"=") {
            Some((b"TTY", tty)) => event.set(field::PROCESS_TTY, tty),
            Some((b"PWD", directory)) => event.set(field::PROCESS_WORKING_DIRECTORY, directory),
            Some((b"USER", user)) => event.set(field::USER_EFFECTIVE_NAME, user),
            Some((b"GROUP", group)) => event.set(field::GROUP_NAME, group),
            Some((b"HOST" | b"CHROOT" | b"TSID" | b"ENV", _)) => {}
            _ if reason.is_none() => reason = Some(pair),
            _ => {}
        }
        if next.is_empty() {
            break;
        }
        rest = next;
    }
    reason
}

/// Why sudo did not run it. A wrong password is a failed authentication; a missing right is a denied command.
fn refused<'r>(reason: &'r [u8], event: &mut Event<'r>) {
    event.set(field::EVENT_REASON, reason);
    let action = match reason {
        _ if reason.ends_with(b"incorrect password attempts") || reason.ends_with(b"incorrect password attempt") => {
            return event.classify("authentication", "info", "sudo_wrong_password", "failure");
        }
        b"a password is required"
        | b"authentication failure"
        | b"conversation failed"
        | b"auth could not identify password" => {
            return event.classify("authentication", "info", "sudo_password_required", "failure");
        }
        _ if reason.to_ascii_lowercase().starts_with(b"user not in sudoers") => "sudo_not_in_sudoers",
        _ if reason.starts_with(b"command not allowed") => "sudo_command_not_allowed",
        _ if reason.to_ascii_lowercase().starts_with(b"user not authorized") => "sudo_not_authorized",
        _ => return event.classify("process", "info", "sudo_message", "failure"),
    };
    event.classify("process", "denied", action, "failure");
}

/// What sudo says of itself, without a user: `unable to resolve host …`, `PAM account management error …`.
fn notice<'r>(message: &'r [u8], event: &mut Event<'r>) -> Result<(), Reject> {
    if message.is_empty() {
        return Err(Reject { reason: "sudo_message", offset: 0 });
    }
    event.set(field::EVENT_REASON, message);
    event.classify("process", "info", "sudo_message", "");
    Ok(())
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:11:00 web1 sudo:      ada : TTY=pts/0 ; PWD=/home/ada ; USER=root ; COMMAND=/usr/bin/apt-get install nginx",
        expect: &[
            ("user.name", "ada"),
            ("process.tty.name", "pts/0"),
            ("process.working_directory", "/home/ada"),
            ("user.effective.name", "root"),
            ("process.command_line", "/usr/bin/apt-get install nginx"),
            ("process.executable", "/usr/bin/apt-get"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("event.action", "sudo_command"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:11:01 web1 sudo[812]:      bob : 3 incorrect password attempts ; TTY=pts/1 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/sh -c true ; id",
        expect: &[
            ("user.name", "bob"),
            ("process.tty.name", "pts/1"),
            ("process.working_directory", "/home/bob"),
            ("user.effective.name", "root"),
            ("process.command_line", "/bin/sh -c true ; id"),
            ("process.executable", "/bin/sh"),
            ("event.reason", "3 incorrect password attempts"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "sudo_wrong_password"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:11:02 web1 sudo:  mallory : user NOT in sudoers ; TTY=pts/2 ; PWD=/tmp ; USER=root ; COMMAND=/bin/bash",
        expect: &[
            ("user.name", "mallory"),
            ("process.tty.name", "pts/2"),
            ("process.working_directory", "/tmp"),
            ("user.effective.name", "root"),
            ("process.command_line", "/bin/bash"),
            ("process.executable", "/bin/bash"),
            ("event.reason", "user NOT in sudoers"),
            ("event.category", "process"),
            ("event.type", "denied"),
            ("event.action", "sudo_not_in_sudoers"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:11:03 web1 sudo: backup : command not allowed ; PWD=/ ; USER=postgres ; GROUP=adm ; COMMAND=/usr/bin/psql",
        expect: &[
            ("user.name", "backup"),
            ("process.working_directory", "/"),
            ("user.effective.name", "postgres"),
            ("group.name", "adm"),
            ("process.command_line", "/usr/bin/psql"),
            ("process.executable", "/usr/bin/psql"),
            ("event.reason", "command not allowed"),
            ("event.category", "process"),
            ("event.type", "denied"),
            ("event.action", "sudo_command_not_allowed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:11:04 web1 sudo: bob : a password is required ; TTY=unknown ; PWD=/ ; USER=root ; COMMAND=list",
        expect: &[
            ("user.name", "bob"),
            ("process.tty.name", "unknown"),
            ("process.working_directory", "/"),
            ("user.effective.name", "root"),
            ("process.command_line", "list"),
            ("process.executable", "list"),
            ("event.reason", "a password is required"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "sudo_password_required"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:11:05 web1 sudo:   ada : (command continued) --no-install-recommends",
        expect: &[
            ("user.name", "ada"),
            ("process.command_line", "--no-install-recommends"),
            ("event.category", "process"),
            ("event.type", "info"),
            ("event.action", "sudo_command_continued"),
        ],
    },
    Example {
        raw: "Nov 22 03:11:06 web1 sudo: unable to resolve host web1: Name or service not known",
        expect: &[
            ("event.reason", "unable to resolve host web1: Name or service not known"),
            ("event.category", "process"),
            ("event.type", "info"),
            ("event.action", "sudo_message"),
        ],
    },
    Example { raw: "Nov 22 03:11:07 web1 sudo: ada : TTY=pts/0", expect: &[] },
];
