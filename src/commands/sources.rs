//! `roundsman sources`: who sends, how much, and who went silent.

use std::io::Write;

use clap::Subcommand;
use jiff::Timestamp;
use roundsman_rules::silence;
use roundsman_sinks::store::{AlertFilter, SourceRow};
use serde::Serialize;

use crate::{
    cli::ConfigArg,
    exit::{Exit, Outcome},
    setup,
    term::{self, Cell, Style, Table, Term},
};

const EXAMPLES: &str = "\
Examples:
  roundsman sources list
  roundsman sources list --json | jq 'select(.silent)'";

/// What to do with the sources.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// All sources: records, when last heard of, silent or not
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
}

/// Options of `roundsman sources`.
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
pub fn run(args: Args, term: &Term) -> Outcome {
    let What::List { json } = args.what;
    let config = setup::config(&args.config, term)?;
    let (rows, silent) = setup::ask_store(&config, async |store| {
        let silent = AlertFilter { open: Some(true), rule: Some(silence::RULE.into()), ..AlertFilter::default() };
        Ok((store.sources().await?, store.alerts(&silent).await?.alerts))
    })?;
    let is_silent = |row: &SourceRow| silent.iter().any(|alert| alert.key.values().any(|name| *name == row.host));
    let mut out = term::stdout();
    if json {
        let rows: Vec<_> = rows.iter().map(|row| Listed { row, silent: is_silent(row) }).collect();
        return setup::ndjson(&mut out, &rows);
    }
    if rows.is_empty() {
        writeln!(out, "Nobody has sent anything yet.")?;
    } else {
        let now = Timestamp::now();
        let mut table = Table::new(["host", "format", "lines", "unknown", "last", "source"]);
        for row in &rows {
            let host = match is_silent(row) {
                true => Cell::styled(format!("{} (silent)", row.host), Style::Red),
                false => row.host.as_str().into(),
            };
            let unknown = match row.unknown {
                0 => Cell::number("-"),
                n => Cell::number(format!("{:.1} %", 100.0 * n as f64 / row.lines.max(1) as f64)),
            };
            let last = format!("{} ago", term::ago(now, row.last));
            let lines = Cell::number(row.lines);
            table.row([host, row.format.as_str().into(), lines, unknown, last.into(), row.source.as_str().into()]);
        }
        table.print(&mut out, term.out, term.interactive.then(|| term.width()))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// A source as it is printed for scripts.
#[derive(Serialize)]
struct Listed<'r> {
    #[serde(flatten)]
    row: &'r SourceRow,
    silent: bool,
}
