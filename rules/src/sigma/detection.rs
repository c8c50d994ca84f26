//! `detection:` compiled: selections become tests on slots, the condition joins them.

use std::collections::BTreeMap;

use roundsman_ingest::field;

use super::{
    condition::{Condition, fits},
    expr::{Expr, Item, Test},
    fault::{Fault, available},
    modifier::{self, Context},
    pattern::Pattern,
    rule::RuleSource,
    taxonomy,
    view::{KEYWORDS, SlotId, Slots},
    yaml::{Node, Value},
};

/// What a detection is compiled with.
pub(super) struct Compiler<'c> {
    pub slots: &'c mut Slots,
    pub source: &'c RuleSource,
    pub placeholders: &'c BTreeMap<String, Vec<String>>,
    /// Placeholders that were asked for and have no values.
    pub unknown: Vec<String>,
}

impl Context for Compiler<'_> {
    fn slot(&mut self, field: &str) -> SlotId {
        let names = taxonomy::candidates(&self.source.category, &self.source.product, &self.source.service, field);
        self.slots.intern(names.iter().map(String::as_str))
    }

    fn placeholder(&self, name: &str) -> Option<Vec<String>> {
        self.placeholders.get(name).cloned()
    }
}

const CONDITION_HELP: &str = "write `condition: selection`, or join selections with and, or, not";

impl Compiler<'_> {
    /// Compiles a map of selections with its `condition`; keys in `besides` are no selections.
    pub fn detection(&mut self, detection: &Node, besides: &[&str]) -> Result<Expr, Fault> {
        let Value::Map(entries) = &detection.value else {
            return Err(Fault::new(
                detection.line,
                "`detection` is no map",
                "write selections by name, then `condition`",
            ));
        };
        let missing = || Fault::new(detection.line, "the detection has no `condition`", CONDITION_HELP);
        let condition = detection.get("condition").ok_or_else(missing)?;
        let mut selections = Vec::new();
        for (key, value) in entries {
            let name = key.word().unwrap_or_default();
            // `timeframe` belongs to the aggregations of old rules
            if name != "condition" && name != "timeframe" && !besides.contains(&&*name) {
                selections.push((name, value));
            }
        }
        let mut any = Vec::new();
        for text in condition.items() {
            let wrong =
                |what: String| Fault::new(text.line, format!("the condition cannot be read: {what}"), CONDITION_HELP);
            let parsed = Condition::parse(&text.word().unwrap_or_default()).map_err(wrong)?;
            any.push(self.condition(&parsed, &selections, text.line)?);
        }
        match any.len() {
            0 => Err(missing()),
            1 => Ok(any.remove(0)),
            _ => Ok(Expr::Or(any.into())),
        }
    }

    /// The condition that the event is of this ECS category.
    pub fn meaning(&mut self, category: &str) -> Expr {
        let label = field::EVENT_CATEGORY.name();
        let tests = [Test::Text(Pattern::literal(category.as_bytes()).finish())].into();
        Expr::Item(Item { label: label.into(), slot: self.slots.intern([label]), all: false, tests })
    }

    fn condition(&mut self, condition: &Condition, selections: &[(String, &Node)], line: usize) -> Result<Expr, Fault> {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                let parts = parts.iter().map(|part| self.condition(part, selections, line));
                Ok(join(matches!(condition, Condition::And(_)), parts.collect::<Result<_, _>>()?))
            }
            Condition::Not(inner) => Ok(Expr::Not(Box::new(self.condition(inner, selections, line)?))),
            Condition::Name(name) => match selections.iter().find(|(known, _)| known == name) {
                Some((name, node)) => self.named(name, node),
                None => {
                    let known = selections.iter().map(|(name, _)| name.as_str());
                    Err(Fault::new(
                        line,
                        format!("the condition names `{name}`, which is no selection"),
                        available(name, known),
                    ))
                }
            },
            Condition::Of { all, pattern } => {
                let fitting: Vec<_> = selections.iter().filter(|(name, _)| fits(pattern, name)).collect();
                let known = || available(pattern, selections.iter().map(|(name, _)| name.as_str()));
                if fitting.is_empty() {
                    return Err(Fault::new(line, format!("no selection has a name like `{pattern}`"), known()));
                }
                let parts =
                    fitting.into_iter().map(|(name, node)| self.named(name, node)).collect::<Result<Vec<_>, _>>()?;
                Ok(join(*all, parts))
            }
        }
    }

    fn named(&mut self, name: &str, node: &Node) -> Result<Expr, Fault> {
        Ok(Expr::Selection(name.into(), Box::new(self.selection(node)?)))
    }

    /// A map is all of its fields; a list of values is any keyword; a list of maps any of them.
    fn selection(&mut self, node: &Node) -> Result<Expr, Fault> {
        match &node.value {
            Value::Map(entries) if entries.is_empty() => Err(empty(node)),
            Value::Map(entries) => {
                let fields =
                    entries.iter().map(|(key, value)| self.field(key, value)).collect::<Result<Vec<_>, _>>()?;
                Ok(join(true, fields))
            }
            Value::List(items) if items.is_empty() => Err(empty(node)),
            Value::List(items) if items.iter().any(|i| matches!(i.value, Value::Map(_) | Value::List(_))) => {
                let any = items.iter().map(|item| self.selection(item)).collect::<Result<Vec<_>, _>>()?;
                Ok(join(false, any))
            }
            Value::Null => Err(empty(node)),
            _ => self.item("", "", &[], node.items(), node.line),
        }
    }

    fn field(&mut self, key: &Node, value: &Node) -> Result<Expr, Fault> {
        let label = key.word().unwrap_or_default();
        let mut parts = label.split('|');
        let field = parts.next().unwrap_or_default();
        let modifiers: Vec<&str> = parts.collect();
        let values = match &value.value {
            Value::Null => std::slice::from_ref(value),
            Value::Map(_) => {
                return Err(Fault::new(
                    value.line,
                    format!("`{label}` holds a map"),
                    "write one value or a list of values",
                ));
            }
            _ => value.items(),
        };
        self.item(&label, field, &modifiers, values, key.line)
    }

    fn item(
        &mut self,
        label: &str,
        field: &str,
        modifiers: &[&str],
        values: &[Node],
        line: usize,
    ) -> Result<Expr, Fault> {
        let tests = modifier::apply(field, modifiers, values, line, self)?;
        self.unknown.extend(tests.unknown);
        if tests.tests.is_empty() {
            return Ok(Expr::Never);
        }
        let slot = if field.is_empty() { KEYWORDS } else { self.slot(field) };
        let item = Expr::Item(Item { label: label.into(), slot, all: tests.all, tests: tests.tests.into() });
        Ok(if tests.negated { Expr::Not(Box::new(item)) } else { item })
    }
}

fn empty(node: &Node) -> Fault {
    Fault::new(node.line, "a selection is empty", "write fields with values, or keywords")
}

fn join(all: bool, mut parts: Vec<Expr>) -> Expr {
    match (parts.len(), all) {
        (1, _) => parts.remove(0),
        (_, true) => Expr::And(parts.into()),
        (_, false) => Expr::Or(parts.into()),
    }
}
