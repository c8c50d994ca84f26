//! RPM packages: epoch, version and release, with `~` before the end and `^` after it
//! ([rpm-version(7)](https://rpm.org/docs/latest/man/rpm-version.7)). Checked against rpm itself in `tests/versions.rs`.

use std::cmp::Ordering;

use rpm_version::Evr;

/// The order of two versions as `[epoch:]version[-release]`.
pub fn compare(a: &str, b: &str) -> Ordering {
    Evr::parse(a).cmp(&Evr::parse(b))
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{ascends, same},
    };

    #[test]
    fn rpm_versions_follow_rpm_version_7() {
        ascends(
            Scheme::Rpm,
            &["1.0~rc1-1.el9", "1.0-1.el9", "1.0-1.el9_4", "1.0-2.el9", "1.0^git1-1.el9", "1.0.1-1", "1:0.5-1"],
        );
        ascends(Scheme::Rpm, &["5.14.0-427.13.1.el9_4", "5.14.0-427.31.1.el9_4", "5.14.0-503.el9"]);
        same(Scheme::Rpm, &[("0:1.0-1", "1.0-1"), ("1.05-1", "1.5-1")]);
    }
}
