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
    /// Matches of several rules, in any order.
    Temporal,
    /// Matches of several rules, in the order in which they are listed.
    TemporalOrdered,
}

/// When a correlation is met.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Threshold {
    /// All of these comparisons hold.
    Count(Vec<(Compare, u64)>),
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
const TYPES: &[&str] = &["event_count", "value_count", "temporal", "temporal_ordered"];
const COMPARISONS: &[(&str, Compare)] =
    &[("gte", Compare::Gte), ("gt", Compare::Gt), ("lte", Compare::Lte), ("lt", Compare::Lt), ("eq", Compare::Eq)];

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
            None if temporal => Threshold::Count(vec![(Compare::Gte, rules.len() as u64)]),
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
            Some(condition) => threshold(condition)?,
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
        let generate = matches!(node.get("generate").map(|n| &n.value), Some(Value::Bool(true)));
        let timespan = timespan(node)?;
        let group_by = words(node, "group-by")?;
        Ok(Written { kind, rules, group_by, timespan, threshold, generate, aliases: aliases(node)?, line: node.line })
    }
}

fn kind(node: &Node) -> Result<Kind, Fault> {
    let kind = word(node, "type")?.unwrap_or_default();
    let line = node.get("type").map_or(node.line, |n| n.line);
    Ok(match &*kind {
        "event_count" => Kind::EventCount,
        "value_count" => {
            let condition = node.get("condition");
            let fields = condition.map(|c| words(c, "field")).transpose()?.unwrap_or_default();
            if fields.is_empty() {
                let line = condition.map_or(line, |n| n.line);
                return Err(Fault::new(
                    line,
                    "`value_count` does not say what it counts",
                    "write `condition: {field: user.name, gte: 10}`",
                ));
            }
            Kind::ValueCount(fields)
        }
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

fn threshold(node: &Node) -> Result<Threshold, Fault> {
    const HELP: &str = "write `condition: {gte: 10}`; available: gte, gt, lte, lt, eq, and `field` for value_count";
    if let Some(text) = node.text() {
        let parsed = Condition::parse(text);
        return parsed
            .map(Threshold::Rules)
            .map_err(|what| Fault::new(node.line, what, "join the rules' names with and, or, not"));
    }
    let mut bounds = Vec::new();
    for (key, value) in node.entries() {
        let name = key.word().unwrap_or_default();
        if name == "field" {
            continue;
        }
        let compare = COMPARISONS.iter().find(|(known, _)| *known == name).map(|(_, compare)| *compare);
        match (compare, &value.value) {
            (Some(compare), Value::Int(n)) if *n >= 0 => bounds.push((compare, *n as u64)),
            (Some(_), _) => return Err(Fault::new(value.line, format!("`{name}` is no whole number"), HELP)),
            (None, _) => return Err(Fault::new(key.line, format!("unknown comparison `{name}`"), HELP)),
        }
    }
    if bounds.is_empty() {
        return Err(Fault::new(node.line, "the correlation's condition compares nothing", HELP));
    }
    Ok(Threshold::Count(bounds))
}

/// A correlation with its rules resolved.
#[derive(Debug)]
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
