//! Appends to a file, in bulk past the page cache.
//!
//! An archive is written once and rarely read, so copying it into the page cache buys nothing and was a fifth of the
//! cost of an event. Whole blocks therefore go to the disk directly (`O_DIRECT`, open(2)) once there are many of them;
//! the block that is not full, and all of a quiet stream, go through the page cache at each [`Blocks::flush`]. A file
//! system that cannot write directly (tmpfs) gets everything through the page cache.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
};

/// Alignment, in memory and in the file, that every disk and file system takes for a direct write.
const BLOCK: usize = 4096;
/// Bytes that are collected before they are written directly.
const BUFFER: usize = 1 << 20;

/// A file that grows at its end.
#[derive(Debug)]
pub struct Blocks {
    file: File,
    /// The same file, opened for direct writes, until one fails for what it is.
    direct: Option<File>,
    /// Holds [`BUFFER`] bytes that begin at an address that [`BLOCK`] divides.
    memory: Box<[u8]>,
    /// Where in `memory` they begin.
    start: usize,
    /// Offset in the file of the first byte of the buffer; [`BLOCK`] divides it.
    base: u64,
    /// Bytes of the buffer that are in use, and of these the ones that the file has already.
    filled: usize,
    written: usize,
}

impl Blocks {
    /// Goes on with a file after `length` bytes of it; what is beyond is cut off.
    ///
    /// # Errors
    /// The file cannot be cut, read or opened again.
    pub fn new(file: File, path: &Path, length: u64) -> io::Result<Blocks> {
        file.set_len(length)?;
        let memory = vec![0; BUFFER + BLOCK].into_boxed_slice();
        let start = memory.as_ptr().align_offset(BLOCK);
        let partial = (length % BLOCK as u64) as usize;
        let base = length - partial as u64;
        let direct = OpenOptions::new().write(true).custom_flags(libc::O_DIRECT).open(path).ok();
        let mut blocks = Blocks { file, direct, memory, start, base, filled: partial, written: partial };
        blocks.file.read_exact_at(&mut blocks.memory[start..start + partial], base)?;
        Ok(blocks)
    }

    /// Takes bytes; writes whenever the buffer is full.
    ///
    /// # Errors
    /// Any of the bytes may be in the file or not: open it anew.
    pub fn push(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BUFFER - self.filled));
            let end = self.start + self.filled;
            self.memory[end..end + now.len()].copy_from_slice(now);
            self.filled += now.len();
            bytes = later;
            if self.filled == BUFFER {
                self.write_directly()?;
            }
        }
        Ok(())
    }

    /// Hands everything to the operating system.
    ///
    /// # Errors
    /// What was not written is written by the next call.
    pub fn flush(&mut self) -> io::Result<()> {
        let rest = self.start + self.written..self.start + self.filled;
        self.file.write_all_at(&self.memory[rest], self.base + self.written as u64)?;
        let whole = self.filled - self.filled % BLOCK;
        self.memory.copy_within(self.start + whole..self.start + self.filled, self.start);
        self.base += whole as u64;
        self.filled -= whole;
        self.written = self.filled;
        Ok(())
    }

    /// As [`Blocks::flush`], and waits until the disk has it.
    ///
    /// # Errors
    /// As [`Blocks::flush`].
    pub fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.sync_data()
    }

    /// Writes the full buffer.
    fn write_directly(&mut self) -> io::Result<()> {
        let Some(direct) = &self.direct else { return self.flush() };
        match direct.write_all_at(&self.memory[self.start..self.start + BUFFER], self.base) {
            Ok(()) => {
                self.base += BUFFER as u64;
                (self.filled, self.written) = (0, 0);
                Ok(())
            }
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
                self.direct = None;
                self.flush()
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open(path: &Path) -> Blocks {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).unwrap();
        let length = file.metadata().unwrap().len();
        Blocks::new(file, path, length).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// Pieces of all sizes, flushed and opened anew between them, with direct writes and without.
        #[test]
        fn a_file_holds_what_was_pushed_in_order(
            pieces in prop::collection::vec((0usize..3 * BUFFER / 2, 0u8..4), 1..8),
            directly: bool,
        ) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("all");
            let mut blocks = open(&path);
            let mut expected = Vec::new();
            for (at, (size, then)) in pieces.into_iter().enumerate() {
                if !directly {
                    blocks.direct = None;
                }
                let piece: Vec<u8> = (0..size).map(|n| (n * 31 + at * 7) as u8).collect();
                blocks.push(&piece).unwrap();
                expected.extend(piece);
                match then {
                    0 => blocks.flush().unwrap(),
                    1 => {
                        blocks.sync().unwrap();
                        blocks = open(&path);
                    }
                    _ => {}
                }
            }
            blocks.flush().unwrap();
            prop_assert!(std::fs::read(&path).unwrap() == expected);
        }
    }

    #[test]
    fn a_quiet_stream_is_in_the_file_after_each_flush() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("all");
        let mut blocks = open(&path);
        for n in 1..=2000 {
            blocks.push(b"one line\n").unwrap();
            blocks.flush().unwrap();
            assert_eq!(std::fs::metadata(&path).unwrap().len(), n * 9);
        }
    }

    #[test]
    fn what_lies_beyond_the_length_is_cut() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("all");
        std::fs::write(&path, "whole\ntorn").unwrap();
        let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        let mut blocks = Blocks::new(file, &path, 6).unwrap();
        blocks.push(b"next\n").unwrap();
        blocks.flush().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole\nnext\n");
    }
}
