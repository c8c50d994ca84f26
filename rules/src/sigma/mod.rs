//! Sigma: rules as the community writes them, over our events.
//!
//! [`RuleSet`] holds the loaded rules and matches single events without state, in parallel; [`Correlator`] keeps what
//! correlations count and turns matches into alerts, in one place. In between, only events that some rule
//! [keeps](RuleSet::keeps) survive.
//!
//! Language: <https://github.com/SigmaHQ/sigma-specification>, version 2.1.

mod baseline;
mod condition;
mod correlation;
mod correlator;
mod cost;
mod coverage;
mod detection;
mod dialect;
mod doorkeeper;
mod examples;
mod exception;
mod explain;
mod expr;
mod expression;
mod fault;
mod figure;
mod fragments;
mod hash;
mod index;
mod instant;
mod ledger;
mod limits;
mod load;
mod modifier;
mod pattern;
mod quote;
mod rarity;
mod reading;
mod rule;
mod set;
mod shipped;
mod skew;
#[cfg(test)]
mod state_tests;
mod sysmon;
mod table;
mod taxonomy;
#[cfg(test)]
mod tests;
mod turns;
mod view;
mod watched;
mod window;
mod wording;
mod yaml;

pub use correlator::{CorrelationSize, Correlator, HostNames, StateSize};
pub use cost::Cost;
pub use coverage::{Fed, Idle, fed};
pub use examples::{ExampleFailure, ExampleReport, run_examples};
pub use exception::{ExceptionUse, RuleException};
pub use explain::{Explained, Failed};
pub use ledger::MIN_QUIET;
pub use limits::{ALLOWED_LATENESS, LEAST_STATE_BYTES, Limits, MAX_ALERTS_PER_RULE, MAX_STATE_BYTES};
pub use load::Options;
pub use rule::{Extra, Rule, RuleExample, RuleKind, RuleSource};
pub use set::{RuleFile, RuleSet};
pub use view::Scratch;
