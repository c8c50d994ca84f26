//! Salt: the logs of its minions and masters.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::{Line, Stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{integer, reject, rsplit, split},
    template::{Class, Messages, Says, says},
};

/// Salt: `time [logger:line][LEVEL][pid] message`.
pub struct Salt;

impl Format for Salt {
    fn name(&self) -> &'static str {
        "salt"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Salt"
    }
    fn about(&self) -> &'static str {
        "log lines of salt-minion and salt-master: states, jobs, keys (Salt: Logging, log_fmt_logfile and log_fmt_console)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["salt"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["salt-minion", "salt-master", "salt-call"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/salt/minion", "/salt/master"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" [salt."])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Header::read(message).is_some_and(|header| header.logger.starts_with(b"salt."))
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = Header::read(line.message).ok_or(reject("salt_header"))?;
        header.stamp.into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp));
        event.set(field::LOG_LEVEL, header.level);
        if !header.logger.is_empty() {
            event.set(field::LOG_LOGGER, header.logger);
        }
        if let Some(pid) = header.pid {
            event.remove(field::PROCESS_PID);
            event.set_int(field::PROCESS_PID, pid);
        }
        event.replace(field::MESSAGE, header.message);
        if MESSAGES.read(header.message, event).is_none() {
            let failed = matches!(header.level, b"ERROR" | b"CRITICAL");
            event.classify("", if failed { "error" } else { "info" }, "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What stands before a message.
struct Header<'r> {
    stamp: Option<Stamp>,
    logger: &'r [u8],
    level: &'r [u8],
    pid: Option<i64>,
    message: &'r [u8],
}

impl<'r> Header<'r> {
    /// `2026-11-22 09:14:07,250 [salt.state       :2030][INFO    ][4711] message`, on the console `[INFO    ] message`.
    fn read(text: &'r [u8]) -> Option<Header<'r>> {
        let (rest, stamp) = match layout::stamp(text) {
            Some((rest, stamp)) => (rest.strip_prefix(b" ")?, Some(stamp)),
            None => (text, None),
        };
        let (first, rest) = bracket(rest)?;
        let (logger, level, rest) = match rsplit(first, b":").filter(|(_, line)| integer(line.trim_ascii()).is_some()) {
            Some((logger, _)) => {
                let (level, rest) = bracket(rest)?;
                (logger.trim_ascii_end(), level, rest)
            }
            None => (&b""[..], first, rest),
        };
        let (pid, message) = match bracket(rest).and_then(|(pid, rest)| Some((integer(pid)?, rest))) {
            Some((pid, message)) => (Some(pid), message),
            None => (None, rest),
        };
        let level = level.trim_ascii_end();
        let message = message.strip_prefix(b" ")?;
        let known = layout::is_level(level) && level.iter().all(u8::is_ascii_uppercase);
        known.then_some(Header { stamp, logger, level, pid, message })
    }
}

/// The text in the bracket that opens here, and what follows.
fn bracket(text: &[u8]) -> Option<(&[u8], &[u8])> {
    split(text.strip_prefix(b"[")?, b"]")
}

static MESSAGES: LazyLock<Messages> = LazyLock::new(|| Messages::new(SAYS));

const STATE: Class = ["configuration", "info", "state", ""];

const SAYS: &[Says] = &[
    says("Completed state [{salt.state}] at time {*}", STATE),
    says("Running state [{salt.state}] at time {*}", STATE),
    says("Executing state {salt.function} for [{salt.state}]", STATE),
    says(
        "User {user.name:word} Executing command {salt.function:word} with jid {salt.jid}",
        ["configuration", "start", "job", ""],
    ),
    says("Returning information for job: {salt.jid}", ["configuration", "end", "job", ""]),
    says(
        "Authentication with master at {destination.ip} successful!",
        ["authentication", "start", "sign_in", "success"],
    ),
    says(
        "The Salt Master has rejected this minion's public key!{*}",
        ["authentication", "start", "sign_in", "failure"],
    ),
    says("Authentication accepted from {salt.minion}", ["authentication", "start", "sign_in", "success"]),
    says(
        "Authentication failed from host {salt.minion}, the key is in pending{*}",
        ["authentication", "start", "sign_in", "failure"],
    ),
    says("New public key for {salt.minion} placed in pending", ["iam", "creation", "key", ""]),
    says("Minion is starting as user '{user.name}'", ["process", "start", "started", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,250 [salt.state       :2030][INFO    ][4711] Completed state [nginx] at time 09:14:07.249 (duration_in_ms=12.3)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "state"),
            ("event.category", "configuration"),
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("log.logger", "salt.state"),
            ("message", "Completed state [nginx] at time 09:14:07.249 (duration_in_ms=12.3)"),
            ("process.pid", "4711"),
            ("salt.state", "nginx"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08,001 [salt.minion      :1420][INFO    ][4711] User root Executing command state.apply with jid 20261122091408000000",
        expect: &[
            ("event.action", "job"),
            ("event.category", "configuration"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("log.logger", "salt.minion"),
            ("salt.function", "state.apply"),
            ("salt.jid", "20261122091408000000"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 web1 salt-minion[4711]: [ERROR   ] The Salt Master has rejected this minion's public key!",
        expect: &[
            ("event.action", "sign_in"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "ERROR"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:10,000 [salt.state       :324 ][ERROR   ][4711] The following requisites were not found",
        expect: &[
            ("event.type", "error"),
            ("log.level", "ERROR"),
            ("log.logger", "salt.state"),
            ("process.pid", "4711"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07,250 [salt.state       :2030][INFO", expect: &[] },
];
