//! Which files there are: what the patterns name, and beside it what rotation made of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    FileConfig, Start,
    glob::{self, Pattern},
    mark::Stat,
    names,
};

/// Most files that are followed.
pub(super) const MAX_FILES: usize = 16_384;

/// The settings of a source, ready for use.
pub(super) struct Watched {
    pub start: Start,
    pub max_line: usize,
    patterns: Vec<Pattern>,
    exclude: Vec<String>,
}

impl Watched {
    pub fn new(config: &FileConfig) -> Watched {
        Watched {
            start: config.start,
            max_line: (config.max_line.0 as usize).max(1),
            patterns: config.paths.iter().map(|path| Pattern::new(&absolute(path))).collect(),
            exclude: config.exclude.clone(),
        }
    }

    /// Whether this source names the path.
    pub fn covers(&self, path: &Path) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers(path)) && !self.excludes(path)
    }

    fn excludes(&self, path: &Path) -> bool {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        self.exclude.iter().any(|pattern| match pattern.contains('/') {
            true => Pattern::new(Path::new(pattern)).covers(path),
            false => glob::matches(pattern, &name),
        })
    }
}

/// Formats are found by whole paths, and positions must not depend on the working directory.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A file of a log.
#[derive(Debug)]
pub(super) struct Member {
    pub path: PathBuf,
    pub stat: Stat,
    /// A pattern names it; others are what rotation made.
    pub wanted: bool,
    /// It has the log's own name.
    pub live: bool,
}

impl Member {
    /// Order of reading: oldest first, the live one last; of those written at the same time the higher count first.
    pub fn age(&self) -> (bool, (i64, i64), std::cmp::Reverse<(usize, PathBuf)>) {
        (self.live, self.stat.modified, std::cmp::Reverse((self.path.as_os_str().len(), self.path.clone())))
    }
}

/// A log: its live file and what rotation made of it.
#[derive(Debug)]
pub(super) struct Log {
    pub source: usize,
    /// It was found by a pattern that was not looked for before.
    pub fresh: bool,
    /// In order of reading.
    pub members: Vec<Member>,
}

/// What there is at present.
pub(super) struct Found {
    pub logs: BTreeMap<String, Log>,
    /// Patterns that were looked for, each with its source.
    pub patterns: Vec<(usize, String)>,
    pub problems: Vec<(PathBuf, usize, io::Error)>,
}

impl Found {
    /// Looks at the folders. `begun`: whether a pattern was looked for before; `known`: paths of logs that are followed.
    pub fn look(watched: &[Watched], begun: &dyn Fn(&str) -> bool, known: &BTreeSet<String>) -> Found {
        let mut found = Found { logs: BTreeMap::new(), patterns: Vec::new(), problems: Vec::new() };
        let mut wanted = HashSet::new();
        for (source, watch) in watched.iter().enumerate() {
            for pattern in &watch.patterns {
                found.patterns.push((source, pattern.text().to_owned()));
                let fresh = !begun(pattern.text());
                let (logs, problems) = (&mut found.logs, &mut found.problems);
                let mut take = |path: PathBuf, named: bool| {
                    if let Some(live) = names::live_path(&path).to_str()
                        && !watch.excludes(&path)
                        && wanted.len() < MAX_FILES
                    {
                        logs.entry(live.to_owned()).or_insert(Log { source, fresh, members: Vec::new() });
                        if named {
                            wanted.insert(path);
                        }
                    }
                };
                pattern.expand(&mut take, &mut |path, error| problems.push((path.to_owned(), source, error)));
            }
        }
        for path in known {
            let source = watched.iter().position(|watch| watch.covers(Path::new(path)));
            if let Some(source) = source {
                found.logs.entry(path.clone()).or_insert(Log { source, fresh: false, members: Vec::new() });
            }
        }
        found.members(watched, &wanted);
        found
    }

    /// Lists each folder once.
    fn members(&mut self, watched: &[Watched], wanted: &HashSet<PathBuf>) {
        let folders: BTreeSet<PathBuf> =
            self.logs.keys().filter_map(|path| Path::new(path).parent().map(Path::to_owned)).collect();
        let mut paths: BTreeSet<PathBuf> = wanted.iter().cloned().collect();
        for folder in folders {
            // One that may not be listed can still have files that may be read.
            let names = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
            paths.extend(names);
        }
        for path in paths {
            let live = names::live_path(&path);
            let Some(log) = live.to_str().and_then(|live| self.logs.get_mut(live)) else { continue };
            let named = wanted.contains(&path);
            if !named && watched[log.source].excludes(&path) {
                continue;
            }
            match fs::metadata(&path) {
                Ok(meta) if meta.is_file() => {
                    let stat = Stat::of(&meta);
                    log.members.push(Member { live: path == live, wanted: named, path, stat });
                }
                Ok(_) => {}
                Err(error) if glob::is_absence(&error) => {}
                Err(error) => self.problems.push((path, log.source, error)),
            }
        }
        self.logs.values_mut().for_each(|log| log.members.sort_by_key(Member::age));
    }
}
