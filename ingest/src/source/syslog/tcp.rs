//! Syslog over TCP: a task per connection reads, frames in place, and encodes into a batch.

use std::{future::ready, io, net::SocketAddr, time::Duration};

use jiff::Timestamp;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::sleep,
};

use super::{Intake, Phase, SyslogConfig, drained, told_to_stop};
use crate::{
    Kind, Origin, Transport,
    frame::{Frame, Framer, MAX_PREFIX_BYTES},
    journal::{Appender, Batch, Error, OriginRef},
};

/// Connections that the kernel holds until they are accepted.
pub(super) const BACKLOG: i32 = 1_024;
/// A connection's buffer at first, and what it grows to under load.
const READ_BYTES: std::ops::RangeInclusive<usize> = 8 << 10..=256 << 10;
/// Pause after the system refused a connection (no descriptors left), so as not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Silence after which the kernel asks whether the sender is still there.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// Accepts connections until it is stopped, then waits for those that are open.
pub(super) async fn listen(listener: TcpListener, config: SyslogConfig, intake: Intake) {
    let mut phase = intake.phase.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = told_to_stop(&mut phase) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok(_) if connections.len() >= config.max_connections => {
                    intake.counters().refused(1);
                    tracing::debug!(source = %intake.label, limit = config.max_connections, "connection refused");
                }
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer, config.max_line.0 as usize, intake.clone()));
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

async fn connection(stream: TcpStream, peer: SocketAddr, max_line: usize, intake: Intake) {
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE);
    if let Err(error) = SockRef::from(&stream).set_tcp_keepalive(&keepalive) {
        tracing::debug!(%peer, %error, "no keepalive");
    }
    let sender = peer.ip().to_canonical().to_string();
    let origin = Origin { peer: Some(sender.into()), ..Origin::new(Transport::Tcp, &intake.label) };
    let connection = Connection {
        origin: intake.appender.origin(&origin),
        batch: None,
        framer: Framer::new(max_line),
        appender: intake.appender,
        buffer: Vec::new(),
        filled: 0,
        max_buffer: READ_BYTES.end() + max_line + MAX_PREFIX_BYTES,
    };
    if let Err(error) = connection.serve(stream, intake.phase).await {
        tracing::debug!(%peer, %error, "a syslog connection ended");
    }
}

/// One stream of frames. It does not care what carries the stream.
struct Connection {
    origin: OriginRef,
    appender: Appender,
    framer: Framer,
    batch: Option<Batch>,
    /// Read and not yet framed: `buffer[..filled]`.
    buffer: Vec<u8>,
    filled: usize,
    max_buffer: usize,
}

/// Why a connection ended before its sender closed it.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Journal(#[from] Error),
}

impl Connection {
    /// Reads until the sender closes, the journal stops, or the source has drained. While the journal's queue is full
    /// nothing is read, and the sender's window closes.
    async fn serve(
        mut self,
        mut stream: impl AsyncRead + Unpin,
        mut phase: watch::Receiver<Phase>,
    ) -> Result<(), Ended> {
        let outcome = self.read_all(&mut stream, &mut phase).await;
        if !matches!(outcome, Err(Ended::Journal(_))) {
            self.finish().await?;
        }
        outcome
    }

    async fn read_all(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
        phase: &mut watch::Receiver<Phase>,
    ) -> Result<(), Ended> {
        loop {
            if *phase.borrow() == Phase::Ending {
                return Ok(());
            }
            self.make_room();
            let read = tokio::select! {
                biased;
                read = stream.read(&mut self.buffer[self.filled..]) => read?,
                // Nothing more has arrived: what there is goes to the journal before this waits.
                () = ready(()), if self.batch.is_some() => {
                    self.append().await?;
                    continue;
                }
                () = drained(phase) => return Ok(()),
            };
            if read == 0 {
                return Ok(());
            }
            self.filled += read;
            self.frame().await?;
        }
    }

    /// Room behind what is not yet framed: doubles while reads fill it.
    fn make_room(&mut self) {
        if self.filled == self.buffer.len() {
            let doubled = (self.buffer.len() * 2).max(*READ_BYTES.start());
            self.buffer.resize(doubled.min(self.max_buffer), 0);
        }
    }

    /// Moves all whole frames into the batch.
    async fn frame(&mut self) -> Result<(), Ended> {
        let (mut at, received) = (0, self.appender.now());
        let full = self.filled == self.buffer.len();
        while let Some(frame) = self.framer.next(&self.buffer[..self.filled], &mut at) {
            let batch = self.batch.get_or_insert_with(|| self.appender.batch());
            push(batch, &self.origin, received, frame)?;
            if batch.is_full() {
                self.append().await?;
            }
        }
        if full && self.buffer.len() < *READ_BYTES.end() {
            let doubled = self.buffer.len() * 2;
            self.buffer.resize(doubled, 0);
        }
        self.buffer.copy_within(at..self.filled, 0);
        self.filled -= at;
        Ok(())
    }

    /// The stream has ended: an unfinished frame is a record too.
    async fn finish(&mut self) -> Result<(), Ended> {
        let mut at = 0;
        if let Some(frame) = self.framer.finish(&self.buffer[..self.filled], &mut at) {
            let batch = self.batch.get_or_insert_with(|| self.appender.batch());
            push(batch, &self.origin, self.appender.now(), frame)?;
        }
        self.append().await
    }

    async fn append(&mut self) -> Result<(), Ended> {
        match self.batch.take() {
            Some(batch) => Ok(self.appender.append(batch).await?),
            None => Ok(()),
        }
    }
}

fn push(batch: &mut Batch, origin: &OriginRef, received: Timestamp, frame: Frame<'_>) -> Result<(), Error> {
    batch.push(origin, received, Kind::Line, frame.truncated, frame.raw)
}
