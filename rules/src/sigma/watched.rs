//! Hosts under a zero-day watch: what counts matches asks for fewer of them there.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    correlation::{Correlation, Threshold},
    expr::Compare,
    set::RuleSet,
};

/// The hosts that are watched, and the correlations as they are judged there.
#[derive(Default)]
pub(super) struct Watched {
    hosts: Arc<BTreeSet<String>>,
    percent: u32,
    correlations: Vec<Correlation>,
}

impl Watched {
    /// Watches these hosts, by the names that the inventory gives them, with thresholds at so many percent.
    pub fn new(hosts: Arc<BTreeSet<String>>, percent: u32, rules: &RuleSet) -> Watched {
        let correlations = if hosts.is_empty() { &[] } else { rules.correlations.as_slice() };
        let correlations = correlations.iter().map(|correlation| eager(correlation, percent)).collect();
        Watched { hosts, percent, correlations }
    }

    /// The same hosts under other rules.
    pub fn under(&self, rules: &RuleSet) -> Watched {
        Watched::new(self.hosts.clone(), self.percent, rules)
    }

    /// Nothing is watched.
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty()
    }

    /// A correlation as it is judged for this host, where that differs.
    pub fn eager(&self, at: usize, host: &str) -> Option<&Correlation> {
        if self.hosts.contains(host) { self.correlations.get(at) } else { None }
    }
}

/// The same correlation with its lower bounds at so many percent; it still takes two of anything that takes several.
fn eager(correlation: &Correlation, percent: u32) -> Correlation {
    let mut eager = correlation.clone();
    if let Threshold::Count(bounds) = &mut eager.threshold {
        for (compare, bound) in bounds.iter_mut().filter(|(compare, _)| matches!(compare, Compare::Gt | Compare::Gte)) {
            let least = if *compare == Compare::Gte { 2.0 } else { 1.0 };
            let scaled = (*bound * f64::from(percent.min(100)) / 100.0).ceil();
            *bound = scaled.max(least).min(*bound);
        }
    }
    eager
}
