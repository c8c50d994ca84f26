//! Unpacking what a sender compressed, without being filled up by it.
//!
//! A few kilobytes can unpack to gigabytes. So output is made in small strides, and before each the limit and the
//! caller's own budget are asked; a zstd frame may not ask for a larger window than [`MAX_WINDOW_LOG`] either.

use std::io::{self, Read};

use flate2::read::{MultiGzDecoder, ZlibDecoder};

/// Bytes that are unpacked before the limit is looked at again.
const STRIDE: usize = 64 << 10;
/// Largest window of a zstd frame, as a power of two: 8 MiB, which RFC 8878 section 3.1.1.1.2 asks decoders to support.
const MAX_WINDOW_LOG: u32 = 23;

/// How bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// gzip (RFC 1952), several members in a row included.
    Gzip,
    /// zlib (RFC 1950).
    Zlib,
    /// Zstandard (RFC 8878), several frames in a row included.
    Zstd,
}

/// Why packed bytes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// They unpack to more than the limit.
    #[error("it unpacks to more than {0} bytes")]
    TooLarge(usize),
    /// The caller's budget is used up for now.
    #[error("there is no room to unpack it right now")]
    NoRoom,
    /// They are not what they are said to be.
    #[error("it cannot be unpacked: {0}")]
    Broken(#[from] io::Error),
}

/// Unpacks at most `limit` bytes. `room` is asked before each stride whether so many bytes more may be held.
///
/// # Errors
/// [`Error`]; nothing of a broken or too large input is given.
pub fn unpack(coding: Coding, packed: &[u8], limit: usize, room: impl FnMut(usize) -> bool) -> Result<Vec<u8>, Error> {
    match coding {
        Coding::Identity => read(packed, limit, room),
        Coding::Gzip => read(MultiGzDecoder::new(packed), limit, room),
        Coding::Zlib => read(ZlibDecoder::new(packed), limit, room),
        Coding::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(MAX_WINDOW_LOG)?;
            read(decoder, limit, room)
        }
    }
}

fn read(mut from: impl Read, limit: usize, mut room: impl FnMut(usize) -> bool) -> Result<Vec<u8>, Error> {
    let mut unpacked = Vec::new();
    loop {
        // one byte beyond the limit shows that there is more
        let stride = STRIDE.min(limit + 1 - unpacked.len());
        if !room(stride) {
            return Err(Error::NoRoom);
        }
        let read = from.by_ref().take(stride as u64).read_to_end(&mut unpacked)?;
        if unpacked.len() > limit {
            return Err(Error::TooLarge(limit));
        }
        if read < stride {
            return Ok(unpacked);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{GzEncoder, ZlibEncoder},
    };

    use super::*;

    const TEXT: &[u8] = b"<13>Nov 22 09:14:07 web1 app: hello\n";

    fn packed(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        match coding {
            Coding::Identity => bytes.to_vec(),
            Coding::Gzip => {
                let mut to = GzEncoder::new(Vec::new(), Compression::default());
                to.write_all(bytes).unwrap();
                to.finish().unwrap()
            }
            Coding::Zlib => {
                let mut to = ZlibEncoder::new(Vec::new(), Compression::default());
                to.write_all(bytes).unwrap();
                to.finish().unwrap()
            }
            Coding::Zstd => zstd::bulk::compress(bytes, 3).unwrap(),
        }
    }

    const ALL: [Coding; 4] = [Coding::Identity, Coding::Gzip, Coding::Zlib, Coding::Zstd];

    #[test]
    fn what_was_packed_comes_out_as_it_was() {
        let long = TEXT.repeat(10_000);
        for coding in ALL {
            for bytes in [&b""[..], TEXT, &long] {
                assert_eq!(unpack(coding, &packed(coding, bytes), long.len(), |_| true).unwrap(), bytes, "{coding:?}");
            }
        }
        let twice = [packed(Coding::Gzip, b"a\n"), packed(Coding::Gzip, b"b\n")].concat();
        assert_eq!(unpack(Coding::Gzip, &twice, 10, |_| true).unwrap(), b"a\nb\n");
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let bomb = vec![0; 64 << 20];
        for coding in [Coding::Gzip, Coding::Zlib, Coding::Zstd] {
            let packed = packed(coding, &bomb);
            assert!(packed.len() < bomb.len() / 500, "{coding:?}: {}", packed.len());
            let mut held = 0;
            let outcome = unpack(coding, &packed, 1 << 20, |more| {
                held += more;
                true
            });
            assert!(matches!(outcome, Err(Error::TooLarge(limit)) if limit == 1 << 20), "{coding:?}");
            assert!(held <= (1 << 20) + STRIDE, "{coding:?} held {held}");
        }
    }

    #[test]
    fn a_budget_that_is_used_up_ends_it() {
        let packed = packed(Coding::Zstd, &vec![b'x'; 1 << 20]);
        let mut left = 256 << 10;
        let outcome = unpack(Coding::Zstd, &packed, 1 << 20, |more| {
            left -= more as i64;
            left >= 0
        });
        assert!(matches!(outcome, Err(Error::NoRoom)));
    }

    #[test]
    fn what_is_cut_or_no_packed_text_is_broken() {
        for coding in [Coding::Gzip, Coding::Zlib, Coding::Zstd] {
            let whole = packed(coding, TEXT);
            for bytes in [&whole[..whole.len() - 3], &b"plain text that nobody packed"[..]] {
                assert!(matches!(unpack(coding, bytes, 1 << 20, |_| true), Err(Error::Broken(_))), "{coding:?}");
            }
        }
    }

    #[test]
    fn a_frame_that_asks_for_a_huge_window_is_refused() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(MAX_WINDOW_LOG + 3).unwrap();
        encoder.write_all(&TEXT.repeat(1_000)).unwrap();
        let frame = encoder.finish().unwrap();
        assert!(matches!(unpack(Coding::Zstd, &frame, 1 << 20, |_| true), Err(Error::Broken(_))));
    }
}
