//! Alerts and cases as one line (or three) for a person at a terminal.

use jiff::Timestamp;
use roundsman_rules::{Alert, PatchCase, case::CheckResult};

use crate::term::{Paint, Style, clean};

/// When, how urgent, what; below it why and what to do.
pub fn alert(alert: &Alert, paint: Paint) -> String {
    let mut text = alert_line(alert, paint);
    if alert.cleared.is_none() {
        text += &format!("\n      {}", clean(&alert.why));
        text += &format!("\n      {} {}", paint.dim("next:"), clean(&alert.next));
    }
    text
}

/// When, how urgent, what.
pub fn alert_line(alert: &Alert, paint: Paint) -> String {
    let (at, mark) = match alert.cleared {
        Some(cleared) => (cleared, format!("{:<13}", paint.paint(Style::Green, "cleared"))),
        None => (alert.raised, format!("{:<13}", paint.severity(alert.severity.as_str()))),
    };
    let count = if alert.count > 1 { format!(" ({} records)", alert.count) } else { String::new() };
    format!("{}  {mark} {}{}", moment(at), paint.bold(clean(&alert.title)), paint.dim(count))
}

/// The case, its state, and where its four checks stand.
pub fn case(case: &PatchCase, paint: Paint) -> String {
    let at = case.history.last().map_or(case.opened, |step| step.at);
    let why = case.history.last().map_or("", |step| step.why.as_str());
    let checks = [
        ("health", &case.checks.health),
        ("function", &case.checks.function),
        ("logs", &case.checks.logs),
        ("closure", &case.checks.closure),
    ];
    let word = |result: CheckResult| match result {
        CheckResult::Pass => paint.paint(Style::Green, "pass"),
        CheckResult::Fail => paint.paint(Style::Red, "fail"),
        CheckResult::Conflict => paint.paint(Style::Red, "conflict"),
        CheckResult::Stale => paint.paint(Style::Yellow, "stale"),
        CheckResult::Pending => paint.dim("pending"),
        CheckResult::Waived => paint.dim("waived"),
    };
    let checks: Vec<String> = checks.iter().map(|(name, check)| format!("{name} {}", word(check.result))).collect();
    format!(
        "{}  {}  {}  {}\n      {}",
        moment(at),
        paint.bold(&case.id),
        paint.paint(Style::Cyan, case.state.as_str().replace('_', " ")),
        checks.join("  "),
        clean(why)
    )
}

/// Day and time in UTC, as short as it can be read.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%a %d %b %H:%M").to_string()
}
