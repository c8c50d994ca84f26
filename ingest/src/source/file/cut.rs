//! Cutting what a file holds into lines, from its mark on.

use std::io;

use memchr::memchr;

use super::{
    content::Content,
    follower::{Output, Stopped},
    mark::{Mark, TAIL_BYTES},
};

/// What is read at a time.
pub(super) const WINDOW_BYTES: usize = 256 << 10;

/// Where reading a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At the end of what is there; a line that has no end yet waits.
    Reached { partial: bool },
    /// There is more.
    More,
    /// What was read before is not there any more: it was truncated or replaced.
    Changed,
}

/// Why reading a file ended early.
#[derive(Debug)]
pub(super) enum Failed {
    Read(io::Error),
    Stopped(Stopped),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Failed::Read(error)
    }
}

/// Reads lines. One serves all files: nothing of a file is kept here between two calls.
pub(super) struct Cutter {
    buffer: Vec<u8>,
}

impl Cutter {
    pub fn new() -> Cutter {
        Cutter { buffer: Vec::new() }
    }

    /// Hands on the next lines behind the mark and moves it behind them. `last`: nothing will follow, so a line without
    /// an end is one too. `searched` remembers how far an endless line was looked through.
    pub fn read(
        &mut self,
        mark: &mut Mark,
        content: &mut Content,
        (max_line, last): (usize, bool),
        searched: &mut u64,
        out: &mut dyn Output,
    ) -> Result<End, Failed> {
        let back = mark.back();
        let window = WINDOW_BYTES.max(max_line + 2);
        self.buffer.resize(back + window, 0);
        let read = content.read_at(mark.offset - back as u64, &mut self.buffer)?;
        if read < back || crc32fast::hash(&self.buffer[..back]) != mark.tail {
            return Ok(End::Changed);
        }
        let fresh = &self.buffer[back..read];
        let mut taken = lines(fresh, max_line, out).map_err(Failed::Stopped)?;
        if taken == 0 && fresh.len() == window {
            return self.endless(mark, content, max_line, searched, out);
        }
        let at_end = fresh.len() < window;
        if at_end && last && taken < fresh.len() {
            line(&fresh[taken..], max_line, out).map_err(Failed::Stopped)?;
            taken = fresh.len();
        }
        let partial = taken < fresh.len();
        if taken > 0 {
            mark.advance(mark.offset + taken as u64, &self.buffer[..back + taken]);
        }
        Ok(if at_end { End::Reached { partial } } else { End::More })
    }

    /// A line that is longer than any may be: its beginning is a record once its end is there.
    fn endless(
        &mut self,
        mark: &mut Mark,
        content: &mut Content,
        max_line: usize,
        searched: &mut u64,
        out: &mut dyn Output,
    ) -> Result<End, Failed> {
        let kept = self.buffer[mark.back()..mark.back() + max_line].to_vec();
        let mut at = (mark.offset + max_line as u64).max(*searched);
        loop {
            // What stands before the end is read with it: the next mark covers it.
            let from = at - TAIL_BYTES.min(max_line) as u64;
            let ahead = (at - from) as usize;
            self.buffer.resize(ahead + WINDOW_BYTES, 0);
            let read = content.read_at(from, &mut self.buffer)?;
            if read < ahead {
                return Ok(End::Changed);
            }
            if let Some(end) = memchr(b'\n', &self.buffer[ahead..read]) {
                let offset = at + end as u64 + 1;
                let mut before = vec![0; offset.min(TAIL_BYTES as u64) as usize];
                let from = offset - before.len() as u64;
                if content.read_at(from, &mut before)? < before.len() {
                    return Ok(End::Changed);
                }
                out.line(&kept, true).map_err(Failed::Stopped)?;
                mark.advance(offset, &before);
                *searched = 0;
                return Ok(End::More);
            }
            at = from + read as u64;
            *searched = at;
            if read < self.buffer.len() {
                return Ok(End::Reached { partial: true });
            }
        }
    }
}

/// Hands on all whole lines; gives the bytes that they take.
fn lines(bytes: &[u8], max_line: usize, out: &mut dyn Output) -> Result<usize, Stopped> {
    let mut taken = 0;
    while let Some(end) = memchr(b'\n', &bytes[taken..]) {
        line(&bytes[taken..taken + end], max_line, out)?;
        taken += end + 1;
    }
    Ok(taken)
}

/// Hands on one line without its end; an empty one is no record.
fn line(raw: &[u8], max_line: usize, out: &mut dyn Output) -> Result<(), Stopped> {
    let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
    match raw.len() {
        0 => Ok(()),
        length => out.line(&raw[..length.min(max_line)], length > max_line),
    }
}
