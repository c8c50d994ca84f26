//! `roundsman run`: not wired yet.

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman run
  roundsman run --config /etc/roundsman/roundsman.toml
  kill -HUP $(pidof roundsman)                   reload; a broken configuration is refused, the old one stays

Without a configuration file: syslog on UDP and TCP 127.0.0.1:5514, HTTP on 127.0.0.1:9514, data in
./roundsman-data, the shipped rules, no channel but the store. The first start prints a one-time
sign-in link for the console.";

/// Options of `roundsman run`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
}

/// Run the whole pipeline until SIGTERM or Ctrl-C.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("run")
}
