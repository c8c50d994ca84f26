//! A person with a keyboard and a real Chromium, over the WebDriver protocol (<https://www.w3.org/TR/webdriver2/>).

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{Timestamp, tz::TimeZone};
use reqwest::Method;
use roundsman_sinks::digest::Period;
use serde_json::{Value, json};

use super::{
    client::Client,
    served::{PASSWORD, Served},
};
use crate::console::first_link;

/// Keys as WebDriver writes them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ALT: &str = "\u{e00a}";

/// A browser, driven from outside.
struct Browser {
    driver: Child,
    client: Client,
    session: String,
    shots: PathBuf,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Starts chromedriver and a headless Chromium; `None` where Debian's chromium-driver is not installed.
    async fn start() -> Option<Browser> {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = driver.ok()?;
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            Some(line.split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        let client = Client::new(&format!("http://127.0.0.1:{}", port.expect("chromedriver says its port")));
        let shots = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/console");
        std::fs::create_dir_all(&shots).unwrap();
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": args}}}});
        let answer = client.post_json("/session", &wanted).await.json();
        let session = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Some(Browser { driver, client, session, shots })
    }

    async fn call(&self, method: Method, command: &str, body: Value) -> Value {
        let path = format!("/session/{}/{command}", self.session);
        let body = if method == Method::GET { String::new() } else { body.to_string() };
        let answer = self.client.send(method, &path, "application/json", body).await;
        assert!(answer.status.is_success(), "{command}: {}", answer.body);
        answer.json()["value"].take()
    }

    async fn chrome(&self, command: &str, params: Value) -> Value {
        self.call(Method::POST, "goog/cdp/execute", json!({"cmd": command, "params": params})).await
    }

    async fn open(&self, address: &str) {
        self.call(Method::POST, "url", json!({"url": address})).await;
    }

    async fn script(&self, script: &str) -> Value {
        self.call(Method::POST, "execute/sync", json!({"script": script, "args": []})).await
    }

    /// Presses keys one after the other, with those of `held` down.
    async fn press(&self, held: &[&str], keys: &str) {
        let mut actions: Vec<Value> = held.iter().map(|key| json!({"type": "keyDown", "value": key})).collect();
        for key in keys.chars() {
            actions.push(json!({"type": "keyDown", "value": key.to_string()}));
            actions.push(json!({"type": "keyUp", "value": key.to_string()}));
        }
        actions.extend(held.iter().map(|key| json!({"type": "keyUp", "value": key})));
        self.call(Method::POST, "actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}))
            .await;
    }

    /// What has the focus, by its label or text.
    async fn focus(&self) -> String {
        let script = "const e = document.activeElement; return e.ariaLabel || e.id || e.textContent.trim()";
        self.script(script).await.as_str().unwrap_or("").to_owned()
    }

    /// Presses Tab until this has the focus.
    async fn tab_to(&self, wanted: &str) {
        const MOST: usize = 60;
        for _ in 0..MOST {
            if self.focus().await.starts_with(wanted) {
                return;
            }
            self.press(&[], TAB).await;
        }
        panic!("{wanted} cannot be reached with the keyboard; the focus is on {}", self.focus().await);
    }

    /// Waits until the page's title starts with this.
    async fn arrives(&self, title: &str) {
        const MOST: usize = 100;
        for _ in 0..MOST {
            let here = self.script("return document.readyState == 'complete' ? document.title : ''").await;
            if here.as_str().unwrap_or("").starts_with(title) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{title} did not come; here is {}", self.script("return document.title + location.href").await);
    }

    /// Takes a picture of the whole page, and sees that nothing sticks out of it sideways.
    async fn picture(&self, name: &str, width: u32, scheme: &str) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700});
        self.chrome("Emulation.setDeviceMetricsOverride", size).await;
        let dark = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.chrome("Emulation.setEmulatedMedia", dark).await;
        let wide = self.script("return document.documentElement.scrollWidth").await.as_u64().unwrap();
        let picture =
            self.chrome("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true})).await;
        let bytes = BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::write(self.shots.join(format!("{name}-{width}-{scheme}.png")), bytes).unwrap();
        assert!(wide <= u64::from(width), "{name} is {wide} px wide on a screen of {width}");
    }

    /// Prints the page.
    async fn print(&self, name: &str) {
        let pdf = self.call(Method::POST, "print", json!({"page": {"width": 21.0, "height": 29.7}})).await;
        let bytes = BASE64_STANDARD.decode(pdf.as_str().unwrap()).unwrap();
        std::fs::write(self.shots.join(format!("{name}.pdf")), bytes).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts Chromium; .ci/run runs it"]
async fn somebody_signs_in_and_acknowledges_an_alert_with_the_keyboard_alone() {
    let Some(browser) = Browser::start().await else {
        eprintln!("skipped: chromedriver is not installed (Debian: apt install chromium chromium-driver)");
        return;
    };
    let served = Served::sample().await;
    let link = first_link(&served.store).await.unwrap().unwrap();
    browser.open(&format!("{}{link}", served.base)).await;
    browser.picture("welcome", 390, "light").await;
    browser.tab_to("name").await;
    browser.press(&[], &format!("anna{TAB}{PASSWORD}{ENTER}")).await;
    browser.arrives("Queue").await;

    browser.press(&[], TAB).await;
    assert_eq!(browser.focus().await, "Skip to the content");
    browser.press(&[], ENTER).await;
    assert_eq!(browser.focus().await, "main");
    browser.tab_to("Acknowledge: Path traversal").await;
    browser.press(&[], ENTER).await;
    let is_mine = async |title: &str| {
        let alerts = served.store.alerts(&Default::default()).await.unwrap().alerts;
        let id = &alerts.iter().find(|a| a.title.starts_with(title)).unwrap().id;
        let history = served.store.history(id).await.unwrap();
        history.iter().any(|s| s.what == "acknowledged" && s.by == "anna")
    };
    wait_for(async || is_mine("Path traversal").await).await;
    browser.arrives("Queue").await;

    browser.press(&[ALT], "j").await;
    browser.arrives("Logon after password guessing").await;
    browser.press(&[ALT], "a").await;
    wait_for(async || is_mine("Logon after").await).await;
    served.stop().await;
}

async fn wait_for(done: impl AsyncFn() -> bool) {
    const MOST: usize = 100;
    for _ in 0..MOST {
        if done().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it did not happen");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts Chromium; .ci/run runs it"]
async fn every_page_fits_a_telephone_and_a_desk() {
    let Some(browser) = Browser::start().await else {
        eprintln!("skipped: chromedriver is not installed (Debian: apt install chromium chromium-driver)");
        return;
    };
    let served = Served::sample().await;
    let alerts = served.store.alerts(&Default::default()).await.unwrap().alerts;
    let alert = alerts.iter().find(|a| a.evidence.len() > 3).unwrap();
    let pages = [
        ("queue", "/".to_owned()),
        ("alert", format!("/alerts/{}", alert.id)),
        ("cases", "/cases?state=all".to_owned()),
        ("case", "/cases/files1/DSA-9104".to_owned()),
        ("sources", "/sources".to_owned()),
        ("digests", "/digests".to_owned()),
        ("digest", format!("/digests/{}", Period::week_of(Timestamp::now(), &TimeZone::UTC).name())),
        ("records", "/records".to_owned()),
        ("exception", "/records/new/exception?asset=mail1&advisory=DSA-9088".to_owned()),
        ("rules", "/rules".to_owned()),
        ("people", "/people".to_owned()),
        ("account", "/account".to_owned()),
    ];
    let session = served.admin("anna").await;
    let form = session.get("/records/new/action").await.field("form");
    let action =
        [("form", form.as_str()), ("text", "Renew the certificate of mail1"), ("owner", "ben"), ("due", "2026-12-01")];
    session.post_form("/records/new/action", &action).await;
    browser.open(&format!("{}/sign-in", served.base)).await;
    browser.picture("sign-in", 1280, "light").await;
    browser.tab_to("name").await;
    browser.press(&[], &format!("anna{TAB}{PASSWORD}{ENTER}")).await;
    browser.arrives("Queue").await;
    for (name, path) in &pages {
        browser.open(&format!("{}{path}", served.base)).await;
        for (width, scheme) in [(1280, "light"), (390, "light"), (1280, "dark")] {
            browser.picture(name, width, scheme).await;
        }
    }
    for (name, path) in pages.iter().filter(|(name, _)| ["case", "digest"].contains(name)) {
        browser.open(&format!("{}{path}", served.base)).await;
        browser.print(name).await;
    }
    served.stop().await;
}
