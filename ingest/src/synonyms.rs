//! What applications call things: names of JSON and logfmt keys that mean the same ECS field, and what follows from
//! them once a record has been read.

use std::{borrow::Cow, cell::RefCell};

use crate::{
    Event, Field, Value,
    envelope::Stamp,
    field,
    json::table::outcome_of,
    layout,
    pairs::own_field,
    scan::{integer, ip, set_source},
    signin, time,
    web::{clf_stamp, set_url, split_port},
};

/// The field that a key means, whatever its case and whether its words are joined by `_`, `-`, a blank or nothing; a
/// dotted ECS name is itself, and a key one object further in means what it means alone where the object only wraps.
pub fn field(key: &str) -> Option<Field> {
    let Some((outer, inner)) = key.split_once('.') else { return alone(key) };
    if let Some(known) = Field::known(key) {
        return Some(known);
    }
    if inner.contains('.') {
        return None;
    }
    let mut word = [0_u8; MAX_WORD];
    match plain(outer, &mut word)? {
        b"actor" | b"user" | b"principal" | b"initiator" | b"operator" => person(inner),
        b"request" | b"req" | b"http" | b"httprequest" => request(inner),
        b"response" | b"res" | b"httpresponse" => {
            matches!(inner, "status" | "status_code" | "statusCode" | "code").then_some(field::HTTP_STATUS)
        }
        b"data" | b"event" | b"payload" | b"properties" | b"detail" | b"details" | b"body" | b"record"
        | b"attributes" | b"context" | b"client" | b"result" => alone(inner).filter(|field| WRAPPED.contains(field)),
        _ => None,
    }
}

/// Longest key that is looked up.
const MAX_WORD: usize = 24;

/// A key in lower case without what joins its words; `None` where it is longer than any that is known.
fn plain<'w>(key: &str, word: &'w mut [u8; MAX_WORD]) -> Option<&'w [u8]> {
    let mut len = 0;
    for byte in key.bytes().filter(|b| !matches!(b, b'_' | b'-' | b' ')) {
        *word.get_mut(len)? = byte.to_ascii_lowercase();
        len += 1;
    }
    Some(&word[..len])
}

/// What is taken from inside an object that only wraps: who, from where, to where, what was asked.
const WRAPPED: &[Field] = &[
    field::SOURCE_IP,
    field::SOURCE_PORT,
    field::DESTINATION_IP,
    field::DESTINATION_PORT,
    field::USER_NAME,
    field::USER_ID,
    field::USER_EMAIL,
    field::HOST_NAME,
    field::HTTP_METHOD,
    field::URL_ORIGINAL,
    field::HTTP_STATUS,
    field::USER_AGENT,
    field::PROCESS_COMMAND_LINE,
];

/// Members of an object that is the person who acted.
fn person(key: &str) -> Option<Field> {
    let mut word = [0_u8; MAX_WORD];
    Some(match plain(key, &mut word)? {
        b"username" | b"login" | b"account" | b"upn" | b"userprincipalname" => field::USER_NAME,
        b"id" | b"uid" | b"userid" | b"sid" => field::USER_ID,
        b"email" | b"mail" | b"emailaddress" | b"useremail" => field::USER_EMAIL,
        b"displayname" | b"fullname" => field::USER_FULL_NAME,
        b"ip" | b"ipaddress" | b"clientip" | b"sourceip" | b"remoteaddr" => field::SOURCE_IP,
        b"useragent" => field::USER_AGENT,
        _ => return None,
    })
}

/// Members of an object that is a request over HTTP.
fn request(key: &str) -> Option<Field> {
    let mut word = [0_u8; MAX_WORD];
    Some(match plain(key, &mut word)? {
        b"method" | b"httpmethod" => field::HTTP_METHOD,
        b"url" | b"uri" | b"requesturi" | b"requesturl" => field::URL_ORIGINAL,
        b"useragent" | b"httpuseragent" => field::USER_AGENT,
        b"referer" | b"referrer" | b"httpreferer" => field::HTTP_REFERRER,
        b"status" | b"statuscode" => field::HTTP_STATUS,
        b"ip" | b"clientip" | b"remoteip" | b"remoteaddr" | b"remoteaddress" | b"sourceip" => field::SOURCE_IP,
        b"id" | b"requestid" => field::HTTP_REQUEST_ID,
        _ => return None,
    })
}

/// A key that stands alone.
fn alone(key: &str) -> Option<Field> {
    let mut word = [0_u8; MAX_WORD];
    Some(match plain(key, &mut word)? {
        b"time" | b"timestamp" | b"@timestamp" | b"ts" | b"t" | b"date" | b"datetime" | b"eventtime" | b"asctime"
        | b"timegenerated" | b"eventdatetime" | b"activitydatetime" | b"eventtimestamp" | b"logtime"
        | b"occurredat" | b"occurred" => field::TIMESTAMP,
        b"level" | b"lvl" | b"loglevel" | b"levelname" | b"severity" | b"@level" | b"severitytext" => field::LOG_LEVEL,
        b"msg" | b"message" | b"@message" | b"shortmessage" => field::MESSAGE,
        b"logger" | b"loggername" | b"caller" => field::LOG_LOGGER,
        b"app" | b"application" | b"service" | b"servicename" | b"appname" => field::SERVICE_NAME,
        b"hostname" | b"@host" | b"computername" | b"devicename" | b"machinename" => field::HOST_NAME,
        b"hostip" | b"deviceip" | b"agentip" | b"machineip" => field::HOST_IP,
        b"pid" | b"processid" => field::PROCESS_PID,
        b"ppid" | b"parentprocessid" => field::PROCESS_PARENT_PID,
        b"processname" => field::PROCESS_NAME,
        b"commandline" | b"cmdline" | b"processcommandline" => field::PROCESS_COMMAND_LINE,
        b"exe" | b"processpath" => field::PROCESS_EXECUTABLE,
        b"thread" | b"threadname" => field::PROCESS_THREAD_NAME,
        b"user" | b"username" | b"login" | b"account" | b"principal" | b"accountname" | b"userprincipalname" => {
            field::USER_NAME
        }
        b"userid" | b"uid" => field::USER_ID,
        b"email" | b"useremail" | b"emailaddress" => field::USER_EMAIL,
        b"ip" | b"clientip" | b"remoteip" | b"remoteaddr" | b"remoteaddress" | b"srcip" | b"sourceip"
        | b"ipaddress" | b"clientaddress" | b"peer" | b"remote" | b"sourceipaddress" | b"clientipaddress"
        | b"calleripaddress" | b"callerip" | b"peerip" | b"actorip" | b"actoripaddress" | b"requestip" | b"userip"
        | b"srcaddr" | b"sourceaddress" | b"srcaddress" => field::SOURCE_IP,
        b"srcport" | b"sourceport" | b"clientport" | b"remoteport" | b"sport" => field::SOURCE_PORT,
        b"dstip"
        | b"destip"
        | b"destinationip"
        | b"dstaddr"
        | b"destaddr"
        | b"destinationaddress"
        | b"dstaddress"
        | b"destinationipaddress" => field::DESTINATION_IP,
        b"dstport" | b"destport" | b"destinationport" | b"dport" => field::DESTINATION_PORT,
        b"method" | b"httpmethod" | b"requestmethod" => field::HTTP_METHOD,
        b"url" | b"uri" | b"requesturi" | b"requesturl" | b"requestpath" => field::URL_ORIGINAL,
        b"statuscode" | b"httpstatus" | b"responsecode" | b"httpstatuscode" => field::HTTP_STATUS,
        b"useragent" | b"httpuseragent" => field::USER_AGENT,
        b"referer" | b"referrer" | b"httpreferer" => field::HTTP_REFERRER,
        b"requestid" | b"reqid" => field::HTTP_REQUEST_ID,
        b"action" | b"eventname" | b"operation" | b"operationname" | b"eventaction" => field::EVENT_ACTION,
        b"outcome" | b"eventoutcome" => field::EVENT_OUTCOME,
        b"reason" => field::EVENT_REASON,
        b"eventcode" => field::EVENT_CODE,
        b"ruleid" => field::RULE_ID,
        b"rulename" => field::RULE_NAME,
        b"filename" => field::FILE_NAME,
        b"filepath" => field::FILE_PATH,
        b"filesize" => field::FILE_SIZE,
        b"filesha256" => field::FILE_HASH_SHA256,
        b"error" | b"err" | b"errormessage" | b"exception" => field::ERROR_MESSAGE,
        b"errorcode" | b"errcode" => field::ERROR_CODE,
        b"stack" | b"stacktrace" => field::ERROR_STACK_TRACE,
        b"traceid" => field::TRACE_ID,
        b"spanid" => field::SPAN_ID,
        b"transactionid" => field::TRANSACTION_ID,
        _ => return None,
    })
}

/// Settles what was read under these names: the time, whether an address is one, the parts of a URL, a status that is a
/// number, the sign-in that failed. `prefix` is the format's own; a host that the envelope named stays.
pub fn settle(prefix: &'static str, event: &mut Event<'_>) {
    let (own, present) = (Own::of(prefix), Present::of(event));
    let has = |field: Field| present.has(field);
    let holds = |field: &Option<Field>| field.is_some_and(has);
    if has(field::TIMESTAMP) {
        settle_time(prefix, event);
    }
    let last = [field::MESSAGE, field::PROCESS_PID, field::PROCESS_NAME];
    last.into_iter().filter(|field| has(*field)).for_each(|field| event.keep_last(field));
    ONCE.iter().filter(|field| has(**field)).for_each(|field| keep_first(*field, event));
    if has(field::LOG_LEVEL) {
        settle_severity(event);
    }
    if let Some(host) = own.host.filter(|host| has(*host)) {
        settle_host(host, event);
    }
    if own.ends.iter().any(|(end, _)| holds(end)) || own.protocols.iter().any(holds) {
        settle_ends(&own, event);
    }
    settle_address(event);
    if has(field::USER_NAME) {
        settle_account(event);
    }
    if has(field::HTTP_METHOD) || has(field::URL_ORIGINAL) {
        settle_url(own.path, event);
        settle_status(own.status, event);
    }
    for number in [field::HTTP_STATUS, field::SOURCE_PORT, field::DESTINATION_PORT, field::PROCESS_PID] {
        if has(number) {
            settle_number(number, event);
        }
    }
    if CLASSES.iter().any(|(class, ..)| has(*class)) {
        settle_classes(prefix, event);
    }
    settle_outcome(event);
}

/// Which fields an event has, so that what it does not have costs nothing: a bit each, which few fields share.
struct Present([u64; PRESENT_BITS / 64]);

const PRESENT_BITS: usize = 1_024;

impl Present {
    fn of(event: &Event<'_>) -> Present {
        let mut present = Present([0; _]);
        for (field, _) in event.fields() {
            present.0[field.index() % PRESENT_BITS / 64] |= 1 << (field.index() % 64);
        }
        present
    }

    /// Maybe; certainly not where it says so.
    fn has(&self, field: Field) -> bool {
        self.0[field.index() % PRESENT_BITS / 64] & 1 << (field.index() % 64) != 0
    }
}

/// Keys that have no one meaning, as fields of a format's own.
#[derive(Clone, Copy)]
struct Own {
    host: Option<Field>,
    /// Addresses, where that is what they hold.
    ends: [(Option<Field>, Field); 5],
    protocols: [Option<Field>; 2],
    path: Option<Field>,
    status: Option<Field>,
}

thread_local! {
    /// Those of the formats that this thread has met.
    static OWN: RefCell<Vec<(&'static str, Own)>> = const { RefCell::new(Vec::new()) };
}

impl Own {
    fn of(prefix: &'static str) -> Own {
        OWN.with_borrow_mut(|known| match known.iter().find(|(of, _)| *of == prefix) {
            Some((_, own)) => *own,
            None => {
                known.push((prefix, Own::new(prefix)));
                known[known.len() - 1].1
            }
        })
    }

    fn new(prefix: &'static str) -> Own {
        let own = |key: &str| own_field(prefix, key.as_bytes());
        Own {
            host: own("host"),
            ends: [
                (own("src"), field::SOURCE_IP),
                (own("source"), field::SOURCE_IP),
                (own("dst"), field::DESTINATION_IP),
                (own("dest"), field::DESTINATION_IP),
                (own("destination"), field::DESTINATION_IP),
            ],
            protocols: [own("proto"), own("protocol")],
            path: own("path"),
            status: own("status"),
        }
    }
}

/// A field, its name, and the words that ECS has for it.
type Class = (Field, &'static [u8], &'static [&'static [u8]]);

/// ECS's own words for category and outcome; an application's other words stand under the format's name.
const CLASSES: &[Class] = &[
    (field::EVENT_OUTCOME, b"event.outcome", &[b"success", b"failure", b"unknown"]),
    (
        field::EVENT_CATEGORY,
        b"event.category",
        &[
            b"api",
            b"authentication",
            b"configuration",
            b"database",
            b"driver",
            b"email",
            b"file",
            b"host",
            b"iam",
            b"intrusion_detection",
            b"library",
            b"malware",
            b"network",
            b"package",
            b"process",
            b"registry",
            b"session",
            b"threat",
            b"vulnerability",
            b"web",
        ],
    ),
];

fn settle_classes(prefix: &'static str, event: &mut Event<'_>) {
    for (class, name, words) in CLASSES {
        let Some(value) = event.get(*class) else { continue };
        let Some(word) = event.value_bytes(value).map(Cow::into_owned) else { continue };
        if words.contains(&word.as_slice()) {
            continue;
        }
        event.remove(*class);
        match outcome_of(&word).filter(|_| *class == field::EVENT_OUTCOME) {
            Some(outcome) => event.set_static(*class, outcome),
            None => own_field(prefix, name).into_iter().for_each(|own| event.push(own, value)),
        }
    }
}

/// Fields that have one value: where several keys mean it, the first counts.
const ONCE: &[Field] = &[
    field::HOST_NAME,
    field::LOG_LEVEL,
    field::USER_NAME,
    field::USER_ID,
    field::USER_EMAIL,
    field::SOURCE_PORT,
    field::DESTINATION_IP,
    field::DESTINATION_PORT,
    field::HTTP_METHOD,
    field::HTTP_STATUS,
    field::USER_AGENT,
    field::EVENT_ACTION,
];

/// A severity that is a number is ECS's `event.severity`.
fn settle_severity(event: &mut Event<'_>) {
    if let Some(Value::Int(severity)) = event.get(field::LOG_LEVEL) {
        event.remove(field::LOG_LEVEL);
        event.set_int(field::EVENT_SEVERITY, severity);
    }
}

/// `host` is the name in the URL beside a method, else the machine.
fn settle_host(own: Field, event: &mut Event<'_>) {
    let Some(host) = event.bytes(own).map(Cow::into_owned).filter(|host| !host.is_empty()) else { return };
    let asked = event.get(field::HTTP_METHOD).is_some();
    let known = event.get(if asked { field::URL_DOMAIN } else { field::HOST_NAME }).is_some();
    // a host with a port, or a URL, is no machine's name
    if known || host.iter().any(|b| matches!(b, b'/' | b' ')) || (!asked && ip(&host).is_none() && host.contains(&b':'))
    {
        return;
    }
    event.remove(own);
    let name = split_port(&host).0;
    let field = match (asked, ip(&host).is_some()) {
        (true, _) => field::URL_DOMAIN,
        (false, true) => field::HOST_IP,
        (false, false) => field::HOST_NAME,
    };
    event.set(field, if field == field::HOST_IP { &host } else { name });
}

/// `src`, `source`, `dst`, `dest`, `destination`: addresses, where that is what they hold; `proto`: a transport by name.
fn settle_ends(own: &Own, event: &mut Event<'_>) {
    for (end, to) in own.ends {
        let Some(end) = end.filter(|_| event.get(to).is_none()) else { continue };
        let Some(value) = event.get(end) else { continue };
        if event.value_bytes(value).is_some_and(|text| ip(&text).is_some()) {
            event.remove(end);
            event.push(to, value);
        }
    }
    for protocol in own.protocols {
        let Some(protocol) = protocol.filter(|_| event.get(field::NETWORK_TRANSPORT).is_none()) else { continue };
        let Some(lower) = event.bytes(protocol).map(|text| text.to_ascii_lowercase()) else { continue };
        if matches!(lower.as_slice(), b"tcp" | b"udp" | b"icmp" | b"sctp") {
            event.remove(protocol);
            event.set(field::NETWORK_TRANSPORT, &lower);
        }
    }
}

/// A user who signs in with a mail address has both.
fn settle_account(event: &mut Event<'_>) {
    if event.get(field::USER_EMAIL).is_some() {
        return;
    }
    let Some(name) = event.get(field::USER_NAME) else { return };
    let is_mail = |text: &[u8]| {
        let mut parts = text.split(|b| *b == b'@');
        let (local, domain) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        !local.is_empty() && domain.contains(&b'.') && parts.next().is_none() && !text.contains(&b' ')
    };
    if event.value_bytes(name).is_some_and(|text| is_mail(&text)) {
        event.push(field::USER_EMAIL, name);
    }
}

/// The last value of a field as bytes of its own, the field removed.
fn take(field: Field, event: &mut Event<'_>) -> Option<Vec<u8>> {
    let value = event.all(field).last()?;
    let bytes = event.value_bytes(value).map(Cow::into_owned);
    event.remove(field);
    bytes
}

fn keep_first(field: Field, event: &mut Event<'_>) {
    if event.all(field).nth(1).is_some()
        && let Some(first) = event.get(field)
    {
        event.remove(field);
        event.push(field, first);
    }
}

/// A time that no notation explains stays as text under the format's own name.
pub(crate) fn settle_time(prefix: &'static str, event: &mut Event<'_>) {
    let Some(value) = event.get(field::TIMESTAMP) else { return };
    let stamp = event.value_bytes(value).and_then(|text| read_time(&text));
    event.remove(field::TIMESTAMP);
    match (stamp, own_field(prefix, b"timestamp")) {
        (Some(stamp), _) => event.set_stamp(field::TIMESTAMP, stamp),
        (None, Some(own)) => event.push(own, value),
        (None, None) => {}
    }
}

/// Any of the notations of [`time::read`], of [`layout::stamp`], the web's, and RFC 5322's with its day.
fn read_time(text: &[u8]) -> Option<Stamp> {
    let rest = match text.iter().position(|b| *b == b',') {
        Some(3) => text[4..].trim_ascii_start(),
        _ => text,
    };
    time::read(text)
        .or_else(|| clf_stamp(text))
        .or_else(|| layout::american(text).map(|(_, stamp)| stamp))
        .or_else(|| layout::stamp(rest).map(|(_, stamp)| stamp))
}

/// `192.0.2.1:51515` is an address and a port, a name is no address.
fn settle_address(event: &mut Event<'_>) {
    let Some(value) = event.get(field::SOURCE_IP) else { return };
    if event.value_bytes(value).is_some_and(|text| ip(&text).is_some_and(|(bare, _)| bare.len() == text.len())) {
        return;
    }
    let Some(text) = take(field::SOURCE_IP, event) else { return };
    let first = text.split(|b| *b == b',').next().unwrap_or_default().trim_ascii();
    let (host, port) = if ip(first).is_some() { (first, None) } else { split_port(first) };
    set_source(event, host);
    if let Some(port) = port.and_then(integer) {
        event.set_int(field::SOURCE_PORT, port);
    }
}

/// Where there is a method, a `path` is a URL's.
fn settle_url(path: Option<Field>, event: &mut Event<'_>) {
    let path = path.filter(|_| event.get(field::HTTP_METHOD).is_some());
    let url = take(field::URL_ORIGINAL, event).or_else(|| take(path?, event));
    if let Some(url) = url {
        set_url(event, &url);
    }
}

/// Where there is a method, a `status` between 100 and 599 is HTTP's.
fn settle_status(own: Option<Field>, event: &mut Event<'_>) {
    let Some(own) = own.filter(|_| event.get(field::HTTP_METHOD).is_some()) else { return };
    if let Some(status) = event.int(own).filter(|status| (100..600).contains(status)) {
        event.remove(own);
        event.set_int(field::HTTP_STATUS, status);
    }
}

fn settle_number(field: Field, event: &mut Event<'_>) {
    let Some(value) = event.get(field).filter(|value| !matches!(value, Value::Int(_))) else { return };
    if let Some(number) = event.value_bytes(value).and_then(|text| integer(&text)) {
        event.remove(field);
        event.set_int(field, number);
    }
}

/// A failed sign-in is one for which the record names a user or an address, or its message does.
fn settle_outcome(event: &mut Event<'_>) {
    for field in [field::EVENT_ACTION, field::MESSAGE, field::ERROR_MESSAGE] {
        let said = event.bytes(field).filter(|text| signin::is_failed(text)).map(|text| text.into_owned());
        if said.is_some_and(|text| signin::describe(&text, event)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for key in ["client_ip", "clientIp", "Client-IP", "source.ip"] {
            assert_eq!(field(key), Some(field::SOURCE_IP), "{key}");
        }
        assert_eq!(field("unheard_of"), None);
        assert_eq!(field("a_key_that_is_far_too_long_to_be_any_of_these"), None);
    }
}
