//! `roundsman alerts`: the SOC's queue from a terminal.

use clap::{Subcommand, ValueEnum};
use roundsman_rules::Severity;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman alerts list
  roundsman alerts list --status all --severity high --json
  roundsman alerts show 1f6c2a9b8d3e4f50
  roundsman alerts ack 1f6c2a9b8d3e4f50 --note 'looking at it'
  roundsman alerts close 1f6c2a9b8d3e4f50 --reason false_positive --note 'our own scanner'

An id may be cut short as long as it is clear. Changes are written as decisions: the running instance
journals and applies them within a second.";

/// What to do with alerts.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// The queue, the most urgent first
    List {
        /// Which alerts
        #[arg(long, value_enum, default_value_t)]
        status: Wanted,
        /// This level and above
        #[arg(long, value_name = "LEVEL")]
        severity: Option<Severity>,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// One alert with its evidence and history
    Show {
        /// The alert's id
        id: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Somebody is at it
    Ack {
        /// The alert's id
        id: String,
        /// Why, or what next
        #[arg(long)]
        note: Option<String>,
    },
    /// Decided
    Close {
        /// The alert's id
        id: String,
        /// What it was
        #[arg(long, value_enum)]
        reason: Reason,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Back into the queue
    Reopen {
        /// The alert's id
        id: String,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Add a note, change nothing else
    Note {
        /// The alert's id
        id: String,
        /// The note
        text: String,
    },
}

/// Which alerts to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Wanted {
    /// New and acknowledged
    #[default]
    Open,
    /// Nobody has looked yet
    New,
    /// Somebody is at it
    Acknowledged,
    /// Decided
    Closed,
    /// All of them
    All,
}

/// Why an alert is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Reason {
    /// It was an attack or a real fault
    TruePositive,
    /// It happened, and it was meant to
    Benign,
    /// The rule was wrong
    FalsePositive,
    /// Another alert says it
    Duplicate,
    /// The meeting decides
    ToMeeting,
}

/// Options of `roundsman alerts`.
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
    super::not_wired("alerts")
}
