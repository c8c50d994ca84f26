//! CoreDNS: the log and errors plugins.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{reject, split},
    template::{Messages, Says, says},
};

/// CoreDNS: see the module.
pub struct CoreDns;

impl Format for CoreDns {
    fn name(&self) -> &'static str {
        "coredns"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "CoreDNS"
    }
    fn about(&self) -> &'static str {
        "lines of CoreDNS's log and errors plugins in the common format (coredns.io/plugins/log)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "dns", product: "coredns", services: &["coredns"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["coredns"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["[INFO] ", "[ERROR] plugin/", "[WARNING] plugin/", "[DEBUG] plugin/"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let Some((_, text)) = level(message) else { return false };
        text.starts_with(b"plugin/") || memmem::find(text, b" \"").is_some() && LINES.fits(text)
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (level, text) = level(line.message).ok_or(reject("coredns_no_level"))?;
        if let Some((_, stamp, _)) = iso_stamp(line.message) {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        event.set_text(field::LOG_LEVEL, &String::from_utf8_lossy(level).to_ascii_lowercase());
        event.set_static(field::NETWORK_PROTOCOL, "dns");
        if LINES.read(text, event).is_none() {
            event.classify("network", "protocol", "", "");
            return Ok(());
        }
        settle(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[INFO] `, with a time before it or not.
fn level(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = match iso_stamp(message) {
        Some((rest, _, _)) => rest.trim_ascii_start(),
        None => message,
    };
    let (level, text) = split(rest.strip_prefix(b"[")?, b"] ")?;
    matches!(level, b"INFO" | b"ERROR" | b"WARNING" | b"DEBUG" | b"FATAL" | b"NOTICE")
        .then_some((level, text.trim_ascii()))
}

const ANSWERED: [&str; 4] = ["network", "protocol", "", ""];

static LINES: LazyLock<Messages> = LazyLock::new(|| Messages::new(SAYS));

const SAYS: &[Says] = &[
    says(
        "[{source.ip}]:{source.port} - {dns.id:word} \"{dns.question.type:word} {dns.question.class:word} {dns.question.name:word} {network.transport:word} {source.bytes} {_} {_}\" {dns.response_code:word} {coredns.flags:word} {destination.bytes} {coredns.duration:word}{*}",
        ANSWERED,
    ),
    says(
        "{source.ip}:{source.port} - {dns.id:word} \"{dns.question.type:word} {dns.question.class:word} {dns.question.name:word} {network.transport:word} {source.bytes} {_} {_}\" {dns.response_code:word} {coredns.flags:word} {destination.bytes} {coredns.duration:word}{*}",
        ANSWERED,
    ),
    says(
        "plugin/errors: {dns.response_code:number} {dns.question.name:word} {dns.question.type:word}: {error.message}",
        ["network", "protocol", "", "failure"],
    ),
];

/// The flags, the duration in nanoseconds, the name without its dot, the outcome.
fn settle(event: &mut Event<'_>) {
    let said = |event: &Event<'_>, name: &str| crate::json::format::said(event, name).unwrap_or_default();
    for flag in said(event, "coredns.flags").split(|b| *b == b',') {
        let name = match flag {
            b"aa" => "AA",
            b"tc" => "TC",
            b"rd" => "RD",
            b"ra" => "RA",
            b"ad" => "AD",
            b"cd" => "CD",
            _ => continue,
        };
        event.set_static(field::DNS_HEADER_FLAGS, name);
    }
    let duration = said(event, "coredns.duration");
    let seconds = duration.strip_suffix(b"s").and_then(|text| std::str::from_utf8(text).ok()?.parse::<f64>().ok());
    if let Some(nanos) = seconds.map(|s| (s * 1e9).round()).filter(|n| (0.0..9e18).contains(n)) {
        event.set_int(field::EVENT_DURATION, nanos as i64);
    }
    match said(event, "network.transport").as_slice() {
        b"udp" => event.set(field::NETWORK_IANA_NUMBER, b"17"),
        b"tcp" => event.set(field::NETWORK_IANA_NUMBER, b"6"),
        _ => {}
    }
    let name = said(event, "dns.question.name");
    if let Some(plain) = name.strip_suffix(b".").filter(|plain| !plain.is_empty()) {
        event.remove(field::DNS_QUESTION_NAME);
        event.set(field::DNS_QUESTION_NAME, plain);
    }
    if let [Some(a), Some(b)] = [field::SOURCE_BYTES, field::DESTINATION_BYTES].map(|bytes| event.int(bytes)) {
        event.set_int(field::NETWORK_BYTES, a.saturating_add(b));
    }
    if event.get(field::EVENT_OUTCOME).is_none() {
        let good = said(event, "dns.response_code") == b"NOERROR";
        event.set_static(field::EVENT_OUTCOME, if good { "success" } else { "failure" });
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[INFO] 192.0.2.17:51515 - 4711 "A IN www.example.com. udp 57 false 1232" NOERROR qr,aa,rd 66 0.0125s"#,
        expect: &[
            ("log.level", "info"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.bytes", "57"),
            ("destination.bytes", "66"),
            ("network.bytes", "123"),
            ("network.transport", "udp"),
            ("network.iana_number", "17"),
            ("network.protocol", "dns"),
            ("dns.id", "4711"),
            ("dns.question.type", "A"),
            ("dns.question.class", "IN"),
            ("dns.question.name", "www.example.com"),
            ("dns.response_code", "NOERROR"),
            ("dns.header_flags", "AA"),
            ("dns.header_flags", "RD"),
            ("coredns.flags", "qr,aa,rd"),
            ("coredns.duration", "0.0125s"),
            ("event.duration", "12500000"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "[ERROR] plugin/errors: 2 www.example.com. A: dial tcp 198.51.100.53:853: i/o timeout",
        expect: &[
            ("log.level", "error"),
            ("network.protocol", "dns"),
            ("dns.response_code", "2"),
            ("dns.question.type", "A"),
            ("dns.question.name", "www.example.com"),
            ("error.message", "dial tcp 198.51.100.53:853: i/o timeout"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "[INFO] something else \"altogether", expect: &[] },
];
