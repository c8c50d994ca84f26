//! Real forwarders with the configuration that we ship for them: ten thousand lines arrive, are counted, and the guessing
//! among them is one alert at a webhook.

mod support;

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use support::{Instance, Webhook, ask, eventually, free_port, program};

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

/// The shipped example, sending to this port instead.
fn example(name: &str, port: u16) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/examples").join(name);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("5514"), "{} names the default port", path.display());
    text.replace("5514", &port.to_string())
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

/// Sends a day through the forwarder that listens on `entry` and holds what arrives against it.
fn arrives(instance: Instance, hook: &Webhook, entry: u16) {
    let mut stream = eventually("the forwarder", || TcpStream::connect(("127.0.0.1", entry)).ok());
    stream.write_all(day().as_bytes()).unwrap();
    drop(stream);
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
    let shipped =
        example("rsyslog.conf", instance.syslog).replace("/var/spool/rsyslog", &folder.path().display().to_string());
    let conf =
        format!("module(load=\"imtcp\")\ninput(type=\"imtcp\" port=\"{entry}\" address=\"127.0.0.1\")\n{shipped}");
    let path = folder.path().join("rsyslog.conf");
    fs::write(&path, conf).unwrap();
    let mut command = Command::new(rsyslogd);
    command.arg("-n").arg("-f").arg(&path).arg("-i").arg(folder.path().join("rsyslog.pid"));
    let _forwarder = start(&mut command, folder.path());
    arrives(instance, &hook, entry);
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

#[test]
#[ignore = "starts syslog-ng; .ci/run runs it"]
fn syslog_ng_forwards_ten_thousand_lines_with_the_shipped_configuration() {
    let Some((program, libraries)) = syslog_ng() else { return };
    let folder = tempfile::tempdir().unwrap();
    let hook = Webhook::start();
    let instance = Instance::start(folder.path(), &hook.config("medium"));
    let entry = free_port();
    let conf = format!(
        "@version: 3.38\nsource s_src {{ network(ip(\"127.0.0.1\") port({entry}) transport(\"tcp\") keep-hostname(yes)); }};\n{}",
        example("syslog-ng.conf", instance.syslog)
    );
    let buffer = format!("disk-buf-size(1073741824) dir(\"{}\")", folder.path().display());
    let conf = conf.replace("disk-buf-size(1073741824)", &buffer);
    let at = |name: &str| folder.path().join(name);
    fs::write(at("syslog-ng.conf"), conf).unwrap();
    let modules = fs::read_dir(&libraries).unwrap().flatten().map(|e| e.path()).find(|p| p.is_dir()).unwrap();
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", &libraries).args(["-F", "--no-caps", "--module-path"]).arg(modules);
    command
        .arg("-f")
        .arg(at("syslog-ng.conf"))
        .arg("-R")
        .arg(at("persist"))
        .arg("-p")
        .arg(at("pid"))
        .arg("-c")
        .arg(at("ctl"));
    let _forwarder = start(command.current_dir(folder.path()), folder.path());
    arrives(instance, &hook, entry);
}
