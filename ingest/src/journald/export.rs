//! The Journal Export Format (systemd.io/JOURNAL_EXPORT_FORMATS), as `journalctl -o export` writes it.
//!
//! An entry is a row of fields and ends with an empty line. A field is `NAME=text`, or where its bytes are no plain text
//! `NAME`, their number as 64 bits with the lowest byte first, and the bytes.

use std::io::{self, BufRead, Read};

use serde_json::{Map, Value};

/// Longest field that is read; journald's own limit is 768 MiB, a core dump's.
const MAX_FIELD_BYTES: u64 = 64 << 20;
/// Most fields of one entry; journald's own limit.
const MAX_FIELDS: usize = 1024;

/// A stream of entries, read as the lines of `journalctl -o json`: one object each.
#[derive(Debug)]
pub struct Export<R> {
    inner: R,
    line: Vec<u8>,
    given: usize,
}

impl<R: BufRead> Export<R> {
    /// Reads from the start of an entry.
    pub fn new(inner: R) -> Self {
        Export { inner, line: Vec::new(), given: 0 }
    }

    /// The next entry's fields; `None` at the end.
    fn entry(&mut self) -> io::Result<Option<Map<String, Value>>> {
        let mut fields = Map::new();
        let mut text = Vec::new();
        loop {
            text.clear();
            let read = self.inner.by_ref().take(MAX_FIELD_BYTES).read_until(b'\n', &mut text)?;
            match text.strip_suffix(b"\n") {
                None if read as u64 == MAX_FIELD_BYTES => return Err(too_long(MAX_FIELD_BYTES)),
                _ if text.is_empty() => return Ok((!fields.is_empty()).then_some(fields)),
                Some(b"") if fields.is_empty() => continue,
                Some(b"") => return Ok(Some(fields)),
                line => {
                    let line = line.unwrap_or(&text);
                    match memchr::memchr(b'=', line) {
                        Some(at) => insert(&mut fields, &line[..at], &line[at + 1..]),
                        None => insert(&mut fields, line, &self.bytes()?),
                    }
                }
            }
        }
    }

    /// What stands behind a name without a mark.
    fn bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut size = [0; 8];
        self.inner.read_exact(&mut size)?;
        let size = u64::from_le_bytes(size);
        if size > MAX_FIELD_BYTES {
            return Err(too_long(size));
        }
        let mut bytes = Vec::new();
        self.inner.by_ref().take(size).read_to_end(&mut bytes)?;
        self.inner.read_exact(&mut [0])?;
        Ok(bytes)
    }
}

/// Whether a stream that begins so is in this format: an entry's first field is its address in the journal.
pub fn is_export(start: &[u8]) -> bool {
    start.starts_with(b"__CURSOR=")
}

impl<R: BufRead> Read for Export<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.given == self.line.len() {
            self.line.clear();
            self.given = 0;
            if let Some(fields) = self.entry()? {
                serde_json::to_writer(&mut self.line, &fields)?;
                self.line.push(b'\n');
            }
        }
        let len = (self.line.len() - self.given).min(to.len());
        to[..len].copy_from_slice(&self.line[self.given..self.given + len]);
        self.given += len;
        Ok(len)
    }
}

/// As journalctl does it: text, else an array of numbers; several of one name make an array.
fn insert(fields: &mut Map<String, Value>, name: &[u8], value: &[u8]) {
    let name = String::from_utf8_lossy(name);
    let value = match std::str::from_utf8(value) {
        Ok(text) => Value::from(text),
        Err(_) => Value::from(value),
    };
    let room = fields.len() < MAX_FIELDS;
    match fields.get_mut(&*name) {
        Some(Value::Array(several)) if several.first().is_some_and(|first| !first.is_number()) => several.push(value),
        Some(one) => *one = Value::Array(vec![one.take(), value]),
        None if room => {
            fields.insert(name.into_owned(), value);
        }
        None => {}
    }
}

fn too_long(size: u64) -> io::Error {
    let what = format!("a field of the journal has {size} bytes, more than the {MAX_FIELD_BYTES} that are read");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(stream: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        Export::new(stream).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn entries_become_lines_of_json() {
        let stream =
            b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795338847250000\nMESSAGE=one=two\n\n__CURSOR=s=2\nMESSAGE=three";
        let expected = "{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":\"1795338847250000\",\"MESSAGE\":\"one=two\"}\n\
                        {\"__CURSOR\":\"s=2\",\"MESSAGE\":\"three\"}\n";
        assert_eq!(lines(stream).unwrap(), expected);
        assert!(is_export(stream) && !is_export(b"{\"__CURSOR\":\"s=1\"}"));
    }

    #[test]
    fn bytes_that_are_no_text_come_with_their_number() {
        let two_lines = b"MESSAGE\n\x05\0\0\0\0\0\0\0a\n\nb=\n_UID=7\n_UID=8\n";
        assert_eq!(lines(two_lines).unwrap(), "{\"MESSAGE\":\"a\\n\\nb=\",\"_UID\":[\"7\",\"8\"]}\n");
        assert_eq!(lines(b"DATA\n\x02\0\0\0\0\0\0\0\xff\n\n").unwrap(), "{\"DATA\":[255,10]}\n");
    }

    #[test]
    fn a_number_of_bytes_that_nobody_writes_is_an_error_and_no_allocation() {
        assert!(lines(b"DATA\n\xff\xff\xff\xff\xff\xff\xff\x7f").unwrap_err().to_string().contains("bytes"));
        assert!(lines(b"DATA\n\x02\0").is_err(), "it ends within the number");
    }
}
