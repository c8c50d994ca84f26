//! Advisories in our own TOML: what is to be patched, since when, up to which version, and what makes it take effect.

use std::{cmp::Ordering, path::Path};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{error, package, toml_problem};
use crate::{Problem, case::Class, version::Scheme};

/// An advisory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advisory {
    /// `DSA-9001`
    pub id: String,
    /// One line.
    pub title: String,
    /// When the flaw became known; deadlines count from here.
    pub published: Timestamp,
    /// The flaws that it mends.
    pub cves: Vec<String>,
    /// Absent: from the policy.
    pub class: Option<Class>,
    /// `low`, `medium`, `high`, `critical`, where a feed says so.
    pub severity: Option<String>,
    /// What makes the fix take effect; absent: from the product.
    pub activation: Option<Activation>,
    /// In people's words.
    pub known_issues: Vec<String>,
    /// Ids of advisories that this one covers.
    pub supersedes: Vec<String>,
    /// What a workaround is, where there is one.
    pub workaround: Option<String>,
    /// It was taken back.
    pub withdrawn: bool,
    /// What it applies to.
    pub targets: Vec<Target>,
}

/// What makes a fix take effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activation {
    /// The kind of restart.
    pub kind: ActivationKind,
    /// Units by name or by description, all of which must start anew.
    #[serde(default)]
    pub units: Vec<String>,
    /// Live patches that stand for a reboot.
    #[serde(default)]
    pub livepatch: Vec<String>,
}

/// The kind of restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ActivationKind {
    None,
    ServiceRestart,
    Reboot,
    Firmware,
    Rollout,
}

/// One platform's fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// `debian:12`
    pub platform: String,
    /// The source package; a KB, an image, a firmware train elsewhere.
    pub product: String,
    /// What the logs name; `*` for names that carry a version. Absent: the product.
    #[serde(default)]
    pub packages: Vec<String>,
    /// How versions are ordered.
    pub scheme: Scheme,
    /// The first version that holds the fix; absent: none yet.
    #[serde(default)]
    pub fixed: Option<String>,
    /// Where several lines of versions are mended apart, or packages in versions of their own: what is vulnerable.
    #[serde(default, rename = "range", skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<Range>,
}

/// A span of vulnerable versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The package it is about; absent: all of the target.
    #[serde(default)]
    pub package: Option<String>,
    /// The first vulnerable version; absent: the first of all.
    #[serde(default)]
    pub introduced: Option<String>,
    /// The first version after it that is not; absent: none yet.
    #[serde(default)]
    pub fixed: Option<String>,
    /// The last vulnerable version, where the next one is not known.
    #[serde(default)]
    pub last_affected: Option<String>,
}

impl Range {
    /// Whether a version lies outside. What cannot be compared does not.
    fn spares(&self, scheme: Scheme, version: &str) -> bool {
        let order = |bound: &Option<String>| bound.as_ref().and_then(|bound| scheme.compare(version, bound));
        order(&self.introduced) == Some(Ordering::Less)
            || self.fixed.as_ref().is_some_and(|fixed| scheme.reaches(version, fixed))
            || order(&self.last_affected) == Some(Ordering::Greater)
    }
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    #[serde(default)]
    title: String,
    published: toml::value::Datetime,
    #[serde(default)]
    cves: Vec<String>,
    class: Option<Class>,
    severity: Option<String>,
    activation: Option<Activation>,
    #[serde(default)]
    known_issues: Vec<String>,
    #[serde(default)]
    supersedes: Vec<String>,
    workaround: Option<String>,
    #[serde(default)]
    withdrawn: Option<toml::Value>,
    #[serde(default)]
    target: Vec<Target>,
}

impl Advisory {
    /// Reads one TOML file.
    pub fn read(file: &Path, text: &str) -> Result<Advisory, Problem> {
        let read: File = toml::from_str(text).map_err(|e| toml_problem(file, text, &e))?;
        let line_of = |key: &str| text.lines().position(|l| l.trim_start().starts_with(key)).map_or(0, |n| n + 1);
        if read.id.is_empty() || read.id.contains('/') {
            return Err(error(file, line_of("id"), "an id must be there and hold no `/`", "write the vendor's id"));
        }
        let published = published(&read.published)
            .ok_or_else(|| error(file, line_of("published"), "`published` is no time", "write 2026-11-20T10:00:00Z"))?;
        let mut targets = read.target;
        for target in &mut targets {
            if target.packages.is_empty() {
                target.packages.push(target.product.clone());
            }
        }
        Ok(Advisory {
            id: read.id,
            title: read.title,
            published,
            cves: read.cves,
            class: read.class,
            severity: read.severity.map(|s| s.to_lowercase()),
            activation: read.activation,
            known_issues: read.known_issues,
            supersedes: read.supersedes,
            workaround: read.workaround,
            withdrawn: read.withdrawn.is_some_and(|w| w != toml::Value::Boolean(false)),
            targets: merged(targets),
        })
    }

    /// What people wrote themselves adds to a feed's advisory of the same id, and wins where both say something.
    pub fn with(&self, own: &Advisory) -> Advisory {
        let mut both = self.clone();
        if !own.title.is_empty() {
            both.title.clone_from(&own.title);
        }
        both.published = own.published;
        both.cves.extend(own.cves.iter().filter(|cve| !self.cves.contains(cve)).cloned());
        both.class = own.class.or(self.class);
        both.severity = own.severity.clone().or(both.severity);
        both.activation = own.activation.clone().or(both.activation);
        both.known_issues.extend(own.known_issues.iter().cloned());
        both.supersedes.extend(own.supersedes.iter().cloned());
        both.workaround = own.workaround.clone().or(both.workaround);
        both.withdrawn |= own.withdrawn;
        for target in &own.targets {
            match both.targets.iter_mut().find(|known| known.platform == target.platform) {
                Some(known) if known.product == target.product => {
                    let more = target
                        .packages
                        .iter()
                        .filter(|name| !known.packages.contains(name))
                        .cloned()
                        .collect::<Vec<_>>();
                    known.packages.extend(more);
                    if target.fixed.is_some() {
                        (known.fixed, known.ranges, known.scheme) =
                            (target.fixed.clone(), target.ranges.clone(), target.scheme);
                    }
                }
                Some(known) if known.scheme == target.scheme => known.join(target.clone()),
                _ => both.targets.push(target.clone()),
            }
        }
        both
    }

    /// The target for a platform.
    pub fn target(&self, platform: &str) -> Option<&Target> {
        self.targets.iter().find(|t| t.covers(platform))
    }

    /// What makes this target's fix take effect.
    pub fn activation_of(&self, target: &Target) -> Activation {
        let kind = || match target.product.as_str() {
            p if p == "linux" || p.starts_with("linux-") || p.starts_with("kernel") => ActivationKind::Reboot,
            "systemd" | "dbus" | "intel-microcode" | "amd64-microcode" => ActivationKind::Reboot,
            "openssl" | "glibc" | "gnutls28" | "nss" | "zlib" => ActivationKind::ServiceRestart,
            _ if target.packages.iter().all(|p| p.starts_with("lib")) => ActivationKind::ServiceRestart,
            _ => ActivationKind::None,
        };
        self.activation.clone().unwrap_or_else(|| Activation { kind: kind(), units: Vec::new(), livepatch: Vec::new() })
    }
}

/// One target per platform: further ones of the same order of versions add their packages, each with its own versions.
pub(super) fn merged(targets: Vec<Target>) -> Vec<Target> {
    let mut merged: Vec<Target> = Vec::new();
    for target in targets {
        let same = |known: &&mut Target| known.platform == target.platform && known.scheme == target.scheme;
        match merged.iter_mut().find(same) {
            Some(known) => known.join(target),
            None => merged.push(target),
        }
    }
    merged
}

impl Target {
    /// Takes in another target of the same platform. Where versions differ, each package keeps its own.
    fn join(&mut self, other: Target) {
        if self.ranges.is_empty() && other.ranges.is_empty() && self.fixed == other.fixed {
            self.packages
                .extend(other.packages.into_iter().filter(|name| !self.packages.contains(name)).collect::<Vec<_>>());
            return;
        }
        let mut ranges = std::mem::take(&mut self.ranges);
        if ranges.is_empty() || ranges.iter().any(|range| range.package.is_none()) {
            ranges = named(&self.packages, &self.fixed, ranges);
        }
        ranges.extend(named(&other.packages, &other.fixed, other.ranges));
        self.ranges = ranges;
        self.fixed = self.fixed.take().or(other.fixed);
        self.packages
            .extend(other.packages.into_iter().filter(|name| !self.packages.contains(name)).collect::<Vec<_>>());
    }
}

/// Ranges that name their packages.
fn named(packages: &[String], fixed: &Option<String>, ranges: Vec<Range>) -> Vec<Range> {
    let ranges = if ranges.is_empty() { vec![Range { fixed: fixed.clone(), ..Range::default() }] } else { ranges };
    let each = |package: &String| {
        let own = |range: &Range| Range { package: range.package.clone().or(Some(package.clone())), ..range.clone() };
        ranges.iter().map(own).collect::<Vec<_>>()
    };
    let mut all: Vec<Range> = packages.iter().flat_map(each).collect();
    all.dedup();
    all
}

/// A TOML time; without an offset it is UTC, a date alone is its first second.
fn published(at: &toml::value::Datetime) -> Option<Timestamp> {
    let text = at.to_string();
    text.parse().ok().or_else(|| format!("{text}Z").parse().ok()).or_else(|| super::time_or_date(&text, false).ok())
}

impl Target {
    /// Whether the target is for this platform: the same, or a family without a version (`debian` for `debian:12`).
    /// Packages of a language are on any.
    pub fn covers(&self, platform: &str) -> bool {
        self.platform == platform
            || package::language(&self.platform) == Some(self.platform.as_str())
            || (!self.platform.contains(':') && platform.split(':').next() == Some(self.platform.as_str()))
    }

    /// The pattern of this target that a package's name fits, if any.
    pub fn pattern(&self, package: &str) -> Option<&str> {
        self.packages.iter().map(String::as_str).find(|pattern| fits(pattern, package))
    }

    /// Whether a package in this version holds the fix. Unknown is never yes.
    pub fn holds(&self, package: &str, version: &str) -> bool {
        let about =
            |range: &&Range| range.package.as_deref().is_none_or(|own| package.is_empty() || fits(own, package));
        let mut own = self.ranges.iter().filter(about).peekable();
        match own.peek() {
            Some(_) => own.all(|range| range.spares(self.scheme, version)),
            None => self.fixed.as_deref().is_some_and(|fixed| self.scheme.reaches(version, fixed)),
        }
    }

    /// Whether a name means this target: one of its packages, or the product itself.
    pub fn is_about(&self, name: &str) -> bool {
        name == self.product || self.pattern(name).is_some()
    }
}

/// Whether a package's name fits a pattern. `*` stands for a version, so it begins with a digit: `linux-image-*` is
/// `linux-image-6.1.0-56-amd64`, not the `linux-image-amd64` that only points at it.
pub fn fits(pattern: &str, package: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == package };
    let Some(middle) = package.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)) else { return false };
    middle.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNEL: &str = r#"
id = "DSA-7100"
title = "linux security update"
published = 2026-11-18T08:30:00Z
cves = ["CVE-2026-7100"]
class = "critical"
[[target]]
platform = "debian:12"
product = "linux"
packages = ["linux-image-*"]
scheme = "deb"
fixed = "6.1.180-1"
"#;

    #[test]
    fn an_advisory_is_read_and_its_activation_follows_from_the_product() {
        let advisory = Advisory::read(Path::new("a.toml"), KERNEL).unwrap();
        let target = advisory.target("debian:12").unwrap();
        assert_eq!(advisory.activation_of(target).kind, ActivationKind::Reboot);
        assert!(advisory.target("debian:13").is_none());
        assert_eq!(advisory.published.to_string(), "2026-11-18T08:30:00Z");
    }

    #[test]
    fn a_star_stands_for_a_version() {
        assert!(fits("linux-image-*", "linux-image-6.1.0-50-cloud-amd64"));
        assert!(!fits("linux-image-*", "linux-image-cloud-amd64"));
        assert!(!fits("libssl3", "libssl3t64"));
    }

    #[test]
    fn a_broken_advisory_says_where() {
        let problem =
            Advisory::read(Path::new("a.toml"), "id = \"X\"\npublished = 2026-11-18\ncve = []\n").unwrap_err();
        assert_eq!(problem.line, 3);
        let problem = Advisory::read(Path::new("a.toml"), "id = \"X/1\"\npublished = 2026-11-18\n").unwrap_err();
        assert_eq!(problem.line, 1);
    }
}
