//! What is on an asset's disk of the packages that an advisory is about.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use crate::{inputs::Target, version::Scheme};

/// The files of one package and architecture.
#[derive(Clone, Debug)]
struct Files {
    /// Empty: not known yet, something was begun.
    version: String,
    partial: bool,
    /// What the package manager is about to make of it.
    aim: Option<String>,
    /// Older versions that lie beside it, where several may.
    beside: BTreeSet<String>,
}

impl Files {
    fn whole(version: &str) -> Self {
        Files { version: version.to_owned(), partial: false, aim: None, beside: BTreeSet::new() }
    }
}

/// Kernel packages of which there is one version at a time; all others lie side by side (dnf.conf(5), `installonlypkgs`;
/// zypp.conf, `multiversion`).
const SINGLE_KERNEL_PACKAGES: &[&str] = &[
    "headers",
    "tools",
    "doc",
    "abi-stablelists",
    "abi-whitelists",
    "srpm-macros",
    "rpm-macros",
    "macros",
    "firmware",
];

/// The packages of one target as far as they have been seen.
#[derive(Clone, Debug)]
pub struct Disk<'t> {
    target: &'t Target,
    files: BTreeMap<(String, String), Files>,
}

/// What a version on disk has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Nothing of note.
    None,
    /// It fell from fixed to below.
    Fell,
}

impl<'t> Disk<'t> {
    /// Nothing is known yet.
    pub fn new(target: &'t Target) -> Self {
        Disk { target, files: BTreeMap::new() }
    }

    /// Whether a version holds the fix; never, where there is none yet.
    pub fn reaches(&self, version: &str) -> bool {
        self.target.holds("", version)
    }

    /// Whether what runs in this version holds the fix. SUSE's kernels leave out the last part of their release, which
    /// counts rebuilds of the same source.
    pub fn runs_fixed(&self, version: &str) -> bool {
        let suse = ["sles", "opensuse"].iter().any(|family| self.target.platform.starts_with(family));
        let fixed = self.target.fixed.as_deref().filter(|_| suse && self.target.scheme == Scheme::Rpm);
        let rebuild = fixed.and_then(|fixed| fixed.strip_prefix(version)?.strip_prefix('.'));
        self.reaches(version) || rebuild.is_some_and(|r| !r.is_empty() && r.bytes().all(|b| b.is_ascii_digit()))
    }

    /// The entries that a name and architecture mean. `all` and an unknown architecture mean whatever is there: history
    /// logs name the machine's architecture where dpkg says `all`.
    fn keys(&mut self, package: &str, arch: &str) -> Vec<(String, String)> {
        let known: Vec<String> =
            self.files.keys().filter(|(name, _)| name == package).map(|(_, arch)| arch.clone()).collect();
        let key = |arch: &str| (package.to_owned(), arch.to_owned());
        if known.iter().any(|a| a == arch) {
            return vec![key(arch)];
        }
        if arch.is_empty() || arch == "all" {
            return if known.is_empty() { vec![key(arch)] } else { known.iter().map(|a| key(a)).collect() };
        }
        if known.iter().any(|a| a == "all") {
            return vec![key("all")];
        }
        if let Some(files) = self.files.remove(&key("")) {
            self.files.insert(key(arch), files);
        }
        vec![key(arch)]
    }

    /// Whether a package's versions lie side by side: a new kernel takes none away, and the newest counts.
    fn lie_side_by_side(&self, package: &str) -> bool {
        let single = |rest: &str| SINGLE_KERNEL_PACKAGES.iter().any(|name| rest.starts_with(name));
        self.target.scheme == Scheme::Rpm
            && package
                .strip_prefix("kernel")
                .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(|rest| !single(rest)))
    }

    /// A version is there whole: in place of the one before, or beside it.
    fn place(&mut self, key: (String, String), version: &str) {
        let side_by_side = self.lie_side_by_side(&key.0);
        let scheme = self.target.scheme;
        let files = self.files.entry(key).or_insert_with(|| Files::whole(version));
        (files.partial, files.aim) = (false, None);
        if files.version == version {
            return;
        }
        let older = scheme.compare(version, &files.version) == Some(Ordering::Less);
        let other = match side_by_side && older && !files.version.is_empty() {
            true => version.to_owned(),
            false => std::mem::replace(&mut files.version, version.to_owned()),
        };
        if side_by_side && !other.is_empty() {
            files.beside.insert(other);
        }
    }

    /// The package manager is about to go from one version to another.
    pub fn begin(&mut self, package: &str, arch: &str, old: Option<&str>, new: Option<&str>) -> Move {
        let mut moved = Move::None;
        for key in self.keys(package, arch) {
            if old.or(new).is_some() {
                self.files.entry(key.clone()).or_insert_with(|| Files::whole(old.unwrap_or_default()));
            }
            let stays = self.lie_side_by_side(package);
            let target = self.target;
            let holds = |version: &str| target.holds(package, version);
            let was_fixed = !stays && self.files.get(&key).is_some_and(|f| holds(&f.version));
            let goes_below = new.is_none_or(|new| !holds(new));
            if let Some(files) = self.files.get_mut(&key) {
                if was_fixed && goes_below && new.is_some() {
                    files.version = new.unwrap_or_default().to_owned();
                }
                files.aim = new.map(str::to_owned);
            }
            if was_fixed && goes_below && new.is_some() && !self.fixed() {
                moved = Move::Fell;
            }
        }
        moved
    }

    /// A package is there in this version, whole or in part.
    pub fn set(&mut self, package: &str, arch: &str, version: &str, partial: bool) -> Move {
        let before = self.fixed();
        let mut fell = false;
        for key in self.keys(package, arch) {
            let old = self.files.get(&key).map(|f| f.version.clone());
            let target = self.target;
            let holds = |version: &str| target.holds(package, version);
            fell |= !partial && old.is_some_and(|old| holds(&old)) && !holds(version);
            if partial {
                let files = self.files.entry(key).or_insert_with(|| Files::whole(version));
                (files.version, files.partial) = (version.to_owned(), true);
            } else {
                self.place(key, version);
            }
        }
        if fell && before && !self.fixed() { Move::Fell } else { Move::None }
    }

    /// One instance has this version, whatever the others have.
    pub fn put(&mut self, product: &str, instance: &str, version: &str) {
        self.files.insert((product.to_owned(), instance.to_owned()), Files::whole(version));
    }

    /// Somebody who reckons with all packages says that the fix is there: what was seen below it is so no more.
    pub fn lift(&mut self) {
        let Some(fixed) = self.target.fixed.clone() else { return };
        let target = self.target;
        for (_, files) in self.files.iter_mut().filter(|((name, _), files)| !target.holds(name, &files.version)) {
            *files = Files::whole(&fixed);
        }
    }

    /// The version of a package as far as it is known, on any architecture.
    pub fn version_of(&self, package: &str) -> Option<String> {
        let mut files = self.files.iter().filter(|((name, _), files)| name == package && !files.version.is_empty());
        files.next().map(|(_, files)| files.version.clone())
    }

    /// The package manager has begun on this package and not finished.
    pub fn aims(&self, package: &str) -> bool {
        self.files.iter().any(|((name, _), files)| name == package && files.aim.is_some())
    }

    /// A package could not be set up: what was aimed at lies there unconfigured.
    pub fn broken(&mut self, package: &str) {
        for ((_, _), files) in self.files.iter_mut().filter(|((name, _), _)| name == package) {
            files.version = files.aim.take().unwrap_or_else(|| files.version.clone());
            files.partial = true;
        }
    }

    /// The package manager is through with a package, in a line that names only what it replaced: what it had begun is
    /// there, unless something of it failed.
    pub fn finish(&mut self, package: &str, arch: &str) {
        for key in self.keys(package, arch) {
            let whole = self.files.get(&key).filter(|files| !files.partial);
            if let Some(aim) = whole.and_then(|files| files.aim.clone()) {
                self.place(key, &aim);
            }
        }
    }

    /// A package is gone, or the version of it that is named where several lie side by side.
    pub fn remove(&mut self, package: &str, arch: &str, version: Option<&str>) -> Move {
        let before = self.fixed();
        let (side_by_side, scheme) = (self.lie_side_by_side(package), self.target.scheme);
        for key in self.keys(package, arch) {
            let left =
                self.files.get_mut(&key).filter(|_| side_by_side).zip(version).is_some_and(|(files, version)| {
                    if !files.beside.remove(version) && files.version == version {
                        let newest = files.beside.iter().max_by(|a, b| scheme.compare(a, b).unwrap_or(Ordering::Equal));
                        let Some(newest) = newest.cloned() else { return false };
                        files.beside.remove(&newest);
                        files.version = newest;
                    }
                    true
                });
            if !left {
                self.files.remove(&key);
            }
        }
        if before && !self.files.is_empty() && !self.fixed() { Move::Fell } else { Move::None }
    }

    /// A transaction that named this package ended well. What no finer log has said, it did as it was told.
    pub fn settle(&mut self, package: &str, arch: &str, new: Option<&str>) {
        for key in self.keys(package, arch) {
            match (self.files.get(&key), new) {
                (Some(files), Some(_)) if files.partial => {}
                (_, Some(new)) => self.place(key, new),
                (Some(_), None) => {
                    self.files.remove(&key);
                }
                _ => {}
            }
        }
    }

    /// Nothing of it has been seen, or nothing is left.
    pub fn is_empty(&self) -> bool {
        self.files.values().all(|files| files.version.is_empty())
    }

    /// The version that each pattern counts by: all of a plain name's architectures, the newest of a versioned name's.
    fn counted(&self) -> impl Iterator<Item = (&(String, String), &Files)> {
        self.target.packages.iter().flat_map(|pattern| {
            let fits = |name: &str| crate::inputs::advisory::fits(pattern, name);
            let known = self.files.iter().filter(|(_, files)| !files.version.is_empty());
            let mut fitting: Vec<_> = known.filter(|((name, _), _)| fits(name)).collect();
            if pattern.contains('*') {
                let newest = fitting.iter().copied().max_by(|(_, a), (_, b)| self.order(&a.version, &b.version));
                fitting = newest.into_iter().collect();
            }
            fitting
        })
    }

    fn order(&self, a: &str, b: &str) -> Ordering {
        self.target.scheme.compare(a, b).unwrap_or(Ordering::Equal)
    }

    /// All of it is there whole and holds the fix.
    pub fn fixed(&self) -> bool {
        let mut any = false;
        for ((name, _), files) in self.counted() {
            any = true;
            if files.partial || !self.target.holds(name, &files.version) {
                return false;
            }
        }
        any
    }

    /// Some of it lacks the fix.
    pub fn vulnerable(&self) -> bool {
        self.counted().any(|((name, _), files)| !self.target.holds(name, &files.version))
    }

    /// Some of it was left in part.
    pub fn partial(&self) -> bool {
        self.files.values().any(|f| f.partial)
    }

    /// Some of it holds the fix and some does not.
    pub fn mixed(&self) -> bool {
        self.vulnerable() && self.counted().any(|((name, _), files)| self.target.holds(name, &files.version))
    }

    /// One architecture of a package holds the fix and another does not: no later transaction is going to mend that.
    pub fn split(&self) -> bool {
        self.counted().any(|((name, _), old)| {
            let holds = |files: &Files| self.target.holds(name, &files.version);
            !holds(old) && self.counted().any(|((other, _), new)| other == name && !new.partial && holds(new))
        })
    }

    /// Nothing is on its way to the fix any more.
    pub fn at_rest(&self) -> bool {
        self.files.values().all(|f| !f.partial && f.aim.is_none())
    }

    /// The version that counts: the lowest of all that must hold the fix.
    pub fn observed(&self) -> Option<String> {
        self.counted().map(|(_, f)| &f.version).min_by(|a, b| self.order(a, b)).cloned()
    }

    /// What is there, in words.
    pub fn words(&self) -> String {
        let one = |((name, arch), files): (&(String, String), &Files)| {
            let arch = if arch.is_empty() { String::new() } else { format!(":{arch}") };
            let state = match (files.partial, self.target.holds(name, &files.version)) {
                (true, _) => " (not configured)",
                (false, true) => "",
                (false, false) => " (old)",
            };
            format!("{name}{arch} {}{state}", files.version)
        };
        self.counted().map(one).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Scheme;

    fn target(packages: &[&str], fixed: &str) -> Target {
        Target {
            platform: "debian:12".into(),
            product: "x".into(),
            packages: packages.iter().map(|p| p.to_string()).collect(),
            scheme: Scheme::Deb,
            fixed: Some(fixed.into()),
            ranges: Vec::new(),
        }
    }

    #[test]
    fn every_architecture_must_hold_the_fix() {
        let target = target(&["libz1"], "2-1");
        let mut disk = Disk::new(&target);
        disk.set("libz1", "amd64", "1-1", false);
        disk.set("libz1", "i386", "1-1", false);
        disk.begin("libz1", "amd64", Some("1-1"), Some("2-1"));
        assert!(!disk.at_rest());
        disk.set("libz1", "amd64", "2-1", false);
        assert!(disk.split() && disk.mixed() && !disk.fixed());
        disk.set("libz1", "i386", "2-1", false);
        assert!(disk.fixed());
    }

    #[test]
    fn of_kernels_the_newest_counts() {
        let target = target(&["linux-image-*"], "6.1.180-1");
        let mut disk = Disk::new(&target);
        disk.set("linux-image-6.1.0-40-amd64", "amd64", "6.1.150-1", false);
        assert!(disk.vulnerable());
        disk.set("linux-image-6.1.0-44-amd64", "amd64", "6.1.180-1", false);
        assert!(disk.fixed());
        assert_eq!(disk.remove("linux-image-6.1.0-40-amd64", "amd64", None), Move::None);
        assert!(disk.fixed());
    }

    #[test]
    fn a_history_that_names_the_machine_means_what_dpkg_calls_all() {
        let target = target(&["tool"], "2");
        let mut disk = Disk::new(&target);
        disk.set("tool", "all", "1", false);
        disk.settle("tool", "amd64", Some("2"));
        assert_eq!(disk.words(), "tool:all 2");
    }

    #[test]
    fn going_below_the_fix_is_told_from_going_up_to_it() {
        let target = target(&["tool"], "2");
        let mut disk = Disk::new(&target);
        assert_eq!(disk.begin("tool", "amd64", Some("1"), Some("2")), Move::None);
        assert_eq!(disk.set("tool", "amd64", "2", false), Move::None);
        assert_eq!(disk.begin("tool", "amd64", Some("2"), Some("2")), Move::None);
        assert_eq!(disk.begin("tool", "amd64", Some("2"), Some("1")), Move::Fell);
        assert_eq!(disk.set("tool", "amd64", "1", false), Move::None);
    }

    fn rpm(packages: &[&str], fixed: &str) -> Target {
        Target { scheme: Scheme::Rpm, ..target(packages, fixed) }
    }

    #[test]
    fn kernels_of_rpm_lie_side_by_side_and_the_newest_counts() {
        let target = rpm(&["kernel-core"], "2");
        let mut disk = Disk::new(&target);
        disk.set("kernel-core", "x86_64", "1", false);
        assert_eq!(disk.begin("kernel-core", "x86_64", None, Some("2")), Move::None);
        disk.finish("kernel-core", "x86_64");
        assert!(disk.fixed());
        assert_eq!(disk.set("kernel-core", "x86_64", "1", false), Move::None, "a list names the old one too");
        assert!(disk.fixed());
        assert_eq!(disk.remove("kernel-core", "x86_64", Some("1")), Move::None, "old ones are cleaned away");
        assert!(disk.fixed());
        disk.set("kernel-core", "x86_64", "1", false);
        assert_eq!(disk.remove("kernel-core", "x86_64", Some("2")), Move::Fell, "the new one was taken off again");
        assert_eq!(disk.observed().as_deref(), Some("1"));
    }

    #[test]
    fn a_kernel_of_suse_says_its_release_without_the_count_of_rebuilds() {
        let of =
            |platform: &str| Target { platform: platform.into(), ..rpm(&["kernel-default"], "6.4.0-150600.23.25.1") };
        let (suse, other) = (of("sles:15.6"), of("rhel:9"));
        assert!(Disk::new(&suse).runs_fixed("6.4.0-150600.23.25"));
        assert!(!Disk::new(&suse).runs_fixed("6.4.0-150600.23.2"), "another source");
        assert!(!Disk::new(&suse).reaches("6.4.0-150600.23.25"), "on disk the package has all of it");
        assert!(!Disk::new(&other).runs_fixed("6.4.0-150600.23.25"));
    }

    #[test]
    fn other_packages_of_rpm_have_one_version_at_a_time() {
        for package in ["kernel-headers", "kernel-tools-libs", "openssl-libs"] {
            let target = rpm(&[package], "2");
            let mut disk = Disk::new(&target);
            disk.set(package, "x86_64", "2", false);
            assert_eq!(disk.set(package, "x86_64", "1", false), Move::Fell, "{package}");
        }
    }

    #[test]
    fn what_was_begun_has_come_when_only_the_old_version_is_named() {
        let target = rpm(&["shop"], "1.0-2");
        let mut disk = Disk::new(&target);
        assert_eq!(disk.begin("shop", "noarch", None, Some("1.0-2")), Move::None);
        assert!(disk.is_empty(), "nothing is known of what is there");
        disk.finish("shop", "noarch");
        assert_eq!(disk.observed().as_deref(), Some("1.0-2"));
        disk.begin("shop", "noarch", None, Some("1.0-3"));
        disk.broken("shop");
        disk.finish("shop", "noarch");
        assert!(disk.partial(), "what failed is not there because the old files are gone");
    }
}
