//! A disk that is full or read-only: said clearly, and nothing that was acknowledged is lost. The disk is a small one in
//! memory, mounted in a name space of its own (unshare(1)), so that no right of the machine's is needed.

mod support;

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use support::{eventually, free_port, get, program};

/// Room for two segments of the journal and a store.
const SIZE: &str = "150m";

/// Runs an instance whose data folder is on a disk of its own; then writes its exit code and what `journal verify` says.
fn instance(folder: &Path, mount: &str) -> Option<(Child, u16, u16)> {
    program("unshare")?;
    let may = Command::new("unshare").args(["-rm", "true"]).stderr(Stdio::null()).status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this machine lets nobody make a name space of their own (unshare -rm)");
        return None;
    }
    let (syslog, http) = (free_port(), free_port());
    let config = format!(
        "[data]\ndir = \"disk/data\"\n[http]\nlisten = \"127.0.0.1:{http}\"\n[[source]]\ntype = \"syslog\"\n\
         listen = \"tcp://127.0.0.1:{syslog}\"\n"
    );
    fs::write(folder.join("roundsman.toml"), config).unwrap();
    fs::create_dir(folder.join("disk")).unwrap();
    let script = format!(
        "{mount}\n\"$1\" run --config roundsman.toml 2> log\necho $? > code\n\"$1\" journal verify disk/data > verified\n\
         echo end > end\n"
    );
    let child = Command::new("unshare")
        .args(["-rm", "sh", "-c", &script, "sh", env!("CARGO_BIN_EXE_roundsman")])
        .current_dir(folder)
        .spawn()
        .unwrap();
    Some((child, syslog, http))
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

/// The sum of a metric's series.
fn metric(text: &str, name: &str) -> u64 {
    let of_name = |line: &&str| line.split(['{', ' ']).next() == Some(name);
    let value = |line: &str| line.rsplit(' ').next().and_then(|value| value.parse::<f64>().ok());
    text.lines().filter(of_name).filter_map(value).sum::<f64>() as u64
}

#[test]
#[ignore = "needs unshare(1) and a user who may mount a tmpfs; .ci/run starts it"]
fn a_disk_that_fills_stops_the_instance_and_every_record_is_kept_or_counted_as_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let Some((mut child, syslog, http)) =
        instance(folder.path(), &format!("mount -t tmpfs -o size={SIZE} tmpfs disk || exit 1"))
    else {
        return;
    };
    eventually("a start", || {
        (TcpStream::connect(("127.0.0.1", http)).is_ok() && get(http, "/readyz").0 == 200).then_some(())
    });
    let lines: String =
        (0..1000).map(|n| format!("<13>Nov 22 09:14:07 web1 app: line {n} {}\n", "x".repeat(160))).collect();
    let mut stream = TcpStream::connect(("127.0.0.1", syslog)).unwrap();
    // until it takes no more
    while stream.write_all(lines.as_bytes()).is_ok() {}
    let (status, why) = eventually("not ready", || Some(get(http, "/readyz")).filter(|(status, _)| *status == 503));
    assert!(status == 503 && why.contains("No space left") && why.contains("free space"), "{why}");
    let metrics = get(http, "/metrics").1;
    let count = |name: &str| metric(&metrics, &format!("roundsman_records_{name}_total"));
    let (received, journalled) = (count("received"), count("journalled"));
    assert_eq!(received, journalled + count("rejected") + count("dropped"));
    assert!(journalled > 100_000 && count("dropped") > 0, "{journalled} of {received}");

    eventually("the end", || folder.path().join("end").exists().then_some(()));
    child.wait().unwrap();
    assert_eq!(read(folder.path(), "code").trim(), "4", "{}", read(folder.path(), "log"));
    let verified = read(folder.path(), "verified");
    let kept: u64 = verified.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or_default();
    assert!(verified.starts_with("sound: ") && kept >= journalled, "{journalled} were journalled: {verified}");
}

#[test]
#[ignore = "needs unshare(1) and a user who may mount a tmpfs; .ci/run starts it"]
fn a_read_only_disk_is_an_error_that_says_where_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs tmpfs disk && mount -o remount,ro disk || exit 1";
    let Some((mut child, ..)) = instance(folder.path(), mount) else { return };
    child.wait().unwrap();
    let told = read(folder.path(), "log");
    assert_eq!(read(folder.path(), "code").trim(), "4", "{told}");
    assert!(told.contains("disk/data") && told.contains("Read-only file system"), "{told}");
}
