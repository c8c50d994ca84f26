//! What keeping a record costs: encoding into a batch, appending up to the sync, reading back.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use roundsman_ingest::{
    Kind, Origin, Transport,
    journal::{Appender, Batch, Journal, Options, OriginRef, Reader},
    metrics::Metrics,
};

/// A line of average length, as a firewall sends it.
const LINE: &[u8] = b"<134>Nov 22 10:15:02 fw1 kernel: [71342.118] DROP IN=eth0 OUT= MAC=52:54:00:12:34:56 \
SRC=203.0.113.77 DST=192.0.2.10 LEN=60 TOS=0x00 PREC=0x00 TTL=51 ID=4711 DF PROTO=TCP SPT=40112 DPT=22 SYN";

/// Records per batch: what one read under load gives.
const RECORDS: u64 = 1_024;

fn filled(appender: &Appender, origin: &OriginRef) -> Batch {
    let (mut batch, now) = (appender.batch(), Timestamp::now());
    for _ in 0..RECORDS {
        batch.push(origin, now, Kind::Line, false, black_box(LINE)).expect("a line fits");
    }
    batch
}

fn journal(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let data = tempfile::tempdir().expect("a temporary folder");
    let options = Options { max_bytes: 1 << 30, ..Options::default() };
    let (journal, _) = Journal::open(data.path(), options, Metrics::new()).expect("a journal");
    let appender = journal.appender();
    let origin = appender.origin(&Origin::new(Transport::Tcp, "bench"));
    let mut group = criterion.benchmark_group("journal");
    group.throughput(Throughput::Elements(RECORDS));

    group.bench_function("encode", |bencher| {
        // Batches that are dropped give no buffer back: this includes the growth of a fresh one.
        bencher.iter(|| filled(&appender, &origin));
    });
    group.bench_function("append", |bencher| {
        bencher.iter(|| runtime.block_on(appender.append(filled(&appender, &origin))).expect("the journal works"));
    });
    group.bench_function("append_synced", |bencher| {
        bencher.iter(|| runtime.block_on(appender.append_synced(filled(&appender, &origin))).expect("it works"));
    });
    runtime.block_on(journal.stop()).expect("the journal stops");
    drop(journal);

    group.bench_function("read", |bencher| {
        let dir = data.path().join("journal");
        let open = || Reader::open(&dir, 0).expect("a reader");
        let mut reader = open();
        let bytes = RECORDS as usize * (LINE.len() + 32);
        let chunk = move || loop {
            match reader.next_chunk(bytes).expect("a readable journal") {
                Some(chunk) if chunk.len() >= RECORDS as usize => break chunk,
                Some(_) => {}
                None => reader = open(),
            }
        };
        let mut chunk = chunk;
        bencher.iter_batched(
            || (),
            |()| chunk().records().take(RECORDS as usize).map(|(_, record)| record.raw.len()).sum::<usize>(),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, journal);
criterion_main!(benches);
