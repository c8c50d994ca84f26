//! How many different values: exactly while they are few, by HyperLogLog beyond.
//!
//! Flajolet et al., *HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm* (2007).

use serde::{Deserialize, Serialize};

/// So many different values are counted exactly.
const MAX_EXACT: usize = 64;
/// Bits of a hash that choose a register; 1,024 registers err by 3.25 % (one standard deviation).
const PRECISION: u32 = 10;
const REGISTERS: usize = 1 << PRECISION;

/// A count of different 64-bit hashes. The order in which they come does not matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Distinct {
    /// The hashes themselves, sorted.
    Few(Vec<u64>),
    /// For each register the longest run of zeros seen.
    Many { registers: Vec<u8> },
}

impl Default for Distinct {
    fn default() -> Self {
        Distinct::Few(Vec::new())
    }
}

impl Distinct {
    /// Adds a value by its hash.
    pub fn add(&mut self, hash: u64) {
        match self {
            Distinct::Few(seen) => match seen.binary_search(&hash) {
                Ok(_) => {}
                Err(at) if seen.len() < MAX_EXACT => seen.insert(at, hash),
                Err(_) => {
                    let mut registers = vec![0; REGISTERS];
                    seen.iter().chain([&hash]).for_each(|&hash| note(&mut registers, hash));
                    *self = Distinct::Many { registers };
                }
            },
            Distinct::Many { registers } => note(registers, hash),
        }
    }

    /// How many different values were added, about.
    pub fn count(&self) -> f64 {
        match self {
            Distinct::Few(seen) => seen.len() as f64,
            Distinct::Many { registers } => estimate(registers),
        }
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Distinct::Few(seen) => seen.capacity() * 8,
            Distinct::Many { registers } => registers.len(),
        }
    }
}

fn note(registers: &mut [u8], hash: u64) {
    // a restored row of another length is not trusted with an index
    if let Some(register) = registers.get_mut((hash >> (64 - PRECISION)) as usize) {
        let run = (hash << PRECISION).leading_zeros().min(64 - PRECISION) as u8 + 1;
        *register = (*register).max(run);
    }
}

fn estimate(registers: &[u8]) -> f64 {
    let m = registers.len().max(1) as f64;
    let sum: f64 = registers.iter().map(|&run| (-f64::from(run)).exp2()).sum();
    let raw = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
    let zeros = registers.iter().filter(|run| **run == 0).count() as f64;
    // linear counting is better while many registers are empty
    let estimate = if raw <= 2.5 * m && zeros > 0.0 { m * (m / zeros).ln() } else { raw };
    estimate.round()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::value_hash;

    fn hashes(count: u32) -> impl DoubleEndedIterator<Item = u64> {
        (0..count).map(|n| value_hash([&n.to_le_bytes()[..]].into_iter()))
    }

    #[test]
    fn few_values_are_counted_exactly_and_many_within_a_tenth() {
        for count in [0, 1, 20, 64, 65, 500, 5_000, 200_000] {
            let mut distinct = Distinct::default();
            hashes(count).chain(hashes(count.min(1_000))).for_each(|hash| distinct.add(hash));
            let error = (distinct.count() - f64::from(count)).abs();
            let allowed = if count as usize <= MAX_EXACT { 0.0 } else { f64::from(count) / 10.0 };
            assert!(error <= allowed, "{count}: {}", distinct.count());
            assert!(distinct.bytes() <= REGISTERS);
        }
    }

    #[test]
    fn the_order_of_values_does_not_matter() {
        let (mut forth, mut back) = (Distinct::default(), Distinct::default());
        hashes(300).for_each(|hash| forth.add(hash));
        hashes(300).rev().for_each(|hash| back.add(hash));
        assert_eq!(forth, back);
    }
}
