//! `correlation:` as it is written: what is counted, by what, in which time.

use super::{
    condition::Condition,
    expr::Compare,
    fault::{Fault, available},
    rule::{Rule, only, word, words},
    yaml::{Node, Value},
};

/// What a correlation looks for among the matches of its rules.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// So many matches.
    EventCount,
    /// So many different values of these fields.
    ValueCount(Vec<String>),
    /// A statistic over the numbers in this field.
    Value(Statistic, String),
    /// Matches of several rules, in any order.
    Temporal,
    /// Matches of several rules, in the order in which they are listed.
    TemporalOrdered,
}

/// What is made of the numbers in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Statistic {
    Sum,
    Average,
    /// In percent.
    Percentile(f64),
}

impl Kind {
    /// The fields whose values are counted or added up.
    pub fn fields(&self) -> Vec<String> {
        match self {
            Kind::ValueCount(fields) => fields.clone(),
            Kind::Value(_, field) => vec![field.clone()],
            Kind::EventCount | Kind::Temporal | Kind::TemporalOrdered => Vec::new(),
        }
    }
}

/// When a correlation is met.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Threshold {
    /// All of these comparisons hold.
    Count(Vec<(Compare, f64)>),
    /// Sigma 2.1's extended condition over the rules' names.
    Rules(Condition),
}

/// A correlation as it is written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub kind: Kind,
    /// Ids or names of rules.
    pub rules: Vec<String>,
    pub group_by: Vec<String>,
    /// Seconds.
    pub timespan: i64,
    pub threshold: Threshold,
    /// The rules raise alerts of their own, too.
    pub generate: bool,
    /// Alias, rule, field.
    pub aliases: Vec<(String, String, String)>,
    pub line: usize,
}

const KEYS: &[&str] = &["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];
const TYPES: &[&str] = &[
    "event_count",
    "value_count",
    "value_sum",
    "value_avg",
    "value_median",
    "value_percentile",
    "temporal",
    "temporal_ordered",
];
const COMPARISONS: &[(&str, Compare)] = &[
    ("gte", Compare::Gte),
    ("gt", Compare::Gt),
    ("lte", Compare::Lte),
    ("lt", Compare::Lt),
    ("eq", Compare::Eq),
    ("neq", Compare::Neq),
];

/// The percentile of `value_percentile` where the condition names none: the median.
const MEDIAN: f64 = 50.0;

impl Written {
    /// Reads the `correlation:` map.
    pub fn read(node: &Node) -> Result<Written, Fault> {
        if !matches!(node.value, Value::Map(_)) {
            return Err(Fault::new(
                node.line,
                "`correlation` is no map",
                "write `type`, `rules`, `timespan` and `condition`",
            ));
        }
        only(node, KEYS)?;
        let kind = kind(node)?;
        let mut rules = words(node, "rules")?;
        let temporal = matches!(kind, Kind::Temporal | Kind::TemporalOrdered);
        let threshold = match node.get("condition") {
            None if temporal => Threshold::Count(vec![(Compare::Gte, rules.len() as f64)]),
            None => {
                return Err(Fault::new(
                    node.line,
                    "the correlation has no `condition`",
                    "write `condition: {gte: 10}`",
                ));
            }
            Some(condition) if condition.text().is_some() && !temporal => {
                return Err(Fault::new(
                    condition.line,
                    "only temporal correlations take a condition in words",
                    "write `condition: {gte: 10}`",
                ));
            }
            Some(condition) => threshold(condition, &kind)?,
        };
        if let Threshold::Rules(condition) = &threshold {
            let line = node.get("condition").map_or(node.line, |n| n.line);
            name_rules(condition, &mut rules, line)?;
        }
        if let Some(twice) = rules.iter().enumerate().find(|(at, rule)| rules[..*at].contains(rule)) {
            return Err(Fault::new(
                node.line,
                format!("the rule `{}` is listed twice", twice.1),
                "name each rule once",
            ));
        }
        if rules.is_empty() {
            return Err(Fault::new(node.line, "the correlation names no rules", "write `rules: [id or name]`"));
        }
        let generate = generate(node)?;
        let timespan = timespan(node)?;
        let group_by = words(node, "group-by")?;
        Ok(Written { kind, rules, group_by, timespan, threshold, generate, aliases: aliases(node)?, line: node.line })
    }
}

fn generate(node: &Node) -> Result<bool, Fault> {
    match node.get("generate").map(|n| (&n.value, n.line)) {
        None => Ok(false),
        Some((Value::Bool(generate), _)) => Ok(*generate),
        Some((_, line)) => {
            Err(Fault::new(line, "`generate` is no truth value", "write `generate: true` or leave it out"))
        }
    }
}

fn kind(node: &Node) -> Result<Kind, Fault> {
    let kind = word(node, "type")?.unwrap_or_default();
    let line = node.get("type").map_or(node.line, |n| n.line);
    Ok(match &*kind {
        "event_count" => Kind::EventCount,
        "value_count" => Kind::ValueCount(fields(node, &kind, line)?),
        "value_sum" => Kind::Value(Statistic::Sum, field(node, &kind, line)?),
        "value_avg" => Kind::Value(Statistic::Average, field(node, &kind, line)?),
        "value_median" => Kind::Value(Statistic::Percentile(MEDIAN), field(node, &kind, line)?),
        "value_percentile" => Kind::Value(Statistic::Percentile(percent(node)?), field(node, &kind, line)?),
        "temporal" => Kind::Temporal,
        "temporal_ordered" => Kind::TemporalOrdered,
        other => {
            return Err(Fault::new(
                line,
                format!("unknown correlation type `{other}`"),
                available(other, TYPES.iter().copied()),
            ));
        }
    })
}

/// The fields that the condition names.
fn fields(node: &Node, kind: &str, line: usize) -> Result<Vec<String>, Fault> {
    let condition = node.get("condition");
    let fields = condition.map(|c| words(c, "field")).transpose()?.unwrap_or_default();
    if fields.is_empty() {
        let line = condition.map_or(line, |n| n.line);
        let what = format!("`{kind}` does not say of which field");
        return Err(Fault::new(line, what, "write `condition: {field: user.name, gte: 10}`"));
    }
    Ok(fields)
}

/// The one field that the condition names.
fn field(node: &Node, kind: &str, line: usize) -> Result<String, Fault> {
    let mut fields = fields(node, kind, line)?;
    match fields.len() {
        1 => Ok(fields.remove(0)),
        _ => Err(Fault::new(line, format!("`{kind}` names several fields"), "name the one that holds the number")),
    }
}

fn percent(node: &Node) -> Result<f64, Fault> {
    let Some(percent) = node.get("condition").and_then(|c| c.get("percentile")) else { return Ok(MEDIAN) };
    let wrong = || Fault::new(percent.line, "`percentile` is no number from 0 to 100", "write `percentile: 95`");
    number(percent).filter(|n| (0.0..=100.0).contains(n)).ok_or_else(wrong)
}

fn number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Int(n) => Some(n as f64),
        Value::Float(n) => Some(n),
        _ => None,
    }
}

fn threshold(node: &Node, kind: &Kind) -> Result<Threshold, Fault> {
    const HELP: &str = "write `condition: {gte: 10}`; available: gte, gt, lte, lt, eq, neq; `field` for the value types, \
                        `percentile` for value_percentile";
    let statistic = matches!(kind, Kind::Value(..));
    if let Some(text) = node.text() {
        let parsed = Condition::parse(text);
        return parsed
            .map(Threshold::Rules)
            .map_err(|what| Fault::new(node.line, what, "join the rules' names with and, or, not"));
    }
    let mut bounds = Vec::new();
    for (key, value) in node.entries() {
        let name = key.word().unwrap_or_default();
        let percentile = matches!(kind, Kind::Value(Statistic::Percentile(_), _));
        if (name == "field" && !kind.fields().is_empty()) || (name == "percentile" && percentile) {
            continue;
        }
        let compare = COMPARISONS.iter().find(|(known, _)| *known == name).map(|(_, compare)| *compare);
        let counts = |n: &f64| statistic || (*n >= 0.0 && n.fract() == 0.0);
        match (compare, number(value).filter(counts)) {
            (Some(compare), Some(bound)) => bounds.push((compare, bound)),
            (Some(_), None) => return Err(Fault::new(value.line, format!("`{name}` is no whole number"), HELP)),
            (None, _) => return Err(Fault::new(key.line, format!("unknown comparison `{name}`"), HELP)),
        }
    }
    if bounds.is_empty() {
        return Err(Fault::new(node.line, "the correlation's condition compares nothing", HELP));
    }
    Ok(Threshold::Count(bounds))
}

/// A correlation with its rules resolved.
#[derive(Clone, Debug)]
pub(super) struct Correlation {
    /// Its own number.
    pub rule: u32,
    pub kind: Kind,
    /// The rules that feed it, in the order in which they are listed.
    pub rules: Vec<u32>,
    /// The same by the names under which its condition knows them.
    pub names: Vec<String>,
    pub group_by: Vec<String>,
    /// Seconds.
    pub timespan: i64,
    pub threshold: Threshold,
    pub generate: bool,
    /// Alias, rule, field.
    pub aliases: Vec<(String, u32, String)>,
}

impl Correlation {
    /// Resolves names to loaded rules; the error is a name that is not (yet) loaded.
    pub fn resolve(written: &Written, rule: u32, rules: &[Rule]) -> Result<Correlation, String> {
        let number = |name: &String| {
            let found = rules.iter().position(|r| r.id == *name || r.name.as_ref() == Some(name));
            found.map(|at| at as u32).ok_or_else(|| name.clone())
        };
        let alias = |(alias, rule, field): &(String, String, String)| {
            number(rule).map(|rule| (alias.clone(), rule, field.clone()))
        };
        Ok(Correlation {
            rule,
            kind: written.kind.clone(),
            rules: written.rules.iter().map(number).collect::<Result<_, _>>()?,
            names: written.rules.clone(),
            group_by: written.group_by.clone(),
            timespan: written.timespan,
            threshold: written.threshold.clone(),
            generate: written.generate,
            aliases: written.aliases.iter().map(alias).collect::<Result<_, _>>()?,
        })
    }
}

/// Most ways to meet a condition in words that are told apart.
const MAX_WAYS: usize = 64;

/// A way to meet a condition: the rules that must have matched, and those that must not.
#[derive(Clone, Default)]
struct Way {
    present: Vec<usize>,
    absent: Vec<usize>,
}

impl Correlation {
    /// Whether a condition in words is met by rules that matched in the order in which they are listed; where the first
    /// of them stands among the tags.
    pub fn in_listed_order(&self, condition: &Condition, tags: &[u64]) -> Option<usize> {
        self.ways(condition, false).into_iter().filter_map(|way| way.first(tags)).min()
    }

    /// The condition as a choice of ways.
    fn ways(&self, condition: &Condition, negated: bool) -> Vec<Way> {
        let place = |name: &String| self.names.iter().position(|known| known == name);
        let single = |place: usize| match negated {
            true => Way { absent: vec![place], ..Way::default() },
            false => Way { present: vec![place], ..Way::default() },
        };
        match (condition, negated) {
            (Condition::Name(name), _) => place(name).map(single).into_iter().collect(),
            (Condition::Not(inner), _) => self.ways(inner, !negated),
            (Condition::And(parts), false) | (Condition::Or(parts), true) => {
                all_of(parts.iter().map(|part| self.ways(part, negated)))
            }
            (Condition::And(parts), true) | (Condition::Or(parts), false) => {
                parts.iter().flat_map(|part| self.ways(part, negated)).take(MAX_WAYS).collect()
            }
            (Condition::Of { all, .. }, _) if *all != negated => {
                all_of((0..self.names.len()).map(|place| vec![single(place)]))
            }
            (Condition::Of { .. }, _) => (0..self.names.len()).map(single).collect(),
        }
    }
}

fn all_of(parts: impl Iterator<Item = Vec<Way>>) -> Vec<Way> {
    parts.fold(vec![Way::default()], |ways, more| {
        let joined = ways.iter().flat_map(|one| more.iter().map(|other| one.and(other)));
        joined.take(MAX_WAYS).collect()
    })
}

impl Way {
    fn and(&self, other: &Way) -> Way {
        Way { present: [&*self.present, &*other.present].concat(), absent: [&*self.absent, &*other.absent].concat() }
    }

    /// Where the first of its rules stands, if they follow one another in listed order and none is there that must not.
    fn first(&self, tags: &[u64]) -> Option<usize> {
        if self.absent.iter().any(|place| tags.contains(&(*place as u64))) {
            return None;
        }
        let mut order = self.present.clone();
        order.sort_unstable();
        order.dedup();
        let (mut first, mut from) = (None, 0);
        for place in order {
            let at = from + tags[from..].iter().position(|tag| *tag == place as u64)?;
            first.get_or_insert(at);
            from = at + 1;
        }
        Some(first.unwrap_or(0))
    }
}

/// Seconds of `30s`, `15m`, `4h`, `2d`, `1w`, `1M` or `1y`; months and years are average ones, as Sigma counts them.
fn timespan(node: &Node) -> Result<i64, Fault> {
    const HELP: &str = "write a number and a unit: `30s`, `15m`, `4h`, `2d`, `1w`, `1M`, `1y`";
    let Some(text) = word(node, "timespan")? else {
        return Err(Fault::new(node.line, "the correlation has no `timespan`", HELP));
    };
    let line = node.get("timespan").map_or(node.line, |n| n.line);
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        "M" => 2_629_746,
        "y" => 31_556_952,
        _ => 0,
    };
    let seconds = digits.parse::<i64>().ok().and_then(|n| n.checked_mul(unit));
    seconds.filter(|s| *s > 0).ok_or_else(|| Fault::new(line, format!("`{text}` is no timespan"), HELP))
}

fn aliases(node: &Node) -> Result<Vec<(String, String, String)>, Fault> {
    let mut all = Vec::new();
    for (alias, mapping) in node.get("aliases").map(Node::entries).unwrap_or_default() {
        if !matches!(mapping.value, Value::Map(_)) {
            return Err(Fault::new(mapping.line, "an alias is no map", "write `alias: {rule: field}`"));
        }
        for (rule, field) in mapping.entries() {
            if let (Some(alias), Some(rule), Some(field)) = (alias.word(), rule.word(), field.word()) {
                all.push((alias, rule, field));
            }
        }
    }
    Ok(all)
}

/// The rules of a condition in words: they must be those listed; where none are listed, they are the list.
fn name_rules(condition: &Condition, rules: &mut Vec<String>, line: usize) -> Result<(), Fault> {
    let mut named = Vec::new();
    names(condition, &mut named);
    if rules.is_empty() {
        *rules = named;
        return Ok(());
    }
    match named.iter().find(|name| !rules.contains(name)) {
        Some(name) => {
            let what = format!("the condition names `{name}`, which is not among the `rules`");
            Err(Fault::new(line, what, available(name, rules.iter().map(String::as_str))))
        }
        None => Ok(()),
    }
}

/// The names of a condition, in the order in which they appear.
fn names(condition: &Condition, out: &mut Vec<String>) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| names(part, out)),
        Condition::Not(inner) => names(inner, out),
        Condition::Name(name) if !out.contains(name) => out.push(name.clone()),
        Condition::Name(_) | Condition::Of { .. } => {}
    }
}
