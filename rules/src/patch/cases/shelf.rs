//! Advisories of feeds: which file each came from, what people added to it, and which are left on the shelf because
//! nothing in the house is of their platform or package.
//!
//! Feeds hold a hundred thousand advisories; those that can concern nobody stay in their file's text, and are read again
//! when an asset of their platform appears, or a scanner lists their package.

use std::collections::HashSet;

use roundsman_ingest::record::Feed;

use std::path::Path;

use super::{feeds::Touched, *};
use crate::inputs::{
    Scan, feed, package,
    sources::Sources,
    vex::{self, Statement},
};

/// Divides a large archive's path from the number of its part.
const PART: char = '!';

/// What is known of advisories beside themselves.
#[derive(Default)]
pub(super) struct Shelf {
    /// Ids by the file that they came from.
    issued: BTreeMap<String, BTreeSet<Name>>,
    /// What people wrote, by id.
    own: HashMap<Name, Advisory>,
    /// What feeds say of the same ids.
    theirs: HashMap<Name, Advisory>,
    /// What is not affected, by file, with when it became known.
    statements: BTreeMap<String, (Timestamp, Vec<Statement>)>,
    sources: Sources,
    /// Packages of languages that some asset has.
    languages: HashSet<String>,
    /// Packages of languages of which advisories were left out.
    left_out: HashSet<String>,
}

impl Shelf {
    /// Why an advisory's flaws do not matter in what a target patches, and since when that is known.
    pub fn cleared(&self, advisory: &Advisory, target: &Target) -> Option<(String, Timestamp)> {
        if self.statements.is_empty() {
            return None;
        }
        let why = vex::cleared(advisory, target, self.statements.values().flat_map(|(_, list)| list))?;
        let about = |list: &[Statement]| list.iter().any(|s| s.why == why);
        let known = self.statements.values().filter(|(_, list)| about(list)).map(|(known, _)| *known).min()?;
        Some((why, known))
    }
}

impl Cases {
    /// Reads a file of advisories; what it said before and says no more is known no more.
    pub(super) fn read_advisories(&mut self, at: Timestamp, feed: &Feed) -> (Vec<Problem>, Touched) {
        let read = feed::read(Path::new(&feed.path), &feed.text);
        let mut touched: BTreeSet<Name> = self.drop_parts(&feed.path);
        let old = self.shelf.issued.remove(&feed.path).unwrap_or_default();
        let mut issued = BTreeSet::new();
        for advisory in read.advisories {
            let id: Name = advisory.id.as_str().into();
            touched.extend(advisory.supersedes.iter().map(|old| old.as_str().into()));
            if read.own {
                self.shelf.own.insert(id.clone(), advisory.clone());
            } else if !self.matters(&advisory) {
                continue;
            }
            issued.insert(id.clone());
            self.put_merged(&id, advisory, read.own);
            touched.insert(id);
        }
        for id in old.difference(&issued) {
            self.withdraw(id, read.own);
            touched.insert(id.clone());
        }
        self.shelf.issued.insert(feed.path.clone(), issued);
        let before = self.shelf.statements.remove(&feed.path);
        let cleared = !read.statements.is_empty() || before.is_some();
        if !read.statements.is_empty() {
            let known = before.filter(|(_, list)| *list == read.statements).map_or(at, |(known, _)| known);
            self.shelf.statements.insert(feed.path.clone(), (known, read.statements));
        }
        let touched = touched.iter().map(|id| id.to_string()).collect();
        (read.problems, if cleared { Touched::All } else { Touched::Advisories(touched) })
    }

    /// A large archive comes in parts; its first part takes the place of all that were there before.
    fn drop_parts(&mut self, path: &str) -> BTreeSet<Name> {
        let head = format!("{path}{PART}");
        let parts: Vec<String> = self.shelf.issued.keys().filter(|part| part.starts_with(&head)).cloned().collect();
        let mut dropped = BTreeSet::new();
        for part in parts {
            for id in self.shelf.issued.remove(&part).unwrap_or_default() {
                self.withdraw(&id, false);
                dropped.insert(id);
            }
            let name = format!("advisories/{part}");
            if self.feeds.remove(&name).is_some() {
                self.dirty.insert(format!("feed/{name}"));
            }
        }
        dropped
    }

    /// Puts an advisory together with what the other side says of it.
    fn put_merged(&mut self, id: &Name, advisory: Advisory, own: bool) {
        let both = if own {
            let theirs = self.shelf.theirs.get(id).or_else(|| self.advisories.get(id).filter(|a| !self.is_own(a)));
            let theirs = theirs.cloned();
            let both = theirs.as_ref().map_or_else(|| advisory.clone(), |theirs| theirs.with(&advisory));
            self.shelf.theirs.extend(theirs.map(|theirs| (id.clone(), theirs)));
            both
        } else {
            let advisory = self.with_sources(advisory);
            match self.shelf.own.get(id) {
                Some(own) => {
                    let both = advisory.with(own);
                    self.shelf.theirs.insert(id.clone(), advisory);
                    both
                }
                None => advisory,
            }
        };
        self.put_advisory(both);
    }

    /// Whether this is what people wrote, and nothing else.
    fn is_own(&self, advisory: &Advisory) -> bool {
        self.shelf.issued.iter().any(|(file, ids)| file.ends_with(".toml") && ids.contains(advisory.id.as_str()))
    }

    /// One side says no more of an advisory; what the other says stays.
    fn withdraw(&mut self, id: &Name, own: bool) {
        let rest = if own {
            self.shelf.own.remove(id);
            self.shelf.theirs.remove(id)
        } else {
            self.shelf.theirs.remove(id);
            self.shelf.own.get(id).cloned()
        };
        match rest {
            Some(rest) => self.put_advisory(rest),
            None => self.drop_advisory(id),
        }
    }

    /// The binaries that scanners have taught, beside those that are known.
    fn with_sources(&self, mut advisory: Advisory) -> Advisory {
        for target in &mut advisory.targets {
            let more: Vec<String> = self.shelf.sources.of(&target.product).cloned().collect();
            target.packages.extend(more.into_iter().filter(|name| !target.packages.contains(name)).collect::<Vec<_>>());
        }
        advisory
    }

    /// Whether an advisory can concern anybody: an asset of its platform, or one that has its package.
    fn matters(&mut self, advisory: &Advisory) -> bool {
        let mut matters = false;
        for target in &advisory.targets {
            if package::language(&target.platform).is_none() {
                matters |= self.assets.iter().any(|asset| target.covers(&asset.platform));
            } else if target.packages.iter().any(|name| self.shelf.languages.contains(name)) {
                matters = true;
            } else {
                self.shelf.left_out.extend(target.packages.iter().cloned());
            }
        }
        matters
    }

    /// Takes in the names that a report teaches; `true` where an advisory goes by other names now.
    pub(super) fn learn_names(&mut self, scan: &Scan) -> bool {
        let languages = scan.packages.keys().filter(|name| name.contains(':'));
        let new: Vec<String> = languages.filter(|name| !self.shelf.languages.contains(*name)).cloned().collect();
        let awaited = new.iter().any(|name| self.shelf.left_out.contains(name));
        self.shelf.languages.extend(new);
        let sources = self.shelf.sources.learn(scan);
        let mut changed: BTreeSet<Name> = BTreeSet::new();
        for source in &sources {
            changed.extend(self.index.named(source).filter(|id| !self.shelf.own.contains_key(*id)).cloned());
        }
        for id in &changed {
            if let Some(advisory) = self.advisories.get(id).cloned() {
                let advisory = self.with_sources(advisory);
                self.put_advisory(advisory);
            }
        }
        if awaited {
            self.reread_advisories();
        }
        awaited || !changed.is_empty()
    }

    /// Reads all files of advisories again, because other assets or packages are there now.
    pub(super) fn reread_advisories(&mut self) {
        self.shelf.left_out.clear();
        let theirs = |known: &&feeds::Known| known.feed.input == "advisories" && !known.feed.path.ends_with(".toml");
        let files: Vec<feeds::Known> = self.feeds.values().filter(theirs).cloned().collect();
        // a first part takes the place of the others, so it comes before them
        for known in files {
            let part = known.feed.path.contains(PART);
            if part {
                self.feeds.insert(format!("advisories/{}", known.feed.path), known.clone());
                self.dirty.insert(format!("feed/advisories/{}", known.feed.path));
            }
            self.read_advisories(known.at, &known.feed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct House(Cases);

    impl House {
        fn new(inventory: &str) -> Self {
            let mut house = House(Cases::new());
            house.learn("inventory", "inventory.csv", &format!("asset,platform\n{inventory}"));
            house
        }

        fn learn(&mut self, input: &str, path: &str, text: &str) -> Vec<PatchCase> {
            let feed = Feed { input: input.into(), path: path.into(), text: text.into() };
            let mut out = Output::default();
            let problems = self.0.feed("2026-11-22T00:00:00Z".parse().unwrap(), &feed, &mut out);
            assert_eq!(problems, [], "{path}");
            out.cases
        }

        fn known(&self) -> Vec<&str> {
            let mut ids: Vec<&str> = self.0.advisories.keys().map(|id| &**id).collect();
            ids.sort_unstable();
            ids
        }
    }

    fn osv(id: &str, ecosystem: &str, package: &str) -> String {
        format!(
            r#"{{"id":"{id}","published":"2026-11-20T10:00:00Z","modified":"2026-11-20T10:00:00Z","aliases":["CVE-2026-1"],"affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"{package}"}},"ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"2.0-1"}}]}}]}}]}}"#
        )
    }

    fn report(package: &str, version: &str, source: &str, class: &str) -> String {
        format!(
            r#"{{"SchemaVersion":2,"CreatedAt":"2026-11-21T10:00:00Z","ArtifactName":"/","Results":[{{"Class":"{class}","Type":"npm","Packages":[{{"Name":"{package}","Version":"{version}","SrcName":"{source}"}}]}}]}}"#
        )
    }

    #[test]
    fn only_advisories_that_can_concern_somebody_are_kept() {
        let mut house = House::new("web1,debian:12\n");
        let all = [
            osv("D-12", "Debian:12", "tool"),
            osv("D-13", "Debian:13", "tool"),
            osv("N-1", "npm", "left-pad"),
            osv("A-1", "Android", "x"),
        ];
        house.learn("advisories", "advisories/all.zip", &all.join("\n"));
        assert_eq!(house.known(), ["D-12"]);
        // an asset of another platform, and a report that lists a package of a language, bring theirs in
        house.learn("inventory", "inventory.csv", "asset,platform\nweb1,debian:12\nweb2,debian:13\n");
        assert_eq!(house.known(), ["D-12", "D-13"]);
        let opened = house.learn("scans", "scans/web1--trivy.json", &report("left-pad", "1.0", "", "lang-pkgs"));
        assert_eq!(house.known(), ["D-12", "D-13", "N-1"]);
        assert_eq!(opened.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["web1/N-1"]);
    }

    #[test]
    fn a_report_teaches_which_binaries_a_source_has() {
        let mut house = House::new("web1,debian:12\n");
        house.learn("advisories", "advisories/d.json", &osv("D-1", "Debian:12", "rarething"));
        let opened =
            house.learn("scans", "scans/web1--trivy.json", &report("librare1", "1.0-1", "rarething", "os-pkgs"));
        assert_eq!(opened.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["web1/D-1"]);
    }

    #[test]
    fn a_file_takes_back_what_it_says_no_more_and_an_archives_parts_go_together() {
        let mut house = House::new("web1,debian:12\n");
        let (one, two, three) =
            (osv("D-1", "Debian:12", "a"), osv("D-2", "Debian:12", "b"), osv("D-3", "Debian:12", "c"));
        house.learn("advisories", "advisories/d.zip", &format!("{one}\n{two}"));
        house.learn("advisories", "advisories/d.zip!2", &three);
        assert_eq!(house.known(), ["D-1", "D-2", "D-3"]);
        house.learn("advisories", "advisories/d.zip", &two);
        assert_eq!(house.known(), ["D-2"]);
    }

    #[test]
    fn what_people_wrote_adds_to_a_feed_in_any_order() {
        let toml = "id = \"D-1\"\npublished = 2026-11-20T10:00:00Z\nclass = \"critical\"\n[[target]]\nplatform = \"debian:12\"\nproduct = \"tool\"\npackages = [\"libtool9\"]\nscheme = \"deb\"\n";
        let feed = osv("D-1", "Debian:12", "tool");
        for order in [[("t.toml", toml), ("f.json", &feed)], [("f.json", &feed), ("t.toml", toml)]] {
            let mut house = House::new("web1,debian:12\n");
            for (path, text) in order {
                house.learn("advisories", &format!("advisories/{path}"), text);
            }
            let advisory = &house.0.advisories["D-1"];
            assert_eq!((advisory.class, advisory.cves.len()), (Some(Class::Critical), 1));
            let target = advisory.target("debian:12").unwrap();
            assert_eq!(
                (target.packages.as_slice(), target.fixed.as_deref()),
                (&["tool".to_owned(), "libtool9".to_owned()][..], Some("2.0-1"))
            );
        }
    }

    #[test]
    fn a_statement_of_the_vendor_settles_a_case_as_not_applicable() {
        let mut house = House::new("web1,debian:12\n");
        house.learn("advisories", "advisories/d.json", &osv("D-1", "Debian:12", "tool"));
        let opened = house.learn("scans", "scans/web1--trivy.json", &report("tool", "1.0-1", "", "os-pkgs"));
        assert_eq!(opened[0].state, State::Open);
        let vex = r#"{"@context":"https://openvex.dev/ns/v0.2.0","author":"Example","statements":[{"vulnerability":{"name":"CVE-2026-1"},"products":[{"@id":"pkg:deb/debian/tool"}],"status":"not_affected","justification":"component_not_present"}]}"#;
        let settled = house.learn("advisories", "advisories/vex.json", vex);
        assert_eq!(settled[0].state, State::NotApplicable);
        assert!(settled[0].history.last().unwrap().why.contains("says Example: component_not_present"));
    }
}
