//! Sigma's text patterns: `*`, `?`, backslash escapes, and letters whose case does not matter.
//!
//! A pattern that ignores case is kept folded, and so is what it is held against: bytes that are all ASCII are compared
//! without regard to ASCII case as they are, anything else is folded first ([`fold`]).

/// The five dashes that Windows programs take for one another (`windash`).
const DASHES: [&str; 5] = ["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"];

/// From this many forms on, further dashes are only what they are: a value of that many parameters is none.
const MAX_DASH_FORMS: usize = 625;

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    /// These bytes.
    Text(Vec<u8>),
    /// `*`: anything, nothing too.
    Any,
    /// `?`: one character.
    One,
    /// Any of the [`DASHES`].
    Dash,
}

/// A whole-value pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
    cased: bool,
}

/// A character without its case: simple folding, one to one, as Python's `re.IGNORECASE` sees it.
pub(super) fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut upper = c.to_uppercase();
    let up = match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => c,
    };
    up.to_lowercase().next().unwrap_or(up)
}

/// Appends the folded text to `out`. Bytes that are no UTF-8 become U+FFFD.
pub(super) fn fold(text: &[u8], out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    for c in String::from_utf8_lossy(text).chars() {
        out.extend_from_slice(fold_char(c).encode_utf8(&mut buffer).as_bytes());
    }
}

impl Pattern {
    /// Reads Sigma's notation: `\*`, `\?` and `\\` stand for themselves; any other backslash is a backslash.
    pub fn parse(text: &str) -> Pattern {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let wildcard = match c {
                '\\' => {
                    literal.push(chars.next_if(|next| matches!(next, '*' | '?' | '\\')).unwrap_or('\\'));
                    continue;
                }
                '*' => Piece::Any,
                '?' => Piece::One,
                _ => {
                    literal.push(c);
                    continue;
                }
            };
            push_literal(&mut pieces, &mut literal);
            pieces.push(wildcard);
        }
        push_literal(&mut pieces, &mut literal);
        Pattern { pieces, cased: false }
    }

    /// A pattern that is this text and nothing else.
    pub fn literal(text: &[u8]) -> Pattern {
        let pieces = if text.is_empty() { Vec::new() } else { vec![Piece::Text(text.to_vec())] };
        Pattern { pieces, cased: false }
    }

    /// Case matters from now on.
    pub fn cased(mut self) -> Pattern {
        self.cased = true;
        self
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether case matters.
    pub fn is_cased(&self) -> bool {
        self.cased
    }

    /// The pattern's bytes, if it has no wildcard.
    pub fn as_literal(&self) -> Option<&[u8]> {
        match self.pieces.as_slice() {
            [] => Some(b""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The same pattern with this text as all that it holds.
    pub fn with_text(&self, text: &[u8]) -> Pattern {
        Pattern { cased: self.cased, ..Pattern::literal(text) }
    }

    /// A pattern for each way in which its dashes can be written, up to [`MAX_DASH_FORMS`].
    pub fn without_dashes(self) -> Vec<Pattern> {
        let mut all = vec![Vec::new()];
        for piece in &self.pieces {
            let forms: Vec<Piece> = match piece {
                Piece::Dash if all.len() < MAX_DASH_FORMS => {
                    DASHES.iter().map(|dash| Piece::Text(dash.as_bytes().to_vec())).collect()
                }
                Piece::Dash => vec![Piece::Text(b"-".to_vec())],
                other => vec![other.clone()],
            };
            let longer = |head: &Vec<Piece>| {
                let more = |form: &Piece| merged(head.iter().chain([form]).cloned().collect());
                forms.iter().map(more).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(longer).collect();
        }
        all.into_iter().map(|pieces| Pattern { pieces, cased: self.cased }).collect()
    }

    /// A regular expression for the same text, within another one.
    pub fn as_regex(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => regex::escape(&String::from_utf8_lossy(text)),
            Piece::Any => ".*".into(),
            Piece::One => ".".into(),
            Piece::Dash => format!("[{}]", DASHES.concat()),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// Anything may stand before.
    pub fn open_start(mut self) -> Pattern {
        if self.pieces.first() != Some(&Piece::Any) {
            self.pieces.insert(0, Piece::Any);
        }
        self
    }

    /// Anything may follow.
    pub fn open_end(mut self) -> Pattern {
        if self.pieces.last() != Some(&Piece::Any) {
            self.pieces.push(Piece::Any);
        }
        self
    }

    /// Replaces each literal piece's bytes.
    pub fn map_text(mut self, change: impl Fn(&[u8]) -> Vec<u8>) -> Pattern {
        for piece in &mut self.pieces {
            if let Piece::Text(text) = piece {
                *text = change(text);
            }
        }
        self
    }

    /// `windash`: each `-` or `/` that begins a parameter may be any dash. It begins one where a word character
    /// follows and none stands before.
    pub fn windash(self) -> Pattern {
        let mut pieces = Vec::new();
        for piece in self.pieces {
            let Piece::Text(text) = piece else {
                pieces.push(piece);
                continue;
            };
            let text = String::from_utf8_lossy(&text).into_owned();
            let mut literal = String::new();
            let mut before = None;
            let mut chars = text.chars().peekable();
            while let Some(c) = chars.next() {
                let starts = !before.is_some_and(is_word) && chars.peek().copied().is_some_and(is_word);
                if matches!(c, '-' | '/') && starts {
                    push_literal(&mut pieces, &mut literal);
                    pieces.push(Piece::Dash);
                } else {
                    literal.push(c);
                }
                before = Some(c);
            }
            push_literal(&mut pieces, &mut literal);
        }
        Pattern { pieces, cased: self.cased }
    }

    /// Puts `values` in the place of each `%name%` that `lookup` knows; all combinations. An unknown name is the error.
    pub fn expand(&self, lookup: &dyn Fn(&str) -> Option<Vec<Pattern>>) -> Result<Vec<Pattern>, String> {
        let mut all = vec![Pattern { pieces: Vec::new(), cased: self.cased }];
        let extend = |all: Vec<Pattern>, options: &[Pattern]| {
            let join = |head: &Pattern, tail: &Pattern| {
                let mut pieces = head.pieces.clone();
                pieces.extend(tail.pieces.iter().cloned());
                Pattern { pieces: merged(pieces), cased: head.cased }
            };
            all.iter().flat_map(|head| options.iter().map(|tail| join(head, tail)).collect::<Vec<_>>()).collect()
        };
        for piece in &self.pieces {
            let Piece::Text(text) = piece else {
                all = extend(all, &[Pattern { pieces: vec![piece.clone()], cased: false }]);
                continue;
            };
            let text = String::from_utf8_lossy(text);
            let mut rest = &*text;
            while let Some((start, name, end)) = placeholder(rest) {
                all = extend(all, &[Pattern::literal(plain_percents(&rest[..start]).as_bytes())]);
                all = extend(all, &lookup(name).ok_or_else(|| name.to_owned())?);
                rest = &rest[end..];
            }
            all = extend(all, &[Pattern::literal(plain_percents(rest).as_bytes())]);
        }
        Ok(all)
    }

    /// Folds the literals, once all modifiers have been applied.
    pub fn finish(self) -> Pattern {
        if self.cased {
            return self;
        }
        self.map_text(|text| {
            let mut folded = Vec::with_capacity(text.len());
            if std::str::from_utf8(text).is_ok() {
                fold(text, &mut folded);
            } else {
                folded.extend(text.to_ascii_lowercase());
            }
            folded
        })
    }

    /// The longest literal that every match holds, and whether it is the whole value.
    pub fn required(&self) -> Option<(&[u8], bool)> {
        if let [Piece::Text(text)] = self.pieces.as_slice() {
            return Some((text, true));
        }
        let texts = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some((text.as_slice(), false)),
            _ => None,
        });
        texts.max_by_key(|(text, _)| text.len())
    }

    /// Whether the whole value has this pattern. Give the value itself if case matters, else folded or ASCII.
    pub fn matches(&self, value: &[u8]) -> bool {
        if self.cased { self.glob::<true>(value) } else { self.glob::<false>(value) }
    }

    fn glob<const CASED: bool>(&self, value: &[u8]) -> bool {
        let mut segments = self.pieces.split(|piece| *piece == Piece::Any);
        let first = segments.next().unwrap_or_default();
        let Some(mut at) = match_at::<CASED>(first, value, 0) else { return false };
        let Some(mut current) = segments.next() else { return at == value.len() };
        for next in segments {
            match find::<CASED>(current, value, at) {
                Some(end) => at = end,
                None => return false,
            }
            current = next;
        }
        match_end::<CASED>(current, value).is_some_and(|start| start >= at)
    }
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &mut String) {
    if !literal.is_empty() {
        pieces.push(Piece::Text(std::mem::take(literal).into_bytes()));
    }
}

fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(more)) => before.extend(more),
            (_, piece) => out.push(piece),
        }
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first `%name%`: where it starts, its name, where it ends. `\%` begins none.
pub(super) fn placeholder(text: &str) -> Option<(usize, &str, usize)> {
    let signs = text.match_indices('%').map(|(at, _)| at);
    let starts = signs.filter(|&at| !text[..at].ends_with('\\'));
    starts.into_iter().find_map(|start| {
        let length = text[start + 1..].find('%').filter(|length| *length > 0)?;
        Some((start, &text[start + 1..start + 1 + length], start + length + 2))
    })
}

/// Text beside placeholders: `\%` is a percent sign.
pub(super) fn plain_percents(text: &str) -> String {
    text.replace("\\%", "%")
}

/// Length of the UTF-8 character that begins with this byte; 1 for bytes that begin none.
fn char_len(byte: u8) -> usize {
    match byte {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    }
}

fn same<const CASED: bool>(value: &[u8], literal: &[u8]) -> bool {
    if CASED { value == literal } else { value.eq_ignore_ascii_case(literal) }
}

/// Matches a segment without `*` at this offset; where it ends.
fn match_at<const CASED: bool>(segment: &[Piece], value: &[u8], mut at: usize) -> Option<usize> {
    for piece in segment {
        let rest = value.get(at..)?;
        at += match piece {
            Piece::Text(text) => {
                let head = rest.get(..text.len())?;
                same::<CASED>(head, text).then_some(text.len())?
            }
            Piece::One => char_len(*rest.first()?).min(rest.len()),
            Piece::Dash => DASHES.iter().find(|dash| rest.starts_with(dash.as_bytes()))?.len(),
            Piece::Any => 0,
        };
    }
    Some(at)
}

/// Matches a segment without `*` at the end of the value; where it starts.
fn match_end<const CASED: bool>(segment: &[Piece], value: &[u8]) -> Option<usize> {
    let mut end = value.len();
    for piece in segment.iter().rev() {
        let head = &value[..end];
        end -= match piece {
            Piece::Text(text) => {
                let tail = head.get(end.checked_sub(text.len())?..)?;
                same::<CASED>(tail, text).then_some(text.len())?
            }
            Piece::One => {
                let back = head.iter().rev().take_while(|b| **b & 0xc0 == 0x80).count().min(3);
                if back < end { back + 1 } else { return None }
            }
            Piece::Dash => DASHES.iter().find(|dash| head.ends_with(dash.as_bytes()))?.len(),
            Piece::Any => 0,
        };
    }
    Some(end)
}

/// The leftmost match of a segment without `*` at or after `from`; where it ends.
fn find<const CASED: bool>(segment: &[Piece], value: &[u8], from: usize) -> Option<usize> {
    let Some(Piece::Text(text)) = segment.first() else {
        let starts = (from..=value.len()).filter(|&at| at == value.len() || value[at] & 0xc0 != 0x80);
        return starts.into_iter().find_map(|at| match_at::<CASED>(segment, value, at));
    };
    let mut at = from;
    loop {
        at += position::<CASED>(&value[at..], text[0])?;
        if let Some(end) = match_at::<CASED>(segment, value, at) {
            return Some(end);
        }
        at += 1;
    }
}

fn position<const CASED: bool>(value: &[u8], byte: u8) -> Option<usize> {
    if CASED || !byte.is_ascii_alphabetic() {
        memchr::memchr(byte, value)
    } else {
        memchr::memchr2(byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(pattern: &str, value: &str) -> bool {
        let mut folded = Vec::new();
        fold(value.as_bytes(), &mut folded);
        let pattern = Pattern::parse(pattern).finish();
        let by_fold = pattern.matches(&folded);
        if value.is_ascii() {
            assert_eq!(by_fold, pattern.matches(value.as_bytes()), "folded or not, {value}");
        }
        by_fold
    }

    #[test]
    fn wildcards_and_escapes_follow_the_specification() {
        for (pattern, yes, no) in [
            ("abc", "aBC", "abcd"),
            ("a*c", "abbbc", "abbb"),
            ("*c", "c", "ca"),
            ("a?c", "abc", "ac"),
            (r"a\*c", "a*c", "abc"),
            (r"a\\*c", r"a\xxc", "a*c"),
            (r"C:\Windows\*", r"c:\windows*", r"c:\windows\x"),
            (r"C:\\Windows\\*", r"c:\windows\x", r"c:\windowsx"),
            ("*a*b*c*", "xxaxxbxxcxx", "xxbxxaxxcxx"),
            ("*ab?", "ababx", "abab"),
            ("", "", "x"),
            ("*", "", "\u{0}never"),
            ("?", "ü", ""),
            ("a*b*b", "abb", "ab"),
        ] {
            assert!(is(pattern, yes), "{pattern} {yes}");
            if pattern != "*" {
                assert!(!is(pattern, no), "{pattern} {no}");
            }
        }
    }

    #[test]
    fn case_folds_beyond_ascii() {
        assert!(is("grün*", "GRÜNER"));
        assert!(is("straße", "STRAßE"));
        assert!(is("*kelvin", "300 \u{212a}ELVIN"));
        assert!(is("σίσυφος", "ΣΊΣΥΦΟΣ"));
        assert!(!Pattern::parse("abc").cased().finish().matches(b"ABC"));
    }

    #[test]
    fn a_dash_stands_for_its_siblings_only_where_a_parameter_begins() {
        let pattern = Pattern::parse(" -param-name").open_start().open_end().windash().finish();
        for value in ["x -param-name", "x /param-name", "x \u{2013}param-name", "x \u{2015}param-name"] {
            assert!(pattern.matches(value.as_bytes()), "{value}");
        }
        assert!(!pattern.matches(b"x -param/name"));
    }

    #[test]
    fn placeholders_give_all_combinations() {
        let lookup = |name: &str| (name == "x").then(|| vec![Pattern::parse("a"), Pattern::parse("b*")]);
        let expanded = Pattern::parse("1%x%2%x%").expand(&lookup).unwrap();
        assert_eq!(expanded.len(), 4);
        assert!(expanded[3].matches(b"1bzz2bzz"));
        assert_eq!(Pattern::parse("%y%").expand(&lookup).unwrap_err(), "y");
    }

    #[test]
    fn the_longest_literal_is_what_every_match_holds() {
        assert_eq!(Pattern::parse("*ab*abc?").required(), Some((&b"abc"[..], false)));
        assert_eq!(Pattern::parse("abc").required(), Some((&b"abc"[..], true)));
        assert_eq!(Pattern::parse("*").required(), None);
    }
}
