//! Messages from datagrams: chunks are put together, what is compressed is unpacked, and neither without limits.
//!
//! A chunk begins with `1e 0f`, then the message's id (8 bytes), its own number and how many there are (a byte each). All
//! chunks of a message come from one address, within [`PATIENCE`] of the first. What is given up is counted as one record
//! lost, however many chunks had come.

use std::{
    borrow::Cow,
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use crate::{
    metrics::Rejected,
    source::syslog::udp::Reader,
    unpack::{self, Coding, unpack},
};

/// Most chunks of a message.
const MAX_CHUNKS: u8 = 128;
/// How long a message's chunks may take, from the first on.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most messages of one sender that are incomplete at a time; beyond it its oldest is given up.
const MAX_OF_SENDER: usize = 64;
/// Most incomplete messages in all, and most bytes of them; beyond either the oldest of all is given up.
const MAX_PENDING: usize = 1_024;
const MAX_PENDING_BYTES: usize = 64 << 20;
/// Bytes before a chunk's part of the message.
const HEADER: usize = 12;

/// Whose message, and its id.
type Key = (IpAddr, [u8; 8]);

/// Chunks that wait for others.
struct Pending {
    since: Instant,
    chunks: Vec<Option<Box<[u8]>>>,
    missing: usize,
    bytes: usize,
}

/// Puts messages together. Driven by the datagrams that arrive.
pub(in crate::source) struct Reassembly {
    max_message: usize,
    pending: HashMap<Key, Pending>,
    bytes: usize,
    given_up: u64,
}

impl Reassembly {
    /// Messages of at most so many bytes, unpacked.
    pub fn new(max_message: usize) -> Self {
        Reassembly { max_message, pending: HashMap::new(), bytes: 0, given_up: 0 }
    }

    /// Keeps a chunk; gives the packed message that it completes.
    fn chunk(&mut self, peer: IpAddr, datagram: &[u8], now: Instant) -> Result<Option<Vec<u8>>, Rejected> {
        let (id, number, count, part) = header(datagram).ok_or(Rejected::Invalid)?;
        let key = (peer, id);
        if !self.pending.contains_key(&key) {
            self.make_room(peer);
            let chunks = (0..count).map(|_| None).collect();
            self.pending.insert(key, Pending { since: now, chunks, missing: count.into(), bytes: 0 });
        }
        let Some(message) = self.pending.get_mut(&key) else { return Ok(None) };
        if message.chunks.len() != usize::from(count) {
            return Err(Rejected::Invalid);
        }
        let place = &mut message.chunks[usize::from(number)];
        if place.is_some() {
            // a network may double a datagram
            return Ok(None);
        }
        *place = Some(part.into());
        message.missing -= 1;
        message.bytes += part.len();
        self.bytes += part.len();
        if message.missing == 0 {
            return Ok(self.remove(&key).map(|message| message.chunks.into_iter().flatten().flatten().collect()));
        }
        while self.bytes > MAX_PENDING_BYTES {
            self.give_up_oldest(|_| true);
        }
        Ok(None)
    }

    /// Room for one message more of this sender.
    fn make_room(&mut self, peer: IpAddr) {
        if self.pending.keys().filter(|(of, _)| *of == peer).count() >= MAX_OF_SENDER {
            self.give_up_oldest(|(of, _)| *of == peer);
        }
        if self.pending.len() >= MAX_PENDING {
            self.give_up_oldest(|_| true);
        }
    }

    fn give_up_oldest(&mut self, of: impl Fn(&Key) -> bool) {
        let oldest = self.pending.iter().filter(|(key, _)| of(key)).min_by_key(|(_, message)| message.since);
        if let Some(key) = oldest.map(|(key, _)| *key) {
            self.remove(&key);
            self.given_up += 1;
        }
    }

    fn remove(&mut self, key: &Key) -> Option<Pending> {
        let message = self.pending.remove(key)?;
        self.bytes -= message.bytes;
        Some(message)
    }

    fn unpacked<'d>(&self, message: Cow<'d, [u8]>) -> Result<Cow<'d, [u8]>, Rejected> {
        let coding = coding(&message);
        if coding == Coding::Identity {
            return if message.len() > self.max_message { Err(Rejected::TooLarge) } else { Ok(message) };
        }
        unpack(coding, &message, self.max_message, |_| true).map(Cow::Owned).map_err(|error| match error {
            unpack::Error::TooLarge(_) | unpack::Error::NoRoom => Rejected::TooLarge,
            unpack::Error::Broken(_) => Rejected::Invalid,
        })
    }
}

impl Reader for Reassembly {
    fn read<'d>(&mut self, peer: IpAddr, datagram: &'d [u8], now: Instant) -> Result<Option<Cow<'d, [u8]>>, Rejected> {
        let message = match datagram {
            [0x1e, 0x0f, ..] => self.chunk(peer, datagram, now)?.map(Cow::Owned),
            whole => Some(Cow::Borrowed(whole)),
        };
        message.map(|message| self.unpacked(message)).transpose()
    }

    fn given_up(&mut self, now: Instant) -> u64 {
        let late = |message: &Pending| now.saturating_duration_since(message.since) >= PATIENCE;
        if self.pending.values().any(late) {
            let before = self.pending.len();
            self.pending.retain(|_, message| !late(message));
            self.bytes = self.pending.values().map(|message| message.bytes).sum();
            self.given_up += (before - self.pending.len()) as u64;
        }
        std::mem::take(&mut self.given_up)
    }
}

/// Id, number, count and part of a chunk.
fn header(datagram: &[u8]) -> Option<([u8; 8], u8, u8, &[u8])> {
    let (header, part) = datagram.split_at_checked(HEADER)?;
    let (id, number, count) = (header[2..10].try_into().ok()?, header[10], header[11]);
    (number < count && count <= MAX_CHUNKS).then_some((id, number, count, part))
}

/// How a message is packed, by its first bytes (RFC 1952 section 2.3.1, RFC 1950 section 2.2).
fn coding(message: &[u8]) -> Coding {
    match *message {
        [0x1f, 0x8b, ..] => Coding::Gzip,
        [first @ 0x78, second, ..] if u16::from_be_bytes([first, second]).is_multiple_of(31) => Coding::Zlib,
        _ => Coding::Identity,
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write, net::Ipv4Addr};

    use flate2::{
        Compression,
        write::{GzEncoder, ZlibEncoder},
    };
    use proptest::prelude::*;

    use super::*;

    const MESSAGE: &[u8] = br#"{"version":"1.1","host":"web1","short_message":"hello"}"#;
    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

    fn chunks(id: u64, message: &[u8], count: u8) -> Vec<Vec<u8>> {
        let size = message.len().div_ceil(count.into()).max(1);
        let part = |number: u8| {
            let from = (usize::from(number) * size).min(message.len());
            &message[from..(from + size).min(message.len())]
        };
        let head = |number| [&[0x1e, 0x0f][..], &id.to_be_bytes(), &[number, count]].concat();
        (0..count).map(|number| [head(number), part(number).to_vec()].concat()).collect()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut to = ZlibEncoder::new(Vec::new(), Compression::default());
        to.write_all(bytes).unwrap();
        to.finish().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut to = GzEncoder::new(Vec::new(), Compression::default());
        to.write_all(bytes).unwrap();
        to.finish().unwrap()
    }

    fn read(reassembly: &mut Reassembly, datagram: &[u8], now: Instant) -> Result<Option<Vec<u8>>, Rejected> {
        reassembly.read(PEER, datagram, now).map(|message| message.map(Cow::into_owned))
    }

    #[test]
    fn plain_gzip_and_zlib_messages_come_out_as_they_were() {
        let mut reassembly = Reassembly::new(1 << 10);
        for packed in [MESSAGE.to_vec(), gzip(MESSAGE), zlib(MESSAGE)] {
            assert_eq!(read(&mut reassembly, &packed, Instant::now()), Ok(Some(MESSAGE.to_vec())));
        }
    }

    #[test]
    fn chunks_in_any_order_doubled_and_mixed_make_the_message() {
        let (mut reassembly, now) = (Reassembly::new(1 << 10), Instant::now());
        let (one, other) = (chunks(1, &gzip(MESSAGE), 5), chunks(2, MESSAGE, 3));
        for datagram in [&one[4], &other[0], &one[2], &one[2], &one[0], &other[2], &one[1]] {
            assert_eq!(read(&mut reassembly, datagram, now), Ok(None));
        }
        assert_eq!(read(&mut reassembly, &one[3], now), Ok(Some(MESSAGE.to_vec())));
        assert_eq!(read(&mut reassembly, &other[1], now), Ok(Some(MESSAGE.to_vec())));
        assert_eq!((reassembly.pending.len(), reassembly.bytes, reassembly.given_up(now)), (0, 0, 0));
    }

    #[test]
    fn what_stays_incomplete_is_given_up_and_counted() {
        let (mut reassembly, now) = (Reassembly::new(1 << 10), Instant::now());
        let parts = chunks(1, MESSAGE, 2);
        assert_eq!(read(&mut reassembly, &parts[0], now), Ok(None));
        assert_eq!(reassembly.given_up(now + PATIENCE / 2), 0);
        assert_eq!(reassembly.given_up(now + PATIENCE), 1);
        assert_eq!(read(&mut reassembly, &parts[1], now + PATIENCE), Ok(None), "the first part is gone");
    }

    #[test]
    fn a_flood_of_first_chunks_is_bounded_and_takes_its_own_messages() {
        let (mut reassembly, now) = (Reassembly::new(1 << 10), Instant::now());
        let other = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 8));
        let wanted = chunks(7, MESSAGE, 2);
        assert_eq!(reassembly.read(other, &wanted[0], now), Ok(None));
        for id in 0..1_000 {
            let _ = read(&mut reassembly, &chunks(id, MESSAGE, 2)[0], now + Duration::from_millis(id));
        }
        assert_eq!(reassembly.pending.len(), MAX_OF_SENDER + 1);
        assert_eq!(reassembly.given_up(now), 1_000 - MAX_OF_SENDER as u64);
        assert_eq!(reassembly.read(other, &wanted[1], now).unwrap().as_deref(), Some(MESSAGE));
    }

    #[test]
    fn impossible_chunks_and_bombs_are_rejected() {
        let (mut reassembly, now) = (Reassembly::new(1 << 10), Instant::now());
        let mut beyond = chunks(1, MESSAGE, 2).remove(1);
        beyond[10] = 2;
        let mut many = beyond.clone();
        (many[10], many[11]) = (0, 200);
        for datagram in [&beyond[..], &many, &beyond[..HEADER - 1], &gzip(MESSAGE)[..20]] {
            assert_eq!(read(&mut reassembly, datagram, now), Err(Rejected::Invalid), "{datagram:?}");
        }
        let _ = read(&mut reassembly, &chunks(2, MESSAGE, 2)[0], now);
        assert_eq!(read(&mut reassembly, &chunks(2, MESSAGE, 3)[1], now), Err(Rejected::Invalid));
        assert_eq!(read(&mut reassembly, &gzip(&vec![b'x'; 1 << 20]), now), Err(Rejected::TooLarge));
        assert_eq!(read(&mut reassembly, &[b'x'; 1025], now), Err(Rejected::TooLarge));
    }

    proptest! {
        #[test]
        fn any_datagrams_are_read(datagrams in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..20)) {
            let mut reassembly = Reassembly::new(64);
            for datagram in datagrams {
                let chunk = [&[0x1e, 0x0f][..], &datagram].concat();
                let _ = read(&mut reassembly, &datagram, Instant::now());
                let _ = read(&mut reassembly, &chunk, Instant::now());
            }
        }
    }
}
