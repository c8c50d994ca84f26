//! From evidence to a case: what it is a function of, the walk, and what of the outcome is kept and told.

use super::*;

/// A case as one walk finds it.
pub(super) struct Found {
    pub case: PatchCase,
    pub conditions: BTreeMap<Pv, Condition>,
    pub exploited: bool,
    pub held: Held,
}

impl Cases {
    /// Derives a case anew, and those that look at it, and tells what has changed.
    pub(super) fn derive(&mut self, key: &Key, out: &mut Output) {
        self.derive_once(key, out);
        let Some(asset) = self.assets.get(&key.0) else { return };
        if let Some(group) = asset.group.clone() {
            self.groups_due.insert((group.as_str().into(), key.1.clone()));
        }
        if asset.ring != Some(0) {
            return;
        }
        // Production waits for ring 0: who has installed it may have done so too early, or may not have.
        let platform = asset.platform.clone();
        let others: Vec<Name> = self.rolled.get(&key.1).into_iter().flatten().cloned().collect();
        for other in others {
            if self.assets.get(&other).is_some_and(|a| a.platform == platform) {
                self.derive_once(&(other, key.1.clone()), out);
            }
        }
    }

    pub(super) fn derive_once(&mut self, key: &Key, out: &mut Output) {
        let id = case_id(key);
        let Some(found) = self.walk(key) else {
            if let Some(old) = self.take_held(key) {
                self.timers.remove(&(old.due.unwrap_or(Timestamp::MAX), key.clone()));
                self.dirty.insert(format!("case/{id}"));
                self.settle_alerts(&id, &[key.0.to_string()], &BTreeMap::new(), false, out);
            }
            return;
        };
        let Found { mut case, conditions, exploited, mut held } = found;
        self.settle_alerts(&id, &[key.0.to_string()], &conditions, exploited, out);
        case.alerts = self.alert_ids(&id);
        held.told = held::digest(&case);
        let old = self.held_at(key);
        let told = old.is_some_and(|old| old.told == held.told);
        let cites = |held: &Held| held.more.as_ref().map_or(0, |more| more.cites.len());
        let (moved, cites) = (old.map(|old| old.due), old.map_or(0, cites) != cites(&held) || !told);
        if moved != Some(held.due) {
            if let Some(Some(due)) = moved {
                self.timers.remove(&(due, key.clone()));
            }
            if let Some(due) = held.due {
                self.timers.insert((due, key.clone()));
            }
        }
        let changed = self.put_held(key, held);
        if changed {
            self.dirty.insert(format!("case/{id}"));
        }
        if !told {
            out.cases.push(case);
        }
        if cites {
            self.cite(&key.0);
        }
    }

    /// The ids of a case's alerts.
    pub(super) fn alert_ids(&self, id: &str) -> Vec<String> {
        self.alerts.get(id).map(|alerts| alerts.iter().map(|a| a.id.clone()).collect()).unwrap_or_default()
    }

    pub(super) fn held_at(&self, key: &Key) -> Option<&Held> {
        self.held.get(&key.0)?.get(&key.1)
    }

    fn take_held(&mut self, key: &Key) -> Option<Held> {
        let of_asset = self.held.get_mut(&key.0)?;
        let old = of_asset.remove(&key.1)?;
        if of_asset.is_empty() {
            self.held.remove(&key.0);
        }
        self.count(old.state, old.class, -1);
        self.note_rolled(key, false);
        self.note_watch(key, old.watch, false);
        Some(old)
    }

    /// Keeps where a case stands; `true` where that is new.
    pub(super) fn put_held(&mut self, key: &Key, held: Held) -> bool {
        let (state, class, installed, watch) = (held.state, held.class, held.installed, held.watch);
        let of_asset = self.held.entry(key.0.clone()).or_default();
        let (changed, before) = match of_asset.get_mut(&key.1) {
            Some(old) if *old == held => (false, None),
            Some(old) => (true, Some(std::mem::replace(old, held))),
            None => {
                of_asset.insert(key.1.clone(), held);
                (true, None)
            }
        };
        if changed {
            if let Some(old) = &before {
                self.count(old.state, old.class, -1);
            }
            self.count(state, class, 1);
            self.note_rolled(key, installed);
            self.note_watch(key, before.is_some_and(|old| old.watch), watch);
        }
        changed
    }

    fn count(&mut self, state: State, class: Class, by: i64) {
        *self.counts.entry((state, class)).or_default() += by;
    }

    /// Notes whether production has installed it, for when ring 0 moves.
    fn note_rolled(&mut self, key: &Key, installed: bool) {
        let waits = installed && self.assets.get(&key.0).is_some_and(index::waits_for_ring);
        if waits {
            self.rolled.entry(key.1.clone()).or_default().insert(key.0.clone());
        } else if let Some(assets) = self.rolled.get_mut(&key.1) {
            assets.remove(&key.0);
        }
    }

    /// Notes whether a case wants its asset watched.
    fn note_watch(&mut self, key: &Key, before: bool, now: bool) {
        if before == now {
            return;
        }
        self.watch_moved = true;
        let wanted = self.watching.entry(key.0.clone()).or_default();
        *wanted = if now { *wanted + 1 } else { wanted.saturating_sub(1) };
        if *wanted == 0 {
            self.watching.remove(&key.0);
        }
    }

    /// What the histories of an asset's cases cite is not displaced by newer evidence.
    pub(super) fn cite(&mut self, asset: &str) {
        let more = self.held_of(asset).filter_map(|(_, held)| held.more.as_ref());
        let cited: BTreeSet<String> = more.flat_map(|more| &more.cites).cloned().collect();
        if let Some(dossier) = self.dossiers.get_mut(asset) {
            dossier.cited = cited;
        }
    }

    /// Walks through a case's evidence; `None` where there is no case.
    pub(super) fn walk(&self, key: &Key) -> Option<Found> {
        let (asset, advisory) = (self.assets.get(&key.0)?, self.advisories.get(&key.1)?);
        let dossier = self.dossiers.get(&key.0).unwrap_or(&self.unknown);
        let subject = self.subject(asset, advisory, dossier)?;
        let course = Course::run(&subject);
        let case = course.case(&case_id(key))?;
        let (due, listens, watch) = (course.next_due(), course.listens(), course.wants_watch());
        let conditions = course.conditions().clone();
        let version = case.running.clone().or_else(|| case.observed.clone());
        let mut more = More {
            sound: course.sound_stretches(),
            asked: course.asked(),
            verified: BTreeMap::new(),
            cites: case.history.iter().flat_map(|t| &t.evidence).cloned().collect(),
            version: version.filter(|_| asset.group.is_some()).zip(case.activated.or(Some(case.opened))),
        };
        let (class, kev) = (subject.class, subject.kev.is_some());
        more.verified = self.settled(key, course.into_verifications());
        let held = Held {
            state: case.state,
            class,
            watch,
            installed: case.installed.is_some(),
            listens,
            told: 0,
            due,
            more: more.boxed(),
        };
        Some(Found { case, conditions, exploited: kev, held })
    }

    /// A case's verifications: those that stand, and what the newest walk says of the rest.
    fn settled(&self, key: &Key, found: BTreeMap<Timestamp, Verification>) -> BTreeMap<Timestamp, Settled> {
        let old = self.held_at(key).and_then(|held| held.more.as_ref()).map(|more| &more.verified);
        let mut all: BTreeMap<_, _> = old.into_iter().flatten().map(|(at, old)| (*at, old.clone())).collect();
        all.retain(|at, old| old.stands(self.clock) || found.get(at) == Some(&old.verification));
        for (at, verification) in found {
            all.entry(at).or_insert(Settled { known: self.clock, verification });
        }
        while all.len() > held::MAX_VERIFICATIONS {
            all.pop_first();
        }
        all
    }

    /// All that a case is a function of; `None` where the advisory is not for the asset's platform.
    pub(super) fn subject<'s>(
        &'s self,
        asset: &'s Asset,
        advisory: &'s Advisory,
        dossier: &'s Dossier,
    ) -> Option<Subject<'s>> {
        let target = advisory.target(&asset.platform)?;
        let kev = self.kev(advisory);
        let class = self.class(advisory, asset, kev);
        let known_issues = self.known_issues_of.get(&advisory.id);
        Some(Subject {
            asset,
            advisory,
            target,
            policy: &self.policy,
            class,
            kev,
            dossier,
            exceptions: self.exceptions_for(asset, advisory, target),
            known_issues: known_issues.into_iter().flatten().collect(),
            decisions: self.decisions_about(asset, advisory),
            soaked: Box::new(move || self.soaked(asset, advisory, class)),
            backup: Box::new(move |before| self.newest_backup(asset, before)),
            group_watched: self.group_watched(asset, advisory),
            band: self.band(asset, advisory, kev),
            superseded: self.superseding(asset, advisory),
            cleared: self.shelf.cleared(advisory, target),
            inherited: self.inherited(asset, advisory),
            settled: self.standing(&asset.id, &advisory.id),
            now: self.clock,
        })
    }

    fn class(&self, advisory: &Advisory, asset: &Asset, kev: Option<Kev>) -> Class {
        let epss = advisory.cves.iter().filter_map(|cve| self.epss.get(cve)).copied().reduce(f64::max);
        deadline::class(advisory, asset, &self.policy, kev.is_some(), epss)
    }

    fn exceptions_for<'s>(&'s self, asset: &Asset, advisory: &Advisory, target: &Target) -> Vec<&'s Exception> {
        if self.exceptions_of.is_empty() {
            return Vec::new();
        }
        let group = asset.group.as_ref().map(|group| format!("group:{group}"));
        let names = [Some(asset.id.as_str()), Some("*"), group.as_deref()];
        let about = names.into_iter().flatten().filter_map(|name| self.exceptions_of.get(name)).flatten();
        let fits = |e: &&Exception| {
            e.advisory == advisory.id || e.advisory.strip_prefix("product:") == Some(target.product.as_str())
        };
        about.filter(fits).collect()
    }

    fn decisions_about<'s>(&'s self, asset: &Asset, advisory: &Advisory) -> Vec<Decision<'s>> {
        if self.decided_about.is_empty() {
            return Vec::new();
        }
        let case = format!("{}/{}", asset.id, advisory.id);
        let group = asset.group.as_ref().map(|group| format!("group:{group}/{}", advisory.id));
        let names = [Some(case.as_str()), Some(advisory.id.as_str()), group.as_deref()];
        let about = names.into_iter().flatten().filter_map(|name| self.decided_about.get(name)).flatten();
        let mut numbers: Vec<usize> = about.copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let decision = |number: usize| {
            let Decided { at, record } = &self.decisions[number];
            Decision { at: *at, kind: record["kind"].as_str().unwrap_or(""), record }
        };
        numbers.into_iter().map(decision).collect()
    }

    /// A newer advisory that covers this one on the asset.
    fn superseding<'s>(&'s self, asset: &Asset, advisory: &Advisory) -> Option<(&'s str, Timestamp)> {
        let newer = self.index.newer(&advisory.id).filter_map(|id| self.advisories.get(id));
        let mut covers =
            newer.filter(|a| !a.withdrawn && a.published <= self.clock && a.target(&asset.platform).is_some());
        covers.next().map(|a| (a.id.as_str(), a.published))
    }

    /// The earliest due date of what this advisory covers.
    fn inherited(&self, asset: &Asset, advisory: &Advisory) -> Option<Timestamp> {
        let covered = advisory.supersedes.iter().filter_map(|old| self.advisories.get(old.as_str()));
        let due = |old: &Advisory| {
            let kev = self.kev(old);
            deadline::deploy(old, &self.policy, self.class(old, asset, kev), kev, false)
        };
        covered.filter(|old| old.target(&asset.platform).is_some()).map(due).min()
    }

    fn standing(&self, asset: &str, advisory: &str) -> BTreeMap<Timestamp, &Verification> {
        let held = self.held.get(asset).and_then(|of_asset| of_asset.get(advisory));
        let known = held.and_then(|held| held.more.as_ref()).into_iter().flat_map(|more| &more.verified);
        known.filter(|(_, settled)| settled.stands(self.clock)).map(|(at, s)| (*at, &s.verification)).collect()
    }

    /// The decision table's row for a flaw on an asset: the strictest of the advisory's flaws.
    fn band(&self, asset: &Asset, advisory: &Advisory, kev: Option<Kev>) -> Option<Band> {
        let known = advisory.cves.iter().filter_map(|cve| self.ssvc.get(cve));
        let bands = known.filter_map(|known| {
            deadline::band(asset, &self.policy, kev.is_some(), known.automatable, known.total_impact)
        });
        bands.min_by_key(|band| (!band.triage, band.deploy.is_none(), band.deploy))
    }

    pub(super) fn kev(&self, advisory: &Advisory) -> Option<Kev> {
        let entries = advisory.cves.iter().filter_map(|cve| self.exploited.get(cve));
        entries.map(|(entry, seen)| Kev { seen: *seen, due: entry.due }).min_by_key(|kev| (kev.due, kev.seen))
    }

    /// When ring 0 of the asset's platform had soaked an advisory.
    fn soaked(&self, asset: &Asset, advisory: &Advisory, class: Class) -> Vec<(Timestamp, Timestamp)> {
        let soak = self.policy.deadlines.of(class).soak;
        let first = self.index.first_ring(&asset.platform);
        let sound = first.flat_map(|first| match self.held.get(first).and_then(|h| h.get(advisory.id.as_str())) {
            Some(held) => held.more.as_ref().map(|more| more.sound.clone()).unwrap_or_default(),
            None => self.sound_without_case(first, advisory),
        });
        sound.map(|(from, until)| (soak.after(from), until)).collect()
    }

    /// A ring-0 asset that had the fix before the flaw was public has no case, but has soaked it all the same.
    fn sound_without_case(&self, asset: &str, advisory: &Advisory) -> Vec<(Timestamp, Timestamp)> {
        let (Some(asset), Some(dossier)) = (self.assets.get(asset), self.dossiers.get(asset)) else {
            return Vec::new();
        };
        let subject = self.subject(asset, advisory, dossier);
        subject.map(|subject| Course::run(&subject).sound_stretches()).unwrap_or_default()
    }
}

/// `web1/DSA-9001`
pub(super) fn case_id((asset, advisory): &Key) -> String {
    format!("{asset}/{advisory}")
}
