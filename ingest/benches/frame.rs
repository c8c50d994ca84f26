//! Cutting a megabyte of stream into records, by line ends and by counted lengths.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use roundsman_ingest::frame::Framer;

const MESSAGE: &str = "<38>Nov 22 10:15:02 web1 sshd[2211]: Failed password for invalid user oracle from \
    198.51.100.23 port 51234 ssh2";

fn frames(input: &[u8]) -> usize {
    let (mut framer, mut at, mut bytes) = (Framer::new(64 << 10), 0, 0);
    while let Some(frame) = framer.next(black_box(input), &mut at) {
        bytes += frame.raw.len();
    }
    bytes
}

fn frame(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame");
    let records = (1 << 20) / MESSAGE.len();
    group.throughput(Throughput::Elements(records as u64));
    for (name, framed) in [("lines", format!("{MESSAGE}\n")), ("counted", format!("{} {MESSAGE}", MESSAGE.len()))] {
        let input = framed.repeat(records);
        assert_eq!(frames(input.as_bytes()), records * MESSAGE.len());
        group.bench_function(name, |bencher| bencher.iter(|| frames(input.as_bytes())));
    }
    group.finish();
}

criterion_group!(benches, frame);
criterion_main!(benches);
