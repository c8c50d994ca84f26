//! `type: anomaly`: rules that hold records against a baseline instead of a pattern.
//!
//! Beside Sigma: a detection (where there is one) picks the records, the block `anomaly` says what of them is remembered.

use roundsman_ingest::field::Field;

use super::{
    fault::{Fault, available},
    rule::{only, word, words},
    yaml::Node,
};
use crate::{
    anomaly::spec::{Column, KINDS, Kind, Spec},
    duration::Duration,
};

const KEYS: &[&str] =
    &["kind", "by", "value", "sum", "at_least", "factor", "raise_at", "learn", "days", "known_values"];

/// Reads the block `anomaly` of a rule.
pub(super) fn read(document: &Node) -> Result<Spec, Fault> {
    let kinds = || format!("write `anomaly: {{kind: rate, by: [host.name]}}`; {}", available("", KINDS));
    let node = document.get("anomaly");
    let node = node.ok_or_else(|| Fault::new(document.line, "the rule has no `anomaly`", kinds()))?;
    only(node, KEYS)?;
    let name =
        word(node, "kind")?.ok_or_else(|| Fault::new(node.line, "the block does not name its `kind`", kinds()))?;
    let wrong = || Fault::new(node.line, format!("unknown kind `{name}`"), available(&name, KINDS));
    let mut spec = Spec::new(Kind::of(&name).ok_or_else(wrong)?);
    spec.by = match words(node, "by")? {
        fixed if fixed.is_empty() => columns(node, default_key(spec.kind))?,
        names => columns(node, names.iter().map(String::as_str))?,
    };
    spec.value = columns(node, words(node, "value")?.iter().map(String::as_str))?;
    spec.sum = word(node, "sum")?.and_then(|name| Field::intern(&name));
    figures(node, &mut spec)?;
    sound(document, node, &spec)?;
    Ok(spec)
}

fn default_key(kind: Kind) -> impl Iterator<Item = &'static str> {
    let names: &[&str] = match kind {
        Kind::Volume => &["host.name", "source"],
        Kind::Silence => &["host.name", "format"],
        Kind::NewTemplate => &["host.name", "process.name"],
        _ => &["host.name"],
    };
    names.iter().copied()
}

fn columns<'n>(node: &Node, names: impl Iterator<Item = &'n str>) -> Result<Vec<Column>, Fault> {
    let full = || Fault::new(node.line, "there are too many field names", "use fields that the formats set");
    names.map(|name| Column::of(name).ok_or_else(full)).collect()
}

fn figures(node: &Node, spec: &mut Spec) -> Result<(), Fault> {
    let number = |key: &str| match word(node, key)? {
        None => Ok(None),
        Some(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number > 0.0 => Ok(Some(number)),
            _ => Err(Fault::new(node.line, format!("`{key}: {text}` is no number above 0"), "write for example `3`")),
        },
    };
    spec.at_least = number("at_least")?.unwrap_or(spec.at_least);
    spec.factor = number("factor")?.unwrap_or(spec.factor);
    spec.raise_at = number("raise_at")?;
    spec.days = number("days")?.map_or(spec.days, |days| days as u32);
    if let Some(text) = word(node, "learn")? {
        let wrong = |what: String| Fault::new(node.line, format!("`learn: {text}`: {what}"), "write for example `7d`");
        spec.learn = text.parse::<Duration>().map_err(|error| wrong(error.to_string()))?;
    }
    spec.known_values = word(node, "known_values")?.is_some_and(|text| text == "true");
    Ok(())
}

/// What fits no kind is refused, so that it is not silently ignored.
fn sound(document: &Node, node: &Node, spec: &Spec) -> Result<(), Fault> {
    let kind = spec.kind.as_str();
    let valued = matches!(spec.kind, Kind::FirstSeen | Kind::FanOut);
    let fault = |what: String, help: &str| Err(Fault::new(node.line, what, help));
    if valued && spec.value.is_empty() {
        return fault(format!("`{kind}` needs a `value`"), "name the fields whose values are new or counted");
    }
    if !valued && !spec.value.is_empty() {
        return fault(format!("`{kind}` has no `value`"), "remove it, or use `first_seen` or `fan_out`");
    }
    if spec.sum.is_some() && spec.kind != Kind::Rate {
        return fault(format!("`{kind}` has no `sum`"), "remove it, or use `rate`");
    }
    if !spec.kind.looks_at_records() && (node.get("by").is_some() || document.get("detection").is_some()) {
        return fault(
            format!("`{kind}` is about every source and has neither `by` nor `detection`"),
            "remove them, or use `rate`",
        );
    }
    if spec.kind.looks_at_records() && document.get("detection").is_none() {
        return fault(format!("`{kind}` needs a `detection`"), "say which records it looks at");
    }
    Ok(())
}
