//! The page for a terminal or a plain mail.

use jiff::tz::TimeZone;
use roundsman_rules::alert::Severity;

use super::{
    model::{Colour, Digest},
    page::{Block, FigureLine, Line, Page},
};

/// Columns of the page.
pub const WIDTH: usize = 100;
/// Columns of a row's subject; longer ones push the text on.
const SUBJECT: usize = 14;
/// Columns of the section's number.
const INDENT: usize = 3;

/// Lays the page out, with colours (ANSI SGR) where wanted.
pub fn render(digest: &Digest, zone: &TimeZone, colour: bool) -> String {
    let page = Page::new(digest, zone);
    let mut out = Sheet { text: String::new(), colour, section: 0 };
    out.line(&out.bold(&format!("SECURITY & PATCH DIGEST   {}", page.period)));
    out.line(&out.dim(&format!("as of {} · {}", page.prepared, page.evidence)));
    out.headline(&page);
    out.figures(&page.figures);
    out.block(&page.discuss);
    for block in &page.blocks {
        out.block(block);
    }
    out.line("");
    out.line(&out.dim(&format!("? not known · Annex: {} cases (roundsman digest --format csv)", page.annex)));
    out.text
}

struct Sheet {
    text: String,
    colour: bool,
    section: usize,
}

impl Sheet {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn paint(&self, sgr: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{sgr}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    /// `3  MUST DISCUSS  ` and what follows it on the line.
    fn heading(&mut self, title: &str, rest: &str) {
        self.section += 1;
        let head = self.bold(&title.to_uppercase());
        self.line("");
        self.line(&format!("{:<INDENT$}{head}  {rest}", self.section));
    }

    fn headline(&mut self, page: &Page) {
        let (sgr, mark) = match page.colour {
            Colour::Green => ("1;32", "GREEN"),
            Colour::Amber => ("1;33", "AMBER"),
            Colour::Red => ("1;31", "RED"),
        };
        let words = page.headline.split_once(' ').map_or("", |(_, rest)| rest);
        self.heading("Headline", &self.paint(sgr, mark));
        self.wrapped("", words);
        if !page.decisions.is_empty() {
            self.line(&format!("{:INDENT$}{}", "", self.bold("Decisions needed")));
        }
        for (n, decision) in (1..).zip(&page.decisions) {
            self.wrapped(&format!("[D{n}] "), &with_dates(decision));
        }
        self.more(page.decisions_more);
    }

    fn figures(&mut self, figures: &[FigureLine]) {
        self.heading("Numbers", "");
        let head = format!("{:INDENT$}{:<32}{:>9}  {:>9}  {:>9}   trend, 8 weeks", "", "", "this", "last", "goal");
        self.line(&self.dim(&head));
        for figure in figures {
            let this = format!("{:>9}", figure.this);
            let this = match figure.good {
                Some(true) => self.paint("32", &this),
                Some(false) => self.paint("1;31", &this),
                None => this,
            };
            let arrow = match figure.up {
                Some(true) => "▲",
                Some(false) => "▼",
                None => " ",
            };
            let arrow = match figure.better {
                Some(true) => self.paint("32", arrow),
                Some(false) => self.paint("31", arrow),
                None => self.dim(arrow),
            };
            let trend = spark(&figure.trend, figure.top);
            let label = figure.label;
            self.line(&format!(
                "{:INDENT$}{label:<32}{this} {arrow}{:>9}  {:>9}   {trend}",
                "", figure.last, figure.goal
            ));
        }
    }

    fn block(&mut self, block: &Block) {
        if block.lines.is_empty() {
            self.heading(block.title, &self.dim(block.empty));
            return;
        }
        self.heading(block.title, "");
        for line in &block.lines {
            self.row(line);
        }
        self.more(block.more);
    }

    fn row(&mut self, line: &Line) {
        let subject = format!("{:<SUBJECT$} ", line.subject);
        let sgr = match line.severity {
            Some(Severity::Critical) => "1;31",
            Some(Severity::High) => "31",
            Some(Severity::Medium) => "33",
            _ => "36",
        };
        self.hanging(&subject, Some(sgr), &with_dates(line));
    }

    fn more(&mut self, more: usize) {
        if more > 0 {
            self.line(&self.dim(&format!("{:INDENT$}+{more} more", "")));
        }
    }

    fn wrapped(&mut self, lead: &str, words: &str) {
        self.hanging(lead, None, words);
    }

    /// Text with a hanging indent as wide as its lead, broken between words.
    fn hanging(&mut self, lead: &str, sgr: Option<&str>, words: &str) {
        let indent = INDENT + lead.chars().count().min(SUBJECT + 1);
        let mut width = INDENT + lead.chars().count();
        let painted = sgr.map_or_else(|| lead.to_owned(), |sgr| self.paint(sgr, lead));
        let mut line = format!("{:INDENT$}{painted}", "");
        let mut first = true;
        for word in words.split_whitespace() {
            let long = word.chars().count();
            if !first && width + 1 + long > WIDTH {
                self.line(&line);
                line = " ".repeat(indent);
                width = indent;
                first = true;
            }
            if !first {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += long;
            first = false;
        }
        self.line(&line);
    }
}

/// The row's text with its dates and its owner.
pub(super) fn with_dates(line: &Line) -> String {
    let mut notes = Vec::new();
    if let Some(since) = &line.since {
        notes.push(format!("since {since}"));
    }
    match &line.due {
        Some(due) if line.overdue => notes.push(format!("was due {due}")),
        Some(due) => notes.push(format!("due {due}")),
        None => {}
    }
    if let Some(owner) = &line.owner {
        notes.push(owner.clone());
    }
    let text = clean(&line.text);
    if notes.is_empty() { text } else { format!("{text} ({})", notes.join(", ")) }
}

/// Control characters out of log lines must not reach a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Eight steps of a bar; a dot where nothing is known.
fn spark(trend: &[Option<f64>], top: Option<f64>) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let top = top.unwrap_or_else(|| trend.iter().flatten().copied().fold(0.0, f64::max));
    let bar = |value: f64| {
        let step = if top > 0.0 { (value / top * 7.0).round() as usize } else { 0 };
        BARS[step.min(7)]
    };
    trend.iter().map(|value| value.map_or('·', bar)).collect()
}
