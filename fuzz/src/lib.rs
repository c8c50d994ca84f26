//! What the fuzz targets share: reading a record and checking what must hold of every event.

use roundsman_ingest::{
    Event, Kind, Origin, Record, Transport, Value,
    formats::Format,
    parse::Parser,
    print::{Shape, write_json},
};

/// When every fuzzed record arrives.
pub fn received() -> jiff::Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

/// Reads a record, by any format or as one; its spans lie inside it, and what is printed is JSON that holds it.
pub fn read(raw: &[u8], only: Option<&'static dyn Format>) {
    let mut origin = Origin::new(Transport::Tcp, "fuzz");
    origin.path = only.and_then(|format| format.paths().first()).map(|end| format!("/var/log{end}").into());
    let record = Record { received: received(), origin: &origin, kind: Kind::Line, truncated: false, raw };
    let parser = Parser { only, ..Parser::default() };
    let event = parser.parse(&record, Event::new(&record));
    for (field, value) in event.fields() {
        if let Value::Raw(from, to) = *value {
            assert!(from <= to && to as usize <= event.raw.len(), "{field:?} lies outside its record");
        }
    }
    let mut json = Vec::new();
    for shape in [Shape::Nested, Shape::Flat] {
        json.clear();
        write_json(&event, shape, &mut json);
        let printed: serde_json::Value = serde_json::from_slice(&json).expect("an event is printed as JSON");
        if shape == Shape::Flat && event.raw.as_ref() == raw {
            assert_eq!(printed["event.original"], String::from_utf8_lossy(raw).as_ref());
        }
    }
}
