//! Anomalies: what differs from a baseline that grew out of the records themselves.
//!
//! A rule of `type: anomaly` names a [`Kind`](spec::Kind) of baseline. In the stateless half a rule's detection picks
//! records as any Sigma rule does, and [`Sightings`] sums up the few fields that a baseline needs. In the other half
//! [`Anomalies`] keeps the baselines and judges them on ticks, when no record that could change the verdict can come any
//! more. So results depend neither on batches nor on the order of records within
//! [`ALLOWED_LATENESS`](crate::sigma::ALLOWED_LATENESS).
//!
//! What comes later than that is no sign of anything now and is counted, not learned: a replay of old logs raises nothing.
//! A host or key that is new has no baseline and raises nothing. All is bounded in bytes ([`shelf`]).

mod finding;
mod history;
mod ledger;
mod levels;
mod novelty;
mod shelf;
mod sighting;
pub mod silence;
mod sketch;
pub mod spec;
mod state;
mod template;
#[cfg(test)]
mod tests;
mod view;

pub use history::Usual;
pub use sighting::Sightings;
pub(crate) use sighting::{hour_of, is_late};
pub use state::{Anomalies, BaselineSize};
pub use view::{Baseline, Plot, Shape};

/// All rows of state that are baselines begin so.
pub const ROWS: &str = state::PREFIX;

/// Most bytes that all baselines take together, unless the configuration says otherwise.
pub const DEFAULT_BYTES: usize = 32 << 20;
