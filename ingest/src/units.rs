//! How people write sizes (`64KiB 1GiB`), in configuration and in files alike.

use std::{borrow::Cow, fmt, net::SocketAddr, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The units of a size and their bytes, the largest first.
const SIZE_UNITS: [(&str, u64); 5] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// A text is no size: it is not a whole number followed by one of the units.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a size: write a whole number and B, KiB, MiB, GiB or TiB (64KiB 1GiB)")]
pub struct SizeError(String);

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(pub u64);

impl FromStr for Size {
    type Err = SizeError;

    /// A whole number directly followed by a unit.
    fn from_str(text: &str) -> Result<Self, SizeError> {
        let bytes = || {
            let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
            let (_, factor) = SIZE_UNITS.iter().find(|(name, _)| *name == unit)?;
            number.parse::<u64>().ok()?.checked_mul(*factor)
        };
        bytes().map(Size).ok_or_else(|| SizeError(text.into()))
    }
}

impl fmt::Display for Size {
    /// The number in the largest unit that divides it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = SIZE_UNITS.iter().find(|(_, factor)| self.0 > 0 && self.0.is_multiple_of(*factor));
        let (unit, factor) = fits.unwrap_or(&SIZE_UNITS[SIZE_UNITS.len() - 1]);
        write!(f, "{}{unit}", self.0 / factor)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Size {
    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let pattern = "^[0-9]+([KMGT]i)?B$";
        schemars::json_schema!({ "type": "string", "pattern": pattern, "description": "A size: 64KiB, 1GiB" })
    }
}

/// Reads an address with a port, with a better word than the standard library's for what is none.
///
/// # Errors
/// The text is no address with a port.
pub fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    let told = |_| {
        let what = format!("`{text}` is not an address with a port: write 127.0.0.1:9514 or [::1]:9514");
        serde::de::Error::custom(what)
    };
    text.parse().map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_back_as_they_were_written() {
        for (text, bytes) in [("0B", 0), ("64KiB", 65_536), ("20GiB", 20 << 30), ("1000B", 1_000)] {
            let size: Size = text.parse().unwrap();
            assert_eq!(size.0, bytes);
            assert_eq!(size.to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "64", "64KB", "64kib", "KiB", "18446744073709551615TiB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
