//! `roundsman explain`: how one record is seen: envelope, format, fields, rules.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use jiff::Timestamp;
use roundsman_config::Config;
use roundsman_ingest::{Event, Origin, Transport, Value, field, formats::Format, parse::Parser};
use roundsman_rules::{
    Severity,
    anomaly::{self, Anomalies},
    sigma::{Explained, RuleSet},
};

use super::parse::{no_event, record};
use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, OrUnusable, Outcome},
    setup,
    spans::Ruler,
    term::{self, Paint, Style, Term, clean},
};

const EXAMPLES: &str = "\
Examples:
  roundsman explain 'Nov 22 03:09:07 web1 sshd[7]: Accepted password for ops from 192.0.2.4 port 5 ssh2'
  tail -1 /var/log/auth.log | roundsman explain
  roundsman explain --path /var/log/dpkg.log '2026-11-22 01:53:02 status installed curl:amd64 8.5.0-2'";

/// Longest record that is explained, in bytes.
const MAX_RECORD_BYTES: u64 = 1 << 20;

/// Options of `roundsman explain`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// The file that the record was read from, where its format is known by that
    #[arg(long, value_name = "PATH")]
    pub path: Option<String>,
    /// Year of a stamp that carries none
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// The record [default: all of standard input, as one record]
    #[arg(value_name = "LINE")]
    pub line: Option<String>,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let config = setup::config(&args.config, term)?;
    let rules = setup::rules(&config, term);
    let raw = match &args.line {
        Some(line) => line.clone().into_bytes(),
        None => standard_input()?,
    };
    let mut origin = Origin::new(Transport::File, "explain");
    origin.path = args.path.as_deref().map(Into::into);
    let parser = Parser { year: args.year, ..Parser::default() };
    let event = parser.parse(&record(&origin, Timestamp::now(), false, &raw), no_event());
    let mut out = term::stdout();
    envelope(&mut out, term.out, &event)?;
    format(&mut out, term.out, &event, args.path.as_deref())?;
    fields(&mut out, term, &event)?;
    matches(&mut out, term.out, &event, &rules)?;
    baselines(&mut out, term.out, &event, rules, &config)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut raw = Vec::new();
    io::stdin().lock().take(MAX_RECORD_BYTES).read_to_end(&mut raw).or_unusable("standard input")?;
    while raw.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
        raw.pop();
    }
    if raw.is_empty() {
        return Err(Failure::usage("there is no record: give it as an argument or on standard input"));
    }
    Ok(raw)
}

fn head(out: &mut impl Write, paint: Paint, title: &str) -> io::Result<()> {
    writeln!(out, "{}", paint.bold(title))
}

fn row(out: &mut impl Write, paint: Paint, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "  {} {}", paint.dim(format!("{name:<10}")), clean(text))
}

/// What stands around the message.
fn envelope(out: &mut impl Write, paint: Paint, event: &Event<'_>) -> io::Result<()> {
    head(out, paint, "Envelope")?;
    let parts = [
        ("priority", field::SYSLOG_PRIORITY),
        ("host", field::HOST_NAME),
        ("program", field::PROCESS_NAME),
        ("pid", field::PROCESS_PID),
        ("msgid", field::SYSLOG_MSGID),
        ("message", field::MESSAGE),
    ];
    match (event.time, event.get(field::TIMESTAMP)) {
        (Some(time), Some(stamp)) => {
            let written = event.value_text(stamp).unwrap_or_default();
            row(out, paint, "time", &format!("{time}   (written as `{written}`)"))?;
        }
        (Some(time), None) => row(out, paint, "time", &time.to_string())?,
        (None, _) => row(out, paint, "time", "none in the record; the receive time counts")?,
    }
    for (name, field) in parts {
        if let Some(text) = event.text(field) {
            row(out, paint, name, &text)?;
        }
    }
    writeln!(out)
}

/// Which format, and why.
fn format(out: &mut impl Write, paint: Paint, event: &Event<'_>, path: Option<&str>) -> io::Result<()> {
    head(out, paint, "Format")?;
    let Some(format) = event.format else {
        let reason = event.reason.unwrap_or("none");
        writeln!(out, "  {}, reason `{}`", paint.paint(Style::Yellow, "unknown"), clean(reason))?;
        return writeln!(out, "  The record is kept as it is; `roundsman parse --list-formats` lists what is known.\n");
    };
    let name = paint.paint(Style::Green, format.name());
    writeln!(out, "  {name}  {}, {}", format.product(), format.category())?;
    row(out, paint, "follows", format.about())?;
    row(out, paint, "because", &because(format, event, path))?;
    let source = event.logsource;
    let named = [("product", source.product), ("category", source.category)];
    let mut parts: Vec<String> =
        named.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}")).collect();
    if !source.services.is_empty() {
        parts.push(format!("service {}", source.services.join(" or ")));
    }
    row(out, paint, "log source", &if parts.is_empty() { "none".to_owned() } else { parts.join(", ") })?;
    writeln!(out)
}

fn because(format: &dyn Format, event: &Event<'_>, path: Option<&str>) -> String {
    if let Some(path) = path.filter(|path| format.paths().iter().any(|end| path.ends_with(end))) {
        return format!("records of {path} are of this format");
    }
    match event.text(field::PROCESS_NAME) {
        Some(program) if format.programs().iter().any(|known| known.eq_ignore_ascii_case(&program)) => {
            format!("the program is `{program}`")
        }
        _ => "the message has its structure".to_owned(),
    }
}

/// Each field under the part of the record that it is, then those that do not stand in it.
fn fields(out: &mut impl Write, term: &Term, event: &Event<'_>) -> io::Result<()> {
    head(out, term.out, "Fields")?;
    let mut ruler = Ruler::new(&event.raw, term.width().saturating_sub(2));
    let mut others = Vec::new();
    for (field, value) in event.fields() {
        match *value {
            Value::Raw(start, end) if *field != field::MESSAGE && start < end => {
                ruler.mark(start as usize, end as usize, field.name());
            }
            Value::Raw(..) => {}
            value => others.push((field.name(), event.value_text(value).unwrap_or("null".into()))),
        }
    }
    ruler.print(out, term.out)?;
    let width = others.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, text) in others {
        writeln!(out, "  {:<width$} = {}", term.out.paint(Style::Cyan, name), clean(&text))?;
    }
    writeln!(out)
}

/// Each rule of the log source: matched, or what failed first.
fn matches(out: &mut impl Write, paint: Paint, event: &Event<'_>, rules: &RuleSet) -> io::Result<()> {
    let mut explained = rules.explain(event);
    explained.retain(|told| rules.anomaly(told.rule).is_none());
    if explained.is_empty() {
        head(out, paint, "Rules")?;
        return writeln!(out, "  No rule reads this log source.");
    }
    explained.sort_by_key(|told| !told.matched());
    let matched = explained.iter().filter(|told| told.matched()).count();
    head(out, paint, &format!("Rules: {matched} of the {} that read this log source match", explained.len()))?;
    for Explained { rule, failed } in &explained {
        let rule = rules.rule(*rule);
        let (style, mark) = if failed.is_none() { (Style::Green, "✔") } else { (Style::Dim, "✘") };
        let level = paint.severity(rule.level.map_or("no level", Severity::as_str));
        writeln!(out, "  {} {level:<13} {}", paint.paint(style, mark), clean(&rule.title))?;
        if let Some(failed) = failed {
            writeln!(out, "      {}", paint.dim(clean(&failed.to_string())))?;
        }
    }
    Ok(())
}

/// The baselines that the record counts for, as the store has them.
fn baselines(
    out: &mut impl Write,
    paint: Paint,
    event: &Event<'_>,
    rules: RuleSet,
    config: &Config,
) -> Result<(), Failure> {
    let picks = |told: &Explained| told.matched() && rules.anomaly(told.rule).is_some();
    let picked: Vec<u32> = rules.explain(event).iter().filter(|told| picks(told)).map(|told| told.rule).collect();
    if picked.is_empty() {
        return Ok(());
    }
    // without a store nothing is remembered yet, and that is what is told
    let rows = setup::ask_store(config, async |store| store.state(anomaly::ROWS).await).unwrap_or_default();
    let mut anomalies = Anomalies::new(Arc::new(rules));
    anomalies.restore(rows.iter().map(|(key, value)| (key.as_str(), value.as_slice())));
    writeln!(out)?;
    head(out, paint, "Baselines that it counts for")?;
    for (rule, spec, key, shape) in anomalies.baselines_of(event, &picked) {
        writeln!(out, "  {}", clean(&rule.title))?;
        row(out, paint, "what", &spec.to_string())?;
        row(out, paint, "whose", &key)?;
        row(out, paint, "so far", &shape.map_or("nothing is remembered of it".to_owned(), |shape| shape.to_string()))?;
    }
    Ok(())
}
