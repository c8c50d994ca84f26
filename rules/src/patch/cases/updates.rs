//! Update logs that fall silent on an asset that talks otherwise (PV19): without them no patch can be seen.

use super::*;
use crate::{duration::Duration, patch::lens::UPDATE_LOGS};

/// A log whose pauses are to be judged by itself has been seen on so many days.
const ENOUGH_DAYS: usize = 4;
/// An asset whose own logs are silent is looked at again after this.
const AGAIN: Duration = Duration::hours(1);

impl Cases {
    /// Until when the next record of each of an asset's update logs must come: the inventory's limit, else twice the
    /// log's own longest pause and the policy's least.
    fn limits<'s>(
        &'s self,
        asset: &'s Asset,
        activity: &'s Activity,
    ) -> impl Iterator<Item = (&'static str, Timestamp)> + 's {
        let least = self.policy.sources.update_log;
        UPDATE_LOGS.iter().filter_map(move |log| {
            let seen = activity.logs.get(*log);
            let last = seen.and_then(|s| s.last);
            let limit = match (asset.logs.get(*log), seen) {
                (Some(Some(limit)), _) => *limit,
                (_, Some(seen)) if seen.days.len() >= ENOUGH_DAYS => {
                    least.max(Duration::seconds(seen.longest_gap.saturating_mul(2)))
                }
                _ => return None,
            };
            Some((*log, limit.after(last.or(activity.since())?)))
        })
    }

    /// Notes when an asset's update logs must be looked at next.
    pub(super) fn watch_logs(&mut self, asset: &str) {
        let (Some(known), Some(dossier)) = (self.assets.get(asset), self.dossiers.get(asset)) else { return };
        match self.limits(known, &dossier.activity).map(|(_, due)| due).min() {
            Some(due) => drop(self.logs_due.insert(asset.to_owned(), due)),
            None => drop(self.logs_due.remove(asset)),
        }
    }

    /// Tells of update logs that are silent by now, and that they are back.
    pub(super) fn review_logs(&mut self, out: &mut Output) {
        let now = floor(self.clock);
        let due: Vec<String> = self.logs_due.iter().filter(|(_, at)| **at <= now).map(|(a, _)| a.clone()).collect();
        for asset in due {
            let (Some(known), Some(dossier)) = (self.assets.get(&asset), self.dossiers.get(asset.as_str())) else {
                self.logs_due.remove(&asset);
                continue;
            };
            let heartbeat = known.heartbeat.unwrap_or(self.policy.sources.heartbeat);
            let talks = dossier.activity.alive_between(heartbeat.before(now), now).is_some() && !known.gone(now);
            let silent: Vec<(&str, Timestamp)> =
                self.limits(known, &dossier.activity).filter(|(_, due)| *due <= now).collect();
            let first = silent.iter().map(|(_, due)| *due).min();
            if let Some(first) = first.filter(|_| talks) {
                let names: Vec<&str> = silent.iter().map(|(log, _)| *log).collect();
                let why =
                    format!("{asset} still talks, but nothing came of {} as it should by {first}", names.join(", "));
                let high = known.risk == Risk::High;
                self.log_is_silent(&asset, first, why, high, out);
            }
            self.logs_due.insert(asset, AGAIN.after(now));
        }
        self.logs_are_back(out);
    }

    fn log_is_silent(&mut self, asset: &str, since: Timestamp, why: String, high: bool, out: &mut Output) {
        let plain = Plain {
            pv: Pv(19),
            name: format!("log/{asset}"),
            key: ("host.name", asset.to_owned()),
            hosts: vec![asset.to_owned()],
            high_risk: high,
        };
        if !self.is_told(&plain.name) {
            self.tell(&plain, Condition::new(since, &[], why), out);
        }
    }

    fn logs_are_back(&mut self, out: &mut Output) {
        let now = floor(self.clock);
        let names: Vec<String> = self.open_under("log/").collect();
        for name in names {
            let asset = name.trim_start_matches("log/");
            let (Some(known), Some(dossier)) = (self.assets.get(asset), self.dossiers.get(asset)) else { continue };
            if self.limits(known, &dossier.activity).any(|(_, due)| due <= now) {
                continue;
            }
            self.clear(&name, out);
        }
    }
}
