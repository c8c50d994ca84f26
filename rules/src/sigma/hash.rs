//! A hash that stays the same from run to run: keys of stored state are made of it.

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash under way. Not for secrets: who can choose values can make two groups share a window, which only counts more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hash(u64);

impl Hash {
    /// Begins with what tells one use from another.
    pub fn of(text: &str) -> Hash {
        Hash(MULTIPLIER).with(text.as_bytes())
    }

    /// Adds a value; its length keeps neighbours apart.
    pub fn with(self, bytes: &[u8]) -> Hash {
        let mut state = mix(self.0 ^ bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            state = mix(state ^ u64::from_le_bytes(word));
        }
        Hash(state)
    }

    /// Notes that a value is absent.
    pub fn without(self) -> Hash {
        Hash(mix(!self.0))
    }

    pub fn finish(self) -> u64 {
        mix(self.0)
    }
}

fn mix(word: u64) -> u64 {
    let product = u128::from(word ^ MULTIPLIER) * u128::from(MULTIPLIER ^ word.rotate_left(32));
    (product as u64) ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_do_not_run_into_one_another() {
        let pair = |a: &str, b: &str| Hash::of("rule").with(a.as_bytes()).with(b.as_bytes()).finish();
        assert_ne!(pair("ab", "c"), pair("a", "bc"));
        assert_ne!(pair("", "a"), pair("a", ""));
        assert_ne!(Hash::of("r").without().with(b"a").finish(), Hash::of("r").with(b"a").without().finish());
        assert_eq!(pair("192.0.2.1", "root"), pair("192.0.2.1", "root"));
    }

    #[test]
    fn values_in_a_row_spread() {
        let buckets: std::collections::BTreeSet<u64> =
            (0..4_096).map(|n: u32| Hash::of("r").with(n.to_string().as_bytes()).finish() >> 52).collect();
        assert!(buckets.len() > 2_400, "as many as of random numbers: {}", buckets.len());
    }
}
