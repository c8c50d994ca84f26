//! `roundsman explain`: how one record is seen: envelope, format, fields, rules.

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman explain 'Nov 22 03:09:07 web1 sshd[7]: Accepted password for ops from 192.0.2.4 port 5 ssh2'
  tail -1 /var/log/auth.log | roundsman explain
  roundsman explain --path /var/log/dpkg.log '2026-11-22 01:53:02 status installed curl:amd64 8.5.0-2'";

/// Options of `roundsman explain`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// The file that the record was read from, where its format is known by that
    #[arg(long, value_name = "PATH")]
    pub path: Option<String>,
    /// Year of a stamp that carries none
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// Show rules of other log sources too
    #[arg(long)]
    pub all_rules: bool,
    /// The record [default: all of standard input, as one record]
    #[arg(value_name = "LINE")]
    pub line: Option<String>,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("explain")
}
