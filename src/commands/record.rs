//! `roundsman record`: writes down a human decision.

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman record exception id=EX-12 asset=kiosk1 advisory=DSA-9001 \\
      reason='vendor image' approver='A. Lee' expires=2026-12-22
  roundsman record change object=fw1 by=j.doe why='new branch office' \\
      from=2026-11-22T20:00:00Z to=2026-11-22T22:00:00Z
  roundsman record restore_test job=nightly result=pass took=42m
  roundsman record action text='Rotate the VPN keys' owner=ops due=2026-12-01

The running instance journals and applies it within a second; without one, at its next start.";

/// Options of `roundsman record`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// What is decided
    #[arg(value_name = "KIND")]
    pub kind: String,
    /// What it says; values are text, or JSON for numbers, true, false and lists
    #[arg(value_name = "KEY=VALUE")]
    pub pairs: Vec<String>,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("record")
}
