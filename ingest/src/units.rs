//! How people write durations (`30s 15m 4h 2d`) and sizes (`64KiB 1GiB`), in configuration and in files alike.

use std::{fmt, str::FromStr, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The units of a duration and their seconds, the longest first.
const DURATION_UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

/// The units of a size and their bytes, the largest first.
const SIZE_UNITS: [(&str, u64); 5] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Why a text is no duration or size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// It is not a whole number followed by one of the units of time.
    #[error("`{0}` is not a duration: write a whole number and s, m, h or d (30s 15m 4h 2d)")]
    Duration(String),
    /// It is not a whole number followed by one of the units of size.
    #[error("`{0}` is not a size: write a whole number and B, KiB, MiB, GiB or TiB (64KiB 1GiB)")]
    Size(String),
}

/// A length of time, in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval(pub Duration);

impl Interval {
    /// So many seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Interval(Duration::from_secs(seconds))
    }

    /// Whole seconds.
    pub const fn as_secs(self) -> u64 {
        self.0.as_secs()
    }
}

impl FromStr for Interval {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        scaled(text, &DURATION_UNITS).map(Interval::from_secs).ok_or_else(|| UnitError::Duration(text.into()))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.as_secs(), &DURATION_UNITS)
    }
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(pub u64);

impl FromStr for Size {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        scaled(text, &SIZE_UNITS).map(Size).ok_or_else(|| UnitError::Size(text.into()))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, &SIZE_UNITS)
    }
}

/// A whole number directly followed by a unit; `None` for anything else and for what does not fit.
fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

/// The number in the largest unit that divides it.
fn write_scaled(f: &mut fmt::Formatter<'_>, value: u64, units: &[(&str, u64)]) -> fmt::Result {
    let fits = units.iter().find(|(_, factor)| value > 0 && value.is_multiple_of(*factor));
    let (unit, factor) = fits.unwrap_or(&units[units.len() - 1]);
    write!(f, "{}{unit}", value / factor)
}

macro_rules! text_serde {
    ($type:ident, $name:literal, $pattern:literal, $about:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "description": $about })
            }
        }
    };
}

text_serde!(Interval, "Duration", "^[0-9]+[smhd]$", "A duration: 30s, 15m, 4h, 2d");
text_serde!(Size, "Size", "^[0-9]+([KMGT]i)?B$", "A size: 64KiB, 1GiB");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_read_back_as_they_were_written() {
        for (text, seconds) in [("0s", 0), ("30s", 30), ("15m", 900), ("4h", 14_400), ("2d", 172_800)] {
            let interval: Interval = text.parse().unwrap();
            assert_eq!(interval.as_secs(), seconds);
            assert_eq!(interval.to_string(), text);
        }
        for (text, bytes) in [("0B", 0), ("64KiB", 65_536), ("20GiB", 20 << 30), ("1000B", 1_000)] {
            let size: Size = text.parse().unwrap();
            assert_eq!(size.0, bytes);
            assert_eq!(size.to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "5", "s", "1.5h", "-3s", "1 h", "3w", "99999999999999999999s", "18446744073709551615d"] {
            assert!(text.parse::<Interval>().is_err(), "{text}");
        }
        for text in ["", "64", "64KB", "64kib", "KiB", "18446744073709551615TiB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
