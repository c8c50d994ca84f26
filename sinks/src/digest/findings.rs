//! Rows about alerts, senders and what people recorded.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use roundsman_rules::{
    alert::{Alert, Severity},
    silence,
};

use super::{
    book::{Book, Window},
    model::{Evidence, Row},
    patching::day,
};
use crate::store::Decision;

/// Formats shown as mostly unknown, at most.
const MAX_UNKNOWN_FORMATS: usize = 5;

/// Which of the record's slugs an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slug {
    Alert,
    SourceSilent,
    HostUnknown,
    FeedStale,
    ScanMissing,
    BackupMissing,
    SpaceShort,
}

impl Slug {
    pub fn as_str(self) -> &'static str {
        match self {
            Slug::Alert => "alert",
            Slug::SourceSilent => "source_silent",
            Slug::HostUnknown => "host_unknown",
            Slug::FeedStale => "feed_stale",
            Slug::ScanMissing => "scan_missing",
            Slug::BackupMissing => "backup_missing",
            Slug::SpaceShort => "space_short",
        }
    }
}

/// What an alert is, by its rule and the key that the interface gives its kind.
pub(super) fn slug(alert: &Alert) -> Slug {
    let about = |key: &str| alert.key.contains_key(key);
    match alert.rule.id.as_str() {
        silence::RULE | "PV19" => Slug::SourceSilent,
        "PV20" => Slug::HostUnknown,
        "PV10" if about("feed") => Slug::FeedStale,
        "PV10" => Slug::ScanMissing,
        _ if about("backup.job") => Slug::BackupMissing,
        _ if about("volume") => Slug::SpaceShort,
        _ => Slug::Alert,
    }
}

/// What an alert is about: its assets, else its key.
pub(super) fn subject(alert: &Alert) -> String {
    match alert.hosts.as_slice() {
        [] => alert.key.values().cloned().collect::<Vec<_>>().join(" "),
        hosts => hosts.join(" "),
    }
}

pub(super) fn row(book: &Book<'_>, alert: &Alert) -> Row {
    let slug = slug(alert);
    let about = match slug {
        Slug::FeedStale | Slug::ScanMissing | Slug::BackupMissing | Slug::SpaceShort => {
            alert.key.values().next().cloned().unwrap_or_else(|| subject(alert))
        }
        _ => subject(alert),
    };
    let text = if alert.why.is_empty() { alert.title.clone() } else { format!("{}: {}", alert.title, alert.why) };
    Row {
        severity: Some(alert.severity),
        since: Some(alert.raised),
        owner: book.owner(alert.hosts.first().map(String::as_str)),
        case: alert.case.clone(),
        alert: Some(alert.id.clone()),
        evidence: alert.evidence.iter().map(|e| e.id.clone()).collect(),
        ..Row::new(slug.as_str(), about, text)
    }
}

/// What the page rests on.
pub(super) fn evidence(book: &Book<'_>) -> Evidence {
    let end = book.period().to;
    let of = |wanted: Slug| book.burning(end).filter(move |a| slug(a) == wanted).map(|a| row(book, a)).collect();
    let mut silent: Vec<Row> = of(Slug::SourceSilent);
    let zone = book.meeting.period.zone();
    for (host, last) in unheard(book, book.period()) {
        if silent.iter().all(|row| row.subject != host) {
            let text = format!("no record in the whole period, the last on {}", day(last, zone));
            silent.push(Row { since: Some(last), ..Row::new(Slug::SourceSilent.as_str(), host, text) });
        }
    }
    let quiet: BTreeSet<&str> = silent.iter().map(|row| row.subject.as_str()).collect();
    let mut senders: BTreeSet<&str> = heard(book, book.period()).into_keys().collect();
    senders.extend(&quiet);
    let talking = senders.len() - quiet.len();
    let complete_percent =
        (!senders.is_empty()).then(|| (talking as f64 / senders.len() as f64 * 1_000.0).floor() / 10.0);
    Evidence { complete_percent, silent, stale_feeds: of(Slug::FeedStale), unknown: of(Slug::HostUnknown) }
}

/// What is silent at the end of the window: what an alert says so of, and what was not heard in it at all.
pub(super) fn silent(book: &Book<'_>, window: Window) -> BTreeSet<String> {
    let told = book.burning(window.to).filter(|alert| slug(alert) == Slug::SourceSilent).map(subject);
    told.chain(unheard(book, window).into_keys().map(str::to_owned)).collect()
}

/// Senders with a record in the window, and their last.
fn heard<'a>(book: &Book<'a>, window: Window) -> BTreeMap<&'a str, Timestamp> {
    let zone = book.meeting.period.zone();
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let (from, to) = (day(window.from), day(window.to));
    let mut last: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for count in book.meeting.counts.iter().filter(|c| from <= c.day && c.day < to && c.lines > 0) {
        let at = last.entry(&count.host).or_insert(count.last);
        *at = count.last.max(*at);
    }
    last
}

/// Senders that were heard in as long a time before the window, but not in it.
fn unheard<'a>(book: &Book<'a>, window: Window) -> BTreeMap<&'a str, Timestamp> {
    let from = window.from.checked_sub(window.to.duration_since(window.from)).unwrap_or(window.from);
    let now = heard(book, window);
    let mut before = heard(book, Window { from, to: window.from });
    before.retain(|host, _| !now.contains_key(host));
    before
}

/// Alerts that still burn and cannot wait, but for those of cases that are discussed anyway.
pub(super) fn urgent(book: &Book<'_>, discussed: &BTreeSet<&str>) -> Vec<Row> {
    book.burning(book.period().to)
        .filter(|a| a.severity >= Severity::High && a.case.as_deref().is_none_or(|case| !discussed.contains(case)))
        .map(|a| row(book, a))
        .collect()
}

/// The period's medium alerts that no route took.
pub(super) fn parked(book: &Book<'_>) -> Vec<Row> {
    if book.meeting.routes.takes(Severity::Medium) {
        return Vec::new();
    }
    let medium = book.raised(book.period()).filter(|a| a.severity == Severity::Medium);
    medium.map(|a| Row { what: "alert".to_owned(), ..row(book, a) }).collect()
}

/// Alerts of a kind that have a section of their own: those raised in the period and those that still burn.
pub(super) fn of_kind(book: &Book<'_>, wanted: Slug) -> Vec<Row> {
    let period = book.period();
    let burning: BTreeSet<&str> = book.burning(period.to).map(|a| a.id.as_str()).collect();
    let concerns = |a: &&Alert| slug(a) == wanted && (period.holds(a.raised) || burning.contains(a.id.as_str()));
    book.alerts.iter().copied().filter(concerns).map(|a| row(book, a)).collect()
}

/// Senders most of whose lines no format knows, the most lines first.
pub(super) fn unknown_formats(book: &Book<'_>) -> Vec<Row> {
    let period = &book.meeting.period;
    let mut by_source: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    let days = book.meeting.counts.iter().filter(|c| period.first_day() <= c.day && c.day < period.end_day());
    for count in days {
        let sum = by_source.entry((&count.host, &count.source)).or_default();
        *sum = (sum.0 + count.lines, sum.1 + count.unknown);
    }
    let mut mostly: Vec<_> = by_source.into_iter().filter(|(_, (lines, unknown))| unknown * 2 > *lines).collect();
    mostly.sort_by_key(|((host, source), (_, unknown))| (u64::MAX - unknown, *host, *source));
    let row = |((host, source), (lines, unknown)): ((&str, &str), (u64, u64))| Row {
        value: Some(unknown as f64),
        unit: Some("lines".to_owned()),
        ..Row::new("format_unknown", host, format!("{unknown} of {lines} lines by {source} are of no known format"))
    };
    mostly.into_iter().take(MAX_UNKNOWN_FORMATS).map(row).collect()
}

/// Hours that were typed in during the period.
pub(super) fn resources(book: &Book<'_>) -> Vec<Row> {
    let in_period = book.decided("resource", book.period().to).filter(|d| d.at >= book.period().from);
    let row = |d: &Decision| Row {
        value: number(d, "hours"),
        unit: number(d, "hours").map(|_| "hours".to_owned()),
        since: Some(d.at),
        ..Row::new(
            "resource",
            d.text("text"),
            number(d, "hours").map_or("hours not recorded".to_owned(), |h| format!("{h} hours")),
        )
    };
    in_period.map(row).collect()
}

/// Actions that are not done: the last word of each text, the oldest first.
pub(super) fn actions(book: &Book<'_>) -> Vec<Row> {
    let mut open: BTreeMap<&str, (Timestamp, &Decision)> = BTreeMap::new();
    for decision in book.decided("action", book.period().to) {
        let first = open.get(decision.text("text")).map_or(decision.at, |(first, _)| *first);
        open.insert(decision.text("text"), (first, decision));
    }
    let mut rows: Vec<Row> = open
        .into_values()
        .filter(|(_, d)| !matches!(d.record.get("done"), Some(serde_json::Value::Bool(true))))
        .map(|(first, d)| Row {
            since: Some(first),
            due: d.text("due").parse().ok(),
            owner: Some(d.text("owner").to_owned()).filter(|o| !o.is_empty()),
            ..Row::new("action", d.text("text"), carried(book, first))
        })
        .collect();
    rows.sort_by(|a, b| (a.since, &a.subject).cmp(&(b.since, &b.subject)));
    rows
}

/// How long an action has been open.
fn carried(book: &Book<'_>, first: Timestamp) -> String {
    const WEEK: i64 = 7 * 86_400;
    match (book.period().to.as_second() - first.as_second()) / WEEK {
        0 => "new this week".to_owned(),
        weeks => format!("carried over, week {}", weeks + 1),
    }
}

/// Findings of reviews that were held in the period, by what was reviewed.
pub(super) fn reviews(book: &Book<'_>, of: &[&str]) -> Vec<Row> {
    let held = book.decided("review", book.period().to).filter(|d| d.at >= book.period().from);
    held.filter(|d| of.contains(&d.text("of")) && !d.text("finding").is_empty())
        .map(|d| Row {
            since: Some(d.at),
            owner: Some(d.text("by").to_owned()).filter(|by| !by.is_empty()),
            ..Row::new("review_finding", d.text("of"), d.text("finding"))
        })
        .collect()
}

/// Trainings that were recorded, while their next date lies before the end of the next period.
pub(super) fn trainings(book: &Book<'_>) -> Vec<Row> {
    let mut last: BTreeMap<&str, &Decision> = BTreeMap::new();
    for decision in book.decided("training", book.period().to) {
        last.insert(decision.text("topic"), decision);
    }
    let horizon = book.meeting.period.following().to();
    let row = |d: &Decision| {
        let due = date(d, "next", book).filter(|due| *due < horizon)?;
        let held = format!("held {}, {} of {} attended", d.text("held"), figure(d, "attended"), figure(d, "of"));
        Some(Row {
            due: Some(due),
            value: number(d, "attended"),
            goal: number(d, "of"),
            ..Row::new("training_due", d.text("topic"), held)
        })
    };
    last.into_values().filter_map(row).collect()
}

/// Results of tests that were recorded in the period.
pub(super) fn test_results(book: &Book<'_>) -> Vec<Row> {
    let held = book.decided("test_result", book.period().to).filter(|d| d.at >= book.period().from);
    held.map(|d| {
        let note = Some(d.text("note")).filter(|n| !n.is_empty()).map(|n| format!(" ({n})")).unwrap_or_default();
        let text = format!("ring {}: {} {}{note}", figure(d, "ring"), d.text("criterion"), d.text("result"));
        Row { since: Some(d.at), ..Row::new("test_result", d.text("advisory"), text) }
    })
    .collect()
}

/// A number that may have been typed as text.
pub(super) fn number(decision: &Decision, name: &str) -> Option<f64> {
    let value = decision.record.get(name)?;
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|n| n.is_finite())
}

fn figure(decision: &Decision, name: &str) -> String {
    match decision.record.get(name) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => "?".to_owned(),
    }
}

/// A time, or a date in the digest's zone.
pub(super) fn date(decision: &Decision, name: &str, book: &Book<'_>) -> Option<Timestamp> {
    let text = decision.text(name);
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(book.meeting.period.zone().clone()).ok();
    text.parse().ok().or_else(|| day().map(|z| z.timestamp()))
}
