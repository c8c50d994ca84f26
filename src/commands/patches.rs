//! `roundsman patches`: the patch cases from a terminal.

use std::io::Write;

use clap::Subcommand;
use jiff::Timestamp;
use roundsman_rules::{
    PatchCase,
    case::{CheckResult, State},
};
use roundsman_sinks::store::CaseFilter;

mod export;

use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, Outcome},
    setup,
    term::{self, Cell, Paint, Style, Table, Term, clean},
};

const EXAMPLES: &str = "\
Examples:
  roundsman patches list
  roundsman patches list --asset web1 --all --json
  roundsman patches show web1/DSA-9001
  roundsman patches export --format csv > patches.csv";

/// What to do with patch cases.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// The cases that need somebody, the most urgent first
    List {
        /// Only of this asset
        #[arg(long, value_name = "ASSET")]
        asset: Option<String>,
        /// Only of this advisory
        #[arg(long, value_name = "ADVISORY")]
        advisory: Option<String>,
        /// Finished ones too
        #[arg(long)]
        all: bool,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// All cases with their dates, decisions and evidence, for an auditor
    Export {
        /// One JSON object per line, or a table
        #[arg(long, value_enum, default_value_t = export::Format::Json)]
        format: export::Format,
        /// Only of this asset
        #[arg(long, value_name = "ASSET")]
        asset: Option<String>,
        /// Only of this advisory
        #[arg(long, value_name = "ADVISORY")]
        advisory: Option<String>,
    },
    /// One case with its checks and history
    Show {
        /// The case's id, such as web1/DSA-9001
        id: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// Options of `roundsman patches`.
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

/// States in which nobody has to do anything any more.
const FINISHED: [State; 7] = [
    State::Verified,
    State::Closed,
    State::NotApplicable,
    State::Superseded,
    State::Retired,
    State::Excepted,
    State::Mitigated,
];

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let config = setup::config(&args.config, term)?;
    let mut out = term::stdout();
    match args.what {
        What::List { asset, advisory, all, json } => {
            let filter = CaseFilter { asset, advisory, ..CaseFilter::default() };
            let mut cases = setup::ask_store(&config, async |store| store.cases(&filter).await)?;
            cases.retain(|case| all || case.overdue || !FINISHED.contains(&case.state));
            cases.sort_by_key(|case| (std::cmp::Reverse(case.class), !case.overdue, next_due(case)));
            if json {
                return setup::ndjson(&mut out, &cases);
            }
            if cases.is_empty() {
                writeln!(out, "No case needs anybody. `--all` shows those that are finished.")?;
            } else {
                table(&cases).print(&mut out, term.out, term.interactive.then(|| term.width()))?;
            }
        }
        What::Export { format, asset, advisory } => {
            let filter = CaseFilter { asset, advisory, ..CaseFilter::default() };
            let mut cases = setup::ask_store(&config, async |store| store.cases(&filter).await)?;
            cases.sort_by(|a, b| a.id.cmp(&b.id));
            match format {
                export::Format::Json => return setup::ndjson(&mut out, &cases),
                export::Format::Csv => export::csv(&mut out, &cases)?,
            }
        }
        What::Show { id, json } => {
            let case = setup::ask_store(&config, async |store| store.case(&id).await)?;
            let told = || Failure::usage(format!("there is no case `{id}`; `roundsman patches list --all` lists them"));
            let case = case.ok_or_else(told)?;
            if json {
                return setup::ndjson(&mut out, &[case]);
            }
            write_case(&mut out, term.out, &case)?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The deadline that comes next in the case's life.
fn next_due(case: &PatchCase) -> Option<Timestamp> {
    match (case.installed, case.activated) {
        (None, _) => case.due.deploy,
        (_, None) => case.due.activate,
        _ => case.due.verify,
    }
}

fn table(cases: &[PatchCase]) -> Table {
    let mut table = Table::new(["class", "state", "due", "case", "on disk", "in use", "last"]);
    for case in cases {
        let state = match (case.overdue, case.state) {
            (true, state) => Cell::styled(format!("{} (overdue)", state.as_str()), Style::Red),
            (false, state) => state.as_str().into(),
        };
        let class = format!("{:?}{}", case.class, if case.kev { " KEV" } else { "" }).to_lowercase();
        table.row([
            class.into(),
            state,
            next_due(case).map_or_else(|| "-".to_owned(), term::minute).into(),
            case.id.as_str().into(),
            case.observed.as_deref().unwrap_or("-").into(),
            case.running.as_deref().unwrap_or("-").into(),
            case.history.last().map_or("", |last| &last.why).into(),
        ]);
    }
    table
}

fn write_case(out: &mut impl Write, paint: Paint, case: &PatchCase) -> std::io::Result<()> {
    let overdue = if case.overdue { "  overdue" } else { "" };
    writeln!(out, "{}  {}{}", paint.bold(clean(&case.id)), case.state.as_str(), paint.paint(Style::Red, overdue))?;
    let mut line = |name: &str, text: &str| writeln!(out, "  {} {}", paint.dim(format!("{name:<10}")), clean(text));
    line("class", &format!("{:?}{}", case.class, if case.kev { ", exploited (KEV)" } else { "" }).to_lowercase())?;
    line("opened", &term::second(case.opened))?;
    for (name, due) in [("deploy by", case.due.deploy), ("activate", case.due.activate), ("verify by", case.due.verify)]
    {
        if let Some(due) = due {
            line(name, &term::second(due))?;
        }
    }
    line("on disk", case.observed.as_deref().unwrap_or("unknown"))?;
    line("in use", case.running.as_deref().unwrap_or("unknown"))?;
    line("trust", &case.trust)?;
    if let Some(exception) = &case.exception {
        line("exception", exception)?;
    }
    writeln!(out, "\n{}", paint.dim("Checks"))?;
    let checks = &case.checks;
    for (name, check) in [
        ("health", &checks.health),
        ("function", &checks.function),
        ("logs", &checks.logs),
        ("closure", &checks.closure),
    ] {
        let (word, style) = match check.result {
            CheckResult::Pass => ("pass", Style::Green),
            CheckResult::Waived => ("waived", Style::Green),
            CheckResult::Fail => ("fail", Style::Red),
            CheckResult::Conflict => ("conflict", Style::Red),
            CheckResult::Stale => ("stale", Style::Yellow),
            CheckResult::Pending => ("pending", Style::Yellow),
        };
        writeln!(out, "  {name:<10} {}  {}", paint.paint(style, format!("{word:<8}")), clean(&check.why))?;
    }
    writeln!(out, "\n{}", paint.dim("History"))?;
    for step in &case.history {
        let state = paint.bold(format!("{:<18}", step.state.as_str()));
        writeln!(out, "  {}  {state} {}", term::second(step.at), clean(&step.why))?;
    }
    if !case.alerts.is_empty() {
        writeln!(out, "\n{}\n  {}", paint.dim("Alerts"), case.alerts.join("  "))?;
    }
    Ok(())
}
