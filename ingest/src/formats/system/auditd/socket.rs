//! Socket addresses as the kernel writes them: `struct sockaddr` in hex digits.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Event, Field};

const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// The other end of a socket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peer {
    address: IpAddr,
    port: u16,
}

/// A machine's numbers: its name in `arch`, calls that go out, calls that take in.
type Calls = (&'static str, &'static [&'static [u8]], &'static [&'static [u8]]);

/// Which end of a connection a socket address is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Direction {
    /// Where the process connected to.
    Out,
    /// Who connected to the process.
    In,
}

impl Peer {
    /// Reads `saddr`; the family is in the byte order of the machine, which is little-endian wherever audit is used.
    pub fn read(digits: &[u8]) -> Option<Peer> {
        let mut bytes = [0_u8; 28];
        let len = (digits.len() / 2).min(bytes.len());
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        let port = u16::from_be_bytes([bytes[2], bytes[3]]);
        let address = match u16::from_le_bytes([bytes[0], bytes[1]]) {
            AF_INET if len >= 8 => IpAddr::V4(Ipv4Addr::new(bytes[4], bytes[5], bytes[6], bytes[7])),
            AF_INET6 if len >= 24 => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(&bytes[8..24]).ok()?)),
            _ => return None,
        };
        (!address.is_unspecified()).then_some(Peer { address, port })
    }

    /// Sets address and port with the setter of their side.
    pub fn set(&self, event: &mut Event<'_>, set: fn(&mut Event<'_>, &[u8]), port: Field) {
        set(event, self.address.to_string().as_bytes());
        event.set_int(port, i64::from(self.port));
    }
}

/// What a system call does with a socket address, by its name (enriched records) or its number on this machine
/// (`arch`; the tables of x86-64 and of the machines that share the generic one).
pub fn direction(arch: Option<&[u8]>, call: Option<&[u8]>) -> Option<Direction> {
    const CALLS: [Calls; 2] = [
        ("c000003e", &[b"42", b"44"], &[b"43", b"288", b"45"]),
        ("c00000b7", &[b"203", b"206"], &[b"202", b"242", b"207"]),
    ];
    let (arch, call) = (arch?, call?);
    match call {
        b"connect" | b"sendto" => return Some(Direction::Out),
        b"accept" | b"accept4" | b"recvfrom" => return Some(Direction::In),
        _ => {}
    }
    let (_, out, within) = CALLS.iter().find(|(name, ..)| name.as_bytes() == arch)?;
    match () {
        () if out.contains(&call) => Some(Direction::Out),
        () if within.contains(&call) => Some(Direction::In),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_both_families_are_read() {
        let peer = Peer::read(b"020001BBC00002110000000000000000").unwrap();
        assert_eq!((peer.address.to_string().as_str(), peer.port), ("192.0.2.17", 443));
        let peer = Peer::read(b"0A00001600000000200100000000000000000000000000170000000000").unwrap();
        assert_eq!((peer.address.to_string().as_str(), peer.port), ("2001::17", 22));
        for other in [&b"01002F72756E00"[..], b"", b"02", b"xy0001BBC0000211", b"020001BB00000000"] {
            assert_eq!(Peer::read(other), None);
        }
    }

    #[test]
    fn the_call_says_which_end_it_is() {
        assert_eq!(direction(Some(b"c000003e"), Some(b"42")), Some(Direction::Out));
        assert_eq!(direction(Some(b"c00000b7"), Some(b"42")), None);
        assert_eq!(direction(None, Some(b"42")), None);
    }
}
