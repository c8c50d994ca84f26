//! `roundsman replay`: recorded input through the same pipeline as `run`, at the input's own times, touching no store
//! and no channel. The same input and configuration give the same bytes.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::ValueEnum;
use jiff::{Timestamp, tz::TimeZone};
use roundsman_ingest::{Kind, Record, parse::Parser, print::Shape, record::Feed};
use roundsman_rules::{
    Alert, PatchCase, Severity,
    sigma::RuleSet,
    stage::{Matcher, Output as StageOutput, Stage},
};
use roundsman_sinks::digest::{Digest, text};
use serde::Serialize;

use crate::{
    assemble::Assembly,
    cli::ConfigArg,
    events,
    exit::{Exit, Failure, OrUnusable, Outcome},
    meetings::Meetings,
    pipeline::{Batch, Driver, Observer, Reading},
    recorded::{self, Input as Recorded},
    tell,
    term::Term,
};

const EXAMPLES: &str = "\
Examples:
  roundsman replay /var/log/auth.log                           alerts, as a table
  roundsman replay --print alerts --output ndjson auth.log     for a script; the same bytes each time
  roundsman replay --input jsonl --config roundsman.toml --print alerts,cases,digest events.jsonl
  roundsman replay --rules my-rules/ --input events --logsource any --print matches events.ndjson
  roundsman replay --fail-on high --print alerts build.log     exit code 1 at a high or critical alert
  roundsman replay --rules new/ --since 2026-11-16T00:00:00Z --print rules roundsman-data/journal
                                                               what these rules would have raised last week

Nothing is written to any store or channel. `roundsman schema replay` describes the jsonl input.";

/// How replay reads its input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Input {
    /// Each line is a record; its receive time is its own time
    #[default]
    Lines,
    /// One object per line: records, feeds, decisions, ticks
    Jsonl,
    /// Each line is an event that something else parsed
    Events,
}

/// What replay prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Print {
    /// Alerts when they are raised, clear, change, and at the end
    Alerts,
    /// Patch cases at each transition and change of a check
    Cases,
    /// The digest of each period that ended
    Digest,
    /// Every event
    Events,
    /// Every match of a single rule
    Matches,
    /// At the end, how often each rule matched and what it raised
    Rules,
}

/// How replay prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// One JSON object per line
    Ndjson,
    /// For people
    Table,
}

/// Options of `roundsman replay`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// Sigma rule files or folders to use instead of the configured ones
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub rules: Vec<PathBuf>,
    /// How input is read
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    pub input: Input,
    /// Log source of `--input events`: `product=windows,category=process_creation`; `any`: every rule looks
    #[arg(long, value_name = "K=V,…")]
    pub logsource: Option<String>,
    /// Leave out log records received before this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub since: Option<Timestamp>,
    /// A last tick at this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,
    /// What to print
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',', default_value = "alerts")]
    pub print: Vec<Print>,
    /// How to print it [default: table on a terminal, else ndjson]
    #[arg(long, value_enum, value_name = "HOW")]
    pub output: Option<Output>,
    /// Exit with 1 when an alert of this level or above was raised
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
    /// Year of stamps that carry none [default: the latest that is not in the future]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// Files to read, in this order [default: standard input]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

impl Args {
    fn prints(&self, what: Print) -> bool {
        self.print.contains(&what)
    }

    /// `--rules new/ journal`: paths behind `--rules` that are no rules are what is read.
    fn tell_rules_from_input(&mut self) {
        if self.files.is_empty() {
            while self.rules.len() > 1
                && let Some(path) = self.rules.pop_if(|path| !is_rules(path))
            {
                self.files.insert(0, path);
            }
        }
    }

    fn reading(&self) -> Result<Reading, Failure> {
        if self.input != Input::Events {
            return Ok(Reading::Log(Parser { year: self.year, ..Parser::default() }));
        }
        match self.logsource.as_deref() {
            None | Some("any") => Ok(Reading::Events(None)),
            Some(text) => Ok(Reading::Events(Some(events::logsource(text).map_err(Failure::usage)?))),
        }
    }
}

/// A Sigma file, or a folder with one somewhere in it.
fn is_rules(path: &Path) -> bool {
    let yaml = |path: &Path| path.extension().is_some_and(|end| end == "yml" || end == "yaml");
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().any(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => is_rules(&entry.path()),
            _ => yaml(&entry.path()),
        }),
        Err(_) => yaml(path),
    }
}

/// Runs the command.
pub fn run(mut args: Args, term: &Term) -> Outcome {
    args.tell_rules_from_input();
    let assembly = Assembly::load(args.config.path.as_deref(), &args.rules)?;
    assembly.tell_problems();
    if assembly.is_broken() {
        return Ok(Exit::Unusable);
    }
    let inputs = Recorded::of(&args.files);
    let named = match args.input {
        Input::Jsonl => recorded::feeds_named(&inputs).or_unusable("the input cannot be read")?,
        Input::Lines | Input::Events => HashSet::new(),
    };
    let matcher = Matcher::new(assembly.rules.clone(), args.logsource.as_deref() == Some("any"));
    let driver = Driver::new(args.reading()?, matcher, Stage::new(assembly.rules.clone()), usize::MAX);
    let feeds = assembly.feeds.iter().filter(|feed| !named.contains(&feed.path)).cloned().collect();
    let printer = Printer::new(&args, term, assembly.rules.clone());
    let meetings = Meetings::new(&assembly.config, args.prints(Print::Digest));
    let mut replay = Replay { driver, printer, meetings, start: Some(feeds) };
    replay.read(&args, &inputs, &assembly).or_unusable("the input cannot be used")?;
    if let Some(until) = args.until {
        replay.until(until)?;
    }
    replay.finish();
    replay.printer.end()
}

/// A replay on its way.
struct Replay<'a> {
    driver: Driver,
    printer: Printer<'a>,
    meetings: Meetings,
    /// The files that are known from the start, until they became known just before the first record.
    start: Option<Vec<Feed>>,
}

impl Replay<'_> {
    fn read(&mut self, args: &Args, inputs: &[Recorded], assembly: &Assembly) -> anyhow::Result<()> {
        let mut take = |records: &[Record<'_>]| self.records(records);
        match args.input {
            Input::Lines => {
                let parser = Parser { year: args.year, ..Parser::default() };
                recorded::lines(inputs, Timestamp::now(), &recorded::line_time(&parser), &mut take)
            }
            Input::Events => recorded::lines(inputs, Timestamp::UNIX_EPOCH, &events::time, &mut take),
            Input::Jsonl => recorded::jsonl(inputs, &assembly.config, &mut take),
        }
    }

    fn begin(&mut self, at: Timestamp) {
        if let Some(feeds) = self.start.take() {
            self.meetings.begin(at);
            let mut observer = Both { printer: &mut self.printer, meetings: &mut self.meetings };
            self.driver.feeds(&feeds, at, &mut observer);
        }
    }

    fn records(&mut self, records: &[Record<'_>]) -> anyhow::Result<()> {
        if let Some(since) = self.printer.args.since
            && records.iter().any(|record| record.kind == Kind::Line && record.received < since)
        {
            // files and decisions still hold
            let wanted = |record: &&Record<'_>| record.kind != Kind::Line || record.received >= since;
            let left: Vec<Record<'_>> = records.iter().filter(wanted).cloned().collect();
            return self.all(&left);
        }
        self.all(records)
    }

    fn all(&mut self, records: &[Record<'_>]) -> anyhow::Result<()> {
        if let Some(first) = records.first() {
            self.begin(first.received);
        }
        let mut done = 0;
        while done < records.len() {
            let stop = self.meetings.next();
            let mut observer = Both { printer: &mut self.printer, meetings: &mut self.meetings };
            done += self.driver.records(&records[done..], stop, &mut observer);
            if done < records.len() {
                self.close_period();
            }
        }
        self.printer.result()
    }

    fn close_period(&mut self) {
        let digest = self.meetings.close(self.driver.stage());
        self.printer.digest(&digest, self.meetings.zone());
    }

    fn finish(&mut self) {
        let mut observer = Both { printer: &mut self.printer, meetings: &mut self.meetings };
        self.driver.finish(&mut observer);
    }

    /// A last tick.
    fn until(&mut self, until: Timestamp) -> anyhow::Result<()> {
        self.begin(until);
        while let Some(stop) = self.meetings.next().filter(|stop| *stop <= until) {
            let mut observer = Both { printer: &mut self.printer, meetings: &mut self.meetings };
            self.driver.advance(stop, &mut observer);
            self.close_period();
        }
        let mut observer = Both { printer: &mut self.printer, meetings: &mut self.meetings };
        self.driver.tick(until, &mut observer);
        self.printer.result()
    }
}

/// Prints what comes, and keeps it for the meeting.
struct Both<'a, 'p> {
    printer: &'a mut Printer<'p>,
    meetings: &'a mut Meetings,
}

impl Observer for Both<'_, '_> {
    fn wants_events(&self) -> Option<Shape> {
        self.printer.args.prints(Print::Events).then_some(Shape::Nested)
    }

    fn batch(&mut self, batch: Batch<'_>) {
        self.printer.batch(&batch);
        self.meetings.batch(&batch);
    }

    fn output(&mut self, now: Timestamp, output: StageOutput) {
        self.meetings.output(now, &output);
        self.printer.output(output);
    }
}

/// Prints what the stage gives back.
struct Printer<'a> {
    args: &'a Args,
    term: &'a Term,
    rules: std::sync::Arc<RuleSet>,
    table: bool,
    out: BufWriter<io::StdoutLock<'static>>,
    failed: Option<io::Error>,
    worst: Option<Severity>,
    alerts: BTreeMap<String, Known>,
    order: Vec<String>,
    /// Matches by rule number.
    matches: BTreeMap<u32, u64>,
}

/// What a rule has done in this replay.
#[derive(Serialize)]
struct RuleSummary<'r> {
    kind: &'static str,
    rule: &'r str,
    title: &'r str,
    level: Option<Severity>,
    matches: u64,
    alerts: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// An alert as it is, and as it was last printed.
struct Known {
    alert: Alert,
    printed: Alert,
}

impl<'a> Printer<'a> {
    fn new(args: &'a Args, term: &'a Term, rules: std::sync::Arc<RuleSet>) -> Self {
        Printer {
            args,
            term,
            rules,
            table: args.output.map_or(term.interactive, |output| output == Output::Table),
            out: BufWriter::with_capacity(1 << 18, io::stdout().lock()),
            failed: None,
            worst: None,
            alerts: BTreeMap::new(),
            order: Vec::new(),
            matches: BTreeMap::new(),
        }
    }

    fn result(&mut self) -> anyhow::Result<()> {
        self.failed.take().map_or(Ok(()), |error| Err(error).context("standard output"))
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(bytes).err();
        }
    }

    fn line(&mut self, record: &impl serde::Serialize, words: impl FnOnce() -> String) {
        let mut line = match self.table {
            true => words(),
            false => serde_json::to_string(record).expect("records of ours serialise"),
        };
        line.push('\n');
        self.write(line.as_bytes());
    }

    fn batch(&mut self, batch: &Batch<'_>) {
        self.write(batch.events);
        if self.args.prints(Print::Rules) {
            batch.findings.matches.iter().for_each(|(_, rule)| *self.matches.entry(*rule).or_default() += 1);
        }
        if self.args.prints(Print::Matches) {
            let rules = self.rules.clone();
            for (event, rule) in &batch.findings.matches {
                let rule = rules.rule(*rule).id.as_str();
                let record = serde_json::json!({"kind": "match", "rule": rule, "event": event});
                self.line(&record, || format!("{event}  {rule}"));
            }
        }
    }

    fn output(&mut self, output: StageOutput) {
        output.cases.iter().for_each(|case| self.case(case));
        output.alerts.into_iter().for_each(|alert| self.alert(alert));
        output.problems.iter().for_each(|problem| eprintln!("{problem}"));
    }

    fn case(&mut self, case: &PatchCase) {
        if self.args.prints(Print::Cases) {
            let paint = self.term.out;
            self.line(case, || tell::case(case, paint));
        }
    }

    /// Prints an alert when it is raised, clears, or changes severity or status; else keeps it for the end.
    fn alert(&mut self, alert: Alert) {
        self.worst = self.worst.max(Some(alert.severity));
        let essence = |alert: &Alert| (alert.severity, alert.cleared, alert.status);
        let news = self.alerts.get(&alert.id).is_none_or(|known| essence(&known.printed) != essence(&alert));
        if news {
            self.print_alert(&alert);
        }
        match self.alerts.get_mut(&alert.id) {
            Some(known) if !news => known.alert = alert,
            Some(known) => *known = Known { printed: alert.clone(), alert },
            None => {
                self.order.push(alert.id.clone());
                self.alerts.insert(alert.id.clone(), Known { printed: alert.clone(), alert });
            }
        }
    }

    fn print_alert(&mut self, alert: &Alert) {
        if self.args.prints(Print::Alerts) {
            let paint = self.term.out;
            self.line(alert, || tell::alert(alert, paint));
        }
    }

    fn digest(&mut self, digest: &Digest, zone: &TimeZone) {
        let paint = self.term.out;
        self.line(digest, || text::render(digest, zone, paint.0));
    }

    /// How often each rule matched and what it raised: those that raised most first.
    fn summaries(&mut self) {
        let rules = self.rules.clone();
        let mut raised: BTreeMap<&str, (u64, Timestamp, Timestamp)> = BTreeMap::new();
        for Known { alert, .. } in self.alerts.values() {
            let of = raised.entry(&alert.rule.id).or_insert((0, alert.first, alert.last));
            *of = (of.0 + 1, of.1.min(alert.first), of.2.max(alert.last));
        }
        let mut all = Vec::new();
        for (number, rule) in (0..).zip(rules.rules()) {
            let matches = self.matches.get(&number).copied().unwrap_or(0);
            let (alerts, first, last) = match raised.get(&*rule.id) {
                Some((alerts, first, last)) => (*alerts, Some(*first), Some(*last)),
                None => (0, None, None),
            };
            let (rule, title, level) = (&*rule.id, &*rule.title, rule.level);
            if matches > 0 || alerts > 0 {
                all.push(RuleSummary { kind: "rule", rule, title, level, matches, alerts, first, last });
            }
        }
        all.sort_by_key(|summary| (Reverse(summary.alerts), Reverse(summary.matches), summary.rule));
        for summary in &all {
            let RuleSummary { rule, title, matches, alerts, .. } = summary;
            self.line(summary, || format!("{alerts:>7} alerts  {matches:>9} matches  {title}  ({rule})"));
        }
    }

    fn end(mut self) -> Outcome {
        if self.args.prints(Print::Rules) {
            self.summaries();
        }
        for id in std::mem::take(&mut self.order) {
            let known = self.alerts.remove(&id).expect("every id in order is known");
            if known.printed != known.alert {
                self.print_alert(&known.alert);
            }
        }
        if self.failed.is_none() {
            self.failed = self.out.flush().err();
        }
        self.result()?;
        let found = self.args.fail_on.is_some_and(|level| self.worst.is_some_and(|worst| worst >= level));
        Ok(if found { Exit::Found } else { Exit::Done })
    }
}
