//! Syslog over UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425), on IPv4 and IPv6, and over Unix sockets.
//!
//! None promises anything to its sender. On TCP and TLS a slow journal pushes back; on UDP the socket's buffer, then the
//! journal's queue fill up, and every datagram that is lost on the way is counted.

mod datagrams;
mod tcp;
#[cfg(test)]
mod tests;
pub(super) mod udp;
mod unix;

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr, sync::Arc};

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
    /// Where to listen: `udp://0.0.0.0:514`, `tcp://[::]:514`, `tls://[::]:6514` (`[::]` takes IPv4 too); for programs
    /// of this machine `unix:///run/roundsman/log` (datagrams, as `/dev/log`) or `unix-stream:///run/roundsman/log`.
    pub listen: Place,
    /// Longest record; a longer one is cut, marked and counted.
    #[serde(default = "default_max_line")]
    pub max_line: Size,
    /// TCP or TLS connections at a time; more are closed at once and counted.
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
    /// What the kernel may hold for a UDP socket.
    #[serde(default = "default_receive_buffer")]
    pub receive_buffer: Size,
    /// Permissions of a Unix socket.
    #[serde(default)]
    pub mode: Mode,
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
    pub fn new(listen: Place) -> Self {
        SyslogConfig {
            listen,
            max_line: DEFAULT_MAX_LINE,
            max_connections: DEFAULT_MAX_CONNECTIONS,
            receive_buffer: DEFAULT_RECEIVE_BUFFER,
            mode: Mode::default(),
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
        let scheme = match &self.listen {
            Place::Net(listen) => listen.scheme,
            Place::Unix { .. } if self.tls.is_none() => return Ok(()),
            Place::Unix { .. } => Scheme::Tcp,
        };
        match (scheme, &self.tls) {
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

/// Where to listen: an address, or a Unix socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// `udp://`, `tcp://`, `tls://`
    Net(Listen),
    /// `unix://` for datagrams, `unix-stream://` for connections.
    Unix {
        /// The socket's file.
        path: PathBuf,
        /// It takes connections.
        stream: bool,
    },
}

impl From<Listen> for Place {
    fn from(listen: Listen) -> Place {
        Place::Net(listen)
    }
}

/// Permissions of a Unix socket: `0666`, `0660`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub struct Mode(pub u32);

impl Default for Mode {
    fn default() -> Mode {
        Mode(unix::DEFAULT_MODE)
    }
}

impl<'de> Deserialize<'de> for Mode {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        let mode = u32::from_str_radix(&text, 8).ok().filter(|mode| *mode <= 0o777);
        mode.map(Mode)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no mode: write \"0666\" or \"0660\"")))
    }
}

impl Serialize for Mode {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:04o}", self.0))
    }
}

/// Why a text is no [`Place`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListenError {
    /// Another scheme, or none.
    #[error(
        "`{0}` does not begin with udp://, tcp://, tls:// or unix://; write udp://0.0.0.0:514, tcp://[::]:514 or \
         tls://[::]:6514"
    )]
    Scheme(String),
    /// No address and port behind it.
    #[error("`{0}` does not end with an address and a port; write 0.0.0.0:514, [::]:514 or 127.0.0.1:5514")]
    Address(String),
    /// No absolute path behind it.
    #[error("`{0}` does not end with an absolute path; write unix:///run/roundsman/log")]
    Path(String),
}

impl FromStr for Place {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Self, ListenError> {
        let unix = |path: &str, stream| match path.starts_with('/') {
            true => Ok(Place::Unix { path: path.into(), stream }),
            false => Err(ListenError::Path(text.into())),
        };
        match text.split_once("://") {
            Some(("unix", path)) => unix(path, false),
            Some(("unix-stream", path)) => unix(path, true),
            _ => text.parse().map(Place::Net),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Net(listen) => listen.fmt(f),
            Place::Unix { path, stream: false } => write!(f, "unix://{}", path.display()),
            Place::Unix { path, stream: true } => write!(f, "unix-stream://{}", path.display()),
        }
    }
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
        "Listen".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^(udp|tcp|tls)://.+:[0-9]+$",
            "description": "Where to listen: udp://0.0.0.0:12201, tcp://[::]:12201, tls://[::]:12201"
        })
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SyslogListen".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^(udp|tcp|tls)://.+:[0-9]+$|^unix(-stream)?:///.+$",
            "description": "Where to listen: udp://0.0.0.0:514, tcp://[::]:514, tls://[::]:6514, unix:///run/roundsman/log"
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
    let listen = match &config.listen {
        Place::Net(listen) => *listen,
        Place::Unix { path, stream } => {
            let (bound, file) = unix::bind(path, *stream, config.mode.0).map_err(bind_error)?;
            let intake = Intake { label: label().into(), appender, phase: receiver };
            let handle = |label: &Arc<str>, task| {
                let (label, configured) = (Arc::clone(label), label.to_string());
                Handle { label, configured, address: None, door: None, phase, task }
            };
            intake.counters();
            tracing::info!(source = %intake.label, "listening");
            let label = Arc::clone(&intake.label);
            let task = match bound {
                unix::Bound::Datagram(socket) => tokio::spawn(unix::receive(socket, file, max_line, intake)),
                unix::Bound::Stream(listener) => {
                    tokio::spawn(unix::listen(listener, file, config.max_connections, max_line, intake))
                }
            };
            return Ok(handle(&label, task));
        }
    };
    let intake = |address| {
        let label: Arc<str> = Listen { address, ..listen }.to_string().into();
        Intake { label, appender, phase: receiver }
    };
    let (intake, address, task) = match listen.scheme {
        Scheme::Udp => {
            let socket = bind(listen.address, config).map_err(bind_error)?;
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
            let listener = stream::bind(listen.address).map_err(bind_error)?;
            let address = listener.local_addr().map_err(bind_error)?;
            let intake = intake(address);
            let transport = if listen.scheme == Scheme::Tls { Transport::Tls } else { Transport::Tcp };
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
fn bind(address: SocketAddr, config: &SyslogConfig) -> std::io::Result<tokio::net::UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    udp::prepare(&socket, config.receive_buffer.0)?;
    socket.bind(&address.into())?;
    tokio::net::UdpSocket::from_std(socket.into())
}
