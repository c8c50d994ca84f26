//! GELF, the Graylog Extended Log Format, over UDP and TCP (go2docs.graylog.org, "GELF via UDP" and "GELF via TCP").
//!
//! A message is a JSON object; it is the record as it is, and the format `gelf` reads it. Over TCP each ends with a NUL,
//! never compressed. Over UDP it may be compressed with gzip or zlib and come in up to 128 chunks ([`Reassembly`]). What
//! listens is what listens for syslog.

mod chunks;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use chunks::Reassembly;

use super::{
    Error, Handle,
    senders::Senders,
    syslog::{self, DEFAULT_MAX_CONNECTIONS, DEFAULT_RECEIVE_BUFFER, Framing, Listen, SyslogConfig},
    tls::TlsConfig,
};
use crate::{journal::Appender, units::Size};

/// Longest message by default, unpacked.
pub const DEFAULT_MAX_MESSAGE: Size = Size(1 << 20);

/// A GELF listener: `[[source]]` with `type = "gelf"`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GelfConfig {
    /// Where to listen: `udp://0.0.0.0:12201`, `tcp://[::]:12201`, `tls://[::]:12201`.
    pub listen: Listen,
    /// Longest message, unpacked. Over TCP a longer one is cut, marked and counted; over UDP it is rejected and counted.
    #[serde(default = "default_max_message")]
    pub max_message: Size,
    /// TCP or TLS connections at a time; more are closed at once and counted.
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
    /// What the kernel may hold for a UDP socket.
    #[serde(default = "default_receive_buffer")]
    pub receive_buffer: Size,
    /// Who may send, and how much.
    #[serde(default)]
    pub senders: Senders,
    /// Certificates of a `tls://` listener.
    #[serde(default)]
    pub tls: Option<TlsConfig>,
}

fn default_max_message() -> Size {
    DEFAULT_MAX_MESSAGE
}

fn default_max_connections() -> usize {
    DEFAULT_MAX_CONNECTIONS
}

fn default_receive_buffer() -> Size {
    DEFAULT_RECEIVE_BUFFER
}

impl GelfConfig {
    /// The listener that takes it.
    fn listener(&self) -> SyslogConfig {
        SyslogConfig {
            max_line: self.max_message,
            max_connections: self.max_connections,
            receive_buffer: self.receive_buffer,
            senders: self.senders.clone(),
            tls: self.tls.clone(),
            ..SyslogConfig::new(self.listen.into())
        }
    }

    /// Checks what can be told before anything is bound or read.
    ///
    /// # Errors
    /// [`Error`] says what cannot be used.
    pub fn check(&self) -> Result<(), Error> {
        self.listener().check()
    }
}

/// Listens and receives until the handle is stopped. Must be called within a tokio runtime.
///
/// # Errors
/// [`Error`] says why the address cannot be listened on or a setting not be used, and what to do.
pub fn spawn(config: &GelfConfig, appender: Appender) -> Result<Handle, Error> {
    syslog::listen(&config.listener(), appender, Framing::Gelf)
}
