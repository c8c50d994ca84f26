//! The files about the organisation, as the feeds that `run`, `replay` and `check` alike give to the rule stage.

use std::{fs, io, path::Path};

use roundsman_ingest::{record::Feed, units::Size};
use roundsman_rules::Problem;

use crate::{Config, archive, rules::unreadable};

/// Largest file that is read as a feed, in bytes; KEV and EPSS have tens of megabytes.
pub const MAX_FEED_BYTES: u64 = 256 << 20;

impl Config {
    /// All files under `[inputs]`, folders in name order, with what could not be read. A missing file hides no other.
    pub fn inputs(&self) -> (Vec<Feed>, Vec<Problem>) {
        let (mut feeds, mut problems) = (Vec::new(), Vec::new());
        for (input, path) in self.inputs.list() {
            if let Err((file, error)) = collect(path, &mut |file| {
                feeds.extend(self.feed(input, file)?);
                Ok(())
            }) {
                problems.push(unreadable(file, &error, &format!("`inputs.{input}` names it")));
            }
        }
        (feeds, problems)
    }

    /// One file as a feed of this input; a large archive is several, one per part, which belong together by their paths
    /// (`advisories/debian.zip`, `advisories/debian.zip!2`, …).
    ///
    /// # Errors
    /// It cannot be read, or is larger than [`MAX_FEED_BYTES`].
    pub fn feed(&self, input: &str, file: &Path) -> io::Result<Vec<Feed>> {
        check_size(file, MAX_FEED_BYTES)?;
        let parts = archive::texts(input, file, MAX_FEED_BYTES)?.into_iter().enumerate();
        let path = |part: usize| match part {
            0 => self.feed_path(file),
            part => format!("{}!{}", self.feed_path(file), part + 1),
        };
        Ok(parts.map(|(part, text)| Feed { input: input.to_owned(), path: path(part), text }).collect())
    }

    /// The path of a feed's file as it is known to the rule stage: relative to the configuration where it lies there.
    pub fn feed_path(&self, file: &Path) -> String {
        let base = self.base();
        let relative = file.strip_prefix(base).unwrap_or(file);
        let relative = relative.strip_prefix(".").unwrap_or(relative);
        relative.to_string_lossy().into_owned()
    }
}

/// Refuses a file that is larger than this.
pub(crate) fn check_size(file: &Path, most: u64) -> io::Result<()> {
    match fs::metadata(file)?.len() {
        bytes if bytes > most => Err(io::Error::other(format!("it is larger than {}", Size(most)))),
        _ => Ok(()),
    }
}

/// Calls `each` for this file, or for every file below this folder in name order. Hidden files are left out.
pub(crate) fn collect(
    path: &Path,
    each: &mut dyn FnMut(&Path) -> io::Result<()>,
) -> Result<(), (std::path::PathBuf, io::Error)> {
    let told = |error| (path.to_owned(), error);
    if !fs::metadata(path).map_err(told)?.is_dir() {
        return each(path).map_err(told);
    }
    let mut entries: Vec<_> = fs::read_dir(path).and_then(Iterator::collect).map_err(told)?;
    entries.retain(|entry: &fs::DirEntry| !entry.file_name().to_string_lossy().starts_with('.'));
    entries.sort_by_key(fs::DirEntry::file_name);
    entries.iter().try_for_each(|entry| collect(&entry.path(), each))
}
