//! `roundsman test`: runs the examples shipped with formats and rules.

use std::path::PathBuf;

use crate::{exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman test                                 all that is built in
  roundsman test my-rules/ more/ssh.yml          the examples in these Sigma rules";

/// Options of `roundsman test`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Rule files or folders whose examples to run [default: the built-in formats and rules]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("test")
}
