//! Field modifiers: what `|contains|all` makes of a selection's values.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    expr::{Compare, Part, Test},
    expression::{Expression, Flags},
    fault::{Fault, available},
    pattern::{Pattern, placeholder, plain_percents},
    view::SlotId,
    yaml::{Node, Value},
};

/// What a modifier does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Modifier {
    Contains,
    StartsWith,
    EndsWith,
    All,
    Neq,
    Cased,
    Windash,
    Expand,
    Base64,
    Base64Offset,
    Wide,
    Utf16Be,
    Utf16,
    Re,
    IgnoreCase,
    MultiLine,
    DotAll,
    Cidr,
    Compare(Compare),
    Part(Part),
    Exists,
    FieldRef,
}

/// Every modifier of Sigma 2.1 by its name.
const MODIFIERS: &[(&str, Modifier)] = &[
    ("all", Modifier::All),
    ("base64", Modifier::Base64),
    ("base64offset", Modifier::Base64Offset),
    ("cased", Modifier::Cased),
    ("cidr", Modifier::Cidr),
    ("contains", Modifier::Contains),
    ("day", Modifier::Part(Part::Day)),
    ("dotall", Modifier::DotAll),
    ("endswith", Modifier::EndsWith),
    ("exists", Modifier::Exists),
    ("expand", Modifier::Expand),
    ("fieldref", Modifier::FieldRef),
    ("gt", Modifier::Compare(Compare::Gt)),
    ("gte", Modifier::Compare(Compare::Gte)),
    ("hour", Modifier::Part(Part::Hour)),
    ("i", Modifier::IgnoreCase),
    ("ignorecase", Modifier::IgnoreCase),
    ("lt", Modifier::Compare(Compare::Lt)),
    ("lte", Modifier::Compare(Compare::Lte)),
    ("m", Modifier::MultiLine),
    ("minute", Modifier::Part(Part::Minute)),
    ("month", Modifier::Part(Part::Month)),
    ("multiline", Modifier::MultiLine),
    ("neq", Modifier::Neq),
    ("re", Modifier::Re),
    ("s", Modifier::DotAll),
    ("startswith", Modifier::StartsWith),
    ("utf16", Modifier::Utf16),
    ("utf16be", Modifier::Utf16Be),
    ("utf16le", Modifier::Wide),
    ("week", Modifier::Part(Part::Week)),
    ("wide", Modifier::Wide),
    ("windash", Modifier::Windash),
    ("year", Modifier::Part(Part::Year)),
];

/// What modifiers need from around them.
pub(super) trait Context {
    /// The slot of another field of the event.
    fn slot(&mut self, field: &str) -> SlotId;
    /// The values of a placeholder.
    fn placeholder(&self, name: &str) -> Option<Vec<String>>;
}

/// A selection's values as tests.
#[derive(Debug)]
pub(super) struct Tests {
    pub tests: Vec<Test>,
    /// All must hold.
    pub all: bool,
    /// The whole is turned around.
    pub negated: bool,
    /// Placeholders without values.
    pub unknown: Vec<String>,
}

/// A value on its way through the modifiers.
enum Draft {
    Text(Pattern),
    Number(f64),
    Part(Part, f64),
    Bool(bool),
    Null,
    Regex { text: String, ignore_case: bool, multi_line: bool, dot_all: bool },
    SameAs { slot: SlotId, cased: bool, open_start: bool, open_end: bool },
    Done(Test),
}

/// Applies the modifiers, in the order in which they are written, to the values of a field, or of keywords where
/// `field` is empty.
pub(super) fn apply(
    field: &str,
    modifiers: &[&str],
    values: &[Node],
    line: usize,
    context: &mut dyn Context,
) -> Result<Tests, Fault> {
    let mut chain = Vec::with_capacity(modifiers.len());
    for name in modifiers {
        let known = MODIFIERS.iter().find(|(known, _)| known == name).map(|(_, modifier)| *modifier);
        chain.push((*name, known.ok_or_else(|| unknown_modifier(name, line))?));
    }
    let mut tests = Tests { tests: Vec::new(), all: false, negated: false, unknown: Vec::new() };
    check_chain(field, &chain, values, line)?;
    tests.all = chain.iter().any(|(_, modifier)| *modifier == Modifier::All);
    tests.negated = chain.iter().any(|(_, modifier)| *modifier == Modifier::Neq);
    for node in values {
        let mut forms = vec![draft(node)?];
        for &(name, modifier) in &chain {
            let mut next = Vec::with_capacity(forms.len());
            for form in forms {
                step(form, name, modifier, node, context, &mut next, &mut tests.unknown)?;
            }
            forms = next;
        }
        let mut done =
            forms.into_iter().map(|form| finish(form, field.is_empty(), node)).collect::<Result<Vec<_>, _>>()?;
        if done.len() == 1 {
            tests.tests.append(&mut done);
        } else if !done.is_empty() {
            tests.tests.push(Test::OneOf(done.into()));
        }
    }
    if values.is_empty() {
        tests.tests.push(Test::Null);
    }
    Ok(tests)
}

/// What the specification forbids about the modifiers' order, and about how many values they have.
fn check_chain(field: &str, chain: &[(&str, Modifier)], values: &[Node], line: usize) -> Result<(), Fault> {
    let has = |wanted: Modifier| chain.iter().any(|(_, modifier)| *modifier == wanted);
    let links = |modifier: &Modifier| matches!(modifier, Modifier::All | Modifier::Neq);
    for (at, (name, modifier)) in chain.iter().enumerate() {
        let first = chain[..at].iter().all(|(_, before)| links(before));
        match modifier {
            Modifier::Exists if field.is_empty() || !first => {
                let what = "`exists` stands alone behind a field's name";
                return Err(Fault::new(line, what, "write `field|exists: true`"));
            }
            Modifier::Re | Modifier::Cidr if !first => {
                let what = format!("`{name}` stands behind another modifier");
                return Err(Fault::new(
                    line,
                    what,
                    format!("write `{field}|{name}`: it takes the value as it is written"),
                ));
            }
            _ => {}
        }
    }
    if has(Modifier::All) && values.len() < 2 && !has(Modifier::Expand) {
        let what = "`all` joins several values, and here is only one";
        return Err(Fault::new(line, what, "leave `all` out, or write a list of values"));
    }
    Ok(())
}

fn unknown_modifier(name: &str, line: usize) -> Fault {
    Fault::new(line, format!("unknown modifier `{name}`"), available(name, MODIFIERS.iter().map(|(name, _)| *name)))
}

fn draft(node: &Node) -> Result<Draft, Fault> {
    Ok(match &node.value {
        Value::Text(text) => Draft::Text(Pattern::parse(text)),
        Value::Int(n) => Draft::Number(*n as f64),
        Value::Float(n) => Draft::Number(*n),
        Value::Bool(b) => Draft::Bool(*b),
        Value::Null => Draft::Null,
        Value::List(_) | Value::Map(_) => {
            return Err(Fault::new(
                node.line,
                format!("{} stands where a value should", node.kind()),
                "write one value or a flat list",
            ));
        }
    })
}

/// One modifier on one form of a value. What it gives goes into `out`.
fn step(
    form: Draft,
    name: &str,
    modifier: Modifier,
    node: &Node,
    context: &mut dyn Context,
    out: &mut Vec<Draft>,
    unknown: &mut Vec<String>,
) -> Result<(), Fault> {
    use Modifier as M;
    let form = match (modifier, form) {
        (M::All | M::Neq, form) => form,
        (M::Expand, Draft::Regex { text, ignore_case, multi_line, dot_all }) => {
            let values = |name: &str| {
                context.placeholder(name).map(|v| v.iter().map(|v| Pattern::parse(v).as_regex()).collect())
            };
            match expand_regex(&text, &values) {
                Ok(all) => {
                    out.extend(all.into_iter().map(|text| Draft::Regex { text, ignore_case, multi_line, dot_all }));
                }
                Err(name) => unknown.push(name),
            }
            return Ok(());
        }
        (M::Expand, form @ (Draft::Number(_) | Draft::Bool(_) | Draft::Null)) => form,
        (M::Expand, Draft::Text(pattern)) => {
            let values = |name: &str| context.placeholder(name).map(|v| v.iter().map(|v| Pattern::parse(v)).collect());
            match pattern.expand(&values) {
                Ok(all) => out.extend(all.into_iter().map(Draft::Text)),
                Err(name) => unknown.push(name),
            }
            return Ok(());
        }
        (M::Base64Offset, Draft::Text(pattern)) => {
            for pattern in pattern.without_dashes() {
                let bytes = literal(&pattern, name, node)?;
                let forms = (0..3).map(|offset| base64_at(bytes, offset));
                out.extend(forms.map(|form| Draft::Text(pattern.with_text(&form))));
            }
            return Ok(());
        }
        // encodings see the characters that a dash may be
        (M::Base64 | M::Wide | M::Utf16 | M::Utf16Be, Draft::Text(pattern)) => {
            for pattern in pattern.without_dashes() {
                out.push(Draft::Text(text_step(pattern, modifier, name, node)?));
            }
            return Ok(());
        }
        (M::FieldRef, Draft::Text(pattern)) => {
            let other = String::from_utf8_lossy(literal(&pattern, name, node)?).into_owned();
            Draft::SameAs { slot: context.slot(&other), cased: pattern.is_cased(), open_start: false, open_end: false }
        }
        (M::Contains | M::StartsWith | M::EndsWith | M::Cased, Draft::Number(number)) => {
            let text = Pattern::literal(number_text(node, number).as_bytes());
            Draft::Text(text_step(text, modifier, name, node)?)
        }
        (M::Re, Draft::Text(_)) => {
            let text = node.text().unwrap_or_default().to_owned();
            Draft::Regex { text, ignore_case: false, multi_line: false, dot_all: false }
        }
        (M::Cidr, Draft::Text(_)) => Draft::Done(Test::Cidr(network(node)?)),
        (M::Exists, Draft::Bool(wanted)) => Draft::Done(Test::Exists(wanted)),
        (M::Compare(compare), Draft::Number(number)) => Draft::Done(Test::Compare(compare, number)),
        (M::Compare(compare), Draft::Part(part, number)) => Draft::Done(Test::Part(part, compare, number)),
        (M::Part(part), Draft::Number(number)) => Draft::Part(part, number),
        (M::Part(part), Draft::Done(Test::Compare(compare, number))) => Draft::Done(Test::Part(part, compare, number)),
        (_, Draft::Text(pattern)) => Draft::Text(text_step(pattern, modifier, name, node)?),
        (_, Draft::Regex { text, ignore_case, multi_line, dot_all }) => Draft::Regex {
            text: match modifier {
                M::IgnoreCase | M::MultiLine | M::DotAll | M::Contains | M::StartsWith | M::EndsWith => text,
                _ => return Err(misfit(name, node)),
            },
            ignore_case: ignore_case || modifier == M::IgnoreCase,
            multi_line: multi_line || modifier == M::MultiLine,
            dot_all: dot_all || modifier == M::DotAll,
        },
        (M::Cased, Draft::SameAs { slot, open_start, open_end, .. }) => {
            Draft::SameAs { slot, cased: true, open_start, open_end }
        }
        (M::Contains | M::StartsWith | M::EndsWith, Draft::SameAs { slot, cased, open_start, open_end }) => {
            let (open_start, open_end) = (open_start || modifier != M::StartsWith, open_end || modifier != M::EndsWith);
            Draft::SameAs { slot, cased, open_start, open_end }
        }
        _ => return Err(misfit(name, node)),
    };
    out.push(form);
    Ok(())
}

/// The modifiers that make another text of a text.
fn text_step(pattern: Pattern, modifier: Modifier, name: &str, node: &Node) -> Result<Pattern, Fault> {
    Ok(match modifier {
        Modifier::Contains => pattern.open_start().open_end(),
        Modifier::StartsWith => pattern.open_end(),
        Modifier::EndsWith => pattern.open_start(),
        Modifier::Cased => pattern.cased(),
        Modifier::Windash => pattern.windash(),
        Modifier::Base64 => pattern.with_text(STANDARD.encode(literal(&pattern, name, node)?).as_bytes()),
        Modifier::Wide => pattern.map_text(|text| utf16(text, u16::to_le_bytes)),
        Modifier::Utf16Be => pattern.map_text(|text| utf16(text, u16::to_be_bytes)),
        Modifier::Utf16 => pattern.map_text(|text| [&[0xff, 0xfe], &*utf16(text, u16::to_le_bytes)].concat()),
        _ => return Err(misfit(name, node)),
    })
}

/// Puts `values`, expressions themselves, in the place of each `%name%`; all combinations. An unknown name is the error.
fn expand_regex(text: &str, values: &dyn Fn(&str) -> Option<Vec<String>>) -> Result<Vec<String>, String> {
    let mut all = vec![String::new()];
    let mut rest = text;
    while let Some((start, name, end)) = placeholder(rest) {
        let options = values(name).ok_or_else(|| name.to_owned())?;
        let head = plain_percents(&rest[..start]);
        let longer = |before: &String| options.iter().map(|v| format!("{before}{head}(?:{v})")).collect::<Vec<_>>();
        all = all.iter().flat_map(longer).collect();
        rest = &rest[end..];
    }
    let tail = plain_percents(rest);
    all.iter_mut().for_each(|text| text.push_str(&tail));
    Ok(all)
}

fn misfit(name: &str, node: &Node) -> Fault {
    let help = match name {
        "gt" | "gte" | "lt" | "lte" => "write a number without quotes",
        "exists" => "write `true` or `false` without quotes",
        "i" | "m" | "s" | "ignorecase" | "multiline" | "dotall" => "this flag stands behind `re`",
        "cidr" | "re" => "it is the first modifier, and its value is text",
        _ => "write the value as text in quotes",
    };
    Fault::new(node.line, format!("modifier `{name}` does not fit {}", node.kind()), help)
}

fn literal<'p>(pattern: &'p Pattern, name: &str, node: &Node) -> Result<&'p [u8], Fault> {
    pattern.as_literal().ok_or_else(|| {
        Fault::new(
            node.line,
            format!("modifier `{name}` does not go with wildcards"),
            r"write `\*` and `\?` for the characters themselves",
        )
    })
}

fn network(node: &Node) -> Result<ipnet::IpNet, Fault> {
    let text = node.text().unwrap_or_default();
    let wrong = || {
        Fault::new(
            node.line,
            format!("`{text}` is no network"),
            "write an address and a prefix length: `10.0.0.0/8`, `fe80::/10`",
        )
    };
    let network: ipnet::IpNet = match text.parse() {
        Ok(network) => network,
        Err(_) => ipnet::IpNet::from(text.parse::<std::net::IpAddr>().map_err(|_| wrong())?),
    };
    if network.trunc() != network {
        let what = format!("`{text}` has bits behind its prefix");
        return Err(Fault::new(node.line, what, format!("write `{}`", network.trunc())));
    }
    Ok(network)
}

fn utf16(text: &[u8], order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    String::from_utf8_lossy(text).encode_utf16().flat_map(order).collect()
}

/// The part of the base64 text that does not depend on what stands `offset` bytes before and behind.
fn base64_at(bytes: &[u8], offset: usize) -> Vec<u8> {
    let padded = [&b"  "[..offset], bytes].concat();
    let start = [0, 2, 3][offset];
    let cut = [0, 3, 2][padded.len() % 3];
    let encoded = STANDARD.encode(padded).into_bytes();
    encoded[start.min(encoded.len())..encoded.len().saturating_sub(cut).max(start)].to_vec()
}

fn finish(form: Draft, keyword: bool, node: &Node) -> Result<Test, Fault> {
    Ok(match form {
        Draft::Text(pattern) if keyword => Test::Text(pattern.open_start().open_end().finish()),
        Draft::Text(pattern) => Test::Text(pattern.finish()),
        Draft::Number(number) if keyword => {
            Test::Text(Pattern::literal(number.to_string().as_bytes()).open_start().open_end())
        }
        Draft::Number(number) => Test::Number(number_text(node, number).into()),
        Draft::Part(part, number) if !part.range().contains(&number) => {
            let (least, most) = (part.range().start().to_owned(), part.range().end().to_owned());
            let what = format!("no time has the {part} {number}");
            return Err(Fault::new(node.line, what, format!("write a number from {least} to {most}")));
        }
        Draft::Part(part, number) => Test::Part(part, Compare::Eq, number),
        Draft::Bool(wanted) => Test::Bool(wanted),
        Draft::Null if keyword => {
            return Err(Fault::new(node.line, "a keyword cannot be null", "bind null to a field"));
        }
        Draft::Null => Test::Null,
        Draft::SameAs { slot, cased, open_start, open_end } => Test::SameAs { slot, cased, open_start, open_end },
        Draft::Regex { text, ignore_case, multi_line, dot_all } => {
            let flags = Flags { ignore_case, multi_line, dot_all };
            let wrong = |help| Fault::new(node.line, "the regular expression cannot be used", help);
            Test::Regex(Expression::compile(&text, flags).map_err(wrong)?)
        }
        Draft::Done(test) => test,
    })
}

/// A number as events write it; whole numbers keep all their digits.
fn number_text(node: &Node, number: f64) -> String {
    match node.value {
        Value::Int(n) => n.to_string(),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_offsets_are_found_wherever_the_text_stands() {
        for text in ["foo", "http://", "ab", "IEX ", "x1"] {
            for before in 0..5 {
                let around = format!("{}{text}zz", "y".repeat(before));
                let encoded = STANDARD.encode(around);
                let found = (0..3).any(|o| {
                    let part = String::from_utf8(base64_at(text.as_bytes(), o)).unwrap();
                    !part.is_empty() && encoded.contains(&part)
                });
                assert!(found, "{text} after {before}: {encoded}");
            }
        }
    }
}
