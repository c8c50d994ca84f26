//! `roundsman completions`: a shell's completions.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{
    cli::Cli,
    exit::{Exit, Outcome},
    term::{self, Term},
};

const EXAMPLES: &str = "\
Examples:
  roundsman completions bash > /etc/bash_completion.d/roundsman
  roundsman completions zsh > ~/.zfunc/_roundsman
  roundsman completions fish > ~/.config/fish/completions/roundsman.fish";

/// Options of `roundsman completions`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// Prints the completions.
pub fn run(args: Args, _term: &Term) -> Outcome {
    use std::io::Write;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "roundsman", &mut script);
    let mut out = term::stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Done)
}
