//! The roundsman binary: reads the command line, sets up logging, hands over to one command.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

mod assemble;
mod cli;
mod commands;
mod console;
mod decision;
mod demo;
mod door;
mod events;
mod exit;
mod input;
mod meetings;
mod metrics;
mod pipeline;
mod recorded;
mod serve;
mod service;
mod setup;
mod spans;
mod tail;
mod tell;
mod term;
mod worker;

use cli::{Cli, LogFormat};
use exit::{Exit, Outcome};
use term::{Style, Term};

/// Our own log messages unless RUST_LOG says otherwise.
const DEFAULT_LOG: &str = "info,sqlx=warn,hyper=warn,reqwest=warn";

fn main() -> ExitCode {
    let cli = Cli::parse();
    let term = Term::new(cli.global.color);
    let quiet = matches!(cli.command, cli::Command::Demo(_));
    log_to_stderr(cli.global.log_format, term.err.0, if quiet { "warn" } else { DEFAULT_LOG });
    finish(commands::dispatch(cli.command, &term), &term).into()
}

/// Tells what went wrong, and gives the exit code.
fn finish(outcome: Outcome, term: &Term) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(failure) if failure.is_closed_pipe() => Exit::Done,
        Err(failure) => {
            eprintln!("{} {}", term.err.paint(Style::Red, "error:"), failure.told());
            failure.exit
        }
    }
}

fn log_to_stderr(format: LogFormat, color: bool, otherwise: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(otherwise));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.with_ansi(color).with_target(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
