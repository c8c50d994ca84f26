//! `POST /ingest`: lines, JSON objects one by one or in an array, and the objects that `replay --input jsonl` reads.

use std::{borrow::Cow, fmt};

use memchr::memmem;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{BadBody, Item, MAX_RECORDS, line_of};

/// What a body holds, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// One record per line.
    Lines,
    /// One JSON object per line.
    NdJson,
    /// JSON objects, in an array or one after the other.
    Json,
}

/// The media types that are read, for who sends another.
pub const MEDIA_TYPES: &str = "text/plain (a record per line), application/x-ndjson (a JSON object per line), \
                               application/json (an object or an array of objects)";

impl Content {
    /// What this media type says. Without one, and with curl's default for `--data-binary`, a body is lines.
    pub fn of(media_type: Option<&str>) -> Option<Content> {
        let essence = media_type.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match &*essence {
            ""
            | "text/plain"
            | "application/octet-stream"
            | "application/x-www-form-urlencoded"
            | "application/logplex-1" => Some(Content::Lines),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines"
            | "application/jsonlines"
            | "application/json-lines"
            | "application/stream+json" => Some(Content::NdJson),
            "application/json" => Some(Content::Json),
            _ => None,
        }
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`BadBody`] says which line is wrong.
    pub fn read(self, body: &[u8]) -> Result<Vec<Item<'_>>, BadBody> {
        match self {
            Content::Lines => lines(body),
            Content::NdJson => ndjson(body),
            Content::Json => json(body),
        }
    }
}

/// One record per line; a CR before the LF belongs to the line's end, and empty lines are no records.
///
/// # Errors
/// [`BadBody::TooMany`]
pub fn lines(body: &[u8]) -> Result<Vec<Item<'_>>, BadBody> {
    let mut items = Vec::new();
    for (_, line) in numbered(body) {
        if items.len() == MAX_RECORDS {
            return Err(BadBody::TooMany);
        }
        items.push(Item::plain(line));
    }
    Ok(items)
}

/// The lines that are not empty, with their numbers from 1.
pub(super) fn numbered(body: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = body.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    (1..).zip(lines).filter(|(_, line)| !line.is_empty())
}

fn ndjson(body: &[u8]) -> Result<Vec<Item<'_>>, BadBody> {
    let mut items = Vec::new();
    for (line, text) in numbered(body) {
        if items.len() == MAX_RECORDS {
            return Err(BadBody::TooMany);
        }
        match object(text) {
            Ok(item) => items.push(item),
            Err(what) => return Err(BadBody::Line { line, what, before: items.len() }),
        }
    }
    Ok(items)
}

fn json(body: &[u8]) -> Result<Vec<Item<'_>>, BadBody> {
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(body.len());
    if body.get(start) == Some(&b'[') {
        return array(body);
    }
    documents(body)?
        .into_iter()
        .enumerate()
        .map(|(before, (at, text))| {
            object(text).map_err(|what| BadBody::Line { line: line_of(body, at), what, before })
        })
        .collect()
}

fn array(body: &[u8]) -> Result<Vec<Item<'_>>, BadBody> {
    let wrong = |error: serde_json::Error| BadBody::Line { line: error.line(), what: in_words(&error), before: 0 };
    let values: Vec<&RawValue> = serde_json::from_slice(body).map_err(wrong)?;
    if values.len() > MAX_RECORDS {
        return Err(BadBody::TooMany);
    }
    let mut items = Vec::with_capacity(values.len());
    for value in values {
        let text = value.get().as_bytes();
        let at = text.as_ptr() as usize - body.as_ptr() as usize;
        items.push(object(text).map_err(|what| BadBody::Line {
            line: line_of(body, at),
            what,
            before: items.len(),
        })?);
    }
    Ok(items)
}

/// JSON values one after the other, whatever blanks stand between them, each with where it begins.
pub(super) fn documents(body: &[u8]) -> Result<Vec<(usize, &[u8])>, BadBody> {
    let mut stream = serde_json::Deserializer::from_slice(body).into_iter::<&RawValue>();
    let mut found = Vec::new();
    while let Some(value) = stream.next() {
        let text = match value {
            Ok(value) => value.get().as_bytes(),
            Err(error) => {
                let line = line_of(body, stream.byte_offset()).max(error.line());
                return Err(BadBody::Line { line, what: in_words(&error), before: found.len() });
            }
        };
        if found.len() == MAX_RECORDS {
            return Err(BadBody::TooMany);
        }
        found.push((text.as_ptr() as usize - body.as_ptr() as usize, text));
    }
    Ok(found)
}

/// The object of a replay: nothing but how a record arrived stands beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replayed<'b> {
    #[serde(borrow)]
    raw: Cow<'b, str>,
    #[serde(borrow)]
    host: Option<Cow<'b, str>>,
    #[serde(borrow)]
    source: Option<Cow<'b, str>>,
    // when and how it arrives is known here
    #[serde(default, rename = "received")]
    _received: IgnoredAny,
    #[serde(default, rename = "transport")]
    _transport: IgnoredAny,
}

/// One object: the `raw` of a replay's, else the object itself, byte for byte.
pub(super) fn object(text: &[u8]) -> Result<Item<'_>, String> {
    let text = text.trim_ascii();
    if text.starts_with(b"{")
        && memmem::find(text, b"\"raw\"").is_some()
        && let Ok(Replayed { raw, host, source, .. }) = serde_json::from_slice(text)
    {
        let raw = match raw {
            Cow::Borrowed(raw) => Cow::Borrowed(raw.as_bytes()),
            Cow::Owned(raw) => Cow::Owned(raw.into_bytes()),
        };
        return Ok(Item { raw, host, path: source });
    }
    match serde_json::from_slice::<Object>(text) {
        Ok(Object) => Ok(Item::plain(text)),
        Err(error) => Err(in_words(&error)),
    }
}

/// Any JSON object, of which nothing is kept.
pub(super) struct Object;

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Object;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Object)
            }
        }
        from.deserialize_map(Any)
    }
}

/// serde_json's words; the line in them would be one of its own counting.
pub(super) fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match memmem::find(text.as_bytes(), b" at line ") {
        Some(end) => format!("no JSON object: {} (column {})", &text[..end], error.column()),
        None => format!("no JSON object: {text}"),
    }
}
