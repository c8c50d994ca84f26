//! JSON objects → fields: one pass over the bytes, no tree.
//!
//! Read by the JSON formats and by `replay --input events`. Nested and dotted keys become dotted names, an array
//! becomes repeated values, objects in an array lend their keys to the array's name. A string without escapes stays a
//! span of the record. Broken JSON (RFC 8259) is a [`Reject`] with its offset.

use std::cell::RefCell;

use memchr::memchr2;

use crate::{Event, Field, Value, formats::Reject};

pub mod format;
pub mod keys;
pub mod table;

/// Most objects and arrays inside each other.
pub const MAX_DEPTH: usize = 64;
/// Longest dotted name that becomes a field, in bytes; the value of a longer one stays in the raw record only.
pub const MAX_NAME: usize = 256;

#[derive(Default)]
struct Scratch {
    path: String,
    text: String,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Reads one JSON object, blanks around it allowed, and sets a field for each scalar in it.
///
/// `map` is asked for the field of each dotted name; where it has none, the name is interned behind `prefix` (with its
/// dot, or empty). A key that stands twice gives two values. `raw` should be part of the event's record: values are
/// kept as spans then. On an error the fields set so far remain, for the caller to remove ([`Event::truncate`]).
pub fn read_object<'r>(
    raw: &'r [u8],
    prefix: &str,
    event: &mut Event<'r>,
    map: impl Fn(&str) -> Option<Field>,
) -> Result<(), Reject> {
    read_into(raw, prefix, event, &mut Mapped { prefix: prefix.len(), map })
}

/// What takes the scalars of a JSON object, in the order in which they stand. Called by [`read_into`].
pub trait Sink {
    /// A value at a dotted name, which begins with the prefix that [`read_into`] was given. Text is this event's.
    fn value(&mut self, event: &mut Event<'_>, name: &str, value: Value);
    /// An object begins or ends at this name, that of the array where it stands in one.
    fn object(&mut self, event: &mut Event<'_>, name: &str, begins: bool) {
        let _ = (event, name, begins);
    }
}

/// Each name is its own field unless `map` knows another.
struct Mapped<M> {
    prefix: usize,
    map: M,
}

impl<M: Fn(&str) -> Option<Field>> Sink for Mapped<M> {
    fn value(&mut self, event: &mut Event<'_>, name: &str, value: Value) {
        if let Some(field) = (self.map)(&name[self.prefix..]).or_else(|| Field::intern(name)) {
            event.push(field, value);
        }
    }
}

/// Reads one JSON object, blanks around it allowed, and hands each scalar in it with its dotted name behind `prefix`
/// (with its dot, or empty) to `sink`. A value whose name is longer than [`MAX_NAME`] is left out. For `raw` and errors
/// see [`read_object`].
pub fn read_into(raw: &[u8], prefix: &str, event: &mut Event<'_>, sink: &mut impl Sink) -> Result<(), Reject> {
    with_reader(raw, prefix, prefix.len(), event, sink, |reader| {
        reader.expect(b'{', "json_no_object")?;
        reader.object(1)
    })
}

/// The same for any JSON value that stands at `name`: the text of a string that holds JSON itself.
pub fn read_value_into(raw: &[u8], name: &str, event: &mut Event<'_>, sink: &mut impl Sink) -> Result<(), Reject> {
    with_reader(raw, name, 0, event, sink, |reader| reader.value(0))
}

fn with_reader<'a, 'r, 'e, S: Sink>(
    raw: &'a [u8],
    path: &str,
    prefix: usize,
    event: &'e mut Event<'r>,
    sink: &'e mut S,
    read: impl FnOnce(&mut Reader<'a, 'r, 'e, S>) -> Result<(), Reject>,
) -> Result<(), Reject> {
    let mut scratch = SCRATCH.take();
    scratch.path.clear();
    scratch.path.push_str(path);
    let mut reader = Reader { raw, at: 0, prefix, scratch, event, sink };
    let result = read(&mut reader).and_then(|()| reader.end());
    SCRATCH.set(reader.scratch);
    result
}

struct Reader<'a, 'r, 'e, S> {
    raw: &'a [u8],
    at: usize,
    prefix: usize,
    scratch: Scratch,
    event: &'e mut Event<'r>,
    sink: &'e mut S,
}

/// A string as it stands, or with its escapes decoded into the scratch text.
enum Text<'a> {
    Plain(&'a [u8]),
    Decoded,
}

impl<'a, S: Sink> Reader<'a, '_, '_, S> {
    fn end(&mut self) -> Result<(), Reject> {
        self.blanks();
        if self.at < self.raw.len() { Err(self.reject("json_trailing_bytes")) } else { Ok(()) }
    }

    /// The rest of an object whose brace has been read.
    fn object(&mut self, depth: usize) -> Result<(), Reject> {
        self.sink.object(self.event, &self.scratch.path, true);
        self.members(depth)?;
        self.sink.object(self.event, &self.scratch.path, false);
        Ok(())
    }

    fn members(&mut self, depth: usize) -> Result<(), Reject> {
        if self.next_is(b'}') {
            return Ok(());
        }
        loop {
            self.expect(b'"', "json_no_key")?;
            let parent = self.scratch.path.len();
            self.key(parent)?;
            self.expect(b':', "json_no_colon")?;
            self.value(depth)?;
            self.scratch.path.truncate(parent);
            if self.next_is(b'}') {
                return Ok(());
            }
            self.expect(b',', "json_no_comma")?;
        }
    }

    /// The rest of an array whose bracket has been read.
    fn array(&mut self, depth: usize) -> Result<(), Reject> {
        if self.next_is(b']') {
            return Ok(());
        }
        loop {
            self.value(depth)?;
            if self.next_is(b']') {
                return Ok(());
            }
            self.expect(b',', "json_no_comma")?;
        }
    }

    fn value(&mut self, depth: usize) -> Result<(), Reject> {
        self.blanks();
        let byte = *self.raw.get(self.at).ok_or(self.reject("json_cut"))?;
        match byte {
            b'{' | b'[' if depth >= MAX_DEPTH => return Err(self.reject("json_too_deep")),
            b'"' => {
                self.at += 1;
                let text = self.string()?;
                self.set_string(text);
            }
            b'{' => {
                self.at += 1;
                self.object(depth + 1)?;
            }
            b'[' => {
                self.at += 1;
                self.array(depth + 1)?;
            }
            b't' => self.word(b"true", Value::Bool(true))?,
            b'f' => self.word(b"false", Value::Bool(false))?,
            b'n' => self.word(b"null", Value::Null)?,
            _ => self.number()?,
        }
        Ok(())
    }

    /// Appends a key, whose quote has been read, to the path.
    fn key(&mut self, parent: usize) -> Result<(), Reject> {
        let text = self.string()?;
        let Scratch { path, text: decoded } = &mut self.scratch;
        if path.len() > MAX_NAME {
            return Ok(());
        }
        if parent > self.prefix {
            path.push('.');
        }
        match text {
            Text::Plain(bytes) => match std::str::from_utf8(bytes) {
                Ok(key) => path.push_str(key),
                Err(_) => path.push_str(&String::from_utf8_lossy(bytes)),
            },
            Text::Decoded => path.push_str(decoded),
        }
        Ok(())
    }

    fn set(&mut self, value: Value) {
        if self.scratch.path.len() <= MAX_NAME {
            self.sink.value(self.event, &self.scratch.path, value);
        }
    }

    fn set_string(&mut self, text: Text<'a>) {
        let value = match text {
            Text::Plain(bytes) => self.event.value_of(bytes),
            Text::Decoded => self.event.value_of(self.scratch.text.as_bytes()),
        };
        self.set(value);
    }

    fn word(&mut self, word: &[u8], value: Value) -> Result<(), Reject> {
        if !self.raw[self.at..].starts_with(word) {
            return Err(self.reject("json_bad_word"));
        }
        self.at += word.len();
        self.set(value);
        Ok(())
    }

    /// A number (RFC 8259, section 6). One that neither an integer of 64 bits nor a finite float holds stays text.
    fn number(&mut self) -> Result<(), Reject> {
        let start = self.at;
        self.skip_one(b"-");
        let whole = self.digits();
        if whole == 0 || whole > 1 && self.raw[self.at - whole] == b'0' {
            self.at = start;
            return Err(self.reject("json_bad_value"));
        }
        let mut float = false;
        if self.skip_one(b".") {
            float = true;
            if self.digits() == 0 {
                return Err(self.reject("json_bad_number"));
            }
        }
        if self.skip_one(b"eE") {
            float = true;
            self.skip_one(b"+-");
            if self.digits() == 0 {
                return Err(self.reject("json_bad_number"));
            }
        }
        let written = &self.raw[start..self.at];
        let text = std::str::from_utf8(written).unwrap_or_default();
        let value = if float {
            text.parse().ok().filter(|n: &f64| n.is_finite()).map(Value::Float)
        } else {
            text.parse().ok().map(Value::Int)
        };
        match value {
            Some(value) => self.set(value),
            None => self.set_string(Text::Plain(written)),
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let count = self.raw[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn skip_one(&mut self, any_of: &[u8]) -> bool {
        let found = self.raw.get(self.at).is_some_and(|b| any_of.contains(b));
        self.at += usize::from(found);
        found
    }

    /// A string whose opening quote has been read, up to and with its closing one.
    fn string(&mut self) -> Result<Text<'a>, Reject> {
        let start = self.at;
        let end = self.run_end()?;
        self.at = end + 1;
        if self.raw[end] == b'"' {
            return Ok(Text::Plain(&self.raw[start..end]));
        }
        self.scratch.text.clear();
        self.keep(start, end);
        loop {
            self.escape()?;
            let start = self.at;
            let end = self.run_end()?;
            self.keep(start, end);
            self.at = end + 1;
            if self.raw[end] == b'"' {
                return Ok(Text::Decoded);
            }
        }
    }

    /// Where the next quote or backslash of a string stands; nothing before it may be a control character.
    fn run_end(&mut self) -> Result<usize, Reject> {
        let rest = &self.raw[self.at..];
        let Some(len) = memchr2(b'"', b'\\', rest) else {
            self.at = self.raw.len();
            return Err(self.reject("json_cut"));
        };
        if let Some(bad) = rest[..len].iter().position(|b| *b < 0x20) {
            self.at += bad;
            return Err(self.reject("json_control_character"));
        }
        Ok(self.at + len)
    }

    fn keep(&mut self, start: usize, end: usize) {
        for chunk in self.raw[start..end].utf8_chunks() {
            self.scratch.text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                self.scratch.text.push('\u{fffd}');
            }
        }
    }

    /// An escape whose backslash has been read; a surrogate without its other half becomes U+FFFD.
    fn escape(&mut self) -> Result<(), Reject> {
        let byte = *self.raw.get(self.at).ok_or(self.reject("json_cut"))?;
        let decoded = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return Err(self.reject("json_bad_escape")),
        };
        self.at += 1;
        self.scratch.text.push(decoded);
        Ok(())
    }

    /// Four hex digits behind `\u`, with the second half of a surrogate pair where one follows. Ends on the last digit.
    fn unicode(&mut self) -> Result<char, Reject> {
        let first = self.hex(self.at + 1).ok_or(self.reject("json_bad_escape"))?;
        self.at += 4;
        if (0xD800..0xDC00).contains(&first)
            && self.raw[self.at + 1..].starts_with(b"\\u")
            && let Some(second) = self.hex(self.at + 3).filter(|second| (0xDC00..0xE000).contains(second))
        {
            self.at += 6;
            let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
        }
        Ok(char::from_u32(first).unwrap_or('\u{fffd}'))
    }

    fn hex(&self, at: usize) -> Option<u32> {
        self.raw.get(at..at + 4)?.iter().try_fold(0, |n, b| Some(n * 16 + char::from(*b).to_digit(16)?))
    }

    #[inline]
    fn blanks(&mut self) {
        while matches!(self.raw.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Whether this byte follows, behind blanks; it is read then.
    #[inline]
    fn next_is(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.raw.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    #[inline]
    fn expect(&mut self, byte: u8, reason: &'static str) -> Result<(), Reject> {
        if self.next_is(byte) {
            return Ok(());
        }
        Err(self.reject(if self.at < self.raw.len() { reason } else { "json_cut" }))
    }

    fn reject(&self, reason: &'static str) -> Reject {
        Reject { reason, offset: self.at }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::Value as Json;

    use super::*;
    use crate::{Kind, Origin, Record, Transport, event::MAX_FIELDS_PER_EVENT};

    static ORIGIN: LazyLock<Origin> = LazyLock::new(|| Origin::new(Transport::File, "test"));

    fn with<'r, T>(raw: &'r [u8], look: impl FnOnce(&mut Event<'r>) -> T) -> T {
        let received = "2026-11-22T01:53:02Z".parse().unwrap();
        look(&mut Event::new(&Record { received, origin: &ORIGIN, kind: Kind::Line, truncated: false, raw }))
    }

    fn fields(raw: &str) -> Result<Vec<(String, String)>, Reject> {
        with(raw.as_bytes(), |event| {
            read_object(raw.as_bytes(), "", event, |_| None)?;
            let shown = |v| event.value_text(v).map_or("null".into(), |t| t.into_owned());
            Ok(event.fields().iter().map(|(f, v)| (f.name().to_owned(), shown(*v))).collect())
        })
    }

    #[test]
    fn nested_and_dotted_keys_become_one_name() {
        let found = fields(
            r#" {"source":{"ip":"192.0.2.1","port":443},"user.name":"m\u00fcller\ud83d\ude00\ud800","tags":["a","b",["c"]],
               "x":{},"y":[],"z":null,"list":[{"k":1.5},{"k":-2e3}],"ok":true,"big":18446744073709551615,"huge":1e999} "#,
        )
        .unwrap();
        let found: Vec<_> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let expected = [
            ("source.ip", "192.0.2.1"),
            ("source.port", "443"),
            ("user.name", "müller😀\u{fffd}"),
            ("tags", "a"),
            ("tags", "b"),
            ("tags", "c"),
            ("z", "null"),
            ("list.k", "1.5"),
            ("list.k", "-2000"),
            ("ok", "true"),
            ("big", "18446744073709551615"),
            ("huge", "1e999"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn plain_strings_are_spans_and_unmapped_names_get_the_prefix() {
        let raw = br#"{"msg":"hello","n":{"m":"a\tb"}}"#;
        with(raw, |event| {
            let map = |name: &str| (name == "msg").then_some(crate::field::MESSAGE);
            read_object(raw, "json.", event, map).unwrap();
            assert_eq!(event.get(crate::field::MESSAGE), Some(Value::Raw(8, 13)));
            let nested = Field::intern("json.n.m").unwrap();
            assert_eq!(event.text(nested).unwrap(), "a\tb");
        });
    }

    #[test]
    fn broken_json_is_refused_where_it_breaks() {
        for (raw, reason, offset) in [
            ("", "json_cut", 0),
            ("[1]", "json_no_object", 0),
            ("{", "json_cut", 1),
            ("{a:1}", "json_no_key", 1),
            (r#"{"a" 1}"#, "json_no_colon", 5),
            (r#"{"a":}"#, "json_bad_value", 5),
            (r#"{"a":01}"#, "json_bad_value", 5),
            (r#"{"a":1.}"#, "json_bad_number", 7),
            (r#"{"a":nul}"#, "json_bad_word", 5),
            (r#"{"a":1"b":2}"#, "json_no_comma", 6),
            (r#"{"a":1,}"#, "json_no_key", 7),
            (r#"{"a":"b"#, "json_cut", 7),
            (r#"{"a":"\x"}"#, "json_bad_escape", 7),
            (r#"{"a":"\u12"}"#, "json_bad_escape", 7),
            ("{\"a\":\"b\nc\"}", "json_control_character", 7),
            (r#"{"a":1} x"#, "json_trailing_bytes", 8),
        ] {
            assert_eq!(fields(raw), Err(Reject { reason, offset }), "{raw}");
        }
    }

    #[test]
    fn hostile_depth_and_width_are_bounded() {
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert_eq!(fields(&deep).unwrap_err().reason, "json_too_deep");
        let deep = "{\"a\":".repeat(100_000);
        assert_eq!(fields(&deep).unwrap_err().reason, "json_too_deep");
        let wide = format!("{{{}\"z\":0}}", "\"k\":1,".repeat(10_000));
        assert_eq!(fields(&wide).unwrap().len(), MAX_FIELDS_PER_EVENT);
        let long = format!("{{\"{}\":{{\"b\":1}},\"c\":2}}", "k".repeat(MAX_NAME + 1));
        assert_eq!(fields(&long).unwrap(), [("c".to_owned(), "2".to_owned())]);
    }

    /// What serde_json makes of the same text, flattened.
    fn flatten(path: &str, json: &Json, into: &mut Vec<(String, String)>) {
        match json {
            Json::Object(map) => map.iter().for_each(|(key, value)| {
                let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&name, value, into);
            }),
            Json::Array(values) => values.iter().for_each(|value| flatten(path, value, into)),
            Json::String(text) => into.push((path.to_owned(), text.clone())),
            other => into.push((path.to_owned(), other.to_string())),
        }
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            ".{0,12}".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                proptest::collection::btree_map("[a-d\"é]{1,3}", inner, 0..4)
                    .prop_map(|m| Json::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_json_reads(json in any_json()) {
            let document = serde_json::json!({ "root": json });
            let mut expected = Vec::new();
            flatten("", &document, &mut expected);
            prop_assert_eq!(fields(&document.to_string()).unwrap(), expected.clone());
            prop_assert_eq!(fields(&serde_json::to_string_pretty(&document).unwrap()).unwrap(), expected);
        }

        #[test]
        fn it_accepts_exactly_what_serde_json_accepts(text in r#"\{"a":[\[\]{}",:0-9a-u.eE+\\ -]{0,12}\}?"#) {
            let theirs = serde_json::from_str::<serde_json::Map<String, Json>>(&text);
            // a number above all floats stays text here, serde_json refuses it
            prop_assume!(!theirs.as_ref().is_err_and(|e| e.to_string().contains("out of range")));
            prop_assert_eq!(fields(&text).is_ok(), theirs.is_ok(), "{}", text);
        }
    }
}
