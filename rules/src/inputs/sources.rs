//! Source packages and what is built from them. Debian's advisories name the source, logs and scanners the binaries.
//! A small table is shipped; what scanners list teaches the rest.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use super::{Scan, advisory::fits};

/// Most source packages that are learned.
const MAX_LEARNED: usize = 50_000;

static SHIPPED: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let lines = include_str!("../../data/sources.txt").lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(':'));
    pairs.map(|(source, binaries)| (source, binaries.split_whitespace().collect())).collect()
});

/// The binary packages of a source package that the shipped table knows; empty: none.
pub fn shipped(source: &str) -> &'static [&'static str] {
    SHIPPED.get(source).map_or(&[], Vec::as_slice)
}

/// What scanners have taught.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<String, BTreeSet<String>>);

impl Sources {
    /// Takes in what a report lists; gives the sources of which it named a new binary.
    pub fn learn(&mut self, scan: &Scan) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        for (binary, source) in &scan.sources {
            let full = self.0.len() >= MAX_LEARNED && !self.0.contains_key(source);
            // A kernel's binaries carry its version in their name: the shipped pattern stands for them all.
            let known = shipped(source).iter().any(|pattern| pattern.contains('*') || fits(pattern, binary));
            if !full && !known && self.0.entry(source.clone()).or_default().insert(binary.clone()) {
                changed.insert(source.clone());
            }
        }
        changed
    }

    /// The learned binaries of a source.
    pub fn of(&self, source: &str) -> impl Iterator<Item = &String> {
        self.0.get(source).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_knows_what_logs_call_a_source() {
        assert!(shipped("openssl").contains(&"libssl3"));
        assert_eq!(shipped("linux"), ["linux-image-*"]);
        assert!(shipped("no-such-source").is_empty());
    }

    #[test]
    fn a_report_teaches_each_binary_once() {
        let sources = [("libfoo1", "foo"), ("libssl3", "openssl"), ("linux-image-6.1.0-50-amd64", "linux")];
        let sources = sources.map(|(binary, source)| (binary.to_owned(), source.to_owned())).into();
        let scan = Scan { sources, ..Scan::default() };
        let mut known = Sources::default();
        assert_eq!(known.learn(&scan), BTreeSet::from(["foo".to_owned()]));
        assert_eq!(known.learn(&scan), BTreeSet::new());
        assert_eq!(known.of("foo").collect::<Vec<_>>(), ["libfoo1"]);
    }
}
