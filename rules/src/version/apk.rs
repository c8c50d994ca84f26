//! Alpine Linux, [apk-package(5)](https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd):
//! `1.2.3b_rc1_p2~abcdef-r4`.

use std::cmp::Ordering;

use super::{digits, magnitude};

/// Suffixes that come before the plain version, and those that come after it.
const BEFORE: &[&str] = &["alpha", "beta", "pre", "rc"];
const AFTER: &[&str] = &["cvs", "svn", "git", "hg", "p"];

/// A version in its parts.
struct Version<'a> {
    numbers: Vec<&'a str>,
    letter: Option<u8>,
    /// Rank (below zero: before the plain version) and number of each suffix.
    suffixes: Vec<(i8, u64)>,
    commit: &'a str,
    revision: Option<u64>,
}

/// The order of two versions; `None` where one is not of this form.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (Version::read(a)?, Version::read(b)?);
    let numbers = || {
        for (place, (x, y)) in a.numbers.iter().zip(&b.numbers).enumerate() {
            // After the first dot a leading zero makes it a fraction: 1.02 < 1.1.
            let fraction = place > 0 && (x.starts_with('0') || y.starts_with('0'));
            let order = if fraction { x.cmp(y) } else { magnitude(x.as_bytes()).cmp(&magnitude(y.as_bytes())) };
            if order != Ordering::Equal {
                return order;
            }
        }
        a.numbers.len().cmp(&b.numbers.len())
    };
    let suffixes = || {
        let longest = a.suffixes.len().max(b.suffixes.len());
        let at = |v: &Version, i: usize| v.suffixes.get(i).copied().unwrap_or((0, 0));
        (0..longest).map(|i| at(&a, i).cmp(&at(&b, i))).find(|o| *o != Ordering::Equal).unwrap_or(Ordering::Equal)
    };
    let order = numbers().then_with(|| a.letter.cmp(&b.letter)).then_with(suffixes);
    Some(order.then_with(|| a.commit.cmp(b.commit)).then_with(|| a.revision.cmp(&b.revision)))
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (mut rest, revision) = match text.rsplit_once("-r") {
            Some((head, revision)) => (head, Some(revision.parse().ok()?)),
            None => (text, None),
        };
        let commit;
        (rest, commit) = rest.split_once('~').unwrap_or((rest, ""));
        let mut version = Version { numbers: Vec::new(), letter: None, suffixes: Vec::new(), commit, revision };
        loop {
            let number;
            (number, rest) = digits(rest);
            if number.is_empty() {
                return None;
            }
            version.numbers.push(number);
            match rest.strip_prefix('.') {
                Some(more) => rest = more,
                None => break,
            }
        }
        if let Some(letter) = rest.bytes().next().filter(u8::is_ascii_lowercase) {
            (version.letter, rest) = (Some(letter), &rest[1..]);
        }
        while let Some(suffix) = rest.strip_prefix('_') {
            let (name, more) = suffix.split_at(suffix.bytes().take_while(u8::is_ascii_lowercase).count());
            let rank = match (BEFORE.iter().position(|s| *s == name), AFTER.iter().position(|s| *s == name)) {
                (Some(at), _) => at as i8 - BEFORE.len() as i8,
                (_, Some(at)) => at as i8 + 1,
                _ => return None,
            };
            let (number, more) = digits(more);
            version.suffixes.push((rank, if number.is_empty() { 0 } else { number.parse().ok()? }));
            rest = more;
        }
        rest.is_empty().then_some(version)
    }
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends},
    };

    #[test]
    fn alpine_versions_follow_apk_package_5() {
        ascends(Scheme::Apk, &["3.1.4-r0", "3.1.4-r5", "3.1.4-r10", "3.1.5-r0", "3.1.10-r0", "3.2"]);
        ascends(
            Scheme::Apk,
            &[
                "1.0_alpha1",
                "1.0_beta",
                "1.0_pre2",
                "1.0_rc1",
                "1.0_rc1_p1",
                "1.0_rc2",
                "1.0",
                "1.0-r1",
                "1.0_git20240101",
                "1.0_p1",
                "1.0b",
                "1.0.1",
            ],
        );
        ascends(Scheme::Apk, &["1.02", "1.1", "1.10"]);
        apart(Scheme::Apk, &[("1.0", "latest"), ("1.0_unknown", "1.0")]);
    }
}
