//! The accept loop of everything here that speaks HTTP, and what a request's connection tells of it.

use std::{future::Future, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinSet,
};

/// Connections served at once; further ones wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 512;
/// From a connection's first byte, or the last answer, to the end of a request's headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes that a connection's headers may take.
const MAX_HEADER_BYTES: usize = 32 * 1024;
/// How long requests may still run once the shutdown began.
const DRAIN: Duration = Duration::from_secs(5);
/// Pause after an accept that failed, so that a lack of descriptors does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The address that a connection came from. Stands in the extensions of every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub IpAddr);

/// Serves until `shutdown` is done, then lets running requests end for a few seconds.
///
/// A connection that fails is logged and closed; it never ends the loop.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let stop = watch::Sender::new(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let permit = tokio::select! {
            permit = permits.clone().acquire_owned() => permit,
            () = &mut shutdown => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let (router, mut stopping) = (router.clone(), stop.subscribe());
        connections.spawn(async move {
            let stopping = async move { drop(stopping.wait_for(|stop| *stop).await) };
            if let Err(error) = speak(stream, peer.ip(), router, stopping).await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            drop(permit);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    stop.send_replace(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, ended).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut");
    }
}

/// Answers requests of one connection until its sender closes it; once `stopping` is done, only the one that runs.
pub async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    router: Router,
    stopping: impl Future<Output = ()>,
) -> hyper::Result<()> {
    let inner = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer.to_canonical()));
        hyper::service::Service::call(&inner, request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = stopping => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}
