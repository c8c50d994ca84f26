//! Silence as a finding: a host that used to talk and does not any more, or one kind of its records.
//!
//! A host of the inventory is due at its heartbeat. Any other host is watched once it has a rhythm: seen in at least
//! [`ESTABLISHED_HOURS`] different hours, it is due after the default limit or [`GAP_FACTOR`] times its own longest
//! gap, whichever is longer; until it has been known for longer than a week, its longest gap may be a weekend that has not
//! come yet ([`UNKNOWN_GAP`]). A record from the host clears the alert.
//!
//! A host's kind of record (what one format reads) is watched in the same way after a week, while the host itself talks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::finding::{Figures, fill};
use crate::{
    Alert, RuleRef, Severity, Status,
    alert::alert_id,
    duration::Duration,
    sigma::Rule,
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

/// As long a gap is expected of everybody outside the inventory who has not been known for [`GROWN_UP`]: a weekend.
pub const UNKNOWN_GAP: Duration = Duration::hours(72);
/// After so long a weekend has been seen.
pub const GROWN_UP: Duration = Duration::days(8);
/// A kind of record has a rhythm after records in this many different hours.
pub const ESTABLISHED_KIND_HOURS: u32 = 72;
/// A kind of record that has been silent for so long since it was told is gone; nobody waits for it any more.
pub const KIND_GONE: Duration = Duration::days(14);
/// Stands between host and format in the name of a kind of record.
pub const OF_KIND: char = '\u{1f}';

/// Whose silence it is.
#[derive(Clone, Debug)]
struct Manner {
    prefix: &'static str,
    established: u32,
    /// The rule, where it is about kinds of records.
    kinds: Option<Box<Rule>>,
}

impl Default for Manner {
    fn default() -> Self {
        Manner { prefix: "silence/", established: ESTABLISHED_HOURS, kinds: None }
    }
}

/// What is expected of a host, from the inventory or the policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Longest time without any record.
    pub limit: Duration,
    /// It stands in the inventory.
    pub listed: bool,
    /// Severity of its silence.
    pub severity: Severity,
    /// Nothing can be expected at the moment: the host of a kind of record is silent itself.
    pub excused: bool,
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
    /// When it was first heard.
    #[serde(default)]
    since: Option<Timestamp>,
}

/// The hosts and when they were last heard.
#[derive(Clone, Debug, Default)]
pub struct Silence {
    manner: Manner,
    hosts: HashMap<String, Host>,
    due: BTreeSet<(Timestamp, String)>,
    dirty: BTreeSet<String>,
    /// Hosts forgotten at [`MAX_HOSTS`].
    pub evicted: u64,
}

impl Silence {
    /// Watches kinds of records by this rule; names are a host and a format with [`OF_KIND`] in between.
    pub fn of_kinds(rule: &Rule) -> Silence {
        let kinds = Some(Box::new(rule.clone()));
        let manner = Manner { prefix: "kind/", established: ESTABLISHED_KIND_HOURS, kinds };
        Silence { manner, ..Silence::default() }
    }

    /// The rule reads otherwise from now on.
    pub fn set_rule(&mut self, rule: &Rule) {
        self.manner.kinds = Some(Box::new(rule.clone()));
    }

    /// When somebody was last heard.
    pub fn heard(&self, name: &str) -> Option<Timestamp> {
        self.hosts.get(name).map(|host| host.last)
    }

    /// For so long nobody was listening: it counts as silence of nobody.
    pub fn shift(&mut self, by: SignedDuration) {
        let later = |at: Timestamp| at.saturating_add(by).unwrap_or(Timestamp::MAX);
        for (name, host) in self.hosts.iter_mut().filter(|(_, host)| host.alert.is_none()) {
            host.last = later(host.last);
            self.dirty.insert(name.clone());
        }
        let due = std::mem::take(&mut self.due).into_iter();
        self.due = due.map(|(at, name)| (on_grid(later(at)), name)).collect();
    }

    /// A person gave an alert another status, which it keeps until it clears.
    pub fn set_status(&mut self, id: &str, status: Status) {
        for (name, host) in &mut self.hosts {
            if let Some(alert) = host.alert.as_mut().filter(|alert| alert.id == id) {
                alert.status = status;
                self.dirty.insert(name.clone());
            }
        }
    }

    /// Notes that hosts of the inventory are expected, from this time on, though they have not spoken yet.
    pub fn expect(&mut self, name: &str, now: Timestamp, expectation: &Expectation) {
        if !self.hosts.contains_key(name) {
            self.hosts.insert(name.to_owned(), Host { last: now, gap: 0, hours: 0, alert: None, since: Some(now) });
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
                    (host.hours + (hour(seen.last) - hour(host.last)).clamp(0, 1) as u32).min(ESTABLISHED_KIND_HOURS);
                host.last = host.last.max(seen.last);
                if let Some(mut alert) = host.alert.take() {
                    alert.cleared = Some(now);
                    out.push(*alert);
                    self.due.retain(|(_, waiting)| waiting != name);
                    self.arm(name, expectation);
                }
            }
            None => {
                self.make_room();
                self.hosts.insert(
                    name.to_owned(),
                    Host { last: seen.last, gap: 0, hours: 1, alert: None, since: Some(seen.first) },
                );
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
            false => {
                let known = host.since.map_or(i64::MAX, |since| host.last.duration_since(since).as_secs());
                let gap = if known < GROWN_UP.as_seconds() { UNKNOWN_GAP } else { Duration::default() };
                expectation.limit.max(Duration::seconds(host.gap * GAP_FACTOR)).max(gap)
            }
        }
    }

    /// Whether somebody outside the inventory has a rhythm at all.
    fn has_rhythm(&self, host: &Host) -> bool {
        let known = host.since.map_or(i64::MAX, |since| host.last.duration_since(since).as_secs());
        host.hours >= self.manner.established && (self.manner.kinds.is_none() || known >= GROWN_UP.as_seconds())
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
            let Some(host) = self.hosts.get(&name) else { continue };
            let expectation = expect(&name);
            if host.alert.is_some() {
                self.give_up(name, now, out);
                continue;
            }
            if !expectation.listed && !self.has_rhythm(host) {
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
            if due > now || expectation.excused {
                self.due.insert((on_grid(due.max(Duration::hours(1).after(now))), name));
                continue;
            }
            let alert = match &self.manner.kinds {
                None => raise(&name, host, &expectation, now),
                Some(rule) => raise_kind(rule, &name, host, &expectation, now),
            };
            if self.manner.kinds.is_some() {
                self.due.insert((on_grid(KIND_GONE.after(now)), name.clone()));
            }
            out.push(alert.clone());
            if let Some(host) = self.hosts.get_mut(&name) {
                host.alert = Some(Box::new(alert));
            }
            self.dirty.insert(name);
        }
    }

    /// What was told long ago and never came again is gone, not silent.
    fn give_up(&mut self, name: String, now: Timestamp, out: &mut Vec<Alert>) {
        if let Some(mut alert) = self.hosts.remove(&name).and_then(|host| host.alert) {
            alert.cleared = Some(now);
            out.push(*alert);
        }
        self.dirty.insert(name);
    }

    /// Who is silent now, and since when.
    pub fn silent(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.hosts.iter().filter(|(_, h)| h.alert.is_some()).map(|(name, h)| (name.as_str(), h.last))
    }

    /// Rows that changed since the last checkpoint.
    pub fn checkpoint(&mut self) -> StateRows {
        let row = |name: &String| {
            (
                format!("{}{name}", self.manner.prefix),
                self.hosts.get(name).and_then(|host| serde_json::to_vec(host).ok()),
            )
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
            let (Some(name), Ok(host)) = (key.strip_prefix(self.manner.prefix), serde_json::from_slice::<Host>(value))
            else {
                continue;
            };
            let told = host.alert.as_ref().map(|alert| alert.raised);
            self.hosts.insert(name.to_owned(), host);
            match told {
                None => self.arm(name, &expect(name)),
                Some(raised) if self.manner.kinds.is_some() => {
                    self.due.insert((on_grid(KIND_GONE.after(raised)), name.to_owned()));
                }
                Some(_) => {}
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

fn raise_kind(rule: &Rule, name: &str, host: &Host, expectation: &Expectation, now: Timestamp) -> Alert {
    let (of, format) = name.split_once(OF_KIND).unwrap_or((name, ""));
    let told = raise(of, host, expectation, now);
    let key = BTreeMap::from([("host.name".to_owned(), of.to_owned()), ("format".to_owned(), format.to_owned())]);
    let quiet = span(now.duration_since(host.last));
    let limit = span(SignedDuration::from_secs(Silence::limit(host, expectation).as_seconds()));
    let sentence = match rule.roundsman.why.as_str() {
        "" => "No {format} record from {host.name} for {quiet}; it may be quiet for {limit} at most.",
        own => own,
    };
    let fields = [("host.name", of), ("format", format), ("quiet", &quiet), ("limit", &limit)];
    Alert {
        id: alert_id(&rule.id, &key, &host.last.to_string()),
        rule: RuleRef { id: rule.id.clone(), name: rule.title.clone(), tags: rule.tags.clone() },
        severity: rule.level.unwrap_or(Severity::Low),
        title: format!("{} ({of}, {format})", rule.title),
        key,
        why: fill(sentence, &Figures::default(), &fields),
        next: rule.roundsman.next.clone(),
        ..told
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

    const LISTED: Expectation =
        Expectation { limit: Duration::hours(4), listed: true, severity: Severity::Medium, excused: false };
    const STRANGER: Expectation =
        Expectation { limit: Duration::hours(24), listed: false, severity: Severity::Medium, excused: false };

    fn speak(silence: &mut Silence, name: &str, hours: impl Iterator<Item = i64>, out: &mut Vec<Alert>) {
        for hour in hours {
            let now = at("2026-11-02T00:00:00Z") + SignedDuration::from_hours(hour);
            while let Some(due) = silence.next_due().filter(|due| *due <= now) {
                silence.tick(due, |_| STRANGER, out);
            }
            silence.absorb(name, Seen { first: now, last: now, lines: 1, unknown: 0 }, now, &STRANGER, out);
        }
    }

    #[test]
    fn a_desk_machine_that_first_goes_home_for_a_weekend_is_no_finding() {
        let (mut silence, mut out) = (Silence::default(), Vec::new());
        let working = (0..4 * 7).filter(|day| day % 7 < 5).flat_map(|day| (8..18).map(move |hour| day * 24 + hour));
        speak(&mut silence, "desk7", working, &mut out);
        assert_eq!(out, []);
    }

    #[test]
    fn a_time_in_which_nobody_listened_is_nobodys_silence() {
        let (mut silence, mut out) = (Silence::default(), Vec::new());
        silence.absorb("web1", seen("2026-11-22T10:00:00Z"), at("2026-11-22T10:00:00Z"), &LISTED, &mut out);
        silence.shift(SignedDuration::from_hours(9));
        silence.tick(at("2026-11-22T20:00:00Z"), |_| LISTED, &mut out);
        assert!(out.is_empty());
        silence.tick(at("2026-11-22T23:01:00Z"), |_| LISTED, &mut out);
        assert_eq!(out.len(), 1);
    }

    #[test]
    fn a_kind_of_record_that_stops_is_told_while_its_host_talks_and_given_up_later() {
        let text = "title: gone\ntype: anomaly\nanomaly: {kind: silence}\nlevel: low\n";
        let file = crate::sigma::RuleFile { path: "a.yml".into(), text: text.into() };
        let (rules, _) = crate::sigma::RuleSet::load(&[file], &Default::default());
        let (mut silence, mut out) = (Silence::of_kinds(rules.rule(0)), Vec::new());
        speak(&mut silence, "web1\u{1f}auditd", 0..10 * 24, &mut out);
        let excused = Expectation { excused: true, ..STRANGER };
        silence.tick(at("2026-11-14T00:00:00Z"), |_| excused.clone(), &mut out);
        assert!(out.is_empty(), "the host itself is silent");
        silence.tick(at("2026-11-14T02:00:00Z"), |_| STRANGER, &mut out);
        assert_eq!(out.len(), 1);
        let why = "No auditd record from web1 for 2 d 3 h; it may be quiet for 1 d at most.";
        assert_eq!((out[0].why.as_str(), out[0].severity), (why, Severity::Low));
        silence.tick(at("2026-11-29T00:00:00Z"), |_| STRANGER, &mut out);
        assert!(out.len() == 2 && out[1].cleared.is_some());
        assert_eq!(silence.next_due(), None);
    }

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
