//! Updaters that do not run, or run in vain (PV23): a fix that nobody fetches is installed nowhere.

use super::*;
use crate::{
    duration::Duration,
    patch::fact::{Item, Run},
};

/// Lines of one run come within this of each other.
const ONE_RUN: Duration = Duration::hours(1);
/// A run that has not come for so long counts as one that failed.
const MISSED: Duration = Duration::days(3);

/// How an updater has done lately.
struct Record<'d> {
    name: &'d str,
    /// Failures in a row, up to its newest run.
    failures: i64,
    last: &'d Item,
}

impl Cases {
    /// An updater of this asset has run, or time has passed: looks when to look again, and tells.
    pub(super) fn review_runners(&mut self, asset: &str, out: &mut Output) {
        let name = format!("runner/{asset}");
        let Some(known) = self.assets.get(asset).filter(|a| !a.gone(self.clock)) else {
            self.runners_due.remove(asset);
            return self.clear(&name, out);
        };
        let (now, most) = (floor(self.clock), i64::from(self.policy.sources.update_failures));
        let Some(dossier) = self.dossiers.get(asset) else { return };
        let missed = |record: &Record<'_>| (now.as_second() - record.last.at.as_second()).max(0) / MISSED.as_seconds();
        let records: Vec<Record<'_>> = records(dossier).collect();
        let worst = records.iter().max_by_key(|record| record.failures + missed(record));
        let due = records.iter().map(|record| {
            let wanted = (most - record.failures).max(missed(record) + 1);
            Duration::seconds(MISSED.as_seconds() * wanted).after(record.last.at)
        });
        let due = due.min();
        let heartbeat = known.heartbeat.unwrap_or(self.policy.sources.heartbeat);
        let talks = dossier.activity.alive_between(heartbeat.before(now), now).is_some();
        let bad = worst.filter(|record| record.failures + missed(record) >= most).map(|record| {
            let why = match (record.failures, missed(record)) {
                (0, days) => {
                    format!("{} of {asset} has not run since {} ({days} times 3 days)", record.name, record.last.at)
                }
                (failures, days) => {
                    let times = if failures == 1 { "once".into() } else { format!("{failures} times in a row") };
                    let since = if days > 0 { ", and has not run since" } else { "" };
                    format!("{} of {asset} failed {times}, last at {}{since}", record.name, record.last.at)
                }
            };
            (Condition::new(record.last.at, &[&record.last.quote], why), record.failures)
        });
        let high_risk = known.risk == Risk::High;
        match due {
            Some(due) => drop(self.runners_due.insert(asset.to_owned(), due)),
            None => drop(self.runners_due.remove(asset)),
        }
        match bad {
            // A host that says nothing at all has another alert.
            Some((condition, failures)) if talks || failures >= most => {
                let plain = Plain {
                    pv: Pv(23),
                    name,
                    key: ("host.name", asset.to_owned()),
                    hosts: vec![asset.to_owned()],
                    high_risk,
                };
                self.tell(&plain, condition, out);
            }
            Some(_) => {}
            None => self.clear(&name, out),
        }
    }

    /// Updaters that must be looked at by now.
    pub(super) fn review_due_runners(&mut self, out: &mut Output) {
        let now = floor(self.clock);
        let due = self.runners_due.iter().filter(|(_, at)| **at <= now).map(|(asset, _)| asset.clone());
        for asset in due.collect::<Vec<_>>() {
            self.review_runners(&asset, out);
        }
    }
}

/// Each updater that was seen, with its failures in a row.
fn records(dossier: &Dossier) -> impl Iterator<Item = Record<'_>> {
    dossier.under("runner/").filter_map(|(name, items)| {
        let last = items.last()?;
        Some(Record { name, failures: failures(items), last })
    })
}

/// Runs that failed since the last that did not, each three days without a run counting as one.
fn failures(items: &[Item]) -> i64 {
    let close = |a: &Item, b: &Item| b.at <= ONE_RUN.after(a.at);
    let mut failures = 0;
    let mut after: Option<Timestamp> = None;
    for run in items.chunk_by(close).rev() {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { break };
        let pause = after.map_or(0, |after| (after.as_second() - last.at.as_second()) / MISSED.as_seconds());
        let failed = run.iter().any(|item| matches!(item.fact, Fact::Updater { run: Run::Failed, .. }));
        if !failed {
            return failures + if failures > 0 { pause } else { 0 };
        }
        failures += 1 + pause;
        after = Some(first.at);
    }
    failures
}
