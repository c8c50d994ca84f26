//! The doorkeeper: while memory is short, a new key gets a window only once it has been seen several times. Until then
//! each of its matches is one mark of sixteen bytes in a table of fixed size, so that none is lost when the window opens.
//!
//! Marks know their key by 32 bits of its hash besides the bucket that it falls into: two keys are taken for one about
//! once in a billion times. The oldest mark of a bucket makes room. Times are kept in whole seconds.

use super::instant::{Nanos, SECOND};

/// Marks of one bucket: four cache lines.
const WAYS: usize = 16;

/// Words of one mark: print and second, tag.
const WORDS: usize = 2;

/// A key's matches that have no window yet.
#[derive(Debug)]
pub(super) struct Doorkeeper {
    /// Zero where nothing is marked.
    words: Vec<u64>,
    mask: u64,
    /// Marks that made room while they could still have counted.
    pub forgotten: u64,
    /// When it was last needed.
    pub used: Nanos,
}

/// One match that was marked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub at: Nanos,
    pub tag: u64,
}

impl Doorkeeper {
    /// As many buckets as fit into this many bytes, a power of two.
    pub fn new(bytes: usize) -> Doorkeeper {
        let bucket = WAYS * WORDS * size_of::<u64>();
        let buckets = ((bytes / bucket).max(1) + 1).next_power_of_two() / 2;
        Doorkeeper { words: vec![0; buckets * WAYS * WORDS], mask: buckets as u64 - 1, forgotten: 0, used: 0 }
    }

    pub fn bytes(&self) -> usize {
        self.words.len() * size_of::<u64>()
    }

    fn bucket(&mut self, key: u64) -> &mut [u64] {
        let start = (key & self.mask) as usize * WAYS * WORDS;
        &mut self.words[start..start + WAYS * WORDS]
    }

    /// How many matches of this key are marked that are not older than `oldest`.
    pub fn count(&mut self, key: u64, oldest: Nanos) -> usize {
        let oldest = second(oldest);
        self.bucket(key).chunks_exact(WORDS).filter(|mark| is_of(mark[0], key) && mark[0] as u32 >= oldest).count()
    }

    /// Marks a match. Marks older than `oldest` count no longer.
    pub fn mark(&mut self, key: u64, mark: Mark, oldest: Nanos) {
        let oldest = second(oldest);
        let bucket = self.bucket(key);
        let place = (0..WAYS).min_by_key(|way| bucket[way * WORDS] as u32).unwrap_or(0) * WORDS;
        let lost = bucket[place] != 0 && bucket[place] as u32 >= oldest;
        bucket[place] = u64::from(print(key)) << 32 | u64::from(second(mark.at));
        bucket[place + 1] = mark.tag;
        self.forgotten += u64::from(lost);
        self.used = self.used.max(mark.at);
    }

    /// Hands over all marks of a key that are not older than `oldest`, in the order of their time.
    pub fn take(&mut self, key: u64, oldest: Nanos) -> Vec<Mark> {
        let oldest = second(oldest);
        let mut marks = Vec::new();
        for mark in self.bucket(key).chunks_exact_mut(WORDS).filter(|mark| is_of(mark[0], key)) {
            if mark[0] as u32 >= oldest {
                marks.push(Mark { at: Nanos::from(mark[0] as u32) * SECOND, tag: mark[1] });
            }
            mark.fill(0);
        }
        marks.sort_by_key(|mark| mark.at);
        marks
    }
}

/// Never zero, so that a mark is told from an empty place.
fn print(key: u64) -> u32 {
    (key >> 32) as u32 | 1
}

fn is_of(word: u64, key: u64) -> bool {
    (word >> 32) as u32 == print(key)
}

/// Seconds since 1970; what lies outside of 1970 to 2106 counts as the nearest within.
fn second(at: Nanos) -> u32 {
    u32::try_from(at.div_euclid(SECOND).max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u64) -> u64 {
        super::super::hash::Hash::of("test").with(&n.to_le_bytes()).finish()
    }

    #[test]
    fn what_was_marked_is_handed_over_once_and_in_order() {
        let mut door = Doorkeeper::new(1 << 16);
        for (at, tag) in [(20, 7), (10, 8), (30, 7)] {
            door.mark(key(1), Mark { at: at * SECOND, tag }, 0);
        }
        door.mark(key(2), Mark { at: 15 * SECOND, tag: 1 }, 0);
        assert_eq!(door.count(key(1), 15 * SECOND), 2, "one is too old");
        let taken = door.take(key(1), 0);
        assert_eq!(taken.iter().map(|m| (m.at / SECOND, m.tag)).collect::<Vec<_>>(), [(10, 8), (20, 7), (30, 7)]);
        assert_eq!((door.count(key(1), 0), door.count(key(2), 0)), (0, 1));
    }

    #[test]
    fn the_oldest_make_room_and_are_counted_if_they_could_have_counted() {
        let mut door = Doorkeeper::new(1 << 16);
        let room = door.bytes() / (WORDS * size_of::<u64>());
        let marks = 4 * room as i64;
        for n in 0..marks {
            door.mark(key(n as u64), Mark { at: n * SECOND, tag: 0 }, (n - 100) * SECOND);
        }
        assert_eq!(door.bytes(), 1 << 16);
        let held = (marks - room as i64 / 2..marks).filter(|n| door.count(key(*n as u64), 0) > 0).count();
        assert!(held * 100 > room / 2 * 95, "of the younger half, {held} of {} are there", room / 2);
        assert!(door.forgotten < marks as u64 / 100, "few of them were still young: {}", door.forgotten);
    }
}
