//! The rule stage: a pure function of configuration, feeds, journal order and journalled time.
//!
//! Nothing here reads a clock or does I/O. Two halves:
//!
//! * [`Matcher`](stage::Matcher): without state, shared by all workers. Looks at one [`Event`](roundsman_ingest::Event)
//!   and notes into a [`Findings`](stage::Findings) what must survive: matches of Sigma rules, patch observations, counts.
//! * [`Stage`](stage::Stage): the state. Absorbs findings in journal order, files and decisions as they become known, and
//!   ticks; gives back [`Alert`]s and [`PatchCase`]s.

pub mod alert;
pub mod anomaly;
pub mod assets;
pub mod calendar;
pub mod case;
pub mod duration;
pub mod inputs;
pub mod patch;
pub mod problem;
pub mod sigma;
pub mod stage;
pub mod version;

pub use anomaly::silence;

pub use alert::{Alert, Evidence, RuleRef, Severity, Status};
pub use assets::{Asset, Assets};
pub use case::PatchCase;
pub use problem::Problem;
