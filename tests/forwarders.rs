//! Real forwarders with the configuration that we ship for them: ten thousand lines arrive, are counted, and the guessing
//! among them is one alert at a webhook.

mod support;

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use support::{Instance, Webhook, ask, eventually, free_port, pki::Authority, program};

const LINES: usize = 10_000;

/// A forwarder that runs until it is dropped.
struct Forwarder(Child);

impl Drop for Forwarder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(command: &mut Command, folder: &Path) -> Forwarder {
    let log = fs::File::create(folder.join("forwarder.log")).unwrap();
    Forwarder(command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
}

/// The shipped example, sending to this port instead of its own, with its files in this folder.
fn example(name: &str, own: u16, port: u16, folder: &Path) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/examples").join(name);
    let text = fs::read_to_string(&path).unwrap();
    let folder = folder.display().to_string();
    assert!(text.contains(&own.to_string()), "{} names the default port", path.display());
    text.replace(&own.to_string(), &port.to_string())
        .replace("/var/spool/rsyslog", &folder)
        .replace("/etc/ssl/roundsman", &folder)
}

/// Puts the certificates of both sides into the folder: ca, the sender's cert and key, the server's.
fn certificates(folder: &Path) {
    let authority = Authority::new("Test CA");
    let server = authority.issue("logs.example.net", &["logs.example.net", "127.0.0.1"]);
    let sender = authority.issue("gate1.example.net", &["gate1.example.net"]);
    for (name, text) in [
        ("ca.pem", &authority.cert),
        ("cert.pem", &sender.cert),
        ("key.pem", &sender.key),
        ("server.pem", &server.cert),
        ("server-key.pem", &server.key),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// A source over TLS that takes the sender of [`certificates`] and nobody else.
fn tls_source(kind: &str, listen: &str) -> String {
    format!(
        "[[source]]\ntype = \"{kind}\"\nlisten = \"{listen}\"\nsenders = {{ allow = [\"127.0.0.0/8\"] }}\n\
         [source.tls]\ncert = \"server.pem\"\nkey = \"server-key.pem\"\nclient_ca = \"ca.pem\"\n\
         allowed_subjects = [\"*.example.net\"]\n"
    )
}

/// rsyslog that takes lines on `entry` and does with them what the text says.
fn rsyslog(program: &Path, folder: &Path, entry: u16, shipped: &str) -> Forwarder {
    let input = format!("module(load=\"imtcp\")\ninput(type=\"imtcp\" port=\"{entry}\" address=\"127.0.0.1\")\n");
    let conf = folder.join("rsyslog.conf");
    fs::write(&conf, input + shipped).unwrap();
    let mut command = Command::new(program);
    command.arg("-n").arg("-f").arg(&conf).arg("-i").arg(folder.join("rsyslog.pid"));
    start(&mut command, folder)
}

/// A module of rsyslog, which Debian packs apart.
fn rsyslog_with(module: &str, package: &str) -> Option<PathBuf> {
    let libraries = ["/usr/lib/x86_64-linux-gnu/rsyslog", "/usr/lib/aarch64-linux-gnu/rsyslog", "/usr/lib/rsyslog"];
    if !libraries.iter().any(|folder| Path::new(folder).join(module).exists()) {
        eprintln!("SKIPPED: rsyslog has no {module} on this machine (Debian: apt-get install {package})");
        return None;
    }
    program("rsyslogd")
}

fn day() -> String {
    let line = |n: usize| {
        let stamp = format!("Nov 20 {:02}:{:02}:{:02}", 8 + n / 3600, n / 60 % 60, n % 60);
        match n {
            7_000..7_040 => format!(
                "<38>{stamp} gate1 sshd[{n}]: Failed password for invalid user ftp from 203.0.113.61 port {} ssh2\n",
                20_000 + n
            ),
            _ => format!("<30>{stamp} gate1 systemd[1]: Started session-{n}.scope - Session {n} of User anna.\n"),
        }
    };
    (0..LINES).map(line).collect()
}

/// Sends a day to the forwarder that listens on `entry`.
fn feed(entry: u16) {
    let mut stream = eventually("the forwarder", || TcpStream::connect(("127.0.0.1", entry)).ok());
    stream.write_all(day().as_bytes()).unwrap();
}

/// All lines of the day arrive, and each is journalled once.
fn all_once(instance: Instance) {
    let journalled = || instance.metric("roundsman_records_journalled_total");
    eventually("all records", || (journalled() >= LINES as f64).then_some(()));
    all_there_once(instance);
}

/// Each line of the day stands in the journal once.
fn all_there_once(instance: Instance) {
    let folder = instance.folder.clone();
    instance.stop();
    let text = ask(&folder, &["journal", "cat", "data"]);
    let mut lines: Vec<_> = text.lines().filter(|line| line.contains(" gate1 ")).collect();
    assert!(lines.len() >= LINES, "{} lines are there", lines.len());
    let all = lines.len();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!((lines.len(), all), (LINES, LINES), "different lines, all lines");
}

/// Sends a day through the forwarder that listens on `entry` and holds what arrives against it.
fn arrives(instance: Instance, hook: &Webhook, entry: u16) {
    feed(entry);
    let forwarded = |text: &str| text.lines().filter(|line| line.contains(" gate1 ")).count();
    eventually("all records", || (instance.metric("roundsman_records_journalled_total") >= LINES as f64).then_some(()));
    eventually("the alert at the webhook", || {
        hook.bodies().iter().any(|body| body.to_string().contains("203.0.113.61")).then_some(())
    });
    let count = |name: &str| instance.metric(&format!("roundsman_records_{name}_total"));
    assert_eq!(count("received"), count("journalled") + count("rejected") + count("dropped"));
    let folder = instance.folder.clone();
    instance.stop();
    assert_eq!(forwarded(&ask(&folder, &["journal", "cat", "data"])), LINES);
    let ids: std::collections::BTreeSet<String> =
        hook.bodies().iter().filter(|body| body["kind"] == "alert").map(|body| body["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "one alert");
}

#[test]
#[ignore = "starts rsyslog; .ci/run runs it"]
fn rsyslog_forwards_ten_thousand_lines_with_the_shipped_configuration() {
    let Some(rsyslogd) = program("rsyslogd") else { return };
    let folder = tempfile::tempdir().unwrap();
    let hook = Webhook::start();
    let instance = Instance::start(folder.path(), &hook.config("medium"));
    let entry = free_port();
    let shipped = example("rsyslog.conf", 5514, instance.syslog, folder.path());
    let _forwarder = rsyslog(&rsyslogd, folder.path(), entry, &shipped);
    arrives(instance, &hook, entry);
}

#[test]
#[ignore = "starts rsyslog; .ci/run runs it"]
fn rsyslog_forwards_over_tls_with_either_of_its_libraries() {
    for (module, package, driver) in
        [("lmnsd_gtls.so", "rsyslog-gnutls", "gtls"), ("lmnsd_ossl.so", "rsyslog-openssl", "ossl")]
    {
        let Some(rsyslogd) = rsyslog_with(module, package) else { continue };
        let folder = tempfile::tempdir().unwrap();
        certificates(folder.path());
        let (hook, port, entry) = (Webhook::start(), free_port(), free_port());
        let source = tls_source("syslog", &format!("tls://127.0.0.1:{port}"));
        let instance = Instance::start(folder.path(), &(hook.config("medium") + &source));
        let shipped = example("rsyslog-tls.conf", 6514, port, folder.path()).replace("gtls", driver);
        let _forwarder = rsyslog(&rsyslogd, folder.path(), entry, &shipped);
        arrives(instance, &hook, entry);
    }
}

#[test]
#[ignore = "starts rsyslog; .ci/run runs it"]
fn rsyslog_forwards_over_relp_with_the_shipped_configuration() {
    let Some(rsyslogd) = rsyslog_with("omrelp.so", "rsyslog-relp") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (hook, port, entry) = (Webhook::start(), free_port(), free_port());
    let source = format!("[[source]]\ntype = \"relp\"\nlisten = \"127.0.0.1:{port}\"\n");
    let instance = Instance::start(folder.path(), &(hook.config("medium") + &source));
    let shipped = example("rsyslog-relp.conf", 2514, port, folder.path());
    let _forwarder = rsyslog(&rsyslogd, folder.path(), entry, &shipped);
    arrives(instance, &hook, entry);
}

#[test]
#[ignore = "starts rsyslog; .ci/run runs it"]
fn rsyslog_forwards_over_relp_and_tls() {
    let Some(rsyslogd) = rsyslog_with("omrelp.so", "rsyslog-relp") else { return };
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let (hook, port, entry) = (Webhook::start(), free_port(), free_port());
    let source = tls_source("relp", &format!("127.0.0.1:{port}"));
    let instance = Instance::start(folder.path(), &(hook.config("medium") + &source));
    let at = |name: &str| folder.path().join(name).display().to_string();
    let tls = format!(
        "target=\"127.0.0.1\" tls=\"on\" tls.caCert={:?} tls.myCert={:?} tls.myPrivKey={:?} tls.authMode=\"name\" \
         tls.permittedPeer=[\"logs.example.net\"]",
        at("ca.pem"),
        at("cert.pem"),
        at("key.pem")
    );
    let shipped = example("rsyslog-relp.conf", 2514, port, folder.path()).replace("target=\"127.0.0.1\"", &tls);
    let _forwarder = rsyslog(&rsyslogd, folder.path(), entry, &shipped);
    arrives(instance, &hook, entry);
}

/// Passes connections on to `target` and breaks each of the first ones after this many bytes, both ways at once.
fn breaking_proxy(target: u16, after: usize, breaks: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for (connection, inward) in listener.incoming().flatten().enumerate() {
            let Ok(outward) = TcpStream::connect(("127.0.0.1", target)) else { continue };
            let limit = if connection < breaks { after } else { usize::MAX };
            let (back_from, back_to) = (outward.try_clone().unwrap(), inward.try_clone().unwrap());
            thread::spawn(move || pass(back_from, back_to, usize::MAX));
            thread::spawn(move || pass(inward, outward, limit));
        }
    });
    port
}

/// Copies until the end or the limit, then closes both.
fn pass(mut from: TcpStream, mut to: TcpStream, limit: usize) {
    let (mut buffer, mut passed) = ([0; 4 << 10], 0);
    while passed < limit {
        let Ok(read @ 1..) = from.read(&mut buffer) else { break };
        passed = if limit == usize::MAX { 0 } else { passed + read };
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

#[test]
#[ignore = "starts rsyslog; .ci/run runs it"]
fn rsyslog_over_relp_loses_and_doubles_nothing_while_its_connection_breaks() {
    let Some(rsyslogd) = rsyslog_with("omrelp.so", "rsyslog-relp") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (port, entry) = (free_port(), free_port());
    let source = format!("[[source]]\ntype = \"relp\"\nlisten = \"127.0.0.1:{port}\"\n");
    let instance = Instance::start(folder.path(), &source);
    let proxy = breaking_proxy(port, 150_000, 5);
    let shipped = example("rsyslog-relp.conf", 2514, proxy, folder.path());
    let _forwarder = rsyslog(&rsyslogd, folder.path(), entry, &shipped);
    feed(entry);
    all_once(instance);
}

#[test]
#[ignore = "starts rsyslog; .ci/run runs it"]
fn rsyslog_over_relp_loses_and_doubles_nothing_while_we_are_killed() {
    let Some(rsyslogd) = rsyslog_with("omrelp.so", "rsyslog-relp") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (port, entry) = (free_port(), free_port());
    let source = format!("[[source]]\ntype = \"relp\"\nlisten = \"127.0.0.1:{port}\"\n");
    let instance = Instance::start(folder.path(), &source);
    let (syslog, http) = (instance.syslog, instance.http);
    let shipped = example("rsyslog-relp.conf", 2514, port, folder.path());
    let _forwarder = rsyslog(&rsyslogd, folder.path(), entry, &shipped);
    feed(entry);
    eventually("the first records", || (instance.metric("roundsman_records_journalled_total") > 100.0).then_some(()));
    instance.kill();
    let again = Instance::again(folder.path(), syslog, http);
    eventually("the last record", || {
        let text = ask(folder.path(), &["journal", "cat", "data"]);
        text.contains(&format!("session-{}.scope", LINES - 1)).then_some(())
    });
    all_there_once(again);
}

/// syslog-ng conflicts with rsyslog as a Debian package, so it may also stand unpacked below `$ROUNDSMAN_PEERS`.
fn syslog_ng() -> Option<(PathBuf, PathBuf)> {
    let unpacked =
        std::env::var_os("ROUNDSMAN_PEERS").map(PathBuf::from).filter(|p| p.join("usr/sbin/syslog-ng").exists());
    match unpacked {
        Some(root) => Some((root.join("usr/sbin/syslog-ng"), root.join("usr/lib/syslog-ng"))),
        None => program("syslog-ng").map(|path| (path, PathBuf::from("/usr/lib/syslog-ng"))),
    }
}

/// syslog-ng that takes lines on `entry` and does with them what the text says.
fn syslog_ng_with(folder: &Path, entry: u16, shipped: &str) -> Option<Forwarder> {
    let (program, libraries) = syslog_ng()?;
    let conf = format!(
        "@version: 3.38\nsource s_src {{ network(ip(\"127.0.0.1\") port({entry}) transport(\"tcp\") keep-hostname(yes)); }};\n{shipped}"
    );
    let buffer = format!("disk-buf-size(1073741824) dir(\"{}\")", folder.display());
    let at = |name: &str| folder.join(name);
    fs::write(at("syslog-ng.conf"), conf.replace("disk-buf-size(1073741824)", &buffer)).unwrap();
    let modules = fs::read_dir(&libraries).unwrap().flatten().map(|e| e.path()).find(|p| p.is_dir()).unwrap();
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", &libraries).args(["-F", "--no-caps", "--module-path"]).arg(modules);
    for (option, name) in [("-f", "syslog-ng.conf"), ("-R", "persist"), ("-p", "pid"), ("-c", "ctl")] {
        command.arg(option).arg(at(name));
    }
    Some(start(command.current_dir(folder), folder))
}

#[test]
#[ignore = "starts syslog-ng; .ci/run runs it"]
fn syslog_ng_forwards_ten_thousand_lines_with_the_shipped_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let (hook, entry) = (Webhook::start(), free_port());
    let instance = Instance::start(folder.path(), &hook.config("medium"));
    let shipped = example("syslog-ng.conf", 5514, instance.syslog, folder.path());
    let Some(_forwarder) = syslog_ng_with(folder.path(), entry, &shipped) else { return };
    arrives(instance, &hook, entry);
}

#[test]
#[ignore = "starts syslog-ng; .ci/run runs it"]
fn syslog_ng_forwards_over_tls_with_the_shipped_configuration() {
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let (hook, port, entry) = (Webhook::start(), free_port(), free_port());
    let source = tls_source("syslog", &format!("tls://127.0.0.1:{port}"));
    let instance = Instance::start(folder.path(), &(hook.config("medium") + &source));
    let shipped = example("syslog-ng-tls.conf", 6514, port, folder.path());
    let Some(_forwarder) = syslog_ng_with(folder.path(), entry, &shipped) else { return };
    arrives(instance, &hook, entry);
}
