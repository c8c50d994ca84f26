//! Field names rendered as JSON keys, and their order. One table per thread: no lock on the hot path.

use std::{cmp::Ordering, collections::HashMap};

use super::write_string;
use crate::Field;

/// Most objects inside each other; what is deeper stays dotted in the last key. Readers of JSON have limits too.
pub(super) const MAX_DEPTH: usize = 32;

/// One field's name, ready to be written.
pub(super) struct Name {
    /// `"source.geo.country_name":`
    pub flat: Box<[u8]>,
    /// `"source":{"geo":{"country_name":`
    nested: Box<[u8]>,
    /// Where the key of each level begins in `nested`.
    starts: Box<[u32]>,
    /// Numbers of the objects around the value: `source`, `source.geo`.
    pub parents: Box<[u32]>,
    /// The number of the name itself.
    pub node: u32,
    /// Printed as an array even when it holds one value.
    pub is_array: bool,
    name: &'static str,
}

impl Name {
    /// The keys from this depth inwards.
    pub fn keys_from(&self, depth: usize) -> &[u8] {
        &self.nested[self.starts[depth] as usize..]
    }

    /// The name without its first `depth` segments.
    pub fn tail(&self, depth: usize) -> &[u8] {
        self.name.splitn(depth + 1, '.').last().unwrap_or_default().as_bytes()
    }
}

/// All names that this thread has printed.
#[derive(Default)]
pub(super) struct Names {
    names: Vec<Option<Name>>,
    nodes: HashMap<&'static str, u32>,
    /// Place of each field in name order, by field number; fields interned since have none.
    ranks: Vec<u16>,
    missed: usize,
}

impl Names {
    /// Renders the field's name if it is new to this thread, and gives its rank.
    #[inline]
    pub fn prepare(&mut self, field: Field) -> Option<u16> {
        let index = field.index();
        if !matches!(self.names.get(index), Some(Some(_))) {
            self.render(field);
        }
        self.ranks.get(index).copied()
    }

    pub fn get(&self, field: Field) -> Option<&Name> {
        self.names.get(field.index())?.as_ref()
    }

    /// An event held a field without a rank. Ranks are computed anew once that cost is earned, so that a flood of new
    /// names costs no more than sorting them a few times.
    pub fn missed(&mut self) {
        self.missed += 1;
        if self.missed > self.ranks.len() / 8 {
            self.rank();
        }
    }

    #[cold]
    fn render(&mut self, field: Field) {
        if self.ranks.is_empty() {
            self.rank();
        }
        let name = field.name();
        let (mut flat, mut nested, mut starts, mut parents) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        write_string(name.as_bytes(), &mut flat);
        flat.push(b':');
        let mut end = 0;
        for (depth, segment) in name.splitn(MAX_DEPTH, '.').enumerate() {
            if depth > 0 {
                parents.push(self.node(&name[..end]));
                nested.push(b'{');
                end += 1;
            }
            end += segment.len();
            starts.push(nested.len() as u32);
            write_string(segment.as_bytes(), &mut nested);
            nested.push(b':');
        }
        let rendered = Name {
            flat: flat.into(),
            nested: nested.into(),
            starts: starts.into(),
            parents: parents.into(),
            node: self.node(name),
            is_array: field.is_array(),
            name,
        };
        let index = field.index();
        if self.names.len() <= index {
            self.names.resize_with(index + 1, || None);
        }
        self.names[index] = Some(rendered);
    }

    fn node(&mut self, prefix: &'static str) -> u32 {
        let next = self.nodes.len() as u32;
        *self.nodes.entry(prefix).or_insert(next)
    }

    fn rank(&mut self) {
        self.missed = 0;
        let mut fields: Vec<(&str, usize)> = Field::all().map(|f| (f.name(), f.index())).collect();
        fields.sort_unstable_by(|a, b| compare(a.0, b.0));
        self.ranks = vec![0; fields.len()];
        for (rank, (_, index)) in fields.iter().enumerate() {
            self.ranks[*index] = rank as u16;
        }
    }
}

/// Name order with the dot before all other characters: `a`, `a.b`, `a-b`. What lies under a name follows it at once.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let key = |byte: u8| if byte == b'.' { 0 } else { u16::from(byte) + 1 };
    a.bytes().map(key).cmp(b.bytes().map(key))
}
