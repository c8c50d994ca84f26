//! What a file holds, plain or compressed, read by offset.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    os::unix::fs::FileExt,
    path::Path,
};

use serde::{Deserialize, Serialize};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// RFC 1952, of one member or several.
    Gzip,
    /// RFC 8878, of one frame or several.
    Zstd,
}

impl Codec {
    /// The codec that a file's name tells.
    pub fn of(name: &str) -> Option<Codec> {
        [Codec::Gzip, Codec::Zstd].into_iter().find(|codec| name.ends_with(codec.suffix()))
    }

    /// The ending of its files' names.
    pub fn suffix(self) -> &'static str {
        match self {
            Codec::Gzip => ".gz",
            Codec::Zstd => ".zst",
        }
    }

    fn open(self, file: File) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Codec::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(file))),
            Codec::Zstd => Box::new(zstd::Decoder::new(file)?),
        })
    }
}

/// An open file.
pub enum Content {
    /// As it is.
    Plain(File),
    /// Through a decoder.
    Packed(Unpacked),
}

impl Content {
    /// Opens a file; its name says how it is compressed.
    pub fn open(path: &Path) -> io::Result<Content> {
        use std::os::unix::fs::OpenOptionsExt;
        // What became a named pipe meanwhile must not make this wait for a writer.
        let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
        match path.to_str().and_then(Codec::of) {
            None => Ok(Content::Plain(file)),
            Some(codec) => Ok(Content::Packed(Unpacked::new(file, codec)?)),
        }
    }

    /// The file itself.
    pub fn file(&self) -> &File {
        match self {
            Content::Plain(file) => file,
            Content::Packed(unpacked) => &unpacked.file,
        }
    }

    /// How it is compressed.
    pub fn codec(&self) -> Option<Codec> {
        match self {
            Content::Plain(_) => None,
            Content::Packed(unpacked) => Some(unpacked.codec),
        }
    }

    /// Fills the buffer from this offset on; gives fewer bytes only at the end of what is there now.
    pub fn read_at(&mut self, offset: u64, to: &mut [u8]) -> io::Result<usize> {
        match self {
            Content::Plain(file) => read_full(to, |done, to| file.read_at(to, offset + done as u64)),
            Content::Packed(unpacked) => unpacked.read_at(offset, to),
        }
    }
}

/// Reads until the buffer is full or nothing comes.
fn read_full(to: &mut [u8], mut read: impl FnMut(usize, &mut [u8]) -> io::Result<usize>) -> io::Result<usize> {
    let mut done = 0;
    while done < to.len() {
        match read(done, &mut to[done..]) {
            Ok(0) => break,
            Ok(more) => done += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// A compressed file, decoded from its beginning on. Going back further than what was read last begins anew.
pub struct Unpacked {
    file: File,
    codec: Codec,
    decoder: Box<dyn Read + Send>,
    /// What was decoded last, from `start` on.
    buffer: Vec<u8>,
    start: u64,
}

impl Unpacked {
    fn new(file: File, codec: Codec) -> io::Result<Unpacked> {
        let decoder = codec.open(file.try_clone()?)?;
        Ok(Unpacked { file, codec, decoder, buffer: Vec::new(), start: 0 })
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> io::Result<usize> {
        if offset < self.start {
            (&self.file).seek(SeekFrom::Start(0))?;
            self.decoder = self.codec.open(self.file.try_clone()?)?;
            self.buffer.clear();
            self.start = 0;
        }
        let known = self.start + self.buffer.len() as u64;
        if offset > known {
            let skipped = io::copy(&mut (&mut self.decoder).take(offset - known), &mut io::sink())?;
            self.start = known + skipped;
            self.buffer.clear();
            if self.start < offset {
                return Ok(0);
            }
        } else {
            self.buffer.drain(..(offset - self.start) as usize);
            self.start = offset;
        }
        let have = self.buffer.len();
        if have < to.len() {
            self.buffer.resize(to.len(), 0);
            let decoder = &mut self.decoder;
            let read = read_full(&mut self.buffer[have..], |_, to| decoder.read(to));
            self.buffer.truncate(have + *read.as_ref().unwrap_or(&0));
            read?;
        }
        let length = to.len().min(self.buffer.len());
        to[..length].copy_from_slice(&self.buffer[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write};

    use super::*;

    fn packed(dir: &Path, codec: Codec, parts: [&[u8]; 2]) -> std::path::PathBuf {
        let path = dir.join(format!("x{}", codec.suffix()));
        let mut bytes = Vec::new();
        for part in parts {
            match codec {
                Codec::Gzip => {
                    let mut encoder = flate2::write::GzEncoder::new(&mut bytes, flate2::Compression::fast());
                    encoder.write_all(part).unwrap();
                    encoder.finish().unwrap();
                }
                Codec::Zstd => bytes.extend(zstd::encode_all(part, 1).unwrap()),
            }
        }
        fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn compressed_files_of_several_parts_read_at_any_offset_and_back() {
        let dir = tempfile::tempdir().unwrap();
        let text: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        for codec in [Codec::Gzip, Codec::Zstd] {
            let path = packed(dir.path(), codec, [&text[..300_000], &text[300_000..]]);
            let mut content = Content::open(&path).unwrap();
            for (offset, length) in [(0, 10), (5, 70_000), (299_000, 5_000), (298_000, 5_000), (1, 3), (399_990, 100)] {
                let mut buffer = vec![0; length];
                let read = content.read_at(offset as u64, &mut buffer).unwrap();
                assert_eq!(buffer[..read], text[offset..(offset + length).min(text.len())], "{codec:?} at {offset}");
            }
            assert_eq!(content.read_at(1 << 40, &mut [0; 8]).unwrap(), 0);
        }
    }

    #[test]
    fn a_compressed_file_that_was_cut_is_an_error_not_an_end() {
        let dir = tempfile::tempdir().unwrap();
        for codec in [Codec::Gzip, Codec::Zstd] {
            let path = packed(dir.path(), codec, [b"one\n", b"two\n"]);
            let whole = fs::read(&path).unwrap();
            fs::write(&path, &whole[..whole.len() - 3]).unwrap();
            let mut content = Content::open(&path).unwrap();
            assert!(content.read_at(0, &mut [0; 64]).is_err(), "{codec:?}");
        }
    }
}
