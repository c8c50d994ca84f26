//! Whatever a sender writes, reading it ends soon, and what is printed of it is JSON that holds the record.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use roundsman_ingest::{
    Event, Kind, Origin, Record, Transport, Value,
    formats::FORMATS,
    parse::Parser,
    print::{Shape, write_json},
};

/// Far more than reading a long line takes, far less than a quadratic reader would need.
const SOON: Duration = Duration::from_secs(2);
const LONG: usize = 128 * 1024;

/// Reads a record under every path that a format asks for, and by structure; then prints it.
fn read_and_print(raw: &[u8], path: Option<&str>, only: Option<&str>) {
    let mut origin = Origin::new(Transport::Tcp, "test");
    origin.path = path.map(|end| format!("/var/log{end}").into());
    let received = "2026-11-22T12:00:00Z".parse().unwrap();
    let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw };
    let parser = Parser { only: only.and_then(roundsman_ingest::formats::by_name), ..Parser::default() };
    let event = parser.parse(&record, Event::new(&record));
    for (field, value) in event.fields() {
        if let Value::Raw(from, to) = *value {
            assert!(from <= to && to as usize <= raw.len(), "{field:?}");
        }
    }
    let mut out = Vec::new();
    write_json(&event, Shape::Flat, &mut out);
    let printed: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(printed["event.original"], String::from_utf8_lossy(raw).as_ref());
    out.clear();
    write_json(&event, Shape::Nested, &mut out);
    assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
}

#[test]
fn a_long_line_of_any_mark_is_read_soon_by_every_format() {
    let starts = [
        "",
        "{\"a\":",
        "CEF:0|a|b|c|d|e|5|a=",
        "%ASA-6-302013: Built inbound TCP connection 1 for ",
        "%FTD-1-430003: A: ",
        "date=2026-11-22 devid=\"x\" logid=\"1\" type=\"event\" subtype=\"system\" ",
        "level=info msg=x a=",
        "[Sun Nov 22 09:14:07.123456 2026] [core:error] [pid 1] ModSecurity: ",
        "2026/11/22 09:14:07 [error] 1#1: x, client: ",
        "192.0.2.1 - - [22/Nov/2026:09:14:07 +0100] \"",
        "2026-11-22 09:14:07 UTC [1] LOG:  ",
        "2026-11-22 09:14:07 UTC,",
        "7,,,1,igb0,match,block,in,4,",
    ];
    let marks =
        ["[", "{", "\"", "\\", "=", " =", ": ", ", A: ", "(", "a=\"", ",\"\"", "[a \"", "\u{e9}", "a.b=1 ", "/"];
    for start in starts {
        for mark in marks {
            let line = [start.as_bytes(), mark.repeat(LONG / mark.len()).as_bytes()].concat();
            let begun = Instant::now();
            read_and_print(&line, None, None);
            assert!(begun.elapsed() < SOON, "{start:?} and many {mark:?} take {:?}", begun.elapsed());
        }
    }
}

#[test]
fn ten_thousand_pairs_and_names_are_bounded() {
    let pairs: String = (0..10_000).map(|i| format!("key{i}=value ")).collect();
    let json: String = (0..10_000).map(|i| format!("\"json_key{i}\":{i},")).collect();
    for line in
        [format!("level=info msg=x {pairs}"), format!("{{{json}\"z\":0}}"), format!("CEF:0|a|b|c|d|e|5|{pairs}")]
    {
        read_and_print(line.as_bytes(), None, None);
    }
}

/// What the fuzz targets found.
#[test]
fn a_value_without_its_bracket_is_left_out() {
    let line =
        "[2026-11-22T09:14:07,250] [es1] [rest] [authentication_failed]\torigin_address=2[203.0.113.66], principal=]";
    read_and_print(line.as_bytes(), None, None);
    read_and_print(line.as_bytes(), None, Some("elasticsearch"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_example_is_still_a_record(
        which in any::<prop::sample::Index>(),
        example in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..6),
        forced in any::<bool>(),
    ) {
        let format = which.get(FORMATS);
        let mut raw = example.get(format.examples()).raw.as_bytes().to_vec();
        for (at, byte, how) in damage {
            if raw.is_empty() {
                break;
            }
            let at = at.index(raw.len());
            match how {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                _ => { raw.remove(at); }
            }
        }
        read_and_print(&raw, format.paths().first().copied(), forced.then(|| format.name()));
    }
}
