//! Every event, normalised, in files of NDJSON: for a lake, a search engine, or a shell.
//!
//! Promises:
//! - Bytes are given in whole lines, and whole lines are what a file holds after each flush; between flushes its end may
//!   be the beginning of a line. A torn tail, left by a crash or a full disk, is cut before anything is appended.
//! - After [`Archive::flush`] the bytes are the operating system's and outlive this process; after [`Archive::sync`] they
//!   are on the disk. A driver that flushes before it commits its journal position therefore archives every event at
//!   least once: after a crash, what came after the position is read and archived again.
//! - The path is a pattern of the receive time in UTC (`archive/%Y-%m-%d.ndjson`); the file changes when the path does.
//! - A path that ends in `.zst` is compressed. Each flush ends a zstd frame, and frames simply follow each other
//!   (RFC 8878, section 3), so the file can be read at any time.

mod blocks;

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, fmt::strtime, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zstd::zstd_safe;

use self::blocks::Blocks;

/// Bytes of lines that are collected before they become a compressed frame.
const FRAME: usize = 512 << 10;
/// Level of compression: the fastest of zstd's usual ones, a fifth to a tenth of the size on log lines.
const LEVEL: i32 = 1;
/// Bytes read at once when a file's last whole line or frame is looked for.
const LOOK: usize = 4 << 20;

/// What an `[[archive]]` is, by its `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(tag = "type")]
pub enum ArchiveKind {
    /// NDJSON in files.
    File(Config),
}

/// `type = "file"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The file, with `strftime` conversions of the receive time in UTC; compressed where it ends in `.zst`.
    pub path: PathBuf,
}

/// Why events could not be archived.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The path is no pattern.
    #[error("archive path `{}`: {why}: write strftime conversions such as %Y-%m-%d, and %% for a percent sign", path.display())]
    Pattern {
        /// The pattern.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The file cannot be used.
    #[error("archive {}: {source}: check the disk's space and that this user may write there", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// An archive, open for writing.
#[derive(Debug)]
pub struct Archive {
    pattern: PathBuf,
    /// Seconds for which a path holds, counted from 1970.
    step: i64,
    /// Receive times, in seconds, whose events belong into the open file.
    valid: Range<i64>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    blocks: Blocks,
    /// Lines that wait to become a frame, where the file is compressed.
    frame: Option<Vec<u8>>,
}

impl ArchiveKind {
    /// Sets the archive up; relative paths are relative to `base`.
    ///
    /// # Errors
    /// A path that is no pattern.
    pub fn open(&self, base: &Path) -> Result<Archive, ArchiveError> {
        let ArchiveKind::File(config) = self;
        Archive::new(base.join(&config.path))
    }
}

/// Sets all archives up.
///
/// # Errors
/// A path that is no pattern.
pub fn open_all(kinds: &[ArchiveKind], base: &Path) -> Result<Vec<Archive>, ArchiveError> {
    kinds.iter().map(|kind| kind.open(base)).collect()
}

impl Archive {
    fn new(pattern: PathBuf) -> Result<Archive, ArchiveError> {
        let step = step(&pattern.to_string_lossy());
        let archive = Archive { pattern, step, valid: 0..0, open: None };
        archive.path_at(Timestamp::UNIX_EPOCH)?;
        Ok(archive)
    }

    /// Takes whole lines of events that were received at this time.
    ///
    /// # Errors
    /// Where the file of this time cannot be opened, nothing was taken. Else the lines may be there in part: opened anew,
    /// the archive cuts a torn one, and takes them again.
    pub fn write(&mut self, received: Timestamp, lines: &[u8]) -> Result<(), ArchiveError> {
        let second = received.as_second();
        if !self.valid.contains(&second) {
            self.turn(received)?;
        }
        self.with_open(|open| open.append(lines))
    }

    /// Hands everything to the operating system. Call it before the journal position is committed, when nothing comes for
    /// a while, and at the end.
    ///
    /// # Errors
    /// Something was not written, now or earlier: open the archive anew, which cuts what is torn.
    pub fn flush(&mut self) -> Result<(), ArchiveError> {
        self.with_open(Open::flush)
    }

    /// As [`Archive::flush`], and waits until the disk has it.
    ///
    /// # Errors
    /// As [`Archive::flush`].
    pub fn sync(&mut self) -> Result<(), ArchiveError> {
        self.with_open(|open| {
            open.flush()?;
            open.blocks.sync()
        })
    }

    fn with_open(&mut self, act: impl FnOnce(&mut Open) -> io::Result<()>) -> Result<(), ArchiveError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        act(open).map_err(|source| ArchiveError::File { path: open.path.clone(), source })
    }

    /// The file that is being written.
    pub fn path(&self) -> Option<&Path> {
        self.open.as_ref().map(|open| open.path.as_path())
    }

    /// Goes on to the file of this time.
    fn turn(&mut self, received: Timestamp) -> Result<(), ArchiveError> {
        let path = self.path_at(received)?;
        if self.open.as_ref().is_none_or(|open| open.path != path) {
            self.sync()?;
            let opened = Open::new(&path).map_err(|source| ArchiveError::File { path, source })?;
            self.open = Some(opened);
        }
        let start = received.as_second().div_euclid(self.step) * self.step;
        self.valid = start..start + self.step;
        Ok(())
    }

    fn path_at(&self, at: Timestamp) -> Result<PathBuf, ArchiveError> {
        let bad = |why: String| ArchiveError::Pattern { path: self.pattern.clone(), why };
        let pattern = self.pattern.to_str().ok_or_else(|| bad("it is not UTF-8".to_owned()))?;
        let zoned = at.to_zoned(TimeZone::UTC);
        strtime::format(pattern, &zoned).map(PathBuf::from).map_err(|e| bad(e.to_string()))
    }
}

/// For how many seconds at most a pattern's path stays the same, by its finest conversion.
fn step(pattern: &str) -> i64 {
    const DAY: i64 = 86_400;
    let mut step = DAY;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            continue;
        }
        // Flags and widths stand between the sign and the conversion.
        let conversion = chars.by_ref().find(|c| !matches!(c, '-' | '_' | '^' | '#' | ':' | '.' | '0'..='9'));
        step = step.min(match conversion {
            Some('S' | 's' | 'T' | 'X' | 'c' | 'r' | 'f' | 'N') => 1,
            Some('M' | 'R') => 60,
            Some('H' | 'I' | 'k' | 'l' | 'p' | 'P') => 3_600,
            _ => DAY,
        });
    }
    step
}

impl Open {
    fn new(path: &Path) -> io::Result<Open> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        let compress = path.extension().is_some_and(|e| e == "zst");
        let length = if compress { whole_frames(&mut file)? } else { whole_lines(&mut file)? };
        let blocks = Blocks::new(file, path, length)?;
        Ok(Open { path: path.to_path_buf(), blocks, frame: compress.then(Vec::new) })
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let Some(frame) = &mut self.frame else { return self.blocks.push(lines) };
        frame.extend_from_slice(lines);
        if frame.len() >= FRAME { self.end_frame() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_frame()?;
        self.blocks.flush()
    }

    fn end_frame(&mut self) -> io::Result<()> {
        let Some(frame) = self.frame.as_mut().filter(|frame| !frame.is_empty()) else { return Ok(()) };
        self.blocks.push(&zstd::bulk::compress(frame, LEVEL)?)?;
        frame.clear();
        // One very large batch must not hold its memory for good.
        frame.shrink_to(FRAME);
        Ok(())
    }
}

/// Bytes up to and including the last newline.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut piece = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(LOOK as u64);
        piece.resize(usize::try_from(end - start).unwrap_or(LOOK), 0);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut piece)?;
        if let Some(at) = piece.iter().rposition(|b| *b == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Bytes up to the end of the last whole frame.
fn whole_frames(file: &mut File) -> io::Result<u64> {
    let mut whole = 0;
    let mut piece = Vec::new();
    let mut look = LOOK;
    loop {
        file.seek(SeekFrom::Start(whole))?;
        piece.clear();
        let read = Read::take(&mut *file, look as u64).read_to_end(&mut piece)?;
        let mut rest = piece.as_slice();
        while !rest.is_empty() {
            match zstd_safe::find_frame_compressed_size(rest) {
                Ok(size) if size > 0 && size <= rest.len() => rest = &rest[size..],
                _ => break,
            }
        }
        let found = piece.len() - rest.len();
        whole += found as u64;
        if read < look {
            return Ok(whole);
        }
        // A frame that is larger than the piece needs a larger one.
        look = if found == 0 { look * 2 } else { LOOK };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn archive(dir: &Path, path: &str) -> Archive {
        ArchiveKind::File(Config { path: path.into() }).open(dir).unwrap()
    }

    fn read(dir: &Path, name: &str) -> String {
        std::fs::read_to_string(dir.join(name)).unwrap_or_default()
    }

    #[test]
    fn each_day_has_its_file_and_nothing_is_written_before_it_is_time() {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = archive(dir.path(), "a/%Y/%m-%d.ndjson");
        archive.write(at("2026-03-04T23:59:59.9Z"), b"{\"n\":1}\n").unwrap();
        assert_eq!(read(dir.path(), "a/2026/03-04.ndjson"), "");
        archive.write(at("2026-03-05T00:00:00Z"), b"{\"n\":2}\n").unwrap();
        assert_eq!(read(dir.path(), "a/2026/03-04.ndjson"), "{\"n\":1}\n");
        archive.flush().unwrap();
        assert_eq!(read(dir.path(), "a/2026/03-05.ndjson"), "{\"n\":2}\n");
    }

    #[test]
    fn a_torn_tail_is_cut_before_anything_is_appended() {
        let dir = tempfile::tempdir().unwrap();
        for (left, kept) in [("{\"n\":1}\n{\"n\":", "{\"n\":1}\n"), ("no line at all", ""), ("", "")] {
            std::fs::write(dir.path().join("all.ndjson"), left).unwrap();
            let mut archive = archive(dir.path(), "all.ndjson");
            archive.write(at("2026-03-04T10:00:00Z"), b"{\"n\":2}\n").unwrap();
            archive.sync().unwrap();
            assert_eq!(read(dir.path(), "all.ndjson"), format!("{kept}{{\"n\":2}}\n"));
        }
    }

    #[test]
    fn a_compressed_archive_can_be_read_after_every_flush_and_after_a_crash() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("all.ndjson.zst");
        let text = || String::from_utf8(zstd::stream::decode_all(File::open(&path).unwrap()).unwrap()).unwrap();
        let mut first = archive(dir.path(), "all.ndjson.zst");
        for n in 0..3 {
            first.write(at("2026-03-04T10:00:00Z"), format!("{{\"n\":{n}}}\n").as_bytes()).unwrap();
            first.flush().unwrap();
            assert_eq!(text().lines().count(), n + 1);
        }
        drop(first);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        let mut second = archive(dir.path(), "all.ndjson.zst");
        second.write(at("2026-03-04T10:00:00Z"), b"{\"n\":9}\n").unwrap();
        second.sync().unwrap();
        assert_eq!(text(), "{\"n\":0}\n{\"n\":1}\n{\"n\":9}\n");
    }

    #[test]
    fn lines_that_could_not_be_written_are_written_later() {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = archive(dir.path(), "sub/%d.ndjson");
        archive.write(at("2026-03-04T10:00:00Z"), b"{\"n\":1}\n").unwrap();
        // The next day's file cannot be made: its name is a folder.
        std::fs::create_dir(dir.path().join("sub/05.ndjson")).unwrap();
        let error = archive.write(at("2026-03-05T10:00:00Z"), b"{\"n\":2}\n").unwrap_err().to_string();
        assert!(error.contains("05.ndjson") && error.contains("may write there"), "{error}");
        std::fs::remove_dir(dir.path().join("sub/05.ndjson")).unwrap();
        archive.write(at("2026-03-05T10:00:00Z"), b"{\"n\":2}\n").unwrap();
        archive.flush().unwrap();
        assert_eq!(read(dir.path(), "sub/04.ndjson"), "{\"n\":1}\n");
        assert_eq!(read(dir.path(), "sub/05.ndjson"), "{\"n\":2}\n");
    }

    #[test]
    fn a_pattern_is_checked_at_the_start_and_its_finest_part_decides() {
        let dir = tempfile::tempdir().unwrap();
        let bad = ArchiveKind::File(Config { path: "a-%!.ndjson".into() }).open(dir.path()).unwrap_err().to_string();
        assert!(bad.contains("%%"), "{bad}");
        for (pattern, seconds) in [
            ("a.ndjson", 86_400),
            ("%Y-%m-%d", 86_400),
            ("%F/%H", 3_600),
            ("%-H", 3_600),
            ("%H%M", 60),
            ("%s", 1),
            ("100%%H", 86_400),
        ] {
            assert_eq!(step(pattern), seconds, "{pattern}");
        }
    }
}
