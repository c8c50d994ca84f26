//! `roundsman journal`: checks, prints or exports the journal.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::Timestamp;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman journal verify                       the configured data folder
  roundsman journal cat /var/lib/roundsman --from 2026-11-22T03:00:00Z
  roundsman journal export /var/lib/roundsman > records.jsonl
  roundsman journal export | roundsman replay --input jsonl

DIR is the data folder or the journal in it.";

/// What to do with the journal.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Check every record's checksum; exit code 1 where one is damaged
    Verify {
        /// The data folder [default: the configured one]
        dir: Option<PathBuf>,
    },
    /// Print the raw records, one per line
    Cat {
        /// The data folder [default: the configured one]
        dir: Option<PathBuf>,
        /// Which records.
        #[command(flatten)]
        range: Range,
    },
    /// Print the records as replay input (`--input jsonl`)
    Export {
        /// The data folder [default: the configured one]
        dir: Option<PathBuf>,
        /// Which records.
        #[command(flatten)]
        range: Range,
    },
}

/// A range of the journal.
#[derive(Clone, Debug, clap::Args)]
pub struct Range {
    /// From this receive time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub from: Option<Timestamp>,
    /// Up to and without this receive time
    #[arg(long, value_name = "TIME")]
    pub to: Option<Timestamp>,
}

/// Options of `roundsman journal`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("journal")
}
