//! Cisco ASA and its relatives (FTD, PIX, FWSM).
//!
//! A message is `%ASA-<level>-<number>: <text>`. What a number means stands in [`MESSAGES`]: a classification, and the
//! shape of its text. A number that is not listed still gives level, code and its text.

mod ftd;

use memchr::{memchr, memchr_iter, memmem};

use crate::{
    Event, Field,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{first_word, integer, ip, reject, set_destination, set_number, set_some, set_source, split},
    web::{self, set_url},
};

/// Cisco ASA: connections, denials, sign-ins, commands, VPN sessions.
pub struct CiscoAsa;

const OWN: &str = "cisco.asa.";

impl Format for CiscoAsa {
    fn name(&self) -> &'static str {
        "cisco_asa"
    }

    fn category(&self) -> &'static str {
        "firewall"
    }

    fn product(&self) -> &'static str {
        "Cisco ASA, FTD, PIX"
    }

    fn about(&self) -> &'static str {
        "%ASA-, %FTD-, %PIX- and %FWSM- messages (Cisco Secure Firewall ASA Series Syslog Messages)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "cisco", services: &["asa"] }
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&["ASA-", "FTD-", "PIX-", "FWSM-", "NGIPS-"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        // before the mark stand at most a time and a name, never what another program quotes
        head(message).is_some_and(|head| memchr(b'"', head.before).is_none())
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let head = head(line.message).ok_or(reject("asa_no_head"))?;
        if line.stamp.is_none() {
            read_before(head.before, event);
        }
        set_number(event, field::EVENT_SEVERITY, head.level);
        event.set(field::EVENT_CODE, head.code);
        if let Some(name) = integer(head.level).and_then(|level| LEVELS.get(level as usize)) {
            event.set_static(field::LOG_LEVEL, name);
        }
        event.set_static(field::OBSERVER_VENDOR, "Cisco");
        event.set_static(field::OBSERVER_PRODUCT, if head.product == b"FTD" { "ftd" } else { "asa" });
        event.set_static(field::OBSERVER_TYPE, "firewall");
        event.replace(field::MESSAGE, head.text);
        let number = integer(head.code).unwrap_or_default();
        match MESSAGES.iter().find(|known| known.numbers.contains(&number)) {
            Some(known) => {
                let [category, kind, action, outcome] = known.classes;
                event.classify(category, kind, action, outcome);
                (known.read)(head.text, event);
            }
            None => {
                event.classify("network", "info", "", "");
                anything(head.text, event);
            }
        }
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Severities 0 to 7 in Cisco's words.
const LEVELS: [&str; 8] =
    ["emergency", "alert", "critical", "error", "warning", "notification", "informational", "debug"];

struct Head<'r> {
    before: &'r [u8],
    product: &'r [u8],
    level: &'r [u8],
    code: &'r [u8],
    text: &'r [u8],
}

/// Most bytes before the mark: a time and a host that no envelope explains.
const MAX_BEFORE: usize = 96;

/// `%ASA-6-302013: `, with a class between product and level in some set-ups (`%ASA-vpn-6-…`). Relays lose the `%`.
fn head(message: &[u8]) -> Option<Head<'_>> {
    if let Some(found) = head_at(message, 0) {
        return Some(found);
    }
    let near = &message[..message.len().min(MAX_BEFORE)];
    memchr_iter(b'%', near)
        .filter(|at| *at == 0 || matches!(near[at - 1], b' ' | b':'))
        .find_map(|at| head_at(message, at + 1))
}

fn head_at(message: &[u8], at: usize) -> Option<Head<'_>> {
    let rest = &message[at..];
    let end = rest.iter().take(40).position(|b| matches!(b, b':' | b' '))?;
    let (label, text) = (&rest[..end], &rest[end + 1..]);
    let mut parts = label.split(|b| *b == b'-');
    let product = parts.next().filter(|p| matches!(*p, b"ASA" | b"FTD" | b"PIX" | b"FWSM" | b"NGIPS"))?;
    let (mut level, mut code) = (parts.next()?, parts.next()?);
    if let Some(third) = parts.next() {
        (level, code) = (code, third);
    }
    let numbers = level.len() == 1 && level[0].is_ascii_digit() && (5..=7).contains(&code.len());
    (numbers && integer(code).is_some()).then_some(Head {
        before: &message[..at],
        product,
        level,
        code,
        text: text.trim_ascii_start(),
    })
}

/// A time and a host before the mark: `2026-11-22T09:14:07Z fw1  %FTD-…`.
fn read_before(before: &[u8], event: &mut Event<'_>) {
    let Some((rest, stamp, _)) = iso_stamp(before) else { return };
    event.set_stamp(field::TIMESTAMP, stamp);
    let host = first_word(rest.trim_ascii_start()).0;
    if event.get(field::HOST_NAME).is_none() && !matches!(host, b"%" | b":") {
        set_some(event, field::HOST_NAME, host);
    }
}

/// Some messages that say the same kind of thing in the same shape.
struct Message {
    numbers: &'static [i64],
    /// Category, type, action, outcome.
    classes: [&'static str; 4],
    read: fn(&[u8], &mut Event<'_>),
}

const fn message(numbers: &'static [i64], classes: [&'static str; 4], read: fn(&[u8], &mut Event<'_>)) -> Message {
    Message { numbers, classes, read }
}

#[rustfmt::skip]
static MESSAGES: &[Message] = &[
    message(&[302_013, 302_015, 302_017, 302_020, 302_303, 302_305], ["network", "start", "built", "success"], connection),
    message(&[302_014, 302_016, 302_018, 302_021, 302_304, 302_306], ["network", "", "teardown", "success"], connection),
    message(&[106_001, 106_002, 106_006, 106_007, 106_010, 106_014, 106_015, 106_016, 106_017, 106_018, 106_020, 106_021,
        106_022, 106_023, 313_001, 313_004, 313_005, 313_008, 322_001, 402_117, 500_004, 710_003, 710_004, 710_005,
        710_006], ["network", "connection", "deny", "success"], denial),
    message(&[710_002], ["network", "connection", "permit", "success"], permission),
    message(&[106_100, 106_102, 106_103], ["network", "connection", "", "success"], access_list),
    message(&[305_009, 305_011], ["network", "info", "built", ""], ends),
    message(&[305_010, 305_012], ["network", "info", "teardown", ""], ends),
    message(&[305_005, 305_006, 305_013, 419_002], ["network", "info", "", ""], ends),
    message(&[609_001], ["network", "info", "built", ""], local_host),
    message(&[609_002], ["network", "info", "teardown", ""], local_host),
    message(&[304_001], ["network", "allowed", "access", "success"], web_access),
    message(&[304_002], ["network", "denied", "deny", "success"], web_access),
    message(&[113_004, 113_008, 113_012, 109_005, 716_038], ["authentication", "start", "login", "success"], sign_in),
    message(&[113_005, 113_009, 113_013, 113_014, 113_015, 113_016, 113_017, 113_021, 109_006, 716_039, 713_167, 713_198],
        ["authentication", "start", "login", "failure"], sign_in),
    message(&[113_006], ["authentication", "start", "lockout", "failure"], locked_out),
    message(&[113_019, 716_002, 722_023, 722_037, 611_103], ["session", "end", "logout", ""], sign_in),
    message(&[113_039, 716_001, 722_022, 722_033, 722_051, 722_055, 713_228, 713_049, 713_119, 713_120, 434_002],
        ["session", "start", "", ""], sign_in),
    message(&[605_004], ["authentication", "start", "login", "failure"], management),
    message(&[605_005], ["authentication", "start", "login", "success"], management),
    message(&[611_101], ["authentication", "start", "login", "success"], sign_in),
    message(&[611_102, 308_001], ["authentication", "start", "login", "failure"], sign_in),
    message(&[502_101], ["iam", "creation", "user-added", "success"], sign_in),
    message(&[502_102], ["iam", "deletion", "user-deleted", "success"], sign_in),
    message(&[502_103], ["iam", "change", "privilege-changed", "success"], sign_in),
    message(&[111_008, 111_009, 111_010], ["configuration", "change", "command", "success"], command),
    message(&[111_001, 111_002, 111_003, 111_004, 111_005, 111_007], ["configuration", "change", "", ""], from_address),
    message(&[199_001, 199_002, 199_005, 199_006], ["host", "start", "reload", ""], from_address),
    message(&[430_001, 430_004, 430_005], ["intrusion_detection", "", "", ""], ftd::security_event),
    message(&[430_002, 430_003], ["network", "connection", "", ""], ftd::security_event),
    message(&[733_100, 733_101, 733_102, 733_103, 733_104, 733_105], ["intrusion_detection", "info", "threat-detected", ""], threat),
];

/// One end of a connection: `outside:192.0.2.1/443`, `outside/192.0.2.1(443)`, `192.0.2.1/443` or a name.
#[derive(Default)]
struct End<'r> {
    interface: &'r [u8],
    address: &'r [u8],
    port: &'r [u8],
    user: &'r [u8],
    /// `(198.51.100.2/443)` behind it: what translation makes of it.
    mapped: &'r [u8],
}

/// Reads an end and what follows it.
fn end(text: &[u8]) -> (End<'_>, &[u8]) {
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
    let interface_mark =
        memchr(b'/', word).filter(|at| end.port.len() + end.user.len() > 0 && ip(&word[at + 1..]).is_some());
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
fn mapped_end(text: &[u8]) -> (End<'_>, &[u8]) {
    let (mut end, mut rest) = end(text);
    while let Some((inside, after)) = rest.strip_prefix(b"(").and_then(|rest| split(rest, b")")) {
        if inside.contains(&b'/') && end.mapped.is_empty() {
            end.mapped = inside;
        } else {
            end.user = inside;
        }
        rest = after.trim_ascii_start();
    }
    (end, rest)
}

fn set_ends(from: &End<'_>, to: &End<'_>, event: &mut Event<'_>) {
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
        set_some(event, name, user);
        if realm != b"LOCAL" {
            set_some(event, domain, realm);
        }
    }
}

/// Sets the translated address and port where translation changed them.
fn set_mapped(end: &End<'_>, [address, port]: [Field; 2], event: &mut Event<'_>) {
    let (mapped, mapped_port) = split(end.mapped, b"/").unwrap_or((end.mapped, b""));
    if ip(mapped).is_some() && mapped != end.address {
        event.set(address, mapped);
    }
    if mapped_port != end.port {
        set_number(event, port, mapped_port);
    }
}

/// `… from A to B`, `… src A dst B`, `… for A to B`
fn ends(text: &[u8], event: &mut Event<'_>) {
    set_transport(text, event);
    let marks = [(&b" src "[..], &b" dst "[..]), (b" from ", b" to "), (b" for ", b" to "), (b" between ", b" and ")];
    for (from, to) in marks {
        let Some((_, rest)) = split(text, from) else { continue };
        let (source, rest) = end(rest);
        let destination = rest
            .strip_prefix(&to[1..])
            .or_else(|| split(rest, to).map(|(_, rest)| rest))
            .map(|rest| end(rest).0)
            .unwrap_or_default();
        return set_ends(&source, &destination, event);
    }
}

/// What can be read of a message that is not listed: names behind their labels, else two ends.
fn anything(text: &[u8], event: &mut Event<'_>) {
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

/// The protocol is one of the first words: `Built inbound TCP connection`, `Deny tcp src`, `Deny protocol 47 src`.
fn set_transport(text: &[u8], event: &mut Event<'_>) {
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

fn set_action(text: &[u8], event: &mut Event<'_>, words: [(&[u8], &'static str); 2]) {
    if let Some((_, action)) = words.iter().find(|(mark, _)| memmem::find(text, mark).is_some()) {
        event.set_static(field::NETWORK_DIRECTION, action);
    }
}

/// `Built inbound TCP connection 4711 for outside:192.0.2.1/51515 (…) to dmz:198.51.100.2/443 (…)`, and its teardown
/// with `duration 0:01:09 bytes 22097 TCP FINs`.
fn connection(text: &[u8], event: &mut Event<'_>) {
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
            let (foreign, rest) = end(rest);
            // behind the slash stand ICMP's identifiers, no ports
            split(rest, b"laddr ").map(|(_, rest)| (End { port: b"", ..foreign }, End { port: b"", ..end(rest).0 }))
        }
        None => split(text, b" for ").and_then(|(_, rest)| {
            let (first, rest) = mapped_end(rest);
            let rest = if rest.starts_with(b"to ") { &rest[3..] } else { split(rest, b" to ")?.1 };
            Some((first, mapped_end(rest).0))
        }),
    };
    // the first end is the one on the less trusted side: it asked only where the connection is inbound
    if let Some((first, second)) = pair {
        let (source, destination) = if outbound { (second, first) } else { (first, second) };
        set_ends(&source, &destination, event);
        set_mapped(&source, [field::SOURCE_NAT_IP, field::SOURCE_NAT_PORT], event);
        set_mapped(&destination, [field::DESTINATION_NAT_IP, field::DESTINATION_NAT_PORT], event);
    }
    if let Some((_, rest)) = split(text, b" duration ") {
        let (duration, rest) = first_word(rest);
        clock(duration).into_iter().for_each(|nanos| event.set_int(field::EVENT_DURATION, nanos));
        if let Some(rest) = rest.strip_prefix(b"bytes ") {
            let (bytes, reason) = first_word(rest);
            set_number(event, field::NETWORK_BYTES, bytes);
            let reason = split(reason, b" from ").map_or(reason, |(reason, _)| reason);
            let reason = if reason.starts_with(b"(") { b"" } else { split(reason, b" (").map_or(reason, |(r, _)| r) };
            set_some(event, field::EVENT_REASON, reason);
        }
    }
}

/// `0:01:09`, `26:13:00` or `0h:01m:09s`, `1d0h` in nanoseconds.
fn clock(text: &[u8]) -> Option<i64> {
    let mut seconds = 0_i64;
    for part in text.split(|b| *b == b':') {
        let digits = part.strip_suffix(b"h").or(part.strip_suffix(b"m")).or(part.strip_suffix(b"s")).unwrap_or(part);
        seconds = seconds.checked_mul(60)?.checked_add(integer(digits)?)?;
    }
    seconds.checked_mul(1_000_000_000)
}

fn denial(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_TYPE, "denied");
    flow(text, event);
}

fn permission(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_TYPE, "allowed");
    flow(text, event);
}

/// A denied or permitted packet: its ends, the interface and the access list.
fn flow(text: &[u8], event: &mut Event<'_>) {
    ends(text, event);
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
fn access_list(text: &[u8], event: &mut Event<'_>) {
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
fn local_host(text: &[u8], event: &mut Event<'_>) {
    let Some((_, rest)) = split(text, b"local-host ") else { return };
    set_ends(&end(rest).0, &End::default(), event);
}

/// `192.0.2.1 Accessed URL 198.51.100.2:http://…`, `Access denied URL http://… SRC 192.0.2.1 DEST 198.51.100.2 …`
fn web_access(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_TYPE, "connection");
    if let Some((url, rest)) = split(text, b"denied URL ").and_then(|(_, rest)| split(rest, b" SRC ")) {
        set_url(event, url);
        set_source(event, first_word(rest).0);
        return split(rest, b" DEST ").into_iter().for_each(|(_, rest)| set_destination(event, first_word(rest).0));
    }
    let (source, rest) = first_word(text);
    set_source(event, source);
    let Some((_, target)) = split(rest, b"URL ") else { return };
    let (server, url) = split(target, b":").unwrap_or((target, b""));
    set_destination(event, split(server, b"@").map_or(server, |(_, server)| server));
    if !url.is_empty() {
        set_url(event, url);
    }
}

/// AAA, VPN and console sign-ins name people and addresses in several notations: `user = x`, `Username = x`,
/// `User <x>`, `Uname: x`, `user IP = …`, `IP = …`, `IP <…>`, `IP address: …`, `server = …`, `reason = …`.
fn sign_in(text: &[u8], event: &mut Event<'_>) {
    for (marks, field) in [
        (
            &[
                &b"Username = "[..],
                b"user = ",
                b"User = ",
                b"User <",
                b"Uname: ",
                b"Username: ",
                b"Username:",
                b"User=",
                b"(user= ",
            ][..],
            field::USER_NAME,
        ),
        (&[b"Group = ", b"Group <", b"group policy <", b"tunnel-group <"], field::SOURCE_USER_GROUP_NAME),
        (&[b"reason = ", b"Reason: ", b"Reason = "], field::EVENT_REASON),
    ] {
        match labelled(text, marks) {
            Some(value) if field == field::USER_NAME => set_user(value, event),
            Some(value) => set_some(event, field, value),
            None => {}
        }
    }
    if let Some((group, user, address)) = unlabelled(text) {
        set_some(event, field::SOURCE_USER_GROUP_NAME, group);
        set_user(user, event);
        set_source(event, address);
    }
    let address = [
        &b"user IP = "[..],
        b"IP address: ",
        b", IP = ",
        b"IP = ",
        b"IP <",
        b"ip address = ",
        b"(remote ip ",
        b" from ",
    ];
    if let Some(value) = labelled(text, &address).filter(|value| ip(value).is_some()) {
        set_source(event, value);
    }
    if let Some(value) = labelled(text, &[b"server = "]).filter(|value| ip(value).is_some()) {
        set_destination(event, value);
    }
    for (mark, key) in [(&b"Session Type: "[..], &b"session_type"[..]), (b"IPv4 Address <", b"assigned_ip")] {
        if let Some(value) = labelled(text, &[mark]) {
            set_own(event, OWN, key, value);
        }
    }
    for (mark, field) in [(&b"Bytes xmt: "[..], field::DESTINATION_BYTES), (b"Bytes rcv: ", field::SOURCE_BYTES)] {
        if let Some(value) = labelled(text, &[mark]) {
            set_number(event, field, value);
        }
    }
}

/// A user, with or without the domain.
fn set_user(user: &[u8], event: &mut Event<'_>) {
    let (domain, name) = split(user, b"\\").unwrap_or((b"", user));
    set_some(event, field::USER_NAME, name);
    if domain != b"LOCAL" {
        set_some(event, field::USER_DOMAIN, domain);
    }
}

/// `Group staff User b.jones IP 192.0.2.1 AnyConnect …`, as some versions write it without brackets.
fn unlabelled(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (group, rest) = split(text.strip_prefix(b"Group ")?, b" User ")?;
    let (user, rest) = split(rest, b" IP ")?;
    let address = first_word(rest).0;
    (!group.starts_with(b"<") && group != b"=" && ip(address).is_some()).then_some((group, user, address))
}

/// The text behind the first of these labels, up to what closes it: `>` for `<`, else a colon, a comma or the end.
fn labelled<'r>(text: &'r [u8], labels: &[&[u8]]) -> Option<&'r [u8]> {
    let (label, rest) = labels.iter().find_map(|label| Some((label, split(text, label)?.1)))?;
    let value = match label.last() {
        Some(b'<') => split(rest, b">").map_or(rest, |(value, _)| value),
        _ => {
            let ends = [&b" : "[..], b": ", b" , ", b", ", b" Priv:", b" From:", b" IKEv2 ", b" Negotiation ", b")"];
            let end = ends.iter().filter_map(|end| memmem::find(rest, end)).min().unwrap_or(rest.len());
            &rest[..end]
        }
    };
    let value = value.trim_ascii();
    let value = value.strip_suffix(b".").unwrap_or(value);
    Some(value.strip_prefix(b"'").and_then(|v| v.strip_suffix(b"'")).unwrap_or(value))
}

/// `User 'jdoe' locked out on exceeding '3' successive failed authentication attempts`
fn locked_out(text: &[u8], event: &mut Event<'_>) {
    if let Some((user, _)) = text.strip_prefix(b"User ").and_then(|rest| split(rest, b" locked out")) {
        set_some(event, field::USER_NAME, unquote(user));
    }
}

/// `Login denied from 192.0.2.1/51515 to outside:198.51.100.2/ssh for user "root"`
fn management(text: &[u8], event: &mut Event<'_>) {
    ends(text, event);
    if let Some((_, user)) = split(text, b" for user ") {
        set_some(event, field::USER_NAME, unquote(user));
    }
}

/// `User 'jdoe' executed the 'write memory' command.`,
/// `User 'jdoe', running 'CLI' from IP 192.0.2.1, executed 'no logging enable'`
fn command(text: &[u8], event: &mut Event<'_>) {
    if let Some((user, _)) = text.strip_prefix(b"User '").and_then(|rest| split(rest, b"'")) {
        set_some(event, field::USER_NAME, user);
    }
    if let Some((_, rest)) = split(text, b" from IP ") {
        set_source(event, rest.split(|b| matches!(b, b',' | b' ')).next().unwrap_or_default());
    }
    if let Some((_, rest)) = split(text, b"executed ") {
        let rest = rest.strip_prefix(b"the ").unwrap_or(rest).trim_ascii_end();
        let rest = rest.strip_suffix(b".").unwrap_or(rest);
        let rest = rest.strip_suffix(b" command").unwrap_or(rest);
        set_some(event, field::PROCESS_COMMAND_LINE, unquote(rest));
    }
}

fn unquote(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    for quote in [b"'", b"\""] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner);
        }
    }
    text
}

/// `Begin configuration: 192.0.2.1 writing to memory`, `192.0.2.1 end configuration: OK`,
/// `Reload command executed from Telnet (remote 192.0.2.1).`
fn from_address(text: &[u8], event: &mut Event<'_>) {
    let mut words = text.split(|b| matches!(b, b' ' | b'(' | b')' | b','));
    if let Some(address) = words.find(|word| ip(word).is_some()) {
        set_source(event, address);
    }
}

/// `[ Scanning] drop rate-1 exceeded. …`, `Threat-detection adds host 192.0.2.1 to shun list`
fn threat(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_KIND, "alert");
    if let Some((object, _)) = text.strip_prefix(b"[").and_then(|rest| split(rest, b"]")) {
        set_some(event, field::RULE_NAME, object.trim_ascii());
    }
    from_address(text, event);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<166>Nov 22 2026 09:14:07 asa1 : %ASA-6-302013: Built inbound TCP connection 4711 for outside:203.0.113.66/51515 (203.0.113.66/51515) to dmz:192.0.2.20/443 (198.51.100.20/443)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("host.name", "asa1"),
            ("event.code", "302013"),
            ("event.severity", "6"),
            ("log.level", "informational"),
            ("event.category", "network"),
            ("event.action", "built"),
            ("network.transport", "tcp"),
            ("network.direction", "inbound"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "443"),
            ("observer.ingress.interface.name", "outside"),
            ("observer.egress.interface.name", "dmz"),
            ("cisco.asa.connection_id", "4711"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.type", "start"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("event.outcome", "success"),
            ("source.address", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("network.iana_number", "6"),
            ("destination.nat.ip", "198.51.100.20"),
        ],
    },
    Example {
        raw: r"<166>Nov 22 2026 09:14:08 asa1 : %ASA-6-302013: Built outbound TCP connection 4712 for outside:198.51.100.80/443 (198.51.100.80/443) to inside:192.0.2.17/51516 (203.0.113.9/51516) (a.miller)",
        expect: &[
            ("source.ip", "192.0.2.17"),
            ("destination.ip", "198.51.100.80"),
            ("network.direction", "outbound"),
            ("event.severity", "6"),
            ("event.code", "302013"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "start"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("event.action", "built"),
            ("event.outcome", "success"),
            ("network.transport", "tcp"),
            ("cisco.asa.connection_id", "4712"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51516"),
            ("observer.ingress.interface.name", "inside"),
            ("destination.address", "198.51.100.80"),
            ("destination.port", "443"),
            ("observer.egress.interface.name", "outside"),
            ("network.iana_number", "6"),
            ("source.user.name", "a.miller"),
            ("source.nat.ip", "203.0.113.9"),
        ],
    },
    Example {
        raw: "<166>Nov 22 2026 09:15:16 asa1 : %ASA-6-302014: Teardown TCP connection 4711 for outside:203.0.113.66/51515 to dmz:192.0.2.20/443 duration 0:01:09 bytes 22097 TCP FINs from outside",
        expect: &[
            ("event.action", "teardown"),
            ("event.duration", "69000000000"),
            ("network.bytes", "22097"),
            ("event.reason", "TCP FINs"),
            ("event.severity", "6"),
            ("event.code", "302014"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "end"),
            ("event.outcome", "success"),
            ("network.transport", "tcp"),
            ("cisco.asa.connection_id", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("observer.ingress.interface.name", "outside"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "443"),
            ("observer.egress.interface.name", "dmz"),
            ("network.iana_number", "6"),
        ],
    },
    Example {
        raw: "<166>Nov 22 2026 09:15:16 asa1 : %ASA-6-302020: Built inbound ICMP connection for faddr 203.0.113.66/512 gaddr 198.51.100.20/0 laddr 192.0.2.20/0",
        expect: &[
            ("network.transport", "icmp"),
            ("source.ip", "203.0.113.66"),
            ("destination.ip", "192.0.2.20"),
            ("event.severity", "6"),
            ("event.code", "302020"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "start"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("event.action", "built"),
            ("event.outcome", "success"),
            ("network.direction", "inbound"),
            ("source.address", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("network.iana_number", "1"),
        ],
    },
    Example {
        raw: r#"<164>Nov 22 2026 09:14:09 asa1 : %ASA-4-106023: Deny tcp src outside:203.0.113.66/40001 dst dmz:192.0.2.20/22 by access-group "outside_in" [0x0, 0x0]"#,
        expect: &[
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.action", "deny"),
            ("network.transport", "tcp"),
            ("source.ip", "203.0.113.66"),
            ("destination.port", "22"),
            ("rule.name", "outside_in"),
            ("event.severity", "4"),
            ("event.code", "106023"),
            ("log.level", "warning"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.outcome", "success"),
            ("source.address", "203.0.113.66"),
            ("source.port", "40001"),
            ("observer.ingress.interface.name", "outside"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("observer.egress.interface.name", "dmz"),
            ("network.iana_number", "6"),
        ],
    },
    Example {
        raw: "<164>Nov 22 2026 09:14:09 asa1 : %ASA-2-106001: Inbound TCP connection denied from 203.0.113.66/40002 to 192.0.2.20/23 flags SYN  on interface outside",
        expect: &[
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("source.port", "40002"),
            ("network.direction", "inbound"),
            ("observer.ingress.interface.name", "outside"),
            ("cisco.asa.tcp_flags", "SYN"),
            ("event.severity", "2"),
            ("event.code", "106001"),
            ("log.level", "critical"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.action", "deny"),
            ("event.outcome", "success"),
            ("network.transport", "tcp"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "23"),
            ("network.iana_number", "6"),
        ],
    },
    Example {
        raw: "<162>Nov 22 2026 09:14:09 asa1 : %ASA-2-106016: Deny IP spoof from (192.0.2.99) to 192.0.2.20 on interface outside",
        expect: &[
            ("source.ip", "192.0.2.99"),
            ("destination.ip", "192.0.2.20"),
            ("event.severity", "2"),
            ("event.code", "106016"),
            ("log.level", "critical"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.action", "deny"),
            ("event.outcome", "success"),
            ("destination.address", "192.0.2.20"),
            ("observer.ingress.interface.name", "outside"),
            ("source.address", "192.0.2.99"),
        ],
    },
    Example {
        raw: r"<166>Nov 22 2026 09:14:10 asa1 : %ASA-6-106100: access-list outside_in denied udp outside/203.0.113.66(40003)(LOCAL\guest) -> dmz/192.0.2.20(53) hit-cnt 1 first hit [0x1, 0x0]",
        expect: &[
            ("rule.name", "outside_in"),
            ("event.action", "denied"),
            ("network.transport", "udp"),
            ("source.port", "40003"),
            ("source.user.name", "guest"),
            ("destination.port", "53"),
            ("cisco.asa.hit_count", "1"),
            ("event.severity", "6"),
            ("event.code", "106100"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.outcome", "success"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("observer.ingress.interface.name", "outside"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("observer.egress.interface.name", "dmz"),
            ("network.iana_number", "17"),
        ],
    },
    Example {
        raw: "<166>Nov 22 2026 09:20:00 asa1 : %ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : local database : user = admin : user IP = 203.0.113.66",
        expect: &[
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Invalid password"),
            ("user.name", "admin"),
            ("source.ip", "203.0.113.66"),
            ("event.severity", "6"),
            ("event.code", "113015"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("source.address", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"<166>Nov 22 2026 09:20:01 asa1 : %ASA-6-605004: Login denied from 203.0.113.66/50001 to outside:198.51.100.20/ssh for user "root""#,
        expect: &[
            ("event.outcome", "failure"),
            ("user.name", "root"),
            ("source.ip", "203.0.113.66"),
            ("network.protocol", "ssh"),
            ("event.severity", "6"),
            ("event.code", "605004"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("source.address", "203.0.113.66"),
            ("source.port", "50001"),
            ("destination.address", "198.51.100.20"),
            ("destination.ip", "198.51.100.20"),
            ("observer.egress.interface.name", "outside"),
        ],
    },
    Example {
        raw: "<166>Nov 22 2026 09:20:02 asa1 : %ASA-6-611101: User authentication succeeded: IP address: 192.0.2.5, Uname: admin",
        expect: &[
            ("event.outcome", "success"),
            ("user.name", "admin"),
            ("source.ip", "192.0.2.5"),
            ("event.severity", "6"),
            ("event.code", "611101"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("source.address", "192.0.2.5"),
        ],
    },
    Example {
        raw: "<165>Nov 22 2026 09:21:00 asa1 : %ASA-5-111010: User 'admin', running 'CLI' from IP 192.0.2.5, executed 'no logging enable'",
        expect: &[
            ("event.category", "configuration"),
            ("user.name", "admin"),
            ("source.ip", "192.0.2.5"),
            ("process.command_line", "no logging enable"),
            ("event.severity", "5"),
            ("event.code", "111010"),
            ("log.level", "notification"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.type", "change"),
            ("event.action", "command"),
            ("event.outcome", "success"),
            ("source.address", "192.0.2.5"),
        ],
    },
    Example {
        raw: "<165>Nov 22 2026 09:21:00 asa1 : %ASA-5-111008: User 'admin' executed the 'write memory' command.",
        expect: &[
            ("process.command_line", "write memory"),
            ("user.name", "admin"),
            ("event.severity", "5"),
            ("event.code", "111008"),
            ("log.level", "notification"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "configuration"),
            ("event.type", "change"),
            ("event.action", "command"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "<164>Nov 22 2026 09:30:00 asa1 : %ASA-4-722051: Group <staff> User <b.jones> IP <203.0.113.70> IPv4 Address <192.0.2.130> IPv6 address <::> assigned to session",
        expect: &[
            ("event.category", "session"),
            ("user.name", "b.jones"),
            ("source.ip", "203.0.113.70"),
            ("cisco.asa.assigned_ip", "192.0.2.130"),
            ("event.severity", "4"),
            ("event.code", "722051"),
            ("log.level", "warning"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.type", "start"),
            ("source.address", "203.0.113.70"),
            ("source.user.group.name", "staff"),
        ],
    },
    Example {
        raw: "<164>Nov 22 2026 09:40:00 asa1 : %ASA-4-113019: Group = staff, Username = b.jones, IP = 203.0.113.70, Session disconnected. Session Type: SSL, Duration: 0h:10m:00s, Bytes xmt: 4711, Bytes rcv: 1174, Reason: User Requested",
        expect: &[
            ("event.type", "end"),
            ("event.reason", "User Requested"),
            ("destination.bytes", "4711"),
            ("event.severity", "4"),
            ("event.code", "113019"),
            ("log.level", "warning"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "session"),
            ("event.action", "logout"),
            ("user.name", "b.jones"),
            ("source.address", "203.0.113.70"),
            ("source.ip", "203.0.113.70"),
            ("cisco.asa.session_type", "SSL"),
            ("source.bytes", "1174"),
            ("source.user.group.name", "staff"),
        ],
    },
    Example {
        raw: "<164>Nov 22 2026 09:50:00 asa1 : %ASA-4-733100: [ Scanning] drop rate-1 exceeded. Current burst rate is 12 per second, max configured rate is 10; Current average rate is 6 per second, max configured rate is 5; Cumulative total count is 3847",
        expect: &[
            ("event.kind", "alert"),
            ("rule.name", "Scanning"),
            ("event.severity", "4"),
            ("event.code", "733100"),
            ("log.level", "warning"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "asa"),
            ("observer.type", "firewall"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("event.action", "threat-detected"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07Z fw2  %FTD-1-430003: AccessControlRuleAction: Block with reset, SrcIP: 192.0.2.17, DstIP: 198.51.100.80, SrcPort: 51515, DstPort: 443, Protocol: tcp, IngressZone: inside, AccessControlRuleName: no, really: no, User: b.jones, ConnectionDuration: 2, InitiatorBytes: 120",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("host.name", "fw2"),
            ("event.action", "Block with reset"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("source.ip", "192.0.2.17"),
            ("destination.port", "443"),
            ("network.transport", "tcp"),
            ("observer.ingress.zone", "inside"),
            ("user.name", "b.jones"),
            ("event.duration", "2000000000"),
            ("source.bytes", "120"),
            ("event.severity", "1"),
            ("event.code", "430003"),
            ("log.level", "alert"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "ftd"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("source.address", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("source.port", "51515"),
            ("network.iana_number", "6"),
            ("rule.name", "no, really: no"),
        ],
    },
    Example {
        raw: "<166>Nov 22 2026 09:55:00 asa1 : %FTD-6-999999: A message of the future",
        expect: &[
            ("event.code", "999999"),
            ("observer.product", "ftd"),
            ("message", "A message of the future"),
            ("event.severity", "6"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example { raw: "<166>Nov 22 2026 09:14:07 asa1 : %ASA-6-3020", expect: &[] },
];
