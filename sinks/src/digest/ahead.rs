//! What comes next by the calendar: maintenance windows with what is due in them, patch days, blackouts; and windows that
//! passed in vain.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use roundsman_rules::{calendar::Rhythm, case::State, duration::Duration};

use super::{
    book::{Book, CaseAt},
    model::Row,
    patching::{day, named},
};

/// Blackouts are told this long before they begin.
const BLACKOUT_AHEAD: Duration = Duration::days(42);
/// How a case's history tells of a window that passed.
const PASSED: &str = "the planned window passed";

/// From and to.
type Span = (Timestamp, Timestamp);
/// Assets and advisories.
type Shared<'c> = (BTreeSet<&'c str>, BTreeSet<&'c str>);

/// The next window of each asset that has something to install, in the next period, with all who share it.
pub(super) fn windows(book: &Book<'_>, cases: &[CaseAt<'_>]) -> Vec<Row> {
    let (end, horizon) = (book.period().to, book.meeting.period.following().to());
    let mut shared = BTreeMap::<Span, Shared<'_>>::new();
    for c in cases.iter().filter(|c| c.is_undeployed()) {
        let Some((asset, note)) = c.case.asset.as_deref().and_then(|a| Some((a, book.meeting.assets.get(a)?))) else {
            continue;
        };
        let zone = note.zone.as_ref().unwrap_or(book.meeting.period.zone());
        if let Some(window) = note.windows.next(end, zone).filter(|(from, _)| *from < horizon) {
            let (assets, advisories) = shared.entry(window).or_default();
            assets.insert(asset);
            advisories.insert(&c.case.advisory);
        }
    }
    let row = |((from, to), (assets, advisories)): (Span, Shared<'_>)| {
        let zone = book.meeting.period.zone();
        let clock = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%H:%M").to_string();
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let text = format!(
            "{} {}-{}: {}, {}",
            day(from, zone),
            clock(from),
            clock(to),
            count(assets.len(), "asset", "assets"),
            count(advisories.len(), "advisory", "advisories")
        );
        let names: Vec<&str> = assets.into_iter().collect();
        Row { due: Some(from), value: Some(names.len() as f64), ..Row::new("window", named(&names), text) }
    };
    shared.into_iter().map(row).collect()
}

/// Patch days of the next period, and blackouts that are near.
pub(super) fn calendar(book: &Book<'_>) -> Vec<Row> {
    let period = &book.meeting.period;
    let (end, zone, calendar) = (period.to(), period.zone(), &book.meeting.calendar);
    let midnight = |date: Date| date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).ok();
    let mut rows = Vec::new();
    let next = calendar.patch_day.parse::<Rhythm>().ok().and_then(|rhythm| rhythm.next(zone.to_datetime(end).date()));
    if let Some(at) = next.and_then(midnight).filter(|at| *at < period.following().to()) {
        let text = format!("patch day {} ({})", day(at, zone), calendar.patch_day);
        rows.push(Row { due: Some(at), ..Row::new("window", "patch day", text) });
    }
    for blackout in &calendar.blackout {
        let Some((first, last)) = blackout.days() else { continue };
        let (Some(from), Some(to)) = (midnight(first), last.tomorrow().ok().and_then(midnight)) else { continue };
        if to > end && from < BLACKOUT_AHEAD.after(end) {
            let why = if blackout.why.is_empty() { String::new() } else { format!(": {}", blackout.why) };
            let until = midnight(last).map_or_else(String::new, |last| day(last, zone));
            let text = format!("nothing is deployed from {} to {until}{why}", day(from, zone));
            rows.push(Row { due: Some(from), ..Row::new("blackout", "all assets", text) });
        }
    }
    rows
}

/// Windows that were planned for a case and passed in the period without an installation.
pub(super) fn missed(book: &Book<'_>) -> Vec<Row> {
    let period = book.period();
    let mut rows = Vec::new();
    for case in &book.all_cases {
        let passed = case.history.iter().filter(|t| t.state == State::Open && t.why.starts_with(PASSED));
        rows.extend(passed.filter(|t| period.holds(t.at)).map(|t| Row {
            since: Some(t.at),
            case: Some(case.id.clone()),
            owner: book.owner(case.asset.as_deref()),
            ..Row::new(
                "window_missed",
                case.asset.as_deref().unwrap_or(&case.id),
                format!("{}: {}", case.advisory, t.why),
            )
        }));
    }
    rows
}

/// How many of the period's installations lay inside their windows.
pub(super) fn adherence(book: &Book<'_>) -> Option<Row> {
    let period = book.period();
    let has_window = |asset: &String| book.meeting.assets.get(asset).is_some_and(|note| !note.windows.is_empty());
    let judged = book.all_cases.iter().filter(|c| c.asset.as_ref().is_some_and(has_window));
    let installed = judged.filter(|c| c.installed.is_some_and(|at| period.holds(at)));
    let outside: BTreeSet<&str> =
        book.alerts.iter().filter(|a| a.rule.id == "PV14").filter_map(|a| a.case.as_deref()).collect();
    let cases: Vec<&str> = installed.map(|case| case.id.as_str()).collect();
    let inside = cases.iter().filter(|case| !outside.contains(**case)).count();
    let percent = (inside * 1_000).checked_div(cases.len())? as f64 / 10.0;
    let text = format!("installations inside their window: {inside} of {} ({percent} %)", cases.len());
    let row = Row::new("window_kept", "windows", text);
    Some(Row { value: Some(percent), goal: Some(100.0), unit: Some("percent".to_owned()), ..row })
}
