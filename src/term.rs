//! The terminal: colour, tables, and text from strangers made safe to look at.

use std::{
    borrow::Cow,
    fmt::{self, Display},
    io::{self, BufWriter, IsTerminal, StdoutLock, Write},
};

use clap::ValueEnum;
use jiff::Timestamp;

/// Width that is assumed where there is no terminal to ask.
pub const DEFAULT_WIDTH: usize = 100;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// Where the output is a terminal and NO_COLOR is not set
    #[default]
    Auto,
    /// Even into a pipe
    Always,
    /// Nowhere
    Never,
}

impl ColorChoice {
    fn holds(self, terminal: bool) -> bool {
        let refused = || {
            std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
                || std::env::var_os("TERM").is_some_and(|t| t == "dumb")
        };
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !refused(),
        }
    }
}

/// What the process knows about its terminal, asked once at the start.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// Colours for standard output.
    pub out: Paint,
    /// Colours for standard error.
    pub err: Paint,
    /// Standard output is a terminal.
    pub interactive: bool,
    /// Standard error is one, so that progress may be drawn there.
    pub progress: bool,
}

impl Term {
    /// Looks at the terminal.
    pub fn new(color: ColorChoice) -> Self {
        let interactive = io::stdout().is_terminal();
        let errors = io::stderr().is_terminal();
        Term { out: Paint(color.holds(interactive)), err: Paint(color.holds(errors)), interactive, progress: errors }
    }

    /// Columns of standard output.
    pub fn width(&self) -> usize {
        let asked = if self.interactive { window_width() } else { None };
        let told = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|&w: &usize| w >= 20);
        asked.or_else(told).unwrap_or(DEFAULT_WIDTH)
    }
}

fn window_width() -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCGWINSZ writes one winsize, which lives on this stack frame.
    let answer = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &mut size) };
    (answer == 0 && size.ws_col >= 20).then_some(size.ws_col as usize)
}

/// Buffered standard output.
pub fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint(pub bool);

/// A colour or weight, as its SGR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Style {
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Magenta = 35,
    Cyan = 36,
}

impl Paint {
    /// The text in this style, where colours are on.
    pub fn paint<T: Display>(self, style: Style, text: T) -> Painted<T> {
        Painted { style: self.0.then_some(style), text }
    }

    /// Heavy.
    pub fn bold<T: Display>(self, text: T) -> Painted<T> {
        self.paint(Style::Bold, text)
    }

    /// Light.
    pub fn dim<T: Display>(self, text: T) -> Painted<T> {
        self.paint(Style::Dim, text)
    }

    /// A severity in its colour.
    pub fn severity(self, word: &str) -> Painted<&str> {
        let style = match word {
            "critical" => Style::Magenta,
            "high" => Style::Red,
            "medium" => Style::Yellow,
            "low" => Style::Cyan,
            _ => Style::Dim,
        };
        self.paint(style, word)
    }
}

/// Text with its style; padding in the format string counts the text only.
#[derive(Clone, Copy, Debug)]
pub struct Painted<T> {
    style: Option<Style>,
    text: T,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            None => self.text.fmt(f),
            Some(style) => {
                write!(f, "\x1b[{}m", style as u8)?;
                self.text.fmt(f)?;
                f.write_str("\x1b[0m")
            }
        }
    }
}

/// Text that strangers wrote, with its control characters made visible: a log line must not drive the terminal.
pub fn clean(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if bad(c) { clean.extend(c.escape_default()) } else { clean.push(c) }
    }
    Cow::Owned(clean)
}

/// Words in lines of at most `width` characters; the first line begins with one text, the others with another.
pub fn wrapped(words: &[&str], first: &str, others: &str, width: usize) -> String {
    let mut text = first.to_owned();
    let mut used = first.chars().count();
    for word in words {
        let long = word.chars().count() + 1;
        if used + long > width && used > others.len() {
            text = text + "\n" + others;
            used = others.chars().count();
        }
        text = text + " " + word;
        used += long;
    }
    text + "\n"
}

/// The text in at most `width` characters, ended by an ellipsis where it was cut.
pub fn fit(text: &str, width: usize) -> Cow<'_, str> {
    if text.chars().count() <= width {
        return Cow::Borrowed(text);
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    Cow::Owned(cut)
}

/// A number of bytes in its largest unit: `1.4 GiB`.
pub fn bytes(n: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let power = (n.max(1).ilog2() as usize / 10).min(units.len() - 1);
    match power {
        0 => format!("{n} B"),
        _ => format!("{:.1} {}", n as f64 / (1_u64 << (10 * power)) as f64, units[power]),
    }
}

/// How long ago a time was, in its largest unit: `4h`.
pub fn ago(now: Timestamp, then: Timestamp) -> String {
    let seconds = (now.as_second() - then.as_second()).max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// A time to the minute, in UTC: for lists.
pub fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

/// A time to the second, in UTC, as records have it.
pub fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A table in columns: measured, then printed; numbers to the right, the last column as wide as it likes.
#[derive(Debug)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell {
    text: String,
    style: Option<Style>,
    right: bool,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        let text: String = text.into();
        Cell { text: clean(&text).into_owned(), style: None, right: false }
    }
}

impl Cell {
    /// A number, set to the right.
    pub fn number(n: impl Display) -> Self {
        Cell { text: n.to_string(), style: None, right: true }
    }

    /// A cell in a style.
    pub fn styled(text: impl Into<String>, style: Style) -> Self {
        Cell { style: Some(style), ..Cell::from(text) }
    }

    /// A severity in its colour.
    pub fn severity(word: &str) -> Self {
        Cell { style: Paint(true).severity(word).style, ..Cell::from(word) }
    }
}

impl Table {
    /// A table with these column heads.
    pub fn new<const N: usize>(head: [&str; N]) -> Self {
        Table { head: head.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    /// One more row.
    pub fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.to_vec());
    }

    /// Prints it. On a terminal (`width` given) the last column is cut to fit.
    pub fn print(&self, out: &mut impl Write, paint: Paint, width: Option<usize>) -> io::Result<()> {
        let widths = self.widths();
        let head: Vec<Cell> = self.head.iter().map(|h| Cell::styled(h.to_uppercase(), Style::Dim)).collect();
        for row in std::iter::once(&head).chain(&self.rows) {
            let mut used = 0;
            for (i, cell) in row.iter().enumerate() {
                let last = i + 1 == row.len();
                let room = width.map_or(usize::MAX, |w| w.saturating_sub(used).max(8));
                let text = if last { fit(&cell.text, room) } else { Cow::Borrowed(&*cell.text) };
                let pad = " ".repeat(widths[i].saturating_sub(text.chars().count()));
                let text = Painted { style: cell.style.filter(|_| paint.0), text };
                let numeric = cell.right || self.rows.first().is_some_and(|r| r[i].right);
                match (numeric, last) {
                    (true, _) => write!(out, "{pad}{text}")?,
                    (false, true) => write!(out, "{text}")?,
                    (false, false) => write!(out, "{text}{pad}")?,
                }
                out.write_all(if last { b"\n" } else { b"  " })?;
                used += widths[i] + 2;
            }
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let measure = |i: usize| {
            let cells = self.rows.iter().map(|row| row[i].text.chars().count()).max().unwrap_or(0);
            cells.max(self.head[i].chars().count())
        };
        (0..self.head.len()).map(measure).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_cannot_drive_the_terminal() {
        assert_eq!(clean("a\x1b[31mred\u{7}\u{202e}"), "a\\u{1b}[31mred\\u{7}\\u{202e}");
        assert!(matches!(clean("Grüße, 世界"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_table_lines_up_with_and_without_colour() {
        let mut table = Table::new(["name", "count", "what"]);
        table.row([Cell::styled("web1", Style::Red), Cell::number(7), "first".into()]);
        table.row(["db".into(), Cell::number(1200), "second, and long".into()]);
        let mut plain = Vec::new();
        table.print(&mut plain, Paint(false), Some(24)).unwrap();
        let plain = String::from_utf8(plain).unwrap();
        assert_eq!(plain, "NAME  COUNT  WHAT\nweb1      7  first\ndb     1200  second, an…\n");
        let mut coloured = Vec::new();
        table.print(&mut coloured, Paint(true), Some(24)).unwrap();
        let coloured = String::from_utf8(coloured).unwrap();
        assert!(coloured.contains("\x1b[31mweb1\x1b[0m      7"), "{coloured:?}");
    }

    #[test]
    fn never_and_always_do_not_ask_the_terminal() {
        assert!(ColorChoice::Always.holds(false));
        assert!(!ColorChoice::Never.holds(true));
    }
}
