//! The examples that rules carry: raw records that must make them fire, or must not.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;
use roundsman_ingest::{
    Event, Record,
    parse::Parser,
    record::{Kind, Origin, Transport},
};

use super::{Correlator, Rule, RuleExample, RuleSet, Scratch};
use crate::{
    Alert, Assets,
    anomaly::{Anomalies, Sightings},
    stage::{Survivor, on_grid},
};

/// An example that does not do what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleFailure {
    /// The rule's file.
    pub file: PathBuf,
    /// The example's line in it.
    pub line: usize,
    /// The rule's title.
    pub rule: String,
    /// What was expected and what happened instead.
    pub what: String,
}

impl std::fmt::Display for ExampleFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file.display(), self.line, self.rule, self.what)
    }
}

/// What the examples of a rule set came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExampleReport {
    /// How many were run.
    pub run: usize,
    /// Those that failed.
    pub failures: Vec<ExampleFailure>,
}

/// Stamps without a year are read as of this time.
const EXAMPLES_END: i64 = 1_796_083_200; // 2026-12-01T00:00:00Z

/// What the records of an example gave.
struct Outcome {
    alerts: Vec<Alert>,
    matched: usize,
    formats: Vec<String>,
}

/// Runs the examples of all rules that `only` picks. Records are parsed as any other; they arrive at their own times.
pub fn run_examples(rules: &Arc<RuleSet>, parser: &Parser, only: &dyn Fn(&Rule) -> bool) -> ExampleReport {
    let mut report = ExampleReport::default();
    for (number, rule) in rules.rules().iter().enumerate().filter(|(_, rule)| only(rule)) {
        for example in &rule.roundsman.examples {
            report.run += 1;
            let outcome = play(rules, number as u32, parser, example);
            if let Err(what) = judge(rule, example, &outcome) {
                let (file, line) = (rule.file.clone(), example.line);
                report.failures.push(ExampleFailure { file, line, rule: rule.title.clone(), what });
            }
        }
    }
    report
}

fn play(rules: &Arc<RuleSet>, number: u32, parser: &Parser, example: &RuleExample) -> Outcome {
    let mut correlator = Correlator::watching(rules.clone(), Arc::new(str::to_owned), number);
    let (mut baselines, nobody) = (Anomalies::new(rules.clone()), Assets::default());
    let origin = Origin::new(Transport::File, "example");
    let end = Timestamp::from_second(EXAMPLES_END).unwrap_or_default();
    let mut now = Timestamp::MIN;
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    let mut outcome = Outcome { alerts: Vec::new(), matched: 0, formats: Vec::new() };
    for (index, line) in example.lines.iter().enumerate() {
        let record =
            Record { received: end, origin: &origin, kind: Kind::Line, truncated: false, raw: line.as_bytes() };
        let mut event = parser.parse(&record, Event::new(&record));
        now = now.max(event.time.unwrap_or(end));
        event.received = now;
        outcome.formats.push(match event.reason {
            Some(reason) => format!("{} ({reason})", event.format_name()),
            None => event.format_name().to_owned(),
        });
        hits.clear();
        rules.matches(&event, false, &mut scratch, &mut hits);
        outcome.matched += usize::from(!hits.is_empty());
        while let Some(due) = baselines.next_due().map(on_grid).filter(|due| *due <= now) {
            baselines.tick(due, &nobody, &mut outcome.alerts);
        }
        let mut sightings = Sightings::default();
        hits.retain(|rule| match rules.anomaly(*rule) {
            Some(spec) => {
                sightings.note(*rule, spec, &event);
                false
            }
            None => true,
        });
        baselines.absorb(&sightings, now);
        let survivor = Survivor { index: index as u64, event: Arc::new(event.into_owned()), matches: hits.clone() };
        correlator.tick(now, &mut outcome.alerts);
        correlator.absorb(&survivor, now, &mut outcome.alerts);
    }
    while let Some(due) = baselines.next_due().map(on_grid) {
        baselines.tick(due, &nobody, &mut outcome.alerts);
    }
    // windows that must close before they can be judged
    if let Some(long_after) =
        correlator.next_due().and_then(|_| now.checked_add(jiff::SignedDuration::from_hours(24 * 60)).ok())
    {
        correlator.tick(long_after, &mut outcome.alerts);
    }
    outcome
}

fn judge(rule: &Rule, example: &RuleExample, outcome: &Outcome) -> Result<(), String> {
    let alerts: Vec<&Alert> = outcome.alerts.iter().filter(|alert| alert.rule.id == rule.id).collect();
    match (example.fires, alerts.first()) {
        (false, None) => Ok(()),
        (false, Some(alert)) => Err(format!("fired, and must not: {}", alert.why)),
        (true, None) => {
            let lines = example.lines.len();
            let mut formats = outcome.formats.clone();
            formats.dedup();
            Err(format!(
                "did not fire; {} of {lines} records matched some rule, and they were read as {}",
                outcome.matched,
                formats.join(", ")
            ))
        }
        (true, Some(first)) => {
            let fits = |alert: &&Alert| example.key.iter().all(|(name, value)| alert.key.get(name) == Some(value));
            if alerts.iter().any(fits) {
                return Ok(());
            }
            Err(format!("fired with another key: expected {:?}, got {:?}", example.key, first.key))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_shipped_rules_do_what_they_say() {
        let (rules, _) = RuleSet::load(&RuleSet::shipped_files(), &Default::default());
        let report = run_examples(&Arc::new(rules), &Parser::default(), &|_| true);
        let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        assert!(report.run > 0);
    }
}
