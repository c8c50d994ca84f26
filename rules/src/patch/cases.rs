//! All cases: which there are, when each must be looked at again, and what has been told about them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use roundsman_ingest::record::Feed;
use serde::{Deserialize, Serialize};

use super::{
    Findings, Observation,
    activity::{Activity, Template},
    course::{Course, Decision, Subject, Verification, is_open},
    deadline::{self, Kev},
    dossier::{Dossier, OtherAlert},
    fact::Fact,
    table::{Condition, Pv},
    window::{Frame, LATENESS},
};
use crate::{
    Alert, Assets, PatchCase, Problem, RuleRef, Severity, Status,
    alert::alert_id,
    assets::Asset,
    case::State,
    inputs::{Advisory, Exception, KnownIssue, Policy, exploited::Exploited},
    stage::{GRID, Output, StateRows},
};

mod feeds;
mod state;
mod updates;

/// Most alerts remembered per case; the oldest that are over go first.
const MAX_ALERTS_PER_CASE: usize = 64;
/// Most verifications remembered per case; the oldest go first.
const MAX_VERIFICATIONS: usize = 16;
/// Most hosts outside of the inventory that are told of.
const MAX_STRANGERS: usize = 1_000;

/// Asset and advisory.
type Key = (String, String);

/// A case as it was last told.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Held {
    case: PatchCase,
    due: Option<Timestamp>,
    /// It waits for a sign of life, so activity matters to it.
    listens: bool,
    /// When it had been running and healthy.
    sound: Vec<(Timestamp, Timestamp)>,
    /// The instants about which it asks what the asset's activity said.
    #[serde(default)]
    asked: BTreeSet<Timestamp>,
    /// Verifications by the time of their activation.
    #[serde(default)]
    verified: BTreeMap<Timestamp, Settled>,
}

/// A verification and since when it is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Settled {
    known: Timestamp,
    verification: Verification,
}

impl Settled {
    /// Whether it has been known for so long that it stands: late lines change nothing in it any more.
    fn stands(&self, now: Timestamp) -> bool {
        LATENESS.after(self.known) <= now
    }
}

/// A person's record, by the time when it became known.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Decided {
    at: Timestamp,
    record: serde_json::Value,
}

/// What of a host has been counted, but not yet settled: activity counts from the next whole minute, so that results
/// do not depend on how records were batched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Incoming {
    minutes: BTreeMap<i64, (u64, u64, String)>,
    templates: BTreeMap<String, Template>,
    logs: BTreeMap<String, Timestamp>,
}

/// The patch cases of an organisation.
#[derive(Default)]
pub struct Cases {
    assets: Assets,
    policy: Policy,
    advisories: BTreeMap<String, Advisory>,
    exceptions: BTreeMap<String, Vec<Exception>>,
    known_issues: BTreeMap<String, Vec<KnownIssue>>,
    exploited: BTreeMap<String, (Exploited, Timestamp)>,
    epss: BTreeMap<String, f64>,
    feeds: BTreeMap<String, feeds::Known>,
    decisions: Vec<Decided>,
    dossiers: BTreeMap<String, Dossier>,
    held: BTreeMap<Key, Held>,
    timers: BTreeSet<(Timestamp, Key)>,
    publications: BTreeSet<(Timestamp, String)>,
    alerts: BTreeMap<String, Vec<Alert>>,
    incoming: BTreeMap<String, Incoming>,
    awake: BTreeSet<String>,
    logs_due: BTreeMap<String, Timestamp>,
    clock: Timestamp,
    started: bool,
    seq: u64,
    dirty: BTreeSet<String>,
}

impl Cases {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Cases { clock: Timestamp::MIN, ..Cases::default() }
    }

    /// The inventory.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The organisation's policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Exceptions of the organisation's file and of people's records.
    pub fn exceptions(&self) -> Vec<Exception> {
        self.exceptions.values().flatten().cloned().collect()
    }

    /// All cases in their newest form.
    pub fn cases(&self) -> impl Iterator<Item = &PatchCase> {
        self.held.values().map(|h| &h.case)
    }

    /// Takes in what the lens has seen in records received at `now`, or before in the same minute.
    pub fn absorb(&mut self, findings: Findings, now: Timestamp, out: &mut Output) {
        self.started = true;
        self.roll(now);
        for (host, heard) in findings.hosts {
            let Some(asset) = self.assets.resolve(&host).map(|a| a.id.clone()) else { continue };
            let incoming = self.incoming.entry(asset.clone()).or_default();
            for (minute, (records, errors, sample)) in heard.minutes {
                let counts = incoming.minutes.entry(minute).or_insert((0, 0, sample));
                (counts.0, counts.1) = (counts.0 + records, counts.1 + errors);
            }
            let open = |alerts: &Vec<Alert>| alerts.iter().any(|a| a.cleared.is_none());
            let is_back = !heard.logs.is_empty() && self.alerts.get(&format!("log/{asset}")).is_some_and(open);
            let complains = !heard.templates.is_empty();
            for (template, seen) in heard.templates {
                match incoming.templates.get_mut(&template) {
                    Some(known) => known.merge(seen),
                    None => drop(incoming.templates.insert(template, seen)),
                }
            }
            incoming.logs.extend(heard.logs.into_iter().map(|(log, at)| (log.to_owned(), at)));
            if is_back || self.listens(&asset, complains) {
                self.awake.insert(asset);
            }
        }
        for observation in findings.observations {
            let received = observation.quote.received.max(self.clock);
            self.clock = received;
            self.observe(&observation, out);
        }
        self.clock = self.clock.max(now);
    }

    /// Whether a case of this asset may change by activity alone.
    fn listens(&self, asset: &str, complains: bool) -> bool {
        self.held_of(asset).any(|(_, held)| {
            held.listens || (complains && matches!(held.case.state, State::Verifying | State::VerifyFailed))
        })
    }

    fn held_of<'s>(&'s self, asset: &str) -> impl Iterator<Item = (&'s Key, &'s Held)> + 's {
        let name = asset.to_owned();
        self.held.range((name.clone(), String::new())..).take_while(move |((a, _), _)| *a == name)
    }

    /// Activity of minutes that are over counts.
    fn roll(&mut self, now: Timestamp) {
        if floor(now) <= floor(self.clock) {
            return;
        }
        for (asset, incoming) in std::mem::take(&mut self.incoming) {
            let logs = !incoming.logs.is_empty();
            settle(&mut self.dossiers.entry(asset.clone()).or_default().activity, incoming);
            self.forget(&asset);
            if logs || !self.logs_due.contains_key(&asset) {
                self.watch_logs(&asset);
            }
            self.dirty.insert(format!("activity/{asset}"));
            self.dirty.insert(format!("incoming/{asset}"));
        }
        self.clock = self.clock.max(now);
    }

    /// Drops activity that nobody needs any more; what the asset's cases have asked of it stays.
    fn forget(&mut self, asset: &str) {
        let frame = Frame::of(&self.policy.verify);
        if self.dossiers.get(asset).is_some_and(|dossier| dossier.activity.overflows(frame)) {
            let asked = self.held_of(asset).flat_map(|(_, held)| held.asked.iter().copied()).collect();
            self.dossiers.entry(asset.to_owned()).or_default().activity.forget(&asked, frame);
        }
    }

    fn observe(&mut self, observation: &Observation, out: &mut Output) {
        let Some(asset) = self.assets.resolve(&observation.about).map(|a| a.id.clone()) else {
            return self.stranger(observation, out);
        };
        self.seq += 1;
        let lanes = self.dossiers.entry(asset.clone()).or_default().keep(observation, self.seq);
        if lanes.is_empty() {
            return;
        }
        self.dirty.extend(lanes.iter().map(|lane| format!("lane/{asset}/{lane}")));
        for key in self.touched(&asset, &lanes, &observation.fact) {
            self.derive(key, out);
        }
    }

    /// The cases of an asset that a fact may move, and those that it may open.
    fn touched(&self, asset: &str, lanes: &[String], fact: &Fact) -> Vec<Key> {
        let packages: Vec<&str> = lanes.iter().filter_map(|lane| lane.strip_prefix("package/")).collect();
        if packages.is_empty() && !matches!(fact, Fact::Boot { .. }) {
            let moved = self.held_of(asset).filter(|(_, held)| matters(fact, held.case.state));
            return moved.map(|(key, _)| key.clone()).collect();
        }
        let platform = self.assets.get(asset).map_or("", |a| a.platform.as_str());
        let about = |advisory: &&Advisory| {
            let target = advisory.target(platform);
            target.is_some_and(|t| packages.is_empty() || packages.iter().any(|p| t.pattern(p).is_some()))
        };
        let advisories = self.advisories.values().filter(about);
        advisories.map(|advisory| (asset.to_owned(), advisory.id.clone())).collect()
    }

    /// Somebody patches a host that is in no inventory.
    fn stranger(&mut self, observation: &Observation, out: &mut Output) {
        let installs = matches!(
            observation.fact,
            Fact::Begins(_) | Fact::Status { .. } | Fact::Transaction { .. } | Fact::Broken { .. }
        );
        if self.assets.is_empty() || !installs {
            return;
        }
        let (host, quote) = (&observation.about, &observation.quote);
        let key = BTreeMap::from([("host.name".to_owned(), host.clone())]);
        let at = observation.at;
        let name = format!("host/{host}");
        let why = format!("{host} reports installations and is in no inventory");
        if self.alerts.len() >= MAX_STRANGERS + self.held.len() && !self.alerts.contains_key(&name) {
            return;
        }
        self.dirty.insert(format!("alerts/{name}"));
        let known = self.alerts.entry(name).or_default();
        if let Some(alert) = known.iter_mut().find(|a| a.cleared.is_none()) {
            if alert.evidence.iter().all(|e| e.id != quote.id) {
                alert.count += 1;
                alert.last = alert.last.max(at);
                if alert.evidence.len() < crate::alert::MAX_EVIDENCE {
                    alert.evidence.push(quote.evidence());
                }
                out.alerts.push(alert.clone());
            }
            return;
        }
        let condition = Condition::new(at, &[quote], why);
        let alert = raise(Pv(20), &condition, Pv(20).severity(None, false, false), key, Vec::new(), None, self.clock);
        out.alerts.push(alert.clone());
        known.push(alert);
    }

    /// Another rule's alert: the log review counts those about an asset.
    pub fn alert(&mut self, alert: &Alert, now: Timestamp, out: &mut Output) {
        // That a host is silent says nothing about what it logged; the review sees the missing flow itself.
        let other = alert.rule.id.starts_with("PV") || alert.rule.id == crate::silence::RULE;
        if other || alert.severity < Severity::Medium {
            return;
        }
        self.clock = self.clock.max(now);
        for host in &alert.hosts {
            let Some(asset) = self.assets.resolve(host).map(|a| a.id.clone()) else { continue };
            let dismissed = self.dismissed(&alert.id);
            self.dossiers.entry(asset.clone()).or_default().keep_alert(OtherAlert {
                id: alert.id.clone(),
                title: alert.title.clone(),
                severity: alert.severity,
                first: alert.first,
                last: alert.last,
                dismissed,
            });
            self.dirty.insert(format!("others/{asset}"));
            self.derive_held(&asset, out);
        }
    }

    /// A person has closed the alert as none.
    fn dismissed(&self, alert: &str) -> bool {
        let about = |d: &&Decided| d.record["kind"] == "alert" && d.record["id"] == alert;
        self.decisions.iter().rev().find(about).is_some_and(|d| {
            d.record["to"] == "closed"
                && ["benign", "false_positive", "duplicate"].iter().any(|reason| d.record["reason"] == *reason)
        })
    }

    fn derive_held(&mut self, asset: &str, out: &mut Output) {
        let keys: Vec<Key> = self.held_of(asset).map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.derive(key, out);
        }
    }

    /// Deadlines pass. Fires everything that is due at or before `now`.
    pub fn tick(&mut self, now: Timestamp, out: &mut Output) {
        self.started = true;
        self.roll(now);
        self.clock = self.clock.max(now);
        for asset in std::mem::take(&mut self.awake) {
            self.derive_held(&asset, out);
        }
        self.review_logs(out);
        while let Some((at, advisory)) = self.publications.first().cloned().filter(|(at, _)| *at <= floor(self.clock)) {
            self.publications.remove(&(at, advisory.clone()));
            self.derive_advisory(&advisory, out);
        }
        while let Some((at, key)) = self.timers.first().cloned().filter(|(at, _)| *at <= floor(self.clock)) {
            self.timers.remove(&(at, key.clone()));
            self.derive(key, out);
        }
    }

    /// When [`tick`](Self::tick) is wanted next; due on the grid minute at or after it.
    pub fn next_due(&self) -> Option<Timestamp> {
        let timer = self.timers.first().map(|(at, _)| *at);
        let published = self.publications.first().map(|(at, _)| *at);
        let minute = (!self.awake.is_empty())
            .then(|| Timestamp::from_second(floor(self.clock).as_second() + GRID).unwrap_or(Timestamp::MAX));
        let logs = self.logs_due.values().min().copied();
        [timer, published, minute, logs].into_iter().flatten().min()
    }

    /// Derives a case anew and tells what has changed.
    fn derive(&mut self, key: Key, out: &mut Output) {
        self.derive_once(&key, out);
        let ring = self.assets.get(&key.0).and_then(|a| a.ring);
        if ring != Some(0) {
            return;
        }
        // Production waits for ring 0: who has installed it may have done so too early, or may not have.
        let platform = self.assets.get(&key.0).map(|a| a.platform.clone()).unwrap_or_default();
        let others: Vec<Key> = self
            .held
            .iter()
            .filter(|((_, advisory), held)| *advisory == key.1 && held.case.installed.is_some())
            .filter(|((asset, _), _)| {
                self.assets.get(asset).is_some_and(|a| a.platform == platform && a.ring.is_some_and(|r| r > 0))
            })
            .map(|(other, _)| other.clone())
            .collect();
        for other in others {
            self.derive_once(&other, out);
        }
    }

    fn derive_once(&mut self, key: &Key, out: &mut Output) {
        let Some((mut held, conditions, exploited)) = self.walk(key) else {
            if let Some(old) = self.held.remove(key) {
                self.forget_timer(key, old.due);
                self.dirty.insert(format!("case/{}/{}", key.0, key.1));
                self.settle_alerts(&format!("{}/{}", key.0, key.1), key, &BTreeMap::new(), false, out);
            }
            return;
        };
        let id = held.case.id.clone();
        self.settle_alerts(&id, key, &conditions, exploited, out);
        held.case.alerts = self.alerts.get(&id).map(|a| a.iter().map(|a| a.id.clone()).collect()).unwrap_or_default();
        let old = self.held.get(key).map(|h| (h.case.clone(), h.due));
        if let Some((_, due)) = &old {
            self.forget_timer(key, *due);
        }
        if let Some(due) = held.due {
            self.timers.insert((due, key.clone()));
        }
        let cites = old.as_ref().is_none_or(|(case, _)| case.history != held.case.history);
        if old.is_none_or(|(case, _)| case != held.case) {
            out.cases.push(held.case.clone());
        }
        self.dirty.insert(format!("case/{}", held.case.id));
        self.held.insert(key.clone(), held);
        if cites {
            self.cite(&key.0);
        }
    }

    /// What the histories of an asset's cases cite is not displaced by newer evidence.
    fn cite(&mut self, asset: &str) {
        let histories = self.held_of(asset).flat_map(|(_, held)| &held.case.history);
        let cited = histories.flat_map(|transition| &transition.evidence).cloned().collect();
        self.dossiers.entry(asset.to_owned()).or_default().cited = cited;
    }

    fn forget_timer(&mut self, key: &Key, due: Option<Timestamp>) {
        if let Some(due) = due {
            self.timers.remove(&(due, key.clone()));
        }
    }

    /// Walks through a case's evidence; `None` where there is no case.
    fn walk(&self, key: &Key) -> Option<(Held, BTreeMap<Pv, Condition>, bool)> {
        let (asset, advisory) = (self.assets.get(&key.0)?, self.advisories.get(&key.1)?);
        let dossier = self.dossiers.get(&key.0)?;
        let subject = self.subject(asset, advisory, dossier)?;
        let course = Course::run(&subject);
        let mut case = course.case(&format!("{}/{}", key.0, key.1))?;
        case.alerts.clear();
        let (due, listens, sound) = (course.next_due(), course.listens(), course.sound_stretches());
        let (asked, conditions) = (course.asked(), course.conditions().clone());
        let verified = self.settled(key, course.into_verifications());
        Some((Held { case, due, listens, sound, asked, verified }, conditions, subject.kev.is_some()))
    }

    /// A case's verifications: those that stand, and what the newest walk says of the rest.
    fn settled(&self, key: &Key, found: BTreeMap<Timestamp, Verification>) -> BTreeMap<Timestamp, Settled> {
        let old = self.held.get(key).map(|held| &held.verified);
        let mut all: BTreeMap<_, _> = old.into_iter().flatten().map(|(at, old)| (*at, old.clone())).collect();
        all.retain(|at, old| old.stands(self.clock) || found.get(at) == Some(&old.verification));
        for (at, verification) in found {
            all.entry(at).or_insert(Settled { known: self.clock, verification });
        }
        while all.len() > MAX_VERIFICATIONS {
            all.pop_first();
        }
        all
    }

    fn subject<'s>(&'s self, asset: &'s Asset, advisory: &'s Advisory, dossier: &'s Dossier) -> Option<Subject<'s>> {
        let target = advisory.target(&asset.platform)?;
        let kev = self.kev(advisory);
        let epss = advisory.cves.iter().filter_map(|cve| self.epss.get(cve)).copied().reduce(f64::max);
        let class = deadline::class(advisory, asset, &self.policy, kev.is_some(), epss);
        let id = format!("{}/{}", asset.id, advisory.id);
        let covers = |e: &&Exception| {
            let group = e.asset.strip_prefix("group:");
            let asset_fits =
                e.asset == "*" || e.asset == asset.id || (group.is_some() && group == asset.group.as_deref());
            let product = e.advisory.strip_prefix("product:");
            asset_fits && (e.advisory == advisory.id || product == Some(target.product.as_str()))
        };
        let about = |d: &&Decided| d.record["case"] == id.as_str() || d.record["advisory"] == advisory.id.as_str();
        let newer = self.advisories.values().find(|a| {
            a.supersedes.contains(&advisory.id)
                && !a.withdrawn
                && a.published <= self.clock
                && a.target(&asset.platform).is_some()
        });
        let covered = advisory.supersedes.iter().filter_map(|old| self.advisories.get(old));
        let inherited = covered
            .filter(|old| old.target(&asset.platform).is_some())
            .map(|old| {
                let kev = self.kev(old);
                let class = deadline::class(old, asset, &self.policy, kev.is_some(), None);
                deadline::deploy(old, &self.policy, class, kev, false)
            })
            .min();
        Some(Subject {
            asset,
            advisory,
            target,
            policy: &self.policy,
            class,
            kev,
            dossier,
            exceptions: self.exceptions.values().flatten().filter(covers).collect(),
            known_issues: self.known_issues.values().flatten().filter(|k| k.advisory == advisory.id).collect(),
            decisions: self
                .decisions
                .iter()
                .filter(about)
                .map(|d| Decision { at: d.at, kind: d.record["kind"].as_str().unwrap_or(""), record: &d.record })
                .collect(),
            soaked: self.soaked(asset, advisory, class),
            superseded: newer.map(|a| (a.id.as_str(), a.published)),
            inherited,
            settled: self.standing(&(asset.id.clone(), advisory.id.clone())),
            now: self.clock,
        })
    }

    fn standing(&self, key: &Key) -> BTreeMap<Timestamp, &Verification> {
        let known = self.held.get(key).into_iter().flat_map(|held| &held.verified);
        known.filter(|(_, settled)| settled.stands(self.clock)).map(|(at, s)| (*at, &s.verification)).collect()
    }

    fn kev(&self, advisory: &Advisory) -> Option<Kev> {
        let entries = advisory.cves.iter().filter_map(|cve| self.exploited.get(cve));
        entries.map(|(entry, seen)| Kev { seen: *seen, due: entry.due }).min_by_key(|kev| (kev.due, kev.seen))
    }

    /// A ring-0 asset that had the fix before the flaw was public has no case, but has soaked it all the same.
    fn sound_without_case(&self, asset: &Asset, advisory: &Advisory) -> Vec<(Timestamp, Timestamp)> {
        let subject = self.dossiers.get(&asset.id).and_then(|dossier| self.subject(asset, advisory, dossier));
        subject.map(|subject| Course::run(&subject).sound_stretches()).unwrap_or_default()
    }

    /// When ring 0 of the asset's platform had soaked an advisory.
    fn soaked(&self, asset: &Asset, advisory: &Advisory, class: crate::case::Class) -> Vec<(Timestamp, Timestamp)> {
        if asset.ring.is_none_or(|ring| ring == 0) {
            return Vec::new();
        }
        let soak = self.policy.deadlines.of(class).soak;
        let first = self.assets.iter().filter(|a| a.ring == Some(0) && a.platform == asset.platform);
        let sound = first.flat_map(|a| match self.held.get(&(a.id.clone(), advisory.id.clone())) {
            Some(held) => held.sound.clone(),
            None => self.sound_without_case(a, advisory),
        });
        sound.map(|(from, until)| (soak.after(from), until)).collect()
    }

    /// Raises what a case calls for and has not been raised, clears what it calls for no more.
    fn settle_alerts(
        &mut self,
        id: &str,
        key: &Key,
        conditions: &BTreeMap<Pv, Condition>,
        exploited: bool,
        out: &mut Output,
    ) {
        let high_risk = self.assets.get(&key.0).is_some_and(|a| a.risk == crate::assets::Risk::High);
        let known = self.alerts.entry(id.to_owned()).or_default();
        let mut changed = false;
        for alert in known.iter_mut().filter(|a| a.cleared.is_none()) {
            if !conditions.keys().any(|pv| pv.id() == alert.rule.id) {
                alert.cleared = Some(self.clock);
                out.alerts.push(alert.clone());
                changed = true;
            }
        }
        for (pv, condition) in conditions {
            let severity = pv.severity(condition.severity, exploited, high_risk);
            let group = BTreeMap::from([("case".to_owned(), id.to_owned())]);
            let fresh = raise(*pv, condition, severity, group, vec![key.0.clone()], Some(id.to_owned()), self.clock);
            let open = known.iter().position(|a| a.cleared.is_none() && a.rule.id == fresh.rule.id);
            match open.or_else(|| known.iter().position(|a| a.id == fresh.id)) {
                Some(at) => {
                    let old = &mut known[at];
                    let reopened = old.cleared.is_some();
                    let raised = if reopened { fresh.raised } else { old.raised };
                    let newer = Alert { id: old.id.clone(), raised, status: old.status, ..fresh };
                    if *old != newer {
                        *old = newer;
                        out.alerts.push(old.clone());
                        changed = true;
                    }
                }
                None => {
                    if known.len() >= MAX_ALERTS_PER_CASE
                        && let Some(over) = known.iter().position(|a| a.cleared.is_some())
                    {
                        known.remove(over);
                    }
                    out.alerts.push(fresh.clone());
                    known.push(fresh);
                    changed = true;
                }
            }
        }
        if known.is_empty() {
            self.alerts.remove(id);
        }
        if changed {
            self.dirty.insert(format!("alerts/{id}"));
        }
    }
}

/// Whether a fact that is about the whole asset can move a case that stands there. What a unit did before its patch
/// was installed is kept, but moves nothing yet.
fn matters(fact: &Fact, state: State) -> bool {
    match fact {
        Fact::Held { .. } | Fact::UpdaterStarts | Fact::UpdaterPretends => is_open(state),
        Fact::Transaction { .. } => is_open(state),
        _ => matches!(state, State::PendingActivation | State::Verifying | State::VerifyFailed),
    }
}

/// The last whole minute.
fn floor(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(GRID) * GRID).unwrap_or(at)
}

fn settle(activity: &mut Activity, incoming: Incoming) {
    for (minute, (records, errors, sample)) in incoming.minutes {
        if let Ok(at) = Timestamp::from_second(minute * 60) {
            activity.note(at, records, errors, &sample);
        }
    }
    for (template, seen) in incoming.templates {
        activity.complain(template, seen);
    }
    for (log, at) in incoming.logs {
        activity.logs.entry(log).or_default().note(at);
    }
}

fn raise(
    pv: Pv,
    condition: &Condition,
    severity: Severity,
    key: BTreeMap<String, String>,
    hosts: Vec<String>,
    case: Option<String>,
    now: Timestamp,
) -> Alert {
    let (rule, meaning) = (pv.id(), pv.meaning());
    let about = case.as_deref().or(key.values().next().map(String::as_str)).unwrap_or("");
    Alert {
        kind: "alert".to_owned(),
        id: alert_id(&rule, &key, &condition.first_event),
        title: format!("{}: {about}", meaning.name),
        rule: RuleRef { id: rule, name: meaning.name.to_owned(), tags: Vec::new() },
        severity,
        status: Status::New,
        hosts,
        count: condition.count,
        first: condition.first,
        last: condition.last,
        raised: now,
        cleared: None,
        evidence: condition.evidence.iter().map(|q| q.evidence()).collect(),
        why: condition.why.clone(),
        next: meaning.next.to_owned(),
        key,
        case,
    }
}
