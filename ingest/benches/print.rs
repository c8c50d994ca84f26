//! What one event of 25 fields costs to print: the archive's hot path.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use roundsman_ingest::{
    Event, Kind, Origin, Record, Transport, field,
    print::{Shape, write_json},
};

const LINE: &[u8] =
    b"<189>date=2026-11-22 time=01:53:02 devname=\"edge1\" devid=\"FGT60F0000000001\" logid=\"0000000013\" \
type=\"traffic\" subtype=\"forward\" level=\"notice\" vd=\"root\" srcip=192.0.2.7 srcport=51515 srcintf=\"lan\" \
dstip=198.51.100.80 dstport=443 dstintf=\"wan1\" policyid=12 proto=6 action=\"close\" service=\"HTTPS\" sentbyte=4711 \
rcvdbyte=81230 duration=61 user=\"a.miller\"";

fn part(text: &str) -> &'static [u8] {
    let at = memchr::memmem::find(LINE, text.as_bytes()).expect("a part of the line");
    &LINE[at..at + text.len()]
}

fn traffic(record: &Record<'static>) -> Event<'static> {
    let mut event = Event::new(record);
    event.time = Some("2026-11-22T01:53:02Z".parse().expect("a time"));
    event.set_int(field::SYSLOG_PRIORITY, 189);
    event.set_int(field::SYSLOG_FACILITY_CODE, 23);
    event.set_int(field::SYSLOG_SEVERITY_CODE, 5);
    event.classify("network", "connection", "close", "success");
    event.set_static(field::OBSERVER_VENDOR, "Fortinet");
    event.set_static(field::OBSERVER_PRODUCT, "FortiGate");
    for (field, text) in [
        (field::OBSERVER_NAME, "edge1"),
        (field::OBSERVER_SERIAL_NUMBER, "FGT60F0000000001"),
        (field::EVENT_CODE, "0000000013"),
        (field::LOG_LEVEL, "notice"),
        (field::SOURCE_IP, "192.0.2.7"),
        (field::OBSERVER_INGRESS_INTERFACE_NAME, "lan"),
        (field::DESTINATION_IP, "198.51.100.80"),
        (field::OBSERVER_EGRESS_INTERFACE_NAME, "wan1"),
        (field::RULE_ID, "12"),
        (field::NETWORK_PROTOCOL, "HTTPS"),
        (field::USER_NAME, "a.miller"),
    ] {
        event.set(field, part(text));
    }
    event.set_int(field::SOURCE_PORT, 51_515);
    event.set_int(field::DESTINATION_PORT, 443);
    event.set_int(field::SOURCE_BYTES, 4_711);
    event.set_int(field::DESTINATION_BYTES, 81_230);
    event.set_static(field::NETWORK_TRANSPORT, "tcp");
    event
}

fn print(c: &mut Criterion) {
    let origin = Box::leak(Box::new(Origin::new(Transport::Tcp, "tcp://127.0.0.1:5514")));
    let received = "2026-11-22T01:53:02.123456Z".parse().expect("a time");
    let event = traffic(&Record { received, origin, kind: Kind::Line, truncated: false, raw: LINE });
    assert_eq!(event.fields().len(), 25);
    let mut out = Vec::new();
    let mut group = c.benchmark_group("print");
    group.throughput(Throughput::Elements(1));
    for (name, shape) in [("nested", Shape::Nested), ("flat", Shape::Flat)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                out.clear();
                write_json(black_box(&event), shape, &mut out);
                out.len()
            })
        });
    }
}

criterion_group!(benches, print);
criterion_main!(benches);
