//! rsync's log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, ip, reject, set_number, set_source, split},
};

/// rsync: `time [pid] message` of the log file, the daemon's and the client's own lines.
pub struct Rsync;

impl Format for Rsync {
    fn name(&self) -> &'static str {
        "rsync"
    }
    fn category(&self) -> &'static str {
        "backup"
    }
    fn product(&self) -> &'static str {
        "rsync"
    }
    fn about(&self) -> &'static str {
        "log file and daemon lines, errors with their exit code, totals (rsync(1): EXIT VALUES, --log-file-format)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "backup", product: "rsync", services: &["rsync"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["rsync", "rsyncd"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/rsync.log", "/rsyncd.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["20", "rsync: ", "rsync error: ", "rsync warning: "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
            || (message.starts_with(b"rsync ") && split(message, b" (code ").is_some())
            || message.starts_with(b"rsync: ")
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = match read(line.message) {
            Some(header) => {
                header.describe(event);
                header.message
            }
            None if line.program.is_some() || line.message.starts_with(b"rsync") => line.message,
            None => return Err(reject("rsync_header")),
        };
        describe(text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `2026/11/22 02:28:23 [23902] text`
fn read(message: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = layout::stamp(message).filter(|_| message.get(4) == Some(&b'/'))?;
    let (pid, message) = split(rest.strip_prefix(b" [")?, b"] ")?;
    let pid = Some(integer(pid)?);
    Some(layout::Header { stamp: Some(stamp), pid, message, ..layout::Header::default() })
}

fn describe<'r>(text: &'r [u8], event: &mut Event<'r>) {
    if let Some((reason, rest)) = text.strip_prefix(b"rsync error: ").and_then(|rest| split(rest, b" (code ")) {
        event.set(field::ERROR_MESSAGE, reason);
        split(rest, b")").into_iter().for_each(|(code, _)| set_number(event, field::PROCESS_EXIT_CODE, code));
        return event.classify("", "error", "backup", "failure");
    }
    // the transfer went through, but some files vanished: exit value 24
    if let Some((_, rest)) = text.strip_prefix(b"rsync warning: ").and_then(|rest| split(rest, b" (code ")) {
        split(rest, b")").into_iter().for_each(|(code, _)| set_number(event, field::PROCESS_EXIT_CODE, code));
        return event.classify("", "info", "backup", "unknown");
    }
    if text.starts_with(b"sent ") && split(text, b" bytes  received ").is_some() {
        return event.classify("", "info", "backup", "success");
    }
    if let Some(rest) = text.strip_prefix(b"auth failed on module ") {
        let (module, rest) = first_word(rest);
        event.set(field::SERVICE_NAME, module);
        if let Some(peer) = split(rest, b"from ").map(|(_, peer)| peer) {
            set_peer(peer, event);
        }
        if let Some((_, user)) = split(rest, b" for ") {
            event.set(field::USER_NAME, split(user, b":").map_or(first_word(user).0, |(user, _)| user));
        }
        return event.classify("authentication", "start", "", "failure");
    }
    if let Some(peer) = text.strip_prefix(b"connect from ") {
        set_peer(peer, event);
        event.classify("network", "connection", "", "");
    }
}

/// `client.example.com (192.0.2.7)`
fn set_peer<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let (name, rest) = first_word(text);
    let address = rest.strip_prefix(b"(").and_then(|rest| split(rest, b")")).map(|(address, _)| address);
    match address.filter(|address| ip(address).is_some()) {
        Some(address) => set_source(event, address),
        None => set_source(event, name),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026/11/22 02:28:23 [23902] >f+++++++++ sources.list",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:23Z"),
            ("message", ">f+++++++++ sources.list"),
            ("process.pid", "23902"),
        ],
    },
    Example {
        raw: "2026/11/22 02:28:23 [23902] sent 85,849 bytes  received 347 bytes  172,392.00 bytes/sec",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:23Z"),
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("message", "sent 85,849 bytes  received 347 bytes  172,392.00 bytes/sec"),
            ("process.pid", "23902"),
        ],
    },
    Example {
        raw: "2026/11/22 02:28:23 [23917] rsync error: error in rsync protocol data stream (code 12) at io.c(387) [sender=3.5.0]",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:23Z"),
            ("error.message", "error in rsync protocol data stream"),
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("message", "rsync error: error in rsync protocol data stream (code 12) at io.c(387) [sender=3.5.0]"),
            ("process.exit_code", "12"),
            ("process.pid", "23917"),
        ],
    },
    Example {
        raw: "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1338) [sender=3.4.1]",
        expect: &[
            ("error.message", "some files/attrs were not transferred (see previous errors)"),
            ("event.action", "backup"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("process.exit_code", "23"),
        ],
    },
    Example {
        raw: "Nov 22 02:28:23 nas1 rsyncd[4711]: auth failed on module backup from client.example.com (203.0.113.66) for b.jones: password mismatch",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:23Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "nas1"),
            (
                "message",
                "auth failed on module backup from client.example.com (203.0.113.66) for b.jones: password mismatch",
            ),
            ("process.name", "rsyncd"),
            ("process.pid", "4711"),
            ("service.name", "backup"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
        ],
    },
    Example { raw: "2026/11/22 02:28:23 [x] sent", expect: &[] },
];
