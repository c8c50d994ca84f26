//! The journal's tail: what a running instance writes, read beside it.

use std::path::Path;

use roundsman_config::Data;
use roundsman_ingest::journal::{Chunk, Error, Reader, offline};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// Follows the journal in a data folder. It reads files only: no lock, no token, nothing is changed.
pub struct Tail {
    reader: Reader,
}

impl Tail {
    /// From the newest segment on: not all that the journal keeps, but the last tens of megabytes.
    ///
    /// # Errors
    /// There is no journal, or it cannot be read.
    pub fn open(data: &Data) -> Result<Tail, Error> {
        let dir = offline::journal_dir(Path::new(&data.dir))?;
        Ok(Tail { reader: Reader::open(&dir, offline::tail(&dir, 0)?)? })
    }

    /// What has been written since; `None` at the end of what can be read now.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn next(&mut self) -> Result<Option<Chunk>, Error> {
        self.reader.next_chunk(CHUNK_BYTES)
    }

    /// Passes over all that is there.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn skip(&mut self) -> Result<(), Error> {
        while self.next()?.is_some() {}
        Ok(())
    }
}
