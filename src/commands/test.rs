//! `roundsman test`: runs the examples shipped with formats and rules.

use std::{io::Write, path::PathBuf, sync::Arc};

use roundsman_ingest::{
    formats::{FORMATS, check},
    parse::Parser,
};
use roundsman_rules::{
    Problem,
    sigma::{Options, RuleSet, run_examples},
};

use crate::{
    exit::{Exit, Failure, Outcome},
    setup,
    term::{self, Paint, Style, Term, clean},
};

const EXAMPLES: &str = "\
Examples:
  roundsman test                                 all that is built in
  roundsman test my-rules/ more/ssh.yml          the examples in these Sigma rules";

/// Options of `roundsman test`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Rule files or folders whose examples to run [default: the built-in formats and rules]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let mut out = term::stdout();
    let mut failed = 0;
    let (files, mut problems) = match args.paths.is_empty() {
        true => {
            failed += formats(&mut out, term.out)?;
            (RuleSet::shipped_files(), Vec::new())
        }
        false => roundsman_config::rule_files(&args.paths),
    };
    if files.is_empty() && problems.is_empty() {
        return Err(Failure::unusable(anyhow::anyhow!("there is no rule file (.yml, .yaml) in what was named")));
    }
    let (rules, told) = RuleSet::load(&files, &Options::default());
    problems.extend(told);
    for told in &problems {
        writeln!(out, "{}\n", setup::problem(told, term.out))?;
    }
    failed += rule_examples(&mut out, term.out, rules)?;
    out.flush()?;
    Ok(match failed {
        _ if problems.iter().any(|problem: &Problem| problem.fatal) => Exit::Unusable,
        0 => Exit::Done,
        _ => Exit::Found,
    })
}

/// Runs the formats' examples; gives how many failed.
fn formats(out: &mut impl Write, paint: Paint) -> std::io::Result<usize> {
    let failures = check::check_examples();
    for failure in &failures {
        writeln!(out, "{} format {}", paint.paint(Style::Red, "failed:"), paint.bold(failure.format))?;
        writeln!(out, "    {}", clean(failure.raw))?;
        for difference in &failure.differences {
            writeln!(out, "    {} {}", paint.paint(Style::Red, "≠"), clean(difference))?;
        }
        writeln!(out)?;
    }
    let run: usize = FORMATS.iter().map(|format| format.examples().len()).sum();
    summary(out, paint, &format!("{} formats", FORMATS.len()), run, failures.len())?;
    Ok(failures.len())
}

/// Runs the rules' examples; gives how many failed.
fn rule_examples(out: &mut impl Write, paint: Paint, rules: RuleSet) -> std::io::Result<usize> {
    let rules = Arc::new(rules);
    let report = run_examples(&rules, &Parser::default(), &|_| true);
    for failure in &report.failures {
        let place = format!("{}:{}", failure.file.display(), failure.line);
        writeln!(out, "{} {} {place}", paint.paint(Style::Red, "failed:"), paint.bold(clean(&failure.rule)))?;
        writeln!(out, "    {} {}\n", paint.paint(Style::Red, "≠"), clean(&failure.what).replace("\\n", "\n    "))?;
    }
    summary(out, paint, &format!("{} rules", rules.rules().len()), report.run, report.failures.len())?;
    Ok(report.failures.len())
}

fn summary(out: &mut impl Write, paint: Paint, of: &str, run: usize, failed: usize) -> std::io::Result<()> {
    let (style, verdict) = match failed {
        0 => (Style::Green, "all pass".to_owned()),
        n => (Style::Red, format!("{n} fail")),
    };
    writeln!(out, "{of:<12} {run:>4} examples, {}", paint.paint(style, verdict))
}
