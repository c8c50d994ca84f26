//! Passwords guessed over SSH, from the file to the alert: `cargo bench --bench guessing [-- LINES]`.
//!
//! `roundsman replay` reads a generated auth.log with the shipped rules for sshd. Printed: lines per second, and lines per
//! second of processor time, which a busy machine does not change.

use std::{fmt::Write as _, fs, process::Command, time::Instant};

/// Lines of the file, unless the command line says otherwise.
const LINES: usize = 200_000;
/// Runs.
const RUNS: usize = 5;
/// Hosts that guess, and those that are only mistaken.
const GUESSING: usize = 400;
const MISTAKEN: usize = 4_000;

fn main() {
    // `cargo bench` passes --bench; `cargo test --benches` must not measure
    let words: Vec<String> = std::env::args().skip(1).collect();
    if !words.iter().any(|word| word == "--bench") {
        return;
    }
    let count = words.iter().find_map(|word| word.parse().ok()).unwrap_or(LINES);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("auth.log");
    fs::write(&file, workload(count)).expect("the folder can be written");
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/packs/sshd.yml");
    for _ in 0..RUNS {
        let (began, before) = (Instant::now(), children_seconds());
        let mut command = Command::new(env!("CARGO_BIN_EXE_roundsman"));
        command.args(["replay", "--output", "ndjson", "--rules", rules, "--"]).arg(&file).current_dir(&folder);
        let output = command.output().expect("roundsman runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let (took, cpu) = (began.elapsed().as_secs_f64(), children_seconds() - before);
        let alerts = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        let (per_second, per_cpu) = (count as f64 / took, count as f64 / cpu);
        println!("{per_second:>9.0} lines/s  {per_cpu:>9.0} lines per CPU second  {alerts} alerts printed");
    }
}

/// Lines of a busy gateway: most are guesses, some are mistakes, sessions, jobs and sudo.
fn workload(count: usize) -> String {
    let users = ["root", "admin", "oracle", "test", "ubuntu", "git", "postgres"];
    let mut out = String::with_capacity(count * 110);
    for n in 0..count {
        let (day, second) = (1 + n / 80_000 % 28, n % 80_000);
        let stamp = format_args!("Nov {day:2} {:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
        let (guess, port) = (n * 7 % GUESSING, 1_024 + n * 31 % 60_000);
        let address = format_args!("198.51.{}.{}", guess / 250, 1 + guess % 250);
        let mistaken = format_args!("192.0.{}.{}", n % MISTAKEN / 250, 1 + n % 250);
        let user = users[n / 3 % users.len()];
        let pid = 1_000 + n % 30_000;
        let line = match n % 10 {
            0..=3 => {
                writeln!(out, "{stamp} gate1 sshd[{pid}]: Failed password for {user} from {address} port {port} ssh2")
            }
            4..=5 => writeln!(
                out,
                "{stamp} gate1 sshd[{pid}]: Failed password for invalid user {user}{} from {address} port {port} ssh2",
                n % 90
            ),
            6 => writeln!(
                out,
                "{stamp} gate1 sshd[{pid}]: Accepted publickey for deploy from {mistaken} port {port} ssh2"
            ),
            7 => writeln!(
                out,
                "{stamp} gate1 sshd[{pid}]: pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)"
            ),
            8 => writeln!(out, "{stamp} gate1 CRON[{pid}]: pam_unix(cron:session): session closed for user root"),
            _ => writeln!(out, "{stamp} gate1 sshd[{pid}]: Failed password for ops from {mistaken} port {port} ssh2"),
        };
        line.expect("text takes lines");
    }
    out
}

/// User and system time of all children that have ended (getrusage(2)), in seconds.
fn children_seconds() -> f64 {
    // SAFETY: the call fills in the structure, which is plain numbers.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
