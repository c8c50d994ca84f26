//! `roundsman alerts`: the SOC's queue from a terminal.

use std::io::Write;

use clap::{Subcommand, ValueEnum};
use roundsman_config::Config;
use roundsman_rules::{Alert, Severity, Status};
use roundsman_sinks::{Store, StoreError, store::AlertFilter};

use crate::{
    cli::ConfigArg,
    console::record,
    decision,
    exit::{Exit, Failure, OrUnusable, Outcome},
    setup,
    term::{self, Cell, Paint, Table, Term, clean},
};

const EXAMPLES: &str = "\
Examples:
  roundsman alerts list
  roundsman alerts list --status all --severity high --json
  roundsman alerts show 1f6c2a9b8d3e4f50
  roundsman alerts ack 1f6c2a9b8d3e4f50 --note 'looking at it'
  roundsman alerts close 1f6c2a9b8d3e4f50 --reason false_positive --note 'our own scanner'

An id may be cut short as long as it is clear. Changes are written as decisions: the running instance
journals and applies them within a second.";

/// What to do with alerts.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// The queue, the most urgent first
    List {
        /// Which alerts
        #[arg(long, value_enum, default_value_t)]
        status: Wanted,
        /// This level and above
        #[arg(long, value_name = "LEVEL")]
        severity: Option<Severity>,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// One alert with its evidence and history
    Show {
        /// The alert's id
        id: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Somebody is at it
    Ack {
        /// The alert's id
        id: String,
        /// Why, or what next
        #[arg(long)]
        note: Option<String>,
    },
    /// Decided
    Close {
        /// The alert's id
        id: String,
        /// What it was
        #[arg(long, value_enum)]
        reason: Reason,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Back into the queue
    Reopen {
        /// The alert's id
        id: String,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Add a note, change nothing else
    Note {
        /// The alert's id
        id: String,
        /// The note
        text: String,
    },
}

/// Which alerts to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Wanted {
    /// New and acknowledged
    #[default]
    Open,
    /// Nobody has looked yet
    New,
    /// Somebody is at it
    Acknowledged,
    /// Decided
    Closed,
    /// All of them
    All,
}

/// Why an alert is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Reason {
    /// It was an attack or a real fault
    TruePositive,
    /// It happened, and it was meant to
    Benign,
    /// The rule was wrong
    FalsePositive,
    /// Another alert says it
    Duplicate,
    /// The meeting decides
    ToMeeting,
}

/// Options of `roundsman alerts`.
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
    let config = setup::config(&args.config, term)?;
    match args.what {
        What::List { status, severity, json } => list(&config, term, status, severity, json),
        What::Show { id, json } => show(&config, term, &id, json),
        What::Ack { id, note } => decide(&config, term, &id, Some("acknowledged"), None, note),
        What::Close { id, reason, note } => {
            let reason = reason.to_possible_value().map(|value| value.get_name().to_owned());
            decide(&config, term, &id, Some("closed"), reason, note)
        }
        What::Reopen { id, note } => decide(&config, term, &id, Some("new"), None, note),
        What::Note { id, text } => decide(&config, term, &id, None, None, Some(text)),
    }
}

fn list(config: &Config, term: &Term, status: Wanted, severity: Option<Severity>, json: bool) -> Outcome {
    let status = match status {
        Wanted::Open => vec![Status::New, Status::Acknowledged],
        Wanted::New => vec![Status::New],
        Wanted::Acknowledged => vec![Status::Acknowledged],
        Wanted::Closed => vec![Status::Closed],
        Wanted::All => Vec::new(),
    };
    let mut alerts = setup::ask_store(config, async |store| {
        all(store, AlertFilter { status, severity, ..AlertFilter::default() }).await
    })?;
    alerts.sort_by_key(|alert| (std::cmp::Reverse(alert.severity), std::cmp::Reverse(alert.raised)));
    let mut out = term::stdout();
    if json {
        return setup::ndjson(&mut out, &alerts);
    }
    if alerts.is_empty() {
        writeln!(out, "No alert waits. `--status all` shows those that are closed.")?;
    } else {
        table(&alerts).print(&mut out, term.out, term.interactive.then(|| term.width()))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// All alerts that the filter lets through, on whatever page.
pub async fn all(store: &Store, mut filter: AlertFilter) -> Result<Vec<Alert>, StoreError> {
    filter.limit = u32::MAX; // the store gives pages of its own largest size
    let mut alerts = Vec::new();
    loop {
        let page = store.alerts(&filter).await?;
        alerts.extend(page.alerts);
        filter.cursor = page.next;
        if filter.cursor.is_none() {
            return Ok(alerts);
        }
    }
}

fn table(alerts: &[Alert]) -> Table {
    let mut table = Table::new(["severity", "status", "raised", "id", "count", "hosts", "title"]);
    for alert in alerts {
        table.row([
            Cell::severity(alert.severity.as_str()),
            if alert.cleared.is_some() { "cleared".into() } else { word(alert.status).into() },
            term::minute(alert.raised).into(),
            alert.id.as_str().into(),
            Cell::number(alert.count),
            some(&alert.hosts).into(),
            alert.title.as_str().into(),
        ]);
    }
    table
}

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    match names {
        [] => "-".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} +{}", rest.len()),
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Acknowledged => "acknowledged",
        Status::Closed => "closed",
    }
}

fn show(config: &Config, term: &Term, id: &str, json: bool) -> Outcome {
    let (alert, history) = setup::ask_store(config, async |store| {
        let found = find(store, id).await?;
        match found {
            Ok(alert) => store.history(&alert.id).await.map(|history| Ok((alert, history))),
            Err(told) => Ok(Err(told)),
        }
    })?
    .map_err(Failure::usage)?;
    let mut out = term::stdout();
    if json {
        return setup::ndjson(&mut out, &[alert]);
    }
    write_alert(&mut out, term.out, &alert)?;
    for entry in history {
        let who = term.out.bold(clean(&entry.by).into_owned());
        writeln!(out, "  {}  {who} {} {}", term::minute(entry.at), clean(&entry.what), clean(&entry.note))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn write_alert(out: &mut impl Write, paint: Paint, alert: &Alert) -> std::io::Result<()> {
    writeln!(out, "{}  {}", paint.severity(alert.severity.as_str()), paint.bold(clean(&alert.title)))?;
    let mut line = |name: &str, text: &str| writeln!(out, "  {} {}", paint.dim(format!("{name:<8}")), clean(text));
    line("id", &alert.id)?;
    line("rule", &format!("{} ({})", alert.rule.name, alert.rule.id))?;
    line("status", word(alert.status))?;
    for (field, value) in &alert.key {
        line("key", &format!("{field} = {value}"))?;
    }
    line("hosts", &alert.hosts.join(", "))?;
    line("count", &alert.count.to_string())?;
    line("when", &format!("{} – {}", term::second(alert.first), term::second(alert.last)))?;
    line("raised", &term::second(alert.raised))?;
    if let Some(cleared) = alert.cleared {
        line("cleared", &term::second(cleared))?;
    }
    if let Some(case) = &alert.case {
        line("case", case)?;
    }
    line("why", &alert.why)?;
    line("next", &alert.next)?;
    writeln!(out, "\n{}", paint.dim("Evidence"))?;
    for evidence in &alert.evidence {
        let host = evidence.host.as_deref().unwrap_or("-");
        writeln!(out, "  {}  {}  {}", term::second(evidence.received), paint.bold(clean(host)), clean(&evidence.raw))?;
    }
    writeln!(out, "\n{}", paint.dim("History"))
}

/// The alert of this id, or of the only id that begins so.
async fn find(store: &Store, id: &str) -> Result<Result<Alert, String>, StoreError> {
    if let Some(alert) = store.alert(id).await? {
        return Ok(Ok(alert));
    }
    let mut alike = all(store, AlertFilter::default()).await?;
    alike.retain(|alert| !id.is_empty() && alert.id.starts_with(id));
    Ok(match alike.len() {
        0 => Err(format!("there is no alert `{id}`; `roundsman alerts list --status all` lists them")),
        1 => Ok(alike.remove(0)),
        n => Err(format!("{n} alerts begin with `{id}`; write more of it")),
    })
}

fn decide(
    config: &Config,
    term: &Term,
    id: &str,
    to: Option<&str>,
    reason: Option<String>,
    note: Option<String>,
) -> Outcome {
    let alert = setup::ask_store(config, async |store| find(store, id).await)?.map_err(Failure::usage)?;
    let mut values = vec![("id".to_owned(), alert.id.clone())];
    let said = [("to", to.map(str::to_owned)), ("reason", reason), ("note", note)];
    values.extend(said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    let kind = record::kind("alert").map_err(Failure::usage)?;
    let decision = record::from_form(kind, &values, &decision::who()).map_err(Failure::usage)?;
    decision::leave(&config.data, &decision).or_unusable("the decision was not recorded")?;
    let what = to.map_or_else(|| "noted".to_owned(), |to| format!("will be {to}"));
    println!("{} {what}: {}", term.out.bold(&alert.id), clean(&alert.title));
    Ok(Exit::Done)
}
