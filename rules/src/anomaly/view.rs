//! Baselines as people see them: `explain` and the console.

use roundsman_ingest::Event;

use super::{
    history::{History, Usual},
    ledger::pairs,
    levels::{Past, Series},
    novelty::{Known, is_value},
    sighting::{SEPARATOR, hour_of},
    spec::{Column, Kind, Spec},
    state::{Anomalies, Memory},
};
use crate::sigma::Rule;

/// What a rule remembers of one key.
#[derive(Clone, Debug)]
pub struct Baseline<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// What kind of baseline.
    pub kind: Kind,
    /// The fields of the key and their values.
    pub key: Vec<(&'a str, &'a str)>,
    /// What it looks like.
    pub shape: Shape,
}

/// What a baseline looks like.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Figures per hour.
    Hours {
        /// Hours since 1970 and their figures, in order; hours without any are absent.
        figures: Vec<(i64, f64)>,
        /// What the hour at hand is held against; `None` in the first day.
        usual: Option<Usual>,
        /// The figure of the hour at hand so far.
        running: f64,
    },
    /// Values that the key had. Times are seconds since 1970.
    Values {
        /// How many; `None` where they are too many to be a baseline.
        known: Option<usize>,
        /// When the key was first seen.
        since: i64,
        /// When the last new value appeared.
        newest: i64,
    },
}

impl Anomalies {
    /// All baselines in the hour of this time, by rule and key.
    pub fn baselines(&self, now: jiff::Timestamp) -> Vec<Baseline<'_>> {
        let hour = hour_of(now);
        let mut all = Vec::new();
        for (number, watch) in self.watches() {
            let (rule, spec) = (self.rules().rule(number), &*watch.spec);
            let own = |key, shape| Baseline { rule, kind: spec.kind, key: pairs(spec, key), shape };
            match &watch.memory {
                Memory::Levels(levels) => {
                    all.extend(levels.shelf.iter().map(|(key, series)| own(&**key, hours(spec, series, hour))));
                }
                Memory::Novelty(novelty) => {
                    let keys = novelty.shelf.iter().filter(|(key, _)| !is_value(key));
                    all.extend(keys.map(|(key, known)| own(&**key, values(known))));
                }
            }
        }
        all.sort_by(|a, b| (&a.rule.title, &a.key).cmp(&(&b.rule.title, &b.key)));
        all
    }

    /// The baselines that this event counts for; `matches` are the rules whose detection picks it.
    pub fn baselines_of(&self, event: &Event<'_>, matches: &[u32]) -> Vec<(&Rule, &Spec, String, Option<Shape>)> {
        let mut found = Vec::new();
        let hour = hour_of(event.at());
        for (number, watch) in self.watches().filter(|(number, _)| matches.contains(number)) {
            let Some(key) = key_of(&watch.spec, event) else { continue };
            let shape = match &watch.memory {
                Memory::Levels(levels) => levels.shelf.get(&key).map(|series| hours(&watch.spec, series, hour)),
                Memory::Novelty(novelty) => novelty.shelf.get(&key).map(values),
            };
            let told =
                pairs(&watch.spec, &key).iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>();
            found.push((self.rules().rule(number), &*watch.spec, told.join(", "), shape));
        }
        found
    }
}

fn key_of(spec: &Spec, event: &Event<'_>) -> Option<String> {
    let mut key = Vec::new();
    for (at, column) in spec.by.iter().enumerate() {
        if at > 0 {
            key.push(SEPARATOR);
        }
        column.write(event, &mut key).then_some(())?;
    }
    Some(String::from_utf8_lossy(&key).into_owned())
}

fn hours(spec: &Spec, series: &Series, hour: i64) -> Shape {
    Shape::Hours {
        figures: series.history.iter().collect(),
        usual: series.history.usual(hour, spec.factor),
        running: series.running(hour),
    }
}

fn values(known: &Known) -> Shape {
    Shape::Values { known: known.known(), since: known.first, newest: known.newest }
}

/// Figures per hour of one key, read from a row of state alone: what a plot needs.
#[derive(Clone, Debug)]
pub struct Plot {
    /// The rule's id.
    pub rule: String,
    /// The values of the key.
    pub key: Vec<String>,
    history: History,
}

impl Plot {
    /// Rows that hold plots begin so; the rule's id and a line break follow.
    pub const ROWS: &str = "anomaly/past/";

    /// Reads a row of state; `None` where it holds something else.
    pub fn read(row: &str, value: &[u8]) -> Option<Plot> {
        let (rule, key) = row.strip_prefix(Plot::ROWS)?.split_once('\n')?;
        let past: Past = serde_json::from_slice(value).ok()?;
        let key = key.split(char::from(SEPARATOR)).map(str::to_owned).collect();
        Some(Plot { rule: rule.to_owned(), key, history: past.history })
    }

    /// The hour of the first record, counted from 1970.
    pub fn since(&self) -> i64 {
        self.history.since
    }

    /// The last hour that had a figure.
    pub fn last(&self) -> i64 {
        self.history.last().unwrap_or(self.history.since)
    }

    /// The figure of an hour.
    pub fn figure(&self, hour: i64) -> f64 {
        self.history.figure(hour)
    }

    /// What is usual for an hour; `None` in the first day.
    pub fn usual(&self, hour: i64) -> Option<Usual> {
        self.history.usual(hour, 1.0)
    }
}

impl std::fmt::Display for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |columns: &[Column]| columns.iter().map(|c| &*c.name).collect::<Vec<_>>().join(" and ");
        match self.kind {
            Kind::Rate | Kind::FanOut | Kind::Volume => {
                let what = match (self.sum, self.value.is_empty()) {
                    (Some(field), _) => format!("sum of {}", field.name()),
                    (None, true) => "records".to_owned(),
                    (None, false) => format!("different {}", names(&self.value)),
                };
                let (factor, least) = (self.factor, self.at_least);
                write!(f, "{what} per hour of {}: {factor} times the usual most, {least} at least", names(&self.by))
            }
            Kind::FirstSeen => {
                let days = self.learn.as_seconds() / 86_400;
                write!(f, "{} new to {}, after {days} days without", names(&self.value), names(&self.by))
            }
            Kind::NewTemplate => write!(f, "kinds of message new to {}", names(&self.by)),
            Kind::Silence => write!(f, "the rhythm of each {}", names(&self.by)),
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Shape::Hours { usual: Some(usual), running, .. } => {
                write!(
                    f,
                    "{running} so far; {}; a word is worth more than {:.0}",
                    super::levels::usual_words(usual),
                    usual.bound
                )
            }
            Shape::Hours { running, .. } => write!(f, "{running} so far; known for less than a day"),
            Shape::Values { known: Some(known), since, newest } => {
                let day = |second: i64| jiff::Timestamp::from_second(second).unwrap_or_default().strftime("%Y-%m-%d");
                write!(f, "{known} known since {}, the last new one on {}", day(*since), day(*newest))
            }
            Shape::Values { known: None, .. } => f.write_str("too varied to tell what would be new"),
        }
    }
}
