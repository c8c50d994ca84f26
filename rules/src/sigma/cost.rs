//! What a rule costs at worst, estimated when it is loaded: a slow one is named before it stalls the pipeline.
//!
//! The figures are nanoseconds on one core of 2024, for a value of [`TEXT`] bytes. They need not be exact: they tell a
//! rule that takes a microsecond from one that takes a millisecond.

use super::{
    expr::{Atom, Expr, Item, Test},
    pattern::{Pattern, Piece},
    view::KEYWORDS,
};

/// Length of the value that estimates are for, in bytes: a long command line.
const TEXT: u64 = 512;

/// How many values keywords are held against, at most usual.
const VALUES: u64 = 16;

/// A rule that takes longer than this for an event that comes near to it is slow.
pub const SLOW_NEAR: u64 = 100_000;

/// A rule that takes longer than this for every event of its log source is slow.
pub const SLOW_EACH: u64 = 50_000;

/// A comparison, a number, an address.
const COMPARE: u64 = 10;

/// Looking for a literal in a text of [`TEXT`] bytes.
const FIND: u64 = TEXT / 8;

/// An expression for which this many states suffice is followed at a nanosecond a byte; more are walked one by one.
const FEW_STATES: u64 = 10_000;

/// The estimated cost of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// For an event that has what the rule's index entry asks for, in nanoseconds.
    pub near: u64,
    /// For each event of its log source, in nanoseconds: all of it, where no literal tells beforehand that the rule cannot
    /// match.
    pub each: u64,
}

impl Cost {
    /// Whether it is so much that people should know.
    pub fn is_slow(&self) -> bool {
        self.near > SLOW_NEAR || self.each > SLOW_EACH
    }
}

impl Expr {
    /// What holding it against one event costs at worst.
    pub fn cost(&self) -> Cost {
        let near = self.worst();
        let gated = self
            .required()
            .is_some_and(|atoms| atoms.iter().all(|atom| matches!(atom, Atom::Exact(..) | Atom::Holds(..))));
        Cost { near, each: if gated { 0 } else { near } }
    }

    fn worst(&self) -> u64 {
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().map(Expr::worst).sum(),
            Expr::Not(inner) | Expr::Selection(_, inner) => inner.worst(),
            Expr::Item(item) => item.worst(),
            Expr::Never => 0,
        }
    }

    /// The item that costs most.
    pub fn dearest(&self) -> Option<&Item> {
        let mut dearest: Option<&Item> = None;
        self.items(&mut |item| {
            if dearest.is_none_or(|known| known.worst() < item.worst()) {
                dearest = Some(item);
            }
        });
        dearest
    }
}

impl Item {
    fn worst(&self) -> u64 {
        let values = if self.slot == KEYWORDS { VALUES } else { 1 };
        self.tests.iter().map(Test::worst).sum::<u64>().saturating_mul(values)
    }

    /// What makes it dear, in words.
    pub fn burden(&self) -> String {
        let label = if self.label.is_empty() { "keywords" } else { &*self.label };
        let (mut wildcards, mut states) = (0, 0);
        self.tests.iter().for_each(|test| test.weigh(&mut wildcards, &mut states));
        match (wildcards, states) {
            (_, 0) => format!("`{label}` has {} values with {wildcards} wildcards", self.tests.len()),
            (_, states) => format!("the expressions of `{label}` have some {states} states"),
        }
    }
}

impl Test {
    fn worst(&self) -> u64 {
        match self {
            Test::Text(pattern) => pattern.worst(),
            Test::Regex(expression) if expression.states() <= FEW_STATES => TEXT + COMPARE,
            Test::Regex(expression) => TEXT.saturating_mul(expression.states() / 200),
            Test::SameAs { open_start: true, open_end: true, .. } => TEXT * FIND,
            Test::OneOf(forms) => forms.iter().map(Test::worst).sum(),
            _ => COMPARE,
        }
    }

    fn weigh(&self, wildcards: &mut usize, states: &mut u64) {
        match self {
            Test::Text(pattern) => *wildcards += pattern.pieces().iter().filter(|piece| **piece == Piece::Any).count(),
            Test::Regex(expression) => *states += expression.states(),
            Test::OneOf(forms) => forms.iter().for_each(|form| form.weigh(wildcards, states)),
            _ => {}
        }
    }
}

impl Pattern {
    fn worst(&self) -> u64 {
        let segments: Vec<&[Piece]> = self.pieces().split(|piece| *piece == Piece::Any).collect();
        let Some(between) = segments.get(1..segments.len().saturating_sub(1)) else { return COMPARE };
        // a segment that begins with a wildcard for one character is tried at each place
        let looked_for = between.iter().filter(|segment| !segment.is_empty()).map(|segment| match segment[0] {
            Piece::Text(_) => FIND,
            _ => TEXT * segment.len() as u64,
        });
        looked_for.sum::<u64>() + COMPARE
    }
}

#[cfg(test)]
mod tests {
    use crate::sigma::{Options, RuleFile, RuleSet};

    fn problems(selection: &str) -> Vec<String> {
        let text =
            format!("title: t\nlogsource: {{category: test}}\ndetection:\n  sel:\n    {selection}\n  condition: sel\n");
        let (_, problems) = RuleSet::load(&[RuleFile { path: "t.yml".into(), text }], &Options::default());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_slow_rule_is_named_with_what_it_costs() {
        let words: Vec<String> = (0..4_000).map(|n| format!("'*word{n}*x'")).collect();
        let many = problems(&format!("a: [{}]", words.join(",")));
        assert!(many[0].contains("`t` may take"), "{many:?}");
        assert!(many[0].contains("`a` has 4000 values with 8000 wildcards"), "{many:?}");
        let states = problems(r"a|re: '\w{1,60}\d'");
        assert!(states[0].contains("for each event") && states[0].contains("states"), "{states:?}");
        assert!(problems("a|contains: [one, two]").is_empty());
        assert!(problems(r"a|re: '^\d+ (one|two)$'").is_empty());
    }
}
