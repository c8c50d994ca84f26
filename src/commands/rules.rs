//! `roundsman rules`: what is loaded, how often it fired, what it covers.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Write,
};

use clap::Subcommand;
use jiff::Timestamp;
use roundsman_rules::{
    Severity,
    sigma::{ExceptionUse, Fed, Rule, RuleException, RuleKind, RuleSet, RuleSource, fed},
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
  roundsman rules coverage                       ATT&CK techniques and log sources
  roundsman rules coverage --json                each rule that can never fire, and why";

/// Most titles that a technique is shown with, and most formats that a log source is.
const MAX_TITLES: usize = 5;
const MAX_FORMATS: usize = 8;

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
    /// Log sources with the rules that read them, rules that can never fire and why, ATT&CK techniques
    Coverage {
        /// Each rule that can never fire, as one JSON object a line.
        #[arg(long)]
        json: bool,
    },
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
        What::Coverage { json: true } => _ = idle(&mut out, &rules)?,
        What::Coverage { json: false } => coverage(&mut out, term, &rules)?,
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

/// What `rules coverage --json` prints of a rule that can never fire.
#[derive(Serialize)]
struct NeverFires<'r> {
    id: &'r str,
    title: &'r str,
    source: String,
    why: &'r str,
    file: String,
    line: usize,
}

fn idle(out: &mut impl Write, rules: &RuleSet) -> Outcome {
    let idle = rules.idle(&fed());
    let lines = idle.iter().map(|idle| {
        let rule = rules.rule(idle.rule);
        let file = rule.file.display().to_string();
        NeverFires { id: &rule.id, title: &rule.title, source: source(rule), why: &idle.why, file, line: rule.line }
    });
    setup::ndjson(out, &lines.collect::<Vec<_>>())
}

fn coverage(out: &mut impl Write, term: &Term, rules: &RuleSet) -> std::io::Result<()> {
    let fed = fed();
    techniques(out, term, rules)?;
    wanted(out, term, rules, &fed)?;
    given(out, term, rules, &fed)
}

fn techniques(out: &mut impl Write, term: &Term, rules: &RuleSet) -> std::io::Result<()> {
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
        let more = match titles.len().saturating_sub(MAX_TITLES) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let which = titles[..titles.len().min(MAX_TITLES)].join("; ") + &more;
        table.row([tag.into(), Cell::number(rules.len()), which.into()]);
    }
    table.print(out, paint, term.interactive.then(|| term.width()))
}

/// The log sources that rules name: how many of their rules can fire, fed by which formats, and why the others cannot.
fn wanted(out: &mut impl Write, term: &Term, rules: &RuleSet, fed: &[Fed]) -> std::io::Result<()> {
    let idle = rules.idle(fed);
    let mut sources: BTreeMap<String, Wanted> = BTreeMap::new();
    for (number, rule) in rules.rules().iter().enumerate() {
        let wanted = sources.entry(source(rule)).or_default();
        wanted.rules += 1;
        if let Some(idle) = idle.iter().find(|idle| idle.rule == number as u32) {
            *wanted.idle.entry(&idle.why).or_default() += 1;
        }
        if rule.kind == RuleKind::Detection {
            wanted
                .formats
                .extend(fed.iter().filter(|fed| rule.logsource.fits(&fed.source)).flat_map(|fed| &fed.formats));
        }
    }
    let (all, paint) = (rules.rules().len(), term.out);
    let title = format!("Rules: {} of {all} can fire, {} never", all - idle.len(), idle.len());
    writeln!(out, "\n{}", paint.bold(title))?;
    let mut table = Table::new(["log source", "rules", "can fire", "formats that feed it", "why others never fire"]);
    for (name, wanted) in &sources {
        let silent = wanted.idle.values().sum::<usize>();
        let fire = match wanted.rules - silent {
            0 => Cell::styled("none", Style::Yellow),
            n => Cell::number(n),
        };
        let why: Vec<_> = wanted.idle.iter().map(|(why, count)| format!("{count}: {why}")).collect();
        let formats: Vec<_> = wanted.formats.iter().take(MAX_FORMATS).copied().collect();
        let more = if wanted.formats.len() > MAX_FORMATS { " …" } else { "" };
        let formats = formats.join(" ") + more;
        table.row([name.as_str().into(), Cell::number(wanted.rules), fire, formats.into(), why.join("; ").into()]);
    }
    table.print(out, paint, term.interactive.then(|| term.width()))
}

/// A log source that rules name.
#[derive(Default)]
struct Wanted<'r> {
    rules: usize,
    formats: BTreeSet<&'static str>,
    /// Why rules can never fire, and how many.
    idle: BTreeMap<&'r str, usize>,
}

/// The log sources that formats give, and how many rules look at them.
fn given(out: &mut impl Write, term: &Term, rules: &RuleSet, fed: &[Fed]) -> std::io::Result<()> {
    writeln!(out, "\n{}", term.out.bold("Log sources that the formats give"))?;
    let mut table = Table::new(["product/category/service", "rules", "formats"]);
    for Fed { source: of, formats, .. } in fed {
        let read = match rules.looking_at(of).len() {
            0 => Cell::styled("none", Style::Yellow),
            n => Cell::number(n),
        };
        let services = of.services.join(",");
        let parts: Vec<_> = [of.product, of.category, &services].into_iter().filter(|p| !p.is_empty()).collect();
        let formats: Vec<_> = formats.iter().copied().collect();
        table.row([parts.join("/").into(), read, formats.join(" ").into()]);
    }
    table.print(out, term.out, term.interactive.then(|| term.width()))
}

/// `t1110.003`
fn technique(tag: &str) -> bool {
    tag.strip_prefix('t').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
