//! What of a matching event goes into keys, counts and sentences.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use roundsman_ingest::{
    Event,
    field::{self, Field},
};

use super::{
    correlation::{Correlation, Kind},
    figure::tag_of,
    rule::Rule,
    set::RuleSet,
    taxonomy,
    window::Sighting,
    wording::Wording,
};
use crate::{Evidence, alert::value_hash};

/// What an alert is about where its rule does not say: as much of this as is known.
const DEFAULT_KEY: [&str; 3] = ["host.name", "user.name", "source.ip"];

/// The fields that a rule's alerts need, resolved for each rule whose events come to it.
#[derive(Debug)]
pub(super) struct Reading {
    group: Vec<String>,
    counted: Vec<String>,
    /// What is counted is the number itself.
    numbers: bool,
    hosts: Vec<String>,
    seen: Vec<String>,
    /// For each detection rule, the candidates of all names above, in this order.
    by_leaf: BTreeMap<u32, Vec<Box<[Field]>>>,
}

/// A matching event, as all rules that it matches need it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'s> {
    pub event: &'s Event<'s>,
    pub evidence: &'s Arc<Evidence>,
    /// Its number among the events that the rules have taken up.
    pub record: u64,
    /// An asset's name for a host's own name.
    pub name_of: &'s dyn Fn(&str) -> String,
}

/// A key: field names and values.
pub(super) type Key = BTreeMap<String, String>;

impl Reading {
    /// For a detection rule that raises alerts of its own.
    pub fn of_detection(rules: &RuleSet, number: u32, why: &Wording) -> Reading {
        let rule = rules.rule(number);
        let group = match rule.roundsman.group_by.as_slice() {
            [] => DEFAULT_KEY.map(String::from).into(),
            names => names.to_vec(),
        };
        let mut reading = Reading::with(group, Vec::new(), rule, why);
        reading.add_leaf(rules, number, BTreeMap::new());
        reading
    }

    /// For a correlation.
    pub fn of_correlation(rules: &RuleSet, correlation: &Correlation, why: &Wording) -> Reading {
        let rule = rules.rule(correlation.rule);
        let mut reading = Reading::with(correlation.group_by.clone(), correlation.kind.fields(), rule, why);
        reading.numbers = matches!(correlation.kind, Kind::Value(..));
        for &direct in &correlation.rules {
            for leaf in leaves(rules, direct) {
                let aliases = correlation.aliases.iter().filter(|(_, rule, _)| *rule == direct || *rule == leaf);
                reading.add_leaf(
                    rules,
                    leaf,
                    aliases.map(|(alias, _, field)| (alias.as_str(), field.as_str())).collect(),
                );
            }
        }
        reading
    }

    fn with(group: Vec<String>, counted: Vec<String>, rule: &Rule, why: &Wording) -> Reading {
        let hosts = rule.roundsman.hosts.clone();
        let seen = why.fields().into_iter().map(String::from).collect();
        Reading { group, counted, numbers: false, hosts, seen, by_leaf: BTreeMap::new() }
    }

    fn add_leaf(&mut self, rules: &RuleSet, leaf: u32, aliases: BTreeMap<&str, &str>) {
        let source = &rules.rule(leaf).logsource;
        let names = self.group.iter().chain(&self.counted).chain(&self.hosts).chain(&self.seen);
        let resolved = names.map(|name| {
            let name = aliases.get(name.as_str()).copied().unwrap_or(name);
            let names = taxonomy::candidates(&source.category, &source.product, &source.service, name);
            names.iter().filter_map(|name| Field::intern(name)).collect()
        });
        self.by_leaf.insert(leaf, resolved.collect());
    }

    /// The event's key and what is remembered of it. `tag` is what is counted where no field is; `None` if a key is
    /// asked for and the event has none of its fields.
    pub fn read(&self, leaf: u32, seen: &Seen, tag: u64) -> Option<(Key, Sighting)> {
        let event = seen.event;
        let fields = self.by_leaf.get(&leaf)?;
        let (group, rest) = fields.split_at(self.group.len());
        let (counted, rest) = rest.split_at(self.counted.len());
        let (hosts, noted) = rest.split_at(self.hosts.len());
        let named = self.group.iter().zip(group);
        let key: Key = named.filter_map(|(name, f)| Some((name.clone(), value(event, f)?.into_owned()))).collect();
        let tag = match counted {
            [] => tag,
            [field, ..] if self.numbers => tag_of(number(event, field)?),
            fields => hash_of(event, fields)?,
        };
        let mut about: Vec<String> =
            hosts.iter().filter_map(|f| value(event, f)).map(|host| (seen.name_of)(&host)).collect();
        if about.is_empty() {
            about.extend(event.host().map(|host| (seen.name_of)(&host)));
        }
        about.dedup();
        let sighting = Sighting {
            at: event.at(),
            tag,
            evidence: seen.evidence.clone(),
            record: seen.record,
            hosts: about,
            seen: noted.iter().map(|f| value(event, f).map(Cow::into_owned)).collect(),
        };
        Some((key, sighting))
    }

    /// Whether events without any of the key's fields are left out.
    pub fn has_group(&self) -> bool {
        !self.group.is_empty()
    }
}

/// The detection rules whose events reach this rule.
fn leaves(rules: &RuleSet, number: u32) -> Vec<u32> {
    match rules.correlations.iter().find(|c| c.rule == number) {
        None => vec![number],
        Some(correlation) => correlation.rules.iter().flat_map(|&rule| leaves(rules, rule)).collect(),
    }
}

fn value<'e>(event: &'e Event, candidates: &[Field]) -> Option<Cow<'e, str>> {
    let own = |&field: &Field| if field == field::HOST_NAME { event.host() } else { event.text(field) };
    candidates.iter().find_map(own).filter(|value| !value.is_empty())
}

/// The number in a field; `None` where it holds none.
fn number(event: &Event, candidates: &[Field]) -> Option<f64> {
    value(event, candidates)?.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// A hash of the counted values; `None` where the event has none of them.
fn hash_of(event: &Event, counted: &[Box<[Field]>]) -> Option<u64> {
    let values: Vec<Option<Cow<str>>> = counted.iter().map(|f| value(event, f)).collect();
    if values.iter().all(Option::is_none) {
        return None;
    }
    Some(value_hash(values.iter().map(|v| v.as_deref().unwrap_or_default().as_bytes())))
}
