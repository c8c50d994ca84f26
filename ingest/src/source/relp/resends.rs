//! Records that are sent again. RELP numbers frames anew in each session, so a sender that lost its connection before
//! our answers came sends all that is unanswered from its point of view, in order, before anything new; part of it may
//! be journalled.
//!
//! So for each session that did not end with `close` the hashes of its last frames are remembered. As long as a new
//! session of the same sender begins as such a row goes on, its records are the same ones: they are acknowledged and
//! not journalled again, but counted as rejected (`duplicate`). The first frame that differs ends this. Only records
//! that are equal byte for byte, with their stamps, can be taken for one another. After a start the journal's tail takes
//! the place of the sessions before it.

use std::{
    collections::{HashMap, VecDeque, hash_map::RandomState},
    hash::BuildHasher,
    sync::{Arc, Mutex},
};

use crate::{
    Transport,
    journal::{self, Reader},
};

/// Frames of a session that are remembered; a sender with a larger window (librelp's is 128) may double what is beyond.
const FRAMES: usize = 1_024;
/// Sessions of one sender that are remembered, the newest.
const SESSIONS: usize = 4;
/// Senders that are remembered.
const SENDERS: usize = 1_024;
/// What of the journal is looked at after a start.
pub(super) const RECENT_BYTES: u64 = 64 << 20;
/// What of it is read at a time.
const CHUNK_BYTES: usize = 1 << 20;

/// The last frames of a session, by hash, the newest at the end.
type Row = Arc<Mutex<VecDeque<u64>>>;

/// What a listener remembers of its senders' sessions.
#[derive(Default)]
pub(super) struct Memory {
    hasher: RandomState,
    senders: Mutex<HashMap<Arc<str>, VecDeque<Row>>>,
}

impl Memory {
    /// What was journalled under this source before it began: which of it was answered is not known any more.
    pub fn recall(source: &str, recent: &mut Reader) -> Result<Self, journal::Error> {
        let memory = Memory::default();
        let mut senders = HashMap::<Arc<str>, VecDeque<u64>>::new();
        while let Some(chunk) = recent.next_chunk(CHUNK_BYTES)? {
            for (_, record) in chunk.records() {
                if record.origin.transport != Transport::Relp || &*record.origin.source != source {
                    continue;
                }
                let Some(sender) = &record.origin.peer else { continue };
                if senders.len() == SENDERS && !senders.contains_key(sender) {
                    continue;
                }
                push(senders.entry(Arc::clone(sender)).or_default(), memory.hasher.hash_one(record.raw));
            }
            recent.reuse(chunk);
        }
        let rows = senders.into_iter().map(|(sender, row)| (sender, VecDeque::from([Arc::new(Mutex::new(row))])));
        *memory.senders.lock().expect("no code panics while it holds this lock") = rows.collect();
        Ok(memory)
    }

    /// A session begins.
    pub fn begin(self: &Arc<Self>, sender: &Arc<str>) -> Session {
        let own = Row::default();
        let mut senders = self.senders.lock().expect("no code panics while it holds this lock");
        if senders.len() == SENDERS && !senders.contains_key(sender) {
            let some = senders.keys().next().cloned();
            some.and_then(|some| senders.remove(&some));
        }
        let rows = senders.entry(Arc::clone(sender)).or_default();
        if rows.len() == SESSIONS {
            rows.pop_front();
        }
        let before = rows.iter().map(|row| row.lock().map(|row| Vec::from(row.clone())).unwrap_or_default());
        let before: Vec<_> = before.collect();
        rows.push_back(Arc::clone(&own));
        let at = before.iter().enumerate().flat_map(|(row, frames)| (0..frames.len()).map(move |at| (row, at)));
        let places = at.collect();
        Session { memory: Arc::clone(self), sender: Arc::clone(sender), own, before, places }
    }
}

fn push(row: &mut VecDeque<u64>, hash: u64) {
    if row.len() == FRAMES {
        row.pop_front();
    }
    row.push_back(hash);
}

/// A session's part of the memory.
pub(super) struct Session {
    memory: Arc<Memory>,
    sender: Arc<str>,
    own: Row,
    /// The rows that were there before this session.
    before: Vec<Vec<u64>>,
    /// Places in them where the next frame may stand, if it is one that was sent before. Empty: this is over.
    places: Vec<(usize, usize)>,
}

impl Session {
    /// A frame comes; true where it was journalled in a session before.
    pub fn has_seen(&mut self, data: &[u8]) -> bool {
        let hash = self.memory.hasher.hash_one(data);
        if let Ok(mut own) = self.own.lock() {
            push(&mut own, hash);
        }
        if self.places.is_empty() {
            return false;
        }
        let before = &self.before;
        self.places.retain_mut(|(row, at)| {
            let same = before[*row].get(*at) == Some(&hash);
            *at += 1;
            same
        });
        if self.places.is_empty() {
            self.before.clear();
        }
        !self.places.is_empty()
    }

    /// The sender closed the session: it has all answers and sends nothing again.
    pub fn close(&self) {
        let Ok(mut senders) = self.memory.senders.lock() else { return };
        if let Some(rows) = senders.get_mut(&self.sender) {
            rows.retain(|row| !Arc::ptr_eq(row, &self.own));
            if rows.is_empty() {
                senders.remove(&self.sender);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(session: &mut Session, frames: &[&str]) -> Vec<bool> {
        frames.iter().map(|frame| session.has_seen(frame.as_bytes())).collect()
    }

    fn memory() -> (Arc<Memory>, Arc<str>) {
        (Arc::default(), "192.0.2.1".into())
    }

    #[test]
    fn what_a_broken_session_journalled_is_known_again_up_to_the_first_new_record() {
        let (memory, sender) = memory();
        assert_eq!(send(&mut memory.begin(&sender), &["a", "b", "c"]), [false; 3]);
        let mut next = memory.begin(&sender);
        assert_eq!(send(&mut next, &["b", "c", "d", "b"]), [true, true, false, false]);
        drop(next);
        assert_eq!(send(&mut memory.begin(&sender), &["d", "b"]), [true, true], "a resend may be cut off too");
        assert_eq!(send(&mut memory.begin(&sender), &["x", "b"]), [false, false]);
    }

    #[test]
    fn a_session_that_was_closed_and_another_sender_are_nothing_to_compare_with() {
        let (memory, sender) = memory();
        let mut first = memory.begin(&sender);
        send(&mut first, &["a"]);
        assert_eq!(send(&mut memory.begin(&"192.0.2.2".into()), &["a"]), [false]);
        first.close();
        assert_eq!(send(&mut memory.begin(&sender), &["a"]), [false]);
    }

    #[test]
    fn a_session_that_has_not_noticed_its_end_counts_as_broken() {
        let (memory, sender) = memory();
        let mut half_open = memory.begin(&sender);
        send(&mut half_open, &["a", "b"]);
        assert_eq!(send(&mut memory.begin(&sender), &["b", "c"]), [true, false]);
    }

    #[test]
    fn the_memory_is_bounded() {
        let (memory, sender) = memory();
        for n in 0..10 {
            let mut session = memory.begin(&sender);
            for frame in 0..2 * FRAMES {
                assert!(!session.has_seen(format!("{n} {frame}").as_bytes()));
            }
        }
        for n in 0..2 * SENDERS {
            memory.begin(&format!("host {n}").into());
        }
        let senders = memory.senders.lock().unwrap();
        assert!(senders.len() <= SENDERS);
        let rows = senders.values().flatten();
        assert!(rows.clone().all(|row| row.lock().unwrap().len() <= FRAMES) && rows.count() <= SENDERS * SESSIONS);
    }
}
