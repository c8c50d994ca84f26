//! What a replay remembers, which has no store.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use roundsman_config::Config;
use roundsman_rules::{
    Alert, PatchCase,
    stage::{Output, Stage},
};
use roundsman_sinks::{
    Routes,
    digest::{Digest, Meeting, Period, build},
    store::Decision,
};

use super::{Tally, complete};
use crate::pipeline::Batch;

/// What a replay remembers for the meetings.
pub struct Meetings {
    wanted: bool,
    zone: TimeZone,
    routes: Routes,
    period: Option<Period>,
    alerts: BTreeMap<String, Alert>,
    cases: BTreeMap<String, PatchCase>,
    tally: Tally,
    decisions: Vec<Decision>,
}

impl Meetings {
    /// Remembers nothing unless digests are wanted.
    pub fn new(config: &Config, wanted: bool) -> Self {
        Meetings {
            wanted,
            zone: config.timezone(),
            routes: config.routing(),
            period: None,
            alerts: BTreeMap::new(),
            cases: BTreeMap::new(),
            tally: Tally::default(),
            decisions: Vec::new(),
        }
    }

    /// The first period is the one that this time lies in.
    pub fn begin(&mut self, at: Timestamp) {
        self.period = self.wanted.then(|| Period::week_of(at, &self.zone));
    }

    /// When the current period ends.
    pub fn next(&self) -> Option<Timestamp> {
        self.period.as_ref().map(Period::to)
    }

    /// The zone of days and weeks.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Remembers who sent what.
    pub fn batch(&mut self, batch: &Batch<'_>) {
        if self.wanted {
            self.tally.add(batch, &self.zone);
        }
    }

    /// Remembers what the stage gave back.
    pub fn output(&mut self, now: Timestamp, output: &Output) {
        if self.wanted {
            self.alerts.extend(output.alerts.iter().map(|alert| (alert.id.clone(), alert.clone())));
            self.cases.extend(output.cases.iter().map(|case| (case.id.clone(), case.clone())));
            let decision = |record: &serde_json::Value| Decision { at: now, record: record.clone() };
            self.decisions.extend(output.decisions.iter().map(decision));
        }
    }

    /// The digest of the current period, which has ended; the next one begins.
    pub fn close(&mut self, stage: &Stage) -> Digest {
        let period = self.period.take().unwrap_or_else(|| Period::week_of(Timestamp::UNIX_EPOCH, &self.zone));
        self.period = Some(period.following());
        let mut meeting = Meeting::new(period);
        meeting.alerts = self.alerts.values().cloned().collect();
        meeting.alerts.sort_by(|a, b| (a.raised, &a.id).cmp(&(b.raised, &b.id)));
        meeting.cases = self.cases.values().cloned().collect();
        meeting.counts = self.tally.counts();
        meeting.decisions = self.decisions.clone();
        complete(&mut meeting, stage, &self.routes);
        build(&meeting)
    }
}
