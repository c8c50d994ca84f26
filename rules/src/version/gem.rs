//! Ruby packages, as [`Gem::Version`](https://docs.ruby-lang.org/en/master/Gem/Version.html) orders them.

use std::cmp::Ordering;

use super::magnitude;

/// The order of two versions; `None` where one holds what no version does.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (segments(a)?, segments(b)?);
    let number = |s: &str| s.starts_with(|c: char| c.is_ascii_digit());
    for i in 0..a.len().max(b.len()) {
        let (x, y) = (a.get(i).map_or("0", String::as_str), b.get(i).map_or("0", String::as_str));
        let order = match (number(x), number(y)) {
            (true, true) => magnitude(x.as_bytes()).cmp(&magnitude(y.as_bytes())),
            (false, false) => x.cmp(y),
            // a word makes it a pre-release
            (x, y) => x.cmp(&y),
        };
        if order != Ordering::Equal {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// Runs of digits and of letters; a hyphen means `.pre.`.
fn segments(version: &str) -> Option<Vec<String>> {
    let mut segments: Vec<String> = Vec::new();
    for part in version.replace('-', ".pre.").split('.') {
        let mut kind = None;
        for c in part.chars() {
            if !c.is_ascii_alphanumeric() {
                return None;
            }
            if kind != Some(c.is_ascii_digit()) {
                segments.push(String::new());
                kind = Some(c.is_ascii_digit());
            }
            segments.last_mut()?.push(c);
        }
    }
    segments.first().is_some_and(|s| s.starts_with(|c: char| c.is_ascii_digit())).then_some(segments)
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends, same},
    };

    #[test]
    fn ruby_versions_follow_gem_version() {
        ascends(Scheme::Gem, &["1.0.a.2", "1.0.a.10", "1.0.b1", "1.0-rc1", "1.0.pre1", "1.0", "1.0.1", "1.9", "1.10"]);
        same(Scheme::Gem, &[("1.0", "1"), ("1.0.0", "1.0")]);
        apart(Scheme::Gem, &[("latest", "1.0"), ("", "1.0")]);
    }
}
