//! `roundsman schema`: JSON schemas of what people and programs hold on to.

use clap::ValueEnum;

use crate::{exit::Outcome, term::Term};

const EXAMPLES: &str = "\
Examples:
  roundsman schema config > roundsman.schema.json
  roundsman schema alert | jq .properties.severity";

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// The configuration file
    Config,
    /// policy.toml
    Policy,
    /// What `parse` and `tap` print
    Event,
    /// An alert
    Alert,
    /// A patch case
    Case,
    /// The digest
    Digest,
    /// One line of `replay --input jsonl`
    Replay,
}

/// Options of `roundsman schema`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Of what
    #[arg(value_enum, value_name = "NAME")]
    pub name: Name,
}

/// Prints the schema.
pub fn run(_args: Args, _term: &Term) -> Outcome {
    super::not_wired("schema")
}
