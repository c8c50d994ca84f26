//! The annex of cases as CSV (RFC 4180), for a spreadsheet.

use super::model::Digest;

/// The columns.
const HEADER: &[&str] = &[
    "case",
    "asset",
    "advisory",
    "class",
    "state",
    "since",
    "kev",
    "overdue",
    "opened",
    "due_deploy",
    "due_activate",
    "due_verify",
    "installed",
    "activated",
    "observed",
    "running",
    "health",
    "function",
    "logs",
    "closure",
    "exception",
    "why",
];

/// One line for each case of the annex.
pub fn render(digest: &Digest) -> String {
    let mut out = HEADER.join(",");
    out.push_str("\r\n");
    for case in &digest.cases {
        let last = case.history.last();
        let time = |t: Option<jiff::Timestamp>| t.map(|t| t.to_string()).unwrap_or_default();
        let checks = &case.checks;
        let cells = [
            case.id.clone(),
            case.asset.clone().unwrap_or_default(),
            case.advisory.clone(),
            word(&case.class),
            case.state.as_str().to_owned(),
            time(last.map(|t| t.at)),
            case.kev.to_string(),
            case.overdue.to_string(),
            case.opened.to_string(),
            time(case.due.deploy),
            time(case.due.activate),
            time(case.due.verify),
            time(case.installed),
            time(case.activated),
            case.observed.clone().unwrap_or_default(),
            case.running.clone().unwrap_or_default(),
            word(&checks.health.result),
            word(&checks.function.result),
            word(&checks.logs.result),
            word(&checks.closure.result),
            case.exception.clone().unwrap_or_default(),
            last.map(|t| t.why.clone()).unwrap_or_default(),
        ];
        out.push_str(&cells.map(|cell| quote(&cell)).join(","));
        out.push_str("\r\n");
    }
    out
}

/// The word that stands for a value in records.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Quotes where needed; a cell that a spreadsheet would take for a formula gets an apostrophe.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn quote(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
