//! The sentence that says why: a template with places for figures and values.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::duration::Duration;

/// Most values of one field that a sentence lists.
pub(super) const MAX_LISTED: usize = 5;

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Count,
    Distinct,
    Timespan,
    Duration,
    Hosts,
    Field(String),
}

/// A sentence with places: `{count}` records, `{distinct}` different values, `{timespan}` of the rule, `{duration}` from
/// first to last, `{hosts}`, and `{field.name}` for the values of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wording(Vec<Piece>);

/// What a sentence is filled with.
pub(super) struct Figures<'f> {
    pub count: u64,
    pub distinct: u64,
    pub timespan: i64,
    pub first: Timestamp,
    pub last: Timestamp,
    pub hosts: &'f [String],
    pub key: &'f BTreeMap<String, String>,
    /// The values seen of each of [`Wording::fields`]; one more than [`MAX_LISTED`] means that there are more.
    pub seen: &'f [Vec<String>],
}

impl Wording {
    /// Reads a template; a brace that is never closed is text.
    pub fn read(template: &str) -> Wording {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some((text, after)) = rest.split_once('{') {
            let Some((place, after)) = after.split_once('}') else { break };
            pieces.push(Piece::Text(text.into()));
            pieces.push(match place.trim() {
                "count" => Piece::Count,
                "distinct" => Piece::Distinct,
                "timespan" => Piece::Timespan,
                "duration" => Piece::Duration,
                "hosts" => Piece::Hosts,
                field => Piece::Field(field.into()),
            });
            rest = after;
        }
        pieces.push(Piece::Text(rest.into()));
        Wording(pieces)
    }

    /// The fields that the sentence names.
    pub fn fields(&self) -> Vec<&str> {
        let mut fields: Vec<&str> = Vec::new();
        for piece in &self.0 {
            if let Piece::Field(name) = piece
                && !fields.contains(&name.as_str())
            {
                fields.push(name);
            }
        }
        fields
    }

    /// The sentence with its figures.
    pub fn fill(&self, figures: &Figures) -> String {
        let fields = self.fields();
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Count => out.push_str(&figures.count.to_string()),
                Piece::Distinct => out.push_str(&figures.distinct.to_string()),
                Piece::Timespan => out.push_str(&Duration::seconds(figures.timespan).to_string()),
                Piece::Duration => {
                    let seconds = figures.last.duration_since(figures.first).as_secs();
                    out.push_str(&Duration::seconds(seconds).to_string());
                }
                Piece::Hosts => out.push_str(&listed(figures.hosts)),
                Piece::Field(name) => match figures.key.get(name) {
                    Some(value) => out.push_str(value),
                    None => {
                        let at = fields.iter().position(|field| field == name);
                        out.push_str(&listed(at.and_then(|at| figures.seen.get(at)).map_or(&[], Vec::as_slice)));
                    }
                },
            }
        }
        out
    }
}

/// `a`, `a and b`, `a, b and c`, `a, b, c, d, e and more`.
pub(super) fn listed(values: &[String]) -> String {
    match values {
        [] => "unknown".into(),
        [one] => one.clone(),
        many if many.len() > MAX_LISTED => format!("{} and more", many[..MAX_LISTED].join(", ")),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_lists_stay_short() {
        let wording = Wording::read("{source.ip} tried {user.name} {count} times within {duration} on {hosts} {open");
        let at = |s: i64| Timestamp::from_second(s).unwrap();
        let users: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(String::from).into();
        let figures = Figures {
            count: 12,
            distinct: 6,
            timespan: 600,
            first: at(0),
            last: at(90),
            hosts: &["web1".into(), "web2".into()],
            key: &BTreeMap::from([("source.ip".into(), "192.0.2.1".into())]),
            seen: &[Vec::new(), users],
        };
        let says = "192.0.2.1 tried a, b, c, d, e and more 12 times within 1m30s on web1 and web2 {open";
        assert_eq!(wording.fill(&figures), says);
    }
}
