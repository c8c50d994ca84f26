//! Events that something else parsed: `replay --input events`. One JSON object a record, ECS, Sigma or Winlogbeat names,
//! nested or dotted; its log source as given on the command line, else by its shape.

use std::cell::Cell;

use jiff::Timestamp;
use roundsman_ingest::{Event, Field, Record, field, formats::LogSource, json::read_object, winlog::source};

/// Winlogbeat keeps the event's own data below this name; Sigma's names stand there without it.
const EVENT_DATA: &str = "winlog.event_data.";
/// The same in JSON converted from evtx files.
const EVTX_DATA: &str = "Event.EventData.";

fn name(dotted: &str) -> Option<Field> {
    let own = dotted.strip_prefix(EVENT_DATA).or_else(|| dotted.strip_prefix(EVTX_DATA))?;
    Field::intern(own)
}

/// Reads one event. What is no JSON object is an event of unknown format.
pub fn read<'r>(record: &Record<'r>, logsource: Option<LogSource>, buffers: Event<'_>) -> Event<'r> {
    let mut event = buffers.recycle(record);
    match read_object(record.raw, "", &mut event, name) {
        Ok(()) => {
            event.time = stamp(&event);
            event.logsource = logsource.unwrap_or_else(|| by_shape(&event));
        }
        Err(reject) => event.reason = Some(reject.reason),
    }
    event
}

/// The event's own time.
pub fn time(record: &Record<'_>) -> Option<Timestamp> {
    thread_local! {
        static BUFFERS: Cell<Option<Event<'static>>> = const { Cell::new(None) };
    }
    let nothing = crate::pipeline::nothing();
    let event = read(record, Some(LogSource::NONE), BUFFERS.take().unwrap_or_else(|| Event::new(&nothing)));
    let time = event.time;
    BUFFERS.set(Some(event.recycle(&nothing)));
    time
}

fn stamp(event: &Event<'_>) -> Option<Timestamp> {
    let names = ["@timestamp", "UtcTime", "EventTime", "timestamp", "Event.System.TimeCreated.#attributes.SystemTime"];
    let text = names.iter().find_map(|name| event.text(Field::intern(name)?))?;
    let civil = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    text.parse().ok().or_else(|| civil().map(|zoned| zoned.timestamp()))
}

fn by_shape(event: &Event<'_>) -> LogSource {
    let text = |name: &str| event.text(Field::intern(name)?);
    let number = |name: &str| event.int(Field::intern(name)?);
    let id = ["winlog.event_id", "EventID", "event_id", "Event.System.EventID"].iter().find_map(|name| number(name));
    let channel = ["winlog.channel", "Channel", "Event.System.Channel"].iter().find_map(|name| text(name));
    match id {
        Some(id) => source::of(channel.as_deref(), id),
        None if event.get(field::HTTP_STATUS).is_some() => {
            LogSource { category: "webserver", product: "", services: &[] }
        }
        None => LogSource::NONE,
    }
}

/// A log source from the command line: `product=windows,category=process_creation,service=…`.
///
/// # Errors
/// A key is none of the three.
pub fn logsource(text: &str) -> Result<LogSource, String> {
    let mut source = LogSource::NONE;
    for part in text.split(',') {
        let (key, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no `=`"))?;
        let value: &'static str = Box::leak(value.trim().to_owned().into_boxed_str());
        match key.trim() {
            "product" => source.product = value,
            "category" => source.category = value,
            "service" => source.services = Box::leak(Box::new([value])),
            other => return Err(format!("unknown key `{other}` (available: product, category, service)")),
        }
    }
    Ok(source)
}
