//! `roundsman demo`: not wired yet.

use std::path::PathBuf;

use crate::{exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman demo                                 two weeks in under a minute, then the console stays up
  roundsman demo --exit                          end after the digest
  roundsman demo --seed 7 --dir /tmp/roundsman-demo

Everything lives in a temporary folder (or --dir) and on free loopback ports.";

/// Options of `roundsman demo`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Seed of the generated organisation: the same seed, the same two weeks
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// End after the digest instead of keeping the console up
    #[arg(long)]
    pub exit: bool,
    /// Keep everything in this folder instead of a temporary one
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("demo")
}
