//! `roundsman digest`: the page for the security meeting, from the store.

use std::io::Write;

use clap::ValueEnum;
use roundsman_sinks::digest::{Period, csv, html, markdown, text};

use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, Outcome},
    meetings, setup,
    term::{self, Term},
};

const EXAMPLES: &str = "\
Examples:
  roundsman digest                               the last week that ended
  roundsman digest --week 2026-W47 --format html > meeting.html
  roundsman digest --month 2026-11 --format json";

/// How the digest is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal or a mail
    #[default]
    Text,
    /// One JSON object
    Json,
    /// A page to print
    Html,
    /// Markdown
    Md,
    /// One row per finding
    Csv,
}

/// Options of `roundsman digest`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// An ISO week, such as 2026-W47 [default: the last week that ended]
    #[arg(long, value_name = "WEEK", conflicts_with = "month")]
    pub week: Option<String>,
    /// A month, such as 2026-11
    #[arg(long, value_name = "MONTH")]
    pub month: Option<String>,
    /// How to write it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let config = setup::config(&args.config, term)?;
    let zone = config.timezone();
    let period = match args.week.as_deref().or(args.month.as_deref()) {
        Some(name) => Period::parse(name, &zone).map_err(Failure::usage)?,
        None => meetings::last_week(&config),
    };
    let digest = setup::ask_store(&config, async |store| meetings::digest(store, &config, period).await)?;
    let page = match args.format {
        Format::Text => text::render(&digest, &zone, term.out.0),
        Format::Json => digest.to_json() + "\n",
        Format::Html => html::render(&digest, &zone),
        Format::Md => markdown::render(&digest, &zone),
        Format::Csv => csv::render(&digest),
    };
    let mut out = term::stdout();
    out.write_all(page.as_bytes())?;
    out.flush()?;
    Ok(Exit::Done)
}
