//! Appends to a file, in bulk past the page cache.
//!
//! An archive is written once and rarely read, so copying it into the page cache buys nothing and was a third of the
//! cost of an event. Full buffers therefore go to the disk directly (`O_DIRECT`, open(2)), in a thread of their own, so
//! that nobody waits for the disk; what fills no buffer goes through the page cache at each [`Blocks::flush`]. On a file
//! system that cannot write directly (tmpfs) all of it does.
//!
//! After an error nothing more is written: a file never has a hole.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
    sync::mpsc,
    thread,
};

/// Alignment, in memory and in the file, that every disk and file system takes for a direct write.
const BLOCK: usize = 4096;
/// Bytes that are collected before they are written directly.
const BUFFER: usize = 1 << 20;
/// Most buffers that wait for the disk; then who appends waits too.
const MAX_WAITING: usize = 8;

/// A file that grows at its end.
#[derive(Debug)]
pub struct Blocks {
    file: File,
    writer: Writer,
    buffer: Buffer,
    /// Offset in the file of the buffer's first byte; [`BLOCK`] divides it.
    base: u64,
    /// Bytes of the buffer that are in use.
    filled: usize,
    /// The first of these, which the file has already.
    written: usize,
}

impl Blocks {
    /// Goes on with a file after `length` bytes of it; what is beyond is cut off.
    ///
    /// # Errors
    /// The file cannot be cut, read or opened again.
    pub fn new(file: File, path: &Path, length: u64) -> io::Result<Blocks> {
        file.set_len(length)?;
        let filled = (length % BLOCK as u64) as usize;
        let base = length - filled as u64;
        let mut buffer = Buffer::new();
        file.read_exact_at(&mut buffer.bytes_mut()[..filled], base)?;
        let writer = Writer::start(&file, path)?;
        Ok(Blocks { file, writer, buffer, base, filled, written: filled })
    }

    /// Takes bytes.
    ///
    /// # Errors
    /// Something was not written, now or earlier: open the file anew.
    pub fn push(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BUFFER - self.filled));
            self.buffer.bytes_mut()[self.filled..self.filled + now.len()].copy_from_slice(now);
            self.filled += now.len();
            bytes = later;
            if self.filled == BUFFER {
                let next = self.writer.free()?;
                self.writer.write(std::mem::replace(&mut self.buffer, next), self.base)?;
                self.base += BUFFER as u64;
                (self.filled, self.written) = (0, 0);
            }
        }
        Ok(())
    }

    /// Hands everything to the operating system.
    ///
    /// # Errors
    /// As [`Blocks::push`].
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.wait()?;
        self.file.write_all_at(&self.buffer.bytes()[self.written..self.filled], self.base + self.written as u64)?;
        let whole = self.filled - self.filled % BLOCK;
        self.buffer.bytes_mut().copy_within(whole..self.filled, 0);
        self.base += whole as u64;
        self.filled -= whole;
        self.written = self.filled;
        Ok(())
    }

    /// As [`Blocks::flush`], and waits until the disk has it.
    ///
    /// # Errors
    /// As [`Blocks::push`].
    pub fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.sync_data()
    }
}

/// [`BUFFER`] bytes at an address that [`BLOCK`] divides.
#[derive(Debug)]
struct Buffer {
    memory: Box<[u8]>,
    start: usize,
}

impl Buffer {
    fn new() -> Buffer {
        let memory = vec![0; BUFFER + BLOCK].into_boxed_slice();
        let start = memory.as_ptr().align_offset(BLOCK);
        Buffer { memory, start }
    }

    fn bytes(&self) -> &[u8] {
        &self.memory[self.start..self.start + BUFFER]
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.memory[self.start..self.start + BUFFER]
    }
}

/// The thread that writes full buffers, in order.
#[derive(Debug)]
struct Writer {
    full: mpsc::SyncSender<(Buffer, u64)>,
    done: mpsc::Receiver<io::Result<Buffer>>,
    /// Buffers that were written and wait for their next use.
    spare: Vec<Buffer>,
    waiting: usize,
}

impl Writer {
    fn start(file: &File, path: &Path) -> io::Result<Writer> {
        let file = file.try_clone()?;
        let mut direct = OpenOptions::new().write(true).custom_flags(libc::O_DIRECT).open(path).ok();
        let (full, work) = mpsc::sync_channel::<(Buffer, u64)>(MAX_WAITING);
        let (results, done) = mpsc::sync_channel(MAX_WAITING);
        let run = move || {
            for (buffer, at) in work {
                let written = write(&mut direct, &file, buffer.bytes(), at).map(|()| buffer);
                let failed = written.is_err();
                if results.send(written).is_err() || failed {
                    return;
                }
            }
        };
        thread::Builder::new().name("archive".into()).spawn(run)?;
        Ok(Writer { full, done, spare: Vec::new(), waiting: 0 })
    }

    /// An empty buffer, as soon as there is room for one.
    fn free(&mut self) -> io::Result<Buffer> {
        while let Ok(buffer) = self.done.try_recv() {
            self.waiting -= 1;
            self.spare.push(buffer?);
        }
        if self.waiting >= MAX_WAITING {
            self.receive()?;
        }
        Ok(self.spare.pop().unwrap_or_else(Buffer::new))
    }

    fn write(&mut self, buffer: Buffer, at: u64) -> io::Result<()> {
        self.waiting += 1;
        self.full.send((buffer, at)).map_err(|_| ended())
    }

    /// Waits until all is written.
    fn wait(&mut self) -> io::Result<()> {
        while self.waiting > 0 {
            self.receive()?;
        }
        Ok(())
    }

    fn receive(&mut self) -> io::Result<()> {
        let buffer = self.done.recv().map_err(|_| ended())??;
        self.waiting -= 1;
        self.spare.push(buffer);
        Ok(())
    }
}

fn ended() -> io::Error {
    io::Error::other("an earlier write failed")
}

/// Writes directly, or through the page cache once the file system has said that it cannot.
fn write(direct: &mut Option<File>, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    if let Some(open) = direct {
        match open.write_all_at(bytes, at) {
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => *direct = None,
            result => return result,
        }
    }
    file.write_all_at(bytes, at)
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
        /// Pieces of all sizes, flushed and opened anew between them.
        #[test]
        fn a_file_holds_what_was_pushed_in_order(
            pieces in prop::collection::vec((0usize..3 * BUFFER / 2, 0u8..4), 1..16),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("all");
            let mut blocks = open(&path);
            let mut expected = Vec::new();
            for (at, (size, then)) in pieces.into_iter().enumerate() {
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
    fn a_file_that_cannot_be_written_directly_is_written_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("all");
        let file = File::create(&path).unwrap();
        // as a file system without direct writes, this length makes the kernel say EINVAL
        let mut direct = OpenOptions::new().write(true).custom_flags(libc::O_DIRECT).open(&path).ok();
        write(&mut direct, &file, b"not a whole block\n", 0).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a whole block\n");
        assert!(direct.is_none());
    }

    #[test]
    fn a_full_disk_is_an_error_and_leaves_no_hole() {
        let full = OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
        let writer = Writer::start(&full, Path::new("/dev/full")).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut blocks = open(&dir.path().join("all"));
        blocks.writer = writer;
        let error = blocks.push(&vec![b'x'; 3 * BUFFER]).and_then(|()| blocks.flush()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        blocks.push(&vec![b'x'; 3 * BUFFER]).and_then(|()| blocks.flush()).unwrap_err();
        assert_eq!(blocks.file.metadata().unwrap().len(), 0);
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
