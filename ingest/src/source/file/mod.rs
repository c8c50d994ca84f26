//! Files that are followed as they grow, through every kind of rotation.
//!
//! # Promises
//! * Each line becomes one record, once: its position is journalled with it, and a crash keeps both or neither.
//! * A file is known by device, inode and what it holds (checksums of its beginning and of what stands before the
//!   position), so a renamed file goes on where it was, a copy or a compressed version of it adds nothing, and an inode
//!   that was given to a new file confuses nobody.
//! * Files that rotation renamed are read to their end before their successor, also where several rotations happened
//!   since the last look or while this program was stopped, as long as they lie in the same folder.
//! * A line that has no end yet waits for it; in a rotated file for [`SETTLED`](follower::SETTLED), in a compressed one
//!   not at all. Bytes are kept as they are, without the line's end (LF or CR LF). Empty lines are no records.
//! * What cannot be read is told once, counted in `source_unreadable_files`, and tried again.
//!
//! # Limits
//! [`MAX_FILES`](find::MAX_FILES) files, few of them open at a time; folders are looked at every [`POLL`] at least and
//! [`SLOWEST_POLL`] at most. Truncation in place (`copytruncate`) loses what was written between the copy and the
//! truncation, as it does for everybody; what the copy holds is read from there.
//!
//! # Rotated files
//! `app.log.1`, `app.log-20261122` or `app.log.2.gz` belong to `app.log`: their lines carry its path, by which their
//! format is found and records of several lines are joined. Where `paths` names them too (`app.log*`) they are history
//! that is read once, oldest first.

mod content;
mod cut;
mod find;
mod follower;
pub mod glob;
mod mark;
mod names;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{runtime, sync::watch};

use super::{Error, Handle, Intake, Phase};
use crate::{
    Origin, Transport,
    journal::{Appender, Batch, OriginRef, Positions, Step},
    source::syslog::{DEFAULT_MAX_LINE, LARGEST_MAX_LINE},
    units::Size,
};
use find::Watched;
use follower::{Follower, Output, Stopped};

/// How often files are looked at, at most…
pub const POLL: Duration = Duration::from_millis(250);
/// …and at least, where looking takes long.
pub const SLOWEST_POLL: Duration = Duration::from_secs(1);
/// The share of its time that the source may spend with looking: one part in so many.
const LOOK_SHARE: u32 = 16;
/// Origins that are kept at hand.
const MAX_ORIGINS: usize = 4_096;

/// Files that are followed: `[[source]]` with `type = "file"`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileConfig {
    /// Paths; `*`, `?`, `[a-z]` stand for parts of a name, `**` for any folders.
    pub paths: Vec<PathBuf>,
    /// Names, or paths, that are left out: `["*.gz"]`.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Where to begin in files that are there when a path is looked for the first time; what comes later is always read
    /// from its beginning.
    #[serde(default)]
    pub start: Start,
    /// Longest record; a longer line is cut, marked and counted.
    #[serde(default = "default_max_line")]
    pub max_line: Size,
    /// The host that the lines are of; absent: the one that each line names, else this machine.
    #[serde(default)]
    pub host: Option<String>,
}

/// Where to begin in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// With its first line.
    #[default]
    Beginning,
    /// Behind its last line.
    End,
}

fn default_max_line() -> Size {
    DEFAULT_MAX_LINE
}

impl FileConfig {
    /// The settings of a source of which only the paths are given.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        FileConfig { paths, exclude: Vec::new(), start: Start::default(), max_line: DEFAULT_MAX_LINE, host: None }
    }

    /// Checks what can be told before anything is read.
    ///
    /// # Errors
    /// No path is given, or `max_line` is above [`LARGEST_MAX_LINE`].
    pub fn check(&self) -> Result<(), Error> {
        let label = self.label();
        if self.paths.is_empty() {
            return Err(Error::Scheme {
                label,
                what: "`paths` is empty; name files, such as \"/var/log/nginx/*.log\"",
            });
        }
        if self.max_line > LARGEST_MAX_LINE {
            return Err(Error::TooLarge { label, setting: "max_line", given: self.max_line, most: LARGEST_MAX_LINE });
        }
        Ok(())
    }

    /// The source's name in metrics: `file:/var/log/apt/history.log`, with how many other paths there are.
    pub fn label(&self) -> String {
        match &self.paths[..] {
            [] => "file:".into(),
            [path] => format!("file:{}", path.display()),
            [path, more @ ..] => format!("file:{} +{}", path.display(), more.len()),
        }
    }
}

/// Follows the files of all sources until the handle is stopped, from `positions` on. Must be called within a tokio
/// runtime.
///
/// One thread serves all sources; a file that two of them name is read for the first.
///
/// # Errors
/// As [`FileConfig::check`].
pub fn spawn(configs: &[FileConfig], positions: &Positions, appender: Appender) -> Result<Handle, Error> {
    configs.iter().try_for_each(FileConfig::check)?;
    let watched = configs.iter().map(Watched::new).collect();
    let follower = Follower::new(watched, positions, Instant::now());
    let label: Arc<str> = "file".into();
    let (phase, receiver) = watch::channel(Phase::Running);
    let sources: Vec<Intake> = configs
        .iter()
        .map(|config| {
            let intake = Intake { label: config.label().into(), appender: appender.clone(), phase: receiver.clone() };
            intake.counters();
            intake
        })
        .collect();
    for source in &sources {
        tracing::info!(source = %source.label, "following");
    }
    let out = Journalled {
        hosts: configs.iter().map(|config| config.host.as_deref().map(Into::into)).collect(),
        sources: sources.iter().map(|source| Arc::clone(&source.label)).collect(),
        here: super::this_host(),
        batch: appender.batch(),
        origins: HashMap::new(),
        current: None,
        phase: receiver.clone(),
        runtime: runtime::Handle::current(),
        appender,
    };
    let task = tokio::task::spawn_blocking(move || follow(follower, out, &sources, receiver));
    let configured = label.to_string();
    Ok(Handle { label, configured, address: None, door: None, phase, task })
}

/// Rounds of looking and reading until the source is stopped or the journal takes nothing any more.
fn follow(mut follower: Follower, mut out: Journalled, sources: &[Intake], mut phase: watch::Receiver<Phase>) {
    while *phase.borrow() == Phase::Running {
        let begun = Instant::now();
        let Ok(more) = follower.round(begun, &mut out) else { return };
        if out.flush().is_err() {
            return;
        }
        for (n, source) in sources.iter().enumerate() {
            source.counters().unreadable(follower.unreadable(n) as u64);
        }
        if !more {
            let pause = (begun.elapsed() * LOOK_SHARE).clamp(POLL, SLOWEST_POLL);
            let stop = super::told_to_stop(&mut phase);
            let _ = out.runtime.block_on(async { tokio::time::timeout(pause, stop).await });
        }
    }
}

/// Puts lines and positions into the journal.
struct Journalled {
    appender: Appender,
    batch: Batch,
    /// The host of each source's lines, where it is set.
    hosts: Vec<Option<Arc<str>>>,
    sources: Vec<Arc<str>>,
    here: Arc<str>,
    origins: HashMap<(usize, String), OriginRef>,
    current: Option<OriginRef>,
    phase: watch::Receiver<Phase>,
    runtime: runtime::Handle,
}

impl Journalled {
    /// Hands the batch to the journal; waits while its queue is full, but no longer than the source may live.
    fn flush(&mut self) -> Result<(), Stopped> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, self.appender.batch());
        let (appender, phase) = (&self.appender, &mut self.phase);
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                appended = appender.append(batch) => appended.map_err(|_| Stopped),
                _ = phase.wait_for(|phase| *phase == Phase::Ending) => Err(Stopped),
            }
        })
    }

    fn origin(&self) -> Result<&OriginRef, Stopped> {
        self.current.as_ref().ok_or(Stopped)
    }
}

impl Output for Journalled {
    fn begin(&mut self, source: usize, path: &str) {
        let key = (source, path.to_owned());
        if self.origins.len() >= MAX_ORIGINS && !self.origins.contains_key(&key) {
            self.origins.clear();
        }
        let origin = self.origins.entry(key).or_insert_with(|| {
            self.appender.origin(&Origin {
                peer: Some(Arc::clone(&self.here)),
                path: Some(path.into()),
                host: self.hosts[source].clone(),
                ..Origin::new(Transport::File, &self.sources[source])
            })
        });
        self.current = Some(Arc::clone(origin));
    }

    fn line(&mut self, raw: &[u8], truncated: bool) -> Result<(), Stopped> {
        let (origin, now) = (self.origin()?.clone(), self.appender.now());
        // A line is far below what a record may hold.
        self.batch.push_part(&origin, now, truncated, raw).map_err(|_| Stopped)
    }

    fn close(&mut self, step: Step) -> Result<(), Stopped> {
        let (origin, now) = (self.origin()?.clone(), self.appender.now());
        self.batch.close(&origin, now, step).map_err(|_| Stopped)?;
        if self.batch.is_full() { self.flush() } else { Ok(()) }
    }
}
