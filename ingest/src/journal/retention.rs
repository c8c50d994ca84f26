//! Which segments may go: by age and by total size, never what the pipeline has yet to read, unless size forces it.

use std::{fs, io::Read, path::Path};

use jiff::Timestamp;

use super::{
    Error, Options,
    layout::{self, SEGMENT_HEADER, SegmentHeader},
};

/// A segment's file as the folder lists it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Listed {
    pub base: u64,
    pub bytes: u64,
}

/// What one round of retention did.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Retained {
    /// Bytes of the segments before the current one that were kept.
    pub kept_bytes: u64,
    /// Bytes deleted that the pipeline had not read.
    pub unread_bytes: u64,
}

/// The segments of a folder in the order of their positions.
pub(super) fn list(dir: &Path) -> Result<Vec<Listed>, Error> {
    let read = || Error::io(dir, "list the folder");
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).map_err(read())? {
        let entry = entry.map_err(read())?;
        if let Some(base) = entry.file_name().to_str().and_then(layout::base_of) {
            match entry.metadata() {
                Ok(meta) => all.push(Listed { base, bytes: meta.len() }),
                // Retention of a running instance took it while we looked.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::io(entry.path(), "look at the segment")(error)),
            }
        }
    }
    all.sort_by_key(|segment| segment.base);
    Ok(all)
}

/// The header of a segment's file; `None` where it has no sound one.
pub(super) fn header_of(dir: &Path, base: u64) -> Result<Option<SegmentHeader>, Error> {
    let path = layout::segment_path(dir, base);
    let mut bytes = Vec::with_capacity(SEGMENT_HEADER);
    let file = fs::File::open(&path).map_err(Error::io(&path, "open the segment"))?;
    file.take(SEGMENT_HEADER as u64).read_to_end(&mut bytes).map_err(Error::io(&path, "read the segment"))?;
    match SegmentHeader::foreign_version(&bytes) {
        Some(version) => Err(Error::Version { path: path.display().to_string(), version }),
        None => Ok(SegmentHeader::decode(&bytes).filter(|header| header.base == base)),
    }
}

/// Deletes segments before `current`, the oldest first, while they are too old or all together too large.
pub(super) fn retain(
    dir: &Path,
    options: &Options,
    current: u64,
    needed: u64,
    now: Timestamp,
) -> Result<Retained, Error> {
    let all = list(dir)?;
    // The current segment counts as full: it will be.
    let mut total = options.segment_bytes + all.iter().filter(|s| s.base < current).map(|s| s.bytes).sum::<u64>();
    let mut done = Retained::default();
    let mut keep_rest = false;
    for pair in all.windows(2) {
        let (segment, next) = (pair[0], pair[1]);
        if segment.base >= current {
            break;
        }
        let (unread, too_large) = (next.base > needed, total > options.max_bytes);
        // Only a beginning is ever deleted: the journal has no holes.
        keep_rest = keep_rest || !(too_large || (!unread && is_old(dir, next.base, options, now)?));
        if keep_rest {
            done.kept_bytes += segment.bytes;
            continue;
        }
        let path = layout::segment_path(dir, segment.base);
        fs::remove_file(&path).map_err(Error::io(&path, "delete the old segment"))?;
        total -= segment.bytes;
        if unread {
            let bytes = next.base - segment.base.max(needed);
            done.unread_bytes += bytes;
            tracing::error!(
                segment = %path.display(), bytes,
                "the journal's size limit deleted records that the pipeline had not read; raise `data.max_size`"
            );
        }
    }
    Ok(done)
}

/// Everything before the segment at `next` is older than the retention time: it was received before that one began.
fn is_old(dir: &Path, next: u64, options: &Options, now: Timestamp) -> Result<bool, Error> {
    let Some(header) = header_of(dir, next)? else {
        return Ok(false);
    };
    let age = now.as_nanosecond() - i128::from(header.created);
    Ok(age > options.retain.as_nanos() as i128)
}
