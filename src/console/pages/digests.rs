//! The page for the weekly meeting, and those of the past.

use axum::extract::{Path, State as Shared};
use jiff::{Timestamp, ToSpan, civil::ISOWeekDate, tz::TimeZone};
use maud::{Markup, html};
use roundsman_rules::Severity;
use serde::Deserialize;
use serde_json::Value;

use super::{Page, shell, words};
use crate::console::{digest::digest, fault::Fault, gate::Who, server::App};

/// Rows that a section shows before the rest is folded away.
const SHOWN: usize = 7;

/// Sections in the order of the meeting, with their titles.
const SECTIONS: &[(&str, &str)] = &[
    ("decisions", "To decide"),
    ("discuss", "To discuss"),
    ("done", "Verified"),
    ("next", "Coming up"),
    ("access", "Access"),
    ("hardening", "Hardening"),
    ("backups", "Backups"),
    ("scans", "Scans"),
    ("vendors", "Vendors"),
    ("training", "Training"),
    ("compliance", "Compliance"),
    ("process", "How we work"),
    ("resources", "Resources"),
    ("actions", "Actions"),
    ("parked", "Parked alerts"),
];

/// Parts of what the page rests on.
const GAPS: &[(&str, &str)] = &[("silent", "Silent"), ("stale_feeds", "Stale feeds"), ("unknown", "Unknown")];

/// A row as far as a page shows it.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    subject: String,
    #[serde(default)]
    text: String,
    severity: Option<Severity>,
    due: Option<Timestamp>,
    owner: Option<String>,
    case: Option<String>,
    alert: Option<String>,
}

/// A figure and how it went.
#[derive(Deserialize)]
struct Figure {
    name: String,
    this: Option<f64>,
    last: Option<f64>,
    goal: Option<f64>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    trend: Vec<Option<f64>>,
}

/// `GET /digests`
pub(in crate::console) async fn list(Shared(app): Shared<App>, who: Who) -> Page {
    let sent = app.store().digests().await?;
    let (this, before) = weeks(Timestamp::now());
    let body = html! {
        div class="head" { h1 { "Digests" } p class="pulse" { "The page for the weekly meeting." } }
        ul class="doors" {
            li { a href={ "/digests/" (this) } { strong { (this) } } p { "This week, as it stands now" } }
            li { a href={ "/digests/" (before) } { strong { (before) } } p { "Last week" } }
        }
        h2 { "Sent" }
        @if sent.is_empty() {
            div class="nothing" { p { strong { "None was sent yet." } } p { "The first goes out when the first week that Roundsman has seen is over." } }
        } @else {
            ul class="doors" { @for period in &sent { li { a href={ "/digests/" (period) } { strong { (period) } } } } }
        }
    };
    Ok(shell(&who, "/digests", "Digests", &body))
}

/// Names of this ISO week and the one before, in UTC.
fn weeks(now: Timestamp) -> (String, String) {
    let today = now.to_zoned(TimeZone::UTC).date();
    let name = |week: ISOWeekDate| format!("{}-W{:02}", week.year(), week.week());
    let before = today.checked_sub(7.days()).unwrap_or(today);
    (name(today.iso_week_date()), name(before.iso_week_date()))
}

/// `GET /digests/{period}`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Path(period): Path<String>) -> Page {
    let text = digest(&app, &period).await?;
    let digest: Value = serde_json::from_str(&text).map_err(|error| {
        tracing::error!(%error, period, "a digest is no JSON");
        Fault::Store
    })?;
    let now = Timestamp::now();
    let body = html! {
        nav class="trail" aria-label="Where you are" {
            a href="/digests" { "Digests" } a class="noprint" href={ "/api/v1/digests/" (period) } { "JSON" }
        }
        article class="digest" {
            h1 { "Week " (period) }
            (headline(&digest))
            (rests_on(&digest, now))
            (numbers(&figures(&digest)))
            @for (name, title) in SECTIONS { (section(title, &rows(&digest[*name]), now)) }
            (cases(&digest["cases"]))
        }
    };
    Ok(shell(&who, "/digests", &format!("Digest {period}"), &body))
}

fn headline(digest: &Value) -> Markup {
    let colour =
        digest["headline"]["colour"].as_str().filter(|c| ["green", "amber", "red"].contains(c)).unwrap_or("amber");
    html! { p class={ "headline " (colour) } { strong { (colour) } " " (digest["headline"]["text"].as_str().unwrap_or("")) } }
}

/// What the page rests on: gaps come before good news.
fn rests_on(digest: &Value, now: Timestamp) -> Markup {
    let evidence = &digest["evidence"];
    html! {
        section {
            h2 { "What this rests on" }
            p { @match evidence["complete_percent"].as_f64() {
                Some(percent) => { (figure(percent)) " % of the senders were heard as expected." }
                None => { strong { "No sender is known, so nothing can be said." } }
            } }
            @for (name, title) in GAPS { (section(title, &rows(&evidence[*name]), now)) }
        }
    }
}

/// Rows that cannot be read are left out: the JSON beside the page has them.
fn rows(value: &Value) -> Vec<Row> {
    value.as_array().into_iter().flatten().filter_map(|row| Row::deserialize(row).ok()).collect()
}

fn figures(digest: &Value) -> Vec<Figure> {
    digest["numbers"].as_array().into_iter().flatten().filter_map(|n| Figure::deserialize(n).ok()).collect()
}

fn section(title: &str, rows: &[Row], now: Timestamp) -> Markup {
    html! {
        @if !rows.is_empty() {
            section {
                h2 { (title) " " small { (rows.len()) } }
                (list_rows(&rows[..rows.len().min(SHOWN)], now))
                @if rows.len() > SHOWN {
                    details { summary { (rows.len() - SHOWN) " more" } (list_rows(&rows[SHOWN..], now)) }
                }
            }
        }
    }
}

fn list_rows(rows: &[Row], now: Timestamp) -> Markup {
    html! {
        ul class="rows" {
            @for row in rows {
                li class={ "edge " (row.severity.map_or("calm", Severity::as_str)) } {
                    p {
                        @if let Some(level) = row.severity { (words::severity(level)) " " }
                        strong { (subject(row)) } " " (row.text)
                    }
                    @if row.due.is_some() || row.owner.is_some() {
                        p class="note" {
                            @if let Some(due) = row.due { "due " (words::when(due, now)) " " }
                            @if let Some(owner) = &row.owner { "· " (owner) }
                        }
                    }
                }
            }
        }
    }
}

fn subject(row: &Row) -> Markup {
    html! {
        @if let Some(alert) = &row.alert { a href={ "/alerts/" (alert) } { (row.subject) } }
        @else if let Some(case) = &row.case { a href={ "/cases/" (case) } { (row.subject) } }
        @else { (row.subject) }
    }
}

fn numbers(figures: &[Figure]) -> Markup {
    html! {
        @if !figures.is_empty() {
            table class="list numbers" {
                caption { "Numbers" }
                thead { tr { th scope="col" { "Measure" } th scope="col" class="num" { "This" } th scope="col" class="num" { "Last" }
                    th scope="col" class="num" { "Goal" } th scope="col" { "Eight weeks" } } }
                tbody { @for number in figures {
                    tr {
                        th scope="row" { (number.name.replace('_', " ")) " " small { (number.unit) } }
                        td class="num" data-label="This" { strong { (known(number.this)) } }
                        td class="num" data-label="Last" { (known(number.last)) }
                        td class="num" data-label="Goal" { (known(number.goal)) }
                        td data-label="Eight weeks" { (spark(&number.trend)) }
                    }
                } }
            }
        }
    }
}

fn known(value: Option<f64>) -> Markup {
    html! { @match value { Some(value) => (figure(value)), None => span class="none" { "unknown" } } }
}

fn figure(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// A small curve; weeks that are unknown are gaps, not zeros.
fn spark(trend: &[Option<f64>]) -> Markup {
    const STEP: f64 = 12.0;
    const HEIGHT: f64 = 20.0;
    let known: Vec<f64> = trend.iter().copied().flatten().collect();
    let (low, high) = known.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    let spread = if high > low { high - low } else { 1.0 };
    let point = |place: usize, value: f64| (place as f64 * STEP + 4.0, HEIGHT + 2.0 - (value - low) / spread * HEIGHT);
    let mut path = String::new();
    let mut last = None;
    for (place, value) in trend.iter().enumerate() {
        let Some(value) = value else { continue };
        let (x, y) = point(place, *value);
        let joined = place > 0 && trend[place - 1].is_some();
        path.push_str(&format!("{}{x:.1} {y:.1}", if joined { "L" } else { "M" }));
        last = Some((x, y));
    }
    let width = trend.len().max(1) as f64 * STEP;
    html! {
        @if let Some((x, y)) = last {
            svg class="spark" viewBox={ "0 0 " (width) " 24" } width=(width) height="24" role="img" aria-label={ "from " (figure(low)) " to " (figure(high)) } {
                path d=(path) fill="none" {}
                circle cx={ (format!("{x:.1}")) } cy={ (format!("{y:.1}")) } r="2.5" {}
            }
        } @else { span class="none" { "—" } }
    }
}

fn cases(cases: &Value) -> Markup {
    let cases: Vec<_> = cases.as_array().into_iter().flatten().collect();
    let text = |case: &Value, name: &str| case[name].as_str().unwrap_or("").to_owned();
    html! {
        @if !cases.is_empty() {
            section {
                h2 { "Annex: patch cases " small { (cases.len()) } }
                table class="list" {
                    caption class="hidden" { "Patch cases that are open or changed" }
                    thead { tr { th scope="col" { "Case" } th scope="col" { "State" } th scope="col" { "Class" } th scope="col" { "On disk" } } }
                    tbody { @for case in cases {
                        tr {
                            td { a href={ "/cases/" (text(case, "id")) } { (text(case, "id")) } }
                            td data-label="State" { (text(case, "state").replace('_', " ")) @if case["overdue"] == true { " " span class="state bad" { "overdue" } } }
                            td data-label="Class" { (text(case, "class")) }
                            td data-label="On disk" { code { (text(case, "observed")) } }
                        }
                    } }
                }
            }
        }
    }
}
