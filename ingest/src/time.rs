//! From a stamp as a record wrote it to a point in time.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use crate::envelope::{Stamp, bsd_stamp, iso_stamp, with_year};

/// A stamp without a year may lie this far ahead of the receive time (seconds).
pub const MAX_AHEAD: i64 = 24 * 3_600;
/// A 29 February without a year is looked for in this many years back: leap years lie at most 8 years apart.
const YEARS_BACK: i16 = 8;

/// A stamp in any of the notations that applications use: RFC 3339, syslog's, or seconds, milliseconds, microseconds or
/// nanoseconds since 1970, with a fraction or not.
pub fn read(text: &[u8]) -> Option<Stamp> {
    let whole = text.iter().take_while(|b| b.is_ascii_digit()).count();
    if whole >= 9 {
        return read_epoch(text, whole);
    }
    if let Some((_, stamp, _)) = iso_stamp(text) {
        return Some(stamp);
    }
    // the weekday may stand first: `Sun Nov 22 09:14:07 2026`
    let dated = if text.get(3) == Some(&b' ') && !text[..3].contains(&b' ') { bsd_stamp(&text[4..]) } else { None };
    bsd_stamp(text).or(dated).map(|(_, stamp)| stamp)
}

fn read_epoch(text: &[u8], whole: usize) -> Option<Stamp> {
    let number: i64 = std::str::from_utf8(&text[..whole]).ok()?.parse().ok()?;
    let at = match text[whole..].split_first() {
        None => epoch(number)?,
        Some((b'.', fraction)) if fraction.len() <= 9 && fraction.iter().all(u8::is_ascii_digit) => {
            let digits = fraction.iter().chain(std::iter::repeat(&b'0')).take(9);
            let nanos = digits.fold(0, |n, digit| n * 10 + i32::from(digit - b'0'));
            Timestamp::new(epoch(number)?.as_second(), nanos).ok()?
        }
        Some(_) => return None,
    };
    Some(Stamp { civil: TimeZone::UTC.to_datetime(at), has_year: true, offset: Some(0) })
}

/// The point in time of a number that counts seconds, milliseconds, microseconds or nanoseconds since 1970: told by its
/// size, which is sure until the year 5138.
pub fn epoch(number: i64) -> Option<Timestamp> {
    const LAST_SECOND: i64 = 99_999_999_999;
    let units = [1, 1_000, 1_000_000, 1_000_000_000];
    let unit = units.into_iter().find(|unit| (number / unit).abs() <= LAST_SECOND)?;
    let nanos = number.rem_euclid(unit) * (1_000_000_000 / unit);
    Timestamp::new(number.div_euclid(unit), i32::try_from(nanos).ok()?).ok()
}

/// The point in time that a stamp means: without a year, `year` or the latest that lies at most [`MAX_AHEAD`] after the
/// receive time; without a zone, `zone` or UTC. `None` where no such date exists.
pub fn settle(stamp: &Stamp, received: Timestamp, year: Option<i16>, zone: Option<&TimeZone>) -> Option<Timestamp> {
    if stamp.has_year {
        return instant(stamp.civil, stamp.offset, zone);
    }
    if let Some(year) = year {
        return instant(with_year(stamp.civil, year)?, stamp.offset, zone);
    }
    let latest = received.as_second() + MAX_AHEAD;
    // the wall clock is at most a day from UTC, so the year after receipt's is the first candidate
    let first = year_of(received.as_second()) + 1;
    (first - YEARS_BACK - 1..=first)
        .rev()
        .filter_map(|year| instant(with_year(stamp.civil, year)?, stamp.offset, zone))
        .find(|at| at.as_second() <= latest)
}

fn instant(civil: DateTime, offset: Option<i32>, zone: Option<&TimeZone>) -> Option<Timestamp> {
    match (offset, zone) {
        (None, Some(zone)) if *zone != TimeZone::UTC => zone.to_ambiguous_timestamp(civil).compatible().ok(),
        (Some(offset), _) => {
            Offset::from_seconds(offset).ok()?;
            Timestamp::new(seconds(civil) - i64::from(offset), civil.subsec_nanosecond()).ok()
        }
        _ => Timestamp::new(seconds(civil), civil.subsec_nanosecond()).ok(),
    }
}

/// Seconds since 1970 of a wall time read as UTC.
fn seconds(civil: DateTime) -> i64 {
    let days = days_from_civil(i64::from(civil.year()), i64::from(civil.month()), i64::from(civil.day()));
    days * 86_400 + i64::from(civil.hour()) * 3_600 + i64::from(civil.minute()) * 60 + i64::from(civil.second())
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in eras of 400 years that begin in March, so that
/// the leap day is the last day of a year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The year in UTC.
fn year_of(second: i64) -> i16 {
    let day = second.div_euclid(86_400);
    let guess = (1970 + (day * 400).div_euclid(146_097)) as i16;
    // the mean year is right up to a day or two around New Year
    (guess - 1..=guess + 1).rfind(|y| days_from_civil(i64::from(*y), 1, 1) <= day).unwrap_or(guess)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::{bsd_stamp, iso_stamp};

    fn at(text: &str, received: &str) -> String {
        let stamp = bsd_stamp(text.as_bytes()).map(|(_, s)| s).or_else(|| Some(iso_stamp(text.as_bytes())?.1)).unwrap();
        settle(&stamp, received.parse().unwrap(), None, None).map_or("none".into(), |t| t.to_string())
    }

    #[test]
    fn a_stamp_without_a_year_gets_the_latest_that_is_at_most_a_day_ahead() {
        assert_eq!(at("Nov 22 03:09:07", "2026-11-22T03:09:08Z"), "2026-11-22T03:09:07Z");
        assert_eq!(at("Nov 23 03:09:07", "2026-11-22T03:09:07Z"), "2026-11-23T03:09:07Z");
        assert_eq!(at("Nov 23 03:09:08", "2026-11-22T03:09:07Z"), "2025-11-23T03:09:08Z");
        assert_eq!(at("Dec 31 23:59:59", "2027-01-01T00:00:03Z"), "2026-12-31T23:59:59Z");
        assert_eq!(at("Jan  1 00:00:03", "2026-12-31T23:59:59Z"), "2027-01-01T00:00:03Z");
        assert_eq!(at("Feb 29 12:00:00", "2026-11-22T00:00:00Z"), "2024-02-29T12:00:00Z");
    }

    #[test]
    fn applications_write_times_in_many_ways() {
        let read = |text: &str| {
            Some(settle(&read(text.as_bytes())?, "2026-11-22T12:00:00Z".parse().unwrap(), None, None)?.to_string())
        };
        for text in ["1795338847", "1795338847000", "1795338847000000000", "2026-11-22T09:14:07Z", "Nov 22 09:14:07"] {
            assert_eq!(read(text).as_deref(), Some("2026-11-22T09:14:07Z"), "{text}");
        }
        assert_eq!(read("1795338847.25").as_deref(), Some("2026-11-22T09:14:07.25Z"));
        assert_eq!(read("1795338847250").as_deref(), Some("2026-11-22T09:14:07.25Z"));
        assert_eq!(read("99999999999999999999999"), None);
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn a_zone_in_the_stamp_counts() {
        assert_eq!(at("2026-11-22T03:09:07.5+01:00", "2026-11-22T03:09:08Z"), "2026-11-22T02:09:07.5Z");
        assert_eq!(at("2026-11-22 03:09:07 -0530", "2026-11-22T03:09:08Z"), "2026-11-22T08:39:07Z");
    }

    #[test]
    fn a_zone_of_the_host_counts_where_the_stamp_has_none() {
        let stamp = bsd_stamp(b"Jul  1 12:00:00").unwrap().1;
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = settle(&stamp, "2026-11-22T00:00:00Z".parse().unwrap(), None, Some(&zone)).unwrap();
        assert_eq!(at.to_string(), "2026-07-01T10:00:00Z");
    }

    #[test]
    fn the_fast_arithmetic_agrees_with_jiff() {
        for day in (-200_000..200_000).step_by(13) {
            let at = Timestamp::from_second(day * 86_400 + 3_723).unwrap();
            let civil = TimeZone::UTC.to_datetime(at);
            assert_eq!(seconds(civil), at.as_second());
            assert_eq!(year_of(at.as_second()), civil.year(), "{at}");
        }
    }
}
