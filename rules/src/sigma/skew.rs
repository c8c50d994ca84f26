//! Clocks that are behind: a host whose stamps are steadily late by more than the allowed lateness has a wrong clock or
//! a wrong zone, and would otherwise fall out of every window that it shares with others.
//!
//! (Stamps that lie ahead count as the receive time already: [`Event::at`](roundsman_ingest::Event::at).)

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::instant::{Nanos, SECOND};

/// How much the delay of a steady clock may vary.
const TOLERANCE: Nanos = 30 * SECOND;

/// For how long a delay must have been steady. Old records that are read at once have delays that shrink as fast as
/// their own time passes, so they are never taken for a wrong clock.
const STEADY_FOR: Nanos = 60 * SECOND;

/// How many records it takes.
const STEADY_RECORDS: u32 = 4;

/// Most hosts that are watched; more are taken at their word.
const MAX_HOSTS: usize = 10_000;

/// The delays of hosts that are late.
#[derive(Debug, Default)]
pub(super) struct Skews {
    hosts: BTreeMap<Box<str>, Delay>,
    /// Hosts whose row has changed since the last checkpoint.
    pub changed: BTreeSet<Box<str>>,
}

/// The delay of one host.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Delay {
    /// The shortest since it became steady.
    least: Nanos,
    /// When it became steady.
    since: Nanos,
    records: u32,
}

impl Skews {
    /// Where in time a record of this host takes its place: at its own time, moved by what its clock is behind.
    pub fn place(&mut self, host: &str, at: Nanos, now: Nanos, lateness: Nanos) -> Nanos {
        let delay = now.saturating_sub(at);
        if delay <= lateness {
            if !self.hosts.is_empty() && self.hosts.remove(host).is_some() {
                self.changed.insert(host.into());
            }
            return at;
        }
        if !self.hosts.contains_key(host) && self.hosts.len() >= MAX_HOSTS {
            return at;
        }
        let fresh = Delay { least: delay, since: now, records: 0 };
        let known = self.hosts.entry(host.into()).or_insert(fresh);
        if (delay - known.least).abs() > TOLERANCE {
            *known = fresh;
        }
        known.least = known.least.min(delay);
        known.records = known.records.saturating_add(1);
        let steady = known.records >= STEADY_RECORDS && now - known.since >= STEADY_FOR;
        let behind = if steady { known.least } else { 0 };
        self.changed.insert(host.into());
        at.saturating_add(behind)
    }

    /// What is known of a host.
    pub fn get(&self, host: &str) -> Option<&Delay> {
        self.hosts.get(host)
    }

    /// Takes up what a checkpoint has stored.
    pub fn restore(&mut self, host: &str, delay: Delay) {
        self.hosts.insert(host.into(), delay);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATENESS: Nanos = 600 * SECOND;

    #[test]
    fn a_clock_that_is_steadily_behind_is_set_right() {
        let mut skews = Skews::default();
        let zone = 5 * 3_600 * SECOND;
        let mut placed = Vec::new();
        for n in 0..10 {
            let now = n * 20 * SECOND;
            placed.push(now - skews.place("web1", now - zone - n * SECOND, now, LATENESS));
        }
        assert_eq!(placed[0], zone, "not at the first record");
        assert!(placed[5..].iter().all(|off| *off <= 10 * SECOND), "{placed:?}");
        assert_eq!(skews.place("web1", 300 * SECOND, 310 * SECOND, LATENESS), 300 * SECOND, "mended");
        assert!(skews.get("web1").is_none());
    }

    #[test]
    fn old_records_that_are_read_at_once_stay_where_they_are() {
        let mut skews = Skews::default();
        let now = 900_000 * SECOND;
        for n in 0..1_000 {
            let (at, now) = (n * SECOND, now + n * SECOND / 100);
            assert_eq!(skews.place("web1", at, now, LATENESS), at);
        }
    }
}
