//! What can go wrong with a journal: where, what, what to do.

use std::{io, path::PathBuf, sync::Arc};

/// Why a journal cannot be opened, written or read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Another process holds the folder's lock.
    #[error("{dir}: in use by another roundsman{}; stop it first, or give this one a data folder of its own",
        pid.map_or(String::new(), |pid| format!(" (process {pid})")))]
    Locked {
        /// The data folder.
        dir: String,
        /// The process that holds it, as it wrote into the lock file.
        pid: Option<u32>,
    },
    /// The operating system refused something.
    #[error("{path}: cannot {doing}: {source}{}", advice(source))]
    Io {
        /// The file or folder.
        path: String,
        /// What was tried: `open the segment`, `sync`.
        doing: &'static str,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// A segment was written by a later version.
    #[error("{path}: written in format version {version} by a later roundsman; use that one to read it")]
    Version {
        /// The segment.
        path: String,
        /// Its version.
        version: u8,
    },
    /// No segment's header can be read, so nothing tells records from noise.
    #[error("{path}: no segment has a sound header; this is no journal, or all of it is damaged")]
    NoHeader {
        /// The folder.
        path: String,
    },
    /// There is no journal here.
    #[error("{path}: no journal here; give the data folder of `roundsman run`, or the `journal` folder in it")]
    NotFound {
        /// The folder.
        path: String,
    },
    /// The stored position is behind the end of the journal.
    #[error(
        "{path}: the journal ends at position {end}, but {position} was read already: it was replaced or emptied; \
         put it back, or move the store away as well"
    )]
    Ahead {
        /// The folder.
        path: String,
        /// The position asked for.
        position: u64,
        /// Where the journal ends.
        end: u64,
    },
    /// A record is longer than a record may be.
    #[error("a record of {bytes} bytes is longer than the {} that the journal takes", super::MAX_PAYLOAD_BYTES)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A write or sync has failed before; nothing is tried again, because the kernel may have dropped what it could
    /// not write.
    #[error("the journal has stopped: {0}")]
    Failed(Box<Error>),
    /// [`Journal::stop`](super::Journal::stop) was called.
    #[error("the journal is closed")]
    Closed,
}

impl Error {
    /// The file is not there any more.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Turns what the system said into an error about this path.
    pub(super) fn io(path: impl Into<PathBuf>, doing: &'static str) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path: path.display().to_string(), doing, source: Arc::new(source) }
    }
}

/// What to do about an error of the operating system.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; free space there, or lower `data.retain` and `data.max_size`, then start again"
        }
        io::ErrorKind::ReadOnlyFilesystem => "; mount it writable, or set `data.dir` to another folder",
        io::ErrorKind::PermissionDenied => "; give this user the right to write there, or set `data.dir`",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "; set `data.dir` to a folder",
        _ => "",
    }
}
