//! What the state of rules may take.

use jiff::SignedDuration;

/// How much later than its successors a record may arrive and still take its place: 10 minutes.
pub const ALLOWED_LATENESS: SignedDuration = SignedDuration::from_secs(600);

/// Most bytes of all windows and open alerts together.
pub const MAX_STATE_BYTES: u64 = 64 << 20;

/// Least that can be asked for; below it, not one busy rule would have room.
pub const LEAST_STATE_BYTES: u64 = 1 << 20;

/// Most alerts of one rule that are open at a time. Further groups are told together, in a summary.
pub const MAX_ALERTS_PER_RULE: usize = 1_000;

/// What the state of rules may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bytes of windows and open alerts together.
    pub state_bytes: u64,
    /// Alerts of one rule that are open at a time.
    pub alerts_per_rule: usize,
    /// How much later than its successors a record may arrive and still take its place.
    pub lateness: SignedDuration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { state_bytes: MAX_STATE_BYTES, alerts_per_rule: MAX_ALERTS_PER_RULE, lateness: ALLOWED_LATENESS }
    }
}

impl Limits {
    /// What the doorkeeper takes of the whole, once it is needed.
    pub(super) fn door_bytes(&self) -> usize {
        usize::try_from(self.state_bytes / 2).unwrap_or(usize::MAX)
    }

    /// From here on, new keys must pass the doorkeeper.
    pub(super) fn crowded_bytes(&self) -> usize {
        usize::try_from(self.state_bytes / 8 * 3).unwrap_or(usize::MAX)
    }

    /// From here on, windows are given up; what one record adds beyond fits into the rest.
    pub(super) fn full_bytes(&self) -> usize {
        usize::try_from(self.state_bytes / 16 * 7).unwrap_or(usize::MAX)
    }
}
