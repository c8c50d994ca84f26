//! Event → JSON: what `parse`, `tap`, `replay` and the archive print.
//!
//! One object per event under ECS names, nested or with dotted keys. It is written straight into the caller's buffer:
//! no tree, no allocation per event. Each field's key is rendered once per thread ([`names`]), and the event's few
//! fields are sorted by a precomputed rank, so that fields of one object follow each other.
//!
//! ```
//! use roundsman_ingest::{Event, Kind, Origin, Record, Transport, field, print};
//!
//! let origin = Origin::new(Transport::File, "stdin");
//! let record = Record { received: "2026-11-22T01:53:02Z".parse().unwrap(), origin: &origin, kind: Kind::Line,
//!     truncated: false, raw: b"hello" };
//! let mut event = Event::new(&record);
//! event.set_int(field::SOURCE_PORT, 443);
//! let mut out = Vec::new();
//! print::write_json(&event, print::Shape::Flat, &mut out);
//! assert_eq!(String::from_utf8(out).unwrap(), concat!(
//!     r#"{"event.original":"hello","roundsman.format":"unknown","roundsman.received":"2026-11-22T01:53:02Z","#,
//!     r#""source.port":443}"#));
//! ```

mod names;
mod text;

use std::{cell::RefCell, io::Write};

pub use text::{write_string, write_time};

use crate::{Event, Field, Value, field};
use names::{Name, Names};

/// How field names become keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// `{"source":{"ip":"…"}}`
    #[default]
    Nested,
    /// `{"source.ip":"…"}`
    Flat,
}

/// Slots from here on are not places in the event's field list but values that the printer knows itself.
const OWN_SLOTS: u16 = 0xFF00;

/// What every event carries whatever its format, in the order of their [`Field`] numbers.
const OWN: [Field; 6] = [
    field::TIMESTAMP,
    field::EVENT_ORIGINAL,
    field::ROUNDSMAN_FORMAT,
    field::ROUNDSMAN_REASON,
    field::ROUNDSMAN_RECEIVED,
    field::ROUNDSMAN_TRUNCATED,
];

/// Most layouts a thread remembers; beyond, it begins anew. Events of one kind share a layout.
const MAX_LAYOUTS: usize = 1_024;
/// Events with more fields than this are laid out each time.
const MAX_LAYOUT_FIELDS: usize = 128;

#[derive(Default)]
struct Printer {
    names: Names,
    /// The event's fields in print order: rank in the upper half, slot in the lower.
    order: Vec<u32>,
    /// By what an event holds: see [`Printer::sign`].
    layouts: foldhash::HashMap<Box<[u16]>, Layout>,
    signature: Vec<u16>,
}

/// Everything about an event's JSON but its values: events with the same fields in the same order share it.
#[derive(Default)]
struct Layout {
    /// Braces, keys and commas, in order; once the layout is finished, padded for [`text::copy`].
    text: Vec<u8>,
    /// Where it ends.
    end: usize,
    /// Where values stand between them.
    groups: Vec<Group>,
    slots: Vec<u16>,
}

/// The value or values of one field.
struct Group {
    /// They follow the text up to here.
    text: u32,
    /// They are the slots up to here.
    slots: u32,
    array: bool,
}

impl Layout {
    fn write(&self, event: &Event<'_>, out: &mut Vec<u8>) {
        let (mut at, mut slot) = (0, 0);
        let plain = text::is_plain(&event.raw);
        for group in &self.groups {
            text::copy(&self.text, at..group.text as usize, out);
            let slots = &self.slots[slot..group.slots as usize];
            match (slots, group.array) {
                ([only], false) => write_slot(event, *only, plain, out),
                _ => write_array(event, slots, plain, out),
            }
            (at, slot) = (group.text as usize, group.slots as usize);
        }
        text::copy(&self.text, at..self.end, out);
    }

    fn finish(mut self) -> Layout {
        self.end = self.text.len();
        self.text.extend_from_slice(&text::PADDING);
        self
    }

    fn add(&mut self, name: &Name, group: &[u32]) {
        self.slots.extend(group.iter().map(|key| *key as u16));
        let array = name.is_array || group.len() > 1;
        self.groups.push(Group { text: self.text.len() as u32, slots: self.slots.len() as u32, array });
    }
}

thread_local! {
    static PRINTER: RefCell<Printer> = RefCell::default();
}

/// Appends the event as one JSON object, without a line break.
///
/// A field with several values, or one that ECS declares as an array, is an array. Bytes that are no UTF-8 become
/// U+FFFD. Where a name is both a value and an object (`a` and `a.b`), the deeper one keeps its dotted key.
pub fn write_json(event: &Event<'_>, shape: Shape, out: &mut Vec<u8>) {
    PRINTER.with_borrow_mut(|printer| {
        out.reserve(event.raw.len() * 2 + event.fields().len() * 48);
        if event.fields().len() > MAX_LAYOUT_FIELDS {
            return printer.lay_out(event, shape).0.write(event, out);
        }
        printer.sign(event, shape);
        if let Some(layout) = printer.layouts.get(&*printer.signature) {
            return layout.write(event, out);
        }
        let (layout, ranked) = printer.lay_out(event, shape);
        layout.write(event, out);
        if ranked {
            printer.remember(layout);
        }
    });
}

/// What the printer writes of every event, and whether this one has it.
fn own(event: &Event<'_>) -> impl Iterator<Item = (u16, Field)> {
    let present = |field: Field| match field {
        field::TIMESTAMP => event.time.is_some(),
        field::ROUNDSMAN_REASON => event.reason.is_some(),
        field::ROUNDSMAN_TRUNCATED => event.truncated,
        _ => true,
    };
    (OWN_SLOTS..).zip(OWN).filter(move |(_, field)| present(*field))
}

impl Printer {
    /// What of an event decides its layout: the shape, which of our own values it has, and its fields in order.
    fn sign(&mut self, event: &Event<'_>, shape: Shape) {
        self.signature.clear();
        let own = own(event).fold(0, |bits, (slot, _)| bits | 1 << (slot - OWN_SLOTS));
        self.signature.push(own << 1 | u16::from(shape == Shape::Flat));
        self.signature.extend(event.fields().iter().map(|(field, _)| field.index() as u16));
    }

    fn remember(&mut self, layout: Layout) {
        if self.layouts.len() >= MAX_LAYOUTS {
            self.layouts.clear();
        }
        self.layouts.insert(self.signature.as_slice().into(), layout);
    }

    /// Lays an event out; also says whether the order is by rank and so will hold.
    fn lay_out(&mut self, event: &Event<'_>, shape: Shape) -> (Layout, bool) {
        let ranked = self.sort(event);
        let mut layout = Layout::default();
        layout.text.push(b'{');
        match shape {
            Shape::Flat => self.flat(event, &mut layout),
            Shape::Nested => self.nested(event, &mut layout),
        }
        layout.text.push(b'}');
        (layout.finish(), ranked)
    }

    /// Fills `order` with the event's fields by name, values of one field in the order in which they were set.
    fn sort(&mut self, event: &Event<'_>) -> bool {
        let (names, order) = (&mut self.names, &mut self.order);
        order.clear();
        let mut ranked = true;
        let mut add = |field: Field, slot: u16| {
            let rank = names.prepare(field);
            ranked &= rank.is_some();
            order.push(u32::from(rank.unwrap_or(0)) << 16 | u32::from(slot));
        };
        for (slot, (field, _)) in event.fields().iter().enumerate() {
            if field.index() >= OWN.len() {
                add(*field, slot as u16);
            }
        }
        own(event).for_each(|(slot, field)| add(field, slot));
        if ranked {
            order.sort_unstable();
        } else {
            // names newer than the ranks: compare the names themselves until enough of them are there to rank anew
            order.sort_by(|a, b| names::compare(field_at(event, *a).name(), field_at(event, *b).name()));
            names.missed();
        }
        ranked
    }

    fn flat(&self, event: &Event<'_>, layout: &mut Layout) {
        let mut rest = &self.order[..];
        let mut comma = false;
        while let Some((name, group)) = self.next_group(event, &mut rest) {
            if std::mem::replace(&mut comma, true) {
                layout.text.push(b',');
            }
            layout.text.extend_from_slice(&name.flat);
            layout.add(name, group);
        }
    }

    fn nested(&self, event: &Event<'_>, layout: &mut Layout) {
        let mut rest = &self.order[..];
        let mut open: &[u32] = &[];
        let mut last: Option<&Name> = None;
        // the node that is already a value at this depth, so that it cannot be an object as well
        let mut taken: Option<(usize, u32)> = None;
        while let Some((name, group)) = self.next_group(event, &mut rest) {
            let common = open.iter().zip(&*name.parents).take_while(|(a, b)| a == b).count();
            taken = taken.filter(|(depth, node)| name.parents.get(*depth) == Some(node)).or_else(|| {
                let last = last?;
                let depth = last.parents.len();
                (common == depth && name.parents.get(depth) == Some(&last.node)).then_some((depth, last.node))
            });
            layout.text.resize(layout.text.len() + open.len() - common, b'}');
            if last.is_some() {
                layout.text.push(b',');
            }
            match taken {
                Some((depth, _)) => {
                    write_string(name.tail(depth), &mut layout.text);
                    layout.text.push(b':');
                    open = &name.parents[..depth];
                }
                None => {
                    layout.text.extend_from_slice(name.keys_from(common));
                    open = &name.parents;
                }
            }
            layout.add(name, group);
            last = Some(name);
        }
        layout.text.resize(layout.text.len() + open.len(), b'}');
    }

    /// The next field and the keys of all of its values.
    fn next_group<'p>(&'p self, event: &Event<'_>, rest: &mut &'p [u32]) -> Option<(&'p Name, &'p [u32])> {
        let field = field_at(event, *rest.first()?);
        let len = rest.iter().take_while(|key| field_at(event, **key) == field).count();
        let (group, others) = rest.split_at(len);
        *rest = others;
        Some((self.names.get(field)?, group))
    }
}

fn field_at(event: &Event<'_>, key: u32) -> Field {
    let slot = key as u16;
    if slot >= OWN_SLOTS { OWN[usize::from(slot - OWN_SLOTS)] } else { event.fields()[usize::from(slot)].0 }
}

fn write_array(event: &Event<'_>, slots: &[u16], plain: bool, out: &mut Vec<u8>) {
    for (i, slot) in slots.iter().enumerate() {
        out.push(if i == 0 { b'[' } else { b',' });
        write_slot(event, *slot, plain, out);
    }
    out.push(b']');
}

/// Writes one value; `plain` says whether the raw record is.
fn write_slot(event: &Event<'_>, slot: u16, plain: bool, out: &mut Vec<u8>) {
    if slot < OWN_SLOTS {
        return match event.fields()[usize::from(slot)].1 {
            Value::Raw(start, end) if plain => text::write_plain(&event.raw, start as usize..end as usize, out),
            value => write_value(event, value, out),
        };
    }
    match OWN[usize::from(slot - OWN_SLOTS)] {
        field::EVENT_ORIGINAL if plain => text::write_plain(&event.raw, 0..event.raw.len(), out),
        field::TIMESTAMP => text::write_quoted_time(event.time.unwrap_or(event.received), out),
        field::EVENT_ORIGINAL => write_string(&event.raw, out),
        field::ROUNDSMAN_FORMAT => write_string(event.format_name().as_bytes(), out),
        field::ROUNDSMAN_REASON => write_string(event.reason.unwrap_or_default().as_bytes(), out),
        field::ROUNDSMAN_RECEIVED => text::write_quoted_time(event.received, out),
        _ => out.extend_from_slice(b"true"),
    }
}

/// Appends one value of this event as JSON.
pub fn write_value(event: &Event<'_>, value: Value, out: &mut Vec<u8>) {
    match value {
        Value::Raw(..) | Value::Text(..) | Value::Static(_) => match event.value_span(value) {
            Some(bytes) => write_string(bytes, out),
            None => out.extend_from_slice(b"null"),
        },
        Value::Int(n) => text::write_int(n, out),
        // Rust's debug form of a finite float is JSON, and reads back as the same float
        Value::Float(n) if n.is_finite() => write!(out, "{n:?}").unwrap_or_default(),
        Value::Bool(yes) => out.extend_from_slice(if yes { b"true" } else { b"false" }),
        Value::Float(_) | Value::Null => out.extend_from_slice(b"null"),
    }
}

#[cfg(test)]
mod tests;
