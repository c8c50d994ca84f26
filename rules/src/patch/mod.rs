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
//! Evidence is bounded, cases last: **forgetting changes nothing that has been settled**. Three things see to it:
//! * what activity said about an instant is kept before that activity is dropped ([`window`]);
//! * what the history of a case cites is not displaced by newer evidence ([`dossier`]);
//! * a verification that has been known for [`window::LATENESS`] stands, for its activation, whatever becomes of its
//!   evidence; only what comes after it (a rollback, an old kernel, a scan that finds the flaw again) moves the case.

mod activity;
mod cases;
mod checks;
mod course;
mod deadline;
mod disk;
mod dossier;
mod fact;
mod lens;
mod patterns;
mod table;
mod window;

pub use cases::Cases;
pub use fact::{Fact, Observation, Quote, Run, UpdateStep};
pub use lens::{Findings, Lens};
pub use patterns::Patterns;
