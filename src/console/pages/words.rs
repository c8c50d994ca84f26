//! Times, levels and states as people read them.

use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_rules::{
    alert::{Severity, Status},
    case::{CheckResult, Class, State},
};

/// A time, how long ago it was (or how long it is until then), and the time itself.
pub(super) fn when(at: Timestamp, now: Timestamp) -> Markup {
    html! {
        time datetime=(at.strftime("%FT%TZ").to_string()) { span class="rel" { (relative(at, now)) } " " span class="abs" { (stamp(at)) } }
    }
}

/// A time that may not be known.
pub(super) fn maybe(at: Option<Timestamp>, now: Timestamp) -> Markup {
    html! { @match at { Some(at) => (when(at, now)), None => span class="none" { "—" } } }
}

/// A deadline; one that has passed is told as such.
pub(super) fn deadline(at: Option<Timestamp>, now: Timestamp) -> Markup {
    html! { span class=[at.is_some_and(|at| at < now).then_some("late")] { (maybe(at, now)) } }
}

/// A day and a time in UTC.
pub(super) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// How long ago, or in how long.
pub(super) fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - at.as_second();
    let length = length(seconds.unsigned_abs());
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("{length} ago"),
        _ => format!("in {length}"),
    }
}

/// A length of time in one unit, cut off: `3 h`.
fn length(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// A number with its thousands set apart by narrow spaces.
pub(super) fn figure(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// `1 alert`, `2 alerts`
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", figure(number), if number == 1 { one } else { many })
}

/// A share of a whole as a percentage that never rounds something to nothing.
pub(super) fn percent(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0 %".to_owned();
    }
    let share = part as f64 * 100.0 / whole as f64;
    if share < 0.1 { "< 0.1 %".to_owned() } else { format!("{share:.1} %") }
}

/// A level: its word, and a colour beside it.
pub(super) fn severity(level: Severity) -> Markup {
    level_word(level.as_str())
}

/// A level by word.
pub(super) fn level_word(word: &str) -> Markup {
    html! { span class={ "level " (word) } { (word) } }
}

/// Where the SOC stands with an alert.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Acknowledged => "acknowledged",
        Status::Closed => "closed",
    }
}

/// A case's state, with what it means for the one who looks.
pub(super) fn state(state: State) -> Markup {
    html! { span class={ "state " (mood(state)) } { (state.as_str().replace('_', " ")) } }
}

/// Good, bad, on the way, or settled without a fix.
fn mood(state: State) -> &'static str {
    match state {
        State::Verified | State::Closed => "good",
        State::InstallFailed | State::VerifyFailed | State::RolledBack | State::Reopened => "bad",
        State::Excepted | State::NotApplicable | State::Superseded | State::Retired => "aside",
        _ => "going",
    }
}

/// What a check found. Only `pass` looks good.
pub(super) fn check(result: CheckResult) -> Markup {
    let (word, mood) = match result {
        CheckResult::Pass => ("pass", "good"),
        CheckResult::Fail => ("fail", "bad"),
        CheckResult::Pending => ("pending", "going"),
        CheckResult::Stale => ("stale", "bad"),
        CheckResult::Conflict => ("conflict", "bad"),
        CheckResult::Waived => ("waived", "aside"),
    };
    html! { span class={ "state " (mood) } { (word) } }
}

/// How urgent a patch is.
pub(super) fn class(class: Class) -> &'static str {
    match class {
        Class::Minor => "minor",
        Class::Important => "important",
        Class::Critical => "critical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    #[test]
    fn times_are_told_in_one_unit_and_never_rounded_up() {
        let told = |s| relative(at(0), at(s));
        assert_eq!(told(0), "now");
        assert_eq!(told(59), "59 s ago");
        assert_eq!(told(119), "1 min ago");
        assert_eq!(told(7_199), "1 h ago");
        assert_eq!(told(172_800), "2 d ago");
        assert_eq!(told(-90), "in 1 min");
    }

    #[test]
    fn a_share_that_is_not_nothing_is_never_shown_as_nothing() {
        assert_eq!(percent(0, 10), "0 %");
        assert_eq!(percent(1, 1_000_000), "< 0.1 %");
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(0, 0), "0 %");
    }

    #[test]
    fn figures_are_grouped() {
        assert_eq!(figure(7), "7");
        assert_eq!(figure(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
