//! The few calls that the journal makes to the file system, so that tests can let them fail.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::{fd::AsRawFd, unix::fs::OpenOptionsExt},
    path::Path,
};

/// Where segments are made.
pub(super) trait Storage: Send {
    /// Makes a new segment file with room for `bytes`. Its directory entry is not yet synced.
    fn create(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn SegmentFile>>;
    /// Syncs the directory entries.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
}

/// A segment that is being written.
pub(super) trait SegmentFile: Send {
    /// Appends all of these bytes.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes all that was appended durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Gives back the room that was not used.
    fn release(&mut self) -> io::Result<()>;
}

/// The real file system.
pub(super) struct Disk;

impl Storage for Disk {
    fn create(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn SegmentFile>> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o640).open(path)?;
        preallocate(&file, bytes)?;
        Ok(Box::new(DiskFile { file, length: 0 }))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }
}

struct DiskFile {
    file: File,
    length: u64,
}

impl SegmentFile for DiskFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn release(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)
    }
}

/// Reserves blocks, so that a full disk shows when a segment is begun and its blocks lie together. The file's length
/// stays what was written: a reader never meets reserved zeros. File systems that cannot reserve do without.
fn preallocate(file: &File, bytes: u64) -> io::Result<()> {
    let length = libc::off_t::try_from(bytes).unwrap_or(libc::off_t::MAX);
    // SAFETY: the descriptor is open for the whole call; the call touches no memory of ours.
    let done = unsafe { libc::fallocate(file.as_raw_fd(), libc::FALLOC_FL_KEEP_SIZE, 0, length) };
    match io::Error::last_os_error() {
        _ if done == 0 => Ok(()),
        error if matches!(error.raw_os_error(), Some(libc::EOPNOTSUPP | libc::ENOSYS)) => Ok(()),
        error => Err(error),
    }
}

/// Makes a folder and its parents, readable by owner and group only: logs hold what not everybody should read.
pub(super) fn create_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o750).create(path)
}
