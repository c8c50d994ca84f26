//! `roundsman patches`: the patch cases from a terminal.

use clap::Subcommand;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman patches list
  roundsman patches list --asset web1 --all --json
  roundsman patches show web1/DSA-9001";

/// What to do with patch cases.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// The cases that need somebody, the most urgent first
    List {
        /// Only of this asset
        #[arg(long, value_name = "ASSET")]
        asset: Option<String>,
        /// Only of this advisory
        #[arg(long, value_name = "ADVISORY")]
        advisory: Option<String>,
        /// Finished ones too
        #[arg(long)]
        all: bool,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// One case with its checks and history
    Show {
        /// The case's id, such as web1/DSA-9001
        id: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// Options of `roundsman patches`.
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
    super::not_wired("patches")
}
