//! What the whole line costs, from outside: `cargo bench --bench line [-- LINES]`.
//!
//! A real `roundsman run` on a free loopback port takes syslog lines over one TCP connection. Job a: receive them and have
//! them on disk. Job b: also parse them, evaluate 20 rules and write every event as JSON. Where Debian's rsyslog is
//! installed it does job a in turn. Printed: lines per second until the last byte is written, CPU seconds per million lines,
//! peak memory. Run it on a quiet machine and compare medians.

use std::{
    fs,
    io::Write,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Lines of one run, unless the command line says otherwise.
const LINES: usize = 1_000_000;
/// Runs of each job.
const RUNS: usize = 3;
/// A file that has not grown for this long is complete.
const SETTLED: Duration = Duration::from_secs(2);

fn main() {
    // `cargo bench` passes --bench; `cargo test --benches` must not measure for minutes
    let words: Vec<String> = std::env::args().skip(1).collect();
    if !words.iter().any(|word| word == "--bench") {
        return;
    }
    let count = words.iter().find_map(|word| word.parse().ok()).unwrap_or(LINES);
    let lines = workload(count);
    println!("{count} lines of {} bytes on average, one connection", lines.len() / count.max(1));
    for _ in 0..RUNS {
        measure("roundsman, job a", count, &lines, |folder, port| roundsman(folder, port, false));
        if Path::new("/usr/sbin/rsyslogd").exists() {
            measure("rsyslog,   job a", count, &lines, rsyslog);
        }
        measure("roundsman, job b", count, &lines, |folder, port| roundsman(folder, port, true));
    }
}

/// Firewall, authentication, web and application lines in turn, one in a thousand of them worth a look.
fn workload(count: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(count * 190);
    for n in 0..count {
        let (hour, minute, second) = (n / 1_800_000 % 24, n / 30_000 % 60, n / 500 % 60);
        let (a, b, port) = (n % 250, n / 250 % 250, 1024 + n % 60_000);
        let stamp = format!("Nov 20 {hour:02}:{minute:02}:{second:02}");
        let line = match n % 10 {
            0..=3 => format!(
                "<4>{stamp} gate{} kernel: [{n}.120431] [UFW ALLOW] IN=ens3 OUT= MAC=52:54:00:0a:1b:2c:00:16:3e:11:22:33:08:00 \
                 SRC=10.1.{b}.{a} DST=10.9.0.{a} LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID={port} DF PROTO=TCP SPT={port} DPT=443 \
                 WINDOW=64240 RES=0x00 SYN URGP=0",
                n % 3
            ),
            4 if n % 1_000 == 4 => {
                format!(
                    "<38>{stamp} web{} sshd[{port}]: Failed password for root from 203.0.113.{a} port {port} ssh2",
                    n % 3
                )
            }
            4 | 5 => format!(
                "<38>{stamp} web{} sshd[{port}]: Accepted publickey for anna from 10.1.{b}.{a} port {port} ssh2: ED25519 \
                 SHA256:Q0mD1qv8l3bWq2XxTz5yR7uE4nJ6kP9s",
                n % 3
            ),
            6 => format!("<86>{stamp} web1 sshd[{port}]: pam_unix(sshd:session): session closed for user anna"),
            7 | 8 => format!(
                "<190>{stamp} web2 nginx: 93.184.{b}.{a} - - [20/Nov/2026:{hour:02}:{minute:02}:{second:02} +0000] \"GET \
                 /orders/{n} HTTP/1.1\" 200 {port} \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101\""
            ),
            _ => format!(
                "<134>{stamp} app1 orders[702]: level=info msg=\"request done\" user=anna status=200 dur_ms={a}.4 peer=10.1.{b}.{a}"
            ),
        };
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
    out
}

/// A receiver, and the file or folder that it writes.
struct Receiver {
    child: Child,
    output: PathBuf,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(command: &mut Command, folder: &Path, output: &str) -> Receiver {
    let child = command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    Receiver { child, output: folder.join(output) }
}

fn roundsman(folder: &Path, port: u16, judge: bool) -> Receiver {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/benches/twenty.yml");
    let mut config = format!(
        "[data]\ndir = \"data\"\n[http]\nlisten = \"127.0.0.1:0\"\n[[source]]\ntype = \"syslog\"\nlisten = \
         \"tcp://127.0.0.1:{port}\"\n[rules]\npacks = []\n"
    );
    if judge {
        config += &format!("paths = [{rules:?}]\n[[archive]]\ntype = \"file\"\npath = \"events.ndjson\"\n");
    }
    fs::write(folder.join("roundsman.toml"), config).expect("the folder can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_roundsman"));
    command.args(["run", "--config", "roundsman.toml"]);
    start(&mut command, folder, if judge { "events.ndjson" } else { "data/journal" })
}

fn rsyslog(folder: &Path, port: u16) -> Receiver {
    let config = format!(
        "global(workDirectory=\"{0}\" maxMessageSize=\"8k\")\n\
         main_queue(queue.type=\"FixedArray\" queue.size=\"200000\" queue.dequeueBatchSize=\"2048\")\n\
         module(load=\"imptcp\" threads=\"2\")\ntemplate(name=\"raw\" type=\"string\" string=\"%rawmsg%\\n\")\n\
         input(type=\"imptcp\" address=\"127.0.0.1\" port=\"{port}\" ruleset=\"all\")\n\
         ruleset(name=\"all\") {{ action(type=\"omfile\" file=\"{0}/events\" template=\"raw\" ioBufferSize=\"256k\" \
         flushOnTXEnd=\"off\") }}\n",
        folder.display()
    );
    fs::write(folder.join("rsyslog.conf"), config).expect("the folder can be written");
    let mut command = Command::new("/usr/sbin/rsyslogd");
    command.arg("-n").arg("-f").arg(folder.join("rsyslog.conf")).arg("-i").arg(folder.join("pid"));
    start(&mut command, folder, "events")
}

fn measure(name: &str, count: usize, lines: &[u8], receiver: impl Fn(&Path, u16) -> Receiver) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let receiver = receiver(folder.path(), port);
    let mut stream = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    };
    let before = cpu_seconds(receiver.child.id());
    let began = Instant::now();
    for part in lines.chunks(256 << 10) {
        stream.write_all(part).expect("the receiver takes it");
    }
    drop(stream);
    let took = last_growth(&receiver.output, began);
    let cpu = cpu_seconds(receiver.child.id()) - before;
    println!(
        "{name}: {:>9.0} lines/s  {:>5.2} CPU-s per million  {:>4} MiB",
        count as f64 / took.as_secs_f64(),
        cpu / count as f64 * 1e6,
        peak_mib(receiver.child.id())
    );
}

/// How long after `began` the output grew for the last time.
fn last_growth(output: &Path, began: Instant) -> Duration {
    let (mut size, mut grew) = (0, Instant::now());
    while grew.elapsed() < SETTLED || size == 0 {
        let now = size_of(output);
        if now != size {
            (size, grew) = (now, Instant::now());
        }
        thread::sleep(Duration::from_millis(5));
    }
    grew - began
}

fn size_of(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum(),
        Err(_) => fs::metadata(path).map_or(0, |meta| meta.len()),
    }
}

/// User and system time of a process (proc_pid_stat(5), fields 14 and 15), in seconds.
fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<f64> =
        stat.rsplit(')').next().unwrap_or("").split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect();
    fields.get(11..13).map_or(0.0, |ticks| ticks.iter().sum::<f64>() / 100.0)
}

/// Peak resident memory of a process (proc_pid_status(5), VmHWM), in MiB.
fn peak_mib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
