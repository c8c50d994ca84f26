//! The page for the weekly meeting, and those of the past. Its words are [`Page`]'s, as in the mail; here they lead on
//! to alerts and cases.

use axum::{
    extract::{Path, State as Shared},
    http::header,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_rules::PatchCase;
use roundsman_sinks::digest::{
    Digest, Period, csv,
    html::spark,
    page::{Block, FigureLine, Line, Page},
};

use super::{Page as Shown, case_path, shell, words};
use crate::console::{digest::digest, fault::Fault, gate::Who, server::App};

/// `GET /digests`
pub(in crate::console) async fn list(Shared(app): Shared<App>, who: Who) -> Shown {
    let sent = app.store().digests().await?;
    let this = Period::week_of(Timestamp::now(), &app.console().digests.zone());
    let before = this.previous().name();
    let this = this.name();
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

/// `GET /digests/{period}`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Path(period): Path<String>) -> Shown {
    let digest = read(&app, &period).await?;
    let page = Page::new(&digest, &app.console().digests.zone());
    let body = html! {
        nav class="trail" aria-label="Where you are" { a href="/digests" { "Digests" } }
        article class="digest" {
            h1 { (page.period) }
            p class={ "headline " (page.colour.as_str()) } { (page.headline) }
            p class="pulse" { "As of " (page.prepared) " · " (page.evidence) }
            @if !page.decisions.is_empty() {
                section { h2 { "Decisions needed" } (lines(&page.decisions)) (more(page.decisions_more)) }
            }
            (figures(&page.figures))
            (block(&page.discuss))
            @for part in &page.blocks { (block(part)) }
            (annex(&digest.cases))
            p class="colophon noprint" {
                a href={ "/digests/" (period) "/cases.csv" } { "Annex as CSV" } " · " a href={ "/api/v1/digests/" (period) } { "JSON" }
            }
        }
    };
    Ok(shell(&who, "/digests", &format!("Digest {period}"), &body))
}

/// `GET /digests/{period}/cases.csv`
pub(in crate::console) async fn annex_csv(
    Shared(app): Shared<App>,
    Path(period): Path<String>,
) -> Result<Response, Fault> {
    let table = csv::render(&read(&app, &period).await?);
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], table).into_response())
}

async fn read(app: &App, period: &str) -> Result<Digest, Fault> {
    serde_json::from_str(&digest(app, period).await?).map_err(|error| {
        tracing::error!(%error, period, "a digest cannot be read");
        Fault::Store
    })
}

fn block(block: &Block) -> Markup {
    html! {
        section {
            h2 { (block.title) @if block.more > 0 { " " small { (block.lines.len() + block.more) } } }
            @if block.lines.is_empty() { p class="none" { (block.empty) } } @else { (lines(&block.lines)) }
            (more(block.more))
        }
    }
}

fn more(more: usize) -> Markup {
    html! { @if more > 0 { p class="hint" { "and " (more) " more, in the JSON below" } } }
}

fn lines(lines: &[Line]) -> Markup {
    html! {
        ul class="rows" {
            @for line in lines {
                li class=(line.severity.map_or("calm", |level| level.as_str())) {
                    @if let Some(level) = line.severity { (words::severity(level)) " " }
                    strong { (subject(line)) } " " (line.text)
                    @if line.since.is_some() || line.due.is_some() || line.owner.is_some() {
                        span class="note" {
                            @if let Some(since) = &line.since { " · since " (since) }
                            @if let Some(due) = &line.due { " · " span class=[line.overdue.then_some("warn")] { (if line.overdue { "was due " } else { "due " }) (due) } }
                            @if let Some(owner) = &line.owner { " · " (owner) }
                        }
                    }
                }
            }
        }
    }
}

fn subject(line: &Line) -> Markup {
    html! {
        @if let Some(alert) = &line.alert { a href={ "/alerts/" (alert) } { (line.subject) } }
        @else if let Some(case) = &line.case { a href=(case_path(case)) { (line.subject) } }
        @else { (line.subject) }
    }
}

fn figures(figures: &[FigureLine]) -> Markup {
    html! {
        table class="list numbers" {
            caption { "Numbers; ? is not known" }
            thead { tr {
                th scope="col" { "Measure" } th scope="col" class="num" { "This" } th scope="col" class="num" { "Last" }
                th scope="col" class="num" { "Goal" } th scope="col" { "Eight weeks" }
            } }
            tbody { @for line in figures {
                tr {
                    th scope="row" { (line.label) }
                    td class="num" data-label="This" { strong class=[line.good.map(|good| if good { "reached" } else { "missed" })] { (line.this) } (arrow(line)) }
                    td class="num" data-label="Last" { (line.last) }
                    td class="num" data-label="Goal" { (line.goal) }
                    td class="spark" data-label="Eight weeks" { (spark(&line.trend)) }
                }
            } }
        }
    }
}

/// Which way it went, in a word for those who cannot see the arrow.
fn arrow(line: &FigureLine) -> Markup {
    let mood = line.better.map(|better| if better { "reached" } else { "missed" });
    html! {
        @if let Some(up) = line.up {
            " " span class=[mood] aria-hidden="true" { (if up { "▲" } else { "▼" }) } span class="hidden" { (if up { "up" } else { "down" }) }
        }
    }
}

fn annex(cases: &[PatchCase]) -> Markup {
    html! {
        @if !cases.is_empty() {
            section {
                h2 { "Annex: patch cases " small { (cases.len()) } }
                table class="list cards" {
                    caption class="hidden" { "Patch cases that are open or changed" }
                    thead { tr { th scope="col" { "Case" } th scope="col" { "State" } th scope="col" { "Class" } th scope="col" { "On disk" } } }
                    tbody { @for case in cases {
                        tr {
                            td { a href=(case_path(&case.id)) { (case.id) } }
                            td data-label="State" { (words::state(case.state)) @if case.overdue { " " span class="state bad" { "overdue" } } }
                            td data-label="Class" { (words::class(case.class)) }
                            td data-label="On disk" { code { (case.observed.as_deref().unwrap_or("unknown")) } }
                        }
                    } }
                }
            }
        }
    }
}
