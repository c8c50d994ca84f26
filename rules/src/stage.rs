//! The stage's two halves and what passes between them.
//!
//! The driver (`run`, `replay`, tests) does, in journal order:
//!
//! ```text
//! for each chunk of records that does not cross a grid minute of receive time, a tick, a feed or a decision:
//!     for event in chunk (any worker, findings kept in order) { matcher.look(&event, &mut findings) }
//!     stage.absorb(findings, &mut output)
//! at each grid minute (GRID) at or after stage.next_due(), and at each tick: stage.tick(at, &mut output)
//! at each feed and decision: stage.feed(..), stage.decide(..)
//! ```
//!
//! Timers fire on the grid only, so the result does not depend on how records were batched.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use roundsman_ingest::{Event, parse::Zones, record::Feed};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Alert, PatchCase, Problem, Severity,
    anomaly::{
        Anomalies, BaselineSize, Sightings, hour_of, is_late,
        silence::{self, Expectation, Seen, Silence},
        spec::Kind,
    },
    assets::{Assets, Risk},
    case::{Class, State},
    duration::Duration,
    inputs::{Exception, Policy},
    patch,
    sigma::{self, CorrelationSize, Correlator, ExceptionUse, HostNames, RuleException, RuleSet, StateSize},
};

/// Timers fire on whole minutes of receive time: this many seconds.
pub const GRID: i64 = 60;

/// Rows of state that are the correlator's.
const SIGMA: &str = "sigma/";

/// An event that something remembers: it matched a rule that keeps state or raises an alert.
#[derive(Clone, Debug)]
pub struct Survivor {
    /// Number of the record in the input, counted from 0.
    pub index: u64,
    /// The event, owning its bytes; shared by all that remember it.
    pub event: Arc<Event<'static>>,
    /// Indices into the rule set of the rules that matched it.
    pub matches: Vec<u32>,
}

/// What the stage gives back: each object in its newest form.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Alerts that were raised, cleared, changed severity or status, or counted on.
    pub alerts: Vec<Alert>,
    /// Cases after each transition and change of a check.
    pub cases: Vec<PatchCase>,
    /// Human decisions that were taken in.
    pub decisions: Vec<Value>,
    /// What cannot be used of files and decisions that became known.
    pub problems: Vec<Problem>,
}

/// What one part of the stage keeps between records, as rows: key and value, `None` where the row is gone.
///
/// A checkpoint holds only the rows that changed since the last, so its cost follows the work, not the state.
pub type StateRows = Vec<(String, Option<Vec<u8>>)>;

/// The next grid minute at or after this time.
pub fn on_grid(at: Timestamp) -> Timestamp {
    let seconds = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    let up = seconds.div_euclid(GRID) * GRID + if seconds.rem_euclid(GRID) > 0 { GRID } else { 0 };
    Timestamp::from_second(up).unwrap_or(at)
}

/// How many records a host sent in one batch, by source and format.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The file, program or listener, as the record's origin names it.
    pub source: Arc<str>,
    /// The format's name.
    pub format: &'static str,
    /// When and how many.
    pub seen: Seen,
    /// How many by hour of event time, counted from 1970, without those that came too late to count.
    pub hours: Vec<(i64, u64)>,
}

/// What the matcher noted of a batch: few events, and counts of all.
#[derive(Debug, Default)]
pub struct Findings {
    /// Events that a rule remembers, in order.
    pub survivors: Vec<Survivor>,
    /// Single matches of detection rules, as record number and rule.
    pub matches: Vec<(u64, u32)>,
    /// Who sent what, by the host's own name.
    pub hosts: HashMap<Box<str>, Vec<Sent>>,
    /// What the patch cases look at.
    pub patch: patch::Findings,
    /// What baselines count.
    pub sightings: Sightings,
}

impl Findings {
    /// Takes over the findings of the records that follow, leaving the buffers empty.
    pub fn append(&mut self, later: &mut Findings) {
        self.survivors.append(&mut later.survivors);
        self.matches.append(&mut later.matches);
        for (host, all) in later.hosts.drain() {
            let known = self.hosts.entry(host).or_default();
            for sent in all {
                note(known, sent);
            }
        }
        self.sightings.append(&mut later.sightings);
        self.patch.merge(std::mem::take(&mut later.patch));
    }

    fn count(&mut self, event: &Event<'_>) {
        let unknown = u64::from(event.format.is_none());
        let seen = Seen { first: event.received, last: event.received, lines: 1, unknown };
        let host = event.host();
        let host = host.as_deref().unwrap_or("");
        let source = event.origin.path.as_ref().unwrap_or(&event.origin.source);
        let format = event.format_name();
        let at = event.at();
        let hour = (!is_late(at, event.received)).then(|| hour_of(at));
        let known = match self.hosts.get_mut(host) {
            Some(known) => known,
            None => self.hosts.entry(host.into()).or_default(),
        };
        match known.iter_mut().find(|k| k.is_of(source, format)) {
            Some(k) => {
                k.seen.add(seen);
                hour.into_iter().for_each(|hour| k.add_hour(hour, 1));
            }
            None => {
                let hours = hour.into_iter().map(|hour| (hour, 1)).collect();
                known.push(Sent { source: source.clone(), format, seen, hours });
            }
        }
    }
}

impl Sent {
    fn is_of(&self, source: &Arc<str>, format: &str) -> bool {
        self.format == format && (Arc::ptr_eq(&self.source, source) || self.source == *source)
    }

    fn add_hour(&mut self, hour: i64, lines: u64) {
        match self.hours.iter_mut().find(|(known, _)| *known == hour) {
            Some((_, count)) => *count += lines,
            None => self.hours.push((hour, lines)),
        }
    }
}

fn note(known: &mut Vec<Sent>, sent: Sent) {
    match known.iter_mut().find(|k| k.is_of(&sent.source, sent.format)) {
        Some(k) => {
            k.seen.add(sent.seen);
            sent.hours.iter().for_each(|(hour, lines)| k.add_hour(*hour, *lines));
        }
        None => known.push(sent),
    }
}

/// A worker's buffers.
#[derive(Default)]
pub struct Scratch {
    sigma: sigma::Scratch,
    hits: Vec<u32>,
}

/// The half without state: shared by all workers.
#[derive(Clone)]
pub struct Matcher {
    rules: Arc<RuleSet>,
    lens: patch::Lens,
    patterns: Arc<patch::Patterns>,
    any_logsource: bool,
}

impl Matcher {
    /// Matches these rules; with `any_logsource`, every rule looks at every event.
    pub fn new(rules: Arc<RuleSet>, any_logsource: bool) -> Self {
        Matcher { rules, lens: patch::Lens, patterns: Arc::default(), any_logsource }
    }

    /// Counts these words of applications from now on ([`Stage::patterns`]).
    pub fn learn(&mut self, patterns: Arc<patch::Patterns>) {
        self.patterns = patterns;
    }

    /// Looks at one event and notes what must survive.
    pub fn look(&self, index: u64, event: &Event<'_>, scratch: &mut Scratch, findings: &mut Findings) {
        findings.count(event);
        self.lens.look(event, &mut findings.patch);
        self.patterns.look(event, &mut findings.patch);
        scratch.hits.clear();
        self.rules.matches(event, self.any_logsource, &mut scratch.sigma, &mut scratch.hits);
        if scratch.hits.is_empty() {
            return;
        }
        // a baseline counts what its detection picks; that is no match of a rule
        scratch.hits.retain(|rule| match self.rules.anomaly(*rule) {
            Some(spec) => {
                findings.sightings.note(*rule, spec, event);
                false
            }
            None => true,
        });
        findings.matches.extend(scratch.hits.iter().map(|rule| (index, *rule)));
        let matches: Vec<u32> = scratch.hits.iter().copied().filter(|rule| self.rules.keeps(*rule)).collect();
        if !matches.is_empty() {
            findings.survivors.push(Survivor { index, event: Arc::new(event.clone().into_owned()), matches });
        }
    }
}

/// The half with the state.
pub struct Stage {
    correlator: Correlator,
    cases: patch::Cases,
    silence: Silence,
    /// Kinds of records, where a rule watches them.
    kinds: Option<Silence>,
    anomalies: Anomalies,
    /// The whole minute of the last batch.
    minute: i64,
    pulse: Pulse,
}

impl Stage {
    /// An empty stage of these rules. Files about the organisation become known through [`Stage::feed`].
    pub fn new(rules: Arc<RuleSet>) -> Self {
        let cases = patch::Cases::new();
        let correlator = Correlator::new(rules.clone(), names(cases.assets()));
        let (silence, kinds) = (Silence::default(), kind_rule(&rules).map(Silence::of_kinds));
        let (anomalies, pulse) = (Anomalies::new(rules), Pulse::default());
        Stage { correlator, cases, silence, kinds, anomalies, pulse, minute: i64::MIN }
    }

    /// Changes the rules and keeps the state of those that stay.
    pub fn reload(&mut self, rules: Arc<RuleSet>) {
        self.correlator.reload(rules.clone());
        match (kind_rule(&rules), &mut self.kinds) {
            (Some(rule), Some(kinds)) => kinds.set_rule(rule),
            (rule, kinds) => *kinds = rule.map(Silence::of_kinds),
        }
        self.anomalies.reload(rules);
    }

    /// The inventory.
    pub fn assets(&self) -> &Assets {
        self.cases.assets()
    }

    /// The words by which applications tell how they do, as policy and inventory have them now.
    pub fn patterns(&self) -> Arc<patch::Patterns> {
        Arc::new(self.cases.patterns())
    }

    /// The organisation's policy.
    pub fn policy(&self) -> &Policy {
        self.cases.policy()
    }

    /// The time zones of hosts, as the inventory has them now.
    pub fn zones(&self) -> Arc<dyn Zones> {
        Arc::new(self.cases.assets().clone())
    }

    /// How many cases of assets stand in each state, by class.
    pub fn case_counts(&self) -> impl Iterator<Item = (State, Class, u64)> + '_ {
        self.cases.counts()
    }

    /// A case of an asset or a group as it stands now.
    pub fn case(&self, id: &str) -> Option<PatchCase> {
        self.cases.case(id)
    }

    /// Exceptions of the organisation's file and of people's records.
    pub fn exceptions(&self) -> Vec<Exception> {
        self.cases.exceptions()
    }

    /// Groups that each correlation keeps, and how many it had to give up.
    pub fn correlation_sizes(&self) -> Vec<CorrelationSize> {
        self.correlator.sizes()
    }

    /// Baselines that each anomaly keeps, and how many it had to give up.
    pub fn baseline_sizes(&self) -> Vec<BaselineSize> {
        self.anomalies.sizes()
    }

    /// What is known to be harmless, and how often it has suppressed a match.
    pub fn rule_exceptions(&self) -> impl Iterator<Item = (&RuleException, ExceptionUse)> {
        let uses: BTreeMap<&str, ExceptionUse> = self.correlator.exceptions().collect();
        let used = move |id: &str| uses.get(id).copied().unwrap_or_default();
        self.correlator.rules().exceptions().iter().map(move |exception| (exception, used(&exception.id)))
    }

    /// What the state of the rules takes.
    pub fn rule_state(&self) -> StateSize {
        self.correlator.size()
    }

    /// Who is silent now, and since when.
    pub fn silent(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.silence.silent()
    }

    /// A record was received at this time, and no timer has fired for the time before it. Where the instance was down
    /// until then, that time is nobody's silence.
    pub fn wake(&mut self, at: Timestamp) {
        if let Some(missed) = self.pulse.slept(at) {
            self.silence.shift(missed);
            self.kinds.iter_mut().for_each(|kinds| kinds.shift(missed));
            self.pulse.beat(at);
        }
    }

    /// The minute's tick of a running instance was received.
    pub fn beat(&mut self, at: Timestamp) {
        self.pulse.beat(at);
    }

    /// Takes in a batch.
    pub fn absorb(&mut self, mut findings: Findings, now: Timestamp, out: &mut Output) {
        let hosts: BTreeMap<Box<str>, Vec<Sent>> =
            findings.hosts.drain().filter(|(host, _)| !host.is_empty()).collect();
        for (host, sent) in hosts {
            let name = self.asset_name(&host);
            for sent in &sent {
                if let Some(kinds) = self.kinds.as_mut().filter(|_| sent.format != UNKNOWN) {
                    let name = format!("{name}{}{}", silence::OF_KIND, sent.format);
                    kinds.absorb(&name, sent.seen, now, &KIND_EXPECTATION, &mut out.alerts);
                }
                for (hour, lines) in &sent.hours {
                    self.anomalies.absorb_source(&name, &sent.source, *hour, *lines, now);
                }
            }
            let Some(seen) = sent.into_iter().map(|s| s.seen).reduce(Seen::and) else { continue };
            let expectation = expectation(self.cases.assets(), self.cases.policy().sources.heartbeat, &name);
            self.silence.absorb(&name, seen, now, &expectation, &mut out.alerts);
        }
        self.anomalies.absorb(&findings.sightings, now);
        let before = out.alerts.len();
        // A batch never crosses a whole minute, so what follows from it begins with the next.
        let minute = now.as_second().div_euclid(GRID);
        if self.minute != minute {
            self.minute = minute;
            self.follow_watch();
        }
        for survivor in &findings.survivors {
            self.correlator.absorb(survivor, now, &mut out.alerts);
        }
        self.cases.absorb(std::mem::take(&mut findings.patch), now, out);
        self.tell_cases(before, now, out);
    }

    fn asset_name(&self, host: &str) -> String {
        self.cases.assets().name(host).to_owned()
    }

    /// Alerts of the rules count for the log review of patched assets.
    fn tell_cases(&mut self, from: usize, now: Timestamp, out: &mut Output) {
        let raised: Vec<Alert> = out.alerts[from..].iter().filter(|alert| alert.case.is_none()).cloned().collect();
        for alert in &raised {
            self.cases.alert(alert, now, out);
        }
    }

    /// What the rules ask for on assets under a zero-day watch follows the cases.
    fn follow_watch(&mut self) {
        if let Some(assets) = self.cases.take_watched() {
            self.correlator.set_watched(Arc::new(assets), self.cases.policy().watch.threshold_percent);
        }
    }

    /// When a timer next fires; on the grid.
    pub fn next_due(&self) -> Option<Timestamp> {
        [self.correlator.next_due(), self.cases.next_due(), self.silence.next_due(), self.anomalies.next_due()]
            .into_iter()
            .chain([self.kinds.as_ref().and_then(Silence::next_due)])
            .flatten()
            .min()
            .map(on_grid)
    }

    /// Lets time pass: everything that is due by now happens.
    pub fn tick(&mut self, now: Timestamp, out: &mut Output) {
        let before = out.alerts.len();
        self.correlator.tick(now, &mut out.alerts);
        let (assets, limit) = (self.cases.assets(), self.cases.policy().sources.heartbeat);
        self.silence.tick(now, |name| expectation(assets, limit, name), &mut out.alerts);
        if let Some(kinds) = &mut self.kinds {
            kinds.tick(now, |name| kind_expectation(&self.silence, name, now), &mut out.alerts);
        }
        self.anomalies.tick(now, assets, &mut out.alerts);
        self.cases.tick(now, out);
        self.follow_watch();
        self.tell_cases(before, now, out);
    }

    /// A file about the organisation became known.
    pub fn feed(&mut self, now: Timestamp, feed: &Feed, out: &mut Output) {
        let problems = self.cases.feed(now, feed, out);
        self.follow_watch();
        out.problems.extend(problems);
        if feed.input == "inventory" {
            self.correlator.set_names(names(self.cases.assets()));
            self.expect_all(now);
        }
    }

    fn expect_all(&mut self, now: Timestamp) {
        let (assets, limit) = (self.cases.assets(), self.cases.policy().sources.heartbeat);
        for asset in assets.iter() {
            self.silence.expect(&asset.id, now, &expectation(assets, limit, &asset.id));
        }
    }

    /// A person decided: the object of interface section 5, with `kind`.
    pub fn decide(&mut self, now: Timestamp, decision: &Value, out: &mut Output) {
        let kind = decision.get("kind").and_then(Value::as_str).unwrap_or_default();
        let taken = match kind {
            "alert" => self.decide_alert(decision, out).and_then(|()| self.cases.decide(now, decision, out)),
            _ => self.cases.decide(now, decision, out),
        };
        self.follow_watch();
        match taken {
            Ok(()) => out.decisions.push(decision.clone()),
            Err(what) => out.problems.push(Problem {
                file: "record".into(),
                line: 0,
                fatal: false,
                what: format!("decision `{kind}`: {what}"),
                help: "`roundsman record --help` lists the kinds and their keys".into(),
            }),
        }
    }

    fn decide_alert(&mut self, decision: &Value, out: &mut Output) -> Result<(), String> {
        let text = |name: &str| decision.get(name).and_then(Value::as_str);
        let id = text("id").ok_or("`id` is missing")?;
        if let Some(to) = text("to") {
            let status = serde_json::from_value(Value::from(to))
                .map_err(|_| format!("`to = {to}` is no status (available: new, acknowledged, closed)"))?;
            self.correlator.set_status(id, status, &mut out.alerts);
            self.anomalies.set_status(id, status, &mut out.alerts);
            self.silence.set_status(id, status);
            self.kinds.iter_mut().for_each(|kinds| kinds.set_status(id, status));
        }
        Ok(())
    }

    /// The input has ended: alerts that counted on are given out.
    pub fn finish(&mut self, out: &mut Output) {
        self.correlator.flush(&mut out.alerts);
    }

    /// Rows of state that changed since the last checkpoint.
    pub fn checkpoint(&mut self) -> StateRows {
        let mut rows: StateRows =
            self.correlator.checkpoint().into_iter().map(|(key, row)| (format!("{SIGMA}{key}"), row)).collect();
        rows.extend(self.cases.checkpoint());
        rows.extend(self.silence.checkpoint());
        rows.extend(self.kinds.iter_mut().flat_map(Silence::checkpoint));
        rows.extend(self.anomalies.checkpoint());
        rows.extend(self.pulse.checkpoint());
        rows
    }

    /// Takes back all rows of state. The files about the organisation are among them.
    pub fn restore(&mut self, rows: &[(String, Vec<u8>)]) {
        let rows = || rows.iter().map(|(key, value)| (key.as_str(), value.as_slice()));
        self.cases.restore(rows().map(|(key, value)| (key.to_owned(), value.to_vec())));
        self.correlator.set_names(names(self.cases.assets()));
        self.follow_watch();
        let own = rows().filter_map(|(key, value)| Some((key.strip_prefix(SIGMA)?.to_owned(), value.to_vec())));
        self.correlator.restore(own);
        let (assets, limit) = (self.cases.assets(), self.cases.policy().sources.heartbeat);
        self.silence.restore(rows(), |name| expectation(assets, limit, name));
        if let Some(kinds) = &mut self.kinds {
            kinds.restore(rows(), |_| KIND_EXPECTATION);
        }
        self.anomalies.restore(rows());
        self.pulse.restore(rows());
    }
}

/// Hosts by their inventory names.
fn names(assets: &Assets) -> HostNames {
    let assets = assets.clone();
    Arc::new(move |host| assets.name(host).to_owned())
}

/// The rule that watches kinds of records.
fn kind_rule(rules: &RuleSet) -> Option<&sigma::Rule> {
    let rule = rules.anomalies().find(|(_, spec)| spec.kind == Kind::Silence);
    rule.map(|(number, _)| rules.rule(number))
}

/// The name of the format of records that no format understood.
const UNKNOWN: &str = "unknown";

/// Longest pause of any kind of record that nothing is thought of.
const KIND_EXPECTATION: Expectation =
    Expectation { limit: Duration::hours(24), listed: false, severity: Severity::Low, excused: false };

/// A host that was not heard for so long does not talk, so nothing can be said of its kinds of records.
const HOST_QUIET: SignedDuration = SignedDuration::from_hours(6);

fn kind_expectation(hosts: &Silence, name: &str, now: Timestamp) -> Expectation {
    let host = name.split_once(silence::OF_KIND).map_or(name, |(host, _)| host);
    let talks = hosts.heard(host).is_some_and(|last| now.duration_since(last) < HOST_QUIET);
    Expectation { excused: !talks, ..KIND_EXPECTATION }
}

/// The ticks that a running instance journals each minute. A hole in them tells a time in which nobody listened from one
/// in which nobody spoke. Recorded input has none, and there a pause means what it always did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Pulse {
    last: Option<Timestamp>,
    /// The last two came a minute apart.
    regular: bool,
    #[serde(skip)]
    changed: bool,
}

const PULSE_ROW: &str = "pulse";
/// Ticks that come within this are regular: a minute and what a busy machine adds.
const REGULAR: SignedDuration = SignedDuration::from_secs(90);
/// A hole is at least so long.
const HOLE: SignedDuration = SignedDuration::from_mins(10);

impl Pulse {
    fn beat(&mut self, at: Timestamp) {
        self.regular = self.last.is_some_and(|last| at.duration_since(last) <= REGULAR);
        self.last = Some(at);
        self.changed = true;
    }

    fn slept(&self, at: Timestamp) -> Option<SignedDuration> {
        let missed = at.duration_since(self.last.filter(|_| self.regular)?);
        (missed >= HOLE).then_some(missed)
    }

    fn checkpoint(&mut self) -> StateRows {
        match std::mem::take(&mut self.changed) {
            true => vec![(PULSE_ROW.to_owned(), serde_json::to_vec(self).ok())],
            false => Vec::new(),
        }
    }

    fn restore<'a>(&mut self, mut rows: impl Iterator<Item = (&'a str, &'a [u8])>) {
        let row = rows.find(|(key, _)| *key == PULSE_ROW);
        *self = row.and_then(|(_, value)| serde_json::from_slice(value).ok()).unwrap_or_default();
    }
}

/// What the inventory, else the policy, expects of a host.
fn expectation(assets: &Assets, default: Duration, name: &str) -> Expectation {
    match assets.get(name) {
        Some(asset) => Expectation {
            limit: asset.heartbeat.unwrap_or(default),
            listed: true,
            excused: false,
            severity: if asset.risk == Risk::High { Severity::High } else { Severity::Medium },
        },
        None => Expectation { limit: default, listed: false, severity: Severity::Medium, excused: false },
    }
}
