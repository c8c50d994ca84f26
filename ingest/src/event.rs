//! The event: a record understood.

use std::{borrow::Cow, net::IpAddr};

use jiff::Timestamp;

use crate::{
    envelope::Stamp,
    field::{self, Field},
    formats::{Format, LogSource},
    record::{Origin, Record, Transport},
};

/// Most fields one event keeps; a format that sets more loses the rest (they stay in the raw record).
pub const MAX_FIELDS_PER_EVENT: usize = 4_096;

/// Most times of one event that wait for their year and zone.
pub const MAX_STAMPS_PER_EVENT: usize = 16;

/// A field's value. Text is a span into the raw record wherever it stands there unchanged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// `raw[start..end]`
    Raw(u32, u32),
    /// `text[start..end]` of the event's own buffer: decoded, joined or computed text.
    Text(u32, u32),
    /// A word of ours, such as `authentication`.
    Static(&'static str),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// An explicit null (JSON).
    Null,
}

/// One record with what its format understood of it. Reused from record to record by [`Event::recycle`].
///
/// A field that was set twice holds several values, in order; [`Event::get`] gives the first.
#[derive(Clone, Debug)]
pub struct Event<'r> {
    /// The record as it arrived.
    pub raw: Cow<'r, [u8]>,
    /// When we received it.
    pub received: Timestamp,
    /// The event's own time, where the record says it and its date is complete.
    pub time: Option<Timestamp>,
    /// The sender says itself that its clock is not set: its time is kept, and not relied on.
    pub clock_unset: bool,
    /// How it arrived.
    pub origin: Cow<'r, Origin>,
    /// It was cut at the line limit.
    pub truncated: bool,
    /// The format that understood it; `None` is an unknown record, see `reason`.
    pub format: Option<&'static dyn Format>,
    /// Why no format understood it: a short slug, used as a metric label.
    pub reason: Option<&'static str>,
    /// What Sigma calls the log source.
    pub logsource: LogSource,
    fields: Vec<(Field, Value)>,
    stamps: Vec<(Field, Stamp)>,
    text: Vec<u8>,
}

impl<'r> Event<'r> {
    /// An event of this record, without any field yet.
    pub fn new(record: &Record<'r>) -> Self {
        Event {
            raw: Cow::Borrowed(record.raw),
            received: record.received,
            time: None,
            clock_unset: false,
            origin: Cow::Borrowed(record.origin),
            truncated: record.truncated,
            format: None,
            reason: None,
            logsource: LogSource::NONE,
            fields: Vec::with_capacity(32),
            stamps: Vec::new(),
            text: Vec::new(),
        }
    }

    /// The same buffers for another record: no allocation on the hot path.
    pub fn recycle<'n>(self, record: &Record<'n>) -> Event<'n> {
        let (mut fields, mut stamps, mut text) = (self.fields, self.stamps, self.text);
        fields.clear();
        stamps.clear();
        text.clear();
        Event {
            raw: Cow::Borrowed(record.raw),
            received: record.received,
            time: None,
            clock_unset: false,
            origin: Cow::Borrowed(record.origin),
            truncated: record.truncated,
            format: None,
            reason: None,
            logsource: LogSource::NONE,
            fields,
            stamps,
            text,
        }
    }

    /// The same event, owning its bytes: for the few that are kept.
    pub fn into_owned(self) -> Event<'static> {
        Event {
            raw: Cow::Owned(self.raw.into_owned()),
            received: self.received,
            time: self.time,
            clock_unset: self.clock_unset,
            origin: Cow::Owned(self.origin.into_owned()),
            truncated: self.truncated,
            format: self.format,
            reason: self.reason,
            logsource: self.logsource,
            fields: self.fields,
            stamps: self.stamps,
            text: self.text,
        }
    }

    /// Sets a field to text. A subslice of the raw record is kept as a span; anything else is copied.
    pub fn set(&mut self, field: Field, value: &[u8]) {
        let value = self.value_of(value);
        self.push(field, value);
    }

    /// Text as a value of this event: a span where it is a subslice of the raw record, else a copy.
    pub fn value_of(&mut self, text: &[u8]) -> Value {
        let raw = self.raw.as_ptr() as usize;
        let at = text.as_ptr() as usize;
        if at >= raw && at + text.len() <= raw + self.raw.len() {
            Value::Raw((at - raw) as u32, (at - raw + text.len()) as u32)
        } else {
            self.keep(text)
        }
    }

    /// Sets a field to text that does not stand in the record as it is.
    pub fn set_text(&mut self, field: Field, value: &str) {
        let value = self.keep(value.as_bytes());
        self.push(field, value);
    }

    /// Sets a field to one of our own words.
    pub fn set_static(&mut self, field: Field, value: &'static str) {
        self.push(field, Value::Static(value));
    }

    /// Sets a field to an integer.
    pub fn set_int(&mut self, field: Field, value: i64) {
        self.push(field, Value::Int(value));
    }

    /// Sets a field to any value whose spans are this event's.
    pub fn push(&mut self, field: Field, value: Value) {
        if self.fields.len() < MAX_FIELDS_PER_EVENT {
            self.fields.push((field, value));
        }
    }

    /// Sets a field's first value anew, in its place; sets it where it has none.
    pub fn replace(&mut self, field: Field, value: &[u8]) {
        self.set(field, value);
        if let Some(first) = self.fields.iter().position(|(f, _)| *f == field)
            && first + 1 < self.fields.len()
            && let Some((_, value)) = self.fields.pop()
        {
            self.fields[first].1 = value;
        }
    }

    /// Notes a time that the record wrote. The parser settles its year and zone after the format has read the message:
    /// [`field::TIMESTAMP`] becomes [`Event::time`] (the last one counts), any other field text in RFC 3339.
    pub fn set_stamp(&mut self, field: Field, stamp: Stamp) {
        if self.stamps.len() < MAX_STAMPS_PER_EVENT {
            self.stamps.push((field, stamp));
        }
    }

    pub(crate) fn stamps(&self) -> &[(Field, Stamp)] {
        &self.stamps
    }

    pub(crate) fn truncate_stamps(&mut self, len: usize) {
        self.stamps.truncate(len);
    }

    /// Lends the stamps to the parser, which gives the buffer back.
    pub(crate) fn take_stamps(&mut self) -> Vec<(Field, Stamp)> {
        std::mem::take(&mut self.stamps)
    }

    pub(crate) fn give_stamps(&mut self, mut stamps: Vec<(Field, Stamp)>) {
        stamps.clear();
        self.stamps = stamps;
    }

    /// Keeps only the last value of a field: a format's own word in place of the envelope's.
    pub fn keep_last(&mut self, field: Field) {
        let Some(last) = self.fields.iter().rposition(|(f, _)| *f == field) else { return };
        let mut at = 0;
        self.fields.retain(|(f, _)| {
            at += 1;
            *f != field || at == last + 1
        });
    }

    /// Removes the first value of a field.
    pub fn remove_first(&mut self, field: Field) {
        if let Some(at) = self.fields.iter().position(|(f, _)| *f == field) {
            self.fields.remove(at);
        }
    }

    /// Removes all values of a field.
    pub fn remove(&mut self, field: Field) {
        self.fields.retain(|(f, _)| *f != field);
    }

    /// Removes the fields that were set after the first `len`: undoes what a format did before it gave up.
    pub fn truncate(&mut self, len: usize) {
        self.fields.truncate(len);
    }

    /// What ECS says of the kind of event in four words; empty strings are left out.
    pub fn classify(
        &mut self,
        category: &'static str,
        kind: &'static str,
        action: &'static str,
        outcome: &'static str,
    ) {
        for (field, word) in [
            (field::EVENT_CATEGORY, category),
            (field::EVENT_TYPE, kind),
            (field::EVENT_ACTION, action),
            (field::EVENT_OUTCOME, outcome),
        ] {
            if !word.is_empty() {
                self.set_static(field, word);
            }
        }
    }

    fn keep(&mut self, value: &[u8]) -> Value {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(value);
        Value::Text(start, self.text.len() as u32)
    }

    /// All fields in the order in which they were set.
    pub fn fields(&self) -> &[(Field, Value)] {
        &self.fields
    }

    /// The first value of a field.
    pub fn get(&self, field: Field) -> Option<Value> {
        self.fields.iter().find(|(f, _)| *f == field).map(|(_, v)| *v)
    }

    /// All values of a field.
    pub fn all(&self, field: Field) -> impl Iterator<Item = Value> + '_ {
        self.fields.iter().filter(move |(f, _)| *f == field).map(|(_, v)| *v)
    }

    /// The first value of a field as text bytes; numbers and truth values as they are written.
    pub fn bytes(&self, field: Field) -> Option<Cow<'_, [u8]>> {
        self.get(field).and_then(|v| self.value_bytes(v))
    }

    /// The first value of a field as text; bytes that are no UTF-8 are replaced.
    pub fn text(&self, field: Field) -> Option<Cow<'_, str>> {
        self.get(field).and_then(|v| self.value_text(v))
    }

    /// The bytes of a value that is text.
    pub fn value_span(&self, value: Value) -> Option<&[u8]> {
        match value {
            Value::Raw(s, e) => Some(&self.raw[s as usize..e as usize]),
            Value::Text(s, e) => Some(&self.text[s as usize..e as usize]),
            Value::Static(s) => Some(s.as_bytes()),
            _ => None,
        }
    }

    /// A value of this event as bytes; `None` for null.
    pub fn value_bytes(&self, value: Value) -> Option<Cow<'_, [u8]>> {
        Some(match value {
            Value::Raw(..) | Value::Text(..) | Value::Static(_) => Cow::Borrowed(self.value_span(value)?),
            Value::Int(n) => Cow::Owned(n.to_string().into_bytes()),
            Value::Float(n) => Cow::Owned(n.to_string().into_bytes()),
            Value::Bool(b) => Cow::Borrowed(if b { b"true" } else { b"false" }),
            Value::Null => return None,
        })
    }

    /// A value of this event as text; `None` for null.
    pub fn value_text(&self, value: Value) -> Option<Cow<'_, str>> {
        Some(match self.value_bytes(value)? {
            Cow::Borrowed(b) => String::from_utf8_lossy(b),
            Cow::Owned(b) => Cow::Owned(String::from_utf8_lossy(&b).into_owned()),
        })
    }

    /// The first value of a field as an integer.
    pub fn int(&self, field: Field) -> Option<i64> {
        match self.get(field)? {
            Value::Int(n) => Some(n),
            value => std::str::from_utf8(&self.value_bytes(value)?).ok()?.trim().parse().ok(),
        }
    }

    /// The first value of a field as an address.
    pub fn ip(&self, field: Field) -> Option<IpAddr> {
        std::str::from_utf8(&self.bytes(field)?).ok()?.parse().ok()
    }

    /// The host that the record is of: the forwarder's envelope, else its own header, else the name that a device gives
    /// itself in the message, else the sender's address.
    pub fn host(&self) -> Option<Cow<'_, str>> {
        if let Some(host) = &self.origin.host {
            return Some(Cow::Borrowed(host));
        }
        let named = [field::HOST_NAME, field::OBSERVER_NAME, field::OBSERVER_HOSTNAME];
        named.into_iter().find_map(|name| self.text(name)).or_else(|| self.origin.peer.as_deref().map(Cow::Borrowed))
    }

    /// The event's own time, else when we received it. A time that lies more than five minutes ahead of receipt is a
    /// wrong clock and counts as the receive time; so does that of a clock that nobody has set.
    pub fn at(&self) -> Timestamp {
        match self.time {
            Some(time) if !self.clock_unset && time.as_second() <= self.received.as_second() + 300 => time,
            _ => self.received,
        }
    }

    /// The format's name, `unknown` where none fits.
    pub fn format_name(&self) -> &'static str {
        self.format.map_or("unknown", |f| f.name())
    }

    /// How the record travelled.
    pub fn transport(&self) -> Transport {
        self.origin.transport
    }
}
