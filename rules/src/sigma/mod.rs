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
mod coverage;
mod detection;
mod dialect;
mod examples;
mod explain;
mod expr;
mod expression;
mod fault;
mod figure;
mod index;
mod ledger;
mod load;
mod modifier;
mod pattern;
mod reading;
mod rule;
mod set;
mod shipped;
mod taxonomy;
#[cfg(test)]
mod tests;
mod view;
mod window;
mod wording;
mod yaml;

pub use correlator::{CorrelationSize, Correlator, HostNames, MAX_KEYS};
pub use coverage::{Fed, Idle, fed};
pub use examples::{ExampleFailure, ExampleReport, run_examples};
pub use explain::{Explained, Failed};
pub use ledger::{MAX_OPEN_PER_RULE, MIN_QUIET};
pub use load::Options;
pub use rule::{Extra, Rule, RuleExample, RuleKind, RuleSource};
pub use set::{RuleFile, RuleSet};
pub use view::Scratch;
pub use window::ALLOWED_LATENESS;
