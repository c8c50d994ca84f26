//! Debian and Ubuntu packages, [deb-version(7)](https://manpages.debian.org/deb-version).

use std::cmp::Ordering;

use super::magnitude;

/// The order of deb-version(7): epoch, upstream version, revision.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (parts(a), parts(b));
    magnitude(a.0).cmp(&magnitude(b.0)).then_with(|| part(a.1, b.1)).then_with(|| part(a.2, b.2))
}

/// Epoch (before the first colon), upstream version, revision (after the last hyphen).
fn parts(version: &str) -> (&[u8], &[u8], &[u8]) {
    let (epoch, rest) = version.split_once(':').unwrap_or(("", version));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
    (epoch.as_bytes(), upstream.as_bytes(), revision.as_bytes())
}

/// Alternates between runs of other characters, compared by [`rank`], and runs of digits, compared as numbers.
fn part(mut a: &[u8], mut b: &[u8]) -> Ordering {
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
        match magnitude(&a[..m]).cmp(&magnitude(&b[..n])) {
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
            assert_eq!(compare(small, great), Ordering::Less, "{small} < {great}");
            assert_eq!(compare(great, small), Ordering::Greater, "{great} > {small}");
            assert_eq!(compare(small, small), Ordering::Equal, "{small}");
        }
        for (a, b) in [("0:1.0-1", "1.0-1"), ("1.0", "1.00"), ("1.0-0", "1.0"), ("1.0", "1.0-")] {
            assert_eq!(compare(a, b), Ordering::Equal, "{a} = {b}");
        }
    }
}
