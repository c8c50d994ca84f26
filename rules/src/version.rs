//! Comparing versions. Each scheme has an order of its own; comparing strings, or one scheme by another's rules, is how
//! "fixed" gets said of what is not.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a product's versions are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Debian and Ubuntu packages, [deb-version(7)](https://manpages.debian.org/deb-version).
    Deb,
    /// Red Hat, SUSE and their kin.
    Rpm,
    /// Arch Linux.
    Alpm,
    /// Alpine Linux.
    Apk,
    /// [Semantic versioning](https://semver.org).
    Semver,
    /// Windows builds: `10.0.17134.165`.
    Winbuild,
    /// Fortinet: `v7.4.5,build2702`.
    Fortios,
    /// Cisco IOS and IOS-XE: `12.1(19)EA1`, `17.9.5`.
    Ios,
    /// Palo Alto Networks: `10.2.9-h1`.
    Panos,
    /// A content digest: equal or not, nothing between.
    Digest,
}

impl Scheme {
    /// The order of two versions; `None` where this scheme cannot say, which never counts as fixed.
    pub fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        match self {
            Scheme::Deb => Some(deb(a, b)),
            Scheme::Digest => (a == b).then_some(Ordering::Equal),
            Scheme::Winbuild => dotted(a, b),
            _ => (a == b).then_some(Ordering::Equal).or_else(|| dotted(a, b)),
        }
    }

    /// Whether this version holds the fix. Unknown is never yes.
    pub fn reaches(self, version: &str, fixed: &str) -> bool {
        matches!(self.compare(version, fixed), Some(Ordering::Greater | Ordering::Equal))
    }
}

/// Purely numeric versions of dotted parts, missing parts counting as zero; anything else is not comparable.
fn dotted(a: &str, b: &str) -> Option<Ordering> {
    let parts = |v: &str| v.split('.').map(|p| p.parse::<u64>().ok()).collect::<Option<Vec<_>>>();
    let (mut a, mut b) = (parts(a)?, parts(b)?);
    let longest = a.len().max(b.len());
    a.resize(longest, 0);
    b.resize(longest, 0);
    Some(a.cmp(&b))
}

/// The order of deb-version(7): epoch, upstream version, revision.
pub fn deb(a: &str, b: &str) -> Ordering {
    let (a, b) = (deb_parts(a), deb_parts(b));
    number(a.0).cmp(&number(b.0)).then_with(|| deb_part(a.1, b.1)).then_with(|| deb_part(a.2, b.2))
}

/// Epoch (before the first colon), upstream version, revision (after the last hyphen).
fn deb_parts(version: &str) -> (&[u8], &[u8], &[u8]) {
    let version = version.trim();
    let (epoch, rest) = version.split_once(':').unwrap_or(("", version));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
    (epoch.as_bytes(), upstream.as_bytes(), revision.as_bytes())
}

/// A run of digits as a number of any length: without leading zeros, the longer is the greater.
fn number(digits: &[u8]) -> (usize, &[u8]) {
    let digits = &digits[digits.iter().take_while(|d| **d == b'0').count()..];
    (digits.len(), digits)
}

/// Alternates between runs of other characters, compared by [`rank`], and runs of digits, compared as numbers.
fn deb_part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        loop {
            let (x, y) = (a.first().copied(), b.first().copied());
            let ended = |c: Option<u8>| c.is_none_or(|c| c.is_ascii_digit());
            if ended(x) && ended(y) {
                break;
            }
            match rank(x).cmp(&rank(y)) {
                Ordering::Equal => (a, b) = (&a[1..], &b[1..]),
                unequal => return unequal,
            }
        }
        let digits = |v: &[u8]| v.iter().take_while(|c| c.is_ascii_digit()).count();
        let (m, n) = (digits(a), digits(b));
        match number(&a[..m]).cmp(&number(&b[..n])) {
            Ordering::Equal => (a, b) = (&a[m..], &b[n..]),
            unequal => return unequal,
        }
    }
    Ordering::Equal
}

/// `~` sorts before the end, the end (and digits, where the other run goes on) before letters, letters before the rest.
fn rank(c: Option<u8>) -> u16 {
    match c {
        Some(b'~') => 0,
        None => 1,
        Some(c) if c.is_ascii_digit() => 1,
        Some(c) if c.is_ascii_alphabetic() => u16::from(c) + 2,
        Some(c) => u16::from(c) + 258,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs in which the left version is the smaller.
    const SMALLER: &[(&str, &str)] = &[
        ("3.0.20-1~deb12u2", "3.0.22-1~deb12u2"),
        ("3.0.22-1~deb12u2", "3.0.22-1"),
        ("9.2p1-2+deb12u9", "9.2p1-2+deb12u11"),
        ("1:9.2p1-2", "2:1.0-1"),
        ("99.0", "1:0.1"),
        ("6.1.190-1", "6.1.192-2"),
        ("6.1.99-1", "6.1.140-1"),
        ("1.0~rc1-1", "1.0-1"),
        ("1.0~~", "1.0~"),
        ("1.0", "1.0a"),
        ("1.0a", "1.0+b"),
        ("1.0-1", "1.0-1+b1"),
        ("1.0-1", "1.0.1-1"),
        ("2.36-9+deb12u9", "2.36-9+deb12u14"),
        ("1.0-0ubuntu1", "1.0-1"),
        ("20230311+deb12u1", "20250419~deb12u2"),
        ("1.2.3", "1.2.3-1"),
        ("1.002", "1.10"),
        ("1.0z", "1.0.1"),
    ];

    #[test]
    fn debian_versions_follow_deb_version_7() {
        for (small, great) in SMALLER {
            assert_eq!(deb(small, great), Ordering::Less, "{small} < {great}");
            assert_eq!(deb(great, small), Ordering::Greater, "{great} > {small}");
            assert_eq!(deb(small, small), Ordering::Equal, "{small}");
        }
        for (a, b) in [("0:1.0-1", "1.0-1"), ("1.0", "1.00"), ("1.0-0", "1.0"), ("1.0", "1.0-")] {
            assert_eq!(deb(a, b), Ordering::Equal, "{a} = {b}");
        }
    }

    #[test]
    fn dpkg_itself_orders_the_pairs_the_same_way() {
        if std::process::Command::new("dpkg").arg("--version").output().is_err() {
            eprintln!("skipped: dpkg is not on this machine");
            return;
        }
        let versions: Vec<&str> = SMALLER.iter().flat_map(|(a, b)| [*a, *b]).collect();
        for (i, a) in versions.iter().enumerate() {
            for b in versions.iter().skip(i + 1).step_by(5) {
                let word = match deb(a, b) {
                    Ordering::Less => "lt",
                    Ordering::Equal => "eq",
                    Ordering::Greater => "gt",
                };
                let said =
                    std::process::Command::new("dpkg").args(["--compare-versions", a, word, b]).status().unwrap();
                assert!(said.success(), "dpkg does not say {a} {word} {b}");
            }
        }
    }

    #[test]
    fn a_version_that_cannot_be_compared_is_never_fixed() {
        assert!(!Scheme::Digest.reaches("sha256:aaa", "sha256:bbb"));
        assert!(Scheme::Digest.reaches("sha256:bbb", "sha256:bbb"));
        assert!(!Scheme::Panos.reaches("10.2.9-h1", "10.2.9-h2"));
        assert!(Scheme::Winbuild.reaches("10.0.17134.191", "10.0.17134.165"));
    }

    proptest::proptest! {
        #[test]
        fn any_two_strings_have_an_order_and_its_mirror(a in ".{0,24}", b in "[0-9a-z.+~:-]{0,24}") {
            proptest::prop_assert_eq!(deb(&a, &b), deb(&b, &a).reverse());
        }
    }
}
