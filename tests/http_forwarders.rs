//! Real senders at the HTTP and GELF doors: two of them with the configuration that we ship, Python's with their defaults.

mod support;

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use support::{Admin, Instance, ask, eventually, free_port, program};

const LINES: usize = 5_000;

/// A forwarder that runs until it is dropped.
struct Forwarder(Child);

impl Drop for Forwarder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An instance with a door that forwarders know, and a sender's token for it.
struct Doors {
    instance: Instance,
    http: u16,
    gelf: u16,
    token: String,
}

impl Doors {
    fn open(folder: &Path) -> Doors {
        let (http, gelf) = (free_port(), free_port());
        let source = |kind: &str, listen: String| format!("[[source]]\ntype = \"{kind}\"\nlisten = \"{listen}\"\n");
        let more = source("http", format!("127.0.0.1:{http}"))
            + &source("gelf", format!("udp://127.0.0.1:{gelf}"))
            + &source("gelf", format!("tcp://127.0.0.1:{gelf}"));
        let instance = Instance::start(folder, &more);
        let token = Admin::first(&instance).token("sender");
        Doors { instance, http, gelf, token }
    }

    /// The shipped example, sending here.
    fn example(&self, name: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/examples").join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("8088") && text.contains("TOKEN\""), "{} names port and token", path.display());
        text.replace("8088", &self.http.to_string()).replace("\"TOKEN\"", &format!("\"{}\"", self.token))
    }

    /// Waits until this many records are journalled, and as many are of this format.
    fn arrived(&self, format: &str, count: usize) {
        let of_format = format!("roundsman_events_total{{format=\"{format}\"}}");
        eventually(&format!("{count} records of {format}"), || {
            (self.instance.metrics().get(&of_format) == Some(&(count as f64))).then_some(())
        });
        let records = |fate: &str| self.instance.metric(&format!("roundsman_records_{fate}_total"));
        assert_eq!((records("received"), records("journalled")), (count as f64, count as f64));
    }

    /// Runs a script with the senders that `.ci/run` installs for Python; it gets address, ports and token.
    fn python(&self, folder: &Path, script: &str) -> bool {
        let Some(python) = python() else { return false };
        let (http, gelf) = (self.http.to_string(), self.gelf.to_string());
        let output = Command::new(python)
            .args(["-c", script])
            .envs([("HTTP", &http), ("GELF", &gelf), ("TOKEN", &self.token)])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        true
    }
}

/// Python with the packages elasticsearch, graypy and splunk_handler, or a clear word that the test is skipped.
fn python() -> Option<PathBuf> {
    let peers = std::env::var_os("ROUNDSMAN_PEERS").map(PathBuf::from);
    let found = peers.map(|peers| peers.join("python/bin/python")).filter(|python| python.exists());
    if found.is_none() {
        eprintln!("SKIPPED: $ROUNDSMAN_PEERS/python is not there (.ci/run makes it)");
    }
    found
}

fn start(command: &mut Command, folder: &Path) -> Forwarder {
    let log = fs::File::create(folder.join("forwarder.log")).unwrap();
    Forwarder(command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
}

/// Sends lines to the forwarder that listens here.
fn feed(entry: u16) {
    let mut stream = eventually("the forwarder", || TcpStream::connect(("127.0.0.1", entry)).ok());
    for n in 0..LINES {
        let stamp = format!("Nov 20 08:{:02}:{:02}", n / 60 % 60, n % 60);
        let words = "Failed password for root from 203.0.113.61 port";
        writeln!(stream, "<38>{stamp} gate1 sshd[{n}]: {words} {} ssh2", 1_024 + n).unwrap();
    }
}

#[test]
#[ignore = "starts rsyslog; .ci/run runs it"]
fn rsyslog_sends_with_omelasticsearch_and_the_lines_inside_are_read() {
    let Some(rsyslogd) = program("rsyslogd") else { return };
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let entry = free_port();
    let listens = format!("module(load=\"imtcp\")\ninput(type=\"imtcp\" port=\"{entry}\" address=\"127.0.0.1\")\n");
    let path = folder.path().join("rsyslog.conf");
    fs::write(&path, listens + &doors.example("rsyslog-elasticsearch.conf")).unwrap();
    let mut command = Command::new(rsyslogd);
    command.arg("-n").arg("-f").arg(&path).arg("-i").arg(folder.path().join("rsyslog.pid"));
    let _forwarder = start(&mut command, folder.path());
    feed(entry);
    doors.arrived("sshd", LINES);
    let folder = doors.instance.folder.clone();
    doors.instance.stop();
    let kept = ask(&folder, &["journal", "cat", "data"]);
    for n in 0..LINES {
        assert_eq!(kept.matches(&format!("sshd[{n}]:")).count(), 1, "line {n}");
    }
}

#[test]
#[ignore = "starts syslog-ng; .ci/run runs it"]
fn syslog_ng_sends_with_elasticsearch_http_and_the_lines_inside_are_read() {
    let peers = std::env::var_os("ROUNDSMAN_PEERS").map(PathBuf::from);
    let scl = "usr/share/syslog-ng/include/scl/elasticsearch/elastic-http.conf";
    let Some(peers) = peers.filter(|peers| peers.join(scl).exists()) else {
        eprintln!("SKIPPED: syslog-ng with its http module is not in $ROUNDSMAN_PEERS (.ci/run puts it there)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let entry = free_port();
    let buffer = format!("disk-buf-size(1073741824) dir(\"{}\")", folder.path().display());
    let conf = format!(
        "@version: 3.38\n@include \"{}\"\nsource s_src {{ network(ip(\"127.0.0.1\") port({entry}) transport(\"tcp\") \
         keep-hostname(yes)); }};\n{}",
        peers.join(scl).display(),
        doors.example("syslog-ng-elasticsearch.conf").replace("disk-buf-size(1073741824)", &buffer)
    );
    let at = |name: &str| folder.path().join(name);
    fs::write(at("syslog-ng.conf"), conf).unwrap();
    let libraries = peers.join("usr/lib/syslog-ng");
    let modules = fs::read_dir(&libraries).unwrap().flatten().map(|e| e.path()).find(|p| p.is_dir()).unwrap();
    let mut command = Command::new(peers.join("usr/sbin/syslog-ng"));
    command.env("LD_LIBRARY_PATH", &libraries).args(["-F", "--no-caps", "--module-path"]).arg(modules);
    for (option, file) in [("-f", "syslog-ng.conf"), ("-R", "persist"), ("-p", "pid"), ("-c", "ctl")] {
        command.arg(option).arg(at(file));
    }
    let _forwarder = start(command.current_dir(folder.path()), folder.path());
    feed(entry);
    doors.arrived("sshd", LINES);
}

#[test]
#[ignore = "needs Python packages; .ci/run runs it"]
fn elasticsearch_s_own_client_sends_in_bulk() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let sent = doors.python(
        folder.path(),
        r#"
import os
from elasticsearch import Elasticsearch, helpers
client = Elasticsearch("http://127.0.0.1:" + os.environ["HTTP"], basic_auth=("roundsman", os.environ["TOKEN"]),
                       http_compress=True)
assert client.info()["name"] == "roundsman"
line = "Nov 20 08:00:00 gate1 sshd[7]: Failed password for root from 203.0.113.61 port 20000 ssh2"
documents = ({"_op_type": "create", "_index": "logs", "message": line, "@timestamp": "2026-11-20T08:00:00Z"}
             for _ in range(1200))
done, errors = helpers.bulk(client, documents)
assert (done, errors) == (1200, []), (done, errors)
"#,
    );
    if sent {
        doors.arrived("sshd", 1_200);
    }
}

#[test]
#[ignore = "needs Python packages; .ci/run runs it"]
fn graypy_sends_gelf_in_compressed_chunks_and_over_tcp() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let sent = doors.python(
        folder.path(),
        r#"
import logging, os, random, graypy
log = logging.getLogger("shop")
port = int(os.environ["GELF"])
tcp = graypy.GELFTCPHandler("127.0.0.1", port)
for handler in (graypy.GELFUDPHandler("127.0.0.1", port), tcp):
    log.addHandler(handler)
for n in range(50):
    log.warning("%d %s", n, "".join(random.choice("abcdef0123456789") for _ in range(6000)))
logging.shutdown()
"#,
    );
    if sent {
        doors.arrived("gelf", 100);
    }
}

#[test]
#[ignore = "needs Python packages; .ci/run runs it"]
fn splunk_handler_sends_to_the_collector() {
    let folder = tempfile::tempdir().unwrap();
    let doors = Doors::open(folder.path());
    let sent = doors.python(
        folder.path(),
        r#"
import logging, os
from splunk_handler import SplunkHandler
handler = SplunkHandler(host="127.0.0.1", port=os.environ["HTTP"], token=os.environ["TOKEN"], index="main",
                        protocol="http", verify=False, flush_interval=0.5, source="sshd")
log = logging.getLogger("gate1")
log.addHandler(handler)
for n in range(200):
    log.warning("Failed password for root from 203.0.113.61 port %d ssh2", 1024 + n)
handler.force_flush()
logging.shutdown()
"#,
    );
    if sent {
        doors.arrived("sshd", 200);
    }
}
