//! Syslog over UDP: one datagram is one record. Many are received with one call; every loss is counted.

use std::{
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

/// Receives until it is stopped and nothing is left.
pub(super) async fn receive(socket: UdpSocket, max_line: usize, rules: watch::Receiver<Arc<Senders>>, intake: Intake) {
    let datagrams = Datagrams::new(max_line);
    let (senders, counters) = (HashMap::new(), intake.counters());
    let mut receiver = Receiver { datagrams, senders, rules, lost: 0, max_line, counters, intake };
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

struct Receiver {
    datagrams: Datagrams,
    senders: HashMap<IpAddr, Sender>,
    rules: watch::Receiver<Arc<Senders>>,
    /// The kernel's count of losses, as far as it was counted here.
    lost: u32,
    max_line: usize,
    counters: Arc<metrics::Source>,
    intake: Intake,
}

impl Receiver {
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
        for index in 0..count {
            let datagram = self.datagrams.get(index);
            if let Some(losses) = datagram.losses {
                self.lost = count_losses(&self.intake, self.lost, losses);
            }
            let message = without_end(datagram.bytes);
            if message.is_empty() {
                continue;
            }
            let truncated = message.len() > self.max_line;
            let raw = &message[..message.len().min(self.max_line)];
            let sender = sender(&mut self.senders, &rules, &self.intake, datagram.peer);
            let origin = match sender.takes(now, message.len(), &rules) {
                Ok(origin) => origin,
                Err(why) => {
                    self.counters.rejected(why, 1);
                    continue;
                }
            };
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
