//! What it costs to ask a record for evidence: one that has none, and one of each platform that has.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use roundsman_ingest::{
    Event, Record,
    parse::Parser,
    record::{Kind, Origin, Transport},
};
use roundsman_rules::patch::{Findings, Lens};

/// A name, the file that a record came from, the record.
const RECORDS: &[(&str, &str, &str)] = &[
    ("none", "", "<78>Nov 22 09:14:07 web1 CRON[4711]: (root) CMD (run-parts --report /etc/cron.hourly)"),
    ("dpkg", "/var/log/dpkg.log", "2026-11-22 09:14:07 status installed libssl3:amd64 3.0.22-1~deb12u2"),
    ("dnf", "/var/log/dnf.rpm.log", "2026-11-22T09:14:07+0000 SUBDEBUG Upgrade: shop-db-2:3.4-2.el9_4.noarch"),
    ("zypper", "/var/log/zypp/history", "2026-11-22 09:14:07|install|shop|1.0-2|noarch|root@web1|main|5d1c2e|"),
    (
        "windows",
        "",
        r##"{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-WindowsUpdateClient"}},"EventID":19,"Level":4,"TimeCreated":{"#attributes":{"SystemTime":"2026-11-22T09:14:07.250000Z"}},"Channel":"System","Computer":"pc1"},"EventData":{"updateTitle":"2026-11 Cumulative Update for Windows 11 (KB5099001)","updateGuid":"AC69F6CF"}}}"##,
    ),
    ("cef", "", "<134>Nov 22 09:14:07 edge1 CEF:0|Fortinet|Fortigate|v7.4.5|00013|traffic close|3|src=192.0.2.7"),
    ("systemd", "", "<30>Nov 22 09:14:07 web1 systemd[1]: Started nginx.service - A web server."),
];

fn looking(c: &mut Criterion) {
    let mut group = c.benchmark_group("lens");
    for (name, path, raw) in RECORDS {
        let mut origin = Origin::new(Transport::Tls, "bench");
        origin.host = Some("web1".into());
        origin.path = (!path.is_empty()).then(|| (*path).into());
        let received = "2026-11-22T09:15:00Z".parse().expect("a time");
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
        let event = Parser::default().parse(&record, Event::new(&record));
        group.bench_function(*name, |b| {
            b.iter(|| {
                let mut findings = Findings::default();
                Lens.look(black_box(&event), &mut findings);
                findings
            })
        });
    }
}

criterion_group!(benches, looking);
criterion_main!(benches);
