//! BIND's named: queries, answers, refusals, transfers; Infoblox NIOS speaks the same.

use std::sync::LazyLock;

use memchr::memchr;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{first_word, ip, reject, set_number, set_source, split},
    template::{Messages, Says, says, stamp},
};

/// named: see the module.
pub struct Named;

const OWN: &str = "bind.";

impl Format for Named {
    fn name(&self) -> &'static str {
        "named"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "BIND 9, Infoblox NIOS"
    }
    fn about(&self) -> &'static str {
        "messages of named by category (BIND 9 Administrator Reference Manual, logging; lib/ns/query.c, client.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "dns", product: "bind", services: &["named"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["named", "named-sdb", "named-pkcs11"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/named.log", "/bind.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "client @0x",
            "query: ",
            "query (cache) '",
            "query '",
            "zone transfer '",
            "transfer of '",
            "zone transfer request: '",
            "query failed (",
            "): answer: ",
            "rpz QNAME ",
            "rpz NSIP",
            "resolving '",
            "validating ",
            "zone ",
            "received notify for zone '",
            "RFC 1918 response from Internet",
            "DNS format error from ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let (text, _) = framed(message, None);
        // nobody else names clients by the address of their object
        if text.starts_with(b"client @0x") {
            return client(text).is_some();
        }
        client(text).is_some_and(|client| QUERIES.fits(client.text)) || OTHERS.fits(text)
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (text, known) = framed(line.message, Some(event));
        if text.is_empty() {
            return Err(reject("named_empty"));
        }
        let listed = match client(text) {
            Some(client) => {
                client.set(event);
                let listed = QUERIES.read(client.text, event).is_some();
                settle_query(event);
                listed
            }
            None => OTHERS.read(text, event).is_some(),
        };
        let tagged = line.pid.is_some() || line.program.is_some() && line.stamp.is_some();
        if !listed && !known && !tagged && event.get(field::SOURCE_IP).is_none() {
            return Err(reject("named_unknown_message"));
        }
        if event.get(field::EVENT_CATEGORY).is_none() {
            event.classify("network", "info", "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The categories of named's channels.
const CATEGORIES: &[&[u8]] = &[
    b"general",
    b"security",
    b"queries",
    b"query-errors",
    b"client",
    b"config",
    b"database",
    b"default",
    b"delegation-only",
    b"dispatch",
    b"dnssec",
    b"lame-servers",
    b"network",
    b"notify",
    b"resolver",
    b"rpz",
    b"rate-limit",
    b"unmatched",
    b"update",
    b"update-security",
    b"xfer-in",
    b"xfer-out",
    b"edns-disabled",
    b"cname",
    b"spill",
    b"zoneload",
    b"infoblox-responses",
    b"responses",
    b"trust-anchor-telemetry",
    b"serve-stale",
];
const LEVELS: &[&[u8]] = &[b"info", b"error", b"warning", b"notice", b"critical", b"debug"];

/// Reads time, category and level where a channel prints them; says whether a category or a level did.
fn framed<'r>(message: &'r [u8], event: Option<&mut Event<'r>>) -> (&'r [u8], bool) {
    let mut rest = message.trim_ascii();
    let (mut time, mut category, mut level) = (None, None, None);
    for _ in 0..4 {
        if let Some((found, len)) = stamp(rest).filter(|_| time.is_none() && rest[0].is_ascii_digit()) {
            time = Some(found);
            rest = rest[len..].trim_ascii_start();
            continue;
        }
        let Some((word, after)) = split(rest, b": ") else { break };
        let name = if word.starts_with(b"debug ") { first_word(word).0 } else { word };
        if CATEGORIES.contains(&word) && category.is_none() {
            category = Some(word);
        } else if LEVELS.contains(&name) && level.is_none() {
            level = Some(name);
        } else {
            break;
        }
        rest = after.trim_ascii_start();
    }
    if let Some(event) = event {
        time.into_iter().for_each(|time| event.set_stamp(field::TIMESTAMP, time));
        category.into_iter().for_each(|category| event.set(field::LOG_LOGGER, category));
        level.into_iter().for_each(|level| event.set(field::LOG_LEVEL, level));
    }
    (rest, category.is_some() || level.is_some())
}

/// `client @0x7f62b80115d0 192.0.2.17#51515 (www.example.com): view inside: …`
struct Client<'r> {
    address: &'r [u8],
    port: &'r [u8],
    name: &'r [u8],
    view: &'r [u8],
    text: &'r [u8],
}

fn client(text: &[u8]) -> Option<Client<'_>> {
    let rest = text.strip_prefix(b"client ")?;
    let rest = if rest.starts_with(b"@0x") { first_word(rest).1 } else { rest };
    let (head, text) = split(rest, b": ")?;
    let (end, name) = first_word(head);
    let (address, port) = split(end, b"#")?;
    ip(address)?;
    let port = port.split(|b| *b == b'/').next().unwrap_or_default();
    let name = name.strip_prefix(b"(").and_then(|name| name.strip_suffix(b")")).unwrap_or_default();
    let (view, text) = text.strip_prefix(b"view ").and_then(|rest| split(rest, b": ")).unwrap_or((b"", text));
    Some(Client { address, port, name, view, text })
}

impl Client<'_> {
    fn set(&self, event: &mut Event<'_>) {
        set_source(event, self.address);
        set_number(event, field::SOURCE_PORT, self.port);
        if !self.view.is_empty() {
            set_own(event, OWN, b"view", self.view);
        }
        // what the client asked for stands in the message as well, in most of them
        if !self.name.is_empty() && memchr(b' ', self.name).is_none() {
            set_own(event, OWN, b"client_name", self.name);
        }
    }
}

const QUERY: [&str; 4] = ["network", "protocol", "query", ""];
const REFUSED: [&str; 4] = ["network", "denied", "query", "failure"];
const TRANSFER_REFUSED: [&str; 4] = ["network", "denied", "zone-transfer", "failure"];

static QUERIES: LazyLock<Messages> = LazyLock::new(|| Messages::new(SAYS_OF_CLIENTS));

const SAYS_OF_CLIENTS: &[Says] = &[
    says("query: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} ({server.ip:ip})", QUERY),
    says(
        "answer: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} ({server.ip:ip}) -> {dns.response_code:word} {bind.answers}",
        QUERY,
    ),
    says(
        "answer: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} ({server.ip:ip}) -> {dns.response_code:word}",
        QUERY,
    ),
    says(
        "query: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} {bind.flags:word} ({server.ip})",
        QUERY,
    ),
    says(
        "query: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} {bind.flags:word} ({server.ip}) {*}",
        QUERY,
    ),
    says("query: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} {bind.flags:word}", QUERY),
    says(
        "answer: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} {bind.flags:word} ({server.ip}) -> {dns.response_code:word} {*}",
        QUERY,
    ),
    says(
        "answer: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} {bind.flags:word} ({server.ip}) -> {dns.response_code:word}",
        QUERY,
    ),
    says(
        "{network.transport:word}: query: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} response: {dns.response_code:word} {bind.flags:word} {bind.answers}",
        QUERY,
    ),
    says(
        "{network.transport:word}: query: {dns.question.name:word} {dns.question.class:word} {dns.question.type:word} response: {dns.response_code:word} {bind.flags:word}",
        QUERY,
    ),
    says("query (cache) '{dns.question.name}/{dns.question.type:word}' denied{*}", REFUSED),
    says("query (cache) denied{*}", REFUSED),
    says("query '{dns.question.name}/{dns.question.type:word}' denied{*}", REFUSED),
    says("zone transfer '{dns.question.name}/{dns.question.type:word}' denied", TRANSFER_REFUSED),
    says(
        "bad zone transfer request: '{dns.question.name}/{dns.question.class:word}': {event.reason}",
        TRANSFER_REFUSED,
    ),
    says(
        "transfer of '{dns.question.name}/{dns.question.class:word}': {event.reason}",
        ["network", "info", "zone-transfer", ""],
    ),
    says("update '{dns.question.name}/{dns.question.class:word}' denied", ["network", "denied", "update", "failure"]),
    says(
        "updating zone '{dns.question.name}/{dns.question.class:word}': {event.reason}",
        ["network", "change", "update", ""],
    ),
    says("signer {*} denied", ["network", "denied", "update", "failure"]),
    says(
        "query failed ({event.reason}) for {dns.question.name}/{dns.question.class:word}/{dns.question.type:word} at {*}",
        ["network", "protocol", "query", "failure"],
    ),
    says(
        "query failed ({event.reason}) for {dns.question.name}/{dns.question.class:word}/{dns.question.type:word}",
        ["network", "protocol", "query", "failure"],
    ),
    says(
        "rpz {*} rewrite {dns.question.name:word}/{dns.question.type}/{dns.question.class:word} via {rule.name}",
        ["network", "info", "rewrite", ""],
    ),
    says(
        "rpz {*} rewrite {dns.question.name:word} via {error.message}: {dns.response_code:word}",
        ["network", "info", "rewrite", "failure"],
    ),
    says(
        "rate limit drop {*} response to {*} for {dns.question.name:word} {dns.question.class:word} {dns.question.type:word}{*}",
        ["network", "denied", "rate-limit", "failure"],
    ),
    says("rate limit {*}", ["network", "info", "rate-limit", ""]),
    says("received notify for zone '{dns.question.name}'{*}", ["network", "info", "notify", ""]),
    says("refused notify from non-master: {*}", ["network", "denied", "notify", "failure"]),
    says("RFC 1918 response from Internet for {dns.question.name}", ["network", "info", "", ""]),
    says("message parsing failed: {event.reason}", ["network", "protocol", "query", "failure"]),
    says("error sending response: {event.reason}", ["network", "protocol", "query", "failure"]),
];

static OTHERS: LazyLock<Messages> = LazyLock::new(|| Messages::new(SAYS_OF_OTHERS));

const TRANSFER: [&str; 4] = ["network", "info", "zone-transfer", ""];
const LOOKUP_FAILED: [&str; 4] = ["network", "protocol", "resolve", "failure"];

const SAYS_OF_OTHERS: &[Says] = &[
    says(
        "zone {dns.question.name}/IN/{bind.view:word}: notify from {source.ip}#{source.port}: {event.reason}",
        ["network", "info", "notify", ""],
    ),
    says(
        "zone {dns.question.name}/IN: notify from {source.ip}#{source.port}: {event.reason}",
        ["network", "info", "notify", ""],
    ),
    says(
        "DNS format error from {destination.ip}#{destination.port} resolving {dns.question.name}/{dns.question.type:word} for {client.ip:ip}#{client.port}: {event.reason}",
        LOOKUP_FAILED,
    ),
    says(
        "DNS format error from {destination.ip}#{destination.port} resolving {dns.question.name}/{dns.question.type:word} for {_}: {event.reason}",
        LOOKUP_FAILED,
    ),
    says("loop detected resolving '{dns.question.name}/{dns.question.type}'", LOOKUP_FAILED),
    says(
        "transfer of '{dns.question.name}/{dns.question.class:word}' from {source.ip}#{source.port}: {event.reason}",
        TRANSFER,
    ),
    says("zone {dns.question.name}/IN: {event.reason}", TRANSFER),
    says("zone {dns.question.name}/IN/{bind.view}: {event.reason}", TRANSFER),
    says("rpz: {rule.ruleset:word}: {event.reason}", TRANSFER),
    says(
        "validating {dns.question.name:word}/{dns.question.type:word}: {error.message}",
        ["network", "protocol", "validate", "failure"],
    ),
    says(
        "{event.reason} resolving '{dns.question.name}/{dns.question.type:word}/{dns.question.class:word}': {destination.ip}#{destination.port}",
        LOOKUP_FAILED,
    ),
    says("lame server resolving '{dns.question.name}' (in '{*}'?): {destination.ip}#{destination.port}", LOOKUP_FAILED),
    says(
        "DNS format error from {destination.ip}#{destination.port} resolving {dns.question.name:word}/{dns.question.type:word}{*}",
        LOOKUP_FAILED,
    ),
    says(
        "success resolving '{dns.question.name}/{dns.question.type:word}' {*}",
        ["network", "protocol", "resolve", "success"],
    ),
    says("dropping source port zero packet from [{source.ip}].{*}", ["network", "denied", "", ""]),
    says(
        "unexpected RCODE ({dns.response_code}) resolving '{dns.question.name}/{dns.question.type:word}/{dns.question.class:word}': {destination.ip}#{destination.port}",
        LOOKUP_FAILED,
    ),
    says("loading configuration from '{file.path}'", ["configuration", "info", "", ""]),
];

/// `+E(0)K`, `-`: RD stands first, `T` is TCP. A question's name may carry its class behind it.
fn settle_query(event: &mut Event<'_>) {
    let Some(flags) = crate::Field::intern("bind.flags").and_then(|own| event.bytes(own)).map(|f| f.into_owned())
    else {
        if event.get(field::DNS_RESPONSE_CODE).is_some() {
            event.set_static(field::DNS_TYPE, "answer");
        }
        return question(event);
    };
    if flags.first() == Some(&b'+') {
        event.set_static(field::DNS_HEADER_FLAGS, "RD");
    }
    // infoblox writes its answers' flags in the same place
    if event.get(field::NETWORK_TRANSPORT).is_none() {
        let tcp = flags.contains(&b'T');
        event.set_static(field::NETWORK_TRANSPORT, if tcp { "tcp" } else { "udp" });
    } else if let Some(name) = event.text(field::NETWORK_TRANSPORT).map(|name| name.to_ascii_lowercase()) {
        event.remove(field::NETWORK_TRANSPORT);
        event.set_text(field::NETWORK_TRANSPORT, &name);
    }
    let answered = event.get(field::DNS_RESPONSE_CODE).is_some();
    event.set_static(field::DNS_TYPE, if answered { "answer" } else { "query" });
}

/// `name/A/IN` was taken apart at its last slash: the class stands behind the type.
fn question(event: &mut Event<'_>) {
    let Some(kind) = event.bytes(field::DNS_QUESTION_TYPE).map(std::borrow::Cow::into_owned) else { return };
    let name = event.bytes(field::DNS_QUESTION_NAME).map(std::borrow::Cow::into_owned).unwrap_or_default();
    let apart = |text: &[u8]| memchr::memrchr(b'/', text).map(|at| (text[..at].to_vec(), text[at + 1..].to_vec()));
    let (name, kind, class) = match (apart(&kind), apart(&name)) {
        (Some((kind, class)), _) => (name, kind, class),
        (None, Some((name, real))) => (name, real, kind),
        (None, None) => return,
    };
    for (field, text) in
        [(field::DNS_QUESTION_NAME, name), (field::DNS_QUESTION_TYPE, kind), (field::DNS_QUESTION_CLASS, class)]
    {
        event.remove(field);
        event.set(field, &text);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "22-Nov-2026 09:14:07.250 queries: info: client @0x7f0000000010 192.0.2.17#51515 (www.example.com): query: www.example.com IN A +E(0)K (192.0.2.53)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("log.logger", "queries"),
            ("log.level", "info"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("server.ip", "192.0.2.53"),
            ("dns.question.name", "www.example.com"),
            ("dns.question.class", "IN"),
            ("dns.question.type", "A"),
            ("dns.header_flags", "RD"),
            ("dns.type", "query"),
            ("network.transport", "udp"),
            ("bind.flags", "+E(0)K"),
            ("bind.client_name", "www.example.com"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("event.action", "query"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 ns1 named[4711]: client 203.0.113.66#51515 (example.com): zone transfer 'example.com/AXFR/IN' denied",
        expect: &[
            ("process.name", "named"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("dns.question.name", "example.com"),
            ("dns.question.class", "IN"),
            ("dns.question.type", "AXFR"),
            ("bind.client_name", "example.com"),
            ("event.category", "network"),
            ("event.type", "denied"),
            ("event.action", "zone-transfer"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "query: what is this", expect: &[] },
];
