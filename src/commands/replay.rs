//! `roundsman replay`: not wired yet.

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::Timestamp;
use roundsman_rules::Severity;

use crate::{cli::ConfigArg, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman replay /var/log/auth.log                           alerts, as a table
  roundsman replay --print alerts --output ndjson auth.log     for a script; the same bytes each time
  roundsman replay --input jsonl --config roundsman.toml --print alerts,cases,digest events.jsonl
  roundsman replay --rules my-rules/ --input events --logsource any --print matches events.ndjson
  roundsman replay --fail-on high --print alerts build.log     exit code 1 at a high or critical alert

Nothing is written to any store or channel. `roundsman schema replay` describes the jsonl input.";

/// How replay reads its input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Input {
    /// Each line is a record; its receive time is its own time
    #[default]
    Lines,
    /// One object per line: records, feeds, decisions, ticks
    Jsonl,
    /// Each line is an event that something else parsed
    Events,
}

/// What replay prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Print {
    /// Alerts when they are raised, clear, change, and at the end
    Alerts,
    /// Patch cases at each transition and change of a check
    Cases,
    /// The digest of each period that ended
    Digest,
    /// Every event
    Events,
    /// Every match of a single rule
    Matches,
}

/// How replay prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// One JSON object per line
    Ndjson,
    /// For people
    Table,
}

/// Options of `roundsman replay`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// Sigma rule files or folders to use instead of the configured ones
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub rules: Vec<PathBuf>,
    /// How input is read
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    pub input: Input,
    /// Log source of `--input events`: `product=windows,category=process_creation`; `any`: every rule looks
    #[arg(long, value_name = "K=V,…")]
    pub logsource: Option<String>,
    /// A last tick at this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,
    /// What to print
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',', default_value = "alerts")]
    pub print: Vec<Print>,
    /// How to print it [default: table on a terminal, else ndjson]
    #[arg(long, value_enum, value_name = "HOW")]
    pub output: Option<Output>,
    /// Exit with 1 when an alert of this level or above was raised
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
    /// Year of stamps that carry none [default: the latest that is not in the future]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// Files to read, in this order [default: standard input]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("replay")
}
