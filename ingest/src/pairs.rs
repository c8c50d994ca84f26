//! `key=value` pairs, blanks between them: FortiGate and logfmt.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::{Event, Field};

/// One pair. Without `=` the value is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<'r> {
    /// The key; never empty.
    pub key: &'r [u8],
    /// The value without its quotes.
    pub value: Option<&'r [u8]>,
    /// The value stood in quotes, so that a backslash in it escapes what follows.
    pub quoted: bool,
}

/// The pairs of a text, in order. Never fails: an open quote reaches to the end.
#[derive(Clone, Debug)]
pub struct Pairs<'r> {
    rest: &'r [u8],
    mark: u8,
    equals: u8,
    loose: bool,
}

impl<'r> Pairs<'r> {
    /// The pairs of this text.
    pub fn new(text: &'r [u8]) -> Self {
        Pairs::between(text, b'=', b' ')
    }

    /// The pairs of a text with commas between them.
    pub fn with_commas(text: &'r [u8]) -> Self {
        Pairs::between(text, b'=', b',')
    }

    /// The pairs of a text with other marks: `key:"value";` has `:` and `;`.
    pub fn between(text: &'r [u8], equals: u8, mark: u8) -> Self {
        Pairs { rest: text, mark, equals, loose: false }
    }

    /// The pairs of a sender that leaves out quotes: a value reaches to the blank before the next `key=`.
    pub fn loose(text: &'r [u8]) -> Self {
        Pairs { loose: true, ..Pairs::new(text) }
    }
}

impl<'r> Iterator for Pairs<'r> {
    type Item = Pair<'r>;

    fn next(&mut self) -> Option<Pair<'r>> {
        loop {
            let blanks = self.rest.iter().take_while(|b| b.is_ascii_whitespace() || **b == self.mark).count();
            let text = &self.rest[blanks..];
            if text.is_empty() {
                return None;
            }
            let end = memchr2(self.equals, self.mark, text).unwrap_or(text.len());
            let (key, after) = text.split_at(end);
            if key.is_empty() {
                // a stray `=`: skip it
                self.rest = &after[1..];
                continue;
            }
            let Some(after) = after.strip_prefix(&[self.equals]) else {
                self.rest = after;
                return Some(Pair { key, value: None, quoted: false });
            };
            let (value, quoted, rest) = match after.strip_prefix(b"\"") {
                Some(inner) => {
                    let end = closing_quote(inner);
                    (&inner[..end], true, inner.get(end + 1..).unwrap_or_default())
                }
                None if self.loose => {
                    let end = before_next_key(after);
                    (after[..end].trim_ascii_end(), false, &after[end..])
                }
                None => {
                    let end = memchr(self.mark, after).unwrap_or(after.len());
                    (&after[..end], false, &after[end..])
                }
            };
            self.rest = rest;
            return Some(Pair { key, value: Some(value), quoted });
        }
    }
}

/// Where the blank before the next key stands, else the end.
fn before_next_key(text: &[u8]) -> usize {
    let mut from = 0;
    while let Some(equals) = memchr(b'=', &text[from..]).map(|at| from + at) {
        let mut key = text[from..equals].iter().rposition(|b| !is_key_byte(*b)).map(|at| from + at);
        // a group may open before its first key
        while let Some(at) = key.filter(|at| text[*at] == b'[' && *at > from) {
            key = Some(at - 1);
        }
        if let Some(blank) = key.filter(|at| text[*at] == b' ' && at + 1 < equals) {
            return blank;
        }
        from = equals + 1;
    }
    text.len()
}

/// What the keys of such senders are made of.
fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Where the next quote stands that no backslash escapes, else the end.
pub fn closing_quote(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr2(b'"', b'\\', &text[at..]) {
        if text[at + found] == b'"' {
            return at + found;
        }
        at = (at + found + 2).min(text.len());
    }
    text.len()
}

/// Text without the backslashes that escape: `\n` and `\t` are control characters, any other character is itself.
pub fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'\\', text) else { return Cow::Borrowed(text) };
    let mut plain = text[..first].to_vec();
    let mut bytes = text[first..].iter().copied();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next() {
                Some(b'n') => b'\n',
                Some(b't') => b'\t',
                Some(b'r') => b'\r',
                Some(other) => other,
                None => b'\\',
            },
            other => other,
        });
    }
    Cow::Owned(plain)
}

/// Longest key that becomes a name.
const MAX_KEY: usize = 64;
const MAX_PREFIX: usize = 32;

/// The field `prefix` + `key`, its name put together on the stack; `None` where the key is too long or no word of
/// printable ASCII.
pub fn own_field(prefix: &str, key: &[u8]) -> Option<Field> {
    let mut name = [0_u8; MAX_PREFIX + MAX_KEY];
    let len = prefix.len() + key.len();
    if key.is_empty() || key.len() > MAX_KEY || !key.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    name.get_mut(..prefix.len())?.copy_from_slice(prefix.as_bytes());
    name.get_mut(prefix.len()..len)?.copy_from_slice(key);
    Field::intern(std::str::from_utf8(&name[..len]).ok()?)
}

/// Sets the field `prefix` + `key` to this text.
pub fn set_own(event: &mut Event<'_>, prefix: &str, key: &[u8], value: &[u8]) {
    if let Some(field) = own_field(prefix, key) {
        event.set(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, Option<String>)> {
        let text_of = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        Pairs::new(text.as_bytes()).map(|p| (text_of(p.key), p.value.map(text_of))).collect()
    }

    #[test]
    fn values_stand_bare_or_quoted() {
        let found = pairs(r#" a=1 b="two words" c= d e="say \"hi\" \\" f="open"#);
        let expected = [
            ("a", Some("1")),
            ("b", Some("two words")),
            ("c", Some("")),
            ("d", None),
            ("e", Some(r#"say \"hi\" \\"#)),
            ("f", Some("open")),
        ];
        let expected: Vec<_> = expected.map(|(k, v)| (k.to_owned(), v.map(str::to_owned))).to_vec();
        assert_eq!(found, expected);
    }

    #[test]
    fn commas_may_stand_between() {
        let found: Vec<_> = Pairs::with_commas(b"a=1,b=\"x, y\",c=two words").map(|p| p.value.unwrap()).collect();
        assert_eq!(found, [&b"1"[..], b"x, y", b"two words"]);
    }

    #[test]
    fn a_loose_value_reaches_to_the_next_key() {
        let found: Vec<_> = Pairs::loose(b"a=two words (0x1) b=\"x y\" url=/q?c=1&d=2 e= f=last one").collect();
        let values: Vec<_> = found.iter().map(|pair| pair.value.unwrap()).collect();
        assert_eq!(values, [&b"two words (0x1)"[..], b"x y", b"/q?c=1&d=2", b"", b"last one"]);
        assert_eq!(Pairs::loose("a=".repeat(100_000).as_bytes()).count(), 1);
    }

    #[test]
    fn stray_marks_end() {
        assert_eq!(pairs("== = a=="), [("a".to_owned(), Some("=".to_owned()))]);
        assert_eq!(Pairs::new("=".repeat(100_000).as_bytes()).count(), 0);
        assert_eq!(Pairs::new(br#"a="\"#).count(), 1);
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(&*unescape(br#"say \"hi\" \\ a\nb\"#), b"say \"hi\" \\ a\nb\\");
        assert!(matches!(unescape(b"plain"), Cow::Borrowed(b"plain")));
    }

    #[test]
    fn own_names_are_bounded() {
        assert_eq!(own_field("fortinet.", b"vd").unwrap().name(), "fortinet.vd");
        assert_eq!(own_field("fortinet.", &[b'a'; MAX_KEY + 1]), None);
        assert_eq!(own_field("fortinet.", b"\xff"), None);
    }
}
