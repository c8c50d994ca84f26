//! Rows about patch cases.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{Timestamp, tz::TimeZone};
use roundsman_rules::{
    alert::Severity,
    case::{CheckResult, Class, PatchCase, State},
};

use super::{
    ahead,
    book::{Book, CaseAt, case_at},
    findings,
    model::Row,
};
use crate::store::Decision;

/// Exceptions are listed this long before they end.
const ENDING_DAYS: i64 = 30;
/// Assets named in one sentence; the rest is counted.
const MAX_NAMED: usize = 4;

/// What the page says of the cases as they stood at the end of the period.
pub(super) struct Patching<'a> {
    book: &'a Book<'a>,
    now: Vec<CaseAt<'a>>,
    /// The highest severity of a case's burning alerts, and their ids.
    burning: HashMap<&'a str, Severity>,
}

impl<'a> Patching<'a> {
    pub fn new(book: &'a Book<'a>) -> Patching<'a> {
        let end = book.period().to;
        let mut burning: HashMap<&str, Severity> = HashMap::new();
        for alert in book.burning(end) {
            if let Some(case) = alert.case.as_deref() {
                let worst = burning.entry(case).or_insert(alert.severity);
                *worst = alert.severity.max(*worst);
            }
        }
        Patching { book, now: book.cases(end).collect(), burning }
    }

    /// Open cases that went wrong, are late, exploited or critical, or have an urgent alert.
    pub fn discuss(&self) -> Vec<Row> {
        self.now.iter().filter(|c| c.is_open() && self.is_pressing(c)).map(|c| self.row(c)).collect()
    }

    /// Failed verifications that are still open.
    pub fn failed(&self) -> usize {
        self.now.iter().filter(|c| c.is_failed()).count()
    }

    /// Cases whose deadline to deploy has passed without the fix.
    pub fn breaches(&self) -> usize {
        self.now.iter().filter(|c| c.is_breach()).count()
    }

    /// Exploited flaws that are still open, the earliest due first.
    pub fn exploited(&self) -> Vec<&CaseAt<'a>> {
        let mut open: Vec<_> = self.now.iter().filter(|c| c.case.kev && c.is_open()).collect();
        open.sort_by_key(|c| (c.case.due.deploy.unwrap_or(Timestamp::MAX), &c.case.id));
        open
    }

    fn is_pressing(&self, c: &CaseAt<'_>) -> bool {
        c.is_critical() || c.is_failed() || c.is_late() || self.severity(c) >= Severity::High
    }

    fn severity(&self, c: &CaseAt<'_>) -> Severity {
        let by_state = match c.case.class {
            Class::Critical => Severity::High,
            Class::Important => Severity::Medium,
            Class::Minor => Severity::Low,
        };
        let late = match (c.is_breach(), c.case.kev) {
            (true, true) => Severity::Critical,
            (true, false) => Severity::High,
            _ => by_state,
        };
        let alerts = self.burning.get(c.case.id.as_str()).copied().unwrap_or(late);
        by_state.max(late).max(alerts)
    }

    fn row(&self, c: &CaseAt<'_>) -> Row {
        let mut text = format!("{}: {}", c.case.advisory, phrase(c));
        if c.case.kev {
            text.push_str("; exploited in the wild");
        }
        let evidence = c.case.history.iter().rev().find(|t| t.at < c.at).map(|t| t.evidence.clone());
        Row {
            severity: Some(self.severity(c)),
            since: Some(c.since),
            due: c.next_due(),
            owner: self.book.owner(c.case.asset.as_deref()),
            case: Some(c.case.id.clone()),
            evidence: evidence.unwrap_or_default(),
            ..Row::new("case_open", c.subject(), text)
        }
    }

    /// Cases that were verified in the period and still are.
    pub fn done(&self) -> Vec<Row> {
        let verified = |c: &&CaseAt<'_>| {
            c.case.history.iter().rev().find(|t| t.state == State::Verified && t.at < c.at).map(|t| t.at)
        };
        let period = self.book.period();
        let mut rows: Vec<Row> = self
            .now
            .iter()
            .filter(|c| c.is_done())
            .filter_map(|c| verified(&c).filter(|at| period.holds(*at)).map(|at| (c, at)))
            .map(|(c, at)| Row {
                since: Some(at),
                owner: self.book.owner(c.case.asset.as_deref()),
                case: Some(c.case.id.clone()),
                ..Row::new("case_verified", c.subject(), format!("{}: all four checks settled", c.case.advisory))
            })
            .collect();
        rows.sort_by(|a, b| (a.since, &a.case).cmp(&(b.since, &b.case)));
        rows
    }

    /// Windows, recurring ones and those that people set, patch days, blackouts, and cases that become due.
    pub fn next(&self) -> Vec<Row> {
        let end = self.book.period().to;
        let horizon = self.book.meeting.period.following().to();
        let soon = |at: &Timestamp| (end..horizon).contains(at);
        let windows = self.book.decided("schedule", end).filter_map(|d| {
            let from: Timestamp = d.text("window").split_once('/')?.0.parse().ok()?;
            let text = format!("maintenance window {}", d.text("window"));
            let row = Row {
                due: Some(from),
                case: Some(d.text("case").to_owned()),
                ..Row::new("window", d.text("case"), text)
            };
            soon(&from).then_some(row)
        });
        let due = self.now.iter().filter(|c| c.is_open()).filter_map(|c| {
            let due = c.next_due().filter(soon)?;
            let what = match c.state {
                _ if c.is_undeployed() => "deploy",
                State::Installed | State::PendingActivation => "activate",
                _ => "verify",
            };
            let text = format!("{}: {what}, now {}", c.case.advisory, c.state.as_str().replace('_', " "));
            Some(Row {
                due: Some(due),
                what: "case_due".to_owned(),
                text,
                since: None,
                evidence: Vec::new(),
                ..self.row(c)
            })
        });
        let mut rows: Vec<Row> = windows.chain(due).collect();
        rows.extend(ahead::windows(self.book, &self.now));
        rows.extend(ahead::calendar(self.book));
        rows.sort_by(|a, b| (a.due, &a.subject, &a.text).cmp(&(b.due, &b.subject, &b.text)));
        rows
    }

    /// What only people can decide: what to do about failed patches, windows for exploited flaws, exceptions that ended.
    pub fn decisions(&self) -> Vec<Row> {
        let mut rows = self.asked("approve a window for", |c| c.case.kev && c.is_undeployed() && !c.is_failed());
        rows.extend(
            self.asked("fix, roll back or except", |c| matches!(c.state, State::InstallFailed | State::VerifyFailed)),
        );
        rows.extend(
            self.asked("install again, allow or except", |c| matches!(c.state, State::RolledBack | State::Reopened)),
        );
        let undecided = |c: &CaseAt<'_>| c.case.triage.as_ref().is_some_and(|t| t.step != "decided") && !c.is_void();
        rows.extend(self.asked("decide on signs of prior compromise from", undecided));
        rows.extend(self.asked("was it a known issue? record one, or plan the next attempt at", |c| {
            let wanted = c.case.more.get("known_issue_wanted").and_then(serde_json::Value::as_bool);
            c.state == State::RolledBack && wanted == Some(true)
        }));
        rows.extend(self.exceptions().into_iter().filter(|row| row.what == "exception_expired").map(|row| Row {
            what: "decision".to_owned(),
            text: format!("renew or end {}: {}", row.subject, row.text),
            ..row
        }));
        rows
    }

    /// One row for each advisory that some case asks for.
    fn asked(&self, what: &str, which: impl Fn(&CaseAt<'_>) -> bool) -> Vec<Row> {
        let mut by_advisory: BTreeMap<&str, Vec<&CaseAt<'_>>> = BTreeMap::new();
        for c in self.now.iter().filter(|c| which(c)) {
            by_advisory.entry(&c.case.advisory).or_default().push(c);
        }
        let row = |(advisory, cases): (&str, Vec<&CaseAt<'_>>)| {
            let assets: Vec<&str> = cases.iter().map(|c| c.subject()).collect();
            Row {
                severity: cases.iter().map(|c| self.severity(c)).max(),
                due: cases.iter().filter_map(|c| c.next_due()).min(),
                owner: self.book.owner(cases.first().and_then(|c| c.case.asset.as_deref())),
                case: Some(cases.first().map(|c| c.case.id.clone())).filter(|_| cases.len() == 1).flatten(),
                ..Row::new("decision", advisory, format!("{what} {advisory} on {}", named(&assets)))
            }
        };
        by_advisory.into_iter().map(row).collect()
    }

    /// Exceptions that ended while their case still needs them, and those that end soon.
    pub fn exceptions(&self) -> Vec<Row> {
        let end = self.book.period().to;
        let soon = end.as_second() + ENDING_DAYS * 86_400;
        let mut last: BTreeMap<String, (Timestamp, String, String)> = BTreeMap::new();
        for e in &self.book.meeting.exceptions {
            last.insert(e.id.clone(), (e.expires, e.asset.clone(), e.advisory.clone()));
        }
        for d in self.book.decided("exception", end) {
            if let Some(expires) = findings::date(d, "expires", self.book) {
                last.insert(
                    d.text("id").to_owned(),
                    (expires, d.text("asset").to_owned(), d.text("advisory").to_owned()),
                );
            }
        }
        let row = |(id, (expires, asset, advisory)): (String, (Timestamp, String, String))| {
            let concerned = |c: &&CaseAt<'_>| {
                c.case.advisory == advisory && (asset == "*" || c.case.asset.as_deref() == Some(&asset))
            };
            let needed = self.now.iter().filter(concerned).any(|c| c.is_undeployed() || c.state == State::Excepted);
            let (what, verb) = match expires < end {
                true if needed => ("exception_expired", "has ended"),
                false if expires.as_second() < soon => ("exception_expiring", "ends soon"),
                _ => return None,
            };
            let text = format!("exception for {advisory} on {asset} {verb}{}", self.age(&id));
            Some(Row { due: Some(expires), ..Row::new(what, id, text) })
        };
        last.into_iter().filter_map(row).collect()
    }

    /// How old an exception is, counted from its first creation, and how often it was renewed.
    fn age(&self, id: &str) -> String {
        let end = self.book.period().to;
        let of_file = self.book.meeting.exceptions.iter().filter(|e| e.id == id);
        let recorded = self.book.decided("exception", end).filter(|d| d.text("id") == id);
        let (filed, recorded): (Vec<_>, Vec<_>) = (of_file.collect(), recorded.collect());
        // What was recorded stands among the exceptions as well where the stage gave them.
        let renewals = filed.len().max(recorded.len()).saturating_sub(1);
        let created = filed.iter().filter_map(|e| e.created).chain(recorded.iter().map(|d| d.at)).min();
        let Some(days) = created.map(|at| (end.as_second() - at.as_second()) / 86_400) else { return String::new() };
        match renewals {
            0 => format!("; {days} d old"),
            1 => format!("; {days} d old, renewed once"),
            n => format!("; {days} d old, renewed {n} times"),
        }
    }

    /// Rollbacks of the period, and those whose reason nobody has given.
    pub fn rollbacks(&self) -> Vec<Row> {
        let end = self.book.period().to;
        let given: BTreeSet<&str> = self.book.decided("rollback_reason", end).map(|d| d.text("case")).collect();
        let reason = |case: &PatchCase| {
            let of_case = |d: &&Decision| d.text("case") == case.id;
            self.book.decided("rollback_reason", end).filter(of_case).last().map(|d| d.text("reason").to_owned())
        };
        let concerns = |c: &&CaseAt<'_>| {
            let fell = c.case.history.iter().rev().find(|t| t.state == State::RolledBack && t.at < end).map(|t| t.at);
            let recent = fell.is_some_and(|at| self.book.period().holds(at));
            recent || (c.state == State::RolledBack && !given.contains(c.case.id.as_str()))
        };
        let row = |c: &CaseAt<'_>| {
            let text = reason(c.case).unwrap_or_else(|| "reason missing".to_owned());
            let row = Row::new("rollback_reason", c.subject(), format!("{} was rolled back: {text}", c.case.advisory));
            Row {
                since: Some(c.since),
                case: Some(c.case.id.clone()),
                owner: self.book.owner(c.case.asset.as_deref()),
                ..row
            }
        };
        self.now.iter().filter(concerns).map(row).collect()
    }

    /// Assets with open cases that stand in the inventory without an owner.
    pub fn ownerless(&self) -> Vec<Row> {
        let mut cases: BTreeMap<&str, usize> = BTreeMap::new();
        for c in self.now.iter().filter(|c| c.is_open()) {
            let asset = c.case.asset.as_deref().unwrap_or_default();
            if self.book.meeting.assets.get(asset).is_some_and(|note| note.owner.is_none()) {
                *cases.entry(asset).or_default() += 1;
            }
        }
        let row = |(asset, n): (&str, usize)| {
            let cases = if n == 1 { "1 open case".to_owned() } else { format!("{n} open cases") };
            Row::new("owner_missing", asset, format!("no owner in the inventory, {cases}"))
        };
        cases.into_iter().map(row).collect()
    }

    /// What auditors ask for, where there is anything to say.
    pub fn compliance(&self) -> Vec<Row> {
        let kev: Vec<&CaseAt<'_>> = self.now.iter().filter(|c| c.case.kev && !c.is_void()).collect();
        let late = kev.iter().filter(|c| c.is_breach()).count();
        let share = |what: &str, subject: &str, text: &str, cases: &[(&CaseAt<'_>, bool)]| {
            let good = cases.iter().filter(|(_, in_time)| *in_time).count();
            let percent = (good * 1_000 / cases.len().max(1)) as f64 / 10.0;
            let row = Row::new(what, subject, format!("{text}: {good} of {} ({percent} %)", cases.len()));
            Row { value: Some(percent), goal: Some(100.0), unit: Some("percent".to_owned()), ..row }
        };
        let mut rows = Vec::new();
        if !kev.is_empty() {
            let row = Row::new("kev_overdue", "KEV", format!("exploited flaws overdue: {late} of {}", kev.len()));
            rows.push(Row { value: Some(late as f64), goal: Some(0.0), unit: Some("count".to_owned()), ..row });
        }
        for (class, subject, text) in [
            (Class::Critical, "critical", "critical patches installed before their deadline"),
            (Class::Important, "important", "important patches installed before their deadline"),
        ] {
            let judged: Vec<_> =
                self.now.iter().filter(|c| c.case.class == class).filter_map(|c| Some((c, in_time(c)?))).collect();
            if !judged.is_empty() {
                rows.push(share("deployed_in_time", subject, text, &judged));
            }
        }
        rows.extend(ahead::adherence(self.book));
        rows
    }

    /// Cases that were open at the end or changed in the period, as they are now.
    pub fn annex(&self) -> Vec<PatchCase> {
        let period = self.book.period();
        let cases = self.book.all_cases.iter().copied().filter(|case| {
            let changed = case.history.iter().any(|t| period.holds(t.at)) || period.holds(case.opened);
            changed || case_at(case, period.to).is_some_and(|c| !c.is_done() && !c.is_void())
        });
        cases.cloned().collect()
    }
}

/// Whether the fix was on the disk in time; unknown while there is time left, or without a deadline.
fn in_time(c: &CaseAt<'_>) -> Option<bool> {
    let due = c.case.due.deploy.filter(|_| !c.is_void() && c.state != State::Excepted)?;
    match c.case.installed.filter(|at| *at < c.at) {
        Some(at) if !c.is_undeployed() => Some(at <= due),
        _ => (due < c.at).then_some(false),
    }
}

/// How a case stands, in words.
fn phrase(c: &CaseAt<'_>) -> String {
    let words = match c.state {
        State::Open => "not installed",
        State::Mitigated => "worked around, not installed",
        State::Scheduled => "scheduled, not installed",
        State::Deploying => "installation under way",
        State::InstallFailed => "installation failed",
        State::Installed | State::PendingActivation => "installed, the old version still runs",
        State::Verifying => {
            let open = checks(c.case, |r| r != CheckResult::Pass && r != CheckResult::Waived);
            return format!("waits for {}", open.as_deref().unwrap_or("a second source"));
        }
        State::VerifyFailed => {
            let failing = checks(c.case, |r| r == CheckResult::Fail || r == CheckResult::Conflict);
            let unsettled = || checks(c.case, |r| r != CheckResult::Pass && r != CheckResult::Waived);
            let what = failing.or_else(|| Some(c.why.to_owned()).filter(|why| !why.is_empty())).or_else(unsettled);
            return match what {
                Some(what) => format!("verification failed: {what}"),
                None => "verification failed".to_owned(),
            };
        }
        State::RolledBack => "rolled back",
        State::Reopened => "was verified, the flaw is back",
        other => other.as_str(),
    };
    if c.why.is_empty() || c.state == State::Open { words.to_owned() } else { format!("{words}: {}", c.why) }
}

/// The checks with such a result and why, if there are any.
fn checks(case: &PatchCase, which: impl Fn(CheckResult) -> bool) -> Option<String> {
    let four = [
        ("health", &case.checks.health),
        ("function", &case.checks.function),
        ("logs", &case.checks.logs),
        ("closure", &case.checks.closure),
    ];
    let said = four.into_iter().filter(|(_, check)| which(check.result));
    let words: Vec<String> = said
        .map(|(name, check)| if check.why.is_empty() { name.to_owned() } else { format!("{name} ({})", check.why) })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// `web1, web2 and 3 more`
pub(super) fn named(assets: &[&str]) -> String {
    let shown = assets.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    match assets.len().saturating_sub(MAX_NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `25 Nov`, on the digest's clocks.
pub(super) fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %b").to_string()
}
