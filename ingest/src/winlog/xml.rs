//! An event as XML: `<Event xmlns=…><System>…</System><EventData>…</EventData></Event>`.
//!
//! Only what such events hold is read: elements, attributes, text, the five entities and numeric ones, CDATA. No
//! document type, no processing beyond that; so nothing in an event can make the reader look elsewhere.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use crate::{Event, Value, formats::Reject, scan::reject, winlog::tree::put};

/// Deepest nesting that is followed.
const MAX_DEPTH: usize = 32;

/// Reads one event. Text behind it is left.
pub fn read(raw: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    let mut reader = Reader { rest: raw.trim_ascii_start(), path: String::new(), open: Vec::new(), data: None };
    loop {
        let at = memchr(b'<', reader.rest).ok_or(reject("xml_cut"))?;
        let text = reader.rest[..at].trim_ascii();
        reader.rest = &reader.rest[at..];
        let done = reader.markup(text, event)?;
        if done {
            return Ok(());
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    path: String,
    /// Lengths of the path outside each open element.
    open: Vec<usize>,
    /// The name of the `Data` element that is open.
    data: Option<String>,
}

impl<'a> Reader<'a> {
    /// Reads one piece of markup, before which `text` stands. Says whether the event is at its end.
    fn markup(&mut self, text: &'a [u8], event: &mut Event<'_>) -> Result<bool, Reject> {
        if let Some(inner) = self.rest.strip_prefix(b"<![CDATA[") {
            let end = memmem::find(inner, b"]]>").ok_or(reject("xml_cut"))?;
            self.text(&inner[..end], false, event);
            self.rest = &inner[end + 3..];
            return Ok(false);
        }
        let end = tag_end(self.rest).ok_or(reject("xml_cut"))?;
        let tag = &self.rest[1..end];
        self.rest = &self.rest[end + 1..];
        match tag.first() {
            Some(b'?' | b'!') => {}
            Some(b'/') => {
                self.text(text, true, event);
                self.path.truncate(self.open.pop().ok_or(reject("xml_not_open"))?);
                self.data = None;
                return Ok(self.open.is_empty());
            }
            _ => {
                let empty = tag.ends_with(b"/");
                self.start(tag.strip_suffix(b"/").unwrap_or(tag), event)?;
                if empty {
                    self.path.truncate(self.open.pop().unwrap_or_default());
                    self.data = None;
                    return Ok(self.open.is_empty());
                }
            }
        }
        Ok(false)
    }

    fn start(&mut self, tag: &'a [u8], event: &mut Event<'_>) -> Result<(), Reject> {
        if self.open.len() >= MAX_DEPTH {
            return Err(reject("xml_too_deep"));
        }
        let end = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
        let name = String::from_utf8_lossy(&tag[..end]);
        if self.open.is_empty() && name != "Event" {
            return Err(reject("xml_no_event"));
        }
        self.open.push(self.path.len());
        if self.open.len() > 1 {
            if !self.path.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(&name);
        }
        for (name, value) in attributes(&tag[end..]) {
            if self.path == "EventData.Data" && name == b"Name" {
                self.data = Some(String::from_utf8_lossy(value).into_owned());
            } else if !name.starts_with(b"xmlns") && !self.path.is_empty() {
                let path = format!("{}.{}", self.path, String::from_utf8_lossy(name));
                let value = self.value(value, true, event);
                put(event, &path, value);
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &[u8], encoded: bool, event: &mut Event<'_>) {
        if text.is_empty() {
            return;
        }
        let value = self.value(text, encoded, event);
        match &self.data {
            Some(name) => put(event, &format!("EventData.{name}"), value),
            None => put(event, &self.path, value),
        }
    }

    fn value(&self, text: &[u8], encoded: bool, event: &mut Event<'_>) -> Value {
        match if encoded { decode(text) } else { Cow::Borrowed(text) } {
            Cow::Borrowed(text) => event.value_of(text),
            Cow::Owned(text) => event.value_of(&text),
        }
    }
}

/// Where the `>` stands that ends a tag; one in a quoted attribute does not.
fn tag_end(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    text.iter().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'>') => return true,
            _ => {}
        }
        false
    })
}

/// The attributes of a tag: names, and values as they stand.
pub fn attributes(mut text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        text = text.trim_ascii_start();
        let equals = memchr(b'=', text)?;
        let name = text[..equals].trim_ascii();
        let quoted = text[equals + 1..].trim_ascii_start();
        let (quote, inner) = quoted.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
        let end = memchr(*quote, inner)?;
        text = &inner[end + 1..];
        Some((name, &inner[..end]))
    })
}

/// Text without its entities.
pub fn decode(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'&', text) else { return Cow::Borrowed(text) };
    let mut plain = text[..first].to_vec();
    let mut rest = &text[first..];
    while let Some((_, behind)) = rest.split_first() {
        // the longest entity is `&#x10FFFF;`
        let end = memchr(b';', &behind[..behind.len().min(9)]);
        match end.and_then(|end| Some((entity(&behind[..end])?, end))) {
            Some((character, end)) => {
                plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &behind[end + 1..];
            }
            None => {
                plain.push(b'&');
                rest = behind;
            }
        }
        let next = memchr(b'&', rest).unwrap_or(rest.len());
        plain.extend_from_slice(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(plain)
}

fn entity(name: &[u8]) -> Option<char> {
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        _ => {
            let digits = std::str::from_utf8(name.strip_prefix(b"#")?).ok()?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_decoded_and_stray_ampersands_stay() {
        assert_eq!(&*decode(b"a &lt;b&gt; &amp;&#65;&#x42; & c &unknown; &"), b"a <b> &AB & c &unknown; &");
        assert!(matches!(decode(b"plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_bracket_in_an_attribute_does_not_end_the_tag() {
        assert_eq!(tag_end(b"<a b='>' c=\">\">"), Some(14));
        assert_eq!(tag_end(b"<a b='>"), None);
    }
}
