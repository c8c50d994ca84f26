//! A real Debian, in a folder: packages that are built here go through the machine's own apt and dpkg into a root of their
//! own, and the logs that they write through a running instance. Upgraded, broken, taken back, held, brought back.
//!
//! Needs root (or `unshare`), dpkg and apt; `unattended-upgrade` where `.ci/run` has laid it down.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::Duration,
};

use serde_json::Value;
use support::{Instance, eventually, program};

/// Logs have seconds; what happens in two of them is in order.
const SECOND: Duration = Duration::from_millis(1_100);

/// unattended-upgrades for another root: its `main` takes one, its command line does not.
const UNATTENDED: &str = r#"
import apt_pkg, importlib.machinery, importlib.util, sys
script, root = sys.argv[1:3]
loader = importlib.machinery.SourceFileLoader("unattended_upgrade", script)
module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(module)
sys.argv = ["/usr/bin/unattended-upgrade", *sys.argv[3:]]
apt_pkg.config.set("Commandline::AsString", " ".join(sys.argv))
options = module.Options()
options.dry_run = "--dry-run" in sys.argv
sys.exit(module.main(options, rootdir=root))
"#;

/// A root with a package database and nothing else.
struct Debian {
    folder: PathBuf,
    /// Whether we are root already; else a user namespace makes us one.
    root: bool,
}

impl Debian {
    fn new(folder: &Path) -> Debian {
        let debian = Debian { folder: folder.to_owned(), root: is_root() };
        let root = debian.path("root");
        for made in [
            "var/lib/dpkg/info",
            "var/lib/dpkg/updates",
            "var/lib/dpkg/triggers",
            "var/lib/apt/lists/partial",
            "var/lib/unattended-upgrades",
            "var/cache/apt/archives/partial",
            "var/log/apt",
            "var/log/unattended-upgrades",
            "var/run",
            "etc/apt/apt.conf.d",
            "etc/apt/preferences.d",
            "etc/apt/trusted.gpg.d",
            "usr/bin",
        ] {
            fs::create_dir_all(root.join(made)).unwrap();
        }
        fs::create_dir(debian.path("repository")).unwrap();
        fs::write(root.join("var/lib/dpkg/status"), "").unwrap();
        fs::write(root.join("var/lib/dpkg/available"), "").unwrap();
        std::os::unix::fs::symlink("/usr/bin/dpkg", root.join("usr/bin/dpkg")).unwrap();
        let source = format!("deb [trusted=yes] file:{} ./\n", debian.path("repository").display());
        fs::write(root.join("etc/apt/sources.list"), source).unwrap();
        fs::write(root.join("etc/apt/apt.conf"), "Unattended-Upgrade::Origins-Pattern { \"o=*\"; };\n").unwrap();
        let root = root.display();
        let settings = format!(
            "Dir \"{root}/\";\nDir::State \"{root}/var/lib/apt\";\nDir::State::status \"{root}/var/lib/dpkg/status\";\n\
             Dir::Cache \"{root}/var/cache/apt\";\nDir::Etc \"{root}/etc/apt\";\nDir::Log \"{root}/var/log/apt\";\n\
             Dir::Bin::dpkg \"/usr/bin/dpkg\";\nAPT::Sandbox::User \"root\";\n\
             DPkg::Options {{ \"--root={root}\"; \"--force-script-chrootless\"; \"--force-not-root\"; \
             \"--log={root}/var/log/dpkg.log\"; }};\n"
        );
        fs::write(debian.path("apt.conf"), settings).unwrap();
        debian
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }

    /// A package in the repository: one file, and a script that runs once it is unpacked.
    fn build(&self, name: &str, version: &str, postinst: &str) {
        let tree = self.path(&format!("{name}-{version}"));
        fs::create_dir_all(tree.join("DEBIAN")).unwrap();
        fs::create_dir_all(tree.join("usr/share").join(name)).unwrap();
        fs::write(tree.join("usr/share").join(name).join("version"), version).unwrap();
        let control = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Test <test@example.com>\nDescription: of a test\n"
        );
        fs::write(tree.join("DEBIAN/control"), &control).unwrap();
        let script = tree.join("DEBIAN/postinst");
        fs::write(&script, format!("#!/bin/sh\n{postinst}\n")).unwrap();
        std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let file = format!("{name}_{version}_all.deb");
        let to = self.path("repository").join(&file);
        succeed(Command::new("dpkg-deb").args(["--root-owner-group", "-b"]).arg(&tree).arg(&to));
        let index = self.path("repository/Packages");
        let before = fs::read_to_string(&index).unwrap_or_default();
        let sum = String::from_utf8(succeed(Command::new("sha256sum").arg(&to)).stdout).unwrap();
        let sum = sum.split(' ').next().unwrap();
        let size = fs::metadata(&to).unwrap().len();
        fs::write(index, format!("{before}{control}Filename: ./{file}\nSize: {size}\nSHA256: {sum}\n\n")).unwrap();
    }

    /// A program that works on this root, in UTC.
    fn command(&self, program: &str) -> Command {
        let mut command = match self.root {
            true => Command::new(program),
            false => Command::new("unshare"),
        };
        if !self.root {
            command.args(["--map-root-user", program]);
        }
        let environment = [("TZ", "UTC"), ("LC_ALL", "C"), ("DEBIAN_FRONTEND", "noninteractive")];
        command.current_dir(&self.folder).envs(environment).env("APT_CONFIG", self.path("apt.conf"));
        command
    }

    /// apt-get with the newest index; a package may fail.
    fn apt(&self, args: &[&str]) -> Output {
        thread::sleep(SECOND);
        succeed(self.command("apt-get").args(["-qq", "update"]));
        self.command("apt-get").arg("-y").args(args).output().unwrap()
    }

    /// What dpkg is to do with a package: `install` or `hold`.
    fn select(&self, package: &str, wanted: &str) {
        let set = format!("echo '{package} {wanted}' | dpkg --root={} --set-selections", self.path("root").display());
        succeed(self.command("sh").args(["-c", &set]));
    }

    /// unattended-upgrades as its timer would run it.
    fn unattended(&self, peers: &Path, args: &[&str]) {
        thread::sleep(SECOND);
        let runner = self.path("unattended.py");
        fs::write(&runner, UNATTENDED).unwrap();
        let mut command = self.command("/usr/bin/python3");
        command.env("PYTHONPATH", peers.join("usr/lib/python3/dist-packages"));
        command.arg(runner).arg(peers.join("usr/bin/unattended-upgrade")).arg(self.path("root")).args(args);
        succeed(&mut command);
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}

/// Where `.ci/run` lays down programs that are not installed.
fn unattended_upgrades() -> Option<PathBuf> {
    let peers = std::env::var_os("ROUNDSMAN_PEERS").map(PathBuf::from);
    let peers = peers.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers"));
    let usable = peers.join("usr/bin/unattended-upgrade").exists()
        && Command::new("/usr/bin/python3").args(["-c", "import apt_pkg"]).status().is_ok_and(|s| s.success());
    if !usable {
        eprintln!("skipped: no unattended-upgrade under {} (or no python3-apt)", peers.display());
    }
    usable.then_some(peers)
}

/// The case of a package's advisory as it stands.
fn case(instance: &Instance, package: &str) -> Value {
    let output = support::call(&instance.folder, &["patches", "show", "--json", &format!("till1/{package}")]);
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

/// Waits until a case is in a state, and gives it.
fn reaches(instance: &Instance, package: &str, state: &str) -> Value {
    eventually(&format!("{package} to be {state}"), || Some(case(instance, package)).filter(|c| c["state"] == state))
}

/// The rules of the alerts about a package's case that are open.
fn open_alerts(instance: &Instance, package: &str) -> Vec<(String, Value)> {
    let about = format!("till1/{package}");
    let listed = instance.ask(&["alerts", "list", "--json"]);
    let alerts = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let open = alerts.filter(|alert| alert["cleared"].is_null() && alert["case"] == about.as_str());
    open.map(|alert| (alert["rule"]["id"].as_str().unwrap().to_owned(), alert)).collect()
}

/// Waits for an open alert of this rule.
fn raised(instance: &Instance, package: &str, rule: &str) -> Value {
    eventually(&format!("{rule} of {package}"), || {
        open_alerts(instance, package).into_iter().find(|(id, _)| id == rule).map(|(_, alert)| alert)
    })
}

fn states(case: &Value) -> Vec<&str> {
    case["history"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap()).collect()
}

/// What the organisation knows: this machine, and an advisory per package, published an hour ago.
fn organisation(folder: &Path) -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let inventory = format!("asset,aliases,platform,risk\ntill1,{},debian:12,medium\n", host.trim());
    fs::write(folder.join("inventory.csv"), inventory).unwrap();
    fs::create_dir(folder.join("advisories")).unwrap();
    let published = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    for package in ["shop", "ledger"] {
        let advisory = format!(
            "id = \"{package}\"\npublished = {published}\nclass = \"important\"\nactivation = {{ kind = \"none\" }}\n\
             [[target]]\nplatform = \"debian:12\"\nproduct = \"{package}\"\nscheme = \"deb\"\nfixed = \"1.0-2\"\n"
        );
        fs::write(folder.join(format!("advisories/{package}.toml")), advisory).unwrap();
    }
    "[inputs]\ninventory = \"inventory.csv\"\nadvisories = \"advisories/\"\n\
     [[source]]\ntype = \"file\"\npaths = [\"root/var/log/dpkg.log\", \"root/var/log/apt/*.log\", \
     \"root/var/log/unattended-upgrades/unattended-upgrades.log\"]\n"
        .to_owned()
}

#[test]
#[ignore = "needs dpkg and apt-get of a Debian, and root or unshare"]
fn a_real_debian_is_patched_broken_taken_back_held_and_brought_back() {
    let needed = ["dpkg", "dpkg-deb", "apt-get", "sha256sum"];
    if needed.iter().any(|name| program(name).is_none()) || (!is_root() && program("unshare").is_none()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let debian = Debian::new(folder.path());
    for package in ["shop", "ledger"] {
        debian.build(package, "1.0-1", "exit 0");
    }
    debian.apt(&["install", "shop", "ledger"]);
    let instance = Instance::start(folder.path(), &organisation(folder.path()));
    for package in ["shop", "ledger"] {
        assert_eq!(reaches(&instance, package, "open")["observed"], "1.0-1");
    }

    debian.build("shop", "1.0-2", "exit 0");
    debian.apt(&["install", "shop"]);
    let shop = reaches(&instance, "shop", "verifying");
    assert_eq!(
        (&shop["observed"], states(&shop)),
        (&"1.0-2".into(), vec!["open", "deploying", "installed", "verifying"])
    );

    debian.build("ledger", "1.0-2", "echo 'the accounts table is in use' >&2; exit 1");
    let failed = debian.apt(&["install", "ledger"]);
    assert!(!failed.status.success(), "apt itself says so: {failed:?}");
    assert_eq!(states(&reaches(&instance, "ledger", "install_failed")), ["open", "deploying", "install_failed"]);
    eventually("the package's own words", || {
        let why = raised(&instance, "ledger", "PV02")["why"].as_str()?.to_owned();
        why.contains("the accounts table is in use").then_some(())
    });

    debian.build("ledger", "1.0-3", "exit 0");
    debian.apt(&["install", "ledger"]);
    reaches(&instance, "ledger", "verifying");
    assert_eq!(open_alerts(&instance, "ledger").len(), 0);

    debian.apt(&["install", "--allow-downgrades", "shop=1.0-1"]);
    reaches(&instance, "shop", "rolled_back");
    // The lines of one transaction may come in two reads: dpkg takes the newer version apart before the older is there.
    eventually("the older version", || (case(&instance, "shop")["observed"] == "1.0-1").then_some(()));
    raised(&instance, "shop", "PV11");

    if let Some(peers) = unattended_upgrades() {
        debian.select("shop", "hold");
        debian.unattended(&peers, &[]);
        raised(&instance, "shop", "PV24");
        debian.select("shop", "install");
        debian.unattended(&peers, &["--dry-run"]);
        thread::sleep(Duration::from_secs(3));
        assert_eq!(case(&instance, "shop")["state"], "rolled_back", "a rehearsal is nothing");
        debian.unattended(&peers, &[]);
        reaches(&instance, "shop", "verifying");
        let alert = raised(&instance, "shop", "PV12");
        assert!(alert["why"].as_str().unwrap().contains("unattended-upgrade"), "{alert}");
    }
    instance.stop();
}
