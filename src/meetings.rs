//! When digests are due, and what `replay` remembers for them; `run` has the store for that.

use std::collections::BTreeMap;

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use roundsman_config::Config;
use roundsman_rules::{
    Alert, PatchCase,
    sigma::{ExceptionUse, RuleException},
    stage::{Output, Sent, Stage},
};
use roundsman_sinks::{
    Routes,
    digest::{AssetNote, Digest, Meeting, Period, Row, Section, build},
    store::{Count, Decision},
};

use crate::pipeline::Batch;

/// Exceptions are listed this long before they end, in seconds: 30 days.
const ENDING_SOON: i64 = 30 * 86_400;

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

/// Adds what only the stage knows to a meeting.
pub fn complete(meeting: &mut Meeting, stage: &Stage, routes: &Routes) {
    meeting.routes = routes.clone();
    meeting.assets =
        stage.assets().iter().map(|asset| (asset.id.clone(), AssetNote { owner: asset.owner.clone() })).collect();
    meeting.exceptions = stage.exceptions();
    let end = meeting.period.to();
    meeting.rows.extend(stage.rule_exceptions().filter_map(|(exception, used)| rule_exception(exception, used, end)));
}

/// Exceptions of rules that have ended or end soon.
fn rule_exception(exception: &RuleException, used: ExceptionUse, end: Timestamp) -> Option<(Section, Row)> {
    let (what, verb) = match exception.expires.as_second() - end.as_second() {
        ..=0 => ("exception_expired", "has ended"),
        left if left <= ENDING_SOON => ("exception_expiring", "ends soon"),
        _ => return None,
    };
    let rules = exception.rules.join(", ");
    let text = format!("exception for {rules} {verb}; it has suppressed {} matches", used.suppressed);
    let row = Row {
        due: Some(exception.expires),
        value: Some(used.suppressed as f64),
        owner: Some(exception.owner.clone()),
        ..Row::new(what, exception.id.clone(), text)
    };
    Some((Section::Process, row))
}

/// The weekly hour at which `run` writes the digest.
pub struct Calendar {
    zone: TimeZone,
    day: Weekday,
    time: Time,
    next: Option<Timestamp>,
}

impl Calendar {
    /// The hour in words (`Mon 06:00`), in this zone.
    ///
    /// # Errors
    /// The words are no day and time.
    pub fn new(weekly: &str, zone: TimeZone) -> Result<Calendar, String> {
        let wrong = || format!("`{weekly}` is no weekly hour: write `Mon 06:00`");
        let (day, time) = weekly.split_once(' ').ok_or_else(wrong)?;
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let day = days.iter().position(|name| day.to_ascii_lowercase().starts_with(name)).ok_or_else(wrong)?;
        let day = Weekday::from_monday_zero_offset(day as i8).map_err(|_| wrong())?;
        let time = time.trim().parse().map_err(|_| wrong())?;
        Ok(Calendar { zone, day, time, next: None })
    }

    /// Digests are due from this time on.
    pub fn resume(&mut self, now: Timestamp) {
        self.next = self.after(now);
    }

    fn after(&self, now: Timestamp) -> Option<Timestamp> {
        let local: Zoned = now.to_zoned(self.zone.clone());
        let ahead = i64::from(local.weekday().until(self.day));
        let day = local.date().checked_add(ahead.days()).ok()?;
        let at = |day: Date| day.to_datetime(self.time).to_zoned(self.zone.clone()).ok();
        let first = at(day)?.timestamp();
        if first > now { Some(first) } else { at(day.checked_add(1.week()).ok()?).map(|zoned| zoned.timestamp()) }
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<Timestamp> {
        self.next
    }

    /// The zone of days and weeks.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The period whose digest is due now; the next is a week later.
    pub fn pass(&mut self, at: Timestamp) -> Period {
        self.next = self.after(at);
        Period::week_of(at, &self.zone).previous()
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weekly_hour_is_kept_over_a_change_of_clocks() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut calendar = Calendar::new("Mon 06:00", zone).unwrap();
        calendar.resume("2026-10-22T10:00:00Z".parse().unwrap());
        let next = calendar.next().unwrap();
        assert_eq!(next.to_string(), "2026-10-26T05:00:00Z");
        assert_eq!(calendar.pass(next).name(), "2026-W43");
        assert_eq!(calendar.next().unwrap().to_string(), "2026-11-02T05:00:00Z");
    }

    #[test]
    fn what_is_no_weekly_hour_is_refused() {
        for words in ["", "Mon", "06:00", "Xyz 06:00", "Mon 25:00"] {
            assert!(Calendar::new(words, TimeZone::UTC).is_err(), "{words}");
        }
    }
}
