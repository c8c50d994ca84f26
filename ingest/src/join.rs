//! Joins the lines of multi-line records before they are parsed.
//!
//! apt writes a transaction to history.log as a paragraph, and what dpkg printed to term.log between two marks. Files
//! arrive line by line, so the lines of one host and file are gathered from the first mark to the last. They are found
//! by the path that they were read from, or by the tag under which a forwarder sends the file (`apt-history`,
//! `apt-term`). A record that already holds line breaks has been joined by its sender.
//!
//! Promises: every byte of a wanted record's text is emitted, in the order of arrival per host and file; blank lines
//! between records are not. A joined record's receive time is that of its last line. What is open is bounded: a record
//! longer than [`MAX_LINES`] or [`MAX_BYTES`] is emitted in parts that each begin with its first line, one that was not
//! ended [`MAX_AGE`] after its last line is emitted as it is, and beyond [`MAX_OPEN`] the oldest is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use memchr::{memchr, memmem};
use serde::{Deserialize, Serialize};

use crate::{
    Kind, Origin, Record,
    envelope::{self, Line},
};

/// Most lines of one record.
pub const MAX_LINES: usize = 20_000;
/// Most bytes of one record.
pub const MAX_BYTES: usize = 1 << 20;
/// A record whose end did not come within this many seconds after its last line is emitted as it is. A long upgrade
/// writes nothing to history.log between its first lines and its end.
pub const MAX_AGE: i64 = 3_600;
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
        record.kind == Kind::Line && shape(record).is_some()
    }

    /// Takes a record that [`Joiner::wants`] and emits what is complete.
    pub fn push(&mut self, record: &Record<'_>, emit: &mut dyn FnMut(&Record<'_>)) {
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
            return self.begin(key, record, emit);
        }
        let Some(open) = self.open.get_mut(&key) else {
            if !text.trim_ascii().is_empty() {
                emit(record);
            }
            return;
        };
        if open.lines >= MAX_LINES || open.raw.len() + 1 + text.len() > MAX_BYTES {
            open.truncated = true;
            open.emit(emit);
            open.raw.truncate(open.first);
            open.lines = 1;
        }
        open.raw.push(b'\n');
        open.raw.extend_from_slice(text);
        open.lines += 1;
        open.received = record.received;
        open.truncated |= record.truncated;
        if text.starts_with(shape.last) {
            self.close(&key, emit);
        }
    }

    fn begin(&mut self, key: Key, record: &Record<'_>, emit: &mut dyn FnMut(&Record<'_>)) {
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
        self.received.as_second().saturating_add(MAX_AGE)
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

fn shape(record: &Record<'_>) -> Option<&'static Shape> {
    if let Some(path) = record.origin.path.as_deref()
        && let Some(shape) = SHAPES.iter().find(|shape| path.ends_with(shape.path))
    {
        return Some(shape);
    }
    let head = &record.raw[..record.raw.len().min(TAG_WITHIN)];
    let rest = &head[memmem::find(head, b"apt-")?..];
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
    let origin = record.origin;
    let own = line.host.map(String::from_utf8_lossy);
    let host = origin.host.as_deref().or(own.as_deref()).or(origin.peer.as_deref()).unwrap_or_default();
    (host.into(), origin.path.as_deref().unwrap_or(shape.tag).into())
}

fn trim_break(raw: &[u8]) -> &[u8] {
    let end = raw.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |last| last + 1);
    &raw[..end]
}
