//! `exceptions.csv` and `known_issues.csv`: what people have decided and written down.

use std::path::Path;

use jiff::Timestamp;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{Row, error, table, time_or_date};
use crate::Problem;

/// A flaw that somebody accepted for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// `EX-12`; the same id with a later date is a renewal.
    pub id: String,
    /// An asset, `group:NAME` or `*`.
    pub asset: String,
    /// An advisory or `product:NAME`.
    pub advisory: String,
    /// Why.
    pub reason: String,
    /// What stands in for the patch.
    pub control: String,
    /// Who took the risk.
    pub approver: String,
    /// When it begins; absent: always.
    pub created: Option<Timestamp>,
    /// From here on it holds no more.
    pub expires: Timestamp,
}

/// Log lines that are known to come with an advisory's patch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownIssue {
    /// The advisory.
    pub advisory: String,
    /// Text, or `/regex/`.
    pub pattern: String,
    /// What to do about it.
    pub workaround: String,
    /// Who looks after it.
    pub owner: String,
}

impl KnownIssue {
    /// Whether a line shows the issue.
    pub fn matches(&self, line: &str) -> bool {
        match self.pattern.strip_prefix('/').and_then(|p| p.strip_suffix('/')) {
            Some(pattern) => Regex::new(pattern).is_ok_and(|r| r.is_match(line)),
            None => line.contains(&self.pattern),
        }
    }
}

/// Reads `exceptions.csv`.
pub fn exceptions(file: &Path, text: &str) -> (Vec<Exception>, Vec<Problem>) {
    let (rows, mut problems) = table(file, text, &["id", "asset", "advisory", "expires"]);
    let mut read = Vec::new();
    for row in &rows {
        match exception(row) {
            Ok(exception) => read.push(exception),
            Err(what) => problems.push(error(file, row.line, what, "the row is left out; mend it and save again")),
        }
    }
    (read, problems)
}

fn exception(row: &Row) -> Result<Exception, String> {
    let cell = |column: &str| row.get(column).unwrap_or("").to_owned();
    let needed = |column: &str| row.get(column).map(str::to_owned).ok_or_else(|| format!("no `{column}`"));
    Ok(Exception {
        id: needed("id")?,
        asset: needed("asset")?,
        advisory: needed("advisory")?,
        reason: cell("reason"),
        control: cell("control"),
        approver: cell("approver"),
        created: row.get("created").map(|t| time_or_date(t, false)).transpose()?,
        expires: expiry(&needed("expires")?)?,
    })
}

/// When something that ends with this time or day is over: a day ends with its last second.
pub fn expiry(text: &str) -> Result<Timestamp, String> {
    let last = time_or_date(text, true)?;
    Ok(if text.contains('T') { last } else { crate::duration::Duration::seconds(1).after(last) })
}

/// Reads `known_issues.csv`.
pub fn known_issues(file: &Path, text: &str) -> (Vec<KnownIssue>, Vec<Problem>) {
    let (rows, mut problems) = table(file, text, &["advisory", "pattern"]);
    let mut read = Vec::new();
    for row in &rows {
        let cell = |column: &str| row.get(column).unwrap_or("").to_owned();
        let issue = KnownIssue {
            advisory: cell("advisory"),
            pattern: cell("pattern"),
            workaround: cell("workaround"),
            owner: cell("owner"),
        };
        let regex = issue.pattern.strip_prefix('/').and_then(|p| p.strip_suffix('/'));
        if issue.advisory.is_empty() || issue.pattern.is_empty() {
            problems.push(error(file, row.line, "no `advisory` or no `pattern`", "the row is left out"));
        } else if let Some(Err(e)) = regex.map(Regex::new) {
            problems.push(error(file, row.line, format!("the pattern is no regular expression: {e}"), ""));
        } else {
            read.push(issue);
        }
    }
    (read, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_lasts_through_its_last_day() {
        let text =
            "id,asset,advisory,expires,reason\nEX-1,kiosk7,DSA-7001,2026-11-22,till the vendor ships\nEX-2,x,y,soon,\n";
        let (read, problems) = exceptions(Path::new("exceptions.csv"), text);
        assert_eq!(read[0].expires.to_string(), "2026-11-23T00:00:00Z");
        assert_eq!(problems[0].line, 3);
    }

    #[test]
    fn a_known_issue_is_text_or_a_regular_expression() {
        let text = "advisory,pattern\nA,unsupported protocol\nA,/handshake.*failed/\nA,/(/\n";
        let (read, problems) = known_issues(Path::new("known_issues.csv"), text);
        assert!(read[0].matches("TLS: unsupported protocol"));
        assert!(read[1].matches("handshake with x failed"));
        assert_eq!(problems[0].line, 4);
    }
}
