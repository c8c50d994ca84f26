//! Sigma's condition language: `selection and not 1 of filter_*`.

/// A parsed condition; names are resolved by whoever compiles it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    /// A selection by its name.
    Name(String),
    /// `1 of`, `any of` (any) or `all of` the selections that the pattern names; `them` is `*`.
    Of {
        all: bool,
        pattern: String,
    },
}

/// Deepest nesting of parentheses and `not`.
const MAX_DEPTH: usize = 64;

impl Condition {
    /// Reads a condition. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Condition, String> {
        let tokens = tokens(text)?;
        if tokens.is_empty() {
            return Err("the condition is empty".into());
        }
        let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
        let condition = parser.or()?;
        match parser.peek() {
            None => Ok(condition),
            Some(token) => Err(format!("`{token}` is not expected here; `and` or `or` stands between selections")),
        }
    }
}

/// Whether a selection's name fits a pattern of `1 of pattern`. Names with a leading underscore take part only where
/// the pattern begins with one.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    if name.starts_with('_') && !pattern.starts_with('_') {
        return false;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn tokens(text: &str) -> Result<Vec<&str>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '*' | '.');
        let length = match first {
            '(' | ')' => 1,
            '|' => return Err("the pipe syntax of old rules is gone; write a correlation instead".into()),
            c if word(c) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            c => return Err(format!("`{c}` cannot stand in a condition")),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

struct Parser<'t> {
    tokens: &'t [&'t str],
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.tokens.get(self.at).copied()
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Result<Condition, String> {
        let mut any = vec![self.and()?];
        while self.eat("or") {
            any.push(self.and()?);
        }
        Ok(single(any, Condition::Or))
    }

    fn and(&mut self) -> Result<Condition, String> {
        let mut all = vec![self.not()?];
        while self.eat("and") {
            all.push(self.not()?);
        }
        Ok(single(all, Condition::And))
    }

    fn not(&mut self) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        let inner = if self.eat("not") { Condition::Not(Box::new(self.not()?)) } else { self.operand()? };
        self.depth -= 1;
        Ok(inner)
    }

    fn operand(&mut self) -> Result<Condition, String> {
        let Some(token) = self.peek() else { return Err("the condition ends where a selection should stand".into()) };
        self.at += 1;
        let next_is_of = self.peek().is_some_and(|next| next.eq_ignore_ascii_case("of"));
        match token {
            "(" => {
                let inner = self.or()?;
                if self.eat(")") { Ok(inner) } else { Err("a parenthesis is not closed".into()) }
            }
            ")" => Err("a parenthesis is closed that was never opened".into()),
            "1" | "any" | "all" if next_is_of => {
                self.at += 1;
                let pattern = self.peek().filter(|t| !matches!(*t, "(" | ")"));
                let pattern = pattern.ok_or("`of` is followed by `them` or a name with `*`")?;
                self.at += 1;
                let pattern = if pattern == "them" { "*" } else { pattern };
                Ok(Condition::Of { all: token == "all", pattern: pattern.into() })
            }
            number if next_is_of => {
                Err(format!("`{number} of` is no quantifier (available: `1 of`, `any of`, `all of`)"))
            }
            word if ["and", "or", "not", "of"].iter().any(|w| word.eq_ignore_ascii_case(w)) => {
                Err(format!("`{word}` stands where a selection should"))
            }
            name => Ok(Condition::Name(name.into())),
        }
    }
}

fn single(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Condition {
        Condition::Name(name.into())
    }

    #[test]
    fn not_binds_tighter_than_and_and_and_tighter_than_or() {
        let parsed = Condition::parse("a or not b and (c or d)").unwrap();
        let inner =
            Condition::And(vec![Condition::Not(Box::new(name("b"))), Condition::Or(vec![name("c"), name("d")])]);
        assert_eq!(parsed, Condition::Or(vec![name("a"), inner]));
    }

    #[test]
    fn quantifiers_name_selections_by_pattern() {
        let parsed = Condition::parse("all of sel_* and 1 of them").unwrap();
        let of = |all, pattern: &str| Condition::Of { all, pattern: pattern.into() };
        assert_eq!(parsed, Condition::And(vec![of(true, "sel_*"), of(false, "*")]));
        assert!(fits("sel*", "selection_x") && fits("*", "a") && fits("a*c", "abc") && fits("a", "a"));
        assert!(!fits("*", "_hidden") && fits("_*", "_hidden") && !fits("a*c", "ab") && !fits("a", "ab"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, says) in [
            ("", "empty"),
            ("a and", "ends"),
            ("(a", "not closed"),
            ("a)", "not expected"),
            ("a b", "not expected"),
            ("2 of them", "quantifier"),
            ("a | count() > 5", "correlation"),
            ("a and or b", "where a selection"),
            ("a & b", "cannot stand"),
        ] {
            let error = Condition::parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
        assert!(Condition::parse(&"(".repeat(100_000)).is_err());
        assert!(Condition::parse(&"not ".repeat(100_000)).is_err());
    }
}
