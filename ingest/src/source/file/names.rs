//! What rotation does to names: `access.log` becomes `access.log.1`, `access.log-20261122`, `access.log.2.gz`.

use std::path::{Path, PathBuf};

use super::content::Codec;

/// Most digits of a number that counts rotations; longer ones are dates or seconds.
const MAX_COUNT_DIGITS: usize = 4;
/// Fewest digits of a date (`20261122`), which may stand behind a hyphen too.
const MIN_DATE_DIGITS: usize = 8;

/// The name that a rotated file had while it was written to; its own where it is none.
pub fn live_name(name: &str) -> &str {
    let plain = Codec::of(name).map_or(name, |codec| name.strip_suffix(codec.suffix()).unwrap_or(name));
    let stem = plain.strip_suffix(".old").unwrap_or(plain);
    let mut live = stem;
    while let Some(shorter) = without_stamp(live) {
        live = shorter;
    }
    if live.is_empty() { name } else { live }
}

/// The path that a rotated file had while it was written to.
pub fn live_path(path: &Path) -> PathBuf {
    match path.file_name().and_then(|name| name.to_str()) {
        Some(name) => path.with_file_name(live_name(name)),
        None => path.to_owned(),
    }
}

/// A name without the count, date or time at its end: `.1`, `-20261122`, `.2026-11-22`, `-1795312800`.
fn without_stamp(name: &str) -> Option<&str> {
    let stamp = |c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | 'T' | 'Z' | ':');
    let rest = name.trim_end_matches(stamp);
    // The separator is a dot, or a hyphen, which may itself stand in a date.
    let (stem, tail) = match rest.strip_suffix('.') {
        Some(stem) => (stem, &name[rest.len()..]),
        None => (rest, name[rest.len()..].strip_prefix(['-', '_'])?),
    };
    let digits = tail.bytes().filter(u8::is_ascii_digit).count();
    let counts = rest.ends_with('.') && tail.len() == digits && (1..=MAX_COUNT_DIGITS).contains(&digits);
    let dates = digits >= MIN_DATE_DIGITS && tail.starts_with(|c: char| c.is_ascii_digit());
    ((counts || dates) && !stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotated_names_lead_back_to_the_live_one_and_others_to_themselves() {
        for (name, live) in [
            ("access.log", "access.log"),
            ("access.log.1", "access.log"),
            ("access.log.12.gz", "access.log"),
            ("access.log.gz", "access.log"),
            ("access.log-20261122", "access.log"),
            ("access.log-20261122.zst", "access.log"),
            ("access.log-20261122-1795312800.gz", "access.log"),
            ("access.log.2026-11-22", "access.log"),
            ("access.log.2026-11-22_10.1", "access.log"),
            ("access.log-2026-11-22T10:00:00Z", "access.log"),
            ("messages-20261122", "messages"),
            ("audit.log.old", "audit.log"),
            ("worker-1", "worker-1"),
            ("app-2026.log", "app-2026.log"),
            ("postgresql-2026-11-22_000000.log", "postgresql-2026-11-22_000000.log"),
            ("20261122", "20261122"),
            ("1", "1"),
            (".gz", ".gz"),
            ("backup.log.bak", "backup.log.bak"),
        ] {
            assert_eq!(live_name(name), live, "{name}");
        }
    }
}
