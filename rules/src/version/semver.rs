//! [Semantic versioning](https://semver.org), as ecosystems write it: a leading `v`, fewer or more than three numbers.

use std::cmp::Ordering;

use super::{magnitude, numbers, padded};

/// The order of two versions; `None` where one has no numbers to begin with.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let ((a, before_a), (b, before_b)) = (parts(a)?, parts(b)?);
    Some(padded(a, b).then_with(|| prerelease(before_a, before_b)))
}

/// The numbers and the pre-release; build metadata has no order.
fn parts(version: &str) -> Option<(Vec<u64>, &str)> {
    let version = version.trim_start_matches(['v', 'V', '=']);
    let version = version.split_once('+').map_or(version, |(version, _)| version);
    let (core, before) = version.split_once('-').unwrap_or((version, ""));
    Some((numbers(core)?, before))
}

/// Section 11: none is the greatest, numbers come before words, more fields after fewer.
fn prerelease(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.is_empty().cmp(&b.is_empty());
    }
    let rank = |field: &str| (!field.bytes().all(|c| c.is_ascii_digit())) as u8;
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (rank(x), rank(y)) {
                (0, 0) => magnitude(x.as_bytes()).cmp(&magnitude(y.as_bytes())),
                (1, 1) => x.cmp(y),
                (x, y) => x.cmp(&y),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends, same},
    };

    #[test]
    fn precedence_is_as_in_section_11() {
        ascends(
            Scheme::Semver,
            &[
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "1.0.1",
                "1.10.0",
                "2.0.0",
            ],
        );
        same(Scheme::Semver, &[("1.0.0+a", "1.0.0+b"), ("v1.2.3", "1.2.3"), ("1.2", "1.2.0")]);
        ascends(Scheme::Semver, &["0.0.0-20240708073652-5a492a3f0036", "0.0.0-20250101000000-aaaaaaaaaaaa", "5.21.2"]);
        ascends(Scheme::Semver, &["4.7.2.1", "4.7.2.10"]);
        apart(Scheme::Semver, &[("latest", "1.0.0"), ("1.x", "1.0.0")]);
    }
}
