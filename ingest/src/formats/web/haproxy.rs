//! HAProxy: connections, requests and errors of its frontends.

use jiff::civil::Time;
use memchr::memchr;

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::{Line, Stamp},
    field,
    pairs::{closing_quote, set_own},
    scan::{first_word, integer, reject, set_destination, set_number, set_source, split},
    table::MILLISECOND,
    web::{clf_stamp, set_request, split_port},
};

/// HAProxy, see the module.
pub struct Haproxy;

const OWN: &str = "haproxy.";

impl Format for Haproxy {
    fn name(&self) -> &'static str {
        "haproxy"
    }
    fn category(&self) -> &'static str {
        "web"
    }
    fn product(&self) -> &'static str {
        "HAProxy"
    }
    fn about(&self) -> &'static str {
        "HAProxy's default, tcplog, httplog, httpslog and error formats, with captures (docs.haproxy.org, section 8.2)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "haproxy", services: &["haproxy"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["haproxy", "hapee-lb"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/haproxy.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Head::read(message.trim_ascii()).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message.trim_ascii();
        if let Some(rest) = text.strip_prefix(b"Connect from ") {
            return connect(rest, event).ok_or(reject("haproxy_connect"));
        }
        let Some(head) = Head::read(text) else {
            // what it says of itself: `Proxy web started.`, `Server app/app1 is DOWN, …`
            let tagged = line.pid.is_some() && !text.is_empty();
            return if tagged { Ok(()) } else { Err(reject("haproxy_no_client")) };
        };
        head.set(event);
        match head.backend(head.rest) {
            Some(rest) => served(rest, event).ok_or(reject("haproxy_timers")),
            None => {
                event.set(field::EVENT_REASON, head.rest);
                event.classify("network", "error", "connection_error", "failure");
                Ok(())
            }
        }
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `192.0.2.1:40780 to 192.0.2.2:5000 (main/HTTP)`
fn connect<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (source, rest) = split(text, b" to ")?;
    let (destination, rest) = first_word(rest);
    let (address, port) = split_port(source);
    set_source(event, address);
    set_number(event, field::SOURCE_PORT, port?);
    let (address, port) = split_port(destination);
    set_destination(event, address);
    set_number(event, field::DESTINATION_PORT, port?);
    set_own(event, OWN, b"frontend", rest.strip_prefix(b"(")?.split(|b| *b == b'/').next()?);
    event.classify("network", "connection", "connect", "");
    Some(())
}

/// What all lines about a client begin with: `CLIENT:PORT [TIME] FRONTEND`, and what follows.
struct Head<'r> {
    client: &'r [u8],
    port: &'r [u8],
    stamp: Stamp,
    frontend: &'r [u8],
    rest: &'r [u8],
}

impl<'r> Head<'r> {
    fn read(text: &'r [u8]) -> Option<Head<'r>> {
        let (peer, rest) = first_word(text);
        let at = memchr::memrchr(b':', peer)?;
        let (client, port) = (&peer[..at], &peer[at + 1..]);
        integer(port).filter(|_| !client.is_empty())?;
        let rest = rest.strip_prefix(b"[")?;
        let close = memchr(b']', &rest[..rest.len().min(40)])?;
        let stamp = stamp(&rest[..close])?;
        let (frontend, rest) = first_word(rest[close + 1..].strip_prefix(b" ")?);
        Some(Head { client, port, stamp, frontend, rest })
    }

    fn set(&self, event: &mut Event<'r>) {
        event.set_stamp(field::TIMESTAMP, self.stamp);
        if self.client != b"-" && self.client != b"unix" {
            set_source(event, self.client);
        }
        set_number(event, field::SOURCE_PORT, self.port);
        let name = self.frontend.strip_suffix(b":").unwrap_or(self.frontend);
        set_own(event, OWN, b"frontend", name.strip_suffix(b"~").unwrap_or(name));
    }

    /// What follows the backend and server of a session; an error has a colon behind the frontend instead.
    fn backend(&self, rest: &'r [u8]) -> Option<&'r [u8]> {
        (!self.frontend.ends_with(b":")).then_some(rest)
    }
}

/// `22/Nov/2026:09:14:07.250`, in local time.
fn stamp(text: &[u8]) -> Option<Stamp> {
    let mut zoned = [0; 26];
    zoned[..20].copy_from_slice(text.get(..20)?);
    zoned[20..].copy_from_slice(b" +0000");
    let stamp = clf_stamp(&zoned)?;
    let millis =
        text.get(20..).and_then(|rest| rest.strip_prefix(b".")).and_then(integer).filter(|n| (0..1_000).contains(n));
    let time = stamp.civil.time();
    let nanos = millis.unwrap_or(0) as i32 * 1_000_000;
    let time = Time::new(time.hour(), time.minute(), time.second(), nanos).ok()?;
    Some(Stamp { civil: stamp.civil.date().to_datetime(time), offset: None, ..stamp })
}

/// `BACKEND/SERVER [HOST ]TIMERS STATUS BYTES …` of a request, `BACKEND/SERVER TIMERS BYTES …` of a connection.
fn served<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (target, mut rest) = first_word(text);
    let (backend, server) = split(target, b"/")?;
    set_own(event, OWN, b"backend", backend);
    if !server.is_empty() && server != b"<NOSRV>" {
        set_own(event, OWN, b"server", server);
    }
    let (mut timers, mut after) = first_word(rest);
    if timers_of(timers).is_none() {
        // a common addition: the host that was asked for
        set_destination(event, timers);
        (rest, (timers, after)) = (after, first_word(after));
    }
    let _ = rest;
    let (count, total) = timers_of(timers)?;
    event.set_int(field::EVENT_DURATION, total.checked_mul(MILLISECOND)?);
    if count > 3 {
        let (status, rest) = first_word(after);
        set_number(event, field::HTTP_STATUS, status);
        after = rest;
    }
    let (bytes, after) = first_word(after);
    set_number(event, field::HTTP_RESPONSE_BYTES, bytes.strip_prefix(b"+").unwrap_or(bytes));
    if count <= 3 {
        set_own(event, OWN, b"termination_state", first_word(after).0);
        event.classify("network", "end", "session", "");
        return Some(());
    }
    if let Some(state) = after.split(|b| *b == b' ').nth(2) {
        set_own(event, OWN, b"termination_state", state);
    }
    request(after, event);
    let failed = event.int(field::HTTP_STATUS).is_some_and(|status| status >= 400);
    event.classify("web", "access", "", if failed { "failure" } else { "success" });
    Some(())
}

/// How many timers there are, and the last: the whole time in milliseconds, after a `+` where data still flowed.
fn timers_of(text: &[u8]) -> Option<(usize, i64)> {
    let mut last = None;
    let mut count = 0;
    for timer in text.split(|b| *b == b'/') {
        last = Some(integer(timer.strip_prefix(b"+").unwrap_or(timer))?);
        count += 1;
    }
    Some((count, last?.max(0))).filter(|(count, _)| *count > 1)
}

/// The request in quotes, and what TLS agreed on behind it.
fn request<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let Some((_, inner)) = split(text, b"\"") else { return };
    let end = closing_request(inner);
    set_request(event, &inner[..end]);
    let tail = inner.get(end + 1..).unwrap_or_default();
    let version = tail.split(|b| matches!(b, b' ' | b'/')).find_map(|word| word.strip_prefix(b"TLSv"));
    if let Some(version) = version {
        event.set(field::TLS_VERSION, version);
        event.set_static(field::TLS_VERSION_PROTOCOL, "tls");
    }
    if let Some(last) =
        tail.split(|b| matches!(b, b' ' | b'/')).find(|word| word.starts_with(b"TLS_") || word.starts_with(b"ECDHE-"))
    {
        event.set(field::TLS_CIPHER, last);
    }
    // httpslog: `ERROR/VERIFY/… SNI/VERSION/CIPHER`
    if let Some((name, _)) =
        tail.split(|b| *b == b' ').find_map(|word| split(word, b"/TLSv")).filter(|(name, _)| *name != b"-")
    {
        event.set(field::URL_DOMAIN, name);
    }
}

/// Where the request ends: at the quote behind its protocol version, since clients may send quotes.
fn closing_request(inner: &[u8]) -> usize {
    let version = memchr::memmem::rfind(inner, b" HTTP/").map_or(0, |at| at + 6);
    version + closing_quote(&inner[version..])
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 09:14:07 lb1 haproxy[4711]: 203.0.113.66:33317 [22/Nov/2026:09:14:07.655] https-in~ static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {www.example} {} "GET /index.html?a="b" HTTP/1.1" 0/0/0/0/1 www.example/TLSv1.3/TLS_AES_256_GCM_SHA384"#,
        expect: &[
            ("event.category", "web"),
            ("event.duration", "109000000"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("haproxy.backend", "static"),
            ("haproxy.frontend", "https-in"),
            ("haproxy.server", "srv1"),
            ("haproxy.termination_state", "----"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "2750"),
            ("http.response.status_code", "200"),
            ("http.version", "1.1"),
            ("process.name", "haproxy"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "33317"),
            ("tls.cipher", "TLS_AES_256_GCM_SHA384"),
            ("tls.version", "1.3"),
            ("tls.version_protocol", "tls"),
            ("url.domain", "www.example"),
            ("url.extension", "html"),
            ("url.original", r#"/index.html?a="b""#),
            ("url.path", "/index.html"),
            ("url.query", r#"a="b""#),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:08 lb1 haproxy[4711]: 2001:db8::66:58430 [22/Nov/2026:09:14:08.608] main main/<NOSRV> -1/-1/-1/-1/0 401 248 - - PR-- 0/0/0/0/0 0/0 "GET / HTTP/1.1""#,
        expect: &[
            ("event.category", "web"),
            ("event.duration", "0"),
            ("event.outcome", "failure"),
            ("event.type", "access"),
            ("haproxy.backend", "main"),
            ("haproxy.frontend", "main"),
            ("haproxy.termination_state", "PR--"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "248"),
            ("http.response.status_code", "401"),
            ("http.version", "1.1"),
            ("process.name", "haproxy"),
            ("process.pid", "4711"),
            ("source.address", "2001:db8::66"),
            ("source.ip", "2001:db8::66"),
            ("source.port", "58430"),
            ("url.original", "/"),
            ("url.path", "/"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 lb1 haproxy[4711]: 203.0.113.66:33313 [22/Nov/2026:09:14:09.655] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0",
        expect: &[
            ("event.action", "session"),
            ("event.category", "network"),
            ("event.duration", "5007000000"),
            ("event.type", "end"),
            ("haproxy.backend", "bck"),
            ("haproxy.frontend", "fnt"),
            ("haproxy.server", "srv1"),
            ("haproxy.termination_state", "--"),
            ("http.response.bytes", "212"),
            ("process.name", "haproxy"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "33313"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:10 lb1 haproxy[4711]: 203.0.113.66:56059 [22/Nov/2026:09:14:10.380] frt/f1: Connection error during SSL handshake",
        expect: &[
            ("event.action", "connection_error"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.reason", "Connection error during SSL handshake"),
            ("event.type", "error"),
            ("haproxy.frontend", "frt/f1"),
            ("process.name", "haproxy"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "56059"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:11 lb1 haproxy[4711]: Connect from 203.0.113.66:40780 to 192.0.2.1:5000 (main/HTTP)",
        expect: &[
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("destination.port", "5000"),
            ("event.action", "connect"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("haproxy.frontend", "main"),
            ("process.name", "haproxy"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "40780"),
        ],
    },
    Example { raw: "203.0.113.66:56059 [22/Nov/2026:09:14:10.380] frt", expect: &[] },
];
