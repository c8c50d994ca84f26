//! Checks the examples that formats ship: for `roundsman test` and the project's own tests.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;

use super::{Example, FORMATS, Format};
use crate::{Event, Kind, Origin, Record, Transport, parse::Parser};

/// When the examples arrive; stamps without a year count from here.
const RECEIVED: &str = "2026-11-22T12:00:00Z";
/// What the envelope sets: compared only where an example names it.
const OF_THE_ENVELOPE: [&str; 5] = ["message", "host.name", "process.name", "process.pid", "@timestamp"];

/// An example that was not understood as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The format's name.
    pub format: &'static str,
    /// The example's record.
    pub raw: &'static str,
    /// Each difference in words.
    pub differences: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.format, self.raw)?;
        for difference in &self.differences {
            write!(f, "\n  {difference}")?;
        }
        Ok(())
    }
}

/// Reads every example of every format and returns those that differ.
pub fn check_examples() -> Vec<Failure> {
    let examples = FORMATS.iter().flat_map(|format| format.examples().iter().map(move |example| (*format, example)));
    examples.filter_map(|(format, example)| check(format, example)).collect()
}

fn check(format: &'static dyn Format, example: &'static Example) -> Option<Failure> {
    let differences = with_example(format, example.raw.as_bytes(), |event| {
        let understood = event.format.map(|found| found.name());
        if example.expect.is_empty() {
            let refused = understood != Some(format.name());
            return if refused { Vec::new() } else { vec!["must be refused and is understood".into()] };
        }
        if understood != Some(format.name()) {
            let reason = event.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            return vec![format!("format is {}{reason}", event.format_name())];
        }
        differences(event, example)
    });
    (!differences.is_empty()).then_some(Failure { format: format.name(), raw: example.raw, differences })
}

/// Reads a record as an example of a format arrives: from the format's file, where it has one.
pub(crate) fn with_example<T>(format: &dyn Format, raw: &[u8], look: impl FnOnce(&Event<'_>) -> T) -> T {
    let mut origin = Origin::new(Transport::File, "example");
    origin.path = format.paths().first().map(|end| format!("/var/log{end}").into());
    let received: Timestamp = RECEIVED.parse().unwrap_or_default();
    let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw };
    let event = Parser::default().parse(&record, Event::new(&record));
    look(&event)
}

type Values = BTreeMap<String, Vec<String>>;

fn differences(event: &Event<'_>, example: &Example) -> Vec<String> {
    let mut wanted = Values::new();
    for (name, value) in example.expect {
        wanted.entry((*name).into()).or_default().push((*value).into());
    }
    let mut found = values(event);
    found.retain(|name, _| {
        wanted.contains_key(name) || !(OF_THE_ENVELOPE.contains(&name.as_str()) || name.starts_with("log.syslog."))
    });
    let mut differences = Vec::new();
    for (name, values) in &wanted {
        match found.get(name) {
            None => differences.push(format!("- {name} = {values:?}")),
            Some(other) if other != values => differences.push(format!("! {name} = {other:?}, expected {values:?}")),
            Some(_) => {}
        }
    }
    differences.extend(
        found
            .iter()
            .filter(|(name, _)| !wanted.contains_key(*name))
            .map(|(name, values)| format!("+ {name} = {values:?}")),
    );
    differences
}

/// All that was understood, by name, values in order.
pub(crate) fn values(event: &Event<'_>) -> Values {
    let mut values = Values::new();
    for (field, value) in event.fields() {
        let text = event.value_text(*value).map_or("null".into(), |text| text.into_owned());
        values.entry(field.name().into()).or_default().push(text);
    }
    if let Some(time) = event.time {
        values.insert("@timestamp".into(), vec![time.to_string()]);
    }
    values
}
