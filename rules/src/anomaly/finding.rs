//! Something unusual, before it is an alert, and the sentence that tells it.

use jiff::Timestamp;

use crate::Evidence;

/// Most values that a sentence lists.
const MAX_LISTED: usize = 5;

/// What a rule found for one of its keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub key: Box<str>,
    /// The hour that it is about: part of the alert's id.
    pub hour: i64,
    /// How many records.
    pub count: u64,
    pub first: Timestamp,
    pub last: Timestamp,
    pub evidence: Option<Evidence>,
    /// Far beyond what would be worth a word.
    pub strong: bool,
    pub figures: Figures,
}

/// What the sentence tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// Of the hour.
    pub count: f64,
    /// What is usual.
    pub usual: String,
    /// What is new.
    pub values: Vec<String>,
}

/// Fills `{count}`, `{usual}`, `{values}` and the fields of the key into a rule's sentence.
pub(super) fn fill(sentence: &str, figures: &Figures, key: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len() + 80);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        out += before;
        let Some((name, after)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match name {
            "count" => out += &grouped(figures.count),
            "usual" => out += &figures.usual,
            "values" => out += &listed(&figures.values),
            "key" => out += &key.iter().map(|(_, value)| *value).collect::<Vec<_>>().join(", "),
            field => match key.iter().find(|(known, _)| *known == field) {
                Some((_, value)) => out += value,
                None => out.extend(["{", field, "}"]),
            },
        }
        rest = after;
    }
    out + rest
}

/// A whole number with its thousands apart.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.max(0.0));
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn listed(values: &[String]) -> String {
    match values.len() {
        0..=MAX_LISTED => values.join(", "),
        many => format!("{} and {} more", values[..MAX_LISTED].join(", "), many - MAX_LISTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_filled_and_what_is_no_name_stays() {
        let figures = Figures {
            count: 41_200.0,
            usual: "the same hour of the last 4 weeks: 9 to 31".into(),
            values: ["a", "b", "c", "d", "e", "f", "g"].map(String::from).into(),
        };
        let key = [("host.name", "fw1")];
        let told = fill("{count} denies on {host.name}; {usual}. {other} { x", &figures, &key);
        assert_eq!(told, "41,200 denies on fw1; the same hour of the last 4 weeks: 9 to 31. {other} { x");
        assert_eq!(fill("{values}", &figures, &[]), "a, b, c, d, e and 2 more");
    }
}
