//! Records from files and standard input: lines as they stand, or JSON objects that hold them.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use roundsman_ingest::{Transport, journald::export};
use serde::Deserialize;

use crate::exit::{Failure, OrUnusable};

/// Longest line that is read; what is beyond is cut off and the record marked. Scanner reports are the longest.
pub const MAX_LINE_BYTES: u64 = 256 << 20;

/// Bytes that are read at once.
const READ_BYTES: usize = 256 * 1024;

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// The files, one line at a time. No file at all, or `-`, is standard input.
pub struct Lines {
    files: std::vec::IntoIter<PathBuf>,
    open: Option<(PathBuf, Box<dyn BufRead>)>,
    number: u64,
}

impl Lines {
    /// Opens the first file and looks whether all are there, so that nothing is printed before a name is wrong.
    pub fn new(files: &[PathBuf]) -> Result<Lines, Failure> {
        let files = if files.is_empty() { vec![PathBuf::from(STDIN)] } else { files.to_vec() };
        for file in files.iter().filter(|file| file.as_os_str() != STDIN) {
            File::open(file).and_then(|f| f.metadata()).or_unusable(file.display()).and_then(|meta| {
                match meta.is_dir() {
                    true => Err(Failure::unusable(anyhow::anyhow!("{} is a folder; name its files", file.display()))),
                    false => Ok(()),
                }
            })?;
        }
        Ok(Lines { files: files.into_iter(), open: None, number: 0 })
    }

    /// Reads the next line into the buffer, without its end. Gives whether it was cut; `None` after the last line.
    pub fn next(&mut self, line: &mut Vec<u8>) -> Result<Option<bool>, Failure> {
        loop {
            let Some((path, reader)) = &mut self.open else {
                let Some(path) = self.files.next() else { return Ok(None) };
                let reader = open(&path).or_unusable(path.display())?;
                self.open = Some((path, reader));
                self.number = 0;
                continue;
            };
            line.clear();
            if reader.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', line).or_unusable(path.display())? == 0 {
                self.open = None;
                continue;
            }
            self.number += 1;
            let cut = line.last() != Some(&b'\n') && line.len() as u64 == MAX_LINE_BYTES;
            if cut {
                reader.skip_until(b'\n')?;
            }
            trim_line_end(line);
            return Ok(Some(cut));
        }
    }

    /// An error about the line that was just read.
    pub fn wrong(&self, what: impl std::fmt::Display) -> Failure {
        let name = match &self.open {
            Some((path, _)) if path.as_os_str() != STDIN => path.display().to_string(),
            _ => "standard input".to_owned(),
        };
        Failure::unusable(anyhow::anyhow!("{name}:{}: {what}", self.number))
    }
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    in_lines(match path.as_os_str() == STDIN {
        true => Box::new(BufReader::with_capacity(READ_BYTES, io::stdin().lock())),
        false => Box::new(BufReader::with_capacity(READ_BYTES, File::open(path)?)),
    })
}

/// What `journalctl -o export` wrote is read as the lines of `journalctl -o json`; anything else as it stands.
pub fn in_lines(mut reader: Box<dyn BufRead>) -> io::Result<Box<dyn BufRead>> {
    Ok(match export::is_export(reader.fill_buf()?) {
        true => Box::new(BufReader::with_capacity(READ_BYTES, export::Export::new(reader))),
        false => reader,
    })
}

fn trim_line_end(line: &mut Vec<u8>) {
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    }
}

/// One object of `--input jsonl`: the record and, where it says so, how it arrived (interface section 5).
#[derive(Debug, Deserialize)]
pub struct Framed<'l> {
    /// The record; it may hold line breaks.
    #[serde(borrow)]
    pub raw: Cow<'l, str>,
    /// When it was received.
    pub received: Option<Timestamp>,
    /// The host that it is of.
    #[serde(borrow)]
    pub host: Option<Cow<'l, str>>,
    /// How it travelled.
    pub transport: Option<Transport>,
    /// Who sent it.
    #[serde(borrow)]
    pub peer: Option<Cow<'l, str>>,
    /// The file or program path that it was read from.
    #[serde(borrow)]
    pub source: Option<Cow<'l, str>>,
}

impl<'l> Framed<'l> {
    /// Reads one line.
    ///
    /// # Errors
    /// It is not a JSON object with a `raw`.
    pub fn read(line: &'l [u8]) -> Result<Framed<'l>, String> {
        serde_json::from_slice(line).map_err(|e| format!("this is not a JSON object with the record in `raw`: {e}"))
    }

    /// The source, if it is a path.
    pub fn path(&self) -> Option<&str> {
        self.source.as_deref().filter(|source| source.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn an_exported_journal_is_read_entry_by_entry() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"__CURSOR=s=1\nMESSAGE\n\x03\0\0\0\0\0\0\0a\nb\n\n__CURSOR=s=2\nMESSAGE=c\n\n").unwrap();
        let mut lines = Lines::new(&[file.path().to_owned()]).unwrap();
        let (mut line, mut all) = (Vec::new(), Vec::new());
        while lines.next(&mut line).unwrap().is_some() {
            all.push(String::from_utf8(line.clone()).unwrap());
        }
        let expected = [r#"{"__CURSOR":"s=1","MESSAGE":"a\nb"}"#, r#"{"__CURSOR":"s=2","MESSAGE":"c"}"#];
        assert_eq!(all, expected);
    }

    #[test]
    fn lines_of_all_files_come_in_order_without_their_ends() {
        let mut files = Vec::new();
        for text in ["one\r\ntwo\n\n", "", "three"] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            files.push(file);
        }
        let paths: Vec<_> = files.iter().map(|f| f.path().to_owned()).collect();
        let mut lines = Lines::new(&paths).unwrap();
        let (mut line, mut seen) = (Vec::new(), Vec::new());
        while lines.next(&mut line).unwrap().is_some() {
            seen.push(String::from_utf8(line.clone()).unwrap());
        }
        assert_eq!(seen, ["one", "two", "", "three"]);
    }

    #[test]
    fn a_framed_record_needs_its_raw_text_and_takes_a_source_only_as_a_path() {
        assert!(Framed::read(b"{\"row\":\"x\"}").is_err());
        let framed = Framed::read(br#"{"raw":"a\nb","source":"somewhere:else","more":1}"#).unwrap();
        assert_eq!((&*framed.raw, framed.path()), ("a\nb", None));
        let framed = Framed::read(br#"{"raw":"a","source":"/var/log/dpkg.log","transport":"tls"}"#).unwrap();
        assert_eq!((framed.path(), framed.transport), (Some("/var/log/dpkg.log"), Some(Transport::Tls)));
    }
}
