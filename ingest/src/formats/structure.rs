//! Which format a message has by its structure: literals choose the candidates, [`Format::recognises`] confirms them.
//!
//! Four tiers: what the message begins with, which keys it has where it is a JSON object (the largest set first), what
//! its head holds (one Aho-Corasick pass for all formats), then the few formats that have no literal of their own; each
//! in the order of [`FORMATS`]. The answer depends on the message alone.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::{FORMATS, Format};
use crate::json::keys;

/// Bytes of a message in which [`Structure::Holds`] looks for its texts.
pub const HEAD: usize = 4 << 10;

/// How a message shows its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// Not at all: such records are found by program or path alone.
    None,
    /// It begins with one of these texts.
    Begins(&'static [&'static str]),
    /// It is a JSON object with all keys of one of these sets ([`crate::json::keys`]).
    Keys(&'static [&'static [&'static str]]),
    /// One of these texts stands in its first [`HEAD`] bytes: the rarer, the better.
    Holds(&'static [&'static str]),
    /// It has a shape without telling literals (columns, a stamp in brackets). Each such format is asked of every
    /// message that no literal claimed, so there should be few, and they must look briefly.
    Shape,
}

/// The formats by what points to them; numbers are places in [`FORMATS`].
struct Index {
    begins: [Vec<(&'static [u8], u16)>; 256],
    keys: keys::Index,
    holds: AhoCorasick,
    holders: Vec<u16>,
    shapes: Vec<u16>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut begins = [const { Vec::new() }; 256];
    let mut keys = keys::Index::default();
    let mut texts: Vec<&str> = Vec::new();
    let (mut holders, mut shapes) = (Vec::new(), Vec::new());
    for (at, format) in (0u16..).zip(FORMATS) {
        match format.structure() {
            Structure::None => {}
            Structure::Begins(openings) => {
                for text in openings.iter().map(|text| text.as_bytes()) {
                    begins[usize::from(text[0])].push((text, at));
                }
            }
            Structure::Keys(sets) => sets.iter().for_each(|set| keys.add(at, set)),
            Structure::Holds(marks) => {
                texts.extend_from_slice(marks);
                holders.extend(marks.iter().map(|_| at));
            }
            Structure::Shape => shapes.push(at),
        }
    }
    let holds = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .build(&texts)
        .expect("the texts of the formats make an automaton");
    Index { begins, keys, holds, holders, shapes }
});

/// The format whose structure this message has. `tagged` says that the record names its program.
pub fn by_structure(message: &[u8], tagged: bool) -> Option<&'static dyn Format> {
    let index = &*INDEX;
    let confirms = |at: u16| {
        let format = FORMATS[usize::from(at)];
        let confirmed = if tagged { format.recognises(message) } else { format.recognises_untagged(message) };
        confirmed.then_some(format)
    };
    let first = *message.first()?;
    let opening = |(text, at): &(&[u8], u16)| message.starts_with(text).then(|| confirms(*at)).flatten();
    if let Some(format) = index.begins[usize::from(first)].iter().find_map(opening) {
        return Some(format);
    }
    if matches!(first, b'{' | b'[')
        && let Some(format) = index.keys.owners(message).find_map(confirms)
    {
        return Some(format);
    }
    held(index, &message[..message.len().min(HEAD)])
        .find_map(confirms)
        .or_else(|| index.shapes.iter().find_map(|at| confirms(*at)))
}

/// The formats of which the head holds a text, in the order of [`FORMATS`].
fn held(index: &Index, head: &[u8]) -> impl Iterator<Item = u16> {
    let mut found: [u64; MAX_FORMATS / 64] = [0; MAX_FORMATS / 64];
    for hit in index.holds.find_overlapping_iter(head) {
        let at = index.holders[hit.pattern().as_usize()];
        found[usize::from(at / 64)] |= 1 << (at % 64);
    }
    (0..).zip(found).flat_map(|(word, mut bits)| {
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| bits.trailing_zeros() as u16)?;
            bits &= bits - 1;
            Some(word * 64 + bit)
        })
    })
}

/// Most formats that the set of candidates has room for.
const MAX_FORMATS: usize = 512;
const _: () = assert!(FORMATS.len() <= MAX_FORMATS);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_of_a_structure_has_bytes() {
        for format in FORMATS {
            if let Structure::Begins(texts) | Structure::Holds(texts) = format.structure() {
                assert!(!texts.is_empty() && texts.iter().all(|text| !text.is_empty()), "{format:?}");
            }
            if let Structure::Keys(sets) = format.structure() {
                assert!(sets.iter().all(|set| (1..=32).contains(&set.len())), "{format:?}");
            }
        }
    }

    #[test]
    fn a_message_that_holds_a_formats_text_without_being_one_is_asked_of_the_others() {
        let message = br#"{"level":"info","msg":"saw %ASA-6-302013 in a ticket"}"#;
        assert_eq!(by_structure(message, false).map(Format::name), Some("json"));
    }

    #[test]
    fn an_empty_message_has_no_structure() {
        assert!(by_structure(b"", false).is_none());
    }
}
