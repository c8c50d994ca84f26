//! Connections, translations and packets that were denied or let through.

use memchr::{memchr, memmem};

use super::{OWN, ends::*, sign_ins::sign_in};
use crate::{
    Event,
    envelope::Stamp,
    field,
    pairs::set_own,
    scan::{first_word, integer, set_destination, set_number, set_some, set_source, split},
    web::{self, set_url},
};

/// What can be read of a message that is not listed: names behind their labels, else two ends.
pub(super) fn anything(text: &[u8], event: &mut Event<'_>) {
    sign_in(text, event);
    if event.get(field::SOURCE_ADDRESS).is_some() {
        return;
    }
    if let Some((local, remote)) = split(text, b"Local:").and_then(|(_, rest)| split(rest, b" Remote:")) {
        let [local, remote] = [local, first_word(remote).0].map(|end| web::split_port(end));
        let end = |(address, port): (_, Option<_>)| End { address, port: port.unwrap_or_default(), ..End::default() };
        set_ends(&end(local), &end(remote), event);
    } else if let Some((_, rest)) = split(text, b" with client ") {
        set_ends(&end(rest).0, &End::default(), event);
    } else if [&b" to "[..], b" and "].iter().any(|mark| memmem::find(text, mark).is_some()) {
        ends(text, event);
    }
}

/// `Built inbound TCP connection 4711 for outside:192.0.2.1/51515 (…) to dmz:198.51.100.2/443 (…)`, and its teardown
/// with `duration 0:01:09 bytes 22097 TCP FINs`.
pub(super) fn connection(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_TYPE, "connection");
    set_transport(text, event);
    set_action(&text[..text.len().min(32)], event, [(b" inbound ", "inbound"), (b" outbound ", "outbound")]);
    let outbound = memmem::find(&text[..text.len().min(32)], b" outbound ").is_some();
    let built = text.starts_with(b"Built");
    event.set_static(field::EVENT_TYPE, if built { "allowed" } else { "end" });
    if let Some((_, rest)) = split(text, b" connection ")
        && let (id @ [b'0'..=b'9', ..], _) = first_word(rest)
    {
        set_own(event, OWN, b"connection_id", id);
    }
    let pair = match split(text, b" faddr ") {
        Some((_, rest)) => {
            let (foreign, rest) = mapped_end(rest);
            let global = split(rest, b"gaddr ").map(|(_, rest)| end(rest).0.address).unwrap_or_default();
            // behind the slash stand ICMP's identifiers, no ports
            let local = split(rest, b"laddr ").map(|(_, rest)| mapped_end(rest).0);
            local.map(|local| (End { port: b"", ..foreign }, End { port: b"", mapped: global, ..local }))
        }
        None => split(text, b" for ").and_then(|(_, rest)| {
            let (first, rest) = mapped_end(rest);
            let rest = if rest.starts_with(b"to ") { &rest[3..] } else { split(rest, b" to ")?.1 };
            Some((first, mapped_end(rest).0))
        }),
    };
    // the first end is the one on the less trusted side: it asked only where the connection is inbound; the end of a
    // connection does not say who asked, and ICMP mostly goes out
    let torn_icmp = !built && memmem::find(text, b" faddr ").is_some();
    if let Some((first, second)) = pair {
        let (source, destination) = if outbound || torn_icmp { (second, first) } else { (first, second) };
        set_ends(&source, &destination, event);
        set_mapped(&source, [field::SOURCE_NAT_IP, field::SOURCE_NAT_PORT], event);
        set_mapped(&destination, [field::DESTINATION_NAT_IP, field::DESTINATION_NAT_PORT], event);
    }
    if let Some((_, rest)) = split(text, b" duration ") {
        let (duration, rest) = first_word(rest);
        clock(duration).into_iter().for_each(|nanos| lasted(nanos, event));
        let rest = rest.strip_prefix(b"forwarded ").unwrap_or(rest);
        if let Some(rest) = rest.strip_prefix(b"bytes ") {
            let (bytes, reason) = first_word(rest);
            set_number(event, field::NETWORK_BYTES, bytes);
            let reason = split(reason, b" from ").map_or(reason, |(reason, _)| reason);
            let reason = if reason.starts_with(b"(") { b"" } else { split(reason, b" (").map_or(reason, |(r, _)| r) };
            set_some(event, field::EVENT_REASON, reason);
        }
    }
}

/// A message about the end of something comes when it ends: what it lasted says when it began.
pub(super) fn lasted(nanos: i64, event: &mut Event<'_>) {
    event.set_int(field::EVENT_DURATION, nanos);
    let stamp = event.stamps().iter().rev().find(|(of, _)| *of == field::TIMESTAMP).map(|(_, stamp)| *stamp);
    if let Some(stamp) = stamp
        && let Ok(civil) = stamp.civil.checked_sub(jiff::SignedDuration::from_nanos(nanos))
    {
        // a stamp without a year must not begin in another one
        if stamp.has_year || civil.year() == stamp.civil.year() {
            event.set_stamp(field::EVENT_START, Stamp { civil, ..stamp });
            event.set_stamp(field::EVENT_END, stamp);
        }
    }
}

/// `0:01:09`, `26:13:00` or `0h:01m:09s`, `1d0h` in nanoseconds.
pub(super) fn clock(text: &[u8]) -> Option<i64> {
    let mut seconds = 0_i64;
    for part in text.split(|b| *b == b':') {
        let digits = part.strip_suffix(b"h").or(part.strip_suffix(b"m")).or(part.strip_suffix(b"s")).unwrap_or(part);
        seconds = seconds.checked_mul(60)?.checked_add(integer(digits)?)?;
    }
    seconds.checked_mul(1_000_000_000)
}

pub(super) fn denial(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_TYPE, "denied");
    flow(text, event);
}

pub(super) fn permission(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_TYPE, "allowed");
    flow(text, event);
}

/// A denied or permitted packet: its ends, the interface and the access list.
pub(super) fn flow(text: &[u8], event: &mut Event<'_>) {
    ends(text, event);
    if text.starts_with(b"Deny TCP (no connection)") {
        event.set_static(field::EVENT_REASON, "no connection");
    }
    set_action(&text[..text.len().min(32)], event, [(b"nbound ", "inbound"), (b"utbound ", "outbound")]);
    if let (Some((_, rest)), None) = (split(text, b" on interface "), event.get(field::OBSERVER_INGRESS_INTERFACE_NAME))
    {
        let interface = first_word(rest).0;
        set_some(event, field::OBSERVER_INGRESS_INTERFACE_NAME, interface.strip_suffix(b".").unwrap_or(interface));
    }
    if let Some((_, rest)) = split(text, b"access-group \"") {
        set_some(event, field::RULE_NAME, split(rest, b"\"").map_or(rest, |(name, _)| name));
    }
    if let Some((_, rest)) = split(text, b" flags ") {
        set_own(event, OWN, b"tcp_flags", split(rest, b" on ").map_or(rest, |(flags, _)| flags).trim_ascii());
    }
}

/// `access-list outside_in denied tcp outside/192.0.2.1(51515) -> dmz/198.51.100.2(22) hit-cnt 1 first hit […]`
pub(super) fn access_list(text: &[u8], event: &mut Event<'_>) {
    let Some(rest) = text.strip_prefix(b"access-list ") else { return };
    let (name, rest) = first_word(rest);
    let (verdict, rest) = first_word(rest);
    let denied = verdict == b"denied";
    event.set(field::RULE_NAME, name);
    event.set(field::EVENT_ACTION, verdict);
    event.set_static(field::EVENT_TYPE, if denied { "denied" } else { "allowed" });
    let (protocol, rest) = first_word(rest);
    if integer(protocol).is_some() {
        web::set_protocol_number(event, protocol);
    } else {
        set_transport(protocol, event);
    }
    let rest = match rest.strip_prefix(b"for user ") {
        Some(rest) => {
            let (user, rest) = first_word(rest);
            set_some(event, field::SOURCE_USER_NAME, user.trim_ascii_start());
            rest
        }
        None => rest,
    };
    let (source, rest) = end(rest);
    let destination = split(rest, b"-> ").map(|(_, rest)| end(rest).0).unwrap_or_default();
    set_ends(&source, &destination, event);
    if let Some((_, rest)) = split(rest, b" hit-cnt ") {
        set_own(event, OWN, b"hit_count", first_word(rest).0);
    }
}

/// `Built local-host inside:192.0.2.1`
pub(super) fn local_host(text: &[u8], event: &mut Event<'_>) {
    let Some((_, rest)) = split(text, b"local-host ") else { return };
    set_ends(&end(rest).0, &End::default(), event);
}

/// `192.0.2.1 Accessed URL 198.51.100.2:http://…`, `Access denied URL http://… SRC 192.0.2.1 DEST 198.51.100.2 …`
pub(super) fn web_access(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_TYPE, "connection");
    if let Some((url, rest)) = split(text, b"denied URL ").and_then(|(_, rest)| split(rest, b" SRC ")) {
        set_url(event, url);
        set_source(event, first_word(rest).0);
        return split(rest, b" DEST ").into_iter().for_each(|(_, rest)| set_destination(event, first_word(rest).0));
    }
    let (source, rest) = first_word(text);
    // a user before an at sign, and again in brackets
    let (user, source) = split(source, b"@").unwrap_or((b"", source));
    set_some(event, field::SOURCE_USER_NAME, user);
    let source = memchr(b'(', source).map_or(source, |at| &source[..at]);
    set_source(event, source);
    let Some((_, target)) = split(rest, b"URL ") else { return };
    let (server, url) = split(target, b":").unwrap_or((target, b""));
    set_destination(event, split(server, b"@").map_or(server, |(_, server)| server));
    if !url.is_empty() {
        set_url(event, url);
    }
}

/// `FTP connection from inside:192.0.2.17/51515 to outside:203.0.113.80/21, user b.jones Stored file a.txt`
pub(super) fn file_transfer(text: &[u8], event: &mut Event<'_>) {
    ends(text, event);
    event.set_static(field::NETWORK_PROTOCOL, "ftp");
    let Some((_, rest)) = split(text, b", user ") else { return };
    let (user, rest) = first_word(rest);
    event.set(field::USER_NAME, user);
    if let Some((verb, path)) = split(rest, b" file ") {
        set_own(event, OWN, b"file_action", verb);
        set_some(event, field::FILE_PATH, path);
    }
}
