//! One patch case: the record that proves, or does not prove, that a fix took. It prints on a page or two.

use axum::extract::{Path, State as Shared};
use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_rules::{
    alert::Alert,
    case::{PatchCase, State},
};
use roundsman_sinks::store::Role;

use super::{Page, case_path, cases::next_due, shell, words};
use crate::console::{fault::Fault, gate::Who, server::App};

/// Alerts of a case that the page lists.
const MAX_ALERTS: usize = 50;

/// `GET /cases/{id}`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Path(id): Path<String>) -> Page {
    let now = Timestamp::now();
    let case = app.store().case(&id).await?.ok_or_else(|| Fault::Unknown(format!("case `{id}`")))?;
    let mut alerts = Vec::new();
    for id in case.alerts.iter().rev().take(MAX_ALERTS) {
        alerts.extend(app.store().alert(id).await?);
    }
    let body = html! {
        nav class="trail" aria-label="Where you are" { a href="/cases" { "Cases" } }
        article class="case" {
            h1 { (case.asset.as_deref().unwrap_or(&case.id)) " · " (case.advisory) }
            p class="facts" {
                (words::state(case.state)) " " span class="tag" { (words::class(case.class)) }
                @if case.overdue { " " span class="state bad" { "overdue" } }
                @if case.kev { " " span class="tag" { "exploited" } }
                @if case.watch { " " span class="tag" { "watched" } }
            }
            p class="lead" { (verdict(&case)) }
            (checks(&case, now))
            div class="columns" {
                div { (history(&case, now)) }
                aside aria-label="Facts" { (facts(&case, now)) @if who.may(Role::Analyst) { (decide(&case)) } }
            }
            (records(&case))
            (raised(&alerts, now))
            p class="colophon" { "Case " code { (case.id) } ", as Roundsman " (env!("CARGO_PKG_VERSION")) " knew it on " (words::stamp(now)) " UTC. " a class="noprint" href={ "/api/v1" (case_path(&case.id)) } { "JSON" } }
        }
    };
    Ok(shell(&who, "/cases", &case.id, &body))
}

/// What the record says, in a sentence. Nothing but four settled checks reads as good.
fn verdict(case: &PatchCase) -> String {
    let observed = case.observed.as_deref().unwrap_or("an unknown version");
    match case.state {
        State::Verified | State::Closed => format!(
            "The fix is in use ({}), and all four checks are settled by evidence newer than its activation.",
            case.running.as_deref().unwrap_or(observed)
        ),
        State::Installed | State::PendingActivation => {
            format!("{observed} is on disk, but nothing shows yet that it is in use.")
        }
        State::Verifying => "The fix is in use; the checks below are not all settled yet.".to_owned(),
        State::VerifyFailed => "The fix is in use, but a check below does not hold.".to_owned(),
        State::InstallFailed => format!("The installation failed; {observed} is on disk."),
        State::RolledBack => format!("The fix was taken back; {observed} is on disk, and the original deadline holds."),
        State::Reopened => format!("It was fixed once, and now {observed} was seen again."),
        State::Excepted => match &case.exception {
            Some(id) => format!("It stays without the fix under exception {id}."),
            None => "It stays without the fix under an exception.".to_owned(),
        },
        State::NotApplicable => "The advisory does not concern this asset.".to_owned(),
        State::Superseded => "A newer advisory covers it.".to_owned(),
        State::Retired => "The asset is out of service.".to_owned(),
        State::Open | State::Mitigated | State::Scheduled | State::Deploying => {
            format!("The fix is not installed; {observed} is on disk.")
        }
    }
}

fn checks(case: &PatchCase, now: Timestamp) -> Markup {
    let four = [
        ("Health", "It came back and stayed up", &case.checks.health),
        ("Function", "It does what it is for", &case.checks.function),
        ("Log review", "Its logs show nothing new", &case.checks.logs),
        ("Closure", "Somebody else confirms the fix", &case.checks.closure),
    ];
    html! {
        table class="list cards checks" {
            caption { "The four checks" }
            thead { tr { th scope="col" { "Check" } th scope="col" { "Result" } th scope="col" { "Why" } th scope="col" { "Evidence" } th scope="col" { "Deadline" } } }
            tbody {
                @for (name, asks, check) in four {
                    tr {
                        th scope="row" { (name) p { (asks) } }
                        td data-label="Result" { (words::check(check.result)) }
                        td data-label="Why" { (check.why) }
                        td data-label="Evidence" { (ids(&check.evidence)) }
                        td data-label="Deadline" { (words::maybe(check.deadline, now)) }
                    }
                }
            }
        }
    }
}

fn ids(evidence: &[String]) -> Markup {
    html! { @if evidence.is_empty() { span class="none" { "—" } } @for id in evidence { a href={ "#record-" (id) } { code class="id" { (id) } } " " } }
}

fn facts(case: &PatchCase, now: Timestamp) -> Markup {
    let unknown = || "unknown".to_owned();
    html! {
        h2 { "Facts" }
        dl class="facts" {
            @if let Some(due) = next_due(case) { dt { "Due next" } dd { strong { (words::deadline(Some(due), now)) } } }
            dt { "Opened" } dd { (words::when(case.opened, now)) }
            dt { "Deploy by" } dd { (words::maybe(case.due.deploy, now)) }
            dt { "Installed" } dd { (words::maybe(case.installed, now)) }
            dt { "Activate by" } dd { (words::maybe(case.due.activate, now)) }
            dt { "In use since" } dd { (words::maybe(case.activated, now)) }
            dt { "Verify by" } dd { (words::maybe(case.due.verify, now)) }
            dt { "Version on disk" } dd { code { (case.observed.clone().unwrap_or_else(unknown)) } }
            dt { "Version in use" } dd { code { (case.running.clone().unwrap_or_else(unknown)) } }
            dt { "Trust of evidence" } dd { (case.trust) }
            @if case.reopened > 0 { dt { "Reopened" } dd { (words::count(u64::from(case.reopened), "time", "times")) } }
            @if let Some(exception) = &case.exception { dt { "Exception" } dd { (exception) } }
            @for (key, name) in [("known_issues", "Known issues"), ("supersedes", "Covers")] {
                @if let Some(all) = case.more.get(key).and_then(|all| all.as_array()) {
                    dt { (name) } @for one in all { dd { (one.as_str().unwrap_or_default()) } }
                }
            }
            @for (key, name) in [("workaround", "Workaround"), ("rollback_reason", "Why it was rolled back")] {
                @if let Some(text) = case.more.get(key).and_then(|text| text.as_str()) { dt { (name) } dd { (text) } }
            }
            @if let Some(results) = case.more.get("test_results").and_then(|all| all.as_array()) {
                dt { "Tests" }
                @for one in results { dd { (one["criterion"].as_str().unwrap_or_default()) ": " (one["result"].as_str().unwrap_or_default()) } }
            }
            @if let Some(triage) = &case.triage {
                dt { "Triage" }
                dd { (triage.step) @if let Some(outcome) = &triage.outcome { ": " (outcome) } " " (words::maybe(triage.due, now)) }
            }
            @if let Some(members) = &case.members {
                dt { "Members" }
                dd { @for member in members { a href=(case_path(&format!("{member}/{}", case.advisory))) { (member) } " " } }
            }
        }
    }
}

/// The records that a case may ask for.
fn decide(case: &PatchCase) -> Markup {
    let about = super::encode(&case.id);
    let asset = super::encode(case.asset.as_deref().unwrap_or_default());
    let advisory = super::encode(&case.advisory);
    html! {
        section class="actions noprint" {
            h2 { "Decide" }
            ul {
                li { a href={ "/records/new/schedule?case=" (about) } { "Schedule it" } }
                li { a href={ "/records/new/workaround?case=" (about) } { "Record a workaround" } }
                li { a href={ "/records/new/waive?case=" (about) } { "Waive a check" } }
                li { a href={ "/records/new/exception?asset=" (asset) "&advisory=" (advisory) } { "Make an exception" } }
                @if case.state == State::RolledBack { li { a href={ "/records/new/rollback_reason?case=" (about) } { "Say why it was rolled back" } } }
                @if case.triage.is_some() { li { a href={ "/records/new/triage?case=" (about) } { "Record a triage step" } } }
            }
        }
    }
}

fn history(case: &PatchCase, now: Timestamp) -> Markup {
    html! {
        section {
            h2 { "History" }
            ol class="timeline" {
                @for step in &case.history {
                    li {
                        (words::when(step.at, now))
                        p { (words::state(step.state)) " " (step.why) }
                        @if !step.evidence.is_empty() { p class="note" { "Evidence " (ids(&step.evidence)) } }
                    }
                }
            }
        }
    }
}

/// The records that history and checks cite, word for word: what an auditor reads.
fn records(case: &PatchCase) -> Markup {
    let records = case.more.get("records").and_then(|records| records.as_array());
    let text = |record: &serde_json::Value, key: &str| record[key].as_str().unwrap_or("unknown").to_owned();
    html! {
        section {
            h2 { "Records" }
            @match records {
                None => p class="hint" { "No record is cited yet." },
                Some(records) => ol class="evidence" {
                    @for record in records {
                        li id={ "record-" (text(record, "id")) } {
                            p class="note" { code class="id" { (text(record, "id")) } " from " (text(record, "host")) ", received " (text(record, "received")) ", trust " (record["trust"]) }
                            pre { (text(record, "raw")) }
                        }
                    }
                },
            }
        }
    }
}

fn raised(alerts: &[Alert], now: Timestamp) -> Markup {
    html! {
        section {
            h2 { "Alerts" }
            @if alerts.is_empty() { p class="hint" { "This case has raised none." } } @else {
                table class="list cards" {
                    caption class="hidden" { "Alerts of this case" }
                    thead { tr { th scope="col" { "Severity" } th scope="col" { "Alert" } th scope="col" { "Raised" } th scope="col" { "Over" } } }
                    tbody {
                        @for alert in alerts {
                            tr class={ "edge " (alert.severity.as_str()) } {
                                td { (words::severity(alert.severity)) }
                                td class="what" { a href={ "/alerts/" (alert.id) } { (alert.title) } p { (alert.why) } }
                                td data-label="Raised" { (words::when(alert.raised, now)) }
                                td data-label="Over" { (words::maybe(alert.cleared, now)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
