//! The shape of a message: what stays when the parts that differ from line to line are taken out.
//!
//! Lines that one statement of a program wrote mostly have one shape, so a handful of shapes with their counts tells what
//! thousands of unknown lines are.

/// Longest shape, in bytes; what follows is cut off.
pub const MAX_SHAPE: usize = 120;
/// Hexadecimal digits in a row, with a decimal one among them, that make a number.
const MIN_HEX: usize = 6;

/// The message with each number, address, identifier and quoted text as `*`.
///
/// ```
/// use roundsman_ingest::shape::shape;
/// assert_eq!(shape(b"job 4711 of \"j.doe\" took 0.25s on 192.0.2.7"), "job * of \"*\" took *s on *");
/// ```
pub fn shape(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(&message[..message.len().min(4 * MAX_SHAPE)]);
    let mut shape = String::with_capacity(MAX_SHAPE);
    let mut rest = text.as_ref();
    while let Some(c) = rest.chars().next() {
        if shape.len() + c.len_utf8() > MAX_SHAPE {
            shape.push('…');
            break;
        }
        let length = match c {
            '"' => quoted(rest),
            _ => varying(rest),
        };
        match (length, c) {
            (0, _) => {
                shape.push(c);
                rest = &rest[c.len_utf8()..];
            }
            (length, '"') => {
                shape.push_str("\"*\"");
                rest = &rest[length..];
            }
            (length, _) => {
                shape.push('*');
                rest = &rest[length..];
            }
        }
        if length == 0 && c.is_alphanumeric() {
            // the rest of a word stays as it is, up to its first number
            let word = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let room = MAX_SHAPE.saturating_sub(shape.len());
            if word <= room {
                shape.push_str(&rest[..word]);
                rest = &rest[word..];
            }
        }
    }
    shape
}

/// Bytes of a text in double quotes, quotes included; 0 where none ends.
fn quoted(text: &str) -> usize {
    text[1..].find('"').map_or(0, |end| end + 2)
}

/// Bytes of a number, an address or an identifier: digits, hexadecimal digits, and the marks that stand within them.
fn varying(text: &str) -> usize {
    let bytes = text.as_bytes();
    let end =
        bytes.iter().position(|b| !b.is_ascii_hexdigit() && !matches!(b, b'.' | b':' | b'-')).unwrap_or(bytes.len());
    let run = text[..end].trim_end_matches(['.', ':', '-']);
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let leading = run.bytes().take_while(u8::is_ascii_digit).count();
    match run {
        // all of it: an address, a time, a digest
        _ if digits > 0 && run.len() >= MIN_HEX && !bytes.get(end).is_some_and(u8::is_ascii_alphabetic) => run.len(),
        _ if leading > 0 => run.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b':')).count(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_differs_from_line_to_line_goes_and_words_stay() {
        for (line, expected) in [
            ("backup of nas1 ended: 431 files, 1.5 GiB", "backup of nas* ended: * files, * GiB"),
            ("session 5f3a9c01d2 from 2001:db8::7 closed", "session * from * closed"),
            ("2026-11-22 09:14:07,316 worker-3 ready", "* *,* worker-* ready"),
            ("user=\"j.doe\" added face decade", "user=\"*\" added face decade"),
            ("unterminated \"quote", "unterminated \"quote"),
            ("", ""),
        ] {
            assert_eq!(shape(line.as_bytes()), expected, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_short_shape(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(shape(&bytes).len() <= MAX_SHAPE + '…'.len_utf8() + 3);
        }
    }
}
