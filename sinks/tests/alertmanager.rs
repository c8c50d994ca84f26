//! A real Alertmanager (Debian's `prometheus-alertmanager`), on a free port; skipped where it is not installed.
#![allow(missing_docs)]

mod common;

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use common::{alert, at};
use roundsman_rules::{Alert, Severity};
use roundsman_sinks::{
    Change, Message, Notification,
    channels::{Channel, ChannelKind, Surroundings, alertmanager},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PROGRAMS: [&str; 2] = ["/usr/bin/prometheus-alertmanager", "/usr/bin/alertmanager"];

struct Alertmanager {
    child: Child,
    address: String,
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Alertmanager {
    fn start(program: &str, dir: &Path) -> Alertmanager {
        let config = dir.join("am.yml");
        std::fs::write(&config, "route:\n  receiver: none\nreceivers:\n  - name: none\n").unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let child = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", dir.join("data").display()))
            .arg(format!("--web.listen-address={free}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        Alertmanager { child, address: free }
    }

    async fn get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.address).await.ok()?;
        let request = format!("GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        answer.split_once("\r\n\r\n").filter(|(head, _)| head.contains(" 200 ")).map(|(_, body)| body.to_owned())
    }

    /// Severities of the alerts that burn.
    async fn burning(&self) -> Vec<String> {
        let body = self.get("/api/v2/alerts?active=true").await.expect("it answers");
        let alerts: Vec<Value> = serde_json::from_str(&body).expect("it answers in JSON");
        alerts.iter().map(|a| a["labels"]["severity"].as_str().unwrap_or("").to_owned()).collect()
    }

    async fn until(&self, severities: &[&str]) {
        for _ in 0..500 {
            if self.burning().await == severities {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{:?} burn, not {severities:?}", self.burning().await);
    }
}

async fn tell(channel: &dyn Channel, change: Change, alert: &Alert) {
    let message = Message::Alert(Box::new(Notification::new(change, alert.clone())));
    channel.deliver(&message).await.expect("Alertmanager takes it");
}

#[tokio::test]
async fn a_real_alertmanager_sees_an_alert_burn_change_and_end() {
    let Some(program) = PROGRAMS.into_iter().find(|p| Path::new(p).exists()) else {
        eprintln!("skipped: no Alertmanager here; install Debian's prometheus-alertmanager to run this test");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let server = Alertmanager::start(program, dir.path());
    for _ in 0..500 {
        if server.get("/-/ready").await.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let config = alertmanager::Config { url: format!("http://{}", server.address), token: None };
    let channel = ChannelKind::Alertmanager(config).open("soc", &Surroundings::default()).unwrap();

    let mut a = alert("guess", Severity::High, "2026-03-04T09:00:00Z");
    tell(&*channel, Change::Raised, &a).await;
    server.until(&["high"]).await;
    channel.refresh(std::slice::from_ref(&a)).await.expect("Alertmanager takes a refresh");
    server.until(&["high"]).await;
    a.severity = Severity::Critical;
    tell(&*channel, Change::Severity, &a).await;
    server.until(&["critical"]).await;
    a.cleared = Some(at("2026-03-04T10:00:00Z"));
    tell(&*channel, Change::Cleared, &a).await;
    server.until(&[]).await;
}
