//! Arch Linux, as [vercmp(8)](https://man.archlinux.org/man/vercmp.8) does it: alike to rpm, but a trailing word is
//! older than nothing (`1.0rc` < `1.0`), and a missing release fits any.

use std::cmp::Ordering;

use super::magnitude;

/// The order of two versions as `[epoch:]version[-release]`.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (parts(a), parts(b));
    let releases = || match (a.2, b.2) {
        (Some(a), Some(b)) => segments(a, b),
        _ => Ordering::Equal,
    };
    segments(a.0, b.0).then_with(|| segments(a.1, b.1)).then_with(releases)
}

/// Epoch, version, release.
fn parts(version: &str) -> (&str, &str, Option<&str>) {
    let (epoch, rest) = match version.split_once(':') {
        Some((epoch, rest)) if epoch.bytes().all(|c| c.is_ascii_digit()) => (epoch, rest),
        _ => ("0", version),
    };
    match rest.rsplit_once('-') {
        Some((version, release)) => (if epoch.is_empty() { "0" } else { epoch }, version, Some(release)),
        None => (if epoch.is_empty() { "0" } else { epoch }, rest, None),
    }
}

/// Words and numbers in turn, whatever stands between them.
fn segments(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while !a.is_empty() && !b.is_empty() {
        let gap = |v: &[u8]| v.iter().take_while(|c| !c.is_ascii_alphanumeric()).count();
        let (x, y) = (gap(a), gap(b));
        let (next_a, next_b) = (&a[x..], &b[y..]);
        if next_a.is_empty() || next_b.is_empty() {
            (a, b) = (next_a, next_b);
            break;
        }
        if x != y {
            return x.cmp(&y);
        }
        (a, b) = (next_a, next_b);
        let number = a[0].is_ascii_digit();
        if number != b[0].is_ascii_digit() {
            return if number { Ordering::Greater } else { Ordering::Less };
        }
        let run = |v: &[u8]| {
            v.iter().take_while(|c| if number { c.is_ascii_digit() } else { c.is_ascii_alphabetic() }).count()
        };
        let ((one, rest_a), (two, rest_b)) = (a.split_at(run(a)), b.split_at(run(b)));
        let order = if number { magnitude(one).cmp(&magnitude(two)) } else { one.cmp(two) };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    let word = |v: &[u8]| v.first().is_some_and(u8::is_ascii_alphabetic);
    match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => {
            if word(b) {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (false, _) => {
            if word(a) {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{ascends, same},
    };

    #[test]
    fn arch_versions_follow_vercmp_8() {
        // the two rows of its manual page
        ascends(Scheme::Alpm, &["1.0a", "1.0b", "1.0beta", "1.0p", "1.0pre", "1.0rc", "1.0", "1.0.a", "1.0.1"]);
        ascends(Scheme::Alpm, &["1", "1.0", "1.1", "1.1.1", "1.2", "2.0", "3.0.0"]);
        ascends(Scheme::Alpm, &["1.5-1", "1.5-2", "1.5.1-1", "1:0.1-1"]);
        same(Scheme::Alpm, &[("1.5-1", "1.5"), ("0:1.0-1", "1.0-1")]);
    }
}
