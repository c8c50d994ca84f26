//! The zero-day watch: from when a flaw is known to be exploited until all of a group is verified and a while longer.

use super::*;
use crate::Severity;

impl Course<'_> {
    /// Since when somebody or the catalogue wants this asset watched; `None` where nobody does.
    pub(super) fn watched_since(&self) -> Option<Timestamp> {
        let clock = self.clock;
        let named = self.s.decisions.iter().rfind(|d| d.kind == "watch" && d.at <= clock);
        let on = named.map(|d| (d.at, d.record["on"].as_bool().unwrap_or(d.record["on"] == "true")));
        match (on, self.s.kev) {
            (Some((_, false)), _) => None,
            (Some((at, true)), kev) => Some(kev.map_or(at, |kev| kev.seen.min(at))),
            (None, kev) => kev.map(|kev| kev.seen),
        }
        .filter(|since| *since <= clock)
    }

    /// Whether this case by itself still wants the watch.
    pub fn wants_watch(&self) -> bool {
        let over = matches!(self.state, None | Some(State::NotApplicable | State::Superseded | State::Retired));
        let quiet = self.quiet_from().is_some_and(|until| self.clock >= until);
        self.watched_since().is_some() && !over && !quiet
    }

    /// When this case by itself needs the watch no more.
    pub(super) fn quiet_from(&self) -> Option<Timestamp> {
        self.verified.map(|at| self.s.policy.watch.after_verified.after(at))
    }

    /// Whether the watch is on: while any of the group wants it.
    pub(super) fn is_watched(&self) -> bool {
        let over = matches!(self.state, None | Some(State::NotApplicable | State::Superseded | State::Retired));
        self.wants_watch() || (self.watched_since().is_some() && !over && self.s.group_watched)
    }

    /// Whatever a rule finds on a watched asset is a finding of the watch (PV21).
    pub(super) fn review_watch(&mut self) {
        let since = self.watched_since().filter(|_| self.is_watched());
        let Some(since) = since else { return self.calm(&[21]) };
        let clock = self.clock;
        let hits: Vec<_> = self
            .s
            .dossier
            .alerts
            .iter()
            .filter(|a| a.severity >= Severity::Low && !a.dismissed && a.last >= since && a.first <= clock)
            .collect();
        let Some(first) = hits.iter().map(|a| a.first).min() else { return self.calm(&[21]) };
        let titles: Vec<&str> = hits.iter().map(|a| a.title.as_str()).collect();
        let why = format!("watched since {since} because {} is exploited: {}", self.s.advisory.id, titles.join("; "));
        let quotes: Vec<Arc<Quote>> = hits.iter().filter_map(|a| a.sample.clone()).collect();
        let mut condition = Condition::new(first.max(since), &quotes.iter().collect::<Vec<_>>(), why);
        condition.first_event = hits.iter().min_by_key(|a| (a.first, &a.id)).map_or_else(String::new, |a| a.id.clone());
        condition.count = hits.len() as u64;
        condition.last = hits.iter().map(|a| a.last).max().unwrap_or(first);
        self.conditions.insert(Pv(21), condition);
    }

    /// Who asked for the watch, since when, and what it found.
    pub(super) fn watch_told(&self) -> Option<serde_json::Value> {
        let since = self.watched_since()?;
        let named = self.s.decisions.iter().rfind(|d| d.kind == "watch" && d.at <= self.clock);
        let by = named.map_or("KEV", |d| Some(d.text("by")).filter(|by| !by.is_empty()).unwrap_or("a record"));
        let until = self.quiet_from().filter(|until| self.clock >= *until && !self.is_watched());
        let during = |a: &&crate::patch::dossier::OtherAlert| {
            a.last >= since && until.is_none_or(|until| a.first <= until) && !a.dismissed
        };
        let hits: Vec<&str> = self.s.dossier.alerts.iter().filter(during).map(|a| a.id.as_str()).collect();
        Some(serde_json::json!({ "by": by, "since": since, "until": until, "hits": hits }))
    }
}
