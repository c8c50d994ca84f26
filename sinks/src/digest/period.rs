//! Weeks and months: from Monday 00:00 to Monday 00:00, or from a month's first day to the next one's, on the clocks
//! of the digest's time zone.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, ISOWeekDate, Weekday},
    tz::TimeZone,
};

use super::model::Span;

/// A week or a month in a time zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    zone: TimeZone,
    first: Date,
    monthly: bool,
}

/// A name that is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period: write a week as 2026-W47 or a month as 2026-11")]
pub struct PeriodError(pub String);

impl Period {
    /// The week that this time lies in.
    pub fn week_of(at: Timestamp, zone: &TimeZone) -> Period {
        let day = zone.to_datetime(at).date();
        let back = i64::from(day.weekday().to_monday_zero_offset());
        Period { zone: zone.clone(), first: day.saturating_sub(back.days()), monthly: false }
    }

    /// The month that this time lies in.
    pub fn month_of(at: Timestamp, zone: &TimeZone) -> Period {
        Period { zone: zone.clone(), first: zone.to_datetime(at).date().first_of_month(), monthly: true }
    }

    /// Reads `2026-W47` or `2026-11`.
    ///
    /// # Errors
    /// Any other name, or a week that the year does not have.
    pub fn parse(name: &str, zone: &TimeZone) -> Result<Period, PeriodError> {
        let no = || PeriodError(name.to_owned());
        let (year, rest) = name.split_once('-').ok_or_else(no)?;
        let year: i16 = year.parse().map_err(|_| no())?;
        let first = match rest.strip_prefix('W') {
            Some(week) => {
                let week = week.parse().map_err(|_| no())?;
                ISOWeekDate::new(year, week, Weekday::Monday).map_err(|_| no())?.date()
            }
            None => Date::new(year, rest.parse().map_err(|_| no())?, 1).map_err(|_| no())?,
        };
        let period = Period { zone: zone.clone(), first, monthly: !rest.starts_with('W') };
        if period.name() == name { Ok(period) } else { Err(no()) }
    }

    /// The weeks that have ended by `now`, from the one that `since` lies in.
    pub fn ended(since: Timestamp, now: Timestamp, zone: &TimeZone) -> Vec<Period> {
        std::iter::successors(Some(Period::week_of(since, zone)), |week| Some(week.following()))
            .take_while(|week| week.to() <= now && week.from() < week.to())
            .collect()
    }

    /// `2026-W47` or `2026-11`.
    pub fn name(&self) -> String {
        if self.monthly {
            return self.first.strftime("%Y-%m").to_string();
        }
        let week = self.first.iso_week_date();
        format!("{:04}-W{:02}", week.year(), week.week())
    }

    /// Its first instant.
    pub fn from(&self) -> Timestamp {
        start(self.first, &self.zone)
    }

    /// The first instant after it.
    pub fn to(&self) -> Timestamp {
        start(self.following().first, &self.zone)
    }

    /// Its first day.
    pub fn first_day(&self) -> Date {
        self.first
    }

    /// The first day after it.
    pub fn end_day(&self) -> Date {
        self.following().first
    }

    /// A whole month rather than a week.
    pub fn is_month(&self) -> bool {
        self.monthly
    }

    /// Whose clocks it follows.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The one after it.
    pub fn following(&self) -> Period {
        let span = if self.monthly { 1.month() } else { 1.week() };
        Period { first: self.first.saturating_add(span), ..self.clone() }
    }

    /// The one before it.
    pub fn previous(&self) -> Period {
        let span = if self.monthly { 1.month() } else { 1.week() };
        Period { first: self.first.saturating_sub(span), ..self.clone() }
    }

    /// As many weeks, the newest last: this one and those before it, or those that had ended with the month.
    pub fn weeks(&self, count: usize) -> Vec<Period> {
        let newest = if self.monthly { Period::week_of(self.to(), &self.zone).previous() } else { self.clone() };
        let mut weeks: Vec<Period> =
            std::iter::successors(Some(newest), |week| Some(week.previous())).take(count).collect();
        weeks.reverse();
        weeks
    }

    /// As it stands in the record.
    pub fn span(&self) -> Span {
        Span { name: self.name(), from: self.from(), to: self.to() }
    }
}

fn start(day: Date, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible().map(|z| z.timestamp()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC)
    }

    #[test]
    fn a_week_with_a_change_of_clocks_is_still_monday_to_monday() {
        let week = Period::parse("2026-W43", &berlin()).unwrap();
        assert_eq!(week.from().to_string(), "2026-10-18T22:00:00Z");
        assert_eq!(week.to().to_string(), "2026-10-25T23:00:00Z");
        assert_eq!(Period::week_of("2026-10-25T22:59:59Z".parse().unwrap(), &berlin()), week);
        assert_eq!(Period::week_of(week.to(), &berlin()), week.following());
    }

    #[test]
    fn names_are_read_back_and_others_are_refused() {
        for name in ["2026-W01", "2020-W53", "2026-11", "2027-02"] {
            assert_eq!(Period::parse(name, &TimeZone::UTC).unwrap().name(), name);
        }
        for name in ["2026-W54", "2021-W53", "2026-13", "2026", "W47", "2026-w47", "2026-W7", "2026-11-01", "", "-"] {
            assert!(Period::parse(name, &TimeZone::UTC).is_err(), "{name}");
        }
    }

    #[test]
    fn only_weeks_that_ended_are_listed() {
        let since = "2026-11-03T10:00:00Z".parse().unwrap();
        let names = |now: &str| -> Vec<String> {
            Period::ended(since, now.parse().unwrap(), &TimeZone::UTC).iter().map(Period::name).collect()
        };
        assert_eq!(names("2026-11-08T23:59:59Z"), Vec::<String>::new());
        assert_eq!(names("2026-11-09T00:00:00Z"), ["2026-W45"]);
        assert_eq!(names("2026-11-24T00:00:00Z"), ["2026-W45", "2026-W46", "2026-W47"]);
    }

    #[test]
    fn a_months_trend_is_the_weeks_that_had_ended() {
        let month = Period::parse("2026-11", &TimeZone::UTC).unwrap();
        let weeks: Vec<String> = month.weeks(3).iter().map(Period::name).collect();
        assert_eq!(weeks, ["2026-W46", "2026-W47", "2026-W48"]);
    }
}
