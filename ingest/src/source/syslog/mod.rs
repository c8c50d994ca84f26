//! Syslog over UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425), on IPv4 and IPv6.
//!
//! None promises anything to its sender. On TCP and TLS a slow journal pushes back; on UDP the socket's buffer, then the
//! journal's queue fill up, and every datagram that is lost on the way is counted.

mod datagrams;
mod tcp;
#[cfg(test)]
mod tests;
pub(super) mod udp;

use std::{fmt, net::SocketAddr, str::FromStr, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::watch;

use super::{
    Error, Handle, Intake, Phase, drained,
    gelf::Reassembly,
    senders::Senders,
    stream::{self, Door},
    tls::TlsConfig,
};
use crate::{Transport, journal::Appender, units::Size};

/// Longest line by default.
pub const DEFAULT_MAX_LINE: Size = Size(64 << 10);
/// Largest `max_line`: what a single connection may make this process hold.
pub const LARGEST_MAX_LINE: Size = Size(16 << 20);
/// Connections at a time by default.
pub const DEFAULT_MAX_CONNECTIONS: usize = 1_024;
/// What the kernel may hold for a UDP socket by default, as far as `net.core.rmem_max` allows.
pub const DEFAULT_RECEIVE_BUFFER: Size = Size(16 << 20);

/// A syslog listener: `[[source]]` with `type = "syslog"`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SyslogConfig {
    /// Where to listen: `udp://0.0.0.0:514`, `tcp://[::]:514`, `tls://[::]:6514`. `[::]` takes IPv4 too.
    pub listen: Listen,
    /// Longest record; a longer one is cut, marked and counted.
    #[serde(default = "default_max_line")]
    pub max_line: Size,
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

fn default_max_line() -> Size {
    DEFAULT_MAX_LINE
}

fn default_max_connections() -> usize {
    DEFAULT_MAX_CONNECTIONS
}

fn default_receive_buffer() -> Size {
    DEFAULT_RECEIVE_BUFFER
}

impl SyslogConfig {
    /// The settings of a listener of which only the address is given.
    pub fn new(listen: Listen) -> Self {
        SyslogConfig {
            listen,
            max_line: DEFAULT_MAX_LINE,
            max_connections: DEFAULT_MAX_CONNECTIONS,
            receive_buffer: DEFAULT_RECEIVE_BUFFER,
            senders: Senders::default(),
            tls: None,
        }
    }

    /// Checks what can be told before anything is bound or read.
    ///
    /// # Errors
    /// [`Error`] says what cannot be used.
    pub fn check(&self) -> Result<(), Error> {
        let label = self.listen.to_string();
        if self.max_line > LARGEST_MAX_LINE {
            return Err(Error::TooLarge { label, setting: "max_line", given: self.max_line, most: LARGEST_MAX_LINE });
        }
        match (self.listen.scheme, &self.tls) {
            (Scheme::Tls, None) => {
                Err(Error::Scheme { label, what: "`tls` is missing; add tls = { cert = \"…\", key = \"…\" }" })
            }
            (Scheme::Udp | Scheme::Tcp, Some(_)) => Err(Error::Scheme {
                label,
                what: "`tls` is for tls:// alone; write `listen` with tls://, or take `tls` out",
            }),
            _ => Ok(()),
        }
    }
}

/// UDP, TCP or TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `udp://`
    Udp,
    /// `tcp://`
    Tcp,
    /// `tls://`
    Tls,
}

/// An address to listen on: `udp://0.0.0.0:514`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Listen {
    /// What stands before the `://`.
    pub scheme: Scheme,
    /// Address and port; port 0 is any free one.
    pub address: SocketAddr,
}

/// Why a text is no [`Listen`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListenError {
    /// Another scheme, or none.
    #[error(
        "`{0}` does not begin with udp://, tcp:// or tls://; write udp://0.0.0.0:514, tcp://[::]:514 or tls://[::]:6514"
    )]
    Scheme(String),
    /// No address and port behind it.
    #[error("`{0}` does not end with an address and a port; write 0.0.0.0:514, [::]:514 or 127.0.0.1:5514")]
    Address(String),
}

impl FromStr for Listen {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Self, ListenError> {
        let (scheme, address) = match text.split_once("://") {
            Some(("udp", address)) => (Scheme::Udp, address),
            Some(("tcp", address)) => (Scheme::Tcp, address),
            Some(("tls", address)) => (Scheme::Tls, address),
            _ => return Err(ListenError::Scheme(text.into())),
        };
        let address = address.parse().map_err(|_| ListenError::Address(text.into()))?;
        Ok(Listen { scheme, address })
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Udp => "udp",
            Scheme::Tcp => "tcp",
            Scheme::Tls => "tls",
        };
        write!(f, "{scheme}://{}", self.address)
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Listen {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl JsonSchema for Listen {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SyslogListen".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^(udp|tcp|tls)://.+:[0-9]+$",
            "description": "Where to listen: udp://0.0.0.0:514, tcp://[::]:514, tls://[::]:6514"
        })
    }
}

/// How records stand on the wire. GELF comes by the same listeners as syslog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// A datagram each; in a stream as RFC 6587 has it.
    Syslog,
    /// Compressed and in several datagrams; in a stream with a NUL behind each.
    Gelf,
}

/// Listens and receives until the handle is stopped. Must be called within a tokio runtime.
///
/// # Errors
/// [`Error`] says why the address cannot be listened on or a setting not be used, and what to do.
pub fn spawn(config: &SyslogConfig, appender: Appender) -> Result<Handle, Error> {
    listen(config, appender, Framing::Syslog)
}

/// [`spawn`], for records that stand so on the wire.
pub(super) fn listen(config: &SyslogConfig, appender: Appender, framing: Framing) -> Result<Handle, Error> {
    config.check()?;
    let label = || config.listen.to_string();
    let bind_error = |source| Error::Bind { label: label(), source };
    let door = Door::new(&config.senders, config.tls.as_ref());
    let door = Arc::new(door.map_err(|source| Error::Tls { label: label(), source })?);
    let max_line = config.max_line.0 as usize;
    let (phase, receiver) = watch::channel(Phase::Running);
    let intake = |address| {
        let label: Arc<str> = Listen { address, ..config.listen }.to_string().into();
        Intake { label, appender, phase: receiver }
    };
    let (intake, address, task) = match config.listen.scheme {
        Scheme::Udp => {
            let socket = bind(config).map_err(bind_error)?;
            let address = socket.local_addr().map_err(bind_error)?;
            let intake = intake(address);
            let rules = door.gate.settings();
            let task = match framing {
                Framing::Syslog => tokio::spawn(udp::receive(socket, max_line, udp::Whole, rules, intake.clone())),
                Framing::Gelf => {
                    let reader = Reassembly::new(max_line);
                    tokio::spawn(udp::receive(socket, max_line, reader, rules, intake.clone()))
                }
            };
            (intake, address, task)
        }
        Scheme::Tcp | Scheme::Tls => {
            let listener = stream::bind(config.listen.address).map_err(bind_error)?;
            let address = listener.local_addr().map_err(bind_error)?;
            let intake = intake(address);
            let transport = if config.listen.scheme == Scheme::Tls { Transport::Tls } else { Transport::Tcp };
            let records = tcp::Records { transport, max_line, framing };
            let serving = stream::listen(listener, Arc::clone(&door), config.max_connections, records, intake.clone());
            (intake, address, tokio::spawn(serving))
        }
    };
    intake.counters();
    tracing::info!(source = %intake.label, "listening");
    let (label, configured) = (intake.label, label());
    Ok(Handle { label, configured, address: Some(address), door: Some(door), phase, task })
}

/// A bound UDP socket.
fn bind(config: &SyslogConfig) -> std::io::Result<tokio::net::UdpSocket> {
    let address = config.listen.address;
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    udp::prepare(&socket, config.receive_buffer.0)?;
    socket.bind(&address.into())?;
    tokio::net::UdpSocket::from_std(socket.into())
}
