//! When digests are due.

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use roundsman_sinks::digest::Period;

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
