//! `roundsman rules`: what is loaded, how often it fired, what it covers.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    io::Write,
};

use clap::Subcommand;
use jiff::Timestamp;
use roundsman_ingest::formats::FORMATS;
use roundsman_rules::{
    Severity,
    sigma::{ExceptionUse, Rule, RuleException, RuleKind, RuleSet, RuleSource},
};
use roundsman_sinks::{Store, StoreError};
use serde::Serialize;

use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, Outcome},
    setup,
    term::{self, Cell, Paint, Style, Table, Term, clean},
};

/// Where the store has what exceptions have suppressed.
const EXCEPTION_ROWS: &str = "sigma/exception\n";

const EXAMPLES: &str = "\
Examples:
  roundsman rules list
  roundsman rules show ssh-guessing
  roundsman rules coverage                       ATT&CK techniques and log sources";

/// What to show of the rules.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// All rules: level, log source, title, and how often each fired
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// One rule, by id, title or file name
    Show {
        /// Id, a beginning of it, or words of the title
        #[arg(value_name = "ID")]
        id: String,
    },
    /// ATT&CK techniques and log sources, with the rules that read them
    Coverage,
}

/// Options of `roundsman rules`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// What to show.
    #[command(subcommand)]
    pub what: What,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let config = setup::config(&args.config, term)?;
    let rules = setup::rules(&config, term);
    let past = setup::ask_store(&config, Past::read).unwrap_or_default();
    let mut out = term::stdout();
    match args.what {
        What::List { json } => _ = list(&mut out, term, &rules, &past, json)?,
        What::Show { id } => show(&mut out, term.out, find(&rules, &id)?, &rules, &past)?,
        What::Coverage => coverage(&mut out, term, &rules)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// What the store remembers of rules.
#[derive(Debug, Default)]
struct Past {
    /// How many alerts each rule has raised, and when the last.
    fired: HashMap<String, u64>,
    last: HashMap<String, Timestamp>,
    /// What each exception has suppressed.
    exceptions: HashMap<String, ExceptionUse>,
}

impl Past {
    async fn read(store: &Store) -> Result<Past, StoreError> {
        let rows = store.state(EXCEPTION_ROWS).await?;
        let used = |(key, value): (String, Vec<u8>)| {
            let id = key.strip_prefix(EXCEPTION_ROWS)?.to_owned();
            Some((id, serde_json::from_slice(&value).ok()?))
        };
        let exceptions = rows.into_iter().filter_map(used).collect();
        Ok(Past { fired: store.fired().await?, last: store.last_fired().await?, exceptions })
    }

    fn fired(&self, rule: &Rule) -> u64 {
        self.fired.get(&rule.id).copied().unwrap_or(0)
    }
}

/// What `rules list --json` prints of a rule.
#[derive(Serialize)]
struct Listed<'r> {
    id: &'r str,
    title: &'r str,
    level: Option<Severity>,
    kind: &'static str,
    category: &'r str,
    product: &'r str,
    service: &'r str,
    tags: &'r [String],
    file: String,
    line: usize,
    fired: u64,
    last_fired: Option<Timestamp>,
}

impl<'r> Listed<'r> {
    fn new(rule: &'r Rule, past: &Past) -> Self {
        Listed {
            id: &rule.id,
            title: &rule.title,
            level: rule.level,
            kind: kind(rule),
            category: &rule.logsource.category,
            product: &rule.logsource.product,
            service: &rule.logsource.service,
            tags: &rule.tags,
            file: rule.file.display().to_string(),
            line: rule.line,
            fired: past.fired(rule),
            last_fired: past.last.get(&rule.id).copied(),
        }
    }
}

fn list(out: &mut impl Write, term: &Term, set: &RuleSet, past: &Past, json: bool) -> Outcome {
    let mut rules: Vec<&Rule> = set.rules().iter().collect();
    rules.sort_by_key(|rule| (Reverse(rule.level), &rule.title));
    if json {
        return setup::ndjson(out, &rules.iter().map(|rule| Listed::new(rule, past)).collect::<Vec<_>>());
    }
    let now = Timestamp::now();
    let mut table = Table::new(["level", "fired", "last", "log source", "id", "title"]);
    for rule in &rules {
        let last = past.last.get(&rule.id).map_or("-".to_owned(), |at| term::ago(now, *at));
        let fired = match past.fired(rule) {
            0 => Cell::number("-"),
            n => Cell::number(n),
        };
        let level = rule.level.map_or("-".into(), |level| Cell::severity(level.as_str()));
        table.row([
            level,
            fired,
            Cell::number(last),
            source(rule).into(),
            rule.id.as_str().into(),
            rule.title.as_str().into(),
        ]);
    }
    table.print(out, term.out, term.interactive.then(|| term.width()))?;
    exceptions(out, term, set, past, now)?;
    Ok(Exit::Done)
}

/// What is known to be harmless, with whose word stands for it and how often it was needed.
fn exceptions(out: &mut impl Write, term: &Term, set: &RuleSet, past: &Past, now: Timestamp) -> std::io::Result<()> {
    if set.exceptions().is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", term.out.bold("Exceptions"))?;
    let mut table = Table::new(["exception", "suppressed", "last", "ends", "owner", "rules", "reason"]);
    for exception in set.exceptions() {
        let used = past.exceptions.get(&exception.id).copied().unwrap_or_default();
        let ends = match exception.expires <= now {
            true => Cell::styled("has ended", Style::Yellow),
            false => term::minute(exception.expires).into(),
        };
        table.row([
            exception.id.as_str().into(),
            Cell::number(used.suppressed),
            Cell::number(used.last.map_or("-".to_owned(), |at| term::ago(now, at))),
            ends,
            exception.owner.as_str().into(),
            exception.rules.join(" ").into(),
            exception.reason.as_str().into(),
        ]);
    }
    table.print(out, term.out, term.interactive.then(|| term.width()))
}

fn fired(rule: &Rule, past: &Past) -> String {
    match past.last.get(&rule.id) {
        Some(last) => format!("{} alerts, the last at {}", past.fired(rule), term::minute(*last)),
        None => "never, as far as the store knows".to_owned(),
    }
}

fn kind(rule: &Rule) -> &'static str {
    match rule.kind {
        RuleKind::Detection => "detection",
        RuleKind::Correlation => "correlation",
        RuleKind::Anomaly => "anomaly",
    }
}

/// The log source in one word: `linux/sshd`.
pub fn source(rule: &Rule) -> String {
    if rule.kind == RuleKind::Correlation {
        return "(correlation)".to_owned();
    }
    if rule.kind == RuleKind::Anomaly && rule.logsource == RuleSource::default() {
        return "(every source)".to_owned();
    }
    let of = &rule.logsource;
    let parts = [&of.product, &of.category, &of.service];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("/")
}

/// The rule of this id or name, else the only one whose id begins so, or whose title has these words.
fn find<'r>(rules: &'r RuleSet, wanted: &str) -> Result<&'r Rule, Failure> {
    if let Some(number) = rules.find(wanted) {
        return Ok(rules.rule(number));
    }
    let lower = wanted.to_lowercase();
    let alike = |rule: &&Rule| rule.id.starts_with(&lower) || rule.title.to_lowercase().contains(&lower);
    let found: Vec<&Rule> = rules.rules().iter().filter(alike).collect();
    match &found[..] {
        [rule] => Ok(rule),
        [] => Err(Failure::usage(format!("there is no rule `{wanted}`; `roundsman rules list` lists them"))),
        several => {
            let titles: Vec<_> = several.iter().map(|rule| format!("{}  {}", rule.id, rule.title)).collect();
            Err(Failure::usage(format!("several rules fit `{wanted}`:\n  {}", titles.join("\n  "))))
        }
    }
}

fn show(out: &mut impl Write, paint: Paint, rule: &Rule, set: &RuleSet, past: &Past) -> std::io::Result<()> {
    let level = rule.level.map_or("no level", Severity::as_str);
    writeln!(out, "{}  {}", paint.severity(level), paint.bold(clean(&rule.title)))?;
    let mut line = |name: &str, text: &str| match text.is_empty() {
        true => Ok(()),
        false => writeln!(out, "  {} {}", paint.dim(format!("{name:<12}")), clean(text)),
    };
    line("id", &rule.id)?;
    line("kind", kind(rule))?;
    line("log source", &source(rule))?;
    let spec = set.find(&rule.id).and_then(|number| set.anomaly(number));
    line("baseline", &spec.map(ToString::to_string).unwrap_or_default())?;
    line("status", &rule.status)?;
    line("tags", &rule.tags.join(" "))?;
    line("fired", &fired(rule, past))?;
    for exception in set.exceptions().iter().filter(|e| e.rules.iter().any(|id| set.find(id) == set.find(&rule.id))) {
        let used = past.exceptions.get(&exception.id).copied().unwrap_or_default();
        let ends = term::minute(exception.expires);
        let RuleException { id, owner, reason, .. } = exception;
        line("exception", &format!("{id}: {reason} ({owner}, until {ends}); suppressed {} matches", used.suppressed))?;
    }
    line("about", &rule.description.split_whitespace().collect::<Vec<_>>().join(" "))?;
    line("why", &rule.roundsman.why)?;
    line("next", &rule.roundsman.next)?;
    line("key", &rule.roundsman.group_by.join(", "))?;
    for harmless in rule.false_positives.iter().chain(&rule.roundsman.false_positives_seen) {
        line("harmless", harmless)?;
    }
    line("file", &format!("{}:{}", rule.file.display(), rule.line))?;
    if !rule.roundsman.examples.is_empty() {
        writeln!(out, "\n{}", paint.dim("Examples"))?;
    }
    for example in &rule.roundsman.examples {
        let word = if example.fires { paint.paint(Style::Red, "fires ") } else { paint.paint(Style::Green, "silent") };
        let more = match example.lines.len() {
            1 => String::new(),
            n => format!("  (and {} more lines)", n - 1),
        };
        writeln!(out, "  {word} {}{}", clean(&example.lines[0]), paint.dim(more))?;
    }
    Ok(())
}

fn coverage(out: &mut impl Write, term: &Term, rules: &RuleSet) -> std::io::Result<()> {
    let paint = term.out;
    let mut techniques: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules.rules() {
        for tag in rule.tags.iter().filter_map(|tag| tag.strip_prefix("attack.")) {
            techniques.entry(tag).or_default().push(rule);
        }
    }
    let (ids, tactics): (Vec<_>, Vec<_>) = techniques.iter().partition(|(tag, _)| technique(tag));
    writeln!(out, "{}", paint.bold(format!("ATT&CK: {} techniques, {} tactics", ids.len(), tactics.len())))?;
    let mut table = Table::new(["tag", "rules", "which"]);
    for (tag, rules) in tactics.into_iter().chain(ids) {
        let titles: Vec<_> = rules.iter().map(|rule| &*rule.title).collect();
        let tag = if technique(tag) { tag.to_uppercase() } else { (*tag).to_owned() };
        table.row([tag.into(), Cell::number(rules.len()), titles.join("; ").into()]);
    }
    table.print(out, paint, term.interactive.then(|| term.width()))?;

    writeln!(out, "\n{}", paint.bold("Log sources: which rules read what the formats name"))?;
    let mut table = Table::new(["format", "rules", "product/category/service"]);
    for format in FORMATS {
        let of = format.logsource();
        let read = match rules.looking_at(&of).len() {
            0 => Cell::styled("none", Style::Yellow),
            n => Cell::number(n),
        };
        let services = of.services.join(",");
        let parts: Vec<_> = [of.product, of.category, &services].into_iter().filter(|p| !p.is_empty()).collect();
        table.row([format.name().into(), read, parts.join("/").into()]);
    }
    table.print(out, paint, term.interactive.then(|| term.width()))
}

/// `t1110.003`
fn technique(tag: &str) -> bool {
    tag.strip_prefix('t').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
