//! A console that serves a store of its own.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use roundsman_sinks::{
    Routes, Store,
    store::{Commit, Decision, Role, Token},
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use super::client::{Answer, Client};
use crate::console::{BoxFuture, Console, Digests, Health, Intake, first_link, secrets::digest, serve};

/// A password that the console takes.
pub const PASSWORD: &str = "correct horse battery";

/// Puts decisions straight into the store, as the pipeline does a moment after they were journalled.
struct Desk {
    store: Store,
    broken: Mutex<Option<String>>,
}

impl Intake for Desk {
    fn decide(&self, record: Value) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move {
            if let Some(error) = self.broken.lock().unwrap().clone() {
                return Err(error);
            }
            let at = Timestamp::now();
            let commit = Commit { at, decisions: vec![Decision { at, record }], ..Commit::default() };
            self.store.commit(&commit, &Routes::default()).await.map_err(|e| e.to_string())?;
            Ok(())
        })
    }
}

/// Ready unless something is said to be missing.
#[derive(Default)]
struct Ready(Mutex<Vec<String>>);

impl Health for Ready {
    fn ready(&self) -> BoxFuture<'_, Result<(), Vec<String>>> {
        let missing = self.0.lock().unwrap().clone();
        Box::pin(async move { if missing.is_empty() { Ok(()) } else { Err(missing) } })
    }
}

/// Makes digests from the store.
struct Book(Store);

impl Digests for Book {
    fn digest(&self, period: String) -> BoxFuture<'_, Result<Option<String>, String>> {
        Box::pin(async move { Ok(super::sample::digest(&self.0, &period).await.map(|digest| digest.to_json())) })
    }
}

/// The console under test.
pub struct Served {
    pub base: String,
    pub store: Store,
    desk: Arc<Desk>,
    ready: Arc<Ready>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    _dir: TempDir,
}

impl Served {
    /// Serves an empty store.
    pub async fn empty() -> Served {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open("sqlite:roundsman.db", dir.path()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Desk { store: store.clone(), broken: Mutex::default() });
        let ready = Arc::new(Ready::default());
        let console = Console {
            store: store.clone(),
            intake: desk.clone(),
            health: ready.clone(),
            digests: Arc::new(Book(store.clone())),
            metrics: prometheus::Registry::new(),
            doors: None,
            rules: watch::channel(Arc::new(super::sample::rules())).1,
        };
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(serve(listener, console, async move { drop(stopped.wait_for(|s| *s).await) }));
        Served { base, store, desk, ready, stop, task, _dir: dir }
    }

    /// Serves a small organisation.
    pub async fn sample() -> Served {
        let served = Served::empty().await;
        super::sample::fill(&served.store, Timestamp::now()).await;
        served
    }

    /// Somebody without session or token.
    pub fn stranger(&self) -> Client {
        Client::new(&self.base)
    }

    /// A program with this role.
    pub async fn program(&self, role: Role) -> Client {
        let secret = format!("token of a {}", role.as_str());
        let token =
            Token { hash: digest(&secret), role, name: format!("{} script", role.as_str()), created: Timestamp::now() };
        self.store.save_token(&token).await.unwrap();
        self.stranger().bearer(&secret)
    }

    /// Somebody who has come in by the first link, under this name.
    pub async fn admin(&self, name: &str) -> Client {
        let link = first_link(&self.store).await.unwrap().expect("nobody was let in before");
        let answer = self.stranger().post_form(&link, &[("name", name), ("password", PASSWORD)]).await;
        self.stranger().with("cookie", &session_of(&answer))
    }

    /// From now on decisions cannot be journalled.
    pub fn break_intake(&self, error: &str) {
        *self.desk.broken.lock().unwrap() = Some(error.to_owned());
    }

    /// From now on something is missing.
    pub fn break_health(&self, missing: &str) {
        self.ready.0.lock().unwrap().push(missing.to_owned());
    }

    /// Stops it and waits until it has.
    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

/// The cookie that an answer sets.
pub fn session_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie:?}: {}", answer.body);
    cookie.split(';').next().unwrap().to_owned()
}
