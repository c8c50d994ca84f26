//! `roundsman rules`: what is loaded, how often it fired, what it covers.

use clap::Subcommand;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman rules list
  roundsman rules show ssh-guessing
  roundsman rules coverage                       ATT&CK techniques and log sources";

/// What to show of the rules.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// All rules: level, log source, title, and how often each fired
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// One rule, by id, title or file name
    Show {
        /// Id, a beginning of it, or words of the title
        #[arg(value_name = "ID")]
        id: String,
    },
    /// ATT&CK techniques and log sources, with the rules that read them
    Coverage,
}

/// Options of `roundsman rules`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// What to show.
    #[command(subcommand)]
    pub what: What,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("rules")
}
