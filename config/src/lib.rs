//! Typed configuration composed of the stages' own, with diagnostics.
//!
//! [`Config::load`] finds the file, merges `conf.d/*.toml` over it, fetches values from environment, files and
//! credentials, and reads the settings. Every problem is told, not the first, each with file, line and what to do; a
//! configuration with an error is refused as a whole.
//!
//! Each stage defines its settings beside their user; this crate composes them and checks across them.
//!
//! ```
//! let config = roundsman_config::Config::default();
//! assert_eq!(config.http.listen.port(), 9514);
//! ```

mod archive;
mod feeds;
mod load;
mod read;
mod rules;
mod settings;
mod tree;
mod validate;

pub use feeds::MAX_FEED_BYTES;
pub use load::{DROP_INS, LOOKED_FOR, Refused};
pub use rules::{MAX_RULE_FILE_BYTES, rule_files};
pub use settings::*;
