//! Splunk's HTTP Event Collector: `/services/collector/event` takes JSON objects one after the other, each with an
//! `event` and what is known of it (docs.splunk.com, "Format events for HTTP Event Collector").
//!
//! The whole object is the record, byte for byte: it is what was sent, and its `time` and `host` count. The parser
//! reads the event inside ([`crate::wrapped`]).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{BadBody, Item, line_of, lines::documents};

/// Why events are refused, in Splunk's numbers. None of the request is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadEvent {
    /// The body holds none.
    NoData,
    /// One is no such object.
    Format {
        /// Counted from 0.
        number: usize,
        /// What is wrong with it, and where.
        why: BadBody,
    },
    /// One has no `event`.
    Missing {
        /// Counted from 0.
        number: usize,
    },
    /// One has an empty `event`.
    Blank {
        /// Counted from 0.
        number: usize,
    },
    /// There are too many.
    TooMany(BadBody),
}

impl BadEvent {
    /// Splunk's code and words, and the number of the event.
    pub fn code(&self) -> (u32, &'static str, Option<usize>) {
        match self {
            BadEvent::NoData => (5, "No data", None),
            BadEvent::Format { number, .. } => (6, "Invalid data format", Some(*number)),
            BadEvent::Missing { number } => (12, "Event field is required", Some(*number)),
            BadEvent::Blank { number } => (13, "Event field cannot be blank", Some(*number)),
            BadEvent::TooMany(_) => (6, "Invalid data format", None),
        }
    }

    /// How many records count as rejected.
    pub fn records(&self) -> u64 {
        match self {
            BadEvent::NoData => 0,
            BadEvent::Format { why, .. } | BadEvent::TooMany(why) => why.records(),
            BadEvent::Missing { number } | BadEvent::Blank { number } => *number as u64 + 1,
        }
    }
}

#[derive(Deserialize)]
struct Envelope<'b> {
    #[serde(borrow)]
    event: Option<&'b RawValue>,
}

/// The objects of a body.
///
/// # Errors
/// [`BadEvent`] says which one is wrong.
pub fn events(body: &[u8]) -> Result<Vec<Item<'_>>, BadEvent> {
    let found = documents(body).map_err(|why| match why {
        BadBody::Line { before, .. } => BadEvent::Format { number: before, why },
        BadBody::TooMany => BadEvent::TooMany(why),
    })?;
    if found.is_empty() {
        return Err(BadEvent::NoData);
    }
    let mut items = Vec::with_capacity(found.len());
    for (number, (at, text)) in found.into_iter().enumerate() {
        let bad = |_| {
            let what = "not an object with an `event`".into();
            BadEvent::Format { number, why: BadBody::Line { line: line_of(body, at), what, before: number } }
        };
        // serde would read an array as well, by position
        let object = if text.starts_with(b"{") { text } else { b"" };
        match serde_json::from_slice::<Envelope<'_>>(object).map_err(bad)?.event.map(RawValue::get) {
            None => return Err(BadEvent::Missing { number }),
            Some("\"\"") => return Err(BadEvent::Blank { number }),
            Some(_) => items.push(Item::plain(text)),
        }
    }
    Ok(items)
}
