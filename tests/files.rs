//! Files on this machine, followed from outside: by a process that is killed, while writers rotate.

mod support;

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Duration,
};

use support::{Instance, ask, call, eventually, program, roundsman, signal};

/// Lives of the process that ends with `kill -9`.
const LIVES: u32 = 200;

/// A source that follows these files.
fn source(paths: &str, more: &str) -> String {
    format!("[[source]]\ntype = \"file\"\npaths = [{paths}]\n{more}")
}

/// Lines of the journal, each with how often it is there.
fn journalled(folder: &Path) -> BTreeMap<String, u32> {
    let mut lines = BTreeMap::new();
    for line in ask(folder, &["journal", "cat", "data"]).lines() {
        *lines.entry(line.to_owned()).or_insert(0) += 1;
    }
    lines
}

#[test]
fn a_transaction_that_apt_writes_line_by_line_is_one_event_of_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("apt")).unwrap();
    let history = folder.path().join("apt/history.log");
    fs::write(&history, "\nStart-Date: 2026-11-20  06:12:01\nCommandline: /usr/bin/unattended-upgrade\n").unwrap();
    let archive = "[[archive]]\ntype = \"file\"\npath = \"events.ndjson\"\n";
    let instance = Instance::start(folder.path(), &(source("\"apt/history.log\"", "") + archive));
    let mut file = fs::File::options().append(true).open(&history).unwrap();
    file.write_all(b"Upgrade: libssl3:amd64 (3.0.21-1~deb12u1, 3.0.22-1~deb12u2)\nEnd-Da").unwrap();
    thread::sleep(Duration::from_millis(600));
    file.write_all(b"te: 2026-11-20  06:12:09\n").unwrap();
    instance.wait_for_events(1);
    instance.stop();
    let event = fs::read_to_string(folder.path().join("events.ndjson")).unwrap();
    assert_eq!(event.lines().count(), 1, "{event}");
    let event: serde_json::Value = serde_json::from_str(&event).unwrap();
    assert!(event["event"]["original"].as_str().unwrap().contains("libssl3:amd64"), "{event}");
    assert_ne!(event["roundsman"]["format"], "unknown", "{event}");
}

#[test]
fn what_stands_in_a_file_at_the_first_start_is_judged_by_the_inventory_of_that_start() {
    let folder = tempfile::tempdir().unwrap();
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    fs::write(
        folder.path().join("inventory.csv"),
        format!("asset,aliases,platform\ntill1,{},debian:12\n", host.trim()),
    )
    .unwrap();
    fs::create_dir(folder.path().join("advisories")).unwrap();
    let advisory = "id = \"HOUSE-1\"\npublished = 2026-11-20T06:00:00Z\n[[target]]\nplatform = \"debian:12\"\n\
                    product = \"shop\"\nscheme = \"deb\"\nfixed = \"1.0-2\"\n";
    fs::write(folder.path().join("advisories/house.toml"), advisory).unwrap();
    fs::write(folder.path().join("dpkg.log"), "2026-11-20 06:12:01 status installed shop:all 1.0-1\n").unwrap();
    let inputs = "[inputs]\ninventory = \"inventory.csv\"\nadvisories = \"advisories/\"\n";
    let instance = Instance::start(folder.path(), &(inputs.to_owned() + &source("\"dpkg.log\"", "")));
    instance.wait_for_events(1);
    eventually("the case", || {
        let cases = instance.ask(&["patches", "list", "--json"]);
        cases.contains("\"id\":\"till1/HOUSE-1\"").then_some(())
    });
    instance.stop();
}

#[test]
fn a_file_that_may_not_be_read_is_told_counted_and_read_once_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\n").unwrap();
    let mode = |mode: &str| assert!(Command::new("chmod").arg(mode).arg(&path).status().unwrap().success());
    mode("000");
    // root may read everything: then an archive that is none stands for it
    let root = fs::read(&path).is_ok();
    if root {
        fs::write(folder.path().join("app.log.1.gz"), "no gzip").unwrap();
    }
    let instance = Instance::start(folder.path(), &source("\"app.log*\"", ""));
    let unreadable = || instance.metric("roundsman_source_unreadable_files");
    eventually("the count", || (unreadable() == 1.0).then_some(()));
    assert!(instance.log().contains("cannot be read"), "{}", instance.log());
    mode("600");
    if root {
        fs::remove_file(folder.path().join("app.log.1.gz")).unwrap();
    }
    instance.wait_for_events(1);
    eventually("the end of it", || (unreadable() == 0.0).then_some(()));
    instance.stop();
}

/// Writes numbered lines and rotates by renaming until it is told to stop; gives how many lines it wrote.
fn write_and_rotate(folder: &Path, stop: &AtomicBool, written: &AtomicU64) {
    const GENERATIONS: usize = 2_000;
    let path = |generation: usize| match generation {
        0 => folder.join("app.log"),
        n => folder.join(format!("app.log.{n}")),
    };
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let mut file = fs::File::options().append(true).create(true).open(path(0)).unwrap();
        for _ in 0..40 {
            let mut text = String::new();
            for _ in 0..25 {
                number += 1;
                text += &format!("Nov 22 10:00:00 web1 app[7]: line {number}\n");
            }
            // Torn anywhere, as buffers are flushed.
            let cut = number as usize * 7 % text.len();
            file.write_all(&text.as_bytes()[..cut]).unwrap();
            thread::sleep(Duration::from_millis(5));
            file.write_all(&text.as_bytes()[cut..]).unwrap();
            written.store(number, Ordering::Relaxed);
        }
        let last = (0..GENERATIONS).find(|generation| !path(*generation).exists()).unwrap_or(GENERATIONS);
        for generation in (0..last).rev() {
            let _ = fs::rename(path(generation), path(generation + 1));
        }
    }
}

/// The writer's lines, each exactly once.
fn each_once(folder: &Path, written: u64) {
    let lines = journalled(folder);
    let missing: Vec<u64> = (1..=written)
        .filter(|number| !lines.contains_key(&format!("Nov 22 10:00:00 web1 app[7]: line {number}")))
        .collect();
    let doubled: Vec<_> = lines.iter().filter(|(_, count)| **count > 1).take(20).collect();
    assert!(missing.is_empty(), "{} of {written} lost: {:?}", missing.len(), &missing[..missing.len().min(20)]);
    assert!(doubled.is_empty(), "doubled: {doubled:?}");
    assert_eq!(lines.len() as u64, written);
}

#[test]
#[ignore = "200 lives of the process: about a minute; CI runs it"]
fn no_line_is_lost_or_doubled_over_200_kills_while_a_writer_rotates() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[data]\ndir = \"data\"\n[http]\nlisten = \"127.0.0.1:0\"\n".to_owned() + &source("\"app.log*\"", "");
    fs::write(folder.path().join("roundsman.toml"), config).unwrap();
    let (stop, written) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| write_and_rotate(folder.path(), &stop, &written));
        let mut dice = 7u64;
        for _ in 0..LIVES {
            let log = fs::File::create(folder.path().join("log")).unwrap();
            let mut child = roundsman()
                .args(["run", "--config", "roundsman.toml"])
                .current_dir(folder.path())
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap();
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            eventually("the source", || {
                let log = fs::read_to_string(folder.path().join("log")).unwrap();
                log.contains("following").then_some(())
            });
            thread::sleep(Duration::from_millis((dice >> 33) % 150));
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            child.kill().unwrap();
            child.wait().unwrap();
        }
        stop.store(true, Ordering::Relaxed);
    });
    let written = written.into_inner();
    let mut child = roundsman().args(["run", "--config", "roundsman.toml"]).current_dir(folder.path()).spawn().unwrap();
    eventually("the last line", || {
        let out = call(folder.path(), &["journal", "cat", "data"]);
        String::from_utf8_lossy(&out.stdout).contains(&format!("line {written}\n")).then_some(())
    });
    thread::sleep(Duration::from_millis(600));
    signal(child.id(), "TERM");
    assert!(child.wait().unwrap().success());
    each_once(folder.path(), written);
}

/// Runs logrotate with its state in the folder; as often as it is called it rotates.
fn logrotate(logrotate: &Path, folder: &Path, options: &str) {
    let config = folder.join("logrotate.conf");
    let log = folder.join("app.log");
    fs::write(&config, format!("{} {{\n rotate 400\n missingok\n su root root\n{options}\n}}\n", log.display()))
        .unwrap();
    Command::new("chmod").arg("0644").arg(&config).status().unwrap();
    let state = folder.join("logrotate.state");
    let done = Command::new(logrotate).arg("--force").arg("--state").arg(state).arg(config).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[test]
#[ignore = "needs logrotate; CI has it"]
fn logrotate_renames_copies_and_compresses_and_every_line_comes_once() {
    let Some(program) = program("logrotate") else { return };
    for options in [
        " create",
        " create\n compress",
        " create\n compress\n delaycompress",
        " create\n compress\n compresscmd /usr/bin/zstd\n compressext .zst\n uncompresscmd /usr/bin/unzstd\n compressoptions --rm",
        " create\n dateext\n dateformat -%Y%m%d-%s",
        " copytruncate",
        " copytruncate\n compress",
    ] {
        if options.contains("zstd") && !Path::new("/usr/bin/zstd").exists() {
            eprintln!("SKIPPED: zstd is not installed");
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut instance = Instance::start(folder.path(), &source("\"app.log*\"", ""));
        let mut number = 0;
        let write = |lines: u64, number: &mut u64| {
            let mut file = fs::File::options().append(true).create(true).open(folder.path().join("app.log")).unwrap();
            for _ in 0..lines {
                *number += 1;
                writeln!(file, "Nov 22 10:00:00 web1 app[7]: line {number}").unwrap();
            }
        };
        for round in 0..6 {
            write(300, &mut number);
            if options.contains("copytruncate") {
                instance.wait_for_events(0);
            }
            if round % 2 == 1 {
                // rotated while nobody looks
                let (syslog, http) = (instance.syslog, instance.http);
                instance.kill();
                logrotate(&program, folder.path(), options);
                write(10, &mut number);
                instance = Instance::again(folder.path(), syslog, http);
            } else {
                logrotate(&program, folder.path(), options);
            }
            thread::sleep(Duration::from_millis(1_100));
        }
        eventually("the last line", || {
            instance.ask(&["journal", "cat", "data"]).contains(&format!("line {number}\n")).then_some(())
        });
        thread::sleep(Duration::from_millis(700));
        instance.stop();
        eprintln!("{options:?}");
        each_once(folder.path(), number);
    }
}

#[test]
#[ignore = "needs util-linux's logger; CI has it"]
fn logger_writes_to_the_unix_sockets_as_to_dev_log() {
    let Some(program) = program("logger") else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let listen =
        |url: &str, name: &str| format!("[[source]]\ntype = \"syslog\"\nlisten = \"{url}{}\"\n", at(name).display());
    let instance =
        Instance::start(folder.path(), &(listen("unix://", "datagrams") + &listen("unix-stream://", "stream")));
    for (socket, message) in [("datagrams", "by datagram"), ("stream", "by stream")] {
        let sent = Command::new(&program).arg("--socket").arg(at(socket)).args(["--tag", "backup", message]).status();
        assert!(sent.unwrap().success());
    }
    instance.wait_for_events(2);
    let (syslog, http) = (instance.syslog, instance.http);
    instance.kill();
    assert!(at("datagrams").exists(), "a killed process leaves its sockets behind");
    let instance = Instance::again(folder.path(), syslog, http);
    let sent = Command::new(&program)
        .arg("--socket")
        .arg(at("datagrams"))
        .args(["--tag", "backup", "after the kill"])
        .status();
    assert!(sent.unwrap().success());
    instance.wait_for_events(1);
    instance.stop();
    let lines = ask(folder.path(), &["journal", "cat", "data"]);
    for message in ["by datagram", "by stream", "after the kill"] {
        assert!(
            lines.lines().any(|line| line.starts_with('<') && line.ends_with(&format!("backup: {message}"))),
            "{lines}"
        );
    }
}

#[test]
#[ignore = "needs systemd-journal-remote and journalctl; CI has them"]
fn every_entry_of_a_systemd_journal_comes_once_whenever_the_process_is_killed() {
    const ENTRIES: u64 = 3_000;
    let remote = ["/lib/systemd", "/usr/lib/systemd"].map(|folder| Path::new(folder).join("systemd-journal-remote"));
    let (Some(remote), Some(_)) = (remote.iter().find(|path| path.exists()), program("journalctl")) else {
        return eprintln!("SKIPPED: systemd-journal-remote is not installed");
    };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("journal")).unwrap();
    let mut export = String::new();
    for number in 1..=ENTRIES {
        let micros = 1_795_000_000_000_000 + number * 1_000;
        export += &format!(
            "__REALTIME_TIMESTAMP={micros}\n__MONOTONIC_TIMESTAMP={number}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n\
             _HOSTNAME=web1\nSYSLOG_IDENTIFIER=app\nPRIORITY=6\nMESSAGE=entry {number}\n\n"
        );
    }
    fs::write(folder.path().join("export"), export).unwrap();
    let into = folder.path().join("journal/remote.journal");
    let built = Command::new(remote).arg("--output").arg(&into).arg(folder.path().join("export")).output().unwrap();
    assert!(built.status.success(), "{built:?}");
    let mut instance = Instance::start(folder.path(), "[[source]]\ntype = \"journald\"\ndirectory = \"journal\"\n");
    for pause in [0, 5, 20, 60] {
        thread::sleep(Duration::from_millis(pause));
        let (syslog, http) = (instance.syslog, instance.http);
        instance.kill();
        instance = Instance::again(folder.path(), syslog, http);
    }
    eventually("the last entry", || {
        instance.ask(&["journal", "cat", "data"]).contains(&format!("\"entry {ENTRIES}\"")).then_some(())
    });
    instance.stop();
    let lines = journalled(folder.path());
    assert_eq!((lines.len() as u64, lines.values().max()), (ENTRIES, Some(&1)));
}
