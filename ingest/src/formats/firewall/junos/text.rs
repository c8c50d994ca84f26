//! Security logs as text (`set security log format syslog`), and the texts of system events.

use memchr::memmem;

use super::{OWN, TABLE, set_address};
use crate::{
    Event, field,
    pairs::{Pairs, set_own},
    scan::{first_word, ip, rsplit, set_destination, set_number, set_source, split},
    table::{USER, set_lower, set_transport},
};

/// Reads what stands behind a tag.
pub(super) fn read<'r>(name: &[u8], text: &'r [u8], event: &mut Event<'r>) {
    if let Some(rest) = text.strip_prefix(b"session ") {
        read_session(rest, event);
    } else if name.starts_with(b"RT_SCREEN_") {
        read_screen(text, event);
    } else if name.starts_with(b"IDP_ATTACK") {
        read_attack(text, event);
    } else if name.starts_with(b"WEBFILTER") {
        read_web(text, event);
    } else if name.starts_with(b"UI_") {
        read_command(text, event);
    }
}

/// `created`, `closed REASON:` or `denied`, the two ends, service, their translation, rules, protocol, policy, zones.
fn read_session<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let (verb, mut rest) = first_word(text);
    if verb == b"closed"
        && let Some((reason, after)) = split(rest, b": ")
    {
        event.set(field::EVENT_REASON, reason);
        rest = after;
    }
    let mut words = rest.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let Some([source, target]) = words.next().and_then(ends) else { return };
    set_source(event, source.0);
    set_number(event, field::SOURCE_PORT, source.1);
    set_destination(event, target.0);
    set_number(event, field::DESTINATION_PORT, target.1);
    let mut service = words.next().unwrap_or_default();
    if service.starts_with(b"0x") {
        service = words.next().unwrap_or_default(); // a connection tag
    }
    set_own(event, OWN, b"service-name", service);
    if verb == b"denied" {
        let (protocol, icmp) = words.next().and_then(|word| split(word, b"(")).unwrap_or_default();
        set_transport(event, protocol);
        set_own(event, OWN, b"icmp-type", icmp.strip_suffix(b")").unwrap_or(icmp));
        return read_policy(words, event);
    }
    if let Some([source, target]) = words.next().and_then(ends) {
        for (field, port, end) in [
            (field::SOURCE_NAT_IP, field::SOURCE_NAT_PORT, source),
            (field::DESTINATION_NAT_IP, field::DESTINATION_NAT_PORT, target),
        ] {
            event.set(field, end.0);
            set_number(event, port, end.1);
        }
    }
    // connection tag and translation rules, which may be of several words, up to the protocol's number
    let Some(protocol) = words.find(|word| is_protocol(word)) else { return };
    set_transport(event, protocol);
    let rest = read_policy_of(&mut words, event);
    if let Some(session) = rest {
        set_own(event, OWN, b"session-id-32", session);
    }
    if verb == b"closed" {
        for fields in
            [(field::SOURCE_PACKETS, field::SOURCE_BYTES), (field::DESTINATION_PACKETS, field::DESTINATION_BYTES)]
        {
            let Some((packets, bytes)) = words.next().and_then(|word| split(word, b"(")) else { return };
            set_number(event, fields.0, packets);
            set_number(event, fields.1, bytes.strip_suffix(b")").unwrap_or(bytes));
        }
        TABLE.set(event, b"elapsed-time", words.next().unwrap_or_default());
        TABLE.set(event, b"application", words.next().unwrap_or_default());
        TABLE.set(event, b"nested-application", words.next().unwrap_or_default());
    }
    set_user_and_interface(words, event);
}

/// `6`, never longer than three digits.
fn is_protocol(word: &[u8]) -> bool {
    (1..=3).contains(&word.len()) && word.iter().all(u8::is_ascii_digit)
}

fn read_policy<'r>(mut words: impl Iterator<Item = &'r [u8]>, event: &mut Event<'r>) {
    if let Some(application) = read_policy_of(&mut words, event) {
        TABLE.set(event, b"application", application);
        TABLE.set(event, b"nested-application", words.next().unwrap_or_default());
    }
    set_user_and_interface(words, event);
}

/// Policy and zones; gives back the word behind them.
fn read_policy_of<'r>(words: &mut impl Iterator<Item = &'r [u8]>, event: &mut Event<'r>) -> Option<&'r [u8]> {
    for key in [&b"policy-name"[..], b"source-zone-name", b"destination-zone-name"] {
        TABLE.set(event, key, words.next()?);
    }
    words.next()
}

/// `ann(role) ge-0/0/1.0`; without a user `N/A(N/A)`.
fn set_user_and_interface<'r>(mut words: impl Iterator<Item = &'r [u8]>, event: &mut Event<'r>) {
    let Some((user, _)) = words.next().and_then(|word| split(word, b"(")) else { return };
    TABLE.set(event, b"username", user);
    if let Some(interface) = words.next() {
        TABLE.set(event, b"packet-incoming-interface", interface);
    }
}

type End<'r> = (&'r [u8], &'r [u8]);

/// `192.0.2.1/51515->198.51.100.80/443`
fn ends(word: &[u8]) -> Option<[End<'_>; 2]> {
    let (source, target) = split(word, b"->")?;
    let source = rsplit(source, b"/").filter(|(address, _)| ip(address).is_some())?;
    let target = rsplit(target, b"/").filter(|(address, _)| ip(address).is_some())?;
    Some([source, target])
}

/// `SYN flood! source: 192.0.2.1:80, destination: 198.51.100.1:80, zone name: untrust, interface name: …, action: drop`
fn read_screen<'r>(text: &'r [u8], event: &mut Event<'r>) {
    for (at, part) in text.split(|b| *b == b',').enumerate() {
        let part = match split(part, b"! ") {
            Some((attack, rest)) if at == 0 => {
                set_own(event, OWN, b"attack-name", attack);
                rest
            }
            _ => part.trim_ascii(),
        };
        let Some((key, value)) = split(part, b": ") else { continue };
        let (address, port) = crate::web::split_port(value);
        match key {
            b"source" => {
                set_source(event, address);
                set_number(event, field::SOURCE_PORT, port.unwrap_or_default());
            }
            b"destination" => {
                set_destination(event, address);
                set_number(event, field::DESTINATION_PORT, port.unwrap_or_default());
            }
            b"zone name" => TABLE.set(event, b"source-zone-name", value),
            b"interface name" => TABLE.set(event, b"interface-name", value),
            b"action" => TABLE.set(event, b"action", value),
            b"protocol-id" => TABLE.set(event, b"protocol-id", value),
            _ => {}
        }
    }
}

/// `… Attack log <a/1->b/2> for TCP protocol and service HTTP … by rule 3 of rulebase IPS in policy P. attack: … action=DROP, …`
fn read_attack<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let between = |from: &[u8], to: &[u8]| split(split(text, from)?.1, to).map(|(found, _)| found);
    if let Some([source, target]) = between(b"<", b">").and_then(ends) {
        set_source(event, source.0);
        set_number(event, field::SOURCE_PORT, source.1);
        set_destination(event, target.0);
        set_number(event, field::DESTINATION_PORT, target.1);
    }
    for (key, value) in [
        (&b"protocol-name"[..], between(b"> for ", b" protocol")),
        (b"service-name", between(b" and service ", b" ")),
        (b"rule-name", between(b" by rule ", b" ")),
        (b"rulebase-name", between(b" of rulebase ", b" ")),
        (b"policy-name", between(b" in policy ", b".")),
    ] {
        TABLE.set(event, key, value.unwrap_or_default());
    }
    if let Some((_, pairs)) = split(text, b"attack: ") {
        let known = |key: &[u8]| matches!(key, b"action" | b"threat-severity" | b"name" | b"repeat");
        for pair in Pairs::with_commas(pairs).filter(|pair| known(pair.key)) {
            let key: &[u8] = if pair.key == b"name" { b"attack-name" } else { pair.key };
            TABLE.set(event, key, pair.value.unwrap_or_default());
        }
    }
}

/// `WebFilter: ACTION="URL Blocked" 192.0.2.1(40000)->198.51.100.1(80) CATEGORY="x" … URL=bad.example OBJ=/ …`
fn read_web<'r>(text: &'r [u8], event: &mut Event<'r>) {
    for pair in Pairs::new(text) {
        let value = pair.value.unwrap_or_default();
        match pair.key {
            b"ACTION" => set_lower(event, field::EVENT_REASON, value),
            b"CATEGORY" => TABLE.set(event, b"category", value),
            b"URL" => TABLE.set(event, b"url", value),
            b"OBJ" => TABLE.set(event, b"obj", value),
            b"PROFILE" => TABLE.set(event, b"profile", value),
            word => {
                let Some((source, target)) = split(word, b"->") else { continue };
                let end = |text: &'r [u8]| split(text.strip_suffix(b")")?, b"(");
                if let (Some(source), Some(target)) = (end(source), end(target)) {
                    set_source(event, source.0);
                    set_number(event, field::SOURCE_PORT, source.1);
                    set_destination(event, target.0);
                    set_number(event, field::DESTINATION_PORT, target.1);
                }
            }
        }
    }
}

/// `User 'ann' login, class 'super-user' [7], ssh-connection '192.0.2.5 40382 192.0.2.1 22', …`, `User 'ann' command '…'`
fn read_command<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let quoted = |mark: &[u8]| split(split(text, mark)?.1, b"'").map(|(found, _)| found);
    if let Some(user) = quoted(b"User '").or_else(|| quoted(b"user '")).filter(|user| !user.is_empty()) {
        USER.put(event, user);
    }
    let command = [&b"command '"[..], b"child '"].iter().find_map(|mark| {
        // a command may hold quotes itself: it ends with the last
        let rest = split(text, mark)?.1;
        rsplit(rest, b"'").map(|(command, after)| (command, after.starts_with(b",")))
    });
    if let Some((command, false)) = command {
        event.set(field::PROCESS_COMMAND_LINE, command.trim_ascii_end());
    }
    if let Some(connection) = quoted(b"ssh-connection '") {
        let mut words = connection.split(|b| *b == b' ');
        set_address(words.next().unwrap_or_default(), event);
        set_number(event, field::SOURCE_PORT, words.next().unwrap_or_default());
        if let Some(target) = words.next().filter(|target| ip(target).is_some()) {
            set_destination(event, target);
            set_number(event, field::DESTINATION_PORT, words.next().unwrap_or_default());
        }
    }
}

/// What a daemon says without a tag; tunnels name their ends (`Local: 192.0.2.1/500, Remote: 198.51.100.1/500`).
pub(super) fn read_daemon<'r>(message: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if message.is_empty() {
        return None;
    }
    let end = |mark: &[u8]| {
        let word = split(message, mark)?.1.split(|b| matches!(b, b',' | b' ')).next()?;
        rsplit(word, b"/").filter(|(address, _)| ip(address).is_some())
    };
    if let (Some(local), Some(remote)) = (end(b"Local: "), end(b"Remote: ")) {
        set_source(event, local.0);
        set_number(event, field::SOURCE_PORT, local.1);
        set_destination(event, remote.0);
        set_number(event, field::DESTINATION_PORT, remote.1);
        event.classify("network", "connection", "", "");
        return Some(());
    }
    event.classify("host", "info", "", "");
    Some(())
}

/// Whether this is an interface, an action and a protocol.
pub(super) fn is_filter(record: &[u8]) -> bool {
    let mut words = record.split(|b| *b == b' ').filter(|word| !word.is_empty());
    words.next().is_some_and(|interface| interface.contains(&b'/'))
        && words.next().is_some_and(|action| matches!(action, b"A" | b"D" | b"R"))
        && memmem::find(record, b" packets)").is_some()
}

/// `ge-0/0/0.0  A tcp 192.0.2.1 198.51.100.1 51515 443 (1 packets)`, Ethernet addresses and their type perhaps before
/// the protocol.
pub(super) fn read_filter<'r>(record: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let mut words = record.split(|b| *b == b' ').filter(|word| !word.is_empty());
    event.set(field::OBSERVER_INGRESS_INTERFACE_NAME, words.next()?);
    let (action, kind) = match words.next()? {
        b"A" => ("accept", "allowed"),
        b"D" => ("discard", "denied"),
        b"R" => ("reject", "denied"),
        _ => return None,
    };
    let (mut protocol, mut before): (&[u8], &[u8]) = (b"", b"");
    let source = loop {
        let word = words.next()?;
        if ip(word).is_some() {
            break word;
        }
        if before == b"->" {
            event.set(field::DESTINATION_MAC, word);
        } else if word == b"->" {
            event.set(field::SOURCE_MAC, protocol);
        }
        (before, protocol) = (word, word);
    };
    set_transport(event, protocol);
    set_source(event, source);
    set_destination(event, words.next()?);
    let (first, second) = (words.next()?, words.next()?);
    if protocol.starts_with(b"icmp") {
        set_own(event, OWN, b"icmp-type", first);
    } else {
        set_number(event, field::SOURCE_PORT, first);
        set_number(event, field::DESTINATION_PORT, second);
    }
    let packets = words.next().and_then(|word| word.strip_prefix(b"(")).unwrap_or_default();
    set_number(event, field::NETWORK_PACKETS, packets);
    event.classify("network", "connection", action, "");
    event.set_static(field::EVENT_TYPE, kind);
    Some(())
}
