//! Why a rule matched an event, or which of its conditions failed first.

use std::fmt;

use roundsman_ingest::Event;

use super::{
    expr::{Compare, Expr, Item, Part, Test},
    pattern::{Pattern, Piece},
    set::RuleSet,
    view::{KEYWORDS, Scratch, View},
};

/// Most wanted values that an explanation lists.
const MAX_LISTED: usize = 4;

/// Longest value that an explanation shows, in characters.
const MAX_SHOWN: usize = 120;

/// What one rule says of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The rule's number.
    pub rule: u32,
    /// The condition that failed first; `None` if the rule matched.
    pub failed: Option<Failed>,
}

/// A condition that an event does not fulfil.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The selection in which it stands.
    pub selection: String,
    /// The field with its modifiers as the rule writes them; empty for keywords, or where the selection as a whole is
    /// excluded.
    pub field: String,
    /// What the event has there; `None`: nothing.
    pub value: Option<String>,
    /// What the rule wants.
    pub wants: String,
}

impl Explained {
    /// The rule matched.
    pub fn matched(&self) -> bool {
        self.failed.is_none()
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failed { selection, field, value, wants } = self;
        match (field.as_str(), value) {
            ("", _) => write!(f, "{selection}: {wants}"),
            (field, None) => write!(f, "{selection}: {field} is absent, wants {wants}"),
            (field, Some(value)) => write!(f, "{selection}: {field} is `{value}`, wants {wants}"),
        }
    }
}

impl RuleSet {
    /// Holds an event against each rule of its log source.
    pub fn explain(&self, event: &Event) -> Vec<Explained> {
        let mut scratch = Scratch::default();
        let at = self.plan(&event.logsource, false, &mut scratch);
        let Scratch { plans, cells, .. } = &mut scratch;
        if plans[at].2.is_empty() {
            return Vec::new();
        }
        plans[at].2.fill(event, &self.slots, cells);
        if plans[at].2.wants_keywords() {
            cells.fill_keywords(event);
        }
        let view = View { event, cells, slots: &self.slots };
        let rules = self.looking_at(&event.logsource).into_iter();
        let compiled = rules.filter_map(|rule| Some((rule, self.exprs[rule as usize].as_ref()?)));
        compiled.map(|(rule, expr)| Explained { rule, failed: failed(expr, "", &view) }).collect()
    }
}

/// The first part that does not hold.
fn failed(expr: &Expr, selection: &str, view: &View) -> Option<Failed> {
    if expr.holds(view) {
        return None;
    }
    let whole = |wants: String| Failed { selection: selection.into(), field: String::new(), value: None, wants };
    Some(match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().find_map(|part| failed(part, selection, view))?,
        Expr::Selection(name, inner) => failed(inner, name, view)?,
        Expr::Not(inner) => match held(inner, view) {
            Some(name) => {
                Failed { selection: name.into(), ..whole("fits the event, and the condition excludes it".into()) }
            }
            None => whole("fits the event, and is excluded".into()),
        },
        Expr::Never => whole("a placeholder has no values, so it never fits".into()),
        Expr::Item(item) if item.slot == KEYWORDS => whole(format!("the record holds no {}", item.wants())),
        Expr::Item(item) => Failed {
            selection: selection.into(),
            field: item.label.to_string(),
            value: value_of(item, view),
            wants: item.wants(),
        },
    })
}

/// The name of the first selection that holds, where one must not.
fn held<'e>(expr: &'e Expr, view: &View) -> Option<&'e str> {
    match expr {
        _ if !expr.holds(view) => None,
        Expr::Selection(name, _) => Some(name),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().find_map(|part| held(part, view)),
        _ => None,
    }
}

fn value_of(item: &Item, view: &View) -> Option<String> {
    let mut values = view.values(item.slot).peekable();
    values.peek()?;
    let shown: Vec<String> = values.map(|cell| shorten(&String::from_utf8_lossy(view.text(cell)))).collect();
    Some(shown.join("`, `"))
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl Item {
    fn wants(&self) -> String {
        let mut wants: Vec<String> = self.tests.iter().take(MAX_LISTED).map(|test| test.to_string()).collect();
        if self.tests.len() > MAX_LISTED {
            wants.push(format!("{} more", self.tests.len() - MAX_LISTED));
        }
        wants.join(if self.all { " and " } else { " or " })
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Test::Text(pattern) => write!(f, "`{pattern}`"),
            Test::Regex(regex) => write!(f, "/{regex}/"),
            Test::Number(number) => write!(f, "{number}"),
            Test::Bool(wanted) => write!(f, "{wanted}"),
            Test::Null => write!(f, "nothing"),
            Test::Cidr(network) => write!(f, "an address in {network}"),
            Test::Compare(compare, number) => write!(f, "{compare} {number}"),
            Test::Part(part, compare, number) => write!(f, "{part} {compare} {number}"),
            Test::Exists(true) => write!(f, "any value"),
            Test::Exists(false) => write!(f, "no such field"),
            Test::SameAs { .. } => write!(f, "the value of the other field"),
            Test::OneOf(forms) => {
                let forms: Vec<String> = forms.iter().map(ToString::to_string).collect();
                write!(f, "{}", forms.join(" or "))
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.pieces() {
            match piece {
                Piece::Text(text) => {
                    f.write_str(&String::from_utf8_lossy(text).replace('*', "\\*").replace('?', "\\?"))?
                }
                Piece::Any => f.write_str("*")?,
                Piece::One => f.write_str("?")?,
                Piece::Dash => f.write_str("-")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compare::Lt => "<",
            Compare::Lte => "≤",
            Compare::Gt => ">",
            Compare::Gte => "≥",
            Compare::Eq => "=",
            Compare::Neq => "≠",
        })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Minute => "minute",
            Part::Hour => "hour",
            Part::Day => "day",
            Part::Week => "week",
            Part::Month => "month",
            Part::Year => "year",
        })
    }
}
