//! The console on a listener, and what all handlers share.

use std::{future::Future, sync::Arc};

use tokio::net::TcpListener;

use roundsman_sinks::Store;

use super::{Console, guesses::Guesses, probes, routes};
use crate::{door, serve};

/// What handlers share.
#[derive(Clone)]
pub(super) struct App(Arc<Shared>);

struct Shared {
    console: Console,
    guesses: Guesses,
}

impl App {
    pub fn new(console: Console) -> App {
        probes::register_build_info(&console.metrics);
        App(Arc::new(Shared { console, guesses: Guesses::default() }))
    }

    pub fn console(&self) -> &Console {
        &self.0.console
    }

    pub fn store(&self) -> &Store {
        &self.0.console.store
    }

    pub fn guesses(&self) -> &Guesses {
        &self.0.guesses
    }
}

/// Serves console and doors until `shutdown` is done, then lets running requests end for a few seconds.
pub async fn serve(listener: TcpListener, console: Console, shutdown: impl Future<Output = ()>) {
    let doors = console.doors.clone().map(door::beside_the_console).unwrap_or_default();
    let router = routes::router(App::new(console)).merge(doors);
    serve::serve(listener, router, shutdown).await;
}
