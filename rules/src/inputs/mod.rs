//! Readers of the files about the organisation (interface section 4). Each takes a file's text and gives what could be
//! read, with a [`Problem`] for each row or entry that could not: a bad row never hides the good ones.

use std::{collections::BTreeMap, path::Path};

use crate::Problem;

pub mod advisory;
pub mod backups;
mod csaf;
mod cvss;
pub mod exploited;
pub mod feed;
mod osv;
pub mod package;
pub mod platform;
pub mod policy;
pub mod records;
pub mod scan;
pub mod sources;
pub mod vex;

pub use advisory::{Activation, ActivationKind, Advisory, Target};
pub use policy::Policy;
pub use records::{Exception, KnownIssue};
pub use scan::{Finding, Scan};

/// Longest table that is read; rows beyond are reported.
pub const MAX_ROWS: usize = 200_000;

/// A row of a CSV table: its cells by column, unknown columns included. An empty cell is unknown.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Line in the file, counted from 1.
    pub line: usize,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell; `None` where the column is absent or the cell empty.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str).filter(|c| !c.is_empty())
    }

    /// A cell's list: separated by `;` where it holds one, else by blanks.
    pub fn list(&self, column: &str) -> Vec<String> {
        let cell = self.get(column).unwrap_or("");
        let parts: Box<dyn Iterator<Item = &str>> =
            if cell.contains(';') { Box::new(cell.split(';')) } else { Box::new(cell.split_whitespace()) };
        parts.map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
    }

    /// A cell read as some type, or a problem that names the column.
    pub fn read<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, String>
    where
        T::Err: std::fmt::Display,
    {
        self.get(column).map(|c| c.parse().map_err(|e| format!("{column}: {e}"))).transpose()
    }

    /// The cells of columns that are none of these.
    pub fn others(&self, known: &[&str]) -> BTreeMap<String, String> {
        let mut others = self.cells.clone();
        others.retain(|column, cell| !known.contains(&column.as_str()) && !cell.is_empty());
        others
    }
}

/// Reads a CSV table with a header line, columns in any order.
pub fn table(file: &Path, text: &str, required: &[&str]) -> (Vec<Row>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|h| h.trim_start_matches('\u{feff}').to_lowercase()).collect(),
        Err(e) => {
            problems.push(error(file, 1, format!("the header cannot be read: {e}"), "write the column names first"));
            return (Vec::new(), problems);
        }
    };
    for column in required.iter().filter(|c| !header.iter().any(|h| h == *c)) {
        problems.push(error(file, 1, format!("no column `{column}`"), "add it to the header line"));
    }
    if !problems.is_empty() {
        return (Vec::new(), problems);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                let line = e.position().map_or(0, |p| p.line() as usize);
                problems.push(error(file, line, format!("the row cannot be read: {e}"), "check its quotes"));
                continue;
            }
        };
        let line = record.position().map_or(0, |p| p.line() as usize);
        if record.len() > header.len() {
            let what = format!("{} cells under {} columns", record.len(), header.len());
            problems.push(error(file, line, what, "put quotes around cells that hold a comma"));
            continue;
        }
        if rows.len() == MAX_ROWS {
            problems.push(error(file, line, format!("more than {MAX_ROWS} rows"), "split the file"));
            break;
        }
        let cells = header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        rows.push(Row { line, cells });
    }
    (rows, problems)
}

/// An entry that cannot be used.
pub fn error(file: &Path, line: usize, what: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line, fatal: true, what: what.into(), help: help.into() }
}

/// An entry that can be used, but should be looked at.
pub fn warning(file: &Path, line: usize, what: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line, fatal: false, what: what.into(), help: help.into() }
}

/// A TOML file's problem, with the line that the parser names.
fn toml_problem(file: &Path, text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    self::error(file, line, error.message().to_owned(), "")
}

/// A time, or a date that stands for its whole day: `true` gives its last second, `false` its first, in UTC.
pub fn time_or_date(text: &str, end: bool) -> Result<jiff::Timestamp, String> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(time);
    }
    let date: jiff::civil::Date =
        text.parse().map_err(|_| format!("`{text}` is no time (write 2026-11-22 or 2026-11-22T01:00:00Z)"))?;
    let time = if end { date.at(23, 59, 59, 0) } else { date.at(0, 0, 0, 0) };
    time.to_zoned(jiff::tz::TimeZone::UTC).map(|z| z.timestamp()).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_row_is_reported_with_its_line_and_hides_no_good_one() {
        let text = "asset,owner\nweb1,ops\nweb2,ops,too,many\nweb3,\n";
        let (rows, problems) = table(Path::new("inventory.csv"), text, &["asset"]);
        assert_eq!(rows.iter().filter_map(|r| r.get("asset")).collect::<Vec<_>>(), ["web1", "web3"]);
        assert_eq!(rows[1].get("owner"), None);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, 3);
    }

    #[test]
    fn a_missing_column_is_named() {
        let (rows, problems) = table(Path::new("x.csv"), "name\nweb1\n", &["asset"]);
        assert!(rows.is_empty());
        assert!(problems[0].what.contains("`asset`"));
    }

    #[test]
    fn lists_split_at_semicolons_or_else_at_blanks() {
        let (rows, _) = table(Path::new("x.csv"), "a,b\none two,one two;three\n", &[]);
        assert_eq!(rows[0].list("a"), ["one", "two"]);
        assert_eq!(rows[0].list("b"), ["one two", "three"]);
    }

    #[test]
    fn a_date_ends_with_its_last_second() {
        assert_eq!(time_or_date("2026-11-22", true).unwrap().to_string(), "2026-11-22T23:59:59Z");
        assert_eq!(time_or_date("2026-11-22", false).unwrap().to_string(), "2026-11-22T00:00:00Z");
        assert!(time_or_date("tomorrow", true).is_err());
    }
}
