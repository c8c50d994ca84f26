//! Squid's access log in its native format, and its cache log.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{closing_quote, set_own},
    scan::{integer, ip, reject, set_destination, set_number, set_some, set_source, split},
    table::MILLISECOND,
    template::{Messages, says, stamp},
    time,
    web::{set_url, split_port},
};

/// Squid: see the module.
pub struct Squid;

const OWN: &str = "squid.";

impl Format for Squid {
    fn name(&self) -> &'static str {
        "squid"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Squid, Cisco Secure Web Appliance"
    }
    fn about(&self) -> &'static str {
        "access.log in the format squid, with more columns behind it (squid-cache.org, access_log, logformat), cache.log"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "proxy", product: "squid", services: &["squid"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["squid", "(squid-1)", "squid-1"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/squid/access.log", "/squid/cache.log", "/squid3/access.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" TCP_", " NONE/", " NONE_", " UDP_", "HIER_", " TAG_NONE"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Access::read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if let Some(access) = Access::read(line.message) {
            access.set(event);
            return Ok(());
        }
        let tagged = line.pid.is_some();
        let text = match stamp(line.message) {
            Some((stamp, len)) => {
                event.set_stamp(field::TIMESTAMP, stamp);
                line.message[len..].trim_ascii()
            }
            None if tagged => line.message,
            None => return Err(reject("squid_no_access_line")),
        };
        let text = text.strip_prefix(b"kid").and_then(|rest| split(rest, b"| ")).map_or(text, |(_, text)| text);
        let text = text.strip_prefix(b"| ").unwrap_or(text);
        if CACHE.read(text, event).is_none() && !tagged {
            return Err(reject("squid_no_access_line"));
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static CACHE: LazyLock<Messages> = LazyLock::new(|| {
    Messages::new(&[
        says("Starting Squid Cache version {service.version:word} {*}", ["process", "start", "", ""]),
        says("WARNING: {event.reason}", ["", "", "", ""]),
        says("ERROR: {error.message}", ["", "", "", ""]),
        says("FATAL: {error.message}", ["process", "end", "", "failure"]),
        says("Accepting {*} at {*}", ["", "", "", ""]),
        says("Processing Configuration File: {file.path:word} {*}", ["configuration", "info", "", ""]),
    ])
});

/// `time elapsed client code/status bytes method URL user hierarchy/peer type`
struct Access<'r> {
    time: crate::envelope::Stamp,
    elapsed: &'r [u8],
    client: &'r [u8],
    code: &'r [u8],
    status: &'r [u8],
    bytes: &'r [u8],
    method: &'r [u8],
    url: &'r [u8],
    user: &'r [u8],
    hierarchy: &'r [u8],
    peer: &'r [u8],
    content_type: &'r [u8],
    rest: &'r [u8],
}

fn next_word<'r>(text: &mut &'r [u8]) -> Option<&'r [u8]> {
    let rest = text.trim_ascii_start();
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|b| *b == b' ').unwrap_or(rest.len());
    *text = &rest[end..];
    Some(&rest[..end])
}

impl<'r> Access<'r> {
    fn read(line: &'r [u8]) -> Option<Access<'r>> {
        // a Secure Web Appliance says its level before the line
        let mut rest = line.strip_prefix(b"Info: ").unwrap_or(line);
        let epoch = next_word(&mut rest)?;
        let is_epoch = epoch.len() >= 10 && epoch.iter().all(|b| b.is_ascii_digit() || *b == b'.');
        let time = is_epoch.then(|| time::read(epoch)).flatten()?;
        let elapsed = next_word(&mut rest)?;
        integer(elapsed)?;
        let client = next_word(&mut rest)?;
        let (code, status) = split(next_word(&mut rest)?, b"/")?;
        integer(status)?;
        let is_code = code.iter().all(|b| b.is_ascii_uppercase() || *b == b'_');
        let bytes = next_word(&mut rest)?;
        let method = next_word(&mut rest).filter(|_| is_code)?;
        let mut access = Access {
            time,
            elapsed,
            client,
            code,
            status,
            bytes,
            method,
            url: b"",
            user: b"",
            hierarchy: b"",
            peer: b"",
            content_type: b"",
            rest: b"",
        };
        access.url = next_word(&mut rest)?;
        access.user = next_word(&mut rest).unwrap_or_default();
        let last = next_word(&mut rest).unwrap_or_default();
        (access.hierarchy, access.peer) = split(last, b"/").unwrap_or((last, b""));
        access.content_type = next_word(&mut rest).unwrap_or_default();
        access.rest = rest.trim_ascii();
        Some(access)
    }

    fn set(&self, event: &mut Event<'r>) {
        event.set_stamp(field::TIMESTAMP, self.time);
        if let Some(nanos) = integer(self.elapsed).and_then(|millis| millis.checked_mul(MILLISECOND)) {
            event.set_int(field::EVENT_DURATION, nanos);
        }
        let (client, port) = if ip(self.client).is_some() { (self.client, None) } else { split_port(self.client) };
        if client != b"-" {
            set_source(event, client);
        }
        port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
        event.set(field::EVENT_ACTION, self.code);
        if self.status != b"000" && self.status != b"0" {
            set_number(event, field::HTTP_STATUS, self.status);
        }
        set_number(event, field::HTTP_RESPONSE_BYTES, self.bytes);
        let some = |text: &[u8]| !matches!(text, b"-" | b"\"-\"" | b"");
        if some(self.method) && self.method != b"NONE" {
            event.set(field::HTTP_METHOD, self.method);
        }
        self.set_target(event);
        if some(self.user) {
            event.set(
                field::USER_NAME,
                self.user.strip_prefix(b"\"").and_then(|u| u.strip_suffix(b"\"")).unwrap_or(self.user),
            );
        }
        set_some(event, field::HTTP_RESPONSE_MIME_TYPE, if some(self.content_type) { self.content_type } else { b"" });
        set_own(event, OWN, b"hierarchy", self.hierarchy);
        if some(self.peer) {
            set_destination(event, self.peer);
        }
        self.headers(event);
        event.set_static(field::OBSERVER_PRODUCT, "Squid");
        event.set_static(field::OBSERVER_TYPE, "proxy");
        let failed = self.status >= &b"400"[..];
        event.classify("web", "access", "", if failed { "failure" } else { "success" });
        if self.code.ends_with(b"DENIED") || self.code.starts_with(b"TCP_DENIED") {
            event.set_static(field::EVENT_TYPE, "denied");
        }
    }

    /// A tunnel's target is a host and a port, any other a URL.
    fn set_target(&self, event: &mut Event<'_>) {
        if self.method != b"CONNECT" {
            if !self.url.starts_with(b"error:") {
                set_url(event, self.url);
            }
            return;
        }
        event.set(field::URL_ORIGINAL, self.url);
        let target = self.url.strip_prefix(b"tunnel://").unwrap_or(self.url);
        let (host, port) = split_port(target.strip_suffix(b"/").unwrap_or(target));
        event.set(field::URL_DOMAIN, host);
        if matches!(self.peer, b"-" | b"") {
            set_destination(event, host);
        }
        if let Some(port) = port {
            set_number(event, field::URL_PORT, port);
            set_number(event, field::DESTINATION_PORT, port);
        }
    }

    /// Behind the native columns, set-ups often add referrer and user agent in quotes.
    fn headers(&self, event: &mut Event<'_>) {
        let Some(rest) = self.rest.strip_prefix(b"\"") else { return };
        let end = closing_quote(rest);
        let (first, after) = (&rest[..end], rest.get(end + 1..).unwrap_or_default().trim_ascii_start());
        if let Some(second) = after.strip_prefix(b"\"") {
            let second = &second[..closing_quote(second)];
            for (field, text) in [(field::HTTP_REFERRER, first), (field::USER_AGENT, second)] {
                if !matches!(text, b"-" | b"") {
                    event.set(field, text);
                }
            }
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "1795338847.250    120 192.0.2.17 TCP_MISS/200 4711 GET http://www.example.com/a?b=1 b.jones HIER_DIRECT/203.0.113.80 text/html",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.duration", "120000000"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("event.action", "TCP_MISS"),
            ("http.response.status_code", "200"),
            ("http.response.bytes", "4711"),
            ("http.response.mime_type", "text/html"),
            ("http.request.method", "GET"),
            ("url.original", "http://www.example.com/a?b=1"),
            ("url.scheme", "http"),
            ("url.domain", "www.example.com"),
            ("url.path", "/a"),
            ("url.query", "b=1"),
            ("user.name", "b.jones"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("squid.hierarchy", "HIER_DIRECT"),
            ("observer.product", "Squid"),
            ("observer.type", "proxy"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "1795338847.250      0 192.0.2.17 TCP_DENIED/403 3868 CONNECT bad.example:443 - HIER_NONE/- text/html",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.duration", "0"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("event.action", "TCP_DENIED"),
            ("http.response.status_code", "403"),
            ("http.response.bytes", "3868"),
            ("http.response.mime_type", "text/html"),
            ("http.request.method", "CONNECT"),
            ("url.original", "bad.example:443"),
            ("url.domain", "bad.example"),
            ("url.port", "443"),
            ("destination.address", "bad.example"),
            ("destination.domain", "bad.example"),
            ("destination.port", "443"),
            ("squid.hierarchy", "HIER_NONE"),
            ("observer.product", "Squid"),
            ("observer.type", "proxy"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.type", "denied"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "1795338847.250 soon 192.0.2.17 TCP_MISS/200", expect: &[] },
];
