//! `roundsman digest`: the page for the security meeting, from the store.

use clap::ValueEnum;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman digest                               the last week that ended
  roundsman digest --week 2026-W47 --format html > meeting.html
  roundsman digest --month 2026-11 --format json";

/// How the digest is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal or a mail
    #[default]
    Text,
    /// One JSON object
    Json,
    /// A page to print
    Html,
    /// Markdown
    Md,
    /// One row per finding
    Csv,
}

/// Options of `roundsman digest`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// An ISO week, such as 2026-W47 [default: the last week that ended]
    #[arg(long, value_name = "WEEK", conflicts_with = "month")]
    pub week: Option<String>,
    /// A month, such as 2026-11
    #[arg(long, value_name = "MONTH")]
    pub month: Option<String>,
    /// How to write it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("digest")
}
