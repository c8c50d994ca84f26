//! Fortinet: `v7.4.5,build2702`, `7.4.5 build2702 (GA)`, `7.4.5`. The build decides only where both name one.

use std::cmp::Ordering;

use super::{digits, numbers, padded};

/// The order of two versions; `None` where one has no numbers.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let ((a, build_a), (b, build_b)) = (read(a)?, read(b)?);
    let builds = || match (build_a, build_b) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    };
    Some(padded(a, b).then_with(builds))
}

fn read(text: &str) -> Option<(Vec<u64>, Option<u64>)> {
    let text = text.trim_start_matches("FortiOS").trim_start().trim_start_matches(['v', 'V']);
    let end = text.find([',', ' ', '-', '(']).unwrap_or(text.len());
    let build = text.find("build").map(|at| digits(text[at + "build".len()..].trim_start()).0);
    Some((numbers(&text[..end])?, build.and_then(|b| b.parse().ok())))
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends, same},
    };

    #[test]
    fn fortios_versions_follow_the_release_notes() {
        // releases and builds of docs.fortinet.com/product/fortigate
        ascends(
            Scheme::Fortios,
            &[
                "v6.4.15,build2095",
                "v7.0.15,build0632",
                "v7.2.8,build1639",
                "v7.2.10,build1706",
                "v7.4.4,build2662",
                "v7.4.5,build2702",
                "v7.6.0,build3401",
            ],
        );
        ascends(Scheme::Fortios, &["7.2.9", "7.2.10"]);
        ascends(Scheme::Fortios, &["7.4.5 build2702", "7.4.5 build2703 (GA.M)"]);
        same(Scheme::Fortios, &[("v7.4.5", "7.4.5,build2702"), ("FortiOS v7.4.5", "7.4.5")]);
        apart(Scheme::Fortios, &[("FGT100F", "7.4.5")]);
    }
}
