//! systemd-logind: sessions, seats, power.

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, reject, rsplit, set_some, split},
};

/// systemd's login manager.
pub struct Logind;

impl Format for Logind {
    fn name(&self) -> &'static str {
        "systemd_logind"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "systemd"
    }
    fn about(&self) -> &'static str {
        "Sessions and shutdowns as systemd-logind tells of them (systemd src/login)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["systemd-logind", "auth"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["systemd-logind", "elogind-daemon", "elogind"]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message.strip_suffix(b".").unwrap_or(line.message);
        if text.is_empty() {
            return Err(reject("logind_message"));
        }
        if let Some(session) = text.strip_prefix(b"New session ") {
            // newer versions add the class: `New session 5 of user ada with class 'user' and type 'tty'.`
            let (id, user) = split(session, b" of user ").ok_or(Reject { reason: "logind_session", offset: 12 })?;
            event.set(field::SYSTEMD_SESSION, id.trim_ascii());
            let user = rsplit(user, b" with class ").map_or(user, |(user, _)| user);
            let unquoted = user.strip_prefix(b"'").and_then(|user| user.strip_suffix(b"'"));
            event.set(field::USER_NAME, unquoted.unwrap_or(user));
            event.classify("session", "start", "session_new", "success");
        } else if let Some(session) = text.strip_prefix(b"Session ") {
            event.set(field::SYSTEMD_SESSION, first_word(session).0);
            event.classify("session", "end", "session_logged_out", "");
        } else if let Some(session) = text.strip_prefix(b"Removed session ") {
            event.set(field::SYSTEMD_SESSION, session);
            event.classify("session", "end", "session_removed", "");
        } else {
            let (category, kind, action) = of_the_machine(text);
            set_some(event, field::EVENT_REASON, text);
            event.classify(category, kind, action, "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn of_the_machine(text: &[u8]) -> (&'static str, &'static str, &'static str) {
    match text {
        _ if text.starts_with(b"System is rebooting") || text.starts_with(b"The system will reboot") => {
            ("host", "end", "system_rebooting")
        }
        _ if text.starts_with(b"System is powering ")
            || text.starts_with(b"System is halting")
            || text.starts_with(b"The system will power off") =>
        {
            ("host", "end", "system_powering_off")
        }
        _ if text.starts_with(b"Power key pressed") => ("host", "info", "power_key_pressed"),
        _ if text.starts_with(b"Suspending") || text.starts_with(b"Hibernating") => {
            ("host", "info", "system_suspending")
        }
        _ if text.starts_with(b"New seat ") => ("host", "info", "seat_new"),
        _ => ("host", "info", "logind_message"),
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:30:00 web1 systemd-logind[512]: New session 5 of user ada.",
        expect: &[
            ("systemd.session", "5"),
            ("user.name", "ada"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("event.action", "session_new"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:30:01 web1 systemd-logind[512]: New session c2 of user 'ada' with class 'user' and type 'tty'.",
        expect: &[
            ("systemd.session", "c2"),
            ("user.name", "ada"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("event.action", "session_new"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:30:02 web1 systemd-logind[512]: Session 5 logged out. Waiting for processes to exit.",
        expect: &[
            ("systemd.session", "5"),
            ("event.category", "session"),
            ("event.type", "end"),
            ("event.action", "session_logged_out"),
        ],
    },
    Example {
        raw: "Nov 22 03:30:03 web1 systemd-logind[512]: Removed session 5.",
        expect: &[
            ("systemd.session", "5"),
            ("event.category", "session"),
            ("event.type", "end"),
            ("event.action", "session_removed"),
        ],
    },
    Example {
        raw: "Nov 22 03:30:04 web1 systemd-logind[512]: System is rebooting.",
        expect: &[
            ("event.reason", "System is rebooting"),
            ("event.category", "host"),
            ("event.type", "end"),
            ("event.action", "system_rebooting"),
        ],
    },
    Example {
        raw: "Nov 22 03:30:05 web1 systemd-logind[512]: Watching system buttons on /dev/input/event0 (Power Button)",
        expect: &[
            ("event.reason", "Watching system buttons on /dev/input/event0 (Power Button)"),
            ("event.category", "host"),
            ("event.type", "info"),
            ("event.action", "logind_message"),
        ],
    },
    Example { raw: "Nov 22 03:30:06 web1 systemd-logind[512]: New session 6", expect: &[] },
];
