//! What is usual: figures per hour over four weeks, and what an hour's figure is held against.
//!
//! From the first day on an hour is held against all hours so far, with a wide margin. From the first week on it is held
//! against the same hour of every day that is remembered, and the hours beside it: so a clock that is put forward or back
//! changes nothing, a weekend or a holiday is low like other weekends, and what runs once a week is known by its weekday.
//! Quantiles and the median absolute deviation keep single bad hours from becoming the measure.

use serde::{Deserialize, Serialize};

/// How far back an hour is remembered.
pub(super) const WEEKS: i64 = 4;
/// Hours in four weeks.
pub(super) const MEMORY: i64 = WEEKS * 7 * DAY;
const DAY: i64 = 24;
const WEEK: i64 = 7 * DAY;
/// Nothing is said of a key that is known for less.
const MIN_AGE: i64 = DAY;
/// Of the same hours, what so many in a hundred do not exceed is the usual most; the rest is no measure.
const HIGH_PERCENT: usize = 95;
/// As many in a hundred do not reach the usual least.
const LOW_PERCENT: usize = 5;
/// How many deviations above the median an hour must lie, whatever the factor.
const DEVIATIONS: f64 = 8.0;
/// A normal distribution's standard deviation is so many median absolute deviations.
const MAD_TO_SIGMA: f64 = 1.4826;
/// While a key is known for less than a week, its factor is so much larger.
const YOUNG: f64 = 2.0;

/// Figures of past hours, in order; hours without any are absent. A figure up to 2²⁴ is exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct History {
    /// The hour of the first record.
    pub since: i64,
    hours: Vec<(u32, f32)>,
}

/// What an hour is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    /// The usual least.
    pub low: f64,
    /// The usual most.
    pub high: f64,
    /// Median of the same hours.
    pub median: f64,
    /// Above this the hour is unusual.
    pub bound: f64,
    /// Whole days that are known.
    pub days: i64,
    /// At least a week is known, so it is the same hour that counts.
    pub same_hour: bool,
}

impl History {
    /// Begins at this hour.
    pub fn since(hour: i64) -> History {
        History { since: hour, hours: Vec::new() }
    }

    /// Adds the figure of an hour that is over, and forgets what is older than four weeks.
    pub fn close(&mut self, hour: i64, figure: f64) {
        self.since = self.since.min(hour);
        let Ok(number) = u32::try_from(hour) else { return };
        let at = self.hours.partition_point(|(known, _)| *known < number);
        match self.hours.get_mut(at) {
            Some((known, own)) if *known == number => *own += figure as f32,
            _ => self.hours.insert(at, (number, figure as f32)),
        }
        let old = self.hours.partition_point(|(known, _)| i64::from(*known) < hour - MEMORY);
        self.hours.drain(..old);
    }

    /// The last hour that had a figure.
    pub fn last(&self) -> Option<i64> {
        self.hours.last().map(|(hour, _)| i64::from(*hour))
    }

    /// How many hours had a figure.
    pub fn len(&self) -> usize {
        self.hours.len()
    }

    /// Bytes of its own.
    pub fn bytes(&self) -> usize {
        self.hours.capacity() * size_of::<(u32, f32)>()
    }

    /// All hours that had a figure.
    pub fn iter(&self) -> impl Iterator<Item = (i64, f64)> + '_ {
        self.hours.iter().map(|(hour, figure)| (i64::from(*hour), f64::from(*figure)))
    }

    /// The figure of an hour; 0 where there was none.
    pub fn figure(&self, hour: i64) -> f64 {
        let Ok(number) = u32::try_from(hour) else { return 0.0 };
        self.hours.binary_search_by_key(&number, |(known, _)| *known).map_or(0.0, |at| f64::from(self.hours[at].1))
    }

    /// What is usual for an hour, from what came before it; `None` while the key is too new.
    pub fn usual(&self, hour: i64, factor: f64) -> Option<Usual> {
        let age = hour - self.since;
        if age < MIN_AGE {
            return None;
        }
        let same_hour = age >= WEEK;
        let mut figures = if same_hour { self.same_hours(hour) } else { self.all_hours(hour) };
        figures.sort_by(f64::total_cmp);
        let rank = |percent: usize| figures[(figures.len() * percent).div_ceil(100).clamp(1, figures.len()) - 1];
        let median = rank(50);
        let mut deviations: Vec<f64> = figures.iter().map(|figure| (figure - median).abs()).collect();
        deviations.sort_by(f64::total_cmp);
        // counts vary at least like a Poisson process does
        let sigma = (deviations[deviations.len() / 2] * MAD_TO_SIGMA).max(median.max(1.0).sqrt());
        let high = if same_hour { rank(HIGH_PERCENT).max(self.same_weekday(hour)) } else { rank(100) };
        let factor = if same_hour { factor } else { factor * YOUNG };
        let bound = (high * factor).max(median + DEVIATIONS * sigma);
        Some(Usual { low: rank(LOW_PERCENT), high, median, bound, days: (age / DAY).min(MEMORY / DAY), same_hour })
    }

    /// The same hour of each day that is remembered, and the hours beside it.
    fn same_hours(&self, hour: i64) -> Vec<f64> {
        let first = self.since.max(hour - MEMORY - 1) + 1;
        let days = (1..=MEMORY / DAY).map(|day| hour - day * DAY);
        days.flat_map(|same| same - 1..=same + 1).filter(|h| *h >= first).map(|h| self.figure(h)).collect()
    }

    /// The most that was seen at this hour of this weekday.
    fn same_weekday(&self, hour: i64) -> f64 {
        let weeks = (1..=WEEKS).map(|week| hour - week * WEEK);
        weeks.flat_map(|same| same - 1..=same + 1).map(|h| self.figure(h)).fold(0.0, f64::max)
    }

    fn all_hours(&self, hour: i64) -> Vec<f64> {
        (self.since..hour).map(|h| self.figure(h)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-02T00:00:00Z, a Monday
    const MONDAY: i64 = 1_793_577_600 / 3_600;

    fn history(hours: i64, figure: impl Fn(i64) -> f64) -> History {
        let mut history = History::since(MONDAY);
        (0..hours).filter(|h| figure(*h) > 0.0).for_each(|h| history.close(MONDAY + h, figure(h)));
        history
    }

    #[test]
    fn the_first_day_says_nothing_and_the_second_is_held_against_it() {
        let day = history(24, |h| 10.0 + (h % 3) as f64);
        assert_eq!(day.usual(MONDAY + 23, 3.0), None);
        let usual = day.usual(MONDAY + 24, 3.0).unwrap();
        assert_eq!((usual.low, usual.high, usual.days, usual.same_hour), (10.0, 12.0, 1, false));
        assert!(usual.bound >= 72.0, "{usual:?}");
    }

    #[test]
    fn later_it_is_the_same_hour_that_counts() {
        // busy at 09:00, calm otherwise
        let weeks = history(28 * 24, |h| if h % 24 == 9 { 1_000.0 } else { 10.0 });
        let night = weeks.usual(MONDAY + 28 * 24 + 3, 3.0).unwrap();
        assert_eq!((night.high, night.same_hour), (10.0, true));
        assert!(night.bound < 100.0);
        let morning = weeks.usual(MONDAY + 28 * 24 + 9, 3.0).unwrap();
        assert_eq!(morning.high, 1_000.0);
        // a clock that is put back or forward
        assert_eq!(weeks.usual(MONDAY + 28 * 24 + 8, 3.0).unwrap().high, 1_000.0);
        assert_eq!(weeks.usual(MONDAY + 28 * 24 + 10, 3.0).unwrap().high, 1_000.0);
    }

    #[test]
    fn what_runs_once_a_week_is_known_and_one_bad_hour_is_no_measure() {
        let weekly = history(28 * 24, |h| if h % (7 * 24) == 26 { 5_000.0 } else { 10.0 });
        assert_eq!(weekly.usual(MONDAY + 28 * 24 + 26, 3.0).unwrap().high, 5_000.0);
        assert_eq!(weekly.usual(MONDAY + 28 * 24 + 50, 3.0).unwrap().high, 10.0);
        let once = history(27 * 24, |h| if h == 10 * 24 { 5_000.0 } else { 10.0 });
        assert_eq!(once.usual(MONDAY + 27 * 24, 3.0).unwrap().high, 10.0);
    }

    #[test]
    fn four_weeks_are_remembered_and_no_more() {
        let long = history(90 * 24, |_| 1.0);
        assert_eq!(long.len() as i64, MEMORY + 1);
        assert_eq!((long.figure(MONDAY), long.figure(MONDAY + 89 * 24)), (0.0, 1.0));
        assert!(long.bytes() < 16 * 1_024);
        assert_eq!(long.usual(MONDAY + 90 * 24, 3.0).unwrap().days, 28);
    }
}
