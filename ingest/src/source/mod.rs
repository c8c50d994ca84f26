//! Sources: what listens or reads, and hands records to the journal.
//!
//! A source is a folder here with its settings beside it and one `spawn(&Settings, Appender) -> Result<Handle, Error>`,
//! which binds or opens before it returns: whoever holds the [`Handle`] knows that the source is ready. It then
//! * names each sender once: [`Appender::origin`];
//! * encodes records straight into a [`Batch`](crate::journal::Batch) and appends it when it is full or the sender
//!   pauses: within milliseconds of a single line, in half-megabyte strides under load;
//! * waits in `append` while the journal's queue is full, which pushes back on the sender, where it can be pushed back;
//! * acknowledges, where its protocol has acknowledgements, only after `append_synced`.
//!
//! Nothing is counted here but what never becomes a batch: the fate of a batch counts its records.

pub mod file;
pub mod gelf;
pub mod http;
pub mod journald;
pub mod relp;
pub mod senders;
mod stream;
pub mod syslog;
#[cfg(test)]
mod testing;
pub mod tls;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle, time::timeout};

pub use self::stream::Carrier;
use self::{senders::Senders, stream::Door, tls::TlsConfig};
use crate::{journal::Appender, units::Size};

/// How long a source that was told to stop at once may take before it is cut off.
const LAST_GRACE: Duration = Duration::from_secs(1);

/// Silence after which a source that was told to stop takes its senders to have nothing in flight.
const QUIET: Duration = Duration::from_millis(50);

/// Why a source cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {label}: {source}; {}", advice(source))]
    Bind {
        /// The source: `tcp://0.0.0.0:514`.
        label: String,
        /// What the system said.
        source: io::Error,
    },
    /// The program that it reads from cannot be run.
    #[error("{label}: journalctl cannot be run: {source}; it comes with systemd: install it, or take this source out")]
    Command {
        /// The source.
        label: String,
        /// What the system said.
        source: io::Error,
    },
    /// Its certificates or its key cannot be used.
    #[error("{label}: {source}")]
    Tls {
        /// The source.
        label: String,
        /// What is wrong with which setting.
        source: tls::Error,
    },
    /// Address and certificates contradict each other.
    #[error("{label}: {what}")]
    Scheme {
        /// The source.
        label: String,
        /// What is wrong, and what to do.
        what: &'static str,
    },
    /// A size in its settings is beyond what one sender may make this process hold.
    #[error("{label}: `{setting}` is {given}, but {most} is the most; write a smaller size")]
    TooLarge {
        /// The source.
        label: String,
        /// The setting.
        setting: &'static str,
        /// Its value.
        given: Size,
        /// The largest.
        most: Size,
    },
}

/// What to do about an address that cannot be listened on.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program has this port (`ss -lnptu` shows which; `[::]` takes IPv4 too): stop it, or choose another \
             `listen`"
        }
        io::ErrorKind::ResourceBusy => {
            "another program has this socket (`ss -lxp` shows which): stop it, or choose another path in `listen`"
        }
        io::ErrorKind::AlreadyExists => "only a socket is replaced: remove what stands there, or choose another path",
        io::ErrorKind::NotFound => "make its folder first (systemd: RuntimeDirectory=roundsman)",
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 need the capability CAP_NET_BIND_SERVICE: grant it, or choose a higher port in `listen`"
        }
        io::ErrorKind::AddrNotAvailable => "this machine has no such address: choose one that `ip address` shows",
        _ => "choose another `listen`",
    }
}

/// The name of this machine: the sender of what no other machine sent.
pub(crate) fn this_host() -> Arc<str> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "localhost".into(),
        name => name.into(),
    }
}

/// How far a source has been stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Running,
    /// Accept nothing new; read what has arrived, until there is nothing.
    Draining,
    /// Hand over what is read and end.
    Ending,
}

/// Resolves when the source is to accept nothing new.
pub(crate) async fn told_to_stop(phase: &mut watch::Receiver<Phase>) {
    // A handle that was dropped can tell nothing any more: then it is the same.
    let _ = phase.wait_for(|phase| *phase > Phase::Running).await;
}

/// Resolves when the source is to accept nothing new and, while this waited, nothing has arrived any more.
pub(crate) async fn drained(phase: &mut watch::Receiver<Phase>) {
    told_to_stop(phase).await;
    tokio::time::sleep(QUIET).await;
}

/// A running source.
pub struct Handle {
    label: Arc<str>,
    configured: String,
    address: Option<SocketAddr>,
    door: Option<Arc<Door>>,
    phase: watch::Sender<Phase>,
    task: JoinHandle<()>,
}

impl Handle {
    /// Its name in metrics and origins: `tcp://127.0.0.1:5514`.
    pub fn label(&self) -> &Arc<str> {
        &self.label
    }

    /// Its name as the settings give it: they may leave the port to the system.
    pub fn configured(&self) -> &str {
        &self.configured
    }

    /// Where it listens; with the real port, where the configured one is 0.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Other senders and certificates from the next connection on; those that are open stay as they are.
    ///
    /// # Errors
    /// The certificates cannot be used; then nothing has changed.
    pub fn change(&self, senders: &Senders, tls: Option<&TlsConfig>) -> Result<(), tls::Error> {
        self.door.as_ref().map_or(Ok(()), |door| door.change(senders, tls))
    }

    /// Takes nothing new, reads what has arrived for at most `drain`, hands it over, ends.
    pub async fn stop(mut self, drain: Duration) {
        for (phase, patience) in [(Phase::Draining, drain), (Phase::Ending, LAST_GRACE)] {
            self.phase.send_replace(phase);
            if timeout(patience, &mut self.task).await.is_ok() {
                return;
            }
        }
        // It waits for a journal that takes nothing; its batch is counted as dropped.
        self.task.abort();
    }
}

/// What the tasks of one source share.
#[derive(Clone)]
pub(crate) struct Intake {
    pub label: Arc<str>,
    pub appender: Appender,
    pub phase: watch::Receiver<Phase>,
}

impl Intake {
    /// Counts under this source what never became a batch.
    pub fn counters(&self) -> Arc<crate::metrics::Source> {
        self.appender.metrics().source(&self.label)
    }
}
