//! Correlations over surviving matches, and the alerts of all rules.

use super::{
    correlation::{Kind, Threshold, Written},
    rule::Rule,
    view::Slots,
};

/// A correlation with its rules resolved.
#[derive(Debug)]
pub(super) struct Correlation {
    /// Its own number.
    pub rule: u32,
    pub kind: Kind,
    /// The rules that feed it, in the order in which they are listed.
    pub rules: Vec<u32>,
    pub timespan: i64,
    pub threshold: Threshold,
    pub generate: bool,
}

impl Correlation {
    /// Resolves names to loaded rules; the error is the name that is not (yet) loaded.
    pub fn resolve(written: &Written, rule: u32, rules: &[Rule], _slots: &mut Slots) -> Result<Correlation, String> {
        let number = |name: &String| {
            let found = rules.iter().position(|r| r.id == *name || r.name.as_ref() == Some(name));
            found.map(|at| at as u32).ok_or_else(|| name.clone())
        };
        Ok(Correlation {
            rule,
            kind: written.kind.clone(),
            rules: written.rules.iter().map(number).collect::<Result<_, _>>()?,
            timespan: written.timespan,
            threshold: written.threshold.clone(),
            generate: written.generate,
        })
    }
}
