//! What the lens hands on: observations in order, and per host what is only counted.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use roundsman_ingest::Event;

use super::{
    Notes, id, message, quote,
    words::{complains, template},
};
use crate::patch::{
    activity::Template,
    fact::{Fact, Observation},
    patterns::{Rate, hour},
};

/// Most templates noted per host between two absorptions.
const MAX_NEW_TEMPLATES: usize = 64;
/// Logs that say what was installed, and so must not fall silent.
pub const UPDATE_LOGS: &[&str] = &["dpkg", "apt_history", "unattended_upgrades", "rpm", "zypper", "pacman"];

/// Version, minute, trust.
type Said = (String, i64, u8);

/// What the lens has seen, in order; merges of neighbours keep it.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub(in crate::patch) observations: Vec<Observation>,
    pub(in crate::patch) hosts: HashMap<Box<str>, Heard>,
    /// What systems last said they run, so that a device that says so in every line is not noted every time.
    said: HashMap<String, Said>,
}

/// What was heard of one host.
#[derive(Clone, Debug, Default)]
pub(in crate::patch) struct Heard {
    /// By minute of event time: records, errors, id of the first.
    pub minutes: BTreeMap<i64, (u64, u64, String)>,
    pub templates: BTreeMap<String, Template>,
    /// Newest receive time of logs that must come.
    pub logs: BTreeMap<&'static str, Timestamp>,
    /// What its applications said in their own words, by probe and hour.
    pub rates: BTreeMap<String, BTreeMap<i64, Rate>>,
}

impl Findings {
    /// Adds what was seen after this.
    pub fn merge(&mut self, later: Findings) {
        self.observations.extend(later.observations);
        for (host, heard) in later.hosts {
            let known = self.hosts.entry(host).or_default();
            for (minute, (records, errors, sample)) in heard.minutes {
                let counts = known.minutes.entry(minute).or_insert((0, 0, sample));
                (counts.0, counts.1) = (counts.0 + records, counts.1 + errors);
            }
            for (template, seen) in heard.templates {
                match known.templates.get_mut(&template) {
                    Some(before) => before.merge(seen),
                    None => {
                        known.templates.insert(template, seen);
                    }
                }
            }
            known.logs.extend(heard.logs);
            for (probe, hours) in heard.rates {
                let rates = known.rates.entry(probe).or_default();
                hours.into_iter().for_each(|(hour, rate)| rates.entry(hour).or_default().add(rate));
            }
        }
    }

    /// Notes a record's facts, all with the record as their evidence.
    pub(super) fn note(&mut self, event: &Event, host: &str, notes: Notes) {
        let Notes { about, at, facts } = notes;
        if facts.is_empty() || self.knows(&about, at, event.transport().trust(), &facts) {
            return;
        }
        let quote = Arc::new(quote(event, host));
        let seen = facts.into_iter().map(|fact| Observation { about: about.clone(), at, quote: quote.clone(), fact });
        self.observations.extend(seen);
    }

    /// Whether this says only which version runs, and the same has been said in the same minute.
    fn knows(&mut self, about: &str, at: Timestamp, trust: u8, facts: &[Fact]) -> bool {
        let [Fact::Runs { product, version }] = facts else { return false };
        let said = (version.clone(), at.as_second().div_euclid(60), trust);
        let known = self.said.entry(format!("{about}/{product}")).or_default();
        let again = *known == said;
        *known = said;
        again
    }

    /// Counts a record in which an application says how it does.
    pub(in crate::patch) fn rate(&mut self, event: &Event, host: &str, probe: &str, rate: Rate) {
        let heard = self.hosts.entry(host.into()).or_default();
        let known = heard.rates.entry(probe.to_owned()).or_default().entry(hour(event.at())).or_default();
        known.add(rate);
        if known.sample.is_empty() {
            known.sample = id(event, host);
        }
    }

    /// Counts a record of a host, and notes what kind of error it is where it is one.
    pub(super) fn count(&mut self, event: &Event, host: &str) {
        if !self.hosts.contains_key(host) {
            self.hosts.insert(host.into(), Heard::default());
        }
        let Some(heard) = self.hosts.get_mut(host) else { return };
        let at = event.at();
        let error = complains(event);
        let counts = heard.minutes.entry(at.as_second().div_euclid(60)).or_insert_with(|| (0, 0, id(event, host)));
        counts.0 += 1;
        counts.1 += u64::from(error);
        if let Some(log) = UPDATE_LOGS.iter().find(|log| **log == event.format_name()) {
            heard.logs.insert(log, event.received);
        }
        if error {
            let template = template(&message(event));
            let seen = Template::new(at, Arc::new(quote(event, host)));
            if let Some(known) = heard.templates.get_mut(&template) {
                known.merge(seen);
            } else if heard.templates.len() < MAX_NEW_TEMPLATES {
                heard.templates.insert(template, seen);
            }
        }
    }

    /// Nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.observations.is_empty() && self.hosts.is_empty()
    }
}
