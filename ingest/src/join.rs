//! Joins the lines of multi-line records before they are parsed.
//!
//! apt writes a transaction to history.log as a paragraph, and what dpkg printed to term.log between two marks. Files
//! arrive line by line, so the lines of one host and file are gathered from the first mark to the last. They are found
//! by the path that they were read from, or by the tag under which a forwarder sends the file (`apt-history`,
//! `apt-term`). A record that already holds line breaks has been joined by its sender.
//!
//! The kernel writes an audit event in several records with one serial (`SYSCALL`, `EXECVE`, `PATH`, …), those of other
//! events between them. They are gathered by host and serial until the last kind comes, or for [`AUDIT_AGE`].
//!
//! Promises: every byte of a wanted record's text is emitted, in the order of arrival per host and file; blank lines
//! between records are not. A joined record's receive time is that of its last line. What is open is bounded: a record
//! longer than [`MAX_LINES`] or [`MAX_BYTES`] is emitted in parts that each begin with its first line, one that was not
//! ended [`MAX_AGE`] after its last line is emitted as it is, and beyond [`MAX_OPEN`] the oldest is.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::Timestamp;
use memchr::{memchr, memmem};
use serde::{Deserialize, Serialize};

use crate::{
    Kind, Origin, Record,
    envelope::{self, Line},
    formats::system::auditd::{Part, kinds},
};

/// Most lines of one record.
pub const MAX_LINES: usize = 20_000;
/// Most bytes of one record.
pub const MAX_BYTES: usize = 1 << 20;
/// A record whose end did not come within this many seconds after its last line is emitted as it is. A long upgrade
/// writes nothing to history.log between its first lines and its end.
pub const MAX_AGE: i64 = 3_600;
/// The same for the records of an audit event, which the kernel writes at once.
pub const AUDIT_AGE: i64 = 5;
/// Most records that are open at a time, over all hosts.
pub const MAX_OPEN: usize = 4_096;
/// A forwarded file's tag begins within this many bytes.
const TAG_WITHIN: usize = 400;

/// A file whose records have several lines.
struct Shape {
    path: &'static str,
    tag: &'static str,
    first: &'static [u8],
    last: &'static [u8],
}

const SHAPES: [Shape; 3] = [
    Shape { path: "/apt/history.log", tag: "apt-history", first: b"Start-Date: ", last: b"End-Date: " },
    Shape { path: "/apt/term.log", tag: "apt-term", first: b"Log started: ", last: b"Log ended: " },
    Shape { path: "/unattended-upgrades-dpkg.log", tag: "apt-term", first: b"Log started: ", last: b"Log ended: " },
];

/// Gathers lines; see the module.
#[derive(Debug, Default)]
pub struct Joiner {
    open: BTreeMap<Key, Open>,
}

/// The host and the file, or the tag in its place.
type Key = (String, String);

/// A record that waits for its end.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Open {
    /// The host and file that its lines belong to.
    key: Key,
    received: Timestamp,
    origin: Origin,
    truncated: bool,
    /// Seconds after its last line until it is emitted as it is.
    #[serde(default = "longest_age")]
    age: i64,
    lines: usize,
    /// Length of the first line, which begins every part.
    first: usize,
    raw: Vec<u8>,
}

/// A [`Joiner`]'s state, to be kept with the journal's position.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {
    open: Vec<Open>,
}

impl Joiner {
    /// Whether this record may be a line of a record of several; cheap. All others go straight to the parser.
    pub fn wants(record: &Record<'_>) -> bool {
        record.kind == Kind::Line && (shape(record).is_some() || audit(record).is_some())
    }

    /// Takes a record that [`Joiner::wants`] and emits what is complete.
    pub fn push(&mut self, record: &Record<'_>, emit: &mut dyn FnMut(&Record<'_>)) {
        if let Some(part) = audit(record) {
            return self.push_audit(record, &part, emit);
        }
        let Some((shape, line)) = shape(record).and_then(|shape| Some((shape, text_of(shape, record)?))) else {
            return emit(record);
        };
        let key = key(shape, record, &line);
        let text = line.message;
        if memchr(b'\n', trim_break(record.raw)).is_some() {
            self.close(&key, emit);
            return emit(record);
        }
        if text.starts_with(shape.first) {
            self.close(&key, emit);
            return self.begin(key, record, MAX_AGE, emit);
        }
        let Some(open) = self.open.get_mut(&key) else {
            if !text.trim_ascii().is_empty() {
                emit(record);
            }
            return;
        };
        open.append(text, record, emit);
        if text.starts_with(shape.last) {
            self.close(&key, emit);
        }
    }

    /// A record of an audit event: the kernel writes its title last, and older ones an end without a word.
    fn push_audit(&mut self, record: &Record<'_>, part: &Part<'_>, emit: &mut dyn FnMut(&Record<'_>)) {
        let line = envelope::read(record.raw);
        let key = (host_of(record, &line), format!("audit {}", String::from_utf8_lossy(part.serial)));
        let last = matches!(part.kind, b"PROCTITLE" | b"EOE");
        match self.open.get_mut(&key) {
            Some(open) => open.append(line.message, record, emit),
            None if last => return emit(record),
            None => return self.begin(key, record, AUDIT_AGE, emit),
        }
        if last {
            self.close(&key, emit);
        }
    }

    fn begin(&mut self, key: Key, record: &Record<'_>, age: i64, emit: &mut dyn FnMut(&Record<'_>)) {
        if self.open.len() >= MAX_OPEN
            && let Some(oldest) = self.open.values().min_by_key(|open| open.received).map(|open| open.key.clone())
        {
            self.close(&oldest, emit);
        }
        let raw = trim_break(record.raw).to_vec();
        let open = Open {
            key: key.clone(),
            received: record.received,
            origin: record.origin.clone(),
            truncated: record.truncated,
            age,
            lines: 1,
            first: raw.len(),
            raw,
        };
        self.open.insert(key, open);
    }

    fn close(&mut self, key: &Key, emit: &mut dyn FnMut(&Record<'_>)) {
        if let Some(open) = self.open.remove(key) {
            open.emit(emit);
        }
    }

    /// Emits what was not ended in time.
    pub fn flush_due(&mut self, now: Timestamp, emit: &mut dyn FnMut(&Record<'_>)) {
        self.open.retain(|_, open| {
            let due = open.due() <= now.as_second();
            if due {
                open.emit(emit);
            }
            !due
        });
    }

    /// Emits everything that is open, as at the end of the input.
    pub fn flush_all(&mut self, emit: &mut dyn FnMut(&Record<'_>)) {
        for open in std::mem::take(&mut self.open).values() {
            open.emit(emit);
        }
    }

    /// When [`Joiner::flush_due`] has something to do next.
    pub fn next_due(&self) -> Option<Timestamp> {
        let second = self.open.values().map(Open::due).min()?;
        Timestamp::from_second(second).ok()
    }

    /// What is open, to be restored after a restart.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { open: self.open.values().cloned().collect() }
    }

    /// A joiner that goes on where the snapshot was taken.
    pub fn restore(snapshot: Snapshot) -> Joiner {
        Joiner { open: snapshot.open.into_iter().map(|open| (open.key.clone(), open)).collect() }
    }
}

impl Open {
    fn due(&self) -> i64 {
        self.received.as_second().saturating_add(self.age)
    }

    /// Adds a line; a record that would become too long is emitted and begins anew with its first line.
    fn append(&mut self, text: &[u8], record: &Record<'_>, emit: &mut dyn FnMut(&Record<'_>)) {
        if self.lines >= MAX_LINES || self.raw.len() + 1 + text.len() > MAX_BYTES {
            self.truncated = true;
            self.emit(emit);
            self.raw.truncate(self.first);
            self.lines = 1;
        }
        self.raw.push(b'\n');
        self.raw.extend_from_slice(text);
        self.lines += 1;
        self.received = record.received;
        self.truncated |= record.truncated;
    }

    fn emit(&self, emit: &mut dyn FnMut(&Record<'_>)) {
        emit(&Record {
            received: self.received,
            origin: &self.origin,
            kind: Kind::Line,
            truncated: self.truncated,
            raw: &self.raw,
        });
    }
}

/// What all tags begin with, prepared once: every record is looked at.
static TAG: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("apt-"));

fn longest_age() -> i64 {
    MAX_AGE
}

/// What all audit records have within their first bytes.
static AUDIT: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(" msg=audit("));

/// An audit record of an event that has several.
fn audit<'r>(record: &Record<'r>) -> Option<Part<'r>> {
    let head = &record.raw[..record.raw.len().min(TAG_WITHIN)];
    AUDIT.find(head)?;
    let text = trim_break(record.raw);
    let whole = text.starts_with(b"type=") || text.starts_with(b"node=");
    let part = Part::read(if whole { text } else { envelope::read(text).message })?;
    (kinds::of_a_call(part.kind) && memchr(b'\n', text).is_none()).then_some(part)
}

fn shape(record: &Record<'_>) -> Option<&'static Shape> {
    if let Some(path) = record.origin.path.as_deref()
        && let Some(shape) = SHAPES.iter().find(|shape| path.ends_with(shape.path))
    {
        return Some(shape);
    }
    let head = &record.raw[..record.raw.len().min(TAG_WITHIN)];
    let rest = &head[TAG.find(head)?..];
    SHAPES.iter().find(|shape| rest.starts_with(shape.tag.as_bytes()))
}

/// The line's text: after its header where a forwarder gave it one; `None` where the tag only occurs in some message.
fn text_of<'r>(shape: &Shape, record: &Record<'r>) -> Option<Line<'r>> {
    let line = envelope::read(record.raw);
    if line.program == Some(shape.tag.as_bytes()) {
        return Some(line);
    }
    let by_path = record.origin.path.as_deref().is_some_and(|path| path.ends_with(shape.path));
    by_path.then(|| Line::bare(record.raw))
}

fn key(shape: &Shape, record: &Record<'_>, line: &Line<'_>) -> Key {
    (host_of(record, line), record.origin.path.as_deref().unwrap_or(shape.tag).into())
}

fn host_of(record: &Record<'_>, line: &Line<'_>) -> String {
    let origin = record.origin;
    let own = line.host.map(String::from_utf8_lossy);
    origin.host.as_deref().or(own.as_deref()).or(origin.peer.as_deref()).unwrap_or_default().into()
}

fn trim_break(raw: &[u8]) -> &[u8] {
    let end = raw.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |last| last + 1);
    &raw[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HISTORY: [&str; 5] = [
        "",
        "Start-Date: 2026-11-22  01:53:01",
        "Commandline: apt-get upgrade",
        "Upgrade: a:amd64 (1, 2)",
        "End-Date: 2026-11-22  01:53:04",
    ];

    fn origin(path: Option<&str>, host: &str) -> Origin {
        let mut origin = Origin::new(crate::Transport::File, "test");
        (origin.path, origin.host) = (path.map(Into::into), Some(host.into()));
        origin
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_312_000 + second).unwrap()
    }

    struct Run {
        joiner: Joiner,
        emitted: Vec<(i64, String)>,
    }

    impl Run {
        fn new() -> Run {
            Run { joiner: Joiner::default(), emitted: Vec::new() }
        }

        fn push(&mut self, second: i64, origin: &Origin, raw: &str) {
            let record =
                Record { received: at(second), origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
            assert!(Joiner::wants(&record), "{raw}");
            let emitted = &mut self.emitted;
            self.joiner.push(&record, &mut |record| emitted.push(seen(record)));
        }

        fn flush(&mut self, second: i64) {
            let emitted = &mut self.emitted;
            self.joiner.flush_due(at(second), &mut |record| emitted.push(seen(record)));
        }
    }

    fn seen(record: &Record<'_>) -> (i64, String) {
        (record.received.as_second() - at(0).as_second(), String::from_utf8_lossy(record.raw).into_owned())
    }

    #[test]
    fn the_records_of_an_audit_event_are_joined_by_their_serial() {
        let mut run = Run::new();
        let web = origin(Some("/var/log/audit/audit.log"), "web1");
        let record =
            |kind: &str, serial: u32, rest: &str| format!("type={kind} msg=audit(1795312000.1:{serial}): {rest}");
        let (call, title) = (record("SYSCALL", 7, "syscall=59"), record("PROCTITLE", 7, "proctitle=6C73"));
        let (other, path) = (record("SYSCALL", 8, "syscall=2"), record("PATH", 7, "item=0"));
        for (second, line) in [&call, &other, &path, &title].into_iter().enumerate() {
            run.push(second as i64, &web, line);
        }
        assert_eq!(run.emitted, [(3, format!("{call}\n{path}\n{title}"))]);
        run.flush(1 + AUDIT_AGE);
        assert_eq!(run.emitted[1..], [(1, other)]);
        let single = record("USER_LOGIN", 9, "pid=1");
        let alone =
            Record { received: at(9), origin: &web, kind: Kind::Line, truncated: false, raw: single.as_bytes() };
        assert!(!Joiner::wants(&alone));
    }

    #[test]
    fn a_transaction_is_one_record_received_with_its_last_line() {
        let (mut run, file) = (Run::new(), origin(Some("/var/log/apt/history.log"), "web1"));
        for (second, line) in HISTORY.iter().enumerate() {
            run.push(second as i64, &file, line);
        }
        assert_eq!(run.emitted, [(4, HISTORY[1..].join("\n"))]);
    }

    #[test]
    fn hosts_and_files_do_not_mix() {
        let mut run = Run::new();
        let (one, two) = (origin(Some("/x/apt/history.log"), "web1"), origin(Some("/x/apt/history.log"), "web2"));
        for line in &HISTORY[1..] {
            run.push(0, &one, line);
            run.push(0, &two, line);
        }
        assert_eq!(run.emitted.len(), 2);
        assert!(run.emitted.iter().all(|(_, raw)| *raw == HISTORY[1..].join("\n")));
    }

    #[test]
    fn forwarded_lines_join_under_their_tag_and_keep_the_first_header() {
        let (mut run, tcp) = (Run::new(), Origin::new(crate::Transport::Tcp, "test"));
        for line in &HISTORY[1..] {
            run.push(0, &tcp, &format!("<13>Nov 22 01:53:04 web1 apt-history: {line}"));
        }
        let joined = format!("<13>Nov 22 01:53:04 web1 apt-history: {}", HISTORY[1..].join("\n"));
        assert_eq!(run.emitted, [(0, joined)]);
    }

    #[test]
    fn a_record_that_its_sender_joined_is_passed_on() {
        let (mut run, file) = (Run::new(), origin(Some("/var/log/apt/history.log"), "web1"));
        let whole = HISTORY[1..].join("\n");
        run.push(0, &file, &whole);
        assert_eq!(run.emitted, [(0, whole)]);
    }

    #[test]
    fn a_tag_in_some_message_joins_nothing() {
        let (mut run, tcp) = (Run::new(), Origin::new(crate::Transport::Tcp, "test"));
        run.push(0, &tcp, "<13>Nov 22 01:53:04 web1 app: see apt-history: Start-Date: x");
        assert_eq!(run.emitted.len(), 1);
        let other = Record {
            received: at(0),
            origin: &tcp,
            kind: Kind::Line,
            truncated: false,
            raw: b"<13>Nov 22 01:53:04 web1 sshd[7]: hello",
        };
        assert!(!Joiner::wants(&other));
    }

    #[test]
    fn a_record_without_its_end_comes_out_in_time_and_before_the_next() {
        let (mut run, file) = (Run::new(), origin(Some("/var/log/apt/history.log"), "web1"));
        run.push(0, &file, HISTORY[1]);
        run.push(5, &file, HISTORY[2]);
        run.flush(5 + MAX_AGE - 1);
        assert!(run.emitted.is_empty());
        assert_eq!(run.joiner.next_due(), Some(at(5 + MAX_AGE)));
        run.flush(5 + MAX_AGE);
        assert_eq!(run.emitted, [(5, HISTORY[1..3].join("\n"))]);
        run.push(9_000, &file, HISTORY[1]);
        run.push(9_001, &file, HISTORY[1]);
        assert_eq!(run.emitted.last(), Some(&(9_000, HISTORY[1].into())));
    }

    #[test]
    fn a_line_outside_of_any_record_is_a_record() {
        let (mut run, file) = (Run::new(), origin(Some("/var/log/apt/term.log"), "web1"));
        run.push(0, &file, "Setting up a (2) ...");
        assert_eq!(run.emitted, [(0, "Setting up a (2) ...".into())]);
    }

    #[test]
    fn a_record_above_the_limit_comes_in_parts_with_its_first_line() {
        let (mut run, file) = (Run::new(), origin(Some("/var/log/apt/term.log"), "web1"));
        run.push(0, &file, "Log started: 2026-11-22  01:53:01");
        let long = "x".repeat(MAX_BYTES / 2);
        for _ in 0..2 {
            run.push(1, &file, &long);
        }
        run.push(2, &file, "Log ended: 2026-11-22  01:53:04");
        let part = format!("Log started: 2026-11-22  01:53:01\n{long}");
        assert_eq!(run.emitted, [(1, part.clone()), (2, part + "\nLog ended: 2026-11-22  01:53:04")]);
    }

    #[test]
    fn what_is_open_survives_a_restart() {
        let (mut run, file) = (Run::new(), origin(Some("/var/log/apt/history.log"), "web1"));
        run.push(0, &file, HISTORY[1]);
        let kept = serde_json::to_vec(&run.joiner.snapshot()).unwrap();
        let mut later = Run { joiner: Joiner::restore(serde_json::from_slice(&kept).unwrap()), emitted: Vec::new() };
        for line in &HISTORY[2..] {
            later.push(1, &file, line);
        }
        assert_eq!(later.emitted, [(1, HISTORY[1..].join("\n"))]);
    }
}
