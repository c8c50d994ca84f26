//! The open alerts of baselines: one per rule and key, which counts on until nothing unusual has come for a while.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    finding::{Figures, Finding, fill},
    sighting::SEPARATOR,
    spec::{Kind, Spec},
};
use crate::{
    Alert, Assets, Evidence, RuleRef, Severity, Status,
    alert::{MAX_EVIDENCE, alert_id},
    sigma::{ALLOWED_LATENESS, Rule},
};

/// Most open alerts of one rule; the one that would end first makes room.
pub(super) const MAX_OPEN: usize = 1_000;
/// How long an alert about something new waits for more of it.
const QUIET: SignedDuration = SignedDuration::from_hours(24);
/// Tags of assets that may connect everywhere: nothing that they do is unusual.
const ROVING: [&str; 2] = ["monitoring", "scanner"];

/// An alert that counts on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    pub alert: Alert,
    /// When it is over unless more comes.
    until: Timestamp,
    values: Vec<String>,
}

/// All open alerts, by rule id and key.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<(Box<str>, Box<str>), Told>,
    /// Whose row has changed since the last checkpoint.
    pub changed: BTreeSet<(Box<str>, Box<str>)>,
}

/// The fields of a key and their values.
pub(super) fn pairs<'k>(spec: &'k Spec, key: &'k str) -> Vec<(&'k str, &'k str)> {
    spec.by.iter().map(|column| &*column.name).zip(key.split(char::from(SEPARATOR))).collect()
}

impl Ledger {
    /// The open alert of a key.
    pub fn get(&self, rule: &str, key: &str) -> Option<&Told> {
        self.open.get(&(rule.into(), key.into()))
    }

    /// Whether an alert of a key counts on.
    pub fn is_open(&self, rule: &str, key: &str) -> bool {
        self.get(rule, key).is_some()
    }

    /// Every row is written at the next checkpoint.
    pub fn mark_all(&mut self) {
        self.changed.extend(self.open.keys().cloned());
    }

    /// Takes up an alert from a checkpoint.
    pub fn restore(&mut self, rule: &str, key: &str, told: Told) {
        self.open.insert((rule.into(), key.into()), told);
    }

    /// Takes up a finding: a new alert, or one that counts on.
    pub fn tell(
        &mut self,
        rule: &Rule,
        spec: &Spec,
        finding: Finding,
        assets: &Assets,
        now: Timestamp,
        out: &mut Vec<Alert>,
    ) {
        let fields = pairs(spec, &finding.key);
        let roams = |asset: &crate::Asset| asset.tags.iter().any(|tag| ROVING.contains(&&**tag));
        if fields.iter().filter_map(named(assets)).any(roams) {
            return;
        }
        let place = (rule.id.as_str().into(), finding.key.clone());
        self.make_room(&place, now, out);
        let told = self.open.entry(place.clone()).or_insert_with(|| raise(rule, &finding, &fields, now));
        told.count(rule, spec, &finding, &fields, assets);
        told.until = match spec.kind {
            Kind::FirstSeen | Kind::NewTemplate => now.saturating_add(QUIET).unwrap_or(Timestamp::MAX),
            // the next hour is judged by then
            _ => after_next_hour(finding.hour),
        };
        out.push(told.alert.clone());
        self.changed.insert(place);
    }

    fn make_room(&mut self, place: &(Box<str>, Box<str>), now: Timestamp, out: &mut Vec<Alert>) {
        if self.open.contains_key(place) {
            return;
        }
        let of_rule = || self.open.range((place.0.clone(), "".into())..).take_while(|((rule, _), _)| *rule == place.0);
        if of_rule().count() >= MAX_OPEN
            && let Some(first) = of_rule().min_by_key(|(_, told)| told.until).map(|(place, _)| place.clone())
        {
            self.clear(&first, now, out);
        }
    }

    fn clear(&mut self, place: &(Box<str>, Box<str>), now: Timestamp, out: &mut Vec<Alert>) {
        if let Some(mut told) = self.open.remove(place) {
            told.alert.cleared = Some(now);
            out.push(told.alert);
            self.changed.insert(place.clone());
        }
    }

    /// Clears what is over.
    pub fn tick(&mut self, now: Timestamp, out: &mut Vec<Alert>) {
        let over = self.open.iter().filter(|(_, told)| told.until <= now).map(|(place, _)| place.clone());
        for place in over.collect::<Vec<_>>() {
            self.clear(&place, now, out);
        }
    }

    /// When the next alert could be over.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.open.values().map(|told| told.until).min()
    }

    /// A person gave an alert another status. A closed one counts no further.
    pub fn set_status(&mut self, id: &str, status: Status, out: &mut Vec<Alert>) {
        let found = self.open.iter().find(|(_, told)| told.alert.id == id).map(|(place, _)| place.clone());
        let Some(place) = found else { return };
        if let Some(told) = self.open.get_mut(&place) {
            told.alert.status = status;
            out.push(told.alert.clone());
        }
        if status == Status::Closed {
            self.open.remove(&place);
        }
        self.changed.insert(place);
    }
}

/// The grid minute after the hour that follows this one was judged.
fn after_next_hour(hour: i64) -> Timestamp {
    let end = hour.saturating_add(2).saturating_mul(3_600) + ALLOWED_LATENESS.as_secs() + 60;
    Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
}

/// The names and values of what is new, where each value is one field.
fn value_pairs<'k>(spec: &'k Spec, values: &'k [String]) -> Vec<(&'k str, &'k str)> {
    let name = spec.value.first().filter(|_| spec.value.len() == 1).map(|column| &*column.name);
    name.into_iter().flat_map(|name| values.iter().map(move |value| (name, value.as_str()))).collect()
}

/// The asset that a field names.
fn named<'a>(assets: &'a Assets) -> impl Fn(&(&str, &str)) -> Option<&'a crate::Asset> {
    move |(name, value)| match *name {
        "host.name" | "source.ip" | "source.domain" => assets.resolve(value),
        _ => None,
    }
}

fn raise(rule: &Rule, finding: &Finding, fields: &[(&str, &str)], now: Timestamp) -> Told {
    let key: BTreeMap<String, String> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let values: Vec<&str> = fields.iter().map(|(_, value)| *value).collect();
    let alert = Alert {
        kind: "alert".into(),
        id: alert_id(&rule.id, &key, &finding.hour.to_string()),
        rule: RuleRef { id: rule.id.clone(), name: rule.title.clone(), tags: rule.tags.clone() },
        severity: rule.level.unwrap_or(Severity::Informational),
        status: Status::New,
        title: format!("{} ({})", rule.title, values.join(", ")),
        key,
        hosts: Vec::new(),
        count: 0,
        first: finding.first,
        last: finding.last,
        raised: now,
        cleared: None,
        case: None,
        evidence: Vec::new(),
        why: String::new(),
        next: rule.roundsman.next.clone(),
    };
    Told { alert, until: now, values: Vec::new() }
}

impl Told {
    fn count(&mut self, rule: &Rule, spec: &Spec, finding: &Finding, fields: &[(&str, &str)], assets: &Assets) {
        let alert = &mut self.alert;
        alert.count += finding.count;
        alert.first = alert.first.min(finding.first);
        alert.last = alert.last.max(finding.last);
        for value in &finding.figures.values {
            if !self.values.contains(value) && self.values.len() < MAX_OPEN {
                self.values.push(value.clone());
            }
        }
        let many = spec.kind == Kind::FirstSeen && spec.raise_at.is_some_and(|raise| self.values.len() as f64 >= raise);
        if finding.strong || many {
            alert.severity = alert.severity.max(rule.level.unwrap_or(Severity::Informational).raised());
        }
        for host in hosts(spec, finding, fields, assets) {
            if alert.hosts.len() < MAX_EVIDENCE && !alert.hosts.contains(&host) {
                alert.hosts.push(host);
            }
        }
        if let Some(evidence) = &finding.evidence {
            quote(&mut alert.evidence, evidence);
        }
        let figures = Figures { values: self.values.clone(), ..finding.figures.clone() };
        let sentence = match rule.roundsman.why.as_str() {
            "" => spec.kind.sentence(),
            own => own,
        };
        alert.why = fill(sentence, &figures, fields);
    }
}

/// The assets that it is about: those that key or values name, else the one that reported.
fn hosts(spec: &Spec, finding: &Finding, fields: &[(&str, &str)], assets: &Assets) -> Vec<String> {
    let values = value_pairs(spec, &finding.figures.values);
    let host = |pair: &&(&str, &str)| pair.0 == "host.name";
    let named: Vec<String> =
        fields.iter().chain(&values).filter(host).map(|(_, name)| assets.name(name).to_owned()).collect();
    match (named.is_empty(), &finding.evidence) {
        (true, Some(Evidence { host: Some(host), .. })) => vec![assets.name(host).to_owned()],
        _ => named,
    }
}

fn quote(evidence: &mut Vec<Evidence>, more: &Evidence) {
    if evidence.iter().any(|known| known.id == more.id) {
        return;
    }
    if evidence.len() == MAX_EVIDENCE {
        evidence.remove(MAX_EVIDENCE / 2);
    }
    evidence.push(more.clone());
}

impl Kind {
    /// The sentence where the rule has none.
    fn sentence(self) -> &'static str {
        match self {
            Kind::Rate => "{count} records of {key} in an hour; {usual}.",
            Kind::FanOut => "{count} different values for {key} in an hour; {usual}.",
            Kind::Volume => "{count} records of {key} in an hour; {usual}.",
            Kind::FirstSeen => "{values} for the first time for {key}: {usual}.",
            Kind::NewTemplate => "{key} wrote what it never wrote, `{values}`: {usual}.",
            Kind::Silence => "{key} does not come any more.",
        }
    }
}
