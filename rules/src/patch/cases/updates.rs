//! Update logs that fall silent on an asset that talks otherwise (PV19): without them no patch can be seen.

use super::*;
use crate::{assets::Risk, duration::Duration, patch::lens::UPDATE_LOGS};

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
            let (Some(known), Some(dossier)) = (self.assets.get(&asset), self.dossiers.get(&asset)) else {
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
        let name = format!("log/{asset}");
        let known = self.alerts.entry(name.clone()).or_default();
        if known.iter().any(|alert| alert.cleared.is_none()) {
            return;
        }
        let key = BTreeMap::from([("host.name".to_owned(), asset.to_owned())]);
        let severity = Pv(19).severity(None, false, high);
        let condition = Condition::new(since, &[], why);
        let alert = raise(Pv(19), &condition, severity, key, vec![asset.to_owned()], None, self.clock);
        out.alerts.push(alert.clone());
        known.push(alert);
        if known.len() > MAX_ALERTS_PER_CASE {
            known.remove(0);
        }
        self.dirty.insert(format!("alerts/{name}"));
    }

    fn logs_are_back(&mut self, out: &mut Output) {
        let now = floor(self.clock);
        let open = self.alerts.iter().filter(|(_, alerts)| alerts.iter().any(|a| a.cleared.is_none()));
        let names: Vec<String> =
            open.filter(|(name, _)| name.starts_with("log/")).map(|(name, _)| name.clone()).collect();
        for name in names {
            let asset = name.trim_start_matches("log/");
            let (Some(known), Some(dossier)) = (self.assets.get(asset), self.dossiers.get(asset)) else { continue };
            if self.limits(known, &dossier.activity).any(|(_, due)| due <= now) {
                continue;
            }
            for alert in self.alerts.get_mut(&name).into_iter().flatten().filter(|a| a.cleared.is_none()) {
                alert.cleared = Some(self.clock);
                out.alerts.push(alert.clone());
            }
            self.dirty.insert(format!("alerts/{name}"));
        }
    }
}
