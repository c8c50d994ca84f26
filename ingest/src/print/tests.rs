use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::*;
use crate::{Kind, Origin, Record, Transport};

fn event(raw: &[u8]) -> Event<'static> {
    let origin = Origin::new(Transport::File, "test");
    let received = "2026-11-22T01:53:02Z".parse().unwrap();
    Event::new(&Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw }).into_owned()
}

fn printed(event: &Event<'_>, shape: Shape) -> Json {
    let mut out = Vec::new();
    write_json(event, shape, &mut out);
    serde_json::from_slice(&out).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out)))
}

/// Nested or dotted keys as dotted keys.
fn flatten(prefix: &str, json: &Json, into: &mut Map<String, Json>) {
    for (key, value) in json.as_object().unwrap() {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Json::Object(_) => flatten(&name, value, into),
            _ => assert!(into.insert(name.clone(), value.clone()).is_none(), "{name} stands twice"),
        }
    }
}

#[test]
fn an_unknown_line_keeps_its_text_and_its_reason() {
    let mut event = event(b"caf\xc3\xa9 \xff\"\\\n\x01");
    event.reason = Some("no_format");
    let json = printed(&event, Shape::Nested);
    assert_eq!(json["event"]["original"], "café \u{fffd}\"\\\n\u{1}");
    assert_eq!(json["roundsman"]["format"], "unknown");
    assert_eq!(json["roundsman"]["reason"], "no_format");
    assert_eq!(json["roundsman"]["received"], "2026-11-22T01:53:02Z");
    assert_eq!(json.get("@timestamp"), None);
}

#[test]
fn objects_are_nested_by_common_prefix_and_typed() {
    let mut event = event(b"x");
    event.time = Some("2026-11-22T01:53:01.25Z".parse().unwrap());
    event.truncated = true;
    event.set_int(field::SOURCE_PORT, 443);
    event.set_static(field::EVENT_CATEGORY, "network");
    event.set_text(field::SOURCE_GEO_COUNTRY_NAME, "Chile");
    event.set_text(field::RELATED_IP, "192.0.2.1");
    event.set_text(field::RELATED_IP, "192.0.2.2");
    event.set_text(field::MESSAGE, "one");
    event.set_text(field::MESSAGE, "two");
    event.push(field::ERROR_CODE, Value::Null);
    event.push(field::EVENT_SEVERITY, Value::Float(1.0));
    event.push(field::EVENT_DURATION, Value::Float(f64::NAN));
    event.push(field::EVENT_ID, Value::Bool(false));
    let expected: Json = serde_json::from_str(
        r#"{"@timestamp":"2026-11-22T01:53:01.250Z","error":{"code":null},
            "event":{"category":["network"],"duration":null,"id":false,"original":"x","severity":1.0},
            "message":["one","two"],"related":{"ip":["192.0.2.1","192.0.2.2"]},
            "roundsman":{"format":"unknown","received":"2026-11-22T01:53:02Z","truncated":true},
            "source":{"geo":{"country_name":"Chile"},"port":443}}"#,
    )
    .unwrap();
    assert_eq!(printed(&event, Shape::Nested), expected);
    let mut flat = Map::new();
    flatten("", &expected, &mut flat);
    assert_eq!(printed(&event, Shape::Flat), Json::Object(flat));
}

#[test]
fn a_value_that_is_also_an_object_leaves_the_deeper_names_dotted() {
    let mut event = event(b"x");
    for name in ["k.a-b", "k.a.b.c", "k.a.b", "k.a", "k.ab", "k.a.c", "k.a-b.c", "kk"] {
        event.set_text(Field::intern(name).unwrap(), name);
    }
    let json = printed(&event, Shape::Nested);
    let k = json["k"].as_object().unwrap();
    assert_eq!(k.keys().map(String::as_str).collect::<Vec<_>>(), ["a", "a.b", "a.b.c", "a.c", "a-b", "a-b.c", "ab"]);
    assert_eq!(json["kk"], "kk");
}

#[test]
fn a_name_of_a_thousand_levels_stays_readable() {
    let mut event = event(b"x");
    event.set_int(Field::intern(&"d.".repeat(1_000)).unwrap(), 1);
    assert!(printed(&event, Shape::Nested)["d"].is_object());
}

#[test]
fn times_are_written_as_their_library_reads_them() {
    for (time, text) in [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"),
        ("2024-02-29T12:00:00.000001Z", "2024-02-29T12:00:00.000001Z"),
        ("2026-12-31T23:59:59.123456789Z", "2026-12-31T23:59:59.123456789Z"),
        ("9999-12-30T00:00:00Z", "9999-12-30T00:00:00Z"),
    ] {
        let mut out = Vec::new();
        write_time(time.parse().unwrap(), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }
}

fn any_value() -> impl Strategy<Value = (Value, Vec<u8>)> {
    prop_oneof![
        any::<i64>().prop_map(|n| (Value::Int(n), Vec::new())),
        // sixty-fourths: serde_json rounds the last digit of longer ones
        any::<i32>().prop_map(|n| (Value::Float(f64::from(n) / 64.0), Vec::new())),
        any::<bool>().prop_map(|b| (Value::Bool(b), Vec::new())),
        Just((Value::Null, Vec::new())),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(|text| (Value::Static(""), text)),
        ".{0,30}".prop_map(|text| (Value::Static(""), text.into_bytes())),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_parses_and_gives_back_every_value(
        fields in proptest::collection::vec(("[a-c]{1,2}([.][a-c\"-]{0,2}){0,3}", any_value()), 0..30),
    ) {
        let mut event = event(b"raw");
        let mut expected: Map<String, Json> = Map::new();
        for (name, (value, text)) in &fields {
            let field = Field::intern(name).unwrap();
            let json = match value {
                Value::Int(n) => { event.push(field, *value); Json::from(*n) }
                Value::Float(n) => { event.push(field, *value); Json::from(*n) }
                Value::Bool(b) => { event.push(field, *value); Json::from(*b) }
                Value::Null => { event.push(field, *value); Json::Null }
                _ => { event.set(field, text); Json::from(String::from_utf8_lossy(text)) }
            };
            match expected.get_mut(name) {
                Some(Json::Array(all)) => all.push(json),
                Some(one) => *one = Json::Array(vec![one.take(), json]),
                None => { expected.insert(name.clone(), json); }
            }
        }
        expected.insert("event.original".into(), "raw".into());
        expected.insert("roundsman.format".into(), "unknown".into());
        expected.insert("roundsman.received".into(), "2026-11-22T01:53:02Z".into());
        prop_assert_eq!(printed(&event, Shape::Flat), Json::Object(expected.clone()));
        let mut flat = Map::new();
        flatten("", &printed(&event, Shape::Nested), &mut flat);
        prop_assert_eq!(Json::Object(flat), Json::Object(expected));
    }

    #[test]
    fn any_time_is_written_as_rfc_3339(seconds in -62_135_596_800_i64..253_402_207_200, nanos in 0..999_999_999_i32) {
        let time = Timestamp::new(seconds, 0).unwrap() + jiff::SignedDuration::from_nanos(nanos.into());
        let mut out = Vec::new();
        write_time(time, &mut out);
        prop_assert_eq!(String::from_utf8(out).unwrap().parse::<Timestamp>().unwrap(), time);
    }
}

proptest! {
    #[test]
    fn what_is_copied_in_steps_is_what_was_asked_for(
        bytes in proptest::collection::vec(any::<u8>(), 0..200), a in 0_usize..200, b in 0_usize..200,
    ) {
        let (start, end) = (a.min(b).min(bytes.len()), a.max(b).min(bytes.len()));
        let mut out = b"before".to_vec();
        text::copy(&bytes, start..end, &mut out);
        prop_assert_eq!(out, [b"before", &bytes[start..end]].concat());
    }

    #[test]
    fn only_what_needs_no_escape_is_plain(bytes in proptest::collection::vec(0x1E_u8..0x81, 0..80)) {
        let alone = |byte: &u8| text::is_plain(std::slice::from_ref(byte));
        prop_assert_eq!(text::is_plain(&bytes), bytes.iter().all(alone));
        let mut out = Vec::new();
        write_string(&bytes, &mut out);
        if text::is_plain(&bytes) {
            prop_assert_eq!(&out[1..out.len() - 1], &bytes[..]);
        } else if bytes.is_ascii() && !bytes.contains(&0x7F) {
            prop_assert_ne!(&out[1..out.len() - 1], &bytes[..]);
        }
    }
}
