//! Lines of several files and hosts, each led by a byte that chooses its file: all text comes out. A forwarder's header
//! may stay out where the line continues another.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roundsman_ingest::{Kind, Origin, Record, Transport, envelope, join::Joiner};

const PATHS: [&str; 4] =
    ["/var/log/apt/history.log", "/var/log/apt/term.log", "/var/log/audit/audit.log", "/var/log/syslog"];

fuzz_target!(|input: &[u8]| {
    let mut joiner = Joiner::default();
    let (mut messages, mut lines, mut got) = (0, 0, 0);
    let mut now = roundsman_fuzz::received();
    for line in input.split(|b| *b == b'\n') {
        let Some((&which, raw)) = line.split_first() else { continue };
        let mut origin = Origin::new(Transport::File, "fuzz");
        origin.host = Some(["web1", "db1"][usize::from(which >> 7)].into());
        origin.path = Some(PATHS[usize::from(which) % PATHS.len()].into());
        let record = Record { received: now, origin: &origin, kind: Kind::Line, truncated: false, raw };
        if Joiner::wants(&record) {
            messages += letters(envelope::read(raw).message);
            lines += letters(raw);
            joiner.push(&record, &mut |joined| got += text(joined));
        }
        if which & 0x40 != 0 {
            now += jiff::SignedDuration::from_secs(i64::from(which));
            joiner.flush_due(now, &mut |joined| got += text(joined));
        }
        joiner = Joiner::restore(joiner.snapshot());
    }
    joiner.flush_all(&mut |joined| got += text(joined));
    assert!((messages..=lines).contains(&got), "text was lost or doubled: {got} of {messages} to {lines}");
});

fn text(record: &Record<'_>) -> usize {
    letters(record.raw)
}

/// Bytes that are neither blanks nor the NULs with which some senders pad.
fn letters(text: &[u8]) -> usize {
    text.iter().filter(|b| !b.is_ascii_whitespace() && **b != 0).count()
}
