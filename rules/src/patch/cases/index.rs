//! Which cases a line may be about, so that one line looks at few of a million.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::held::Name;
use crate::{
    Asset, Assets,
    inputs::{Advisory, Target, advisory::fits},
    patch::course::Tells,
};

/// Advisories and assets by what lines name.
#[derive(Default)]
pub struct Index {
    /// Advisories by a package's plain name.
    plain: HashMap<String, BTreeSet<Name>>,
    /// Advisories by a package's name up to the `*`.
    patterns: BTreeMap<String, BTreeSet<Name>>,
    /// Advisories about what a system says of itself: kernels, builds, firmware, instances; by platform.
    systems: BTreeMap<String, BTreeSet<Name>>,
    /// Advisories by the names that updates and products go by, in lower case; by platform's family as well.
    named: HashMap<String, BTreeSet<Name>>,
    /// Advisories that supersede one.
    newer: HashMap<String, BTreeSet<Name>>,
    /// Assets of ring 0 by platform.
    first_ring: HashMap<String, Vec<Name>>,
    /// Assets by group.
    groups: BTreeMap<String, Vec<Name>>,
}

impl Index {
    /// An advisory is known from now on.
    pub fn put(&mut self, advisory: &Advisory) {
        let id: Name = advisory.id.as_str().into();
        self.each(advisory, &mut |set| {
            set.insert(id.clone());
        });
    }

    /// An advisory is known no more.
    pub fn drop(&mut self, advisory: &Advisory) {
        let id = advisory.id.as_str();
        self.each(advisory, &mut |set| {
            set.remove(id);
        });
    }

    fn each(&mut self, advisory: &Advisory, change: &mut dyn FnMut(&mut BTreeSet<Name>)) {
        for target in &advisory.targets {
            for package in &target.packages {
                match package.split_once('*') {
                    Some((head, _)) => change(self.patterns.entry(head.to_owned()).or_default()),
                    None => change(self.plain.entry(package.clone()).or_default()),
                }
                change(self.named.entry(package.to_lowercase()).or_default());
            }
            if Tells::of(advisory, target) != Tells::Packages {
                change(self.systems.entry(target.platform.clone()).or_default());
            }
            change(self.named.entry(target.product.to_lowercase()).or_default());
        }
        change(self.named.entry(advisory.id.to_lowercase()).or_default());
        for old in &advisory.supersedes {
            change(self.newer.entry(old.clone()).or_default());
        }
    }

    /// The inventory is another one.
    pub fn assets(&mut self, assets: &Assets) {
        (self.first_ring, self.groups) = Default::default();
        for asset in assets.iter() {
            if asset.ring == Some(0) {
                self.first_ring.entry(asset.platform.clone()).or_default().push(asset.id.as_str().into());
            }
            if let Some(group) = &asset.group {
                self.groups.entry(group.clone()).or_default().push(asset.id.as_str().into());
            }
        }
    }

    /// Advisories that may be about a package.
    pub fn packages<'i>(&'i self, package: &'i str) -> impl Iterator<Item = &'i Name> + 'i {
        let by_pattern = self.patterns.iter().filter(|(head, _)| package.starts_with(head.as_str()));
        self.plain.get(package).into_iter().flatten().chain(by_pattern.flat_map(|(_, ids)| ids))
    }

    /// Advisories about what an asset of this platform says of itself.
    pub fn systems<'i>(&'i self, platform: &'i str) -> impl Iterator<Item = &'i Name> + 'i {
        let family = platform.split(':').next().unwrap_or(platform);
        let of = |name: &str| self.systems.get(name).into_iter().flatten();
        of(platform).chain(of(family).filter(move |_| family != platform))
    }

    /// Advisories that go by a name: a product, a KB, a patch, their own id.
    pub fn named<'i>(&'i self, name: &str) -> impl Iterator<Item = &'i Name> + 'i {
        self.named.get(&name.to_lowercase()).into_iter().flatten()
    }

    /// Advisories that say that they cover this one.
    pub fn newer(&self, advisory: &str) -> impl Iterator<Item = &Name> {
        self.newer.get(advisory).into_iter().flatten()
    }

    /// Assets of ring 0 on this platform.
    pub fn first_ring(&self, platform: &str) -> impl Iterator<Item = &Name> {
        self.first_ring.get(platform).into_iter().flatten()
    }

    /// The members of a group.
    pub fn members(&self, group: &str) -> &[Name] {
        self.groups.get(group).map_or(&[], Vec::as_slice)
    }
}

/// The versions that a report lists of a target's packages, with their architecture.
pub fn listed<'s>(
    packages: &'s BTreeMap<String, Vec<(String, String)>>,
    target: &'s Target,
) -> impl Iterator<Item = (&'s str, &'s (String, String))> + 's {
    target.packages.iter().flat_map(move |pattern| {
        let (head, star) = pattern.split_once('*').map_or((pattern.as_str(), false), |(head, _)| (head, true));
        let range = packages.range(head.to_owned()..).take_while(move |(name, _)| match star {
            true => name.starts_with(head),
            false => *name == head,
        });
        let fitting = range.filter(|(name, _)| fits(pattern, name));
        fitting.flat_map(|(name, versions)| versions.iter().map(move |v| (name.as_str(), v)))
    })
}

/// Whether an asset takes part in the rings behind ring 0.
pub fn waits_for_ring(asset: &Asset) -> bool {
    asset.ring.is_some_and(|ring| ring > 0)
}
