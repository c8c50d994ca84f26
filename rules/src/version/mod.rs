//! Comparing versions. Each scheme has an order of its own, a file here each; comparing strings, or one scheme by
//! another's rules, is how "fixed" gets said of what is not.
//!
//! Where a scheme cannot say, because a version is not of its form or two release trains have no common order, there is
//! no order ([`Scheme::compare`] gives `None`), and that never counts as fixed.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod alpm;
mod apk;
mod deb;
mod fortios;
mod gem;
mod ios;
mod junos;
mod maven;
mod panos;
mod pep440;
mod rpm;
mod semver;
mod windows;

/// How a product's versions are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Debian and Ubuntu packages, [deb-version(7)](https://manpages.debian.org/deb-version).
    Deb,
    /// Red Hat, SUSE and their kin.
    Rpm,
    /// Arch Linux, [vercmp(8)](https://man.archlinux.org/man/vercmp.8).
    Alpm,
    /// Alpine Linux.
    Apk,
    /// [Semantic versioning](https://semver.org): Go, npm, crates, NuGet, in-house software.
    Semver,
    /// Python packages, [PEP 440](https://peps.python.org/pep-0440/).
    Pep440,
    /// Java packages, [Maven's order](https://maven.apache.org/pom.html#version-order-specification).
    Maven,
    /// Ruby packages.
    Gem,
    /// Windows builds: `10.0.17134.165`.
    Winbuild,
    /// Fortinet: `v7.4.5,build2702`.
    Fortios,
    /// Cisco IOS, IOS-XE and NX-OS: `12.1(19)EA1`, `17.9.5`, `9.3(10)`.
    Ios,
    /// Palo Alto Networks: `10.2.9-h1`.
    Panos,
    /// Juniper: `21.4R3-S5.4`.
    Junos,
    /// A content digest: equal or not, nothing between.
    Digest,
}

impl Scheme {
    /// The order of two versions; `None` where this scheme cannot say, which never counts as fixed.
    pub fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        let (a, b) = (a.trim(), b.trim());
        match self {
            Scheme::Deb => Some(deb::compare(a, b)),
            Scheme::Rpm => Some(rpm::compare(a, b)),
            Scheme::Alpm => Some(alpm::compare(a, b)),
            Scheme::Maven => Some(maven::compare(a, b)),
            _ if a == b => Some(Ordering::Equal),
            Scheme::Apk => apk::compare(a, b),
            Scheme::Semver => semver::compare(a, b),
            Scheme::Pep440 => pep440::compare(a, b),
            Scheme::Gem => gem::compare(a, b),
            Scheme::Winbuild => windows::compare(a, b),
            Scheme::Fortios => fortios::compare(a, b),
            Scheme::Ios => ios::compare(a, b),
            Scheme::Panos => panos::compare(a, b),
            Scheme::Junos => junos::compare(a, b),
            Scheme::Digest => None,
        }
    }

    /// Whether this version holds the fix. Unknown is never yes.
    pub fn reaches(self, version: &str, fixed: &str) -> bool {
        match self {
            Scheme::Winbuild => windows::reaches(version.trim(), fixed.trim()),
            _ => matches!(self.compare(version, fixed), Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

/// Dotted numbers, nothing else; at least one.
fn numbers(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.bytes().all(|c| c.is_ascii_digit()).then(|| part.parse().ok())?).collect()
}

/// Lists of numbers, missing ones counting as zero.
fn padded(mut a: Vec<u64>, mut b: Vec<u64>) -> Ordering {
    let longest = a.len().max(b.len());
    a.resize(longest, 0);
    b.resize(longest, 0);
    a.cmp(&b)
}

/// The leading digits and what follows them.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// A run of digits as a number of any length: without leading zeros, the longer is the greater.
fn magnitude(digits: &[u8]) -> (usize, &[u8]) {
    let digits = &digits[digits.iter().take_while(|d| **d == b'0').count()..];
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Versions of a scheme from small to great, each smaller than all that follow.
    pub(super) fn ascends(scheme: Scheme, versions: &[&str]) {
        for (i, small) in versions.iter().enumerate() {
            assert_eq!(scheme.compare(small, small), Some(Ordering::Equal), "{small}");
            for great in &versions[i + 1..] {
                assert_eq!(scheme.compare(small, great), Some(Ordering::Less), "{small} < {great}");
                assert_eq!(scheme.compare(great, small), Some(Ordering::Greater), "{great} > {small}");
            }
        }
    }

    /// Pairs that mean the same version.
    pub(super) fn same(scheme: Scheme, pairs: &[(&str, &str)]) {
        for (a, b) in pairs {
            assert_eq!(scheme.compare(a, b), Some(Ordering::Equal), "{a} = {b}");
        }
    }

    /// Pairs that have no order.
    pub(super) fn apart(scheme: Scheme, pairs: &[(&str, &str)]) {
        for (a, b) in pairs {
            assert_eq!(scheme.compare(a, b), None, "{a} and {b}");
            assert!(!scheme.reaches(a, b) && !scheme.reaches(b, a), "{a} and {b}");
        }
    }

    const ALL: &[Scheme] = &[
        Scheme::Deb,
        Scheme::Rpm,
        Scheme::Alpm,
        Scheme::Apk,
        Scheme::Semver,
        Scheme::Pep440,
        Scheme::Maven,
        Scheme::Gem,
        Scheme::Winbuild,
        Scheme::Fortios,
        Scheme::Ios,
        Scheme::Panos,
        Scheme::Junos,
        Scheme::Digest,
    ];

    #[test]
    fn a_version_that_cannot_be_compared_is_never_fixed() {
        apart(Scheme::Digest, &[("sha256:aaa", "sha256:bbb")]);
        assert!(Scheme::Digest.reaches("sha256:bbb", "sha256:bbb"));
        apart(Scheme::Panos, &[("unknown", "10.2.9-h2")]);
        apart(Scheme::Winbuild, &[("", "10.0.17134.165")]);
    }

    proptest::proptest! {
        #[test]
        fn any_two_strings_have_an_order_and_its_mirror_or_none(a in ".{0,24}", b in "[0-9a-zRS.+~:()_-]{0,24}") {
            for scheme in ALL {
                proptest::prop_assert_eq!(
                    scheme.compare(&a, &b), scheme.compare(&b, &a).map(Ordering::reverse), "{:?}", scheme);
                proptest::prop_assert_eq!(scheme.compare(&a, &a), Some(Ordering::Equal), "{:?}", scheme);
            }
        }
    }
}
