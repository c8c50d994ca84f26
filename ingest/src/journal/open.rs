//! Opening a journal: the lock, and what a crash left behind.

use std::{
    fs::{self, File, OpenOptions},
    hash::{BuildHasher, RandomState},
    io::{Read, Seek, Write},
    os::unix::fs::FileExt,
    path::Path,
};

use super::{
    Damage, Error,
    layout::{self, SEGMENT_HEADER},
    reader::{self, Reader},
    retention, storage,
};

/// Folder of the segments in the data folder.
pub const JOURNAL_DIR: &str = "journal";
/// Folder of damaged bytes in the data folder.
pub const QUARANTINE_DIR: &str = "quarantine";
/// File in the data folder that the running process holds a lock on.
const LOCK_FILE: &str = "lock";
/// What is read at a time while the last segment is checked.
const CHECK_BYTES: usize = 4 << 20;

/// What opening a journal found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opened {
    /// Where the journal ended; the new segment begins here.
    pub end: u64,
    /// Position of the oldest record that is still kept, and where reading from the start begins.
    pub start: u64,
    /// Segments that were there.
    pub segments: usize,
    /// Bytes of a torn tail that were cut. The process had been killed or the machine had lost power.
    pub torn_bytes: u64,
    /// What fails its checksum in the last segment; other segments are checked as they are read.
    pub damage: Vec<Damage>,
}

/// Takes the lock of a data folder, for as long as the file is open.
pub(super) fn lock(data: &Path) -> Result<File, Error> {
    for dir in [data.to_owned(), data.join(JOURNAL_DIR)] {
        storage::create_dir(&dir).map_err(Error::io(&dir, "make the folder"))?;
    }
    let path = data.join(LOCK_FILE);
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = open.map_err(Error::io(&path, "open the lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let _ = (&file).take(16).read_to_string(&mut pid);
            return Err(Error::Locked { dir: data.display().to_string(), pid: pid.trim().parse().ok() });
        }
        Err(fs::TryLockError::Error(error)) => return Err(Error::io(&path, "lock")(error)),
    }
    let write = |file: &mut File| {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    };
    write(&mut file).map_err(Error::io(&path, "write the process id into"))?;
    Ok(file)
}

/// Checks the last segment, cuts its torn tail, and finds where to go on and with which salt.
pub(super) fn recover(data: &Path) -> Result<(Opened, u32), Error> {
    let dir = data.join(JOURNAL_DIR);
    let mut opened = Opened::default();
    let mut all = retention::list(&dir)?;
    // A crash between making a segment and syncing its header leaves a file that holds nothing.
    while let Some(last) = all.last().copied()
        && last.bytes <= SEGMENT_HEADER as u64
    {
        let path = layout::segment_path(&dir, last.base);
        fs::remove_file(&path).map_err(Error::io(&path, "delete the empty segment"))?;
        opened.end = last.base;
        all.pop();
    }
    let Some(last) = all.last() else {
        opened.start = opened.end;
        return Ok((opened, new_salt()));
    };
    (opened.segments, opened.start) = (all.len(), all[0].base);
    let salt = reader::salt_of(&dir)?;
    let mut reader = Reader::open(&dir, last.base)?;
    let mut unclosed = None;
    while let Some(chunk) = reader.next_chunk(CHECK_BYTES)? {
        opened.damage.extend_from_slice(chunk.damage());
        unclosed = chunk.unclosed(unclosed);
    }
    // Lines without the position that they lead to will be read again from where they came.
    opened.end = unclosed.unwrap_or(reader.position());
    let quarantine = data.join(QUARANTINE_DIR);
    let path = layout::segment_path(&dir, last.base);
    let file = OpenOptions::new().read(true).write(true).open(&path).map_err(Error::io(&path, "open the segment"))?;
    for damage in &opened.damage {
        keep(&quarantine, &file, last.base, damage.position, damage.bytes)?;
    }
    let tail = (last.base + last.bytes).saturating_sub(opened.end);
    if tail > 0 {
        opened.torn_bytes = keep(&quarantine, &file, last.base, opened.end, tail)?;
        let cut = file.set_len(opened.end - last.base).and_then(|()| file.sync_all());
        cut.map_err(Error::io(&path, "cut the torn tail of"))?;
    }
    Ok((opened, salt))
}

/// Copies bytes that are no record to the quarantine, once; zeros are not worth it. Gives how many there were.
pub(super) fn keep(quarantine: &Path, file: &File, base: u64, position: u64, bytes: u64) -> Result<u64, Error> {
    let path = quarantine.join(format!("{position:016x}.bad"));
    let mut buffer = vec![0; bytes as usize];
    file.read_exact_at(&mut buffer, position - base).map_err(Error::io(&path, "read the damage for"))?;
    if buffer.iter().all(|&byte| byte == 0) {
        return Ok(0);
    }
    storage::create_dir(quarantine).map_err(Error::io(quarantine, "make the folder"))?;
    match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut copy) => {
            copy.write_all(&buffer).and_then(|()| copy.sync_all()).map_err(Error::io(&path, "write the quarantine"))?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Error::io(&path, "write the quarantine")(error)),
    }
    Ok(bytes)
}

/// Random enough that a sender cannot guess it.
fn new_salt() -> u32 {
    RandomState::new().hash_one(std::process::id()) as u32
}
