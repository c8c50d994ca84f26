//! The rule set: loaded rules, found by number, held against events.

use std::{
    collections::HashMap,
    fmt,
    path::PathBuf,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use roundsman_ingest::{Event, formats::LogSource};

use super::{
    correlation::Correlation,
    exception::RuleException,
    expr::Expr,
    index::Plan,
    limits::Limits,
    rule::{Rule, RuleKind, RuleSource},
    view::{Scratch, Slots, View},
};
use crate::anomaly::{DEFAULT_BYTES, spec::Spec};

/// Most log sources whose plan a worker keeps at hand; more are looked up in the shared table.
const MAX_PLANS_AT_HAND: usize = 64;

/// A file of rules.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Where it was read from; stands in problems.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Loaded rules. Matching needs no state but a worker's [`Scratch`], so one set serves all workers.
pub struct RuleSet {
    pub(super) rules: Vec<Rule>,
    /// The compiled detection of each rule; none for correlations.
    pub(super) exprs: Vec<Option<Expr>>,
    pub(super) correlations: Vec<Correlation>,
    /// Whether the rule has keywords.
    has_keywords: Vec<bool>,
    /// For each rule, the correlations that it feeds.
    pub(super) feeds: Vec<Vec<u32>>,
    pub(super) slots: Slots,
    groups: Vec<(RuleSource, Vec<u32>)>,
    /// By the groups that they serve: few, since rules name few log sources.
    plans: RwLock<HashMap<Box<[u32]>, Arc<Plan>>>,
    number: u64,
    /// By rule number; empty where no rule is an anomaly.
    specs: Vec<Option<Arc<Spec>>>,
    baseline_bytes: usize,
    limits: Limits,
    exceptions: Vec<RuleException>,
}

impl fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleSet({} rules)", self.rules.len())
    }
}

/// The same log source: the very words of its format. Equal words elsewhere only cost an entry of their own.
fn is_same(one: &LogSource, other: &LogSource) -> bool {
    std::ptr::eq(one.category, other.category)
        && std::ptr::eq(one.product, other.product)
        && std::ptr::eq(one.services, other.services)
}

impl RuleSet {
    pub(super) fn new(
        rules: Vec<Rule>,
        exprs: Vec<Option<Expr>>,
        correlations: Vec<Correlation>,
        slots: Slots,
        limits: Limits,
    ) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let mut groups: Vec<(RuleSource, Vec<u32>)> = Vec::new();
        for (at, rule) in rules.iter().enumerate().filter(|(at, _)| exprs[*at].is_some()) {
            match groups.iter_mut().find(|(source, _)| *source == rule.logsource) {
                Some((_, group)) => group.push(at as u32),
                None => groups.push((rule.logsource.clone(), vec![at as u32])),
            }
        }
        let mut feeds = vec![Vec::new(); rules.len()];
        for (at, correlation) in correlations.iter().enumerate() {
            correlation.rules.iter().for_each(|&rule| feeds[rule as usize].push(at as u32));
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (plans, specs, baseline_bytes) = (RwLock::default(), Vec::new(), DEFAULT_BYTES);
        let has_keywords = exprs.iter().map(|expr| expr.as_ref().is_some_and(Expr::has_keywords)).collect();
        RuleSet {
            rules,
            exprs,
            has_keywords,
            correlations,
            feeds,
            slots,
            groups,
            plans,
            number,
            specs,
            baseline_bytes,
            limits,
            exceptions: Vec::new(),
        }
    }

    /// Adds what is known to be harmless.
    pub(super) fn with_exceptions(mut self, exceptions: &[RuleException]) -> Self {
        self.exceptions = exceptions.to_vec();
        self
    }

    /// What is known to be harmless.
    pub fn exceptions(&self) -> &[RuleException] {
        &self.exceptions
    }

    /// Adds what anomalies ask for, by rule id, and what their baselines may take together.
    pub(super) fn with_baselines(mut self, specs: &HashMap<String, Arc<Spec>>, bytes: Option<usize>) -> Self {
        if !specs.is_empty() {
            let spec = |rule: &Rule| specs.get(&rule.id).filter(|_| rule.kind == RuleKind::Anomaly).cloned();
            self.specs = self.rules.iter().map(spec).collect();
        }
        self.baseline_bytes = bytes.unwrap_or(self.baseline_bytes);
        self
    }

    /// What an anomaly asks for; `None` for rules that are none.
    pub fn anomaly(&self, number: u32) -> Option<&Spec> {
        self.specs.get(number as usize)?.as_deref()
    }

    /// All anomalies.
    pub fn anomalies(&self) -> impl Iterator<Item = (u32, Arc<Spec>)> {
        self.specs.iter().enumerate().filter_map(|(at, spec)| Some((at as u32, spec.clone()?)))
    }

    /// Most bytes that the baselines of all anomalies take together.
    pub fn baseline_bytes(&self) -> usize {
        self.baseline_bytes
    }

    /// What the state of these rules may take.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// All rules, by number.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of this number.
    pub fn rule(&self, number: u32) -> &Rule {
        &self.rules[number as usize]
    }

    /// The rule of this id or name.
    pub fn find(&self, id: &str) -> Option<u32> {
        let found = self.rules.iter().position(|rule| rule.id == id || rule.name.as_deref() == Some(id));
        found.map(|at| at as u32)
    }

    /// What holding this rule against one event costs at worst; nothing for correlations.
    pub fn cost(&self, number: u32) -> super::Cost {
        self.exprs[number as usize].as_ref().map(Expr::cost).unwrap_or_default()
    }

    /// Whether a match of this rule must survive: it raises an alert or feeds a correlation.
    pub fn keeps(&self, number: u32) -> bool {
        self.rules[number as usize].alerts || !self.feeds[number as usize].is_empty()
    }

    /// Appends the numbers of all detection rules that match the event, in ascending order. With `any_logsource`, every
    /// rule looks at every event. Allocates nothing once the scratch has seen such an event.
    pub fn matches(&self, event: &Event, any_logsource: bool, scratch: &mut Scratch, hits: &mut Vec<u32>) {
        let at = self.plan(&event.logsource, any_logsource, scratch);
        let Scratch { plans, cells, seen, candidates, haystack, .. } = scratch;
        let plan = &plans[at].2;
        if plan.is_empty() {
            return;
        }
        plan.fill(event, &self.slots, cells);
        seen.resize(self.rules.len(), 0);
        candidates.clear();
        let view = View { event, cells, slots: &self.slots };
        plan.candidates(&view, seen, haystack, candidates);
        if candidates.is_empty() {
            return;
        }
        candidates.sort_unstable();
        if candidates.iter().any(|rule| self.has_keywords[*rule as usize]) {
            cells.fill_keywords(event);
        }
        let view = View { event, cells, slots: &self.slots };
        let fits = |rule: &u32| self.exprs[*rule as usize].as_ref().is_some_and(|expr| expr.holds(&view));
        hits.extend(candidates.iter().copied().filter(fits));
    }

    /// The numbers of the detection rules that look at events of this log source.
    pub fn looking_at(&self, source: &LogSource) -> Vec<u32> {
        let mut rules: Vec<u32> =
            self.groups.iter().filter(|(own, _)| own.fits(source)).flat_map(|(_, rules)| rules).copied().collect();
        rules.sort_unstable();
        rules
    }

    /// Whether some rule is written for this log source, not for what an event means whoever logs it, nor for any.
    pub fn is_read(&self, source: &LogSource) -> bool {
        self.looking_at(source).into_iter().any(|number| {
            let source = &self.rule(number).logsource;
            let named = [&source.category, &source.product, &source.service].iter().any(|part| !part.is_empty());
            named && source.meaning().is_none()
        })
    }

    /// Where in the scratch the plan for this log source is at hand. A count on a shared pointer for each event would cost
    /// more than most plans.
    pub(super) fn plan(&self, source: &LogSource, any: bool, scratch: &mut Scratch) -> usize {
        if scratch.owner != self.number {
            // the scratch comes from another rule set, before a reload
            *scratch = Scratch { owner: self.number, ..Scratch::default() };
        }
        if let Some(at) = scratch.plans.iter().position(|(s, a, _)| *a == any && (any || is_same(s, source))) {
            return at;
        }
        if scratch.plans.len() >= MAX_PLANS_AT_HAND {
            scratch.plans.clear();
        }
        scratch.plans.push((*source, any, self.shared_plan(source, any)));
        scratch.plans.len() - 1
    }

    fn shared_plan(&self, source: &LogSource, any: bool) -> Arc<Plan> {
        let fitting = self.groups.iter().enumerate().filter(|(_, (own, _))| any || own.fits(source));
        let key: Box<[u32]> = fitting.map(|(at, _)| at as u32).collect();
        if let Some(plan) = self.plans.read().expect("plans").get(&key) {
            return plan.clone();
        }
        let mut rules: Vec<u32> = key.iter().flat_map(|&group| &self.groups[group as usize].1).copied().collect();
        rules.sort_unstable();
        let compiled = rules.into_iter().filter_map(|rule| Some((rule, self.exprs[rule as usize].as_ref()?)));
        let plan = Arc::new(Plan::build(&self.slots, compiled));
        self.plans.write().expect("plans").entry(key).or_insert(plan).clone()
    }
}
