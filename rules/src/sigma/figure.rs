//! What a correlation holds against its bounds: a count, a count of different values, a sum, an average, a percentile.

use std::collections::HashSet;

use super::{
    correlation::{Correlation, Kind, Statistic, Threshold},
    expr::Compare,
};

/// A number as a window remembers it, beside hashes and places.
pub(super) fn tag_of(number: f64) -> u64 {
    number.to_bits()
}

/// The tag of two matches as one: their sum, where numbers are added up.
pub(super) fn joined(kind: &Kind, one: u64, other: u64) -> u64 {
    match kind {
        Kind::Value(Statistic::Sum, _) => tag_of(f64::from_bits(one) + f64::from_bits(other)),
        _ => one,
    }
}

impl Correlation {
    /// The figure of these matches, by their tags. A count goes only as far as it makes a difference.
    pub fn figure(&self, tags: impl Iterator<Item = u64>) -> f64 {
        match &self.kind {
            Kind::EventCount => tags.count() as f64,
            Kind::ValueCount(_) | Kind::Temporal | Kind::TemporalOrdered => distinct(tags, self.enough()) as f64,
            Kind::Value(Statistic::Sum, _) => tags.map(f64::from_bits).sum(),
            Kind::Value(Statistic::Average, _) => {
                let (count, sum) = tags.fold((0.0, 0.0), |(count, sum), tag| (count + 1.0, sum + f64::from_bits(tag)));
                sum / count
            }
            Kind::Value(Statistic::Percentile(percent), _) => percentile(tags.map(f64::from_bits).collect(), *percent),
        }
    }

    /// Whether this figure is within all bounds; a condition in words has none.
    pub fn within(&self, figure: f64) -> bool {
        match &self.threshold {
            Threshold::Count(bounds) => bounds.iter().all(|(compare, bound)| compare.holds(figure, *bound)),
            Threshold::Rules(_) => false,
        }
    }

    /// The highest count that its bounds name.
    pub fn counted(&self) -> u64 {
        match &self.threshold {
            Threshold::Count(bounds) => bounds.iter().map(|(_, bound)| bound.ceil() as u64).max().unwrap_or(0),
            Threshold::Rules(_) => self.rules.len() as u64,
        }
    }

    /// A lower bound of something that can only grow is met as soon as it is reached; all else, when the time is over.
    pub fn grows(&self) -> bool {
        let only_lower = match &self.threshold {
            Threshold::Count(bounds) => bounds.iter().all(|(c, _)| matches!(c, Compare::Gt | Compare::Gte)),
            Threshold::Rules(_) => true,
        };
        only_lower && !matches!(self.kind, Kind::Value(Statistic::Average | Statistic::Percentile(_), _))
    }

    fn enough(&self) -> u64 {
        self.counted().saturating_add(1)
    }
}

/// How many different tags there are, counted up to `enough`.
fn distinct(tags: impl Iterator<Item = u64>, enough: u64) -> u64 {
    let mut seen = HashSet::new();
    for tag in tags {
        seen.insert(tag);
        if seen.len() as u64 >= enough {
            break;
        }
    }
    seen.len() as u64
}

/// The smallest value that so many percent of all do not exceed (nearest rank).
fn percentile(mut values: Vec<f64>, percent: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (percent / 100.0 * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_seen() {
        let values = vec![15.0, 20.0, 35.0, 40.0, 50.0];
        for (percent, value) in [(5.0, 15.0), (30.0, 20.0), (40.0, 20.0), (50.0, 35.0), (100.0, 50.0), (0.0, 15.0)] {
            assert_eq!(percentile(values.clone(), percent), value, "{percent}");
        }
    }
}
