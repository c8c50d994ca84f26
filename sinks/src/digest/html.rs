//! The page as one HTML file: a mail, a file, or one A4 sheet on paper. No scripts, nothing fetched.

use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use roundsman_rules::alert::Severity;

use super::{
    model::Digest,
    page::{Block, FigureLine, Line, Page},
};

const STYLE: &str = include_str!("page.css");

/// Lays the page out.
pub fn render(digest: &Digest, zone: &TimeZone) -> String {
    document(digest, zone).into_string()
}

fn document(digest: &Digest, zone: &TimeZone) -> Markup {
    let page = Page::new(digest, zone);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Security & patch digest · " (page.period) }
                style { (PreEscaped(STYLE)) }
            }
            body { (sheet(&page)) }
        }
    }
}

/// The page's content without the document around it, for the console; it needs [`style`].
pub fn fragment(digest: &Digest, zone: &TimeZone) -> Markup {
    sheet(&Page::new(digest, zone))
}

/// The style sheet that [`fragment`] needs.
pub fn style() -> &'static str {
    STYLE
}

fn sheet(page: &Page) -> Markup {
    html! {
        main.digest {
            header class=(page.colour.as_str()) {
                p.headline { (page.headline) }
                p.period { b { "Security & patch digest" } " · " (page.period) }
                p.basis { "As of " (page.prepared) " · " (page.evidence) }
            }
            @if !page.decisions.is_empty() {
                section.decisions {
                    h2 { "Decisions needed" }
                    ol { @for decision in &page.decisions { li { (words(decision)) } } }
                    (more(page.decisions_more))
                }
            }
            section.numbers {
                h2 { "Numbers" }
                div.halves { @for half in page.figures.chunks(page.figures.len().div_ceil(2).max(1)) { (figures(half)) } }
            }
            (discuss(&page.discuss))
            div.blocks { @for part in &page.blocks { (block(part)) } }
            footer { "? not known · Annex: " (page.annex) " cases, as CSV from the console or " code { "roundsman digest --format csv" } }
        }
    }
}

fn figures(lines: &[FigureLine]) -> Markup {
    html! {
        table {
            thead { tr { th { "" } th { "this" } th { "last" } th { "goal" } th { "8 weeks" } } }
            tbody { @for line in lines { (figure(line)) } }
        }
    }
}

fn figure(line: &FigureLine) -> Markup {
    let this = match line.good {
        Some(true) => "good",
        Some(false) => "bad",
        None => "",
    };
    let arrow = match line.up {
        Some(true) => "▲",
        Some(false) => "▼",
        None => "",
    };
    let change = match line.better {
        Some(true) => "good",
        Some(false) => "bad",
        None => "note",
    };
    html! {
        tr {
            th scope="row" { (line.label) }
            td class=(this) { (line.this) span class={ "arrow " (change) } { (arrow) } }
            td { (line.last) }
            td { (line.goal) }
            td.trend { (spark(&line.trend)) }
        }
    }
}

/// A sparkline, 16 px high: a line through what is known, a dot at the newest value, gaps where nothing is known.
pub fn spark(trend: &[Option<f64>]) -> Markup {
    const STEP: f64 = 9.0;
    const HEIGHT: f64 = 16.0;
    let known = || trend.iter().flatten().copied();
    let (low, high) = (known().fold(f64::MAX, f64::min), known().fold(f64::MIN, f64::max));
    let y = |value: f64| if high > low { 2.0 + (high - value) / (high - low) * (HEIGHT - 4.0) } else { HEIGHT / 2.0 };
    let mut path = String::new();
    let mut pen = 'M';
    for (i, value) in trend.iter().enumerate() {
        match value {
            Some(value) => {
                path.push_str(&format!("{pen}{:.1} {:.1}", 2.0 + i as f64 * STEP, y(*value)));
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    let width = 4.0 + STEP * trend.len().saturating_sub(1) as f64;
    html! {
        svg width=(width) height=(HEIGHT) viewBox={ "0 0 " (width) " " (HEIGHT) } role="img" aria-label="trend" {
            @if !path.is_empty() { path d=(path) {} }
            @if let Some(Some(newest)) = trend.last() {
                circle cx=(format!("{:.1}", width - 2.0)) cy=(format!("{:.1}", y(*newest))) r="2" {}
            }
        }
    }
}

fn discuss(block: &Block) -> Markup {
    html! {
        section.discuss {
            h2 { (block.title) }
            @if block.lines.is_empty() { p.none { (block.empty) } } @else {
                table {
                    thead { tr { th { "asset" } th { "what" } th { "since" } th { "due" } th { "owner" } } }
                    tbody {
                        @for line in &block.lines {
                            tr {
                                th scope="row" { (mark(line.severity)) (line.subject) }
                                td { (line.text) }
                                td.date { (line.since.as_deref().unwrap_or("")) }
                                td.date.bad[line.overdue] { (line.due.as_deref().unwrap_or("")) }
                                td { (line.owner.as_deref().unwrap_or("")) }
                            }
                        }
                    }
                }
                (more(block.more))
            }
        }
    }
}

fn block(block: &Block) -> Markup {
    html! {
        section {
            h2 { (block.title) @if block.lines.is_empty() { span.none { (block.empty) } } }
            @if !block.lines.is_empty() {
                ul { @for line in &block.lines { li { (mark(line.severity)) b { (line.subject) } " " (words(line)) } } }
                (more(block.more))
            }
        }
    }
}

/// The row's text, then its dates and owner.
fn words(line: &Line) -> Markup {
    let mut notes = Vec::new();
    notes.extend(line.since.as_ref().map(|since| format!("since {since}")));
    notes.extend(line.due.as_ref().map(|due| format!("{} {due}", if line.overdue { "was due" } else { "due" })));
    notes.extend(line.owner.clone());
    html! {
        (line.text)
        @if !notes.is_empty() { " " span.note.bad[line.overdue] { (notes.join(" · ")) } }
    }
}

fn mark(severity: Option<Severity>) -> Markup {
    html! { @if let Some(level) = severity { span class={ "mark " (level.as_str()) } title=(level.as_str()) {} } }
}

fn more(more: usize) -> Markup {
    html! { @if more > 0 { p.more { "+" (more) " more" } } }
}
