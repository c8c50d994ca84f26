//! Listening for streams: what TCP, TLS and RELP have in common. Who speaks is asked at the [`Door`]; what is spoken is
//! a [`Protocol`], which does not care what carries it.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use socket2::{Domain, Protocol as Ip, SockRef, Socket, TcpKeepalive, Type};
use tokio::{
    io::{AsyncRead, AsyncWrite, BufReader, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{Instant, Sleep, sleep},
};

use super::{
    Intake, Phase,
    senders::{Gate, Pass, Senders},
    tls::{self, Acceptor, TlsConfig},
    told_to_stop,
};
use crate::{journal, metrics::Refused};

/// Connections that the kernel holds until they are accepted.
const BACKLOG: i32 = 1_024;
/// A connection's buffer at first, and what it grows to under load.
const READ_BYTES: std::ops::RangeInclusive<usize> = 8 << 10..=256 << 10;
/// What is read at once below TLS, whose own reads are a few kilobytes.
const CIPHERTEXT_BYTES: usize = 64 << 10;
/// Pause after the system refused a connection (no descriptors left), so as not to spin.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Silence after which the kernel asks whether the sender is still there.
const KEEPALIVE: Duration = Duration::from_secs(60);
/// A refusal is told at most so often for each reason; all are counted.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// What carries a connection.
pub trait Carrier: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Carrier for T {}

/// What is spoken on a connection.
pub(crate) trait Protocol: Clone + Send + 'static {
    /// Speaks until the sender closes, the journal stops, or the source has drained.
    fn serve(
        self,
        stream: impl Carrier,
        peer: Arc<str>,
        intake: Intake,
    ) -> impl Future<Output = Result<(), Ended>> + Send;
}

/// Why a connection ended before its sender closed it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Journal(#[from] journal::Error),
    #[error("{0}")]
    Protocol(&'static str),
}

/// What stands before a listener: who is let in, and with which certificate.
pub(crate) struct Door {
    pub gate: Arc<Gate>,
    pub tls: Option<Acceptor>,
}

impl Door {
    pub fn new(senders: &Senders, tls: Option<&TlsConfig>) -> Result<Self, tls::Error> {
        Ok(Door { gate: Arc::new(Gate::new(senders)), tls: tls.map(Acceptor::new).transpose()? })
    }

    /// Other senders and certificates from the next connection on. Where these cannot be used, nothing changes.
    pub fn change(&self, senders: &Senders, tls: Option<&TlsConfig>) -> Result<(), tls::Error> {
        match (&self.tls, tls) {
            (Some(acceptor), Some(config)) => acceptor.change(config)?,
            (None, None) => {}
            _ => tracing::warn!("whether a listener speaks TLS changes with the next start only"),
        }
        self.gate.change(senders);
        Ok(())
    }
}

/// A listening TCP socket; a restart need not wait for the connections of the process before.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Ip::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Accepts connections until the source is stopped, then waits for those that are open.
pub(crate) async fn listen(
    listener: TcpListener,
    door: Arc<Door>,
    max_connections: usize,
    protocol: impl Protocol,
    intake: Intake,
) {
    let mut phase = intake.phase.clone();
    let mut connections = JoinSet::<(SocketAddr, Result<(), (Refused, String)>)>::new();
    let mut refusals = Refusals::new(intake.clone());
    loop {
        tokio::select! {
            biased;
            () = told_to_stop(&mut phase) => break,
            Some(ended) = connections.join_next() => {
                if let Ok((peer, Err((why, error)))) = ended {
                    refusals.count(why, peer, &error);
                }
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let full = connections.len() >= max_connections;
                    let pass = if full { Err(Refused::TooMany) } else { door.gate.admit(peer.ip().to_canonical()) };
                    match pass {
                        Ok(pass) => {
                            let opened = open(stream, peer, pass, Arc::clone(&door), protocol.clone(), intake.clone());
                            connections.spawn(async move { (peer, opened.await) });
                        }
                        Err(why) => refusals.count(why, peer, why.advice()),
                    }
                }
                Err(error) => {
                    tracing::warn!(source = %intake.label, %error, "a connection could not be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// One connection from its first byte to its last; an error where it never came to speak.
async fn open(
    stream: TcpStream,
    peer: SocketAddr,
    pass: Pass,
    door: Arc<Door>,
    protocol: impl Protocol,
    intake: Intake,
) -> Result<(), (Refused, String)> {
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE);
    if let Err(error) = SockRef::from(&stream).set_tcp_keepalive(&keepalive) {
        tracing::debug!(%peer, %error, "no keepalive");
    }
    // Acknowledgements are small and waited for.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "acknowledgements may be held back");
    }
    let sender: Arc<str> = peer.ip().to_canonical().to_string().into();
    let stream = Paced { stream, pass, pause: None, phase: intake.phase.clone() };
    let ended = match &door.tls {
        None => protocol.serve(stream, sender, intake).await,
        Some(acceptor) => {
            let stream = acceptor.accept(BufReader::with_capacity(CIPHERTEXT_BYTES, stream)).await?;
            protocol.serve(stream, sender, intake).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended");
    }
    Ok(())
}

/// Counts connections that are not served and tells of them, but not of each.
struct Refusals {
    intake: Intake,
    told: [Option<Instant>; Refused::ALL.len()],
}

impl Refusals {
    fn new(intake: Intake) -> Self {
        Refusals { intake, told: Default::default() }
    }

    fn count(&mut self, why: Refused, peer: SocketAddr, error: &str) {
        self.intake.counters().refused(why, 1);
        let told = &mut self.told[why as usize];
        if told.is_none_or(|at| at.elapsed() >= TELL_EVERY) {
            *told = Some(Instant::now());
            let (source, reason) = (&self.intake.label, why.slug());
            tracing::warn!(%source, %peer, reason, "a connection was refused: {error}");
        }
    }
}

/// A stream that is read no faster than its sender may send.
struct Paced<S> {
    stream: S,
    pass: Pass,
    pause: Option<Pin<Box<Sleep>>>,
    phase: watch::Receiver<Phase>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.pass.has_rate() {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        }
        // What has arrived when the source stops is read at once: there is no later.
        let running = *this.phase.borrow() == Phase::Running;
        if let Some(pause) = this.pause.as_mut().filter(|_| running) {
            ready!(pause.as_mut().poll(cx));
        }
        this.pause = None;
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        let pause = this.pass.take(buf.filled().len() - before);
        if !pause.is_zero() {
            this.pause = Some(Box::pin(sleep(pause)));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// Bytes that were read and are not yet framed.
pub(crate) struct ReadBuffer {
    bytes: Vec<u8>,
    filled: usize,
    most: usize,
}

impl ReadBuffer {
    /// A buffer that holds a frame of so many bytes beside a large read.
    pub fn new(longest_frame: usize) -> Self {
        ReadBuffer { bytes: Vec::new(), filled: 0, most: READ_BYTES.end() + longest_frame }
    }

    /// What is there.
    pub fn filled(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// Room behind it, never empty: doubles while reads fill it.
    pub fn room(&mut self) -> &mut [u8] {
        if self.filled == self.bytes.len() {
            let doubled = (self.bytes.len() * 2).max(*READ_BYTES.start());
            self.bytes.resize(doubled.min(self.most), 0);
        }
        &mut self.bytes[self.filled..]
    }

    /// So many bytes were read into the room.
    pub fn read(&mut self, bytes: usize) {
        self.filled += bytes;
    }

    /// So many bytes from the beginning on were framed.
    pub fn consume(&mut self, bytes: usize) {
        if self.filled == self.bytes.len() && self.bytes.len() < *READ_BYTES.end() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        self.bytes.copy_within(bytes..self.filled, 0);
        self.filled -= bytes;
    }
}
