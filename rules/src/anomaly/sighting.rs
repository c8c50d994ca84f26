//! What the matcher notes for baselines: key, value and count, summed up where it arises.
//!
//! Without state and in every worker. A row is one key, hour and value of one rule; its bytes lie in one buffer, so that a
//! record whose row is known costs a hash and a comparison, and no allocation.

use std::borrow::Cow;

use foldhash::HashMap;
use jiff::Timestamp;
use roundsman_ingest::{Event, field};

use super::{
    spec::{Kind, Spec},
    template,
};
use crate::{Evidence, alert::evidence_id, sigma::ALLOWED_LATENESS};

/// Stands between the values of a key.
pub(super) const SEPARATOR: u8 = 0x1f;

/// A piece of the buffer.
type Span = (u32, u32);

/// Records of one key, hour and value.
#[derive(Clone, Debug)]
struct Row {
    rule: u32,
    hour: i64,
    key: Span,
    value: Span,
    amount: f64,
    count: u64,
    last: Timestamp,
    first: Sample,
}

/// The first of them: by its time, then by its bytes, so that it does not depend on the order of arrival.
#[derive(Clone, Debug)]
struct Sample {
    at: Timestamp,
    received: Timestamp,
    host: Option<Span>,
    path: Span,
    raw: Span,
}

/// What was noted of a batch.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    rows: Vec<Row>,
    text: Vec<u8>,
    index: HashMap<u64, u32>,
    /// Records of rules with baselines that came too late to count.
    pub(super) late: u64,
}

/// A row, as the state takes it up.
pub(super) struct Sighting<'s> {
    pub rule: u32,
    pub hour: i64,
    pub key: Cow<'s, str>,
    pub value: &'s [u8],
    pub amount: f64,
    pub count: u64,
    pub last: Timestamp,
    pub at: Timestamp,
    pub raw: &'s [u8],
    sightings: &'s Sightings,
    row: &'s Row,
}

/// The hour that a time lies in, counted from 1970.
pub(crate) fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3_600)
}

/// Whether a record came so late that no baseline counts it: a replay of old logs, a host with a wrong clock.
pub(crate) fn is_late(at: Timestamp, received: Timestamp) -> bool {
    received.as_second() - at.as_second() > ALLOWED_LATENESS.as_secs()
}

impl Sightings {
    /// Notes an event that a rule's detection picked.
    pub fn note(&mut self, rule: u32, spec: &Spec, event: &Event<'_>) {
        let at = event.at();
        if is_late(at, event.received) {
            self.late += 1;
            return;
        }
        let start = self.text.len();
        let Some((key, value)) = self.write(spec, event) else { return self.text.truncate(start) };
        let amount = match spec.sum {
            Some(field) => event.int(field).unwrap_or(0).max(0) as f64,
            None => 1.0,
        };
        let hour = hour_of(at);
        let mut hash = hash(&self.text[start..]) ^ (u64::from(rule) << 40) ^ hour.cast_unsigned();
        while let Some(&known) = self.index.get(&hash) {
            let row = &self.rows[known as usize];
            let same = |span: Span, own: Span| self.piece(span) == self.piece(own);
            if row.rule == rule && row.hour == hour && same(row.key, key) && same(row.value, value) {
                self.text.truncate(start);
                return self.count(known as usize, at, amount, event);
            }
            hash = hash.wrapping_add(1);
        }
        self.index.insert(hash, self.rows.len() as u32);
        let first = self.sample(at, event);
        self.rows.push(Row { rule, hour, key, value, amount, count: 1, last: at, first });
    }

    fn write(&mut self, spec: &Spec, event: &Event<'_>) -> Option<(Span, Span)> {
        let start = self.text.len() as u32;
        self.columns(&spec.by, event)?;
        let middle = self.text.len() as u32;
        match spec.kind {
            Kind::NewTemplate => {
                let message = event.get(field::MESSAGE).and_then(|value| event.value_span(value));
                template::mask(message.unwrap_or(&event.raw), &mut self.text);
            }
            _ => self.columns(&spec.value, event)?,
        }
        Some(((start, middle), (middle, self.text.len() as u32)))
    }

    fn columns(&mut self, columns: &[super::spec::Column], event: &Event<'_>) -> Option<()> {
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                self.text.push(SEPARATOR);
            }
            column.write(event, &mut self.text).then_some(())?;
        }
        Some(())
    }

    fn count(&mut self, at_row: usize, at: Timestamp, amount: f64, event: &Event<'_>) {
        let row = &self.rows[at_row];
        let earlier = at < row.first.at || at == row.first.at && *event.raw < *self.piece(row.first.raw);
        let first = earlier.then(|| self.sample(at, event));
        let row = &mut self.rows[at_row];
        row.amount += amount;
        row.count += 1;
        row.last = row.last.max(at);
        if let Some(first) = first {
            row.first = first;
        }
    }

    fn sample(&mut self, at: Timestamp, event: &Event<'_>) -> Sample {
        let host = event.host().map(|host| self.keep(host.as_bytes()));
        let path = self.keep(event.origin.path.as_deref().unwrap_or_default().as_bytes());
        let raw = self.keep(&event.raw);
        Sample { at, received: event.received, host, path, raw }
    }

    fn keep(&mut self, bytes: &[u8]) -> Span {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(bytes);
        (start, self.text.len() as u32)
    }

    fn piece(&self, (start, end): Span) -> &[u8] {
        &self.text[start as usize..end as usize]
    }

    /// Takes over the rows of the records that follow, leaving the buffers empty.
    pub fn append(&mut self, later: &mut Sightings) {
        let shift = self.text.len() as u32;
        let moved = |(start, end): Span| (start + shift, end + shift);
        self.text.append(&mut later.text);
        self.rows.extend(later.rows.drain(..).map(|row| Row {
            key: moved(row.key),
            value: moved(row.value),
            first: Sample {
                host: row.first.host.map(moved),
                path: moved(row.first.path),
                raw: moved(row.first.raw),
                ..row.first
            },
            ..row
        }));
        later.index.clear();
        self.index.clear();
        self.late += std::mem::take(&mut later.late);
    }

    /// All rows, in the order of their first records.
    pub(super) fn iter(&self) -> impl Iterator<Item = Sighting<'_>> {
        self.rows.iter().map(|row| Sighting {
            rule: row.rule,
            hour: row.hour,
            key: String::from_utf8_lossy(self.piece(row.key)),
            value: self.piece(row.value),
            amount: row.amount,
            count: row.count,
            last: row.last,
            at: row.first.at,
            raw: self.piece(row.first.raw),
            sightings: self,
            row,
        })
    }
}

impl Sighting<'_> {
    /// The first of the records as evidence.
    pub fn evidence(&self) -> Evidence {
        let text = |span| String::from_utf8_lossy(self.sightings.piece(span)).into_owned();
        let first = &self.row.first;
        let host = first.host.map(text);
        let id = evidence_id(host.as_deref().unwrap_or_default(), &text(first.path), self.raw, first.at);
        Evidence { id, received: first.received, host, raw: text(first.raw) }
    }
}

/// A quick hash of a row's text, for this batch alone.
fn hash(bytes: &[u8]) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = foldhash::fast::FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
}
