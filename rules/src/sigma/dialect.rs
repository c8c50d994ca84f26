//! Regular expressions as the authors of rules write them (PCRE, Python), in the notation of our engine.
//!
//! The engine takes time in proportion to the text, whatever the expression; what only a backtracking engine can do
//! (look-around, back references, possessive quantifiers) is no part of Sigma's flavour and is refused. What differs in
//! notation alone is rewritten: `$` holds before a final line break, `[` and `&&` in a class are themselves, `\<` is `<`.
//!
//! Flavour: <https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md>

use std::iter::Peekable;

/// Longest expression, in bytes.
const MAX_EXPRESSION: usize = 64 << 10;

/// Rewrites an expression; the error says what cannot be.
pub(super) fn translate(text: &str, multi_line: bool) -> Result<String, String> {
    if text.len() > MAX_EXPRESSION {
        return Err(format!("it is longer than {MAX_EXPRESSION} bytes"));
    }
    let mut reader = Reader { rest: text.chars().peekable(), out: String::with_capacity(text.len() + 16), multi_line };
    while let Some(c) = reader.rest.next() {
        reader.outside(c)?;
    }
    Ok(reader.out)
}

struct Reader<'t> {
    rest: Peekable<std::str::Chars<'t>>,
    out: String,
    multi_line: bool,
}

impl Reader<'_> {
    fn outside(&mut self, c: char) -> Result<(), String> {
        match c {
            '\\' => self.escape(false)?,
            '[' => self.class()?,
            // before a final line break, too; what follows an anchor does not matter to whether there is a match
            '$' if !self.multi_line => self.out.push_str(r"(?:\n?\z)"),
            '(' => self.group()?,
            '{' => self.counted()?,
            ']' | '}' => self.literal(c),
            '*' | '+' | '?' => {
                self.out.push(c);
                if self.rest.peek() == Some(&'+') {
                    return Err("possessive quantifiers are no part of Sigma's flavour".into());
                }
                if self.rest.next_if_eq(&'?').is_some() {
                    self.out.push('?');
                }
            }
            _ => self.out.push(c),
        }
        Ok(())
    }

    /// Behind a backslash.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(c) = self.rest.next() else { return Err("it ends in a backslash".into()) };
        match c {
            'b' if in_class => self.out.push_str(r"\x08"),
            'Z' if !in_class => self.out.push_str(r"(?:\n?\z)"),
            'h' => self.out.push_str(r"[ \t]"),
            'H' => self.out.push_str(r"[^ \t]"),
            'R' if !in_class => self.out.push_str(r"(?:\r\n|[\n\r\x0b\x0c])"),
            'N' if !in_class => self.out.push_str(r"[^\n]"),
            'e' => self.out.push_str(r"\x1b"),
            '0' => self.octal('0'),
            '1'..='9' if in_class => self.octal(c),
            '1'..='9' | 'k' | 'g' => return Err("back references are no part of Sigma's flavour".into()),
            'G' | 'K' | 'X' | 'C' => return Err(format!("`\\{c}` is no part of Sigma's flavour")),
            c if c.is_ascii_alphabetic() => self.out.extend(['\\', c]),
            c => self.literal(c),
        }
        Ok(())
    }

    fn octal(&mut self, first: char) {
        let mut code = first.to_digit(8).unwrap_or_default();
        for _ in 0..2 {
            let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(8)) else { break };
            self.rest.next();
            code = code * 8 + digit;
        }
        self.out.push_str(&format!("\\x{{{code:x}}}"));
    }

    fn literal(&mut self, c: char) {
        if c.is_ascii_punctuation()
            && !matches!(c, '<' | '>' | '_' | '\'' | '"' | '%' | ',' | ':' | ';' | '=' | '@' | '`' | '/' | '!')
        {
            self.out.push('\\');
        }
        self.out.push(c);
    }

    /// A class, whose bracket has been read.
    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        if self.rest.next_if_eq(&']').is_some() {
            self.out.push_str(r"\]");
        }
        loop {
            let Some(c) = self.rest.next() else { return Err("a class `[` is not closed".into()) };
            match c {
                ']' => break,
                '\\' => self.escape(true)?,
                '[' if self.rest.peek() == Some(&':') => self.posix()?,
                '[' | '&' | '~' => self.literal(c),
                '-' if self.out.ends_with('-') => self.out.push_str(r"\-"),
                c => self.out.push(c),
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// `[:alpha:]` within a class, or a bracket that only looks like it.
    fn posix(&mut self) -> Result<(), String> {
        let mut ahead = self.rest.clone();
        ahead.next();
        let name: String = ahead.by_ref().take_while(|c| c.is_ascii_lowercase() || *c == '^').collect();
        if ahead.peek() != Some(&']') || name.is_empty() {
            self.literal('[');
            return Ok(());
        }
        ahead.next();
        self.rest = ahead;
        self.out.push_str(&format!("[:{name}:]"));
        Ok(())
    }

    /// What stands behind an opening parenthesis.
    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        if self.rest.peek() != Some(&'?') {
            return Ok(());
        }
        let mut ahead = self.rest.clone();
        ahead.next();
        let kind = (ahead.next(), ahead.next());
        match kind {
            (Some('=' | '!'), _) | (Some('<'), Some('=' | '!')) => {
                Err("look-around is no part of Sigma's flavour; exclude with a selection of its own".into())
            }
            (Some('>'), _) => Err("atomic groups are no part of Sigma's flavour".into()),
            (Some('('), _) | (Some('R' | '&' | '0'..='9'), _) | (Some('P'), Some('=' | '>')) => {
                Err("conditions, recursion and references are no part of Sigma's flavour".into())
            }
            (Some('#'), _) => {
                self.out.pop();
                self.rest.by_ref().find(|c| *c == ')');
                Ok(())
            }
            _ => {
                // flags: with `m`, `$` has its other meaning from here on
                let flags: String = self.rest.clone().skip(1).take_while(|c| c.is_ascii_lowercase()).collect();
                self.multi_line |= flags.contains('m');
                self.out.push('?');
                self.rest.next();
                Ok(())
            }
        }
    }

    /// `{2,3}` as a quantifier; any other brace is itself.
    fn counted(&mut self) -> Result<(), String> {
        let inside: String = self.rest.clone().take_while(|c| *c != '}').take(16).collect();
        let closed = self.rest.clone().nth(inside.chars().count()) == Some('}');
        let bound = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let counts = match inside.split_once(',') {
            None => bound(&inside).then(|| inside.clone()),
            Some((least, "")) => bound(least).then(|| inside.clone()),
            Some(("", most)) => bound(most).then(|| format!("0,{most}")),
            Some((least, most)) => (bound(least) && bound(most)).then(|| inside.clone()),
        };
        let Some(counts) = counts.filter(|_| closed) else {
            self.literal('{');
            return Ok(());
        };
        self.out.push_str(&format!("{{{counts}}}"));
        self.rest.nth(inside.chars().count());
        match self.rest.peek() {
            Some('+') => Err("possessive quantifiers are no part of Sigma's flavour".into()),
            Some('?') => {
                self.rest.next();
                self.out.push('?');
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use regex::bytes::Regex;

    use super::*;

    #[test]
    fn notation_means_what_it_means_elsewhere() {
        for (expression, yes, no) in [
            (r"end$", "the end\n", "end\n\n"),
            (r"^a\Z", "a", "ab"),
            (r"\<script\>", "<script>", "script"),
            (r"[[x]y", "[y", "y"),
            (r"[a&&b]+z", "&z", "z"),
            (r"[]a]{2}", "]a", "b"),
            (r"[^]a]", "b", "]"),
            (r"[[:digit:]]x", "7x", "x"),
            (r"[+--]$", ",", "."),
            (r"a{,2}b", "aab", "c"),
            (r"{user}", "{user}", "user"),
            (r"x{2,3}y", "xxy", "xy"),
            (r"\x41\041", "A!", "A"),
            (r"a\/b\-c\ d", "a/b-c d", "a"),
            (r"\$\{jndi:[^}]+\}", "${jndi:x}", "$jndi"),
            (r"(?i)AbC", "aBc", "ab"),
            (r"(?#why)ab", "ab", "a"),
            (r"a\Rb", "a\r\nb", "ab"),
            (r"\\\\[a-z]{1,5}", r"\\host", "host"),
        ] {
            let ours = translate(expression, false).unwrap();
            let regex = Regex::new(&ours).unwrap_or_else(|e| panic!("{expression} -> {ours}: {e}"));
            assert!(regex.is_match(yes.as_bytes()), "{expression} -> {ours} on {yes:?}");
            assert!(!regex.is_match(no.as_bytes()), "{expression} -> {ours} on {no:?}");
        }
        assert_eq!(translate("^two$", true).unwrap(), "^two$");
    }

    #[test]
    fn what_needs_backtracking_is_refused() {
        for (expression, says) in [
            ("a(?=b)", "look-around"),
            ("(?<!a)b", "look-around"),
            (r"(a)\1", "back references"),
            ("a++", "possessive"),
            ("(?>a)", "atomic"),
            ("[ab", "not closed"),
            ("a\\", "backslash"),
        ] {
            let error = translate(expression, false).unwrap_err();
            assert!(error.contains(says), "{expression}: {error}");
        }
    }
}
