//! The demo's plot: two weeks of a small organisation. Twelve hosts go about their day; somebody guesses, somebody gets
//! in, two patch days go well and badly, and the backup server falls silent.
//!
//! Everything follows from the seed and the first Monday: the same seed tells the same story.

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use serde_json::{Value, json};

use super::files;

/// Whole days of the story.
pub const DAYS: i64 = 14;
/// Its length: a little into the third Monday, so that the meeting's page is written.
pub const LENGTH: SignedDuration = SignedDuration::from_hours(24 * DAYS + 7);

/// Something that happens.
#[derive(Clone, Debug)]
pub struct Scene {
    /// When, in the story's time.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What can happen.
#[derive(Clone, Debug)]
pub enum What {
    /// A host sends a line by syslog over TCP.
    Line(String),
    /// A file of the organisation becomes known: its path in the demo's folder and its text.
    File(String, String),
    /// A person decides.
    Decision(Value),
}

/// A small generator of numbers (SplitMix64): the story needs variety, not secrecy.
pub struct Dice(u64);

impl Dice {
    /// The same seed throws the same numbers.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` up to, not including, `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low)
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.between(0, from.len() as u64) as usize]
    }
}

/// Facilities of RFC 5424 section 6.2.1 that the story uses.
const KERN: u8 = 0;
const DAEMON: u8 = 3;
const AUTH: u8 = 4;
const CRON: u8 = 9;
const AUTHPRIV: u8 = 10;
const LOCAL0: u8 = 16;
const LOCAL7: u8 = 23;

/// Severities of the same section.
const CRIT: u8 = 2;
const ERROR: u8 = 3;
const WARNING: u8 = 4;
const NOTICE: u8 = 5;
const INFO: u8 = 6;

const STAFF: &[&str] = &["mara", "jonas", "ines", "tomek"];
const VISITORS: &[&str] = &["93.184.44.", "81.2.71.", "151.30.9.", "45.77.10."];
const PAGES: &[&str] = &["/", "/prices", "/login", "/orders/1204", "/static/site.css", "/static/logo.svg", "/contact"];
const BROWSERS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
];

/// The story being written.
pub struct Story {
    start: Timestamp,
    dice: Dice,
    scenes: Vec<Scene>,
}

/// Writes the whole story: its scenes in order of time.
pub fn write(start: Timestamp, seed: u64) -> Vec<Scene> {
    let mut story = Story { start, dice: Dice::new(seed), scenes: Vec::new() };
    for day in 0..=DAYS {
        story.ordinary_day(day);
    }
    story.guessing_from_the_internet();
    story.a_scanner_at_the_shop();
    story.openssl_patch_days();
    story.kernel_patch_days();
    story.a_package_left_half_configured();
    story.spraying_that_gets_in();
    story.a_kiosk_looks_around();
    story.a_rollback();
    let silent = story.moment(8, "10:40");
    story.scenes.retain(|scene| match &scene.what {
        What::Line(line) => scene.at < silent || !line.contains(" nas1 "),
        _ => true,
    });
    let end = story.start + LENGTH;
    story.scenes.retain(|scene| scene.at < end);
    story.scenes.sort_by_key(|scene| scene.at);
    story.scenes
}

/// The Monday 00:00 UTC with which a story that ends before `now` begins.
pub fn first_monday(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(TimeZone::UTC).date();
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let start = monday.saturating_sub(DAYS.days());
    start.to_zoned(TimeZone::UTC).map_or(now, |zoned| zoned.timestamp())
}

impl Story {
    fn moment(&self, day: i64, clock: &str) -> Timestamp {
        let mut parts = clock.split(':').map(|part| part.parse::<i64>().unwrap_or(0));
        let mut part = || parts.next().unwrap_or(0);
        let seconds = part() * 3600 + part() * 60 + part();
        self.start + SignedDuration::from_secs(day * 86_400 + seconds)
    }

    fn line(&mut self, at: Timestamp, facility: u8, severity: u8, host: &str, tag: &str, message: &str) {
        let stamp = at.to_zoned(TimeZone::UTC).strftime("%b %e %H:%M:%S");
        let text = format!("<{}>{stamp} {host} {tag}: {message}", facility * 8 + severity);
        self.scenes.push(Scene { at, what: What::Line(text) });
    }

    fn file(&mut self, at: Timestamp, path: &str, text: String) {
        self.scenes.push(Scene { at, what: What::File(path.to_owned(), text) });
    }

    fn sshd(&mut self, at: Timestamp, host: &str, message: &str) {
        let pid = self.dice.between(900, 32_000);
        self.line(at, AUTH, INFO, host, &format!("sshd[{pid}]"), message);
    }

    fn systemd(&mut self, at: Timestamp, host: &str, message: &str) {
        self.line(at, DAEMON, INFO, host, "systemd[1]", message);
    }

    /// A line of dpkg.log as a forwarder of files sends it.
    fn dpkg(&mut self, at: Timestamp, host: &str, message: &str) {
        let stamp = at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S");
        self.line(at, LOCAL7, NOTICE, host, "dpkg", &format!("{stamp} {message}"));
    }

    fn ordinary_day(&mut self, day: i64) {
        let weekend = day % 7 >= 5;
        for step in 0..288 {
            let at = self.start + SignedDuration::from_secs(day * 86_400 + step * 300);
            let busy = !weekend && (84..216).contains(&step);
            self.probes(at);
            self.shop(at, if busy { 4 } else { 1 });
            self.firewall(at, if busy { 3 } else { 1 });
            if step % 12 == 0 {
                self.hourly(at);
            }
        }
        if !weekend {
            self.working_day(day);
        }
        self.nightly(day);
    }

    fn second(&mut self, at: Timestamp) -> Timestamp {
        at + SignedDuration::from_secs(self.dice.between(0, 300) as i64)
    }

    fn probes(&mut self, at: Timestamp) {
        for (asset, probe) in
            [("web1", "web-login"), ("web2", "web-login"), ("webt1", "web-login"), ("db1", "db-query")]
        {
            let latency = self.dice.between(60, 190);
            let message = format!("probe={probe} asset={asset} result=ok latency_ms={latency}");
            self.line(at, LOCAL0, INFO, "mon1", "roundsman-probe", &message);
        }
    }

    fn shop(&mut self, at: Timestamp, visits: u64) {
        for _ in 0..visits {
            let (host, page) = (self.dice.pick(&["web1", "web2"]), self.dice.pick(PAGES));
            let visitor = format!("{}{}", self.dice.pick(VISITORS), self.dice.between(2, 250));
            let status = self.dice.pick(&[200, 200, 200, 200, 304, 404]);
            let second = self.second(at);
            self.access(second, host, &visitor, "GET", page, status);
            if page == "/login" {
                let user = self.dice.pick(&["a.keller", "p.novak", "shop-42"]);
                let stamp = second.strftime("%Y-%m-%dT%H:%M:%SZ");
                let log = json!({"@timestamp": stamp.to_string(), "log.level": "info", "message": "order placed",
                    "service.name": "orders", "user.name": user, "event.duration": self.dice.between(4, 90) * 1_000_000});
                self.line(second, LOCAL0, INFO, "app1", "orders[702]", &log.to_string());
            }
        }
    }

    fn access(&mut self, at: Timestamp, host: &str, client: &str, method: &str, target: &str, status: u16) {
        let (size, browser) = (self.dice.between(300, 40_000), self.dice.pick(BROWSERS));
        let stamp = at.to_zoned(TimeZone::UTC).strftime("%d/%b/%Y:%H:%M:%S +0000");
        let message =
            format!("{client} - - [{stamp}] \"{method} {target} HTTP/1.1\" {status} {size} \"-\" \"{browser}\"");
        self.line(at, LOCAL7, INFO, host, "nginx", &message);
    }

    fn firewall(&mut self, at: Timestamp, sessions: u64) {
        for _ in 0..sessions {
            let source = format!("10.20.{}.{}", self.dice.between(1, 4), self.dice.between(20, 90));
            let target = format!("{}{}", self.dice.pick(VISITORS), self.dice.between(2, 250));
            let (port, second) = (self.dice.pick(&[443, 443, 53, 123]), self.second(at));
            self.traffic(second, &source, &target, port, "close");
        }
        if self.dice.between(0, 3) == 0 {
            let source = format!("198.51.100.{}", self.dice.between(100, 250));
            let (port, second) = (self.dice.pick(&[23, 445, 3389, 8080]), self.second(at));
            let (id, from) = (self.dice.between(1, 65_000), self.dice.between(1025, 65_000));
            let message = format!(
                "[UFW BLOCK] IN=ens3 OUT= MAC=52:54:00:1a:2b:3c:00:11:22:33:44:55:08:00 SRC={source} DST=192.0.2.10 \
                 LEN=44 TOS=0x00 PREC=0x00 TTL=241 ID={id} PROTO=TCP SPT={from} DPT={port} WINDOW=1024 RES=0x00 SYN URGP=0"
            );
            self.line(second, KERN, WARNING, "bastion", "kernel", &message);
        }
    }

    fn traffic(&mut self, at: Timestamp, source: &str, target: &str, port: u16, action: &str) {
        let (session, from) = (self.dice.between(100_000, 9_999_999), self.dice.between(1025, 65_000));
        let (sent, received) = (self.dice.between(400, 9_000), self.dice.between(900, 90_000));
        let (date, time) = (at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"));
        let text = format!(
            "<189>date={date} time={time} devname=\"fw1\" devid=\"FG100FTK21000042\" logid=\"0000000013\" type=\"traffic\" \
             subtype=\"forward\" level=\"notice\" vd=\"root\" srcip={source} srcport={from} srcintf=\"lan\" dstip={target} \
             dstport={port} dstintf=\"wan1\" sessionid={session} proto=6 action=\"{action}\" policyid=12 \
             service=\"tcp/{port}\" duration=14 sentbyte={sent} rcvdbyte={received}"
        );
        self.scenes.push(Scene { at, what: What::Line(text) });
    }

    fn hourly(&mut self, at: Timestamp) {
        for host in ["web1", "web2", "webt1", "app1", "db1", "nas1", "bastion", "build1", "mon1", "kiosk1"] {
            let second = self.second(at);
            let pid = self.dice.between(2_000, 60_000);
            let tag = format!("CRON[{pid}]");
            self.line(second, CRON, INFO, host, &tag, "(root) CMD (cd / && run-parts --report /etc/cron.hourly)");
        }
        let second = self.second(at);
        let stamp = second.strftime("%Y-%m-%d %H:%M:%S.120 UTC");
        let message = format!("{stamp} [811] LOG:  checkpoint complete: wrote 61 buffers (0.4%)");
        self.line(second, LOCAL0, INFO, "db1", "postgres[811]", &message);
        let second = self.second(at);
        let (id, from) = (self.dice.between(1, 65_000), self.dice.between(1025, 65_000));
        let blocked = format!(
            "71,,,1000104,igb1,match,block,in,4,0x0,,52,{id},0,DF,6,tcp,60,10.20.4.{},192.0.2.80,{from},8443,0,S,\
             2209518,,64240,,mss;sackOK;TS",
            self.dice.between(20, 60)
        );
        self.line(second, LOCAL0, INFO, "fw2", "filterlog[402]", &blocked);
    }

    fn working_day(&mut self, day: i64) {
        for (n, user) in STAFF.iter().enumerate() {
            let start = self.moment(day, "07:30") + SignedDuration::from_mins(self.dice.between(0, 90) as i64);
            let (address, port) = (format!("10.20.1.{}", 20 + n), self.dice.between(40_000, 60_000));
            let accepted = format!(
                "Accepted publickey for {user} from {address} port {port} ssh2: ED25519 SHA256:h8Vq{n}y2mDTuPz0kRnc4wLs9oXa"
            );
            self.sshd(start, "bastion", &accepted);
            let opened = format!("pam_unix(sshd:session): session opened for user {user}(uid=100{n}) by (uid=0)");
            self.sshd(start, "bastion", &opened);
            if self.dice.between(0, 4) == 0 {
                let before = start - SignedDuration::from_secs(20);
                let failed = format!("Failed password for {user} from {address} port {port} ssh2");
                self.sshd(before, "bastion", &failed);
            }
            let later = start + SignedDuration::from_mins(self.dice.between(10, 400) as i64);
            let host = self.dice.pick(&["web1", "app1", "db1", "build1"]);
            let command = self.dice.pick(&[
                "/usr/bin/systemctl status nginx",
                "/usr/bin/journalctl -u orders --since today",
                "/usr/bin/apt list --upgradable",
            ]);
            let message = format!("{user} : TTY=pts/1 ; PWD=/home/{user} ; USER=root ; COMMAND={command}");
            self.line(later, AUTHPRIV, NOTICE, host, "sudo", &message);
        }
    }

    fn nightly(&mut self, day: i64) {
        let at = self.moment(day, "02:00");
        let seconds = self.dice.between(380, 520);
        let message = format!("job=shop-db result=ok exit=0 seconds={seconds} bytes=8123459072");
        self.line(at, LOCAL0, INFO, "nas1", "roundsman-job", &message);
        for host in ["web1", "web2", "webt1", "app1", "db1", "build1", "kiosk1"] {
            let at = self.moment(day, "06:20") + SignedDuration::from_secs(self.dice.between(0, 900) as i64);
            let stamp = at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S");
            let started = format!("{stamp},104 INFO Starting unattended upgrades script");
            self.line(at, LOCAL7, INFO, host, "unattended-upgrades", &started);
            let nothing = format!(
                "{stamp},871 INFO No packages found that can be upgraded unattended and no pending auto-removals"
            );
            self.line(at, LOCAL7, INFO, host, "unattended-upgrades", &nothing);
        }
    }

    /// Tuesday night: the kind of guessing that every address on the internet sees.
    fn guessing_from_the_internet(&mut self) {
        let names = ["root", "admin", "oracle", "postgres", "ubuntu", "git", "test", "deploy"];
        for n in 0..240 {
            let at = self.moment(1, "22:14") + SignedDuration::from_secs(n * 9);
            let (name, port) = (self.dice.pick(&names), self.dice.between(30_000, 60_000));
            let invalid = if name == "root" { "" } else { "invalid user " };
            let message = format!("Failed password for {invalid}{name} from 203.0.113.45 port {port} ssh2");
            self.sshd(at, "bastion", &message);
        }
    }

    /// Thursday: a web scanner; one of its requests gets an answer that it should not get.
    fn a_scanner_at_the_shop(&mut self) {
        let targets = [
            "/.env",
            "/wp-login.php",
            "/phpmyadmin/index.php",
            "/.git/config",
            "/cgi-bin/../../../../etc/passwd",
            "/search?q=1%27%20UNION%20SELECT%20password%20FROM%20users--",
            "/admin/setup.php",
            "/backup.sql",
        ];
        for n in 0..64 {
            let at = self.moment(3, "03:31") + SignedDuration::from_secs(n * 2);
            let target = targets[n as usize % targets.len()];
            let status = self.dice.pick(&[404, 404, 403, 400]);
            self.access(at, "web1", "198.51.100.23", "GET", target, status);
        }
        let at = self.moment(3, "03:34:07");
        self.access(at, "web1", "198.51.100.23", "GET", "/download?file=../../../../etc/passwd", 200);
    }

    /// The library patch: a test host first, then production in its window. web1 takes it; on web2 nobody restarts nginx.
    fn openssl_patch_days(&mut self) {
        for (path, text) in files::at_the_start(self.start) {
            self.file(self.start, &path, text);
        }
        let known = self.moment(1, "10:20");
        self.file(known, "advisories/DSA-2026-101.toml", files::openssl_advisory(self.moment(1, "10:00")));
        self.install_openssl(2, "02:10", "webt1", true);
        self.install_openssl(6, "01:53", "web1", true);
        self.install_openssl(6, "02:06", "web2", false);
        for (day, host) in [(3, "webt1"), (7, "web1"), (7, "web2")] {
            let at = self.moment(day, "06:00");
            self.file(
                at,
                &format!("scans/{host}--trivy.json"),
                files::scan(host, at, files::OPENSSL_FIXED, files::KERNEL_FIXED),
            );
        }
    }

    fn install_openssl(&mut self, day: i64, clock: &str, host: &str, restart: bool) {
        let at = |seconds: i64, story: &Story| story.moment(day, clock) + SignedDuration::from_secs(seconds);
        let (old, new) = (files::OPENSSL_OLD, files::OPENSSL_FIXED);
        let t = at(0, self);
        self.dpkg(t, host, "startup archives unpack");
        for package in ["libssl3:amd64", "openssl:amd64"] {
            self.dpkg(t, host, &format!("upgrade {package} {old} {new}"));
            self.dpkg(t, host, &format!("status half-configured {package} {old}"));
            self.dpkg(t, host, &format!("status unpacked {package} {new}"));
        }
        for package in ["libssl3:amd64", "openssl:amd64"] {
            let t = at(3, self);
            self.dpkg(t, host, &format!("configure {package} {new} <none>"));
            self.dpkg(t, host, &format!("status installed {package} {new}"));
        }
        let t = at(300, self);
        if restart {
            self.systemd(
                t,
                host,
                "Stopping nginx.service - A high performance web server and a reverse proxy server...",
            );
            self.systemd(t, host, "Started nginx.service - A high performance web server and a reverse proxy server.");
        }
        let t = at(302, self);
        self.systemd(t, host, "Started ssh.service - OpenBSD Secure Shell server.");
    }

    /// The kernel patch, exploited in the wild: db1 restarts into the old kernel and nobody notices but us.
    fn kernel_patch_days(&mut self) {
        let known = self.moment(4, "14:30");
        self.file(known, "advisories/DSA-2026-102.toml", files::kernel_advisory(self.moment(4, "14:20")));
        let kev = files::kev(self.moment(4, "14:20"), self.moment(8, "00:00"));
        self.file(known, "kev.json", kev);
        let t = self.moment(6, "02:20");
        let package = format!("linux-image-{}:amd64", files::KERNEL_NEW_ABI);
        let new = files::KERNEL_FIXED;
        self.dpkg(t, "db1", &format!("install {package} <none> {new}"));
        self.dpkg(t, "db1", &format!("status unpacked {package} {new}"));
        self.dpkg(t, "db1", &format!("status installed {package} {new}"));
        self.reboot(6, "03:11", "db1", files::KERNEL_OLD_ABI, files::KERNEL_OLD);
        self.reboot(7, "09:05", "db1", files::KERNEL_NEW_ABI, files::KERNEL_FIXED);
        let scanned = self.moment(8, "06:00");
        self.file(
            scanned,
            "scans/db1--trivy.json",
            files::scan("db1", scanned, files::OPENSSL_OLD, files::KERNEL_FIXED),
        );
        let decided = self.moment(9, "09:30");
        let exception = json!({"kind": "exception", "id": "EX-7", "asset": "kiosk1", "advisory": "DSA-2026-102",
            "reason": "The kiosk vendor ships its own kernel in December.", "control": "Isolated VLAN, no inbound traffic.",
            "approver": "ines", "created": decided.to_string(),
            "expires": (decided + SignedDuration::from_hours(24 * 28)).to_string()});
        self.scenes.push(Scene { at: decided, what: What::Decision(exception) });
    }

    fn reboot(&mut self, day: i64, clock: &str, host: &str, abi: &str, version: &str) {
        let down = self.moment(day, clock);
        self.line(down, AUTH, INFO, host, "systemd-logind[512]", "System is rebooting.");
        let up = down + SignedDuration::from_secs(70);
        let boot = format!(
            "[    0.000000] Linux version {abi} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, \
             GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian {version} (2026-11-01)"
        );
        self.line(up, KERN, INFO, host, "kernel", &boot);
        let done = up + SignedDuration::from_secs(14);
        self.systemd(done, host, "Started postgresql@15-main.service - PostgreSQL Cluster 15-main.");
        self.systemd(done, host, "Startup finished in 2.214s (kernel) + 11.080s (userspace) = 13.294s.");
    }

    /// Sunday: apt says "done", the package's own script did not get through.
    fn a_package_left_half_configured(&mut self) {
        let known = self.moment(3, "09:00");
        self.file(known, "advisories/SHOP-2026-3.toml", files::orders_advisory(known));
        let at = |seconds: i64, story: &Story| story.moment(6, "02:40") + SignedDuration::from_secs(seconds);
        let (old, new) = (files::ORDERS_OLD, files::ORDERS_FIXED);
        let t = at(0, self);
        self.dpkg(t, "app1", &format!("upgrade orders-server:all {old} {new}"));
        self.dpkg(t, "app1", &format!("status unpacked orders-server:all {new}"));
        let t = at(4, self);
        self.dpkg(t, "app1", &format!("configure orders-server:all {new} <none>"));
        self.dpkg(t, "app1", &format!("status half-configured orders-server:all {new}"));
        let stamp = t.strftime("%Y-%m-%d  %H:%M:%S").to_string();
        let term = [
            format!("Log started: {stamp}"),
            format!("Setting up orders-server ({new}) ..."),
            "schema upgrade stopped: table order_lines is in use".into(),
            "dpkg: error processing package orders-server (--configure):".into(),
            " installed orders-server package post-installation script subprocess returned error exit status 1".into(),
            "Errors were encountered while processing:".into(),
            " orders-server".into(),
            format!("Log ended: {stamp}"),
        ];
        for line in &term {
            self.line(t, LOCAL7, NOTICE, "app1", "apt-term", line);
        }
        let t = at(6, self);
        self.line(t, DAEMON, ERROR, "app1", "apt", "E: Sub-process /usr/bin/dpkg returned an error code (1)");
    }

    /// Wednesday night: few tries over many accounts, one of them fits, and the guest makes himself at home.
    fn spraying_that_gets_in(&mut self) {
        let accounts = [
            "mara", "jonas", "ines", "tomek", "backup", "shop", "deploy", "www-data", "postgres", "git", "jenkins",
            "mail", "ops", "support", "sales", "info",
        ];
        for (n, account) in accounts.iter().cycle().take(48).enumerate() {
            let at = self.moment(9, "23:36") + SignedDuration::from_secs(n as i64 * 7);
            let port = self.dice.between(30_000, 60_000);
            self.sshd(at, "web2", &format!("Failed password for {account} from 198.51.100.77 port {port} ssh2"));
        }
        let at = self.moment(9, "23:43:12");
        self.sshd(at, "web2", "Accepted password for backup from 198.51.100.77 port 51544 ssh2");
        self.sshd(at, "web2", "pam_unix(sshd:session): session opened for user backup(uid=34) by (uid=0)");
        let at = self.moment(9, "23:44:40");
        let message =
            "backup : TTY=pts/0 ; PWD=/var/backups ; USER=root ; COMMAND=/usr/sbin/useradd -m -G sudo svc-update";
        self.line(at, AUTHPRIV, NOTICE, "web2", "sudo", message);
        let message =
            "new user: name=svc-update, UID=1042, GID=1042, home=/home/svc-update, shell=/bin/bash, from=/dev/pts/0";
        self.line(at, AUTHPRIV, INFO, "web2", "useradd[20411]", message);
        self.line(at, AUTHPRIV, INFO, "web2", "useradd[20411]", "add 'svc-update' to group 'sudo'");
    }

    /// Thursday: the kiosk knocks on every door of the server network.
    fn a_kiosk_looks_around(&mut self) {
        for n in 0..90 {
            let at = self.moment(10, "03:05") + SignedDuration::from_secs(n);
            let target = format!("10.20.9.{}", 10 + n % 45);
            let port = self.dice.pick(&[22, 445, 3389, 5432]);
            self.traffic(at, "10.20.3.77", &target, port, "deny");
        }
        let at = self.moment(10, "03:07");
        let oom = "Out of memory: Killed process 1733 (chromium) total-vm:4120848kB, anon-rss:1804112kB, file-rss:0kB";
        self.line(at, KERN, CRIT, "kiosk1", "kernel", oom);
    }

    /// Saturday: the shop misbehaves, somebody takes the library back, and with it the hole.
    fn a_rollback(&mut self) {
        let t = self.moment(12, "11:02");
        let (old, new) = (files::OPENSSL_OLD, files::OPENSSL_FIXED);
        for package in ["libssl3:amd64", "openssl:amd64"] {
            self.dpkg(t, "web1", &format!("upgrade {package} {new} {old}"));
            self.dpkg(t, "web1", &format!("status unpacked {package} {old}"));
            self.dpkg(t, "web1", &format!("status installed {package} {old}"));
        }
        let at = self.moment(12, "11:04");
        self.systemd(at, "web1", "Started nginx.service - A high performance web server and a reverse proxy server.");
    }
}
