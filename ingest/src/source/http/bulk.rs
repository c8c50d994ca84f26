//! Elasticsearch's `_bulk`, as far as forwarders send it: pairs of lines, an action and its document.
//!
//! `create` and `index` hand in a record: the document, byte for byte. There is nothing here to `update` or to `delete`;
//! those are refused one by one, and so is a document that is no JSON object: the protocol answers per item, and
//! forwarders read it so. An action that cannot be read makes the rest of the body unreadable, so nothing is taken then.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    BadBody, Item, MAX_RECORDS,
    lines::{Object, in_words, numbered},
};

/// One action of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action<'b> {
    /// `create`, `index`, `update` or `delete`.
    pub verb: &'static str,
    /// The index that it names.
    pub index: Option<String>,
    /// The id that it names.
    pub id: Option<String>,
    /// The record, or why there is none.
    pub document: Result<Item<'b>, Refused>,
}

/// Why an action is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is nothing to change here.
    #[error("records are only added here: `{0}` does nothing")]
    Verb(&'static str),
    /// The document is none.
    #[error("line {line}: {what}")]
    Document {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
}

const VERBS: [&str; 4] = ["create", "index", "update", "delete"];

#[derive(Default, Deserialize)]
struct Target {
    _index: Option<String>,
    _id: Option<String>,
}

/// Reads a body.
///
/// # Errors
/// [`BadBody`] says which action cannot be read.
pub fn actions(body: &[u8]) -> Result<Vec<Action<'_>>, BadBody> {
    let mut lines = numbered(body);
    let mut actions = Vec::new();
    while let Some((line, text)) = lines.next() {
        if actions.len() == MAX_RECORDS {
            return Err(BadBody::TooMany);
        }
        let before = actions.len();
        let (verb, target) = action(text).map_err(|what| BadBody::Line { line, what, before })?;
        let document = match verb {
            "delete" => Err(Refused::Verb(verb)),
            _ => {
                let missing = || BadBody::Line { line, what: "its document is missing".into(), before };
                let (line, text) = lines.next().ok_or_else(missing)?;
                match serde_json::from_slice::<Object>(text) {
                    _ if verb == "update" => Err(Refused::Verb(verb)),
                    Ok(Object) => Ok(Item::plain(text.trim_ascii())),
                    Err(error) => Err(Refused::Document { line, what: in_words(&error) }),
                }
            }
        };
        actions.push(Action { verb, index: target._index, id: target._id, document });
    }
    Ok(actions)
}

/// The verb of an action line, and what it is about.
fn action(text: &[u8]) -> Result<(&'static str, Target), String> {
    let action: BTreeMap<String, Option<Target>> =
        serde_json::from_slice(text).map_err(|error| format!("no action: {}", in_words(&error)))?;
    let mut entries = action.into_iter();
    match (entries.next(), entries.next()) {
        (Some((verb, target)), None) => match VERBS.into_iter().find(|known| *known == verb) {
            Some(verb) => Ok((verb, target.unwrap_or_default())),
            None => Err(format!("unknown action `{verb}` (known: {})", VERBS.join(", "))),
        },
        _ => Err(format!("an action is an object with one of {}", VERBS.join(", "))),
    }
}
