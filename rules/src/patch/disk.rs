//! What is on an asset's disk of the packages that an advisory is about.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::inputs::Target;

/// The files of one package and architecture.
#[derive(Clone, Debug)]
struct Files {
    /// Empty: not known yet, something was begun.
    version: String,
    partial: bool,
    /// What the package manager is about to make of it.
    aim: Option<String>,
}

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
        self.target.fixed.as_deref().is_some_and(|fixed| self.target.scheme.reaches(version, fixed))
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

    /// The package manager is about to go from one version to another.
    pub fn begin(&mut self, package: &str, arch: &str, old: Option<&str>, new: Option<&str>) -> Move {
        let mut moved = Move::None;
        for key in self.keys(package, arch) {
            if old.or(new).is_some() {
                let version = old.unwrap_or_default().to_owned();
                self.files.entry(key.clone()).or_insert(Files { version, partial: false, aim: None });
            }
            let was_fixed = self.files.get(&key).is_some_and(|f| self.reaches(&f.version));
            let goes_below = new.is_none_or(|new| !self.reaches(new));
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
            fell |= !partial && old.is_some_and(|old| self.reaches(&old)) && !self.reaches(version);
            let aim = self.files.get(&key).and_then(|f| f.aim.clone()).filter(|_| partial);
            self.files.insert(key, Files { version: version.to_owned(), partial, aim });
        }
        if fell && before && !self.fixed() { Move::Fell } else { Move::None }
    }

    /// One instance has this version, whatever the others have.
    pub fn put(&mut self, product: &str, instance: &str, version: &str) {
        let files = Files { version: version.to_owned(), partial: false, aim: None };
        self.files.insert((product.to_owned(), instance.to_owned()), files);
    }

    /// Somebody who reckons with all packages says that the fix is there: what was seen below it is so no more.
    pub fn lift(&mut self) {
        let Some(fixed) = self.target.fixed.clone() else { return };
        let target = self.target;
        for files in self.files.values_mut().filter(|files| !target.scheme.reaches(&files.version, &fixed)) {
            *files = Files { version: fixed.clone(), partial: false, aim: None };
        }
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
            if let Some(files) = self.files.get_mut(&key).filter(|files| !files.partial)
                && let Some(aim) = files.aim.take()
            {
                files.version = aim;
            }
        }
    }

    /// A package is gone.
    pub fn remove(&mut self, package: &str, arch: &str) -> Move {
        let before = self.fixed();
        for key in self.keys(package, arch) {
            self.files.remove(&key);
        }
        if before && !self.files.is_empty() && !self.fixed() { Move::Fell } else { Move::None }
    }

    /// A transaction that named this package ended well. What no finer log has said, it did as it was told.
    pub fn settle(&mut self, package: &str, arch: &str, new: Option<&str>) {
        for key in self.keys(package, arch) {
            match (self.files.get_mut(&key), new) {
                (Some(files), Some(new)) if !files.partial => {
                    (files.version, files.aim) = (new.to_owned(), None);
                }
                (None, Some(new)) => {
                    self.files.insert(key, Files { version: new.to_owned(), partial: false, aim: None });
                }
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
        for (_, files) in self.counted() {
            any = true;
            if files.partial || !self.reaches(&files.version) {
                return false;
            }
        }
        any
    }

    /// Some of it lacks the fix.
    pub fn vulnerable(&self) -> bool {
        self.counted().any(|(_, files)| !self.reaches(&files.version))
    }

    /// Some of it was left in part.
    pub fn partial(&self) -> bool {
        self.files.values().any(|f| f.partial)
    }

    /// Some of it holds the fix and some does not.
    pub fn mixed(&self) -> bool {
        self.vulnerable() && self.counted().any(|(_, files)| self.reaches(&files.version))
    }

    /// One architecture of a package holds the fix and another does not: no later transaction is going to mend that.
    pub fn split(&self) -> bool {
        self.counted().any(|((name, _), old)| {
            !self.reaches(&old.version)
                && self.counted().any(|((other, _), new)| other == name && !new.partial && self.reaches(&new.version))
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
            let state = match (files.partial, self.reaches(&files.version)) {
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
        assert_eq!(disk.remove("linux-image-6.1.0-40-amd64", "amd64"), Move::None);
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
}
