//! What it costs to read a record: its envelope, then each format over its own examples.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use roundsman_ingest::{
    Event, Kind, Origin, Record, Transport, envelope,
    formats::{FORMATS, Format},
    parse::Parser,
};

const LINES: [(&str, &str); 4] = [
    ("rfc3164", "<38>Nov 22 03:10:01 web1 sshd[4713]: Failed password for root from 203.0.113.7 port 40022 ssh2"),
    (
        "iso",
        "<38>2026-11-22T03:10:01.123456+01:00 web1 sshd[4713]: Failed password for root from 203.0.113.7 port 40022 ssh2",
    ),
    (
        "rfc5424",
        "<38>1 2026-11-22T03:10:01.123456+01:00 web1 sshd 4713 - - Failed password for root from 203.0.113.7 port 40022 ssh2",
    ),
    ("cisco", "<189>123: router1: *Nov 22 03:10:01.123 UTC: %SYS-5-CONFIG_I: Configured from console by ada on vty0"),
];

fn envelopes(c: &mut Criterion) {
    let mut group = c.benchmark_group("envelope");
    for (name, line) in LINES {
        group.bench_function(name, |b| b.iter(|| envelope::read(black_box(line.as_bytes()))));
    }
    group.finish();
}

/// The examples of a format that it understands, as they arrive.
fn origin(format: &dyn Format) -> Origin {
    let mut origin = Origin::new(Transport::File, "bench");
    origin.path = format.paths().first().map(|end| format!("/var/log{end}").into());
    origin
}

fn records<'a>(format: &dyn Format, origin: &'a Origin) -> Vec<Record<'a>> {
    let received = "2026-11-22T12:00:00Z".parse().expect("a time");
    let understood = format.examples().iter().filter(|example| !example.expect.is_empty());
    let record = |raw| Record { received, origin, kind: Kind::Line, truncated: false, raw };
    understood.map(|example| record(example.raw.as_bytes())).collect()
}

fn formats(c: &mut Criterion) {
    let parser = Parser::default();
    let mut group = c.benchmark_group("format");
    for format in FORMATS {
        let origin = origin(*format);
        let records = records(*format, &origin);
        group.throughput(Throughput::Elements(records.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(format.name()), &records, |b, records| {
            let mut event = Some(Event::new(&records[0]));
            b.iter(|| {
                for record in records {
                    let read = parser.parse(record, event.take().expect("buffers"));
                    event = Some(black_box(read));
                }
            });
        });
    }
    group.finish();
}

fn one_sshd_line(c: &mut Criterion) {
    let parser = Parser::default();
    let origin = Origin::new(Transport::Tcp, "bench");
    let received = "2026-11-22T12:00:00Z".parse().expect("a time");
    let mut group = c.benchmark_group("record");
    for (name, line) in LINES {
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: line.as_bytes() };
        let mut event = Some(Event::new(&record));
        group.bench_function(name, |b| {
            b.iter(|| event = Some(black_box(parser.parse(black_box(&record), event.take().expect("buffers")))))
        });
    }
    group.finish();
}

criterion_group!(benches, envelopes, one_sshd_line, formats);
criterion_main!(benches);
