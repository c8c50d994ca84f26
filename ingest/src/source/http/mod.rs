//! HTTP: what a request's body holds, and its way into the journal. Who speaks HTTP is the binary; nothing here does.
//!
//! A body is read whole, into [`Item`]s, before anything of it is journalled: so a request is taken or refused, and its
//! sender knows which. [`lines`] reads lines, JSON and the objects of a replay, [`splunk`] events of Splunk's HTTP Event
//! Collector, [`bulk`] Elasticsearch's `_bulk`; the last answers per document, as its protocol has it. [`Receiver::pack`]
//! makes batches of the items, [`Receiver::append`] gives success once they are on disk.
//!
//! A request that is refused counts its records as rejected: those that were read before the fault and the one at fault.
//! One that is refused unread (no token, too large) counts as one.

pub mod bulk;
pub mod lines;
mod listener;
pub mod splunk;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, net::IpAddr, net::SocketAddr, sync::Arc, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{senders::Senders, syslog::DEFAULT_MAX_CONNECTIONS, tls::TlsConfig};
use crate::{
    Kind, Origin, Transport,
    journal::{Appender, Batch, NotSynced, OriginRef, Position},
    metrics::{self, Rejected},
    units::{self, Size},
};

pub use listener::{Speaker, spawn};

/// Longest record by default.
pub const DEFAULT_MAX_LINE: Size = Size(1 << 20);
/// Largest body by default, as it comes and as it unpacks.
pub const DEFAULT_MAX_BODY: Size = Size(32 << 20);
/// Largest `max_body` and `max_line` that may be set.
pub const LARGEST_MAX_BODY: Size = Size(48 << 20);
/// Most records of one request: each costs more than its bytes.
pub const MAX_RECORDS: usize = 100_000;
/// What all requests of one listener may hold together, bodies as they came and unpacked.
pub const BUDGET: Size = Size(128 << 20);
/// How long a request waits for room in the journal's queue before its sender is told to come again.
const PATIENCE: Duration = Duration::from_secs(2);

/// A listener for `/ingest`, Splunk's collector and `_bulk` alone: `[[source]]` with `type = "http"`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// Address and port.
    #[serde(deserialize_with = "units::address")]
    pub listen: SocketAddr,
    /// Largest body of a request, as it comes and as it unpacks; a larger one is answered with 413.
    #[serde(default = "default_max_body")]
    pub max_body: Size,
    /// Longest record; a longer one is cut, marked and counted.
    #[serde(default = "default_max_line")]
    pub max_line: Size,
    /// Connections at a time; more are closed at once and counted.
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
    /// Who may send, and how much.
    #[serde(default)]
    pub senders: Senders,
    /// Certificates, for HTTPS.
    #[serde(default)]
    pub tls: Option<TlsConfig>,
}

fn default_max_body() -> Size {
    DEFAULT_MAX_BODY
}

fn default_max_line() -> Size {
    DEFAULT_MAX_LINE
}

fn default_max_connections() -> usize {
    DEFAULT_MAX_CONNECTIONS
}

impl HttpConfig {
    /// The settings of a listener of which only the address is given.
    pub fn new(listen: SocketAddr) -> Self {
        HttpConfig {
            listen,
            max_body: DEFAULT_MAX_BODY,
            max_line: DEFAULT_MAX_LINE,
            max_connections: DEFAULT_MAX_CONNECTIONS,
            senders: Senders::default(),
            tls: None,
        }
    }

    /// Its name in metrics and origins, at this address.
    pub fn label(&self, address: SocketAddr) -> String {
        format!("{}://{address}", if self.tls.is_some() { "https" } else { "http" })
    }

    /// Checks what can be told before anything is bound or read.
    ///
    /// # Errors
    /// [`Error`](super::Error) says what cannot be used.
    pub fn check(&self) -> Result<(), super::Error> {
        for (setting, given) in [("max_body", self.max_body), ("max_line", self.max_line)] {
            if given > LARGEST_MAX_BODY {
                let (label, most) = (self.label(self.listen), LARGEST_MAX_BODY);
                return Err(super::Error::TooLarge { label, setting, given, most });
            }
        }
        Ok(())
    }
}

/// One record of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'b> {
    /// Its bytes.
    pub raw: Cow<'b, [u8]>,
    /// The host that the sender says it is of, where it says so outside of the record.
    pub host: Option<Cow<'b, str>>,
    /// The file or program that it was read from, likewise.
    pub path: Option<Cow<'b, str>>,
}

impl<'b> Item<'b> {
    /// A record about which the sender says nothing more.
    pub fn plain(raw: &'b [u8]) -> Self {
        Item { raw: Cow::Borrowed(raw), host: None, path: None }
    }
}

/// What a request's query says of all its records that say nothing themselves.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Outside {
    /// The host that they are of.
    pub host: Option<String>,
    /// The file or program that they were read from.
    pub source: Option<String>,
}

impl Outside {
    /// Says it of these items.
    pub fn apply<'b>(&'b self, items: &mut [Item<'b>]) {
        for item in items {
            item.host = item.host.take().or(self.host.as_deref().map(Cow::Borrowed));
            item.path = item.path.take().or(self.source.as_deref().map(Cow::Borrowed));
        }
    }
}

/// Why a body cannot be used. Nothing of it is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBody {
    /// A line of it is wrong.
    #[error("line {line}: {what}; nothing of this request was taken: correct the line and send all again")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
        /// Records that were read before it.
        before: usize,
    },
    /// It holds more than [`MAX_RECORDS`].
    #[error("more than {MAX_RECORDS} records in one request; send them in several")]
    TooMany,
}

impl BadBody {
    /// How many records count as rejected.
    pub fn records(&self) -> u64 {
        match self {
            BadBody::Line { before, .. } => *before as u64 + 1,
            BadBody::TooMany => MAX_RECORDS as u64 + 1,
        }
    }
}

/// The line, counted from 1, in which this byte stands.
fn line_of(body: &[u8], at: usize) -> usize {
    memchr::memchr_iter(b'\n', &body[..at.min(body.len())]).count() + 1
}

/// What a request's records have become: batches that wait for the journal.
pub struct Packed {
    batches: Vec<Batch>,
    /// Records in them.
    pub records: u64,
    /// Records that were cut.
    pub truncated: u64,
}

/// The way of one listener's requests into the journal.
#[derive(Clone)]
pub struct Receiver {
    label: Arc<str>,
    appender: Appender,
    counters: Arc<metrics::Source>,
    max_line: usize,
    max_body: usize,
    budget: Arc<Semaphore>,
}

impl Receiver {
    /// A receiver whose records come under the label `http://ADDRESS`.
    ///
    /// # Errors
    /// [`super::Error::TooLarge`]
    pub fn new(config: &HttpConfig, address: SocketAddr, appender: Appender) -> Result<Receiver, super::Error> {
        config.check()?;
        let label: Arc<str> = config.label(address).into();
        let counters = appender.metrics().source(&label);
        Ok(Receiver {
            label,
            appender,
            counters,
            max_line: config.max_line.0 as usize,
            max_body: config.max_body.0 as usize,
            budget: Arc::new(Semaphore::new(BUDGET.0 as usize)),
        })
    }

    /// Its name in metrics and origins.
    pub fn label(&self) -> &Arc<str> {
        &self.label
    }

    /// Largest body, in bytes.
    pub fn max_body(&self) -> usize {
        self.max_body
    }

    /// Whether records can be written.
    pub fn is_healthy(&self) -> bool {
        self.appender.failure().is_none()
    }

    /// Nothing held yet.
    pub fn hold(&self) -> Held {
        Held { budget: Arc::clone(&self.budget), permit: None }
    }

    /// Counts records that were refused before they became a batch.
    pub fn rejected(&self, why: Rejected, records: u64) {
        self.counters.rejected(why, records);
    }

    /// Makes batches of a request's records.
    pub fn pack(&self, peer: IpAddr, items: &[Item<'_>]) -> Packed {
        let received = self.appender.now();
        let peer: Arc<str> = peer.to_canonical().to_string().into();
        let mut packed = Packed { batches: Vec::new(), records: items.len() as u64, truncated: 0 };
        let mut batch = self.appender.batch();
        let mut last: Option<(&Item<'_>, OriginRef)> = None;
        for item in items {
            let origin = match &last {
                Some((same, origin)) if same.host == item.host && same.path == item.path => OriginRef::clone(origin),
                _ => self.origin(&peer, item),
            };
            let raw = item.raw.get(..self.max_line).unwrap_or(&item.raw);
            let truncated = raw.len() < item.raw.len();
            packed.truncated += u64::from(truncated);
            if let Err(error) = batch.push(&origin, received, Kind::Line, truncated, raw) {
                // `max_body` lies below what a record may hold
                tracing::error!(%error, "a record was refused");
                self.rejected(Rejected::TooLarge, 1);
            }
            if batch.is_full() {
                packed.batches.push(std::mem::replace(&mut batch, self.appender.batch()));
            }
            last = Some((item, origin));
        }
        if !batch.is_empty() {
            packed.batches.push(batch);
        }
        packed
    }

    fn origin(&self, peer: &Arc<str>, item: &Item<'_>) -> OriginRef {
        let text = |text: &Option<Cow<'_, str>>| text.as_deref().filter(|text| !text.is_empty()).map(Arc::from);
        self.appender.origin(&Origin {
            transport: Transport::Http,
            source: Arc::clone(&self.label),
            peer: Some(Arc::clone(peer)),
            path: text(&item.path),
            host: text(&item.host),
        })
    }

    /// Journals a request's records; gives the position after them once they are on disk.
    ///
    /// # Errors
    /// Nothing was taken, because the journal is busy or has stopped; the records are counted as rejected.
    pub async fn append(&self, packed: Packed) -> Result<Position, NotSynced> {
        if packed.batches.is_empty() {
            return match self.appender.failure() {
                Some(error) => Err(NotSynced::Stopped(error)),
                None => Ok(0),
            };
        }
        self.appender.append_all_synced(packed.batches, PATIENCE).await
    }
}

/// A request's part of the budget; given back when it is dropped.
pub struct Held {
    budget: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Held {
    /// Takes so many bytes more; false where all requests together hold as much as they may.
    pub fn more(&mut self, bytes: usize) -> bool {
        let Ok(count) = u32::try_from(bytes) else { return false };
        let Ok(more) = Arc::clone(&self.budget).try_acquire_many_owned(count) else { return false };
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        true
    }
}
