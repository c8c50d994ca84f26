//! Finds files, knows them again, and reads what is new in them. No threads, no clock, no journal: a simulation drives
//! it as the source does.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    io,
    path::Path,
    time::{Duration, Instant},
};

use super::{
    Start,
    content::Content,
    cut::{Cutter, End, Failed, WINDOW_BYTES},
    find::{Found, Log, Member, Watched},
    mark::{Fit, MAX_PREFIX, Mark, Packed, Stat},
};
use crate::journal::{Positions, Step};

/// What is read of one log before the others have their turn.
const TURN_BYTES: u64 = 8 << 20;
/// Files that are kept open at a time.
const MAX_OPEN: usize = 256;
/// How long a rotated file must be quiet before its last line is one without an end.
pub(super) const SETTLED: Duration = Duration::from_secs(10);
/// How long a file that is in no folder any more is held open for its writer.
const UNLINKED: Duration = Duration::from_secs(60);
/// How long the mark of a file that is gone is kept, should it come back under another name or compressed.
const FORGET_AFTER: Duration = Duration::from_secs(86_400);
/// Marks of files that are gone, for one log, once they are gone for longer than [`SEEN_AGAIN`].
const MAX_GONE: usize = 16;
/// A folder that is listed while its files are renamed shows some of them not at all; they are seen again soon.
const SEEN_AGAIN: Duration = Duration::from_secs(60);

/// Keys of positions: one per file, one per pattern that was looked for.
const FILE_KEY: &str = "file/";
const PATTERN_KEY: &str = "file-pattern/";

/// The journal takes nothing any more.
#[derive(Debug)]
pub(super) struct Stopped;

/// Where lines and positions go.
pub(super) trait Output {
    /// The lines that follow are of this source and log.
    fn begin(&mut self, source: usize, path: &str);
    /// One line.
    fn line(&mut self, raw: &[u8], truncated: bool) -> Result<(), Stopped>;
    /// The position that the lines since the last one lead to.
    fn close(&mut self, step: Step) -> Result<(), Stopped>;
}

/// A file that is known.
struct Entry {
    /// Of its last journalled step.
    number: u64,
    mark: Mark,
    content: Option<Content>,
    /// What the system said of it when it was read to its end.
    read: Option<Stat>,
    /// It ended in a line without an end.
    partial: bool,
    /// How far an endless line was looked through.
    searched: u64,
    /// When something was last read of it.
    active: Instant,
    /// Since when it is in no folder.
    gone: Option<Instant>,
}

impl Entry {
    fn new(number: u64, mark: Mark, now: Instant) -> Entry {
        Entry { number, mark, content: None, read: None, partial: false, searched: 0, active: now, gone: None }
    }

    /// Opens the file where it is not open; `false` where something else stands there by now.
    fn open(&mut self, path: &Path) -> io::Result<bool> {
        if self.content.is_none() {
            let content = Content::open(path)?;
            if Stat::of(&content.file().metadata()?).id() != self.mark.id() {
                return Ok(false);
            }
            self.content = Some(content);
        }
        Ok(true)
    }

    /// Whether this file, which has the marked one's inode, still holds what was read of it.
    fn is_held_by(&mut self, member: &Member) -> io::Result<bool> {
        if self.read == Some(member.stat) {
            return Ok(true);
        }
        // As long as it is open its inode is given to nobody else; later only what was read of it proves anything.
        if self.content.is_none() && self.mark.offset == 0 {
            return Ok(false);
        }
        if !self.open(&member.path)? {
            return Ok(false);
        }
        let Some(content) = &mut self.content else { return Ok(false) };
        let stat = Stat::of(&content.file().metadata()?);
        let held = self.mark.holds(content, &stat)?;
        if !held {
            (self.content, self.read) = (None, None);
        }
        Ok(held)
    }
}

/// Follows files. See [`Follower::round`].
pub(super) struct Follower {
    watched: Vec<Watched>,
    entries: BTreeMap<u64, Entry>,
    next: u64,
    /// Patterns that were looked for before.
    begun: BTreeMap<String, u64>,
    cutter: Cutter,
    /// Strangers that cannot be taken as they are: copies in the making, cut archives.
    refused: HashMap<(u64, u64), Stat>,
    problems: BTreeMap<String, (usize, String)>,
}

impl Follower {
    /// Goes on where the positions say.
    pub fn new(watched: Vec<Watched>, positions: &Positions, now: Instant) -> Follower {
        let mut entries = BTreeMap::new();
        for (key, known) in positions.of(FILE_KEY) {
            let number = key.strip_prefix(FILE_KEY).and_then(|key| key.parse().ok());
            if let (Some(key), Ok(mark)) = (number, serde_json::from_value(known.state.clone())) {
                entries.insert(key, Entry::new(known.number, mark, now));
            }
        }
        let begun = positions.of(PATTERN_KEY).map(|(key, known)| (key[PATTERN_KEY.len()..].to_owned(), known.number));
        Follower {
            watched,
            next: entries.last_key_value().map_or(0, |(key, _): (&u64, _)| key + 1),
            entries,
            begun: begun.collect(),
            cutter: Cutter::new(),
            refused: HashMap::new(),
            problems: BTreeMap::new(),
        }
    }

    /// How many files of this source cannot be read at present.
    pub fn unreadable(&self, source: usize) -> usize {
        self.problems.values().filter(|(of, _)| *of == source).count()
    }

    /// Looks for files and reads what is new in each, up to its end or a fair share; whether there is more to read.
    ///
    /// # Errors
    /// The output takes nothing any more.
    pub fn round(&mut self, now: Instant, out: &mut dyn Output) -> Result<bool, Stopped> {
        let logs_of = |entries: &BTreeMap<u64, Entry>| -> BTreeSet<String> {
            entries.values().map(|entry| entry.mark.path.clone()).collect()
        };
        let begun = |text: &str| self.begun.contains_key(text);
        let found = Found::look(&self.watched, &begun, &logs_of(&self.entries));
        let before = std::mem::take(&mut self.problems);
        for (path, source, error) in &found.problems {
            self.problem(&before, *source, path, error.to_string());
        }
        let mut index: HashMap<(u64, u64), Vec<u64>> = HashMap::new();
        self.entries.iter().for_each(|(key, entry)| index.entry(entry.mark.id()).or_default().push(*key));
        let mut round = Round { now, index, held: HashSet::new(), seen: HashSet::new(), before };
        let mut more = false;
        for (path, log) in &found.logs {
            more |= self.log(path, log, &mut round, out)?;
        }
        self.gone(&round, out)?;
        self.begin(&found, out)?;
        self.close_some();
        let Follower { refused, .. } = self;
        refused.retain(|id, _| found.logs.values().any(|log| log.members.iter().any(|m| m.stat.id() == *id)));
        Ok(more)
    }

    /// One log: its live file and what rotation made of it.
    fn log(&mut self, path: &str, log: &Log, round: &mut Round, out: &mut dyn Output) -> Result<bool, Stopped> {
        let (mut strangers, mut known) = (Vec::new(), Vec::new());
        for member in &log.members {
            match self.holder(member, round) {
                Ok(Some(key)) => {
                    round.hold(key, member);
                    self.entry(key).mark.path = path.to_owned();
                    known.push((member, key));
                }
                Ok(None) if round.seen.contains(&member.stat.id()) => {}
                Ok(None) => strangers.push(member),
                Err(error) => {
                    // It is there, whatever it holds.
                    round.held.extend(round.index.get(&member.stat.id()).into_iter().flatten());
                    self.problem(&round.before, log.source, &member.path, error.to_string());
                }
            }
        }
        let mut of_log: Vec<u64> =
            self.entries.iter().filter(|(_, entry)| entry.mark.path == path).map(|(key, _)| *key).collect();
        // A file that lost its name still has its lines, and they come before those of its successor.
        for key in of_log.iter().filter(|key| !round.held.contains(key)) {
            self.drain(*key, log.source, round, out)?;
        }
        for member in strangers {
            match self.meet(member, path, log, &of_log, round, out) {
                Ok(Some(key)) => {
                    known.push((member, key));
                    of_log.push(key);
                }
                Ok(None) => {}
                Err(Failed::Read(error)) => {
                    self.refused.insert(member.stat.id(), member.stat);
                    self.problem(&round.before, log.source, &member.path, error.to_string());
                }
                Err(Failed::Stopped(stopped)) => return Err(stopped),
            }
        }
        known.sort_by_key(|(member, _)| member.age());
        let has_live = log.members.iter().any(|member| member.live);
        for (member, key) in known {
            out.begin(log.source, path);
            match self.read(key, member, log, has_live, round, out) {
                Ok(true) => {}
                Ok(false) => return Ok(true),
                Err(Failed::Stopped(stopped)) => return Err(stopped),
                Err(Failed::Read(error)) => {
                    (self.entry(key).content, self.entry(key).read) = (None, None);
                    self.problem(&round.before, log.source, &member.path, error.to_string());
                }
            }
        }
        Ok(false)
    }

    /// The entry that this file is, by its inode and what it holds.
    fn holder(&mut self, member: &Member, round: &Round) -> io::Result<Option<u64>> {
        let candidates = round.index.get(&member.stat.id()).map(Vec::as_slice).unwrap_or_default();
        for key in candidates.iter().rev().filter(|key| !round.held.contains(key)) {
            if self.entry(*key).is_held_by(member)? {
                return Ok(Some(*key));
            }
        }
        Ok(None)
    }

    /// A file that nobody knows by its inode: what was known under another one, a copy, or new.
    fn meet(
        &mut self,
        member: &Member,
        path: &str,
        log: &Log,
        of_log: &[u64],
        round: &mut Round,
        out: &mut dyn Output,
    ) -> Result<Option<u64>, Failed> {
        let (held, orphans): (Vec<u64>, Vec<u64>) = of_log.iter().partition(|key| round.held.contains(key));
        if orphans.is_empty() && self.refused.get(&member.stat.id()) == Some(&member.stat) {
            let path = member.path.display().to_string();
            let told = round.before.get(&path).cloned();
            self.problems.extend(told.map(|told| (path, told)));
            return Ok(None);
        }
        let mut content = Content::open(&member.path)?;
        let stat = Stat::of(&content.file().metadata()?);
        if stat.id() != member.stat.id() {
            return Ok(None);
        }
        let mut start = vec![0; if of_log.is_empty() && content.codec().is_none() { 0 } else { MAX_PREFIX }];
        let read = content.read_at(0, &mut start)?;
        start.truncate(read);
        let packed = content.codec().map(|codec| Packed::of(&content, &stat, codec)).transpose()?;
        out.begin(log.source, path);
        for key in orphans.into_iter().rev() {
            let fit = self.entry(key).mark.fits(&mut content, &start)?;
            if fit == Fit::Same || (fit == Fit::Shorter && !member.live) {
                self.adopt(key, fit, content, &stat, packed)?;
                round.hold(key, member);
                self.save(key, out).map_err(Failed::Stopped)?;
                return Ok(Some(key));
            }
        }
        if !member.live {
            for key in held {
                let mark = &self.entry(key).mark;
                let copy = match mark.begins_like(&start) {
                    Some(same) => same,
                    None => mark.fits(&mut content, &start)? == Fit::Same,
                };
                if copy {
                    self.refused.insert(stat.id(), stat);
                    return Ok(None);
                }
            }
        }
        self.refused.remove(&stat.id());
        let mut mark = Mark::new(path, &stat);
        if packed.is_some() {
            (mark.offset, mark.packed) = (start.len() as u64, packed);
            mark.grow_prefixes(&mut content)?;
            mark.offset = 0;
        }
        let wanted = member.wanted && self.watched[log.source].start == Start::Beginning;
        let key = self.next;
        self.next += 1;
        if log.fresh && !wanted {
            pass_over(&mut mark, &mut content, &stat)?;
        }
        let skipped = mark.offset > 0;
        self.entries.insert(key, Entry { content: Some(content), ..Entry::new(0, mark, round.now) });
        round.hold(key, member);
        if skipped {
            self.save(key, out).map_err(Failed::Stopped)?;
        }
        Ok(Some(key))
    }

    /// The marked file goes on as this one.
    fn adopt(
        &mut self,
        key: u64,
        fit: Fit,
        mut content: Content,
        stat: &Stat,
        packed: Option<Packed>,
    ) -> io::Result<()> {
        let entry = self.entry(key);
        (entry.mark.dev, entry.mark.ino) = stat.id();
        entry.mark.packed = packed;
        if fit == Fit::Shorter {
            // All that it holds was read before; its own end is what it is known by from now on.
            entry.mark.prefixes.clear();
            pass_over(&mut entry.mark, &mut content, stat)?;
        }
        (entry.content, entry.read, entry.searched) = (Some(content), None, 0);
        Ok(())
    }

    /// Reads a file to its end, or its share; whether its end was reached.
    fn read(
        &mut self,
        key: u64,
        member: &Member,
        log: &Log,
        has_live: bool,
        round: &Round,
        out: &mut dyn Output,
    ) -> Result<bool, Failed> {
        let entry = self.entry(key);
        let settled = !member.live && has_live && round.now.duration_since(entry.active) >= SETTLED;
        let last = entry.mark.packed.is_some() || (entry.partial && settled);
        if entry.mark.offset == Mark::WHOLE {
            (entry.read, entry.content) = (Some(member.stat), None);
            return Ok(true);
        }
        if (entry.read == Some(member.stat) && !(entry.partial && settled)) || !entry.open(&member.path)? {
            return Ok(true);
        }
        let reached = self.read_on(key, log.source, last, round.now, out)?;
        let entry = self.entry(key);
        if reached && !member.live && !entry.partial {
            entry.content = None;
        }
        Ok(reached)
    }

    /// Reads an open file to its end, or its share; whether its end was reached.
    fn read_on(
        &mut self,
        key: u64,
        source: usize,
        last: bool,
        now: Instant,
        out: &mut dyn Output,
    ) -> Result<bool, Failed> {
        let max_line = self.watched[source].max_line;
        let mut turn = TURN_BYTES;
        loop {
            let Some(entry) = self.entries.get_mut(&key) else { return Ok(true) };
            let Some(content) = &mut entry.content else { return Ok(true) };
            let stat = Stat::of(&content.file().metadata()?);
            let before = entry.mark.offset;
            let end = self.cutter.read(&mut entry.mark, content, (max_line, last), &mut entry.searched, out)?;
            let taken = entry.mark.offset - before;
            if taken > 0 {
                if let Err(error) = entry.mark.grow_prefixes(content) {
                    tracing::debug!(%error, "the beginning of a file cannot be read again");
                }
                entry.active = now;
                self.save(key, out).map_err(Failed::Stopped)?;
            }
            let entry = self.entry(key);
            match end {
                End::Reached { partial } => {
                    (entry.read, entry.partial) = (Some(stat), partial);
                    return Ok(true);
                }
                End::Changed => {
                    (entry.read, entry.content, entry.searched) = (None, None, 0);
                    return Ok(true);
                }
                End::More if taken >= turn => return Ok(false),
                End::More => turn -= taken,
            }
        }
    }

    /// Reads what a file without a name still holds.
    fn drain(&mut self, key: u64, source: usize, round: &Round, out: &mut dyn Output) -> Result<(), Stopped> {
        let entry = self.entry(key);
        if !matches!(entry.content, Some(Content::Plain(_))) {
            entry.content = None;
            return Ok(());
        }
        let last = entry.gone.is_some_and(|since| round.now.duration_since(since) >= UNLINKED);
        let path = entry.mark.path.clone();
        out.begin(source, &path);
        match self.read_on(key, source, last, round.now, out) {
            Ok(_) => {}
            Err(Failed::Stopped(stopped)) => return Err(stopped),
            Err(Failed::Read(error)) => tracing::debug!(path, %error, "a file without a name cannot be read any more"),
        }
        if last {
            self.entry(key).content = None;
        }
        Ok(())
    }

    /// Remembers what is in no folder, and forgets it in time.
    fn gone(&mut self, round: &Round, out: &mut dyn Output) -> Result<(), Stopped> {
        let mut gone: HashMap<String, Vec<(Instant, u64)>> = HashMap::new();
        self.entries.retain(|key, entry| entry.number > 0 || entry.content.is_some() || round.held.contains(key));
        for (key, entry) in &mut self.entries {
            if round.held.contains(key) {
                entry.gone = None;
                continue;
            }
            let since = *entry.gone.get_or_insert(round.now);
            gone.entry(entry.mark.path.clone()).or_default().push((since, *key));
        }
        for mut entries in gone.into_values() {
            entries.sort();
            let many = entries.len().saturating_sub(MAX_GONE);
            for (n, (since, key)) in entries.into_iter().enumerate() {
                if self.entry(key).content.is_some() {
                    self.drain(key, self.source_of(key), round, out)?;
                }
                let gone = round.now.duration_since(since);
                if gone >= FORGET_AFTER || (n < many && gone >= SEEN_AGAIN) {
                    self.forget(key, out)?;
                }
            }
        }
        Ok(())
    }

    /// The source that a file's path is of.
    fn source_of(&self, key: u64) -> usize {
        let covers = |watched: &Watched| watched.covers(Path::new(&self.entries[&key].mark.path));
        self.watched.iter().position(covers).unwrap_or(0)
    }

    fn forget(&mut self, key: u64, out: &mut dyn Output) -> Result<(), Stopped> {
        let Some(entry) = self.entries.remove(&key) else { return Ok(()) };
        if entry.number == 0 {
            return Ok(());
        }
        out.begin(0, &entry.mark.path);
        out.close(Step { key: format!("{FILE_KEY}{key}"), number: entry.number + 1, records: 0, state: None })
    }

    /// Patterns whose files were seen once: what comes now is new and read from its beginning.
    fn begin(&mut self, found: &Found, out: &mut dyn Output) -> Result<(), Stopped> {
        for (source, text) in &found.patterns {
            if !self.begun.contains_key(text) {
                out.begin(*source, text);
                let state = Some(serde_json::Value::Bool(true));
                out.close(Step { key: format!("{PATTERN_KEY}{text}"), number: 1, records: 0, state })?;
                self.begun.insert(text.clone(), 1);
            }
        }
        Ok(())
    }

    /// Closes the files that were quiet for longest where too many are open.
    fn close_some(&mut self) {
        let mut open: Vec<(Instant, u64)> =
            self.entries.iter().filter(|(_, e)| e.content.is_some()).map(|(key, e)| (e.active, *key)).collect();
        if open.len() > MAX_OPEN {
            open.sort();
            for (_, key) in &open[..open.len() - MAX_OPEN] {
                self.entry(*key).content = None;
            }
        }
    }

    fn save(&mut self, key: u64, out: &mut dyn Output) -> Result<(), Stopped> {
        let entry = self.entry(key);
        entry.number += 1;
        let state = Some(serde_json::to_value(&entry.mark).expect("a mark is strings and numbers"));
        out.close(Step { key: format!("{FILE_KEY}{key}"), number: entry.number, records: 0, state })
    }

    fn entry(&mut self, key: u64) -> &mut Entry {
        self.entries.get_mut(&key).expect("keys come from the table and are forgotten with their entry")
    }

    /// Tells what cannot be read, once, and again when it changes.
    fn problem(&mut self, before: &BTreeMap<String, (usize, String)>, source: usize, path: &Path, error: String) {
        let path = path.display().to_string();
        if before.get(&path).is_none_or(|(_, told)| *told != error) {
            tracing::warn!(path, "cannot be read: {error}; it is tried again");
        }
        self.problems.insert(path, (source, error));
    }
}

/// What one round knows.
struct Round {
    now: Instant,
    index: HashMap<(u64, u64), Vec<u64>>,
    /// Files that were found.
    held: HashSet<u64>,
    /// Device and inode of each.
    seen: HashSet<(u64, u64)>,
    before: BTreeMap<String, (usize, String)>,
}

impl Round {
    /// This entry is this file; the same one under another name is passed over.
    fn hold(&mut self, key: u64, member: &Member) {
        self.held.insert(key);
        self.seen.insert(member.stat.id());
    }
}

/// Marks all whole lines of a file as read.
fn pass_over(mark: &mut Mark, content: &mut Content, stat: &Stat) -> io::Result<()> {
    if mark.packed.is_some() {
        mark.offset = Mark::WHOLE;
        return Ok(());
    }
    let mut end = vec![0; stat.size.min(WINDOW_BYTES as u64) as usize];
    let from = stat.size - end.len() as u64;
    let read = content.read_at(from, &mut end)?;
    end.truncate(read);
    // A line that is being written is still to come, as long as it is short enough to be seen whole.
    if let Some(line) = memchr::memrchr(b'\n', &end)
        && end.len() - line <= WINDOW_BYTES / 2
    {
        end.truncate(line + 1);
    }
    mark.advance(from + end.len() as u64, &end);
    mark.grow_prefixes(content)
}
