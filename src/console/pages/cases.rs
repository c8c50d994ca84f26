//! The patch cases.

use axum::extract::{Query, State as Shared};
use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_rules::case::{CheckResult, Checks, PatchCase};

use super::{Page, case_path, pager, queue::select, shell, words};
use crate::console::{
    gate::Who,
    query::{CaseQuery, STATES, given, unfinished},
    server::App,
};

/// `GET /cases`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Query(query): Query<CaseQuery>) -> Page {
    let now = Timestamp::now();
    let filter = query.filter("unfinished")?;
    let limit = filter.limit;
    let total = app.store().count_cases(&filter).await?;
    let cases = app.store().cases(&filter).await?;
    let body = html! {
        div class="head" { h1 { "Patch cases" } p class="pulse" { "One asset, one advisory, four checks." } }
        (filters(&query))
        @if cases.is_empty() {
            div class="nothing" {
                p { strong { "No case fits this filter." } }
                p { "A case opens when an advisory names a version that an asset was seen with. Without an inventory, advisories and package lines there are none, and that proves nothing." }
                p { a href="/cases?state=all" { "Show all cases" } }
            }
        } @else { (table(&cases, total, now)) }
        (pager("/cases", &pairs(&query), query.page.unwrap_or(1), limit, total))
    };
    Ok(shell(&who, "/cases", "Patch cases", &body))
}

fn filters(query: &CaseQuery) -> Markup {
    let text = |value: &Option<String>| given(value).unwrap_or_default();
    let words: Vec<(&str, String)> = STATES.iter().map(|s| (s.as_str(), s.as_str().replace('_', " "))).collect();
    let mut states = vec![("unfinished", "unfinished"), ("all", "all")];
    states.extend(words.iter().map(|(value, word)| (*value, word.as_str())));
    html! {
        form class="filters" method="get" action="/cases" role="search" aria-label="Filter cases" {
            (select("state", "State", &states, &given(&query.state).unwrap_or_else(|| "unfinished".into())))
            label { span { "Asset" } input name="asset" value=(text(&query.asset)); }
            label { span { "Advisory" } input name="advisory" value=(text(&query.advisory)) accesskey="f"; }
            (select("overdue", "Overdue", &[("", "any"), ("true", "overdue"), ("false", "in time")], &text(&query.overdue)))
            button { "Filter" }
            @if !pairs(query).iter().all(|(_, value)| value.is_empty()) { a href="/cases" { "Reset" } }
        }
    }
}

fn pairs(query: &CaseQuery) -> Vec<(&'static str, String)> {
    let text = |value: &Option<String>| given(value).unwrap_or_default();
    vec![
        ("state", text(&query.state)),
        ("asset", text(&query.asset)),
        ("advisory", text(&query.advisory)),
        ("overdue", text(&query.overdue)),
        ("limit", query.limit.map(|l| l.to_string()).unwrap_or_default()),
    ]
}

fn table(cases: &[PatchCase], total: u64, now: Timestamp) -> Markup {
    html! {
        table class="list cards case-list" {
            caption { (words::count(total, "case", "cases")) }
            thead { tr {
                th scope="col" { "Case" } th scope="col" { "State" } th scope="col" { "Class" }
                th scope="col" { "Checks" } th scope="col" { "Due" }
            } }
            tbody {
                @for case in cases {
                    tr class={ "edge " (if case.overdue { "high" } else { "calm" }) } {
                        td class="what" {
                            a href=(case_path(&case.id)) { (case.asset.as_deref().unwrap_or(&case.id)) }
                            p { (case.advisory) @if let Some(on_disk) = &case.observed { " · " code { (on_disk) } } }
                        }
                        td data-label="State" { (words::state(case.state)) @if case.overdue { " " span class="state bad" { "overdue" } } }
                        td data-label="Class" { (words::class(case.class)) @if case.kev { " " span class="tag" { "exploited" } } @if case.watch { " " span class="tag" { "watch" } } }
                        td data-label="Checks" { (dots(&case.checks)) }
                        td data-label="Due" { (words::deadline(next_due(case), now)) }
                    }
                }
            }
        }
    }
}

/// The four checks in one glance: a letter for each, its result in words for those who cannot see it.
fn dots(checks: &Checks) -> Markup {
    let four = [
        ("Health", &checks.health),
        ("Function", &checks.function),
        ("Logs", &checks.logs),
        ("Closure", &checks.closure),
    ];
    html! {
        ul class="dots" {
            @for (name, check) in four {
                @let (mood, word) = mood(check.result);
                li class=(mood) title={ (name) ": " (word) } { (&name[..1]) span class="hidden" { (&name[1..]) ": " (word) } }
            }
        }
    }
}

fn mood(result: CheckResult) -> (&'static str, &'static str) {
    match result {
        CheckResult::Pass => ("good", "pass"),
        CheckResult::Fail => ("bad", "fail"),
        CheckResult::Pending => ("going", "pending"),
        CheckResult::Stale => ("bad", "stale"),
        CheckResult::Conflict => ("bad", "conflict"),
        CheckResult::Waived => ("aside", "waived"),
    }
}

/// The deadline that the case works towards.
pub(super) fn next_due(case: &PatchCase) -> Option<Timestamp> {
    if !unfinished().contains(&case.state) {
        return None;
    }
    match (case.installed, case.activated) {
        (None, None) => case.due.deploy,
        (Some(_), None) => case.due.activate,
        (_, Some(_)) => case.due.verify,
    }
}
