//! What many commands begin with: the configuration, the store, a word about problems.

use std::future::Future;

use roundsman_config::Config;
use roundsman_rules::{Problem, sigma::RuleSet};
use roundsman_sinks::{Store, StoreError};

use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, OrUnusable, Outcome},
    term::{Paint, Style, Term, clean},
};

/// The configuration; its warnings go to standard error.
pub fn config(arg: &ConfigArg, term: &Term) -> Result<Config, Failure> {
    let (config, warnings) = Config::load(arg.path.as_deref()).map_err(Failure::unusable)?;
    for warning in &warnings {
        eprintln!("{}", problem(warning, term.err));
    }
    Ok(config)
}

/// The rules of this configuration; their problems go to standard error, and what can be used is used.
pub fn rules(config: &Config, term: &Term) -> RuleSet {
    let (rules, problems) = config.load_rules();
    for told in &problems {
        eprintln!("{}", problem(told, term.err));
    }
    rules
}

/// A problem as it is shown: `file:line: error: what`, and what to do.
pub fn problem(problem: &Problem, paint: Paint) -> String {
    let place = match problem.line {
        0 => problem.file.display().to_string(),
        line => format!("{}:{line}", problem.file.display()),
    };
    let (style, word) = if problem.fatal { (Style::Red, "error:") } else { (Style::Yellow, "warning:") };
    let mut text = format!("{}: {} {}", paint.bold(place), paint.paint(style, word), clean(&problem.what));
    if !problem.help.is_empty() {
        text += &format!("\n  {} {}", paint.paint(Style::Cyan, "help:"), clean(&problem.help));
    }
    text
}

/// Runs something that waits, on this thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work))
}

/// Opens the store beside whatever instance runs, for reading, and asks it.
pub fn ask_store<T>(config: &Config, ask: impl AsyncFnOnce(&Store) -> Result<T, StoreError>) -> Result<T, Failure> {
    block_on(async {
        let opened = Store::open_read_only(&config.store.url, &config.data.dir).await;
        let store = opened.or_unusable("there is nothing to read yet: has `roundsman run` been started here?")?;
        let answer = ask(&store).await;
        store.close().await;
        answer.map_err(Failure::from)
    })?
}

/// Prints objects, one per line.
pub fn ndjson<T: serde::Serialize>(out: &mut impl std::io::Write, objects: &[T]) -> Outcome {
    for object in objects {
        serde_json::to_writer(&mut *out, object).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
