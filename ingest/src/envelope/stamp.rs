//! The times of headers and messages: BSD syslog's, Cisco's and RFC 3339 in all their spellings.

use jiff::civil::DateTime;

use super::{number, short_number, skip_blanks};

/// The year of a stamp that has none: a leap year, so that 29 February is a date.
const YEAR_UNKNOWN: i16 = 2000;

/// A time as a record wrote it, before year and zone are settled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stamp {
    /// Wall time; the year is a leap year's placeholder where `has_year` is false.
    pub civil: DateTime,
    /// The record gave the year.
    pub has_year: bool,
    /// Seconds east of UTC, where the record gave a zone.
    pub offset: Option<i32>,
}

/// `Nov 22 03:09:07`, `Nov  2 …`, with the year before or after the time, a fraction, and a zone before a colon.
pub fn bsd_stamp(text: &[u8]) -> Option<(&[u8], Stamp)> {
    let month = month(text.get(..3)?)?;
    let rest = skip_blanks(text[3..].strip_prefix(b" ")?);
    let (day, rest) = short_number(rest, 2)?;
    let mut rest = skip_blanks(rest.strip_prefix(b" ")?);
    let mut year = None;
    if let (Some(found), Some(b' ')) = (rest.get(..4).and_then(number), rest.get(4)) {
        (year, rest) = (Some(found as i16), skip_blanks(&rest[5..]));
    }
    let (rest, [hour, minute, second], nano, _) = clock(rest)?;
    let mut rest = rest;
    if year.is_none()
        && let (Some(b' '), Some(found)) = (rest.first(), rest.get(1..5).and_then(number))
        && matches!(&rest[5..], [] | [b' ', ..] | [b':', b' ', ..])
    {
        (year, rest) = (Some(found as i16).filter(|y| *y >= 1970), &rest[5..]);
    }
    let mut offset = None;
    if let Some((after, seconds)) = named_zone(rest) {
        (offset, rest) = (Some(seconds), after);
    }
    let civil = date_time(year.unwrap_or(YEAR_UNKNOWN), month, day as i8, hour, minute, second, nano)?;
    Some((rest, Stamp { civil, has_year: year.is_some(), offset }))
}

/// A zone's name between time and colon, as Cisco writes it (`03:09:07.123 UTC: `).
fn named_zone(text: &[u8]) -> Option<(&[u8], i32)> {
    let name = text.strip_prefix(b" ")?;
    let end = name.iter().take(5).take_while(|b| b.is_ascii_uppercase()).count();
    let offset = zone_offset(&name[..end])?;
    (name.get(end) == Some(&b':')).then(|| (&name[end..], offset))
}

/// Seconds east of UTC of the zone names that devices and databases write.
pub(crate) fn zone_offset(name: &[u8]) -> Option<i32> {
    let hours = match name {
        b"UTC" | b"GMT" | b"Z" | b"WET" => 0,
        b"CET" | b"BST" | b"WEST" => 1,
        b"CEST" | b"EET" => 2,
        b"EEST" | b"MSK" => 3,
        b"EST" | b"CDT" => -5,
        b"EDT" => -4,
        b"CST" | b"MDT" => -6,
        b"MST" | b"PDT" => -7,
        b"PST" => -8,
        b"SGT" | b"HKT" => 8,
        b"JST" | b"KST" => 9,
        b"AEST" => 10,
        b"AEDT" => 11,
        b"NZST" => 12,
        b"NZDT" => 13,
        _ => return None,
    };
    Some(hours * 3_600)
}

/// `2026-11-22T03:09:07.123+01:00` (RFC 3339), with a blank for the T, a comma before the fraction, any zone or none.
/// The flag: the fraction stands behind a comma.
pub fn iso_stamp(text: &[u8]) -> Option<(&[u8], Stamp, bool)> {
    let date = text.get(..11)?;
    let year = number(&date[..4])?;
    let mark = date[4];
    if !(mark == b'-' || mark == b'/') || date[7] != mark || !matches!(date[10], b'T' | b' ' | b't') {
        return None;
    }
    let (month, day) = (number(&date[5..7])?, number(&date[8..10])?);
    let (rest, [hour, minute, second], nano, comma) = clock(skip_blanks(&text[11..]))?;
    let (rest, offset) = match numeric_zone(rest) {
        Some((rest, offset)) => (rest, Some(offset)),
        None => (rest, None),
    };
    let civil = date_time(year as i16, month as i8, day as i8, hour, minute, second, nano)?;
    Some((rest, Stamp { civil, has_year: true, offset }, comma))
}

/// `Z`, `+01:00`, `+0100` or `+01`, with a blank before a sign.
fn numeric_zone(text: &[u8]) -> Option<(&[u8], i32)> {
    if let Some(rest) = text.strip_prefix(b"Z") {
        return Some((rest, 0));
    }
    let (sign, digits) = match text {
        [b'+', rest @ ..] | [b' ', b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] | [b' ', b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let hours = digits.get(..2).and_then(number).filter(|h| *h <= 18)? as i32;
    let rest = &digits[2..];
    let colonless = rest.strip_prefix(b":").unwrap_or(rest);
    match colonless.get(..2).and_then(number) {
        Some(minutes) if minutes < 60 => Some((&colonless[2..], sign * (hours * 3_600 + minutes as i32 * 60))),
        _ if text[0] == b' ' => None,
        _ => Some((rest, sign * hours * 3_600)),
    }
}

type Clock<'r> = (&'r [u8], [i8; 3], i32, bool);

/// `03:09:07`, with a fraction of up to nine digits behind a point or a comma; a leap second is the second before.
fn clock(text: &[u8]) -> Option<Clock<'_>> {
    let (hour, rest) = short_number(text, 2)?;
    let (minute, rest) = short_number(rest.strip_prefix(b":")?, 2)?;
    let (second, mut rest) = short_number(rest.strip_prefix(b":")?, 2)?;
    let (mut nano, mut comma) = (0, false);
    if let [mark @ (b'.' | b','), b'0'..=b'9', ..] = rest {
        comma = *mark == b',';
        let digits = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
        for i in 0..9 {
            nano = nano * 10 + if i < digits { i32::from(rest[1 + i] - b'0') } else { 0 };
        }
        rest = &rest[1 + digits..];
    }
    Some((rest, [hour as i8, minute as i8, second.min(59) as i8], nano, comma))
}

fn date_time(year: i16, month: i8, day: i8, hour: i8, minute: i8, second: i8, nano: i32) -> Option<DateTime> {
    DateTime::new(year, month, day, hour, minute, second, nano).ok()
}

/// The same day and time in another year; `None` for 29 February where it has none.
pub(crate) fn with_year(civil: DateTime, year: i16) -> Option<DateTime> {
    date_time(year, civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second(), civil.subsec_nanosecond())
}

/// The month of an English abbreviation in any case, 1 to 12.
pub fn month(name: &[u8]) -> Option<i8> {
    let &[a, b, c] = name else { return None };
    Some(match &[a | 0x20, b | 0x20, c | 0x20] {
        b"jan" => 1,
        b"feb" => 2,
        b"mar" => 3,
        b"apr" => 4,
        b"may" => 5,
        b"jun" => 6,
        b"jul" => 7,
        b"aug" => 8,
        b"sep" => 9,
        b"oct" => 10,
        b"nov" => 11,
        b"dec" => 12,
        _ => return None,
    })
}
