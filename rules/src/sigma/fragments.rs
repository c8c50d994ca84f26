//! Many literals looked for in one text at once, case aside: three bytes of each, its rarest, are looked up in a bitmap at
//! every place of the text, and a literal is compared only where they stand.
//!
//! For the many literals of a large set of rules, an automaton of all (Aho-Corasick) follows each byte through a table that
//! fits no nearby cache; ours is 8 KiB, and looking up one place does not wait for the one before.

use super::rarity::share;

/// Entries of a bitmap: one for each hash of 16 bits.
const HASHES: usize = 1 << 16;

/// Spreads three bytes over the hashes (Knuth's multiplicative hashing).
const SPREAD: u32 = 0x9E37_79B1;

/// A hash of three bytes without the bit that tells an ASCII letter's case.
fn hash(three: u32) -> usize {
    ((three & 0x00ff_ffff | 0x0020_2020).wrapping_mul(SPREAD) >> 16) as usize
}

/// Two bytes in the same manner.
fn pair(two: u32) -> usize {
    (two & 0xffff | 0x2020) as usize
}

/// A set of hashes that also tells each member's number, in ascending order.
struct Bitmap {
    words: Box<[u64]>,
    /// How many members stand before each word.
    before: Box<[u32]>,
}

impl Bitmap {
    fn of(hashes: impl Iterator<Item = usize>) -> Bitmap {
        let mut words = vec![0u64; HASHES / 64];
        hashes.for_each(|hash| words[hash / 64] |= 1 << (hash % 64));
        let count = |sum: &mut u32, word: &u64| Some(std::mem::replace(sum, *sum + word.count_ones()));
        let before = words.iter().scan(0, count).collect();
        Bitmap { words: words.into(), before }
    }

    fn holds(&self, hash: usize) -> bool {
        self.words[hash / 64] >> (hash % 64) & 1 == 1
    }

    fn number(&self, hash: usize) -> usize {
        let below = self.words[hash / 64] & ((1 << (hash % 64)) - 1);
        (self.before[hash / 64] + below.count_ones()) as usize
    }
}

/// A literal and where in it the bytes stand by which it is found.
#[derive(Clone, Copy)]
struct Entry {
    literal: u32,
    offset: u32,
}

/// Literals to look for.
pub(super) struct Fragments {
    literals: Vec<Vec<u8>>,
    triples: Bitmap,
    /// By the number of the hash in `triples`.
    by_triple: Vec<Vec<Entry>>,
    /// Pairs with which literals of one or two bytes begin, and those literals.
    pairs: Option<Bitmap>,
    short: Vec<u32>,
}

impl Fragments {
    /// For these literals, folded and not empty; they are told by their places in the list.
    pub fn new(literals: Vec<Vec<u8>>) -> Fragments {
        let (long, short): (Vec<u32>, Vec<u32>) =
            (0..literals.len() as u32).partition(|at| literals[*at as usize].len() >= 3);
        let found_by = |at: u32| {
            let (offset, three) = rarest(&literals[at as usize]);
            (three, Entry { literal: at, offset })
        };
        let entries: Vec<(usize, Entry)> = long.into_iter().map(found_by).collect();
        let triples = Bitmap::of(entries.iter().map(|(three, _)| *three));
        let mut by_triple = vec![Vec::new(); entries.len()];
        entries.into_iter().for_each(|(three, entry)| by_triple[triples.number(three)].push(entry));
        let begins = short.iter().flat_map(|at| {
            let literal = &literals[*at as usize];
            let second: Vec<u8> = literal.get(1).map_or((0..=255).collect(), |byte| vec![*byte]);
            let first = literal[0];
            second.into_iter().map(move |second| pair(u32::from(first) | u32::from(second) << 8))
        });
        let pairs = (!short.is_empty()).then(|| Bitmap::of(begins));
        Fragments { literals, triples, by_triple, pairs, short }
    }

    /// Tells each literal that the text holds, some more than once. The text is folded or ASCII.
    pub fn find(&self, text: &[u8], mut found: impl FnMut(usize)) {
        for (at, four) in text.windows(4).enumerate() {
            let bytes = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
            self.look(text, at, bytes, &mut found);
        }
        // the last places have no four bytes before them
        for at in text.len().saturating_sub(3)..text.len() {
            let byte = |place: usize| u32::from(text.get(place).copied().unwrap_or_default());
            self.look(text, at, byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16, &mut found);
        }
    }

    fn look(&self, text: &[u8], at: usize, bytes: u32, found: &mut impl FnMut(usize)) {
        let three = hash(bytes);
        if self.triples.holds(three) {
            self.compare(text, at, three, found);
        }
        if let Some(pairs) = &self.pairs
            && pairs.holds(pair(bytes))
        {
            let stands = |literal: &&u32| starts(&text[at..], &self.literals[**literal as usize]);
            self.short.iter().filter(stands).for_each(|literal| found(*literal as usize));
        }
    }

    #[cold]
    fn compare(&self, text: &[u8], at: usize, three: usize, found: &mut impl FnMut(usize)) {
        for entry in &self.by_triple[self.triples.number(three)] {
            let literal = &self.literals[entry.literal as usize];
            let from = at.checked_sub(entry.offset as usize);
            if from.is_some_and(|from| starts(&text[from..], literal)) {
                found(entry.literal as usize);
            }
        }
    }
}

fn starts(text: &[u8], literal: &[u8]) -> bool {
    text.get(..literal.len()).is_some_and(|head| head.eq_ignore_ascii_case(literal))
}

/// Where the rarest three bytes of a literal stand, and their hash.
fn rarest(literal: &[u8]) -> (u32, usize) {
    let chance = |three: &[u8]| three.iter().map(|byte| share(*byte)).product::<f64>();
    let threes = literal.windows(3).enumerate();
    let (at, three) = threes.min_by(|(_, a), (_, b)| chance(a).total_cmp(&chance(b))).unwrap_or((0, b"   "));
    (at as u32, hash(u32::from_le_bytes([three[0], three[1], three[2], 0])))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(literals: &[&str], text: &str) -> Vec<usize> {
        let fragments = Fragments::new(literals.iter().map(|l| l.as_bytes().to_vec()).collect());
        let mut all = Vec::new();
        fragments.find(text.as_bytes(), |at| all.push(at));
        all.sort_unstable();
        all.dedup();
        all
    }

    #[test]
    fn literals_are_found_at_both_ends_and_whatever_their_length() {
        let literals = ["a", "{{", "abc", "the whole", "zz", "end"];
        assert_eq!(found(&literals, "The Whole {{x}} eND"), [1, 3, 5]);
        assert_eq!(found(&literals, "A"), [0]);
        assert_eq!(found(&literals, "xZZ"), [4]);
        assert_eq!(found(&literals, "abc"), [0, 2]);
        assert!(found(&literals, "").is_empty());
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_stands_there(
            literals in prop::collection::vec("[abc@`{ü]{1,6}", 1..12),
            text in "[abcABC@`{ü ]{0,60}",
        ) {
            let literals: Vec<&str> = literals.iter().map(String::as_str).collect();
            let lower = text.to_ascii_lowercase();
            let stands: Vec<usize> = (0..literals.len()).filter(|at| lower.contains(literals[*at])).collect();
            prop_assert_eq!(found(&literals, &text), stands);
        }
    }
}
