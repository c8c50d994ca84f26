//! The page's figures, each as of the end of a period or over it.

use jiff::Timestamp;
use roundsman_rules::{
    alert::Status,
    case::{Class, State},
};

use super::{
    book::{Book, Window},
    findings,
    meeting::TREND_WEEKS,
    model::Number,
    period::Period,
};

/// One figure: how it is called, where it should be, and how it is worked out.
pub(super) struct Figure {
    pub name: &'static str,
    pub label: &'static str,
    pub unit: Unit,
    pub goal: Option<f64>,
    /// A higher value is a better one.
    pub up_is_good: bool,
    of: fn(&Book<'_>, Window) -> Option<f64>,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    Hours,
    Days,
    Count,
}

impl Unit {
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Percent => "percent",
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::Count => "count",
        }
    }
}

const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// All figures, in the order in which the record and the page hold them.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        name: "patch_compliance",
        label: "Patch compliance",
        unit: Unit::Percent,
        goal: Some(95.0),
        up_is_good: true,
        of: patch_compliance,
    },
    Figure {
        name: "verified_of_installed",
        label: "Verified of installed",
        unit: Unit::Percent,
        goal: Some(98.0),
        up_is_good: true,
        of: verified_of_installed,
    },
    Figure {
        name: "hours_to_verified_critical",
        label: "To verified, critical",
        unit: Unit::Hours,
        goal: Some(48.0),
        up_is_good: false,
        of: hours_to_verified_critical,
    },
    Figure {
        name: "days_to_verified_important",
        label: "To verified, important",
        unit: Unit::Days,
        goal: Some(14.0),
        up_is_good: false,
        of: days_to_verified_important,
    },
    Figure {
        name: "breaches_open",
        label: "Deploy deadlines missed",
        unit: Unit::Count,
        goal: Some(0.0),
        up_is_good: false,
        of: breaches_open,
    },
    Figure {
        name: "kev_open",
        label: "Exploited flaws open",
        unit: Unit::Count,
        goal: Some(0.0),
        up_is_good: false,
        of: kev_open,
    },
    Figure {
        name: "exceptions_open",
        label: "Exceptions in force",
        unit: Unit::Count,
        goal: None,
        up_is_good: false,
        of: exceptions_open,
    },
    Figure { name: "rollbacks", label: "Rollbacks", unit: Unit::Count, goal: None, up_is_good: false, of: rollbacks },
    Figure {
        name: "alerts_raised",
        label: "Alerts raised",
        unit: Unit::Count,
        goal: None,
        up_is_good: false,
        of: alerts_raised,
    },
    Figure {
        name: "false_positive_percent",
        label: "False positives",
        unit: Unit::Percent,
        goal: None,
        up_is_good: false,
        of: false_positive_percent,
    },
    Figure {
        name: "hours_to_acknowledge",
        label: "Time to acknowledge",
        unit: Unit::Hours,
        goal: None,
        up_is_good: false,
        of: hours_to_acknowledge,
    },
    Figure {
        name: "unknown_lines_percent",
        label: "Lines of unknown format",
        unit: Unit::Percent,
        goal: None,
        up_is_good: false,
        of: unknown_lines_percent,
    },
    Figure {
        name: "sources_silent",
        label: "Sources silent",
        unit: Unit::Count,
        goal: Some(0.0),
        up_is_good: false,
        of: sources_silent,
    },
    Figure {
        name: "backups_good_percent",
        label: "Good backup runs",
        unit: Unit::Percent,
        goal: Some(100.0),
        up_is_good: true,
        of: backups_good_percent,
    },
];

/// The figures of the meeting's period, with the period before and the trend.
pub(super) fn all(book: &Book<'_>) -> Vec<Number> {
    let period = &book.meeting.period;
    let (this, last) = (window(period), window(&period.previous()));
    let weeks: Vec<Window> = period.weeks(TREND_WEEKS).iter().map(window).collect();
    let number = |figure: &Figure| Number {
        name: figure.name.to_owned(),
        this: value(book, figure, this),
        last: value(book, figure, last),
        goal: figure.goal,
        unit: figure.unit.as_str().to_owned(),
        trend: weeks.iter().map(|week| value(book, figure, *week)).collect(),
    };
    FIGURES.iter().map(number).collect()
}

fn window(period: &Period) -> Window {
    Window { from: period.from(), to: period.to() }
}

/// A period in which nothing at all was known has no figures: nothing seen is not the same as nothing there.
fn value(book: &Book<'_>, figure: &Figure, window: Window) -> Option<f64> {
    book.since().filter(|since| *since < window.to)?;
    (figure.of)(book, window).map(|v| (v * 10.0).round() / 10.0)
}

fn percent(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64 * 100.0)
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

fn patch_compliance(book: &Book<'_>, window: Window) -> Option<f64> {
    let applicable: Vec<_> = book.cases(window.to).filter(|c| !c.is_void()).collect();
    percent(applicable.iter().filter(|c| c.is_done()).count(), applicable.len())
}

fn verified_of_installed(book: &Book<'_>, window: Window) -> Option<f64> {
    let installed: Vec<_> = book
        .cases(window.to)
        .filter(|c| {
            let on_disk =
                matches!(c.state, State::Installed | State::PendingActivation | State::Verifying | State::VerifyFailed);
            on_disk || c.is_done()
        })
        .collect();
    percent(installed.iter().filter(|c| c.is_done()).count(), installed.len())
}

/// From opening to the first verification, of the cases whose first verification lies in the window.
fn times_to_verified(book: &Book<'_>, window: Window, class: Class) -> Vec<f64> {
    let of_class = book
        .cases(window.to)
        .filter(|c| if class == Class::Critical { c.is_critical() } else { c.case.class == class && !c.case.kev });
    of_class
        .filter_map(|c| c.case.history.iter().find(|t| t.state == State::Verified).map(|t| (c.case.opened, t.at)))
        .filter(|(_, verified)| window.holds(*verified))
        .map(|(opened, verified)| seconds(opened, verified))
        .collect()
}

fn hours_to_verified_critical(book: &Book<'_>, window: Window) -> Option<f64> {
    mean(&times_to_verified(book, window, Class::Critical)).map(|s| s / HOUR)
}

fn days_to_verified_important(book: &Book<'_>, window: Window) -> Option<f64> {
    mean(&times_to_verified(book, window, Class::Important)).map(|s| s / DAY)
}

fn breaches_open(book: &Book<'_>, window: Window) -> Option<f64> {
    Some(book.cases(window.to).filter(|c| c.is_breach()).count() as f64)
}

fn kev_open(book: &Book<'_>, window: Window) -> Option<f64> {
    Some(book.cases(window.to).filter(|c| c.case.kev && c.is_open()).count() as f64)
}

fn exceptions_open(book: &Book<'_>, window: Window) -> Option<f64> {
    Some(book.cases(window.to).filter(|c| c.state == State::Excepted).count() as f64)
}

fn rollbacks(book: &Book<'_>, window: Window) -> Option<f64> {
    let steps = book.cases(window.to).flat_map(|c| &c.case.history);
    Some(steps.filter(|t| t.state == State::RolledBack && window.holds(t.at)).count() as f64)
}

fn alerts_raised(book: &Book<'_>, window: Window) -> Option<f64> {
    Some(book.raised(window).count() as f64)
}

fn false_positive_percent(book: &Book<'_>, window: Window) -> Option<f64> {
    let last = |alert| book.words(alert).iter().rev().find(|w| window.holds(w.at) && w.status == Status::Closed);
    let closed: Vec<_> = book.alerts.iter().copied().filter_map(last).collect();
    percent(closed.iter().filter(|w| w.reason == "false_positive").count(), closed.len())
}

fn hours_to_acknowledge(book: &Book<'_>, window: Window) -> Option<f64> {
    let first = |alert| book.words(alert).iter().find(|w| w.status != Status::New).filter(|w| window.holds(w.at));
    let times: Vec<f64> =
        book.alerts.iter().copied().filter_map(|a| first(a).map(|w| seconds(a.raised, w.at))).collect();
    mean(&times).map(|s| s / HOUR)
}

fn unknown_lines_percent(book: &Book<'_>, window: Window) -> Option<f64> {
    let zone = book.meeting.period.zone();
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let (from, to) = (day(window.from), day(window.to));
    let counts = book.meeting.counts.iter().filter(|c| from <= c.day && c.day < to);
    let (lines, unknown) = counts.fold((0, 0), |(l, u), c| (l + c.lines, u + c.unknown));
    percent(unknown as usize, lines as usize)
}

fn sources_silent(book: &Book<'_>, window: Window) -> Option<f64> {
    Some(findings::silent(book, window).len() as f64)
}

/// Nothing judges backup runs yet, and unknown is not good.
fn backups_good_percent(_: &Book<'_>, _: Window) -> Option<f64> {
    None
}
