//! A matching record as windows and alerts remember it: shared as it came, and worked out only where it is told.

use std::sync::Arc;

use jiff::Timestamp;
use roundsman_ingest::Event;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::reading::Reading;
use crate::Evidence;

/// A record that may be quoted.
#[derive(Clone, Debug, Default)]
pub(super) enum Quote {
    /// The event, shared by all that remember it.
    Event(Arc<Event<'static>>),
    /// What is told of it.
    Note(Arc<Note>),
    /// Nothing: there was no room.
    #[default]
    Nothing,
}

/// What is told of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Note {
    /// The event's own time.
    pub at: Timestamp,
    pub evidence: Evidence,
    /// The assets that it is about.
    pub hosts: Vec<String>,
    /// Values of the fields that the rule's sentence names.
    pub seen: Vec<Option<String>>,
}

impl Quote {
    /// What is told of it, worked out once.
    pub fn note(&mut self, leaf: u32, reading: &Reading, name_of: &dyn Fn(&str) -> String) -> Option<&Note> {
        if let Quote::Event(event) = self {
            let hosts = reading.hosts(leaf, event).map(|host| name_of(&host)).collect();
            let seen = reading.seen(leaf, event).map(|value| value.map(|v| v.into_owned())).collect();
            let note = Note { at: event.at(), evidence: Evidence::of(event), hosts, seen };
            *self = Quote::Note(Arc::new(note));
        }
        match self {
            Quote::Note(note) => Some(note),
            _ => None,
        }
    }

    pub fn is_nothing(&self) -> bool {
        matches!(self, Quote::Nothing)
    }
}

impl PartialEq for Quote {
    fn eq(&self, other: &Quote) -> bool {
        match (self, other) {
            (Quote::Event(one), Quote::Event(other)) => one.raw == other.raw && one.received == other.received,
            (Quote::Note(one), Quote::Note(other)) => one == other,
            (Quote::Nothing, Quote::Nothing) => true,
            _ => false,
        }
    }
}

/// A checkpoint stores notes; an event that was not worked out is left out.
impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Quote::Note(note) => Some(&**note).serialize(serializer),
            _ => None::<&Note>.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Quote {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quote, D::Error> {
        let note = Option::<Note>::deserialize(deserializer)?;
        Ok(note.map_or(Quote::Nothing, |note| Quote::Note(Arc::new(note))))
    }
}

/// About how many bytes an event takes in memory.
pub(super) fn event_bytes(event: &Event<'_>) -> usize {
    size_of::<Event<'_>>() + event.raw.len() + size_of_val(event.fields()) + 128
}
