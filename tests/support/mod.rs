//! A running `roundsman` seen from outside, and the peers that talk to it.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod pki;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// Longest wait for anything that should happen.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The program under test.
pub fn roundsman() -> Command {
    Command::new(env!("CARGO_BIN_EXE_roundsman"))
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until `check` gives something.
pub fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A program of this machine, or a clear word that the test is skipped.
pub fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    let found = folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("SKIPPED: {name} is not installed on this machine (Debian: apt-get install {name})");
    }
    found
}

/// A `roundsman run` in a folder of its own.
pub struct Instance {
    pub folder: PathBuf,
    pub syslog: u16,
    pub http: u16,
    child: Child,
}

impl Instance {
    /// Writes the configuration into the folder and starts; waits until it is ready.
    pub fn start(folder: &Path, more: &str) -> Instance {
        let (syslog, http) = (free_port(), free_port());
        let config = format!(
            "[data]\ndir = \"data\"\n[http]\nlisten = \"127.0.0.1:{http}\"\n[[source]]\ntype = \"syslog\"\n\
             listen = \"tcp://127.0.0.1:{syslog}\"\n{more}"
        );
        fs::write(folder.join("roundsman.toml"), config).unwrap();
        Instance::again(folder, syslog, http)
    }

    /// Starts in a folder whose configuration is there already.
    pub fn again(folder: &Path, syslog: u16, http: u16) -> Instance {
        let log = fs::File::options().append(true).create(true).open(folder.join("log")).unwrap();
        let child = roundsman()
            .args(["run", "--config", "roundsman.toml"])
            .current_dir(folder)
            .stdout(fs::File::options().append(true).create(true).open(folder.join("out")).unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut instance = Instance { folder: folder.to_owned(), syslog, http, child };
        eventually("readiness", || {
            let ended = instance.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended: {ended:?}\n{}", instance.log());
            (get(instance.http, "/readyz").0 == 200).then_some(())
        });
        instance
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Sends bytes over one connection and closes it.
    pub fn send(&self, bytes: &[u8]) {
        TcpStream::connect(("127.0.0.1", self.syslog)).unwrap().write_all(bytes).unwrap();
    }

    /// The sum of a metric over its labels.
    pub fn metric(&self, name: &str) -> f64 {
        self.metrics().iter().filter(|(series, _)| series.split('{').next() == Some(name)).map(|(_, value)| value).sum()
    }

    /// All series of `/metrics`.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let text = get(self.http, "/metrics").1;
        let series = |line: &str| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        text.lines().filter(|line| !line.starts_with('#')).filter_map(series).collect()
    }

    /// Waits until this many records went through the rules.
    pub fn wait_for_events(&self, count: u64) {
        eventually(&format!("{count} events"), || {
            (self.metric("roundsman_events_total") >= count as f64).then_some(())
        });
    }

    /// SIGTERM; it must end with 0.
    pub fn stop(mut self) {
        signal(self.pid(), "TERM");
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status:?}\n{}", self.log());
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What a command of the same folder prints.
    pub fn ask(&self, args: &[&str]) -> String {
        ask(&self.folder, args)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command in a folder; it must succeed.
pub fn ask(folder: &Path, args: &[&str]) -> String {
    let output = call(folder, args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command in a folder.
pub fn call(folder: &Path, args: &[&str]) -> Output {
    roundsman().args(args).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
    assert!(status.success());
}

/// A plain HTTP/1.1 GET: status and body.
pub fn get(port: u16, path: &str) -> (u16, String) {
    let ask = || -> std::io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Ok((status, answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned())))
    };
    ask().unwrap_or((0, String::new()))
}

/// An answer to an HTTP request.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.headers.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A plain HTTP/1.1 request with these headers.
pub fn request(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    if method == "POST" {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    // a refused body need not be read
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let (headers, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = headers.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, headers: headers.to_owned(), body: body.to_owned() }
}

/// Signs in by the first start's link, as a person does.
pub struct Admin {
    port: u16,
    cookie: String,
}

impl Admin {
    pub fn first(instance: &Instance) -> Admin {
        let told = eventually("the first link", || {
            let told = fs::read_to_string(instance.folder.join("out")).ok()?;
            told.contains("/sign-in/once/").then_some(told)
        });
        let link = &told[told.find("/sign-in/once/").unwrap()..];
        let link = link.split_whitespace().next().unwrap();
        let form = b"name=ada&password=correct+horse+battery";
        let answer = request(instance.http, "POST", link, &[FORM], form);
        let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("no session: {answer:?}"));
        Admin { port: instance.http, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    /// A new token of this role.
    pub fn token(&self, role: &str) -> String {
        let cookie = ("Cookie", &*self.cookie);
        let page = request(self.port, "GET", "/people", &[cookie], b"").body;
        let form = between(&page, "name=\"form\" value=\"", "\"");
        let body = format!("form={form}&name=a+test&role={role}");
        let page = request(self.port, "POST", "/tokens/make", &[cookie, FORM], body.as_bytes()).body;
        between(&page, "<pre tabindex=\"0\">", "<").to_owned()
    }
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let start = text.find(before).unwrap_or_else(|| panic!("{before} stands in {text}")) + before.len();
    &text[start..start + text[start..].find(after).unwrap()]
}

/// A webhook that keeps what it is sent and answers 200.
pub struct Webhook {
    pub port: u16,
    bodies: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Webhook {
    pub fn start() -> Webhook {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let bodies: Arc<Mutex<Vec<serde_json::Value>>> = Arc::default();
        let kept = bodies.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                thread::spawn(move || serve(stream, &kept));
            }
        });
        Webhook { port, bodies }
    }

    /// All bodies so far, in order.
    pub fn bodies(&self) -> Vec<serde_json::Value> {
        self.bodies.lock().unwrap().clone()
    }

    /// Channel and route that send alerts of this level and above here.
    pub fn config(&self, severity: &str) -> String {
        format!(
            "[[channel]]\nname = \"hook\"\ntype = \"webhook\"\nurl = \"http://127.0.0.1:{}/\"\nsecret = \"for the test\"\n\
             [[route]]\nseverity = \"{severity}\"\nchannels = [\"hook\"]\n",
            self.port
        )
    }
}

fn serve(stream: TcpStream, kept: &Mutex<Vec<serde_json::Value>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        kept.lock().unwrap().extend(serde_json::from_slice::<serde_json::Value>(&body));
        if reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}
