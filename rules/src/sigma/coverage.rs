//! Which rules can fire at all with the formats and fields that we have.

use std::collections::BTreeSet;

use jiff::Timestamp;
use roundsman_ingest::{
    Event, Record,
    field::{self, Field},
    formats::{FORMATS, LogSource},
    parse::Parser,
    record::{Kind, Origin, Transport},
};

use super::{
    expr::{Expr, Item, Test},
    set::RuleSet,
    sysmon, taxonomy,
    view::KEYWORDS,
};

/// What some format gives rules to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Fed {
    /// The log source that its events carry.
    pub source: LogSource,
    /// The fields that its events may have; `None`: any, the record names them itself.
    pub fields: Option<BTreeSet<Field>>,
    /// The beginnings of names of which it may have any: where a format keeps what has no ECS name.
    pub open: BTreeSet<String>,
    /// The formats.
    pub formats: BTreeSet<&'static str>,
}

/// A rule that can never fire, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Idle {
    /// The rule's number.
    pub rule: u32,
    /// In words.
    pub why: String,
}

/// Every event has these.
const ALWAYS: [Field; 6] = [
    field::TIMESTAMP,
    field::EVENT_ORIGINAL,
    field::MESSAGE,
    field::HOST_NAME,
    field::PROCESS_NAME,
    field::ROUNDSMAN_FORMAT,
];

/// The category of formats whose records name their own fields.
const OPEN: &str = "application";

/// What all formats give, as far as their examples show it.
pub fn fed() -> Vec<Fed> {
    let parser = Parser::default();
    let mut all: Vec<Fed> = Vec::new();
    for format in FORMATS {
        let mut origin = Origin::new(Transport::File, "example");
        origin.path = format.paths().first().map(|end| format!("/var/log{end}").into());
        for example in format.examples() {
            let raw = example.raw.as_bytes();
            let record =
                Record { received: Timestamp::UNIX_EPOCH, origin: &origin, kind: Kind::Line, truncated: false, raw };
            let event = parser.parse(&record, Event::new(&record));
            let fields = (format.category() != OPEN).then(|| names_of(&event));
            let (source, open) = (event.logsource, open_names(&event));
            match all.iter_mut().find(|fed| fed.source == source) {
                None => all.push(Fed { source, fields, open, formats: [format.name()].into() }),
                Some(fed) => {
                    fed.open.extend(open);
                    fed.formats.insert(format.name());
                    match (&mut fed.fields, fields) {
                        (Some(known), Some(fields)) => known.extend(fields),
                        (any, _) => *any = None,
                    }
                }
            }
        }
    }
    all
}

/// Sysmon's events have the fields of its manifest, whichever of them an example shows.
fn schema(source: &LogSource) -> Option<impl Iterator<Item = &'static str>> {
    sysmon::fields(source.category).filter(|_| source.services.contains(&"sysmon"))
}

fn names_of(event: &Event) -> BTreeSet<Field> {
    let mut names: BTreeSet<Field> = event.fields().iter().map(|(field, _)| *field).chain(ALWAYS).collect();
    for name in schema(&event.logsource).into_iter().flatten() {
        names.extend(Field::intern(&format!("winlog.event_data.{name}")));
    }
    names
}

fn open_names(event: &Event) -> BTreeSet<String> {
    if schema(&event.logsource).is_some() {
        return BTreeSet::new();
    }
    let service = event.logsource.services.first().copied().unwrap_or_default();
    let used = |prefix: &String| event.fields().iter().any(|(field, _)| field.name().starts_with(prefix.as_str()));
    taxonomy::own_prefixes(event.logsource.product, service).filter(used).collect()
}

impl RuleSet {
    /// The rules that can never fire with what `fed` gives, and correlations that wait for one of them.
    pub fn idle(&self, fed: &[Fed]) -> Vec<Idle> {
        let mut idle: Vec<Idle> = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            let why = match &self.exprs[number] {
                Some(expr) => self.why_idle(&rule.logsource, expr, fed),
                None => {
                    let correlation = self.correlations.iter().find(|c| c.rule == number as u32);
                    let all_idle = |rules: &[u32]| rules.iter().all(|rule| idle.iter().any(|i| i.rule == *rule));
                    correlation
                        .filter(|c| all_idle(&c.rules))
                        .map(|_| "none of the rules that it waits for can fire".to_owned())
                }
            };
            idle.extend(why.map(|why| Idle { rule: number as u32, why }));
        }
        idle
    }

    fn why_idle(&self, source: &super::RuleSource, expr: &Expr, fed: &[Fed]) -> Option<String> {
        let mut missing = None;
        for fed in fed.iter().filter(|fed| source.fits(&fed.source)) {
            match &fed.fields {
                None => return None,
                Some(fields) => match self.lacks(expr, fields, &fed.open) {
                    None => return None,
                    Some(field) => missing = Some(field),
                },
            }
        }
        Some(match missing {
            Some(field) => format!("no format of its log source sets `{field}`"),
            None => "no format gives its log source".into(),
        })
    }

    /// A field without which the expression cannot hold; `None` if it can.
    fn lacks(&self, expr: &Expr, fields: &BTreeSet<Field>, open: &BTreeSet<String>) -> Option<String> {
        match expr {
            Expr::And(all) => all.iter().find_map(|part| self.lacks(part, fields, open)),
            Expr::Or(any) => {
                let mut missing = None;
                for part in any {
                    missing = Some(self.lacks(part, fields, open)?);
                }
                missing
            }
            Expr::Not(_) => None,
            Expr::Selection(_, inner) => self.lacks(inner, fields, open),
            Expr::Never => Some("%placeholder%".into()),
            Expr::Item(item) => {
                (!self.can_hold(item, fields, open)).then(|| item.label.split('|').next().unwrap_or_default().into())
            }
        }
    }

    fn can_hold(&self, item: &Item, fields: &BTreeSet<Field>, open: &BTreeSet<String>) -> bool {
        let absent_fits = item.tests.iter().any(|test| matches!(test, Test::Null | Test::Exists(false)));
        let known = |field: Field| {
            fields.contains(&field) || open.iter().any(|prefix| field.name().starts_with(prefix.as_str()))
        };
        item.slot == KEYWORDS || absent_fits || self.slots.names(item.slot).any(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigma::RuleFile;

    #[test]
    fn a_rule_without_its_source_or_field_is_idle_and_says_why() {
        let rule = |source: &str, field: &str| {
            format!(
                "title: '{source} {field}'\nlogsource: {{{source}}}\ndetection: {{s: {{{field}: x}}, condition: s}}\n"
            )
        };
        let text = [
            rule("product: plan9", "a"),
            rule("product: linux, service: sshd", "source.ip"),
            rule("product: linux, service: sshd", "no.such.field"),
            rule("product: linux, service: sshd", "no.such.field|exists"),
        ];
        let text = text.join("---\n").replace("exists: x", "exists: false");
        let (rules, problems) = RuleSet::load(&[RuleFile { path: "t.yml".into(), text }], &Default::default());
        assert!(problems.is_empty(), "{problems:?}");
        let idle = rules.idle(&fed());
        let says: Vec<(u32, &str)> = idle.iter().map(|idle| (idle.rule, idle.why.as_str())).collect();
        assert_eq!(
            says,
            [(0, "no format gives its log source"), (2, "no format of its log source sets `no.such.field`")]
        );
    }

    #[test]
    fn every_shipped_rule_can_fire() {
        let (rules, _) = RuleSet::load(&RuleSet::shipped_files(), &Default::default());
        let idle = rules.idle(&fed());
        let says: Vec<String> =
            idle.iter().map(|idle| format!("{}: {}", rules.rule(idle.rule).title, idle.why)).collect();
        assert!(says.is_empty(), "{}", says.join("\n"));
    }
}
