//! Exceptions: matches that an organisation knows to be harmless, with whose word stands for it and until when. Each
//! counts what it has suppressed, and from its end on it suppresses nothing.

use std::{borrow::Cow, collections::BTreeMap, net::IpAddr};

use ipnet::IpNet;
use jiff::Timestamp;
use roundsman_ingest::{
    Event,
    field::{self, Field},
};
use serde::{Deserialize, Serialize};

use super::{
    instant::{Nanos, nanos, timestamp},
    reading::leaves,
    set::RuleSet,
    taxonomy,
};

/// What is known to be harmless.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleException {
    /// Its name in lists and metrics.
    pub id: String,
    /// Ids or names of the rules whose matches it takes out. For a correlation, records that it excepts are not counted
    /// there; elsewhere they are.
    pub rules: Vec<String>,
    /// The fields, as Sigma or ECS names them, and the values of which each must hold one: text in which `*` stands for
    /// any, or a network in CIDR notation. Case does not matter.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Whose word stands for it.
    pub owner: String,
    /// Why it is harmless.
    pub reason: String,
    /// From here on it holds no more.
    pub expires: Timestamp,
}

/// How often an exception has suppressed a match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExceptionUse {
    /// How often.
    pub suppressed: u64,
    /// When it last did, in receive time.
    pub last: Option<Timestamp>,
}

/// The exceptions of a rule set, ready to be held against matches.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    all: Vec<Ready>,
    /// Places in `all`, by rule; empty where there is no exception at all.
    by_rule: Vec<Vec<usize>>,
}

#[derive(Debug)]
struct Ready {
    id: String,
    expires: Nanos,
    /// The values of each field, and for each detection rule the fields that may hold them.
    values: Vec<Vec<Pattern>>,
    fields: BTreeMap<u32, Vec<Box<[Field]>>>,
    used: ExceptionUse,
    changed: bool,
}

#[derive(Debug)]
enum Pattern {
    Net(IpNet),
    /// Text in lower case, between the stars.
    Text(Vec<String>),
}

impl Exceptions {
    pub fn of(rules: &RuleSet) -> Exceptions {
        let mut exceptions = Exceptions::default();
        for exception in rules.exceptions() {
            let numbers: Vec<u32> = exception.rules.iter().filter_map(|id| rules.find(id)).collect();
            let mut fields = BTreeMap::new();
            for leaf in numbers.iter().flat_map(|number| leaves(rules, *number)) {
                let source = &rules.rule(leaf).logsource;
                let resolve = |name: &String| {
                    let names = taxonomy::candidates(&source.category, &source.product, &source.service, name);
                    names.iter().filter_map(|name| Field::intern(name)).collect()
                };
                fields.insert(leaf, exception.fields.keys().map(resolve).collect());
            }
            exceptions.by_rule.resize(rules.rules().len(), Vec::new());
            numbers.iter().for_each(|number| exceptions.by_rule[*number as usize].push(exceptions.all.len()));
            let patterns = |values: &Vec<String>| values.iter().map(|value| Pattern::read(value)).collect();
            exceptions.all.push(Ready {
                id: exception.id.clone(),
                expires: nanos(exception.expires),
                values: exception.fields.values().map(patterns).collect(),
                fields,
                used: ExceptionUse::default(),
                changed: false,
            });
        }
        exceptions
    }

    /// Whether this match is excepted now; if so it is counted. `leaf` is the detection rule that saw the event.
    pub fn except(&mut self, rule: u32, leaf: u32, event: &Event<'_>, now: Nanos) -> bool {
        let Some(own) = self.by_rule.get(rule as usize) else { return false };
        for at in own {
            let exception = &mut self.all[*at];
            if now < exception.expires && exception.fits(leaf, event) {
                exception.used.suppressed += 1;
                exception.used.last = Some(timestamp(now));
                exception.changed = true;
                return true;
            }
        }
        false
    }

    /// How often each has suppressed, by id.
    pub fn uses(&self) -> impl Iterator<Item = (&str, ExceptionUse)> {
        self.all.iter().map(|exception| (&*exception.id, exception.used))
    }

    /// Takes over a count, of a checkpoint or of the rules before a reload.
    pub fn restore(&mut self, id: &str, used: ExceptionUse) -> Option<()> {
        let exception = self.all.iter_mut().find(|exception| exception.id == id)?;
        exception.used = used;
        Some(())
    }

    /// The counts that have changed since the last call.
    pub fn take_changed(&mut self) -> impl Iterator<Item = (&str, ExceptionUse)> {
        self.all.iter_mut().filter_map(|exception| {
            let changed = std::mem::take(&mut exception.changed);
            changed.then_some((&*exception.id, exception.used))
        })
    }
}

impl Ready {
    fn fits(&self, leaf: u32, event: &Event<'_>) -> bool {
        let Some(fields) = self.fields.get(&leaf) else { return false };
        self.values.iter().zip(fields).all(|(patterns, candidates)| {
            let mut values = candidates.iter().flat_map(|field| values(event, *field));
            values.any(|value| patterns.iter().any(|pattern| pattern.fits(&value)))
        })
    }
}

fn values<'e>(event: &'e Event<'_>, field: Field) -> impl Iterator<Item = Cow<'e, str>> {
    let host = if field == field::HOST_NAME { event.host() } else { None };
    host.into_iter().chain(event.all(field).filter_map(|value| event.value_text(value)))
}

impl Pattern {
    fn read(text: &str) -> Pattern {
        match text.parse() {
            Ok(net) => Pattern::Net(net),
            Err(_) => Pattern::Text(text.to_lowercase().split('*').map(str::to_owned).collect()),
        }
    }

    fn fits(&self, value: &str) -> bool {
        match self {
            Pattern::Net(net) => value.parse().is_ok_and(|address: IpAddr| net.contains(&address)),
            Pattern::Text(parts) => between_stars(parts, &value.to_lowercase()),
        }
    }
}

/// Whether the text is these parts with anything between them.
fn between_stars(parts: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = parts else { return parts.first().is_some_and(|only| only == text) };
    let Some(mut rest) = text.strip_prefix(&**first) else { return false };
    for part in middle {
        match rest.find(&**part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(&**last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text_with_stars_or_networks() {
        for (pattern, value, fits) in [
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("2001:db8::/32", "2001:db8::7", true),
            ("svc-*", "SVC-backup", true),
            ("svc-*", "asvc-backup", false),
            ("*scan*", "nightly-scanner", true),
            ("root", "root2", false),
            ("10.0.0.1", "10.0.0.1", true),
        ] {
            assert_eq!(Pattern::read(pattern).fits(value), fits, "{pattern} {value}");
        }
    }
}
