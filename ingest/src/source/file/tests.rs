//! The follower against a writer that appends, renames, truncates, compresses and deletes, with crashes in between.

use std::{
    fs,
    io::Write,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    FileConfig, Start,
    find::Watched,
    follower::{Follower, Output, SETTLED, Stopped},
};
use crate::{
    journal::{Positions, Step},
    units::Size,
};

/// What the journal holds: lines, and the positions that they lead to.
#[derive(Clone, Debug)]
enum Kept {
    Line { path: String, raw: Vec<u8>, truncated: bool },
    Step(Step),
}

/// A journal in memory.
#[derive(Default)]
struct Memory {
    kept: Vec<Kept>,
    path: String,
}

impl Output for Memory {
    fn begin(&mut self, _: usize, path: &str) {
        self.path = path.to_owned();
    }

    fn line(&mut self, raw: &[u8], truncated: bool) -> Result<(), Stopped> {
        self.kept.push(Kept::Line { path: self.path.clone(), raw: raw.to_vec(), truncated });
        Ok(())
    }

    fn close(&mut self, step: Step) -> Result<(), Stopped> {
        self.kept.push(Kept::Step(step));
        Ok(())
    }
}

impl Memory {
    /// A crash takes everything from some record on, and lines without their position.
    fn crash(&mut self, at: usize) {
        self.kept.truncate(at);
        while matches!(self.kept.last(), Some(Kept::Line { .. })) {
            self.kept.pop();
        }
    }

    fn positions(&self) -> Positions {
        let mut rows = std::collections::BTreeMap::new();
        for kept in &self.kept {
            if let Kept::Step(step) = kept {
                let row = serde_json::json!({ "number": step.number, "state": step.state });
                let key = format!("position/{}", step.key);
                let before = match &step.state {
                    Some(_) => rows.insert(key, row),
                    None => rows.remove(&key),
                };
                let number = before.map_or(0, |row: serde_json::Value| row["number"].as_u64().unwrap());
                assert_eq!(step.number, number + 1, "steps count up by one: {step:?}");
            }
        }
        let rows: Vec<_> = rows.into_iter().map(|(key, row)| (key, serde_json::to_vec(&row).unwrap())).collect();
        Positions::restore(&rows)
    }

    fn lines(&self) -> Vec<String> {
        let text = |kept: &Kept| match kept {
            Kept::Line { raw, .. } => Some(String::from_utf8_lossy(raw).into_owned()),
            Kept::Step(_) => None,
        };
        self.kept.iter().filter_map(text).collect()
    }
}

/// A folder, a follower of it, and what it journalled.
struct Scene {
    dir: TempDir,
    config: FileConfig,
    follower: Follower,
    memory: Memory,
    now: Instant,
}

impl Scene {
    fn new(paths: &[&str], start: Start) -> Scene {
        let dir = tempfile::tempdir().unwrap();
        let paths = paths.iter().map(|path| dir.path().join(path)).collect();
        let config = FileConfig { start, max_line: Size(1_000), ..FileConfig::new(paths) };
        let now = Instant::now();
        let follower = Follower::new(vec![Watched::new(&config)], &Positions::default(), now);
        Scene { dir, config, follower, memory: Memory::default(), now }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn append(&self, name: &str, text: impl AsRef<[u8]>) {
        let mut file = fs::File::options().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(text.as_ref()).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// As gzip and zstd do: the new file first, then the old one goes.
    fn compress(&self, name: &str, suffix: &str) {
        let (path, packed) = (self.path(name), self.path(&format!("{name}{suffix}")));
        fs::write(&packed, pack(&fs::read(&path).unwrap(), suffix)).unwrap();
        fs::remove_file(path).unwrap();
    }

    fn copy_and_truncate(&self, name: &str, copy: &str) {
        fs::copy(self.path(name), self.path(copy)).unwrap();
        fs::File::options().write(true).open(self.path(name)).unwrap().set_len(0).unwrap();
    }

    /// Rounds until nothing is left to read.
    fn read(&mut self) {
        while self.follower.round(self.now, &mut self.memory).unwrap() {}
    }

    /// The process dies; what it journalled since `kept` is gone.
    fn restart(&mut self, kept: usize) {
        self.memory.crash(kept);
        self.follower = Follower::new(vec![Watched::new(&self.config)], &self.memory.positions(), self.now);
    }

    fn crash(&mut self) {
        self.restart(usize::MAX);
    }

    #[track_caller]
    fn expect(&mut self, lines: &[&str]) {
        self.read();
        assert_eq!(self.memory.lines(), lines);
    }
}

fn pack(bytes: &[u8], suffix: &str) -> Vec<u8> {
    if suffix == ".zst" {
        return zstd::encode_all(bytes, 1).unwrap();
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn lines_come_as_they_are_written_and_a_partial_one_waits_for_its_end() {
    let mut scene = Scene::new(&["*.log"], Start::Beginning);
    scene.append("app.log", "one\r\ntwo\n\nthr");
    scene.expect(&["one", "two"]);
    scene.append("app.log", "ee\nfour\n");
    scene.expect(&["one", "two", "three", "four"]);
}

#[test]
fn nuls_and_bytes_that_are_no_text_are_kept() {
    let mut scene = Scene::new(&["app.log"], Start::Beginning);
    scene.append("app.log", b"a\0b\xff\xfe\n\0\0\n");
    scene.read();
    let raws = scene.memory.kept.iter().filter_map(|kept| match kept {
        Kept::Line { raw, .. } => Some(raw.clone()),
        Kept::Step(_) => None,
    });
    assert_eq!(raws.collect::<Vec<_>>(), [b"a\0b\xff\xfe".to_vec(), b"\0\0".to_vec()]);
}

#[test]
fn a_line_above_the_limit_is_cut_wherever_its_end_comes_and_the_next_is_whole() {
    for length in [999, 1_000, 1_001, 1_002, 300_000, 600_000] {
        let mut scene = Scene::new(&["app.log"], Start::Beginning);
        scene.append("app.log", "x".repeat(length));
        scene.expect(&[]);
        scene.append("app.log", "xx");
        scene.expect(&[]);
        scene.append("app.log", "\nnext\n");
        scene.read();
        let Kept::Line { raw, truncated, .. } = &scene.memory.kept[1] else { panic!("{:?}", scene.memory.kept) };
        assert_eq!((raw.len(), *truncated), ((length + 2).min(1_000), length + 2 > 1_000));
        assert_eq!(scene.memory.lines()[1..], ["next"]);
        scene.append("app.log", "after\n");
        scene.crash();
        scene.read();
        assert_eq!(scene.memory.lines()[1..], ["next", "after"], "{length}");
    }
}

#[test]
fn a_renamed_file_is_read_to_its_end_before_its_successor() {
    let mut scene = Scene::new(&["app.log"], Start::Beginning);
    scene.append("app.log", "1\n");
    scene.expect(&["1"]);
    scene.append("app.log", "2\n");
    scene.rename("app.log", "app.log.1");
    scene.append("app.log", "4\n");
    scene.append("app.log.1", "3\n");
    scene.expect(&["1", "2", "3", "4"]);
    let paths = scene.memory.kept.iter().filter_map(|kept| match kept {
        Kept::Line { path, .. } => Some(path.rsplit('/').next().unwrap().to_owned()),
        Kept::Step(_) => None,
    });
    assert!(paths.into_iter().all(|path| path == "app.log"), "lines carry the path of the log");
}

#[test]
fn several_rotations_between_two_looks_or_while_stopped_lose_nothing() {
    for stopped in [false, true] {
        let mut scene = Scene::new(&["app.log"], Start::Beginning);
        scene.append("app.log", "1\n");
        scene.expect(&["1"]);
        for n in 2..6 {
            scene.append("app.log", format!("{n}\n"));
            for old in (1..n).rev() {
                let _ = fs::rename(scene.path(&format!("app.log.{old}")), scene.path(&format!("app.log.{}", old + 1)));
            }
            scene.rename("app.log", "app.log.1");
            std::thread::sleep(Duration::from_millis(10));
        }
        scene.append("app.log", "6\n");
        if stopped {
            scene.crash();
        }
        scene.read();
        assert_eq!(scene.memory.lines(), ["1", "2", "3", "4", "5", "6"], "stopped: {stopped}");
    }
}

#[test]
fn a_compressed_version_adds_only_what_was_not_read_before_whatever_inode_it_has() {
    for suffix in [".gz", ".zst"] {
        for stopped in [false, true] {
            let mut scene = Scene::new(&["app.log"], Start::Beginning);
            scene.append("app.log", (0..50).map(|n| format!("line {n}\n")).collect::<String>());
            scene.read();
            scene.append("app.log", "unread\n");
            scene.rename("app.log", "app.log.1");
            scene.compress("app.log.1", suffix);
            scene.append("app.log", "new\n");
            if stopped {
                scene.crash();
            }
            scene.read();
            assert_eq!(scene.memory.lines()[50..], ["unread", "new"], "{suffix}, stopped: {stopped}");
            scene.crash();
            scene.rename(&format!("app.log.1{suffix}"), &format!("app.log.2{suffix}"));
            scene.read();
            assert_eq!(scene.memory.lines().len(), 52);
        }
    }
}

#[test]
fn truncation_in_place_starts_anew_and_the_copy_gives_what_was_not_read() {
    for stopped in [false, true] {
        let mut scene = Scene::new(&["app.log*"], Start::Beginning);
        scene.append("app.log", (0..50).map(|n| format!("line {n}\n")).collect::<String>());
        scene.read();
        scene.append("app.log", "unread\n");
        scene.copy_and_truncate("app.log", "app.log.1");
        scene.append("app.log", (0..90).map(|n| format!("later {n}\n")).collect::<String>());
        if stopped {
            scene.crash();
        }
        scene.read();
        assert_eq!(scene.memory.lines()[50..52], ["unread", "later 0"]);
        scene.read();
        assert_eq!(scene.memory.lines().len(), 50 + 1 + 90);
    }
}

#[test]
fn a_copy_in_the_making_is_not_read_even_if_the_original_grew_meanwhile() {
    let mut scene = Scene::new(&["app.log*"], Start::Beginning);
    scene.append("app.log", (0..50).map(|n| format!("line {n}\n")).collect::<String>());
    scene.read();
    fs::copy(scene.path("app.log"), scene.path("app.log.1")).unwrap();
    scene.append("app.log", "after the copy\n");
    scene.read();
    assert_eq!(scene.memory.lines().len(), 51);
    fs::File::options().write(true).open(scene.path("app.log")).unwrap().set_len(0).unwrap();
    scene.append("app.log", "new\n");
    scene.read();
    scene.crash();
    scene.read();
    assert_eq!(scene.memory.lines()[50..], ["after the copy", "new"]);
}

#[test]
fn compressed_history_that_a_pattern_names_comes_first_and_oldest_first() {
    let mut scene = Scene::new(&["app.log*"], Start::Beginning);
    for (n, name) in ["app.log.3", "app.log.2", "app.log.1", "app.log"].iter().enumerate() {
        scene.append(name, format!("{n}\n"));
        std::thread::sleep(Duration::from_millis(10));
    }
    for (name, suffix) in [("app.log.3", ".gz"), ("app.log.2", ".zst")] {
        let time = fs::metadata(scene.path(name)).unwrap().modified().unwrap();
        scene.compress(name, suffix);
        let packed = fs::File::options().append(true).open(scene.path(&format!("{name}{suffix}"))).unwrap();
        packed.set_modified(time).unwrap();
    }
    scene.expect(&["0", "1", "2", "3"]);
    scene.crash();
    scene.expect(&["0", "1", "2", "3"]);
}

#[test]
fn what_was_there_is_passed_over_where_the_end_is_wanted_and_new_files_are_read_whole() {
    let mut scene = Scene::new(&["*.log"], Start::End);
    scene.append("app.log", "old\nhalf");
    scene.append("app.log.1", "older\n");
    scene.append("app.log.2.gz", pack(b"oldest\n", ".gz"));
    scene.expect(&[]);
    scene.append("app.log", " line\n");
    scene.append("new.log", "first\n");
    scene.crash();
    scene.expect(&["half line", "first"]);
    scene.compress("app.log.1", ".gz");
    scene.rename("app.log", "app.log.1");
    scene.append("app.log", "next\n");
    scene.expect(&["half line", "first", "next"]);
}

#[test]
fn rotated_files_that_no_pattern_names_are_not_history() {
    let mut scene = Scene::new(&["app.log"], Start::Beginning);
    scene.append("app.log.1", "older\n");
    scene.append("app.log", "now\n");
    scene.expect(&["now"]);
}

#[test]
fn a_new_file_with_the_inode_of_a_deleted_one_is_new() {
    let mut scene = Scene::new(&["app.log"], Start::Beginning);
    scene.append("app.log", "one\n");
    scene.expect(&["one"]);
    // The same inode, as a file system gives it again: other content in place.
    let inode = fs::metadata(scene.path("app.log")).unwrap().ino();
    fs::write(scene.path("app.log"), "other and longer\n").unwrap();
    assert_eq!(fs::metadata(scene.path("app.log")).unwrap().ino(), inode);
    scene.crash();
    scene.expect(&["one", "other and longer"]);
}

#[test]
fn a_file_that_is_replaced_by_a_longer_version_of_itself_goes_on() {
    let mut scene = Scene::new(&["app.log"], Start::Beginning);
    scene.append("app.log", "one\ntwo\n");
    scene.expect(&["one", "two"]);
    fs::write(scene.path("incoming"), "one\ntwo\nthree\n").unwrap();
    scene.rename("incoming", "app.log");
    scene.expect(&["one", "two", "three"]);
}

#[test]
fn many_files_that_are_out_of_sight_for_a_moment_are_not_new_afterwards() {
    let mut scene = Scene::new(&["app.log*"], Start::Beginning);
    fs::create_dir(scene.path("away")).unwrap();
    (1..40).for_each(|n| scene.append(&format!("app.log.{n}"), format!("line {n}\n")));
    scene.read();
    (1..40).for_each(|n| scene.rename(&format!("app.log.{n}"), &format!("away/app.log.{n}")));
    scene.read();
    (1..40).for_each(|n| scene.rename(&format!("away/app.log.{n}"), &format!("app.log.{}", n + 1)));
    scene.read();
    assert_eq!(scene.memory.lines().len(), 39);
}

#[test]
fn what_an_unlinked_file_still_gets_is_read() {
    let mut scene = Scene::new(&["app.log"], Start::Beginning);
    scene.append("app.log", "one\n");
    scene.read();
    let mut writer = fs::File::options().append(true).open(scene.path("app.log")).unwrap();
    fs::remove_file(scene.path("app.log")).unwrap();
    scene.read();
    writer.write_all(b"two\nthree without end").unwrap();
    scene.expect(&["one", "two"]);
    scene.now += Duration::from_secs(61);
    scene.expect(&["one", "two", "three without end"]);
}

#[test]
fn the_last_line_of_a_rotated_file_needs_no_end_once_it_is_quiet() {
    let mut scene = Scene::new(&["app.log"], Start::Beginning);
    scene.append("app.log", "one\ntwo");
    scene.read();
    scene.rename("app.log", "app.log.1");
    scene.append("app.log", "three\nfour");
    scene.expect(&["one", "three"]);
    scene.now += SETTLED;
    scene.expect(&["one", "three", "two"]);
    scene.now += SETTLED;
    scene.expect(&["one", "three", "two"]);
}

#[test]
fn a_cut_archive_is_told_and_read_once_it_is_whole() {
    let mut scene = Scene::new(&["*.gz"], Start::Beginning);
    let packed = pack(b"one\ntwo\n", ".gz");
    scene.append("x.gz", &packed[..packed.len() - 4]);
    scene.expect(&[]);
    scene.read();
    assert_eq!(scene.follower.unreadable(0), 1);
    scene.append("x.gz", &packed[packed.len() - 4..]);
    scene.expect(&["one", "two"]);
    assert_eq!(scene.follower.unreadable(0), 0);
}

#[test]
fn thousands_of_files_take_few_descriptors() {
    let mut scene = Scene::new(&["*.log"], Start::Beginning);
    for n in 0..2_000 {
        scene.append(&format!("{n}.log"), "x\n");
    }
    scene.read();
    assert_eq!(scene.memory.lines().len(), 2_000);
    let ours = |entry: fs::DirEntry| fs::read_link(entry.path()).is_ok_and(|to| to.starts_with(scene.dir.path()));
    let open = fs::read_dir("/proc/self/fd").unwrap().flatten().filter(|_| true).map(ours).filter(|ours| *ours).count();
    assert!(open <= 256, "{open} files are open");
}

/// What a writer or its rotation does.
#[derive(Clone, Debug)]
enum Deed {
    Append(u8),
    /// Half a line, which the next append ends.
    Half,
    Rename,
    CopyTruncate,
    Compress,
    Delete,
    Look,
    /// The journal keeps this share of what was written since the last look.
    Crash(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => (1..40u8).prop_map(Deed::Append),
        1 => Just(Deed::Half),
        3 => Just(Deed::Rename),
        1 => Just(Deed::CopyTruncate),
        2 => Just(Deed::Compress),
        1 => Just(Deed::Delete),
        5 => Just(Deed::Look),
        2 => any::<u8>().prop_map(Deed::Crash),
    ]
}

/// A writer that numbers its lines, and rotation with ten generations.
struct Writer<'s> {
    dir: &'s Path,
    written: u32,
    half: bool,
}

impl Writer<'_> {
    fn path(&self, generation: usize, suffix: &str) -> PathBuf {
        match generation {
            0 => self.dir.join(format!("app.log{suffix}")),
            n => self.dir.join(format!("app.log.{n}{suffix}")),
        }
    }

    fn write(&self, text: &str) {
        let mut file = fs::File::options().append(true).create(true).open(self.path(0, "")).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn line(&mut self) -> String {
        self.written += 1;
        format!("Nov 22 10:00:00 web1 app[7]: message number {}", self.written)
    }

    fn append(&mut self, lines: u8) {
        let mut text = String::new();
        if std::mem::take(&mut self.half) {
            text += " and its end\n";
        }
        for _ in 0..lines {
            text += &(self.line() + "\n");
        }
        self.write(&text);
    }

    fn make_room(&self) {
        for generation in (1..40).rev() {
            for suffix in ["", ".gz"] {
                let _ = fs::rename(self.path(generation, suffix), self.path(generation + 1, suffix));
            }
        }
    }

    /// What cannot lose anything by itself is done at once; a half line would be cut in two by it.
    fn may_rotate(&self) -> bool {
        !self.half && self.path(0, "").exists()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_or_doubled_whatever_rotation_and_crashes_do(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut scene = Scene::new(&["app.log"], Start::Beginning);
        let dir = scene.dir.path().to_owned();
        let mut writer = Writer { dir: &dir, written: 0, half: false };
        scene.read();
        for deed in &deeds {
            match deed {
                Deed::Append(lines) => writer.append(*lines),
                Deed::Half if !writer.half => {
                    let line = writer.line();
                    writer.write(&line);
                    writer.half = true;
                }
                Deed::Rename if writer.may_rotate() => {
                    writer.make_room();
                    scene.rename("app.log", "app.log.1");
                }
                Deed::CopyTruncate if writer.may_rotate() => {
                    writer.make_room();
                    scene.copy_and_truncate("app.log", "app.log.1");
                }
                Deed::Compress => {
                    let plain = (1..40).find(|n| writer.path(*n, "").exists());
                    if let Some(n) = plain {
                        scene.compress(&format!("app.log.{n}"), ".gz");
                    }
                }
                // What nobody can have read any more must have been read before.
                Deed::Delete if !writer.half => {
                    scene.read();
                    for suffix in ["", ".gz"] {
                        (1..40).for_each(|n| drop(fs::remove_file(writer.path(n, suffix))));
                    }
                }
                Deed::Look => scene.read(),
                Deed::Crash(share) => {
                    // Files that were deleted cannot be read again: what was read of them is on disk.
                    let before = scene.memory.kept.len();
                    scene.read();
                    let since = scene.memory.kept.len() - before;
                    scene.restart(before + since * usize::from(*share) / 255);
                }
                _ => {}
            }
        }
        if writer.half {
            writer.append(1);
        }
        scene.read();
        scene.crash();
        scene.read();
        let mut seen: Vec<u32> = scene.memory.lines().iter().map(|line| {
            let number = line.rsplit("number ").next().unwrap().trim_end_matches(" and its end");
            number.parse().unwrap()
        }).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (1..=writer.written).collect::<Vec<_>>());
    }
}
