//! Sign-ins, sessions, commands: who did it, from where.

use super::{OWN, ends::ends};
use crate::{
    Event, field,
    pairs::set_own,
    scan::{first_word, ip, set_destination, set_number, set_some, set_source, split},
};

use memchr::memmem;

/// AAA, VPN and console sign-ins name people and addresses in several notations: `user = x`, `Username = x`,
/// `User <x>`, `Uname: x`, `user IP = …`, `IP = …`, `IP <…>`, `IP address: …`, `server = …`, `reason = …`.
pub(super) fn sign_in(text: &[u8], event: &mut Event<'_>) {
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
                b"client user ",
                b"DAP: User ",
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
        b", IP ",
        b", Addr ",
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
pub(super) fn set_user(user: &[u8], event: &mut Event<'_>) {
    let (domain, name) = split(user, b"\\").unwrap_or((b"", user));
    set_some(event, field::USER_NAME, name);
    if domain != b"LOCAL" {
        set_some(event, field::USER_DOMAIN, domain);
    }
}

/// `Group staff User b.jones IP 192.0.2.1 AnyConnect …`, as some versions write it without brackets.
pub(super) fn unlabelled(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (group, rest) = split(text.strip_prefix(b"Group ")?, b" User ")?;
    let (user, rest) = split(rest, b" IP ")?;
    let address = first_word(rest).0;
    (!group.starts_with(b"<") && group != b"=" && ip(address).is_some()).then_some((group, user, address))
}

/// The text behind the first of these labels, up to what closes it: `>` for `<`, else a colon, a comma or the end.
pub(super) fn labelled<'r>(text: &'r [u8], labels: &[&[u8]]) -> Option<&'r [u8]> {
    let (label, rest) = labels.iter().find_map(|label| Some((label, split(text, label)?.1)))?;
    let value = match label.last() {
        Some(b'<') => split(rest, b">").map_or(rest, |(value, _)| value),
        _ => {
            let ends = [
                &b" : "[..],
                b": ",
                b" , ",
                b", ",
                b" Priv:",
                b" From:",
                b" has been ",
                b" IKEv2 ",
                b" Negotiation ",
                b")",
            ];
            let end = ends.iter().filter_map(|end| memmem::find(rest, end)).min().unwrap_or(rest.len());
            &rest[..end]
        }
    };
    let value = value.trim_ascii();
    let value = value.strip_suffix(b".").unwrap_or(value);
    Some(value.strip_prefix(b"'").and_then(|v| v.strip_suffix(b"'")).unwrap_or(value))
}

/// `User 'jdoe' locked out on exceeding '3' successive failed authentication attempts`
pub(super) fn locked_out(text: &[u8], event: &mut Event<'_>) {
    if let Some((user, _)) = text.strip_prefix(b"User ").and_then(|rest| split(rest, b" locked out")) {
        set_some(event, field::USER_NAME, unquote(user));
    }
}

/// `Login denied from 192.0.2.1/51515 to outside:198.51.100.2/ssh for user "root"`
pub(super) fn management(text: &[u8], event: &mut Event<'_>) {
    ends(text, event);
    if let Some((_, user)) = split(text, b" for user ") {
        set_some(event, field::USER_NAME, unquote(user));
    }
}

/// `User 'jdoe' executed the 'write memory' command.`,
/// `User 'jdoe', running 'CLI' from IP 192.0.2.1, executed 'no logging enable'`
pub(super) fn command(text: &[u8], event: &mut Event<'_>) {
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

pub(super) fn unquote(text: &[u8]) -> &[u8] {
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
pub(super) fn from_address(text: &[u8], event: &mut Event<'_>) {
    let mut words = text.split(|b| matches!(b, b' ' | b'(' | b')' | b','));
    if let Some(address) = words.find(|word| ip(word).is_some()) {
        set_source(event, address);
    }
}

/// `[ Scanning] drop rate-1 exceeded. …`, `Threat-detection adds host 192.0.2.1 to shun list`
pub(super) fn threat(text: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_KIND, "alert");
    if let Some((object, _)) = text.strip_prefix(b"[").and_then(|rest| split(rest, b"]")) {
        set_some(event, field::RULE_NAME, object.trim_ascii());
    }
    from_address(text, event);
}
