//! What of a matching event goes into keys, counts and sentences.

use std::{borrow::Cow, collections::BTreeMap};

use roundsman_ingest::{
    Event,
    field::{self, Field},
};

use super::{
    correlation::{Correlation, Kind},
    figure::tag_of,
    hash::Hash,
    rule::Rule,
    set::RuleSet,
    taxonomy,
    window::Values,
    wording::Wording,
};

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

    /// The names that lie in this part of the row of names, with the event's values.
    fn part<'e>(
        &'e self,
        leaf: u32,
        event: &'e Event<'_>,
        skip: usize,
        take: usize,
    ) -> impl Iterator<Item = Option<Cow<'e, str>>> {
        let fields = self.by_leaf.get(&leaf).map_or(&[][..], Vec::as_slice);
        fields.iter().skip(skip).take(take).map(|candidates| value(event, candidates))
    }

    /// The group's hash, begun with `seed`. `None` where a group is asked for and the event has none of its fields.
    pub fn group(&self, leaf: u32, event: &Event<'_>, seed: Hash) -> Option<u64> {
        let (mut hash, mut any) = (seed, self.group.is_empty());
        for value in self.part(leaf, event, 0, self.group.len()) {
            any |= value.is_some();
            hash = value.map_or(hash.without(), |value| hash.with(value.as_bytes()));
        }
        any.then(|| hash.finish())
    }

    /// The group's values.
    pub fn values(&self, leaf: u32, event: &Event<'_>) -> Values {
        self.part(leaf, event, 0, self.group.len()).map(|value| value.map(Box::from)).collect()
    }

    /// The group as an alert names it.
    pub fn key(&self, values: &Values) -> Key {
        let named = self.group.iter().zip(values);
        named.filter_map(|(name, value)| Some((name.clone(), value.as_deref()?.to_owned()))).collect()
    }

    /// What is counted of the event: a field's value, else `tag`. `None` where the event has nothing to count.
    pub fn tag(&self, leaf: u32, event: &Event<'_>, tag: u64) -> Option<u64> {
        if self.counted.is_empty() {
            return Some(tag);
        }
        if self.numbers {
            let number = self.part(leaf, event, self.group.len(), 1).next().flatten()?.trim().parse().ok();
            return number.filter(|number: &f64| number.is_finite()).map(tag_of);
        }
        let (mut hash, mut any) = (Hash::of(""), false);
        for value in self.part(leaf, event, self.group.len(), self.counted.len()) {
            any |= value.is_some();
            hash = value.map_or(hash.without(), |value| hash.with(value.as_bytes()));
        }
        any.then(|| hash.finish())
    }

    /// The assets that the event is about, by the names that it gives them: those of the rule's fields, else its host.
    pub fn hosts<'e>(&'e self, leaf: u32, event: &'e Event<'_>) -> impl Iterator<Item = Cow<'e, str>> {
        let mut named =
            self.part(leaf, event, self.group.len() + self.counted.len(), self.hosts.len()).flatten().peekable();
        let own = if named.peek().is_none() { event.host() } else { None };
        named.chain(own)
    }

    /// Values of the fields that the rule's sentence names.
    pub fn seen<'e>(&'e self, leaf: u32, event: &'e Event<'_>) -> impl Iterator<Item = Option<Cow<'e, str>>> {
        let before = self.group.len() + self.counted.len() + self.hosts.len();
        self.part(leaf, event, before, self.seen.len())
    }

    /// How many fields the rule's sentence names.
    pub fn seen_fields(&self) -> usize {
        self.seen.len()
    }
}

/// The detection rules whose events reach this rule.
pub(super) fn leaves(rules: &RuleSet, number: u32) -> Vec<u32> {
    match rules.correlations.iter().find(|c| c.rule == number) {
        None => vec![number],
        Some(correlation) => correlation.rules.iter().flat_map(|&rule| leaves(rules, rule)).collect(),
    }
}

fn value<'e>(event: &'e Event, candidates: &[Field]) -> Option<Cow<'e, str>> {
    let own = |&field: &Field| if field == field::HOST_NAME { event.host() } else { event.text(field) };
    candidates.iter().find_map(own).filter(|value| !value.is_empty())
}
