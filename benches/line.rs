//! What the whole line costs, from outside: `cargo bench --bench line [-- LINES]`.
//!
//! A real `roundsman run` on a free loopback port takes syslog lines over one TCP connection. Job a: receive them and have
//! them on disk. Job b: also parse them, evaluate 20 rules and write every event as JSON. Where Debian's rsyslog is
//! installed it does job a in turn. Printed: lines per second until the last byte is written, CPU seconds per million lines,
//! peak memory. Run it on a quiet machine and compare medians.
//!
//! `cargo bench --bench line -- doors [LINES]` compares job a over TCP, TLS and RELP in turn: TLS 1.3 in one stream, RELP
//! with a window of 10,000 records, each acknowledged after its sync.

#[path = "../tests/support/pki.rs"]
mod pki;

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

/// Lines of one run, unless the command line says otherwise.
const LINES: usize = 1_000_000;
/// Runs of each job.
const RUNS: usize = 3;
/// Records that a RELP sender has unanswered at most.
const WINDOW: usize = 10_000;
/// RELP frames that are written with one call.
const AT_ONCE: usize = 1_000;
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
        measure("roundsman, job a", count, |folder, port| roundsman(folder, port, false), |to| plain(to, &lines));
        if words.iter().any(|word| word == "doors") {
            let authority = pki::Authority::new("Bench CA");
            measure(
                "  over TLS      ",
                count,
                |folder, port| tls(folder, port, &authority),
                |to| encrypted(to, &lines, &authority),
            );
            measure("  over RELP     ", count, relp, |to| acknowledged(to, &lines));
            continue;
        }
        if Path::new("/usr/sbin/rsyslogd").exists() {
            measure("rsyslog,   job a", count, rsyslog, |to| plain(to, &lines));
        }
        measure("roundsman, job b", count, |folder, port| roundsman(folder, port, true), |to| plain(to, &lines));
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
    let source = format!("type = \"syslog\"\nlisten = \"tcp://127.0.0.1:{port}\"\n");
    match judge {
        true => {
            let more = format!("paths = [{rules:?}]\n[[archive]]\ntype = \"file\"\npath = \"events.ndjson\"\n");
            run(folder, &source, &more, "events.ndjson")
        }
        false => run(folder, &source, "", "data/journal"),
    }
}

fn tls(folder: &Path, port: u16, authority: &pki::Authority) -> Receiver {
    let server = authority.issue("localhost", &["localhost"]);
    for (name, text) in [("cert.pem", &server.cert), ("key.pem", &server.key)] {
        fs::write(folder.join(name), text).expect("the folder can be written");
    }
    let tls = "tls = { cert = \"cert.pem\", key = \"key.pem\" }\n";
    let source = format!("type = \"syslog\"\nlisten = \"tls://127.0.0.1:{port}\"\n{tls}");
    run(folder, &source, "", "data/journal")
}

fn relp(folder: &Path, port: u16) -> Receiver {
    run(folder, &format!("type = \"relp\"\nlisten = \"127.0.0.1:{port}\"\n"), "", "data/journal")
}

fn run(folder: &Path, source: &str, rules: &str, output: &str) -> Receiver {
    let config = format!(
        "[data]\ndir = \"data\"\n[http]\nlisten = \"127.0.0.1:0\"\n[[source]]\n{source}[rules]\npacks = []\n{rules}"
    );
    fs::write(folder.join("roundsman.toml"), config).expect("the folder can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_roundsman"));
    command.args(["run", "--config", "roundsman.toml"]);
    start(&mut command, folder, output)
}

fn plain(mut to: impl Write, lines: &[u8]) {
    lines.chunks(256 << 10).for_each(|part| to.write_all(part).expect("the receiver takes it"));
    to.flush().expect("the receiver takes it");
}

fn encrypted(to: TcpStream, lines: &[u8], authority: &pki::Authority) {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(authority.cert.as_bytes()).expect("we made it");
    roots.add(ca).expect("we made it");
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows the versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().expect("it is a name");
    let session = rustls::ClientConnection::new(Arc::new(config), name).expect("the settings fit");
    plain(rustls::StreamOwned::new(session, to), lines);
}

/// Sends as RELP; comes back when all is acknowledged.
fn acknowledged(mut to: TcpStream, lines: &[u8]) {
    let answers = Arc::new(AtomicUsize::new(0));
    let (mut from, counted) = (to.try_clone().expect("a socket can be cloned"), answers.clone());
    thread::spawn(move || {
        let mut buffer = [0; 64 << 10];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            counted.fetch_add(memchr::memchr_iter(b'\n', &buffer[..read]).count(), Relaxed);
        }
    });
    to.write_all(b"1 open 30 relp_version=0\ncommands=syslog\n").expect("the receiver takes it");
    // What it offers takes four lines.
    let wait = |until: usize| {
        while answers.load(Relaxed) < until + 4 {
            thread::sleep(Duration::from_micros(50));
        }
    };
    let (mut sent, mut frames) = (0, Vec::new());
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        sent += 1;
        write!(frames, "{} syslog {} ", sent + 1, line.len()).expect("memory takes it");
        frames.extend_from_slice(line);
        frames.push(b'\n');
        if sent % AT_ONCE == 0 {
            to.write_all(&frames).expect("the receiver takes it");
            frames.clear();
            wait(sent.saturating_sub(WINDOW));
        }
    }
    to.write_all(&frames).expect("the receiver takes it");
    wait(sent);
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

fn measure(name: &str, count: usize, receiver: impl Fn(&Path, u16) -> Receiver, send: impl Fn(TcpStream)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let receiver = receiver(folder.path(), port);
    let stream = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    };
    let before = cpu_seconds(receiver.child.id());
    let began = Instant::now();
    send(stream);
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
