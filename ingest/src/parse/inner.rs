//! Lines inside an envelope that is a document: entries of the systemd journal, forwarders' documents.
//!
//! Their text is decoded, so it is read as a record of its own, and what was understood is copied over.

use std::borrow::Cow;

use super::{Parser, describe, understand};
use crate::{Event, Origin, Record, Value, envelope::Line, field, journald::Entry, wrapped::Wrapped};

/// Reads an entry of the systemd journal.
pub(super) fn read_entry(entry: &Entry, record: &Record<'_>, event: &mut Event<'_>) {
    let line = Line {
        priority: entry.priority(),
        program: entry.program.as_deref().map(str::as_bytes),
        pid: entry.pid.as_deref().map(str::as_bytes),
        message: &entry.message,
        ..Line::default()
    };
    let inner = Record { raw: &entry.message, ..*record };
    let mut read = Event::new(&inner);
    describe(&line, &mut read);
    understand(&line, &mut read);
    copy(&read, event);
    event.time = entry.time();
    entry.describe(event);
}

impl Parser {
    /// Reads the line in a forwarder's document, as if it had come by itself. False where no format understands it and
    /// the document has more to say; the event is untouched then.
    pub(super) fn read_wrapped(
        &self,
        depth: usize,
        document: &Wrapped,
        record: &Record<'_>,
        event: &mut Event<'_>,
    ) -> bool {
        let origin = origin(document, record.origin);
        let inner = Record { raw: &document.message, origin: &origin, ..*record };
        let mut read = Event::new(&inner);
        if let Some(program) = &document.program {
            let line = Line {
                program: Some(program.as_bytes()),
                pid: document.pid.as_deref().map(str::as_bytes),
                message: &document.message,
                ..Line::default()
            };
            describe(&line, &mut read);
            understand(&line, &mut read);
            self.settle(&mut read);
        } else {
            read = self.parse_within(depth + 1, &inner, read);
        }
        if read.format.is_none() && document.says_more {
            return false;
        }
        copy(&read, event);
        event.time = read.time.or(document.time);
        if event.get(field::HOST_NAME).is_none()
            && let Some(host) = &document.host
        {
            event.set_text(field::HOST_NAME, host);
        }
        if event.get(field::LOG_FILE_PATH).is_none()
            && let Some(path) = document.path.as_deref().filter(|path| path.starts_with('/') || path.contains(":\\"))
        {
            event.set_text(field::LOG_FILE_PATH, path);
        }
        true
    }
}

/// Where the line comes from: what the door knows counts before what the document says.
fn origin<'o>(document: &Wrapped, door: &'o Origin) -> Cow<'o, Origin> {
    let mut origin = Cow::Borrowed(door);
    if let (None, Some(path)) = (&door.path, &document.path) {
        origin.to_mut().path = Some(path.as_str().into());
    }
    if let (None, Some(host)) = (&door.host, &document.host) {
        let host = Some(host.as_str().into());
        // a forwarder's own host says where the line was read: less than the line's header, more than who sent it
        if document.vouches { origin.to_mut().host = host } else { origin.to_mut().peer = host }
    }
    origin
}

fn copy(read: &Event<'_>, event: &mut Event<'_>) {
    for (field, value) in read.fields() {
        match value {
            Value::Raw(..) | Value::Text(..) => {
                event.set(*field, &read.value_bytes(*value).unwrap_or_default());
            }
            other => event.push(*field, *other),
        }
    }
    (event.format, event.reason, event.logsource) = (read.format, read.reason, read.logsource);
}
