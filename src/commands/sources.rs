//! `roundsman sources`: who sends, how much, and who went silent.

use clap::Subcommand;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman sources list
  roundsman sources list --json | jq 'select(.silent)'";

/// What to do with the sources.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// All sources: records, when last heard of, silent or not
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
}

/// Options of `roundsman sources`.
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
    super::not_wired("sources")
}
