//! The weekly meeting: when its digest is due, what is counted for it, and where the digest comes from. `run` has the
//! store for that; `replay` remembers.

mod calendar;
mod replayed;
mod stored;
mod tally;

use jiff::Timestamp;
use roundsman_rules::{
    sigma::{ExceptionUse, RuleException},
    stage::Stage,
};
use roundsman_sinks::{
    Routes,
    digest::{AssetNote, Meeting, Row, Section},
};

pub use calendar::Calendar;
pub use replayed::Meetings;
pub use stored::{digest, last_week};
pub use tally::Tally;

/// Exceptions are listed this long before they end, in seconds: 30 days.
const ENDING_SOON: i64 = 30 * 86_400;

/// Adds what only the stage knows to a meeting.
pub fn complete(meeting: &mut Meeting, stage: &Stage, routes: &Routes) {
    meeting.routes = routes.clone();
    meeting.assets = stage.assets().iter().map(|asset| (asset.id.clone(), AssetNote::from(asset))).collect();
    meeting.calendar = stage.policy().calendar.clone();
    meeting.exceptions = stage.exceptions();
    let end = meeting.period.to();
    meeting.rows.extend(stage.rule_exceptions().filter_map(|(exception, used)| rule_exception(exception, used, end)));
}

/// Exceptions of rules that have ended or end soon.
fn rule_exception(exception: &RuleException, used: ExceptionUse, end: Timestamp) -> Option<(Section, Row)> {
    let (what, verb) = match exception.expires.as_second() - end.as_second() {
        ..=0 => ("exception_expired", "has ended"),
        left if left <= ENDING_SOON => ("exception_expiring", "ends soon"),
        _ => return None,
    };
    let rules = exception.rules.join(", ");
    let text = format!("exception for {rules} {verb}; it has suppressed {} matches", used.suppressed);
    let row = Row {
        due: Some(exception.expires),
        value: Some(used.suppressed as f64),
        owner: Some(exception.owner.clone()),
        ..Row::new(what, exception.id.clone(), text)
    };
    Some((Section::Process, row))
}
