//! The ends of a connection as the messages write them.

use memchr::{memchr, memmem};

use crate::{
    Event, Field, field,
    scan::{first_word, integer, ip, set_destination, set_number, set_some, set_source, split},
    web,
};

/// One end of a connection: `outside:192.0.2.1/443`, `outside/192.0.2.1(443)`, `192.0.2.1/443` or a name.
#[derive(Default)]
pub(super) struct End<'r> {
    pub(super) interface: &'r [u8],
    pub(super) address: &'r [u8],
    pub(super) port: &'r [u8],
    pub(super) user: &'r [u8],
    /// `(198.51.100.2/443)` behind it: what translation makes of it.
    pub(super) mapped: &'r [u8],
}

/// Reads an end and what follows it.
pub(super) fn end(text: &[u8]) -> (End<'_>, &[u8]) {
    let (word, rest) = first_word(text);
    let mut end = End::default();
    let mut word = word.strip_suffix(b",").unwrap_or(word);
    word = word.strip_prefix(b"(").and_then(|w| w.strip_suffix(b")")).unwrap_or(word);
    // a user behind the address in brackets: (LOCAL\jdoe), (jdoe)
    if let (Some(at), true) = (memchr(b'(', word), word.ends_with(b")")) {
        let inner = &word[at + 1..word.len() - 1];
        if integer(inner).is_some() {
            end.port = inner;
        } else {
            end.user = inner;
        }
        word = &word[..at];
        // …(4711)(LOCAL\jdoe) in access-list messages
        if let Some((port, user)) = split(inner, b")(") {
            (end.port, end.user) = (port, user);
        }
    }
    // with the port in brackets a slash stands behind the interface
    let bracketed = |at: &usize| !end.port.is_empty() || !end.user.is_empty() && ip(&word[at + 1..]).is_some();
    let interface_mark = memchr(b'/', word).filter(bracketed);
    if let Some(at) = interface_mark {
        (end.interface, end.address) = (&word[..at], &word[at + 1..]);
        return (end, rest);
    }
    if let Some(at) = memchr::memrchr(b'/', word) {
        (end.port, word) = (&word[at + 1..], &word[..at]);
    }
    match memchr(b':', word) {
        // an interface has a name, an IPv6 address has none
        Some(at) if ip(word).is_none() => (end.interface, end.address) = (&word[..at], &word[at + 1..]),
        _ => end.address = word,
    }
    (end, rest)
}

/// An end with what stands in brackets behind it: the translated address, the user.
pub(super) fn mapped_end(text: &[u8]) -> (End<'_>, &[u8]) {
    let (mut end, mut rest) = end(text);
    while let Some((inside, after)) = rest.strip_prefix(b"(").and_then(|rest| split(rest, b")")) {
        if inside.contains(&b'/') && end.mapped.is_empty() {
            end.mapped = inside;
        } else if !inside.contains(&b' ') {
            end.user = inside;
        }
        rest = after.trim_ascii_start();
    }
    (end, rest)
}

pub(super) fn set_ends(from: &End<'_>, to: &End<'_>, event: &mut Event<'_>) {
    set_source(event, from.address);
    set_number(event, field::SOURCE_PORT, from.port);
    set_some(event, field::OBSERVER_INGRESS_INTERFACE_NAME, from.interface);
    set_destination(event, to.address);
    if integer(to.port).is_some() {
        set_number(event, field::DESTINATION_PORT, to.port);
    } else {
        set_some(event, field::NETWORK_PROTOCOL, to.port);
    }
    set_some(event, field::OBSERVER_EGRESS_INTERFACE_NAME, to.interface);
    let users = [
        (field::SOURCE_USER_NAME, field::SOURCE_USER_DOMAIN, from),
        (field::DESTINATION_USER_NAME, field::DESTINATION_USER_DOMAIN, to),
    ];
    for (name, domain, end) in users {
        let (realm, user) = split(end.user, b"\\").unwrap_or((b"", end.user));
        // `LOCAL\DOMAIN\user` is a domain's user whom the device itself checked
        let (realm, user) = if realm == b"LOCAL" { split(user, b"\\").unwrap_or((realm, user)) } else { (realm, user) };
        set_some(event, name, user);
        if realm != b"LOCAL" {
            set_some(event, domain, realm);
        }
    }
}

/// Sets the translated address and port where translation changed them.
pub(super) fn set_mapped(end: &End<'_>, [address, port]: [Field; 2], event: &mut Event<'_>) {
    let (mapped, mapped_port) = split(end.mapped, b"/").unwrap_or((end.mapped, b""));
    if ip(mapped).is_some() && mapped != end.address {
        event.set(address, mapped);
    }
    if mapped_port != end.port {
        set_number(event, port, mapped_port);
    }
}

/// `… from A to B`, `… src A dst B`, `… for A to B`
pub(super) fn ends(text: &[u8], event: &mut Event<'_>) {
    set_transport(text, event);
    let marks = [
        (&b" src "[..], &b" dst "[..]),
        (b" from laddr ", b" to "),
        (b" from ", b" to "),
        (b" for ", b" to "),
        (b" between ", b" and "),
    ];
    let read = |(from, to): (&[u8], &[u8])| {
        let (source, rest) = mapped_end(split(text, from)?.1);
        let rest = rest.strip_prefix(&to[1..]).or_else(|| split(rest, to).map(|(_, rest)| rest));
        Some((source, rest.map(|rest| mapped_end(rest).0)))
    };
    // some messages name one end alone
    let pairs = || marks.into_iter().filter_map(read);
    let Some((source, destination)) = pairs().find(|(_, to)| to.is_some()).or_else(|| pairs().next()) else { return };
    let destination = destination.unwrap_or_default();
    set_ends(&source, &destination, event);
    set_mapped(&source, [field::SOURCE_NAT_IP, field::SOURCE_NAT_PORT], event);
    set_mapped(&destination, [field::DESTINATION_NAT_IP, field::DESTINATION_NAT_PORT], event);
}

/// The protocol is one of the first words: `Built inbound TCP connection`, `Deny tcp src`, `Deny protocol 47 src`.
pub(super) fn set_transport(text: &[u8], event: &mut Event<'_>) {
    let head = &text[..text.len().min(64)];
    for word in head.split(|b| matches!(b, b' ' | b'/')).take(6) {
        let name = match word {
            b"TCP" | b"tcp" => "tcp",
            b"UDP" | b"udp" => "udp",
            b"ICMP" | b"icmp" => "icmp",
            b"icmp6" | b"ICMPv6" => "ipv6-icmp",
            b"GRE" | b"gre" => "gre",
            b"SCTP" | b"sctp" => "sctp",
            b"ESP" | b"esp" => "esp",
            _ => continue,
        };
        return web::set_protocol_name(event, name);
    }
}

pub(super) fn set_action(text: &[u8], event: &mut Event<'_>, words: [(&[u8], &'static str); 2]) {
    if let Some((_, action)) = words.iter().find(|(mark, _)| memmem::find(text, mark).is_some()) {
        event.set_static(field::NETWORK_DIRECTION, action);
    }
}
