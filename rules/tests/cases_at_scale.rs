//! A million patch cases: 5,000 assets times 200 advisories. Slow, so not run by itself:
//! `cargo test --release -p roundsman-rules --test cases_at_scale -- --ignored --nocapture`.
#![allow(clippy::disallowed_methods)] // it reads the clock and the process's memory: that is what it is about

use std::{fs, time::Instant};

use jiff::{SignedDuration, Timestamp};
use roundsman_ingest::{Event, Kind, Origin, Record, Transport, parse::Parser, record::Feed};
use roundsman_rules::{
    patch::{Cases, Findings, Lens},
    stage::{Output, on_grid},
};

const ASSETS: usize = 5_000;
const ADVISORIES: usize = 200;
/// Lines of evidence that an asset sends in a week, beside what it says about nothing.
const LINES_PER_DAY: usize = 12;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Resident memory in MiB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
}

fn feed(cases: &mut Cases, input: &str, path: String, text: String) -> usize {
    let mut out = Output::default();
    let problems = cases.feed(at("2026-11-20T00:00:00Z"), &Feed { input: input.into(), path, text }, &mut out);
    assert!(problems.iter().all(|p| !p.fatal), "{problems:?}");
    out.cases.len()
}

fn advisory(number: usize) -> String {
    format!(
        "id = \"A-{number:03}\"\ntitle = \"p{number:03}\"\npublished = 2026-11-19T10:00:00Z\ncves = [\"CVE-2026-{number}\"]\n\
         class = \"important\"\nactivation = {{ kind = \"service_restart\", units = [\"u{number}.service\"] }}\n[[target]]\n\
         platform = \"debian:12\"\nproduct = \"p{number:03}\"\nscheme = \"deb\"\nfixed = \"1.0-2\"\n"
    )
}

/// What every asset has on its disk: the packages that the advisories are about, and as many others.
fn report(asset: &str) -> String {
    let package =
        |name: String| format!("{{\"Name\":\"{name}\",\"Version\":\"1.0\",\"Release\":\"1\",\"Arch\":\"amd64\"}}");
    let ours = (0..ADVISORIES).map(|n| package(format!("p{n:03}")));
    let others = (0..ADVISORIES).map(|n| package(format!("other{n:03}")));
    let packages: Vec<String> = ours.chain(others).collect();
    format!(
        "{{\"SchemaVersion\":2,\"CreatedAt\":\"2026-11-19T06:00:00Z\",\"ArtifactName\":\"{asset}\",\"Results\":[{{\
         \"Packages\":[{}]}}]}}",
        packages.join(",")
    )
}

fn loaded() -> (Cases, usize) {
    let mut cases = Cases::new();
    let rows: String = (0..ASSETS).map(|n| format!("a{n:04},debian:12,medium,internal\n")).collect();
    feed(&mut cases, "inventory", "inventory.csv".into(), format!("asset,platform,risk,exposure\n{rows}"));
    for number in 0..ADVISORIES {
        feed(&mut cases, "advisories", format!("advisories/{number}.toml"), advisory(number));
    }
    let told = (0..ASSETS).map(|number| {
        let asset = format!("a{number:04}");
        feed(&mut cases, "scans", format!("scans/{asset}--before.json"), report(&asset))
    });
    let told = told.sum();
    (cases, told)
}

/// One line of evidence or of everyday talk.
fn line(asset: usize, number: usize, at: Timestamp) -> (Option<&'static str>, String) {
    let stamp = at.strftime("%Y-%m-%d %H:%M:%S");
    let package = (asset + number / LINES_PER_DAY) % ADVISORIES;
    let dpkg = |text: String| (Some("/var/log/dpkg.log"), format!("{stamp} {text}"));
    match number % LINES_PER_DAY {
        0 => dpkg(format!("upgrade p{package:03}:amd64 1.0-1 1.0-2")),
        1 => dpkg(format!("status unpacked p{package:03}:amd64 1.0-2")),
        2 => dpkg(format!("status installed p{package:03}:amd64 1.0-2")),
        3 => (
            None,
            format!("<30>{} a{asset:04} systemd[1]: Started u{package}.service - U.", at.strftime("%b %d %H:%M:%S")),
        ),
        _ => (None, format!("<78>{} a{asset:04} CRON[7]: (root) CMD (true)", at.strftime("%b %d %H:%M:%S"))),
    }
}

#[test]
#[ignore = "takes a minute and a gigabyte"]
fn a_million_cases_load_in_ten_seconds_and_a_week_of_evidence_in_sixty() {
    let start = Instant::now();
    let (mut cases, told) = loaded();
    let (took, held) = (start.elapsed(), memory());
    eprintln!("load: {told} cases in {took:.1?}, {held} MiB");
    assert_eq!(told, ASSETS * ADVISORIES);

    let begin = at("2026-11-20T00:00:00Z");
    let mut clock = begin;
    let (mut lines, mut changes) = (0usize, 0usize);
    let (mut reading, mut stage) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
    for number in 0..7 * LINES_PER_DAY {
        let hour = begin + SignedDuration::from_secs(number as i64 * 7_200 + 60);
        for asset in 0..ASSETS {
            let at = hour + SignedDuration::from_millis(asset as i64 * 700);
            let (path, raw) = line(asset, number, at);
            let reads = Instant::now();
            let mut origin = Origin::new(Transport::Tls, "bench");
            origin.host = Some(format!("a{asset:04}").into());
            origin.path = path.map(Into::into);
            let record =
                Record { received: at, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
            let event = Parser::default().parse(&record, Event::new(&record));
            let mut findings = Findings::default();
            Lens.look(&event, &mut findings);
            reading += reads.elapsed();
            let absorbs = Instant::now();
            let mut out = Output::default();
            while let Some(due) = cases.next_due().map(|due| on_grid(due).max(on_grid(clock))).filter(|due| *due <= at)
            {
                clock = due;
                cases.tick(due, &mut out);
            }
            clock = at;
            cases.absorb(findings, at, &mut out);
            stage += absorbs.elapsed();
            changes += out.cases.len();
            lines += 1;
        }
    }
    let each = stage / lines as u32;
    eprintln!(
        "week: {lines} lines read in {reading:.1?}, absorbed in {stage:.1?} ({each:?} each), {changes} changes, {} MiB",
        memory()
    );

    let start = Instant::now();
    let rows: Vec<(String, Vec<u8>)> =
        cases.checkpoint().into_iter().filter_map(|(key, row)| Some((key, row?))).collect();
    eprintln!("checkpoint: {} rows in {:.1?}", rows.len(), start.elapsed());
    drop(cases);
    let start = Instant::now();
    let mut next = Cases::new();
    next.restore(rows);
    eprintln!("restore: {:.1?}, {} MiB", start.elapsed(), memory());
    assert_eq!(next.counts().map(|(_, _, n)| n).sum::<u64>(), (ASSETS * ADVISORIES) as u64);
    assert!(took.as_secs() < 10, "loading took {took:?}");
    assert!(held <= 1_024, "{held} MiB");
    assert!(stage.as_secs() < 60 && each.as_micros() < 20, "{stage:?}, {each:?} each");
}
