//! Recorded input for `replay`: lines, the objects of interface section 5, events, or a journal's folder, as batches of
//! records in order of arrival.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, anyhow, bail};
use jiff::Timestamp;
use roundsman_config::Config;
use roundsman_ingest::{Event, Kind, Origin, Record, Transport, journal::Reader, parse::Parser};
use serde::Deserialize;

/// Most bytes of one batch.
const BATCH_BYTES: usize = 4 << 20;
/// Most records of one batch.
const BATCH_RECORDS: usize = 32_768;

/// Takes one batch.
pub type Take<'a> = &'a mut dyn FnMut(&[Record<'_>]) -> anyhow::Result<()>;

/// One input: a file or standard input.
#[derive(Clone, Debug)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input, read to its end.
    Stdin,
}

impl Input {
    /// The files, or standard input where there are none.
    pub fn of(files: &[PathBuf]) -> Vec<Input> {
        match files {
            [] => vec![Input::Stdin],
            files => files.iter().cloned().map(Input::File).collect(),
        }
    }

    /// Its name in messages.
    pub fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Stdin => "standard input".into(),
        }
    }

    fn open(&self) -> anyhow::Result<Box<dyn BufRead>> {
        let reader: Box<dyn BufRead> = match self {
            Input::File(path) => {
                let file = File::open(path).with_context(|| self.name())?;
                Box::new(BufReader::with_capacity(1 << 20, file))
            }
            Input::Stdin => Box::new(io::stdin().lock()),
        };
        crate::input::in_lines(reader).with_context(|| self.name())
    }

    fn folder(&self) -> &Path {
        match self {
            Input::File(path) => path.parent().unwrap_or(Path::new("")),
            Input::Stdin => Path::new(""),
        }
    }
}

/// Records that own their bytes in one buffer.
#[derive(Default)]
struct Gathered {
    bytes: Vec<u8>,
    items: Vec<Item>,
}

struct Item {
    received: Timestamp,
    origin: Arc<Origin>,
    kind: Kind,
    start: usize,
    end: usize,
}

impl Item {
    fn record<'a>(&'a self, bytes: &'a [u8]) -> Record<'a> {
        Record {
            received: self.received,
            origin: &self.origin,
            kind: self.kind,
            truncated: false,
            raw: &bytes[self.start..self.end],
        }
    }
}

impl Gathered {
    fn full(&self) -> bool {
        self.bytes.len() >= BATCH_BYTES || self.items.len() >= BATCH_RECORDS
    }

    fn push(&mut self, received: Timestamp, origin: &Arc<Origin>, kind: Kind, raw: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(raw);
        self.items.push(Item { received, origin: origin.clone(), kind, start, end: self.bytes.len() });
    }

    fn hand_on(&mut self, take: Take<'_>) -> anyhow::Result<()> {
        let records: Vec<Record<'_>> = self.items.iter().map(|item| item.record(&self.bytes)).collect();
        let taken = if records.is_empty() { Ok(()) } else { take(&records) };
        drop(records);
        self.items.clear();
        self.bytes.clear();
        taken
    }
}

/// Reads a line without its end; `false` at the end of the input.
fn read_line(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if reader.read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    while line.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
        line.pop();
    }
    Ok(true)
}

/// Lines, each a record whose receive time is its own time, never going backwards.
///
/// `start` is the receive time of lines before the first that has a time of its own.
pub fn lines(
    inputs: &[Input],
    start: Timestamp,
    time_of: &dyn Fn(&Record<'_>) -> Option<Timestamp>,
    take: Take<'_>,
) -> anyhow::Result<()> {
    let mut gathered = Gathered::default();
    let (mut line, mut now) = (Vec::new(), None);
    for input in inputs {
        if let Input::File(path) = input
            && path.is_dir()
        {
            gathered.hand_on(take)?;
            journal(path, take)?;
            continue;
        }
        let mut origin = Origin::new(Transport::File, "replay");
        if let Input::File(path) = input {
            origin.path = Some(path.to_string_lossy().into());
        }
        let origin = Arc::new(origin);
        let mut reader = input.open()?;
        while read_line(&mut *reader, &mut line).with_context(|| input.name())? {
            if line.is_empty() {
                continue;
            }
            let record = Record {
                received: now.unwrap_or(start),
                origin: &origin,
                kind: Kind::Line,
                truncated: false,
                raw: &line,
            };
            now = now.max(time_of(&record));
            gathered.push(now.unwrap_or(start), &origin, Kind::Line, &line);
            if gathered.full() {
                gathered.hand_on(take)?;
            }
        }
    }
    gathered.hand_on(take)
}

/// The time that a log line says of itself.
pub fn line_time(parser: &Parser) -> impl Fn(&Record<'_>) -> Option<Timestamp> {
    let parser = parser.clone();
    let buffers = std::cell::Cell::new(None::<Event<'static>>);
    move |record| {
        let event = buffers.take().unwrap_or_else(|| Event::new(&crate::pipeline::nothing()));
        let event = parser.parse(record, event);
        let time = event.time;
        buffers.set(Some(event.recycle(&crate::pipeline::nothing())));
        time
    }
}

/// A journal's folder, as it was received.
fn journal(folder: &Path, take: Take<'_>) -> anyhow::Result<()> {
    let mut reader = Reader::open(folder, 0).with_context(|| folder.display().to_string())?;
    while let Some(chunk) = reader.next_chunk(BATCH_BYTES)? {
        let records: Vec<Record<'_>> = chunk.records().map(|(_, record)| record).collect();
        take(&records)?;
    }
    Ok(())
}

/// One object of `--input jsonl`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    received: Option<Timestamp>,
    host: Option<String>,
    transport: Option<Transport>,
    source: Option<String>,
    peer: Option<String>,
    raw: Option<String>,
    feed: Option<String>,
    #[serde(rename = "as")]
    replaces: Option<String>,
    record: Option<serde_json::Value>,
    tick: Option<Timestamp>,
}

/// Paths that the input names as feeds, so that they are not known from the start.
pub fn feeds_named(inputs: &[Input]) -> anyhow::Result<HashSet<String>> {
    #[derive(Deserialize)]
    struct Named {
        feed: Option<String>,
        #[serde(rename = "as")]
        replaces: Option<String>,
    }
    let (mut named, mut line) = (HashSet::new(), Vec::new());
    for input in inputs.iter().filter(|input| matches!(input, Input::File(path) if path.is_file())) {
        let mut reader = input.open()?;
        while read_line(&mut *reader, &mut line).with_context(|| input.name())? {
            if memchr::memmem::find(&line, b"\"feed\"").is_some()
                && let Ok(found) = serde_json::from_slice::<Named>(&line)
            {
                named.extend(found.feed.into_iter().chain(found.replaces));
            }
        }
    }
    Ok(named)
}

/// Objects in order of arrival. A feed's path says under which of `[inputs]` it stands.
pub fn jsonl(inputs: &[Input], config: &Config, take: Take<'_>) -> anyhow::Result<()> {
    let mut gathered = Gathered::default();
    let mut origins: HashMap<Origin, Arc<Origin>> = HashMap::new();
    let (mut line, mut now) = (Vec::new(), Timestamp::MIN);
    for input in inputs {
        let mut reader = input.open()?;
        let mut number = 0;
        while read_line(&mut *reader, &mut line).with_context(|| input.name())? {
            number += 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let object: Object = serde_json::from_slice(&line).map_err(|error| {
                anyhow!(
                    "{}:{number}: not an object of `--input jsonl`: {error} (`roundsman schema replay` describes it)",
                    input.name()
                )
            })?;
            let (at, kind, records) =
                unpack(&object, input, config).with_context(|| format!("{}:{number}", input.name()))?;
            now = now.max(at);
            let origin = origin_of(object);
            let origin = origins.entry(origin).or_insert_with_key(|origin| Arc::new(origin.clone())).clone();
            records.iter().for_each(|raw| gathered.push(now, &origin, kind, raw));
            if gathered.full() {
                gathered.hand_on(take)?;
            }
        }
    }
    gathered.hand_on(take)
}

fn origin_of(object: Object) -> Origin {
    let mut origin = Origin::new(object.transport.unwrap_or(Transport::File), "replay");
    origin.host = object.host.map(Into::into);
    origin.path = object.source.filter(|path| !path.is_empty()).map(Into::into);
    origin.peer = object.peer.map(Into::into);
    origin
}

/// When it came, what it is, and its records: one, or one per part of a large file.
fn unpack(object: &Object, input: &Input, config: &Config) -> anyhow::Result<(Timestamp, Kind, Vec<Vec<u8>>)> {
    if let Some(at) = object.tick {
        return Ok((at, Kind::Tick, vec![Vec::new()]));
    }
    let received = object.received.context("neither `received` nor `tick`: when did it arrive?")?;
    if let Some(raw) = &object.raw {
        return Ok((received, Kind::Line, vec![raw.clone().into_bytes()]));
    }
    if let Some(record) = &object.record {
        return Ok((received, Kind::Decision, vec![serde_json::to_vec(record)?]));
    }
    let Some(path) = &object.feed else { bail!("nothing in it: `raw`, `feed`, `record` or `tick` is needed") };
    let file = input.folder().join(path);
    let stands_for = object.replaces.as_deref().unwrap_or(path);
    let place = config.base().join(stands_for);
    // A configuration beside the shell has no folder, `.` by its own word.
    let plain = |path: &'_ Path| path.strip_prefix(".").unwrap_or(path).to_path_buf();
    let beneath = |input: &Path| plain(&place).starts_with(plain(input));
    let Some((key, _)) = config.inputs.list().into_iter().find(|(_, input)| beneath(input)) else {
        bail!("feed `{path}` lies under none of the paths of [inputs]; `\"as\"` says what it replaces");
    };
    let mut feeds = config.feed(key, &file).with_context(|| file.display().to_string())?;
    let (path, place) = (config.feed_path(&file), config.feed_path(&place));
    for feed in &mut feeds {
        feed.path = format!("{place}{}", feed.path.strip_prefix(&path).unwrap_or_default());
    }
    let records = feeds.iter().map(serde_json::to_vec).collect::<Result<_, _>>()?;
    Ok((received, Kind::Feed, records))
}
