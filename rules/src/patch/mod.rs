//! Patch verification: a case is an asset times an advisory, and it moves by evidence.
//!
//! * [`Lens`]: without state, shared by all workers. Notes into [`Findings`] what the few telling records say (packages,
//!   boots, unit starts, probes), and counts the rest per host.
//! * [`Cases`]: the state. Keeps each asset's evidence ([`dossier`]), and derives each case from it anew whenever
//!   something relevant arrives or a deadline passes ([`course`]).
//!
//! A case is never edited. It is a pure function of (configuration, feeds, evidence sorted by its own time, clock), so
//! lines that come late, twice or out of order need no rule of their own: the same evidence gives the same case. Alerts
//! are the difference between what a case calls for now and what has been raised before.
//!
//! Evidence is bounded, cases last. What forgetting must not do is change what has been settled: [`window`] keeps what
//! activity said about an instant before that activity is dropped.

mod activity;
mod cases;
mod checks;
mod course;
mod deadline;
mod disk;
mod dossier;
mod fact;
mod lens;
mod table;
mod window;

pub use cases::Cases;
pub use fact::{Fact, Observation, Quote};
pub use lens::{Findings, Lens};
