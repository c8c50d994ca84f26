//! Cisco ASA and its relatives (FTD, PIX, FWSM).
//!
//! A message is `%ASA-<level>-<number>: <text>`. What a number means stands in `messages`: a classification, and the
//! shape of its text. A number that is not listed still gives level, code and its text.

mod connections;
mod ends;
mod examples;
mod ftd;
mod messages;
mod sign_ins;

use memchr::{memchr, memchr_iter};

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, integer, reject, set_number, set_some},
};

use connections::anything;
use messages::MESSAGES;

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
        Structure::Holds(&[
            "ASA-",
            "FTD-",
            "PIX-",
            "FWSM-",
            "NGIPS-",
            "Group <",
            "AAA user authentication ",
            " by access-group \"",
            "Group = ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        // before the mark stand at most a time and a name, never what another program quotes
        head(message).is_some_and(|head| memchr(b'"', head.before).is_none()) || bare(message).is_some()
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let Some(head) = head(line.message) else {
            let (numbers, text) = bare(line.message).ok_or(reject("asa_no_head"))?;
            event.set_static(field::OBSERVER_VENDOR, "Cisco");
            understand(numbers, text, event);
            return Ok(());
        };
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
        understand(integer(head.code).unwrap_or_default(), head.text, event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// Classifies a message by its number and reads its text.
fn understand(number: i64, text: &[u8], event: &mut Event<'_>) {
    match MESSAGES.iter().find(|known| known.numbers.contains(&number)) {
        Some(known) => {
            let [category, kind, action, outcome] = known.classes;
            event.classify(category, kind, action, outcome);
            (known.read)(text, event);
        }
        None => {
            event.classify("network", "info", "", "");
            anything(text, event);
        }
    }
}

/// Texts by which a message is told that lost its mark on the way, and the number that says them.
const BARE: &[(&[u8], i64)] = &[
    (b"AAA user authentication Rejected : ", 113_005),
    (b"AAA user authentication Successful : ", 113_004),
    (b"Deny protocol ", 106_023),
    (b"Deny tcp src ", 106_023),
    (b"Deny udp src ", 106_023),
    (b"Deny icmp src ", 106_023),
    (b"Group = ", 113_019),
    (b"TunnelGroup <", 0),
    (b"Group <", 0),
];

fn bare(message: &[u8]) -> Option<(i64, &[u8])> {
    let text = message.trim_ascii_start();
    let text = text.strip_prefix(b": ").unwrap_or(text);
    let (start, number) = BARE.iter().find(|(start, _)| text.starts_with(start))?;
    let more: &[u8] = match number {
        106_023 => b" by access-group \"",
        113_019 => b" Session disconnected. Session Type: ",
        _ => b"",
    };
    memchr::memmem::find(text, more)?;
    let whole = *number != 0 || memchr::memmem::find(text, b"> User <").is_some() && start.ends_with(b"<");
    whole.then_some((*number, text))
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
        .filter(|at| *at == 0 || matches!(near[at - 1], b' ' | b':' | b'%'))
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
