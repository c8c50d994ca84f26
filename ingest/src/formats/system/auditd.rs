//! The Linux audit system: what auditd writes to its file, what its dispatcher forwards, and what the journal shows.
//!
//! One event is one record (`USER_LOGIN`) or several with one serial (`SYSCALL`, `EXECVE`, `CWD`, `PATH`, …), which the
//! joiner puts together ([`crate::join`]). Values that an outsider chose are quoted by the kernel, or written as hex digits
//! where they hold a quote, a blank or worse, so that nobody can forge a key.

use std::borrow::Cow;

use memchr::{memchr, memmem, memrchr};

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event, Field,
    envelope::Line,
    field,
    pairs::{Pair, Pairs, own_field, set_own},
    scan::{first_word, integer, set_destination, set_number, set_source, split},
    time,
};

mod examples;
pub(crate) mod kinds;
mod socket;

/// The Linux audit system, see the module.
pub struct Auditd;

const OWN: &str = "auditd.";

/// So many arguments stand under their own names, too (`auditd.a0`): rules ask for them by their places.
const OWN_ARGS: usize = 8;
/// Between the kernel's words and their meaning in `log_format = ENRICHED`.
const ENRICHED: u8 = 0x1d;
/// `auid` and `ses` of processes that nobody logged in to start.
const UNSET: &[u8] = b"4294967295";

impl Format for Auditd {
    fn name(&self) -> &'static str {
        "auditd"
    }
    fn category(&self) -> &'static str {
        "system"
    }
    fn product(&self) -> &'static str {
        "Linux audit"
    }
    fn about(&self) -> &'static str {
        "records of the Linux audit system, raw or enriched, one or all of an event (auditd.conf(5), \
         github.com/linux-audit/audit-documentation, specs/messages)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["auditd"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["audit", "auditd", "audispd", "audisp-syslog", "audisp-remote"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/audit/audit.log", "/audit.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["msg=audit(", " audit("])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Part::read(message.split(|b| *b == b'\n').next().unwrap_or_default()).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut parts = line.message.split(|b| *b == b'\n').filter_map(Part::read).peekable();
        if parts.peek().is_none() {
            return match Part::of_the_journal(line) {
                Some(part) => {
                    Reader::new(&[&part]).read(event);
                    Ok(())
                }
                None => Err(Reject { reason: "audit_no_record", offset: 0 }),
            };
        }
        let parts: Vec<Part<'r>> = parts.take(MAX_PARTS).collect();
        Reader::new(&parts.iter().collect::<Vec<_>>()).read(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// Most records of one event that are read; the kernel writes one for each argument block and path.
const MAX_PARTS: usize = 1_024;

/// One record.
#[derive(Clone, Debug)]
pub(crate) struct Part<'r> {
    node: Option<&'r [u8]>,
    /// `SYSCALL`; a number where auditd does not know it.
    pub(crate) kind: &'r [u8],
    /// Seconds since 1970 with their fraction.
    stamp: &'r [u8],
    /// Which records are of one event.
    pub(crate) serial: &'r [u8],
    body: &'r [u8],
}

impl<'r> Part<'r> {
    /// `[node=NAME ]type=KIND msg=audit(SECONDS:SERIAL): …`; the kernel's own ring buffer leaves `msg=` out.
    pub(crate) fn read(text: &'r [u8]) -> Option<Part<'r>> {
        let text = text.trim_ascii_start();
        let (node, text) = match text.strip_prefix(b"node=") {
            Some(rest) => {
                let (node, rest) = first_word(rest);
                (Some(node), rest)
            }
            None => (None, text),
        };
        let (kind, rest) = first_word(text.strip_prefix(b"type=")?);
        let rest = rest.strip_prefix(b"msg=").unwrap_or(rest).strip_prefix(b"audit(")?;
        let close = memchr(b')', &rest[..rest.len().min(48)])?;
        let (stamp, serial) = split(&rest[..close], b":")?;
        let digits = |text: &[u8]| !text.is_empty() && text.iter().all(|b| b.is_ascii_digit() || *b == b'.');
        if !digits(stamp) || !digits(serial) || kind.is_empty() {
            return None;
        }
        let body = &rest[close + 1..];
        let body = body.strip_prefix(b":").unwrap_or(body).trim_ascii();
        Some(Part { node, kind, stamp, serial, body })
    }

    /// What journald shows under the name `audit`: the kind, then the body.
    fn of_the_journal(line: &Line<'r>) -> Option<Part<'r>> {
        let (kind, body) = first_word(line.message);
        let is_kind = kind.len() > 2 && kind.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'0'..=b'9'));
        (is_kind && line.program == Some(b"audit") && memchr(b'=', body).is_some()).then_some(Part {
            node: None,
            kind,
            stamp: b"",
            serial: b"",
            body,
        })
    }
}

/// What of an event must be known before its records can be read one by one.
struct Reader<'a, 'r> {
    parts: &'a [&'a Part<'r>],
    /// The kind that says what happened: the one that is not about a system call, else the first.
    main: &'r [u8],
    peer: Option<socket::Peer>,
    args: Vec<(usize, Cow<'r, [u8]>)>,
}

impl<'a, 'r> Reader<'a, 'r> {
    fn new(parts: &'a [&'a Part<'r>]) -> Self {
        let main =
            parts.iter().find(|part| !kinds::of_a_call(part.kind)).or(parts.first()).map_or(&b""[..], |p| p.kind);
        Reader { parts, main, peer: None, args: Vec::new() }
    }

    fn read(mut self, event: &mut Event<'r>) {
        let Some(first) = self.parts.first() else { return };
        if let Some(stamp) = time::read(first.stamp) {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        if let Some(node) = first.node {
            event.replace(field::HOST_NAME, node);
        }
        set_number(event, field::EVENT_SEQUENCE, first.serial);
        let runs = self.parts.len() > 1 && self.parts.iter().any(|part| part.kind == b"EXECVE");
        if runs || first.kind == b"EXECVE" {
            event.logsource.category = "process_creation";
        }
        let kinds = Field::intern("auditd.type");
        self.parts.iter().for_each(|part| kinds.into_iter().for_each(|field| event.set(field, part.kind)));
        kinds::classify(if runs && kinds::of_a_call(self.main) { kinds::RUN } else { self.main }, event);
        for part in self.parts {
            let (body, enriched) = split(part.body, &[ENRICHED]).unwrap_or((part.body, b""));
            let (outer, inner) = told(body);
            for text in [outer, inner, enriched] {
                Pairs::new(text).for_each(|pair| self.pair(part.kind, pair, event));
            }
            if let Some(denied) = body.strip_prefix(b"avc:") {
                set_avc(denied, event);
            }
        }
        self.finish(event);
    }

    fn pair(&mut self, kind: &[u8], pair: Pair<'r>, event: &mut Event<'r>) {
        let Some(value) = pair.value.filter(|value| !matches!(*value, b"" | b"?" | b"(null)" | b"(none)")) else {
            return;
        };
        let value = value.strip_suffix(b"'").unwrap_or(value);
        let key = pair.key;
        match (kind, key) {
            (b"EXECVE", _) if argument(key).is_some() => {
                let at = argument(key).unwrap_or_default();
                return self.args.push((at, plain(value, pair.quoted)));
            }
            (b"EXECVE", b"argc") => return set_once(event, field::PROCESS_ARGS_COUNT, value),
            (b"SOCKADDR", b"saddr") => self.peer = self.peer.or_else(|| socket::Peer::read(value)),
            (b"PATH", b"name") => return set_path(event, &plain(value, pair.quoted)),
            (b"PROCTITLE", b"proctitle") => return set_title(event, &plain(value, pair.quoted)),
            _ => {}
        }
        self.common(key, value, pair.quoted, event);
    }

    /// What a key means in any kind of record.
    fn common(&self, key: &[u8], value: &'r [u8], quoted: bool, event: &mut Event<'r>) {
        let number = |field: Field, event: &mut Event<'r>| {
            if event.get(field).is_none() {
                set_number(event, field, value);
            }
        };
        match key {
            b"pid" => {
                event.remove(field::PROCESS_PID);
                number(field::PROCESS_PID, event);
            }
            b"ppid" => number(field::PROCESS_PARENT_PID, event),
            b"uid" => set_once(event, field::USER_ID, value),
            b"euid" => set_once(event, field::USER_EFFECTIVE_ID, value),
            b"gid" => set_once(event, field::USER_GROUP_ID, value),
            b"egid" => set_once(event, field::USER_EFFECTIVE_GROUP_ID, value),
            b"UID" if event.get(field::USER_NAME).is_none() => set_once(event, field::USER_NAME, value),
            b"EUID" if event.get(field::USER_EFFECTIVE_NAME).is_none() => {
                set_once(event, field::USER_EFFECTIVE_NAME, value)
            }
            b"comm" => {
                event.remove(field::PROCESS_NAME);
                set_once(event, field::PROCESS_NAME, &plain(value, quoted));
            }
            b"exe" => set_once(event, field::PROCESS_EXECUTABLE, &plain(value, quoted)),
            b"cwd" => set_once(event, field::PROCESS_WORKING_DIRECTORY, &plain(value, quoted)),
            b"cmd" => set_once(event, field::PROCESS_COMMAND_LINE, &plain(value, quoted)),
            b"tty" | b"terminal" => set_once(event, field::PROCESS_TTY, value),
            b"unit" => set_once(event, field::SERVICE_NAME, value),
            b"res" | b"success" => set_outcome(event, value),
            b"addr" | b"src" => set_address(event, value, field::SOURCE_ADDRESS, set_source),
            b"dst" | b"daddr" => set_address(event, value, field::DESTINATION_ADDRESS, set_destination),
            b"saddr" if self.peer.is_none() => set_address(event, value, field::SOURCE_ADDRESS, set_source),
            b"user" => set_once(event, field::USER_NAME, value),
            b"acct" => set_account(self.main, event, &plain(value, quoted)),
            b"id" if kinds::changes_accounts(self.main) => {
                let group = kinds::changes_groups(self.main);
                set_once(event, if group { field::GROUP_ID } else { field::USER_TARGET_ID }, value);
            }
            b"auid" | b"ses" if value == UNSET => {}
            b"key" => set_own(event, OWN, key, &plain(value, quoted)),
            b"msg" => {}
            _ => set_own(event, OWN, key, value),
        }
    }

    /// What only all records together tell.
    fn finish(&mut self, event: &mut Event<'r>) {
        self.args.sort_by_key(|(at, _)| *at);
        for (at, text) in &self.args {
            if *at == 0 && text.starts_with(b"/") {
                set_once(event, field::PROCESS_EXECUTABLE, text);
            }
            event.set(field::PROCESS_ARGS, text);
            if *at < OWN_ARGS
                && let Some(own) = Field::intern(&format!("{OWN}a{at}"))
            {
                event.set(own, text);
            }
        }
        // a process that says one identity only has it in effect, too
        if event.get(field::USER_EFFECTIVE_ID).is_none()
            && let Some(id) = event.get(field::USER_ID)
        {
            event.push(field::USER_EFFECTIVE_ID, id);
        }
        let Some(peer) = &self.peer else { return };
        let own = |key: &[u8]| event.bytes(own_field(OWN, key)?).map(Cow::into_owned);
        let call = own(b"SYSCALL").or_else(|| own(b"syscall"));
        match socket::direction(own(b"arch").as_deref(), call.as_deref()) {
            Some(socket::Direction::Out) => peer.set(event, set_destination, field::DESTINATION_PORT),
            Some(socket::Direction::In) => peer.set(event, set_source, field::SOURCE_PORT),
            None => {}
        }
    }
}

/// What stands around `msg='…'`, and in it.
fn told(body: &[u8]) -> (&[u8], &[u8]) {
    match split(body, b"msg='") {
        Some((outer, inner)) => (outer, memrchr(b'\'', inner).map_or(inner, |end| &inner[..end])),
        None => (body, b""),
    }
}

/// The place of an argument: `a7`; long ones come in pieces, of which only the first counts (`a7[0]`).
fn argument(key: &[u8]) -> Option<usize> {
    let digits = key.strip_prefix(b"a")?;
    let digits = digits.strip_suffix(b"[0]").unwrap_or(digits);
    usize::try_from(integer(digits)?).ok()
}

/// Text as it was: what stands without quotes is hex digits of something that needed hiding.
fn plain(value: &[u8], quoted: bool) -> Cow<'_, [u8]> {
    let hidden = !quoted && value.len() >= 2 && value.len().is_multiple_of(2);
    if !hidden || !value.iter().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')) {
        return Cow::Borrowed(value);
    }
    let nibble = |b: u8| if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 10 };
    Cow::Owned(value.chunks_exact(2).map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect())
}

fn set_once(event: &mut Event<'_>, field: Field, value: &[u8]) {
    if event.get(field).is_none() {
        event.set(field, value);
    }
}

/// A process' title: its arguments with NULs between.
fn set_title(event: &mut Event<'_>, title: &[u8]) {
    let words: Vec<u8> = title.iter().map(|b| if *b == 0 { b' ' } else { *b }).collect();
    set_once(event, field::PROCESS_COMMAND_LINE, words.trim_ascii());
}

/// The file that a call was about: the first with a whole path.
fn set_path(event: &mut Event<'_>, name: &[u8]) {
    if name.starts_with(b"/") {
        set_once(event, field::FILE_PATH, name);
    }
}

fn set_outcome(event: &mut Event<'_>, value: &[u8]) {
    let outcome = match value {
        b"success" | b"yes" | b"1" => "success",
        b"failed" | b"no" | b"0" => "failure",
        _ => return,
    };
    if event.get(field::EVENT_OUTCOME).is_none() {
        event.set_static(field::EVENT_OUTCOME, outcome);
    }
}

fn set_address(event: &mut Event<'_>, value: &[u8], field: Field, set: fn(&mut Event<'_>, &[u8])) {
    if event.get(field).is_none() && crate::scan::ip(value).is_some() {
        set(event, value);
    }
}

/// The account of an event: who signs in, whom PAM makes the process be, or whose account is changed.
fn set_account(kind: &[u8], event: &mut Event<'_>, name: &[u8]) {
    if kinds::changes_groups(kind) {
        return set_once(event, field::GROUP_NAME, name);
    }
    if kinds::changes_accounts(kind) {
        return set_once(event, field::USER_TARGET_NAME, name);
    }
    event.remove(field::USER_NAME);
    event.set(field::USER_NAME, name);
    set_once(event, field::USER_EFFECTIVE_NAME, name);
}

/// `  denied  { read write } for  pid=…`
fn set_avc(text: &[u8], event: &mut Event<'_>) {
    let text = text.trim_ascii_start();
    let denied = text.starts_with(b"denied");
    if event.get(field::EVENT_OUTCOME).is_none() && (denied || text.starts_with(b"granted")) {
        event.set_static(field::EVENT_OUTCOME, if denied { "failure" } else { "success" });
    }
    if let Some((_, rest)) = split(text, b"{ ")
        && let Some(end) = memmem::find(rest, b" }")
    {
        set_own(event, OWN, b"permissions", &rest[..end]);
    }
}
