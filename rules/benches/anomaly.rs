//! What baselines cost per event: the matcher's half with the shipped rules and without their anomalies, and the half with
//! the state. The events are already parsed: 40 % firewall, 30 % authentication, 20 % web, 10 % application.

use std::{hint::black_box, sync::Arc};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use roundsman_ingest::{
    Event, Record,
    parse::Parser,
    record::{Kind, Origin, Transport},
};
use roundsman_rules::{
    anomaly::Anomalies,
    sigma::{Options, RuleSet},
    stage::{Findings, Matcher, Scratch},
};

/// Events of a stride.
const EVENTS: usize = 5_000;
/// Events that a lane reads at a time.
const LANE: usize = 512;

fn lines() -> Vec<String> {
    let line = |n: usize| {
        let (a, b, port, stamp) = (n % 250, n / 250 % 250, 1_024 + n % 60_000, "2026-11-20T10:00:00Z");
        match n % 10 {
            0..=3 => {
                let verdict = if n.is_multiple_of(50) { "BLOCK" } else { "ALLOW" };
                format!(
                    "<4>{stamp} gate{} kernel: [{n}.120431] [UFW {verdict}] IN=ens3 OUT= MAC=52:54:00:0a:1b:2c:00:16:3e:11:22:33:08:00 \
                     SRC=10.1.{b}.{a} DST=10.9.0.{a} LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID={port} DF PROTO=TCP SPT={port} DPT=443 \
                     WINDOW=64240 RES=0x00 SYN URGP=0",
                    n % 3
                )
            }
            4 | 5 => format!(
                "<38>{stamp} web{} sshd[{port}]: Accepted publickey for anna from 10.1.{b}.{a} port {port} ssh2: ED25519 \
                 SHA256:Q0mD1qv8l3bWq2XxTz5yR7uE4nJ6kP9s",
                n % 3
            ),
            6 => format!("<86>{stamp} web1 sshd[{port}]: pam_unix(sshd:session): session closed for user anna"),
            7 | 8 => format!(
                "<190>{stamp} web2 nginx: 93.184.{b}.{a} - - [20/Nov/2026:10:00:00 +0000] \"GET /orders/{n} HTTP/1.1\" 200 \
                 {port} \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101\""
            ),
            _ => format!(
                "<134>{stamp} app1 orders[702]: level=info msg=\"request done\" user=anna status=200 dur_ms={a}.4 peer=10.1.{b}.{a}"
            ),
        }
    };
    (0..EVENTS).map(line).collect()
}

fn received() -> Timestamp {
    "2026-11-20T10:00:01Z".parse().expect("a time")
}

fn rules(anomalies: bool) -> Arc<RuleSet> {
    let (all, _) = RuleSet::load(&RuleSet::shipped_files(), &Options::default());
    let disable = match anomalies {
        true => Vec::new(),
        false => all.anomalies().map(|(number, _)| all.rule(number).id.clone()).collect(),
    };
    let (rules, problems) = RuleSet::load(&RuleSet::shipped_files(), &Options { disable, ..Options::default() });
    assert!(problems.is_empty(), "{problems:?}");
    Arc::new(rules)
}

fn look(matcher: &Matcher, events: &[Event<'_>], scratch: &mut Scratch) -> Findings {
    let mut all = Findings::default();
    for lane in events.chunks(LANE) {
        let mut findings = Findings::default();
        lane.iter().for_each(|event| matcher.look(0, black_box(event), scratch, &mut findings));
        all.append(&mut findings);
    }
    all
}

fn baselines(c: &mut Criterion) {
    let (origin, lines) = (Origin::new(Transport::Tcp, "bench"), lines());
    let parser = Parser::default();
    let record = |raw: &'_ String| -> Event<'static> {
        let raw = raw.as_bytes();
        let record = Record { received: received(), origin: &origin, kind: Kind::Line, truncated: false, raw };
        parser.parse(&record, Event::new(&record)).into_owned()
    };
    let events: Vec<Event<'static>> = lines.iter().map(record).collect();
    let mut group = c.benchmark_group("baselines");
    group.throughput(Throughput::Elements(EVENTS as u64));
    for (name, anomalies) in [("look/without", false), ("look/with", true)] {
        let matcher = Matcher::new(rules(anomalies), false);
        let mut scratch = Scratch::default();
        group.bench_function(name, |b| b.iter(|| look(&matcher, &events, &mut scratch)));
    }
    let rules = rules(true);
    let found = look(&Matcher::new(rules.clone(), false), &events, &mut Scratch::default());
    let mut anomalies = Anomalies::new(rules);
    group.bench_function("absorb", |b| b.iter(|| anomalies.absorb(black_box(&found.sightings), received())));
    group.finish();
}

criterion_group!(benches, baselines);
criterion_main!(benches);
