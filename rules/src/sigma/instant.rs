//! Times as numbers: windows compare them millions of times.

use jiff::{SignedDuration, Timestamp};

/// Nanoseconds since 1970; times outside of 1677 to 2262 count as the nearest within.
pub(super) type Nanos = i64;

pub(super) const SECOND: Nanos = 1_000_000_000;

/// The number of a time.
pub(super) fn nanos(at: Timestamp) -> Nanos {
    at.as_second().saturating_mul(SECOND).saturating_add(i64::from(at.subsec_nanosecond()))
}

/// The length of a duration.
pub(super) fn length(duration: SignedDuration) -> Nanos {
    duration.as_secs().saturating_mul(SECOND).saturating_add(i64::from(duration.subsec_nanos()))
}

/// The time of a number.
pub(super) fn timestamp(at: Nanos) -> Timestamp {
    Timestamp::new(at.div_euclid(SECOND), at.rem_euclid(SECOND) as i32).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_as_they_were() {
        for text in ["2026-11-20T10:00:00.000000001Z", "1969-12-31T23:59:59.25Z", "1970-01-01T00:00:00Z"] {
            let at: Timestamp = text.parse().unwrap();
            assert_eq!(timestamp(nanos(at)), at);
        }
        assert_eq!(nanos(Timestamp::MAX), i64::MAX);
    }
}
