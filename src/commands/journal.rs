//! `roundsman journal`: checks, prints or exports the journal.

use std::{
    io::Write,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use jiff::Timestamp;
use roundsman_ingest::{
    Kind,
    journal::{self, Damage, offline},
};

use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, Outcome},
    setup,
    term::{self, Style, Term, clean},
};

const EXAMPLES: &str = "\
Examples:
  roundsman journal verify                       the configured data folder
  roundsman journal cat /var/lib/roundsman --from 2026-11-22T03:00:00Z
  roundsman journal export /var/lib/roundsman > records.jsonl
  roundsman journal export | roundsman replay --input jsonl

DIR is the data folder or the journal in it.";

/// What to do with the journal.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Check every record's checksum; exit code 1 where one is damaged
    Verify {
        /// The data folder [default: the configured one]
        dir: Option<PathBuf>,
    },
    /// Print the raw records, one per line
    Cat {
        /// The data folder [default: the configured one]
        dir: Option<PathBuf>,
        /// Which records.
        #[command(flatten)]
        range: Range,
    },
    /// Print the records as replay input (`--input jsonl`)
    Export {
        /// The data folder [default: the configured one]
        dir: Option<PathBuf>,
        /// Which records.
        #[command(flatten)]
        range: Range,
    },
}

/// A range of the journal.
#[derive(Clone, Debug, clap::Args)]
pub struct Range {
    /// From this receive time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub from: Option<Timestamp>,
    /// Up to and without this receive time
    #[arg(long, value_name = "TIME")]
    pub to: Option<Timestamp>,
}

/// Options of `roundsman journal`.
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
    let folder = |dir: Option<PathBuf>| match dir {
        Some(dir) => Ok(dir),
        None => setup::config(&args.config, term).map(|config| config.data.dir),
    };
    match args.what {
        What::Verify { dir } => verify(&folder(dir)?, term),
        What::Cat { dir, range } => cat(&folder(dir)?, &range, term),
        What::Export { dir, range } => {
            let mut out = term::stdout();
            let damage = offline::export(&folder(dir)?, range.wanted(), &mut out).map_err(usable)?;
            out.flush()?;
            Ok(told(&damage, term))
        }
    }
}

impl Range {
    fn wanted(&self) -> offline::Range {
        offline::Range { from: self.from, to: self.to }
    }
}

/// A journal that is not there is wrong input; anything else failed while reading.
fn usable(error: journal::Error) -> Failure {
    match error {
        journal::Error::NotFound { .. } => Failure::unusable(error),
        error => error.into(),
    }
}

fn verify(dir: &Path, term: &Term) -> Outcome {
    let report = offline::verify(dir).map_err(usable)?;
    let mut out = term::stdout();
    let verdict = match report.is_sound() {
        true => term.out.paint(Style::Green, "sound"),
        false => term.out.paint(Style::Red, "damaged"),
    };
    let size = term::bytes(report.bytes);
    writeln!(out, "{verdict}: {} records in {} segments, {size}", report.records, report.segments)?;
    if let Some((first, last)) = report.times {
        writeln!(out, "received {} – {}", term::second(first), term::second(last))?;
    }
    if report.tail_bytes > 0 {
        let note = "being written now, or torn by a crash; what is torn is cut at the next start";
        writeln!(out, "{} bytes at the end are no whole record: {note}", report.tail_bytes)?;
    }
    out.flush()?;
    Ok(told(&report.damage, term))
}

fn cat(dir: &Path, range: &Range, term: &Term) -> Outcome {
    let mut out = term::stdout();
    let damage = offline::cat::<CatError>(dir, range.wanted(), |_, record| {
        if record.kind == Kind::Line {
            match term.interactive {
                true => out.write_all(clean(&String::from_utf8_lossy(record.raw)).as_bytes())?,
                false => out.write_all(record.raw)?,
            }
            out.write_all(b"\n")?;
        }
        Ok(ControlFlow::Continue(()))
    });
    let damage = damage.map_err(|error| match error {
        CatError::Journal(error) => usable(error),
        CatError::Output(error) => error.into(),
    })?;
    out.flush()?;
    Ok(told(&damage, term))
}

/// Why printing the journal stopped.
enum CatError {
    Journal(journal::Error),
    Output(std::io::Error),
}

impl From<journal::Error> for CatError {
    fn from(error: journal::Error) -> Self {
        CatError::Journal(error)
    }
}

impl From<std::io::Error> for CatError {
    fn from(error: std::io::Error) -> Self {
        CatError::Output(error)
    }
}

/// Tells of damage on standard error.
fn told(damage: &[Damage], term: &Term) -> Exit {
    for damage in damage {
        let warning = term.err.paint(Style::Red, "damaged:");
        eprintln!("{warning} {} bytes at position {}: {}", damage.bytes, damage.position, damage.what);
    }
    if damage.is_empty() { Exit::Done } else { Exit::Found }
}
