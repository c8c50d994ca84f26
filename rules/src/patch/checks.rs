//! The four checks that "verified" needs: health, function, log review, closure.
//!
//! Each is settled only by evidence from after activation. Silence, a missing probe, an old scan are never a pass.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;

use super::{
    activity::Spike,
    course::{Course, steps::quote_of},
    fact::{Fact, Item, Quote},
    patterns::{LEAST_BASELINE, Rate, WEEK, hour},
    table::{Condition, Pv},
    window::{BASELINE, Window},
};
use crate::{
    Severity,
    case::{Check, CheckResult, Checks, State},
    duration::Duration,
    inputs::{Scan, policy::Verify},
};

/// A baseline needs this much history.
const HISTORY: Duration = Duration::hours(24);
/// At least so many records an hour, or the flow is not measured against the baseline.
const LEAST_FLOW: u64 = 1;

/// Before activation nothing can be checked.
pub fn unsettled() -> Checks {
    let check = || said(CheckResult::Pending, "not running yet", Vec::new(), None);
    Checks { health: check(), function: check(), logs: check(), closure: check() }
}

fn said(result: CheckResult, why: impl Into<String>, evidence: Vec<String>, deadline: Option<Timestamp>) -> Check {
    Check { result, why: why.into(), evidence, deadline }
}

fn settled(check: &Check) -> bool {
    matches!(check.result, CheckResult::Pass | CheckResult::Waived)
}

/// When a check may change although nothing arrives.
pub fn timers(course: &Course) -> Vec<Timestamp> {
    let (Some(active), Some(healthy)) = (&course.activated, course.healthy_from) else { return Vec::new() };
    if course.verified.is_some() {
        return Vec::new();
    }
    let policy = &course.s.policy.verify;
    let heartbeat = heartbeat(course);
    let mut timers = vec![
        policy.health.after(healthy),
        heartbeat.after(healthy),
        policy.logs_soak.after(active.at),
        course.deadlines().settle.after(active.at),
        course.deadlines().verify.after(active.at),
    ];
    if !course.s.policy.probe.is_empty() {
        timers.extend(Timestamp::from_second((hour(course.clock) + 1) * 3_600));
    }
    timers.extend(course.window(active.at).and_then(|window| window.alive));
    timers.extend(course.standing().map(|verification| verification.at));
    timers.extend(course.s.dossier.scans.iter().map(|scan| scan.received));
    timers.extend(course.looping.as_ref().map(|(_, _, mark)| policy.health.after(mark.at)));
    timers
}

fn heartbeat(course: &Course) -> Duration {
    course.s.asset.heartbeat.unwrap_or(course.s.policy.sources.heartbeat)
}

/// Settles what can be settled by the clock, and moves the case accordingly.
pub fn review(course: &mut Course) {
    if course.activated.is_none() {
        return;
    }
    match course.state {
        Some(State::Verifying | State::VerifyFailed) => {}
        Some(State::Verified | State::Closed) => return found_again(course),
        _ => return,
    }
    if let Some(verification) = course.standing() {
        return course.stand(verification);
    }
    let (health, function, logs, closure) = (health(course), function(course), logs(course), closure(course));
    course.checks = Checks { health, function, logs, closure };
    for (name, waived) in waivers(course) {
        if let Some(check) = by_name(&mut course.checks, &name) {
            (check.result, check.why) = (CheckResult::Waived, waived);
        }
    }
    call_alerts(course);
    conclude(course);
}

fn by_name<'c>(checks: &'c mut Checks, name: &str) -> Option<&'c mut Check> {
    match name {
        "health" => Some(&mut checks.health),
        "function" => Some(&mut checks.function),
        "logs" => Some(&mut checks.logs),
        "closure" => Some(&mut checks.closure),
        _ => None,
    }
}

/// Checks that need not pass here: by the policy for the asset's tags, or by a record for this case.
fn waivers(course: &Course) -> Vec<(String, String)> {
    let tags = &course.s.asset.tags;
    let policy = course.s.policy.verify.waive.iter().filter(|w| tags.contains(&w.tags));
    let records = course.s.decisions.iter().filter(|d| d.kind == "waive" && d.at <= course.clock);
    policy
        .map(|w| (w.check.clone(), format!("waived for `{}`: {}", w.tags, w.why)))
        .chain(records.map(|d| (d.text("check").to_owned(), format!("waived on record: {}", d.text("why")))))
        .collect()
}

/// Each failing check has its own alert, for as long as it fails.
fn call_alerts(course: &mut Course) {
    let checks = course.checks.clone();
    let fails = |check: &Check| check.result == CheckResult::Fail;
    let late = course.checks.function.deadline.is_some_and(|due| course.clock >= due);
    let missing = late && matches!(checks.function.result, CheckResult::Pending | CheckResult::Stale);
    let rows = [
        (6, fails(&checks.health) && !course.calls(5), &checks.health, None),
        (7, fails(&checks.function) || missing, &checks.function, missing.then_some(Severity::Medium)),
        (8, fails(&checks.logs), &checks.logs, None),
        (9, fails(&checks.closure), &checks.closure, None),
    ];
    for (pv, holds, check, severity) in rows {
        if !holds {
            course.calm(&[pv]);
            continue;
        }
        let quotes = quotes(course, &check.evidence);
        course.call(pv, &quotes.iter().collect::<Vec<_>>(), check.why.clone());
        if let Some(condition) = course.conditions.get_mut(&Pv(pv)) {
            condition.severity = severity;
        }
    }
    if checks.closure.result == CheckResult::Conflict {
        let quotes = quotes(course, &checks.closure.evidence);
        course.call(22, &quotes.iter().collect::<Vec<_>>(), checks.closure.why);
    } else if !course.tells_itself() {
        course.calm(&[22]);
    }
}

/// The kept records of these ids.
fn quotes(course: &Course, ids: &[String]) -> Vec<Arc<Quote>> {
    let dossier = course.s.dossier;
    let items = dossier.lanes.values().flatten().map(|i| i.quote.clone());
    let templates = dossier.activity.templates.values().map(|t| t.sample.clone());
    let scans = dossier.scans.iter().map(quote_of);
    let mut found: Vec<Arc<Quote>> = items.chain(templates).chain(scans).filter(|q| ids.contains(&q.id)).collect();
    found.sort_by_key(|q| ids.iter().position(|id| *id == q.id));
    found.dedup_by(|a, b| a.id == b.id);
    found
}

/// From the checks to a state.
fn conclude(course: &mut Course) {
    let checks = course.checks.clone();
    let all = [
        ("health", &checks.health, [5, 6].as_slice()),
        ("function", &checks.function, &[7]),
        ("logs", &checks.logs, &[8]),
        ("closure", &checks.closure, &[9, 22]),
    ];
    let evidence: Vec<Arc<Quote>> = course.activated.iter().filter_map(|m| m.quote.clone()).collect();
    let sources = sources(course);
    if all.iter().all(|(_, check, _)| settled(check)) && sources.len() >= 2 {
        course.calm(&[5, 6, 7, 8, 9, 18, 22]);
        let ids: BTreeSet<&String> = all.iter().flat_map(|(_, c, _)| &c.evidence).collect();
        let quotes = quotes(course, &ids.into_iter().cloned().collect::<Vec<_>>());
        let why =
            format!("all four checks are settled, from {}", sources.into_iter().collect::<Vec<_>>().join(" and "));
        return course.verify(why, &quotes.iter().collect::<Vec<_>>());
    }
    let failing: Vec<String> = all
        .iter()
        .filter(|(_, check, _)| check.result == CheckResult::Fail)
        .map(|(name, check, _)| format!("{name}: {}", check.why))
        .collect();
    let overdue = course.due_verify().filter(|due| course.clock >= *due);
    if let Some(due) = overdue {
        let told = |pvs: &[u8]| pvs.iter().any(|pv| course.calls(*pv));
        let open: Vec<_> = all.iter().filter(|(_, c, _)| !settled(c)).collect();
        // A check with an alert of its own needs no second one.
        let untold = open.is_empty() || open.iter().any(|(_, _, pvs)| !told(pvs));
        let mut why: Vec<String> = open.iter().map(|(name, c, _)| format!("{name}: {}", c.why)).collect();
        if why.is_empty() {
            let only = sources.into_iter().collect::<Vec<_>>().join(", ");
            why.push(format!("a second independent source is missing, all evidence is from {only}"));
        }
        let text = format!("not settled by {due}: {}", why.join("; "));
        course.go(State::VerifyFailed, text.clone(), &[]);
        if !untold {
            course.calm(&[18]);
        } else if !course.calls(18) {
            course.conditions.insert(Pv(18), Condition::new(due, &[], text));
        }
    } else if !failing.is_empty() {
        let ids: Vec<String> = all
            .iter()
            .filter(|(_, c, _)| c.result == CheckResult::Fail)
            .flat_map(|(_, c, _)| c.evidence.clone())
            .collect();
        let quotes = quotes(course, &ids);
        course.go(State::VerifyFailed, failing.join("; "), &quotes.iter().collect::<Vec<_>>());
    } else {
        let quotes: Vec<&Arc<Quote>> = evidence.iter().collect();
        course.go(State::Verifying, "no check fails any more".to_owned(), &quotes);
    }
}

/// Who vouches: the asset's own logs, scanners, probes from elsewhere. Records of people do not.
fn sources(course: &Course) -> BTreeSet<String> {
    let mut sources = BTreeSet::new();
    if course.activated.as_ref().is_some_and(|m| m.quote.is_some()) {
        sources.insert(format!("{}'s own logs", course.s.asset.id));
    }
    if let Some(scan) = closing_scan(course) {
        sources.insert(format!("{} ({})", scan.tool, scan.file));
    }
    for item in probes(course).filter(|i| matches!(i.fact, Fact::Probe { ok: true, own: false, .. })) {
        sources.insert(format!("a probe from {}", item.quote.host.as_deref().unwrap_or("elsewhere")));
    }
    sources
}

/// Whether a scan settled the closure.
pub fn confirmed_by_scan(course: &Course) -> bool {
    course.checks.closure.result == CheckResult::Pass && closing_scan(course).is_some()
}

/// Probe results from after activation.
fn probes<'c>(course: &'c Course) -> impl Iterator<Item = &'c Item> {
    let from = course.activated.as_ref().map_or(Timestamp::MAX, |m| m.at);
    let to = course.clock;
    course.s.dossier.under("probe/").flat_map(|(_, items)| items).filter(move |i| i.at > from && i.at <= to)
}

/// Quiet and healthy for a while, with a sign of life; any failure fails; silence fails at the heartbeat's limit.
fn health(course: &Course) -> Check {
    let (Some(active), Some(from)) = (&course.activated, course.healthy_from) else { return unsettled().health };
    let policy = &course.s.policy.verify;
    let due = policy.health.after(from);
    let fail = |why: String, marks: Vec<&super::course::Mark>| {
        let ids = marks.iter().filter_map(|m| m.quote.as_ref()).map(|q| q.id.clone()).collect();
        said(CheckResult::Fail, why, ids, Some(due))
    };
    if !course.failing.is_empty() {
        let name = |u: &super::fact::Unit| if u.name.is_empty() { u.description.clone() } else { u.name.clone() };
        let names: Vec<String> = course.failing.keys().map(name).collect();
        return fail(format!("failed and not started again: {}", names.join(", ")), course.failing.values().collect());
    }
    if let Some((unit, restarts, mark)) = course.looping.as_ref().filter(|l| course.clock < policy.health.after(l.2.at))
    {
        return fail(format!("{} was restarted {restarts} times", unit.name), vec![mark]);
    }
    if let Some(mark) = &course.crashed {
        return fail("the kernel reports a fault".to_owned(), vec![mark]);
    }
    if course.calls(5) {
        return fail("silent after a reboot".to_owned(), Vec::new());
    }
    if course.clock < due {
        return said(CheckResult::Pending, format!("watched until {due}"), Vec::new(), Some(due));
    }
    let beat = heartbeat(course);
    let probe = probes(course).find(|i| matches!(i.fact, Fact::Probe { ok: true, .. }));
    let heard = match course.window(active.at) {
        Some(window) => window.alive_by(course.clock),
        None => course.s.dossier.activity.alive_between(active.at, course.clock),
    };
    let alive = heard.or(probe.map(|i| i.at)).or_else(|| course.told_of_instances());
    let silent = alive.is_none() && course.clock >= beat.after(from) && course.window(active.at).is_some();
    let paused = course.window(from).is_some_and(|w| beat < policy.health && w.pause > beat.as_seconds());
    if silent || paused {
        return fail(format!("silent for more than {beat} after activation"), Vec::new());
    }
    let Some(alive) = alive else {
        return said(CheckResult::Pending, "no sign of life since activation", Vec::new(), Some(due));
    };
    let ids = active.quote.iter().chain(probe.map(|i| &i.quote)).map(|q| q.id.clone()).collect();
    said(CheckResult::Pass, format!("heard at {alive}, no unit failed for {}", policy.health), ids, Some(due))
}

/// Each named probe's last result decides, two failures in a row fail.
fn function(course: &Course) -> Check {
    let Some(active) = &course.activated else { return unsettled().function };
    let due = course.deadlines().settle.after(active.at);
    let mut names: Vec<&str> = course.s.asset.probes.iter().map(String::as_str).collect();
    if names.is_empty() {
        names = course.s.dossier.under("probe/").map(|(name, _)| name).collect();
    }
    // What is told by the application's own words needs no probe of that name.
    let by_words = |name: &str| course.s.policy.probe.iter().any(|probe| probe.name == name);
    names.retain(|name| !by_words(name) || !course.s.dossier.lane(&format!("probe/{name}")).is_empty());
    let (mut passed, mut ids, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    for name in names {
        let mut results: Vec<(&Item, bool)> = Vec::new();
        for item in probes(course) {
            match &item.fact {
                Fact::Probe { name: of, ok, .. } if of == name => results.push((item, *ok)),
                _ => {}
            }
        }
        match results.as_slice() {
            [.., (before, false), (last, false)] => {
                let evidence = vec![before.quote.id.clone(), last.quote.id.clone()];
                let why = format!("{name} failed at {} and again at {}", before.at, last.at);
                return said(CheckResult::Fail, why, evidence, Some(due));
            }
            [.., (last, true)] => {
                passed.push(format!("{name} ok at {}", last.at));
                ids.push(last.quote.id.clone());
            }
            [.., (last, false)] => waiting.push(format!("{name} failed once, at {}", last.at)),
            [] => waiting.push(format!("no result of {name} since activation")),
        }
    }
    for (name, judged) in rates(course, active.at) {
        match judged {
            Judged::Good(why, id) => {
                passed.push(format!("{name}: {why}"));
                ids.push(id);
            }
            Judged::Bad(why, id) => return said(CheckResult::Fail, format!("{name}: {why}"), vec![id], Some(due)),
            Judged::Unknown => waiting.push(format!("no full hour of {name} with a baseline since activation")),
        }
    }
    if !waiting.is_empty() {
        return said(CheckResult::Pending, waiting.join(", "), ids, Some(due));
    }
    if passed.is_empty() {
        return said(CheckResult::Pending, "no probe and no baseline", ids, Some(due));
    }
    said(CheckResult::Pass, passed.join(", "), ids, Some(due))
}

/// What the newest full hour since activation says of an application.
enum Judged {
    Good(String, String),
    Bad(String, String),
    Unknown,
}

/// Applications that tell by their own words how they do, each judged at its newest full hour.
fn rates<'c>(course: &'c Course, active: Timestamp) -> impl Iterator<Item = (&'c str, Judged)> + 'c {
    let (asset, now) = (&course.s.asset, hour(course.clock));
    let own = course.s.policy.probe.iter().filter(move |p| asset.id == p.asset || asset.aliases.contains(&p.asset));
    own.map(move |probe| {
        let none = Rate::default();
        let hours = course.s.dossier.activity.rates.get(&probe.name);
        let of = |at: i64| hours.and_then(|hours| hours.get(&at)).unwrap_or(&none);
        let judged = (hour(active) + 1..now).rev().find(|at| of(at - WEEK).ok >= LEAST_BASELINE);
        let Some(at) = judged else { return (probe.name.as_str(), Judged::Unknown) };
        let (rate, baseline) = (of(at), of(at - WEEK));
        let sample = if rate.sample.is_empty() { baseline.sample.clone() } else { rate.sample.clone() };
        let start = Timestamp::from_second(at * 3_600).unwrap_or(active);
        let judged = match rate.wrong(baseline, course.s.policy.verify.function_rate_percent) {
            Some(why) => Judged::Bad(format!("{why}, in the hour from {start}"), sample),
            None => Judged::Good(format!("{} successes in the hour from {start}", rate.ok), sample),
        };
        (probe.name.as_str(), judged)
    })
}

/// No new kind of error, no alert, no spike, and logs that flow at all.
fn logs(course: &Course) -> Check {
    let Some(active) = &course.activated else { return unsettled().logs };
    let (policy, dossier) = (&course.s.policy.verify, course.s.dossier);
    let (from, soaked) = (active.at, policy.logs_soak.after(active.at));
    let due = Some(course.deadlines().settle.after(from));
    let until = soaked.min(course.clock);
    let known = |raw: &str| course.s.known_issues.iter().any(|issue| issue.matches(raw));
    let new = dossier.activity.templates.iter().find(|(_, t)| {
        t.first > from && t.first <= until && t.hits >= policy.new_template_hits && !known(&t.sample.raw)
    });
    if let Some((template, seen)) = new {
        let why =
            format!("{} lines of a kind never seen before: `{template}`; the first: {}", seen.hits, seen.sample.raw);
        return said(CheckResult::Fail, why, vec![seen.sample.id.clone()], due);
    }
    // One that counts on after the soak was there in it all the same.
    let mut alerts = dossier.alerts.iter().filter(|a| a.last > from && a.first <= until && !a.dismissed);
    if let Some(alert) = alerts.find(|a| a.severity >= Severity::Medium) {
        return said(
            CheckResult::Fail,
            format!("alert {} since activation: {}", alert.id, alert.title),
            Vec::new(),
            due,
        );
    }
    let window = course.window(from);
    let judged = window.and_then(|w| w.since).is_some_and(|since| since <= HISTORY.before(from));
    let spikes = window.map_or(&[] as &[_], |w| w.spikes.as_slice());
    if judged && let Some((spike, errors)) = unusual(spikes, until, |template| excused(course, template)) {
        let why = format!("{errors} errors in the hour from {}, {} are usual at most", spike.hour, spike.limit);
        return said(CheckResult::Fail, why, vec![spike.sample.clone()], due);
    }
    if course.clock < soaked {
        return said(CheckResult::Pending, format!("watched until {soaked}"), Vec::new(), due);
    }
    match window {
        Some(window) => flow(window, from, policy, judged, due),
        None => said(CheckResult::Stale, "what it logged then is no longer known", Vec::new(), due),
    }
}

/// Whether a template of error lines is a known issue.
fn excused(course: &Course, template: &str) -> bool {
    let seen = course.s.dossier.activity.templates.get(template);
    seen.is_some_and(|t| course.s.known_issues.iter().any(|issue| issue.matches(&t.sample.raw)))
}

/// The first spike that is over by a time and that excused errors do not explain, with the errors that remain.
fn unusual(spikes: &[Spike], until: Timestamp, excused: impl Fn(&str) -> bool) -> Option<(&Spike, u64)> {
    spikes.iter().filter(|spike| Duration::hours(1).after(spike.hour) <= until).find_map(|spike| {
        let harmless: u64 = spike.templates.iter().filter(|(name, _)| excused(name)).map(|(_, hits)| hits).sum();
        let errors = spike.errors.saturating_sub(harmless);
        (errors > spike.limit).then_some((spike, errors))
    })
}

/// Whether logs came as they usually do.
fn flow(window: &Window, from: Timestamp, policy: &Verify, judged: bool, due: Option<Timestamp>) -> Check {
    let (hours, percent) = (policy.logs_soak.as_seconds() / 3_600, policy.logs_flow_percent);
    let hours = hours.max(1) as u64;
    let history = |since: Timestamp| (from.as_second() - since.as_second()).clamp(0, BASELINE.as_seconds()) / 3_600;
    let past = window.since.map_or(0, history) as u64;
    let expected = window
        .before
        .checked_div(past)
        .filter(|per_hour| judged && *per_hour >= LEAST_FLOW)
        .map(|_| window.before * hours / past);
    let (seen, ids) = (window.records, window.samples.clone());
    match expected {
        Some(expected) if seen * 100 < expected * u64::from(percent) => {
            said(CheckResult::Stale, format!("only {seen} records in {hours} h, {expected} are usual"), ids, due)
        }
        None if seen == 0 => said(CheckResult::Stale, format!("no record in {hours} h"), ids, due),
        Some(expected) => said(
            CheckResult::Pass,
            format!("{seen} records in {hours} h ({expected} usual), nothing unusual"),
            ids,
            due,
        ),
        None => {
            let why =
                format!("{seen} records in {hours} h, no new error; rates not judged (less than 24 h of history)");
            said(CheckResult::Pass, why, ids, due)
        }
    }
}

/// What one report says about the flaw.
enum Verdict {
    /// It has looked and does not list it.
    Gone,
    /// It lists it, in this version.
    Listed(String),
    /// It cannot tell, and why.
    Unable(String),
}

/// The newest report of each tool that started after activation and looked from inside.
fn reports<'c>(course: &'c Course, after: Timestamp) -> Vec<(&'c Scan, Verdict)> {
    let mut newest: Vec<&Scan> = Vec::new();
    for scan in course.s.dossier.scans.iter().rev() {
        let fits = scan.at > after && scan.at <= course.clock && scan.received <= course.clock;
        if fits && scan.authenticated && !scan.inventory && newest.iter().all(|s| s.tool != scan.tool) {
            newest.push(scan);
        }
    }
    newest.into_iter().map(|scan| (scan, verdict(course, scan))).collect()
}

fn verdict(course: &Course, scan: &Scan) -> Verdict {
    let (advisory, target) = (course.s.advisory, course.s.target);
    if let Some(finding) = scan.findings.iter().find(|f| f.concerns(advisory, target)) {
        let what = [finding.package.as_str(), &finding.installed].join(" ");
        let place = if what.trim().is_empty() { String::new() } else { format!(" in {}", what.trim()) };
        return Verdict::Listed(format!("{}{place}", finding.cve));
    }
    if !scan.has_looked_at(target) && !has_sbom(course, scan) {
        return Verdict::Unable(format!("{} has not looked at {}", scan.file, target.product));
    }
    match scan.database {
        Some(database) if database < advisory.published => {
            Verdict::Unable(format!("{}'s database is of {database}, before the advisory", scan.file))
        }
        _ => Verdict::Gone,
    }
}

/// Grype lists matches only: it has looked at what an SBOM of the asset lists, made within this time of its run.
const SBOM_AGE: Duration = Duration::hours(24);

fn has_sbom(course: &Course, scan: &Scan) -> bool {
    let near = |other: &&Scan| SBOM_AGE.after(other.at) >= scan.at && SBOM_AGE.after(scan.at) >= other.at;
    let lists = course.s.dossier.scans.iter().filter(|other| other.inventory && other.received <= course.clock);
    scan.tool == "grype" && lists.filter(near).any(|list| list.has_looked_at(course.s.target))
}

/// Whether the finding itself names a version that holds the fix, or only an update while the version is right.
fn names_fixed(course: &Course, scan: &Scan) -> bool {
    let mut findings = scan.findings.iter().filter(|f| f.concerns(course.s.advisory, course.s.target));
    findings.any(|f| match f.installed.as_str() {
        "" => f.is_update() && course.disk.fixed(),
        installed => course.disk.reaches(installed),
    })
}

fn closing_scan<'c>(course: &'c Course) -> Option<&'c Scan> {
    let active = course.activated.as_ref()?.at;
    reports(course, active).into_iter().find(|(_, v)| matches!(v, Verdict::Gone)).map(|(scan, _)| scan)
}

/// An authenticated scan from after activation that has looked at the package and does not list the flaw.
fn closure(course: &Course) -> Check {
    let Some(active) = &course.activated else { return unsettled().closure };
    let due = Some(course.deadlines().verify.after(active.at));
    let reports = reports(course, active.at);
    let id = |scan: &Scan| quote_of(scan).id.clone();
    let gone = reports.iter().find(|(_, v)| matches!(v, Verdict::Gone));
    let listed = reports.iter().find_map(|(s, v)| if let Verdict::Listed(what) = v { Some((*s, what)) } else { None });
    match (gone, listed) {
        (Some((good, _)), Some((bad, what))) => {
            let why = format!("{} does not list it, {} lists {what}", good.file, bad.file);
            said(CheckResult::Conflict, why, vec![id(good), id(bad)], due)
        }
        (None, Some((bad, what))) if names_fixed(course, bad) => {
            let why = format!("{} lists {what}, although that version holds the fix", bad.file);
            said(CheckResult::Conflict, why, vec![id(bad)], due)
        }
        (None, Some((bad, what))) => {
            said(CheckResult::Fail, format!("{} of {} still lists {what}", bad.file, bad.at), vec![id(bad)], due)
        }
        (Some((good, _)), None) => {
            let dated = good
                .database
                .map_or("taken at its own date, it names no database date".to_owned(), |d| format!("database of {d}"));
            let why = format!("{} of {} has looked and does not list it ({dated})", good.file, good.at);
            said(CheckResult::Pass, why, vec![id(good)], due)
        }
        (None, None) => without_scan(course, active.at, &reports, due),
    }
}

/// No scan settles it: a positive inventory does where the policy says so; else say what is missing.
fn without_scan(course: &Course, active: Timestamp, reports: &[(&Scan, Verdict)], due: Option<Timestamp>) -> Check {
    let listed =
        course.s.dossier.packages(course.s.target).flatten().rev_find(
            |i| matches!(&i.fact, Fact::Listed { version, .. } if i.at > active && course.disk.reaches(version)),
        );
    if let (true, Some(item)) = (course.s.policy.verify.version_evidence_ok, listed) {
        let why = format!("runs the fix, and the package list of {} shows it", item.at);
        return said(CheckResult::Pass, why, vec![item.quote.id.clone()], due);
    }
    if let Some((_, Verdict::Unable(why))) = reports.first() {
        return said(CheckResult::Stale, why.clone(), Vec::new(), due);
    }
    match course.s.dossier.scans.iter().rfind(|s| s.at <= active && s.received <= course.clock) {
        Some(old) => {
            let why = format!("{} started {}, before activation at {active}", old.file, old.at);
            said(CheckResult::Stale, why, Vec::new(), due)
        }
        None => said(CheckResult::Pending, "no scan since activation", Vec::new(), due),
    }
}

trait RevFind<'i>: Iterator<Item = &'i Item> + Sized {
    /// The newest item that fits.
    fn rev_find(self, fits: impl Fn(&Item) -> bool) -> Option<&'i Item> {
        self.filter(|i| fits(i)).max_by_key(|i| i.at)
    }
}

impl<'i, I: Iterator<Item = &'i Item>> RevFind<'i> for I {}

/// After "verified" a scanner finds it again.
fn found_again(course: &mut Course) {
    let Some(verified) = course.verified else { return };
    let again = reports(course, verified).into_iter().find_map(|(scan, verdict)| match verdict {
        Verdict::Listed(what) if !names_fixed(course, scan) => Some((quote_of(scan), scan.file.clone(), what)),
        _ => None,
    });
    if let Some((quote, file, what)) = again {
        course.fall(State::Reopened, format!("{file} finds it again: {what}"), &quote);
    }
}
