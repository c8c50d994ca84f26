//! `roundsman patches export`: every case as a record of its own, for those who audit them.

use std::io::{self, Write};

use roundsman_rules::{PatchCase, case::State};
use serde_json::Value;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON object per line, with the records that prove each step
    Json,
    /// One line per case (RFC 4180)
    Csv,
}

/// A column and how it is filled.
type Column = (&'static str, fn(&PatchCase) -> String);

const COLUMNS: &[Column] = &[
    ("case", |case| case.id.clone()),
    ("asset", |case| case.asset.clone().or_else(|| Some(case.members.as_ref()?.join(" "))).unwrap_or_default()),
    ("advisory", |case| case.advisory.clone()),
    ("class", |case| word(&case.class)),
    ("exploited", |case| case.kev.to_string()),
    ("state", |case| case.state.as_str().to_owned()),
    ("opened", |case| case.opened.to_string()),
    ("deploy_by", |case| time(case.due.deploy)),
    ("installed", |case| time(case.installed)),
    ("activate_by", |case| time(case.due.activate)),
    ("activated", |case| time(case.activated)),
    ("verify_by", |case| time(case.due.verify)),
    ("verified", |case| entered(case, State::Verified)),
    ("closed", |case| entered(case, State::Closed)),
    ("on_disk", |case| case.observed.clone().unwrap_or_default()),
    ("in_use", |case| case.running.clone().unwrap_or_default()),
    ("health", |case| word(&case.checks.health.result)),
    ("function", |case| word(&case.checks.function.result)),
    ("logs", |case| word(&case.checks.logs.result)),
    ("closure", |case| word(&case.checks.closure.result)),
    ("trust", |case| case.trust.clone()),
    ("overdue", |case| case.overdue.to_string()),
    ("reopened", |case| case.reopened.to_string()),
    ("exception", |case| case.exception.clone().unwrap_or_default()),
    ("known_issues", |case| list(case, "known_issues")),
    ("workaround", |case| list(case, "workaround")),
    ("supersedes", |case| list(case, "supersedes")),
    ("rollback_reason", |case| list(case, "rollback_reason")),
    ("alerts", |case| case.alerts.join(" ")),
    ("evidence", |case| case.history.iter().flat_map(|t| t.evidence.iter().cloned()).collect::<Vec<_>>().join(" ")),
    ("last", |case| case.history.last().map(|t| t.why.clone()).unwrap_or_default()),
];

/// Writes one line per case under a header.
///
/// # Errors
/// As writing.
pub fn csv(out: &mut impl Write, cases: &[PatchCase]) -> io::Result<()> {
    let header: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    write!(out, "{}\r\n", header.join(","))?;
    for case in cases {
        let cells: Vec<String> = COLUMNS.iter().map(|(_, cell)| quote(&cell(case))).collect();
        write!(out, "{}\r\n", cells.join(","))?;
    }
    Ok(())
}

fn time(at: Option<jiff::Timestamp>) -> String {
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// When a case last came to a state.
fn entered(case: &PatchCase, state: State) -> String {
    time(case.history.iter().rev().find(|t| t.state == state).map(|t| t.at))
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn list(case: &PatchCase, key: &str) -> String {
    match case.more.get(key) {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Quotes where needed; a cell that a spreadsheet would take for a formula gets an apostrophe.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn quote(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_one_cell_and_is_no_formula() {
        assert_eq!(quote("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(quote("=1+1"), "'=1+1");
        assert_eq!(quote("web1/DSA-9001"), "web1/DSA-9001");
    }

    #[test]
    fn every_case_is_one_line_under_the_header() {
        let mut out = Vec::new();
        csv(&mut out, &[]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.trim_end().split(',').count(), COLUMNS.len());
        assert!(text.starts_with("case,asset,advisory,") && text.ends_with("\r\n"));
    }
}
