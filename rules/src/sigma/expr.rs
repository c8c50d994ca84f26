//! A rule's detection, compiled: a tree of tests on slots.

use ipnet::IpNet;
use jiff::fmt::temporal::Pieces;
use roundsman_ingest::event::Value;

use super::{
    expression::Expression,
    pattern::{Pattern, fold},
    view::{Cell, KEYWORDS, SlotId, View},
};

/// A compiled condition.
#[derive(Debug)]
pub(super) enum Expr {
    And(Box<[Expr]>),
    Or(Box<[Expr]>),
    Not(Box<Expr>),
    /// A selection by its name.
    Selection(Box<str>, Box<Expr>),
    Item(Item),
    /// Nothing fits: a placeholder has no values.
    Never,
}

/// One field of a selection with its values.
#[derive(Debug)]
pub(super) struct Item {
    /// The field with its modifiers as the rule writes them; empty for keywords.
    pub label: Box<str>,
    pub slot: SlotId,
    /// All tests must hold instead of any.
    pub all: bool,
    pub tests: Box<[Test]>,
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Compare {
    Lt,
    Lte,
    Gt,
    Gte,
    Eq,
    Neq,
}

/// A part of a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// What a value must be.
#[derive(Debug)]
pub(super) enum Test {
    Text(Pattern),
    Regex(Expression),
    /// The number as it is written.
    Number(Box<str>),
    Bool(bool),
    Null,
    Cidr(IpNet),
    Compare(Compare, f64),
    Part(Part, Compare, f64),
    Exists(bool),
    /// The value is that of another field, or begins, ends with or contains it.
    SameAs {
        slot: SlotId,
        cased: bool,
        open_start: bool,
        open_end: bool,
    },
    /// Any of the forms that a modifier made of one value.
    OneOf(Box<[Test]>),
}

/// Something without which a rule cannot match: what the index looks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Atom {
    /// The slot's value is this, case aside.
    Exact(SlotId, Vec<u8>),
    /// The slot's value holds this, case aside.
    Holds(SlotId, Vec<u8>),
    /// The slot has a value.
    Present(SlotId),
}

impl Expr {
    /// Whether the event fits.
    pub fn holds(&self, view: &View) -> bool {
        match self {
            Expr::And(all) => all.iter().all(|e| e.holds(view)),
            Expr::Or(any) => any.iter().any(|e| e.holds(view)),
            Expr::Not(inner) => !inner.holds(view),
            Expr::Selection(_, inner) => inner.holds(view),
            Expr::Item(item) => item.holds(view),
            Expr::Never => false,
        }
    }

    /// Atoms of which at least one occurs in every event that fits; `None` where there are none.
    pub fn required(&self) -> Option<Vec<Atom>> {
        match self {
            Expr::And(all) => best(all.iter().filter_map(Expr::required)),
            Expr::Or(any) => any.iter().map(Expr::required).collect::<Option<Vec<_>>>().map(|sets| sets.concat()),
            Expr::Not(_) => None,
            Expr::Selection(_, inner) => inner.required(),
            Expr::Item(item) => item.required(),
            Expr::Never => Some(Vec::new()),
        }
    }

    /// Whether it looks at the record as a whole.
    pub fn has_keywords(&self) -> bool {
        let mut found = false;
        self.items(&mut |item| found |= item.slot == KEYWORDS);
        found
    }

    /// Calls `visit` for each item of the tree.
    pub fn items<'e>(&'e self, visit: &mut dyn FnMut(&'e Item)) {
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|e| e.items(visit)),
            Expr::Not(inner) | Expr::Selection(_, inner) => inner.items(visit),
            Expr::Item(item) => visit(item),
            Expr::Never => {}
        }
    }
}

/// The set that the fewest events are likely to have an atom of.
fn best(sets: impl Iterator<Item = Vec<Atom>>) -> Option<Vec<Atom>> {
    let chance = |set: &Vec<Atom>| set.iter().map(Atom::chance).sum::<f64>();
    sets.min_by(|one, other| chance(one).total_cmp(&chance(other)).then(one.len().cmp(&other.len())))
}

impl Item {
    fn holds(&self, view: &View) -> bool {
        let test = |test: &Test| test.holds(self.slot, view);
        if self.all { self.tests.iter().all(test) } else { self.tests.iter().any(test) }
    }

    fn required(&self) -> Option<Vec<Atom>> {
        let sets = self.tests.iter().map(|test| test.required(self.slot));
        if self.all { best(sets.flatten()) } else { sets.collect::<Option<Vec<_>>>().map(|sets| sets.concat()) }
    }
}

impl Test {
    fn holds(&self, slot: SlotId, view: &View) -> bool {
        match self {
            Test::Exists(wanted) => view.values(slot).next().is_some() == *wanted,
            Test::Null => {
                let mut values = view.values(slot).peekable();
                values.peek().is_none() || values.any(Cell::is_null)
            }
            Test::OneOf(forms) => forms.iter().any(|form| form.holds(slot, view)),
            Test::SameAs { slot: other, cased, open_start, open_end } => view.values(*other).any(|other| {
                let with = if *cased { view.text(other) } else { view.folded(other) };
                let fits = |cell: &Cell| {
                    let text = if *cased { view.text(cell) } else { view.folded(cell) };
                    !cell.is_null() && same(text, with, *cased, *open_start, *open_end)
                };
                !other.is_null() && view.values(slot).any(fits)
            }),
            _ => view.values(slot).any(|cell| !cell.is_null() && self.fits(cell, view)),
        }
    }

    fn fits(&self, cell: &Cell, view: &View) -> bool {
        match self {
            Test::Text(pattern) if pattern.is_cased() => pattern.matches(view.text(cell)),
            Test::Text(pattern) => pattern.matches(view.folded(cell)),
            Test::Regex(regex) => regex.is_match(view.text(cell)),
            Test::Number(number) => view.text(cell) == number.as_bytes(),
            Test::Bool(wanted) => view.text(cell).eq_ignore_ascii_case(if *wanted { b"true" } else { b"false" }),
            Test::Cidr(network) => in_network(view.text(cell), network),
            Test::Compare(compare, number) => as_number(cell, view).is_some_and(|n| compare.holds(n, *number)),
            Test::Part(part, compare, number) => part.of(view.text(cell)).is_some_and(|n| compare.holds(n, *number)),
            Test::Null | Test::Exists(_) | Test::SameAs { .. } | Test::OneOf(_) => false,
        }
    }

    /// Calls `visit` for the slot of another field that the test looks at.
    pub fn other_slot(&self, visit: &mut dyn FnMut(SlotId)) {
        match self {
            Test::SameAs { slot, .. } => visit(*slot),
            Test::OneOf(forms) => forms.iter().for_each(|form| form.other_slot(visit)),
            _ => {}
        }
    }

    fn required(&self, slot: SlotId) -> Option<Vec<Atom>> {
        let one = |atom| Some(vec![atom]);
        match self {
            Test::Text(pattern) => match pattern.required() {
                Some((text, true)) => one(Atom::Exact(slot, folded(text))),
                Some((text, false)) => one(Atom::Holds(slot, folded(text))),
                None if pattern.as_literal().is_some() => one(Atom::Exact(slot, Vec::new())),
                None => one(Atom::Present(slot)),
            },
            Test::Number(number) => one(Atom::Exact(slot, folded(number.as_bytes()))),
            Test::Bool(wanted) => one(Atom::Exact(slot, wanted.to_string().into_bytes())),
            Test::Null | Test::Exists(false) => None,
            Test::Regex(expression) => match expression.needs() {
                Some(needs) => Some(needs.iter().map(|need| Atom::Holds(slot, need.clone())).collect()),
                None => one(Atom::Present(slot)),
            },
            Test::OneOf(forms) => {
                forms.iter().map(|form| form.required(slot)).collect::<Option<Vec<_>>>().map(|sets| sets.concat())
            }
            _ => one(Atom::Present(slot)),
        }
    }
}

fn folded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    if std::str::from_utf8(text).is_ok() {
        fold(text, &mut out)
    } else {
        out.extend(text.to_ascii_lowercase())
    }
    out
}

/// Whether one text is the other, or begins, ends with or holds it; case aside, both are folded or ASCII.
fn same(text: &[u8], other: &[u8], cased: bool, open_start: bool, open_end: bool) -> bool {
    let equal = |part: &[u8]| if cased { part == other } else { part.eq_ignore_ascii_case(other) };
    match (text.len().checked_sub(other.len()), open_start, open_end) {
        (None, ..) => false,
        (Some(more), false, false) => more == 0 && equal(text),
        (Some(_), false, true) => equal(&text[..other.len()]),
        (Some(more), true, false) => equal(&text[more..]),
        (Some(_), true, true) => other.is_empty() || text.windows(other.len()).any(equal),
    }
}

fn in_network(text: &[u8], network: &IpNet) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    // the zone of a link-local address says nothing about its network
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    // `::ffff:192.0.2.1` is how a socket for both says 192.0.2.1 (RFC 4291, 2.5.5.2)
    let within = |address: std::net::IpAddr| network.contains(&address) || network.contains(&address.to_canonical());
    address.parse().is_ok_and(within)
}

fn as_number(cell: &Cell, view: &View) -> Option<f64> {
    match cell.value() {
        Value::Int(n) => Some(n as f64),
        Value::Float(n) => Some(n),
        Value::Bool(b) => Some(f64::from(u8::from(b))),
        _ => std::str::from_utf8(view.text(cell)).ok()?.trim().parse().ok(),
    }
}

impl Compare {
    /// Compares; with NaN only unequal.
    pub fn holds(self, value: f64, with: f64) -> bool {
        match self {
            Compare::Lt => value < with,
            Compare::Lte => value <= with,
            Compare::Gt => value > with,
            Compare::Gte => value >= with,
            Compare::Eq => value == with,
            Compare::Neq => value != with,
        }
    }
}

impl Part {
    /// The numbers that it can be.
    pub fn range(self) -> std::ops::RangeInclusive<f64> {
        match self {
            Part::Minute => 0.0..=59.0,
            Part::Hour => 0.0..=23.0,
            Part::Day => 1.0..=31.0,
            Part::Week => 1.0..=53.0,
            Part::Month => 1.0..=12.0,
            Part::Year => 0.0..=9999.0,
        }
    }

    /// This part of an RFC 3339 time, in the zone that the time is written in.
    fn of(self, text: &[u8]) -> Option<f64> {
        let pieces = Pieces::parse(text).ok()?;
        let (date, time) = (pieces.date(), pieces.time());
        Some(f64::from(match self {
            Part::Minute => i32::from(time?.minute()),
            Part::Hour => i32::from(time?.hour()),
            Part::Day => i32::from(date.day()),
            Part::Week => i32::from(date.iso_week_date().week()),
            Part::Month => i32::from(date.month()),
            Part::Year => i32::from(date.year()),
        }))
    }
}
