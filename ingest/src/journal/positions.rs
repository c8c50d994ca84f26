//! How far sources that can be read again have been read.
//!
//! A source puts a [`Step`] behind the lines that it read ([`Batch::close`](super::Batch::close)). What it says counts
//! only where all of its lines can be read too, and steps count up by one: where damage took some of them, the position
//! stays before the gap, and lines come twice rather than never.
//!
//! The pipeline keeps [`Positions`] in step with the journal position that it stores, so that a start reads no more of
//! the journal than the pipeline has still to read ([`Journal::positions`](super::Journal::positions)).

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Chunk;
use crate::Kind;

/// What the keys of stored rows begin with.
const ROW: &str = "position/";
/// The row that holds how many lines wait for their position.
const PARTS_ROW: &str = "position";

/// How far a source has been read: the payload of [`Kind::Position`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What was read: the source's kind, a slash, and its own name for it.
    pub key: String,
    /// Counts the steps of this key from 1.
    pub number: u64,
    /// Lines right before it that belong to it; [`Batch::close`](super::Batch::close) counts them.
    #[serde(default)]
    pub records: u64,
    /// How far, in the source's own words; `None`: it need not be known any longer.
    pub state: Option<Value>,
}

/// The last step of a key that counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Its number.
    pub number: u64,
    /// What the source said.
    pub state: Value,
}

/// The last position of everything that was read.
#[derive(Clone, Debug, Default)]
pub struct Positions {
    known: BTreeMap<String, Known>,
    changed: BTreeSet<String>,
    /// Lines that wait for their position.
    parts: u64,
    stored_parts: u64,
}

impl Positions {
    /// What [`Positions::checkpoint`] gave; rows of others are passed over.
    pub fn restore(rows: &[(String, Vec<u8>)]) -> Positions {
        let mut positions = Positions::default();
        for (key, value) in rows {
            if key == PARTS_ROW {
                positions.parts = serde_json::from_slice(value).unwrap_or_default();
            } else if let (Some(key), Ok(known)) = (key.strip_prefix(ROW), serde_json::from_slice(value)) {
                positions.known.insert(key.to_owned(), known);
            }
        }
        positions.stored_parts = positions.parts;
        positions
    }

    /// Takes records of a chunk, which must come in the order of the journal.
    pub fn absorb(&mut self, chunk: &Chunk, range: Range<usize>) {
        if range.start == 0 && !chunk.damage().is_empty() {
            self.parts = 0;
        }
        if !chunk.has_steps() {
            if !range.is_empty() {
                self.parts = 0;
            }
            return;
        }
        for index in range {
            if chunk.is_part(index) {
                self.parts += 1;
                continue;
            }
            let parts = std::mem::take(&mut self.parts);
            let (_, record) = chunk.record(index);
            if record.kind == Kind::Position {
                match serde_json::from_slice(record.raw) {
                    Ok(step) => self.step(step, parts),
                    Err(error) => tracing::error!(%error, "a journalled position cannot be read"),
                }
            }
        }
    }

    fn step(&mut self, step: Step, parts: u64) {
        let follows = self.known.get(&step.key).is_none_or(|known| step.number == known.number + 1);
        if !follows || parts < step.records {
            let Step { key, number, .. } = step;
            tracing::warn!(
                key,
                number,
                "the journal lost lines of this source; it will be read again from before them"
            );
            return;
        }
        self.changed.insert(step.key.clone());
        match step.state {
            Some(state) => self.known.insert(step.key, Known { number: step.number, state }),
            None => self.known.remove(&step.key),
        };
    }

    /// Rows that changed since the last checkpoint; `None` where one is gone.
    pub fn checkpoint(&mut self) -> Vec<(String, Option<Vec<u8>>)> {
        let json = |known: &Known| serde_json::to_vec(known).expect("a position is JSON");
        let changed = std::mem::take(&mut self.changed);
        let mut rows: Vec<_> =
            changed.into_iter().map(|key| (format!("{ROW}{key}"), self.known.get(&key).map(json))).collect();
        if self.parts != self.stored_parts {
            self.stored_parts = self.parts;
            rows.push((PARTS_ROW.into(), Some(self.parts.to_string().into_bytes())));
        }
        rows
    }

    /// All keys of one kind of source, `file/`, each with its last position.
    pub fn of<'p>(&'p self, kind: &'p str) -> impl Iterator<Item = (&'p str, &'p Known)> {
        self.known
            .range(kind.to_owned()..)
            .map(|(key, known)| (&**key, known))
            .take_while(move |(key, _)| key.starts_with(kind))
    }
}
