//! From a [`Record`] to an [`Event`]: envelope, format, time. Stateless and shared by all workers.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::{Event, Record, formats::Format};

/// The time zones of hosts whose stamps carry none, by the name in the record's header.
pub trait Zones: Send + Sync {
    /// The zone of this host; `None` is UTC.
    fn zone(&self, host: &str) -> Option<TimeZone>;
}

/// Reads records into events.
#[derive(Clone, Default)]
pub struct Parser {
    /// Zones of hosts; absent: every stamp without a zone is UTC.
    pub zones: Option<Arc<dyn Zones>>,
    /// Year of stamps without one; absent: the latest that lies at most 24 h after the receive time.
    pub year: Option<i16>,
    /// Read every record as this format, whatever its program or structure.
    pub only: Option<&'static dyn Format>,
}

impl Parser {
    /// Reads one record. Never fails: what no format understands is an event with its raw text and a reason.
    pub fn parse<'r>(&self, record: &Record<'r>, buffers: Event<'_>) -> Event<'r> {
        buffers.recycle(record)
    }
}
