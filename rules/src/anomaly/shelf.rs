//! A map that is bounded in bytes: what a rule remembers of its keys.
//!
//! Keys that have shown themselves once make room first, then those that have been quiet longest, so a flood of made-up
//! keys passes through without pushing out what has grown over weeks. Room is made on ticks; in between, a full shelf
//! takes no new key. Both depend on minutes and on the order of first records only, not on how records were batched.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Of each eighth of its bytes one is kept free for the keys that come between two ticks.
const SLACK: usize = 8;
/// About what a key costs beside its own text and its value: table, order, allocations.
const KEY_BYTES: usize = 160;

/// What can be kept.
pub(super) trait Kept {
    /// Bytes that it takes.
    fn bytes(&self) -> usize;
    /// It has shown itself often enough to be worth more than a newcomer.
    fn is_established(&self) -> bool;
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    minute: i64,
    established: bool,
    bytes: usize,
}

/// The map.
#[derive(Debug)]
pub(super) struct Shelf<V> {
    entries: HashMap<Arc<str>, Entry<V>>,
    /// Who makes room first.
    order: BTreeSet<(bool, i64, Arc<str>)>,
    bytes: usize,
    ceiling: usize,
    /// Keys that had to make room or found none.
    pub evicted: u64,
    /// Keys whose row has changed since the last checkpoint.
    pub changed: BTreeSet<Arc<str>>,
}

impl<V: Kept> Shelf<V> {
    /// A map of at most so many bytes.
    pub fn new(ceiling: usize) -> Self {
        Shelf {
            entries: HashMap::new(),
            order: BTreeSet::new(),
            bytes: 0,
            ceiling,
            evicted: 0,
            changed: BTreeSet::new(),
        }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.entries.get(key).map(|entry| &entry.value)
    }

    /// When a key was last touched, in minutes.
    pub fn minute(&self, key: &str) -> i64 {
        self.entries.get(key).map_or(0, |entry| entry.minute)
    }

    /// All keys and values, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &V)> {
        self.entries.iter().map(|(key, entry)| (key, &entry.value))
    }

    /// Changes the value of a key, made if there is none and there is room. `None`: there is no room.
    pub fn touch<R>(
        &mut self,
        key: &str,
        minute: i64,
        make: impl FnOnce() -> V,
        change: impl FnOnce(&mut V) -> R,
    ) -> Option<R> {
        if !self.entries.contains_key(key) {
            if self.bytes >= self.ceiling {
                self.evicted += 1;
                return None;
            }
            self.insert(key, minute, make());
        }
        self.change(key, Some(minute), change)
    }

    /// Changes the value of a key that is there; with a minute it counts as touched.
    pub fn change<R>(&mut self, key: &str, minute: Option<i64>, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        let (name, _) = self.entries.get_key_value(key)?;
        let name = name.clone();
        let entry = self.entries.get_mut(key)?;
        let result = change(&mut entry.value);
        let bytes = KEY_BYTES + key.len() + entry.value.bytes();
        self.bytes = self.bytes - entry.bytes + bytes;
        entry.bytes = bytes;
        let place = (entry.value.is_established(), minute.map_or(entry.minute, |minute| minute.max(entry.minute)));
        if place != (entry.established, entry.minute) {
            self.order.remove(&(entry.established, entry.minute, name.clone()));
            (entry.established, entry.minute) = place;
            self.order.insert((place.0, place.1, name));
        }
        Some(result)
    }

    /// Puts a value under a key, from a checkpoint or as new.
    pub fn insert(&mut self, key: &str, minute: i64, value: V) {
        self.remove(key);
        let name: Arc<str> = key.into();
        let (established, bytes) = (value.is_established(), KEY_BYTES + key.len() + value.bytes());
        self.bytes += bytes;
        self.order.insert((established, minute, name.clone()));
        self.entries.insert(name, Entry { value, minute, established, bytes });
    }

    /// Forgets a key.
    pub fn remove(&mut self, key: &str) {
        if let Some((name, entry)) = self.entries.remove_entry(key) {
            self.bytes -= entry.bytes;
            self.order.remove(&(entry.established, entry.minute, name));
        }
    }

    /// Room must be made at the next tick.
    pub fn is_crowded(&self) -> bool {
        self.bytes > self.ceiling - self.ceiling / SLACK
    }

    /// Makes room.
    pub fn trim(&mut self) {
        while self.is_crowded()
            && let Some((_, _, key)) = self.order.first().cloned()
        {
            self.remove(&key);
            self.changed.insert(key);
            self.evicted += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Kept for u32 {
        fn bytes(&self) -> usize {
            4
        }
        fn is_established(&self) -> bool {
            *self > 1
        }
    }

    #[test]
    fn a_flood_of_new_keys_passes_by_what_is_established() {
        let mut shelf: Shelf<u32> = Shelf::new(100_000);
        for round in 0..3 {
            for key in 0..50 {
                shelf.touch(&format!("old{key}"), round, || 0, |seen| *seen += 1);
            }
        }
        for key in 0..1_000_000 {
            shelf.touch(&format!("made-up-{key}"), 10 + key / 10_000, || 0, |seen| *seen += 1);
            assert!(shelf.bytes() <= 100_000 + 1_000);
            if key % 10_000 == 9_999 {
                shelf.trim();
            }
        }
        assert!((0..50).all(|key| shelf.get(&format!("old{key}")).is_some()));
        assert!(shelf.evicted > 990_000, "{}", shelf.evicted);
        assert!(!shelf.is_crowded());
    }

    #[test]
    fn bytes_are_what_the_values_take() {
        let mut shelf: Shelf<u32> = Shelf::new(10_000);
        shelf.touch("a", 0, || 1, |_| ());
        let one = shelf.bytes();
        shelf.touch("b", 0, || 1, |seen| *seen += 1);
        assert_eq!((shelf.bytes(), shelf.len()), (2 * one, 2));
        shelf.remove("a");
        shelf.remove("b");
        assert_eq!((shelf.bytes(), shelf.len()), (0, 0));
    }
}
