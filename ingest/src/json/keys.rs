//! The keys of a JSON object without reading it: what tells one vendor's objects from another's.
//!
//! A telling set is a list of keys that all stand in the object. A key is `kind`, or `id.applicationName` one object
//! further in (arrays between do not count). Where the value tells, it stands behind `=`: `kind=admin#reports`, its
//! beginning with a star: `eventVersion=1.*`.

use foldhash::HashMap;
use memchr::memchr2;

/// Keys deeper than this many objects are not looked at.
const MAX_OBJECTS: usize = 2;
/// Longest name of a telling key.
const MAX_KEY: usize = 96;
/// Deepest nesting that is followed.
const MAX_DEPTH: u32 = 63;

/// Sets of telling keys and whom they tell.
#[derive(Default)]
pub struct Index {
    sets: Vec<Set>,
    keys: HashMap<&'static [u8], Vec<Test>>,
}

struct Set {
    owner: u16,
    all: u32,
}

/// What one key, and its value where it matters, says for one set.
struct Test {
    set: u16,
    bit: u32,
    value: Option<&'static [u8]>,
}

impl Index {
    /// Adds a set of at most 32 keys.
    pub fn add(&mut self, owner: u16, keys: &'static [&'static str]) {
        let set = self.sets.len() as u16;
        let mut all = 0;
        for (at, key) in keys.iter().take(32).enumerate() {
            let (name, value) = match key.split_once('=') {
                Some((name, value)) => (name, Some(value.as_bytes())),
                None => (*key, None),
            };
            let bit = 1 << at;
            all |= bit;
            self.keys.entry(name.as_bytes()).or_default().push(Test { set, bit, value });
        }
        self.sets.push(Set { owner, all });
    }

    /// The owners of the sets that this object fulfils, those of the largest sets first.
    pub fn owners(&self, object: &[u8]) -> impl Iterator<Item = u16> {
        let mut seen = vec![0_u32; self.sets.len()];
        each_key(object, |name, value| {
            for test in self.keys.get(name).into_iter().flatten() {
                if test.value.is_none_or(|wanted| has_value(value, wanted)) {
                    seen[usize::from(test.set)] |= test.bit;
                }
            }
        });
        let fulfilled = self.sets.iter().zip(seen).filter(|(set, seen)| set.all == *seen);
        let mut owners: Vec<(u32, u16)> = fulfilled.map(|(set, seen)| (32 - seen.count_ones(), set.owner)).collect();
        owners.sort_unstable();
        owners.into_iter().map(|(_, owner)| owner)
    }
}

/// Whether a value, of which the text begins, is this word; a star at its end stands for anything.
fn has_value(text: &[u8], wanted: &[u8]) -> bool {
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    match wanted.strip_suffix(b"*") {
        Some(start) => text.starts_with(start),
        None => text.strip_prefix(wanted).is_some_and(|rest| rest.first().is_none_or(|b| b"\", \t\r\n}]".contains(b))),
    }
}

/// Calls `found` with the name of each key of an object and of the objects right in it, and with the text from its
/// value on. Does not check the JSON; stops where it ends.
pub fn each_key(object: &[u8], mut found: impl FnMut(&[u8], &[u8])) {
    let mut name = [0_u8; MAX_KEY];
    let mut parent = 0;
    let (mut at, mut depth, mut objects) = (0, 0_u32, 0_u64);
    let mut key_follows = false;
    while let Some(byte) = object.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' if depth < MAX_DEPTH => {
                depth += 1;
                key_follows = *byte == b'{';
                objects = objects & !(1 << depth) | u64::from(key_follows) << depth;
            }
            b'{' | b'[' => return,
            b'}' | b']' => {
                objects &= !(1 << depth);
                depth = depth.saturating_sub(1);
                key_follows = false;
            }
            b',' => key_follows = objects >> depth & 1 == 1,
            b'"' => {
                let Some(end) = string_end(object, at) else { return };
                let level = objects.count_ones() as usize;
                if key_follows && level <= MAX_OBJECTS {
                    let start = if level > 1 { parent } else { 0 };
                    if let Some(len) = join(&mut name, start, &object[at..end]) {
                        found(&name[..len], after_colon(&object[end + 1..]));
                        parent = if level == 1 { len } else { parent };
                    } else if level == 1 {
                        parent = MAX_KEY;
                    }
                }
                key_follows = false;
                at = end + 1;
            }
            _ => {}
        }
    }
}

/// Where the quote stands that ends the string that begins here.
fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// Writes a key behind its parent's name; its length in all, where it fits.
fn join(name: &mut [u8; MAX_KEY], parent: usize, key: &[u8]) -> Option<usize> {
    let start = if parent > 0 { parent + 1 } else { 0 };
    name.get_mut(start..start + key.len())?.copy_from_slice(key);
    if parent > 0 {
        name[parent] = b'.';
    }
    Some(start + key.len())
}

fn after_colon(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    text.strip_prefix(b":").unwrap_or(text).trim_ascii_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(object: &str) -> Vec<String> {
        let mut all = Vec::new();
        each_key(object.as_bytes(), |name, _| all.push(String::from_utf8_lossy(name).into_owned()));
        all
    }

    #[test]
    fn keys_of_two_levels_are_seen_and_strings_are_not_keys() {
        let found = keys(r#"{"a":"x\",\"b\":1","c":{"d":{"e":1},"f":[{"g":2}]},"h":["i",{"j":[{"k":3}]}]}"#);
        assert_eq!(found, ["a", "c", "c.d", "c.f", "h", "h.j"]);
    }

    #[test]
    fn broken_and_hostile_text_ends_the_look() {
        assert_eq!(keys(r#"{"a":"x"#), ["a"]);
        assert_eq!(keys("}}}]]]"), [""; 0]);
        assert_eq!(keys(&"[".repeat(100_000)), [""; 0]);
        let long = format!("{{\"{}\":{{\"b\":1}},\"c\":2}}", "k".repeat(MAX_KEY + 1));
        assert_eq!(keys(&long), ["c"]);
    }

    #[test]
    fn the_largest_set_whose_keys_all_stand_there_tells() {
        let mut index = Index::default();
        index.add(7, &["a"]);
        index.add(8, &["a", "kind=one"]);
        index.add(9, &["a", "c.d=tw*"]);
        let owners = |object: &str| index.owners(object.as_bytes()).collect::<Vec<_>>();
        assert_eq!(owners(r#"{"kind": "one", "a": 1}"#), [8, 7]);
        assert_eq!(owners(r#"{"kind":"ones","a":{},"c":[{"d":"two"}]}"#), [9, 7]);
        assert_eq!(owners(r#"{"b":"a"}"#), [0; 0]);
    }
}
