//! The command line: every command with its options. What an option means stands beside the command that uses it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{commands, term::ColorChoice};

const EXAMPLES: &str = "\
Examples:
  roundsman demo                                 see it at work: no root, no network, no configuration
  roundsman run                                  syslog on 127.0.0.1:5514, console on http://127.0.0.1:9514
  roundsman check --config roundsman.toml        every problem, with file, line and what to do
  roundsman replay --print alerts auth.log       what would have been raised?
  tail -F auth.log | roundsman parse --flat      lines in, JSON events out

Exit codes: 0 done; 1 the check found something; 2 wrong usage; 3 configuration, rules, feeds or input
cannot be used; 4 a failure while running.";

/// Walks the rounds of an organisation's logs: raises what cannot wait, proves that every patch took, writes the page
/// for the weekly security meeting.
#[derive(Debug, Parser)]
#[command(name = "roundsman", version, after_help = EXAMPLES, max_term_width = 110, propagate_version = false)]
pub struct Cli {
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// When to colour; NO_COLOR is respected
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
    /// How to write log messages to standard error; RUST_LOG says which (default: info)
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    pub log_format: LogFormat,
}

/// How our own log messages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object per line
    Json,
}

/// Which configuration to read.
#[derive(Clone, Debug, Default, Args)]
pub struct ConfigArg {
    /// Configuration file [default: ./roundsman.toml, else /etc/roundsman/roundsman.toml, else the built-in defaults]
    #[arg(id = "config", short, long = "config", value_name = "FILE")]
    pub path: Option<PathBuf>,
}

/// How input is cut into records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Framing {
    /// Each line is a record
    #[default]
    Lines,
    /// Each line is a JSON object whose `raw` is the record; it may hold line breaks
    Jsonl,
}

/// All commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole pipeline until SIGTERM or Ctrl-C
    Run(commands::run::Args),
    /// Watch a small organisation's two weeks go through the real pipeline
    Demo(commands::demo::Args),
    /// Find every problem of configuration, rules, feeds, inventory and channels
    Check(commands::check::Args),
    /// Read records, write one JSON event each
    Parse(commands::parse::Args),
    /// Show how one record is seen: envelope, format, fields, rules
    Explain(commands::explain::Args),
    /// Send recorded input through the pipeline, as fast as it goes, at its own times
    Replay(commands::replay::Args),
    /// Run the examples shipped with rules and formats
    Test(commands::test::Args),
    /// List rules, show one, or show what they cover
    Rules(commands::rules::Args),
    /// Who sends, how much, and who went silent
    Sources(commands::sources::Args),
    /// Follow events and alerts as they happen
    Tap(commands::tap::Args),
    /// Live rates in the terminal
    Top(commands::top::Args),
    /// The alert queue: list, show, acknowledge, close, reopen, note
    Alerts(commands::alerts::Args),
    /// The patch cases
    Patches(commands::patches::Args),
    /// Write down a human decision
    Record(commands::record::Args),
    /// The page for the security meeting, from the store
    Digest(commands::digest::Args),
    /// Check, print or export the journal
    Journal(commands::journal::Args),
    /// Print a shell's completions
    Completions(commands::completions::Args),
    /// Print the manual
    Man(commands::man::Args),
    /// Print the JSON schema of a record or file
    Schema(commands::schema::Args),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does_and_shows_an_example() {
        for command in Cli::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{} has no description", command.get_name());
            let examples = command.get_after_help().map(|h| h.to_string()).unwrap_or_default();
            let call = format!("roundsman {}", command.get_name());
            assert!(examples.contains(&call), "{} has no example", command.get_name());
        }
    }
}
