//! Windows builds: `10.0.17134.165`, or `17134.165` without the first two. The last number, the update build revision,
//! counts updates of that build; between builds it says nothing.

use std::cmp::Ordering;

use super::numbers;

/// Builds that take the same updates, so that their revisions count alike: the first and last of each
/// ([release information](https://learn.microsoft.com/windows/release-health/)).
const SERVICED_ALIKE: &[(u64, u64)] = &[(19_041, 19_045), (22_621, 22_631), (26_100, 26_200)];

/// Major, minor and build, and the revision where it is known.
type Build = ([u64; 3], Option<u64>);

/// The order of two builds; `None` where the revision decides and one has none.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let ((a, revision_a), (b, revision_b)) = (read(a)?, read(b)?);
    match a.cmp(&b) {
        Ordering::Equal => Some(revision_a?.cmp(&revision_b?)),
        order => Some(order),
    }
}

/// Whether a build holds an update: the same build or one that is serviced alike, at this revision or above. Another
/// build has updates of its own.
pub fn reaches(version: &str, fixed: &str) -> bool {
    let (Some((a, Some(have))), Some((b, Some(need)))) = (read(version), read(fixed)) else { return false };
    let alike = |x: u64, y: u64| {
        SERVICED_ALIKE.iter().any(|(from, to)| (*from..=*to).contains(&x) && (*from..=*to).contains(&y))
    };
    (a == b || (a[..2] == b[..2] && alike(a[2], b[2]))) && have >= need
}

fn read(text: &str) -> Option<Build> {
    match numbers(text)?.as_slice() {
        [build, revision] if *build > 1_000 => Some(([10, 0, *build], Some(*revision))),
        [major, minor, build] => Some(([*major, *minor, *build], None)),
        [major, minor, build, revision] => Some(([*major, *minor, *build], Some(*revision))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends, same},
    };

    /// Cumulative updates and their builds, from Microsoft's release history: an update and the one before it.
    const UPDATES: &[(&str, &str)] = &[
        ("10.0.14393.7159", "10.0.14393.7336"), // Server 2016: KB5040434, KB5043051
        ("10.0.17763.6189", "10.0.17763.6293"), // Server 2019: KB5041578, KB5043050
        ("10.0.20348.2655", "10.0.20348.2700"), // Server 2022: KB5041160, KB5042881
        ("10.0.19045.4780", "10.0.19045.4894"), // Windows 10 22H2: KB5041580, KB5043064
        ("10.0.22631.4037", "10.0.22631.4169"), // Windows 11 23H2: KB5041585, KB5043076
        ("10.0.26100.1457", "10.0.26100.1742"), // Windows 11 24H2: KB5041571, KB5043080
        ("6.3.9600.22134", "6.3.9600.22175"),   // Server 2012 R2: KB5041828, KB5043138
    ];

    #[test]
    fn later_updates_of_a_build_hold_earlier_ones() {
        for (before, after) in UPDATES {
            ascends(Scheme::Winbuild, &[before, after]);
            assert!(Scheme::Winbuild.reaches(after, before) && !Scheme::Winbuild.reaches(before, after));
        }
        same(Scheme::Winbuild, &[("17134.165", "10.0.17134.165")]);
    }

    #[test]
    fn another_build_says_nothing_about_this_ones_updates() {
        assert!(!Scheme::Winbuild.reaches("10.0.20348.1", "10.0.17763.6293"));
        assert!(!Scheme::Winbuild.reaches("10.0.20348.9999", "10.0.17763.6293"));
        // enablement packages change the build, not the updates
        assert!(Scheme::Winbuild.reaches("10.0.19044.4894", "10.0.19045.4894"));
        assert!(!Scheme::Winbuild.reaches("10.0.19045.4780", "10.0.19044.4894"));
    }

    #[test]
    fn a_build_without_its_revision_has_no_order_within_the_build() {
        apart(Scheme::Winbuild, &[("10.0.17134", "10.0.17134.165")]);
    }
}
