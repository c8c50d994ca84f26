//! Durations as people write them: `30s`, `15m`, `4h`, `2d`, and several units in a row (`1d12h`).

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Units and their seconds, the longest first. A day is 24 hours here, whatever the clock does in spring.
const UNITS: [(char, i64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Longest duration that is accepted: ten thousand days.
pub const MAX_SECONDS: i64 = 864_000_000;

/// A length of time, in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Duration {
    /// So many seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Duration(seconds)
    }
    /// So many minutes.
    pub const fn minutes(minutes: i64) -> Self {
        Duration(minutes * 60)
    }
    /// So many hours.
    pub const fn hours(hours: i64) -> Self {
        Duration(hours * 3_600)
    }
    /// So many days of 24 hours.
    pub const fn days(days: i64) -> Self {
        Duration(days * 86_400)
    }
    /// Its length in seconds.
    pub const fn as_seconds(self) -> i64 {
        self.0
    }
    /// This long after a time; the latest time there is where that lies beyond it.
    pub fn after(self, at: Timestamp) -> Timestamp {
        at.checked_add(SignedDuration::from_secs(self.0)).unwrap_or(Timestamp::MAX)
    }
    /// This long before a time; the earliest time there is where that lies beyond it.
    pub fn before(self, at: Timestamp) -> Timestamp {
        at.checked_sub(SignedDuration::from_secs(self.0)).unwrap_or(Timestamp::MIN)
    }
    /// So many times as long.
    pub fn times(self, factor: f64) -> Self {
        Duration(((self.0 as f64 * factor) as i64).clamp(0, MAX_SECONDS))
    }
}

impl From<Duration> for std::time::Duration {
    fn from(duration: Duration) -> Self {
        std::time::Duration::from_secs(duration.0.max(0).cast_unsigned())
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a duration: write whole numbers and s, m, h, d or w (30s 15m 4h 2d 1d12h)");
        let (mut total, mut number, mut digits) = (0i64, 0i64, 0);
        for c in text.trim().chars() {
            if let Some(digit) = c.to_digit(10) {
                number = number.checked_mul(10).and_then(|n| n.checked_add(digit.into())).ok_or_else(wrong)?;
                digits += 1;
            } else {
                let (_, seconds) = UNITS.iter().find(|(unit, _)| *unit == c).ok_or_else(wrong)?;
                if digits == 0 {
                    return Err(wrong());
                }
                total = number.checked_mul(*seconds).and_then(|n| n.checked_add(total)).ok_or_else(wrong)?;
                (number, digits) = (0, 0);
            }
        }
        if digits > 0 || text.trim().is_empty() {
            return Err(wrong());
        }
        if total > MAX_SECONDS {
            return Err(format!("`{text}` is longer than {} days", MAX_SECONDS / 86_400));
        }
        Ok(Duration(total))
    }
}

impl fmt::Display for Duration {
    /// The shortest exact form, in at most two units of days, hours, minutes and seconds where that is exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 <= 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, seconds) in UNITS.into_iter().skip(1) {
            if rest >= seconds {
                write!(f, "{}{unit}", rest / seconds)?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^([0-9]+[wdhms])+$",
            "description": "A duration: 30s, 15m, 4h, 2d, 1d12h"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_write_them() {
        for (text, seconds) in [("30s", 30), ("15m", 900), ("48h", 172_800), ("14d", 1_209_600), ("1d12h", 129_600)] {
            assert_eq!(text.parse::<Duration>().unwrap().as_seconds(), seconds, "{text}");
        }
        for text in ["", "5", "h", "4x", "1.5h", "-2h", "99999999999999999999d", "9999999d"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_prints_so_that_it_reads_back_the_same() {
        for seconds in [0, 1, 59, 60, 3_601, 86_400, 129_600, 1_209_600] {
            let duration = Duration::seconds(seconds);
            assert_eq!(duration.to_string().parse::<Duration>().unwrap(), duration);
        }
        assert_eq!(Duration::hours(36).to_string(), "1d12h");
    }
}
