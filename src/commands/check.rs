//! `roundsman check`: every problem of a set-up, and what it will and will not see.

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman check
  roundsman check --config /etc/roundsman/roundsman.toml && systemctl reload roundsman

Each problem comes with file, line, what is wrong and what to do. Exit codes: 0 nothing wrong (warnings
may remain); 1 an error that leaves the set-up usable; 3 it cannot be used.";

/// Options of `roundsman check`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("check")
}
