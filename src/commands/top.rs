//! `roundsman top`: live rates in the terminal.

use std::{
    cmp::Reverse,
    collections::HashMap,
    io::{self, Write},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use roundsman_config::Config;
use roundsman_ingest::{Event, Kind, parse::Parser};
use roundsman_rules::{Alert, Severity, Status, duration, sigma::StateSize};
use roundsman_sinks::{Store, StoreError, store::AlertFilter};

use super::parse::{no_event, no_record};
use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, OrUnusable, Outcome},
    setup,
    tail::Tail,
    term::{self, Style, Term, clean, fit},
};

/// How long the journal is left alone between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Most hosts that are told apart in one interval.
const MAX_HOSTS: usize = 10_000;

/// Rows of a list, alerts, and cells of a full bar.
const SHOWN_ROWS: usize = 8;
const SHOWN_ALERTS: usize = 6;
const BAR_WIDTH: usize = 32;

/// Terminal: erase all; to the upper left corner; erase what is below.
const CLEAR: &[u8] = b"\x1b[2J";
const HOME: &[u8] = b"\x1b[H";
const CLEAR_BELOW: &[u8] = b"\x1b[J";

const EXAMPLES: &str = "\
Examples:
  roundsman top
  roundsman top --once                           one measurement, for scripts
  roundsman top --interval 10s

Reads the data folder; nothing is changed there, and no token is needed.";

/// Options of `roundsman top`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// Time between two measurements
    #[arg(long, value_name = "DURATION", default_value = "2s")]
    pub interval: duration::Duration,
    /// Measure once, print, and end
    #[arg(long)]
    pub once: bool,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    if args.interval == duration::Duration::default() {
        return Err(Failure::usage("the interval is at least 1s"));
    }
    let config = setup::config(&args.config, term)?;
    let mut tail = Tail::open(&config.data).or_unusable("there is nothing to measure yet")?;
    tail.skip()?;
    let mut out = term::stdout();
    if term.interactive && !args.once {
        out.write_all(CLEAR)?;
    }
    loop {
        let rates = measure(&mut tail, args.interval.into())?;
        let (open, state) =
            setup::ask_store(&config, async |store| Ok((open_alerts(store).await?, state(store).await?)))?;
        match (term.interactive, args.once) {
            (true, false) => {
                out.write_all(HOME)?;
                screen(&mut out, term, &config, &rates, &open, &state)?;
                out.write_all(CLEAR_BELOW)?;
            }
            (true, true) => screen(&mut out, term, &config, &rates, &open, &state)?,
            (false, _) => line(&mut out, &rates, &open, &state)?,
        }
        out.flush()?;
        if args.once {
            return Ok(Exit::Done);
        }
    }
}

/// What one interval brought.
#[derive(Debug, Default)]
struct Rates {
    seconds: f64,
    records: u64,
    bytes: u64,
    unknown: u64,
    formats: HashMap<&'static str, u64>,
    hosts: HashMap<String, u64>,
}

/// Waits for the interval and counts what came in it.
fn measure(tail: &mut Tail, interval: Duration) -> Result<Rates, Failure> {
    let start = Instant::now();
    let parser = Parser::default();
    let mut rates = Rates::default();
    let mut buffers = no_event();
    while start.elapsed() < interval {
        let Some(chunk) = tail.next()? else {
            std::thread::sleep(PAUSE.min(interval.saturating_sub(start.elapsed())));
            continue;
        };
        for (_, record) in chunk.records().filter(|(_, record)| record.kind == Kind::Line) {
            let event = parser.parse(&record, buffers);
            rates.count(&event);
            buffers = event.recycle(&no_record());
        }
    }
    rates.seconds = start.elapsed().as_secs_f64();
    Ok(rates)
}

impl Rates {
    fn count(&mut self, event: &Event<'_>) {
        self.records += 1;
        self.bytes += event.raw.len() as u64;
        self.unknown += u64::from(event.format.is_none());
        *self.formats.entry(event.format_name()).or_default() += 1;
        let host = event.host().unwrap_or_default();
        let room = self.hosts.len() < MAX_HOSTS;
        match self.hosts.get_mut(&*host) {
            Some(count) => *count += 1,
            None if room => _ = self.hosts.insert(host.into_owned(), 1),
            None => {}
        }
    }

    fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.seconds.max(f64::MIN_POSITIVE)
    }

    fn unknown_percent(&self) -> f64 {
        100.0 * self.unknown as f64 / self.records.max(1) as f64
    }
}

/// Alerts that nobody has closed, by level, the most urgent first.
async fn open_alerts(store: &Store) -> Result<Vec<Alert>, StoreError> {
    let status = vec![Status::New, Status::Acknowledged];
    let mut alerts = super::alerts::all(store, AlertFilter { status, ..AlertFilter::default() }).await?;
    alerts.sort_by_key(|alert| (Reverse(alert.severity), Reverse(alert.raised)));
    Ok(alerts)
}

/// What the rules remember, as of the last commit.
async fn state(store: &Store) -> Result<StateSize, StoreError> {
    let rows = store.state("sigma/size").await?;
    Ok(rows.first().and_then(|(_, value)| serde_json::from_slice(value).ok()).unwrap_or_default())
}

fn by_level(open: &[Alert]) -> Vec<(Severity, usize)> {
    let count = |level| open.iter().filter(|alert| alert.severity == level).count();
    Severity::ALL.into_iter().rev().map(|level| (level, count(level))).filter(|(_, count)| *count > 0).collect()
}

/// One measurement in one line, for scripts and pipes.
fn line(out: &mut impl Write, rates: &Rates, open: &[Alert], state: &StateSize) -> io::Result<()> {
    let now = term::second(Timestamp::now());
    let (records, bytes) = (rates.per_second(rates.records), rates.per_second(rates.bytes));
    write!(out, "{now} records/s={records:.1} bytes/s={bytes:.0} unknown%={:.1}", rates.unknown_percent())?;
    write!(out, " hosts={} open_alerts={}", rates.hosts.len(), open.len())?;
    writeln!(out, " rule_state={} evicted={} forgotten={}", state.total(), state.evicted, state.forgotten)
}

fn screen(
    out: &mut impl Write,
    term: &Term,
    config: &Config,
    rates: &Rates,
    open: &[Alert],
    state: &StateSize,
) -> io::Result<()> {
    let paint = term.out;
    let (now, dir) = (term::second(Timestamp::now()), config.data.dir.display().to_string());
    end_line(out, &format!("{}  {}  {}", paint.bold("roundsman"), clean(&dir), paint.dim(now)))?;
    end_line(out, "")?;
    let records = paint.bold(format!("{:.0}", rates.per_second(rates.records))).to_string();
    let bytes = term::bytes(rates.per_second(rates.bytes) as u64);
    end_line(out, &format!("{records} records/s   {bytes}/s   {:.1} % unknown", rates.unknown_percent()))?;
    let levels = by_level(open);
    let levels = levels.iter().map(|(level, count)| format!("{count} {}", paint.severity(level.as_str())));
    let levels = levels.collect::<Vec<_>>().join(", ");
    let (used, most) = (term::bytes(state.total() as u64), term::bytes(state.limit));
    let short = match (state.evicted, state.forgotten) {
        (0, 0) => String::new(),
        (evicted, forgotten) => format!("   {evicted} keys gave way, {forgotten} matches forgotten"),
    };
    end_line(out, &format!("rules remember {used} of {most}{}", paint.paint(Style::Yellow, short)))?;
    end_line(out, &if levels.is_empty() { "no open alerts".to_owned() } else { format!("open alerts: {levels}") })?;
    end_line(out, "")?;

    bars(out, term, "format", rates, rates.formats.iter().map(|(name, count)| (*name, *count)))?;
    bars(out, term, "host", rates, rates.hosts.iter().map(|(name, count)| (&**name, *count)))?;
    for alert in open.iter().take(SHOWN_ALERTS) {
        let level = paint.severity(alert.severity.as_str());
        let title = clean(&alert.title);
        end_line(
            out,
            &format!("{}  {level:<13} {}", term::minute(alert.raised), fit(&title, term.width().saturating_sub(34))),
        )?;
    }
    Ok(())
}

/// The busiest, each with its rate and a bar.
fn bars<'n>(
    out: &mut impl Write,
    term: &Term,
    name: &str,
    rates: &Rates,
    counts: impl Iterator<Item = (&'n str, u64)>,
) -> io::Result<()> {
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by_key(|(name, count)| (Reverse(*count), *name));
    end_line(out, &term.out.dim(format!("{:<24} {:>10}", name.to_uppercase(), "PER SECOND")).to_string())?;
    for (name, count) in counts.iter().take(SHOWN_ROWS) {
        let share = *count as f64 / rates.records.max(1) as f64;
        let bar = "█".repeat((share * BAR_WIDTH as f64).round() as usize);
        let name = clean(name);
        let rate = rates.per_second(*count);
        end_line(out, &format!("{:<24} {rate:>10.1}  {}", fit(&name, 24), term.out.paint(Style::Cyan, bar)))?;
    }
    end_line(out, "")
}

/// A line that covers what stood there before.
fn end_line(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "{text}\x1b[K")
}
