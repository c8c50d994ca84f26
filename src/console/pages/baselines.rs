//! What is usual: the figures per hour that anomalies are held against, as plots.

use std::collections::BTreeMap;

use axum::extract::{Query, State as Shared};
use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_rules::anomaly::Plot;
use serde::Deserialize;

use super::{Page, encode, shell, words};
use crate::console::{fault::Fault, gate::Who, server::App};

/// Most baselines of one page.
const MAX_SHOWN: u32 = 200;
/// Hours of the small plot: a week.
const WEEK: i64 = 7 * 24;
/// Hours of the large plot: all that is remembered.
const MONTH: i64 = 4 * WEEK;
/// Separates the values of a key in an address.
const AND: char = '\u{1f}';

/// What may follow `?`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::console) struct Asked {
    /// Only this rule's.
    pub rule: Option<String>,
    /// Only this key's, large.
    pub key: Option<String>,
}

/// `GET /baselines`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Query(asked): Query<Asked>) -> Page {
    let rows = match (&asked.rule, &asked.key) {
        (Some(rule), Some(key)) => format!("{}{rule}\n{key}", Plot::ROWS),
        (Some(rule), None) => format!("{}{rule}\n", Plot::ROWS),
        _ => Plot::ROWS.to_owned(),
    };
    let rows = app.store().state_up_to(&rows, MAX_SHOWN).await?;
    let mut plots: Vec<Plot> = rows.iter().filter_map(|(row, value)| Plot::read(row, value)).collect();
    let titles: BTreeMap<String, String> =
        app.console().rules.borrow().iter().map(|card| (card.id.clone(), card.title.clone())).collect();
    let body = match &asked.key {
        Some(key) => {
            plots.retain(|plot| plot.key.join(&AND.to_string()) == *key);
            let plot = plots.first().ok_or_else(|| Fault::Unknown("such baseline".into()))?;
            one(plot, titles.get(&plot.rule).map_or("", String::as_str))
        }
        None => all(&plots, &titles),
    };
    Ok(shell(&who, "/rules", "Baselines", &body))
}

fn all(plots: &[Plot], titles: &BTreeMap<String, String>) -> Markup {
    html! {
        div class="head" {
            h1 { "Baselines" }
            p class="pulse" { "What is usual in an hour. " a href="/rules" { "Rules" } " say when something is not." }
        }
        @if plots.is_empty() {
            div class="nothing" {
                p { strong { "Nothing is known yet of any hour." } }
                p { "The first figures appear ten minutes after the first whole hour with records that a rule counts." }
            }
        } @else {
            table class="list cards baselines" {
                caption { (words::count(plots.len() as u64, "baseline", "baselines")) @if plots.len() as u32 == MAX_SHOWN { ", the first ones" } }
                thead { tr {
                    th scope="col" { "What" } th scope="col" { "Whose" } th scope="col" class="num" { "Last hour" }
                    th scope="col" class="num" { "Usual then" } th scope="col" { "The last week" }
                } }
                tbody { @for plot in plots { (line(plot, titles)) } }
            }
        }
    }
}

fn line(plot: &Plot, titles: &BTreeMap<String, String>) -> Markup {
    let key = plot.key.join(&AND.to_string());
    let title = titles.get(&plot.rule).map_or(plot.rule.as_str(), String::as_str);
    html! {
        tr {
            td class="what" data-label="What" { a href={ "/baselines?rule=" (encode(&plot.rule)) } { (title) } }
            th scope="row" { a href={ "/baselines?rule=" (encode(&plot.rule)) "&key=" (encode(&key)) } { (plot.key.join(" · ")) } }
            td class="num" data-label="Last hour" { (words::figure(plot.figure(plot.last()) as u64)) }
            td class="num" data-label="Usual then" { (usual(plot, plot.last())) }
            td data-label="The last week" { (drawing(plot, WEEK, Size::SMALL)) }
        }
    }
}

fn usual(plot: &Plot, hour: i64) -> Markup {
    html! {
        @match plot.usual(hour) {
            Some(usual) => { (words::figure(usual.low.round() as u64)) " to " (words::figure(usual.high.round() as u64)) }
            None => { span class="none" { "known for less than a day" } }
        }
    }
}

fn one(plot: &Plot, title: &str) -> Markup {
    html! {
        div class="head" {
            h1 { (plot.key.join(" · ")) }
            p class="pulse" { (title) }
        }
        article {
            (drawing(plot, MONTH, Size::LARGE))
            dl class="facts" {
                dt { "Known since" } dd { (words::when(at(plot.since()), at(plot.last()))) }
                dt { "Last hour" } dd { (words::when(at(plot.last()), at(plot.last()))) ": " (words::figure(plot.figure(plot.last()) as u64)) }
                dt { "Usual then" } dd { (usual(plot, plot.last())) }
            }
            p { "Each bar is an hour of the last four weeks. The line is the usual most of its hour, by what came before it." }
        }
        p { a href={ "/baselines?rule=" (encode(&plot.rule)) } { "All baselines of this rule" } }
    }
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(hour * 3_600).unwrap_or_default()
}

/// Of a drawing, in its own units.
struct Size {
    wide: f64,
    high: f64,
    /// With the usual most, and the days written below.
    full: bool,
}

impl Size {
    const SMALL: Size = Size { wide: 240.0, high: 32.0, full: false };
    const LARGE: Size = Size { wide: 1_008.0, high: 260.0, full: true };
}

/// A bar for each hour up to the last, the highest as high as the drawing; drawn by the page, since no script runs.
fn drawing(plot: &Plot, hours: i64, size: Size) -> Markup {
    let first = plot.last() + 1 - hours;
    let most = (first..=plot.last()).map(|hour| plot.figure(hour)).fold(1.0, f64::max);
    let step = size.wide / hours as f64;
    let x = |hour: i64| (hour - first) as f64 * step;
    let y = |figure: f64| size.high * (1.0 - figure / most);
    let mut bars = String::new();
    for hour in (first..=plot.last()).filter(|hour| plot.figure(*hour) > 0.0) {
        bars += &format!("M{:.1} {:.1}V{:.1}h{:.2}V{:.1}z", x(hour), size.high, y(plot.figure(hour)), step, size.high);
    }
    let mut bound = String::new();
    if size.full {
        for hour in first.max(plot.since())..=plot.last() {
            if let Some(usual) = plot.usual(hour) {
                let pen = if bound.is_empty() { 'M' } else { 'L' };
                bound += &format!("{pen}{:.1} {:.1}", x(hour), y(usual.high.min(most)));
            }
        }
    }
    let below = if size.full { 20.0 } else { 0.0 };
    let label = format!("{} hours up to {}, at most {most:.0} in one", hours, at(plot.last()));
    html! {
        svg class="plot" role="img" aria-label=(label) viewBox={ "0 0 " (size.wide) " " (size.high + below) } width=(size.wide) height=(size.high + below) {
            path class="bars" d=(bars) {}
            @if !bound.is_empty() { path class="bound" d=(bound) {} }
            @if size.full {
                text class="axis" x="0" y="12" { (words::figure(most as u64)) }
                @for day in (first..=plot.last()).filter(|hour| hour.rem_euclid(WEEK) == MIDNIGHT_OF_MONDAY) {
                    text class="axis" x=(format!("{:.1}", x(day))) y=(size.high + 15.0) { (at(day).strftime("%d %b").to_string()) }
                }
            }
        }
    }
}

/// The first hour of 1970 was on a Thursday.
const MIDNIGHT_OF_MONDAY: i64 = 4 * 24;
