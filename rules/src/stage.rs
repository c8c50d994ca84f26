//! The stage's two halves and what passes between them.
//!
//! The driver (`run`, `replay`, tests) does, in journal order:
//!
//! ```text
//! for each chunk of records that does not cross a grid minute of receive time, a tick, a feed or a decision:
//!     for event in chunk (any worker, findings kept in order) { matcher.look(&event, &mut findings) }
//!     stage.absorb(findings, &mut output)
//! at each grid minute (GRID) at or after stage.next_due(), and at each tick: stage.tick(at, &mut output)
//! at each feed and decision: stage.feed(..), stage.decide(..)
//! ```
//!
//! Timers fire on the grid only, so the result does not depend on how records were batched.

use jiff::Timestamp;
use roundsman_ingest::Event;

use crate::{Alert, PatchCase};

/// Timers fire on whole minutes of receive time: this many seconds.
pub const GRID: i64 = 60;

/// An event that something remembers: it matched a rule that keeps state or raises an alert.
#[derive(Clone, Debug)]
pub struct Survivor {
    /// Number of the record in the input, counted from 0.
    pub index: u64,
    /// The event, owning its bytes.
    pub event: Event<'static>,
    /// Indices into the rule set of the rules that matched it.
    pub matches: Vec<u32>,
}

/// What the stage gives back: each object in its newest form.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Alerts that were raised, cleared, changed severity or status, or counted on.
    pub alerts: Vec<Alert>,
    /// Cases after each transition and change of a check.
    pub cases: Vec<PatchCase>,
}

/// What one part of the stage keeps between records, as rows: key and value, `None` where the row is gone.
///
/// A checkpoint holds only the rows that changed since the last, so its cost follows the work, not the state.
pub type StateRows = Vec<(String, Option<Vec<u8>>)>;

/// The next grid minute at or after this time.
pub fn on_grid(at: Timestamp) -> Timestamp {
    let seconds = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    let up = seconds.div_euclid(GRID) * GRID + if seconds.rem_euclid(GRID) > 0 { GRID } else { 0 };
    Timestamp::from_second(up).unwrap_or(at)
}
