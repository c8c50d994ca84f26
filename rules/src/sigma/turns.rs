//! Alert ids: which alert of its rule, its key and its week one is.
//!
//! The first record that comes need not be the first that happened, and a late one must not change an id that people
//! and channels have seen. So the id counts: the first alert of a rule and key whose records begin in a week, the second,
//! and so on. Weeks begin on Mondays at 00:00 UTC, so that a replay of one week finds the ids that `run` gave. Only
//! where an alert begins within the allowed lateness of that moment can the order of arrival decide its week.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::{
    hash::Hash,
    instant::{Nanos, SECOND},
    quote::Quote,
    reading::Key,
    window::Sighting,
};
use crate::{Evidence, alert::alert_id};

/// Most rules and keys whose count is remembered. Where more speak within [`KEPT`], ids of the others hold their first
/// record.
const MAX_COUNTS: usize = 100_000;

/// How long a count is remembered after it was last needed: two weeks of receive time.
const KEPT: Nanos = 14 * 86_400 * SECOND;

const WEEK: Nanos = 7 * 86_400 * SECOND;

/// From Monday 1969-12-29 to 1970-01-01.
const MONDAY: Nanos = 3 * 86_400 * SECOND;

/// How many alerts each rule and key has had in a week.
#[derive(Debug, Default)]
pub(super) struct Turns {
    counts: BTreeMap<u64, Turn>,
    /// By the time at which each was last needed; an entry may be early.
    order: VecDeque<(Nanos, u64)>,
    /// Hashes whose row has changed since the last checkpoint.
    changed: BTreeSet<u64>,
}

/// One count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Turn {
    count: u32,
    touched: Nanos,
}

impl Turns {
    /// The id of the next alert of this rule and key that begins with this match.
    pub fn id(&mut self, rule: &str, key: &Key, first: &Sighting, now: Nanos) -> String {
        let week = first.at.saturating_add(MONDAY).div_euclid(WEEK);
        let named =
            key.iter().fold(Hash::of(rule), |hash, (name, value)| hash.with(name.as_bytes()).with(value.as_bytes()));
        let hash = named.with(&week.to_le_bytes()).finish();
        if !self.counts.contains_key(&hash) && self.counts.len() >= MAX_COUNTS {
            let record = match &first.quote {
                Quote::Event(event) => Evidence::of(event).id,
                Quote::Note(note) => note.evidence.id.clone(),
                Quote::Nothing => first.at.to_string(),
            };
            return alert_id(rule, key, &record);
        }
        let turn = self.counts.entry(hash).or_insert_with(|| {
            self.order.push_back((now, hash));
            Turn { count: 0, touched: now }
        });
        turn.count += 1;
        turn.touched = turn.touched.max(now);
        self.changed.insert(hash);
        alert_id(rule, key, &format!("{week}/{}", turn.count))
    }

    /// Forgets counts that were not needed for long.
    pub fn forget(&mut self, now: Nanos) {
        while let Some((at, hash)) = self.order.front().copied()
            && now.saturating_sub(at) > KEPT
        {
            self.order.pop_front();
            match self.counts.get(&hash) {
                Some(turn) if now.saturating_sub(turn.touched) <= KEPT => self.order.push_back((turn.touched, hash)),
                _ => {
                    self.counts.remove(&hash);
                    self.changed.insert(hash);
                }
            }
        }
    }

    /// The counts that have changed since the last call, `None` for those that are forgotten.
    pub fn take_changed(&mut self) -> impl Iterator<Item = (u64, Option<Turn>)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().map(|hash| (hash, self.counts.get(&hash).copied()))
    }

    /// Takes up what checkpoints have stored.
    pub fn restore(&mut self, mut turns: Vec<(u64, Turn)>) {
        turns.sort_by_key(|(hash, turn)| (turn.touched, *hash));
        self.order.extend(turns.iter().map(|(hash, turn)| (turn.touched, *hash)));
        self.counts.extend(turns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(turns: &mut Turns, rule: &str, second: i64) -> String {
        let first = Sighting { at: second * SECOND, tag: 0, record: 1, leaf: 0, bytes: 0, quote: Quote::Nothing };
        turns.id(rule, &Key::new(), &first, second * SECOND)
    }

    #[test]
    fn each_alert_of_a_week_has_its_own_id_whenever_it_began() {
        let (mut one, mut other) = (Turns::default(), Turns::default());
        let monday = 1_763_942_400;
        let first = id(&mut one, "r", monday);
        assert_eq!(first, id(&mut other, "r", monday + 599), "the same alert, seen in another order");
        assert_ne!(first, id(&mut other, "q", monday), "another rule");
        let second = id(&mut one, "r", monday + 7_200);
        assert_ne!(first, second);
        assert_eq!(second, id(&mut other, "r", monday + 7_201));
        assert_ne!(first, id(&mut Turns::default(), "r", monday - 1), "another week");
    }

    #[test]
    fn counts_are_forgotten_after_two_weeks() {
        let mut turns = Turns::default();
        let first = id(&mut turns, "r", 1_000_000);
        turns.forget((1_000_000 + 13 * 86_400) * SECOND);
        assert_ne!(id(&mut turns, "r", 1_000_001), first);
        turns.forget((1_000_000 + 40 * 86_400) * SECOND);
        assert!(turns.counts.is_empty() && turns.order.is_empty());
    }
}
