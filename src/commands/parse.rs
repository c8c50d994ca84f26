//! `roundsman parse`: records in, one JSON event each, in order.

use std::path::PathBuf;

use crate::{cli::Framing, exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman parse /var/log/auth.log
  journalctl -o short-iso | roundsman parse --flat
  roundsman parse --input jsonl records.jsonl    each line an object whose `raw` is the record
  roundsman parse --list-formats

A record that no format understands is an event too: `roundsman.format` is `unknown`, `roundsman.reason`
says why, and `event.original` keeps it.";

/// Options of `roundsman parse`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Read every record as this format [default: by program, path or structure]
    #[arg(long, value_name = "NAME")]
    pub format: Option<String>,
    /// How the input is cut into records
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    pub input: Framing,
    /// Dotted keys instead of nested objects
    #[arg(long)]
    pub flat: bool,
    /// Year of stamps that carry none [default: the latest that is not in the future]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// Print name, category, product and what it recognises of each format
    #[arg(long)]
    pub list_formats: bool,
    /// Files to read, in this order; `-` is standard input [default: standard input]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("parse")
}
