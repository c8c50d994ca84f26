//! RELP, the Reliable Event Logging Protocol of rsyslog and librelp, plain or over TLS.
//!
//! A record is acknowledged after it is synced, never before. A sender that lost its connection sends again what it has
//! no answer for; what of it is journalled already is found out ([`resends`]) and not journalled twice. A sender that
//! does not read its answers is not read from.

mod frame;
mod resends;
mod session;
#[cfg(test)]
mod tests;

use std::{net::SocketAddr, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use self::resends::{Memory, RECENT_BYTES};
use super::{
    Error, Handle, Intake, Phase,
    senders::Senders,
    stream::{self, Door},
    syslog::{DEFAULT_MAX_CONNECTIONS, DEFAULT_MAX_LINE, LARGEST_MAX_LINE},
    tls::TlsConfig,
};
use crate::{
    journal::Journal,
    units::{self, Size},
};

/// A RELP listener: `[[source]]` with `type = "relp"`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelpConfig {
    /// Address and port: `0.0.0.0:2514`, `[::]:2514`.
    #[serde(deserialize_with = "units::address")]
    pub listen: SocketAddr,
    /// Longest record; a longer one is cut, marked and counted.
    #[serde(default = "default_max_line")]
    pub max_line: Size,
    /// Connections at a time; more are closed at once and counted.
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
    /// Who may send, and how much.
    #[serde(default)]
    pub senders: Senders,
    /// Certificates; with them RELP is spoken over TLS, and only so.
    #[serde(default)]
    pub tls: Option<TlsConfig>,
}

fn default_max_line() -> Size {
    DEFAULT_MAX_LINE
}

fn default_max_connections() -> usize {
    DEFAULT_MAX_CONNECTIONS
}

impl RelpConfig {
    /// The settings of a listener of which only the address is given.
    pub fn new(listen: SocketAddr) -> Self {
        RelpConfig {
            listen,
            max_line: DEFAULT_MAX_LINE,
            max_connections: DEFAULT_MAX_CONNECTIONS,
            senders: Senders::default(),
            tls: None,
        }
    }

    /// Its name in metrics and origins: `relp://0.0.0.0:2514`.
    pub fn label(&self) -> String {
        format!("relp://{}", self.listen)
    }

    /// Checks what can be told before anything is bound or read.
    ///
    /// # Errors
    /// [`Error`] says what cannot be used.
    pub fn check(&self) -> Result<(), Error> {
        if self.max_line > LARGEST_MAX_LINE {
            let (label, given) = (self.label(), self.max_line);
            return Err(Error::TooLarge { label, setting: "max_line", given, most: LARGEST_MAX_LINE });
        }
        Ok(())
    }
}

/// Listens and receives until the handle is stopped. Must be called within a tokio runtime. The journal's tail is read
/// first, for what senders may send again.
///
/// # Errors
/// [`Error`] says why the address cannot be listened on or a setting not be used, and what to do.
pub fn spawn(config: &RelpConfig, journal: &Journal) -> Result<Handle, Error> {
    config.check()?;
    let bind_error = |source| Error::Bind { label: config.label(), source };
    let door = Door::new(&config.senders, config.tls.as_ref());
    let door = Arc::new(door.map_err(|source| Error::Tls { label: config.label(), source })?);
    let listener = stream::bind(config.listen).map_err(bind_error)?;
    let address = listener.local_addr().map_err(bind_error)?;
    let label: Arc<str> = format!("relp://{address}").into();
    let (phase, receiver) = watch::channel(Phase::Running);
    let intake = Intake { label: Arc::clone(&label), appender: journal.appender(), phase: receiver };
    intake.counters();
    let recalled = journal.recent(RECENT_BYTES).and_then(|mut recent| Memory::recall(&label, &mut recent));
    let memory = Arc::new(recalled.unwrap_or_else(|error| {
        tracing::warn!(source = %label, %error, "what is sent again will not be known from before this start");
        Memory::default()
    }));
    let sessions = session::Sessions { max_line: config.max_line.0 as usize, memory };
    let task = tokio::spawn(stream::listen(listener, Arc::clone(&door), config.max_connections, sessions, intake));
    tracing::info!(source = %label, "listening");
    Ok(Handle { label, configured: config.label(), address: Some(address), door: Some(door), phase, task })
}
