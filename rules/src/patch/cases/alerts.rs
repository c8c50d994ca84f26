//! Alerts: one per condition until it clears. A case's are the difference between what it calls for now and what has
//! been raised before; those without a case are told by name.

use super::*;

/// Most alerts remembered per case or name; the oldest that are over go first.
const MAX_ALERTS: usize = 64;

/// An alert without a case.
pub(super) struct Plain {
    pub pv: Pv,
    /// Under which it is kept: `log/web1`.
    pub name: String,
    /// The alert's key.
    pub key: (&'static str, String),
    pub hosts: Vec<String>,
    pub high_risk: bool,
}

impl Cases {
    /// Raises what a case calls for and has not been raised, clears what it calls for no more.
    pub(super) fn settle_alerts(
        &mut self,
        id: &str,
        hosts: &[String],
        conditions: &BTreeMap<Pv, Condition>,
        exploited: bool,
        out: &mut Output,
    ) {
        if conditions.is_empty() && !self.alerts.contains_key(id) {
            return;
        }
        let high = |host: &String| self.assets.get(host).is_some_and(|a| a.risk == Risk::High);
        let high_risk = hosts.iter().any(high);
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
            let key = BTreeMap::from([("case".to_owned(), id.to_owned())]);
            let fresh = raise(*pv, condition, severity, key, hosts.to_vec(), Some(id.to_owned()), self.clock);
            changed |= newest(known, fresh, out);
        }
        if known.is_empty() {
            self.alerts.remove(id);
        }
        if changed {
            self.dirty.insert(format!("alerts/{id}"));
        }
    }

    /// Raises an alert without a case, or lets the one that is open count on.
    pub(super) fn tell(&mut self, plain: &Plain, condition: Condition, out: &mut Output) {
        let (field, about) = &plain.key;
        let key = BTreeMap::from([((*field).to_owned(), about.clone())]);
        let severity = plain.pv.severity(condition.severity, false, plain.high_risk);
        let known = self.alerts.entry(plain.name.clone()).or_default();
        if let Some(alert) = known.iter_mut().find(|a| a.cleared.is_none()) {
            let new = condition.evidence.iter().filter(|q| alert.evidence.iter().all(|e| e.id != q.id));
            let new: Vec<Evidence> = new.map(|q| q.evidence()).collect();
            if new.is_empty() && alert.why == condition.why {
                return;
            }
            alert.count += new.len() as u64;
            alert.last = alert.last.max(condition.last);
            alert.why.clone_from(&condition.why);
            alert.evidence.extend(new);
            alert.evidence.truncate(MAX_EVIDENCE);
            out.alerts.push(alert.clone());
        } else {
            let fresh = raise(plain.pv, &condition, severity, key, plain.hosts.clone(), None, self.clock);
            newest(known, fresh, out);
        }
        self.dirty.insert(format!("alerts/{}", plain.name));
    }

    /// What an alert without a case was about is over.
    pub(super) fn clear(&mut self, name: &str, out: &mut Output) {
        for alert in self.alerts.get_mut(name).into_iter().flatten().filter(|a| a.cleared.is_none()) {
            alert.cleared = Some(self.clock);
            out.alerts.push(alert.clone());
            self.dirty.insert(format!("alerts/{name}"));
        }
    }

    /// The names under a prefix that have an open alert.
    pub(super) fn open_under<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = String> + 's {
        let under = self.alerts.range(prefix.to_owned()..).take_while(move |(name, _)| name.starts_with(prefix));
        under.filter(|(_, alerts)| alerts.iter().any(|a| a.cleared.is_none())).map(|(name, _)| name.clone())
    }

    /// Whether an alert of this name is open.
    pub(super) fn is_told(&self, name: &str) -> bool {
        self.alerts.get(name).is_some_and(|alerts| alerts.iter().any(|a| a.cleared.is_none()))
    }
}

/// Takes over the newest form of an alert; `true` where it says anything new.
fn newest(known: &mut Vec<Alert>, fresh: Alert, out: &mut Output) -> bool {
    let open = known.iter().position(|a| a.cleared.is_none() && a.rule.id == fresh.rule.id);
    if let Some(at) = open.or_else(|| known.iter().position(|a| a.id == fresh.id)) {
        let old = &mut known[at];
        let reopened = old.cleared.is_some();
        let raised = if reopened { fresh.raised } else { old.raised };
        let newer = Alert { id: old.id.clone(), raised, status: old.status, ..fresh };
        let changed = *old != newer;
        if changed {
            *old = newer;
            out.alerts.push(old.clone());
        }
        return changed;
    }
    if known.len() >= MAX_ALERTS
        && let Some(over) = known.iter().position(|a| a.cleared.is_some())
    {
        known.remove(over);
    }
    out.alerts.push(fresh.clone());
    known.push(fresh);
    true
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
