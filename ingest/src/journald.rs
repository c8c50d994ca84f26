//! Entries of the systemd journal as `journalctl -o json` prints them (systemd.journal-fields(7)).
//!
//! An entry is an envelope: its fields say host, program and time, and `MESSAGE` is what a format reads. Values are
//! text; bytes that are no UTF-8 come as an array of numbers, a field that stands twice as an array of texts.

use jiff::Timestamp;
use memchr::memmem;
use serde_json::{Map, Value};

use crate::{Event, Field, field};

pub mod export;

/// Fields that become text of the event as they are.
const TEXTS: [(&str, Field); 5] = [
    ("_HOSTNAME", field::HOST_NAME),
    ("_EXE", field::PROCESS_EXECUTABLE),
    ("_CMDLINE", field::PROCESS_COMMAND_LINE),
    ("_UID", field::USER_ID),
    ("_SYSTEMD_UNIT", field::SYSTEMD_UNIT),
];

/// One entry of the journal.
#[derive(Debug)]
pub struct Entry {
    fields: Map<String, Value>,
    /// `MESSAGE`, decoded.
    pub message: Vec<u8>,
    /// `SYSLOG_IDENTIFIER`, else the command's name.
    pub program: Option<String>,
    /// `_PID`, which the journal vouches for, else what the sender claimed.
    pub pid: Option<String>,
}

impl Entry {
    /// Reads an entry; `None` for anything else, JSON of an application included.
    pub fn read(raw: &[u8]) -> Option<Entry> {
        if raw.first() != Some(&b'{') || memmem::find(raw, b"\"__REALTIME_TIMESTAMP\"").is_none() {
            return None;
        }
        let fields: Map<String, Value> = serde_json::from_slice(raw).ok()?;
        let message = fields.get("MESSAGE").map(bytes).unwrap_or_default();
        let claimed = text(&fields, "SYSLOG_IDENTIFIER").filter(|name| name != "kernel" || of_the_kernel(&fields));
        let program = claimed.or_else(|| text(&fields, "_COMM"));
        let pid = text(&fields, "_PID").or_else(|| text(&fields, "SYSLOG_PID"));
        Some(Entry { message, program, pid, fields })
    }

    /// When the entry was made: the source's own time, else when the journal received it.
    pub fn time(&self) -> Option<Timestamp> {
        let micros = ["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"]
            .iter()
            .find_map(|name| text(&self.fields, name)?.parse().ok())?;
        Timestamp::from_microsecond(micros).ok()
    }

    /// Facility × 8 + severity; an entry without a facility is of the user's (RFC 5424 table 1).
    pub fn priority(&self) -> Option<u8> {
        let number = |name| text(&self.fields, name)?.parse::<u8>().ok();
        let severity = number("PRIORITY").filter(|severity| *severity < 8)?;
        let facility = number("SYSLOG_FACILITY").filter(|facility| *facility < 24).unwrap_or(1);
        Some(facility * 8 + severity)
    }

    /// Sets what the entry says of host, process and unit, besides what a format made of its message.
    pub fn describe(&self, event: &mut Event<'_>) {
        for (name, field) in TEXTS {
            if event.get(field).is_none()
                && let Some(value) = text(&self.fields, name)
            {
                event.set_text(field, &value);
            }
        }
        // the manager names the unit that its message is about, even where the message only describes it
        if self.program.as_deref() == Some("systemd")
            && event.get(field::SERVICE_NAME).is_none()
            && let Some(unit) = text(&self.fields, "UNIT").or_else(|| text(&self.fields, "USER_UNIT"))
        {
            event.set_text(field::SERVICE_NAME, &unit);
        }
    }
}

/// Any process may call itself `kernel`; how the entry came to the journal cannot be claimed.
fn of_the_kernel(fields: &Map<String, Value>) -> bool {
    text(fields, "_TRANSPORT").is_none_or(|transport| transport == "kernel")
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(several) => several.first()?.as_str().map(String::from),
        _ => None,
    }
}

/// A value's bytes, as text or as an array of numbers.
fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.as_bytes().to_vec(),
        Value::Array(items) => match items.first() {
            Some(first @ (Value::String(_) | Value::Array(_))) => bytes(first),
            _ => items.iter().filter_map(|item| u8::try_from(item.as_u64()?).ok()).collect(),
        },
        _ => Vec::new(),
    }
}
