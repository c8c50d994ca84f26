//! The page in words, before any layout: what each rendered form shows, in the same order.

use jiff::{Timestamp, tz::TimeZone};
use roundsman_rules::alert::Severity;

use super::{
    model::{Colour, Digest, Number, Row},
    numbers::{FIGURES, Figure, Unit},
    patching::day,
};

/// Rows of a section that a page shows; the rest is counted.
pub const SHOWN: usize = 7;
/// Rows of a section that is no matter for discussion by itself.
pub const SHOWN_BRIEF: usize = 4;

/// The page.
#[derive(Clone, Debug)]
pub struct Page {
    /// `Week 47 · 16–22 Nov 2026`
    pub period: String,
    /// `Mon 23 Nov 2026 00:00`
    pub prepared: String,
    /// `evidence complete 96 % (2 silent: sw3, nas1)`
    pub evidence: String,
    /// How it stands.
    pub colour: Colour,
    /// The page in one line.
    pub headline: String,
    /// What the meeting has to decide.
    pub decisions: Vec<Line>,
    /// Decisions that are not shown.
    pub decisions_more: usize,
    /// The figures.
    pub figures: Vec<FigureLine>,
    /// What must be discussed.
    pub discuss: Block,
    /// Everything else, in order.
    pub blocks: Vec<Block>,
    /// Cases in the annex.
    pub annex: usize,
}

/// A section with its rows.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its heading.
    pub title: &'static str,
    /// The rows that are shown.
    pub lines: Vec<Line>,
    /// How many more there are.
    pub more: usize,
    /// What stands there when there is none.
    pub empty: &'static str,
}

/// One row in words.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is about.
    pub subject: String,
    /// What it is.
    pub text: String,
    /// How much it matters.
    pub severity: Option<Severity>,
    /// `22 Nov`
    pub since: Option<String>,
    /// `25 Nov`, or `overdue 25 Nov`
    pub due: Option<String>,
    /// The due date has passed.
    pub overdue: bool,
    /// Whose it is.
    pub owner: Option<String>,
    /// The patch case.
    pub case: Option<String>,
    /// The alert's id.
    pub alert: Option<String>,
}

/// One figure in words.
#[derive(Clone, Debug)]
pub struct FigureLine {
    /// What it counts.
    pub label: &'static str,
    /// In this period; `?` where unknown.
    pub this: String,
    /// In the period before.
    pub last: String,
    /// Where it should be; empty where nothing is agreed.
    pub goal: String,
    /// Whether the goal is reached; `None` where nothing is agreed or known.
    pub good: Option<bool>,
    /// Whether it went up (`true`) or down since the period before.
    pub up: Option<bool>,
    /// Whether that is for the better; `None` where no goal is agreed.
    pub better: Option<bool>,
    /// The most that it can be, if there is a most.
    pub top: Option<f64>,
    /// The last eight weeks.
    pub trend: Vec<Option<f64>>,
}

impl Page {
    /// Puts a digest into words, with the dates of this zone.
    pub fn new(digest: &Digest, zone: &TimeZone) -> Page {
        let lines = |rows: &[&Row], most| rows.iter().take(most).map(|row| line(row, digest.period.to, zone)).collect();
        let full = |title, empty, rows: Vec<&Row>| {
            let more = rows.len().saturating_sub(SHOWN);
            Block { title, lines: lines(&rows, SHOWN), more, empty }
        };
        let brief = |title, empty, parts: &[&[Row]]| {
            let rows: Vec<&Row> = parts.iter().copied().flatten().collect();
            let more = rows.len().saturating_sub(SHOWN_BRIEF);
            Block { title, lines: lines(&rows, SHOWN_BRIEF), more, empty }
        };
        let d = digest;
        // What the evidence section says is not said twice.
        let told = |row: &&Row| d.evidence.silent.iter().chain(&d.evidence.unknown).any(|r| r.alert == row.alert);
        let parked: Vec<&Row> = d.parked.iter().filter(|row| !told(row)).collect();
        Page {
            period: period(d, zone),
            prepared: d.prepared.to_zoned(zone.clone()).strftime("%a %-d %b %Y %H:%M").to_string(),
            evidence: evidence(d),
            colour: d.headline.colour,
            headline: d.headline.text.clone(),
            decisions: lines(&d.decisions.iter().collect::<Vec<_>>(), SHOWN),
            decisions_more: d.decisions.len().saturating_sub(SHOWN),
            figures: d.numbers.iter().filter_map(figure).collect(),
            discuss: full("Must discuss", "nothing", d.discuss.iter().collect()),
            blocks: vec![
                done(d, zone),
                brief("Next", "nothing becomes due", &[&d.next]),
                full("Parked for the meeting", "nothing", parked),
                brief(
                    "Evidence",
                    "nothing missing",
                    &[&d.evidence.silent, &d.evidence.stale_feeds, &d.evidence.unknown],
                ),
                brief("Access and hardening", "nothing new", &[&d.access, &d.hardening]),
                brief("Backups and scans", "nothing new", &[&d.backups, &d.scans]),
                brief("Compliance", "nothing to judge", &[&d.compliance]),
                brief("Process", "nothing new", &[&d.process, &d.vendors, &d.training]),
                brief("Resources and actions", "nothing recorded", &[&d.resources, &d.actions]),
            ],
            annex: d.cases.len(),
        }
    }
}

fn period(digest: &Digest, zone: &TimeZone) -> String {
    let first = digest.period.from.to_zoned(zone.clone()).date();
    let last = digest.period.to.to_zoned(zone.clone()).date().yesterday().unwrap_or(first);
    match digest.period.name.split_once("-W") {
        Some((_, week)) => {
            let from = if first.month() == last.month() { first.strftime("%-d") } else { first.strftime("%-d %b") };
            format!("Week {} · {from}–{}", week.trim_start_matches('0'), last.strftime("%-d %b %Y"))
        }
        None => first.strftime("%B %Y").to_string(),
    }
}

fn evidence(digest: &Digest) -> String {
    let silent: Vec<&str> = digest.evidence.silent.iter().map(|row| row.subject.as_str()).collect();
    let percent = match digest.evidence.complete_percent {
        Some(percent) => format!("evidence complete {percent} %"),
        None => return "no evidence: no sender was heard".to_owned(),
    };
    match silent.len() {
        0 => percent,
        n if n > SHOWN => format!("{percent} ({n} silent)"),
        n => format!("{percent} ({n} silent: {})", silent.join(", ")),
    }
}

/// What was verified, by advisory: the cases themselves stand in the annex.
fn done(digest: &Digest, zone: &TimeZone) -> Block {
    let mut by_advisory: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in &digest.done {
        let advisory = row.case.as_deref().and_then(|c| c.split_once('/')).map_or(row.subject.as_str(), |(_, a)| a);
        match by_advisory.iter_mut().find(|(a, _)| *a == advisory) {
            Some((_, rows)) => rows.push(row),
            None => by_advisory.push((advisory, vec![row])),
        }
    }
    let line_of = |(advisory, rows): &(&str, Vec<&Row>)| {
        let assets: Vec<&str> = rows.iter().map(|r| r.subject.as_str()).collect();
        let on = if assets.len() > SHOWN { format!("{} assets", assets.len()) } else { assets.join(", ") };
        let last =
            rows.last().and_then(|r| r.since).map(|at| format!(", last on {}", day(at, zone))).unwrap_or_default();
        Line { text: format!("verified on {on}{last}"), ..plain(advisory) }
    };
    Block {
        title: "Done",
        lines: by_advisory.iter().take(SHOWN_BRIEF).map(line_of).collect(),
        more: by_advisory.len().saturating_sub(SHOWN_BRIEF),
        empty: "no case was verified",
    }
}

fn plain(subject: &str) -> Line {
    Line {
        subject: subject.to_owned(),
        text: String::new(),
        severity: None,
        since: None,
        due: None,
        overdue: false,
        owner: None,
        case: None,
        alert: None,
    }
}

fn line(row: &Row, end: Timestamp, zone: &TimeZone) -> Line {
    let overdue = row.due.is_some_and(|due| due < end);
    Line {
        subject: row.subject.clone(),
        text: row.text.clone(),
        severity: row.severity,
        since: row.since.map(|at| day(at, zone)),
        due: row.due.map(|at| day(at, zone)),
        overdue,
        owner: row.owner.clone(),
        case: row.case.clone(),
        alert: row.alert.clone(),
    }
}

fn figure(number: &Number) -> Option<FigureLine> {
    let figure = FIGURES.iter().find(|f| f.name == number.name)?;
    let good = |this: f64, goal: f64| if figure.up_is_good { this >= goal } else { this <= goal };
    let both = number.this.zip(number.last);
    let up = both.and_then(|(this, last)| (this != last).then_some(this > last));
    Some(FigureLine {
        label: figure.label,
        this: amount(figure, number.this),
        last: amount(figure, number.last),
        goal: number.goal.map(|goal| amount(figure, Some(goal))).unwrap_or_default(),
        good: number.this.zip(number.goal).map(|(this, goal)| good(this, goal)),
        up,
        better: up.filter(|_| number.goal.is_some()).map(|up| up == figure.up_is_good),
        top: (figure.unit == Unit::Percent).then_some(100.0),
        trend: number.trend.clone(),
    })
}

/// `91 %`, `9.2 d`; what is unknown is shown as such.
fn amount(figure: &Figure, value: Option<f64>) -> String {
    match (value, figure.unit) {
        (None, _) => "?".to_owned(),
        (Some(v), Unit::Percent) => format!("{v} %"),
        (Some(v), Unit::Hours) => format!("{v} h"),
        (Some(v), Unit::Days) => format!("{v} d"),
        (Some(v), Unit::Count) => format!("{v}"),
    }
}
