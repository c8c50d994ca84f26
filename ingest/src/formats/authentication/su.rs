//! su, of shadow-utils, util-linux, coreutils and BSD.

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, last_word, reject, rsplit, set_some, split},
};

/// su: who became whom, or tried to.
pub struct Su;

impl Format for Su {
    fn name(&self) -> &'static str {
        "su"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "su"
    }
    fn about(&self) -> &'static str {
        "su's messages (shadow-utils and util-linux su.c; BSD and Solaris wording)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["su", "auth"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["su", "su-l", "runuser"]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let attempt = attempt(line.message).ok_or(reject("su_message"))?;
        event.set(field::USER_NAME, attempt.user);
        event.set(field::USER_EFFECTIVE_NAME, attempt.target);
        set_some(event, field::PROCESS_TTY, attempt.tty.strip_prefix(b"/dev/").unwrap_or(attempt.tty));
        let outcome = if attempt.succeeded { "success" } else { "failure" };
        event.classify("authentication", if attempt.succeeded { "start" } else { "info" }, "su", outcome);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Attempt<'r> {
    succeeded: bool,
    user: &'r [u8],
    target: &'r [u8],
    tty: &'r [u8],
}

fn attempt(message: &[u8]) -> Option<Attempt<'_>> {
    let made = |succeeded, user, target, tty| Some(Attempt { succeeded, user, target, tty });
    let (first, rest) = first_word(message);
    match first {
        // Successful su for root by bob
        b"Successful" | b"FAILED" if rest.starts_with(b"su for ") => {
            let (target, user) = rsplit(&rest[7..], b" by ")?;
            made(first == b"Successful", user, target, b"")
        }
        // FAILED SU (to root) bob on pts/0
        b"FAILED" => to_target(rest.strip_prefix(b"SU ")?, false),
        b"(to" => to_target(message, true),
        // BAD SU bob to root on /dev/ttyp0
        b"BAD" => user_to_target(rest.strip_prefix(b"SU ")?, false),
        // + /dev/pts/0 bob:root
        b"+" | b"-" => {
            let (tty, who) = first_word(rest);
            let (user, target) = rsplit(who, b":")?;
            made(first == b"+", user, target, tty)
        }
        // 'su root' failed for bob on /dev/pts/0
        b"'su" => {
            let (target, rest) = split(rest, b"' ")?;
            let (verb, rest) = split(rest, b" for ")?;
            let (user, tty) = rsplit(rest, b" on ")?;
            made(verb == b"succeeded", user, target, tty)
        }
        _ => user_to_target(message, true),
    }
}

/// `(to root) bob on pts/0`
fn to_target(text: &[u8], succeeded: bool) -> Option<Attempt<'_>> {
    let (target, rest) = split(text.strip_prefix(b"(to ")?, b") ")?;
    let (user, tty) = rsplit(rest, b" on ")?;
    Some(Attempt { succeeded, user, target, tty })
}

/// `bob to root on /dev/ttyp0`
fn user_to_target(text: &[u8], succeeded: bool) -> Option<Attempt<'_>> {
    let (who, tty) = rsplit(text, b" on ")?;
    let (user, target) = last_word(who);
    Some(Attempt { succeeded, user: user.strip_suffix(b" to")?, target, tty })
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:13:00 web1 su[991]: (to root) ada on pts/0",
        expect: &[
            ("user.name", "ada"),
            ("user.effective.name", "root"),
            ("process.tty.name", "pts/0"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "su"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:13:01 web1 su[992]: FAILED SU (to root) bob on pts/1",
        expect: &[
            ("user.name", "bob"),
            ("user.effective.name", "root"),
            ("process.tty.name", "pts/1"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "su"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:13:02 web1 su[993]: Successful su for postgres by root",
        expect: &[
            ("user.name", "root"),
            ("user.effective.name", "postgres"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "su"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:13:03 web1 su[994]: + /dev/pts/0 ada:root",
        expect: &[
            ("user.name", "ada"),
            ("user.effective.name", "root"),
            ("process.tty.name", "pts/0"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "su"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:13:04 bsd1 su[995]: BAD SU bob to root on /dev/ttyp0",
        expect: &[
            ("user.name", "bob"),
            ("user.effective.name", "root"),
            ("process.tty.name", "ttyp0"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "su"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:13:05 bsd1 su[996]: ada to root on /dev/ttyp1",
        expect: &[
            ("user.name", "ada"),
            ("user.effective.name", "root"),
            ("process.tty.name", "ttyp1"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "su"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:13:06 sun1 su: 'su root' failed for bob on /dev/pts/3",
        expect: &[
            ("user.name", "bob"),
            ("user.effective.name", "root"),
            ("process.tty.name", "pts/3"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "su"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "Nov 22 03:13:07 web1 su[997]: nonsense", expect: &[] },
];
