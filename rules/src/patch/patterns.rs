//! An application's own words for success and failure (policy `[[probe]]`): how often it said each, hour by hour.
//!
//! A rate is judged at each full hour against the same hour a week ago: by then both hours are whole.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use memchr::memmem;
use regex::bytes::Regex;
use roundsman_ingest::Event;
use serde::{Deserialize, Serialize};

use super::lens::Findings;
use crate::{Assets, inputs::Policy};

/// A baseline with fewer successes says nothing.
pub const LEAST_BASELINE: u64 = 10;
/// Hours of a week.
pub const WEEK: i64 = 168;
/// The error share may be so many times the baseline's.
const MOST_ERRORS: f64 = 2.0;

/// What an application said in one hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Lines of success.
    pub ok: u64,
    /// Lines of failure.
    pub fail: u64,
    /// Evidence id of one of them.
    pub sample: String,
}

impl Rate {
    /// Adds what was counted elsewhere for the same hour.
    pub fn add(&mut self, other: Rate) {
        (self.ok, self.fail) = (self.ok + other.ok, self.fail + other.fail);
        if self.sample.is_empty() {
            self.sample = other.sample;
        }
    }

    /// What is wrong against the same hour a week ago; `None` where nothing is.
    pub fn wrong(&self, baseline: &Rate, percent: u32) -> Option<String> {
        let share = |rate: &Rate| rate.fail as f64 / (rate.ok + rate.fail).max(1) as f64;
        if self.ok * 100 < baseline.ok * u64::from(percent) {
            return Some(format!("{} successes, {} a week ago", self.ok, baseline.ok));
        }
        let (now, then) = (share(self), share(baseline));
        (self.fail > 0 && now > then * MOST_ERRORS)
            .then(|| format!("{:.0} % failures, {:.0} % a week ago", now * 100.0, then * 100.0))
    }
}

/// The words of one probe.
struct Words {
    name: String,
    ok: Option<Text>,
    fail: Option<Text>,
}

/// Text, or `/regex/`.
enum Text {
    Plain(Box<memmem::Finder<'static>>),
    Regex(Regex),
}

impl Text {
    fn read(text: &str) -> Option<Text> {
        match text.strip_prefix('/').and_then(|text| text.strip_suffix('/')) {
            Some(pattern) => Regex::new(pattern).ok().map(Text::Regex),
            None => (!text.is_empty()).then(|| Text::Plain(Box::new(memmem::Finder::new(text).into_owned()))),
        }
    }

    fn is_in(&self, line: &[u8]) -> bool {
        match self {
            Text::Plain(finder) => finder.find(line).is_some(),
            Text::Regex(regex) => regex.is_match(line),
        }
    }
}

/// The words to look for, by host. Without state, shared by all workers.
#[derive(Default)]
pub struct Patterns {
    by_host: HashMap<String, Vec<Arc<Words>>>,
}

impl Patterns {
    /// The policy's probes, under all names of their assets.
    pub fn read(policy: &Policy, assets: &Assets) -> Patterns {
        let mut by_host: HashMap<String, Vec<Arc<Words>>> = HashMap::new();
        for probe in &policy.probe {
            let Some(asset) = assets.resolve(&probe.asset) else { continue };
            let (ok, fail) = (Text::read(&probe.r#match), Text::read(&probe.fail));
            let words = Arc::new(Words { name: probe.name.clone(), ok, fail });
            for name in asset.aliases.iter().chain([&asset.id]) {
                by_host.entry(name.to_lowercase()).or_default().push(words.clone());
            }
        }
        Patterns { by_host }
    }

    /// Counts a line where it says one or the other.
    pub fn look(&self, event: &Event, findings: &mut Findings) {
        if self.by_host.is_empty() {
            return;
        }
        let Some(host) = event.host() else { return };
        let Some(all) = self.by_host.get(&*host).or_else(|| self.by_host.get(&host.to_lowercase())) else { return };
        for words in all {
            let is = |text: &Option<Text>| text.as_ref().is_some_and(|text| text.is_in(&event.raw));
            let (ok, fail) = (is(&words.ok), is(&words.fail));
            if ok || fail {
                let rate = Rate { ok: u64::from(ok && !fail), fail: u64::from(fail), sample: String::new() };
                findings.rate(event, &host, &words.name, rate);
            }
        }
    }
}

/// The hour that a time lies in, counted from 1970.
pub fn hour(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3_600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_judged_against_the_same_hour_a_week_ago() {
        let rate = |ok, fail| Rate { ok, fail, sample: String::new() };
        assert_eq!(rate(50, 0).wrong(&rate(100, 0), 50), None);
        assert!(rate(49, 0).wrong(&rate(100, 0), 50).is_some());
        assert_eq!(rate(90, 10).wrong(&rate(95, 5), 50), None);
        assert!(rate(80, 20).wrong(&rate(95, 5), 50).is_some());
    }
}
