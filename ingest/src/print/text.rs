//! Strings, integers and times as JSON writes them.

use std::{cell::RefCell, ops::Range};

use jiff::Timestamp;

const HEX: &[u8; 16] = b"0123456789abcdef";
const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Bytes that [`copy`] takes at a time.
const STEP: usize = 32;
/// What may follow bytes that are to be copied, so that [`copy`] never has to look where they end.
pub(super) const PADDING: [u8; STEP] = [0; STEP];

/// Appends a part of these bytes. Short ones cost less than a call of `memmove`: whole steps are copied where the bytes go
/// on that far, and what was too much is taken back.
#[inline]
pub(super) fn copy(bytes: &[u8], part: Range<usize>, out: &mut Vec<u8>) {
    let end = out.len() + part.len();
    let mut at = part.start;
    while at < part.end {
        let Some(step) = bytes[at..].first_chunk::<STEP>() else {
            out.extend_from_slice(&bytes[at..part.end]);
            break;
        };
        out.extend_from_slice(step);
        at += STEP;
    }
    out.truncate(end);
}

/// Whether all of it may stand in a JSON string as it is, and is ASCII.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let plain = |byte: &u8| (0x20..0x7F).contains(byte) & (*byte != b'"') & (*byte != b'\\');
    let (steps, rest) = bytes.as_chunks::<STEP>();
    let step = |step: &[u8; STEP]| step.iter().fold(true, |all, byte| all & plain(byte));
    steps.iter().all(step) && rest.iter().all(plain)
}

/// Appends a part of these bytes as a quoted JSON string; the caller knows that they are plain.
#[inline]
pub(super) fn write_plain(bytes: &[u8], part: Range<usize>, out: &mut Vec<u8>) {
    out.push(b'"');
    copy(bytes, part, out);
    out.push(b'"');
}

/// Appends bytes as a quoted JSON string (RFC 8259, section 7); what is no UTF-8 becomes U+FFFD.
#[inline]
pub fn write_string(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let plain = run::<true>(bytes);
    out.extend_from_slice(&bytes[..plain]);
    if plain < bytes.len() {
        write_rest(&bytes[plain..], out);
    }
    out.push(b'"');
}

fn write_rest(bytes: &[u8], out: &mut Vec<u8>) {
    if std::str::from_utf8(bytes).is_ok() {
        return write_escaped(bytes, out);
    }
    for chunk in bytes.utf8_chunks() {
        write_escaped(chunk.valid().as_bytes(), out);
        if !chunk.invalid().is_empty() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
}

fn write_escaped(mut bytes: &[u8], out: &mut Vec<u8>) {
    loop {
        let safe = run::<false>(bytes);
        out.extend_from_slice(&bytes[..safe]);
        let Some(&byte) = bytes.get(safe) else { return };
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => {
                let hex = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&hex);
            }
        }
        bytes = &bytes[safe + 1..];
    }
}

/// Length of the leading run without quotes, backslashes and control characters (and, where asked, without anything but
/// ASCII), found eight bytes at a time.
#[inline]
fn run<const ASCII: bool>(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk() {
        let special = special::<ASCII>(u64::from_le_bytes(*chunk));
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = &bytes[at..];
    let stops = |b: &u8| *b < 0x20 || *b == b'"' || *b == b'\\' || ASCII && *b >= 0x80;
    at + rest.iter().position(stops).unwrap_or(rest.len())
}

/// The high bit of each byte that stops a run; exact up to and including the lowest one, which is all we use.
fn special<const ASCII: bool>(word: u64) -> u64 {
    let below = |x: u64, n: u64| x.wrapping_sub(EACH * n) & !x & HIGH;
    let equal = |byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    let stops = below(word, 0x20) | equal(b'"') | equal(b'\\');
    if ASCII { stops | word & HIGH } else { stops }
}

/// Appends an integer in decimal.
pub(super) fn write_int(n: i64, out: &mut Vec<u8>) {
    if n < 0 {
        out.push(b'-');
    }
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut left = n.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a time as RFC 3339 in UTC with `Z`: whole seconds, or as many of 3, 6 or 9 digits as it needs.
pub fn write_time(time: Timestamp, out: &mut Vec<u8>) {
    // both parts of a time before 1970 are negative
    let (seconds, nanos) = match (time.as_second(), time.subsec_nanosecond()) {
        (seconds, nanos @ 0..) => (seconds, nanos as u32),
        (seconds, nanos) => (seconds - 1, (1_000_000_000 + nanos) as u32),
    };
    if seconds < YEAR_ZERO {
        out.push(b'-');
    }
    let text = SPELLED.with_borrow_mut(|spelled| {
        let known = &mut spelled[seconds as usize % SECONDS];
        if known.0 != seconds {
            *known = (seconds, spell(seconds));
        }
        known.1
    });
    out.extend_from_slice(&text);
    if nanos != 0 {
        let mut fraction = *b".000000000";
        put(&mut fraction[1..], nanos);
        let digits =
            [(1_000_000, 3), (1_000, 6)].iter().find(|(unit, _)| nanos.is_multiple_of(*unit)).map_or(9, |(_, n)| *n);
        out.extend_from_slice(&fraction[..=digits]);
    }
    out.push(b'Z');
}

/// Seconds of which a thread remembers the text: times come in order, mostly two to an event.
const SECONDS: usize = 8;
/// Begin of the year 0, in seconds since 1970.
const YEAR_ZERO: i64 = -62_167_219_200;

thread_local! {
    static SPELLED: RefCell<[(i64, [u8; 19]); SECONDS]> = const { RefCell::new([(i64::MAX, [0; 19]); SECONDS]) };
}

/// Date and time without sign, fraction and zone.
fn spell(seconds: i64) -> [u8; 19] {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) as u32);
    let (year, month, day) = civil(days);
    let mut text = *b"0000-00-00T00:00:00";
    put(&mut text[0..4], year.unsigned_abs() as u32);
    put(&mut text[5..7], month);
    put(&mut text[8..10], day);
    put(&mut text[11..13], second / 3600);
    put(&mut text[14..16], second / 60 % 60);
    put(&mut text[17..19], second % 60);
    text
}

pub(super) fn write_quoted_time(time: Timestamp, out: &mut Vec<u8>) {
    out.push(b'"');
    write_time(time, out);
    out.push(b'"');
}

fn put(place: &mut [u8], mut n: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (n % 10) as u8;
        n /= 10;
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar, by eras of 400 years
/// that begin on 1 March (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * march_month + 2) / 5 + 1) as u32;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
