//! Java packages, [Maven's version order](https://maven.apache.org/pom.html#version-order-specification).

use std::cmp::Ordering;

use super::magnitude;

/// Words before the plain version, from the least; the plain version's own names; and the one word right after it.
const BEFORE: &[&str] = &["alpha", "beta", "milestone", "rc", "snapshot"];
const PLAIN: &[&str] = &["", "final", "ga", "release"];
const NEXT: &str = "sp";

/// A number or a word, and whether a hyphen (or a change between the two) stood before it.
#[derive(Clone, Debug)]
struct Token {
    hyphen: bool,
    text: String,
}

impl Token {
    fn number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    /// It says nothing: zero, or a name of the plain version.
    fn null(&self) -> bool {
        if self.number() { magnitude(self.text.as_bytes()).0 == 0 } else { PLAIN.contains(&self.text.as_str()) }
    }

    /// Words come before numbers, numbers after a hyphen before those after a dot.
    fn rank(&self) -> u8 {
        match (self.number(), self.hyphen) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 2,
        }
    }

    fn word(&self) -> (usize, &str) {
        let text = self.text.as_str();
        match BEFORE.iter().position(|w| *w == text) {
            Some(at) => (at, ""),
            None if PLAIN.contains(&text) => (BEFORE.len(), ""),
            None if text == NEXT => (BEFORE.len() + 1, ""),
            None => (BEFORE.len() + 2, text),
        }
    }
}

/// The order of two versions.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (tokens(a), tokens(b));
    for i in 0..a.len().max(b.len()) {
        let null = |like: &Token| Token { text: if like.number() { "0" } else { "" }.to_owned(), ..like.clone() };
        let (x, y) = match (a.get(i), b.get(i)) {
            (Some(x), Some(y)) => (x.clone(), y.clone()),
            (Some(x), None) => (x.clone(), null(x)),
            (None, Some(y)) => (null(y), y.clone()),
            (None, None) => break,
        };
        let order = x.rank().cmp(&y.rank()).then_with(|| match x.number() {
            true => magnitude(x.text.as_bytes()).cmp(&magnitude(y.text.as_bytes())),
            false => x.word().cmp(&y.word()),
        });
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// Splits at dots, hyphens, underscores and changes between digits and letters; drops what says nothing at the end and
/// before each hyphen.
fn tokens(version: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut text, mut hyphen) = (String::new(), false);
    let mut push = |text: &mut String, hyphen: bool, before_digit: bool| {
        let word = std::mem::take(text);
        let word = match word.as_str() {
            "" => "0".to_owned(),
            "a" if before_digit => "alpha".to_owned(),
            "b" if before_digit => "beta".to_owned(),
            "m" if before_digit => "milestone".to_owned(),
            "cr" => "rc".to_owned(),
            _ => word,
        };
        let token = Token { hyphen, text: word };
        if hyphen {
            while tokens.len() > 1 && tokens.last().is_some_and(Token::null) {
                tokens.pop();
            }
        }
        tokens.push(token);
    };
    for c in version.chars().flat_map(char::to_lowercase) {
        let separator = matches!(c, '.' | '-' | '_');
        let change = text.chars().last().is_some_and(|last| last.is_ascii_digit() != c.is_ascii_digit());
        if separator {
            push(&mut text, hyphen, false);
            hyphen = c == '-';
        } else {
            if change {
                push(&mut text, hyphen, c.is_ascii_digit());
                hyphen = true;
            }
            text.push(c);
        }
    }
    push(&mut text, hyphen, false);
    while tokens.len() > 1 && tokens.last().is_some_and(Token::null) {
        tokens.pop();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{ascends, same},
    };

    #[test]
    fn java_versions_follow_the_order_in_mavens_reference() {
        ascends(
            Scheme::Maven,
            &[
                "1-alpha1",
                "1-beta",
                "1-milestone-2",
                "1-rc1",
                "1-snapshot",
                "1",
                "1-sp",
                "1-foo2",
                "1-foo10",
                "1-1",
                "1.1",
            ],
        );
        ascends(Scheme::Maven, &["2.6.7.4", "2.6.7.5", "2.9.4", "2.9.10", "2.10.0", "2.10.0.pr1"]);
        ascends(Scheme::Maven, &["1-sp-1", "1-ga-1"]);
        ascends(Scheme::Maven, &["1-ga.1", "1-sp.1"]);
        same(
            Scheme::Maven,
            &[
                ("1.ga", "1"),
                ("1-ga", "1"),
                ("1-0", "1"),
                ("1.0", "1"),
                ("1.0.0-final", "1"),
                ("1-a1", "1-alpha-1"),
                ("1.foo", "1-foo"),
                ("1-cr", "1-rc"),
            ],
        );
    }
}
