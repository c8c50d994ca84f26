//! Facts of their own beside the cases (PV10): planned scans that ran, looked everywhere and from inside; feeds and
//! scanners' databases that are not too old.

use jiff::{civil::Date, tz::TimeZone};

use super::*;
use crate::{calendar::Rhythm, duration::Duration};

/// Planned dates that are looked back upon; older ones are history.
const LOOK_BACK: Duration = Duration::days(62);

/// Since when planned scans are expected, and which have been judged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Plan {
    /// The rhythm's own words.
    rhythm: String,
    /// Scans planned before this day are nobody's fault.
    from: Option<Timestamp>,
    /// The last planned day that was judged.
    judged: Option<Date>,
}

impl Cases {
    /// The policy may plan other scans now.
    pub(super) fn plan_scans(&mut self, at: Timestamp) {
        let rhythm = &self.policy.calendar.scan;
        if self.plan.rhythm != *rhythm {
            self.plan = Plan { rhythm: rhythm.clone(), from: Some(at), judged: None };
            self.dirty.insert("plan".to_owned());
        }
    }

    /// The next planned day that must be judged, and when.
    fn next_scan(&self) -> Option<(Date, Timestamp)> {
        let rhythm: Rhythm = self.plan.rhythm.parse().ok()?;
        let from = TimeZone::UTC.to_datetime(self.plan.from?).date();
        let day = rhythm.next(self.plan.judged.and_then(|day| day.tomorrow().ok()).unwrap_or(from))?;
        Some((day, self.judged_at(day)?))
    }

    /// A planned scan is judged some grace after the end of its day.
    fn judged_at(&self, day: Date) -> Option<Timestamp> {
        let end = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(self.policy.calendar.scan_grace.after(end))
    }

    /// Judges the planned scans whose time has come, and looks again at those that were found wanting.
    pub(super) fn review_scans(&mut self, out: &mut Output) {
        while let Some((day, _)) = self.next_scan().filter(|(_, at)| *at <= self.clock) {
            self.plan.judged = Some(day);
            self.dirty.insert("plan".to_owned());
            self.judge(day, out);
        }
        let open: Vec<String> = self.open_under("scan/").collect();
        for name in open {
            if let Ok(day) = name.trim_start_matches("scan/").parse() {
                self.judge(day, out);
            }
        }
    }

    /// Which assets a planned scan has left out, or seen only from outside.
    fn judge(&mut self, day: Date, out: &mut Output) {
        let name = format!("scan/{day}");
        let Ok(start) = day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()) else { return };
        if LOOK_BACK.after(start) < self.clock {
            return self.clear(&name, out);
        }
        let (mut missing, mut outside) = (Vec::new(), Vec::new());
        for asset in self.assets.iter().filter(|asset| !asset.gone(self.clock)) {
            let scans = self.dossiers.get(asset.id.as_str()).map_or(&[] as &[_], |dossier| dossier.scans.as_slice());
            let mut since = scans.iter().filter(|scan| scan.at >= start && !scan.inventory).peekable();
            match since.peek().is_some() {
                false => missing.push(asset.id.clone()),
                true if !since.any(|scan| scan.authenticated) => outside.push(asset.id.clone()),
                true => {}
            }
        }
        let left_out: Vec<String> = missing.iter().chain(&outside).cloned().collect();
        if left_out.is_empty() {
            return self.clear(&name, out);
        }
        let all = self.assets.iter().filter(|asset| !asset.gone(self.clock)).count();
        let mut why = match missing.len() {
            n if n == all => format!("the scan planned for {day} did not run"),
            0 => format!("the scan planned for {day} covered every asset"),
            n => format!("the scan planned for {day} left out {n} of {all} assets: {}", missing.join(", ")),
        };
        if !outside.is_empty() {
            why.push_str(&format!("; not authenticated on {}", outside.join(", ")));
        }
        let at = self.judged_at(day).unwrap_or(start);
        let plain = Plain { pv: Pv(10), name, key: ("scan", day.to_string()), hosts: left_out, high_risk: false };
        self.tell(&plain, Condition::new(at, &[], why), out);
    }

    /// A feed has this date of its own, or is as old as our knowledge of it.
    pub(super) fn date_feed(&mut self, name: &str, date: Timestamp) {
        let known = self.feed_dates.entry(name.to_owned()).or_insert(date);
        *known = date.max(*known);
    }

    /// Feeds and databases that are too old by now, and those that are fresh again.
    pub(super) fn review_feeds(&mut self, out: &mut Output) {
        let (limit, clock) = (self.policy.sources.feed_age, self.clock);
        let feeds = self.feed_dates.iter().map(|(name, date)| (name.clone(), *date, clock));
        // A database's age is what it was when it was used: a weekly scan is no reason to fetch it daily.
        let databases = self.databases.iter().map(|(tool, (used, date))| (tool.clone(), *date, *used));
        for (feed, date, used) in feeds.chain(databases).collect::<Vec<_>>() {
            let name = format!("feed/{feed}");
            if limit.after(date) > used {
                self.clear(&name, out);
            } else if !self.is_told(&name) {
                let why = format!("{feed} is of {date}, older than {limit}: what has become known since is missing");
                let plain = Plain { pv: Pv(10), name, key: ("feed", feed), hosts: Vec::new(), high_risk: false };
                self.tell(&plain, Condition::new(limit.after(date), &[], why), out);
            }
        }
    }

    /// When a plan or a feed must be looked at next.
    pub(super) fn plans_due(&self) -> Option<Timestamp> {
        let limit = self.policy.sources.feed_age;
        let fresh = self.feed_dates.iter().filter(|(feed, _)| !self.is_told(&format!("feed/{feed}")));
        let feeds = fresh.map(|(_, date)| limit.after(*date)).min();
        [feeds, self.next_scan().map(|(_, at)| at)].into_iter().flatten().min()
    }
}
