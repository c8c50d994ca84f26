//! `roundsman tap`: follows events and alerts as they happen.

use std::{
    collections::{HashSet, VecDeque},
    io::{self, BufWriter, StdoutLock, Write},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use roundsman_config::Config;
use roundsman_ingest::{
    Event, Field, Kind, Record, field,
    journal::Chunk,
    parse::Parser,
    print::{Shape, write_json},
};
use roundsman_rules::Alert;
use roundsman_sinks::store::AlertFilter;

use super::parse::{no_event, no_record};
use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, OrUnusable, Outcome},
    setup,
    tail::Tail,
    term::{self, Style, Term, clean, fit},
};

/// How long the journal is left alone between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// How often alerts are looked for.
const ALERTS_EVERY: Duration = Duration::from_secs(1);

/// How far a look for alerts reaches back: they carry the receive times of their records, which may lag.
const LOOK_BACK: SignedDuration = SignedDuration::from_secs(600);

const EXAMPLES: &str = "\
Examples:
  roundsman tap
  roundsman tap --where host.name=web1 --where event.outcome=failure
  roundsman tap --json --alerts | jq .title

Reads the data folder; nothing is changed there, and no token is needed.";

/// Options of `roundsman tap`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// Only events in which a field has this value; several must all hold. `*` stands for any text
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub conditions: Vec<String>,
    /// Only alerts
    #[arg(long, conflicts_with = "conditions")]
    pub alerts: bool,
    /// One JSON object per line [default: where standard output is no terminal]
    #[arg(long)]
    pub json: bool,
    /// Begin with the last N records instead of the next one
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    pub last: usize,
    /// End at the end of the journal instead of waiting for more
    #[arg(long)]
    pub once: bool,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let wanted = args.conditions.iter().map(|text| Condition::read(text)).collect::<Result<Vec<_>, _>>();
    let wanted = wanted.map_err(Failure::usage)?;
    let config = setup::config(&args.config, term)?;
    let mut tap = Tap {
        json: args.json || !term.interactive,
        wanted,
        parser: Parser::default(),
        out: term::stdout(),
        term,
        buffers: None,
    };
    let mut tail = Tail::open(&config.data).or_unusable("there is nothing to follow yet")?;
    let mut alerts = Alerts::new(&config)?;
    if !args.alerts {
        tap.last(&mut tail, args.last)?;
    }
    loop {
        while let Some(chunk) = tail.next()? {
            if !args.alerts {
                chunk.records().try_for_each(|(_, record)| tap.event(&record))?;
            }
        }
        if tap.wanted.is_empty() {
            alerts.new_ones()?.iter().try_for_each(|alert| tap.alert(alert))?;
        }
        tap.out.flush()?;
        if args.once {
            return Ok(Exit::Done);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Prints what passes.
struct Tap<'t> {
    json: bool,
    wanted: Vec<Condition>,
    parser: Parser,
    out: BufWriter<StdoutLock<'static>>,
    term: &'t Term,
    buffers: Option<Event<'static>>,
}

impl Tap<'_> {
    /// Reads to the end, and prints the last of it that fit the conditions.
    fn last(&mut self, tail: &mut Tail, count: usize) -> Result<(), Failure> {
        let mut chunks = VecDeque::new();
        let mut held = 0;
        while let Some(chunk) = tail.next()? {
            held += chunk.len();
            chunks.push_back(chunk);
            while chunks.front().is_some_and(|first: &Chunk| count == 0 || held - first.len() >= count) {
                held -= chunks.pop_front().map_or(0, |first| first.len());
            }
        }
        let records = chunks.iter().flat_map(Chunk::records).map(|(_, record)| record);
        Ok(records.skip(held.saturating_sub(count)).try_for_each(|record| self.event(&record))?)
    }

    fn event(&mut self, record: &Record<'_>) -> io::Result<()> {
        if record.kind != Kind::Line {
            return Ok(());
        }
        let event = self.parser.parse(record, self.buffers.take().unwrap_or_else(no_event));
        if self.wanted.iter().all(|condition| condition.holds(&event)) {
            if self.json {
                let mut json = Vec::new();
                write_json(&event, Shape::Nested, &mut json);
                json.push(b'\n');
                self.out.write_all(&json)?;
            } else {
                self.line(&event)?;
            }
        }
        self.buffers = Some(event.recycle(&no_record()));
        Ok(())
    }

    /// One event in one line: time, host, format, what happened, and the message.
    fn line(&mut self, event: &Event<'_>) -> io::Result<()> {
        let paint = self.term.out;
        let time = event.received.strftime("%H:%M:%S");
        let host = event.host().unwrap_or_default();
        let style = match event.text(field::EVENT_OUTCOME).as_deref() {
            Some("failure") => Style::Red,
            Some("success") => Style::Green,
            _ => Style::Dim,
        };
        let action = event.text(field::EVENT_ACTION).unwrap_or_default();
        let message = event.text(field::MESSAGE).unwrap_or_else(|| String::from_utf8_lossy(&event.raw));
        let head = format!("{time}  {:<12} {:<12} ", fit(&clean(&host), 12), fit(event.format_name(), 12));
        let room = self.term.width().saturating_sub(head.chars().count() + 18).max(20);
        let action = format!("{:<16}", fit(&clean(&action), 16));
        let message = clean(&message);
        writeln!(self.out, "{head} {} {}", paint.paint(style, action), fit(&message, room))
    }

    fn alert(&mut self, alert: &Alert) -> io::Result<()> {
        if self.json {
            serde_json::to_writer(&mut self.out, alert)?;
            return writeln!(self.out);
        }
        let paint = self.term.out;
        let level = paint.severity(alert.severity.as_str());
        let time = alert.raised.strftime("%H:%M:%S");
        writeln!(self.out, "{time}  {level}  {}  {}", paint.bold(clean(&alert.title)), paint.dim(clean(&alert.why)))
    }
}

/// Alerts that have been raised since the last look.
struct Alerts<'c> {
    config: &'c Config,
    looked: Instant,
    /// Those that the last look saw, so that none is told twice.
    seen: HashSet<String>,
}

impl<'c> Alerts<'c> {
    fn new(config: &'c Config) -> Result<Self, Failure> {
        let mut alerts = Alerts { config, looked: Instant::now(), seen: HashSet::new() };
        alerts.look()?;
        Ok(alerts)
    }

    /// The new ones, the oldest first; none where it is too early to look again.
    fn new_ones(&mut self) -> Result<Vec<Alert>, Failure> {
        if self.looked.elapsed() < ALERTS_EVERY {
            return Ok(Vec::new());
        }
        self.looked = Instant::now();
        self.look()
    }

    fn look(&mut self) -> Result<Vec<Alert>, Failure> {
        let since = Timestamp::now().saturating_sub(LOOK_BACK).ok();
        let filter = AlertFilter { since, ..AlertFilter::default() };
        let mut alerts = setup::ask_store(self.config, async |store| super::alerts::all(store, filter).await)?;
        let ids = alerts.iter().map(|alert| alert.id.clone()).collect();
        let before = std::mem::replace(&mut self.seen, ids);
        alerts.retain(|alert| !before.contains(&alert.id));
        alerts.reverse();
        Ok(alerts)
    }
}

/// A field and the text that one of its values must be.
#[derive(Debug)]
struct Condition {
    field: String,
    /// The value between its stars, in lower case.
    parts: Vec<String>,
}

impl Condition {
    fn read(text: &str) -> Result<Condition, String> {
        let (field, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not FIELD=VALUE"))?;
        Ok(Condition { field: field.to_owned(), parts: value.to_lowercase().split('*').map(str::to_owned).collect() })
    }

    fn holds(&self, event: &Event<'_>) -> bool {
        let is = |text: &str| fits(&self.parts, &text.to_lowercase());
        match &*self.field {
            "roundsman.format" => is(event.format_name()),
            "roundsman.reason" => event.reason.is_some_and(is),
            "event.original" => is(&String::from_utf8_lossy(&event.raw)),
            "host.name" => event.host().is_some_and(|host| is(&host)),
            name => Field::intern(name).is_some_and(|field| {
                event.all(field).any(|value| event.value_text(value).is_some_and(|text| is(&text)))
            }),
        }
    }
}

/// Whether the text is these parts with anything between them.
fn fits(parts: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = parts else { return parts.first().is_some_and(|only| only == text) };
    let Some(mut rest) = text.strip_prefix(&**first) else { return false };
    for part in middle {
        match rest.find(&**part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(&**last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let holds = |condition: &str, text: &str| {
            let condition = Condition::read(condition).unwrap();
            fits(&condition.parts, text)
        };
        assert!(holds("user.name=ops", "ops") && !holds("user.name=ops", "ops2"));
        assert!(holds("x=web*", "web1") && holds("x=*eb*", "web1") && holds("x=*", "") && holds("x=w*b*1", "web1"));
        assert!(!holds("x=web*web", "web") && !holds("x=*a*b", "ba"));
        assert!(Condition::read("user.name").is_err());
    }
}
