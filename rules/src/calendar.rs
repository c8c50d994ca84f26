//! Maintenance windows: `Sun 01:00-05:00`, `2nd Tue 22:00-02:00`, several separated by `;`, or one stretch
//! `2026-11-29T01:00:00Z/2026-11-29T05:00:00Z`.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// One window.
#[derive(Clone, Debug, PartialEq)]
enum Window {
    /// Each week, or only on the `nth` of its kind in the month; into the next day where `to` is not after `from`.
    Weekly { nth: Option<i8>, day: Weekday, from: Time, to: Time },
    /// Once, half open.
    Once { from: Timestamp, to: Timestamp },
}

/// All windows of an asset. None at all: no window is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Windows {
    windows: Vec<Window>,
    text: String,
}

impl Windows {
    /// No window was named, so nothing is outside of one.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Whether this time lies in one of the windows, on clocks of this zone.
    pub fn contains(&self, at: Timestamp, zone: &TimeZone) -> bool {
        self.windows.iter().any(|w| w.contains(at, zone))
    }

    /// The next stretch that begins at or after this time, on clocks of this zone.
    pub fn next(&self, at: Timestamp, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        self.windows.iter().filter_map(|w| w.next(at, zone)).min()
    }

    /// The first end of a window after this time, for `Once` windows only.
    pub fn ends(&self) -> Option<Timestamp> {
        self.windows.iter().filter_map(|w| if let Window::Once { to, .. } = w { Some(*to) } else { None }).max()
    }
}

impl Window {
    fn contains(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let (nth, day, from, to) = match self {
            Window::Once { from, to } => return *from <= at && at < *to,
            Window::Weekly { nth, day, from, to } => (nth, *day, *from, *to),
        };
        let local = zone.to_datetime(at);
        let begins_on =
            |date: jiff::civil::Date| date.weekday() == day && nth.is_none_or(|n| (date.day() - 1) / 7 + 1 == n);
        let (today, time) = (local.date(), local.time());
        if from < to {
            return begins_on(today) && from <= time && time < to;
        }
        let yesterday = today.checked_sub(1.day());
        (begins_on(today) && time >= from) || (time < to && yesterday.is_ok_and(begins_on))
    }
}

impl Window {
    fn next(&self, at: Timestamp, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let (nth, day, from, to) = match self {
            Window::Once { from, to } => return Some((*from, *to)).filter(|(from, _)| *from >= at),
            Window::Weekly { nth, day, from, to } => (nth, *day, *from, *to),
        };
        let begins_on = |date: &Date| date.weekday() == day && nth.is_none_or(|n| (date.day() - 1) / 7 + 1 == n);
        let stretch = |date: Date| {
            let end = if from < to { date } else { date.tomorrow().ok()? };
            let instant =
                |date: Date, time: Time| Some(date.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp());
            Some((instant(date, from)?, instant(end, to)?))
        };
        let days = zone.to_datetime(at).date().series(1.day()).take(LOOK_AHEAD);
        days.filter(begins_on).filter_map(stretch).find(|(from, _)| *from >= at)
    }
}

impl FromStr for Windows {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let windows = text.split(';').map(str::trim).filter(|w| !w.is_empty()).map(window).collect::<Result<_, _>>()?;
        Ok(Windows { windows, text: text.trim().to_owned() })
    }
}

impl fmt::Display for Windows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// When something is planned, day by day: `weekly Mon`, `monthly 1`, or a patch day, `2nd Tue + 5d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Each week on this day.
    Weekly(Weekday),
    /// Each month on this day of it; its last where it has fewer.
    Monthly(i8),
    /// Each month on the nth of a weekday, and so many days later.
    Nth {
        /// 1 to 5.
        nth: i8,
        /// The weekday that is counted.
        day: Weekday,
        /// Days later.
        later: i32,
    },
}

/// Days that are looked through for the next planned one: it comes at least in every third month.
const LOOK_AHEAD: usize = 100;

impl Rhythm {
    /// The first planned day that is not before this one.
    pub fn next(self, from: Date) -> Option<Date> {
        from.series(1.day()).take(LOOK_AHEAD).find(|day| self.falls_on(*day))
    }

    fn falls_on(self, day: Date) -> bool {
        match self {
            Rhythm::Weekly(weekday) => day.weekday() == weekday,
            Rhythm::Monthly(number) => day.day() == number.min(day.days_in_month()),
            Rhythm::Nth { nth, day: weekday, later } => day
                .checked_sub(later.days())
                .is_ok_and(|counted| counted.weekday() == weekday && (counted.day() - 1) / 7 + 1 == nth),
        }
    }
}

impl FromStr for Rhythm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no rhythm (write `weekly Mon`, `monthly 1` or `2nd Tue + 5d`)");
        let (days, later) = match text.split_once('+') {
            Some((days, later)) => {
                (days, later.trim().strip_suffix('d').and_then(|d| d.parse().ok()).ok_or_else(wrong)?)
            }
            None => (text, 0),
        };
        let words: Vec<&str> = days.split_whitespace().collect();
        match words.as_slice() {
            ["weekly", day] => weekday(day).map(Rhythm::Weekly).ok_or_else(wrong),
            ["monthly", number] => {
                number.parse().ok().filter(|n| (1..=31).contains(n)).map(Rhythm::Monthly).ok_or_else(wrong)
            }
            [nth, day] => match (ordinal(nth), weekday(day)) {
                (Some(nth), Some(day)) => Ok(Rhythm::Nth { nth, day, later }),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }
}

fn window(text: &str) -> Result<Window, String> {
    let wrong = || format!("`{text}` is no window (write `Sun 01:00-05:00`, `2nd Tue 22:00-02:00` or FROM/TO)");
    if let Some((from, to)) = text.split_once('/') {
        let (from, to) = (from.trim().parse().map_err(|_| wrong())?, to.trim().parse().map_err(|_| wrong())?);
        return Ok(Window::Once { from, to });
    }
    let mut words = text.split_whitespace().peekable();
    let nth = words.peek().and_then(|w| ordinal(w));
    if nth.is_some() {
        words.next();
    }
    let day = words.next().and_then(weekday).ok_or_else(wrong)?;
    let (from, to) = words.next().and_then(|w| w.split_once('-')).ok_or_else(wrong)?;
    if words.next().is_some() {
        return Err(wrong());
    }
    let (from, to) = (clock(from).ok_or_else(wrong)?, clock(to).ok_or_else(wrong)?);
    Ok(Window::Weekly { nth, day, from, to })
}

fn ordinal(word: &str) -> Option<i8> {
    ["1st", "2nd", "3rd", "4th", "5th"].iter().position(|w| w.eq_ignore_ascii_case(word)).map(|i| i as i8 + 1)
}

/// A weekday by its first three letters, in English.
pub fn weekday(word: &str) -> Option<Weekday> {
    let names = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    let start = word.get(..3)?;
    names.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(start)).map(|(_, day)| day)
}

/// `HH:MM`; `24:00` is the midnight that ends the day.
fn clock(word: &str) -> Option<Time> {
    let (hour, minute) = word.split_once(':')?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    if (hour, minute) == (24, 0) { Some(Time::midnight()) } else { Time::new(hour, minute, 0, 0).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(window: &str, at: &str) -> bool {
        window.parse::<Windows>().unwrap().contains(at.parse().unwrap(), &TimeZone::UTC)
    }

    #[test]
    fn a_weekly_window_is_half_open() {
        assert!(holds("Sun 01:00-05:00", "2026-11-22T01:00:00Z"));
        assert!(holds("Sun 01:00-05:00", "2026-11-22T04:59:59Z"));
        assert!(!holds("Sun 01:00-05:00", "2026-11-22T05:00:00Z"));
        assert!(!holds("Sun 01:00-05:00", "2026-11-23T02:00:00Z"));
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_it_begins_on() {
        assert!(holds("2nd Tue 22:00-02:00", "2026-11-10T23:00:00Z"));
        assert!(holds("2nd Tue 22:00-02:00", "2026-11-11T01:59:00Z"));
        assert!(!holds("2nd Tue 22:00-02:00", "2026-11-10T01:00:00Z"));
        assert!(!holds("2nd Tue 22:00-02:00", "2026-11-17T23:00:00Z"));
    }

    #[test]
    fn several_windows_and_single_stretches_are_read() {
        let text = "Sat 20:00-24:00; 2026-12-01T10:00:00Z/2026-12-01T12:00:00Z";
        assert!(holds(text, "2026-11-21T23:59:00Z"));
        assert!(holds(text, "2026-12-01T11:00:00Z"));
        assert!(!holds(text, "2026-12-01T12:00:00Z"));
    }

    #[test]
    fn a_window_is_kept_on_the_clocks_of_its_zone() {
        let windows: Windows = "Sun 01:00-05:00".parse().unwrap();
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert!(windows.contains("2026-11-22T00:30:00Z".parse().unwrap(), &berlin));
        assert!(!windows.contains("2026-11-22T04:30:00Z".parse().unwrap(), &berlin));
    }

    #[test]
    fn planned_days_follow_the_calendar() {
        let next = |rhythm: &str, from: &str| {
            rhythm.parse::<Rhythm>().unwrap().next(from.parse().unwrap()).unwrap().to_string()
        };
        assert_eq!(next("weekly Mon", "2026-11-22"), "2026-11-23");
        assert_eq!(next("weekly Mon", "2026-11-23"), "2026-11-23");
        assert_eq!(next("monthly 31", "2026-11-22"), "2026-11-30");
        assert_eq!(next("2nd Tue", "2026-11-11"), "2026-12-08");
        assert_eq!(next("2nd Tue + 5d", "2026-11-11"), "2026-11-15");
        for text in ["", "daily", "weekly Someday", "monthly 0", "2nd Tue + x"] {
            assert!(text.parse::<Rhythm>().is_err(), "{text}");
        }
    }

    /// The next stretch of a window that begins at or after a time.
    #[test]
    fn the_next_window_is_found_over_months() {
        let windows: Windows = "2nd Tue 22:00-02:00; Sun 01:00-05:00".parse().unwrap();
        let next =
            |at: &str| windows.next(at.parse().unwrap(), &TimeZone::UTC).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(next("2026-11-22T05:00:00Z").unwrap(), "2026-11-29T01:00:00Z 2026-11-29T05:00:00Z");
        assert_eq!(next("2026-12-06T05:00:00Z").unwrap(), "2026-12-08T22:00:00Z 2026-12-09T02:00:00Z");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["Someday 01:00-05:00", "Sun 1-5", "Sun 25:00-26:00", "6th Tue 01:00-02:00", "Sun", "a/b"] {
            assert!(text.parse::<Windows>().is_err(), "{text}");
        }
    }
}
