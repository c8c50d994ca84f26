//! `roundsman tap`: follows events and alerts as they happen.

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman tap
  roundsman tap --where host.name=web1 --where event.outcome=failure
  roundsman tap --json --alerts | jq .title

Reads the data folder; nothing is changed there, and no token is needed.";

/// Options of `roundsman tap`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// Only events in which a field has this value; several must all hold. `*` stands for any text
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub conditions: Vec<String>,
    /// Only alerts
    #[arg(long, conflicts_with = "conditions")]
    pub alerts: bool,
    /// One JSON object per line [default: where standard output is no terminal]
    #[arg(long)]
    pub json: bool,
    /// Begin with the last N records instead of the next one
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    pub last: usize,
    /// End at the end of the journal instead of waiting for more
    #[arg(long)]
    pub once: bool,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("tap")
}
