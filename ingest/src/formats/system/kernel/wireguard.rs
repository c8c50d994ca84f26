//! WireGuard in the kernel: `wireguard: wg0: Handshake for peer 7 (203.0.113.66:51820) did not complete …`.
//!
//! Written where its dynamic debugging is on (drivers/net/wireguard in Linux; wireguard.com/quickstart).

use crate::{
    Event, field,
    pairs::set_own,
    scan::{first_word, integer, set_destination, set_number, set_source, split},
    web::split_port,
};

/// Who the peer's endpoint is.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// It sent.
    Source,
    /// It was sent to, or belongs to the tunnel.
    Destination,
}

/// How a message begins, whose its endpoint is, and category, type, action and outcome.
type Row = (&'static [u8], Side, [&'static str; 4]);

const ROWS: &[Row] = &[
    (b"Receiving handshake initiation", Side::Source, ["network", "connection", "handshake", ""]),
    (b"Receiving handshake response", Side::Source, ["network", "connection", "handshake", "success"]),
    (b"Receiving cookie response", Side::Source, ["network", "protocol", "cookie", ""]),
    (b"Receiving keepalive packet", Side::Source, ["network", "protocol", "keepalive", ""]),
    (b"Sending handshake", Side::Destination, ["network", "connection", "handshake", ""]),
    (b"Retrying handshake", Side::Destination, ["network", "connection", "handshake", ""]),
    (b"Sending keepalive packet", Side::Destination, ["network", "protocol", "keepalive", ""]),
    (b"Handshake for peer ", Side::Destination, ["network", "connection", "handshake", "failure"]),
    // a key that is no peer's
    (b"Invalid handshake initiation", Side::Source, ["authentication", "start", "handshake", "failure"]),
    (b"Invalid handshake response", Side::Source, ["authentication", "start", "handshake", "failure"]),
    (b"Invalid MAC of handshake", Side::Source, ["network", "denied", "packet_dropped", "failure"]),
    (b"Dropping handshake packet", Side::Source, ["network", "denied", "packet_dropped", "failure"]),
    (b"Packet has ", Side::Source, ["network", "denied", "packet_dropped", "failure"]),
    (b"Packet neither ", Side::Source, ["network", "denied", "packet_dropped", "failure"]),
    (b"No peer has allowed IPs ", Side::Destination, ["network", "error", "no_route", "failure"]),
    (b"No valid endpoint ", Side::Destination, ["network", "error", "no_route", "failure"]),
    (b"Keypair ", Side::Destination, ["network", "info", "keypair", ""]),
    (b"Zeroing out ", Side::Destination, ["network", "info", "keypair", ""]),
    (b"Peer ", Side::Destination, ["configuration", "change", "peer", ""]),
    (b"Interface ", Side::Destination, ["configuration", "change", "interface", ""]),
];

/// Reads a message of the module; `false` where it is none.
pub(super) fn read<'r>(text: &'r [u8], event: &mut Event<'r>) -> bool {
    let Some((interface, said)) = text.strip_prefix(b"wireguard: ").and_then(|rest| split(rest, b": ")) else {
        return false;
    };
    let row = ROWS.iter().find(|(begins, ..)| said.starts_with(begins));
    let (side, [category, kind, action, outcome]) =
        row.map_or((Side::Source, ["network", "info", "", ""]), |(_, side, class)| (*side, *class));
    set_own(event, "wireguard.", b"interface", interface);
    let (peer, endpoint) = endpoint(said);
    if integer(peer).is_some() {
        set_own(event, "wireguard.", b"peer", peer);
    }
    if let Some((host, port)) = endpoint.map(split_port) {
        let (set, number): (fn(&mut Event<'_>, &[u8]), _) = match side {
            Side::Source => (set_source, field::SOURCE_PORT),
            Side::Destination => (set_destination, field::DESTINATION_PORT),
        };
        set(event, host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host));
        port.into_iter().for_each(|port| set_number(event, number, port));
    }
    event.set(field::EVENT_REASON, said);
    event.classify(category, kind, action, outcome);
    true
}

/// The number of the peer in `peer 7 (203.0.113.66:51820)` and its endpoint; an unknown peer has an endpoint alone.
fn endpoint(said: &[u8]) -> (&[u8], Option<&[u8]>) {
    let known = split(said, b"peer ").or_else(|| split(said, b"Peer ")).map(|(_, rest)| first_word(rest));
    if let Some((peer, rest)) = known {
        let inner = rest.strip_prefix(b"(").and_then(|rest| split(rest, b")")).map(|(inner, _)| inner);
        return (peer.strip_suffix(b",").unwrap_or(peer), inner.filter(|inner| is_endpoint(inner)));
    }
    let from = split(said, b" from ").map(|(_, rest)| first_word(rest).0);
    (b"", from.filter(|from| is_endpoint(from)))
}

fn is_endpoint(text: &[u8]) -> bool {
    crate::scan::ip(split_port(text).0).is_some()
}
