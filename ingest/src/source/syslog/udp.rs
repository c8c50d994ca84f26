//! Records over UDP. What a datagram holds says a [`Reader`]: for syslog it is one record. Many are received with one call; every loss is counted.

use std::{
    borrow::Cow,
    collections::HashMap,
    io,
    net::IpAddr,
    os::fd::AsRawFd,
    sync::Arc,
    time::{Duration, Instant},
};

use socket2::{SockRef, Socket};
use tokio::{io::Interest, net::UdpSocket, sync::watch, time::timeout};

use super::{
    Intake, Phase,
    datagrams::{self, Datagrams},
    drained,
};
use crate::{
    Kind, Origin, Transport,
    frame::without_end,
    journal::{Batch, NotTaken, OriginRef},
    metrics::{self, Dropped, Rejected},
    source::senders::{Pace, Senders},
};

/// How long a full journal queue is waited for; meanwhile the socket's buffer takes what arrives.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often the kernel is asked for losses while nothing arrives: a loss is else seen with the next datagram only.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// Calls to the kernel after which a batch is handed over, however little it holds.
const ROUNDS: usize = 64;
/// Most senders whose origin is kept at hand. Beyond it all are looked up in the journal's table anew.
const MAX_SENDERS: usize = 8_192;

/// Sets up a socket before it is bound: a large buffer, and the count of what the kernel drops.
pub(super) fn prepare(socket: &Socket, receive_buffer: u64) -> io::Result<()> {
    datagrams::set_receive_buffer(socket, receive_buffer)?;
    let got = socket.recv_buffer_size()? as u64;
    if got < receive_buffer {
        tracing::info!(wanted = receive_buffer, got, "small UDP buffer; raise the sysctl net.core.rmem_max");
    }
    datagrams::count_overflows(socket)
}

/// What datagrams hold.
pub(in crate::source) trait Reader: Send + 'static {
    /// The record that this datagram is, or that it completes; none where it is a part of one, or empty.
    fn read<'d>(&mut self, peer: IpAddr, datagram: &'d [u8], now: Instant) -> Result<Option<Cow<'d, [u8]>>, Rejected>;

    /// How many records were given up since this was last asked, because parts of them did not come. Asked often.
    fn given_up(&mut self, now: Instant) -> u64;
}

/// Each datagram is a record.
pub(super) struct Whole;

impl Reader for Whole {
    fn read<'d>(&mut self, _: IpAddr, datagram: &'d [u8], _: Instant) -> Result<Option<Cow<'d, [u8]>>, Rejected> {
        let message = without_end(datagram);
        Ok((!message.is_empty()).then_some(Cow::Borrowed(message)))
    }

    fn given_up(&mut self, _: Instant) -> u64 {
        0
    }
}

/// Receives until it is stopped and nothing is left.
pub(super) async fn receive(
    socket: UdpSocket,
    max_line: usize,
    reader: impl Reader,
    rules: watch::Receiver<Arc<Senders>>,
    intake: Intake,
) {
    let datagrams = Datagrams::new(max_line);
    let (senders, counters) = (HashMap::new(), intake.counters());
    let mut receiver = Receiver { datagrams, reader, senders, rules, lost: 0, max_line, counters, intake };
    let mut phase = receiver.intake.phase.clone();
    loop {
        let ready = tokio::select! {
            biased;
            ready = timeout(ASK_EVERY, socket.readable()) => ready,
            () = drained(&mut phase) => break,
        };
        match ready {
            Ok(Ok(())) => {
                if !receiver.take_all(&socket).await || *phase.borrow() == Phase::Ending {
                    break;
                }
            }
            Ok(Err(error)) => tracing::warn!(source = %receiver.intake.label, %error, "cannot receive"),
            Err(_) => receiver.ask_losses(&socket),
        }
    }
    receiver.take_all(&socket).await;
    receiver.ask_losses(&socket);
}

struct Receiver<R> {
    datagrams: Datagrams,
    reader: R,
    senders: HashMap<IpAddr, Sender>,
    rules: watch::Receiver<Arc<Senders>>,
    /// The kernel's count of losses, as far as it was counted here.
    lost: u32,
    max_line: usize,
    counters: Arc<metrics::Source>,
    intake: Intake,
}

impl<R: Reader> Receiver<R> {
    /// Takes what has arrived; false where the journal takes no more.
    async fn take_all(&mut self, socket: &UdpSocket) -> bool {
        let mut batch = self.intake.appender.batch();
        let mut rounds = 0;
        loop {
            rounds += 1;
            let received = socket.try_io(Interest::READABLE, || self.datagrams.receive(socket.as_raw_fd()));
            match received {
                Ok(count) => self.push_all(&mut batch, count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return self.append(batch).await,
                // An ICMP error of something that was sent; this socket sends nothing, but reading it clears it.
                Err(error) => {
                    tracing::warn!(source = %self.intake.label, %error, "cannot receive");
                    return self.append(batch).await;
                }
            }
            // A flood of what is rejected fills no batch, but must not hold up what others sent.
            if batch.is_full() || rounds >= ROUNDS {
                rounds = 0;
                let full = std::mem::replace(&mut batch, self.intake.appender.batch());
                if !self.append(full).await {
                    return false;
                }
                tokio::task::yield_now().await;
                if *self.intake.phase.borrow() == Phase::Ending {
                    return self.append(batch).await;
                }
            }
        }
    }

    fn push_all(&mut self, batch: &mut Batch, count: usize) {
        let received = self.intake.appender.now();
        if self.rules.has_changed().unwrap_or(false) {
            self.senders.clear();
        }
        let (rules, now) = (Arc::clone(&self.rules.borrow_and_update()), Instant::now());
        self.counters.dropped(Dropped::Incomplete, self.reader.given_up(now));
        for index in 0..count {
            let datagram = self.datagrams.get(index);
            if let Some(losses) = datagram.losses {
                self.lost = count_losses(&self.intake, self.lost, losses);
            }
            if without_end(datagram.bytes).is_empty() {
                continue;
            }
            let sender = sender(&mut self.senders, &rules, &self.intake, datagram.peer);
            let taken = sender.takes(now, datagram.bytes.len(), &rules);
            let read = taken.and_then(|origin| Ok((origin, self.reader.read(datagram.peer, datagram.bytes, now)?)));
            let (origin, message) = match read {
                Ok((origin, Some(message))) => (origin, message),
                Ok((_, None)) => continue,
                Err(why) => {
                    self.counters.rejected(why, 1);
                    continue;
                }
            };
            let raw = message.get(..self.max_line).unwrap_or(&message);
            let truncated = raw.len() < message.len();
            // A datagram is far below what a record may hold.
            if let Err(error) = batch.push(origin, received, Kind::Line, truncated, raw) {
                tracing::error!(%error, "a datagram was refused");
            }
        }
    }

    /// Hands over a batch, waiting a little for room; false where the journal has stopped.
    async fn append(&self, batch: Batch) -> bool {
        if batch.is_empty() {
            return true;
        }
        match self.intake.appender.append_within(batch, PATIENCE).await {
            Ok(()) => true,
            Err(NotTaken::Full(batch)) => {
                batch.drop_all(Dropped::QueueFull);
                true
            }
            Err(NotTaken::Stopped(error)) => {
                tracing::debug!(source = %self.intake.label, %error, "no more datagrams are taken");
                false
            }
        }
    }

    fn ask_losses(&mut self, socket: &UdpSocket) {
        self.counters.dropped(Dropped::Incomplete, self.reader.given_up(Instant::now()));
        match datagrams::losses(&SockRef::from(socket)) {
            Ok(losses) => self.lost = count_losses(&self.intake, self.lost, losses),
            Err(error) => tracing::debug!(%error, "the kernel tells no losses"),
        }
    }
}

/// Counts what the kernel's counter has grown by; it wraps. Datagrams carry the count of when they were queued, which
/// may lie behind what the kernel was asked for since.
fn count_losses(intake: &Intake, before: u32, now: u32) -> u32 {
    let grown = now.wrapping_sub(before);
    if grown == 0 || grown > u32::MAX / 2 {
        return before;
    }
    intake.counters().dropped(Dropped::Kernel, grown.into());
    now
}

/// What is known of a sender.
struct Sender {
    /// None: it is not allowed.
    origin: Option<OriginRef>,
    pace: Pace,
}

impl Sender {
    /// The origin of a datagram that is taken, else why it is not.
    fn takes(&mut self, now: Instant, bytes: usize, rules: &Senders) -> Result<&OriginRef, Rejected> {
        let origin = self.origin.as_ref().ok_or(Rejected::NotAllowed)?;
        match rules.max_rate {
            Some(rate) if !self.pace.try_take(now, bytes, rate) => Err(Rejected::Rate),
            _ => Ok(origin),
        }
    }
}

fn sender<'s>(
    senders: &'s mut HashMap<IpAddr, Sender>,
    rules: &Senders,
    intake: &Intake,
    peer: IpAddr,
) -> &'s mut Sender {
    if senders.len() == MAX_SENDERS && !senders.contains_key(&peer) {
        senders.clear();
    }
    senders.entry(peer).or_insert_with(|| {
        let origin = || {
            let origin = Origin { peer: Some(peer.to_string().into()), ..Origin::new(Transport::Udp, &intake.label) };
            intake.appender.origin(&origin)
        };
        Sender { origin: rules.allows(peer).then(origin), pace: Pace::new(Instant::now()) }
    })
}
