//! The doors for senders that speak HTTP: `/ingest`, Splunk's HTTP Event Collector, Elasticsearch's `_bulk`.
//!
//! They stand on the console's address, and alone on that of a `[[source]]` with `type = "http"`. Each request shows the
//! token of a sender and is taken whole or refused (`_bulk`: document by document, as its protocol has it); success means
//! that its records are on disk. [`Door::take`] is the one way in; the modules beside it speak the dialects.
//!
//! A body is bounded as it comes and as it unpacks, all bodies of a listener together too
//! ([`BUDGET`](roundsman_ingest::source::http::BUDGET)); what has no room is told to come again.

mod elastic;
mod ingest;
mod refusal;
mod splunk;
mod token;

use std::{
    future::{Future, poll_fn},
    io,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, header},
    routing::get,
};
use roundsman_ingest::{
    source::{
        Carrier,
        http::{Held, Packed, Receiver, Speaker},
    },
    unpack::{self, Coding},
};
use roundsman_sinks::Store;

use crate::serve::{self, Peer};
use refusal::Refusal;

/// From a request's headers to the end of its body.
const BODY_DEADLINE: Duration = Duration::from_secs(60);

/// What the doors of one listener share.
#[derive(Clone)]
pub struct Door(Arc<Shared>);

struct Shared {
    store: Store,
    receiver: Receiver,
}

/// What was taken of a request.
struct Taken<T> {
    /// The journal's position after its records.
    position: u64,
    /// How many records.
    records: u64,
    /// How many of them were cut at the line limit.
    truncated: u64,
    /// What else its reader found.
    more: T,
}

impl Door {
    /// The doors whose senders' tokens are in this store.
    pub fn new(store: Store, receiver: Receiver) -> Door {
        Door(Arc::new(Shared { store, receiver }))
    }

    /// Takes a request's records: who sends, the body, what it holds, the journal. A refusal is counted.
    async fn take<T: Send + 'static>(&self, request: Request, read: Reader<T>) -> Result<Taken<T>, Refusal> {
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0; 4]), |peer| peer.0);
        let (packed, more) = match self.read(peer, request, read).await {
            Ok(packed) => packed,
            Err(refusal) => {
                let (why, records) = refusal.counted();
                self.0.receiver.rejected(why, records);
                tracing::debug!(source = %self.0.receiver.label(), %peer, %refusal, "a request was refused");
                return Err(refusal);
            }
        };
        let (records, truncated) = (packed.records, packed.truncated);
        let position = self.0.receiver.append(packed).await?;
        Ok(Taken { position, records, truncated, more })
    }

    async fn read<T: Send + 'static>(
        &self,
        peer: IpAddr,
        request: Request,
        read: Reader<T>,
    ) -> Result<(Packed, T), Refusal> {
        token::check(&self.0.store, request.headers()).await?;
        let (parts, body) = request.into_parts();
        let coding = coding(&parts.headers)?;
        let mut held = self.0.receiver.hold();
        let arrived = tokio::time::timeout(BODY_DEADLINE, self.body(&parts.headers, body, &mut held)).await;
        let body = arrived.map_err(|_| Refusal::Slow(BODY_DEADLINE.as_secs()))??;
        let receiver = self.0.receiver.clone();
        let work = move || {
            let body = unpacked(coding, body, receiver.max_body(), &mut held)?;
            read(&receiver, peer, &parts.headers, &body)
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::Stopped(error.to_string()))?
    }

    /// The body as it comes, as long as there is room for it.
    async fn body(&self, headers: &HeaderMap, mut body: Body, held: &mut Held) -> Result<Vec<u8>, Refusal> {
        let most = self.0.receiver.max_body();
        let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|bytes: usize| bytes > most) {
            return Err(Refusal::TooLarge(most));
        }
        let mut arrived = Vec::new();
        while let Some(chunk) = chunk(&mut body).await? {
            if arrived.len() + chunk.len() > most {
                return Err(Refusal::TooLarge(most));
            }
            if !held.more(chunk.len()) {
                return Err(Refusal::Busy);
            }
            arrived.extend_from_slice(&chunk);
        }
        Ok(arrived)
    }
}

/// Reads an unpacked body: who sent it, with which headers. What it gives is journalled.
type Reader<T> = Box<dyn FnOnce(&Receiver, IpAddr, &HeaderMap, &[u8]) -> Result<(Packed, T), Refusal> + Send>;

async fn chunk(body: &mut Body) -> Result<Option<Bytes>, Refusal> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
            None => return Ok(None),
            Some(Err(error)) => return Err(Refusal::Cut(error.to_string())),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// How the body is packed (RFC 9110 section 8.4).
fn coding(headers: &HeaderMap) -> Result<Coding, Refusal> {
    let Some(value) = headers.get(header::CONTENT_ENCODING) else { return Ok(Coding::Identity) };
    match value.to_str().unwrap_or("").trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Coding::Identity),
        "gzip" | "x-gzip" => Ok(Coding::Gzip),
        "zstd" => Ok(Coding::Zstd),
        other => Err(Refusal::Coding(other.to_owned())),
    }
}

fn unpacked(coding: Coding, body: Vec<u8>, most: usize, held: &mut Held) -> Result<Vec<u8>, Refusal> {
    if coding == Coding::Identity {
        return Ok(body);
    }
    unpack::unpack(coding, &body, most, |bytes| held.more(bytes)).map_err(|error| match error {
        unpack::Error::TooLarge(most) => Refusal::TooLarge(most),
        unpack::Error::NoRoom => Refusal::Busy,
        unpack::Error::Broken(error) => Refusal::Packed(error.to_string()),
    })
}

/// The doors beside the console's pages: Elasticsearch's stands below `/elastic`, because `/` is the console's.
pub fn beside_the_console(door: Door) -> Router {
    let elastic = Router::new().nest("/elastic", elastic::routes()).route("/_bulk", elastic::bulk_route());
    finish(common().merge(elastic), door)
}

/// The doors on an address of their own.
#[derive(Clone)]
pub struct Alone(Router);

impl Alone {
    /// These doors.
    pub fn new(door: Door) -> Alone {
        let health = get(|| async { "ok\n" });
        Alone(finish(common().merge(elastic::routes()).route("/healthz", health), door))
    }
}

impl Speaker for Alone {
    async fn speak(
        self,
        stream: impl Carrier,
        peer: IpAddr,
        stopping: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        serve::speak(stream, peer, self.0, stopping).await.map_err(io::Error::other)
    }
}

fn common() -> Router<Door> {
    Router::new().route("/ingest", ingest::route()).merge(splunk::routes())
}

fn finish(routes: Router<Door>, door: Door) -> Router {
    // `Door::body` bounds what is read
    routes.layer(DefaultBodyLimit::disable()).with_state(door)
}
