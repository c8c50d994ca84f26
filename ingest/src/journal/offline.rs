//! Reading the journal of a folder from outside: check it, print it, export it. Works beside a running instance.

use std::{
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Chunk, Damage, Error, JOURNAL_DIR, Position, reader::Reader, retention};
use crate::record::{Kind, Record};

/// What is read at a time.
const READ_BYTES: usize = 4 << 20;

/// What [`verify`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Segment files.
    pub segments: usize,
    /// Bytes of all segments.
    pub bytes: u64,
    /// Sound records of all kinds.
    pub records: u64,
    /// Earliest and latest receive time.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Stretches that hold no records that can be read.
    pub damage: Vec<Damage>,
    /// Bytes at the very end that are no whole record: torn by a crash, or being written now. They are cut when the
    /// journal is opened next.
    pub tail_bytes: u64,
}

impl Report {
    /// All of the journal can be read.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }
}

/// Receive times that are wanted: from `from` on, before `to`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    /// The first.
    pub from: Option<Timestamp>,
    /// The end, itself not wanted.
    pub to: Option<Timestamp>,
}

impl Range {
    /// Whether this time is wanted.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }
}

/// The folder of the segments, where `dir` is that folder itself or the data folder around it.
///
/// # Errors
/// There is no journal.
pub fn journal_dir(dir: &Path) -> Result<PathBuf, Error> {
    let inner = dir.join(JOURNAL_DIR);
    if inner.is_dir() {
        return Ok(inner);
    }
    match retention::list(dir) {
        Ok(segments) if !segments.is_empty() => Ok(dir.to_owned()),
        Err(error) if !error.is_gone() => Err(error),
        _ => Err(Error::NotFound { path: dir.display().to_string() }),
    }
}

/// Where the newest segment of this folder begins, or, to see more of the journal's tail, an older one that begins at
/// most `before` bytes earlier.
///
/// # Errors
/// The folder cannot be read.
pub fn tail(dir: &Path, before: u64) -> Result<Position, Error> {
    let segments = retention::list(dir)?;
    let newest = segments.last().map_or(0, |segment| segment.base);
    Ok(segments.iter().map(|segment| segment.base).find(|base| newest - base <= before).unwrap_or(newest))
}

/// Checks every record.
///
/// # Errors
/// There is no journal, or the system cannot read it. Damage is in the report.
pub fn verify(dir: &Path) -> Result<Report, Error> {
    let dir = journal_dir(dir)?;
    let mut report = Report::default();
    let end = chunks(&dir, |chunk| {
        report.records += chunk.len() as u64;
        for (_, record) in chunk.records() {
            let (first, last) = report.times.unwrap_or((record.received, record.received));
            report.times = Some((first.min(record.received), last.max(record.received)));
        }
        report.damage.extend_from_slice(chunk.damage());
        Ok::<_, Error>(ControlFlow::Continue(()))
    })?;
    let all = retention::list(&dir)?;
    report.segments = all.len();
    report.bytes = all.iter().map(|segment| segment.bytes).sum();
    report.tail_bytes = all.last().map_or(0, |last| (last.base + last.bytes).saturating_sub(end));
    Ok(report)
}

/// Shows every record in the range, in the order of the journal, until `show` says to stop; gives the damage that was
/// passed over.
///
/// # Errors
/// There is no journal, the system cannot read it, or `show` failed.
pub fn cat<E: From<Error>>(
    dir: &Path,
    range: Range,
    mut show: impl FnMut(Position, &Record<'_>) -> Result<ControlFlow<()>, E>,
) -> Result<Vec<Damage>, E> {
    let dir = journal_dir(dir)?;
    let mut damage = Vec::new();
    chunks(&dir, |chunk| {
        damage.extend_from_slice(chunk.damage());
        for (position, record) in chunk.records().filter(|(_, record)| range.contains(record.received)) {
            if show(position, &record)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok::<_, E>(ControlFlow::Continue(()))
    })?;
    Ok(damage)
}

/// Writes the records in the range as `replay --input jsonl` reads them, one object per line; gives the damage.
///
/// Bytes that are no UTF-8 are replaced: JSON cannot hold them. A feed keeps its text, under `text` beside `feed`.
///
/// # Errors
/// There is no journal, the system cannot read it, or `to` cannot be written.
pub fn export(dir: &Path, range: Range, to: &mut impl io::Write) -> Result<Vec<Damage>, Error> {
    cat(dir, range, |_, record| {
        // It says where on this machine a line was read; another one cannot use it.
        if record.kind == Kind::Position {
            return Ok(ControlFlow::Continue(()));
        }
        let line = replay_object(record);
        writeln!(to, "{line}").map_err(Error::io("standard output", "write the export to"))?;
        Ok(ControlFlow::Continue(()))
    })
}

/// A record as an object of `replay --input jsonl`.
pub fn replay_object(record: &Record<'_>) -> Value {
    let received = record.received.to_string();
    let text = || String::from_utf8_lossy(record.raw);
    let payload = || serde_json::from_slice::<Value>(record.raw).unwrap_or_else(|_| Value::String(text().into_owned()));
    match record.kind {
        Kind::Tick | Kind::Position => json!({ "tick": received }),
        Kind::Decision => json!({ "received": received, "record": payload() }),
        Kind::Feed => {
            let mut feed = payload();
            let (path, text) = (feed["path"].take(), feed["text"].take());
            json!({ "received": received, "feed": path, "as": feed["input"].take(), "text": text })
        }
        Kind::Line => {
            let origin = record.origin;
            let mut object = json!({ "received": received });
            if let Some(host) = &origin.host {
                object["host"] = json!(host);
            }
            object["transport"] = json!(origin.transport);
            if let Some(peer) = &origin.peer {
                object["peer"] = json!(peer);
            }
            if let Some(path) = &origin.path {
                object["source"] = json!(path);
            }
            object["raw"] = json!(text());
            object
        }
    }
}

/// Hands each chunk to `each`; gives the position after the last.
fn chunks<E: From<Error>>(
    dir: &Path,
    mut each: impl FnMut(&Chunk) -> Result<ControlFlow<()>, E>,
) -> Result<Position, E> {
    let mut reader = Reader::open(dir, 0)?;
    while let Some(chunk) = reader.next_chunk(READ_BYTES)? {
        if each(&chunk)?.is_break() {
            break;
        }
    }
    Ok(reader.position())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Origin, Transport};

    #[test]
    fn an_exported_record_says_who_sent_it() {
        let origin = Origin {
            peer: Some("192.0.2.7".into()),
            path: Some("/var/log/app.log".into()),
            ..Origin::new(Transport::Tcp, "tcp://0.0.0.0:514")
        };
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: b"a line" };
        let object = json!({
            "received": "2026-11-22T12:00:00Z", "transport": "tcp", "peer": "192.0.2.7", "source": "/var/log/app.log",
            "raw": "a line",
        });
        assert_eq!(replay_object(&record), object);
    }
}
