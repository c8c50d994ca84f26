//! OpenSSH's server.
//!
//! User names, protocol banners and key identifiers are written by whoever connects. Everything is therefore read from
//! the right: an address counts only where sshd itself puts one, and a name like `x from 192.0.2.1 port 1` stays a name.

use memchr::memmem;
use nom::{Parser, bytes::complete::tag};

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{Scan, digits, first_word, ip, last_word, rsplit, set_number, set_some, set_source, split, until, word},
};

/// OpenSSH's server, see the module.
pub struct Sshd;

mod examples;

/// How messages begin that only sshd writes.
const OPENINGS: [&str; 31] = [
    "Accepted key ",
    "Connection from ",
    "Starting session: ",
    "Close session: ",
    "User child is on pid ",
    "PAM service(sshd) ignoring max retries",
    "kex_exchange_identification: ",
    "userauth_finish: ",
    "reverse mapping checking getaddrinfo for ",
    "main: sshd: ",
    "Postponed ",
    "ssh_dispatch_run_fatal: Connection from ",
    "Accepted password for ",
    "Accepted publickey for ",
    "Accepted keyboard-interactive/pam for ",
    "Bad protocol version identification ",
    "Connection closed by ",
    "Connection reset by ",
    "Did not receive identification string from ",
    "Disconnected from ",
    "Disconnecting authenticating user ",
    "Disconnecting invalid user ",
    "Failed password for ",
    "Failed publickey for ",
    "Failed none for ",
    "Failed keyboard-interactive/pam for ",
    "Invalid user ",
    "Received disconnect from ",
    "Unable to negotiate with ",
    "input_userauth_request: invalid user ",
    "maximum authentication attempts exceeded for ",
];
/// Places where an address may stand that are tried, from the right.
const MAX_TRIES: usize = 8;

impl Format for Sshd {
    fn name(&self) -> &'static str {
        "sshd"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "OpenSSH"
    }
    fn about(&self) -> &'static str {
        "OpenSSH server messages (auth.c, auth2.c, sshd.c, packet.c of openssh-portable)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["sshd", "auth"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["sshd", "sshd-session", "sshd-auth", "ssh"]
    }
    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, _: &[u8]) -> bool {
        false
    }
    fn recognises_untagged(&self, message: &[u8]) -> bool {
        let message = message.trim_ascii_start();
        let text = message.strip_prefix(b"error: ").or(message.strip_prefix(b"fatal: ")).unwrap_or(message);
        matches!(
            text.first(),
            Some(
                b'A' | b'B'
                    | b'C'
                    | b'D'
                    | b'F'
                    | b'I'
                    | b'P'
                    | b'R'
                    | b'S'
                    | b'U'
                    | b'i'
                    | b'k'
                    | b'm'
                    | b'r'
                    | b's'
                    | b'u'
            )
        ) && (OPENINGS.iter().any(|words| text.starts_with(words.as_bytes()))
            || text.starts_with(b"User ") && rsplit(text, b" not allowed because ").is_some()
            || text.starts_with(b"Address ") && split(text, b" does not map back to the address").is_some())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read(peel(line.message, event), event).ok_or(Reject { reason: "sshd_message", offset: 0 })?;
        // who is gone before anybody was authenticated has failed to get in, which is no failed authentication
        if line.message.ends_with(b" [preauth]") && ended(event) {
            fail(event);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// Takes the level before and `[preauth]` behind the text off.
fn peel<'r>(text: &'r [u8], event: &mut Event<'r>) -> &'r [u8] {
    let text = text.trim_ascii_start();
    let text = text.strip_suffix(b" [preauth]").or(text.strip_suffix(b" [postauth]")).unwrap_or(text);
    for level in ["error", "fatal", "debug1", "debug2", "debug3"] {
        if let Some(rest) = text.strip_prefix(level.as_bytes()).and_then(|rest| rest.strip_prefix(b": ")) {
            event.set_static(field::LOG_LEVEL, level);
            return rest;
        }
    }
    text
}

/// Whether the message ends a session, and leaves open how it went.
fn ended(event: &Event<'_>) -> bool {
    event.get(field::EVENT_OUTCOME).is_none() && event.bytes(field::EVENT_TYPE).is_some_and(|kind| &*kind == b"end")
}

fn fail(event: &mut Event<'_>) {
    event.set_static(field::EVENT_OUTCOME, "failure");
}

fn read<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (first, rest) = first_word(text);
    match first {
        b"Accepted" if rest.starts_with(b"key ") => other(event, "ssh_key_accepted"),
        b"Accepted" => return attempt(rest, event, "success", "ssh_login"),
        b"Failed" => return attempt(rest, event, "failure", "ssh_login"),
        b"Postponed" | b"Partial" => return attempt(rest, event, "", "ssh_login_partial"),
        b"Invalid" | b"Illegal" => return invalid_user(rest.strip_prefix(b"user ")?, event),
        b"input_userauth_request:" => return invalid_user(rest.strip_prefix(b"invalid user ")?, event),
        b"Connection" | b"Disconnected" => return connection(first, rest, event),
        b"Disconnecting" => return disconnecting(rest, event),
        b"Disconnecting:" => too_many(rest, event),
        b"Received" => return received(rest, event),
        b"maximum" => return too_many_attempts(rest, event),
        b"Did" => return no_banner(rest, event),
        b"Bad" => return bad_version(rest, event),
        b"banner" => return banner(rest, event),
        b"Unable" | b"no" => return negotiation(text, event),
        b"User" | b"Login" | b"ROOT" => return not_allowed(first, rest, event),
        b"Access" => return access_denied(rest, event),
        b"reverse" | b"Address" | b"Nasty" => return mismatch(text, event),
        b"Timeout" | b"Timeout," => return timeout(text, event),
        b"Server" => return listening(rest, event),
        b"PAM:" => return pam(rest, event),
        b"Starting" => return session(rest, event, "start", "ssh_session_started"),
        b"Close" => return session(rest, event, "end", "ssh_session_closed"),
        b"subsystem" => return subsystem(rest, event),
        b"drop" => return dropped(rest, event),
        b"refused" => return refused(rest, event),
        b"beginning" | b"exited" => throttling(first, event),
        b"penalty:" | b"srclimit_penalise:" => penalty(rest, event),
        b"Authentication" => return refused_key(rest, event),
        b"kex_exchange_identification:"
        | b"ssh_dispatch_run_fatal:"
        | b"kex_protocol_error:"
        | b"ssh_packet_read_poll2:" => {
            return broken(rest, event);
        }
        _ => return general(text, event),
    }
    Some(())
}

/// An address with its port as sshd writes it at the end: `192.0.2.7 port 22`, and older `192.0.2.7`.
struct Peer<'r> {
    address: &'r [u8],
    port: &'r [u8],
}

fn peer(text: &[u8]) -> Scan<'_, Peer<'_>> {
    let (rest, address) = word(text)?;
    match tag::<_, _, nom::error::Error<&[u8]>>(" port ").parse(rest) {
        Ok((rest, _)) => {
            let (rest, port) = digits(rest)?;
            Ok((rest, Peer { address, port }))
        }
        Err(_) => Ok((rest, Peer { address, port: b"" })),
    }
}

/// An address that is all of the text.
fn whole_peer(text: &[u8]) -> Option<Peer<'_>> {
    peer(text).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, peer)| peer)
}

fn set_peer(peer: &Peer<'_>, event: &mut Event<'_>) {
    set_source(event, peer.address);
    set_number(event, field::SOURCE_PORT, peer.port);
}

/// Splits at the last ` from ` that an address follows, then only what `tail` allows.
fn from_peer<'r>(text: &'r [u8], tail: impl Fn(&[u8]) -> bool) -> Option<(&'r [u8], Peer<'r>, &'r [u8])> {
    // a search blank by blank finds it after four or five, before memmem has set itself up
    let places = memchr::memrchr_iter(b' ', text).filter(|&at| text[at..].starts_with(b" from "));
    for at in places.take(MAX_TRIES) {
        if let Ok((rest, peer)) = peer(&text[at + 6..])
            && tail(rest)
        {
            return Some((&text[..at], peer, rest));
        }
    }
    None
}

/// The user, after `invalid user ` where sshd says so. An empty name is possible.
fn set_user<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let known = text.strip_prefix(b"invalid user ").or(text.strip_prefix(b"illegal user "));
    let empty = matches!(text, b"invalid user" | b"illegal user");
    let name = known.unwrap_or(if empty { b"" } else { text });
    set_some(event, field::USER_NAME, name);
}

/// `password for [invalid user ]NAME from ADDRESS port N ssh2[: KEY]`
fn attempt<'r>(text: &'r [u8], event: &mut Event<'r>, outcome: &'static str, action: &'static str) -> Option<()> {
    let (method, rest) = split(text, b" for ")?;
    let rest = without_client_user(rest);
    let protocol = |tail: &[u8]| tail.is_empty() || tail.starts_with(b" ssh");
    let (user, peer, tail) = from_peer(rest, protocol)?;
    set_user(user, event);
    set_peer(&peer, event);
    event.set(field::SSHD_METHOD, method);
    let kind = if outcome == "success" { "start" } else { "info" };
    event.classify("authentication", kind, action, outcome);
    if let Some((_, key)) = split(tail, b": ") {
        let (kind, rest) = first_word(key);
        event.set(field::SSHD_KEY_TYPE, kind);
        set_some(event, field::SSHD_KEY_FINGERPRINT, first_word(rest).0);
    }
    Some(())
}

/// Protocol 1 names the client's own user behind the address: ` ssh1: ruser NAME from HOST`. A line of protocol 2 ends
/// otherwise, so nobody can forge one.
fn without_client_user(text: &[u8]) -> &[u8] {
    let second = rsplit(text, b" ssh2").is_some_and(|(_, tail)| tail.is_empty() || tail.starts_with(b": "));
    match split(text, b" ssh1: ruser ") {
        Some((before, _)) if !second => before,
        _ => text,
    }
}

/// `NAME from ADDRESS[ port N]`, or a name alone.
fn invalid_user<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    match from_peer(text, <[u8]>::is_empty) {
        Some((user, peer, _)) => {
            set_some(event, field::USER_NAME, user);
            set_peer(&peer, event);
        }
        // an empty name: `Invalid user  from 192.0.2.7`
        None => match text.strip_prefix(b"from ").and_then(whole_peer) {
            Some(peer) => set_peer(&peer, event),
            None => set_some(event, field::USER_NAME, text),
        },
    }
    event.classify("authentication", "info", "ssh_invalid_user", "failure");
    Some(())
}

/// `closed by|reset by|from …` with `[authenticating |invalid ]user NAME ADDRESS port N` or an address.
fn connection<'r>(first: &[u8], rest: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (verb, who) = match rest {
        _ if rest.starts_with(b"closed by ") => ("ssh_connection_closed", &rest[10..]),
        _ if rest.starts_with(b"reset by ") => ("ssh_connection_reset", &rest[9..]),
        _ if rest.starts_with(b"from ") && first == b"Disconnected" => ("ssh_disconnected", &rest[5..]),
        _ if rest.starts_with(b"from ") => return opened(&rest[5..], event),
        _ => return general(rest, event),
    };
    let (user, peer) = user_and_peer(who)?;
    let invalid = user.is_some_and(|(class, _)| matches!(class, b"invalid" | b"illegal"));
    if let Some((_, name)) = user {
        set_some(event, field::USER_NAME, name);
    }
    set_peer(&peer, event);
    let authenticating = user.is_some_and(|(class, _)| class == b"authenticating");
    match (invalid, authenticating) {
        (true, _) => event.classify("authentication", "end", verb, "failure"),
        (_, true) => event.classify("session", "end", verb, "failure"),
        _ => event.classify("session", "end", verb, ""),
    }
    Some(())
}

/// A user's class (empty, `authenticating`, `invalid`) and name.
type Named<'r> = (&'r [u8], &'r [u8]);

/// `[[authenticating |invalid ]user NAME ]ADDRESS port N`; the address is the last but the port.
fn user_and_peer(text: &[u8]) -> Option<(Option<Named<'_>>, Peer<'_>)> {
    let (before, port) = match rsplit(text, b" port ") {
        Some((before, port)) if !port.is_empty() && port.iter().all(u8::is_ascii_digit) => (before, port),
        _ => (text, &b""[..]),
    };
    let (user, address) = last_word(before);
    let peer = Peer { address, port };
    if user.is_empty() {
        return Some((None, peer));
    }
    for class in [&b"authenticating"[..], b"invalid", b"illegal", b""] {
        let named = user.strip_prefix(class).map(|u| u.strip_prefix(b" ").filter(|_| !class.is_empty()).unwrap_or(u));
        if let Some(rest) = named.and_then(|u| u.strip_prefix(b"user")) {
            return Some((Some((class, rest.strip_prefix(b" ").unwrap_or(rest))), peer));
        }
    }
    None
}

/// `ADDRESS port N on ADDRESS port N[ rdomain "…"]`, or a message about a broken connection.
fn opened<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (rest, source) = peer(text).ok()?;
    set_peer(&source, event);
    if let Some(target) = rest.strip_prefix(b" on ")
        && let Ok((_, target)) = peer(target)
    {
        crate::scan::set_destination(event, target.address);
        set_number(event, field::DESTINATION_PORT, target.port);
        event.classify("network", "connection", "ssh_connection", "");
        return Some(());
    }
    event.classify("network", "info", "ssh_protocol_error", "failure");
    set_some(event, field::EVENT_REASON, rest.strip_prefix(b": ").unwrap_or(b""));
    Some(())
}

/// `[authenticating |invalid ]user NAME ADDRESS port N: reason`. The reason can repeat a forged name, so the address
/// counts only where there is one place for it.
fn disconnecting<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let mut found = None;
    for at in memmem::find_iter(text, b": ").take(MAX_TRIES) {
        let Some((user, peer)) = user_and_peer(&text[..at]) else { continue };
        if ip(peer.address).is_some() && !peer.port.is_empty() && found.replace((user, peer, at)).is_some() {
            found = None;
            break;
        }
    }
    // without a reason, the address ends the text
    if found.is_none() && memmem::find(text, b": ").is_none() {
        found = user_and_peer(text).map(|(user, peer)| (user, peer, text.len()));
    }
    let mut invalid = false;
    if let Some((user, peer, at)) = found {
        set_peer(&peer, event);
        if let Some((class, name)) = user {
            invalid = class == b"invalid";
            set_some(event, field::USER_NAME, name);
        }
        set_some(event, field::EVENT_REASON, text.get(at + 2..).unwrap_or_default());
    }
    let many = memmem::find(text, b"Too many authentication failures").is_some();
    match (many, invalid) {
        (true, _) => event.classify("authentication", "info", "ssh_max_attempts", "failure"),
        (_, true) => event.classify("authentication", "end", "ssh_disconnecting", "failure"),
        _ => event.classify("session", "end", "ssh_disconnecting", ""),
    }
    Some(())
}

/// Older sshd: `Too many authentication failures for NAME`.
fn too_many<'r>(text: &'r [u8], event: &mut Event<'r>) {
    match text.strip_prefix(b"Too many authentication failures") {
        Some(rest) => {
            if let Some(user) = rest.strip_prefix(b" for ") {
                set_user(user, event);
            }
            event.classify("authentication", "info", "ssh_max_attempts", "failure");
        }
        None => event.classify("session", "end", "ssh_disconnecting", ""),
    }
    event.set(field::EVENT_REASON, text);
}

/// `disconnect from ADDRESS[ port N]: CODE: reason`, or a signal.
fn received<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let Some(rest) = text.strip_prefix(b"disconnect from ") else {
        let (signal, _) = first_word(text.strip_prefix(b"signal ").unwrap_or(text));
        let again = signal.starts_with(b"SIGHUP");
        event.classify(
            "process",
            if again { "change" } else { "end" },
            if again { "ssh_server_reloaded" } else { "ssh_server_stopped" },
            "",
        );
        return Some(());
    };
    let (tail, peer) = match memmem::find(rest, b" port ") {
        Some(_) => peer(rest).ok()?,
        None => {
            let (address, tail) = split(rest, b": ")?;
            (tail, Peer { address, port: b"" })
        }
    };
    set_peer(&peer, event);
    let (code, reason) = split(tail.strip_prefix(b":").unwrap_or(tail), b": ")?;
    set_some(event, field::EVENT_CODE, code.trim_ascii());
    set_some(event, field::EVENT_REASON, reason);
    event.classify("session", "end", "ssh_disconnect_received", "");
    Some(())
}

/// `authentication attempts exceeded for [invalid user ]NAME from ADDRESS port N ssh2`
fn too_many_attempts<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let rest = text.strip_prefix(b"authentication attempts exceeded for ")?;
    let (user, peer, _) = from_peer(rest, |tail| tail.is_empty() || tail == b" ssh2")?;
    set_user(user, event);
    set_peer(&peer, event);
    event.classify("authentication", "info", "ssh_max_attempts", "failure");
    Some(())
}

/// `Did not receive identification string from ADDRESS[ port N]`
fn no_banner<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let rest = text.strip_prefix(b"not receive identification string from ")?;
    set_peer(&whole_peer(rest)?, event);
    event.classify("network", "info", "ssh_no_identification", "failure");
    Some(())
}

/// `Bad protocol version identification '…' from ADDRESS port N`, `Bad packet length N.`
fn bad_version<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if text.starts_with(b"protocol version identification") {
        let (_, peer, _) = from_peer(text, <[u8]>::is_empty)?;
        set_peer(&peer, event);
        event.classify("network", "info", "ssh_bad_protocol", "failure");
    } else {
        event.classify("network", "info", "ssh_protocol_error", "failure");
    }
    Some(())
}

/// `exchange: Connection from ADDRESS port N: invalid format`
fn banner<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let rest = text.strip_prefix(b"exchange: Connection from ")?;
    let (rest, peer) = peer(rest).ok()?;
    set_peer(&peer, event);
    set_some(event, field::EVENT_REASON, rest.strip_prefix(b": ").unwrap_or(rest));
    event.classify("network", "info", "ssh_bad_protocol", "failure");
    Some(())
}

/// `Unable to negotiate with ADDRESS port N: no matching … found. Their offer: …`
fn negotiation<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if let Some(rest) = text.strip_prefix(b"Unable to negotiate with ") {
        let (rest, peer) = peer(rest).ok()?;
        let peer = Peer { address: peer.address.strip_suffix(b":").unwrap_or(peer.address), port: peer.port };
        set_peer(&peer, event);
        set_some(event, field::EVENT_REASON, rest.trim_ascii_start().strip_prefix(b": ").unwrap_or(rest));
    } else if !text.starts_with(b"no matching ") {
        return general(text, event);
    } else {
        event.set(field::EVENT_REASON, text);
    }
    event.classify("network", "info", "ssh_negotiation_failed", "failure");
    Some(())
}

/// `User NAME[ from ADDRESS] not allowed because …`, `ROOT LOGIN REFUSED FROM ADDRESS[ port N]`, `User child is on pid N`
fn not_allowed<'r>(first: &[u8], text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if first == b"ROOT" {
        set_peer(&whole_peer(text.strip_prefix(b"LOGIN REFUSED FROM ")?)?, event);
        event.set_static(field::USER_NAME, "root");
        event.classify("authentication", "denied", "ssh_not_allowed", "failure");
        return Some(());
    }
    let Some((who, reason)) = rsplit(text, b" not allowed because ") else {
        return general(text, event);
    };
    match from_peer(who, <[u8]>::is_empty) {
        Some((user, peer, _)) => {
            event.set(field::USER_NAME, user);
            set_peer(&peer, event);
        }
        None => set_some(event, field::USER_NAME, who),
    }
    event.set(field::EVENT_REASON, reason);
    event.classify("authentication", "denied", "ssh_not_allowed", "failure");
    Some(())
}

/// `denied for user NAME by PAM account configuration`
fn access_denied<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (user, _) = rsplit(text.strip_prefix(b"denied for user ")?, b" by PAM account configuration")?;
    event.set(field::USER_NAME, user);
    event.classify("authentication", "denied", "ssh_not_allowed", "failure");
    Some(())
}

/// Names and addresses that do not map to each other. The name is the owner of the address's to choose.
fn mismatch<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let address = if let Some(rest) = text.strip_prefix(b"Address ") {
        first_word(rest).0
    } else if let Some(rest) = text.strip_prefix(b"reverse mapping checking getaddrinfo for ") {
        let (name, rest) = first_word(rest);
        event.set(field::SOURCE_DOMAIN, name);
        split(rest.strip_prefix(b"[")?, b"]")?.0
    } else {
        let (_, rest) = rsplit(text, b" is set up for ")?;
        split(rest, b",")?.0
    };
    set_source(event, address);
    event.classify("network", "info", "ssh_reverse_mapping_failed", "");
    Some(())
}

/// `before authentication for ADDRESS[ port N]`, newer `… for connection from ADDRESS to ADDRESS, pid = N`
fn timeout<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let text = text.strip_suffix(b".").unwrap_or(text);
    if let Some((_, rest)) = split(text, b" before authentication for ") {
        let (address, rest) = match rest.strip_prefix(b"connection from ") {
            Some(rest) => (first_word(rest).0, &b""[..]),
            None => first_word(rest),
        };
        set_source(event, address);
        set_number(event, field::SOURCE_PORT, rest.strip_prefix(b"port ").unwrap_or(b""));
        event.classify("authentication", "info", "ssh_timeout", "failure");
    } else {
        event.classify("session", "end", "ssh_timeout", "");
        if let Some((user, peer)) = split(text, b" from ").and_then(|(_, who)| user_and_peer(who)) {
            set_some(event, field::USER_NAME, user.map_or(b"", |(_, name)| name));
            set_peer(&peer, event);
        }
    }
    Some(())
}

/// `listening on ADDRESS port N.`
fn listening<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let rest = text.strip_prefix(b"listening on ")?;
    let (_, socket) = peer(rest.strip_suffix(b".").unwrap_or(rest)).ok()?;
    event.set(field::SERVER_ADDRESS, socket.address);
    set_number(event, field::SERVER_PORT, socket.port);
    event.classify("process", "start", "ssh_server_started", "");
    Some(())
}

/// `Authentication failure for [illegal user ]NAME from ADDRESS[ via ADDRESS]`, and PAM's other words.
fn pam<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if let Some((reason, rest)) = split(text, b" for ")
        && let Some((user, peer, tail)) = from_peer(rest, |tail| via(tail).is_some())
    {
        // Apple's: the address that was connected to
        via(tail).into_iter().for_each(|own| crate::scan::set_destination(event, own));
        event.set(field::EVENT_REASON, reason);
        set_user(user, event);
        set_peer(&peer, event);
        event.classify("authentication", "info", "ssh_login", "failure");
    } else {
        event.set(field::EVENT_REASON, text);
        event.classify("authentication", "info", "ssh_pam_error", "");
    }
    Some(())
}

/// The address behind ` via `; empty where nothing follows.
fn via(tail: &[u8]) -> Option<&[u8]> {
    match tail.strip_prefix(b" via ") {
        Some(own) => ip(own).map(|_| own),
        None => tail.is_empty().then_some(tail),
    }
}

/// `connect from NAME (ADDRESS)`: TCP wrappers (hosts_access(5))
fn refused<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (name, address) = first_word(text.strip_prefix(b"connect from ")?);
    let address = address.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")")).filter(|a| ip(a).is_some());
    set_source(event, address.unwrap_or(name));
    if address.is_some() && ip(name).is_none() {
        event.set(field::SOURCE_DOMAIN, name);
    }
    event.classify("network", "denied", "ssh_connection_refused", "failure");
    Some(())
}

/// `session: shell on pts/0 for NAME from ADDRESS port N id 0`, `session: user NAME from ADDRESS port N id 0`
fn session<'r>(text: &'r [u8], event: &mut Event<'r>, kind: &'static str, action: &'static str) -> Option<()> {
    let rest = text.strip_prefix(b"session: ")?;
    let (what, peer, _) = from_peer(rest, |tail| tail.is_empty() || tail.starts_with(b" id "))?;
    let user = match what.strip_prefix(b"user ") {
        Some(user) => user,
        None => rsplit(what, b" for ")?.1,
    };
    event.set(field::USER_NAME, user);
    set_peer(&peer, event);
    event.classify("session", kind, action, "");
    Some(())
}

/// `request for sftp[ by user NAME]`
fn subsystem<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (name, rest) = first_word(text.strip_prefix(b"request for ")?);
    event.set(field::SERVICE_NAME, name);
    set_some(event, field::USER_NAME, rest.strip_prefix(b"by user ").unwrap_or(b""));
    event.classify("session", "info", "ssh_subsystem", "");
    Some(())
}

/// `connection #N from [ADDRESS]:PORT on [ADDRESS]:PORT past MaxStartups`
fn dropped<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (rest, _) = until(" from [").parse(text).ok()?;
    let (rest, address) = until("]:").parse(rest).ok()?;
    let (rest, port) = digits(rest).ok()?;
    set_peer(&Peer { address, port }, event);
    if let Some((_, reason)) = rsplit(rest, b"] ").or_else(|| split(rest, b" past ")) {
        event.set(field::EVENT_REASON, reason);
    }
    event.classify("network", "denied", "ssh_connection_dropped", "");
    Some(())
}

fn throttling(first: &[u8], event: &mut Event<'_>) {
    let begins = first == b"beginning";
    event.classify("network", "info", if begins { "ssh_throttling_began" } else { "ssh_throttling_ended" }, "");
}

/// OpenSSH 9.8's PerSourcePenalties: `… 192.0.2.7/32 penalty N seconds for …`
fn penalty<'r>(text: &'r [u8], event: &mut Event<'r>) {
    if let Some(address) = text.split(|b| matches!(b, b' ' | b'/')).find(|w| ip(w).is_some()) {
        set_source(event, address);
    }
    event.classify("network", "denied", "ssh_penalty", "");
}

/// `refused: bad ownership or modes for file …`
fn refused_key<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let reason = text.strip_prefix(b"refused: ")?;
    event.set(field::EVENT_REASON, reason);
    event.classify("authentication", "denied", "ssh_key_refused", "failure");
    Some(())
}

/// A connection that broke off: `[read: ]Connection closed by remote host`, `Connection from ADDRESS port N: …`
fn broken<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if let Some(rest) = text.strip_prefix(b"Connection from ").or(text.strip_prefix(b"Connection to ")) {
        return opened(rest, event);
    }
    event.set(field::EVENT_REASON, text);
    event.classify("network", "info", "ssh_protocol_error", "failure");
    Some(())
}

fn other(event: &mut Event<'_>, action: &'static str) {
    event.classify("authentication", "info", action, "");
}

/// What else sshd says: understood as sshd's, with an address only where one ends the text.
fn general<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if let Some((_, peer, _)) = from_peer(text, <[u8]>::is_empty)
        && ip(peer.address).is_some()
    {
        set_peer(&peer, event);
    }
    let action = match first_word(text).0 {
        b"Exiting" | b"signal" => "ssh_server_stopped",
        b"child" => "ssh_session_child",
        _ => "ssh_message",
    };
    event.classify("", "info", action, "");
    (!text.is_empty()).then_some(())
}
