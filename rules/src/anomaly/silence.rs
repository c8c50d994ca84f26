//! Silence as a finding: a host that used to talk and does not any more.
//!
//! A host of the inventory is due at its heartbeat. Any other host is watched once it has a rhythm: seen in at least
//! [`ESTABLISHED_HOURS`] different hours, it is due after the default limit or [`GAP_FACTOR`] times its own longest
//! gap, whichever is longer. A record from the host clears the alert.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Alert, RuleRef, Severity, Status,
    alert::alert_id,
    duration::Duration,
    stage::{StateRows, on_grid},
};

/// Rule id of silence alerts.
pub const RULE: &str = "6b1f3a52-0d1c-4c55-9d1e-2f7a64b0c001";
/// Most hosts watched; beyond it, the host that has been quiet longest is forgotten and counted.
pub const MAX_HOSTS: usize = 100_000;
/// A host outside the inventory has a rhythm after records in this many different hours.
pub const ESTABLISHED_HOURS: u32 = 24;
/// A host outside the inventory may be quiet this many times its own longest gap.
pub const GAP_FACTOR: i64 = 4;

const PREFIX: &str = "silence/";

/// What is expected of a host, from the inventory or the policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Longest time without any record.
    pub limit: Duration,
    /// It stands in the inventory.
    pub listed: bool,
    /// Severity of its silence.
    pub severity: Severity,
}

/// Records of one host in a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Receive time of the first.
    pub first: Timestamp,
    /// Receive time of the last.
    pub last: Timestamp,
    /// How many.
    pub lines: u64,
    /// How many of them no format understood.
    pub unknown: u64,
}

impl Seen {
    /// Adds records of the same host.
    pub fn add(&mut self, other: Seen) {
        *self = self.and(other);
    }

    /// Both together.
    pub fn and(self, other: Seen) -> Seen {
        Seen {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            lines: self.lines + other.lines,
            unknown: self.unknown + other.unknown,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Host {
    last: Timestamp,
    /// Longest gap between two records, in seconds.
    gap: i64,
    /// Different hours with a record, counted up to [`ESTABLISHED_HOURS`].
    hours: u32,
    alert: Option<Box<Alert>>,
}

/// The hosts and when they were last heard.
#[derive(Clone, Debug, Default)]
pub struct Silence {
    hosts: HashMap<String, Host>,
    due: BTreeSet<(Timestamp, String)>,
    dirty: BTreeSet<String>,
    /// Hosts forgotten at [`MAX_HOSTS`].
    pub evicted: u64,
}

impl Silence {
    /// Notes that hosts of the inventory are expected, from this time on, though they have not spoken yet.
    pub fn expect(&mut self, name: &str, now: Timestamp, expectation: &Expectation) {
        if !self.hosts.contains_key(name) {
            self.hosts.insert(name.to_owned(), Host { last: now, gap: 0, hours: 0, alert: None });
            self.arm(name, expectation);
        }
    }

    /// Takes in which hosts spoke in a batch.
    pub fn absorb(&mut self, name: &str, seen: Seen, now: Timestamp, expectation: &Expectation, out: &mut Vec<Alert>) {
        let hour = |t: Timestamp| t.as_second().div_euclid(3600);
        match self.hosts.get_mut(name) {
            Some(host) => {
                host.gap = host.gap.max(seen.first.as_second() - host.last.as_second());
                host.hours =
                    (host.hours + (hour(seen.last) - hour(host.last)).clamp(0, 1) as u32).min(ESTABLISHED_HOURS);
                host.last = host.last.max(seen.last);
                if let Some(mut alert) = host.alert.take() {
                    alert.cleared = Some(now);
                    out.push(*alert);
                    self.arm(name, expectation);
                }
            }
            None => {
                self.make_room();
                self.hosts.insert(name.to_owned(), Host { last: seen.last, gap: 0, hours: 1, alert: None });
                self.arm(name, expectation);
            }
        }
        self.dirty.insert(name.to_owned());
    }

    fn make_room(&mut self) {
        if self.hosts.len() < MAX_HOSTS {
            return;
        }
        if let Some((_, name)) = self.due.pop_first() {
            self.hosts.remove(&name);
            self.dirty.insert(name);
            self.evicted += 1;
        }
    }

    fn limit(host: &Host, expectation: &Expectation) -> Duration {
        match expectation.listed {
            true => expectation.limit,
            false => expectation.limit.max(Duration::seconds(host.gap * GAP_FACTOR)),
        }
    }

    fn arm(&mut self, name: &str, expectation: &Expectation) {
        let host = &self.hosts[name];
        let due = on_grid(Self::limit(host, expectation).after(host.last));
        self.due.insert((due, name.to_owned()));
        self.dirty.insert(name.to_owned());
    }

    /// When somebody may next be overdue.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Raises the silence of everyone who is overdue now.
    pub fn tick(&mut self, now: Timestamp, expect: impl Fn(&str) -> Expectation, out: &mut Vec<Alert>) {
        while self.due.first().is_some_and(|(at, _)| *at <= now) {
            let (_, name) = self.due.pop_first().expect("looked at");
            let Some(host) = self.hosts.get_mut(&name) else { continue };
            let expectation = expect(&name);
            if !expectation.listed && host.hours < ESTABLISHED_HOURS {
                // without a rhythm, it is forgotten until it speaks again
                let due = on_grid(expectation.limit.max(Duration::hours(1)).after(now));
                match now.duration_since(host.last) > SignedDuration::from_hours(24 * 7) {
                    true => drop(self.hosts.remove(&name)),
                    false => drop(self.due.insert((due, name.clone()))),
                }
                self.dirty.insert(name);
                continue;
            }
            let due = Self::limit(host, &expectation).after(host.last);
            if due > now {
                self.due.insert((on_grid(due), name));
                continue;
            }
            let alert = raise(&name, host, &expectation, now);
            host.alert = Some(Box::new(alert.clone()));
            out.push(alert);
            self.dirty.insert(name);
        }
    }

    /// Who is silent now, and since when.
    pub fn silent(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.hosts.iter().filter(|(_, h)| h.alert.is_some()).map(|(name, h)| (name.as_str(), h.last))
    }

    /// Rows that changed since the last checkpoint.
    pub fn checkpoint(&mut self) -> StateRows {
        let row = |name: &String| {
            (format!("{PREFIX}{name}"), self.hosts.get(name).and_then(|host| serde_json::to_vec(host).ok()))
        };
        let rows = self.dirty.iter().map(row).collect();
        self.dirty.clear();
        rows
    }

    /// Takes back the rows of a checkpoint; rows of others are left alone.
    pub fn restore<'a>(
        &mut self,
        rows: impl Iterator<Item = (&'a str, &'a [u8])>,
        expect: impl Fn(&str) -> Expectation,
    ) {
        for (key, value) in rows {
            let (Some(name), Ok(host)) = (key.strip_prefix(PREFIX), serde_json::from_slice::<Host>(value)) else {
                continue;
            };
            let silent = host.alert.is_some();
            self.hosts.insert(name.to_owned(), host);
            if !silent {
                self.arm(name, &expect(name));
            }
        }
        self.dirty.clear();
    }
}

fn raise(name: &str, host: &Host, expectation: &Expectation, now: Timestamp) -> Alert {
    let key = BTreeMap::from([("host.name".to_owned(), name.to_owned())]);
    let quiet = now.duration_since(host.last);
    Alert {
        kind: "alert".into(),
        id: alert_id(RULE, &key, &host.last.to_string()),
        rule: RuleRef { id: RULE.into(), name: "Host went silent".into(), tags: vec!["attack.t1562".into()] },
        severity: expectation.severity,
        status: Status::New,
        title: format!("{name} went silent"),
        key,
        hosts: vec![name.to_owned()],
        count: 1,
        first: host.last,
        last: host.last,
        raised: now,
        cleared: None,
        case: None,
        evidence: Vec::new(),
        why: format!(
            "No record from {name} for {}; it may be quiet for {} at most.",
            span(quiet),
            span(SignedDuration::from_secs(Silence::limit(host, expectation).as_seconds()))
        ),
        next: format!(
            "See whether {name} runs and whether its forwarder reaches us; until then nothing is known of it."
        ),
    }
}

/// A duration as a person says it: the two largest units.
fn span(duration: SignedDuration) -> String {
    let minutes = duration.as_mins();
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, m) => format!("{m} min"),
        (0, h, 0) => format!("{h} h"),
        (0, h, m) => format!("{h} h {m} min"),
        (d, 0, _) => format!("{d} d"),
        (d, h, _) => format!("{d} d {h} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn seen(text: &str) -> Seen {
        Seen { first: at(text), last: at(text), lines: 1, unknown: 0 }
    }

    const LISTED: Expectation = Expectation { limit: Duration::hours(4), listed: true, severity: Severity::Medium };
    const STRANGER: Expectation = Expectation { limit: Duration::hours(24), listed: false, severity: Severity::Medium };

    #[test]
    fn a_listed_host_is_silent_after_its_heartbeat_and_a_record_clears_it() {
        let (mut silence, mut out) = (Silence::default(), Vec::new());
        silence.absorb("web1", seen("2026-11-22T10:00:30Z"), at("2026-11-22T10:00:30Z"), &LISTED, &mut out);
        assert_eq!(silence.next_due(), Some(at("2026-11-22T14:01:00Z")));
        silence.tick(at("2026-11-22T14:00:00Z"), |_| LISTED, &mut out);
        assert!(out.is_empty());
        silence.tick(at("2026-11-22T14:01:00Z"), |_| LISTED, &mut out);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].why, "No record from web1 for 4 h; it may be quiet for 4 h at most.");
        silence.tick(at("2026-11-23T14:01:00Z"), |_| LISTED, &mut out);
        assert_eq!(out.len(), 1, "one alert until it clears");
        silence.absorb("web1", seen("2026-11-23T15:00:00Z"), at("2026-11-23T15:00:00Z"), &LISTED, &mut out);
        assert_eq!((out.len(), out[1].cleared, &out[1].id), (2, Some(at("2026-11-23T15:00:00Z")), &out[0].id));
    }

    #[test]
    fn a_host_that_never_had_a_rhythm_is_no_finding() {
        let (mut silence, mut out) = (Silence::default(), Vec::new());
        silence.absorb("laptop", seen("2026-11-17T03:00:00Z"), at("2026-11-17T03:00:00Z"), &STRANGER, &mut out);
        silence.absorb("laptop", seen("2026-11-18T03:00:00Z"), at("2026-11-18T03:00:00Z"), &STRANGER, &mut out);
        while let Some(due) = silence.next_due().filter(|d| *d < at("2026-12-24T00:00:00Z")) {
            silence.tick(due, |_| STRANGER, &mut out);
        }
        assert!(out.is_empty());
    }

    #[test]
    fn a_restart_between_any_two_records_changes_nothing() {
        let hours: Vec<String> = (0..60).map(|h| format!("2026-11-{:02}T{:02}:10:00Z", 17 + h / 24, h % 24)).collect();
        let end = at("2026-11-25T00:00:00Z");
        let run = |restart_at: Option<usize>| {
            let (mut silence, mut out, mut rows) = (Silence::default(), Vec::new(), BTreeMap::new());
            for (i, hour) in hours.iter().enumerate() {
                silence.absorb("db1", seen(hour), at(hour), &STRANGER, &mut out);
                rows.extend(silence.checkpoint());
                if restart_at == Some(i) {
                    silence = Silence::default();
                    let kept = rows.iter().filter_map(|(k, v)| Some((k.as_str(), v.as_deref()?)));
                    silence.restore(kept, |_| STRANGER);
                }
            }
            while let Some(due) = silence.next_due().filter(|d| *d < end) {
                silence.tick(due, |_| STRANGER, &mut out);
            }
            out
        };
        let whole = run(None);
        assert_eq!(whole.len(), 1);
        for restart in 0..hours.len() {
            assert_eq!(run(Some(restart)), whole);
        }
    }
}
