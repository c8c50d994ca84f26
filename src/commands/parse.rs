//! `roundsman parse`: records in, one JSON event each, in order.

use std::{io::Write, path::PathBuf, sync::LazyLock};

use clap::builder::{PossibleValue, PossibleValuesParser};
use jiff::Timestamp;
use roundsman_ingest::{
    Event, Kind, Origin, Record, Transport,
    formats::{FORMATS, by_name},
    parse::Parser,
    print::{Shape, write_json},
};

use crate::{
    cli::Framing,
    exit::{Exit, Outcome},
    input::{Framed, Lines},
    term::{self, Table, Term},
};

const EXAMPLES: &str = "\
Examples:
  roundsman parse /var/log/auth.log
  journalctl -o export | roundsman parse --flat
  roundsman parse --input jsonl records.jsonl    each line an object whose `raw` is the record
  roundsman parse --list-formats

A record that no format understands is an event too: `roundsman.format` is `unknown`, `roundsman.reason`
says why, and `event.original` keeps it.";

/// Options of `roundsman parse`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Read every record as this format [default: by program, path or structure]
    #[arg(long, value_name = "NAME", value_parser = formats(), hide_possible_values = true)]
    pub format: Option<String>,
    /// How the input is cut into records
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    pub input: Framing,
    /// Dotted keys instead of nested objects
    #[arg(long)]
    pub flat: bool,
    /// Year of stamps that carry none [default: the latest that is not in the future]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// Print name, category, product and what it recognises of each format
    #[arg(long)]
    pub list_formats: bool,
    /// Files to read, in this order; `-` is standard input [default: standard input]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Where records come from that say nothing about it.
pub static LOCAL: LazyLock<Origin> = LazyLock::new(|| Origin::new(Transport::File, "input"));

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    if args.list_formats {
        return list_formats(term);
    }
    let only = args.format.as_deref().and_then(by_name);
    let parser = Parser { year: args.year, only, ..Parser::default() };
    let shape = if args.flat { Shape::Flat } else { Shape::Nested };
    let mut printer = Printer { parser, shape, out: term::stdout(), json: Vec::with_capacity(4096), buffers: None };
    let mut lines = Lines::new(&args.files)?;
    let mut line = Vec::with_capacity(4096);
    while let Some(cut) = lines.next(&mut line)? {
        match args.input {
            Framing::Lines => printer.print(&record(&LOCAL, Timestamp::now(), cut, &line))?,
            Framing::Jsonl => {
                let framed = Framed::read(&line).map_err(|what| lines.wrong(what))?;
                let origin = origin(&framed);
                let received = framed.received.unwrap_or_else(Timestamp::now);
                printer.print(&record(origin.as_ref().unwrap_or(&LOCAL), received, cut, framed.raw.as_bytes()))?;
            }
        }
    }
    printer.out.flush()?;
    Ok(Exit::Done)
}

/// Parses and prints, with the same buffers for every record.
struct Printer<W> {
    parser: Parser,
    shape: Shape,
    out: W,
    json: Vec<u8>,
    buffers: Option<Event<'static>>,
}

impl<W: Write> Printer<W> {
    fn print(&mut self, record: &Record<'_>) -> std::io::Result<()> {
        let event = self.parser.parse(record, self.buffers.take().unwrap_or_else(no_event));
        self.json.clear();
        write_json(&event, self.shape, &mut self.json);
        self.json.push(b'\n');
        self.buffers = Some(event.recycle(&no_record()));
        self.out.write_all(&self.json)
    }
}

/// A record of a line.
pub fn record<'r>(origin: &'r Origin, received: Timestamp, truncated: bool, raw: &'r [u8]) -> Record<'r> {
    Record { received, origin, kind: Kind::Line, truncated, raw }
}

/// A record without bytes, to recycle an event's buffers with.
pub fn no_record() -> Record<'static> {
    record(&LOCAL, Timestamp::UNIX_EPOCH, false, b"")
}

/// Empty buffers for a parser.
pub fn no_event() -> Event<'static> {
    Event::new(&no_record())
}

/// What the object says about how its record arrived; `None` where it says nothing.
fn origin(framed: &Framed<'_>) -> Option<Origin> {
    if framed.host.is_none() && framed.peer.is_none() && framed.transport.is_none() && framed.path().is_none() {
        return None;
    }
    let mut origin = Origin::new(framed.transport.unwrap_or(Transport::File), "input");
    origin.host = framed.host.as_deref().map(Into::into);
    origin.peer = framed.peer.as_deref().map(Into::into);
    origin.path = framed.path().map(Into::into);
    Some(origin)
}

fn formats() -> PossibleValuesParser {
    FORMATS.iter().map(|format| PossibleValue::new(format.name()).help(format.product())).into()
}

fn list_formats(term: &Term) -> Outcome {
    let mut table = Table::new(["name", "category", "product", "recognises"]);
    for format in FORMATS {
        let name = term::Cell::styled(format.name(), term::Style::Bold);
        table.row([name, format.category().into(), format.product().into(), format.about().into()]);
    }
    let mut out = term::stdout();
    table.print(&mut out, term.out, term.interactive.then(|| term.width()))?;
    out.flush()?;
    Ok(Exit::Done)
}
