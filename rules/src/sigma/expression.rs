//! A regular expression of a rule: checked when the rule is loaded, compiled when a value first gets that far.
//!
//! Most expressions of a rule set are never reached, because a text that every match holds is looked for beforehand
//! ([`Expression::needs`]). So loading costs a parse, and memory goes to those that are used.

use std::{fmt, sync::OnceLock};

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

use super::{
    dialect,
    pattern::{fold, fold_char},
};

/// Most bytes that a compiled expression may take: what needs more would stall the pipeline.
const MAX_COMPILED: usize = 4 << 20;

/// Up to this many states an expression surely stays below [`MAX_COMPILED`], and is compiled only when it is used.
const SURELY_SMALL: u64 = 5_000;

/// Most literals of which one must stand in the text, for one expression.
const MAX_NEEDS: usize = 64;

/// Shorter literals stand in nearly every text.
const MIN_NEED: usize = 2;

/// Sigma's sub-modifiers of `re`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Flags {
    pub ignore_case: bool,
    pub multi_line: bool,
    pub dot_all: bool,
}

/// A checked expression.
pub(super) struct Expression {
    /// As the rule writes it.
    written: Box<str>,
    /// In our engine's notation.
    text: Box<str>,
    flags: Flags,
    compiled: OnceLock<Option<Regex>>,
    needs: Option<Box<[Vec<u8>]>>,
    states: u64,
}

impl Expression {
    /// Checks an expression; the error says what is wrong with it.
    pub fn compile(written: &str, flags: Flags) -> Result<Expression, String> {
        let text = dialect::translate(written, flags.multi_line)?;
        let mut parser = ParserBuilder::new();
        parser.case_insensitive(flags.ignore_case).multi_line(flags.multi_line).utf8(false);
        let hir = parser.dot_matches_new_line(flags.dot_all).build().parse(&text).map_err(|error| error.to_string())?;
        let needs = needs(&hir).map(Vec::into_boxed_slice);
        let states = states(&hir);
        let compiled = OnceLock::new();
        let expression = Expression { written: written.into(), text: text.into(), flags, compiled, needs, states };
        if states > SURELY_SMALL {
            expression.build().map_err(|error| error.to_string())?;
        }
        Ok(expression)
    }

    fn build(&self) -> Result<Regex, regex::Error> {
        let Flags { ignore_case, multi_line, dot_all } = self.flags;
        let mut builder = RegexBuilder::new(&self.text);
        builder.case_insensitive(ignore_case).multi_line(multi_line).dot_matches_new_line(dot_all);
        builder.size_limit(MAX_COMPILED).build()
    }

    /// Whether it is found in the text.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.compiled.get_or_init(|| self.build().ok()).as_ref().is_some_and(|regex| regex.is_match(text))
    }

    /// Literals, folded, of which at least one stands in every text that matches; `None` where nothing can be said.
    pub fn needs(&self) -> Option<&[Vec<u8>]> {
        self.needs.as_deref()
    }

    /// About how many states its automaton has: what one byte may cost, at worst.
    pub fn states(&self) -> u64 {
        self.states
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({})", self.written)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The character that this is, case aside.
fn single(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let mut folded = Vec::new();
            fold(std::str::from_utf8(&literal.0).ok()?.as_bytes(), &mut folded);
            String::from_utf8(folded).ok()
        }
        HirKind::Class(Class::Unicode(class)) => {
            let first = fold_char(class.ranges().first()?.start());
            let few = class.ranges().iter().map(|range| range.len()).sum::<usize>() <= 4;
            let mut all = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            (few && all.all(|c| fold_char(c) == first)).then(|| first.to_string())
        }
        HirKind::Capture(capture) => single(&capture.sub),
        _ => None,
    }
}

fn needs(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let long_enough = |text: String| (text.len() >= MIN_NEED).then(|| vec![text.into_bytes()]);
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => single(hir).and_then(long_enough),
        HirKind::Capture(capture) => needs(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needs(&repetition.sub),
        HirKind::Concat(parts) => {
            let mut found: Vec<Vec<Vec<u8>>> = Vec::new();
            let mut run = String::new();
            for part in parts {
                match single(part) {
                    Some(text) => run.push_str(&text),
                    None => {
                        found.extend(long_enough(std::mem::take(&mut run)));
                        found.extend(needs(part));
                    }
                }
            }
            found.extend(long_enough(run));
            found.into_iter().max_by_key(|set| set.iter().map(Vec::len).min())
        }
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(needs(part)?);
            }
            (all.len() <= MAX_NEEDS).then_some(all)
        }
        _ => None,
    }
}

fn states(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Capture(capture) => states(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(states).fold(1, |sum, more| sum.saturating_add(more))
        }
        HirKind::Repetition(repetition) => {
            let times = u64::from(repetition.max.unwrap_or(repetition.min).max(1));
            states(&repetition.sub).saturating_mul(times)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs_of(text: &str, ignore_case: bool) -> Option<Vec<String>> {
        let expression = Expression::compile(text, Flags { ignore_case, ..Flags::default() }).unwrap();
        let needs = expression.needs()?.iter();
        Some(needs.map(|need| String::from_utf8(need.clone()).unwrap()).collect())
    }

    #[test]
    fn what_every_match_holds_is_known() {
        assert_eq!(needs_of(r"^cmd.{1,5}POWERSHELL\s", false).unwrap(), ["powershell"]);
        assert_eq!(needs_of(r"fo(o|u)bar", true).unwrap(), ["bar"]);
        assert_eq!(needs_of(r"(alpha|BETA\d+)x*", true).unwrap(), ["alpha", "beta"]);
        assert_eq!(needs_of(r"Kelvin", true).unwrap(), ["kelvin"]);
        assert_eq!(needs_of(r"\w+@\w+", false), None);
        assert_eq!(needs_of(r"(abc)?", false), None);
    }

    #[test]
    fn what_would_take_too_much_is_refused() {
        let error = Expression::compile(r"(\w{1,200}){1,200}", Flags::default()).unwrap_err();
        assert!(error.contains("size limit"), "{error}");
        let slow = Expression::compile(r"\w{1,40}x", Flags::default()).unwrap();
        assert!(slow.states() > SURELY_SMALL && slow.is_match("äx".as_bytes()));
    }
}
