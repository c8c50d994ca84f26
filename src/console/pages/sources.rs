//! Who sends, how much, and who went silent.

use axum::extract::State as Shared;
use jiff::Timestamp;
use maud::{Markup, html};

use super::{Page, shell, words};
use crate::console::{
    gate::Who,
    server::App,
    sources::{Source, sources},
};

/// Formats that a row names.
const MAX_FORMATS: usize = 4;

/// `GET /sources`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who) -> Page {
    let now = Timestamp::now();
    let sources = sources(app.store()).await?;
    let silent = sources.iter().filter(|s| s.silent).count() as u64;
    let body = html! {
        div class="head" {
            h1 { "Sources" }
            p class="pulse" {
                @if silent > 0 { span class="warn" { (words::count(silent, "source is", "sources are")) " silent" } }
                @else if !sources.is_empty() { "No source is overdue." }
            }
        }
        @if sources.is_empty() {
            div class="nothing" {
                p { strong { "Nobody has sent anything yet." } }
                p { "Point a forwarder (rsyslog, syslog-ng, Fluent Bit) at this machine. What does not send cannot be watched." }
            }
        } @else { (table(&sources, now)) }
    };
    Ok(shell(&who, "/sources", "Sources", &body))
}

fn table(sources: &[Source], now: Timestamp) -> Markup {
    html! {
        table class="list cards sources" {
            caption { (words::count(sources.len() as u64, "source", "sources")) ", the silent first, then the longest quiet" }
            thead { tr {
                th scope="col" { "Host" } th scope="col" { "Last record" } th scope="col" class="num" { "Lines" }
                th scope="col" class="num" { "Unknown" } th scope="col" { "Formats" } th scope="col" { "Through" }
            } }
            tbody {
                @for row in sources {
                    tr class={ "edge " (if row.silent { "high" } else { "calm" }) } {
                        th scope="row" { (row.host) @if row.silent { " " span class="state bad" { "silent" } } }
                        td data-label="Last record" { (words::maybe(row.last_seen, now)) }
                        td class="num" data-label="Lines" { (words::figure(row.lines)) }
                        td class="num" data-label="Unknown" { (words::percent(row.unknown, row.lines)) }
                        td data-label="Formats" { (formats(row)) }
                        td data-label="Through" { @match &row.source { Some(source) => code { (source) }, None => span class="none" { "never sent" } } }
                    }
                }
            }
        }
    }
}

fn formats(row: &Source) -> Markup {
    html! {
        @for (name, lines) in row.formats.iter().take(MAX_FORMATS) { span class="tag" title=(words::count(*lines, "line", "lines")) { (name) } " " }
        @if row.formats.len() > MAX_FORMATS { span class="more" { "and " (row.formats.len() - MAX_FORMATS) " more" } }
    }
}
