//! One alert: what, why, what next, the lines that say so, and what people made of it.

use std::time::Duration;

use axum::{
    extract::{Form, Path, State as Shared},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_rules::alert::{Alert, Status};
use roundsman_sinks::store::{HistoryEntry, Role};
use serde::Deserialize;

use super::{Page, case_path, form_token, shell, words};
use crate::console::{fault::Fault, gate::Who, query::AlertQuery, record, server::App, sign_in::home_path};

/// How long a page waits for the pipeline to apply a decision, so that it shows what was decided.
const APPLY_WAIT: Duration = Duration::from_millis(1_500);
/// Pause between two looks.
const APPLY_PAUSE: Duration = Duration::from_millis(40);

/// Reasons to close an alert, in words.
const REASONS: &[(&str, &str)] = &[
    ("true_positive", "true positive: it happened, and it is dealt with"),
    ("benign", "benign: it happened, and it may"),
    ("false_positive", "false positive: it did not happen"),
    ("duplicate", "duplicate of another alert"),
    ("to_meeting", "to the meeting"),
];

/// `GET /alerts/{id}`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Path(id): Path<String>) -> Page {
    let now = Timestamp::now();
    let alert = find(&app, &id).await?;
    let history = app.store().history(&id).await?;
    let (filter, offset) = AlertQuery::default().filter("open")?;
    let queue = app.store().queue(&filter, offset).await?.alerts;
    let next = match queue.iter().position(|a| a.id == id) {
        Some(place) => queue.get(place + 1),
        None => queue.first(),
    };
    let loaded = app.console().rules.borrow().iter().any(|rule| rule.id == alert.rule.id);
    let body = html! {
        nav class="trail" aria-label="Where you are" {
            a href="/" { "Queue" }
            @if let Some(next) = next { a href={ "/alerts/" (next.id) } accesskey="j" { "Next: " (next.title) } }
        }
        article class={ "alert edge " (alert.severity.as_str()) } {
            h1 { (alert.title) }
            p class="facts" {
                (words::severity(alert.severity)) " " span class="tag" { (words::status(alert.status)) }
                @if alert.cleared.is_some() { " " span class="tag" { "over" } }
            }
            div class="columns" {
                div class="story" {
                    section { h2 { "Why" } p class="lead" { (alert.why) } }
                    section { h2 { "What to do first" } p class="lead" { (alert.next) } }
                }
                div class="proof" { (evidence(&alert, now)) }
                aside aria-label="Facts and actions" {
                    @if who.may(Role::Analyst) { (actions(&alert, &who)) }
                    (facts(&alert, loaded, now))
                }
            }
            (timeline(&history, now))
        }
    };
    Ok(shell(&who, "/", &alert.title, &body))
}

async fn find(app: &App, id: &str) -> Result<Alert, Fault> {
    app.store().alert(id).await?.ok_or_else(|| Fault::Unknown(format!("alert `{id}`")))
}

fn evidence(alert: &Alert, now: Timestamp) -> Markup {
    html! {
        section {
            h2 { "Evidence" }
            p class="hint" { (shown(alert)) }
            ol class="evidence" {
                @for record in &alert.evidence {
                    li id={ "e-" (record.id) } {
                        p { @if let Some(host) = &record.host { span class="host" { (host) } " " } (words::when(record.received, now)) }
                        pre tabindex="0" { (record.raw) }
                    }
                }
            }
        }
    }
}

fn shown(alert: &Alert) -> String {
    let shown = alert.evidence.len() as u64;
    match (shown, alert.count) {
        (0, _) => "It rests on what did not come, so there is no line to show.".to_owned(),
        (shown, all) if all > shown => {
            format!(
                "{} of {}: the first, the last and some between, word for word.",
                shown,
                words::count(all, "record", "records")
            )
        }
        _ => "Every record that it counts, word for word.".to_owned(),
    }
}

/// `loaded`: the rule stands on the page of rules; those of patch cases do not.
fn facts(alert: &Alert, loaded: bool, now: Timestamp) -> Markup {
    html! {
        dl class="facts" {
            @for (field, value) in &alert.key { dt { (field) } dd class="key" { (value) } }
            @if !alert.hosts.is_empty() {
                dt { "Assets" }
                dd { @for host in &alert.hosts { a class="host" href={ "/?status=all&host=" (super::encode(host)) } { (host) } " " } }
            }
            dt { "Records" } dd { (words::figure(alert.count)) }
            dt { "First" } dd { (words::when(alert.first, now)) }
            dt { "Last" } dd { (words::when(alert.last, now)) }
            dt { "Raised" } dd { (words::when(alert.raised, now)) }
            @if alert.cleared.is_some() { dt { "Over" } dd { (words::maybe(alert.cleared, now)) } }
            @if let Some(case) = &alert.case { dt { "Case" } dd { a href=(case_path(case)) { (case) } } }
            dt { "Rule" }
            dd { @if loaded { a href={ "/rules#" (alert.rule.id) } { (alert.rule.name) } } @else { (alert.rule.name) }
                @for tag in &alert.rule.tags { " " span class="tag" { (tag) } } }
            dt { "Id" } dd { code { (alert.id) } " " a href={ "/api/v1/alerts/" (alert.id) } { "JSON" } }
        }
    }
}

fn actions(alert: &Alert, who: &Who) -> Markup {
    let action = format!("/alerts/{}", alert.id);
    let open = alert.status != Status::Closed;
    html! {
        section class="actions" aria-labelledby="decide" {
            h2 id="decide" { "Decide" }
            @if alert.status == Status::New {
                form method="post" action=(action) {
                    (form_token(who)) input type="hidden" name="to" value="acknowledged";
                    button class="primary" accesskey="a" { "Acknowledge" }
                }
            }
            @if open {
                form method="post" action=(action) class="stack" {
                    (form_token(who)) input type="hidden" name="to" value="closed";
                    label for="reason" { "Close it as" }
                    select id="reason" name="reason" required accesskey="c" {
                        option value="" { "Choose a reason…" }
                        @for (value, word) in REASONS { option value=(value) { (word) } }
                    }
                    label for="closing" { "In a few words" }
                    textarea id="closing" name="note" rows="2" {}
                    button { "Close" }
                }
            } @else {
                form method="post" action=(action) {
                    (form_token(who)) input type="hidden" name="to" value="new";
                    button accesskey="r" { "Reopen" }
                }
            }
            details open[!open] {
                summary accesskey="m" { "Add a note" }
                form method="post" action=(action) class="stack" {
                    (form_token(who)) input type="hidden" name="to" value="";
                    label for="note" { "Note" }
                    textarea id="note" name="note" rows="3" required {}
                    button { "Add" }
                }
            }
        }
    }
}

fn timeline(history: &[HistoryEntry], now: Timestamp) -> Markup {
    html! {
        section {
            h2 { "History" }
            @if history.is_empty() { p class="hint" { "Nothing was written down yet." } }
            ol class="timeline" {
                @for step in history {
                    li {
                        (words::when(step.at, now))
                        p { strong { (what(&step.what)) } " by " (step.by) }
                        @if !step.note.is_empty() { p class="note" { (step.note) } }
                    }
                }
            }
        }
    }
}

fn what(word: &str) -> String {
    match word {
        "new" => "reopened".to_owned(),
        "severity" => "severity changed".to_owned(),
        word => word.replace('_', " "),
    }
}

/// What a form on an alert sends.
#[derive(Deserialize)]
pub(in crate::console) struct Act {
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    back: Option<String>,
}

/// `POST /alerts/{id}`
pub(in crate::console) async fn act(
    Shared(app): Shared<App>,
    who: Who,
    Path(id): Path<String>,
    Form(form): Form<Act>,
) -> Result<Response, Fault> {
    let before = find(&app, &id).await?;
    let steps = app.store().history(&id).await?.len();
    let fields = [("id", before.id), ("to", form.to), ("reason", form.reason), ("note", form.note)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    let decision = record::from_form(record::kind("alert")?, &fields, &who.name)?;
    app.console().intake.decide(decision).await.map_err(Fault::Intake)?;
    applied(&app, &id, steps).await?;
    let here = format!("/alerts/{id}");
    Ok(Redirect::to(&form.back.map_or(here, |back| home_path(Some(&back)))).into_response())
}

/// Waits a moment until the decision shows. It is on disk already: where the pipeline lags, it shows later.
async fn applied(app: &App, id: &str, steps: usize) -> Result<(), Fault> {
    let until = tokio::time::Instant::now() + APPLY_WAIT;
    while tokio::time::Instant::now() < until {
        if app.store().history(id).await?.len() > steps {
            break;
        }
        tokio::time::sleep(APPLY_PAUSE).await;
    }
    Ok(())
}
