//! The bytes of a segment: its header, a record's header, and how to tell a record from noise.

use std::path::{Path, PathBuf};

use crc32fast::Hasher;

use crate::record::Kind;

/// First bytes of every segment; the last one is the version of the format.
pub(super) const MAGIC: [u8; 8] = *b"rndsmjn\x01";
/// Bytes of a segment's header.
pub(super) const SEGMENT_HEADER: usize = 32;
/// Bytes of a record's header.
pub(super) const RECORD_HEADER: usize = 24;
/// Records begin at multiples of this.
pub(super) const ALIGN: usize = 8;
/// Longest payload of a record: the largest feed file that can be journalled.
pub const MAX_PAYLOAD_BYTES: usize = 64 << 20;
/// Ending of a segment's file name.
pub(super) const SUFFIX: &str = ".log";

/// Stands in every record's header, so that noise is passed over without a checksum.
const MARKER: u16 = 0x524a;
/// The kind of record that defines an origin: its payload is the [`Origin`](crate::Origin) as JSON.
const ORIGIN: u8 = 255;
/// Flag: the record was cut at the line limit.
const TRUNCATED: u8 = 1;
/// Flag: the record counts only together with the position that follows.
const PART: u8 = 2;

/// The header of a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SegmentHeader {
    /// Position of its first byte.
    pub base: u64,
    /// When it was begun, in nanoseconds since 1970.
    pub created: i64,
    /// Start value of the journal's checksums. Secret to senders: bytes that look like a record do not pass for one.
    pub salt: u32,
}

impl SegmentHeader {
    pub fn encode(&self) -> [u8; SEGMENT_HEADER] {
        let mut bytes = [0; SEGMENT_HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..16].copy_from_slice(&self.base.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.created.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.salt.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..28]);
        bytes[28..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// `None` where the bytes are no segment header of this version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; SEGMENT_HEADER] = bytes.first_chunk()?;
        let sound = bytes[..8] == MAGIC && u32_at(bytes, 28) == crc32fast::hash(&bytes[..28]);
        sound.then(|| SegmentHeader {
            base: u64_at(bytes, 8),
            created: u64_at(bytes, 16) as i64,
            salt: u32_at(bytes, 24),
        })
    }

    /// The version of a header that is ours but not of this version.
    pub fn foreign_version(bytes: &[u8]) -> Option<u8> {
        (bytes.len() >= 8 && bytes[..7] == MAGIC[..7] && bytes[7] > MAGIC[7]).then(|| bytes[7])
    }
}

/// What a record in the file is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tag {
    /// It defines the origin of this number for the rest of the segment.
    Origin,
    /// It is a record.
    Record(Kind),
}

impl Tag {
    fn byte(self) -> u8 {
        match self {
            Tag::Origin => ORIGIN,
            Tag::Record(kind) => kind as u8,
        }
    }

    fn of(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => Tag::Record(Kind::Line),
            1 => Tag::Record(Kind::Tick),
            2 => Tag::Record(Kind::Feed),
            3 => Tag::Record(Kind::Decision),
            4 => Tag::Record(Kind::Position),
            ORIGIN => Tag::Origin,
            _ => return None,
        })
    }
}

/// The header of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RecordHeader {
    pub tag: Tag,
    pub truncated: bool,
    /// It counts only together with the position that follows.
    pub part: bool,
    /// Number of its origin, defined earlier in the same segment.
    pub origin: u32,
    /// Receive time in nanoseconds since 1970.
    pub received: i64,
}

/// Bytes that a record with such a payload takes in the file.
pub(super) fn record_size(payload: usize) -> usize {
    (RECORD_HEADER + payload).next_multiple_of(ALIGN)
}

/// Appends a record. The one place where payloads are copied on their way to disk.
pub(super) fn encode(to: &mut Vec<u8>, salt: u32, header: RecordHeader, payload: &[u8]) {
    let start = to.len();
    let mut head = [0; RECORD_HEADER];
    head[4..8].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    head[8..10].copy_from_slice(&MARKER.to_le_bytes());
    head[10] = header.tag.byte();
    head[11] = if header.truncated { TRUNCATED } else { 0 } | if header.part { PART } else { 0 };
    head[12..16].copy_from_slice(&header.origin.to_le_bytes());
    head[16..].copy_from_slice(&header.received.to_le_bytes());
    to.reserve(record_size(payload.len()));
    to.extend_from_slice(&head);
    to.extend_from_slice(payload);
    let crc = checksum(salt, &to[start + 4..]);
    to[start..start + 4].copy_from_slice(&crc.to_le_bytes());
    let padding = to.len().next_multiple_of(ALIGN) - to.len();
    to.extend_from_slice(&[0; ALIGN][..padding]);
}

/// What stands at the beginning of some bytes.
#[derive(Debug, PartialEq)]
pub(super) enum Found<'a> {
    /// A sound record, its payload, and the bytes that it takes.
    Record(RecordHeader, &'a [u8], usize),
    /// The beginning of what may be a record of so many bytes.
    Part(usize),
    /// No record, and why.
    Nothing(&'static str),
}

/// Looks for a record at the beginning of `bytes`.
pub(super) fn decode(bytes: &[u8], salt: u32) -> Found<'_> {
    let Some(head) = bytes.first_chunk::<RECORD_HEADER>() else {
        return Found::Part(RECORD_HEADER);
    };
    if u16::from_le_bytes([head[8], head[9]]) != MARKER {
        return Found::Nothing("no record header");
    }
    let (Some(tag), length) = (Tag::of(head[10]), u32_at(head, 4) as usize) else {
        return Found::Nothing("unknown kind of record");
    };
    if length > MAX_PAYLOAD_BYTES {
        return Found::Nothing("impossible length");
    }
    let size = record_size(length);
    if bytes.len() < size {
        return Found::Part(size);
    }
    let end = RECORD_HEADER + length;
    if checksum(salt, &bytes[4..end]) != u32_at(head, 0) {
        return Found::Nothing("checksum mismatch");
    }
    let header = RecordHeader {
        tag,
        truncated: head[11] & TRUNCATED != 0,
        part: head[11] & PART != 0,
        origin: u32_at(head, 12),
        received: u64_at(head, 16) as i64,
    };
    Found::Record(header, &bytes[RECORD_HEADER..end], size)
}

/// Offset of the first sound record in `bytes`, which begin at an aligned offset.
pub(super) fn resync(bytes: &[u8], salt: u32) -> Option<usize> {
    (0..bytes.len()).step_by(ALIGN).find(|&at| matches!(decode(&bytes[at..], salt), Found::Record(..)))
}

/// The file of the segment that begins at this position.
pub(super) fn segment_path(journal: &Path, base: u64) -> PathBuf {
    journal.join(format!("{base:016x}{SUFFIX}"))
}

/// The position that a segment's file name stands for.
pub(super) fn base_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(SUFFIX)?;
    let plain = digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    plain.then(|| u64::from_str_radix(digits, 16).ok())?
}

fn checksum(salt: u32, bytes: &[u8]) -> u32 {
    let mut hasher = Hasher::new_with_initial(salt);
    hasher.update(bytes);
    hasher.finalize()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: u32 = 0x1234_5678;
    const HEADER: RecordHeader = RecordHeader {
        tag: Tag::Record(Kind::Line),
        truncated: true,
        part: false,
        origin: 7,
        received: 1_795_000_000_000_000_001,
    };

    fn encoded(payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(&mut bytes, SALT, HEADER, payload);
        bytes
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        for length in [0, 1, 7, 8, 9, 4_096] {
            let payload = vec![b'x'; length];
            let bytes = encoded(&payload);
            assert_eq!(bytes.len() % ALIGN, 0);
            assert_eq!(decode(&bytes, SALT), Found::Record(HEADER, &payload, bytes.len()));
        }
    }

    #[test]
    fn every_flipped_bit_of_header_and_payload_is_noticed() {
        let bytes = encoded(b"Nov 22 10:00:00 web1 sshd[1]: x");
        for bit in 0..(RECORD_HEADER + 31) * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(!matches!(decode(&bad, SALT), Found::Record(..)), "bit {bit}");
        }
    }

    #[test]
    fn a_record_of_another_journal_is_no_record_here() {
        assert_eq!(decode(&encoded(b"forged"), SALT + 1), Found::Nothing("checksum mismatch"));
    }

    #[test]
    fn noise_is_passed_over_to_the_next_aligned_record() {
        let mut bytes = vec![0xff; 5 * ALIGN];
        bytes.extend(encoded(b"sound"));
        assert_eq!(resync(&bytes, SALT), Some(5 * ALIGN));
        assert_eq!(resync(&bytes[ALIGN * 6..], SALT), None);
    }

    #[test]
    fn a_segment_header_tells_its_own_version_from_later_ones_and_from_noise() {
        let header = SegmentHeader { base: 64 << 20, created: 5, salt: SALT };
        let mut bytes = header.encode();
        assert_eq!(SegmentHeader::decode(&bytes), Some(header));
        bytes[9] ^= 1;
        assert_eq!(SegmentHeader::decode(&bytes), None);
        bytes[7] = 2;
        assert_eq!(SegmentHeader::foreign_version(&bytes), Some(2));
        assert_eq!(SegmentHeader::foreign_version(&header.encode()), None);
    }

    #[test]
    fn segments_sort_by_name_as_by_position() {
        let path = segment_path(Path::new("/j"), 0x1f00);
        assert_eq!(path, Path::new("/j/0000000000001f00.log"));
        assert_eq!(base_of("0000000000001f00.log"), Some(0x1f00));
        assert_eq!(base_of("lock"), None);
        assert_eq!(base_of("+000000000001f00.log"), None);
    }
}
