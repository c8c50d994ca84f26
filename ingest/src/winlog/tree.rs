//! An event's own tree of elements, as XML or as JSON made from it: `System`, `EventData`, `UserData`, `RenderingInfo`.

use crate::{
    Event, Field, Value,
    event::MAX_FIELDS_PER_EVENT,
    field::*,
    formats::Reject,
    json::{Sink, read_into},
    winlog::{EVENT_DATA, USER_DATA, below, event_data},
};

/// Sets the field of one value. The path is that of the elements without `Event`, attributes like elements:
/// `System.Provider.Name`, `EventData.TargetUserName`.
pub fn put(event: &mut Event<'_>, path: &str, value: Value) {
    if event.value_bytes(value).is_none_or(|text| text.is_empty()) {
        return;
    }
    if let Some(field) = field_of(path) {
        event.push(field, value);
    }
}

fn field_of(path: &str) -> Option<Field> {
    if let Some(name) = path.strip_prefix("EventData.") {
        return event_data(name);
    }
    if let Some(rest) = path.strip_prefix("UserData.") {
        let name = rest.split_once('.').map_or(rest, |(_, name)| name);
        return if name == "xmlns" { None } else { below(USER_DATA, name) };
    }
    Some(match path {
        "System.Provider.Name" => WINLOG_PROVIDER_NAME,
        "System.Provider.Guid" => WINLOG_PROVIDER_GUID,
        "System.EventID" => WINLOG_EVENT_ID,
        "System.Version" => WINLOG_VERSION,
        "System.Level" => WINLOG_LEVEL,
        "System.Task" => WINLOG_TASK,
        "System.Opcode" => WINLOG_OPCODE,
        "System.Keywords" => WINLOG_KEYWORDS,
        "System.TimeCreated.SystemTime" => WINLOG_TIME_CREATED,
        "System.EventRecordID" => WINLOG_RECORD_ID,
        "System.Correlation.ActivityID" => WINLOG_ACTIVITY_ID,
        "System.Execution.ProcessID" => WINLOG_PROCESS_PID,
        "System.Execution.ThreadID" => WINLOG_THREAD_ID,
        "System.Channel" => WINLOG_CHANNEL,
        "System.Computer" => WINLOG_COMPUTER_NAME,
        "System.Security.UserID" => WINLOG_USER_ID,
        "RenderingInfo.Message" => MESSAGE,
        "xmlns" => return None,
        _ => return below("winlog.", path),
    })
}

/// Reads a JSON object that was made from an event's XML: attributes under `#attributes`, or marked `@` or `-`, text
/// under `#text`; with the outer `Event` or without.
pub fn read_json(raw: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    read_into(raw, "", event, &mut Tree::default())
}

/// How converters mark what was an attribute or text.
const MARKS: &[&str] = &["#attributes", "#text", "$", "_"];

#[derive(Default)]
struct Tree {
    path: String,
    data: Option<Data>,
}

/// One `Data` element: its name, and its text as it stands.
#[derive(Default)]
struct Data {
    name: Option<String>,
    values: Vec<Value>,
}

impl Tree {
    /// The path of a JSON name without marks and without `Event`.
    fn canonical(&mut self, name: &str) {
        self.path.clear();
        for part in name.split('.').filter(|part| !MARKS.contains(part)) {
            let part = part.trim_start_matches(['@', '-']);
            if self.path.is_empty() && part == "Event" {
                continue;
            }
            if !self.path.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(part);
        }
    }
}

const DATA: &str = "EventData.Data";

impl Sink for Tree {
    fn value(&mut self, event: &mut Event<'_>, name: &str, value: Value) {
        self.canonical(name);
        match &mut self.data {
            Some(data) if self.path == "EventData.Data.Name" => {
                data.name = event.value_text(value).map(|name| name.into_owned());
            }
            Some(data) if self.path == DATA && data.values.len() < MAX_FIELDS_PER_EVENT => data.values.push(value),
            _ => put(event, &self.path, value),
        }
    }

    fn object(&mut self, event: &mut Event<'_>, name: &str, begins: bool) {
        self.canonical(name);
        if self.path != DATA || name.ends_with("#attributes") || name.ends_with('$') {
            return;
        }
        if begins {
            self.data = Some(Data::default());
        } else if let Some(data) = self.data.take() {
            let field = data.name.map_or_else(|| Field::intern(&format!("{EVENT_DATA}Data")), |name| event_data(&name));
            for value in data.values.into_iter().filter(|value| *value != Value::Null) {
                field.into_iter().for_each(|field| event.push(field, value));
            }
        }
    }
}
