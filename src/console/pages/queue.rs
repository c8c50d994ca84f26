//! The queue: what waits for somebody, the most urgent first.

use axum::extract::{Query, State as Shared};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use roundsman_rules::alert::{Alert, Severity, Status};
use roundsman_sinks::store::{AlertFilter, AlertPage, Role};

use super::{Page, form_token, pager, shell, words};
use crate::console::{
    gate::Who,
    query::{AlertQuery, given},
    server::App,
    sources::{Source, sources},
};

/// The last record is older than this: say so in red, whatever the queue holds.
const QUIET: SignedDuration = SignedDuration::from_mins(15);

/// Values and words of the status filter.
const STATUSES: &[(&str, &str)] =
    &[("open", "open"), ("new", "new"), ("acknowledged", "acknowledged"), ("closed", "closed"), ("all", "all")];

/// Values and words of the severity filter.
const SEVERITIES: &[(&str, &str)] = &[
    ("", "any"),
    ("critical", "critical"),
    ("critical,high", "high and above"),
    ("critical,high,medium", "medium and above"),
    ("high", "high"),
    ("medium", "medium"),
    ("low", "low"),
    ("informational", "informational"),
];

/// `GET /`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Query(query): Query<AlertQuery>) -> Page {
    let now = Timestamp::now();
    let (filter, offset) = query.filter("open")?;
    let limit = filter.limit;
    let unfiltered = is_everything_open(&filter);
    let alerts = app.store().queue(&filter, offset).await?;
    let open = app.store().waiting().await?;
    let sources = sources(app.store()).await?;
    let current = query.page.unwrap_or(1);
    let body = html! {
        div class="head" {
            h1 { "Queue" }
            (pulse(&sources, now))
        }
        (tiles(&open, &query))
        (filters(&query))
        @if alerts.alerts.is_empty() { (nothing(unfiltered, &sources, now)) } @else { (table(&alerts, &who, &query, now)) }
        (pager("/", &pairs(&query), current, limit, alerts.total))
    };
    Ok(shell(&who, "/", "Queue", &body))
}

fn is_everything_open(filter: &AlertFilter) -> bool {
    let AlertFilter { status, levels, host, rule, text, .. } = filter;
    *status == [Status::New, Status::Acknowledged] && levels.is_empty() && (host, rule, text) == (&None, &None, &None)
}

/// What the queue rests on: an empty one says nothing while nobody sends.
fn pulse(sources: &[Source], now: Timestamp) -> Markup {
    let silent = sources.iter().filter(|s| s.silent).count() as u64;
    let last = sources.iter().filter_map(|s| s.last_seen).max();
    html! {
        p class="pulse" {
            @match last {
                None => span class="warn" { "No record was received yet." },
                Some(last) => {
                    span class=[(now.duration_since(last) > QUIET).then_some("warn")] {
                        "Last record " (words::relative(last, now)) " · " (hosts(sources))
                    }
                    @if silent > 0 { " · " a class="warn" href="/sources" { (words::count(silent, "source", "sources")) " silent" } }
                }
            }
        }
    }
}

fn hosts(sources: &[Source]) -> String {
    let names: std::collections::BTreeSet<_> = sources.iter().map(|s| s.host.as_str()).collect();
    words::count(names.len() as u64, "host", "hosts")
}

/// Open alerts per level; each is a filter.
fn tiles(open: &[u64; 5], query: &AlertQuery) -> Markup {
    let chosen = given(&query.severity);
    html! {
        ul class="tiles" aria-label="Open alerts by severity" {
            @for level in Severity::ALL.into_iter().rev() {
                @let number = open[level as usize];
                @let here = chosen.as_deref() == Some(level.as_str());
                li {
                    a class={ "tile " (level.as_str()) @if number == 0 { " empty" } } href={ "/?severity=" (level.as_str()) } aria-current=[here.then_some("true")] {
                        strong { (words::figure(number)) } " " span { (level.as_str()) }
                    }
                }
            }
        }
    }
}

fn filters(query: &AlertQuery) -> Markup {
    let text = |value: &Option<String>| given(value).unwrap_or_default();
    html! {
        form class="filters" method="get" action="/" role="search" aria-label="Filter alerts" {
            (select("status", "Status", STATUSES, &given(&query.status).unwrap_or_else(|| "open".into())))
            (select("severity", "Severity", SEVERITIES, &text(&query.severity)))
            label class="spare" { span { "Host" } input name="host" value=(text(&query.host)); }
            label class="spare" { span { "Rule" } input name="rule" value=(text(&query.rule)); }
            label class="wide" { span { "Text" } input type="search" name="text" value=(text(&query.text)) accesskey="f"; }
            button { "Filter" }
            @if !pairs(query).iter().all(|(_, value)| value.is_empty()) { a href="/" { "Reset" } }
        }
    }
}

/// A field that offers a choice.
pub(super) fn select(name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        label { span { (label) }
            select name=(name) {
                @for (value, word) in options { option value=(value) selected[*value == chosen] { (word) } }
            }
        }
    }
}

fn pairs(query: &AlertQuery) -> Vec<(&'static str, String)> {
    let text = |value: &Option<String>| given(value).unwrap_or_default();
    vec![
        ("status", text(&query.status)),
        ("severity", text(&query.severity)),
        ("host", text(&query.host)),
        ("rule", text(&query.rule)),
        ("text", text(&query.text)),
        ("limit", query.limit.map(|l| l.to_string()).unwrap_or_default()),
    ]
}

/// An empty list says what it means.
fn nothing(unfiltered: bool, sources: &[Source], now: Timestamp) -> Markup {
    let last = sources.iter().filter_map(|s| s.last_seen).max();
    html! {
        div class="nothing" {
            @if !unfiltered {
                p { strong { "No alert fits this filter." } }
                p { a href="/" { "Show all open alerts" } }
            } @else if let Some(last) = last {
                p { strong { "No open alerts." } }
                p { "Last record received " (words::relative(last, now)) "; " (hosts(sources)) " have sent so far." }
                @if now.duration_since(last) > QUIET || sources.iter().any(|s| s.silent) {
                    p class="warn" { "Some of them are silent, so this is not the whole picture. " a href="/sources" { "Look at the sources" } }
                }
            } @else {
                p { strong { "Nothing was received yet, so nothing can be said." } }
                p { "Point a forwarder at this machine; " code { "roundsman check" } " says where it listens." }
            }
        }
    }
}

fn table(alerts: &AlertPage, who: &Who, query: &AlertQuery, now: Timestamp) -> Markup {
    let back = {
        let mut address = form_urlencoded::Serializer::new(String::from("/?"));
        pairs(query).iter().filter(|(_, v)| !v.is_empty()).for_each(|(n, v)| {
            address.append_pair(n, v);
        });
        address.finish()
    };
    html! {
        table class="list cards queue" {
            caption { (words::count(alerts.total, "alert", "alerts")) }
            thead { tr {
                th scope="col" { "Severity" } th scope="col" { "Alert" } th scope="col" { "About" }
                th scope="col" class="num" { "Records" } th scope="col" { "Raised" } th scope="col" { "Status" }
            } }
            tbody {
                @for (place, alert) in alerts.alerts.iter().enumerate() {
                    tr class={ "edge " (alert.severity.as_str()) } {
                        td { (words::severity(alert.severity)) }
                        td class="what" {
                            a href={ "/alerts/" (alert.id) } accesskey=[(place == 0).then_some("j")] { (alert.title) }
                            p { (alert.why) }
                        }
                        td data-label="About" { (about(alert)) }
                        td class="num" data-label="Records" { (words::figure(alert.count)) }
                        td data-label="Raised" { (words::when(alert.raised, now)) @if alert.cleared.is_some() { " " span class="tag" { "over" } } }
                        td class="act" {
                            @if alert.status == Status::New && who.may(Role::Analyst) {
                                form method="post" action={ "/alerts/" (alert.id) } {
                                    (form_token(who))
                                    input type="hidden" name="to" value="acknowledged";
                                    input type="hidden" name="back" value=(back);
                                    button aria-label={ "Acknowledge: " (alert.title) } { "Acknowledge" }
                                }
                            } @else { (words::status(alert.status)) }
                        }
                    }
                }
            }
        }
    }
}

/// The assets, or the key where it is about none.
fn about(alert: &Alert) -> Markup {
    html! {
        @if alert.hosts.is_empty() {
            @for value in alert.key.values() { span class="key" { (value) } " " }
        } @else {
            @for host in alert.hosts.iter().take(3) { span class="host" { (host) } " " }
            @if alert.hosts.len() > 3 { span class="more" { "and " (alert.hosts.len() - 3) " more" } }
        }
    }
}
