//! Firepower's security events, 430001 to 430005: `Key: value, Key: value`.
//!
//! <https://www.cisco.com/c/en/us/td/docs/security/firepower/Syslogs/b_fptd_syslog_guide/security-event-syslog-messages.html>

use memchr::memmem;

use crate::{
    Event, Field, field,
    pairs::set_own,
    scan::{integer, set_destination, set_number, set_source},
    time,
    web::{set_protocol_number, set_url},
};

const OWN: &str = "cisco.ftd.";
/// Most pairs read of one event.
const MAX_PAIRS: usize = 128;
/// Longest key.
const MAX_KEY: usize = 40;

/// Reads the pairs. A value may hold commas: it ends where a comma, a blank, a key and a colon follow.
pub(super) fn security_event(text: &[u8], event: &mut Event<'_>) {
    let mut open: Option<(&[u8], usize)> = None;
    let mut pairs = 0;
    let mut from = 0;
    for colon in memmem::find_iter(text, b": ") {
        // no key is longer, so that colons alone cost no more than their length
        let near = from.max(colon.saturating_sub(MAX_KEY + 2));
        let comma = memmem::rfind(&text[near..colon], b", ").map(|at| near + at);
        let key = &text[comma.map_or(from, |at| at + 2)..colon];
        if (open.is_some() && comma.is_none()) || !is_key(key) || pairs == MAX_PAIRS {
            continue;
        }
        if let (Some((key, start)), Some(end)) = (open, comma) {
            take(key, &text[start..end], event);
        }
        open = Some((key, colon + 2));
        from = colon + 2;
        pairs += 1;
    }
    if let Some((key, start)) = open {
        take(key, text[start..].trim_ascii_end(), event);
    }
    if let [Some(a), Some(b)] = [field::SOURCE_BYTES, field::DESTINATION_BYTES].map(|bytes| event.int(bytes)) {
        event.set_int(field::NETWORK_BYTES, a.saturating_add(b));
    }
}

fn is_key(key: &[u8]) -> bool {
    key.first().is_some_and(u8::is_ascii_uppercase)
        && key.len() <= MAX_KEY
        && key.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b' ' | b'/'))
}

fn take(key: &[u8], value: &[u8], event: &mut Event<'_>) {
    if matches!(value, b"" | b"Unknown" | b"No Authentication Required" | b"Not Found") {
        return;
    }
    if let Some(field) = number_of(key) {
        return set_number(event, field, value);
    }
    match key {
        b"SrcIP" => set_source(event, value),
        b"DstIP" => set_destination(event, value),
        b"URL" | b"URI" if event.get(field::URL_ORIGINAL).is_none() => set_url(event, value),
        b"DNSRecordType" => record_type(event, value),
        b"Protocol" if integer(value).is_some() => set_protocol_number(event, value),
        b"Protocol" => super::ends::set_transport(value, event),
        b"User" => super::sign_ins::set_user(value, event),
        b"FirstPacketSecond" => match time::read(value) {
            Some(stamp) => event.set_stamp(field::EVENT_START, stamp),
            None => set_own(event, OWN, key, value),
        },
        b"ConnectionDuration" => {
            let nanos = integer(value).and_then(|seconds| seconds.checked_mul(1_000_000_000));
            nanos.into_iter().for_each(|nanos| super::connections::lasted(nanos, event));
        }
        b"AccessControlRuleAction" | b"FileAction" => {
            event.set(field::EVENT_ACTION, value);
            let denied = value.starts_with(b"Block");
            event.set_static(field::EVENT_TYPE, if denied { "denied" } else { "allowed" });
        }
        _ => match text_of(key) {
            Some(field) => event.set(field, value),
            None => set_own(event, OWN, key, value),
        },
    }
}

/// The console describes the types of records; some of the descriptions are the types' names.
fn record_type(event: &mut Event<'_>, value: &[u8]) {
    let name = match value {
        b"a host address" => "A",
        b"IP6 Address" => "AAAA",
        b"a domain name pointer" => "PTR",
        b"mail exchange" => "MX",
        b"an authoritative name server" => "NS",
        b"text strings" => "TXT",
        b"Server Selection" => "SRV",
        b"the canonical name for an alias" => "CNAME",
        b"marks the start of a zone of authority" => "SOA",
        _ => return set_own(event, OWN, b"DNSRecordType", value),
    };
    event.set_static(field::DNS_QUESTION_TYPE, name);
}

fn number_of(key: &[u8]) -> Option<Field> {
    Some(match key {
        b"SrcPort" => field::SOURCE_PORT,
        b"DstPort" => field::DESTINATION_PORT,
        b"InitiatorBytes" => field::SOURCE_BYTES,
        b"ResponderBytes" => field::DESTINATION_BYTES,
        b"InitiatorPackets" => field::SOURCE_PACKETS,
        b"ResponderPackets" => field::DESTINATION_PACKETS,
        b"FileSize" => field::FILE_SIZE,
        b"HTTPResponse" => field::HTTP_STATUS,
        _ => return None,
    })
}

fn text_of(key: &[u8]) -> Option<Field> {
    Some(match key {
        b"IngressInterface" => field::OBSERVER_INGRESS_INTERFACE_NAME,
        b"EgressInterface" => field::OBSERVER_EGRESS_INTERFACE_NAME,
        b"IngressZone" => field::OBSERVER_INGRESS_ZONE,
        b"EgressZone" => field::OBSERVER_EGRESS_ZONE,
        b"ACPolicy" | b"IntrusionPolicy" | b"FilePolicy" => field::RULE_RULESET,
        b"AccessControlRuleName" => field::RULE_NAME,
        b"SID" => field::RULE_ID,
        b"Message" => field::RULE_DESCRIPTION,
        b"Classification" => field::RULE_CATEGORY,
        b"ApplicationProtocol" => field::NETWORK_PROTOCOL,
        b"Client" => field::NETWORK_APPLICATION,
        b"UserAgent" => field::USER_AGENT,
        b"HTTPReferer" => field::HTTP_REFERRER,
        b"ReferencedHost" => field::URL_DOMAIN,
        b"DNSQuery" => field::DNS_QUESTION_NAME,
        b"DNSResponseType" => field::DNS_RESPONSE_CODE,
        b"FileName" => field::FILE_NAME,
        b"FileSHA256" => field::FILE_HASH_SHA256,
        _ => return None,
    })
}
