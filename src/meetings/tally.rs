//! Lines counted by who sent them.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use roundsman_rules::stage::Sent;
use roundsman_sinks::store::Count;

use crate::pipeline::Batch;

/// Day, host, source and format.
type Sender = (Date, String, String, &'static str);

/// Lines per day and sender since the last commit or meeting: how many, how many unknown, when the last came.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<Sender, (u64, u64, Timestamp)>);

impl Tally {
    /// Adds a batch.
    pub fn add(&mut self, batch: &Batch<'_>, zone: &TimeZone) {
        let day = batch.now.to_zoned(zone.clone()).date();
        for (host, all) in &batch.findings.hosts {
            for Sent { source, format, seen, .. } in all {
                let key = (day, host.to_string(), source.to_string(), *format);
                let entry = self.0.entry(key).or_insert((0, 0, seen.last));
                *entry = (entry.0 + seen.lines, entry.1 + seen.unknown, entry.2.max(seen.last));
            }
        }
    }

    /// As the store counts them.
    pub fn counts(&self) -> Vec<Count> {
        let count = |((day, host, source, format), (lines, unknown, last)): (&Sender, &_)| Count {
            day: *day,
            host: host.clone(),
            source: source.clone(),
            format: (*format).to_owned(),
            lines: *lines,
            unknown: *unknown,
            last: *last,
        };
        self.0.iter().map(count).collect()
    }

    /// Takes them out.
    pub fn take(&mut self) -> Vec<Count> {
        let counts = self.counts();
        self.0.clear();
        counts
    }
}
