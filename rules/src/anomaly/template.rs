//! What kind of message a line is: the words that its program always writes, without those that vary.
//!
//! In the manner of Drain (He et al., *Drain: an online log parsing approach with fixed depth tree*, 2017): words with
//! digits, quoted texts, paths and the values of `key=value` are masked; messages of as many words whose others mostly
//! agree are one template.

/// Longest masked message, in bytes.
pub(super) const MAX_MASKED: usize = 160;

/// Of ten words, so many must agree for two messages to be of one template.
const SIMILAR_OF_TEN: usize = 6;

/// Appends the message with what varies as `*`, up to [`MAX_MASKED`] bytes.
pub(super) fn mask(message: &[u8], out: &mut Vec<u8>) {
    let end = out.len() + MAX_MASKED;
    let start = out.len();
    let mut rest = message.trim_ascii();
    while !rest.is_empty() && out.len() < end {
        let (word, after) = next_word(rest);
        rest = after.trim_ascii_start();
        let (kept, masked) = split_word(word);
        // a list of what varies is one hole, however long
        if kept.is_empty() && masked && out.len() > start && out[start..].ends_with(b"*") {
            continue;
        }
        if out.len() > start {
            out.push(b' ');
        }
        out.extend(kept.iter().take(end.saturating_sub(out.len())).map(|b| if *b < b' ' { b' ' } else { *b }));
        if masked {
            out.push(b'*');
        }
    }
}

/// The first word, a quoted text as one, and what follows.
fn next_word(text: &[u8]) -> (&[u8], &[u8]) {
    let quoted = match text[0] {
        quote @ (b'"' | b'\'') => text[1..].iter().position(|b| *b == quote).map(|end| end + 2),
        _ => None,
    };
    let end = quoted.or_else(|| text.iter().position(u8::is_ascii_whitespace)).unwrap_or(text.len());
    text.split_at(end)
}

/// What stays of a word, and whether something was taken out behind it.
fn split_word(word: &[u8]) -> (&[u8], bool) {
    if let Some(equals) = word.iter().position(|b| *b == b'=').filter(|at| *at > 0 && *at + 1 < word.len()) {
        let name = &word[..=equals];
        return if name.iter().any(u8::is_ascii_digit) { (b"", true) } else { (name, true) };
    }
    let varies = matches!(word[0], b'"' | b'\'' | b'/') || word.iter().any(u8::is_ascii_digit);
    if varies { (b"", true) } else { (word, false) }
}

/// Whether two masked messages are of one template.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    let (words, others) = (one.split(' '), other.split(' '));
    let count = words.clone().count();
    if count != others.clone().count() {
        return false;
    }
    let same = words.zip(others).filter(|(a, b)| a == b || *a == "*" || *b == "*").count();
    same * 10 >= count * SIMILAR_OF_TEN && count > 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(message: &str) -> String {
        let mut out = b"before ".to_vec();
        mask(message.as_bytes(), &mut out);
        String::from_utf8(out.split_off(7)).unwrap()
    }

    #[test]
    fn what_varies_is_masked_and_words_stay() {
        for (message, expected) in [
            ("backup of nas1 ended: 431 files in 12 s", "backup of * ended: * files in * s"),
            ("peer 192.0.2.7 2001:db8::7 0x1f gone", "peer * gone"),
            ("user=anna uid=1000 opened \"the red file\" at /var/lib/x", "user=* uid=* opened * at *"),
            ("  out   of\tmemory ", "out of memory"),
            ("\"no end", "* end"),
            ("", ""),
        ] {
            assert_eq!(masked(message), expected, "{message}");
        }
    }

    #[test]
    fn messages_whose_words_mostly_agree_are_of_one_template() {
        assert!(is_alike("link eth down on switch", "link wlan down on switch"));
        assert!(is_alike("fan * failed", "fan rear failed"));
        assert!(!is_alike("link eth down on switch", "link eth down on switch again"));
        assert!(!is_alike("power supply lost", "fan tray removed"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_masked_within_the_limit(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let mut out = Vec::new();
            mask(&bytes, &mut out);
            prop_assert!(out.len() <= MAX_MASKED + 2);
            prop_assert!(out.iter().all(|b| *b >= b' '));
        }
    }
}
