//! Files and decisions that become known: what they change.

use std::path::Path;

use super::*;
use crate::inputs::{self, Scan, exploited, records, warning};

/// A file as it was last known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Known {
    pub at: Timestamp,
    pub feed: Feed,
}

/// Inputs that this part reads.
const INPUTS: &[&str] =
    &["inventory", "policy", "advisories", "kev", "epss", "ssvc", "exceptions", "known_issues", "backups", "scans"];

impl Cases {
    /// A file of the organisation becomes known, or replaces the one of the same path.
    pub fn feed(&mut self, at: Timestamp, feed: &Feed, out: &mut Output) -> Vec<Problem> {
        if !INPUTS.contains(&feed.input.as_str()) {
            return Vec::new();
        }
        self.roll(at);
        self.clock = self.clock.max(at);
        let name = format!("{}/{}", feed.input, feed.path);
        self.dirty.insert(format!("feed/{name}"));
        self.feeds.insert(name, Known { at, feed: feed.clone() });
        let (problems, touched) = self.read(at, feed);
        match touched {
            Touched::All => self.derive_all(out),
            Touched::Assets(assets) => assets.iter().for_each(|asset| self.derive_asset(asset, out)),
            Touched::Advisories(ids) => ids.iter().for_each(|id| self.derive_advisory(id, out)),
            Touched::None => {}
        }
        self.review_scans(out);
        self.review_feeds(out);
        self.settle(out);
        problems
    }

    /// Reads a file into the configuration; nothing is derived yet.
    pub(super) fn read(&mut self, at: Timestamp, feed: &Feed) -> (Vec<Problem>, Touched) {
        let (file, text) = (Path::new(&feed.path), feed.text.as_str());
        match feed.input.as_str() {
            "inventory" => {
                let (assets, mut problems) = Assets::read(file, text);
                for old in self.assets.iter().filter(|old| assets.get(&old.id).is_none() && !old.gone(at)) {
                    let what = format!("asset `{}` has vanished from the inventory", old.id);
                    problems.push(warning(file, 0, what, "give it a date in the column `retired` instead"));
                }
                self.index.assets(&assets);
                let platforms = |assets: &Assets| assets.iter().map(|a| a.platform.clone()).collect::<BTreeSet<_>>();
                let other = platforms(&assets) != platforms(&self.assets);
                self.assets = assets;
                self.bind_scans();
                if other {
                    self.reread_advisories();
                }
                (problems, Touched::All)
            }
            "policy" => {
                let (policy, problems) = Policy::read(file, text);
                if let Some(policy) = policy {
                    self.policy = policy;
                    self.plan_scans(at);
                }
                (problems, Touched::All)
            }
            "advisories" => self.read_advisories(at, feed),
            "kev" => {
                let (known, released, problems) = exploited::kev(file, text);
                self.date_feed("kev", released.unwrap_or(at));
                let initial = !self.started;
                for (cve, entry) in known {
                    // What was there from the start was seen when CISA added it, as far as anybody can tell.
                    let first = if initial { entry.added } else { at };
                    let seen = self.exploited.get(&cve).map_or(first, |(_, seen)| *seen);
                    self.exploited.insert(cve, (entry, seen));
                }
                self.dirty.insert("kev".to_owned());
                (problems, Touched::All)
            }
            "epss" => {
                let (scores, date, problems) = exploited::epss(file, text);
                self.date_feed("epss", date.unwrap_or(at));
                self.epss = scores;
                (problems, Touched::All)
            }
            "ssvc" => {
                let (known, problems) = exploited::ssvc(file, text);
                self.ssvc.extend(known);
                self.date_feed("ssvc", at);
                (problems, Touched::All)
            }
            "backups" => {
                let (jobs, problems) = inputs::backups::jobs(file, text);
                self.jobs = jobs;
                (problems, Touched::All)
            }
            "exceptions" => {
                let (read, problems) = records::exceptions(file, text);
                self.exceptions.insert(feed.path.clone(), read);
                self.sort_exceptions();
                (problems, Touched::All)
            }
            "known_issues" => {
                let (read, problems) = records::known_issues(file, text);
                self.known_issues.insert(feed.path.clone(), read);
                self.sort_known_issues();
                (problems, Touched::All)
            }
            _ => self.read_scan(at, feed),
        }
    }

    /// An advisory is known from now on, or in another form.
    pub(super) fn put_advisory(&mut self, advisory: Advisory) {
        self.drop_advisory(&advisory.id);
        let id: Name = advisory.id.as_str().into();
        if advisory.published > floor(self.clock) {
            self.publications.insert((advisory.published, id.clone()));
        }
        self.index.put(&advisory);
        self.advisories.insert(id, advisory);
    }

    /// An advisory is known no more.
    pub(super) fn drop_advisory(&mut self, id: &str) {
        if let Some((id, old)) = self.advisories.remove_entry(id) {
            self.index.drop(&old);
            self.publications.remove(&(old.published, id));
        }
    }

    fn read_scan(&mut self, at: Timestamp, feed: &Feed) -> (Vec<Problem>, Touched) {
        let (scans, mut problems) = match Scan::read(&feed.path, &feed.text, at) {
            Ok(read) => read,
            Err(problem) => return (vec![problem], Touched::None),
        };
        let mut touched = BTreeSet::new();
        let (mut bound, mut names) = (true, false);
        for scan in scans {
            let found = self.assets.resolve_any(scan.names.iter().map(String::as_str));
            let Some(asset) = found.map(|a| a.id.clone()) else {
                problems.push(scan.unbound());
                bound = false;
                continue;
            };
            if let Some(date) = scan.database {
                let newest = self.databases.entry(scan.tool.clone()).or_insert((scan.at, date));
                *newest = (scan.at, date).max(*newest);
            }
            names |= self.learn_names(&scan);
            if self.dossier(&asset).keep_scan(scan) {
                self.dirty.insert(format!("scans/{asset}"));
            }
            touched.insert(asset);
        }
        // What it says is kept with its assets; once all of them are known, the text has no more use.
        let name = format!("{}/{}", feed.input, feed.path);
        if let Some(known) = self.feeds.get_mut(&name).filter(|_| bound) {
            known.feed.text = String::new();
        }
        // An advisory that goes by other names now may concern anybody.
        (problems, if names { Touched::All } else { Touched::Assets(touched) })
    }

    /// Reports that came before the inventory find their assets.
    fn bind_scans(&mut self) {
        let unbound = |known: &&Known| known.feed.input == "scans" && !known.feed.text.is_empty();
        let scans: Vec<Known> = self.feeds.values().filter(unbound).cloned().collect();
        for known in scans {
            self.read_scan(known.at, &known.feed);
        }
    }

    /// Derives every case anew, and those that there may be now.
    pub(super) fn derive_all(&mut self, out: &mut Output) {
        let inventory = self.assets.iter().filter(|a| a.version.is_some()).map(|a| a.id.as_str().into());
        let mut assets: BTreeSet<Name> = self.dossiers.keys().chain(self.held.keys()).cloned().collect();
        assets.extend(inventory);
        for asset in assets {
            self.derive_asset(&asset, out);
        }
        self.known_by_now(out);
    }

    pub(super) fn derive_asset(&mut self, asset: &str, out: &mut Output) {
        let name: Name = asset.into();
        let mut keys: BTreeSet<Key> = self.keys_of(asset).into_iter().collect();
        keys.extend(self.concerned(asset).into_iter().map(|id| (name.clone(), id)));
        for key in keys {
            self.derive(&key, out);
        }
    }

    pub(super) fn derive_advisory(&mut self, id: &str, out: &mut Output) {
        let name: Name = id.into();
        let Some(advisory) = self.advisories.get(id) else {
            let held: Vec<Name> =
                self.held.iter().filter(|(_, h)| h.contains_key(id)).map(|(a, _)| a.clone()).collect();
            return held.into_iter().for_each(|asset| self.derive(&(asset, name.clone()), out));
        };
        let may = |asset: &&Asset| {
            let held = || self.held.get(asset.id.as_str()).is_some_and(|held| held.contains_key(id));
            self.says_anything(asset, advisory) || held()
        };
        let assets: Vec<Name> = self.assets.iter().filter(may).map(|asset| asset.id.as_str().into()).collect();
        for asset in assets {
            self.derive(&(asset, name.clone()), out);
        }
    }

    /// The advisories about which an asset has said anything.
    fn concerned(&self, asset: &str) -> BTreeSet<Name> {
        let Some(asset) = self.assets.get(asset) else { return BTreeSet::new() };
        let mut ids: BTreeSet<&Name> = self.index.systems(&asset.platform).collect();
        if let Some(dossier) = self.dossiers.get(asset.id.as_str()) {
            let lanes = dossier.under("package/").map(|(package, _)| package);
            let scanned = dossier.scans.iter().flat_map(|scan| scan.packages.keys()).map(String::as_str);
            ids.extend(lanes.chain(scanned).flat_map(|package| self.index.packages(package)));
            ids.extend(dossier.under("runs/").flat_map(|(product, _)| self.index.named(product)));
            ids.extend(dossier.under("update/").flat_map(|(name, _)| self.index.named(name)));
        }
        let says = |id: &&Name| self.advisories.get(*id).is_some_and(|advisory| self.says_anything(asset, advisory));
        ids.into_iter().filter(says).cloned().collect()
    }

    /// Whether an asset has said anything about what an advisory is about.
    fn says_anything(&self, asset: &Asset, advisory: &Advisory) -> bool {
        let Some(target) = advisory.target(&asset.platform) else { return false };
        if asset.version.is_some() && Tells::of(advisory, target) != Tells::Packages {
            return true;
        }
        let Some(dossier) = self.dossiers.get(asset.id.as_str()) else { return false };
        let by_name = || target.packages.iter().chain([&target.product, &advisory.id]);
        dossier.packages(target).next().is_some()
            || dossier.scans.iter().any(|scan| index::listed(&scan.packages, target).next().is_some())
            || (Tells::of(advisory, target) != Tells::Packages
                && ["boot", "runs/", "pod/"].iter().any(|lane| dossier.under(lane).next().is_some()))
            || by_name().any(|name| {
                !dossier.lane(&format!("update/{name}")).is_empty() || !dossier.lane(&format!("runs/{name}")).is_empty()
            })
    }
}

/// Whom a file concerns.
pub(super) enum Touched {
    All,
    Assets(BTreeSet<String>),
    Advisories(Vec<String>),
    None,
}
