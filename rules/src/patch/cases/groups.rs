//! Groups: a case of their own for each advisory, verified only when the rule holds over the members and no two of them
//! differ.

use super::*;
use crate::{
    case::{Due, Transition},
    patch::checks,
};

/// A group's case as it was last told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Group {
    pub case: PatchCase,
    /// Since when the members run different versions.
    #[serde(default)]
    rolling: Option<Timestamp>,
    #[serde(default)]
    pub due: Option<Timestamp>,
}

/// A member's case, as far as the group is concerned.
struct Member {
    asset: Name,
    state: State,
    class: Class,
    watch: bool,
    version: Option<(String, Timestamp)>,
    opened: Timestamp,
    deploy: Option<Timestamp>,
    kev: bool,
}

impl Member {
    /// It has the fix in use.
    fn runs_it(&self) -> bool {
        matches!(self.state, State::Verifying | State::VerifyFailed | State::Verified | State::Closed)
    }

    fn is_verified(&self) -> bool {
        matches!(self.state, State::Verified | State::Closed)
    }

    /// Nothing is asked of it.
    fn is_out(&self) -> bool {
        matches!(self.state, State::NotApplicable | State::Superseded | State::Retired)
    }
}

impl Cases {
    /// Whether another member of an asset's group wants the zero-day watch.
    pub(super) fn group_watched(&self, asset: &Asset, advisory: &Advisory) -> bool {
        let Some(group) = &asset.group else { return false };
        let others = self.index.members(group).iter().filter(|name| ***name != *asset.id);
        let held = others.filter_map(|name| self.held.get(name)?.get(advisory.id.as_str()));
        held.into_iter().any(|held| held.watch)
    }

    /// Whether any case has the asset watched.
    pub(super) fn is_watched(&self, asset: &str) -> bool {
        let group = self.assets.get(asset).and_then(|a| a.group.as_deref());
        let mut members = group.into_iter().flat_map(|group| self.index.members(group));
        self.watching.contains_key(asset) || members.any(|other| self.watching.contains_key(other))
    }

    /// The assets under a zero-day watch, if that has changed since it was asked last. A group is watched as a whole.
    pub fn take_watched(&mut self) -> Option<BTreeSet<String>> {
        if !std::mem::take(&mut self.watch_moved) {
            return None;
        }
        let group = |asset: &Name| self.assets.get(asset)?.group.as_deref();
        let peers = self.watching.keys().filter_map(group).flat_map(|group| self.index.members(group));
        Some(self.watching.keys().chain(peers).map(|name| name.to_string()).collect())
    }

    fn members(&self, group: &str, advisory: &Name) -> Vec<Member> {
        let member = |asset: &Name| {
            let held = self.held.get(asset)?.get(advisory)?;
            let case = self.walk(&(asset.clone(), advisory.clone()))?.case;
            Some(Member {
                asset: asset.clone(),
                state: held.state,
                class: held.class,
                watch: held.watch,
                version: held.more.as_ref().and_then(|more| more.version.clone()),
                opened: case.opened,
                deploy: case.due.deploy,
                kev: case.kev,
            })
        };
        self.index.members(group).iter().filter_map(member).collect()
    }

    /// A member's case has moved: the group's is told anew, and what of it concerns the members.
    pub(super) fn derive_group(&mut self, group: &str, advisory: &Name, out: &mut Output) {
        let id = format!("group:{group}/{advisory}");
        let members = self.members(group, advisory);
        if members.is_empty() {
            return self.drop_group(&id, group, out);
        }
        let old = self.groups.get(&id).cloned();
        let clock = self.clock;
        let rolling = self.rolls(&members).then(|| {
            let since = members.iter().filter(|m| m.runs_it()).filter_map(|m| Some(m.version.as_ref()?.1)).min();
            old.as_ref().and_then(|g| g.rolling).or(since).unwrap_or(clock)
        });
        let limit = self.policy.deploy.rolling;
        let state = self.group_state(group, &members, rolling);
        let mut case = self.group_case(&id, advisory, &members);
        case.history = old.as_ref().map(|g| g.case.history.clone()).unwrap_or_default();
        case.state = state;
        if case.history.last().is_none_or(|last| last.state != state) {
            let evidence = members.iter().flat_map(|m| self.cited_last(&m.asset, advisory)).collect();
            case.history.push(Transition { at: clock, state, why: words(&members), evidence });
        }
        let mut conditions = BTreeMap::new();
        let due = rolling.map(|since| limit.after(since));
        if let (Some(since), Some(due)) = (rolling, due.filter(|due| clock >= *due)) {
            let why = format!("two versions since {since}, {limit} are allowed: {}", words(&members));
            conditions.insert(Pv(17), Condition::new(due, &[], why));
        }
        let hosts: Vec<String> = members.iter().map(|m| m.asset.to_string()).collect();
        self.settle_alerts(&id, &hosts, &conditions, case.kev, out);
        case.alerts = self.alert_ids(&id);
        let due = due.filter(|due| *due > clock);
        let timer =
            |due: Option<Timestamp>| due.map(|due| (due, (Name::from(format!("group:{group}")), advisory.clone())));
        if let Some(old) = old.as_ref().and_then(|old| timer(old.due)) {
            self.timers.remove(&old);
        }
        self.timers.extend(timer(due));
        if old.as_ref().is_none_or(|old| old.case != case) {
            out.cases.push(case.clone());
        }
        if old.as_ref().is_none_or(|old| old.case != case || old.rolling != rolling || old.due != due) {
            self.dirty.insert(format!("group/{id}"));
        }
        self.groups.insert(id, Group { case, rolling, due });
        self.rewatch(&members, advisory, out);
    }

    fn drop_group(&mut self, id: &str, group: &str, out: &mut Output) {
        let Some(old) = self.groups.remove(id) else { return };
        if let Some(due) = old.due {
            self.timers.remove(&(due, (format!("group:{group}").into(), old.case.advisory.as_str().into())));
        }
        self.dirty.insert(format!("group/{id}"));
        self.settle_alerts(id, &[], &BTreeMap::new(), false, out);
    }

    /// The watch ends for all of a group together: whoever was told otherwise is told anew.
    fn rewatch(&mut self, members: &[Member], advisory: &Name, out: &mut Output) {
        if !members.iter().any(|m| m.kev || m.watch) {
            return;
        }
        for member in members {
            let key = (member.asset.clone(), advisory.clone());
            let Some(found) = self.walk(&key) else { continue };
            let mut case = found.case;
            case.alerts = self.alert_ids(&case_id(&key));
            if self.held_at(&key).is_some_and(|held| held.told != held::digest(&case)) {
                self.derive_once(&key, out);
            }
        }
    }

    /// The evidence that a member's newest transition cites.
    fn cited_last(&self, asset: &Name, advisory: &Name) -> Vec<String> {
        let found = self.walk(&(asset.clone(), advisory.clone()));
        found.and_then(|found| found.case.history.last().map(|t| t.evidence.clone())).unwrap_or_default()
    }

    /// Whether the members stand at different versions: some have the fix in use, some do not yet.
    fn rolls(&self, members: &[Member]) -> bool {
        let counted = || members.iter().filter(|m| !m.is_out() && m.state != State::Excepted);
        let mixed = counted().any(Member::runs_it) && !counted().all(Member::runs_it);
        let versions: BTreeSet<&String> = counted().filter_map(|m| Some(&m.version.as_ref()?.0)).collect();
        mixed || (counted().all(Member::runs_it) && versions.len() > 1)
    }

    /// The rule over the members: `all` (also `rolling`), or so many of them.
    fn group_state(&self, group: &str, members: &[Member], rolling: Option<Timestamp>) -> State {
        let rule = self.index.members(group).iter().find_map(|m| self.assets.get(m)?.group_rule.clone());
        let counted: Vec<&Member> = members.iter().filter(|m| !m.is_out()).collect();
        let needed = rule.and_then(|rule| rule.parse::<usize>().ok()).unwrap_or(counted.len()).min(counted.len());
        let verified = counted.iter().filter(|m| m.is_verified()).count();
        if counted.is_empty() {
            return members.first().map_or(State::NotApplicable, |m| m.state);
        }
        if verified >= needed && rolling.is_none() {
            let closed = counted.iter().filter(|m| m.state == State::Closed).count();
            return if closed >= needed { State::Closed } else { State::Verified };
        }
        // Otherwise the group stands where its least member does; two versions of what is verified are not verified.
        let least = counted.iter().map(|m| m.state).min_by_key(|state| rank(*state)).unwrap_or(State::Open);
        if matches!(least, State::Verified | State::Closed) { State::Verifying } else { least }
    }

    fn group_case(&self, id: &str, advisory: &Name, members: &[Member]) -> PatchCase {
        PatchCase {
            kind: "case".to_owned(),
            id: id.to_owned(),
            asset: None,
            advisory: advisory.to_string(),
            state: State::Open,
            class: members.iter().map(|m| m.class).max().unwrap_or(Class::Minor),
            kev: members.iter().any(|m| m.kev),
            watch: members.iter().any(|m| m.watch),
            opened: members.iter().map(|m| m.opened).min().unwrap_or(self.clock),
            due: Due { deploy: members.iter().filter_map(|m| m.deploy).min(), activate: None, verify: None },
            installed: None,
            activated: None,
            observed: None,
            running: None,
            trust: "high".to_owned(),
            overdue: false,
            reopened: 0,
            exception: None,
            checks: checks::unsettled(),
            triage: None,
            history: Vec::new(),
            alerts: Vec::new(),
            members: Some(members.iter().map(|m| m.asset.to_string()).collect()),
            more: BTreeMap::new(),
        }
    }
}

/// How far a state is from the end: a failure holds a group back more than a step that is still to come.
fn rank(state: State) -> u8 {
    match state {
        State::Reopened | State::RolledBack => 0,
        State::InstallFailed => 1,
        State::Open => 2,
        State::Mitigated => 3,
        State::Scheduled => 4,
        State::Deploying => 5,
        State::Excepted => 6,
        State::Installed => 7,
        State::PendingActivation => 8,
        State::VerifyFailed => 9,
        State::Verifying => 10,
        State::Verified => 11,
        State::Closed => 12,
        State::NotApplicable | State::Superseded | State::Retired => 13,
    }
}

/// `fw1 7.4.5 (verifying), fw2 7.4.4 (open)`
fn words(members: &[Member]) -> String {
    let word = |m: &Member| {
        let version = m.version.as_ref().map_or("unknown version", |(version, _)| version);
        format!("{} {version} ({})", m.asset, m.state.as_str().replace('_', " "))
    };
    members.iter().map(word).collect::<Vec<_>>().join(", ")
}
