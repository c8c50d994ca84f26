//! Distinguished names of certificates (RFC 4514): `CN=www.example.com,O=Example\, Inc.,C=DE`.

use crate::{Event, Field, pairs::unescape};

/// Most parts of a name that are read.
const MAX_PARTS: usize = 16;

/// The types of RFC 4514 section 3 that ECS has fields for.
const TYPES: [(&[u8], &str); 6] = [
    (b"CN", "common_name"),
    (b"C", "country"),
    (b"L", "locality"),
    (b"ST", "state_or_province"),
    (b"O", "organization"),
    (b"OU", "organizational_unit"),
];

/// Sets the parts of a name below this field: `tls.server.x509.subject`.
pub fn set(event: &mut Event<'_>, below: &str, name: &[u8]) {
    for part in Parts(name).take(MAX_PARTS) {
        let Some(equals) = memchr::memchr(b'=', part) else { continue };
        let (kind, value) = (part[..equals].trim_ascii(), part[equals + 1..].trim_ascii());
        let known = TYPES.iter().find(|(written, _)| written.eq_ignore_ascii_case(kind));
        if let Some(field) = known.and_then(|(_, field)| Field::intern(&format!("{below}.{field}")))
            && !value.is_empty()
        {
            event.set(field, &unescape(value));
        }
    }
}

/// What stands between commas that no backslash escapes.
struct Parts<'n>(&'n [u8]);

impl<'n> Iterator for Parts<'n> {
    type Item = &'n [u8];

    fn next(&mut self) -> Option<&'n [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let mut at = 0;
        while let Some(found) = memchr::memchr2(b',', b'\\', &self.0[at..]).map(|found| at + found) {
            if self.0[found] == b',' {
                let (part, rest) = self.0.split_at(found);
                self.0 = &rest[1..];
                return Some(part);
            }
            at = (found + 2).min(self.0.len());
        }
        Some(std::mem::take(&mut self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_that_is_escaped_is_part_of_a_value() {
        let parts: Vec<_> = Parts(b"CN=a,O=Example\\, Inc.,C=DE\\").collect();
        assert_eq!(parts, [&b"CN=a"[..], b"O=Example\\, Inc.", b"C=DE\\"]);
        assert_eq!(Parts(b"").count(), 0);
    }
}
