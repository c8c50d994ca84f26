//! Palo Alto Networks: `10.2.9`, `10.2.9-h1` with its hotfix, `11.0.0-b5` before the release.

use std::cmp::Ordering;

use super::{digits, numbers, padded};

/// The order of two versions; `None` where one is not of this form.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let ((a, suffix_a), (b, suffix_b)) = (read(a)?, read(b)?);
    Some(padded(a, b).then_with(|| suffix_a.cmp(&suffix_b)))
}

/// The numbers; then whether it comes before the release (-1), is it (0) or mends it (1), and how manieth.
fn read(text: &str) -> Option<(Vec<u64>, (i8, u64))> {
    let text = text.trim_start_matches("PAN-OS").trim_start().trim_start_matches(['v', 'V']);
    let (release, suffix) = text.split_once('-').unwrap_or((text, ""));
    let count = |rest: &str| match digits(rest) {
        (number, "") => number.parse().ok(),
        _ => None,
    };
    let suffix = match suffix.bytes().next() {
        None => (0, 0),
        Some(b'h') => (1, count(&suffix[1..])?),
        Some(b'b' | b'c') => (-1, count(&suffix[1..])?),
        Some(_) => return None,
    };
    Some((numbers(release)?, suffix))
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends},
    };

    #[test]
    fn hotfixes_come_after_their_release_and_before_the_next() {
        ascends(
            Scheme::Panos,
            &[
                "10.1.14-h9",
                "10.2.0-b6",
                "10.2.0",
                "10.2.9",
                "10.2.9-h1",
                "10.2.9-h18",
                "10.2.10",
                "10.2.10-h2",
                "11.0.0",
                "11.1.2-h3",
            ],
        );
        apart(Scheme::Panos, &[("10.2.9-h1", "10.2.9-xfr"), ("10.2.9-hotfix", "10.2.9")]);
    }
}
