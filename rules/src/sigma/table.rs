//! The windows of one correlation: found by their key's hash, in the order in which they were last touched, weighed in
//! bytes.
//!
//! Windows stand in rows by how near they are to what their correlation asks for. When memory is short the row of the
//! farthest gives up its oldest first, so that a flood of keys that were seen once or twice pushes out none that is
//! nearly there.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    correlation::Correlation,
    instant::Nanos,
    window::{Values, Window},
};

/// Rows of windows: up to a quarter of what is asked for, up to half, up to three quarters, more.
const ROWS: u64 = 4;

/// What a place costs beside its window: its hash in the map, and what allocators add.
const PLACE_BYTES: usize = size_of::<Place>() + 64;

const NOWHERE: u32 = u32::MAX;

/// The windows of one correlation.
#[derive(Debug)]
pub(super) struct Table {
    by_hash: BTreeMap<u64, u32>,
    places: Vec<Place>,
    free: Vec<u32>,
    rows: [Row; ROWS as usize],
    /// When windows close, for correlations that wait for it.
    closing: BTreeSet<(Nanos, u64)>,
    bytes: usize,
    /// Windows that had to make room since the start.
    pub evicted: u64,
    /// Hashes of windows that differ from what is stored.
    changed: Vec<u64>,
    /// Hashes of stored windows that are gone.
    gone: BTreeSet<u64>,
}

#[derive(Debug)]
struct Place {
    hash: u64,
    window: Window,
    weight: usize,
    row: usize,
    before: u32,
    after: u32,
    changed: bool,
    stored: bool,
}

/// A doubly linked list through the places, the longest untouched first.
#[derive(Clone, Copy, Debug)]
struct Row {
    first: u32,
    last: u32,
}

impl Default for Table {
    fn default() -> Self {
        Table {
            by_hash: BTreeMap::new(),
            places: Vec::new(),
            free: Vec::new(),
            rows: [Row { first: NOWHERE, last: NOWHERE }; ROWS as usize],
            closing: BTreeSet::new(),
            bytes: 0,
            evicted: 0,
            changed: Vec::new(),
            gone: BTreeSet::new(),
        }
    }
}

impl Table {
    pub fn len(&self) -> usize {
        self.by_hash.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_hash.is_empty()
    }

    /// What all of it takes in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Where the window of this key is.
    pub fn find(&self, hash: u64) -> Option<u32> {
        self.by_hash.get(&hash).copied()
    }

    pub fn window(&self, place: u32) -> &Window {
        &self.places[place as usize].window
    }

    pub fn hash(&self, place: u32) -> u64 {
        self.places[place as usize].hash
    }

    /// The window, to be changed; [`Table::settle`] comes after.
    pub fn window_mut(&mut self, place: u32) -> &mut Window {
        &mut self.places[place as usize].window
    }

    /// Gives a key an empty window.
    pub fn open(&mut self, hash: u64, values: Values) -> u32 {
        self.put(hash, Window::of(values), false)
    }

    fn put(&mut self, hash: u64, window: Window, stored: bool) -> u32 {
        let weight = PLACE_BYTES + window.bytes();
        self.bytes += weight;
        let place = Place { hash, window, weight, row: 0, before: NOWHERE, after: NOWHERE, changed: false, stored };
        let at = match self.free.pop() {
            Some(at) => {
                self.places[at as usize] = place;
                at
            }
            None => {
                self.places.push(place);
                self.places.len() as u32 - 1
            }
        };
        self.by_hash.insert(hash, at);
        self.link(at, 0);
        at
    }

    /// After a change: weighs the window, moves it to the young end of its row, and keeps its closing time in step.
    /// A window that waits for nothing any more is dropped.
    pub fn settle(&mut self, at: u32, correlation: &Correlation, lateness: Nanos) {
        let place = &mut self.places[at as usize];
        let weight = PLACE_BYTES + place.window.bytes();
        self.bytes = self.bytes + weight - place.weight;
        place.weight = weight;
        if !place.changed {
            place.changed = true;
            self.changed.push(place.hash);
        }
        let held = place.window.entries().len() as u64;
        let row = (held * ROWS / correlation.needed()).min(ROWS - 1) as usize;
        self.unlink(at);
        self.link(at, row);
        if correlation.waits() {
            self.reschedule(at, correlation, lateness);
        }
    }

    fn reschedule(&mut self, at: u32, correlation: &Correlation, lateness: Nanos) {
        let Place { hash, window, .. } = &mut self.places[at as usize];
        let (hash, closes) = (*hash, window.closes(correlation, lateness));
        if let Some(before) = std::mem::replace(&mut window.closing, closes) {
            self.closing.remove(&(before, hash));
        }
        match closes {
            Some(closes) => _ = self.closing.insert((closes, hash)),
            None => self.remove(at),
        }
    }

    /// When the next window closes.
    pub fn closes(&self) -> Option<Nanos> {
        self.closing.first().map(|(at, _)| *at)
    }

    /// Takes the next window that is due to be closed by now.
    pub fn due(&mut self, now: Nanos) -> Option<u32> {
        let (at, hash) = *self.closing.first().filter(|(at, _)| *at <= now)?;
        self.closing.remove(&(at, hash));
        let place = self.find(hash)?;
        self.places[place as usize].window.closing = None;
        Some(place)
    }

    /// Drops a window.
    pub fn remove(&mut self, at: u32) {
        self.unlink(at);
        let place = &mut self.places[at as usize];
        let window = std::mem::take(&mut place.window);
        self.bytes -= std::mem::take(&mut place.weight);
        self.by_hash.remove(&place.hash);
        if place.stored {
            self.gone.insert(place.hash);
        }
        if let Some(closing) = window.closing {
            self.closing.remove(&(closing, place.hash));
        }
        self.free.push(at);
    }

    /// The window that is missed least.
    pub fn victim(&self) -> Option<u32> {
        self.rows.iter().map(|row| row.first).find(|first| *first != NOWHERE)
    }

    /// Drops up to `most` windows that were last touched before `limit`; how many they were.
    pub fn expire(&mut self, limit: Nanos, most: usize) -> usize {
        let mut gone = 0;
        for row in 0..self.rows.len() {
            while gone < most {
                let first = self.rows[row].first;
                if first == NOWHERE || self.window(first).touched >= limit {
                    break;
                }
                self.remove(first);
                gone += 1;
            }
        }
        gone
    }

    fn link(&mut self, at: u32, row: usize) {
        let last = std::mem::replace(&mut self.rows[row].last, at);
        let place = &mut self.places[at as usize];
        (place.row, place.before, place.after) = (row, last, NOWHERE);
        match last {
            NOWHERE => self.rows[row].first = at,
            last => self.places[last as usize].after = at,
        }
    }

    fn unlink(&mut self, at: u32) {
        let Place { row, before, after, .. } = self.places[at as usize];
        match before {
            NOWHERE => self.rows[row].first = after,
            before => self.places[before as usize].after = after,
        }
        match after {
            NOWHERE => self.rows[row].last = before,
            after => self.places[after as usize].before = before,
        }
    }

    /// The windows that have changed since the last call, `None` for those that are gone.
    pub fn take_changed(&mut self, mut give: impl FnMut(u64, Option<&mut Window>)) {
        let gone = std::mem::take(&mut self.gone);
        gone.iter().filter(|hash| !self.by_hash.contains_key(hash)).for_each(|hash| give(*hash, None));
        for hash in std::mem::take(&mut self.changed) {
            let Some(at) = self.find(hash) else { continue };
            let place = &mut self.places[at as usize];
            if std::mem::take(&mut place.changed) {
                place.stored = true;
                give(hash, Some(&mut place.window));
            }
        }
    }

    /// Takes up what checkpoints have stored, the longest untouched first.
    pub fn restore(&mut self, mut windows: Vec<(u64, Window)>, correlation: &Correlation, lateness: Nanos) {
        windows.sort_by_key(|(hash, window)| (window.touched, *hash));
        for (hash, mut window) in windows {
            window.closing = None;
            let at = self.put(hash, window, true);
            self.settle(at, correlation, lateness);
            // as it is stored
            if let Some(place) = self.find(hash).map(|at| &mut self.places[at as usize]) {
                place.changed = false;
            }
        }
        self.changed.clear();
    }

    /// Hashes of all windows that are stored: their rows are to go.
    pub fn stored(&self) -> impl Iterator<Item = u64> {
        let here = self.places.iter().filter(|place| place.stored && self.by_hash.contains_key(&place.hash));
        here.map(|place| place.hash).chain(self.gone.iter().copied())
    }

    /// Detection rules have other numbers from now on.
    pub fn renumber(&mut self, number: &dyn Fn(u32) -> u32) {
        for window in self.places.iter_mut().map(|place| &mut place.window) {
            window.entries_mut().for_each(|entry| entry.leaf = number(entry.leaf));
        }
    }
}
