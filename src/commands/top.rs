//! `roundsman top`: live rates in the terminal.

use roundsman_ingest::units::Interval;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman top
  roundsman top --once                           one measurement, for scripts
  roundsman top --interval 10s

Reads the data folder; nothing is changed there, and no token is needed.";

/// Options of `roundsman top`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// Time between two measurements
    #[arg(long, value_name = "DURATION", default_value = "2s")]
    pub interval: Interval,
    /// Measure once, print, and end
    #[arg(long)]
    pub once: bool,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("top")
}
