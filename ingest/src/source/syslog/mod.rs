//! Syslog over UDP (RFC 5426) and TCP (RFC 6587), on IPv4 and IPv6.
//!
//! Neither promises anything to its sender. On TCP a slow journal pushes back; on UDP the socket's buffer, then the
//! journal's queue fill up, and every datagram that is lost on the way is counted.

mod datagrams;
mod tcp;
#[cfg(test)]
mod tests;
mod udp;

use std::{fmt, net::SocketAddr, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::watch;

use super::{Error, Handle, Intake, Phase, drained, told_to_stop};
use crate::{journal::Appender, units::Size};

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
    /// Where to listen: `udp://0.0.0.0:514`, `tcp://[::]:514`. `[::]` takes IPv4 too.
    pub listen: Listen,
    /// Longest record; a longer one is cut, marked and counted.
    #[serde(default = "default_max_line")]
    pub max_line: Size,
    /// TCP connections at a time; more are closed at once and counted.
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
    /// What the kernel may hold for a UDP socket.
    #[serde(default = "default_receive_buffer")]
    pub receive_buffer: Size,
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
        }
    }
}

/// UDP or TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `udp://`
    Udp,
    /// `tcp://`
    Tcp,
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
    #[error("`{0}` does not begin with udp:// or tcp://; write udp://0.0.0.0:514 or tcp://[::]:514")]
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
            "type": "string", "pattern": "^(udp|tcp)://.+:[0-9]+$",
            "description": "Where to listen: udp://0.0.0.0:514, tcp://[::]:514"
        })
    }
}

/// Listens and receives until the handle is stopped. Must be called within a tokio runtime.
///
/// # Errors
/// [`Error`] says why the address cannot be listened on or a setting not be used, and what to do.
pub fn spawn(config: &SyslogConfig, appender: Appender) -> Result<Handle, Error> {
    if config.max_line > LARGEST_MAX_LINE {
        let label = config.listen.to_string();
        return Err(Error::TooLarge { label, setting: "max_line", given: config.max_line, most: LARGEST_MAX_LINE });
    }
    let bind_error = |source| Error::Bind { label: config.listen.to_string(), source };
    let socket = bind(config).map_err(bind_error)?;
    let address = socket.local_addr().map_err(bind_error)?.as_socket().unwrap_or(config.listen.address);
    let label: std::sync::Arc<str> = Listen { address, ..config.listen }.to_string().into();
    let (phase, receiver) = watch::channel(Phase::Running);
    let intake = Intake { label: std::sync::Arc::clone(&label), appender, phase: receiver };
    intake.counters();
    let task = match config.listen.scheme {
        Scheme::Tcp => {
            let listener = tokio::net::TcpListener::from_std(socket.into()).map_err(bind_error)?;
            tokio::spawn(tcp::listen(listener, config.clone(), intake))
        }
        Scheme::Udp => {
            let socket = tokio::net::UdpSocket::from_std(socket.into()).map_err(bind_error)?;
            tokio::spawn(udp::receive(socket, config.max_line.0 as usize, intake))
        }
    };
    tracing::info!(source = %label, "listening");
    Ok(Handle { label, address: Some(address), phase, task })
}

fn bind(config: &SyslogConfig) -> std::io::Result<Socket> {
    let address = config.listen.address;
    let (kind, protocol) = match config.listen.scheme {
        Scheme::Udp => (Type::DGRAM, Protocol::UDP),
        Scheme::Tcp => (Type::STREAM, Protocol::TCP),
    };
    let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    match config.listen.scheme {
        Scheme::Tcp => {
            // A restart must not wait for the connections of the process before.
            socket.set_reuse_address(true)?;
            socket.bind(&address.into())?;
            socket.listen(tcp::BACKLOG)?;
        }
        Scheme::Udp => {
            udp::prepare(&socket, config.receive_buffer.0)?;
            socket.bind(&address.into())?;
        }
    }
    Ok(socket)
}
