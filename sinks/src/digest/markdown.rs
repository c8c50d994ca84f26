//! The page for a wiki or a chat (CommonMark with tables).

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::{
    model::{Colour, Digest},
    page::{Block, Page},
    text::with_dates,
};

/// Lays the page out.
pub fn render(digest: &Digest, zone: &TimeZone) -> String {
    let page = Page::new(digest, zone);
    let mark = match page.colour {
        Colour::Green => "🟢",
        Colour::Amber => "🟠",
        Colour::Red => "🔴",
    };
    let mut out = format!("# Security & patch digest, {}\n\n", escape(&page.period));
    // Writing to a string cannot fail.
    let _ =
        writeln!(out, "{mark} **{}**\n\nAs of {}, {}.", escape(&page.headline), page.prepared, escape(&page.evidence));
    if !page.decisions.is_empty() {
        out.push_str("\n## Decisions needed\n\n");
        for (n, decision) in (1..).zip(&page.decisions) {
            let _ = writeln!(out, "{n}. {}", escape(&with_dates(decision)));
        }
        more(&mut out, page.decisions_more);
    }
    out.push_str("\n## Numbers\n\n| | this | last | goal |\n| --- | ---: | ---: | ---: |\n");
    for f in &page.figures {
        let this = if f.good == Some(false) { format!("**{}**", f.this) } else { f.this.clone() };
        let _ = writeln!(out, "| {} | {this} | {} | {} |", f.label, f.last, f.goal);
    }
    for block in std::iter::once(&page.discuss).chain(&page.blocks) {
        section(&mut out, block);
    }
    let _ = writeln!(out, "\nAnnex: {} cases.", page.annex);
    out
}

fn section(out: &mut String, block: &Block) {
    let _ = writeln!(out, "\n## {}\n", block.title);
    if block.lines.is_empty() {
        let _ = writeln!(out, "{}.", capital(block.empty));
    }
    for line in &block.lines {
        let _ = writeln!(out, "- **{}** {}", escape(&line.subject), escape(&with_dates(line)));
    }
    more(out, block.more);
}

fn more(out: &mut String, more: usize) {
    if more > 0 {
        let _ = writeln!(out, "\n+{more} more");
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Log text is text: nothing in it becomes markup or a mention.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '@' | '!' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
