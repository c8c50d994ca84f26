//! The record: raw bytes and how they arrived.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a record travelled. It decides how far its evidence is trusted ([`Transport::trust`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Plain UDP: anybody can have sent it, any of it can be missing.
    Udp,
    /// Plain TCP.
    Tcp,
    /// Syslog over TLS (RFC 5425).
    Tls,
    /// RELP, acknowledged.
    Relp,
    /// HTTP `/ingest` with a sender's token.
    Http,
    /// A file on this machine.
    File,
    /// A Unix socket of this machine.
    Unix,
    /// The systemd journal.
    Journald,
    /// A Kafka topic.
    Kafka,
}

impl Transport {
    /// Trust of evidence that came this way: 3 authenticated, 2 local or brokered, 1 anybody's word.
    pub fn trust(self) -> u8 {
        match self {
            Transport::Tls | Transport::Relp | Transport::Http => 3,
            Transport::File | Transport::Unix | Transport::Journald | Transport::Kafka => 2,
            Transport::Udp | Transport::Tcp => 1,
        }
    }

    /// Whether what came this way was written on the machine that read it.
    pub fn is_local(self) -> bool {
        matches!(self, Transport::File | Transport::Unix | Transport::Journald)
    }
}

/// Where records come from: interned once per connection, peer or file and shared by all of its records.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// How it travelled.
    pub transport: Transport,
    /// The configured source, as it is labelled in metrics: `tcp://127.0.0.1:5514`.
    pub source: Arc<str>,
    /// The sender's address without its port, where there is one.
    pub peer: Option<Arc<str>>,
    /// File or program path that the record was read from, where known (`/var/log/dpkg.log`).
    pub path: Option<Arc<str>>,
    /// The host that a forwarder's envelope names; absent: the record's own header says.
    pub host: Option<Arc<str>>,
}

impl Origin {
    /// An origin with nothing known but how it travelled and under which source.
    pub fn new(transport: Transport, source: &str) -> Self {
        Origin { transport, source: source.into(), peer: None, path: None, host: None }
    }
}

/// What a journalled record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A log record as it arrived.
    Line = 0,
    /// Time passed; the payload is empty.
    Tick = 1,
    /// A file of the organisation became known; the payload is [`Feed`] as JSON.
    Feed = 2,
    /// A human decision; the payload is the decision's JSON object.
    Decision = 3,
    /// How far a source that can be read again has been read; the payload is a
    /// [`Step`](crate::journal::Step) as JSON. It belongs to the lines right before it.
    Position = 4,
}

/// A file about the organisation (interface section 4) that became known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// The key under `[inputs]` that it belongs to: `inventory`, `advisories`, `scans`, `policy`, …
    pub input: String,
    /// Its path relative to the configuration (`scans/web1--trivy.json`); a file with the same path replaces it.
    pub path: String,
    /// The file's text; bytes that are no UTF-8 are replaced.
    pub text: String,
}

/// One record of the journal, borrowed from the buffer that it was read into.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// When we received it. The clock of everything that follows.
    pub received: Timestamp,
    /// How it arrived.
    pub origin: &'a Origin,
    /// What it is.
    pub kind: Kind,
    /// It was longer than the line limit and has been cut.
    pub truncated: bool,
    /// The bytes as they came, without the frame.
    pub raw: &'a [u8],
}
