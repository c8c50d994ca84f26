//! What rules cost: twenty of them held against one event of each kind, and a match that a correlation counts.

use std::{hint::black_box, sync::Arc};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use roundsman_ingest::{
    Event, Record,
    formats::FORMATS,
    parse::Parser,
    record::{Kind, Origin, Transport},
};
use roundsman_rules::{
    sigma::{Correlator, RuleFile, RuleSet, Scratch},
    stage::Survivor,
};

fn record<'a>(origin: &'a Origin, raw: &'a str) -> Record<'a> {
    let received = "2026-11-22T12:00:00Z".parse().expect("a time");
    Record { received, origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() }
}

/// The examples of all formats as events.
fn events(origin: &Origin) -> Vec<Event<'_>> {
    let parser = Parser::default();
    let examples = FORMATS.iter().flat_map(|format| format.examples());
    let records = examples.map(|example| record(origin, example.raw));
    records.map(|record| parser.parse(&record, Event::new(&record))).collect()
}

fn matching(c: &mut Criterion) {
    let file = RuleFile { path: "twenty.yml".into(), text: include_str!("twenty.yml").into() };
    let (rules, problems) = RuleSet::load(&[file], &Default::default());
    assert!(problems.is_empty() && rules.rules().len() == 20, "{problems:?}");
    let origin = Origin::new(Transport::File, "bench");
    let events = events(&origin);
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    let mut group = c.benchmark_group("match");
    group.throughput(Throughput::Elements(events.len() as u64));
    for (name, any) in [("twenty_rules", false), ("twenty_rules_any_logsource", true)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                hits.clear();
                events.iter().for_each(|event| rules.matches(black_box(event), any, &mut scratch, &mut hits));
                hits.len()
            })
        });
    }
    group.finish();
}

fn loading(c: &mut Criterion) {
    let files = RuleSet::shipped_files();
    c.bench_function("load/shipped", |b| {
        b.iter(|| RuleSet::load(black_box(&files), &Default::default()).0.rules().len())
    });
}

fn correlating(c: &mut Criterion) {
    let (rules, _) = RuleSet::load(&RuleSet::shipped_files(), &Default::default());
    let rules = Arc::new(rules);
    let origin = Origin::new(Transport::File, "bench");
    let line = "Nov 22 11:10:01 web1 sshd[4713]: Failed password for root from 203.0.113.7 port 40022 ssh2";
    let record = record(&origin, line);
    let event = Parser::default().parse(&record, Event::new(&record));
    let (mut scratch, mut matches) = (Scratch::default(), Vec::new());
    rules.matches(&event, false, &mut scratch, &mut matches);
    assert!(!matches.is_empty());
    let survivor = Survivor { index: 0, event: Arc::new(event.into_owned()), matches };
    let mut correlator = Correlator::new(rules, Arc::new(str::to_owned));
    let mut out = Vec::new();
    c.bench_function("correlate/one_more_failure", |b| {
        b.iter(|| {
            out.clear();
            correlator.absorb(black_box(&survivor), survivor.event.received, &mut out);
        })
    });
}

criterion_group!(benches, matching, loading, correlating);
criterion_main!(benches);
