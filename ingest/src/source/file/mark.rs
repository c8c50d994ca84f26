//! How far a file has been read, and how to know it again whatever rotation did to it.

use std::{fs::Metadata, io, os::unix::fs::MetadataExt};

use serde::{Deserialize, Serialize};

use super::content::{Codec, Content};

/// Bytes before the offset that are compared before anything behind it is read.
pub(super) const TAIL_BYTES: usize = 1 << 10;
/// Length of the shortest prefix whose checksum is kept; each further one is twice as long…
const FIRST_PREFIX: usize = 64;
/// …up to this one.
pub(super) const MAX_PREFIX: usize = 1 << 20;

/// What the system says of a file. As long as it is the same, nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub dev: u64,
    pub ino: u64,
    pub size: u64,
    pub modified: (i64, i64),
    changed: (i64, i64),
}

impl Stat {
    pub fn of(meta: &Metadata) -> Stat {
        Stat {
            dev: meta.dev(),
            ino: meta.ino(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }

    pub fn id(&self) -> (u64, u64) {
        (self.dev, self.ino)
    }
}

/// How far a file has been read: what its journalled positions hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The log that it belongs to: its path while it was written to.
    pub path: String,
    /// Device and inode. They are given to other files once this one is deleted, so they prove nothing alone.
    pub dev: u64,
    pub ino: u64,
    /// All before it was read; of a compressed file, in what it holds. [`Mark::WHOLE`]: nothing of it is wanted.
    pub offset: u64,
    /// Checksum of up to [`TAIL_BYTES`] before the offset.
    pub tail: u32,
    /// Checksums of the first 64, 128, 256… bytes, as far as they were read.
    pub prefixes: Vec<u32>,
    /// For a compressed file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
}

/// What a compressed file is known by: it does not change any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Packed {
    pub codec: Codec,
    /// Its own size.
    pub size: u64,
    /// Checksum of its own last bytes, among them those of what it holds.
    pub tail: u32,
}

/// How some content compares with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Another one.
    No,
    /// It begins as the marked one does, and ends before the mark.
    Shorter,
    /// The same up to the mark.
    Same,
}

impl Mark {
    /// The offset of a file of which nothing is wanted.
    pub const WHOLE: u64 = u64::MAX;

    pub fn new(path: &str, stat: &Stat) -> Mark {
        Mark {
            path: path.to_owned(),
            dev: stat.dev,
            ino: stat.ino,
            offset: 0,
            tail: crc32fast::hash(b""),
            prefixes: Vec::new(),
            packed: None,
        }
    }

    pub fn id(&self) -> (u64, u64) {
        (self.dev, self.ino)
    }

    /// Bytes before the offset that the tail covers.
    pub fn back(&self) -> usize {
        self.offset.min(TAIL_BYTES as u64) as usize
    }

    /// Goes to an offset; `before` ends there and holds what the tail covers, at least.
    pub fn advance(&mut self, offset: u64, before: &[u8]) {
        self.offset = offset;
        self.tail = crc32fast::hash(&before[before.len() - self.back()..]);
    }

    /// Adds the prefixes that the offset has passed.
    pub fn grow_prefixes(&mut self, content: &mut Content) -> io::Result<()> {
        let wanted = |mark: &Mark| (FIRST_PREFIX << mark.prefixes.len()) as u64;
        if wanted(self) > self.offset.min(MAX_PREFIX as u64) {
            return Ok(());
        }
        let mut start = vec![0; self.offset.min(MAX_PREFIX as u64) as usize];
        let read = content.read_at(0, &mut start)?;
        while wanted(self) <= read as u64 {
            self.prefixes.push(crc32fast::hash(&start[..wanted(self) as usize]));
        }
        Ok(())
    }

    /// Whether a file that has the marked one's inode still holds what was read of it.
    pub fn holds(&self, content: &mut Content, stat: &Stat) -> io::Result<bool> {
        if let Some(packed) = &self.packed {
            return Ok(*packed == Packed::of(content, stat, packed.codec)?);
        }
        Ok(content.codec().is_none() && stat.size >= self.offset && self.tail_fits(content)?)
    }

    fn tail_fits(&self, content: &mut Content) -> io::Result<bool> {
        let mut tail = vec![0; self.back()];
        let read = content.read_at(self.offset - tail.len() as u64, &mut tail)?;
        Ok(read == tail.len() && crc32fast::hash(&tail) == self.tail)
    }

    /// Whether the longest prefix that both have is the same; `None` where there is none.
    pub fn begins_like(&self, start: &[u8]) -> Option<bool> {
        let lengths = (0..self.prefixes.len()).map(|n| (FIRST_PREFIX << n, self.prefixes[n]));
        let (length, crc) = lengths.take_while(|(length, _)| *length <= start.len()).last()?;
        Some(crc32fast::hash(&start[..length]) == crc)
    }

    /// Whether other content, of which `start` is the beginning, is a copy of the marked one.
    pub fn fits(&self, content: &mut Content, start: &[u8]) -> io::Result<Fit> {
        if self.offset == 0 || self.offset == Self::WHOLE {
            return Ok(Fit::No);
        }
        let begins = self.begins_like(start);
        if begins == Some(false) {
            return Ok(Fit::No);
        }
        if self.tail_fits(content)? {
            return Ok(Fit::Same);
        }
        let ends_before = content.read_at(self.offset - 1, &mut [0])? == 0;
        Ok(if ends_before && begins == Some(true) { Fit::Shorter } else { Fit::No })
    }
}

impl Packed {
    /// What this file is known by; read from the compressed bytes.
    pub fn of(content: &Content, stat: &Stat, codec: Codec) -> io::Result<Packed> {
        let mut end = vec![0; stat.size.min(TAIL_BYTES as u64) as usize];
        let from = stat.size - end.len() as u64;
        std::os::unix::fs::FileExt::read_exact_at(content.file(), &mut end, from)?;
        Ok(Packed { codec, size: stat.size, tail: crc32fast::hash(&end) })
    }
}
