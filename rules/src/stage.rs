//! The stage's two halves and what passes between them.
//!
//! The driver (`run`, `replay`, tests) does, in journal order:
//!
//! ```text
//! for each chunk of records that does not cross a grid minute of receive time, a tick, a feed or a decision:
//!     findings = Findings::new(); for event in chunk (any worker, kept in order) { matcher.look(&event, &mut findings) }
//!     output += stage.absorb(findings)
//! at each grid minute (GRID) at or after stage.next_due(), and at each tick: output += stage.tick(at)
//! at each feed / decision: output += stage.feed(..) / stage.decide(..)
//! ```
//!
//! Timers fire on the grid only, so the result does not depend on how records were batched.

/// Timers fire on whole minutes of receive time, in seconds.
pub const GRID: i64 = 60;
