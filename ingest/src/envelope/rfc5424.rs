//! RFC 5424: version, fields and STRUCTURED-DATA.

use memchr::memchr;

use super::{Line, iso_stamp, number, skip_blanks, token};

/// What follows the PRI of RFC 5424; `None` where it does not begin like that.
pub(super) fn read(text: &[u8], has_priority: bool) -> Option<Line<'_>> {
    let (version, rest) = token(text)?;
    let version = number(version).filter(|v| (1..=99).contains(v) && version[0] != b'0')? as u8;
    let (word, mut rest) = token(rest)?;
    let stamp = match word {
        // without a PRI only a stamp tells that this is a header
        b"-" if has_priority => None,
        word => match iso_stamp(word)? {
            (b"", stamp, _) => Some(stamp),
            _ => return None,
        },
    };
    let mut fields = [None; 4];
    for field in &mut fields {
        let Some((word, after)) = token(rest) else { break };
        if word[0] == b'[' && word.len() > 1 {
            break; // a sender that left out a field before its STRUCTURED-DATA
        }
        if word.starts_with(b"{\"") {
            break; // one that left out all fields before a message in JSON
        }
        (*field, rest) = ((word != b"-").then_some(word), after);
    }
    let [host, program, pid, msgid] = fields;
    let (structured, rest) = structured_data(skip_blanks(rest));
    let message = skip_blanks(rest);
    let message = message.strip_prefix(b"\xef\xbb\xbf").unwrap_or(message);
    Some(Line { priority: None, version: Some(version), stamp, host, program, pid, msgid, structured, message })
}

/// Splits STRUCTURED-DATA off; where it is broken, all of it is message.
fn structured_data(text: &[u8]) -> (Option<&[u8]>, &[u8]) {
    if let Some(rest) = text.strip_prefix(b"-")
        && (rest.is_empty() || rest[0] == b' ')
    {
        return (None, rest);
    }
    let mut at = 0;
    while text.get(at) == Some(&b'[') {
        match element_end(&text[at..]) {
            Some(len) => at += len,
            None => break,
        }
    }
    if at == 0 { (None, text) } else { (Some(&text[..at]), &text[at..]) }
}

/// Length of the SD-ELEMENT at the start; a `]` inside quotes does not end it.
fn element_end(text: &[u8]) -> Option<usize> {
    // An SD-ID holds no blank, so `[error] …` of a message is no element unless the bracket closes at once.
    let mut quoted = false;
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b']' if !quoted => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Calls `each` with id, name and value of every SD-PARAM, the value still escaped.
pub fn each_param<'r>(structured: &'r [u8], mut each: impl FnMut(&'r [u8], &'r [u8], &'r [u8])) {
    let mut rest = structured;
    while let Some(body) = rest.strip_prefix(b"[") {
        let Some(len) = element_end(rest) else { return };
        rest = &rest[len..];
        let body = &body[..len - 2];
        let id_end = memchr(b' ', body).unwrap_or(body.len());
        let (id, mut params) = body.split_at(id_end);
        while let Some((name, value, after)) = param(params) {
            each(id, name, value);
            params = after;
        }
    }
}

/// ` name="value"`
fn param(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let text = skip_blanks(text);
    let equals = memchr(b'=', text)?;
    let value = text[equals + 1..].strip_prefix(b"\"")?;
    let mut end = 0;
    while end < value.len() {
        match value[end] {
            b'\\' => end += 1,
            b'"' => return Some((&text[..equals], &value[..end], &value[end + 1..])),
            _ => {}
        }
        end += 1;
    }
    None
}
