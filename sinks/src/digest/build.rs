//! From the meeting's input to the page.

use std::{cmp::Reverse, collections::BTreeSet};

use roundsman_rules::alert::Severity;

use super::{
    ahead,
    book::Book,
    findings::{self, Slug},
    meeting::Meeting,
    model::{Colour, Digest, Evidence, Headline, Row, SCHEMA},
    numbers,
    patching::{Patching, day},
};

/// Builds the page: a pure function of its input.
pub fn build(meeting: &Meeting) -> Digest {
    let book = Book::open(meeting);
    let patching = Patching::new(&book);
    let evidence = findings::evidence(&book);
    let cases = patching.discuss();
    let discussed: BTreeSet<&str> = cases.iter().filter_map(|row| row.case.as_deref()).collect();
    let urgent = findings::urgent(&book, &discussed);
    let mut discuss: Vec<Row> = cases.iter().cloned().chain(urgent).collect();
    discuss.sort_by(|a, b| risk(a).cmp(&risk(b)));
    let mut digest = Digest {
        kind: "digest".to_owned(),
        schema: SCHEMA,
        period: meeting.period.span(),
        prepared: meeting.period.to(),
        headline: headline(&book, &patching, &evidence),
        evidence,
        decisions: patching.decisions(),
        numbers: numbers::all(&book),
        discuss,
        done: patching.done(),
        next: patching.next(),
        parked: findings::parked(&book),
        access: findings::reviews(&book, &["accounts"]),
        hardening: Vec::new(),
        backups: both(findings::of_kind(&book, Slug::BackupMissing), findings::of_kind(&book, Slug::SpaceShort)),
        scans: findings::of_kind(&book, Slug::ScanMissing),
        vendors: findings::reviews(&book, &["vendors"]),
        training: findings::trainings(&book),
        compliance: patching.compliance(),
        process: process(&book, &patching),
        resources: findings::resources(&book),
        actions: findings::actions(&book),
        cases: patching.annex(),
    };
    for (section, row) in &meeting.rows {
        digest.section_mut(*section).push(row.clone());
    }
    digest
}

fn both(mut a: Vec<Row>, b: Vec<Row>) -> Vec<Row> {
    a.extend(b);
    a
}

fn process(book: &Book<'_>, patching: &Patching<'_>) -> Vec<Row> {
    let mut rows = patching.rollbacks();
    rows.extend(patching.exceptions());
    rows.extend(ahead::missed(book));
    rows.extend(patching.ownerless());
    rows.extend(findings::test_results(book));
    rows.extend(findings::unknown_formats(book));
    rows.extend(findings::reviews(book, &["backups", "process"]));
    rows
}

/// What sorts the riskiest first: severity, then what is due first, then what has lasted longest.
fn risk(row: &Row) -> impl Ord {
    let due = row.due.map_or(i64::MAX, |t| t.as_second());
    (Reverse(row.severity), due, row.since, row.subject.clone(), row.text.clone())
}

/// Red: something critical is open, or an exploited flaw is overdue. Amber: something high or a failed verification is
/// open, or the evidence is incomplete. Green otherwise. The text gives the figures.
fn headline(book: &Book<'_>, patching: &Patching<'_>, evidence: &Evidence) -> Headline {
    let zone = book.meeting.period.zone();
    let burning = |level| book.burning(book.period().to).filter(|a| a.severity == level).count();
    let (critical, high) = (burning(Severity::Critical), burning(Severity::High));
    let exploited = patching.exploited();
    let failed = patching.failed();
    let complete = evidence.complete_percent == Some(100.0) && evidence.stale_feeds.is_empty();
    let colour = if critical > 0 || exploited.iter().any(|c| c.is_breach()) {
        Colour::Red
    } else if high > 0 || failed > 0 || patching.breaches() > 0 || !exploited.is_empty() || !complete {
        Colour::Amber
    } else {
        Colour::Green
    };
    let mut said = vec![match colour {
        Colour::Red => "Red.".to_owned(),
        Colour::Amber => "Amber.".to_owned(),
        Colour::Green => "Green.".to_owned(),
    }];
    if let Some(first) = exploited.first() {
        let due = first.case.due.deploy.map(|due| format!(", due {}", day(due, zone))).unwrap_or_default();
        let flaws = counted(exploited.len(), "exploited flaw", "exploited flaws");
        said.push(format!("{flaws} still open ({} on {}{due}).", first.case.advisory, first.subject()));
    }
    if failed > 0 {
        said.push(format!("{} failed.", counted(failed, "patch", "patches")));
    }
    said.push(match (critical, high) {
        (0, 0) => "Nothing critical or high is open.".to_owned(),
        (0, high) => format!("{} open.", counted(high, "high alert", "high alerts")),
        (critical, 0) => format!("{} open.", counted(critical, "critical alert", "critical alerts")),
        (critical, high) => format!("{critical} critical and {} open.", counted(high, "high alert", "high alerts")),
    });
    said.push(match (evidence.complete_percent, evidence.silent.len()) {
        (None, _) => "No sender was heard at all, so nothing can be said.".to_owned(),
        (Some(_), 0) => "Every sender was heard.".to_owned(),
        (Some(_), n) => format!("{} silent.", counted(n, "source is", "sources are")),
    });
    if !evidence.stale_feeds.is_empty() {
        said.push(format!("{} stale.", counted(evidence.stale_feeds.len(), "feed is", "feeds are")));
    }
    Headline { colour, text: said.join(" ") }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
